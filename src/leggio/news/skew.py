"""How the text of a page lies. In: a reduced grey page. Out: whether it is turned on its side, and its skew.

Only text is asked, of which `news.pitch` knows the look: strokes of engravings, specks and rules lie as they like.
Skew is measured by projection (Postl 1986): along the lines of text the lower edges of letters fall together. Strips of
the page are projected apart, because lines of neighbouring columns need not be level with each other. On bent paper
the clearest lines win: with the middle of all angles no part of the page would be level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.news.pitch import TILE, find_text

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Points = NDArray[np.float32]

# Body type is looked for on a page of twice the size, so that its lines are as far apart as `find_text` needs, and
# tiles are so narrow that lines that lean by 5 degrees stay level in them. Without any, larger type is looked for.
_SIZES = 2.0, 1.0, 0.5
_FEWEST_TILES = 12  # with fewer there is too little text; a page that is all halftone has up to 6 by chance
_SIDEWAYS = (
    2.0  # a page is turned where so many times more tiles look like upright lines than like level ones
)
_ENOUGH = 0.1  # of all tiles: level text is there; pages on their side show up to 0.04 of it
_ALONG = (
    2.5  # times: ink of letters runs 0.4 to 1.9 times as far across as down, waves of engravings 13 times
)

_FEWEST = 2000  # edges of letters: with fewer there is too little text to measure skew
_STRIPS = 150, 450  # pixels: about a column; three columns
# Degrees: how far a page is taken to lean, and the steps of the search.
_WIDEST, _COARSE, _FINE = 5.0, 0.5, 0.05


@dataclass(frozen=True, slots=True)
class Lie:
    """Whether lines of text run up and down the page, and by how many degrees they lean clockwise as it lies."""

    sideways: bool = False
    skew: float = 0.0


def find_lie(small: Grey) -> Lie:
    """How the text of a page (height, width) of about 2000 pixels lies; level where there is too little text."""
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 20)
    ink = np.asarray(ink, np.uint8)
    for size in _SIZES:
        if min(small.shape) * size < min(TILE):
            break
        level = _find_tiles(ink, size)
        if level.sum() > max(_FEWEST_TILES, _ENOUGH * level.size):
            return Lie(False, _measure_skew(ink, level, size))
        across = np.ascontiguousarray(ink.T)
        upright = _find_tiles(across, size)
        if upright.sum() >= max(_FEWEST_TILES, _SIDEWAYS * level.sum()):
            return Lie(True, -_measure_skew(across, upright, size))
        if level.sum() >= _FEWEST_TILES:
            return Lie(False, _measure_skew(ink, level, size))
    return Lie()


def _find_tiles(ink: Mask, size: float) -> Mask:
    """1 for each tile of the page (down, across) that looks like level text, 0 for others."""
    way = cv2.INTER_NEAREST if size > 1 else cv2.INTER_AREA
    text = find_text(np.asarray(cv2.resize(ink, None, fx=size, fy=size, interpolation=way), np.uint8))
    if not text.any():
        return text
    high, wide = (round(side / size) for side in TILE)
    down, across = text.shape
    right = np.zeros_like(ink)
    right[:, :-1] = ink[:, :-1] & (1 - ink[:, 1:])
    lower, right = (
        cv2.resize(edges[: down * high, : across * wide] * np.uint8(255), (across, down), interpolation=cv2.INTER_AREA)
        for edges in (_find_lower_edges(ink), right)
    )  # fmt: skip
    return np.asarray(text & (lower < _ALONG * np.maximum(right, 1)), np.uint8)


def _measure_skew(ink: Mask, text: Mask, size: float) -> float:
    """The angle in degrees, clockwise, along which the text lines up."""
    points = _find_feet(_find_lower_edges(ink) & _cover(text, size, ink.shape))
    if len(points) == 0:
        return 0.0

    def rate(angle: float) -> float:
        return sum(_line_up(points, float(angle), strip) for strip in _STRIPS)

    best = max(np.arange(-_WIDEST, _WIDEST + _COARSE / 2, _COARSE), key=rate)
    return float(max(np.arange(best - _COARSE, best + _COARSE + _FINE / 2, _FINE), key=rate))


def _cover(text: Mask, size: float, shape: tuple[int, ...]) -> Mask:
    """1 on tiles of text and beside them, as large as the page: of curled lines tiles find only the level part."""
    high, wide = (round(side / size) for side in TILE)
    grown = cv2.dilate(text, np.ones((1, 3), np.uint8))
    cover = np.zeros(shape, np.uint8)
    cover[: len(text) * high, : text.shape[1] * wide] = np.repeat(
        np.repeat(grown, high, axis=0), wide, axis=1
    )
    return cover


def _find_lower_edges(ink: Mask) -> Mask:
    edge = np.zeros_like(ink)
    edge[:-1] = ink[:-1] & (1 - ink[1:])
    return edge


def _find_feet(edge: Mask) -> Points:
    """Points (n, 2), x and y, one a foot: whole feet are level at any skew, and would all vote for none."""
    y, x = np.nonzero(edge)
    if len(x) < _FEWEST:
        return np.zeros((0, 2), np.float32)
    points = np.stack([x, y], axis=1).astype(np.float32)
    # Whole pixels would fall together best at no angle at all: spread them over their pixel, always in the same way.
    # Spread by chance: if evenly, specks would lie more evenly on level lines than on others.
    points[:, 1] += np.random.default_rng(0).random(len(points), np.float32)
    starts = np.append(True, (np.diff(x) != 1) | (np.diff(y) != 0))
    return np.asarray(points[starts])


def _line_up(points: Points, angle: float, strip: int) -> float:
    """How unevenly points fall on lines at an angle: squared steps from line to line, in strips so wide."""
    x, y = points[:, 0], points[:, 1]
    width, height = float(x.max()) + 1, float(y.max()) + 1
    slope = math.tan(math.radians(angle))
    rows = (y - x * slope + (width * abs(slope) + 1.5)).astype(np.int64)
    lines = int(height + 2 * width * abs(slope)) + 4
    strips = (x / strip).astype(np.int64)
    counts = np.bincount(strips * lines + rows, minlength=(int(width / strip) + 1) * lines)
    return float((np.diff(counts.astype(np.float64)) ** 2).sum())
