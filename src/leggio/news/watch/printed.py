"""Records of the archive: articles as they were printed, and the clippings made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from leggio.geometry import Box
from leggio.news.layout import Article, Block, BlockKind, Layout, Line
from leggio.news.watch.match import Hit, Place
from leggio.news.watch.words import fold, split_words
from leggio.page import Page, PageFailure


class PageReading(Protocol):
    """What a reader of newspapers says about one page."""

    @property
    def page(self) -> Page: ...
    @property
    def layout(self) -> Layout: ...
    @property
    def articles(self) -> tuple[Article, ...]: ...


class FileReading(Protocol):
    """What a reader of newspapers says about one file."""

    @property
    def readings(self) -> Sequence[PageReading]: ...
    @property
    def failures(self) -> Sequence[PageFailure]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was printed: `hash` is that of the file, `path` where it was last seen, `page` counts from 1."""

    issue: str
    date: str
    path: str
    hash: str
    page: int
    width: int
    height: int
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of the archive with its blocks, their lines and words; `text` is theirs, in reading order."""

    id: int
    source: Source
    article: Article
    blocks: tuple[Block, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Clipping:
    """An article that answers a subject. `id` depends on nothing but the subject, the file's content and the place."""

    id: str
    subject: str
    time: str
    hits: tuple[Hit, ...]
    closeness: float | None
    printed: StoredArticle


def choose_blocks(layout: Layout, article: Article) -> tuple[Block, ...]:
    """The blocks of an article in reading order."""
    blocks = {block.id: block for block in layout.blocks}
    return tuple(blocks[number] for number in article.blocks if number in blocks)


def compose_text(blocks: Sequence[Block]) -> str:
    """The text of blocks: a line for each printed line, an empty line between blocks."""
    return "\n\n".join(block.text for block in blocks if block.text)


def place_hits(printed: StoredArticle, hits: Sequence[Hit]) -> tuple[Box, ...]:
    """Where on the page the words of hits stand, a box for each piece of them, in page pixels.

    Where the places of words are unknown, a word has its share of the line's width by its letters.
    """
    lines = list(_place_lines(printed.blocks))
    spans = [span for hit in hits for span in _spans_in_text(hit, printed)]
    boxes = (
        box
        for start, end in spans
        for line, begin, _ in lines
        for box in _cover(line, start - begin, end - begin)
    )
    return tuple(dict.fromkeys(boxes))


def _spans_in_text(hit: Hit, printed: StoredArticle) -> Iterator[tuple[int, int]]:
    """The characters of the text that a hit stands for; a word of the headline is looked for in the headings."""
    if hit.place is Place.TEXT:
        yield hit.start, hit.end
        return
    headings = [
        (begin, begin + len(line.text))
        for line, begin, kind in _place_lines(printed.blocks)
        if kind is BlockKind.HEADING
    ]
    for token in split_words(printed.text) if headings else ():
        inside = any(begin <= token.start < end for begin, end in headings)
        if inside and fold(token.text) == fold(hit.word):
            yield token.start, token.end


def _place_lines(blocks: Sequence[Block]) -> Iterator[tuple[Line, int, BlockKind]]:
    """Each line with the place of its first character in `compose_text`."""
    at = 0
    for block in blocks:
        if not block.text:
            continue
        for line in block.lines:
            yield line, at, block.kind
            at += len(line.text) + 1
        at += 1


def _cover(line: Line, start: int, end: int) -> Iterator[Box]:
    """The boxes of the characters `start` to `end` of a line; none where they lie outside it."""
    start, end = max(start, 0), min(end, len(line.text))
    if start >= end:
        return
    at = 0
    words: list[tuple[int, int, Box]] = []
    for word in line.words:
        found = line.text.find(word.text, at) if word.text else -1
        if found < 0:
            words = []
            break
        at = found + len(word.text)
        words.append((found, at, word.box))
    parts = words or [(0, len(line.text), line.box)]
    for begin, stop, box in parts:
        if begin < end and start < stop:
            yield _cut(box, max(start - begin, 0), min(end, stop) - begin, stop - begin)


def _cut(box: Box, start: int, end: int, letters: int) -> Box:
    step = box.width / letters
    return Box(box.x0 + start * step, box.y0, box.x0 + end * step, box.y1)
