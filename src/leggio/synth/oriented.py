"""The slanted rectangle around a stroke. In: a stroke, and its outline where there is one. Out: four corners."""

from __future__ import annotations

import math

import cv2
import numpy as np

from leggio.geometry import Point
from leggio.music.notation import Stroke, StrokeKind
from leggio.synth.sample import Contours

Corners = tuple[Point, Point, Point, Point]

_BENT = (StrokeKind.SLUR, StrokeKind.TIE, StrokeKind.HAIRPIN, StrokeKind.BRACKET)  # no line from start to end


def outline_stroke(stroke: Stroke, contours: Contours = ()) -> Corners:
    """The corners, in order around the rectangle, of the smallest one that holds the stroke, in pixels.

    Where `contours` are given it holds them (cv2.minAreaRect). Otherwise a straight stroke is its middle line, as wide
    as it is thick, and a bent one its upright box.
    """
    if contours:
        return outline_contours(contours)
    if stroke.kind in _BENT:
        box = stroke.box
        return Point(box.x0, box.y0), Point(box.x1, box.y0), Point(box.x1, box.y1), Point(box.x0, box.y1)
    a, b = stroke.start, stroke.end
    length = math.hypot(b.x - a.x, b.y - a.y)
    # A stroke without length is a dot: a square.
    along_x, along_y = ((b.x - a.x) / length, (b.y - a.y) / length) if length > 0 else (1.0, 0.0)
    half = stroke.thickness / 2
    over_x, over_y = -along_y * half, along_x * half
    return (
        Point(a.x - over_x, a.y - over_y), Point(b.x - over_x, b.y - over_y),
        Point(b.x + over_x, b.y + over_y), Point(a.x + over_x, a.y + over_y),
    )  # fmt: skip


def outline_contours(contours: Contours) -> Corners:
    """The corners of the smallest rectangle around all contours, each of shape (points, 2)."""
    points = np.concatenate(contours).astype(np.float32)
    a, b, c, d = cv2.boxPoints(cv2.minAreaRect(points)).tolist()
    return Point(*a), Point(*b), Point(*c), Point(*d)
