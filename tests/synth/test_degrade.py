"""Ageing changes how a page looks, never what is on it or where."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leggio.synth.degrade import Ageing, degrade

SPACE = 16.0
SEEDS = st.integers(0, 2**32 - 1)


def draw_staff(height: int = 200, width: int = 300) -> NDArray[np.uint8]:
    """Five lines, a bar line and two large heads."""
    page = np.full((height, width), 255, np.uint8)
    for line in range(5):
        y = round(height / 2 + (line - 2) * SPACE)
        cv2.line(page, (10, y), (width - 10, y), 0, 2)
    cv2.line(page, (width // 2, height // 2 - 32), (width // 2, height // 2 + 32), 0, 3)
    for x in (width // 4, width * 3 // 4):
        cv2.ellipse(page, (x, height // 2), (10, 8), 0, 0, 360, 0, -1)
    return page


PAGE = draw_staff()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_shape_and_type_stay(seed: int) -> None:
    aged = degrade(PAGE, np.random.default_rng(seed), SPACE)
    assert aged.shape == PAGE.shape
    assert aged.dtype == np.uint8


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_ink_stays_darker_than_paper(seed: int) -> None:
    """No page is ever emptied or drowned: the heads can be told from the paper beside them."""
    aged = degrade(PAGE, np.random.default_rng(seed), SPACE, Ageing(border=0))
    middle = PAGE.shape[0] // 2
    heads = [aged[middle - 3 : middle + 4, x - 4 : x + 5] for x in (75, 225)]
    paper = aged[middle - 88 : middle - 44, 20:280]
    assert np.mean([head.mean() for head in heads]) < np.median(paper) - 20


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_same_seed_ages_alike(seed: int) -> None:
    first, second = (degrade(PAGE, np.random.default_rng(seed), SPACE) for _ in range(2))
    assert np.array_equal(first, second)


def test_another_seed_ages_otherwise() -> None:
    pages = {degrade(PAGE, np.random.default_rng(seed), SPACE).tobytes() for seed in range(10)}
    assert len(pages) == 10


def test_the_page_that_was_given_is_not_touched() -> None:
    before = PAGE.copy()
    for seed in range(5):
        degrade(PAGE, np.random.default_rng(seed), SPACE)
    assert np.array_equal(PAGE, before)


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (400, 3), (64, 64)])
def test_pages_of_every_shape_can_be_aged(shape: tuple[int, int]) -> None:
    blank = np.full(shape, 255, np.uint8)
    for seed in range(10):
        assert degrade(blank, np.random.default_rng(seed), SPACE).shape == shape


def test_a_scan_in_black_and_white_has_only_these_two() -> None:
    for seed in range(5):
        aged = degrade(PAGE, np.random.default_rng(seed), SPACE, Ageing(bilevel=1))
        assert set(np.unique(aged)) == {0, 255}


def test_a_border_is_dark_and_lies_at_one_edge() -> None:
    blank = np.full((300, 400), 255, np.uint8)
    for seed in range(8):
        ageing = Ageing(border=1, bilevel=1, specks=0, bleed=0)
        dark = degrade(blank, np.random.default_rng(seed), SPACE, ageing) < 128
        edges = [dark[0].mean(), dark[-1].mean(), dark[:, 0].mean(), dark[:, -1].mean()]
        assert max(edges) > 0.9
        assert not dark[120:180, 160:240].any()


def test_pages_age_as_they_did_when_the_shipped_net_and_the_example_were_made() -> None:
    """Whoever changes how pages age must train again and make examples/forelle.png again."""
    square = np.full((64, 64), 255, np.uint8)
    square[16:48, 16:48] = 0
    aged = [degrade(square, np.random.default_rng(seed), 12.0) for seed in range(20)]
    shares = [round(float((page < 128).mean()), 3) for page in aged]
    assert shares == [
        0.253, 0.25, 0.25, 0.25, 0.535, 0.25, 0.25, 0.25, 0.25, 0.25,
        0.25, 0.312, 0.254, 0.25, 0.25, 0.25, 0.252, 0.25, 0.25, 0.595,
    ]  # fmt: skip
