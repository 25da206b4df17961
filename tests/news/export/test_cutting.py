"""An article is cut along its outline, white all around."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.news.export.press import outside, print_small

from leggio.geometry import Box, Point
from leggio.news.export.cutting import cut_article
from leggio.page import Grey


def ink(picture: Grey) -> int:
    return int((picture < 128).sum())


def test_everything_outside_the_outline_is_white() -> None:
    page, image = print_small()
    cut = cut_article(image, page, page.articles[0])
    assert cut is not None
    assert cut.box == Box(40, 80, 501, 730)
    outline = page.articles[0].polygon
    assert len(outline) > 4  # not a rectangle, so that there is something to leave white
    below_left = cut.picture[560 - 80 :, : 200 - 40]
    assert (below_left == 255).all()


def test_paper_becomes_white_and_ink_stays_dark() -> None:
    page, image = print_small()
    cut = cut_article(image // 2 + 60, page, page.articles[1])
    assert cut is not None
    assert np.median(cut.picture) > 245
    assert cut.picture.min() < 130


def test_a_dark_picture_is_not_bleached() -> None:
    page, image = print_small()
    only = replace(page.articles[0], blocks=(4,), polygon=())
    cut = cut_article(np.full_like(image, 60), page, only)
    assert cut is not None
    assert np.median(cut.picture) < 110


def test_an_outline_that_leaves_the_page_is_cut_at_its_edge() -> None:
    page, image = print_small()
    beyond = outside(page)
    cut = cut_article(image, beyond, beyond.articles[0])
    assert cut is not None
    assert cut.picture.shape == (401, 800)
    far = tuple(Point(p.x + 9000, p.y) for p in page.articles[0].polygon)
    assert cut_article(image, page, replace(page.articles[0], polygon=far)) is None


def test_without_an_outline_the_blocks_are_cut() -> None:
    page, image = print_small()
    bare = replace(page.articles[1], polygon=())
    cut, whole = cut_article(image, page, bare), cut_article(image, page, page.articles[1])
    assert cut is not None
    assert whole is not None
    assert ink(cut.picture) == pytest.approx(ink(whole.picture), rel=0.02)
    assert cut_article(image, page, replace(bare, blocks=())) is None


def test_marked_words_are_yellow_and_still_legible() -> None:
    page, image = print_small()
    word = page.layout.blocks[1].lines[0].words[1]
    cut = cut_article(image, page, page.articles[0], [word.box])
    assert cut is not None
    x, y = int(word.box.x0) - 40, int(word.box.y0) - 80
    inside = cut.picture[y + 1 : y + int(word.box.height), x : x + int(word.box.width)]
    red, _, blue = np.median(inside.reshape(-1, 3), axis=0)
    assert red > 230
    assert blue < 120
    assert inside.min() < 40
