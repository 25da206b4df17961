"""How the articles of a page begin and end. In: a page with its articles. Out: `Ends` of those that may go on.

Where an article stands counts by columns: at the foot stands what nothing is printed under in the last column, at the
head what begins the first. Running heads and specks count for nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout
from leggio.news.notices import Notice, find_onward, find_origin, promises_more
from leggio.news.order import order_blocks

_EDGE = 3  # blocks of a page that are read last, or first, which may stand at the foot or the head for all we know
_SPECK = 25  # letters; a block of one line with fewer is a page's number, a signature of the printer, or dirt
_OVERLAP = 0.1  # share of a block's width or height that another must share to stand below it, or beside
_BROKEN = re.compile(r"[^\W\d_][»*]\s*$")  # a hyphen as OCR reads it: a quotation would end with a stop
_MARKS = re.compile(r"[\s'’*_|•^~]+$")


class HasArticles(Protocol):
    """A page that was read: its layout, and its articles."""

    @property
    def layout(self) -> Layout: ...

    @property
    def articles(self) -> tuple[Article, ...]: ...


class Tail(Enum):
    """With what a text ends."""

    HYPHEN = "hyphen"
    OPEN = "open"  # a letter or a comma
    STOP = "stop"
    OTHER = "other"  # a digit, or a mark that says nothing


class Start(Enum):
    """With what a text begins."""

    SMALL = "small"
    CAPITAL = "capital"
    OTHER = "other"


class Stand(Enum):
    """Whether an article stands at the head of its page, or at its foot: it is the first one or the last,
    it is among them, or neither."""

    JUST = "just"
    NEARLY = "nearly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Ends:
    """The beginning and the end of an article on page `page`, which counts from 1.

    `text` is its running text without headline and notices; `onward` says where it goes on, `origin` whence it comes,
    `promised` that more follows in another issue.
    """

    page: int
    article: int
    text: str
    headline: str
    head: Stand
    foot: Stand
    start: Start
    tail: Tail
    onward: Notice | None
    origin: Notice | None
    promised: bool


def describe_ends(number: int, page: HasArticles) -> Iterator[Ends]:
    """The articles of page `number` that can go on or be gone on with: no mastheads, advertisements or pictures."""
    known = {block.id: block for block in page.layout.blocks}
    told = {id for a in page.articles if a.kind is not ArticleKind.MASTHEAD for id in a.blocks}
    worded = [b for b in page.layout.blocks if b.id in told and b.lines and not _is_speck(b)]
    order = [block.id for block in order_blocks(worded)]
    for article in page.articles:
        blocks = [known[id] for id in article.blocks if id in known and known[id].text.strip()]
        if not blocks or article.kind not in (ArticleKind.ARTICLE, ArticleKind.NOTICE):
            continue
        headline, body = _part_headline(article, blocks)
        text = "\n".join(block.text for block in body)
        onward, origin = find_onward(text), find_origin(text)
        kept = onward.text if onward else text
        kept = origin.text if origin and onward is None else kept
        if origin and onward:
            again = find_origin(kept)
            kept = again.text if again else kept
        yield Ends(
            page=number,
            article=article.id,
            text=" ".join(kept.split()),
            headline=headline,
            head=_find_stand(blocks, worded, order, below=False),
            foot=_find_stand(blocks, worded, order, below=True),
            start=_find_start(kept),
            tail=_find_tail(kept),
            onward=onward,
            origin=origin,
            promised=promises_more(text),
        )


def _is_speck(block: Block) -> bool:
    return len(block.lines) == 1 and len(block.text) < _SPECK


def _part_headline(article: Article, blocks: Sequence[Block]) -> tuple[str, Sequence[Block]]:
    """The headline with which an article begins, empty where it begins with its text, and the blocks behind it."""
    count = 0
    while count < len(blocks) and blocks[count].kind is BlockKind.HEADING:
        count += 1
    if not count and article.headline:
        headline, read = "".join(article.headline.split()), ""
        while count < len(blocks) and headline.startswith(read + "".join(blocks[count].text.split())):
            read += "".join(blocks[count].text.split())
            count += 1
    if count == len(blocks):
        return " ".join(" ".join(block.text for block in blocks).split()), blocks
    return " ".join(" ".join(block.text for block in blocks[:count]).split()), blocks[count:]


def _find_start(text: str) -> Start:
    first = text.lstrip(" \n'’«»\"„(—-")[:1]
    return Start.SMALL if first.islower() else Start.CAPITAL if first.isupper() else Start.OTHER


def _find_tail(text: str) -> Tail:
    if _BROKEN.search(text):
        return Tail.HYPHEN
    last = _MARKS.sub("", text)[-1:]
    if last and last in "-¬=­":
        return Tail.HYPHEN
    if last.isalpha() or (last and last in ",;"):
        return Tail.OPEN
    return Tail.STOP if last and last in '.!?:…»"”)' else Tail.OTHER


def _find_stand(
    blocks: Sequence[Block], others: Sequence[Block], order: Sequence[int], *, below: bool
) -> Stand:
    """Where the last of an article's blocks stands, or the first."""
    own = {block.id for block in blocks}
    edge = (blocks[-1], order[-1:], order[-_EDGE:]) if below else (blocks[0], order[:1], order[:_EDGE])
    block, last, near = edge
    if own.intersection(last) or _is_outermost(block, others, below=below):
        return Stand.JUST
    return Stand.NEARLY if own.intersection(near) else Stand.NOT


def _is_outermost(block: Block, others: Sequence[Block], *, below: bool) -> bool:
    """Whether a block ends the last column, or begins the first: nothing farther out and nothing below it, or above."""
    side = 1 if below else -1
    for other in others:
        if other.id == block.id:
            continue
        across = min(block.box.x1, other.box.x1) - max(block.box.x0, other.box.x0)
        down = side * (other.box.center.y - block.box.center.y)
        outward = side * (other.box.center.x - block.box.center.x)
        beside = min(block.box.y1, other.box.y1) - max(block.box.y0, other.box.y0)
        wide, high = min(block.box.width, other.box.width), min(block.box.height, other.box.height)
        if (across > _OVERLAP * wide and down > 0) or (beside > _OVERLAP * high and outward > 0):
            return False
    return True
