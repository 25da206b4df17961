"""Brackets over bars are endings where they reach from bar line to bar line; their numbers are found or told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.music.drawing import SPACE, Sheet, slope
from tests.music.lettered import text_at

from leggio.music.bars import find_barlines
from leggio.music.endings import read_endings, strip_numbers
from leggio.music.level_lines import trace_lines
from leggio.music.notation import BarLine, Ending, LineStyle, StrokeKind, SymbolKind, Text, TextMark, TextRole

K = SymbolKind
STAFF, LINE = 12.0, 8.0  # the tops of the staff and of the brackets
BARS = (20.0, 34.0, 48.0, 57.0)


def page(curve_degrees: float = 0.0) -> Sheet:
    """A staff with four bars."""
    sheet = Sheet()
    sheet.staff(STAFF, curve=slope(STAFF, curve_degrees) if curve_degrees else None)
    for x in BARS:
        sheet.barline(x)
    return sheet


def bracket(sheet: Sheet, left: float, right: float, *, hooks: str = "both", rise: float = 0.0) -> None:
    sheet.sweep(StrokeKind.BRACKET, (left, LINE), (right, LINE + rise), 0.15)
    for x, side in ((left, "left"), (right, "right")):
        if hooks in ("both", side):
            sheet.upright(StrokeKind.BRACKET, x + (0.1 if side == "left" else -0.1), LINE, LINE + 1.5, 0.15)


def barlines(sheet: Sheet, *repeats: float) -> tuple[BarLine, ...]:
    """The bar lines of a page; those of `repeats` end one."""
    found = find_barlines(sheet.systems, sheet.symbols, sheet.strokes, sheet.maps())
    return tuple(
        replace(line, style=LineStyle.FINAL, dots_left=True)
        if any(abs(line.x / SPACE - x) < 0.5 for x in repeats)
        else line
        for line in found
    )


def read(sheet: Sheet, *repeats: float, lines: tuple[Text, ...] = ()) -> list[tuple[str, float, float]]:
    """The endings as (numbers, left, right) in staff spaces."""
    endings = read_endings(sheet.systems, barlines(sheet, *repeats), sheet.symbols, lines, sheet.maps())
    return [(e.numbers, round(e.left / SPACE), round(e.right / SPACE)) for e in endings]


def digit(sheet: Sheet, kind: SymbolKind, x: float, confidence: float = 0.3) -> None:
    sheet.symbol(kind, x, LINE + 1.2, confidence=confidence, size=(0.7, 1.2))


def test_two_brackets_at_a_repeat_are_a_first_and_a_second_ending() -> None:
    sheet = page()
    bracket(sheet, 20.2, 33.5)
    bracket(sheet, 34.4, 47.8)
    assert read(sheet, 34.0) == [("1", 20, 34), ("2", 34, 48)]


@pytest.mark.parametrize("degrees", [1.0, -1.0])
def test_brackets_lean_with_their_staff(degrees: float) -> None:
    sheet = page(degrees)
    drop = {1.0: 20.2 * 0.01746, -1.0: -20.2 * 0.01746}[degrees]
    way = 13.3 * 0.01746 * (1 if degrees > 0 else -1)
    sheet.sweep(StrokeKind.BRACKET, (20.2, LINE + drop), (33.5, LINE + drop + way), 0.15)
    sheet.upright(StrokeKind.BRACKET, 20.3, LINE + drop, LINE + drop + 1.5, 0.15)
    assert read(sheet, 34.0) == [("1", 20, 34)]


def test_a_number_speaks_for_a_bracket_without_a_repeat() -> None:
    sheet = page()
    bracket(sheet, 20.2, 33.5)
    assert read(sheet) == []
    digit(sheet, K.TUPLET_3, 21.5)
    assert read(sheet) == [("3", 20, 34)]


def test_several_numbers_are_read_as_words() -> None:
    sheet = page()
    bracket(sheet, 20.2, 33.5)
    bracket(sheet, 34.4, 47.8)
    words = (text_at("1.-2.", 21, LINE + 1.8), text_at("3.", 35, LINE + 1.8))
    assert read(sheet, 34.0, lines=words) == [("1, 2", 20, 34), ("3", 34, 48)]


def test_an_ending_over_several_bars_is_one() -> None:
    sheet = page()
    bracket(sheet, 20.2, 47.6)
    assert read(sheet, 48.0) == [("1", 20, 48)]


def test_a_line_over_a_repeats_end_is_two_endings() -> None:
    sheet = page()
    bracket(sheet, 20.2, 47.8)
    assert read(sheet, 34.0) == [("1", 20, 34), ("2", 34, 48)]


def test_a_line_that_ends_between_bar_lines_is_no_ending() -> None:
    sheet = page()
    bracket(sheet, 24.0, 33.5)
    digit(sheet, K.TUPLET_3, 26)
    assert read(sheet, 34.0) == []


def test_neither_a_slur_nor_a_beam_is_an_ending() -> None:
    sheet = page()
    sheet.slur((20.2, LINE), (33.5, LINE), bow=-1.0)
    sheet.sweep(StrokeKind.BEAM, (34.4, LINE), (47.8, LINE), 0.5)
    digit(sheet, K.FINGERING_1, 21)
    assert read(sheet, 34.0) == []


def two_systems() -> Sheet:
    sheet = Sheet(height=34)
    sheet.staff(STAFF)
    sheet.staff(STAFF + 14, system=1)
    for staff in (0, 1):
        for x in (20.0, 57.0):
            sheet.barline(x, (staff,))
    return sheet


def test_an_ending_goes_on_over_a_line_break() -> None:
    sheet = two_systems()
    sheet.sweep(StrokeKind.BRACKET, (20.2, LINE), (57.0, LINE), 0.15)
    sheet.upright(StrokeKind.BRACKET, 20.3, LINE, LINE + 1.5, 0.15)
    digit(sheet, K.FINGERING_1, 21.5)
    sheet.sweep(StrokeKind.BRACKET, (9.0, LINE + 14), (19.8, LINE + 14), 0.15)
    sheet.upright(StrokeKind.BRACKET, 19.7, LINE + 14, LINE + 15.5, 0.15)
    lines = [replace(line, dots_left=line.system == 1 and line.x < 30 * SPACE) for line in barlines(sheet)]
    first, second = read_endings(sheet.systems, lines, sheet.symbols, (), sheet.maps())
    assert (first.system, first.numbers, first.is_opened, first.is_closed) == (0, "1", True, False)
    assert (second.system, second.numbers, second.is_opened, second.is_closed) == (1, "1", False, True)


def test_a_second_ending_may_begin_the_next_system() -> None:
    sheet = two_systems()
    bracket(sheet, 20.2, 56.8)
    sheet.sweep(StrokeKind.BRACKET, (9.0, LINE + 14), (19.8, LINE + 14), 0.15)
    lines = [replace(line, dots_left=line.system == 0 and line.x > 30 * SPACE) for line in barlines(sheet)]
    endings = read_endings(sheet.systems, lines, sheet.symbols, (), sheet.maps())
    assert [(e.system, e.numbers, e.is_opened) for e in endings] == [(0, "1", True), (1, "2", True)]


def test_the_number_of_an_ending_is_no_tuplet_and_no_words() -> None:
    sheet = page()
    digit(sheet, K.TUPLET_3, 21)
    sheet.symbol(K.TUPLET_3, 40, LINE + 1.2)
    ending = Ending(0, 20 * SPACE, 34 * SPACE, LINE * SPACE, "3")
    marks = [
        TextMark(TextRole.OTHER, text_at("T7", 21, LINE + 0.5), 0, True),
        TextMark(TextRole.DIRECTION, text_at("dolce", 25, LINE + 1.5), 0, True),
    ]
    symbols, texts = strip_numbers(sheet.symbols, marks, [ending], sheet.systems)
    assert [symbol.box.center.x / SPACE for symbol in symbols] == [40]
    assert [mark.text.text for mark in texts] == ["dolce"]


def test_a_worn_line_is_one_line() -> None:
    sheet = page()
    for left, right in ((20.2, 26.0), (26.8, 33.5)):
        sheet.sweep(StrokeKind.BRACKET, (left, LINE), (right, LINE), 0.15)
    (line,) = trace_lines(sheet.systems[0], 0.0, (), sheet.maps())
    assert abs(line.left / SPACE - 20.2) < 0.3
    assert abs(line.right / SPACE - 33.5) < 0.3
    assert abs(line.height - (STAFF - LINE)) < 0.3
    assert (line.hooked_left, line.hooked_right) == (False, False)
