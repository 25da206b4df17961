"""Blocks of a page. In: its lines, rules and pictures. Out: a `Layout` of paragraphs, headings, captions and pictures.

Lines that stand below each other in one column are a chain. A chain is cut wherever one thing may end and another
begin: at a rule or a dash, at a gap, where print becomes larger or smaller, before an indented line and after a short
one, and around centred lines. Too many blocks do no harm, for articles are made of blocks; too large ones do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Layout, Line, Rule

# Sizes are in heights of the page's usual line, from the tops of high letters to the bottoms of hanging ones.
_OVERLAP = 0.5  # of the shorter line's width: lines below each other share so much
_FARTHEST = 3.0  # a line this far below is no longer the next one of its column
_GAP = 0.4  # white between two lines that is so much more than usual ends a block
_INDENT = 0.6  # an indented line begins a paragraph
_SHORT = 2.0  # a line that ends so far before the next one does ends a paragraph
_LARGE = 1.35  # print so much larger is a heading
_OTHER_SIZE = 1.45  # neighbours that differ so much are of two blocks
_CENTRED = 1.2  # white on both sides of a centred line, at least
_LOPSIDED = 0.35  # of the white beside a centred line: how unequal its sides may be
_WINDOW = 7  # lines above and below that tell how wide a column is
_HEADING_LINES = 5  # more centred lines are a poem
_BELOW_PICTURE = 3.0  # a caption is not farther from its picture
_CAPTION_LINES = 4
_ROW_SPACE = 2.0  # pieces of one row are farther apart than columns are
_ROW_REACH = 4.0  # a whole line this near shows that pieces are of one column
_IN_LINE = 0.7  # a rule so much of which lies in lines is a dash of their text


def build_layout(
    width: float, height: float, lines: Sequence[Line], rules: Sequence[Rule], pictures: Sequence[Box] = ()
) -> Layout:
    """The blocks of a page of `width` x `height` pixels, from top to bottom; ids of lines and blocks count from 0."""
    usual = measure_usual(lines)
    rules = _drop_dashes(rules, lines)
    rows = _join_rows(lines, rules, usual)
    blocks: list[tuple[BlockKind, Box, tuple[Line, ...]]] = [
        (_name_block(run, usual, pictures), _bound(run.lines), run.lines)
        for chain in _chain(rows, usual)
        for run in _join_headings(list(_cut(chain, rules, usual)), rules, usual)
    ]
    blocks += [(BlockKind.PICTURE, picture, ()) for picture in pictures]
    blocks.sort(key=lambda block: (block[1].y0, block[1].x0))
    return Layout(width, height, _number(blocks), rules)


def part_blocks(layout: Layout, rules: Sequence[Rule] = (), pictures: Sequence[Box] = ()) -> Layout:
    """The layout of somebody else with its blocks of text cut wherever one article may end and another begin.

    `rules` are taken in addition to its own, and so are `pictures` that hold none of its lines. What it calls a
    heading, a caption or a table stays whole.
    """
    lines = [line for block in layout.blocks for line in block.lines]
    usual = measure_usual(lines)
    rules = _drop_dashes((*layout.rules, *rules), lines)
    own = [block.box for block in layout.blocks if block.kind is BlockKind.PICTURE]
    pictures = [box for box in pictures if not any(box.contains(line.box.center) for line in lines)]
    pictures = [box for box in pictures if not any(box.intersection(other) > 0 for other in own)]
    blocks: list[tuple[BlockKind, Box, tuple[Line, ...]]] = [(BlockKind.PICTURE, box, ()) for box in pictures]
    pictures += own
    for block in layout.blocks:
        if block.kind is not BlockKind.TEXT or not block.lines:
            blocks.append((block.kind, block.box, block.lines))
            continue
        blocks += [
            (_name_block(run, usual, pictures), _bound(run.lines), run.lines)
            for chain in _chain(block.lines, usual)
            for run in _join_headings(list(_cut(chain, rules, usual)), rules, usual)
        ]
    return Layout(layout.width, layout.height, _number(blocks), rules)


def measure_usual(lines: Sequence[Line]) -> float:
    """The height of a usual line, in pixels; long lines count, for short ones may lack high and hanging letters."""
    if not lines:
        return 1.0
    heights = np.array([line.box.height for line in lines])
    widths = np.array([line.box.width for line in lines])
    order = np.argsort(heights)
    share = np.cumsum(widths[order])
    return max(float(heights[order][np.searchsorted(share, share[-1] / 2)]), 1.0)


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines of one block, and whether each is centred in its column."""

    lines: tuple[Line, ...]
    centred: bool


def _number(blocks: Iterable[tuple[BlockKind, Box, tuple[Line, ...]]]) -> tuple[Block, ...]:
    numbered, first = [], 0
    for number, (kind, box, lines) in enumerate(blocks):
        counted = tuple(replace(line, id=first + place) for place, line in enumerate(lines))
        first += len(lines)
        numbered.append(Block(number, kind, box, counted))
    return tuple(numbered)


def _drop_dashes(rules: Sequence[Rule], lines: Sequence[Line]) -> tuple[Rule, ...]:
    """The rules without those that lie in lines of text."""
    boxes = np.array([(b.x0, b.y0, b.x1, b.y1) for b in (line.box for line in lines)]).reshape(-1, 4)
    kept = []
    for rule in rules:
        width = np.minimum(boxes[:, 2], rule.box.x1) - np.maximum(boxes[:, 0], rule.box.x0)
        height = np.minimum(boxes[:, 3], rule.box.y1) - np.maximum(boxes[:, 1], rule.box.y0)
        if (np.maximum(width, 0) * np.maximum(height, 0)).sum() <= _IN_LINE * rule.box.area:
            kept.append(rule)
    return tuple(kept)


def _join_rows(lines: Sequence[Line], rules: Sequence[Rule], usual: float) -> list[Line]:
    """Pieces of one row as one line where a whole line near by shows that they are of one column.

    Such are the number before a heading, the two halves of a row in a list, and a date beside a name.
    """
    rows = sorted(lines, key=lambda line: line.box.x0)
    whole = [line for line in lines if line.box.height < _LARGE * usual]
    boxes = np.array([(b.x0, b.y0, b.x1, b.y1) for b in (line.box for line in rows)]).reshape(-1, 4)
    gone: set[int] = set()
    for place in range(len(rows)):
        for mate in np.flatnonzero(_are_beside(boxes, place, usual)):
            if mate not in gone and _is_row(rows[mate].box, rows[place].box, whole, rules, usual):
                rows[place] = Line(rows[mate].id, rows[mate].box.union(rows[place].box))
                box = rows[place].box
                boxes[place] = box.x0, box.y0, box.x1, box.y1
                gone.add(int(mate))
                break
    return [row for place, row in enumerate(rows) if place not in gone]


def _are_beside(boxes: NDArray[np.float64], place: int, usual: float) -> NDArray[np.bool_]:
    """Which pieces stand on the left of one in its row, farther away than a column would."""
    heights = boxes[:, 3] - boxes[:, 1]
    low, high = np.minimum(heights, heights[place]), np.maximum(heights, heights[place])
    shared = np.minimum(boxes[:, 3], boxes[place, 3]) - np.maximum(boxes[:, 1], boxes[place, 1])
    far = boxes[place, 0] - boxes[:, 2] >= _ROW_SPACE * usual
    return np.asarray((shared >= 0.6 * low) & (high <= _LARGE * low) & far)


def _is_row(left: Box, right: Box, whole: Sequence[Line], rules: Sequence[Rule], usual: float) -> bool:
    """Whether a whole line near by, as wide as a column, goes over both, and no rule stands between."""
    both = left.union(right)
    between = Box(left.x1, both.y0, right.x0, both.y1)
    if any(rule.upright and rule.box.intersection(between) > 0 for rule in rules):
        return False
    return any(
        line.box.x0 <= both.x0 + usual
        and line.box.x1 >= both.x1 - usual
        and line.box.width <= both.width + 8 * usual
        and both.y0 - _ROW_REACH * usual < line.box.center.y < both.y1 + _ROW_REACH * usual
        for line in whole
    )


def _chain(lines: Sequence[Line], usual: float) -> list[list[Line]]:
    """Lines below each other: each is followed by the next one below, if that has no nearer line above itself."""
    if not lines:
        return []
    boxes = np.array([(b.x0, b.y0, b.x1, b.y1) for b in (line.box for line in lines)])
    gaps = _measure_gaps(boxes, usual)
    below, above = gaps.argmin(axis=1), gaps.argmin(axis=0)
    follows = {
        int(upper): int(lower)
        for upper, lower in enumerate(below)
        if np.isfinite(gaps[upper, lower])
        and above[lower] == upper
        and not _spans(boxes, upper, int(lower), usual)
    }
    starts = set(range(len(lines))) - set(follows.values())
    chains = []
    for start in sorted(starts):
        chain = [start]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        chains.append([lines[number] for number in chain])
    return chains


def _measure_gaps(boxes: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """How far each line (column) is below each other one (row); infinite where it is not below it in one column."""
    x0, y0, x1, y1 = boxes.T
    shared = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    wide = np.minimum((x1 - x0)[:, None], x1 - x0)
    middle = (y0 + y1) / 2
    gap = y0[None, :] - y1[:, None]
    is_below = (middle[None, :] > middle[:, None] + 0.4 * usual) & (gap > -0.6 * usual)
    near = gap < _FARTHEST * np.maximum(usual, np.minimum((y1 - y0)[:, None], y1 - y0))
    return np.where(is_below & near & (shared >= _OVERLAP * wide), middle[None, :] - middle[:, None], np.inf)


def _spans(boxes: NDArray[np.float64], one: int, other: int, usual: float) -> bool:
    """Whether the wider of two lines goes over several columns: beside the narrower there is another line under it."""
    widths = boxes[:, 2] - boxes[:, 0]
    wide, narrow = (one, other) if widths[one] > widths[other] else (other, one)
    beside = np.minimum(boxes[:, 3], boxes[narrow, 3]) - np.maximum(boxes[:, 1], boxes[narrow, 1])
    mates = beside > 0.5 * np.minimum(boxes[:, 3] - boxes[:, 1], boxes[narrow, 3] - boxes[narrow, 1])
    shared = np.minimum(boxes[:, 2], boxes[wide, 2]) - np.maximum(boxes[:, 0], boxes[wide, 0])
    mates &= (shared > 2 * usual) & (widths > 2 * usual)
    mates[[narrow, wide]] = False
    return bool(mates.any())


def _cut(chain: Sequence[Line], rules: Sequence[Rule], usual: float) -> Iterator[_Run]:
    """The blocks of a chain."""
    boxes = [line.box for line in chain]
    centred = [_is_centred(number, boxes, usual) for number in range(len(boxes))]
    gaps = [lower.y0 - upper.y1 for upper, lower in pairwise(boxes)]
    usual_gap = median(gaps) if gaps else 0.0
    level = [rule.box for rule in rules if not rule.upright]
    start = 0
    for number in range(1, len(chain)):
        upper, lower = boxes[number - 1], boxes[number]
        after = boxes[number + 1] if number + 1 < len(boxes) else None
        if (
            centred[number] != centred[number - 1]
            or lower.y0 - upper.y1 > usual_gap + _GAP * usual
            or _differ(upper, lower, usual)
            or _is_ruled(upper, lower, level)
            or (not centred[number] and _begins_paragraph(upper, lower, after, usual))
        ):
            yield _Run(tuple(chain[start:number]), centred[start])
            start = number
    yield _Run(tuple(chain[start:]), centred[start])


def _is_centred(number: int, boxes: Sequence[Box], usual: float) -> bool:
    """Whether a line has about as much white on its left as on its right, in a column as wide as its neighbours."""
    near = boxes[max(0, number - _WINDOW) : number + _WINDOW + 1]
    left, right = min(box.x0 for box in near), max(box.x1 for box in near)
    before, behind = boxes[number].x0 - left, right - boxes[number].x1
    white = before + behind
    return min(before, behind) > _CENTRED * usual and abs(before - behind) < _LOPSIDED * white


def _differ(upper: Box, lower: Box, usual: float) -> bool:
    """Whether two lines are of different print; words without high letters are lower than others of the same print."""
    high, low = max(upper.height, lower.height), min(upper.height, lower.height)
    return high > _OTHER_SIZE * low and high > 1.2 * usual


def _is_ruled(upper: Box, lower: Box, level: Iterable[Box]) -> bool:
    """Whether a rule or a dash lies between two lines."""
    left, right = min(upper.x0, lower.x0), max(upper.x1, lower.x1)
    top, bottom = upper.center.y, lower.center.y
    return any(
        top < box.center.y < bottom
        and min(right, box.x1) - max(left, box.x0) > 0.5 * min(box.width, right - left)
        for box in level
    )


def _begins_paragraph(upper: Box, lower: Box, after: Box | None, usual: float) -> bool:
    indented = lower.x0 > upper.x0 + _INDENT * usual and (
        after is None or after.x0 < lower.x0 - _INDENT * usual
    )
    ended = upper.x1 < lower.x1 - _SHORT * usual and upper.x0 < lower.x0 + _SHORT * usual
    return indented or ended


def _join_headings(runs: list[_Run], rules: Sequence[Rule], usual: float) -> list[_Run]:
    """Lines of one heading in one block: large print of one size, one below the other, without a rule between."""
    joined: list[_Run] = []
    level = [rule.box for rule in rules if not rule.upright]
    for run in runs:
        if joined and _is_large(run, usual) and _is_large(joined[-1], usual):
            upper, lower = joined[-1].lines[-1].box, run.lines[0].box
            alike = max(upper.height, lower.height) < 1.25 * min(upper.height, lower.height)
            if alike and lower.y0 - upper.y1 < 0.8 * upper.height and not _is_ruled(upper, lower, level):
                joined[-1] = _Run(joined[-1].lines + run.lines, run.centred)
                continue
        joined.append(run)
    return joined


def _is_large(run: _Run, usual: float) -> bool:
    return median(line.box.height for line in run.lines) > _LARGE * usual


def _name_block(run: _Run, usual: float, pictures: Sequence[Box]) -> BlockKind:
    box = _bound(run.lines)
    if len(run.lines) <= _CAPTION_LINES and any(_is_below(picture, box, usual) for picture in pictures):
        return BlockKind.CAPTION
    if _is_large(run, usual) or (run.centred and len(run.lines) <= _HEADING_LINES):
        return BlockKind.HEADING
    return BlockKind.TEXT


def _is_below(picture: Box, box: Box, usual: float) -> bool:
    """Whether a block stands right below a picture, within its width and about in its middle."""
    inside = box.x0 > picture.x0 - 2 * usual and box.x1 < picture.x1 + 2 * usual
    middle = abs(box.center.x - picture.center.x) < 0.15 * picture.width
    return inside and middle and -usual < box.y0 - picture.y1 < _BELOW_PICTURE * usual


def _bound(lines: Sequence[Line]) -> Box:
    box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    return box
