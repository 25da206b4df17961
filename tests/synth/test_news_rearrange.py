"""New pages out of known articles: what belongs together stays together, and looks as it did."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth
from leggio.synth.news import sample_news
from leggio.synth.news_rearrange import rearrange, take_articles

COLUMN, PITCH = 200.0, 10.0


def set_block(number: int, x0: float, y0: float, lines: int, kind: BlockKind = BlockKind.TEXT) -> Block:
    boxes = [Box(x0, y0 + PITCH * n, x0 + COLUMN, y0 + PITCH * n + 8) for n in range(lines)]
    made = tuple(Line(100 * number + n, box) for n, box in enumerate(boxes))
    return Block(number, kind, Box(x0, y0, x0 + COLUMN, y0 + PITCH * lines - 2), made)


@pytest.fixture
def page() -> NewsTruth:
    """One article of a heading and two columns, and one that is a masthead."""
    blocks = (
        set_block(0, 0, 0, 1),
        set_block(1, 0, 30, 1, BlockKind.HEADING),
        set_block(2, 0, 45, 20),
        set_block(3, 210, 45, 20),
    )
    return NewsTruth(
        Layout(420, 600, blocks),
        (Article(0, ArticleKind.MASTHEAD, (0,), ()), Article(1, ArticleKind.NOTICE, (1, 2, 3), ())),
    )


def test_an_article_is_measured_in_columns_and_pitches(page: NewsTruth) -> None:
    (excerpt,) = take_articles(page)
    heading, first, second = excerpt.pieces
    assert (heading.kind, heading.width) == (BlockKind.HEADING, 1.0)
    assert heading.height == pytest.approx(0.8)
    assert first.white == pytest.approx(0.7)
    assert [line[1] for line in second.lines] == pytest.approx(list(range(20)))
    assert all((line[0], line[2]) == (0, 1) for line in second.lines)


def test_a_new_page_repeats_known_articles_and_no_masthead(page: NewsTruth) -> None:
    for seed in range(10):
        made = rearrange([page], np.random.default_rng(seed))
        assert {article.kind for article in made.articles} == {ArticleKind.NOTICE}
        assert made.layout.blocks


def test_the_same_seed_gives_the_same_new_page(page: NewsTruth) -> None:
    assert rearrange([page], np.random.default_rng(1)) == rearrange([page], np.random.default_rng(1))
    assert rearrange([page], np.random.default_rng(1)) != rearrange([page], np.random.default_rng(2))


def test_what_is_made_of_made_pages_lies_on_the_page() -> None:
    known = [sample_news(np.random.default_rng(seed)) for seed in range(6)]
    for seed in range(10):
        made = rearrange(known, np.random.default_rng(seed))
        lines = [line.box for block in made.layout.blocks for line in block.lines]
        assert all(0 <= box.x0 < box.x1 <= made.layout.width for box in lines)
        assert all(0 <= box.y0 < box.y1 <= made.layout.height for box in lines)
