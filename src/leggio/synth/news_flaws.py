"""What a segmenter makes of a page. In: a draft. Out: the draft with merged, cut and shaken blocks and broken rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from leggio.news.layout import BlockKind
from leggio.synth.news_draft import Draft, DraftBlock, Edges, around
from leggio.synth.news_style import Blocks, NewsStyle

_RUNNING = (BlockKind.TEXT,)


def flaw(draft: Draft, style: NewsStyle, rng: np.random.Generator) -> Draft:
    """The page as a program finds it: blocks by the style's habit, edges that shake, rules that break or get lost."""
    blocks = list(draft.blocks)
    if style.segmenter.blocks is not Blocks.PARAGRAPH:
        blocks = _regroup(blocks, style, rng)
    if style.segmenter.split or style.segmenter.merged:
        blocks = _err(blocks, style, rng)
    if style.segmenter.shaky:
        blocks = _shake(blocks, style, rng)
    return replace(draft, blocks=blocks, rules=_break_rules(draft.rules, style, rng))


def _regroup(blocks: list[DraftBlock], style: NewsStyle, rng: np.random.Generator) -> list[DraftBlock]:
    """Join what stands in one piece of a column, or take the blocks apart into lines."""
    if style.segmenter.blocks is Blocks.LINE:
        return [part for block in blocks for part in _cut(block, range(1, len(block.lines)))]
    chance = 1.0 if style.segmenter.blocks is Blocks.COLUMN else 0.5
    made: list[DraftBlock] = []
    for block, coin in zip(blocks, rng.random(len(blocks)).tolist(), strict=True):
        if made and coin < chance and _run_on(made[-1], block):
            made[-1] = _join(made[-1], block)
        else:
            made.append(block)
    return made


def _run_on(one: DraftBlock, two: DraftBlock) -> bool:
    same = one.article == two.article and one.slot == two.slot
    return same and one.kind in _RUNNING and two.kind in _RUNNING


def _join(one: DraftBlock, two: DraftBlock) -> DraftBlock:
    return replace(one, lines=one.lines + two.lines, box=around([one.box, two.box]))


def _cut(block: DraftBlock, places: range | list[int]) -> list[DraftBlock]:
    """The parts of a block between lines; their boxes are those of their lines."""
    cuts = [0, *places, len(block.lines)]
    parts = [block.lines[a:b] for a, b in pairwise(cuts) if b > a]
    return [replace(block, lines=part, box=around(part)) for part in parts] if len(parts) > 1 else [block]


def _err(blocks: list[DraftBlock], style: NewsStyle, rng: np.random.Generator) -> list[DraftBlock]:
    """Some blocks fall into two, some heads stick to their text. Different articles are never joined."""
    made: list[DraftBlock] = []
    for block, coin in zip(blocks, rng.random(len(blocks)).tolist(), strict=True):
        same = made and made[-1].article == block.article and made[-1].slot == block.slot
        if (
            same
            and coin < style.segmenter.merged
            and made[-1].kind is not BlockKind.PICTURE is not block.kind
        ):
            kind = made[-1].kind if len(made[-1].lines) > len(block.lines) else block.kind
            made[-1] = replace(_join(made[-1], block), kind=kind)
        elif coin > 1 - style.segmenter.split and len(block.lines) > 1 and block.kind is not BlockKind.TABLE:
            made += _cut(block, [1 + int(rng.integers(len(block.lines) - 1))])
        else:
            made.append(block)
    return made


def _shake(blocks: list[DraftBlock], style: NewsStyle, rng: np.random.Generator) -> list[DraftBlock]:
    """Move the edges of lines and blocks by some pixels; a line stays inside its block as a rule."""
    count = sum(len(block.lines) for block in blocks) + len(blocks)
    off = rng.normal(0, style.segmenter.shaky * style.pitch, (count, 4)) * (1.0, 0.4, 1.0, 0.4)
    moved: list[Edges] = []
    edges = np.array([line for block in blocks for line in (*block.lines, block.box)], np.float64)
    edges = edges + off
    edges[:, 2:] = np.maximum(edges[:, 2:], edges[:, :2] + 1)
    moved = [tuple(row) for row in edges.tolist()]
    made, place = [], 0
    for block in blocks:
        end = place + len(block.lines)
        made.append(replace(block, lines=moved[place:end], box=moved[end]))
        place = end + 1
    return made


def _break_rules(rules: list[Edges], style: NewsStyle, rng: np.random.Generator) -> list[Edges]:
    """Some rules are not found, some in pieces."""
    lost = float(rng.choice([0.0, 0.1, 0.4, 1.0], p=[0.4, 0.35, 0.2, 0.05]))
    broken = float(rng.choice([0.0, 0.3]))
    kept: list[Edges] = []
    for rule, coin in zip(rules, rng.random(len(rules)).tolist(), strict=True):
        if coin < lost:
            continue
        x0, y0, x1, y1 = rule
        if coin > 1 - broken:
            a, b = sorted(rng.random(2).tolist())
            if y1 - y0 > x1 - x0:
                kept += [(x0, y0, x1, y0 + a * (y1 - y0)), (x0, y0 + b * (y1 - y0), x1, y1)]
            else:
                kept += [(x0, y0, x0 + a * (x1 - x0), y1), (x0 + b * (x1 - x0), y0, x1, y1)]
        else:
            kept.append(rule)
    return kept
