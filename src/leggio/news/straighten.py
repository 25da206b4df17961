"""Bring a page upright. In: a grey page. Out: the same print on a level page, without the black border of the scan."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.ink import Ink
from leggio.news.skew import find_lie

Grey = NDArray[np.uint8]

_LOOK_SIDE = 2000  # long side in pixels of the picture on which skew is measured
_LEVEL = 0.2  # degrees: leaning less, a line drifts by a third of its height across a column

_STRIP_LETTERS, _LINE_LETTERS = 30, 2.6  # width of a strip and height of a line, in heights of small letters
_BEYOND = (0.2, 0.55)  # so far above and below the band of the small letters only some letters reach
_UPSIDE_DOWN = -0.02  # how lopsided lines must be; upright pages have 0.04 to 0.4

_BORDER_STEP = 16  # pixels: the picture on which black borders are looked for is so much smaller
_BORDER = 0.42  # darker than this share of the paper, in the mean of a step: text is brighter
_SCAN_EDGE = 0.3  # of the page: a border does not reach farther in


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """A page on which text is level: first its border was cut off, then `turns` quarters and `skew` degrees undone.

    Both count clockwise.
    """

    image: Grey
    turns: int = 0
    skew: float = 0.0

    def find_on_scan(self, box: Box) -> Box:
        """The smallest upright box on the scan that holds a box of this page."""
        height, width = self.image.shape
        corners = np.array([[x, y, 1.0] for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
        if self.skew:
            level = cv2.getRotationMatrix2D((width / 2, height / 2), self.skew, 1.0)
            corners[:, :2] = corners @ cv2.invertAffineTransform(level).T
        x, y = corners[:, 0], corners[:, 1]
        if self.turns:  # never more than one
            x, y = height - y, x
        return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def straighten(image: Grey) -> Straight:
    """The page (height, width), 0 is black, with level lines of text; whether they stand on their heads stays open."""
    clean = cut_border(image)
    lie = find_lie(_reduce(clean))
    if lie.sideways:
        clean = np.ascontiguousarray(np.rot90(clean))
    if abs(lie.skew) < _LEVEL:
        return Straight(clean, int(lie.sideways))
    return Straight(_turn(clean, lie.skew), int(lie.sideways), lie.skew)


def is_upside_down(ink: Ink) -> bool:
    """Whether lines stand on their heads: more letters rise above the small ones than hang below them."""
    return measure_lopsidedness(ink) < _UPSIDE_DOWN


def measure_lopsidedness(ink: Ink) -> float:
    """In [-1, 1], positive for upright text: how much more ink is right above small letters than right below."""
    width = max(1, round(_STRIP_LETTERS * ink.letter))
    strips = [ink.mask[:, x : x + width] for x in range(0, max(ink.mask.shape[1] - width // 2, 1), width)]
    profiles = np.stack([strip.sum(axis=1, dtype=np.float32) for strip in strips], axis=1)
    around = cv2.blur(profiles, (1, 2 * round(_LINE_LETTERS * ink.letter / 2) + 1))
    band = np.pad((profiles > 1.1 * around + 1).astype(np.int8), ((1, 1), (0, 0)))
    starts, ends = np.nonzero(np.diff(band, axis=0) > 0), np.nonzero(np.diff(band, axis=0) < 0)
    first, last = round(_BEYOND[0] * ink.letter), round(_BEYOND[1] * ink.letter)
    above = below = 0.0
    for step in range(first, last + 1):
        above += float(profiles[np.maximum(starts[0] - step, 0), starts[1]].sum())
        below += float(profiles[np.minimum(ends[0] - 1 + step, len(profiles) - 1), ends[1]].sum())
    return (above - below) / max(above + below, 1.0)


def cut_border(image: Grey) -> Grey:
    """The page with paper in place of the black that surrounds it; print is left as it is."""
    height, width = image.shape
    size = max(1, width // _BORDER_STEP), max(1, height // _BORDER_STEP)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 75))
    dark = (small < _BORDER * paper).astype(np.uint8)
    count, labels, parts, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    border = np.zeros_like(dark)
    for number in range(1, count):
        if _is_border(labels == number, parts[number]):
            border[labels == number] = 1
    if not border.any():
        return image
    wide = cv2.dilate(border, np.ones((3, 3), np.uint8))
    mask = cv2.resize(wide, (width, height), interpolation=cv2.INTER_NEAREST)
    clean = image.copy()
    clean[mask > 0] = round(paper)
    return clean


def _is_border(region: NDArray[np.bool_], part: NDArray[np.int32]) -> bool:
    """Whether a dark region lies along the edge of the scan and not far into it."""
    height, width = region.shape
    left, top, wide, high, _ = map(int, part)
    sides = (left == 0, top == 0, left + wide == width, top + high == height)
    if not any(sides):
        return False
    middle = region[
        int(height * _SCAN_EDGE) : int(height * (1 - _SCAN_EDGE)) + 1,
        int(width * _SCAN_EDGE) : int(width * (1 - _SCAN_EDGE)) + 1,
    ]
    along = wide / width if sides[1] or sides[3] else high / height
    return not middle.any() and along > 0.1


def _reduce(image: Grey) -> Grey:
    scale = _LOOK_SIDE / max(image.shape)
    if scale >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _turn(image: Grey, skew: float) -> Grey:
    """The page turned back by `skew` degrees around its middle, same size, paper in the corners."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    paper = float(np.percentile(image[:: max(1, height // 500), :: max(1, width // 500)], 75))
    return np.asarray(
        cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper),
        dtype=np.uint8,
    )
