"""Outlines out of SVG: paths, transforms, thick lines. In: texts of attributes. Out: contours, arrays of (n, 2)."""

from __future__ import annotations

import math
import re

import numpy as np
from fontTools.svgLib.path import parse_path
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.synth.sample import Contours

Matrix = NDArray[np.float64]
Outline = NDArray[np.float32]
_XY = tuple[float, float]
_CHORDS = 8  # a curve becomes so many straight pieces: at 24 px a staff space they stay within 0.1 px of it


class _Pen:
    """What `parse_path` draws with: gathers a path as polygons."""

    def __init__(self) -> None:
        self.contours: list[list[_XY]] = []
        self._t = np.linspace(0, 1, _CHORDS + 1)[1:, None]

    def moveTo(self, point: _XY) -> None:
        self.contours.append([point])

    def lineTo(self, point: _XY) -> None:
        self.contours[-1].append(point)

    def curveTo(self, *handles: _XY) -> None:
        t = self._t
        p0, p1, p2, p3 = (np.array(p) for p in (self.contours[-1][-1], *handles))
        points = (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
        self.contours[-1].extend(map(tuple, points))

    def qCurveTo(self, *handles: _XY) -> None:
        """A quadratic curve is the cubic one whose handles lie at two thirds of the way to its own."""
        p0, p1, p2 = (np.array(p) for p in (self.contours[-1][-1], *handles))
        self.curveTo(tuple(p0 + (p1 - p0) * 2 / 3), tuple(p2 + (p1 - p2) * 2 / 3), tuple(p2))

    def closePath(self) -> None:
        pass

    def endPath(self) -> None:
        pass


def flatten_path(path: str) -> list[NDArray[np.float64]]:
    """The contours of an SVG path, curves as chords."""
    pen = _Pen()
    parse_path(path, pen)
    return [np.array(contour) for contour in pen.contours if len(contour) > 1]


_TRANSFORM = re.compile(r"(translate|scale|rotate)\(([^)]*)\)")


def read_numbers(text: str) -> list[float]:
    return [float(number) for number in re.split(r"[ ,]+", text.strip())]


def read_transform(text: str | None) -> Matrix:
    """The 3 x 3 matrix of an SVG transform."""
    result = np.eye(3)
    for name, arguments in _TRANSFORM.findall(text or ""):
        v = read_numbers(arguments)
        step = np.eye(3)
        if name == "translate":
            step[:2, 2] = v[0], v[1] if len(v) > 1 else 0.0
        elif name == "scale":
            step[0, 0], step[1, 1] = v[0], v[-1]
        else:
            angle = math.radians(v[0])
            c, s = math.cos(angle), math.sin(angle)
            cx, cy = (v[1], v[2]) if len(v) > 2 else (0.0, 0.0)
            step[:2] = [[c, -s, cx - c * cx + s * cy], [s, c, cy - s * cx - c * cy]]
        result = result @ step
    return result


def move_points(matrix: Matrix, points: NDArray[np.float64]) -> Outline:
    return (points @ matrix[:2, :2].T + matrix[:2, 2]).astype(np.float32)


def bound(contours: Contours) -> Box:
    """The smallest box around all contours."""
    points = np.concatenate(contours)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Box(float(x0), float(y0), float(x1), float(y1))


def thicken_line(a: Outline, b: Outline, width: float) -> Outline:
    """The rectangle that a pen of `width` draws from `a` to `b`."""
    direction = b - a
    length = float(np.hypot(*direction)) or 1.0
    normal = np.array([-direction[1], direction[0]], np.float32) / length * width / 2
    return np.stack([a + normal, b + normal, b - normal, a - normal])


def draw_circle(x: float, y: float, radius: float) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def to_point(xy: Outline) -> Point:
    return Point(float(xy[0]), float(xy[1]))
