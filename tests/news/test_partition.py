"""Blocks put together by the weights of their pairs."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leggio.news.partition import part_blocks

Weights = NDArray[np.float64]


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    count = draw(st.integers(1, 6))
    table = np.zeros((count, count))
    for i, j in itertools.combinations(range(count), 2):
        table[i, j] = table[j, i] = draw(st.integers(-9, 9))
    return table


def gain(parts: NDArray[np.int64], table: Weights) -> float:
    return float((table * (parts[:, None] == parts)).sum())


def test_blocks_that_agree_are_one_part_and_the_parts_are_numbered_by_their_first_blocks() -> None:
    labels = np.array([0, 1, 0, 2, 1])
    table = np.where(labels[:, None] == labels, 3.0, -3.0)
    assert part_blocks(table).tolist() == labels.tolist()


def test_a_block_that_only_one_of_many_wants_stays_alone() -> None:
    table = np.full((4, 4), 2.0)
    table[3, :3] = table[:3, 3] = (-2, -2, 1)
    assert part_blocks(table).tolist() == [0, 0, 0, 1]


def test_a_page_of_one_block_has_one_part() -> None:
    assert part_blocks(np.zeros((1, 1))).tolist() == [0]


@settings(deadline=None)
@given(weights())
def test_no_single_move_gains_anything(table: Weights) -> None:
    parts = part_blocks(table)
    best = gain(parts, table)
    for block in range(len(table)):
        for other in range(len(table) + 1):
            moved = parts.copy()
            moved[block] = other
            assert gain(moved, table) <= best + 1e-9


@settings(deadline=None, max_examples=40)
@given(weights())
def test_weights_that_do_not_contradict_are_followed(table: Weights) -> None:
    labels = part_blocks(table)
    clear = np.where(labels[:, None] == labels, np.abs(table) + 1, -np.abs(table) - 1)
    assert part_blocks(clear).tolist() == labels.tolist()
