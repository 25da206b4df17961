"""Blocks that speak of one thing are alike, short ones by way of others."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.news.topics import compare_topics

SHIP, CORN = "steamer Batavia sank crew", "wheat barley dearer market"


def test_rare_words_that_two_blocks_share_bring_them_together() -> None:
    alike = compare_topics(
        ["the steamer Batavia sank", "crew of the Batavia saved", "wheat was the dearest"]
    ).shared
    assert alike[0, 1] > alike[0, 2]
    assert np.allclose(alike, alike.T)


def test_texts_without_a_common_word_are_not_alike() -> None:
    topics = compare_topics(["steamer sank", "wheat dearer", ""])
    assert topics.shared.max() == pytest.approx(0, abs=1e-6)
    assert topics.twice[0, 1] == topics.twice[2, 2] == 0


def test_two_blocks_without_a_common_word_are_alike_by_way_of_a_third() -> None:
    topics = compare_topics(["steamer Batavia", "Batavia crew saved", "crew saved", "wheat barley", "barley"])
    assert topics.shared[0, 2] == pytest.approx(0, abs=1e-6)
    assert topics.twice[0, 2] > 0.3
    assert topics.twice[0, 3] == pytest.approx(0, abs=1e-6)
    assert np.allclose(topics.twice, topics.twice.T)


def test_a_break_is_where_other_words_begin() -> None:
    topics = compare_topics([SHIP, SHIP, "Heading", SHIP, CORN, CORN, CORN])
    for values in (topics.around, topics.beside):
        assert values[2] > 0.4 > values[4]
        assert values[0] == 0


def test_a_paragraph_is_near_and_a_column_is_far() -> None:
    """Between two blocks about a ship stand so many of fifty letters about corn."""

    def compare(between: int) -> tuple[float, float]:
        topics = compare_topics([SHIP, *[CORN.ljust(50, ".")] * between, SHIP, SHIP])
        return float(topics.near[1 + between]), float(topics.far[1 + between])

    near, far = compare(4)
    assert near == far > 0
    near, far = compare(9)
    assert near == pytest.approx(0, abs=1e-6)
    assert far > 0
    assert compare(19) == pytest.approx((0, 0), abs=1e-6)


def test_nothing_is_alike_on_a_page_without_words() -> None:
    topics = compare_topics(["", "", ""])
    for values in (topics.around, topics.beside, topics.near, topics.far, topics.shared, topics.twice):
        assert np.abs(values).max() == pytest.approx(0, abs=1e-6)


def test_a_page_without_blocks_has_no_topics() -> None:
    assert compare_topics([]).twice.shape == (0, 0)
