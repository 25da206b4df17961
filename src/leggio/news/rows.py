"""Rows of text that came in pieces. In: lines and rules of a page. Out: lines, pieces of one row of a column joined.

Such are the number before a heading, the two halves of a row in a list, and a date beside a name. Whole lines near by,
as wide as the column, show that they are of one. Sizes are in heights of the page's usual line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Line, Rule

_LARGE = 1.35  # print so much larger is that of a heading, which may go over several columns
_BESIDE = 0.6  # of the lower piece's height: pieces of one row share so much
_LIKE = 1.6  # words without high and hanging letters are lower than others by not more than that
_SPACE = 2.0  # pieces of one row are farther apart than columns are
_REACH = 4.0  # a whole line this near shows that pieces are of one column
_EDGE = 1.0  # it begins and ends so close to them, or beyond
_BROAD = 8.0  # a line that is so much wider than both goes over several columns
_PASSES = 3  # rows that are whole now show the same of those beside them

Boxes = NDArray[np.float64]


def join_rows(lines: Sequence[Line], rules: Sequence[Rule], usual: float) -> list[Line]:
    """The lines, with pieces of one row as one line; `usual` is the height of a usual line, in pixels."""
    walls = [rule.box for rule in rules if rule.upright]
    rows = list(lines)
    for _ in range(_PASSES):
        count = len(rows)
        rows = _join_once(rows, walls, usual)
        if len(rows) == count:
            break
    return rows


def _join_once(lines: Sequence[Line], walls: Sequence[Box], usual: float) -> list[Line]:
    """Each piece with the nearest one on its left."""
    rows = sorted(lines, key=lambda line: line.box.x0)
    boxes = np.array([(b.x0, b.y0, b.x1, b.y1) for b in (line.box for line in rows)]).reshape(-1, 4)
    whole = boxes[boxes[:, 3] - boxes[:, 1] < _LARGE * usual]
    gone: set[int] = set()
    for place in range(len(rows)):
        beside = [mate for mate in np.flatnonzero(_are_beside(boxes, place, usual)) if mate not in gone]
        if not beside:
            continue
        mate = max(beside, key=lambda other: float(boxes[other, 2]))
        if _is_row(rows[mate].box, rows[place].box, whole, walls, usual):
            rows[place] = rows[mate].join(rows[place])
            box = rows[place].box
            boxes[place] = box.x0, box.y0, box.x1, box.y1
            gone.add(int(mate))
    return [row for place, row in enumerate(rows) if place not in gone]


def _are_beside(boxes: Boxes, place: int, usual: float) -> NDArray[np.bool_]:
    """Which pieces stand on the left of one in its row."""
    heights = boxes[:, 3] - boxes[:, 1]
    low, high = np.minimum(heights, heights[place]), np.maximum(heights, heights[place])
    shared = np.minimum(boxes[:, 3], boxes[place, 3]) - np.maximum(boxes[:, 1], boxes[place, 1])
    behind = (boxes[:, 0] < boxes[place, 0]) & (boxes[place, 0] - boxes[:, 2] > -_EDGE / 2 * usual)
    return np.asarray((shared >= _BESIDE * low) & (high <= _LIKE * low) & behind)


def _is_row(left: Box, right: Box, whole: Boxes, walls: Sequence[Box], usual: float) -> bool:
    """Whether a whole line near by, as wide as a column, goes over both, which no rule parts."""
    both = left.union(right)
    between = Box(left.x1, both.y0, max(right.x0, left.x1), both.y1)
    if right.x0 - left.x1 < _SPACE * usual or any(wall.intersection(between) > 0 for wall in walls):
        return False
    middle = (whole[:, 1] + whole[:, 3]) / 2
    over = (whole[:, 0] <= both.x0 + _EDGE * usual) & (whole[:, 2] >= both.x1 - _EDGE * usual)
    over &= whole[:, 2] - whole[:, 0] <= both.width + _BROAD * usual
    return bool((over & (middle > both.y0 - _REACH * usual) & (middle < both.y1 + _REACH * usual)).any())
