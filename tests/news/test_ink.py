"""The ink of a page is seen at the size of its own small letters."""

from __future__ import annotations

import pytest

from leggio.news.ink import find_ink

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
