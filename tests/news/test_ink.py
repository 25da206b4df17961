"""The ink of a page is seen at the size of its own small letters."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.news.ink import find_ink
from leggio.news.lines import find_lines
from leggio.news.rules import find_pictures

from .pressed import SIZE, Press


def test_dots_of_a_halftone_are_no_small_letters() -> None:
    press = Press()
    for x in (40, 690):
        press.print_column(x, 60, 270, 38)
    for y in range(380, 1020, 7):  # the middle of the page is all dots
        for x in range(340, 660, 7):
            press.rule(x, y, x + 3, y + 3)
    ink = find_ink(press.image)
    assert ink.letter / ink.scale == pytest.approx(0.53 * SIZE, rel=0.2)


def test_letters_worn_to_crumbs_keep_their_height_and_their_ink() -> None:
    press = Press()
    press.print_column(60, 60, 800, 38)
    worn = press.image.copy()
    worn[np.random.default_rng(5).random(worn.shape) < 0.45] = 255  # each letter is some crumbs now
    ink = find_ink(worn)
    assert ink.letter / ink.scale == pytest.approx(0.53 * SIZE, rel=0.25)


def test_a_cover_that_is_nearly_all_dots_shows_the_letters_of_its_text() -> None:
    press = Press()
    press.print_column(60, 30, 800, 6)
    press.print_column(60, 1200, 800, 6)
    for y in range(230, 1150, 7):
        for x in range(60, 940, 7):
            press.rule(x, y, x + 3, y + 3)
    ink = find_ink(press.image)
    assert ink.letter / ink.scale == pytest.approx(0.53 * SIZE, rel=0.25)


def test_specks_all_over_a_page_leave_its_lines() -> None:
    press = Press()
    printed = press.print_column(60, 60, 800, 38)
    rng = np.random.default_rng(7)
    image = press.image.copy()
    for y, x in zip(rng.integers(0, 1398, 12000), rng.integers(0, 998, 12000), strict=True):
        image[y : y + 2, x : x + 2] = 0
    ink = find_ink(image)
    pictures = find_pictures(ink)
    assert ink.letter / ink.scale == pytest.approx(0.53 * SIZE, rel=0.25)
    assert pictures == ()
    lines = find_lines(ink, (), pictures)
    found = [any(line.box.iou(box) > 0.5 for line in lines) for box in printed]
    assert sum(found) > 0.9 * len(found)
