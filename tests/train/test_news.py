"""The targets of today's net for newspapers say what the drawn page shows, and its losses fall where it is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.news.drawn import HEIGHT, WIDTH, draw_page

from leggio.news.layout import NewsTruth
from leggio.news.regions import OFFSETS
from leggio.news.views import MAPS, Frame, fit_page
from leggio.train.news import (
    Batch,
    draw_borders,
    draw_pairs,
    draw_targets,
    label_articles,
    label_blocks,
    losses,
    shift_slices,
    shrink,
)  # fmt: skip
from leggio.train.news_nets import MARKS, NewsMaps

FRAME = fit_page(WIDTH, HEIGHT, (256, 192))  # 0.64 net pixels for one of the page
PAIRS = 400


def draw(truth: NewsTruth, frame: Frame = FRAME) -> Batch:
    arrays = draw_targets(truth, frame, PAIRS, np.random.default_rng(4))
    image = torch.zeros(1, 5, frame.height, frame.width)
    return Batch(image, *(torch.from_numpy(array)[None] for array in arrays))


def at(batch: Batch, name: str, x: float, y: float) -> float:
    return float(batch.areas[0, MAPS.index(name), int(y * 0.32), int(x * 0.32)])


def test_areas_are_where_the_page_has_them() -> None:
    batch = draw(draw_page())
    assert [at(batch, "article", x, y) for x, y in ((60, 200), (220, 100), (220, 300), (149, 300), (3, 200))] == [
        1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert at(batch, "article", 150, 100) == 1  # between two columns of one article
    assert at(batch, "heading", 150, 32) == pytest.approx(1, abs=0.01)
    assert at(batch, "heading", 60, 200) == 0
    assert at(batch, "picture", 220, 220) == 1
    assert [at(batch, "advertisement", x, y) for x, y in ((220, 220), (220, 300), (60, 200))] == [1, 1, 0]


def test_a_border_lies_between_articles_and_nowhere_else() -> None:
    batch = draw(draw_page())
    assert at(batch, "border", 150, 300) == 1
    assert at(batch, "border", 220, 170) == 1
    assert at(batch, "border", 150, 100) == 0  # the gutter of one article
    assert at(batch, "border", 220, 265) == 0  # between picture and text of one
    assert at(batch, "border", 60, 200) == 0


def test_a_page_without_articles_has_no_borders_and_asks_nothing() -> None:
    truth = replace(draw_page(), articles=())
    batch = draw(truth)
    assert batch.areas[0, :2].max() == 0
    parts = losses(
        NewsMaps(*(torch.zeros(1, n, 256 // s, 192 // s) for n, s in ((5, 2), (MARKS, 4), (8, 4)))), batch
    )
    assert float(parts["pairs"]) == float(parts["near"]) == 0


def test_what_no_label_is_near_to_is_unknown_on_a_partly_labelled_page() -> None:
    page = draw_page()
    partial = replace(page, articles=page.articles[1:], partial=True)
    batch = draw(partial)
    known = batch.known[0, 0]
    assert known[int(300 * 0.32), int(220 * 0.32)] == 1
    assert known[int(300 * 0.32), int(144 * 0.32)] == 1
    assert known[int(200 * 0.32), int(40 * 0.32)] == 0
    assert draw(page).known.min() == 1


def test_blocks_are_labelled_by_their_articles_and_outlines_fill_the_paper_between() -> None:
    frame = shrink(FRAME, 2)
    outlines, blocks = label_articles(draw_page(), frame), label_blocks(draw_page(), frame)
    assert set(np.unique(outlines)) == set(np.unique(blocks)) == {0, 1, 2}
    assert (outlines[blocks > 0] == blocks[blocks > 0]).all()
    assert (outlines > 0).sum() > (blocks > 0).sum()


def test_a_hair_thin_bridge_is_no_article() -> None:
    page = draw_page()
    offer = page.articles[1]
    bridge = [
        replace(offer.polygon[0], x=x, y=y)
        for x, y in ((155, 389.4), (-20, 389.4), (-20, 389.8), (155, 389.8))
    ]
    bridged = replace(page, articles=(page.articles[0], replace(offer, polygon=(*offer.polygon, *bridge))))
    frame = shrink(FRAME, 2)
    assert (label_articles(bridged, frame)[:, :3] == 0).all()


def test_pairs_are_asked_about_both_answers() -> None:
    batch = draw(draw_page())
    labels = batch.labels.flatten()
    one, two = labels[batch.pairs[0, :, 0]], labels[batch.pairs[0, :, 1]]
    assert (one > 0).all()
    assert (two > 0).all()
    same = float((one == two).float().mean())
    assert 0.3 < same < 0.97


def test_pairs_of_an_empty_page_are_there_all_the_same() -> None:
    assert draw_pairs(np.zeros((8, 6), np.int32), 5, np.random.default_rng(0)).shape == (5, 2)
    assert draw_borders(np.zeros((8, 6), np.int32)).max() == 0


@pytest.mark.parametrize("offset", OFFSETS)
def test_shifted_cells_lie_at_the_offset(offset: tuple[int, int]) -> None:
    rows, columns = np.indices((48, 40))
    here, there = shift_slices((48, 40), offset)
    assert (rows[there] - rows[here] == offset[0]).all()
    assert (columns[there] - columns[here] == offset[1]).all()
    assert rows[here].size == (48 - abs(offset[0])) * (40 - abs(offset[1]))


def answer(batch: Batch, sure: float) -> NewsMaps:
    """What a net that knows the truth answers, as sure of it as `sure`; below 0 it says the opposite."""
    labels = batch.labels[0]
    marks = torch.zeros(1, MARKS, *labels.shape)
    marks[0, 0] = sure * 1.5 * (labels == 2)
    near = torch.zeros(1, len(OFFSETS), *labels.shape)
    for number, offset in enumerate(OFFSETS):
        here, there = shift_slices(tuple(labels.shape), offset)
        near[(0, number, *here)] = sure * 6 * ((labels[here] == labels[there]).float() * 2 - 1)
    return NewsMaps((batch.areas * 2 - 1) * 8 * sure, marks, near)


def test_a_net_that_is_right_costs_little_and_one_that_is_wrong_costs_much() -> None:
    batch = draw(draw_page())
    right, unsure, wrong = (losses(answer(batch, sure), batch) for sure in (1.0, 0.0, -1.0))
    assert set(right) == {"areas", "border", "pairs", "near"}
    for name in ("areas", "border", "near"):
        assert right[name] < 0.1 * unsure[name] < unsure[name] < wrong[name]
    assert right["pairs"] < 0.1 < unsure["pairs"]


def test_unknown_paper_costs_nothing() -> None:
    page = draw_page()
    batch = draw(replace(page, articles=page.articles[1:], partial=True))
    guess = answer(batch, 1.0)
    unknown = (batch.known == 0).expand_as(guess.areas)
    other = guess._replace(areas=torch.where(unknown, 50.0, guess.areas))
    assert losses(guess, batch)["areas"] == losses(other, batch)["areas"]
