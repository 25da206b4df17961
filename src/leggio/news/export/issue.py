"""Records of an issue as it goes out, and its stories. In: pages and continuations. Out: articles joined over pages.

A story is what a reader calls an article: it may begin on the first page and end on the fifth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leggio.news.export.prose import gather_prose
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Continuation, Layout
from leggio.page import PageLabel

TITLE_WORDS = 8  # of an article without a headline: enough to know it again in a list

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it goes out: what it is called, what is printed on it, and its articles in reading order."""

    label: PageLabel
    layout: Layout
    articles: tuple[Article, ...]

    def blocks_of(self, article: Article) -> tuple[Block, ...]:
        """The blocks of one of its articles, in reading order; ids that no block has are left out."""
        blocks = {block.id: block for block in self.layout.blocks}
        return tuple(blocks[id] for id in article.blocks if id in blocks)

    def loose_blocks(self) -> tuple[Block, ...]:
        """The blocks in no article, such as running heads."""
        taken = {id for article in self.articles for id in article.blocks}
        return tuple(block for block in self.layout.blocks if block.id not in taken)


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a newspaper. `date` is ISO 8601 or as printed; continuations count its pages from 1."""

    title: str
    date: str
    pages: tuple[ReadPage, ...]
    continuations: tuple[Continuation, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What stands of a story on one page; `page` is its place in the issue, from 1."""

    page: int
    article: Article


@dataclass(frozen=True, slots=True)
class Story:
    """An article with what it goes on with, in reading order; never empty."""

    parts: tuple[Part, ...]

    @property
    def kind(self) -> ArticleKind:
        return self.parts[0].article.kind


def follow_stories(issue: Issue) -> tuple[Story, ...]:
    """The stories of an issue, by where they begin.

    Of two continuations that say different things the surer one counts; one that closes a circle or names an article
    that does not exist is left out.
    """
    parts = {
        (number, article.id): Part(number, article)
        for number, page in enumerate(issue.pages, 1)
        for article in page.articles
    }
    after = _settle(issue.continuations, parts)
    behind = set(after.values())
    return tuple(Story(_chain(place, after, parts)) for place in parts if place not in behind)


def find_title(article: Article, blocks: tuple[Block, ...]) -> str:
    """Its headline, or the first words of its text; empty where nothing was read."""
    if article.headline.strip():
        return " ".join(article.headline.split())
    words = [token.text for paragraph in gather_prose(blocks) for token in paragraph.tokens]
    return " ".join(words[:TITLE_WORDS]) + (" …" if len(words) > TITLE_WORDS else "")


def find_body(article: Article, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Its blocks without the headings at the start that its headline repeats."""
    headline = _letters(article.headline)
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.PICTURE:
            continue
        if block.kind is not BlockKind.HEADING or _letters(block.text) not in headline:
            return tuple(b for b in blocks[:index] if b.kind is BlockKind.PICTURE) + blocks[index:]
    return tuple(block for block in blocks if block.kind is BlockKind.PICTURE)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.casefold())


_Place = tuple[int, int]


def _settle(continuations: tuple[Continuation, ...], parts: dict[_Place, Part]) -> dict[_Place, _Place]:
    after: dict[_Place, _Place] = {}
    for continuation in sorted(continuations, key=lambda c: -c.confidence):
        start = (continuation.from_page, continuation.from_article)
        end = (continuation.to_page, continuation.to_article)
        known = start in parts and end in parts
        if known and start not in after and end not in after.values() and _last(end, after) != start:
            after[start] = end
    return after


def _last(place: _Place, after: dict[_Place, _Place]) -> _Place:
    while place in after:
        place = after[place]
    return place


def _chain(place: _Place, after: dict[_Place, _Place], parts: dict[_Place, Part]) -> tuple[Part, ...]:
    chain = [parts[place]]
    while place in after:
        place = after[place]
        chain.append(parts[place])
    return tuple(chain)
