"""What stands between the blocks of a page: rules and white bands. In: its blocks and rules. Out: `Walls`.

A wall is an upright rule, a bar a level one; a band is white above a block, as far to both sides as nothing stands in
it. Printers part columns, articles and frames by them: where two blocks of one column are parted by a band that goes
on through its neighbours, what is below begins anew in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.sheet import Sheet

WALLS = (
    "wall left", "wall left begins", "wall left ends", "wall right", "wall right begins", "wall right ends",
    "bar above", "bar below",
)  # fmt: skip
"""Names of what rules say of a block: is there one at its side, how far above it begins and below it ends; how long."""
BANDS = ("band above to left", "band above to right", "band below to left", "band below to right")
"""Names of what white says of a block: how far the band above it, and the one below, goes on beyond its sides."""
WALL_PAIRS = ("same wall", "wall between", "bar between")
BAND_PAIRS = ("band between", "tops level")

_SLACK = 0.3  # pitches: boxes of lines overlap so much, and a rule may stand in one
_NEAR = 0.6  # columns from a block's side within which a wall is its own
_HIGH = 3.0  # pitches: a bar farther from a block is not its own where no block is between
_MIDDLE = 1.0  # pitches: a band is looked for so far above a block at most
_OVERLAP = 0.3  # share of a block's side that a wall or a band must pass to part it from others

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Walls:
    """For n blocks: `walls` (n, WALLS), `bands` (n, BANDS), `wall_pairs` and `band_pairs` (n, n, ...), symmetric.

    Lengths are logarithms of columns, or of ten pitches where they are upright; distances asinh(pitches) / 2.
    """

    walls: Values
    bands: Values
    wall_pairs: Values
    band_pairs: Values


def find_walls(sheet: Sheet, rules: Sequence[Box]) -> Walls:
    """Find what parts the blocks of a sheet."""
    count = len(sheet.x0)
    if not count:
        return Walls(*(np.zeros((0,) * axes + (len(names),)) for axes, names in _SHAPES))
    upright = np.array([_edges(rule) for rule in rules if rule.height > rule.width]).reshape(-1, 4)
    level = np.array([_edges(rule) for rule in rules if rule.height <= rule.width]).reshape(-1, 4)
    sides = [_find_wall(sheet, upright, side) for side in (-1, 1)]
    bars = [_measure_bars(sheet, level, below) for below in (False, True)]
    lines, limits = _find_bands(sheet)
    reach_left = np.log1p(np.maximum(sheet.x0 - limits[:, 0], 0) / sheet.column)
    reach_right = np.log1p(np.maximum(limits[:, 1] - sheet.x1, 0) / sheet.column)
    under = sheet.below
    bands = [
        reach_left,
        reach_right,
        *(np.where(under >= 0, r[under], 0.0) for r in (reach_left, reach_right)),
    ]
    columns = np.log1p((limits[:, 1] - limits[:, 0]) / sheet.column)
    long = np.log1p((level[:, 2] - level[:, 0]) / sheet.column)
    high = np.log1p((upright[:, 3] - upright[:, 1]) / sheet.pitch / 10)
    flat, turned = (sheet.x0, sheet.y0, sheet.x1, sheet.y1), (sheet.y0, sheet.x0, sheet.y1, sheet.x1)
    slack = _SLACK * sheet.pitch
    middles = (level[:, 1] + level[:, 3]) / 2, (upright[:, 0] + upright[:, 2]) / 2
    level_apart = np.abs(sheet.y0[:, None] - sheet.y0[None]) / sheet.pitch
    return Walls(
        np.stack([*sides[0][1:], *sides[1][1:], *bars], 1),
        np.stack(bands, 1),
        np.stack(
            [
                _share_walls(sides[0][0], sides[1][0]),
                _part_pairs(turned, middles[1], upright[:, [1, 3]], high, slack),
                _part_pairs(flat, middles[0], level[:, [0, 2]], long, slack),
            ],
            2,
        ),
        np.stack([_part_pairs(flat, lines, limits, columns, slack), np.exp(-level_apart)], 2),
    )


_SHAPES = ((1, WALLS), (1, BANDS), (2, WALL_PAIRS), (2, BAND_PAIRS))


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _find_wall(s: Sheet, upright: Values, side: int) -> tuple[Values, Values, Values, Values]:
    """The nearest wall at one side: its number or -1, whether there is one, how it begins above and ends below."""
    if not len(upright):
        nothing = np.zeros(len(s.x0))
        return nothing - 1, nothing, nothing, nothing
    middle, edge = (s.y0 + s.y1) / 2, s.x0 if side < 0 else s.x1
    x = (upright[:, 0] + upright[:, 2]) / 2
    away = (x[None] - edge[:, None]) * side
    beside = (upright[None, :, 1] < middle[:, None]) & (upright[None, :, 3] > middle[:, None])
    away = np.where(beside & (away > -_SLACK * s.pitch) & (away < _NEAR * s.column), away, np.inf)
    nearest, found = away.argmin(1), np.isfinite(away.min(1))
    begins = np.where(found, _soften((s.y0 - upright[nearest, 1]) / s.pitch), 0.0)
    ends = np.where(found, _soften((upright[nearest, 3] - s.y1) / s.pitch), 0.0)
    return np.where(found, nearest, -1).astype(np.float64), found.astype(np.float64), begins, ends


def _measure_bars(s: Sheet, level: Values, below: bool) -> Values:
    """How long the longest bar is between a block and the next one above it, or below."""
    if not len(level):
        return np.zeros(len(s.x0))
    slack, next_ = _SLACK * s.pitch, s.below if below else s.above
    if below:
        near = s.y1 - slack
        far = np.where(next_ >= 0, s.y0[next_] + slack, s.y1 + _HIGH * s.pitch)
    else:
        near = np.where(next_ >= 0, s.y1[next_] - slack, s.y0 - _HIGH * s.pitch)
        far = s.y0 + slack
    y = (level[:, 1] + level[:, 3]) / 2
    between = (y[None] > near[:, None]) & (y[None] < far[:, None])
    wide = np.minimum(s.x1[:, None], level[None, :, 2]) - np.maximum(s.x0[:, None], level[None, :, 0])
    long: Values = np.where(between & (wide > 0), (level[:, 2] - level[:, 0])[None], 0.0).max(1)
    return np.log1p(long / s.column)


def _find_bands(s: Sheet) -> tuple[Values, Values]:
    """The height of the white band above each block, and its left and right end."""
    above = np.where(s.above >= 0, s.y0 - s.y1[s.above], _MIDDLE * s.pitch)
    middle = s.y0 - np.clip(above / 2, 0, _MIDDLE * s.pitch)
    found = [_look_aside(s, line) for line in (s.y0, middle)]
    wider = (found[1][:, 1] - found[1][:, 0]) > (found[0][:, 1] - found[0][:, 0])
    return np.where(wider, middle, s.y0), np.where(wider[:, None], found[1], found[0])


def _look_aside(s: Sheet, line: Values) -> Values:
    """How far one sees to the left and to the right along a line above each block."""
    slack = _SLACK * s.pitch
    stands = (s.y0[None] < line[:, None] - slack) & (s.y1[None] > line[:, None] + slack)
    np.fill_diagonal(stands, False)
    centre = (s.x0 + s.x1) / 2
    to_left, to_right = centre[None] < centre[:, None], centre[None] >= centre[:, None]
    left = np.where(stands & to_left, s.x1[None], s.x0.min()).max(1)
    right = np.where(stands & to_right, s.x0[None], s.x1.max()).min(1)
    return np.stack([np.minimum(left, s.x0), np.maximum(right, s.x1)], 1)


def _share_walls(left: Values, right: Values) -> Values:
    """1 where two blocks have a wall at their sides that is the same, 0.5 where each stands at another side of it."""
    same = sum(((a[:, None] == a[None]) & (a >= 0)[:, None]).astype(float) for a in (left, right))
    across = (left[:, None] == right[None]) & (left >= 0)[:, None]
    shared: Values = np.maximum(np.minimum(same, 1.0), 0.5 * (across | across.T))
    return shared


def _part_pairs(
    boxes: tuple[Values, Values, Values, Values], lines: Values, spans: Values, lengths: Values, slack: float
) -> Values:
    """(n, n) the length of the longest of some level lines that runs between two blocks, past both; 0 without."""
    x0, y0, x1, y1 = boxes
    table = np.zeros((len(x0), len(x0)))
    wide = np.minimum(x1[:, None], spans[None, :, 1]) - np.maximum(x0[:, None], spans[None, :, 0])
    passed = wide > _OVERLAP * (x1 - x0)[:, None]
    before = passed & (y1[:, None] < lines[None] + slack)
    after = passed & (y0[:, None] > lines[None] - slack)
    for number in np.argsort(lengths):
        table[np.ix_(before[:, number], after[:, number])] = lengths[number]
    return np.maximum(table, table.T)


def _soften(values: Values) -> Values:
    return np.arcsinh(values) / 2
