"""Matching of symbols and average precision, with values worked out by hand."""

from __future__ import annotations

from itertools import count

import pytest

from leggio.evaluate.match import SymbolPage, average_precision, match_symbols, measure_symbols, widen
from leggio.geometry import Box
from leggio.music.notation import Symbol, SymbolKind

SPACE = 10.0
_ids = count()


def head(x: float, confidence: float = 1.0, kind: SymbolKind = SymbolKind.HEAD_BLACK) -> Symbol:
    """A symbol of 10 x 10 px with its left edge at `x`."""
    return Symbol(next(_ids), kind, Box(x, 0, x + 10, 10), confidence)


def test_a_symbol_hits_where_half_of_the_union_is_shared() -> None:
    truth = [head(0)]
    near, far = head(3.3), head(3.4)
    assert match_symbols(truth, [near], SPACE) == [truth[0]]
    assert match_symbols(truth, [far], SPACE) == [None]


def test_a_symbol_of_another_class_is_no_hit() -> None:
    assert match_symbols([head(0)], [head(0, kind=SymbolKind.HEAD_HALF)], SPACE) == [None]


def test_the_surest_symbol_takes_the_true_one_and_the_second_is_false() -> None:
    truth = [head(0)]
    assert match_symbols(truth, [head(0, 0.5), head(1, 0.9)], SPACE) == [None, truth[0]]


def test_a_symbol_whose_nearest_box_is_taken_does_not_fall_back_to_another() -> None:
    """The rule of VOC: the third is nearer to the first true box, which is gone, so it is false."""
    truth = [head(0), head(4)]
    found = [head(0, 0.9), head(1, 0.8)]
    assert match_symbols(truth, found, SPACE) == [truth[0], None]


def test_a_thin_box_is_widened_to_half_a_staff_space_around_its_centre() -> None:
    assert widen(Box(10, 0, 12, 40), SPACE) == Box(8.5, 0, 13.5, 40)
    assert widen(Box(10, 0, 20, 40), SPACE) == Box(10, 0, 20, 40)


def test_a_thin_line_one_pixel_off_is_a_hit_because_thin_boxes_are_widened() -> None:
    true = Symbol(0, SymbolKind.TENUTO, Box(0, 10, 15, 12), 1.0)
    found = Symbol(1, SymbolKind.TENUTO, Box(0, 11, 15, 13), 0.9)
    assert true.box.iou(found.box) < 0.5
    assert match_symbols([true], [found], SPACE) == [true]


def test_an_empty_box_does_not_divide_by_zero() -> None:
    point = Symbol(0, SymbolKind.DOT, Box(5, 5, 5, 5), 1.0)
    assert match_symbols([point], [point], SPACE) == [point]


@pytest.mark.parametrize(
    ("hits", "truth", "expected"),
    [
        ([True, True], 2, 1.0),
        ([True], 2, 0.5),
        ([False, True], 1, 0.5),
        # Precision 1, 1/2, 2/3, made monotone 1, 2/3, 2/3: half of the recall at 1, half at 2/3.
        ([True, False, True], 2, 5 / 6),
        # Precision 0, 1/2, 2/3, made monotone 2/3 everywhere, for two of four true symbols.
        ([False, True, True], 4, 1 / 3),
        ([], 3, 0.0),
        ([False], 0, 0.0),
    ],
)
def test_average_precision_is_the_area_under_the_monotone_curve(
    hits: list[bool], truth: int, expected: float
) -> None:
    assert average_precision(hits, truth) == pytest.approx(expected)


def test_confidence_ranks_symbols_over_all_pages() -> None:
    right = SymbolPage((head(0),), (head(0, 0.6),), SPACE)
    wrong = SymbolPage((head(0),), (head(50, 0.9),), SPACE)
    (score,) = measure_symbols([right, wrong]).classes
    # The false symbol comes first: precision 0, then 1/2, at a recall of one in two.
    assert score.average_precision == pytest.approx(0.25)
    assert (score.truth, score.found, score.hits) == (2, 2, 1)


def test_a_symbol_never_hits_a_true_one_on_another_page() -> None:
    pages = [SymbolPage((head(0),), (), SPACE), SymbolPage((), (head(0),), SPACE)]
    (score,) = measure_symbols(pages).classes
    assert score.hits == 0


def test_the_cutoff_changes_counts_but_not_average_precision() -> None:
    page = SymbolPage((head(0), head(20)), (head(0, 0.9), head(20, 0.2), head(50, 0.1)), SPACE)
    (all_of_them,), (sure,) = measure_symbols([page]).classes, measure_symbols([page], cutoff=0.5).classes
    assert (all_of_them.found, all_of_them.hits, sure.found, sure.hits) == (3, 2, 1, 1)
    assert all_of_them.average_precision == sure.average_precision == 1.0
    assert (sure.precision, sure.recall) == (1.0, 0.5)
    assert sure.f1 == pytest.approx(2 / 3)


def test_the_mean_counts_only_classes_of_the_truth_and_f1_counts_all() -> None:
    page = SymbolPage(
        truth=(head(0), head(20, kind=SymbolKind.CLEF_G)),
        found=(head(0, 0.9), head(50, 0.9, kind=SymbolKind.CLEF_F)),
        space=SPACE,
    )
    report = measure_symbols([page])
    assert [(score.kind, score.average_precision) for score in report.classes] == [
        (SymbolKind.CLEF_G, 0.0),
        (SymbolKind.CLEF_F, 0.0),
        (SymbolKind.HEAD_BLACK, 1.0),
    ]
    assert report.mean_average_precision == 0.5
    assert report.f1 == 0.5


def test_nothing_at_all_scores_zero() -> None:
    report = measure_symbols([SymbolPage((), (), SPACE)])
    assert (report.classes, report.mean_average_precision, report.f1) == ((), 0.0, 0.0)
