"""What hangs together is one article, as in 2017."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.news.drawn import HEADLINE, HEIGHT, LEFT, OFFER, PICTURE, RIGHT, WIDTH, draw_page

from leggio.news.components import BACKGROUND_FROM, articles_2017
from leggio.news.regions import Regions
from leggio.news.views import BACKGROUND, fit_page

TRUTH = draw_page()
SIZE = (256, 256)


def see(background: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Regions:
    empty = np.zeros((0, 64, 64), np.float32)
    return Regions((BACKGROUND,), background[None], empty, empty, fit_page(WIDTH, HEIGHT, SIZE))


@pytest.fixture
def background() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """What a perfect net of 2017 says about the drawn page."""
    frame = fit_page(WIDTH, HEIGHT, SIZE)
    plane = np.ones(SIZE, np.float32)
    for article in TRUTH.articles:
        corners = frame.place_points(np.array([(p.x, p.y) for p in article.polygon]))
        cv2.fillPoly(plane, [np.round(corners).astype(np.int32)], 0.1)
    plane[cv2.dilate(plane, np.ones((5, 5))) > 0.5] = 0.9
    return plane


def test_each_area_is_an_article_with_its_blocks(
    background: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> None:
    first, second = articles_2017(see(background), TRUTH.layout)
    assert first.blocks == (HEADLINE, LEFT, RIGHT)
    assert second.blocks == (PICTURE, OFFER)
    assert [article.id for article in (first, second)] == [0, 1]
    assert first.confidence == pytest.approx(0.9, abs=0.01)


def test_an_outline_lies_on_the_page_where_the_article_is(
    background: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> None:
    _, offer = articles_2017(see(background), TRUTH.layout)
    xs, ys = [p.x for p in offer.polygon], [p.y for p in offer.polygon]
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((158, 287, 183, 387), abs=4)


def test_articles_that_touch_are_one(background: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    background[100:140, 150:160] = BACKGROUND_FROM - 0.01
    (only,) = articles_2017(see(background), TRUTH.layout)
    assert only.blocks == (HEADLINE, LEFT, RIGHT, PICTURE, OFFER)


def test_blocks_on_nothing_but_background_are_in_no_article() -> None:
    assert articles_2017(see(np.ones(SIZE, np.float32)), TRUTH.layout) == ()
    background = np.ones(SIZE, np.float32)
    background[20:25, 60:180] = 0.0
    (only,) = articles_2017(see(background), TRUTH.layout)
    assert only.blocks == (HEADLINE,)
