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
from leggio.news.rows import join_rows
from leggio.news.tables import find_tables

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
_HEADING_GAP = 0.8  # white between lines of one heading, in heights of its lines
_HEADING_LIKE = 1.25  # print of lines of one heading differs by less
_HEADING_WIDTH = 0.5  # share of the longer line: what is so much wider is the text below a heading
_HEADING_LINES = 5  # more centred lines are a poem
_BELOW_PICTURE = 3.0  # a caption is not farther from its picture
_CAPTION_LINES = 4
_IN_LINE = 0.7  # a rule so much of which lies in lines is a dash of their text
_DRAWN = 0.85  # a line so much of whose width is a rule, which lies in it by so much, is that rule itself
_RAGGED_SHARE = 0.85  # so many of them are set alike: the page may be bent
_RAGGED_LINES = 3  # so many lines that do not fill their column are verse, an address or a list


def build_layout(
    width: float,
    height: float,
    lines: Sequence[Line],
    rules: Sequence[Rule],
    pictures: Sequence[Box] = (),
    gutters: Sequence[Box] = (),
) -> Layout:
    """The blocks of a page of `width` x `height` pixels, from top to bottom; ids of lines and blocks count from 0.

    Nothing is joined over `gutters`, as over rules.
    """
    usual = measure_usual(lines)
    lines = _drop_drawn(lines, rules)
    rules = _drop_dashes(rules, lines)
    walls = (*rules, *map(Rule, gutters))
    tables, lines = find_tables(lines, walls, usual)
    rows = join_rows(lines, walls, usual)
    blocks: list[tuple[BlockKind, Box, tuple[Line, ...]]] = [
        (_name_block(run, usual, pictures), _bound(run.lines), run.lines)
        for chain in _chain(rows, usual)
        for run in _join_headings(list(_cut(chain, rules, usual)), rules, usual)
    ]
    blocks += [(BlockKind.TABLE, _bound(table), table) for table in tables]
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


def _drop_drawn(lines: Sequence[Line], rules: Sequence[Rule]) -> tuple[Line, ...]:
    """The lines without those that are level rules, thick or crooked ones, with stains on them."""
    level = [rule.box for rule in rules if not rule.upright]
    return tuple(line for line in lines if not any(_is_drawn(line.box, rule) for rule in level))


def _is_drawn(line: Box, rule: Box) -> bool:
    return rule.width > _DRAWN * line.width and rule.intersection(line) > _DRAWN * rule.area


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
    """The blocks of a chain: first it is parted by what is between its lines, then by how they are set."""
    boxes = [line.box for line in chain]
    centred = [_is_centred(number, boxes, usual) for number in range(len(boxes))]
    gaps = [lower.y0 - upper.y1 for upper, lower in pairwise(boxes)]
    usual_gap = median(gaps) if gaps else 0.0
    level = [rule.box for rule in rules if not rule.upright]
    start = 0
    for number in range(1, len(chain) + 1):
        if number == len(chain) or (
            boxes[number].y0 - boxes[number - 1].y1 > usual_gap + _GAP * usual
            or _differ(boxes[number - 1], boxes[number], usual)
            or _is_ruled(boxes[number - 1], boxes[number], level)
        ):
            yield from _part(chain[start:number], centred[start:number], boxes[number : number + 1], usual)
            start = number


def _part(
    chain: Sequence[Line], centred: Sequence[bool], after: Sequence[Box], usual: float
) -> Iterator[_Run]:
    """The blocks of lines that nothing stands between: paragraphs and centred lines; ragged ones are one."""
    boxes = [line.box for line in chain]
    if _is_ragged(boxes, usual):
        yield _Run(tuple(chain), all(centred))
        return
    start = 0
    for number in range(1, len(chain)):
        below = boxes[number + 1] if number + 1 < len(boxes) else next(iter(after), None)
        if centred[number] != centred[number - 1] or (
            not centred[number] and _begins_paragraph(boxes[number - 1], boxes[number], below, usual)
        ):
            yield _Run(tuple(chain[start:number]), centred[start])
            start = number
    yield _Run(tuple(chain[start:]), centred[start])


def _is_ragged(boxes: Sequence[Box], usual: float) -> bool:
    """Whether lines are verse, an address or a list: set to one edge or to one middle, and hardly two end alike."""
    if len(boxes) < _RAGGED_LINES:
        return False
    strays = int((1 - _RAGGED_SHARE) * len(boxes))
    left = sorted(box.x0 for box in boxes)[strays]
    right = sorted(box.x1 for box in boxes)[-1 - strays]
    full = sum(box.x0 < left + _SHORT * usual and box.x1 > right - _INDENT * usual for box in boxes)
    if full > max(1, len(boxes) // 4):
        return False
    middle, most = median(box.center.x for box in boxes), _RAGGED_SHARE * len(boxes)
    return (
        sum(box.x0 < left + _SHORT * usual for box in boxes) >= most
        or sum(box.x1 > right - _SHORT * usual for box in boxes) >= most
        or sum(abs(box.center.x - middle) < _INDENT * usual for box in boxes) >= most
    )


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
            if _are_one_heading(upper, lower) and not _is_ruled(upper, lower, level):
                joined[-1] = _Run(joined[-1].lines + run.lines, run.centred)
                continue
        joined.append(run)
    return joined


def _are_one_heading(upper: Box, lower: Box) -> bool:
    """Whether two lines are of one size, close to each other, about as wide and set to one middle or edge."""
    low, high = sorted((upper.height, lower.height))
    narrow, wide = sorted((upper.width, lower.width))
    apart = min(abs(upper.center.x - lower.center.x), abs(upper.x0 - lower.x0))
    return (
        high < _HEADING_LIKE * low
        and lower.y0 - upper.y1 < _HEADING_GAP * upper.height
        and narrow > _HEADING_WIDTH * wide
        and apart < high
    )


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
