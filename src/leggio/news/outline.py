"""The outline of an article. In: the boxes of its blocks and those of all others. Out: one polygon without holes.

The page is cut into cells along the sides of all boxes. An article's cells are those of its blocks and the gaps between
them; what still lies apart is joined by the corridor that crosses least of other articles. The polygon goes around.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point

_TRESPASS = 50.0  # how much longer a way around another article may be than the way across it

Cells = NDArray[np.bool_]
Cell = tuple[int, int]
Corner = tuple[int, int]


def draw_outline(own: Sequence[Box], others: Iterable[Box] = ()) -> tuple[Point, ...]:
    """The polygon around the boxes `own`, in page pixels, clockwise on the page, first point not repeated.

    It leaves out the boxes `others` wherever it can stay in one piece without holes. Empty where `own` is.
    """
    own = [box for box in own if box.area > 0]
    if not own:
        return ()
    frame = _frame(own)
    near = [box for box in others if box.area > 0 and box.intersection(frame) > 0]
    xs = np.unique([x for box in (*own, *near) for x in (box.x0, box.x1)])
    ys = np.unique([y for box in (*own, *near) for y in (box.y0, box.y1)])
    cells = _paint(own, xs, ys)
    taken = _paint(near, xs, ys) & ~cells
    cells = _fill_gaps(cells, taken)
    cells = _join_parts(cells, taken, np.diff(xs), np.diff(ys))
    ring = max(_trace_rings(_fill_holes(cells)), key=lambda corners: _area(corners, xs, ys))
    return tuple(Point(float(xs[x]), float(ys[y])) for x, y in _drop_straight(ring))


def _frame(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    )


def _paint(boxes: Iterable[Box], xs: NDArray[np.float64], ys: NDArray[np.float64]) -> Cells:
    cells = np.zeros((len(ys) - 1, len(xs) - 1), np.bool_)
    for box in boxes:
        x0, x1 = np.searchsorted(xs, (box.x0, box.x1))
        y0, y1 = np.searchsorted(ys, (box.y0, box.y1))
        cells[y0:y1, x0:x1] = True
    return cells


def _fill_gaps(cells: Cells, taken: Cells) -> Cells:
    """Add the free cells that have the article on both sides, or above and below, with nothing else between."""
    return cells | _between(cells, taken) | _between(cells.T, taken.T).T


def _between(cells: Cells, taken: Cells) -> Cells:
    filled = np.zeros_like(cells)
    for row, line in enumerate(cells):
        for left, right in pairwise(np.flatnonzero(line)):
            if not taken[row, left + 1 : right].any():
                filled[row, left + 1 : right] = True
    return filled


def _join_parts(
    cells: Cells, taken: Cells, widths: NDArray[np.float64], heights: NDArray[np.float64]
) -> Cells:
    """Join what lies apart by the cheapest corridors of cells."""
    cells = cells.copy()
    while True:
        count, parts = cv2.connectedComponents(cells.astype(np.uint8), connectivity=4)
        if count <= 2:  # the paper and one part
            return cells
        for cell in _find_corridor(parts == 1, cells & (parts != 1), taken, widths, heights):
            cells[cell] = True


def _find_corridor(
    start: Cells, goal: Cells, taken: Cells, widths: NDArray[np.float64], heights: NDArray[np.float64]
) -> list[Cell]:
    """The cheapest way (Dijkstra) from one part to any other; a step costs its length."""
    cost = np.full(start.shape, np.inf)
    cost[start] = 0
    before: dict[Cell, Cell] = {}
    queue: list[tuple[float, Cell]] = [(0.0, (int(y), int(x))) for y, x in np.argwhere(start)]
    while queue:
        spent, cell = heapq.heappop(queue)
        if goal[cell]:
            return _walk_back(cell, before)
        if spent > cost[cell]:
            continue
        for other in _beside(cell, start.shape):
            length = (widths[cell[1]] + widths[other[1]]) / 2 if cell[0] == other[0] else 0.0
            length += (heights[cell[0]] + heights[other[0]]) / 2 if cell[1] == other[1] else 0.0
            total = spent + length * (_TRESPASS if taken[other] else 1.0)
            if total < cost[other]:
                cost[other] = total
                before[other] = cell
                heapq.heappush(queue, (total, other))
    raise AssertionError("cells of one frame are always joined")


def _walk_back(cell: Cell, before: dict[Cell, Cell]) -> list[Cell]:
    way = [cell]
    while way[-1] in before:
        way.append(before[way[-1]])
    return way


def _beside(cell: Cell, shape: tuple[int, ...]) -> Iterator[Cell]:
    y, x = cell
    for row, column in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
        if 0 <= row < shape[0] and 0 <= column < shape[1]:
            yield row, column


def _fill_holes(cells: Cells) -> Cells:
    """Fill what the article encloses: paper that no way of cells, askew ones too, joins with the rim."""
    paper = np.pad(~cells, 1, constant_values=True).astype(np.uint8)
    _, parts = cv2.connectedComponents(paper, connectivity=8)
    outside = parts == parts[0, 0]
    return np.asarray(~outside[1:-1, 1:-1], np.bool_)


def _trace_rings(cells: Cells) -> Iterator[list[Corner]]:
    """The closed ways along the cells' sides, the article on the right hand."""
    padded = np.pad(cells, 1)
    ways: dict[Corner, list[Corner]] = {}
    for y, x in np.argwhere(padded):
        x0, y0 = int(x) - 1, int(y) - 1
        sides = (
            (padded[y - 1, x], (x0, y0), (x0 + 1, y0)),
            (padded[y, x + 1], (x0 + 1, y0), (x0 + 1, y0 + 1)),
            (padded[y + 1, x], (x0 + 1, y0 + 1), (x0, y0 + 1)),
            (padded[y, x - 1], (x0, y0 + 1), (x0, y0)),
        )
        for inside, start, end in sides:
            if not inside:
                ways.setdefault(start, []).append(end)
    while ways:
        yield _follow(ways)


def _follow(ways: dict[Corner, list[Corner]]) -> list[Corner]:
    """Take one closed way out of `ways`; where two meet in a corner, turn right, so that both stay apart."""
    first = min(ways)
    ring, here, ahead = [first], ways[first][0], (1, 0)
    ways[first].pop(0)
    ahead = (here[0] - first[0], here[1] - first[1])
    while here != first:
        ring.append(here)
        right = (here[0] - ahead[1], here[1] + ahead[0])
        choices = ways[here]
        following = right if right in choices else choices[0]
        choices.remove(following)
        ahead = (following[0] - here[0], following[1] - here[1])
        here = following
    for corner in [corner for corner, ends in ways.items() if not ends]:
        del ways[corner]
    return ring


def _drop_straight(ring: list[Corner]) -> list[Corner]:
    """Keep only the corners at which the way turns."""
    turns = zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
    return [b for a, b, c in turns if (a[0] == b[0]) != (b[0] == c[0])]


def _area(ring: list[Corner], xs: NDArray[np.float64], ys: NDArray[np.float64]) -> float:
    """Twice the enclosed area (the shoelace formula)."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(float(xs[a[0]] * ys[b[1]] - xs[b[0]] * ys[a[1]]) for a, b in sides))
