"""Rules and pictures are told from letters."""

from __future__ import annotations

import pytest

from leggio.geometry import Box
from leggio.news.ink import find_ink
from leggio.news.layout import Rule
from leggio.news.lines import find_lines
from leggio.news.rules import find_pictures, find_rules

from .pressed import Press, print_page


def find(press: Press) -> tuple[Rule, ...]:
    ink = find_ink(press.image)
    return find_rules(ink, find_pictures(ink))


def test_rules_are_found_where_they_were_printed() -> None:
    upright, *level = find(print_page())
    assert upright.upright
    assert (round(upright.box.x0 / 10), round(upright.box.y0 / 20), round(upright.box.y1 / 20)) == (50, 9, 64)
    assert len(level) == 2
    assert not any(rule.upright for rule in level)


def test_text_has_no_rules() -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    press.print_line("HILL LITTLE HTTE", 500, 80, 90)
    assert find(press) == ()


def test_a_broken_rule_is_one() -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    for y in range(100, 1000, 60):
        press.rule(520, y, 522, y + 45)
    (rule,) = find(press)
    assert rule.box.height > 850


def test_the_lines_of_a_double_rule_are_one() -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    press.rule(520, 100, 900, 104)
    press.rule(520, 110, 900, 111)
    (rule,) = find(press)
    assert 10 <= rule.box.height <= 16


def test_a_short_dash_between_articles_is_a_rule() -> None:
    press = Press()
    press.print_column(60, 60, 420, 10)
    press.rule(240, 420, 300, 423)
    press.print_column(60, 470, 420, 10)
    (rule,) = find(press)
    assert not rule.upright
    assert 235 < rule.box.x0 < rule.box.x1 < 306


def test_a_thick_bar_is_a_rule() -> None:
    press = Press()
    press.print_column(60, 60, 420, 10)
    press.rule(60, 420, 480, 434)
    press.print_column(60, 470, 420, 10)
    (rule,) = find(press)
    assert rule.box.iou(Box(60, 420, 480, 434)) > 0.7


def test_a_picture_is_one_box_and_no_rule() -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    press.picture(540, 80, 900, 560)
    ink = find_ink(press.image)
    (picture,) = find_pictures(ink)
    assert abs(picture.x0 - 540) < 8
    assert abs(picture.y1 - 560) < 8
    assert find(press) == ()


def test_large_letters_of_a_title_are_no_pictures() -> None:
    press = Press()
    press.print_line("GAZETTE", 60, 40, 190)
    press.print_column(60, 320, 420, 30)
    assert find_pictures(find_ink(press.image)) == ()


def test_a_frame_is_rules_and_no_picture() -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    for box in ((520, 100, 940, 102), (520, 500, 940, 502), (520, 100, 522, 502), (938, 100, 940, 502)):
        press.rule(*box)
    press.print_column(560, 140, 340, 8)
    assert find_pictures(find_ink(press.image)) == ()
    rules = find(press)
    assert [rule.upright for rule in rules] == [True, True, False, False]


@pytest.mark.parametrize("step", [4, 5])
def test_a_halftone_of_dots_is_one_picture(step: int) -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    for row, y in enumerate(range(80, 400, step)):
        for x in range(540 + row % 2 * step, 900, 2 * step):
            press.rule(x, y, x + step // 2, y + step // 2)
    ink = find_ink(press.image)
    (picture,) = find_pictures(ink)
    assert picture.iou(Box(540, 80, 900, 400)) > 0.9
    assert all(line.box.x1 < 530 for line in find_lines(ink, (), (picture,)))


@pytest.mark.parametrize("size", [14, 18])
def test_small_print_is_no_picture(size: int) -> None:
    press = Press()
    press.print_column(60, 60, 420, 30)
    for row in range(20):
        press.print_column(520, 60 + row * size, 420, 1, size)
    assert find_pictures(find_ink(press.image)) == ()


def test_a_rule_that_leans_by_three_in_a_hundred_is_found() -> None:
    press = Press()
    press.print_column(60, 60, 380, 30)
    for y in range(100, 1000):
        x = 500 + 0.03 * y
        press.rule(x, y, x + 2, y)
    (rule,) = find(press)
    assert rule.upright
    assert rule.box.height > 850
