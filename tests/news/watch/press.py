"""A small press for tests: newspaper files that are JSON inside, and a reader that reads nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from leggio.errors import UnreadableFile
from leggio.geometry import Box, Point
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line
from leggio.news.watch.archive import Archive
from leggio.news.watch.clippings import WriteClip
from leggio.news.watch.deliver import Deliverer, Event, plan_targets
from leggio.news.watch.match import Document, Hit, Way, match_query
from leggio.news.watch.query import parse_query
from leggio.news.watch.subjects import Matcher, read_subjects
from leggio.news.watch.watch import Watcher
from leggio.news.watch.webhook import Post, post_with_urllib
from leggio.page import Page, PageFailure

USUAL_WAY = Way()
LINE_HEIGHT, LETTER_WIDTH, COLUMN_WIDTH = 30, 10, 400


@dataclass(frozen=True, slots=True)
class PrintedPage:
    page: Page
    layout: Layout
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class PrintedFile:
    readings: tuple[PrintedPage, ...]
    failures: tuple[PageFailure, ...] = ()


def print_file(path: Path, *pages: list[tuple[str, str]]) -> Path:
    """Write a file whose pages hold articles (headline, text); a page without any is one that cannot be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(pages))
    return path


def read_printed(path: Path) -> PrintedFile:
    """Read what `print_file` wrote. Raises UnreadableFile for anything else."""
    try:
        pages = json.loads(path.read_bytes())
    except ValueError as error:
        raise UnreadableFile(f"{path} is damaged: scan it again.") from error
    good = [_set_page(str(path), number, articles) for number, articles in enumerate(pages, 1) if articles]
    bad = [
        PageFailure(str(path), number, UnreadableFile(f"page {number} of {path} is damaged."))
        for number, articles in enumerate(pages, 1)
        if not articles
    ]
    return PrintedFile(tuple(good), tuple(bad))


def set_article(
    headline: str, text: str, first: int = 0, top: float = 0
) -> tuple[Article, tuple[Block, ...]]:
    """An article of one heading and one block of text below `top`; each line a fixed height, each letter a width."""
    blocks = []
    for number, (kind, words) in enumerate(((BlockKind.HEADING, headline), (BlockKind.TEXT, text)), first):
        lines = [
            Line(
                row,
                Box(0, top + row * LINE_HEIGHT, len(line) * LETTER_WIDTH, top + (row + 1) * LINE_HEIGHT),
                line,
            )
            for row, line in enumerate(words.split("\n"))
        ]
        box = Box(0, top, COLUMN_WIDTH, top + len(lines) * LINE_HEIGHT)
        blocks.append(Block(number, kind, box, tuple(lines)))
        top = box.y1
    outline = (Point(0, 0), Point(COLUMN_WIDTH, 0), Point(COLUMN_WIDTH, top), Point(0, top))
    article = Article(first // 2, ArticleKind.ARTICLE, (first, first + 1), outline, headline, 0.9)
    return article, tuple(blocks)


def _set_page(source: str, number: int, articles: list[tuple[str, str]]) -> PrintedPage:
    printed = [set_article(headline, text, 2 * i, 200.0 * i) for i, (headline, text) in enumerate(articles)]
    page = Page(np.full((600, COLUMN_WIDTH), 255, np.uint8), source, number, 300.0)
    layout = Layout(COLUMN_WIDTH, 600, tuple(block for _, blocks in printed for block in blocks))
    return PrintedPage(page, layout, tuple(article for article, _ in printed))


def find(query: str, text: str, headline: str = "", way: Way = USUAL_WAY) -> list[str] | None:
    """The words of an article that answer a query, as printed; None where it does not."""
    hits = match_query(parse_query(query), Document(headline, text), way)
    return None if hits is None else [hit.word for hit in hits]


def find_hits(query: str, text: str) -> tuple[Hit, ...]:
    """The hits of a query that the text answers."""
    hits = match_query(parse_query(query), Document("", text), Way())
    assert hits is not None
    return hits


def make_watcher(
    archive: Archive,
    folder: Path,
    out: Path,
    subjects: Mapping[str, Mapping[str, object]],
    *,
    read: Callable[[Path], PrintedFile] = read_printed,
    feed: bool = False,
    webhook: str | None = None,
    write_clip: WriteClip | None = None,
    post: Post = post_with_urllib,
    clock: Callable[[], float] = lambda: 1_800_000_000.0,
) -> Watcher:
    """A watcher for whom each file has arrived at the first look."""
    chosen = {subject.name: subject for subject in read_subjects({"subject": subjects}, "subjects.toml")}
    return Watcher(
        archive, folder, read, Matcher(tuple(chosen.values())),
        lambda name: plan_targets(chosen[name], feed, webhook),
        Deliverer(archive, out, write_clip, clock, post), settle_s=0.0, clock=clock,
    )  # fmt: skip


def sentences(events: list[Event]) -> str:
    return "\n".join(event.sentence for event in events)
