"""The label tricks of 2017."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.news.drawn import HEIGHT, WIDTH, draw_page

from leggio.news.views import draw_views_2017, fit_page
from leggio.train.news import label_articles
from leggio.train.news_2017 import (
    BACKGROUND_WEIGHT,
    Batch,
    draw_background,
    losses,
    shrink_articles,
    whiten_unknown,
)

FRAME = fit_page(WIDTH, HEIGHT, (256, 256))


def test_articles_lose_two_pixels_all_around() -> None:
    labels = np.zeros((30, 30), np.int32)
    labels[5:15, 5:15] = 1
    labels[5:15, 15:25] = 2  # right beside it
    shrunk = shrink_articles(labels)
    assert np.argwhere(shrunk[:, :15]).min(axis=0).tolist() == [7, 7]
    assert np.argwhere(shrunk[:, :15]).max(axis=0).tolist() == [12, 12]
    assert not shrunk[:, 13:17].any()
    assert shrunk.sum() == 2 * 6 * 6


def test_background_is_one_and_articles_are_nothing() -> None:
    (background,) = draw_background(draw_page(), FRAME)
    assert background.shape == (256, 256)
    assert background[130, 60] == 0
    assert background[:, :32].min() == 1
    assert background[180, 128] == 1  # the border of two articles


def test_a_partly_labelled_page_is_white_but_for_its_labels_and_three_pixels_around() -> None:
    page = draw_page()
    partial = replace(page, articles=page.articles[1:], partial=True)
    image = np.zeros((int(HEIGHT), int(WIDTH)), np.uint8)
    views = whiten_unknown(draw_views_2017(image, partial.layout, FRAME), partial, FRAME)
    labels = label_articles(partial, FRAME)
    rows, columns = np.nonzero(views[0])
    marked = np.argwhere(labels)
    assert rows.min() == marked[:, 0].min() - 3
    assert columns.min() == marked[:, 1].min() - 3
    assert views[1, :, :100].max() == 0  # the left column is gone from the OCR view too
    assert views[1, 220, 190] > 0


@pytest.mark.parametrize("answer", [2.0, -1.0])
def test_a_pixel_of_background_weighs_more(answer: float) -> None:
    logits = torch.full((1, 1, 4, 4), answer)
    image = torch.zeros(1, 2, 4, 4)
    paper = losses(logits, Batch(image, torch.ones(1, 1, 4, 4)))["background"]
    article = losses(-logits, Batch(image, torch.zeros(1, 1, 4, 4)))["background"]
    assert float(paper) == pytest.approx(BACKGROUND_WEIGHT * float(article))
