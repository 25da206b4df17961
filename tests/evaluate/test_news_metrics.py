"""How answers about articles are counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.news.printing import mark, set_block, set_page

from leggio.evaluate.news_metrics import Counts, NewsScores, count_page, score
from leggio.news.layout import ArticleKind, Layout, NewsTruth

# Two columns of two equal blocks each, fifty letters a block.
FOUR = set_page(
    *(
        set_block(number, (x, y, x + 190, y + 240), "abcde " * 10)
        for number, (x, y) in enumerate([(0, 0), (0, 250), (200, 0), (200, 250)])
    ),
    height=500,
)
PARTITIONS = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def measure(truth: NewsTruth, *articles: list[int], layout: Layout = FOUR) -> NewsScores:
    return score(count_page(truth, layout, mark(layout, *articles).articles))


def from_labels(labels: list[int]) -> list[list[int]]:
    return [[block for block, label in enumerate(labels) if label == kept] for kept in sorted(set(labels))]


def test_the_truth_is_a_perfect_answer() -> None:
    assert measure(mark(FOUR, [0, 1], [2], [3]), [2], [3], [1, 0]) == NewsScores(0, 1, 1, 1, 1, 1, 1, 1)


def test_a_quarter_given_to_the_wrong_article_is_a_quarter_of_error() -> None:
    scores = measure(mark(FOUR, [0, 1], [2, 3]), [0, 1, 2], [3])
    assert scores.der == pytest.approx(0.25)
    assert scores.completeness == 0
    assert scores.as_f1 == 1  # both pairs have an IoU of a half or more
    assert scores.miou == pytest.approx((2 / 3 + 1 / 2) / 2, abs=0.01)


def test_a_missed_article_and_a_false_one_both_count_as_error() -> None:
    truth = mark(FOUR, [0], [1], [2])
    assert measure(truth, [0], [1]).der == pytest.approx(1 / 3)
    bare = NewsTruth(replace(FOUR, blocks=FOUR.blocks[:3]), truth.articles)
    assert measure(bare, [0], [1], [2], [3]).der == pytest.approx(1 / 3)


def test_blocks_that_the_truth_gives_to_no_article_do_not_count() -> None:
    truth = mark(FOUR, [0, 1], [2])
    assert (
        measure(truth, [0, 1], [2], [3])
        == measure(truth, [0, 1], [2, 3])
        == NewsScores(0, 1, 1, 1, 1, 1, 1, 1)
    )


def test_outside_of_a_partly_marked_page_nothing_counts() -> None:
    layout = replace(FOUR, blocks=FOUR.blocks[:1])
    truth = replace(mark(layout, [0]), partial=True)
    assert measure(truth, [0], [1, 2], [3]).der == 0


def test_one_article_for_two_has_whole_recall_and_half_precision() -> None:
    counts = count_page(mark(FOUR, [0, 1], [2, 3]), FOUR, mark(FOUR, [0, 1, 2, 3]).articles)
    assert counts.precise / counts.characters == pytest.approx(0.5)
    assert counts.recalled / counts.characters == pytest.approx(1)
    assert score(counts).ari == pytest.approx(0, abs=1e-9)


def test_letters_in_an_article_of_another_kind_are_of_the_wrong_kind() -> None:
    truth = mark(FOUR, [0, 1], [2, 3])
    first, second = truth.articles
    answer = (first, replace(second, kind=ArticleKind.ADVERTISEMENT))
    assert score(count_page(truth, FOUR, answer)).kinds == pytest.approx(0.5)
    assert score(count_page(truth, FOUR, truth.articles[:1])).kinds == pytest.approx(0.5)


def test_other_blocks_over_the_same_lines_make_the_same_articles() -> None:
    truth = mark(FOUR, [0, 1], [2, 3])
    wide = set_page(set_block(0, (0, 0, 190, 490)), set_block(1, (200, 0, 390, 490)), height=500)
    scores = measure(truth, [0], [1], layout=wide)
    assert scores.b3 == 1
    assert scores.as_f1 == 1
    assert scores.der == pytest.approx(10 / 480, abs=0.005)  # the white between two blocks


def test_a_page_without_articles_counts_nothing() -> None:
    assert count_page(mark(FOUR), FOUR, mark(FOUR, [0]).articles) == Counts()


def test_an_empty_answer_is_all_wrong() -> None:
    scores = measure(mark(FOUR, [0, 1], [2, 3]))
    assert (scores.der, scores.completeness, scores.as_f1) == (1, 0, 0)


@settings(deadline=None, max_examples=30)
@given(PARTITIONS, PARTITIONS)
def test_naming_articles_otherwise_changes_nothing(true: list[int], found: list[int]) -> None:
    truth = mark(FOUR, *from_labels(true))
    scores = measure(truth, *from_labels(found))
    again = measure(truth, *from_labels(found)[::-1])
    assert (again.der, again.as_f1, again.b3, again.ari) == pytest.approx(
        (scores.der, scores.as_f1, scores.b3, scores.ari)
    )
    assert (scores.der == 0) == (sorted(from_labels(true)) == sorted(from_labels(found)))
