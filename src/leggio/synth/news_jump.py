"""Articles made to go on elsewhere. In: `KnownIssue`s. Out: the same, with articles cut and their second parts moved.

A silent second part stands at the head of the next page; one that a notice leads to stands anywhere on a later page.
Other articles are given notices that lead nowhere in the issue: serials, and hints at other pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from leggio.geometry import Box
from leggio.news.layout import (
    Article,
    ArticleKind,
    Block,
    BlockKind,
    Continuation,
    Layout,
    Line,
    NewsTruth,
)
from leggio.synth.news_issue import KnownIssue, find_foot, move_block, read_headline
from leggio.synth.news_notices import Wording

_LONGEST, _SHORTEST = 40, 5  # lines of a second part; a first part has as many at least
_OWN_LINE = 0.5  # chance that a notice is a block of its own, not a line of the paragraph
_HEADED, _TOLD = 0.6, 0.7  # chances that a second part has a headline, and a line that says whence it comes
_AT_FOOT = 0.3  # chance that it stands below everything in a column, not above an article
_KEY_WORDS = 3  # of a headline that is said again
_CLEAR = 0.3  # of a column's width: boxes that share less of it are beside each other


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article cut in two: the page with its first part, and the blocks of its second."""

    truth: NewsTruth
    second: tuple[Block, ...]


def break_silently(issue: KnownIssue, page: int, rng: np.random.Generator) -> KnownIssue | None:
    """The issue with the last article of a page cut, its rest at the head of the next page, unsaid; pages from 1.

    None where that article is too short or goes on already.
    """
    truth = issue.pages[page - 1]
    foot = find_foot(truth.layout.blocks, truth)
    article = next((a for a in truth.articles if foot in a.blocks), None)
    if article is None or article.kind is not ArticleKind.ARTICLE or not _is_free(issue, page, article.id):
        return None
    cut = _cut(truth, article, rng)
    onto = issue.pages[page]
    column = _find_column(onto, first=True)
    if cut is None or column is None:
        return None
    moved, id = _insert(onto, cut.second, column, _top(onto, column), article.kind)
    return _put(issue, page, article.id, cut.truth, page + 1, id, moved)


def jump_with_notice(issue: KnownIssue, wording: Wording, rng: np.random.Generator) -> KnownIssue | None:
    """The issue with an article cut, its rest on a later page, and notices that say so; None where none can be."""
    page = int(rng.integers(1, len(issue.pages)))
    later = int(rng.integers(page + 1, len(issue.pages) + 1))
    truth, onto = issue.pages[page - 1], issue.pages[later - 1]
    chosen = [a for a in truth.articles if a.kind is ArticleKind.ARTICLE and _is_free(issue, page, a.id)]
    if not chosen:
        return None
    article = chosen[int(rng.integers(len(chosen)))]
    cut = _cut(truth, article, rng)
    place = _choose_place(onto, {a.id for a in onto.articles if not _is_free(issue, later, a.id)}, rng)
    if cut is None or place is None:
        return None
    key = " ".join(article.headline.split()[:_KEY_WORDS])
    first = _add_line(cut.truth, article.id, wording.go_on(later, key, rng), rng)
    second = cut.second
    if rng.random() < _TOLD:
        second = (_write_above(second, wording.come_from(page, rng), BlockKind.TEXT), *second)
    if key and rng.random() < _HEADED:
        headline = key.upper() if rng.random() < 0.5 else article.headline
        second = (_write_above(second, headline, BlockKind.HEADING), *second)
    moved, id = _insert(onto, second, *place, article.kind)
    return _put(issue, page, article.id, first, later, id, moved)


def add_decoy(issue: KnownIssue, wording: Wording, rng: np.random.Generator) -> KnownIssue:
    """The issue with a notice on an article that leads nowhere in it: to the next issue, from the last, or aside."""
    page = int(rng.integers(1, len(issue.pages) + 1))
    truth = issue.pages[page - 1]
    known = {block.id: block for block in truth.layout.blocks}
    chosen = [
        a for a in truth.articles
        if a.kind is ArticleKind.ARTICLE and _is_free(issue, page, a.id)
        and sum(len(known[id].lines) for id in a.blocks) >= _SHORTEST
    ]  # fmt: skip
    if not chosen:
        return issue
    article = chosen[int(rng.integers(len(chosen)))]
    way = int(rng.integers(3))
    if way == 0:
        changed = _add_line(truth, article.id, wording.later(rng), rng)
    elif way == 1:
        changed = _add_line(
            truth, article.id, wording.aside(int(rng.integers(1, len(issue.pages) + 1)), rng), rng
        )
    else:
        changed = _say_earlier(truth, article, wording.earlier(rng))
    pages = tuple(changed if number == page else t for number, t in enumerate(issue.pages, 1))
    return replace(issue, pages=pages)


def _is_free(issue: KnownIssue, page: int, article: int) -> bool:
    ends = {(link.from_page, link.from_article) for link in issue.links}
    return (page, article) not in ends | {(link.to_page, link.to_article) for link in issue.links}


def _put(
    issue: KnownIssue, page: int, article: int, first: NewsTruth, later: int, moved: int, onto: NewsTruth
) -> KnownIssue:
    new = {page: first, later: onto}
    pages = tuple(new.get(number, truth) for number, truth in enumerate(issue.pages, 1))
    return KnownIssue(pages, issue.links | {Continuation(page, article, later, moved)})


def _cut(truth: NewsTruth, article: Article, rng: np.random.Generator) -> _Cut | None:
    """The article cut after some line of its running text."""
    known = {block.id: block for block in truth.layout.blocks}
    texts = [known[id] for id in article.blocks if known[id].kind is BlockKind.TEXT and known[id].lines]
    count = sum(len(block.lines) for block in texts)
    low, high = max(_SHORTEST, count - _LONGEST), count - _SHORTEST
    if low >= high:
        return None
    left = int(rng.integers(low, high))
    changed: dict[int, Block | None] = {}
    second: list[Block] = []
    for block in texts:
        if left >= len(block.lines):
            left -= len(block.lines)
            continue
        changed[block.id] = _take_lines(block, block.lines[:left]) if left else None
        second.append(_take_lines(block, block.lines[left:]))
        left = 0
    blocks = tuple(new for block in truth.layout.blocks if (new := changed.get(block.id, block)) is not None)
    ids = tuple(id for id in article.blocks if changed.get(id, known[id]) is not None)
    return _Cut(_renew(truth, blocks, replace(article, blocks=ids)), tuple(second))


def _take_lines(block: Block, lines: Sequence[Line]) -> Block:
    top, bottom = min(line.box.y0 for line in lines), max(line.box.y1 for line in lines)
    return Block(block.id, block.kind, Box(block.box.x0, top, block.box.x1, bottom), tuple(lines))


def _renew(truth: NewsTruth, blocks: tuple[Block, ...], article: Article) -> NewsTruth:
    articles = tuple(article if a.id == article.id else a for a in truth.articles)
    return NewsTruth(replace(truth.layout, blocks=blocks), articles)


def _find_column(
    truth: NewsTruth, *, first: bool = False, rng: np.random.Generator | None = None
) -> Box | None:
    """A block whose width is that of a column: the one farthest left, or any."""
    texts = [block.box for block in truth.layout.blocks if len(block.lines) >= _SHORTEST]
    middle = median([box.width for box in texts] or [0.0])
    usual = [box for box in texts if 0.7 * middle <= box.width <= 1.3 * middle]
    if not usual:
        return None
    if first or rng is None:
        return min(usual, key=lambda box: (box.x0, box.y0))
    return usual[int(rng.integers(len(usual)))]


def _shares(one: Box, other: Box) -> bool:
    return min(one.x1, other.x1) - max(one.x0, other.x0) > _CLEAR * min(one.width, other.width)


def _top(truth: NewsTruth, column: Box) -> float:
    """Where the text of a column begins: below a masthead."""
    masts = {id for a in truth.articles if a.kind is ArticleKind.MASTHEAD for id in a.blocks}
    told = [b.box.y0 for b in truth.layout.blocks if b.id not in masts and _shares(b.box, column)]
    return min(told, default=column.y0)


def _choose_place(truth: NewsTruth, linked: set[int], rng: np.random.Generator) -> tuple[Box, float] | None:
    """A column, and how far down: above an article, or below everything.

    Those that are linked stay at the head of the first column, and at the foot of the last.
    """
    column = _find_column(truth, rng=rng)
    if column is None:
        return None
    known = {block.id: block for block in truth.layout.blocks}
    starts = [
        known[a.blocks[0]].box for a in truth.articles
        if a.id not in linked and a.kind is not ArticleKind.MASTHEAD and _shares(known[a.blocks[0]].box, column)
        and known[a.blocks[0]].box.width < 1.3 * column.width
    ]  # fmt: skip
    if starts and rng.random() > _AT_FOOT:
        return column, starts[int(rng.integers(len(starts)))].y0
    under = [block for block in truth.layout.blocks if _shares(block.box, column)]
    ends = {id for a in truth.articles if a.id in linked for id in a.blocks}
    lowest = max(under, key=lambda block: block.box.y1)
    return None if lowest.id in ends else (column, lowest.box.y1 + 1)


def _insert(
    truth: NewsTruth, second: Sequence[Block], column: Box, top: float, kind: ArticleKind
) -> tuple[NewsTruth, int]:
    """The page with these blocks as an article of its own in a column; what stands there moves down."""
    blocks = truth.layout.blocks
    lines = [line.box.height for block in second for line in block.lines]
    gap = median(lines) / 2
    next_block = max(block.id for block in blocks) + 1
    next_line = max((line.id for block in blocks for line in block.lines), default=0) + 1
    down, new = top, []
    for number, block in enumerate(second, next_block):
        fitted = _fit(block, column, down)
        ids = tuple(replace(line, id=next_line + place) for place, line in enumerate(fitted.lines))
        next_line += len(ids)
        new.append(replace(fitted, id=number, lines=ids))
        down = fitted.box.y1 + gap
    pushed = _push(blocks, Box(column.x0, top, column.x1, down), down - top)
    lowest = max(block.box.y1 for block in (*pushed, *new)) + gap
    id = max((a.id for a in truth.articles), default=-1) + 1
    article = Article(id, kind, tuple(block.id for block in new), (), read_headline(new, kind))
    height = max(truth.layout.height, lowest)
    layout = Layout(truth.layout.width, height, (*pushed, *new))
    return NewsTruth(layout, (*truth.articles, article)), id


def _push(blocks: Sequence[Block], room: Box, down: float) -> list[Block]:
    """The blocks, those below the top of `room` in its column, and below one that moves, moved down."""
    moved = [room]
    pushed = {}
    for block in sorted(blocks, key=lambda block: block.box.y0):
        below = block.box.center.y > room.y0 and any(
            _shares(block.box, box) and box.y0 <= block.box.center.y for box in moved
        )
        if below:
            moved.append(block.box)
        pushed[block.id] = move_block(block, 0.0, down) if below else block
    return [pushed[block.id] for block in blocks]


def _fit(block: Block, column: Box, top: float) -> Block:
    """The block in a column, its lines as much of it as they were of their own."""
    scale = column.width / max(block.box.width, 1.0)

    def fit(box: Box) -> Box:
        left = column.x0 + (box.x0 - block.box.x0) * scale
        return Box(left, box.y0 - block.box.y0 + top, left + box.width * scale, box.y1 - block.box.y0 + top)

    lines = tuple(replace(line, box=fit(line.box)) for line in block.lines)
    return replace(block, box=Box(column.x0, top, column.x1, top + block.box.height), lines=lines)


def _write_above(blocks: Sequence[Block], text: str, kind: BlockKind) -> Block:
    """A block of one line in the width of the first of these."""
    first = blocks[0]
    height = median(line.box.height for line in first.lines)
    box = Box(first.box.x0, first.box.y0 - height, first.box.x1, first.box.y0)
    return Block(0, kind, box, (Line(0, box, text),))


def _add_line(truth: NewsTruth, article_id: int, text: str, rng: np.random.Generator) -> NewsTruth:
    """The page with a line below the last paragraph of an article, of it or on its own."""
    article = next(a for a in truth.articles if a.id == article_id)
    blocks = truth.layout.blocks
    last = next(b for id in reversed(article.blocks) for b in blocks if b.id == id and b.lines)
    height = median(line.box.height for line in last.lines)
    box = Box(last.box.x0 + last.box.width / 4, last.box.y1 + 1, last.box.x1, last.box.y1 + 1 + height)
    line = Line(max(x.id for b in blocks for x in b.lines) + 1, box, text)
    if rng.random() < _OWN_LINE:
        new = Block(max(b.id for b in blocks) + 1, BlockKind.TEXT, box, (line,))
        at = article.blocks.index(last.id) + 1
        ids = (*article.blocks[:at], new.id, *article.blocks[at:])
        return _renew(truth, (*blocks, new), replace(article, blocks=ids))
    longer = replace(last, box=last.box.union(box), lines=(*last.lines, line))
    return _renew(truth, tuple(longer if b.id == last.id else b for b in blocks), article)


def _say_earlier(truth: NewsTruth, article: Article, text: str) -> NewsTruth:
    """The page with a line at the head of an article's text, in the room of its first line."""
    first = next(
        b for id in article.blocks for b in truth.layout.blocks
        if b.id == id and b.lines and b.kind is not BlockKind.HEADING
    )  # fmt: skip
    line = replace(first.lines[0], text=f"{text} {first.lines[0].text}")
    said = replace(first, lines=(line, *first.lines[1:]))
    return _renew(truth, tuple(said if b.id == first.id else b for b in truth.layout.blocks), article)
