"""Staves are followed across the page and grouped into systems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.music.drawing import SPACE, Curve, Sheet, slope

from leggio.music.notation import Staff, StrokeKind, System
from leggio.music.staves import find_systems, keep_ruled

NEAR = 0.15  # staff spaces


def found_on(sheet: Sheet) -> tuple[System, ...]:
    return find_systems(sheet.maps())


def only_staff(sheet: Sheet) -> Staff:
    (system,) = found_on(sheet)
    (staff,) = system.staves
    return staff


def worst_miss(found: Staff, drawn: Staff) -> float:
    """The largest distance between found and drawn lines, in staff spaces."""
    return max(
        abs(found.line_at(line, x) - drawn.line_at(line, x)) / SPACE
        for line in range(5)
        for x in np.linspace(drawn.xs[0], drawn.xs[-1], 50)
    )


def arch(top: float, rise: float) -> Curve:
    """Highest in the middle of the page, as the page of a thick book is."""

    def curve(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(top - rise * np.sin(np.pi * (x - 3) / 54), np.float64)

    return curve


def test_an_empty_page_has_no_systems() -> None:
    assert found_on(Sheet()) == ()


def test_a_staff_is_found_where_it_is_drawn() -> None:
    sheet = Sheet()
    drawn = sheet.staff(10)
    staff = only_staff(sheet)
    assert worst_miss(staff, drawn) < NEAR
    assert staff.space == pytest.approx(SPACE, rel=0.02)


@given(top=st.floats(3, 18), left=st.floats(2, 8), right=st.floats(45, 58))
@settings(max_examples=15, deadline=None)
def test_a_staff_begins_and_ends_where_its_lines_do(top: float, left: float, right: float) -> None:
    sheet = Sheet()
    sheet.staff(top, left, right)
    staff = only_staff(sheet)
    assert staff.xs[0] / SPACE == pytest.approx(left, abs=0.4)
    assert staff.xs[-1] / SPACE == pytest.approx(right, abs=0.4)


@pytest.mark.parametrize("degrees", [-2, -0.7, 0.7, 2])
def test_a_staff_is_followed_across_skew(degrees: float) -> None:
    sheet = Sheet()
    drawn = sheet.staff(0, curve=slope(11, degrees))
    assert worst_miss(only_staff(sheet), drawn) < 2 * NEAR


@pytest.mark.parametrize("rise", [-1.5, -0.5, 0.5, 1.5])
def test_a_staff_is_followed_across_mild_curvature(rise: float) -> None:
    sheet = Sheet()
    drawn = sheet.staff(0, curve=arch(11, rise))
    assert worst_miss(only_staff(sheet), drawn) < 2 * NEAR


def test_five_staves_on_a_skewed_page_stay_five() -> None:
    sheet = Sheet(60, 60)
    for top in (4, 14, 24, 34, 44):
        sheet.staff(0, curve=slope(top, 1.5))
    staves = [staff for system in found_on(sheet) for staff in system.staves]
    assert len(staves) == 5
    assert all(worst_miss(a, b) < 2 * NEAR for a, b in zip(staves, sheet.staves, strict=True))


@pytest.mark.parametrize("gap", [(20, 26), (20, 44)])
def test_a_staff_that_is_hidden_for_a_while_is_one_staff(gap: tuple[float, float]) -> None:
    sheet = Sheet()
    drawn = sheet.staff(10, gaps=[gap])
    assert worst_miss(only_staff(sheet), drawn) < 2 * NEAR


def test_a_hidden_stretch_of_a_skewed_staff_is_bridged_on_its_slope() -> None:
    sheet = Sheet()
    drawn = sheet.staff(0, curve=slope(10, 1.5), gaps=[(22, 36)])
    assert worst_miss(only_staff(sheet), drawn) < 2 * NEAR


def test_staves_come_from_top_to_bottom() -> None:
    sheet = Sheet(60, 40)
    for top in (28, 5, 16):
        sheet.staff(top)
    tops = [staff.box.y0 for system in found_on(sheet) for staff in system.staves]
    assert tops == sorted(tops)
    assert len(tops) == 3


def test_every_staff_has_an_id_of_its_own_and_names_its_system() -> None:
    sheet = Sheet(60, 52)
    for top in (4, 12, 26, 34):
        sheet.staff(top)
    sheet.barline(3, (0, 1))
    sheet.barline(3, (2, 3))
    systems = found_on(sheet)
    assert [staff.id for system in systems for staff in system.staves] == [0, 1, 2, 3]
    assert [staff.system for system in systems for staff in system.staves] == [0, 0, 1, 1]


def test_ledger_lines_in_a_row_are_not_a_staff() -> None:
    sheet = Sheet()
    sheet.staff(12)
    for x in range(10, 30, 3):
        for position in (10, 12, 14, 16, 18):
            sheet.ledger(x, position)
    assert len(found_on(sheet)) == 1


def test_ledger_lines_do_not_move_the_staff_that_they_stand_over() -> None:
    sheet = Sheet()
    drawn = sheet.staff(12)
    for x in np.arange(4.0, 56.0, 2.2):
        sheet.ledger(float(x), 10)
    assert worst_miss(only_staff(sheet), drawn) < NEAR


def test_lines_ruled_much_wider_than_staves_are_not_one() -> None:
    sheet = Sheet()
    sheet.staff(3)
    for y in (11, 13, 15, 17, 19):
        sheet.sweep(StrokeKind.LEDGER, (3, y), (57, y), 0.15)
    assert len(found_on(sheet)) == 1


def row_of_text(sheet: Sheet, top: float, dash: float = 0.9, gap: float = 0.5) -> None:
    """Five rows of dashes at the distance of staff lines: what a net may take for a staff."""
    starts = np.arange(3.0, 57.0, dash + gap)
    gaps = [(float(start) + dash, float(start) + dash + gap) for start in starts if start + dash + gap < 57]
    sheet.staff(top, gaps=gaps)


def test_rows_of_text_are_not_staves() -> None:
    sheet = Sheet()
    row_of_text(sheet, 10)
    systems = found_on(sheet)
    assert systems
    assert keep_ruled(systems, sheet.page().image) == ()


def test_rows_of_text_beside_staves_leave_the_staves_alone() -> None:
    sheet = Sheet(60, 40)
    row_of_text(sheet, 4)
    sheet.staff(16)
    sheet.staff(28)
    systems = keep_ruled(found_on(sheet), sheet.page().image)
    assert [round(system.box.y0 / SPACE) for system in systems] == [16, 28]
    assert [(system.id, system.staves[0].system) for system in systems] == [(0, 0), (1, 1)]


@pytest.mark.parametrize("run", [2.2, 4.0, 9.0])
def test_staff_lines_that_are_broken_in_many_places_are_staff_lines(run: float) -> None:
    sheet = Sheet()
    row_of_text(sheet, 10, dash=run, gap=0.6)
    systems = found_on(sheet)
    assert systems
    assert keep_ruled(systems, sheet.page().image) == systems


@pytest.mark.parametrize("lines", [1, 2])
def test_one_or_two_lines_are_not_a_staff(lines: int) -> None:
    sheet = Sheet()
    sheet.staff(14)
    maps = sheet.maps()
    rows = maps.ink_of("staffLine").copy()
    count = round((lines - 0.5) * maps.cells_per_space)
    first = round(14 * maps.cells_per_space)
    rows[first + count :] = 0
    ink = maps.ink.copy()
    ink[maps.inks.index("staffLine")] = rows
    assert find_systems(replace(maps, ink=ink)) == ()


def test_a_scrap_of_five_lines_beside_long_staves_is_not_a_staff() -> None:
    sheet = Sheet(60, 40)
    sheet.staff(4)
    sheet.staff(16)
    sheet.staff(28, 10, 18)
    assert len(found_on(sheet)) == 2


def test_a_short_last_system_is_a_system() -> None:
    sheet = Sheet(60, 40)
    sheet.staff(4)
    sheet.staff(16)
    sheet.staff(28, 3, 30)
    assert len(found_on(sheet)) == 3


def test_two_staves_joined_by_bar_lines_are_one_system() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    for x in (3, 20, 40, 57):
        sheet.barline(x, (0, 1))
    (system,) = found_on(sheet)
    assert len(system.staves) == 2


def test_two_staves_joined_at_their_left_end_alone_are_one_system() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    sheet.barline(3, (0, 1))
    for x in (20, 40, 57):
        sheet.barline(x, (0,))
        sheet.barline(x, (1,))
    (system,) = found_on(sheet)
    assert len(system.staves) == 2


def test_staves_that_nothing_joins_are_systems_of_their_own() -> None:
    sheet = Sheet(60, 40)
    for number, top in enumerate((4, 14, 24)):
        sheet.staff(top)
        for x in (3, 20, 40, 57):
            sheet.barline(x, (number,))
    assert [len(system.staves) for system in found_on(sheet)] == [1, 1, 1]


def test_a_page_of_equal_systems_forgives_one_missing_joint() -> None:
    sheet = Sheet(60, 70)
    for number, top in enumerate((4, 13, 26, 35, 48, 57)):
        sheet.staff(top)
        if number % 2 and number != 3:
            for x in (3, 20, 40, 57):
                sheet.barline(x, (number - 1, number))
    assert [len(system.staves) for system in found_on(sheet)] == [2, 2, 2]


def test_systems_of_different_sizes_are_told_apart() -> None:
    sheet = Sheet(60, 70)
    for top in (4, 18, 27):
        sheet.staff(top)
    for x in (3, 20, 40, 57):
        sheet.barline(x, (0,))
        sheet.barline(x, (1, 2))
    assert [len(system.staves) for system in found_on(sheet)] == [1, 2]


def page_of(*sizes: int, unseen: int | None = None) -> Sheet:
    """Systems of so many staves each, joined by clean bar lines; the joint above staff `unseen` is not seen."""
    sheet = Sheet(60, 8 * sum(sizes) + 5 * len(sizes) + 6)
    top, first = 4.0, 0
    for size in sizes:
        for _ in range(first, first + size):
            sheet.staff(top)
            top += 8
        joints = [n for n in range(first + 1, first + size) if n != unseen]
        for x in (3, 20, 40, 57):
            for number in range(first, first + size):
                sheet.barline(x, (number,))
            for number in joints:
                sheet.barline(x, (number - 1, number))
        first += size
        top += 5
    return sheet


@pytest.mark.parametrize("sizes", [(3, 2), (4, 4, 3), (2, 3, 2), (3, 3, 3, 2)])
def test_systems_of_any_sizes_that_clean_bar_lines_join_stay_apart(sizes: tuple[int, ...]) -> None:
    assert tuple(len(system.staves) for system in found_on(page_of(*sizes))) == sizes


@pytest.mark.parametrize("unseen", [1, 5, 11])
def test_a_page_of_six_systems_where_one_joint_was_not_seen_is_cut_evenly(unseen: int) -> None:
    systems = found_on(page_of(2, 2, 2, 2, 2, 2, unseen=unseen))
    assert [len(system.staves) for system in systems] == [2] * 6


def test_the_box_of_a_system_holds_all_its_staves() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    sheet.barline(3, (0, 1))
    (system,) = found_on(sheet)
    assert system.box.y0 == pytest.approx(4 * SPACE, abs=4)
    assert system.box.y1 == pytest.approx(18 * SPACE, abs=4)
