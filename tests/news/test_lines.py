"""Lines are found by their ink, one for each that was printed, and they stay in their column."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.geometry import Box
from leggio.news.ink import find_ink
from leggio.news.layout import Line
from leggio.news.lines import find_lines
from leggio.news.print_maps import PRINT, PrintMaps
from leggio.news.rules import find_pictures, find_rules

from .pressed import Press, print_page


def find(press: Press) -> tuple[Line, ...]:
    ink = find_ink(press.image)
    pictures = find_pictures(ink)
    return find_lines(ink, find_rules(ink, pictures), pictures)


SCALE = 0.25  # cells to a page pixel


def see(
    press: Press, texts: list[Box], gutters: tuple[Box, ...] = (), pictures: tuple[Box, ...] = ()
) -> PrintMaps:
    """What a net sees that takes these lines for text and these boxes for gutters and pictures."""
    maps = np.zeros((len(PRINT), press.height // 4, press.width // 4), np.uint8)
    for name, boxes in (("text", texts), ("gutter", gutters), ("picture", pictures)):
        for box in boxes:
            cells = box.scale(SCALE)
            rows, columns = slice(int(cells.y0), int(cells.y1) + 1), slice(int(cells.x0), int(cells.x1) + 1)
            maps[PRINT.index(name), rows, columns] = 255
    return PrintMaps(PRINT, maps, SCALE)


def match(lines: tuple[Line, ...], printed: Box) -> list[Line]:
    """The lines of which more than half lies on a printed one."""
    return [line for line in lines if line.box.intersection(printed) > 0.5 * line.box.area]


def test_every_printed_line_is_found_once_and_whole() -> None:
    press = print_page()
    lines = find(press)
    assert len(lines) == len(press.lines)
    for printed in press.lines:
        (line,) = match(lines, printed)
        assert line.box.iou(printed) > 0.6


def test_lines_count_from_the_top() -> None:
    lines = find(print_page())
    assert [line.id for line in lines] == list(range(len(lines)))
    tops = [line.box.y0 for line in lines]
    assert tops == sorted(tops)


def test_a_narrow_gutter_without_a_rule_parts_columns() -> None:
    press = Press()
    left, right = press.print_column(60, 60, 420, 20), press.print_column(512, 66, 420, 20)
    lines = find(press)
    assert len(lines) == len(left) + len(right)
    assert all(line.box.x1 < 500 or line.box.x0 > 490 for line in lines)


def test_a_river_through_some_lines_of_a_paragraph_parts_none() -> None:
    press = Press()
    printed = press.print_column(60, 60, 420, 20)
    worn = press.image
    worn[round(printed[6].y0) : round(printed[12].y1), 250:270] = worn.max()
    lines = find_lines(find_ink(worn))
    assert len(lines) == len(printed)
    assert all(len(match(lines, line)) == 1 for line in printed)


def test_a_headline_over_two_columns_stays_one_line() -> None:
    press = Press()
    headline = press.print_line("Great storm over harbour and valley", 70, 40, 52)
    press.print_column(60, 130, 420, 14)
    press.print_column(520, 130, 420, 14)
    (line,) = match(find(press), headline)
    assert line.box.iou(headline) > 0.75


@pytest.mark.parametrize("size", [16, 24, 44])
def test_letters_of_any_size_are_measured_and_read(size: int) -> None:
    press = Press()
    press.print_column(60, 60, 800, 12, size)
    ink = find_ink(press.image)
    assert ink.letter / ink.scale == pytest.approx(0.53 * size, rel=0.2)
    assert len(find(press)) == 12


def test_a_picture_has_no_lines() -> None:
    press = Press()
    press.print_column(60, 60, 420, 20)
    press.picture(540, 80, 900, 560)
    assert all(line.box.x1 < 520 for line in find(press))


def test_white_paper_has_no_lines() -> None:
    assert find(Press()) == ()


def test_faint_print_beside_black_is_found() -> None:
    press = Press()
    press.print_column(60, 60, 420, 15)
    image = press.image
    faint = np.where(image < 200, 165, 245).astype(np.uint8)
    faint[700:1300, 500:950] = 10
    ink = find_ink(faint)
    lines = find_lines(ink, (), find_pictures(ink))
    assert len([line for line in lines if line.box.x1 < 500]) == 15


def test_a_headline_keeps_its_low_letters_at_the_end() -> None:
    press = Press()
    headline = press.print_line("Danksagung", 70, 40, 40)
    press.print_column(60, 130, 420, 24)
    (line,) = match(find(press), headline)
    assert abs(line.box.x0 - headline.x0) < 8
    assert abs(line.box.x1 - headline.x1) < 8


def test_the_dark_edge_of_a_scan_is_no_letter() -> None:
    press = Press()
    for x in (120, 560):
        press.print_column(x, 100, 380, 36)
    for edge in ((0, 0, 95, 1399), (0, 0, 999, 65)):
        press.rule(*edge)
    lines = find(press)
    assert all(match(lines, printed) for printed in press.lines)


def test_small_print_close_to_a_headline_is_no_full_stop_of_it() -> None:
    press = Press()
    headline = press.print_line("Gale", 60, 40, 100)
    press.rule(308, 20, 310, 1000)
    beside = press.print_column(320, 60, 420, 3)
    press.print_column(60, 180, 230, 20)
    press.print_column(320, 180, 420, 20)
    lines = find(press)
    (line,) = match(lines, headline)
    assert line.box.x1 < 310
    assert all(len(match(lines, printed)) == 1 for printed in beside)


# --- where a net has seen the page


def test_columns_a_word_space_apart_are_parted_where_a_gutter_was_seen() -> None:
    press = Press()
    left = press.print_column(60, 60, 420, 6)
    start = max(line.x1 for line in left)
    right = press.print_column(start + 8, 60, 400, 6)
    press.print_column(60, 320, 860, 20)
    ink = find_ink(press.image)
    assert len(find_lines(ink)) == 26  # six lines alone make no lane through the page
    lines = find_lines(ink, seen=see(press, press.lines, (Box(start + 3, 60, start + 5, 260),)))
    assert len(lines) == len(press.lines) == 32
    assert all(len(match(lines, line)) == 1 for line in press.lines)
    beside = [line.box for line in lines if line.box.y1 < 260]
    assert all(box.x1 < start + 8 or box.x0 > start - 8 for box in beside)
    assert len(right) == sum(box.x0 > start - 8 for box in beside)


def test_columns_stay_lines_of_their_own_wherever_the_net_saw_text() -> None:
    press = print_page()
    gutter = Box(497, 180, 503, 1280)
    ink = find_ink(press.image)
    pictures = find_pictures(ink)
    seen = see(press, press.lines, (gutter,))
    assert len(find_lines(ink, find_rules(ink, pictures), pictures, seen)) == len(press.lines)


def test_small_print_that_is_no_text_to_the_net_is_dropped() -> None:
    press = Press()
    left, right = press.print_column(60, 60, 400, 20), press.print_column(540, 60, 400, 20)
    ink = find_ink(press.image)
    gutter = Box(500, 40, 504, 720)
    assert len(find_lines(ink, seen=see(press, press.lines, (gutter,)))) == 40
    lines = find_lines(ink, seen=see(press, left, (gutter,)))
    assert len(lines) == 20
    assert all(match(lines, line) for line in left)
    assert not any(match(lines, line) for line in right)


def test_a_large_headline_stays_where_the_net_took_it_for_a_picture_and_small_print_does_not() -> None:
    press = Press()
    headline = press.print_line("Great storm over harbour", 70, 40, 72)
    column = press.print_column(60, 160, 420, 14)
    other = press.print_column(560, 160, 380, 14)
    lines = find_lines(find_ink(press.image), seen=see(press, column, pictures=(headline, *other)))
    assert len(match(lines, headline)) == 1
    assert not any(match(lines, line) for line in other)
    assert len(lines) == 15


def test_large_dirt_that_the_net_saw_nothing_in_is_dropped() -> None:
    press = Press()
    headline = press.print_line("Great storm over harbour", 70, 40, 72)
    column = press.print_column(60, 160, 420, 14)
    lines = find_lines(find_ink(press.image), seen=see(press, column))
    assert not match(lines, headline)
    assert len(lines) == 14


def test_white_paper_has_no_lines_whatever_was_seen() -> None:
    press = Press()
    assert find_lines(find_ink(press.image), seen=see(press, [Box(60, 60, 900, 300)])) == ()
