"""Tables of a page. In: its lines and rules. Out: the rows of each table, and the lines that are in none.

A table is told by its figures: short pieces, one below the other, that end at one edge, each in a row with words far
on its left. More columns of figures join those, and so does what stands between. Sizes are in heights of the page's
usual line, from the tops of high letters to the bottoms of hanging ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Line, Rule

_CELL = 8.0  # a figure is not wider: no column of text is so narrow
_LEAST_GAP, _MOST_GAP = 0.8, 28.0  # white between two cells of a row; a space is less, a column hardly wider
_WORDS_GAP = 1.5  # usual white between words and their figures
_BESIDE = 0.6  # of the lower piece's height: cells of one row share so much
_LIKE = 1.6  # figures have no hanging letters, words may have no high ones: heights differ by less than that
_EDGE = 0.4  # figures below each other end so close to one edge
_PITCH = 2.4  # from row to row at most
_ROWS = 2  # fewer are a number beside a heading
_FAR = 5.0  # usual white in a table of just so many: nearer short pieces happen in two columns
_RAGGED = 1.0  # ends of words in a table differ by more, ends of lines at a gutter by less
_ROW = 0.6  # middles of two rows are farther apart
_LONG = 12.0  # a line of text is longer; where such lines end above and below, a column ends
_AROUND = 20.0  # so far above and below they are counted
_ENDS = 3  # so many lines that end at one place are no chance
_BEYOND = 4.0  # a rule that goes on so far above and below a table parts columns

Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Places of two pieces side by side in a row."""

    left: int
    right: int


def find_tables(
    lines: Sequence[Line], rules: Sequence[Rule], usual: float
) -> tuple[tuple[tuple[Line, ...], ...], tuple[Line, ...]]:
    """The rows of each table, from top to bottom, and all other lines; `usual` is the height of a usual line."""
    if not lines:
        return (), ()
    boxes = np.array([(b.x0, b.y0, b.x1, b.y1) for b in (line.box for line in lines)])
    stacks = list(_stack(list(_pair_cells(boxes, usual)), boxes, usual))
    walls = [rule.box for rule in rules if rule.upright]
    seeds = [stack for stack in stacks if _is_of_words(stack, boxes, walls, usual)]
    tables: list[tuple[Line, ...]] = []
    gone: set[int] = set()
    for members in _grow(seeds, stacks):
        inside = _find_inside(members, boxes, usual) - gone
        if not members & gone and _is_plain(inside, members, boxes, usual):
            gone |= inside
            tables.append(_join_rows([lines[place] for place in inside], usual))
    return tuple(tables), tuple(line for place, line in enumerate(lines) if place not in gone)


def _pair_cells(boxes: Boxes, usual: float) -> Iterator[_Pair]:
    """Each short piece with the nearest one on its left in its row."""
    x0, y0, x1, y1 = boxes.T
    heights = y1 - y0
    for right in np.flatnonzero((x1 - x0 <= _CELL * usual) & (heights < _LIKE * usual)):
        gap = x0[right] - x1
        shared = np.minimum(y1, y1[right]) - np.maximum(y0, y0[right])
        low, high = np.minimum(heights, heights[right]), np.maximum(heights, heights[right])
        beside = (gap > -0.5 * usual) & (x0 < x0[right]) & (shared >= _BESIDE * low)
        beside[right] = False
        if not beside.any():
            continue
        left = int(np.where(beside, x1, -np.inf).argmax())
        if _LEAST_GAP * usual <= gap[left] <= _MOST_GAP * usual and high[left] <= _LIKE * low[left]:
            yield _Pair(left, int(right))


def _stack(pairs: Sequence[_Pair], boxes: Boxes, usual: float) -> Iterator[list[_Pair]]:
    """Pairs below each other whose right pieces end at one edge, with white through all of them."""
    rest = sorted(pairs, key=lambda pair: boxes[pair.right, 1])
    while rest:
        stack = [rest.pop(0)]
        for pair in list(rest):
            if _follows(stack, pair, boxes, usual):
                stack.append(pair)
                rest.remove(pair)
        if len(stack) >= _ROWS:
            yield stack


def _follows(stack: Sequence[_Pair], pair: _Pair, boxes: Boxes, usual: float) -> bool:
    last = stack[-1]
    step = boxes[pair.right, 1::2].mean() - boxes[last.right, 1::2].mean()
    if (
        not _ROW * usual < step < _PITCH * usual
        or abs(boxes[pair.right, 2] - boxes[last.right, 2]) > _EDGE * usual
    ):
        return False
    left, right = _find_white([*stack, pair], boxes)
    return right - left > _LEAST_GAP / 2 * usual


def _find_white(stack: Sequence[_Pair], boxes: Boxes) -> tuple[float, float]:
    """The edges of the white that goes through all pairs."""
    left = max(float(boxes[pair.left, 2]) for pair in stack)
    return left, min(float(boxes[pair.right, 0]) for pair in stack)


def _is_of_words(stack: Sequence[_Pair], boxes: Boxes, walls: Sequence[Box], usual: float) -> bool:
    """Whether a stack is words with figures far on their right, and not the ends and beginnings of two columns."""
    lefts, rights = [pair.left for pair in stack], [pair.right for pair in stack]
    ends, gaps = boxes[lefts, 2], boxes[rights, 0] - boxes[lefts, 2]
    if np.median(gaps) < _WORDS_GAP * usual or (
        np.ptp(ends) < _RAGGED * usual and np.median(gaps) < 3 * usual
    ):
        return False
    if len(stack) == _ROWS and np.median(gaps) < _FAR * usual:
        return False
    if _is_gutter(stack, boxes, usual):
        return False
    top, bottom = float(boxes[rights, 1].min()), float(boxes[rights, 3].max())
    left, right = float(ends.min()), float(boxes[rights, 0].max())
    reach = _BEYOND * usual
    return not any(
        left < wall.center.x < right
        and wall.y0 < bottom
        and wall.y1 > top
        and (wall.y0 < top - reach or wall.y1 > bottom + reach)
        for wall in walls
    )


def _is_gutter(stack: Sequence[_Pair], boxes: Boxes, usual: float) -> bool:
    """Whether a column of text ends on the left of the white: more lines near by end there than go across."""
    rights = [pair.right for pair in stack]
    end = float(boxes[[pair.left for pair in stack], 2].max())
    top, bottom = float(boxes[rights, 1].min()), float(boxes[rights, 3].max())
    near = (boxes[:, 1] < bottom + _AROUND * usual) & (boxes[:, 3] > top - _AROUND * usual)
    near &= boxes[:, 2] - boxes[:, 0] > _LONG * usual
    ending = near & (abs(boxes[:, 2] - end) < _EDGE * usual)
    across = near & (boxes[:, 0] < end - usual) & (boxes[:, 2] > end + usual)
    return bool(ending.sum() >= max(_ENDS, across.sum()))


def _grow(seeds: Sequence[list[_Pair]], stacks: Sequence[list[_Pair]]) -> list[set[int]]:
    """The pieces of each table: those of stacks of words and of all stacks that share pieces with them."""
    tables: list[set[int]] = []
    for seed in seeds:
        members = {place for pair in seed for place in (pair.left, pair.right)}
        while True:
            more = members.union(
                *(
                    {place for pair in stack for place in (pair.left, pair.right)}
                    for stack in stacks
                    if sum(pair.left in members or pair.right in members for pair in stack) >= _ROWS
                )
            )
            if more == members:
                break
            members = more
        near = [table for table in tables if table & members]
        tables = [table for table in tables if table not in near] + [members.union(*near)]
    return tables


def _find_inside(members: set[int], boxes: Boxes, usual: float) -> set[int]:
    """All pieces whose middles lie in the box around some."""
    places = sorted(members)
    x0, y0 = boxes[places, :2].min(axis=0) - 0.2 * usual
    x1, y1 = boxes[places, 2:].max(axis=0) + 0.2 * usual
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = (middle[:, 0] > x0) & (middle[:, 0] < x1) & (middle[:, 1] > y0) & (middle[:, 1] < y1)
    return {int(place) for place in np.flatnonzero(inside)} | members


def _is_plain(inside: set[int], members: set[int], boxes: Boxes, usual: float) -> bool:
    """Whether the box of a table holds hardly anything else, and no larger print."""
    high = boxes[sorted(inside), 3] - boxes[sorted(inside), 1]
    return len(inside) <= 1.5 * len(members) and bool(high.max() < _LIKE * usual)


def _join_rows(pieces: Sequence[Line], usual: float) -> tuple[Line, ...]:
    """Pieces as rows, each one line."""
    rows: list[list[Line]] = []
    middle = -np.inf
    for piece in sorted(pieces, key=lambda line: line.box.center.y):
        if piece.box.center.y - middle >= _ROW * usual:
            rows.append([])
        rows[-1].append(piece)
        middle = reduce(Line.join, rows[-1]).box.center.y
    return tuple(reduce(Line.join, sorted(row, key=lambda line: line.box.x0)) for row in rows)
