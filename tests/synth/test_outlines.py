"""Paths and transforms of SVG, in numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.synth.outlines import bound, draw_circle, flatten_path, move_points, read_transform, thicken_line

LENGTHS = st.floats(-100, 100)


def move(transform: str | None, x: float, y: float) -> list[float]:
    return [float(v) for v in move_points(read_transform(transform), np.array([[x, y]]))[0]]


def test_transforms_move_points() -> None:
    assert move(None, 3, 4) == [3, 4]
    assert move("translate(10, 20)", 3, 4) == [13, 24]
    assert move("translate(10)", 3, 4) == [13, 4]
    assert move("scale(2)", 3, 4) == [6, 8]
    assert move("scale(1, -1)", 3, 4) == [3, -4]
    assert move("rotate(90)", 1, 0) == pytest.approx([0, 1])
    assert move("rotate(90 5 5)", 5, 0) == pytest.approx([10, 5])


def test_the_last_transform_comes_first() -> None:
    assert move("translate(10, 20) scale(0.5, 2)", 4, 4) == [12, 28]


def test_a_path_of_lines_is_its_corners() -> None:
    (contour,) = flatten_path("M0 0 L10 0 L10 5 Z")
    assert contour.tolist()[:3] == [[0, 0], [10, 0], [10, 5]]


def test_each_contour_of_a_path_is_its_own() -> None:
    assert len(flatten_path("M0 0 L1 0 M5 5 L6 5 L6 6 Z M9 9")) == 2


@given(LENGTHS, LENGTHS)
def test_a_curve_goes_from_end_to_end_within_its_handles(x: float, y: float) -> None:
    for path in (f"M0 0 C0 {y} {x} 0 {x} {y}", f"M0 0 Q{x} 0 {x} {y}"):
        (contour,) = flatten_path(path)
        assert contour[0] == pytest.approx([0, 0])
        assert contour[-1] == pytest.approx([x, y], abs=1e-6)
        box = bound((contour.astype(np.float32),))
        assert box.x0 >= min(0, x) - 1e-3
        assert box.x1 <= max(0, x) + 1e-3
        assert box.y0 >= min(0, y) - 1e-3
        assert box.y1 <= max(0, y) + 1e-3


def test_a_quadratic_curve_passes_where_it_should() -> None:
    (contour,) = flatten_path("M0 0 Q10 0 10 10")
    assert contour[4] == pytest.approx([7.5, 2.5])  # a quarter of the way from chord to handle, at half time


@given(LENGTHS, LENGTHS, st.floats(0.5, 10))
def test_a_thick_line_has_the_area_of_its_rectangle(x: float, y: float, width: float) -> None:
    corners = thicken_line(np.zeros(2, np.float32), np.array([x, y], np.float32), width).astype(np.float64)
    a, b = corners, np.roll(corners, -1, axis=0)
    area = abs(float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())) / 2
    assert area == pytest.approx(math.hypot(x, y) * width, rel=1e-3, abs=1e-2)


def test_a_circle_is_as_wide_as_high() -> None:
    assert bound((draw_circle(10, 20, 4).astype(np.float32),)) == Box(6, 16, 14, 24)
