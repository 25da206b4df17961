"""White lanes between columns. In: the print without rules, upright rules. Out: masks of where columns are parted.

Sizes are in heights of the page's small letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from leggio.news.ink import Mask

_LANE_INK = 0.06  # share of ink that a lane may hold
_FLANK = 8.0  # print on both sides of a lane is so near; beside short lines it may be farther, for
_LANE_BREAK = 3.0  # so much of a lane's length
_LANE_END = 3.0  # how far a lane goes on beyond what made it one


@dataclass(frozen=True, slots=True)
class _Lane:
    """A kind of white lane: so wide and so long at least; it may lean by so many cells over that length."""

    wide: float
    long: float
    leans: tuple[float, ...]


# Spaces of four lines hardly align; where a gutter is as narrow as a space, twelve lines must show it. The narrow one
# is soon lost where the page is bent.
_LANES = (_Lane(0.7, 11.0, (0.0,)), _Lane(0.25, 30.0, (0.0, -1.0, 1.0, -2.0, 2.0)))

Boundary = tuple[int, int, int, int]  # left, top, right, bottom in working pixels


def find_lanes(printed: Mask, letter: float, uprights: Sequence[Boundary]) -> tuple[Mask, Mask]:
    """1 where a white lane or an upright rule parts columns: what is sure, and the same with all white in line with it.

    A lane is white between print on both sides, line after line. Beside a centred heading or at the top of a column
    print is far, but the lane goes on; it may go through the space between two words of a headline there.
    `printed` (height, width) is the ink without rules; `letter` the height of small letters in its pixels.
    """
    height, width = printed.shape
    sure, full = np.zeros_like(printed), np.zeros_like(printed)
    for lane in _LANES:
        lanes, white = _find_white(printed, letter, lane)
        sure |= cv2.resize(lanes, (width, height), interpolation=cv2.INTER_NEAREST)
        full |= cv2.resize(_lengthen(lanes, white), (width, height), interpolation=cv2.INTER_NEAREST)
    for x0, y0, x1, y1 in uprights:
        sure[y0:y1, x0:x1] = 1
    return np.asarray(sure, dtype=np.uint8), np.asarray(full | sure, dtype=np.uint8)


def _find_white(printed: Mask, letter: float, lane: _Lane) -> tuple[Mask, Mask]:
    """1 on white lanes of a kind, and on all white so wide, in cells of a part of a letter."""
    height, width = printed.shape
    cell = max(2, round(lane.wide * letter / 2)), max(2, round(letter))
    size = max(1, width // cell[0]), max(1, height // cell[1])
    share = cv2.resize(printed * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    white = (share < _LANE_INK * 255).astype(np.uint8)
    flank = round(_FLANK * letter / cell[0])
    between = white & cv2.morphologyEx(1 - white, cv2.MORPH_CLOSE, np.ones((1, 2 * flank + 1), np.uint8))
    lines = round(_LANE_BREAK * letter / cell[1])
    between = white & cv2.morphologyEx(between, cv2.MORPH_CLOSE, np.ones((lines, 1), np.uint8))
    least = max(1, round(lane.wide * letter / cell[0])), round(lane.long * letter / cell[1])
    lanes = _find_upright(between, least, lane.leans)
    ends = 2 * round(_LANE_END * letter / cell[1]) + 1  # up to a column's first line, where it is not cut yet
    lanes |= between & cv2.dilate(lanes, np.ones((ends, 1), np.uint8))
    wide = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((1, least[0]), np.uint8))
    return np.asarray(lanes, dtype=np.uint8), np.asarray(wide, dtype=np.uint8)


def _find_upright(white: Mask, least: tuple[int, int], leans: Sequence[float]) -> Mask:
    """Where white is at least so wide and so high, upright or leaning by so many cells over its height."""
    height, width = white.shape
    found = np.zeros_like(white)
    for lean in leans:
        slope = lean / least[1]
        turn = np.array([[1, -slope, slope * height / 2], [0, 1, 0]], np.float64)
        upright = cv2.warpAffine(white, turn, (width, height), flags=cv2.INTER_NEAREST)
        lanes = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones(least[::-1], np.uint8))
        back = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        found |= white & cv2.warpAffine(lanes, turn, (width, height), flags=back)
    return np.asarray(found, dtype=np.uint8)


def _lengthen(lanes: Mask, white: Mask) -> Mask:
    """The lanes with all that is `white` straight above and below them."""
    columns = np.pad(white.T, ((0, 0), (1, 0)))  # a run of white never goes on in the next column
    flat = columns.ravel().astype(np.int8)
    runs = np.cumsum(np.diff(flat, prepend=np.int8(0)) > 0) * flat
    reached = np.zeros(int(runs.max(initial=0)) + 1, bool)
    reached[runs[np.pad(lanes.T, ((0, 0), (1, 0))).ravel() > 0]] = True
    reached[0] = False
    full = reached[runs].reshape(columns.shape)[:, 1:].T
    return np.asarray(lanes | full, dtype=np.uint8)
