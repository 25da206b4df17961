"""New newspaper pages out of the articles of known ones. In: `NewsTruth`s. Out: one page in another arrangement.

Every article keeps its blocks, their order and how its lines run; columns, regions and rules are new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, NewsTruth
from leggio.synth.news_draft import Draft, Edges, Slot, finish
from leggio.synth.news_flaws import flaw
from leggio.synth.news_plan import Region, draw_columns, part, take_slots
from leggio.synth.news_pour import Setter
from leggio.synth.news_region import rule_columns
from leggio.synth.news_style import Era, NewsStyle, draw_style

_PAGES = 6  # known pages that one new page takes its articles from, at most
_COLUMN_LINES = 3  # lines: a block with fewer says nothing about columns
_OVER = 1.3  # columns: what is wider stands over several of them
_MOST_WHITE = 2.0  # pitches of white that a block brings along from its old place
_BREATH = 0.8  # pitches between regions
_ERAS = (Era.BOOKISH, Era.DENSE, Era.POPULAR, Era.MODULAR)


class Piece(NamedTuple):
    """A block of an article: x counts in columns from its column's left, y in pitches from the block's top."""

    kind: BlockKind
    white: float  # above it, in pitches
    width: float
    height: float
    lines: tuple[Edges, ...]


class Excerpt(NamedTuple):
    """An article without its place."""

    kind: ArticleKind
    pieces: tuple[Piece, ...]

    @property
    def height(self) -> float:
        """Set in one column, in pitches."""
        return sum(piece.white + piece.height for piece in self.pieces)


def rearrange(truths: Sequence[NewsTruth], rng: np.random.Generator) -> NewsTruth:
    """A page made of articles of some of `truths`, which must hold one that is no masthead; without words.

    Articles flow through new regions and columns; what does not fit into its region is cut off.
    """
    chosen = rng.permutation(len(truths))[: int(rng.integers(1, _PAGES + 1))]
    excerpts = [excerpt for place in chosen for excerpt in take_articles(truths[int(place)])]
    if not excerpts:
        excerpts = [excerpt for truth in truths for excerpt in take_articles(truth)]
    style = draw_style(rng, _ERAS[int(rng.integers(len(_ERAS)))])
    draft = Draft(style.width, style.height)
    setter = Setter(draft, style, rng)
    left, top, right, bottom = style.margins
    area = Slot(left, top, style.width - right, style.height - bottom)
    columns = draw_columns(area.x0, area.x1, style.columns, style.gutter)
    for region in part(Region(0, style.columns, area.y0, area.y1), style, rng):
        inner = region._replace(y1=region.y1 - _BREATH * style.pitch)
        rule_columns(setter, _fill(setter, take_slots(columns, inner), excerpts, rng))
        _rule_borders(setter, region, columns)
    return finish(flaw(draft, style, rng), style.skew)


def take_articles(truth: NewsTruth) -> tuple[Excerpt, ...]:
    """The articles of a page that hold lines, without mastheads, measured in the page's own columns and pitches."""
    columns = [block.box.width for block in truth.layout.blocks if len(block.lines) >= _COLUMN_LINES]
    steps = [
        below.box.y0 - above.box.y0
        for block in truth.layout.blocks
        for above, below in pairwise(block.lines)
        if below.box.y0 > above.box.y0
    ]
    if not columns or not steps:
        return ()
    by_id = {block.id: block for block in truth.layout.blocks}
    return tuple(
        _measure(article, [by_id[number] for number in article.blocks], median(columns), median(steps))
        for article in truth.articles
        if article.kind is not ArticleKind.MASTHEAD and any(by_id[number].lines for number in article.blocks)
    )


def _measure(article: Article, blocks: Sequence[Block], column: float, pitch: float) -> Excerpt:
    pieces = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        box = block.box
        beside = [b.box for b in blocks if _overlap(b.box, box) and b.box.width < _OVER * column]
        left = min((b.x0 for b in (beside or [box])), default=box.x0)
        left = box.x0 if box.width > _OVER * column else max(left, box.x1 - column)
        above = before is not None and _overlap(before.box, box)
        white = (box.y0 - before.box.y1) / pitch if before is not None and above else 0.5
        lines = tuple(
            (
                (line.box.x0 - left) / column, (line.box.y0 - box.y0) / pitch,
                (line.box.x1 - left) / column, (line.box.y1 - box.y0) / pitch,
            )
            for line in sorted(block.lines, key=lambda line: line.box.y0)
        )  # fmt: skip
        size = box.width / column, box.height / pitch
        pieces.append(Piece(block.kind, min(max(white, 0.0), _MOST_WHITE), *size, lines))
    return Excerpt(article.kind, tuple(pieces))


def _overlap(one: Box, two: Box) -> bool:
    return min(one.x1, two.x1) > max(one.x0, two.x0)


def _fill(
    setter: Setter, slots: list[Slot], excerpts: Sequence[Excerpt], rng: np.random.Generator
) -> list[Slot]:
    """Pour articles until the slots are full; in a modern style one alone, if any fits. Gives the slots below heads."""
    room = sum(slot.height for slot in slots) / setter.pitch
    alone = setter.coin() < (0.7 if setter.style.era is Era.MODULAR else 0.15)
    excerpt = excerpts[int(rng.integers(len(excerpts)))]
    if alone:
        some = rng.permutation(len(excerpts))[:8]
        excerpt = min((excerpts[int(place)] for place in some), key=lambda e: abs(e.height - room))
    number = setter.begin(excerpt.kind)
    pieces, slots = _spread_heads(setter, number, excerpt.pieces, slots)
    setter.enter(slots)
    while not setter.is_full():
        for piece in pieces:
            _set(setter, number, piece)
        if setter.is_full() or (alone and setter.place == len(setter.slots) - 1):
            break
        setter.set_rule(setter.between(0.1, 1.0), 0.5) if setter.coin() < 0.5 else setter.skip(1)
        excerpt = excerpts[int(rng.integers(len(excerpts)))]
        number, pieces = setter.begin(excerpt.kind), excerpt.pieces
    return slots


def _spread_heads(
    setter: Setter, article: int, pieces: Sequence[Piece], slots: list[Slot]
) -> tuple[Sequence[Piece], list[Slot]]:
    """Set the heads that stood over several columns over all of these; gives the rest, and the slots below."""
    setter.draft.slots += 1
    y, span = slots[0].y0, slots[-1].x1 - slots[0].x0
    count = 0
    for piece in pieces:
        height = piece.height * setter.pitch
        if piece.width < _OVER or not piece.lines or y + height > (slots[0].y0 + slots[0].y1) / 2:
            break
        _add(setter, article, piece, piece.lines, (slots[0].x0, y), (span / piece.width, setter.pitch))
        y += height + 0.3 * setter.pitch
        count += 1
    return pieces[count:], [slot._replace(y0=y) for slot in slots]


def _set(setter: Setter, article: int, piece: Piece) -> None:
    """A block in the columns: parted between lines where a column ends; a picture goes to where it fits."""
    setter.skip(piece.white)
    lines: Sequence[Edges] = piece.lines
    if not lines:
        _set_picture(setter, article, piece)
    size = 1 / max(1.0, piece.width)  # what stood over several columns shrinks into one
    while lines and not setter.is_full():
        top, pitch = lines[0][1], setter.pitch * size
        fit = sum(1 for line in lines if (line[3] - top) * pitch <= setter.room)
        if fit == 0 and setter.y == setter.slot.y0:  # too high for any column
            return
        if fit:
            place = setter.slot.x0, setter.y - top * pitch
            _add(setter, article, piece, lines[:fit], place, (setter.slot.width * size, pitch))
            setter.y += (max(line[3] for line in lines[:fit]) - top) * pitch
        lines = lines[fit:]
        if lines:
            setter.leave()


def _set_picture(setter: Setter, article: int, piece: Piece) -> None:
    if setter.is_full():
        return
    height, width = piece.height * setter.pitch, min(piece.width, 1.0) * setter.slot.width
    if height > setter.room:
        setter.leave()
    if not setter.is_full() and height <= setter.room:
        x0, y = setter.slot.x0, setter.y
        setter.draft.add(piece.kind, article, [], (x0, y, x0 + width, y + height))
        setter.y += height


def _add(
    setter: Setter,
    article: int,
    piece: Piece,
    lines: Iterable[Edges],
    place: tuple[float, float],
    scale: tuple[float, float],
) -> None:
    """Lines of a piece: `place` is the left of its column and the height of its top, `scale` a column and a pitch."""
    (left, top), (column, pitch) = place, scale
    right = left + column * max(1.0, piece.width)
    made = [
        (
            left + max(0.0, x0) * column, top + y0 * pitch,
            max(left + max(0.0, x0) * column + 1, min(right, left + x1 * column)), top + y1 * pitch,
        )
        for x0, y0, x1, y1 in lines
    ]  # fmt: skip
    setter.draft.add(piece.kind, article, made)


def _rule_borders(setter: Setter, region: Region, columns: Sequence[tuple[float, float]]) -> None:
    style: NewsStyle = setter.style
    x0, x1 = columns[region.c0][0], columns[region.c1 - 1][1]
    thick = max(1.0, 0.08 * style.pitch)
    if setter.coin() < style.habits.cross_rules:
        y = region.y1 - 0.5 * _BREATH * style.pitch
        setter.draft.rules.append((x0, y, x1, y + thick))
    if region.c0 > 0 and setter.coin() < style.habits.column_rules:
        x = x0 - style.gutter / 2
        setter.draft.rules.append((x - thick / 2, region.y0, x + thick / 2, region.y1))
