"""Newspaper pages drawn at random are whole: every article known, nothing over anything else, much of everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from leggio.news.layout import Article, ArticleKind, Block, BlockKind, NewsTruth
from leggio.synth.news import sample_news
from leggio.synth.news_plan import Region, part
from leggio.synth.news_style import Blocks, Era, NewsStyle, draw_style

PAGES = 40
ALIKE = 0.5  # share of the smaller of two boxes that may lie in the other where a page is shaken and askew


@pytest.fixture(scope="module")
def pages() -> list[NewsTruth]:
    return [sample_news(np.random.default_rng(seed)) for seed in range(PAGES)]


def tidy(style: NewsStyle) -> NewsStyle:
    """The same printers, and a program that makes no slips."""
    seen = replace(
        style.segmenter, shaky=0.0, split=0.0, merged=0.0, known=1.0, blocks=Blocks.PARAGRAPH, wide=0.0
    )
    return replace(style, segmenter=seen, skew=0.0)


def blocks_of(page: NewsTruth, article: Article) -> list[Block]:
    by_id = {block.id: block for block in page.layout.blocks}
    return [by_id[number] for number in article.blocks]


def test_the_same_seed_draws_the_same_page() -> None:
    assert sample_news(np.random.default_rng(3)) == sample_news(np.random.default_rng(3))
    assert sample_news(np.random.default_rng(3)) != sample_news(np.random.default_rng(4))


def test_ids_count_through_the_page_and_no_block_has_two_articles(pages: list[NewsTruth]) -> None:
    for page in pages:
        assert [block.id for block in page.layout.blocks] == list(range(len(page.layout.blocks)))
        lines = [line.id for block in page.layout.blocks for line in block.lines]
        assert lines == list(range(len(lines)))
        taken = [number for article in page.articles for number in article.blocks]
        assert len(taken) == len(set(taken))


def test_everything_lies_on_the_page(pages: list[NewsTruth]) -> None:
    for page in pages:
        boxes = [block.box for block in page.layout.blocks]
        boxes += [line.box for block in page.layout.blocks for line in block.lines]
        assert all(0 <= box.x0 < box.x1 <= page.layout.width for box in boxes)
        assert all(0 <= box.y0 < box.y1 <= page.layout.height for box in boxes)


def test_articles_do_not_lie_over_each_other(pages: list[NewsTruth]) -> None:
    hidden = 0
    for page in pages:
        owner = {number: article.id for article in page.articles for number in article.blocks}
        for one, two in combinations([block for block in page.layout.blocks if block.id in owner], 2):
            shared = one.box.intersection(two.box) / min(one.box.area, two.box.area)
            hidden += owner[one.id] != owner[two.id] and shared > ALIKE
    assert hidden == 0


def test_a_picture_has_no_lines_and_every_other_block_some(pages: list[NewsTruth]) -> None:
    for page in pages:
        assert all((block.kind is BlockKind.PICTURE) == (not block.lines) for block in page.layout.blocks)


def test_text_is_read_down_the_columns_from_left_to_right() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        page = sample_news(rng, tidy(draw_style(rng, Era.DENSE)))
        for article in page.articles:
            text = [b.box for b in blocks_of(page, article) if b.kind is BlockKind.TEXT and len(b.lines) > 2]
            assert all(b.y0 > a.y0 or b.x0 > a.x0 for a, b in pairwise(text))


def test_some_articles_go_on_at_the_top_of_the_next_column(pages: list[NewsTruth]) -> None:
    jumps = 0
    for page in pages:
        for article in page.articles:
            boxes = [block.box for block in blocks_of(page, article) if block.lines]
            jumps += any(b.x0 >= a.x1 and b.y1 < a.y0 for a, b in pairwise(boxes))
    assert jumps > PAGES / 4


def test_some_articles_are_not_rectangles(pages: list[NewsTruth]) -> None:
    corners = [len(article.polygon) for page in pages for article in page.articles]
    assert min(corners) == 4
    assert sum(count > 4 for count in corners) > PAGES / 2


def test_an_article_lies_inside_its_outline(pages: list[NewsTruth]) -> None:
    for page in pages:
        for article in page.articles:
            xs, ys = [p.x for p in article.polygon], [p.y for p in article.polygon]
            boxes = [block.box for block in blocks_of(page, article)]
            assert min(xs) <= min(box.x0 for box in boxes)
            assert min(ys) <= min(box.y0 for box in boxes)
            assert max(xs) >= max(box.x1 for box in boxes)
            assert max(ys) >= max(box.y1 for box in boxes)


def test_all_kinds_of_articles_and_blocks_are_met(pages: list[NewsTruth]) -> None:
    assert {article.kind for page in pages for article in page.articles} == set(ArticleKind)
    assert {block.kind for page in pages for block in page.layout.blocks} == set(BlockKind)


def test_a_segmenter_that_knows_no_headings_calls_them_text() -> None:
    rng = np.random.default_rng(1)
    style = tidy(draw_style(rng, Era.MODULAR))
    style = replace(style, segmenter=replace(style.segmenter, known=0.0))
    assert all(block.kind is not BlockKind.HEADING for block in sample_news(rng, style).layout.blocks)


def test_lines_of_a_page_askew_climb_or_fall() -> None:
    style = replace(tidy(draw_style(np.random.default_rng(5), Era.MODULAR)), front=True)
    straight = sample_news(np.random.default_rng(5), style)
    askew = sample_news(np.random.default_rng(5), replace(style, skew=0.01))
    moved = [
        (b.box.y0 - a.box.y0, a.box.center.x)
        for a, b in zip(straight.layout.blocks, askew.layout.blocks, strict=True)
    ]
    left, right = min(moved, key=lambda at: at[1]), max(moved, key=lambda at: at[1])
    assert right[0] - left[0] == pytest.approx(0.01 * (right[1] - left[1]), abs=1)


def is_sliced(regions: list[Region]) -> bool:
    """Can cuts from edge to edge part these regions?"""
    if len(regions) < 2:
        return True
    for low, high in ((0, 1), (2, 3)):
        for edge in {region[high] for region in regions}:
            first = [region for region in regions if region[high] <= edge]
            rest = [region for region in regions if region[low] >= edge]
            if first and rest and len(first) + len(rest) == len(regions):
                return is_sliced(first) and is_sliced(rest)
    return False


def test_regions_cover_the_page_once_and_not_all_can_be_cut_apart() -> None:
    whole = Region(0, 6, 0.0, 5000.0)
    sliced = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        style = replace(draw_style(rng, Era.MODULAR), pitch=40.0)
        regions = part(whole, style, rng)
        area = sum((region.c1 - region.c0) * region.height for region in regions)
        assert area == pytest.approx(6 * 5000)
        sliced.append(is_sliced(regions))
    assert any(sliced)
    assert not all(sliced)
