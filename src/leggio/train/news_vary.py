"""Other ways in which a known newspaper page could have been found. In: a `NewsTruth`. Out: one with its articles.

Where a segmenter parts blocks, how high its boxes of lines are and how exact is up to chance; what is printed stays,
or a part of it, as when a page is cut out. Words stay with their lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np

from leggio.geometry import Box
from leggio.news.layout import Article, Block, BlockKind, Layout, Line, NewsTruth

_SPLIT = (
    (0.0, 0.15, 0.4, 0.8),
    (0.4, 0.25, 0.2, 0.15),
)  # share of blocks that are parted, and how often that is so
_MERGED = ((0.0, 0.3, 0.7), (0.4, 0.35, 0.25))  # share of paragraphs that become one with the next
_SHAKEN = (0.0, 0.08, 0.15)  # deviation of the sides of boxes, in heights of a line
_STRETCH = 0.08  # deviation of the logarithm of a page's width, and of its height
_TALLER = 0.15  # of the logarithm of the height of lines
_CUT = 0.35  # share of pages of which but a window is left
_WINDOW = (0.5, 0.95)  # its width or height
_INDENT, _SHORT = (
    0.6,
    0.8,
)  # a paragraph begins with an indent, in heights, or after a line shorter than its block
_PARTED_THERE = 0.5  # chance that a parted block is parted at such a place
_PARTED_ANYWHERE = 1.5  # how often it is parted elsewhere, on average
_FEWEST = 4  # blocks that a page keeps


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block to be: its article is -1 where it has none."""

    kind: BlockKind
    box: Box
    lines: tuple[Line, ...]
    article: int


def vary_page(truth: NewsTruth, rng: np.random.Generator) -> NewsTruth:
    """The page with other blocks, other boxes and another scale.

    Articles keep their blocks and kinds; their outlines are left out.
    """
    owners = {block: number for number, article in enumerate(truth.articles) for block in article.blocks}
    height = float(np.median([line.box.height for b in truth.layout.blocks for line in b.lines] or [1.0]))
    split, merged = (float(rng.choice(values, p=chances)) for values, chances in (_SPLIT, _MERGED))
    pieces = [
        piece
        for block in truth.layout.blocks
        for piece in _part(
            _Piece(block.kind, block.box, block.lines, owners.get(block.id, -1)), split, height, rng
        )
    ]
    pieces = _merge(pieces, merged, height, rng)
    window = _choose_window(truth.layout, rng)
    kept = [piece for piece in pieces if window.contains(piece.box.center)]
    if len(kept) < _FEWEST:
        window, kept = Box(0, 0, truth.layout.width, truth.layout.height), pieces
    return _set_anew(truth, kept, window, height, rng)


def _part(piece: _Piece, share: float, height: float, rng: np.random.Generator) -> Iterator[_Piece]:
    """Part a block of one column between lines, at the ends of paragraphs first."""
    lines = sorted(piece.lines, key=lambda line: line.box.y0)
    stacked = all(b.box.y0 >= a.box.center.y for a, b in pairwise(lines))
    if len(lines) < 3 or not stacked or rng.random() >= share:
        yield piece
        return
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or rng.random() < _cut_chance(piece, lines, place, height):
            part = tuple(lines[start:place])
            yield replace(piece, box=reduce(Box.union, (line.box for line in part)), lines=part)
            start = place


def _cut_chance(piece: _Piece, lines: Sequence[Line], place: int, height: float) -> float:
    indented = lines[place].box.x0 - piece.box.x0 > _INDENT * height
    short = lines[place - 1].box.width < _SHORT * piece.box.width
    return max(_PARTED_ANYWHERE / len(lines), _PARTED_THERE * (indented or short))


def _merge(pieces: Sequence[_Piece], share: float, height: float, rng: np.random.Generator) -> list[_Piece]:
    """Put paragraphs of an article that stand below one another into one block."""
    merged: list[_Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and _fit(last, piece, height) and rng.random() < share:
            merged[-1] = replace(last, box=last.box.union(piece.box), lines=last.lines + piece.lines)
        else:
            merged.append(piece)
    return merged


def _fit(one: _Piece, other: _Piece, height: float) -> bool:
    text = one.kind is other.kind is BlockKind.TEXT and one.article == other.article >= 0
    below = -height < other.box.y0 - one.box.y1 < 2 * height
    column = abs(one.box.center.x - other.box.center.x) < 2 * height
    return text and below and column and 0.8 < one.box.width / max(other.box.width, 1.0) < 1.25


def _choose_window(layout: Layout, rng: np.random.Generator) -> Box:
    """The whole page, or some columns of it, or a band."""
    width, height = layout.width, layout.height
    if rng.random() >= _CUT:
        return Box(0, 0, width, height)
    part = float(rng.uniform(*_WINDOW))
    start = float(rng.uniform(0, 1 - part))
    if rng.random() < 0.5:
        return Box(start * width, 0, (start + part) * width, height)
    return Box(0, start * height, width, (start + part) * height)


def _set_anew(
    truth: NewsTruth, pieces: Sequence[_Piece], window: Box, height: float, rng: np.random.Generator
) -> NewsTruth:
    stretch_x, stretch_y = (float(np.exp(rng.normal(0, _STRETCH))) for _ in range(2))
    taller, shake = float(np.exp(rng.normal(0, _TALLER))), float(rng.choice(_SHAKEN)) * height

    def place(box: Box, grow: float = 1.0) -> Box:
        margin = box.height * (grow - 1) / 2
        sides = np.array([box.x0, box.y0 - margin, box.x1, box.y1 + margin]) + rng.normal(0, 1, 4) * shake
        (x0, x1), (y0, y1) = np.sort(sides[[0, 2]]), np.sort(sides[[1, 3]])
        left, top = window.x0, window.y0
        return Box(
            float(x0 - left) * stretch_x, float(y0 - top) * stretch_y,
            float(x1 - left) * stretch_x, float(y1 - top) * stretch_y,
        )  # fmt: skip

    blocks = tuple(
        Block(
            number, piece.kind, place(piece.box),
            tuple(replace(line, box=place(line.box, taller), words=()) for line in piece.lines),
        )
        for number, piece in enumerate(pieces)
    )  # fmt: skip
    rules = tuple(
        replace(rule, box=place(rule.box)) for rule in truth.layout.rules if window.contains(rule.box.center)
    )
    articles: list[Article] = []
    for number, article in enumerate(truth.articles):
        if ids := tuple(block for block, piece in enumerate(pieces) if piece.article == number):
            articles.append(replace(article, id=len(articles), blocks=ids, polygon=()))
    layout = Layout(window.width * stretch_x, window.height * stretch_y, blocks, rules)
    return NewsTruth(layout, tuple(articles), truth.partial)
