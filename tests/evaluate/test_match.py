"""Matching of symbols and average precision, with values worked out by hand."""

from __future__ import annotations

import pytest

from leggio.evaluate.match import (
    PageThings,
    Thing,
    average_precision,
    calibration_error,
    match_things,
    measure_things,
    name_strokes,
    name_symbols,
    widen,
)
from leggio.geometry import Box, Point
from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind

SPACE = 10.0


def head(x: float, confidence: float = 1.0, name: str = "noteheadBlack") -> Thing:
    """A thing of 10 x 10 px with its left edge at `x`."""
    return Thing(name, Box(x, 0, x + 10, 10), confidence)


def test_a_symbol_hits_where_half_of_the_union_is_shared() -> None:
    truth = [head(0)]
    near, far = head(3.3), head(3.4)
    assert match_things(truth, [near], SPACE) == [truth[0]]
    assert match_things(truth, [far], SPACE) == [None]


def test_a_symbol_of_another_class_is_no_hit() -> None:
    assert match_things([head(0)], [head(0, name="noteheadHalf")], SPACE) == [None]


def test_the_surest_symbol_takes_the_true_one_and_the_second_is_false() -> None:
    truth = [head(0)]
    assert match_things(truth, [head(0, 0.5), head(1, 0.9)], SPACE) == [None, truth[0]]


def test_a_symbol_whose_nearest_box_is_taken_does_not_fall_back_to_another() -> None:
    """The rule of VOC: the third is nearer to the first true box, which is gone, so it is false."""
    truth = [head(0), head(4)]
    found = [head(0, 0.9), head(1, 0.8)]
    assert match_things(truth, found, SPACE) == [truth[0], None]


def test_a_thin_box_is_widened_to_half_a_staff_space_around_its_centre() -> None:
    assert widen(Box(10, 0, 12, 40), SPACE) == Box(8.5, 0, 13.5, 40)
    assert widen(Box(10, 0, 20, 40), SPACE) == Box(10, 0, 20, 40)


def test_a_thin_line_one_pixel_off_is_a_hit_because_thin_boxes_are_widened() -> None:
    true = Thing("articTenuto", Box(0, 10, 15, 12), 1.0)
    found = Thing("articTenuto", Box(0, 11, 15, 13), 0.9)
    assert true.box.iou(found.box) < 0.5
    assert match_things([true], [found], SPACE) == [true]


def test_an_empty_box_does_not_divide_by_zero() -> None:
    point = Thing("augmentationDot", Box(5, 5, 5, 5), 1.0)
    assert match_things([point], [point], SPACE) == [point]


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
    right = PageThings((head(0),), (head(0, 0.6),), SPACE)
    wrong = PageThings((head(0),), (head(50, 0.9),), SPACE)
    (score,) = measure_things([right, wrong]).classes
    # The false symbol comes first: precision 0, then 1/2, at a recall of one in two.
    assert score.average_precision == pytest.approx(0.25)
    assert (score.truth, score.found, score.hits) == (2, 2, 1)


def test_a_symbol_never_hits_a_true_one_on_another_page() -> None:
    pages = [PageThings((head(0),), (), SPACE), PageThings((), (head(0),), SPACE)]
    (score,) = measure_things(pages).classes
    assert score.hits == 0


def test_the_cutoff_changes_counts_but_not_average_precision() -> None:
    page = PageThings((head(0), head(20)), (head(0, 0.9), head(20, 0.2), head(50, 0.1)), SPACE)
    (all_of_them,), (sure,) = measure_things([page]).classes, measure_things([page], cutoff=0.5).classes
    assert (all_of_them.found, all_of_them.hits, sure.found, sure.hits) == (3, 2, 1, 1)
    assert all_of_them.average_precision == sure.average_precision == 1.0
    assert (sure.precision, sure.recall) == (1.0, 0.5)
    assert sure.f1 == pytest.approx(2 / 3)


def test_the_mean_counts_only_classes_of_the_truth_and_f1_counts_all() -> None:
    page = PageThings(
        truth=(head(0), head(20, name="clefG")),
        found=(head(0, 0.9), head(50, 0.9, name="clefF")),
        space=SPACE,
    )
    report = measure_things([page])
    assert [(score.name, score.average_precision) for score in report.classes] == [
        ("clefF", 0.0),
        ("clefG", 0.0),
        ("noteheadBlack", 1.0),
    ]
    assert report.mean_average_precision() == 0.5
    assert report.f1 == 0.5


def test_nothing_at_all_scores_zero() -> None:
    report = measure_things([PageThings((), (), SPACE)])
    assert (report.classes, report.mean_average_precision(), report.f1) == ((), None, 0.0)


def test_the_mean_can_be_over_some_classes_and_over_frequent_ones_alone() -> None:
    truth = (head(0), head(20), head(40, name="clefG"))
    report = measure_things([PageThings(truth, (head(0, 0.9), head(40, 0.9, name="clefG")), SPACE)])
    assert report.mean_average_precision() == 0.75
    assert report.mean_average_precision(least=2) == 0.5
    assert report.mean_average_precision({"clefG", "clefF"}) == 1.0
    assert report.mean_average_precision({"clefF"}) is None


def test_strokes_and_symbols_are_measured_alike_and_a_tie_is_found_as_a_slur() -> None:
    def curve(kind: StrokeKind, confidence: float) -> Stroke:
        return Stroke(0, kind, Point(0, 5), Point(40, 5), 2.0, Box(0, 4, 40, 7), confidence)

    clef = Symbol(1, SymbolKind.CLEF_G, Box(0, 0, 20, 50), 0.9)
    truth = name_symbols([clef]) + name_strokes([curve(StrokeKind.TIE, 1.0)])
    found = name_symbols([clef]) + name_strokes([curve(StrokeKind.SLUR, 0.8)])
    report = measure_things([PageThings(truth, found, SPACE)])
    assert [(score.name, score.average_precision) for score in report.classes] == [
        ("clefG", 1.0),
        ("slur", 1.0),
    ]


def test_calibration_is_perfect_where_confidence_is_the_share_of_hits() -> None:
    """Four at 0.75, three of them right."""
    truth = tuple(head(x) for x in (0, 20, 40))
    found = tuple(head(x, 0.75) for x in (0, 20, 40, 60))
    assert calibration_error([PageThings(truth, found, SPACE)]) == pytest.approx(0.0)


def test_calibration_weighs_each_bin_by_what_it_holds() -> None:
    """Two at 0.9 and 0.94, both right: 0.08 off. One at 0.5, wrong: 0.5 off. Errors do not cancel between bins."""
    pages = [
        PageThings((head(0),), (head(0, 0.9), head(30, 0.5)), SPACE),
        PageThings((head(0),), (head(0, 0.94),), SPACE),
    ]
    assert calibration_error(pages) == pytest.approx((2 * 0.08 + 0.5) / 3)


def test_calibration_passes_over_what_is_hardly_an_answer_and_knows_certainty() -> None:
    page = PageThings((head(0),), (head(0, 1.0), head(30, 0.04)), SPACE)
    assert calibration_error([page]) == 0.0
    assert calibration_error([PageThings((head(0),), (head(0, 0.04),), SPACE)]) is None
