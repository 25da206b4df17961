"""What the nets for newspapers see of a page. In: its layout and, where there is one, its picture. Out: views.

Views are planes of float32 in which 0 is paper: the grey page, and what OCR and a search for rules found on it, drawn
as areas. Training draws its views with the same functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import BlockKind, Layout

VIEWS = ("grey", "lines", "heights", "pictures", "rules")
VIEWS_2017 = ("grey", "ocr")
MAPS = ("article", "border", "heading", "picture", "advertisement")
BACKGROUND = "background"  # the only map of the net of 2017: paper, or a border between articles

_SLIM = 0.15  # share of its height that a drawn line loses above and below, so that two lines stay two
_THINNEST = 1.0  # net pixels: a rule that is thinner than this is drawn so thick, or it would hardly be seen
_FINE = 4  # how much finer than the net's pixels boxes are drawn
_ZERO = 128  # the byte that means 0, so that values from -1 to 1 fit in
_PICTURE_2017 = 0.5  # how grey a picture is in the OCR view

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page lies in a net's input of `height` x `width`: net x = page x * `x_scale` + `left`, and y alike.

    A negative `x_scale` shows the page mirrored, as training does.
    """

    height: int
    width: int
    x_scale: float
    y_scale: float
    left: float
    top: float

    def place(self, box: Box) -> Box:
        """A box of the page in net pixels."""
        x0, x1 = sorted((box.x0 * self.x_scale + self.left, box.x1 * self.x_scale + self.left))
        return Box(x0, box.y0 * self.y_scale + self.top, x1, box.y1 * self.y_scale + self.top)

    def place_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 2) of the page in net pixels."""
        return points * (self.x_scale, self.y_scale) + (self.left, self.top)

    def lift_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 2) in net pixels back on the page."""
        return (points - (self.left, self.top)) / (self.x_scale, self.y_scale)


def fit_page(width: float, height: float, size: tuple[int, int]) -> Frame:
    """The frame that shows a whole page, `width` x `height` pixels, in the middle of an input `size` high and wide."""
    scale = min(size[0] / height, size[1] / width)
    return Frame(*size, scale, scale, (size[1] - width * scale) / 2, (size[0] - height * scale) / 2)


def draw_views(image: NDArray[np.uint8] | None, layout: Layout, frame: Frame) -> Plane:
    """(views, height, width) in the order of `VIEWS`. Without a picture the grey view is empty.

    Lines are areas of 1; heights are half the binary logarithm of a line's height over the page's median, cut at -1
    and 1, so that larger type is brighter; pictures and rules are areas of 1.
    """
    lines = find_lines(layout)
    slim = [line.grow(0, -_SLIM * line.height) for line in lines]
    pictures = find_pictures(layout)
    blank = np.zeros((frame.height, frame.width), np.float32)
    return np.stack(
        [
            blank if image is None else show_image(image, frame),
            paint(slim, [1.0] * len(slim), frame),
            paint(slim, _rate_heights(lines), frame),
            paint(pictures, [1.0] * len(pictures), frame),
            _paint_rules(layout, frame),
        ]
    )


def draw_views_2017(image: NDArray[np.uint8] | None, layout: Layout, frame: Frame) -> Plane:
    """(2, height, width): the grey page, and the OCR view with text lines 1, pictures 0.5 and every rule 1.

    (Meier et al., ICDAR 2017; theirs is white where this is 0.)
    """
    lines, pictures = find_lines(layout), find_pictures(layout)
    values = [_PICTURE_2017] * len(pictures) + [1.0] * len(lines)
    ocr = np.maximum(paint(pictures + lines, values, frame), _paint_rules(layout, frame))
    return np.stack([np.zeros_like(ocr) if image is None else show_image(image, frame), ocr])


def _rate_heights(lines: Sequence[Box]) -> list[float]:
    median = float(np.median([line.height for line in lines])) if lines else 1.0
    shares = [max(line.height, 1e-3) / max(median, 1e-3) for line in lines]
    return [min(max(math.log2(share) / 2, -1.0), 1.0) for share in shares]


def find_lines(layout: Layout) -> list[Box]:
    """The boxes of all lines; a block of text whose lines are unknown counts as one."""
    boxes: list[Box] = []
    for block in layout.blocks:
        if block.kind is not BlockKind.PICTURE:
            boxes += [line.box for line in block.lines] or [block.box]
    return boxes


def find_pictures(layout: Layout) -> list[Box]:
    """The boxes of all pictures."""
    return [block.box for block in layout.blocks if block.kind is BlockKind.PICTURE]


def show_image(image: NDArray[np.uint8], frame: Frame) -> Plane:
    """The darkness of a picture (height, width), 0 is ink, where the frame puts it: (height, width) in [0, 1]."""
    shown = np.zeros((frame.height, frame.width), np.float32)
    size = (
        max(1, round(image.shape[1] * abs(frame.x_scale))),
        max(1, round(image.shape[0] * frame.y_scale)),
    )
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if frame.x_scale < 0:
        small = small[:, ::-1]
    x, y = round(frame.left - (size[0] if frame.x_scale < 0 else 0)), round(frame.top)
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + size[0], frame.width), min(y + size[1], frame.height)
    if x0 < x1 and y0 < y1:
        shown[y0:y1, x0:x1] = 1 - small[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32) / 255
    return shown


def cells_of(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The cells whose middles lie in a box, at least one row and one column where it lies inside."""

    def span(start: float, end: float, limit: int) -> slice:
        first, last = max(0, math.ceil(start - 0.5)), min(limit, math.ceil(end - 0.5))
        if first >= last:
            first = max(0, min(limit - 1, int((start + end) / 2)))
            last = first + 1
        return slice(first, last)

    return span(box.y0, box.y1, shape[0]), span(box.x0, box.x1, shape[1])


def paint(boxes: Sequence[Box], values: Sequence[float], frame: Frame) -> Plane:
    """Draw boxes of the page, each with its value in [-1, 1], later ones over earlier ones: (height, width).

    A pixel takes on a value by the share of it that the box covers. It is drawn in fine bytes and shrunk, which takes a
    tenth of the time that fractions of pixels take.
    """
    fine = np.full((frame.height * _FINE, frame.width * _FINE), _ZERO, np.uint8)
    places = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes], np.float64).reshape(-1, 2, 2)
    corners = np.sort(np.round(frame.place_points(places) * _FINE), axis=1).astype(np.int64).clip(0)
    shades = np.round(np.asarray(values) * (255 - _ZERO)).astype(np.int64) + _ZERO
    for ((x0, y0), (x1, y1)), shade in zip(corners.tolist(), shades.tolist(), strict=True):
        fine[y0:y1, x0:x1] = shade
    small = cv2.resize(fine, (frame.width, frame.height), interpolation=cv2.INTER_AREA)
    return np.asarray((small.astype(np.float32) - _ZERO) / (255 - _ZERO), np.float32)


def _paint_rules(layout: Layout, frame: Frame) -> Plane:
    thin = np.array([_THINNEST / abs(frame.x_scale), _THINNEST / frame.y_scale])
    boxes = [
        rule.box.grow(
            max(0.0, (thin[0] - rule.box.width) / 2), max(0.0, (thin[1] - rule.box.height) / 2)
        )
        for rule in layout.rules
    ]  # fmt: skip
    return paint(boxes, [1.0] * len(boxes), frame)
