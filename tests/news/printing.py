"""Tiny newspaper pages for tests: blocks of ten-pixel lines, set where a test wants them."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth

PITCH = 12.0


def set_block(
    number: int,
    box: tuple[float, float, float, float],
    text: str | None = None,
    kind: BlockKind = BlockKind.TEXT,
    lines: int | None = None,
) -> Block:
    """A block full of lines, one a pitch, or of as many as wanted; the words of `text`, if any, are dealt out."""
    x0, y0, x1, y1 = box
    count = lines if lines is not None else max(1, int((y1 - y0) // PITCH))
    step = (y1 - y0) / max(count, 1)
    words = (text or "").split()
    share = -(-len(words) // max(count, 1))
    return Block(
        number,
        kind,
        Box(x0, y0, x1, y1),
        tuple(
            Line(
                number * 100 + place,
                Box(x0, y0 + place * step, x1, y0 + (place + 0.8) * step),
                " ".join(words[place * share : (place + 1) * share]),
            )
            for place in range(count)
        ),
    )


def set_page(*blocks: Block, width: float = 400, height: float = 600) -> Layout:
    return Layout(width, height, tuple(blocks))


def mark(layout: Layout, *articles: Sequence[int], kind: ArticleKind = ArticleKind.ARTICLE) -> NewsTruth:
    """A page whose articles consist of these blocks; their outlines are left out."""
    return NewsTruth(
        layout, tuple(Article(number, kind, tuple(ids), ()) for number, ids in enumerate(articles))
    )
