"""Maps become symbols and strokes, in page pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.music.drawing import SPACE, Sheet

from leggio.geometry import Box
from leggio.music.maps import LOGIT_STEP, Maps
from leggio.music.notation import Stroke, StrokeKind, SymbolKind
from leggio.music.symbols import cut_components, detect_symbols, trace_strokes
from leggio.net import Cut

K = SymbolKind
NEAR = 0.15 * SPACE  # what a map cell more or less makes


def traced(sheet: Sheet, kind: StrokeKind) -> list[Stroke]:
    return [stroke for stroke in trace_strokes(sheet.maps(), first_id=0) if stroke.kind is kind]


def is_near(found: Box, drawn: Box) -> bool:
    return found.iou(drawn) > 0.75


def test_an_empty_page_has_no_symbols_and_no_strokes() -> None:
    maps = Sheet(20, 10).maps()
    assert detect_symbols(maps) == ()
    assert trace_strokes(maps, first_id=0) == ()


@pytest.mark.parametrize("kind", [K.HEAD_BLACK, K.CLEF_G, K.SHARP, K.REST_QUARTER, K.BRACE, K.FERMATA_ABOVE])
def test_a_symbol_is_found_with_its_kind_its_box_and_its_confidence(kind: SymbolKind) -> None:
    sheet = Sheet(30, 20)
    drawn = sheet.symbol(kind, 12.3, 9.1)
    (found,) = detect_symbols(sheet.maps())
    assert found.kind is kind
    assert is_near(found.box, drawn.box)
    assert found.confidence > 0.7


@given(x=st.floats(1, 29), y=st.floats(1, 19))
@settings(max_examples=40, deadline=None)
def test_a_symbol_is_found_where_it_stands(x: float, y: float) -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, x, y)
    (found,) = detect_symbols(sheet.maps())
    assert found.box.center.x == pytest.approx(x * SPACE, abs=NEAR)
    assert found.box.center.y == pytest.approx(y * SPACE, abs=NEAR)


def test_symbols_come_from_left_to_right_and_count_from_nought() -> None:
    sheet = Sheet(30, 20)
    for x in (20, 5, 12):
        sheet.symbol(K.HEAD_HALF, x, 10)
    found = detect_symbols(sheet.maps())
    assert [symbol.id for symbol in found] == [0, 1, 2]
    assert [round(symbol.box.center.x / SPACE) for symbol in found] == [5, 12, 20]


def test_two_heads_a_step_apart_on_both_sides_of_a_stem_are_two() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 10, 10)
    sheet.symbol(K.HEAD_BLACK, 11.2, 9.5)
    assert len(detect_symbols(sheet.maps())) == 2


def test_two_heads_a_third_apart_are_two() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 10, 10)
    sheet.symbol(K.HEAD_BLACK, 10, 9)
    assert len(detect_symbols(sheet.maps())) == 2


def test_what_the_net_is_not_sure_of_is_less_sure() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 8, 10, confidence=0.95)
    sheet.symbol(K.HEAD_BLACK, 16, 10, confidence=0.5)
    sure, unsure = detect_symbols(sheet.maps())
    assert unsure.confidence < 0.7 * sure.confidence


def test_what_is_below_the_waterline_is_nothing() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 8, 10, confidence=0.2)
    assert detect_symbols(sheet.maps()) == ()


def test_a_split_vote_names_the_kind_with_more_votes_and_doubts_it() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.SHARP, 10, 10)
    maps = sheet.maps()
    votes = maps.classes.copy()
    two_to_one = round(np.log(2) / LOGIT_STEP)
    votes[list(K).index(K.NATURAL)] = np.maximum(votes[list(K).index(K.SHARP)], two_to_one) - two_to_one
    (sure,) = detect_symbols(maps)
    (found,) = detect_symbols(replace(maps, classes=votes))
    assert found.kind is K.SHARP
    assert found.confidence == pytest.approx(sure.confidence * 2 / 3, rel=0.05)


def test_a_flat_summit_is_one_symbol() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 10, 10)
    maps = sheet.maps()
    energy = maps.energy.copy()
    y, x = np.unravel_index(int(energy.argmax()), energy.shape)
    energy[y : y + 2, x : x + 2] = energy[y, x]
    assert len(detect_symbols(replace(maps, energy=energy))) == 1


# --- the paper's way


def mark_as_the_paper(sheet: Sheet) -> Maps:
    """What a perfect net of the paper's form sees: markers of more than a staff space, to be cut as components."""
    maps = sheet.maps()
    rows, columns = np.indices(maps.energy.shape) + 0.5
    energy = np.zeros(maps.energy.shape, np.float32)
    for symbol in sheet.symbols:
        centre = symbol.box.center
        away = np.hypot(columns * maps.cell - centre.x, rows * maps.cell - centre.y) / SPACE
        energy = np.maximum(energy, np.clip(1 - away / 1.06, 0, 1)).astype(np.float32)
    return replace(maps, energy=energy, cut=Cut.COMPONENTS)


def test_a_component_is_a_symbol_with_its_kind_its_box_and_its_confidence() -> None:
    sheet = Sheet(30, 20)
    drawn = sheet.symbol(K.CLEF_G, 12.3, 9.1)
    (found,) = detect_symbols(mark_as_the_paper(sheet))
    assert found.kind is K.CLEF_G
    assert is_near(found.box, drawn.box)
    assert found.confidence > 0.9


def test_two_symbols_that_touch_are_two_summits_but_one_component() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 10, 10)
    sheet.symbol(K.HEAD_BLACK, 10.6, 9.5)
    maps = mark_as_the_paper(sheet)
    assert len(detect_symbols(replace(maps, cut=Cut.SUMMITS))) == 2
    (found,) = detect_symbols(maps)
    assert found.box.center.x == pytest.approx(10.3 * SPACE, abs=NEAR)


def test_two_heads_a_third_apart_are_two_components() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, 10, 10)
    sheet.symbol(K.HEAD_BLACK, 10, 9)
    assert len(detect_symbols(mark_as_the_paper(sheet))) == 2


def test_the_cells_of_a_component_vote_on_its_name() -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.SHARP, 10, 10)
    maps = mark_as_the_paper(sheet)
    votes = maps.classes.copy()
    right = round(10 * SPACE / maps.cell / 2)  # the column of map cells just right of the middle
    votes[list(K).index(K.SHARP), :, right + 1 :] = 0
    votes[list(K).index(K.NATURAL), :, right + 1 :] = 255
    (sure,) = detect_symbols(maps)
    (found,) = detect_symbols(replace(maps, classes=votes))
    assert found.kind is K.SHARP
    assert found.confidence < 0.9 * sure.confidence


def test_components_of_a_few_cells_and_empty_pages_are_nothing() -> None:
    maps = mark_as_the_paper(Sheet(30, 20))
    assert cut_components(maps) == ()
    energy = maps.energy.copy()
    energy[10, 10:13] = 1.0
    assert cut_components(replace(maps, energy=energy)) == ()


@pytest.mark.parametrize("x", [0.0, 29.9])
@pytest.mark.parametrize("y", [0.0, 19.9])
def test_a_symbol_in_a_corner_of_the_page_is_found(x: float, y: float) -> None:
    sheet = Sheet(30, 20)
    sheet.symbol(K.HEAD_BLACK, x, y)
    (found,) = detect_symbols(sheet.maps())
    assert found.box.center.x == pytest.approx(x * SPACE, abs=2 * NEAR)
    assert found.box.center.y == pytest.approx(y * SPACE, abs=2 * NEAR)


@pytest.mark.parametrize("kind", [StrokeKind.STEM, StrokeKind.BARLINE])
def test_an_upright_stroke_runs_downwards_from_its_upper_end(kind: StrokeKind) -> None:
    sheet = Sheet(30, 20)
    drawn = sheet.upright(kind, 10, 5, 9, 0.2)
    (found,) = traced(sheet, kind)
    assert found.start.x == pytest.approx(drawn.start.x, abs=NEAR)
    assert found.end.x == pytest.approx(drawn.end.x, abs=NEAR)
    assert found.start.y == pytest.approx(drawn.start.y, abs=NEAR)
    assert found.end.y == pytest.approx(drawn.end.y, abs=NEAR)


@pytest.mark.parametrize("kind", [StrokeKind.BEAM, StrokeKind.HAIRPIN, StrokeKind.LEDGER])
def test_a_level_stroke_runs_to_the_right_from_its_left_end(kind: StrokeKind) -> None:
    sheet = Sheet(30, 20)
    drawn = sheet.sweep(kind, (8, 10), (14, 9), 0.4)
    (found,) = traced(sheet, kind)
    assert found.start.x == pytest.approx(drawn.start.x, abs=2 * NEAR)
    assert found.end.x == pytest.approx(drawn.end.x, abs=2 * NEAR)
    assert found.start.y == pytest.approx(drawn.start.y, abs=2 * NEAR)
    assert found.end.y == pytest.approx(drawn.end.y, abs=2 * NEAR)


def test_strokes_count_on_from_the_symbols() -> None:
    sheet = Sheet(30, 20)
    sheet.upright(StrokeKind.STEM, 10, 5, 9, 0.2)
    sheet.upright(StrokeKind.BARLINE, 20, 5, 9, 0.2)
    assert [stroke.id for stroke in trace_strokes(sheet.maps(), first_id=7)] == [7, 8]


def test_a_stem_with_a_short_break_is_one_stroke() -> None:
    sheet = Sheet(30, 20)
    sheet.upright(StrokeKind.STEM, 10, 5, 7, 0.2)
    sheet.upright(StrokeKind.STEM, 10, 7.3, 9, 0.2)
    assert len(traced(sheet, StrokeKind.STEM)) == 1


def test_the_thin_and_the_thick_line_of_a_final_bar_line_are_two_strokes() -> None:
    sheet = Sheet(30, 20)
    sheet.upright(StrokeKind.BARLINE, 10, 5, 9, 0.2)
    sheet.upright(StrokeKind.BARLINE, 11, 5, 9, 0.7)
    thin, thick = sorted(traced(sheet, StrokeKind.BARLINE), key=lambda stroke: stroke.start.x)
    assert thick.thickness > 1.5 * thin.thickness


def test_a_speck_is_no_stem() -> None:
    sheet = Sheet(30, 20)
    sheet.upright(StrokeKind.STEM, 10, 5, 5.5, 0.2)
    assert traced(sheet, StrokeKind.STEM) == []


def test_a_leaning_stem_leans() -> None:
    sheet = Sheet(30, 20)
    sheet.sweep(StrokeKind.STEM, (10, 5), (10.6, 9), 0.2)
    (found,) = traced(sheet, StrokeKind.STEM)
    assert found.end.x - found.start.x == pytest.approx(0.6 * SPACE, abs=NEAR)


@pytest.mark.parametrize("side", [-1, 1])
def test_slurs_that_hang_together_at_a_note_are_two(side: int) -> None:
    sheet = Sheet(30, 20)
    sheet.slur((8, 10), (14, 10), bow=-side)
    sheet.slur((14, 10), (19, 10.5), bow=-side)
    first, second = traced(sheet, StrokeKind.SLUR)
    assert first.end.x == pytest.approx(14 * SPACE, abs=SPACE / 2)
    assert second.start.x == pytest.approx(14 * SPACE, abs=SPACE / 2)


@pytest.mark.parametrize(("bow", "sign"), [(-1.0, -1), (1.0, 1)])
def test_a_curve_says_which_way_it_bows(bow: float, sign: int) -> None:
    sheet = Sheet(30, 20)
    sheet.slur((8, 10), (16, 10), bow=bow)
    (found,) = traced(sheet, StrokeKind.SLUR)
    assert np.sign(found.bow) == sign
    assert abs(found.bow) == pytest.approx(SPACE, rel=0.3)


def test_faint_ink_counts_where_it_hangs_together_with_sure_ink() -> None:
    sheet = Sheet(30, 20)
    sheet.upright(StrokeKind.STEM, 10, 5, 9, 0.2)
    maps = sheet.maps()
    stems = list(maps.inks).index(StrokeKind.STEM.value)
    faint = maps.ink.copy()
    faint[stems] = np.minimum(faint[stems], 85)
    assert trace_strokes(replace(maps, ink=faint), first_id=0) == ()
    half = maps.ink.copy()
    half[stems, : half.shape[1] * 7 // 20] = faint[stems, : half.shape[1] * 7 // 20]
    (found,) = trace_strokes(replace(maps, ink=half), first_id=0)
    assert found.box.height == pytest.approx(4 * SPACE, abs=2 * NEAR)
