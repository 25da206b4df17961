"""Rivers: white that runs down through the spaces between words. In: pieces of lines. Out: lines, the rivers closed.

On worn print the spaces of some lines align and look like a lane between columns. But at a lane line after line begins
or ends, up to a heading or a rule; a river is crossed by other lines of its column. Sizes are in heights of the page's
small letters where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SMALL = 3.2  # higher pieces are of large print: their words may stand over several columns
# Pieces of a row: the lower one is so high beside the other, and shares so much of its height with it.
_LIKE, _BESIDE = 0.5, 0.6
_WIDEST = 20.0  # white in a row: some words in the middle of a line are worn off, but not half of a column
_OVER = 0.5  # pieces of a row lie no more over each other
_BELOW = 0.8  # a line below another is farther down
_LONG, _USUAL_PITCH = 10.0, 2.1  # lines so long tell the page's pitch; where there are none, it is this
_LEAST_PITCH, _MOST_PITCH = 0.8, 2.0  # times the page's pitch: that of a paragraph
_NEXT, _AFTER_NEXT = 0.4, 2.3  # times the pitch: a line so far above or below is one of the next two
_ACROSS = 1.0  # a line that goes across white covers it and so much on both sides: a letter
# Around white, up to the next rule or large print and no farther than so many lines, those that begin or end as near
# to it are counted, and those that go across it: a lane has this share of the first, and at least so many.
_WINDOW, _AT, _EDGE_SHARE, _EDGE_LEAST = 30.0, 0.5, 0.5, 3
_BAR = 3.0  # a rule or large print that ends a column covers white and so much on both sides: a dash does not
_ROUNDS = 5  # a line that was put together may go across another river; after so many few are found

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Boundary = tuple[int, int, int, int]  # left, top, right, bottom in working pixels


@dataclass(frozen=True, slots=True, eq=False)
class _Gaps:
    """White between two pieces in a row, each array one value a gap: the pieces, where it is, the pitch around it."""

    left: Ints
    right: Ints
    start: Floats
    end: Floats
    middle: Floats
    pitch: Floats


def close_rivers(pieces: Sequence[Boundary], letter: float, rules: Sequence[Boundary]) -> list[Boundary]:
    """The pieces of lines, those of one line joined where only a river parts them; no upright rule is crossed.

    `letter` is the height of small letters in their pixels.
    """
    boxes = np.array(pieces, np.float64).reshape(-1, 4)
    drawn = np.array(rules, np.float64).reshape(-1, 4)
    for _ in range(_ROUNDS):
        gaps = _find_gaps(boxes, letter, drawn)
        river = _find_rivers(boxes, letter, gaps, drawn)
        if not river.any():
            break
        boxes = _join(boxes, gaps.left[river], gaps.right[river])
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in boxes]


def _find_gaps(boxes: Floats, letter: float, rules: Floats) -> _Gaps:
    """The white behind each piece of small print up to the next one in its row."""
    x0, y0, x1, y1 = boxes.T
    high = y1 - y0
    low = np.minimum(high[:, None], high)
    white = x0 - x1[:, None]
    beside = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    row = (white >= -_OVER * letter) & (white <= _WIDEST * letter) & (beside >= _BESIDE * low)
    row &= (low >= _LIKE * np.maximum(high[:, None], high)) & _pair(high < _SMALL * letter)
    np.fill_diagonal(row, False)
    starts = np.where(row, x0, np.inf)
    left = np.flatnonzero(row.any(axis=1))
    right = starts[left].argmin(axis=1) if left.size else left
    start, end = x1[left], np.maximum(x0[right], x1[left] + 1)
    top, bottom = np.maximum(y0[left], y0[right])[:, None], np.minimum(y1[left], y1[right])[:, None]
    upright = rules[rules[:, 3] - rules[:, 1] > rules[:, 2] - rules[:, 0]]
    ruled = (upright[:, 0] <= end[:, None]) & (upright[:, 2] >= start[:, None])
    ruled &= (upright[:, 1] < bottom) & (upright[:, 3] > top)
    free = ~ruled.any(axis=1)
    left, right = left[free], right[free]
    middle = (y0 + y1)[left] / 4 + (y0 + y1)[right] / 4
    return _Gaps(left, right, start[free], end[free], middle, _measure_pitch(boxes, letter, left, right))


def _measure_pitch(boxes: Floats, letter: float, left: Ints, right: Ints) -> Floats:
    """The pitch of the lines around each pair of pieces: how far the next ones above and below them are, usually."""
    x0, y0, x1, y1 = boxes.T
    middle, wide, small = (y0 + y1) / 2, x1 - x0, _pair(y1 - y0 < _SMALL * letter)
    shared = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    away = middle - middle[:, None]
    under = small & (shared >= 0.5 * np.minimum(wide[:, None], wide)) & (away > _BELOW * letter)
    away = np.where(under, away, np.inf)
    below, above = away.min(axis=1, initial=np.inf), away.min(axis=0, initial=np.inf)
    told = (wide > _LONG * letter) & np.isfinite(below)
    usual = float(np.median(below[told])) if told.any() else _USUAL_PITCH * letter
    near = np.sort(np.stack([below[left], above[left], below[right], above[right]]), axis=0)[1]
    return np.where(near < _MOST_PITCH * usual, np.maximum(near, _LEAST_PITCH * usual), usual)


def _find_rivers(boxes: Floats, letter: float, gaps: _Gaps, rules: Floats) -> Bools:
    """Which gaps are of rivers: one of the next lines goes across some of it, and no column begins or ends there."""
    large = boxes[:, 3] - boxes[:, 1] >= _SMALL * letter
    level = rules[:, 2] - rules[:, 0] > rules[:, 3] - rules[:, 1]
    top, bottom = _find_limits(gaps, letter, np.concatenate([boxes[large], rules[level]]))
    x0, y0, x1, y1 = boxes[~large].T
    middle, start, end = (y0 + y1) / 2, gaps.start[:, None], gaps.end[:, None]
    near = (middle > top[:, None]) & (middle < bottom[:, None])
    across = near & (x0 < start - _ACROSS * letter) & (x1 > end + _ACROSS * letter)
    away = abs(middle - gaps.middle[:, None]) / gaps.pitch[:, None]
    crossed = (across & (away > _NEXT) & (away < _AFTER_NEXT)).any(axis=1)
    crossings = across.sum(axis=1)
    inside = np.ones(len(crossed), bool)
    for edge, place in ((x0, end), (x1, start)):
        at_edge = (near & (abs(edge - place) <= _AT * letter)).sum(axis=1)
        inside &= (at_edge < _EDGE_LEAST) | (at_edge < _EDGE_SHARE * (at_edge + crossings))
    return _spread(gaps, np.asarray(crossed & inside), inside)


def _spread(gaps: _Gaps, river: Bools, inside: Bools) -> Bools:
    """All gaps of a river, one below the other, where one is known to be of it, and all are `inside` of columns."""
    down = (gaps.middle - gaps.middle[:, None]) / gaps.pitch[:, None]
    shared = np.minimum(gaps.end[:, None], gaps.end) - np.maximum(gaps.start[:, None], gaps.start)
    next_ = (down > _NEXT) & (down < _AFTER_NEXT) & (shared > 0)
    next_ |= next_.T
    while True:
        more = river | (next_[:, river].any(axis=1) & inside)
        if (more == river).all():
            return river
        river = more


def _find_limits(gaps: _Gaps, letter: float, barriers: Floats) -> tuple[Floats, Floats]:
    """How far up and down from each gap its column may go on: to what lies across it, or `_WINDOW` lines."""
    over = (barriers[:, 0] <= gaps.start[:, None] - _BAR * letter) & (
        barriers[:, 2] >= gaps.end[:, None] + _BAR * letter
    )
    down = (barriers[:, 1] + barriers[:, 3]) / 2 - gaps.middle[:, None]
    beyond = _NEXT * gaps.pitch[:, None]
    above = np.where(over & (down < -beyond), down, -np.inf).max(axis=1, initial=-np.inf)
    below = np.where(over & (down > beyond), down, np.inf).min(axis=1, initial=np.inf)
    window = _WINDOW * gaps.pitch
    return gaps.middle + np.maximum(above, -window), gaps.middle + np.minimum(below, window)


def _join(boxes: Floats, left: Ints, right: Ints) -> Floats:
    """The boxes with each pair as one; pieces that come in chains all become one."""
    line = np.arange(len(boxes))
    for one, other in zip(left, right, strict=True):
        line[line == line[other]] = line[one]
    numbers, place = np.unique(line, return_inverse=True)
    joined = np.tile([np.inf, np.inf, -np.inf, -np.inf], (len(numbers), 1))
    np.minimum.at(joined[:, :2], place, boxes[:, :2])
    np.maximum.at(joined[:, 2:], place, boxes[:, 2:])
    return joined


def _pair(each: Bools) -> Bools:
    return np.asarray(each[:, None] & each)
