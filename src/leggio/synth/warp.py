"""A page not seen straight. In: a sample and a warp. Out: a sample whose image, mask and records moved together.

`ScanWarp` is a page laid on the scanner a little askew, and not quite flat; `photo.PhotoWarp` one that a phone saw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, Symbol, System
from leggio.synth.sample import Sample, Truth

Points = NDArray[np.float64]

_SKEW = 0.5  # standard deviation in degrees; a page laid down by hand
_MOST_SKEW = 1.5
_BEND = 0.3  # standard deviation in staff spaces: how far the paper of a bound book rises and falls
_MOST_BEND = 0.9
_WAVES = (0.4, 1.4)  # how often it does so over the width of the page
_STEP = 0.5  # staff spaces between two places that a curve is followed through


class Warp(Protocol):
    """Where each point of a flat page comes to lie. `shape`: height and width of the warped page."""

    @property
    def shape(self) -> tuple[int, int]: ...

    @property
    def space(self) -> float: ...

    def move(self, points: Points) -> Points:
        """From the flat page to the warped one; points are (n, 2), x and y in pixels."""

    def trace_back(self, x: Points, y: Points) -> tuple[Points, Points]:
        """From the warped page to the flat one, the inverse of `move`; `x` and `y` are broadcast together."""


@dataclass(frozen=True, slots=True)
class ScanWarp:
    """Turn the page by `angle` radians (clockwise on the screen), then bend it: columns slide up and down along a sine.

    `height` (pixels), `length` (pixels) and `phase` (radians) are those of the sine; `origin` is the page's own point
    that comes to (0, 0) before bending, `shape` the height and width of the warped page, `space` a staff space.
    """

    angle: float
    height: float
    length: float
    phase: float
    origin: tuple[float, float]
    shape: tuple[int, int]
    space: float

    def move(self, points: Points) -> Points:
        x, y = (points - self.origin).T
        c, s = math.cos(self.angle), math.sin(self.angle)
        turned = c * x - s * y
        return np.stack([turned, s * x + c * y + self._bend(turned)], axis=1)

    def trace_back(self, x: Points, y: Points) -> tuple[Points, Points]:
        y = y - self._bend(x)
        c, s = math.cos(self.angle), math.sin(self.angle)
        return c * x + s * y + self.origin[0], c * y - s * x + self.origin[1]

    def _bend(self, x: Points) -> Points:
        return self.height * np.sin(2 * math.pi * x / self.length + self.phase)


def make_warp(
    shape: tuple[int, int], space: float, angle: float, height: float, waves: float, phase: float
) -> ScanWarp:
    """The warp of a page of `shape` onto one that is as much larger as it takes to keep all of it.

    `angle` in radians, `height` in pixels, `waves` over the width of the page, `phase` in radians.
    """
    flat = ScanWarp(angle, height, shape[1] / waves, phase, (0.0, 0.0), shape, space)
    edge = flat.move(follow_edges(Box(0, 0, shape[1], shape[0]), space * _STEP))
    left, top = (float(v) for v in edge.min(axis=0))
    # The warped page begins at the corner (left, top): it becomes (0, 0), and the bend stays where it was.
    x, y = replace(flat, height=0.0).trace_back(np.array(left), np.array(top))
    right, bottom = np.ceil(edge.max(axis=0) - (left, top)).astype(int)
    phase += 2 * math.pi * left / flat.length
    return replace(flat, phase=phase, origin=(float(x), float(y)), shape=(int(bottom), int(right)))


def draw_warp(shape: tuple[int, int], space: float, rng: np.random.Generator) -> ScanWarp:
    """A small skew and a mild curvature, drawn at random, for a page of `shape` with this staff space in pixels."""
    angle = math.radians(float(np.clip(rng.normal(0, _SKEW), -_MOST_SKEW, _MOST_SKEW)))
    height = space * float(np.clip(rng.normal(0, _BEND), -_MOST_BEND, _MOST_BEND))
    return make_warp(shape, space, angle, height, rng.uniform(*_WAVES), rng.uniform(0, 2 * math.pi))


def warp_sample(sample: Sample, warp: Warp) -> Sample:
    """Move a sample's image, mask and records."""
    x, y = _trace_pixels(warp)
    image = _move_pixels(sample.image, x, y)
    mask = cv2.remap(sample.mask, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0.0)
    outlines = tuple(
        tuple(warp.move(contour.astype(np.float64)).astype(np.float32) for contour in outline)
        for outline in sample.outlines
    )
    return Sample(image, mask.astype(np.uint16), warp_truth(sample.truth, warp), outlines)


def warp_image(image: NDArray[np.uint8], warp: Warp) -> NDArray[np.uint8]:
    """Move a picture; what comes from outside of it is white."""
    return _move_pixels(image, *_trace_pixels(warp))


def _trace_pixels(warp: Warp) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel comes from: the middle of the one in row 0, column 0 is the point (0.5, 0.5)."""
    height, width = warp.shape
    x, y = warp.trace_back(np.arange(0.5, width)[None], np.arange(0.5, height)[:, None])
    return (x - 0.5).astype(np.float32), (y - 0.5).astype(np.float32)


def _move_pixels(
    image: NDArray[np.uint8], x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.uint8]:
    moved = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255.0)
    return np.asarray(moved, np.uint8)


def warp_truth(truth: Truth, warp: Warp) -> Truth:
    """Move all records of a page; a box grows to hold what it held."""
    return replace(
        truth,
        symbols=tuple(_move_symbol(symbol, warp) for symbol in truth.symbols),
        strokes=tuple(_move_stroke(stroke, warp) for stroke in truth.strokes),
        systems=tuple(_move_system(system, warp) for system in truth.systems),
    )


def follow_edges(box: Box, step: float) -> Points:
    """Points (n, 2) along the edges of a box, `step` pixels apart or less: top, bottom, left, right."""
    across, down = (max(1, math.ceil(side / step)) for side in (box.width, box.height))
    xs = box.x0 + box.width * np.arange(across + 1) / across
    ys = box.y0 + box.height * np.arange(down + 1) / down
    points = np.empty((2 * (across + down + 2), 2))
    top, bottom, left, right = np.split(points, np.cumsum([across + 1, across + 1, down + 1]))
    top[:, 0] = bottom[:, 0] = xs
    left[:, 1] = right[:, 1] = ys
    top[:, 1], bottom[:, 1], left[:, 0], right[:, 0] = box.y0, box.y1, box.x0, box.x1
    return points


def move_box(box: Box, warp: Warp, step: float) -> Box:
    """The box around where a box comes to lie; its edges are followed in steps of so many pixels."""
    return move_boxes([box], warp, step)[0]


def move_boxes(boxes: Sequence[Box], warp: Warp, step: float) -> list[Box]:
    """`move_box` for many boxes: all their edges move at once, which for words takes a tenth of the time."""
    if not boxes:
        return []
    edges = [follow_edges(box, step) for box in boxes]
    moved = warp.move(np.concatenate(edges))
    firsts = np.cumsum([0, *map(len, edges[:-1])])
    least, most = np.minimum.reduceat(moved, firsts), np.maximum.reduceat(moved, firsts)
    return [Box(*low, *high) for low, high in zip(least.tolist(), most.tolist(), strict=True)]


def _move_symbol(symbol: Symbol, warp: Warp) -> Symbol:
    return replace(symbol, box=move_box(symbol.box, warp, warp.space * _STEP))


def _move_stroke(stroke: Stroke, warp: Warp) -> Stroke:
    ends = warp.move(np.array([[stroke.start.x, stroke.start.y], [stroke.end.x, stroke.end.y]]))
    start, end = (Point(float(x), float(y)) for x, y in ends)
    return replace(stroke, start=start, end=end, box=move_box(stroke.box, warp, warp.space * _STEP))


def _move_system(system: System, warp: Warp) -> System:
    staves = tuple(_move_staff(staff, warp) for staff in system.staves)
    box = staves[0].box
    for staff in staves:
        box = box.union(staff.box)
    return replace(system, staves=staves, box=box)


def _move_staff(staff: Staff, warp: Warp) -> Staff:
    """Follow the lines at new columns, which start and end where the middle line does."""
    count = max(2, math.ceil(staff.box.width / (warp.space * _STEP)) + 1)
    flat = np.linspace(staff.xs[0], staff.xs[-1], count)
    lines = [warp.move(np.stack([flat, np.interp(flat, staff.xs, ys)], axis=1)) for ys in staff.lines]
    xs = np.linspace(lines[2][0, 0], lines[2][-1, 0], count)
    moved = tuple(tuple(map(float, np.interp(xs, line[:, 0], line[:, 1]))) for line in lines)
    return replace(staff, xs=tuple(map(float, xs)), lines=moved)
