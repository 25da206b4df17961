"""Articles that go on over pages of an issue. In: the pages with their articles. Out: `Continuation`s.

An article goes on with another when it breaks off in a sentence at the foot of its page and the other begins without a
headline at the head of the next one; when a line says so ("continued on page 5"); and, above that, when both share
words that are rare in the issue. The weights were set by hand: too few continuations are known to learn them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Continuation, Layout
from leggio.news.order import order_blocks
from leggio.news.topics import compare_words

_LIKELY = 0.5  # chance from which a continuation is told

# Log-odds. Nearly no article goes on; one that breaks off at the foot and one headless at the head nearly always do.
_BEFORE = -5.0
_BREAKS_OFF, _CLOSED = 1.5, -2.5
_AT_FOOT, _NOT_AT_FOOT = 1.6, -1.5
_HEADLESS, _HEADED = 1.6, -3.0
_AT_HEAD, _NOT_AT_HEAD = 1.6, -1.5
_STARTS_SMALL = 0.8
_SHARED_WORDS = 4.0  # for a cosine of 1, of which short texts reach far too much:
_MOST_SHARED = 0.3
_SAID = 5.0  # a line says that it goes on, or whence it comes
_SAID_PAGE = 2.0  # and names just this page
_EDGE = 3  # blocks of a page that are read last, or first: a foot-note or a running head may be among them

_GOES_ON = re.compile(
    r"(?:continued (?:on|at)|see page|fortsetzung (?:auf|siehe|s\.)|siehe seite|suite (?:page|en page|à la page|p\.)|"
    r"voir (?:la suite|page))\D{0,14}(\d{1,2})?",
    re.IGNORECASE,
)
_COMES_FROM = re.compile(
    r"(?:continued from|fortsetzung von|suite de la)\D{0,12}(\d{1,2})?|"
    r"^\W{0,2}(?:fortsetzung|schluß|suite|continued)\W",
    re.IGNORECASE,
)
_SAID_WITHIN = 80  # letters at the end or the beginning of an article in which such a line stands
_OPEN_END = re.compile(r"[\w,;\-¬=»*'’]\s*$")


class HasArticles(Protocol):
    """A page that was read: its layout, and its articles."""

    @property
    def layout(self) -> Layout: ...

    @property
    def articles(self) -> tuple[Article, ...]: ...


@dataclass(frozen=True, slots=True)
class _End:
    """What an article looks like at its beginning and its end; `said` are pages that a line there names, 0 for any."""

    page: int
    article: int
    text: str
    breaks_off: bool
    at_foot: bool
    headless: bool
    at_head: bool
    starts_small: bool
    goes_on: int | None
    comes_from: int | None


def link_pages(pages: Sequence[HasArticles]) -> tuple[Continuation, ...]:
    """Which articles go on with which ones, on later pages of the issue, the surest first; pages count from 1.

    An article goes on with one other at most, and is gone on with by one at most.
    """
    ends = [end for number, page in enumerate(pages, 1) for end in _describe_articles(number, page)]
    alike = compare_words([end.text for end in ends])
    found = sorted(_weigh_all(ends, alike), key=lambda link: -link.confidence)
    taken_from: set[tuple[int, int]] = set()
    taken_to: set[tuple[int, int]] = set()
    links = []
    for link in found:
        start, end = (link.from_page, link.from_article), (link.to_page, link.to_article)
        if start not in taken_from and end not in taken_to:
            links.append(link)
            taken_from.add(start)
            taken_to.add(end)
    return tuple(links)


def _weigh_all(ends: Sequence[_End], alike: NDArray[np.float32]) -> Iterator[Continuation]:
    for i, one in enumerate(ends):
        for j, other in enumerate(ends):
            said = one.goes_on is not None or other.comes_from is not None
            if other.page == one.page + 1 or (said and other.page > one.page):
                chance = 1 / (1 + math.exp(-_weigh(one, other, float(alike[i, j]))))
                if chance >= _LIKELY:
                    yield Continuation(one.page, one.article, other.page, other.article, round(chance, 4))


def _weigh(one: _End, other: _End, alike: float) -> float:
    weight = _BEFORE + _SHARED_WORDS * min(alike, _MOST_SHARED) + _STARTS_SMALL * other.starts_small
    weight += _BREAKS_OFF if one.breaks_off else _CLOSED
    weight += _AT_FOOT if one.at_foot else _NOT_AT_FOOT
    weight += _HEADLESS if other.headless else _HEADED
    weight += _AT_HEAD if other.at_head else _NOT_AT_HEAD
    for said, page in ((one.goes_on, other.page), (other.comes_from, one.page)):
        if said is not None:
            weight += _SAID + (_SAID_PAGE if said == page else -2 * _SAID if said else 0.0)
    return weight


def _describe_articles(number: int, page: HasArticles) -> Iterator[_End]:
    """The articles that can go on or be gone on with: no mastheads, advertisements or pictures alone."""
    known = {block.id: block for block in page.layout.blocks}
    told = {id for a in page.articles if a.kind is not ArticleKind.MASTHEAD for id in a.blocks}
    order = [b.id for b in order_blocks(page.layout.blocks) if b.id in told and b.lines]
    first, last = set(order[:_EDGE]), set(order[-_EDGE:])
    for article in page.articles:
        blocks = [known[id] for id in article.blocks if id in known and known[id].text.strip()]
        if blocks and article.kind in (ArticleKind.ARTICLE, ArticleKind.NOTICE):
            yield _describe(number, article, blocks, page.layout, first, last)


def _describe(
    number: int, article: Article, blocks: Sequence[Block], layout: Layout, first: set[int], last: set[int]
) -> _End:
    text = " ".join(" ".join(block.text for block in blocks).split())
    goes_on, comes_from = _GOES_ON.search(text[-_SAID_WITHIN:]), _COMES_FROM.search(text[:_SAID_WITHIN])
    head = next((block for block in blocks if block.kind is not BlockKind.HEADING), blocks[0])
    return _End(
        page=number,
        article=article.id,
        text=text,
        breaks_off=_OPEN_END.search(text) is not None,
        at_foot=blocks[-1].id in last or _stands_at(blocks[-1], layout, below=True),
        headless=blocks[0].kind is not BlockKind.HEADING and not article.headline,
        at_head=blocks[0].id in first or _stands_at(blocks[0], layout, below=False),
        starts_small=head.text[:1].islower(),
        goes_on=int(goes_on[1] or 0) if goes_on else None,
        comes_from=int(comes_from[1] or 0) if comes_from else None,
    )


def _stands_at(block: Block, layout: Layout, *, below: bool) -> bool:
    """Whether a block ends the last column, or begins the first: nothing farther out and nothing below it, or above."""
    side = 1 if below else -1
    for other in layout.blocks:
        if other.id == block.id or not other.lines:
            continue
        across = min(block.box.x1, other.box.x1) - max(block.box.x0, other.box.x0)
        down = side * (other.box.center.y - block.box.center.y)
        outward = side * (other.box.center.x - block.box.center.x)
        beside = min(block.box.y1, other.box.y1) - max(block.box.y0, other.box.y0)
        if (across > 0 and down > 0) or (beside > 0 and outward > 0):
            return False
    return True
