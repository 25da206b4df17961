"""Issues with articles that are known to go on over pages. In: known pages. Out: `KnownIssue`s.

A page is parted at its gutters, and each part is a page: what goes on over a gutter, from the foot of a column to the
head of the next, then goes on over pages as it does in print, and where an article ends with its column nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from leggio.geometry import Box
from leggio.news.layout import ArticleKind, Block, BlockKind, Continuation, Layout, NewsTruth

_STEPS = 400  # places along a page where a gutter is looked for
_SLICED = 0.05  # share of a box beyond a gutter that goes unseen, as blocks of neighbours overlap a little
_LOST = (
    0.25  # share of a page's letters, at most, in articles across a gutter, as serials are: they are left out
)
_LEAST = 0.1  # share of a page's letters, at least, on each side of a gutter
_NARROWEST = 0.08  # share of a page's width: no newspaper has narrower columns
_WORDED = 20  # letters of a block that is more than a speck or a page's number


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """Pages of an issue, and which articles go on with which on a later page; pages count from 1."""

    pages: tuple[NewsTruth, ...]
    links: frozenset[Continuation]


def part_issue(issue: KnownIssue, gutters: Sequence[Sequence[float]]) -> KnownIssue:
    """The issue with each page parted at the gutters that are given for it, in pixels from the left.

    An article across one of them is left out, and one that goes on over one is two that are linked; ids stay.
    """
    pages: list[NewsTruth] = []
    first: dict[int, int] = {}
    links = set()
    for number, (truth, cuts) in enumerate(zip(issue.pages, gutters, strict=True), 1):
        parts = _part_page(truth, cuts)
        first[number] = len(pages) + 1
        for place, (left, right) in enumerate(pairwise(parts), len(pages) + 1):
            links |= {Continuation(place, id, place + 1, id) for id in _ids(left) & _ids(right)}
        pages += parts
    first[len(issue.pages) + 1] = len(pages) + 1
    for link in issue.links:
        start = _find(
            pages, reversed(range(first[link.from_page], first[link.from_page + 1])), link.from_article
        )
        end = _find(pages, range(first[link.to_page], first[link.to_page + 1]), link.to_article)
        if start and end:
            links.add(Continuation(start, link.from_article, end, link.to_article))
    return KnownIssue(tuple(pages), frozenset(links))


def drop_articles(truth: NewsTruth, ids: Iterable[int]) -> NewsTruth:
    """The page without these articles; white is left where they stood."""
    gone = set(ids)
    lost = {block for article in truth.articles if article.id in gone for block in article.blocks}
    blocks = tuple(block for block in truth.layout.blocks if block.id not in lost)
    kept = tuple(article for article in truth.articles if article.id not in gone)
    return replace(truth, layout=replace(truth.layout, blocks=blocks), articles=kept)


def find_gutters(truth: NewsTruth) -> tuple[float, ...]:
    """Where the page can be parted, in pixels from the left: at most one article goes on there, from foot to head."""
    width = truth.layout.width
    places = [step * width / _STEPS for step in range(_STEPS + 1)]
    lost = [_weigh_gutter(truth, x) for x in places[1:-1]]
    runs = [
        (cost, [x for _, x in run])
        for cost, run in groupby(zip(lost, places[1:-1], strict=True), lambda p: p[0])
    ]
    costs = [float("inf"), *(float("inf") if cost is None else cost for cost, _ in runs), float("inf")]
    found = sorted(
        (cost, xs[len(xs) // 2])
        for place, (cost, xs) in enumerate(runs, 1)
        if cost is not None and costs[place - 1] > costs[place] < costs[place + 1]
    )
    gutters: list[float] = []
    for _, x in found:
        if all(abs(x - other) > _NARROWEST * width for other in gutters):
            gutters.append(x)
    return tuple(sorted(gutters))


def _weigh_gutter(truth: NewsTruth, x: float) -> int | None:
    """How many letters are lost by a cut here; None where the page cannot be parted."""
    blocks = [block for block in truth.layout.blocks if block.lines]
    crossed = {block.id for block in blocks if _is_across(block.box, x)}
    across = {article.id for article in truth.articles if crossed.intersection(article.blocks)}
    lost = {id for article in truth.articles if article.id in across for id in article.blocks} | crossed
    letters = {block.id: len(block.text) for block in blocks}
    total = sum(letters.values())
    left = [block for block in blocks if block.id not in lost and block.box.center.x < x]
    right = [block for block in blocks if block.id not in lost and block.box.center.x >= x]
    sides = (sum(letters[block.id] for block in side) for side in (left, right))
    gone = sum(letters.get(id, 0) for id in lost)
    if gone > _LOST * total or min(sides) < _LEAST * total:
        return None
    before, behind = {block.id for block in left}, {block.id for block in right}
    over = [a for a in truth.articles if before.intersection(a.blocks) and behind.intersection(a.blocks)]
    if len(over) > 1:
        return None
    if over and not (find_foot(left, truth) in over[0].blocks and _find_head(right, truth) in over[0].blocks):
        return None
    return gone


def _is_across(box: Box, x: float) -> bool:
    return box.x0 + _SLICED * box.width < x < box.x1 - _SLICED * box.width


def find_foot(blocks: Sequence[Block], truth: NewsTruth) -> int | None:
    """The lowest block of the last column."""
    told = _worded(blocks, truth)
    edge = max((b.box.x1 for b in told), default=0.0) - median([b.box.width for b in told] or [0.0]) / 2
    return max(((b.box.y1, b.id) for b in told if b.box.x1 > edge), default=(0.0, None))[1]


def _find_head(blocks: Sequence[Block], truth: NewsTruth) -> int | None:
    """The highest block of the first column."""
    told = _worded(blocks, truth)
    edge = min((b.box.x0 for b in told), default=0.0) + median([b.box.width for b in told] or [0.0]) / 2
    return min(((b.box.y0, b.id) for b in told if b.box.x0 < edge), default=(0.0, None))[1]


def _worded(blocks: Sequence[Block], truth: NewsTruth) -> list[Block]:
    told = {id for a in truth.articles if a.kind is not ArticleKind.MASTHEAD for id in a.blocks}
    return [block for block in blocks if block.id in told and len(block.text) >= _WORDED]


def _part_page(truth: NewsTruth, gutters: Sequence[float]) -> list[NewsTruth]:
    crossed = {b.id for b in truth.layout.blocks for x in gutters if _is_across(b.box, x)}
    whole = drop_articles(truth, [a.id for a in truth.articles if crossed.intersection(a.blocks)])
    blocks = [block for block in whole.layout.blocks if block.id not in crossed]
    edges = [float("-inf"), *sorted(gutters), float("inf")]
    parts = []
    for low, high in pairwise(edges):
        inside = [block for block in blocks if low <= block.box.center.x < high]
        if inside:
            parts.append(_cut_out(inside, whole))
    return parts


def _cut_out(blocks: Sequence[Block], truth: NewsTruth) -> NewsTruth:
    """A page of these blocks of another; as high, and so wide that there is room for them."""
    margin = truth.layout.width / 50
    left = min(block.box.x0 for block in blocks) - margin
    width = max(block.box.x1 for block in blocks) + margin - left
    kept = tuple(move_block(block, -left, 0.0) for block in blocks)
    known = {block.id: block for block in kept}
    articles = tuple(
        replace(
            article, blocks=ids, headline=read_headline([known[id] for id in ids], article.kind), polygon=()
        )
        for article in truth.articles
        if (ids := tuple(id for id in article.blocks if id in known))
    )
    return NewsTruth(Layout(width, truth.layout.height, kept), articles)


def read_headline(blocks: Sequence[Block], kind: ArticleKind) -> str:
    """The first heading among an article's blocks."""
    heads = [" ".join(block.text.split()) for block in blocks if block.kind is BlockKind.HEADING]
    return heads[0] if heads and kind is ArticleKind.ARTICLE else ""


def move_block(block: Block, right: float, down: float) -> Block:
    """The block with its lines so much farther right and down, in pixels."""
    lines = tuple(replace(line, box=line.box.move(right, down)) for line in block.lines)
    return replace(block, box=block.box.move(right, down), lines=lines)


def _ids(truth: NewsTruth) -> set[int]:
    return {article.id for article in truth.articles}


def _find(pages: Sequence[NewsTruth], places: Iterable[int], id: int) -> int | None:
    """The first of these pages that has an article of this id."""
    return next((place for place in places if id in _ids(pages[place - 1])), None)
