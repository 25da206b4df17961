"""Known pages get blocks such as the reader makes them, and keep their articles."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth
from leggio.synth.news_worded import sample_worded
from leggio.train.news_again import estrange, find_anew
from leggio.train.news_found import find_owner, list_owners

SEEDS = range(12)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng([77, seed])


@pytest.fixture(scope="module")
def pages() -> list[NewsTruth]:
    worded = (sample_worded(rng(seed)) for seed in SEEDS)
    return [page for page in worded if any(block.lines for block in page.layout.blocks)]


def letters(truth: NewsTruth) -> int:
    return sum(len(block.text.replace("\n", "").replace(" ", "")) for block in truth.layout.blocks)


def test_most_of_the_text_stays_on_the_page(pages: list[NewsTruth]) -> None:
    for seed, page in enumerate(pages):
        assert letters(find_anew(page, rng(seed))) == pytest.approx(letters(page), rel=0.1)


def test_each_block_is_of_the_article_in_which_it_lies(pages: list[NewsTruth]) -> None:
    for seed, page in enumerate(pages):
        found, owners = find_anew(page, rng(seed)), list_owners(page)
        boxes = {block.id: block.box for block in found.layout.blocks}
        for article in found.articles:
            assert len({find_owner(boxes[block], owners) for block in article.blocks}) == 1


def test_a_long_block_falls_into_its_paragraphs_at_least() -> None:
    page = _set_column(paragraphs=3)
    counts = [len(find_anew(page, rng(seed)).layout.blocks) for seed in SEEDS]
    assert min(counts) == 3 < max(counts)


def test_white_that_runs_through_a_column_breaks_its_lines_on_some_pages() -> None:
    page = _set_column(paragraphs=3)
    lines = [
        sum(len(block.lines) for block in find_anew(page, rng(seed)).layout.blocks) for seed in range(150)
    ]
    assert max(lines) > 18 >= min(lines)


def test_the_same_chance_finds_the_same_page(pages: list[NewsTruth]) -> None:
    assert find_anew(pages[0], rng(1)) == find_anew(pages[0], rng(1))


def test_a_partly_marked_page_stays_so() -> None:
    assert find_anew(replace(_set_column(paragraphs=2), partial=True), rng(0)).partial


def test_a_page_without_lines_stays_as_it_is() -> None:
    picture = Block(0, BlockKind.PICTURE, Box(0, 0, 100, 100))
    page = NewsTruth(Layout(200, 200, (picture,)), (Article(0, ArticleKind.ARTICLE, (0,), ()),))
    assert find_anew(page, rng(0)) == page


def _set_column(paragraphs: int) -> NewsTruth:
    """One block of paragraphs of six lines, each with an indent."""
    lines = tuple(
        Line(
            row, Box(100.0 + 20 * (row % 6 == 0), 100.0 + 14 * row, 500.0, 110.0 + 14 * row), "so it goes on"
        )
        for row in range(6 * paragraphs)
    )
    block = Block(0, BlockKind.TEXT, Box(100, 100, 500, lines[-1].box.y1), lines)
    return NewsTruth(Layout(600, 900, (block,)), (Article(0, ArticleKind.ARTICLE, (0,), ()),))


def test_estranged_words_stand_nowhere_else_and_keep_capitals_and_marks() -> None:
    page = _set_column(paragraphs=2).layout
    lines = tuple(
        replace(line, text="Der Bürgermeister, sagt man, reist ab.") for line in page.blocks[0].lines
    )
    page = replace(page, blocks=(replace(page.blocks[0], lines=lines),))
    strange = estrange(page, 1.0, rng(0)).blocks[0].text.split("\n")
    assert len(set(strange)) == len(strange)
    assert all(re.fullmatch(r"Der [A-Z][a-z]{12}, [a-z]{4} man, [a-z]{5} ab\.", line) for line in strange)
    assert estrange(page, 0.0, rng(0)) == page
