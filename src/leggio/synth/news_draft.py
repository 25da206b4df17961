"""A newspaper page in the making. In: lines, headings and rules, one after the other. Out: a `NewsTruth`.

A draft is filled from the top down: every block names its article by number. `finish` makes the records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth, Rule
from leggio.news.outline import draw_outline

Numbers = NDArray[np.float64]
Edges = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels


class Manner(Enum):
    """How the lines of a block are set: as running text, each for itself, as cells of a table."""

    RUNNING = "running"
    SINGLE = "single"
    CELLS = "cells"
    HEAD = "head"
    NAME = "name"  # that of the newspaper


class Setting(NamedTuple):
    """What a typesetter must know of a block: `pitch` is from line to line, `column` left and right, in pixels.

    Blocks of running text with the same `paragraph` are one paragraph that goes on in another slot.
    """

    manner: Manner
    pitch: float
    column: tuple[float, float]
    paragraph: int = 0


NOWHERE = -1  # the article of a block that belongs to none


class Slot(NamedTuple):
    """A piece of a column that takes text, in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@dataclass(slots=True)
class DraftBlock:
    """A block in the making. `slot` counts pieces of columns: two blocks of one article and one slot are neighbours."""

    kind: BlockKind
    article: int
    lines: list[Edges]
    box: Edges
    slot: int = 0
    setting: Setting | None = None  # None for pictures


@dataclass(slots=True)
class Draft:
    """A page in the making, `width` x `height` pixels."""

    width: float
    height: float
    blocks: list[DraftBlock] = field(default_factory=list)
    rules: list[Edges] = field(default_factory=list)
    kinds: list[ArticleKind] = field(default_factory=list)
    slots: int = 0
    paragraphs: int = 0

    def begin(self, kind: ArticleKind = ArticleKind.ARTICLE) -> int:
        """The number of a new article."""
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def add(
        self,
        kind: BlockKind,
        article: int,
        lines: list[Edges],
        box: Edges | None = None,
        setting: Setting | None = None,
    ) -> None:
        """Add a block; its box is that of its lines where none is given."""
        self.blocks.append(DraftBlock(kind, article, lines, box or around(lines), self.slots, setting))


def around(boxes: list[Edges]) -> Edges:
    """The box that holds all of them."""
    if len(boxes) == 1:
        return boxes[0]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def finish(draft: Draft, skew: float = 0.0) -> NewsTruth:
    """The records of a page; `skew` is in radians, clockwise. Articles without blocks are left out."""
    boxes = [block.box for block in draft.blocks]
    lines = [line for block in draft.blocks for line in block.lines]
    boxes_, lines_, rules_ = (
        _turn(np.array(edges, np.float64).reshape(-1, 4), skew, draft.width, draft.height)
        for edges in (boxes, lines, draft.rules)
    )
    made = iter([Line(number, Box(*edges)) for number, edges in enumerate(lines_)])
    blocks = tuple(
        Block(number, block.kind, Box(*edges), tuple(next(made) for _ in block.lines))
        for number, (block, edges) in enumerate(zip(draft.blocks, boxes_, strict=True))
    )
    members: dict[int, list[int]] = {}
    for number, block in enumerate(draft.blocks):
        if block.article != NOWHERE:
            members.setdefault(block.article, []).append(number)
    outlines = _draw_outlines([_join_pieces(draft, boxes_, ids) for ids in members.values()])
    articles = tuple(
        Article(number, draft.kinds[article], tuple(ids), outline)
        for number, ((article, ids), outline) in enumerate(zip(members.items(), outlines, strict=True))
    )
    rules = tuple(Rule(Box(*edges)) for edges in rules_)
    return NewsTruth(Layout(float(draft.width), float(draft.height), blocks, rules), articles)


def _join_pieces(draft: Draft, boxes: list[list[float]], ids: list[int]) -> list[Box]:
    """What an article has in each piece of a column, as one box."""
    pieces: dict[int, list[Edges]] = {}
    for number in ids:
        x0, y0, x1, y1 = boxes[number]
        pieces.setdefault(draft.blocks[number].slot, []).append((x0, y0, x1, y1))
    return [Box(*around(piece)) for piece in pieces.values()]


def _draw_outlines(articles: list[list[Box]]) -> list[tuple[Point, ...]]:
    """The outline of each article, around the others. Most have one piece, whose corners are the outline."""
    found = []
    for number, (first, *rest) in enumerate(articles):
        if rest:
            others = [piece for other in articles[:number] + articles[number + 1 :] for piece in other]
            found.append(draw_outline([first, *rest], others))
        else:
            corners = ((first.x0, first.y0), (first.x1, first.y0), (first.x1, first.y1), (first.x0, first.y1))
            found.append(tuple(Point(*corner) for corner in corners))
    return found


def _turn(edges: Numbers, skew: float, width: float, height: float) -> list[list[float]]:
    """Boxes of a page that lies askew: their middles turn, their sizes grow by nothing, as segmenters give them."""
    x = (edges[:, 0] + edges[:, 2]) / 2 - width / 2
    y = (edges[:, 1] + edges[:, 3]) / 2 - height / 2
    moved = np.stack([-skew * y, skew * x, -skew * y, skew * x], axis=1) + edges
    limits = np.array([width, height, width, height])
    turned: list[list[float]] = np.clip(moved, 0, limits).round(1).tolist()
    return turned
