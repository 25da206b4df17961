"""Bar lines are told from their ink, and braces make the staves of a system parts."""

from __future__ import annotations

import math

import pytest
from tests.music.drawing import SPACE, Sheet, slope

from leggio.music.bars import find_barlines, join_parts
from leggio.music.notation import BarLine, LineStyle, StrokeKind, SymbolKind

K = SymbolKind
ABOVE, BELOW = 4.0, 14.0  # tops of the staves of a piano system


def one_staff() -> Sheet:
    sheet = Sheet()
    sheet.staff(ABOVE)
    return sheet


def piano() -> Sheet:
    sheet = Sheet()
    sheet.staff(ABOVE)
    sheet.staff(BELOW)
    return sheet


def found_on(sheet: Sheet) -> tuple[BarLine, ...]:
    return find_barlines(sheet.systems, sheet.symbols, sheet.strokes, sheet.maps())


def places(sheet: Sheet) -> list[float]:
    return [round(line.x / SPACE, 1) for line in found_on(sheet)]


def repeat_dots(sheet: Sheet, x: float, kind: SymbolKind = K.REPEAT_DOT) -> None:
    for staff in range(len(sheet.staves)):
        sheet.sign(kind, x, 3, staff=staff)
        sheet.sign(kind, x, 5, staff=staff)


def parts(sheet: Sheet) -> list[int]:
    (system,) = join_parts(sheet.systems, sheet.symbols)
    return [staff.part for staff in system.staves]


# --- bar lines


def test_bar_lines_come_from_left_to_right() -> None:
    sheet = one_staff()
    for x in (40, 20, 57, 30):
        sheet.barline(x)
    assert places(sheet) == [20, 30, 40, 57]
    assert {line.style for line in found_on(sheet)} == {LineStyle.SINGLE}


def test_the_line_that_opens_a_system_ends_no_bar() -> None:
    sheet = piano()
    sheet.barline(3, (0, 1))
    sheet.barline(30, (0, 1))
    assert places(sheet) == [30]


def test_a_bar_line_may_be_broken_between_the_staves() -> None:
    sheet = piano()
    sheet.barline(30, (0,))
    sheet.barline(30.2, (1,))
    assert places(sheet) == [30.1]


def test_a_bar_line_needs_every_staff() -> None:
    sheet = piano()
    sheet.barline(30, (0,))
    sheet.barline(40, (1,))
    sheet.barline(50, (0, 1))
    assert places(sheet) == [50]


def test_a_bar_line_that_the_net_saw_on_one_staff_counts_where_ink_runs_through_the_system() -> None:
    sheet = piano()
    sheet.barline(30, (0,))
    sheet.ink((29.9, ABOVE, 30.1, BELOW + 4))
    assert places(sheet) == [30]


def test_a_line_over_half_a_staff_is_not_a_bar_line() -> None:
    sheet = one_staff()
    sheet.upright(StrokeKind.BARLINE, 30, ABOVE, ABOVE + 2, 0.2)
    assert places(sheet) == []


def test_a_stem_as_long_as_a_staff_is_not_a_bar_line() -> None:
    sheet = one_staff()
    sheet.upright(StrokeKind.STEM, 30, ABOVE, ABOVE + 4, 0.2)
    assert places(sheet) == []


def test_a_bar_line_belongs_to_its_own_system() -> None:
    sheet = Sheet(60, 30)
    sheet.staff(ABOVE, system=0)
    sheet.staff(BELOW, system=1)
    sheet.barline(20, (0,))
    sheet.barline(30, (1,))
    assert [(line.system, round(line.x / SPACE)) for line in found_on(sheet)] == [(0, 20), (1, 30)]


def test_a_line_beside_the_staff_is_not_a_bar_line() -> None:
    sheet = Sheet()
    sheet.staff(ABOVE, 6, 50)
    sheet.barline(3)
    sheet.barline(55)
    assert places(sheet) == []


@pytest.mark.parametrize("edge", [0.75, 59.25])
def test_a_thick_scan_border_at_the_edge_of_the_page_is_not_a_bar_line(edge: float) -> None:
    sheet = one_staff()
    sheet.upright(StrokeKind.BARLINE, edge, 0, 26, 1.5)
    sheet.barline(30)
    assert places(sheet) == [30]


@pytest.mark.parametrize(
    ("staves", "degrees"), [(1, 3), (2, -2.5), (3, 2), (3, 3), (3, -3), (4, -1.5), (6, 2), (6, -2)]
)
def test_bar_lines_that_lean_with_the_page_go_through_all_its_staves(staves: int, degrees: float) -> None:
    sheet = Sheet(60, 80)
    for staff in range(staves):
        sheet.staff(0, curve=slope(8 + 11 * staff, degrees))
    top, height = sheet.height_of(8, 30), 11 * (staves - 1) + 4
    lean = height * math.tan(math.radians(degrees))
    sheet.sweep(StrokeKind.BARLINE, (30, top), (30 - lean, top + height), 0.2)
    assert len(found_on(sheet)) == 1


@pytest.mark.parametrize(("staves", "degrees"), [(3, 3), (3, -3), (6, 2), (6, -2)])
def test_leaning_bar_lines_that_are_broken_between_the_staves_are_each_one(
    staves: int, degrees: float
) -> None:
    sheet = Sheet(60, 80)
    lean = math.tan(math.radians(degrees))
    for staff in range(staves):
        sheet.staff(0, curve=slope(8 + 11 * staff, degrees))
        for middle in (20, 26, 40):
            x = middle - 11 * staff * lean
            top = sheet.height_of(8, x, staff)
            sheet.sweep(StrokeKind.BARLINE, (x, top), (x - 4 * lean, top + 4), 0.2)
    assert len(found_on(sheet)) == 3


@pytest.mark.parametrize("degrees", [2, -2])
def test_a_leaning_bar_line_that_the_net_saw_on_one_staff_counts_where_ink_runs_through_the_system(
    degrees: float,
) -> None:
    sheet = Sheet(60, 80)
    lean = math.tan(math.radians(degrees))
    for staff in range(6):
        sheet.staff(0, curve=slope(8 + 11 * staff, degrees))
    top = sheet.height_of(8, 30)
    whole = sheet.sweep(StrokeKind.BARLINE, (30, top), (30 - 59 * lean, top + 59), 0.2)
    sheet.strokes.remove(whole)
    for x in (30, 45):  # nothing goes on below the second one
        sheet.sweep(StrokeKind.BARLINE, (x, top), (x - 4 * lean, top + 4), 0.2)
    assert len(found_on(sheet)) == 1


@pytest.mark.parametrize("staves", [1, 2])
@pytest.mark.parametrize("edge", [2.6, 55.0, 57.4])
def test_the_edge_of_the_paper_is_not_a_bar_line(staves: int, edge: float) -> None:
    sheet = Sheet(60, 40)
    for staff in range(staves):
        sheet.staff(ABOVE + 10 * staff)
    sheet.upright(StrokeKind.BARLINE, edge, 0, 40, 0.2)
    sheet.barline(30, range(staves))
    assert places(sheet) == [30]


def test_a_bar_line_a_little_longer_than_its_system_is_one() -> None:
    sheet = one_staff()
    sheet.upright(StrokeKind.BARLINE, 30, ABOVE - 0.7, ABOVE + 4.7, 0.2)
    assert places(sheet) == [30]


def test_a_double_bar_line_is_one_bar_line() -> None:
    sheet = one_staff()
    sheet.barline(30)
    sheet.barline(30.7)
    (line,) = found_on(sheet)
    assert line.style is LineStyle.DOUBLE
    assert line.x / SPACE == pytest.approx(30.35)
    assert line.left < 30 * SPACE < 30.7 * SPACE < line.right


def test_two_bar_lines_around_a_short_bar_stay_two() -> None:
    sheet = one_staff()
    sheet.barline(30)
    sheet.barline(33)
    assert places(sheet) == [30, 33]


def test_a_thin_and_a_thick_line_are_a_final_bar_line() -> None:
    sheet = piano()
    sheet.barline(56, (0, 1))
    sheet.barline(56.8, (0, 1), thickness=0.7)
    (line,) = found_on(sheet)
    assert line.style is LineStyle.FINAL
    assert not line.dots_left
    assert not line.dots_right


@pytest.mark.parametrize("kind", [K.REPEAT_DOT, K.DOT, K.STACCATO])
def test_dots_before_a_final_bar_line_end_a_repeat(kind: SymbolKind) -> None:
    sheet = piano()
    repeat_dots(sheet, 55.3, kind)
    sheet.barline(56, (0, 1))
    sheet.barline(56.8, (0, 1), thickness=0.7)
    (line,) = found_on(sheet)
    assert line.style is LineStyle.FINAL
    assert line.dots_left
    assert not line.dots_right


def test_dots_after_a_thick_and_a_thin_line_start_a_repeat() -> None:
    sheet = piano()
    sheet.barline(30, (0, 1), thickness=0.7)
    sheet.barline(30.8, (0, 1))
    repeat_dots(sheet, 31.5)
    (line,) = found_on(sheet)
    assert line.style is LineStyle.HEAVY
    assert line.dots_right
    assert not line.dots_left


def test_dots_on_both_sides_end_one_repeat_and_start_another() -> None:
    sheet = one_staff()
    repeat_dots(sheet, 29.3)
    sheet.barline(30)
    sheet.barline(30.8, thickness=0.7)
    sheet.barline(31.6)
    repeat_dots(sheet, 32.3)
    (line,) = found_on(sheet)
    assert line.dots_left
    assert line.dots_right


def test_a_repeat_may_start_at_the_head_of_a_system() -> None:
    sheet = one_staff()
    sheet.barline(3)
    sheet.barline(7.5, thickness=0.7)
    sheet.barline(8.3)
    repeat_dots(sheet, 9)
    (line,) = found_on(sheet)
    assert line.dots_right


def test_dots_beside_one_thin_line_are_not_a_repeat() -> None:
    sheet = one_staff()
    repeat_dots(sheet, 29.3)
    sheet.barline(30)
    (line,) = found_on(sheet)
    assert not line.dots_left


def test_one_dot_is_not_a_repeat() -> None:
    sheet = one_staff()
    sheet.sign(K.DOT, 55.3, 5)
    sheet.barline(56)
    sheet.barline(56.8, thickness=0.7)
    (line,) = found_on(sheet)
    assert not line.dots_left


def test_repeat_dots_missed_on_one_of_two_staves_still_repeat() -> None:
    sheet = piano()
    sheet.sign(K.REPEAT_DOT, 55.3, 3)
    sheet.sign(K.REPEAT_DOT, 55.3, 5)
    sheet.barline(56, (0, 1))
    sheet.barline(56.8, (0, 1), thickness=0.7)
    (line,) = found_on(sheet)
    assert line.dots_left


def test_a_page_without_bar_lines_has_none() -> None:
    assert found_on(piano()) == ()
    assert find_barlines((), (), (), piano().maps()) == ()


# --- parts


def test_a_staff_alone_is_a_part() -> None:
    assert parts(one_staff()) == [0]


def test_two_staves_alone_are_one_part() -> None:
    assert parts(piano()) == [0, 0]


def test_staves_within_a_brace_are_one_part_and_the_voice_above_is_another() -> None:
    sheet = Sheet(60, 36)
    for top in (4, 14, 24):
        sheet.staff(top)
    sheet.symbol(K.BRACE, 2, 21)
    assert parts(sheet) == [0, 1, 1]


def test_staves_without_a_brace_are_parts_of_their_own() -> None:
    sheet = Sheet(60, 36)
    for top in (4, 14, 24):
        sheet.staff(top)
    assert parts(sheet) == [0, 1, 2]


def test_two_braces_make_two_parts() -> None:
    sheet = Sheet(60, 46)
    for top in (4, 14, 24, 34):
        sheet.staff(top)
    sheet.symbol(K.BRACE, 2, 11)
    sheet.symbol(K.BRACE, 2, 31)
    assert parts(sheet) == [0, 0, 1, 1]


def test_a_brace_over_three_staves_makes_one_part() -> None:
    sheet = Sheet(60, 36)
    for top in (4, 14, 24):
        sheet.staff(top)
    sheet.symbol(K.BRACE, 2, 16, size=(1, 24))
    assert parts(sheet) == [0, 0, 0]


def test_what_looks_like_a_brace_far_from_the_left_end_joins_nothing() -> None:
    sheet = Sheet(60, 36)
    for top in (4, 14, 24):
        sheet.staff(top)
    sheet.symbol(K.BRACE, 30, 11)
    assert parts(sheet) == [0, 1, 2]


def test_a_brace_that_the_net_hardly_believes_joins_nothing() -> None:
    sheet = Sheet(60, 36)
    for top in (4, 14, 24):
        sheet.staff(top)
    sheet.symbol(K.BRACE, 2, 11, confidence=0.1)
    assert parts(sheet) == [0, 1, 2]
