"""The measures of a page and of its blocks. In: blocks in reading order. Out: a `Sheet`: arrays with a place for each.

A block's neighbours are the nearest ones that it can be seen from straight above, below, left and right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.news.layout import Block, Layout

_RUNNING = 3  # lines from which a block is running text: its pitch and its width are those of the page
_SEEN = 0.15  # share of the narrower of two blocks by which they must overlap to be neighbours
_FAR = 40.0  # pitches: a gap that is as good as none at all

Values = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Arrays (blocks,), and measures of the whole page; `ruled` says whether any rules are known.

    Boxes, pitch, column and `line_length` in pixels; `size` and `largest` are logarithms against running text, `fill` a
    share of the block's width, `indent` in two pitches, margins in columns, gaps log(1.5 + pitches); neighbours are
    places among the blocks, or -1.
    """

    page_width: float
    page_height: float
    pitch: float
    column: float
    ruled: bool
    x0: Values
    y0: Values
    x1: Values
    y1: Values
    lines: Values
    line_length: Values
    size: Values
    largest: Values
    fill: Values
    first_fill: Values
    last_fill: Values
    indent: Values
    margin_left: Values
    margin_right: Values
    above: Places
    below: Places
    left: Places
    right: Places
    gap_above: Values
    gap_below: Values
    gap_left: Values
    gap_right: Values
    rule_above: Values
    rule_below: Values


def measure_sheet(blocks: Sequence[Block], layout: Layout) -> Sheet:
    """Measure blocks, given in reading order."""
    boxes = _rows([[b.box.x0, b.box.y0, b.box.x1, b.box.y1] for b in blocks])
    x0, y0, x1, y1 = boxes.T
    pitch, body, column = _measure_type(blocks, layout)
    shape = np.array([_measure_lines(b, body, pitch) for b in blocks], np.float64).reshape(len(blocks), 8).T
    above, below, gap_above, gap_below = _find_neighbours(x0, x1, y0, y1)
    left, right, gap_left, gap_right = _find_neighbours(y0, y1, x0, x1)
    margin_left, margin_right = _measure_margins(boxes, shape[0], column)
    rules = _rows([[r.box.x0, r.box.y0, r.box.x1, r.box.y1] for r in layout.rules if not r.upright])

    def soften(gap: Values) -> Values:
        return np.log1p(np.clip(gap / pitch + 0.5, 0, _FAR))

    return Sheet(
        page_width=layout.width, page_height=layout.height, pitch=pitch, column=column, ruled=bool(layout.rules),
        x0=x0, y0=y0, x1=x1, y1=y1, lines=shape[0], line_length=shape[1], size=shape[2], largest=shape[3],
        fill=shape[4], first_fill=shape[5], last_fill=shape[6], indent=shape[7],
        margin_left=margin_left, margin_right=margin_right,
        above=above, below=below, left=left, right=right,
        gap_above=soften(gap_above), gap_below=soften(gap_below),
        gap_left=soften(gap_left), gap_right=soften(gap_right),
        rule_above=_find_rules(boxes, rules, y0 - gap_above, y0, pitch),
        rule_below=_find_rules(boxes, rules, y1, y1 + gap_below, pitch),
    )  # fmt: skip


def _rows(values: Sequence[Sequence[float]]) -> Values:
    return np.array(values, np.float64).reshape(len(values), 4)


def _measure_type(blocks: Sequence[Block], layout: Layout) -> tuple[float, float, float]:
    """The page's pitch, height of a line and width of a column, in pixels."""
    heights = [line.box.height for b in blocks for line in b.lines]
    running = [b for b in blocks if len(b.lines) >= _RUNNING]
    steps = [
        step
        for b in running
        for step in np.diff(sorted(line.box.center.y for line in b.lines)).tolist()
        if step > 0
    ]
    widths = [b.box.width for b in running for _ in b.lines] or [b.box.width for b in blocks]
    body = float(np.median(heights)) if heights else layout.height / 150
    pitch = float(np.median(steps)) if steps else 1.2 * body
    return (
        max(pitch, body / 2, 1.0),
        max(body, 1.0),
        max(float(np.median(widths)), 1.0) if widths else layout.width,
    )


def _measure_lines(block: Block, body: float, pitch: float) -> tuple[float, ...]:
    """Lines, their length in pixels, log size, log largest size, fill (all, first, last line), indent in pitches."""
    if not block.lines:
        return (0, 0, 0, 0, 0, 0, 0, 0)
    lines = sorted(block.lines, key=lambda line: line.box.y0)
    heights = [line.box.height for line in lines]
    widths = [line.box.width for line in lines]
    width = max(block.box.width, 1.0)
    edge = float(np.median([line.box.x0 for line in lines]))
    return (
        len(lines),
        sum(widths),
        float(np.log(max(np.median(heights), 1) / body)),
        float(np.log(max(max(heights), 1) / body)),
        float(np.mean(widths)) / width,
        widths[0] / width,
        widths[-1] / width,
        float(np.clip((lines[0].box.x0 - edge) / pitch, -3, 3)) / 2,
    )


def _find_neighbours(
    low: Values, high: Values, start: Values, end: Values
) -> tuple[Places, Places, Values, Values]:
    """The nearest before and after each along one axis, seen across the other (`low`, `high`), and the gaps to them."""
    count = len(low)
    seen = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
    narrow = np.minimum(high - low, (high - low)[:, None])
    middle = (start + end) / 2
    visible = (seen > _SEEN * narrow) & ~np.eye(count, dtype=bool)
    gap = start[None] - end[:, None]
    gap = np.where(visible & (middle[None] > middle[:, None]), np.maximum(gap, -1e6), np.inf)
    if not count:
        nothing = np.zeros(0)
        return np.zeros(0, np.int64), np.zeros(0, np.int64), nothing, nothing
    after = np.where(np.isfinite(gap).any(1), gap.argmin(1), -1)
    before = np.where(np.isfinite(gap).any(0), gap.argmin(0), -1)
    return before, after, gap.min(0), gap.min(1)


def _measure_margins(boxes: Values, lines: Values, column: float) -> tuple[Values, Values]:
    """How far each block stands in from its column, left and right, in column widths.

    Its column is the nearest running text above or below that is about as wide as a column; without one, none.
    """
    x0, y0, x1, y1 = boxes.T
    width = x1 - x0
    running = (lines >= _RUNNING) & (np.abs(np.log(np.maximum(width, 1) / column)) < 0.35)
    wide = np.minimum(x1[:, None], x1[None]) - np.maximum(x0[:, None], x0[None])
    inside = wide > 0.6 * np.minimum(width[:, None], width[None])
    distance = np.maximum(np.maximum(y0[None] - y1[:, None], y0[:, None] - y1[None]), 0.0)
    distance = np.where(running[None] & inside, distance, np.inf)
    if not len(boxes):
        return np.zeros(0), np.zeros(0)
    frame = distance.argmin(1)
    known = np.isfinite(distance.min(1))
    left = np.where(known, (x0 - x0[frame]) / column, 0.0)
    right = np.where(known, (x1[frame] - x1) / column, 0.0)
    return np.clip(left, -1, 1), np.clip(right, -1, 1)


def _find_rules(boxes: Values, rules: Values, top: Values, bottom: Values, pitch: float) -> Values:
    """The share of each block's width along which a flat rule lies between two heights (infinite: a few pitches)."""
    if not len(rules) or not len(boxes):
        return np.zeros(len(boxes))
    top = np.where(np.isfinite(top), top, bottom - 3 * pitch)
    bottom = np.where(np.isfinite(bottom), bottom, top + 3 * pitch)
    middle = (rules[:, 1] + rules[:, 3]) / 2
    slack = 0.3 * pitch
    between = (middle[None] > (top - slack)[:, None]) & (middle[None] < (bottom + slack)[:, None])
    wide = np.minimum(boxes[:, 2, None], rules[None, :, 2]) - np.maximum(boxes[:, 0, None], rules[None, :, 0])
    share = np.where(between, np.maximum(wide, 0), 0) / np.maximum(boxes[:, 2] - boxes[:, 0], 1)[:, None]
    covered: Values = np.minimum(share.max(1), 1.0)
    return covered
