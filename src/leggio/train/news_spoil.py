"""What training does to a newspaper page before a net sees it. In: a page with known articles. Out: another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leggio.geometry import Box
from leggio.news.layout import BlockKind, Layout, NewsTruth, Rule
from leggio.news.views import Frame, fit_page
from leggio.train.recipe import Sheets

_NO_RULES = 0.35  # share of spoiled pages on which no rule was found
_LOST_LINES, _LOST_RULES, _LOST_PICTURES = (
    0.03,
    0.15,
    0.15,
)  # share of each that is not found on a spoiled page
_INVENTED = 3  # rules at most that are none
_MARKED = (
    1,
    5,
)  # articles that stay marked on a partly labelled page: from the first number to below the second


def draw_frame(layout: Layout, sheets: Sheets, rng: np.random.Generator) -> Frame:
    """A page at about its place, a little larger or smaller, mirrored or not."""
    frame = fit_page(layout.width, layout.height, sheets.size)
    x_scale, y_scale = np.array([frame.x_scale, frame.y_scale]) * (
        1 + rng.uniform(-sheets.stretch, sheets.stretch, 2)
    )
    x, y = (0.5 + rng.uniform(-sheets.shift, sheets.shift, 2)) * (frame.width, frame.height)
    if rng.random() < 0.5:
        x_scale = -x_scale
    left, top = x - layout.width * x_scale / 2, y - layout.height * y_scale / 2
    return replace(frame, x_scale=float(x_scale), y_scale=float(y_scale), left=float(left), top=float(top))


def spoil_layout(layout: Layout, rng: np.random.Generator) -> Layout:
    """The layout as a worse OCR would find it: lines, rules and pictures are lost, some rules are invented."""
    blocks = []
    for block in layout.blocks:
        if block.kind is BlockKind.PICTURE and rng.random() < _LOST_PICTURES:
            continue
        kept = rng.random(len(block.lines)) >= _LOST_LINES
        lines = tuple(line for line, keep in zip(block.lines, kept, strict=True) if keep)
        blocks.append(replace(block, lines=lines) if lines else block)
    if rng.random() < _NO_RULES:
        return replace(layout, blocks=tuple(blocks), rules=())
    rules = [rule for rule in layout.rules if rng.random() >= _LOST_RULES]
    rules += [_invent_rule(layout, rng) for _ in range(int(rng.integers(0, _INVENTED + 1)))]
    return replace(layout, blocks=tuple(blocks), rules=tuple(rules))


def _invent_rule(layout: Layout, rng: np.random.Generator) -> Rule:
    x, y = rng.random(2) * (layout.width, layout.height)
    length, thick = rng.uniform(0.02, 0.15) * layout.width, 0.001 * layout.width
    return Rule(Box(x, y, x + thick, y + length) if rng.random() < 0.5 else Box(x, y, x + length, y + thick))


def forget_articles(truth: NewsTruth, rng: np.random.Generator) -> NewsTruth:
    """The page with only a few of its articles marked, as a clipping service would have cut them out."""
    count = min(len(truth.articles), int(rng.integers(*_MARKED)))
    kept = sorted(rng.choice(len(truth.articles), count, replace=False)) if count else []
    return replace(truth, articles=tuple(truth.articles[place] for place in kept), partial=True)
