"""The polygon around an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.geometry import Box, Point
from leggio.news.outline import draw_outline

GRID = st.integers(0, 12)


def covers(ring: Sequence[Point], x: float, y: float) -> bool:
    """Whether a place lies inside, by the number of sides to its left."""
    sides = pairwise([*ring, ring[0]])
    return sum(a.x < x and min(a.y, b.y) < y < max(a.y, b.y) for a, b in sides if a.x == b.x) % 2 == 1


def corners(ring: Sequence[Point]) -> set[tuple[float, float]]:
    return {(point.x, point.y) for point in ring}


@st.composite
def boxes(draw: st.DrawFn) -> list[Box]:
    found = []
    for _ in range(draw(st.integers(1, 5))):
        x, y = draw(GRID), draw(GRID)
        found.append(Box(x, y, x + draw(st.integers(1, 5)), y + draw(st.integers(1, 5))))
    return found


def test_the_outline_of_one_block_is_its_box() -> None:
    assert corners(draw_outline([Box(1, 2, 5, 9)])) == {(1, 2), (5, 2), (5, 9), (1, 9)}


def test_a_heading_over_one_of_two_columns_makes_an_l() -> None:
    ring = draw_outline([Box(0, 0, 4, 10), Box(4, 5, 8, 10)])
    assert corners(ring) == {(0, 0), (4, 0), (4, 5), (8, 5), (8, 10), (0, 10)}


def test_the_white_between_two_blocks_of_a_column_is_inside() -> None:
    assert corners(draw_outline([Box(0, 0, 4, 3), Box(0, 5, 4, 9)])) == {(0, 0), (4, 0), (4, 9), (0, 9)}


def test_another_article_in_the_corner_stays_outside() -> None:
    ring = draw_outline([Box(0, 0, 10, 3), Box(0, 4, 4, 9)], [Box(5, 4, 10, 9)])
    assert covers(ring, 2, 6)
    assert not covers(ring, 7, 6)


def test_columns_that_touch_nowhere_are_joined_without_crossing_others() -> None:
    left, right = Box(0, 50, 40, 100), Box(44, 0, 84, 30)
    other = Box(0, 0, 40, 48)
    ring = draw_outline([left, right], [other])
    assert covers(ring, 20, 75)
    assert covers(ring, 60, 15)
    assert not covers(ring, 20, 20)


def test_an_article_without_blocks_has_no_outline() -> None:
    assert draw_outline([]) == ()


@settings(deadline=None)
@given(boxes(), boxes())
def test_every_block_lies_inside_and_sides_are_straight(own: list[Box], others: list[Box]) -> None:
    ring = draw_outline(own, others)
    for box in own:
        # a place that is on no side of any box
        assert covers(ring, box.x0 + 0.31, box.y0 + 0.37)
        assert covers(ring, box.x1 - 0.31, box.y1 - 0.37)
    for a, b, c in zip(ring, ring[1:] + ring[:1], ring[2:] + ring[:2], strict=True):
        assert (a.x == b.x) != (a.y == b.y)
        assert (a.x == b.x) != (b.x == c.x)
