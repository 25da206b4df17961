"""Lanes part columns as far as they are white."""

from __future__ import annotations

import numpy as np

from leggio.news.ink import Mask
from leggio.news.lanes import find_lanes

LETTER = 8.0
GUTTER = slice(200, 208)


def print_columns(rows: range) -> Mask:
    """Two columns of small letters over the whole width, a line every 20 pixels, the gutter white."""
    printed = np.zeros((800, 410), np.uint8)
    for y in rows:
        printed[y : y + 8, ::2] = 1
    printed[:, GUTTER] = 0
    return printed


def test_a_gutter_between_many_lines_is_a_lane() -> None:
    sure, lanes = find_lanes(print_columns(range(200, 600, 20)), LETTER, ())
    assert sure[220:580, 202:206].all()
    assert lanes[220:580, 202:206].all()
    assert not sure[220:580, 100:190].any()


def test_a_lane_goes_on_beside_lines_that_are_short() -> None:
    printed = print_columns(range(100, 600, 20))
    printed[60:300, 60 : GUTTER.start] = 0  # the column on the left begins with a few words a line
    sure, lanes = find_lanes(printed, LETTER, ())
    assert not sure[120:200, 202:206].any()
    assert lanes[120:580, 202:206].all()


def test_a_lane_ends_at_print() -> None:
    printed = print_columns(range(200, 600, 20))
    printed[120:150] = 1  # a headline over both columns
    _, lanes = find_lanes(printed, LETTER, ())
    assert lanes[170:580, 202:206].all()
    assert not lanes[:110].any()


def test_a_gutter_as_narrow_as_a_space_is_a_lane_on_a_bent_page() -> None:
    printed = np.zeros((800, 410), np.uint8)
    for y in range(100, 700, 10):
        printed[y : y + 8, ::2] = 1
        printed[y : y + 8, 200 + y // 60 : 204 + y // 60] = 0  # ten pixels to the right in all
    sure, _ = find_lanes(printed, LETTER, ())
    assert all(sure[y + 1, 200 + y // 60 : 204 + y // 60].any() for y in range(130, 670, 10))
    assert not sure[:, 100:190].any()


def test_two_lines_show_no_lane() -> None:
    sure, lanes = find_lanes(print_columns(range(200, 240, 20)), LETTER, ())
    assert not sure.any()
    assert not lanes.any()


def test_an_upright_rule_is_sure_to_part() -> None:
    sure, lanes = find_lanes(np.zeros((800, 410), np.uint8), LETTER, [(203, 50, 205, 700)])
    assert sure[50:700, 203:205].all()
    assert sure.sum() == 650 * 2
    assert (lanes == sure).all()
