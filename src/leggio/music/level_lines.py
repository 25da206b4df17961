"""Thin level lines over the staves of a page, as endings have them. In: a system, the net's maps. Out: `LevelLine`s.

The net hardly finds these lines, but they are plain on the page: seen along the staff they keep one height for as long
as a bar or more, where beams are thicker and slurs bend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leggio.music.maps import Maps
from leggio.music.notation import System

_DARK = 50  # of 255: what counts as ink; a line of two pixels fills a third of a cell or of two
# In staff spaces.
_LOWEST, _HIGHEST = 0.8, 11.0  # such lines run at least and at most so far above the staff
_SHORTEST = 3.0  # no bar is shorter
_GAP = 0.5  # other ink that crosses a line leaves at most such a gap
_JOINED = 1.2  # two pieces of one line are at most so far apart: print is worn
_THIN = 0.43  # ink higher than this is no line; beams are, but for the palest
_AROUND = 0.3  # ink so far above and below a line is measured with it
_THICK = 0.38  # a line is on the mean no thicker than this
_BENT = 0.2  # the middle of a line lies at most so far off the straight way between its ends
_CLIMB = 0.03  # and for each staff space to the right it rises or falls by at most so much against the staff
_HOOK = 0.6  # a hook at an end goes down at least so far
_AT_END = 0.45  # and stands at most so far from it
_COVERED = 0.85  # share of a line that is inked


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A line from `left` to `right` in page pixels, `height` staff spaces above the top line of its staff at the left.

    `hooked_left` and `hooked_right` say whether it turns down at its ends.
    """

    left: float
    right: float
    height: float
    hooked_left: bool
    hooked_right: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """The page over a staff, straightened along it: row 0 is the lowest one, `first` cells above the top line.

    `left` is the map column of the first column; `space` is a staff space in cells.
    """

    dark: NDArray[np.float32]
    left: int
    first: int
    space: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """Ink of about one row, in cells of a strip."""

    row: int
    start: int
    stop: int


def trace_lines(system: System, ceiling: float, cuts: Sequence[float], maps: Maps) -> tuple[LevelLine, ...]:
    """The lines over the top staff of a system from left to right.

    `ceiling` is the y that they lie below; at the x of `cuts` one line ends even if the next one begins there.
    """
    strip = _straighten(system, ceiling, maps)
    if not strip.dark.size:
        return ()
    width = strip.dark.shape[1]
    at = sorted(min(max(round(x / maps.cell) - strip.left, 0), width) for x in cuts)
    lines = []
    for start, stop in pairwise((0, *at, width)):
        pieces = _find_pieces(strip, start, stop)
        lines += [_measure(group, strip, maps.cell) for group in _join_pieces(pieces, strip.space)]
    return tuple(sorted((line for line in lines if line is not None), key=lambda line: line.left))


def _straighten(system: System, ceiling: float, maps: Maps) -> _Strip:
    staff, cell = system.staves[0], maps.cell
    space = staff.space / cell
    left = max(0, int((staff.xs[0] - staff.space) / cell))
    columns = np.arange(left, min(maps.dark.shape[1], int((staff.xs[-1] + 1.5 * staff.space) / cell)))
    top = np.interp(columns * cell, staff.xs, staff.lines[0]) / cell
    room = (float(top.max()) - ceiling / cell) / space if len(top) else 0.0
    heights = np.arange(round(_LOWEST * space), round(min(_HIGHEST, room) * space))
    rows = np.round(top[None] - heights[:, None]).astype(int)
    dark = maps.dark[np.clip(rows, 0, maps.dark.shape[0] - 1), columns[None]]
    inside = np.where(rows >= max(0.0, ceiling / cell), dark, 0).astype(np.float32)
    return _Strip(inside, left, round(_LOWEST * space), space)


def _find_pieces(strip: _Strip, start: int, stop: int) -> list[_Piece]:
    """Long thin ink in one row, or in the rows beside it, between two columns."""
    inked = strip.dark[:, start:stop] > _DARK
    thin = inked & (_count_along(inked) <= _THIN * strip.space)
    thin[1:], thin[:-1] = thin[1:] | thin[:-1], thin[:-1] | thin[1:]
    pieces = []
    for row in np.flatnonzero(thin.sum(axis=1) > _SHORTEST * strip.space).tolist():
        columns = np.flatnonzero(thin[row])
        cuts = np.flatnonzero(np.diff(columns) > _GAP * strip.space) + 1
        for run in np.split(columns, cuts):
            width = int(run[-1] - run[0]) + 1
            if width > _SHORTEST * strip.space and len(run) > _COVERED * width:
                pieces.append(_Piece(row, start + int(run[0]), start + int(run[-1])))
    return pieces


def _count_along(inked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How high the ink is that each inked cell is part of, straight up and down."""
    above, below = (np.zeros(inked.shape, np.int64) for _ in range(2))
    for row in range(len(inked)):
        above[row] = np.where(inked[row], (above[row - 1] if row else 0) + 1, 0)
    for row in range(len(inked) - 1, -1, -1):
        below[row] = np.where(inked[row], (below[row + 1] if row + 1 < len(inked) else 0) + 1, 0)
    return above + below - 1


def _join_pieces(pieces: Sequence[_Piece], space: float) -> list[list[_Piece]]:
    """The pieces of each line; a line that climbs a little is in several rows."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.row)):
        near = [group for group in groups if any(_go_on(one, piece, space) for one in group)]
        merged = [piece, *(one for group in near for one in group)]
        groups = [group for group in groups if group not in near] + [merged]
    return groups


def _go_on(piece: _Piece, other: _Piece, space: float) -> bool:
    away = max(piece.start, other.start) - min(piece.stop, other.stop)
    return abs(piece.row - other.row) <= 2 and away < _JOINED * space


def _measure(group: Sequence[_Piece], strip: _Strip, cell: float) -> LevelLine | None:
    """A line from its pieces; None where the ink is thick or bent."""
    start, stop = min(piece.start for piece in group), max(piece.stop for piece in group)
    low, high = min(piece.row for piece in group), max(piece.row for piece in group)
    reach = round(_AROUND * strip.space)
    window = strip.dark[max(0, low - reach) : high + reach + 1, start : stop + 1]
    rows = np.arange(max(0, low - reach), max(0, low - reach) + len(window))
    mass = window.sum(axis=0)
    thickness = float(np.median(mass)) / 255 / strip.space
    heights = (window * rows[:, None]).sum(axis=0) / np.maximum(mass, 1)
    xs = np.arange(len(heights))
    sure = (mass > _DARK) & (mass < 255 * _THIN * strip.space)  # nothing crosses the line here
    if thickness > _THICK or sure.sum() < len(xs) / 2:
        return None
    bend, climb, _ = np.polyfit(xs[sure], heights[sure], 2)
    slope = climb + bend * len(xs)  # of the chord between the two ends
    if abs(bend) * len(xs) ** 2 / 4 > _BENT * strip.space or abs(slope) > _CLIMB:
        return None
    ends = (float(np.median(heights[sure][:reach])), float(np.median(heights[sure][-reach:])))
    hooks = [_has_hook(strip, x, round(height)) for x, height in zip((start, stop), ends, strict=True)]
    left, right = ((strip.left + x + 0.5) * cell for x in (start, stop))
    return LevelLine(left, right, (strip.first + ends[0]) / strip.space, hooks[0], hooks[1])


def _has_hook(strip: _Strip, x: int, row: int) -> bool:
    """Whether upright ink hangs from the end of a line."""
    near, down = round(_AT_END * strip.space), round(_HOOK * strip.space)
    rows = strip.dark[max(0, row - down) : max(1, row), max(0, x - near) : x + near + 1] > _DARK
    return len(rows) >= down - 1 and bool((rows.mean(axis=0) > _COVERED).any())
