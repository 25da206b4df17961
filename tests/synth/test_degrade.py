"""Ageing changes how a page looks, never what is on it or where."""

from __future__ import annotations

from dataclasses import fields, replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leggio.synth.degrade import Ageing, Kind, degrade

SPACE = 16.0
SEEDS = st.integers(0, 2**32 - 1)
NOTHING = Ageing(**{field.name: Kind(0) for field in fields(Ageing)})
KINDS = [field.name for field in fields(Ageing)]


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


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_shape_and_type_stay(seed: int) -> None:
    aged = degrade(PAGE, np.random.default_rng(seed), SPACE)
    assert aged.shape == PAGE.shape
    assert aged.dtype == np.uint8


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_ink_stays_darker_than_paper(seed: int) -> None:
    """No page is ever emptied or drowned: the heads can be told from the paper beside them."""
    aged = degrade(PAGE, np.random.default_rng(seed), SPACE, Ageing(border=Kind(0)))
    middle = PAGE.shape[0] // 2
    heads = [aged[middle - 3 : middle + 4, x - 4 : x + 5] for x in (75, 225)]
    paper = aged[middle - 88 : middle - 44, 20:280]
    assert np.mean([head.mean() for head in heads]) < np.median(paper) - 20


@settings(max_examples=10, deadline=None)
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


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_alone_changes_the_page_and_keeps_the_heads(kind: str) -> None:
    scan = replace(NOTHING, bilevel=Kind(1)) if kind in ("fine", "coarse", "adaptive") else NOTHING
    ageing = replace(scan, **{kind: Kind(1)})
    changed = 0
    for seed in range(6):
        aged = degrade(PAGE, np.random.default_rng(seed), SPACE, ageing)
        plain = degrade(PAGE, np.random.default_rng(seed), SPACE, NOTHING)
        changed += not np.array_equal(aged, plain)
        head, beside = aged[95:106, 70:81], aged[70:80, 180:210]
        assert np.median(head) < np.median(beside) - 15, seed
    assert changed


@pytest.mark.parametrize("shape", [(1, 1), (2, 90), (40, 30)])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_takes_pages_of_every_shape(kind: str, shape: tuple[int, int]) -> None:
    ageing = replace(NOTHING, bilevel=Kind(0.5), **{kind: Kind(1)}) if kind != "bilevel" else NOTHING
    for seed in range(3):
        ink = np.full(shape, seed % 2 * 255, np.uint8)
        assert degrade(ink, np.random.default_rng(seed), SPACE, ageing).shape == shape


def test_staff_lines_are_never_lost_as_a_whole() -> None:
    """However light the scan, each line of the staff can still be followed over most of its length."""
    worst = Ageing(
        clean=Kind(0), bilevel=Kind(1), worn=Kind(1), rough=Kind(1), uneven=Kind(1), border=Kind(0)
    )
    for seed in range(30):
        aged = degrade(PAGE, np.random.default_rng(seed), SPACE, worst)
        for line in range(5):
            y = round(100 + (line - 2) * SPACE)
            found = (aged[y - 2 : y + 3, 20:280] < 128).any(axis=0).mean()
            assert found > 0.5, (seed, line)


def test_a_scan_in_black_and_white_has_only_these_two() -> None:
    for seed in range(5):
        aged = degrade(PAGE, np.random.default_rng(seed), SPACE, replace(NOTHING, bilevel=Kind(1)))
        assert set(np.unique(aged)) == {0, 255}


def test_clean_pages_stay_in_the_mix() -> None:
    """About one page in eight never left the computer; its paper is all white and its lines are whole."""
    untouched = [
        np.array_equal(degrade(PAGE, np.random.default_rng(seed), SPACE), PAGE) for seed in range(150)
    ]
    assert 0.01 < np.mean(untouched) < 0.15


def test_a_border_is_dark_and_lies_at_one_edge() -> None:
    blank = np.full((300, 400), 255, np.uint8)
    for seed in range(8):
        ageing = replace(NOTHING, border=Kind(1))
        dark = degrade(blank, np.random.default_rng(seed), SPACE, ageing) < 128
        edges = [dark[0].mean(), dark[-1].mean(), dark[:, 0].mean(), dark[:, -1].mean()]
        assert max(edges) > 0.5
        assert not dark[120:180, 160:240].any()


def test_pages_age_as_they_did_when_the_shipped_net_and_the_example_were_made() -> None:
    """Whoever changes how pages age must train again and make examples/forelle.png again."""
    square = np.full((64, 64), 255, np.uint8)
    square[16:48, 16:48] = 0
    aged = [degrade(square, np.random.default_rng(seed), 12.0) for seed in range(20)]
    shares = [round(float((page < 128).mean()), 3) for page in aged]
    assert shares == [
        0.252, 0.484, 0.262, 0.252, 0.228, 0.25, 0.25, 0.235, 0.25, 0.281,
        0.25, 0.283, 0.25, 0.25, 0.251, 0.247, 0.247, 0.25, 0.25, 0.251,
    ]  # fmt: skip
