"""The slanted box of a stroke holds its ink, and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box, Point
from leggio.music.notation import Stroke, StrokeKind
from leggio.synth.oriented import Corners, outline_stroke
from leggio.synth.sample import Sample

S = StrokeKind


def draw(kind: StrokeKind, a: Point, b: Point, thickness: float = 4.0) -> Stroke:
    box = Box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
    return Stroke(0, kind, a, b, thickness, box, 1.0)


def sides(corners: Corners) -> list[float]:
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return sorted(math.hypot(a.x - b.x, a.y - b.y) for a, b in pairs)


def area(corners: Corners) -> float:
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(a.x * b.y - b.x * a.y for a, b in pairs)) / 2


places = st.floats(0, 1000)


@given(places, places, places, places, st.floats(1, 20))
def test_a_straight_stroke_is_as_long_as_its_line_and_as_wide_as_it_is_thick(
    x0: float, y0: float, x1: float, y1: float, thickness: float
) -> None:
    length = math.hypot(x1 - x0, y1 - y0)
    corners = outline_stroke(draw(S.BEAM, Point(x0, y0), Point(x1, y1), thickness))
    assert sides(corners) == pytest.approx(sorted([length, length, thickness, thickness]), abs=1e-6)
    assert area(corners) == pytest.approx(length * thickness, abs=1e-3)


def test_a_stroke_without_an_outline_that_bends_is_its_upright_box() -> None:
    corners = outline_stroke(draw(S.SLUR, Point(0, 10), Point(100, 0)))
    assert corners == (Point(0, 0), Point(100, 0), Point(100, 10), Point(0, 10))


def test_with_an_outline_the_box_is_the_smallest_around_it() -> None:
    diamond = np.array([[0, 10], [10, 0], [20, 10], [10, 20]], np.float32)
    corners = outline_stroke(draw(S.HAIRPIN, Point(0, 10), Point(20, 10)), (diamond,))
    assert area(corners) == pytest.approx(200, rel=1e-3)


def test_the_boxes_of_an_engraved_page_hold_all_points_and_are_never_larger_than_upright_ones(
    little_page: Sample,
) -> None:
    for stroke in little_page.truth.strokes:
        contours = little_page.outlines[stroke.id]
        corners = outline_stroke(stroke, contours)
        a, b, d = (np.array([corner.x, corner.y]) for corner in (corners[0], corners[1], corners[3]))
        inside = np.linalg.solve(np.stack([b - a, d - a]).T, (np.concatenate(contours) - a).T)
        assert inside.min() > -0.02
        assert inside.max() < 1.02
        assert area(corners) <= stroke.box.area * 1.01
