"""Ties join a head with the next one of its voice at the same place."""

from __future__ import annotations

from tests.music.drawing import SPACE
from tests.music.written import Written

from leggio.music.notation import StemWay, SymbolKind, Tie
from leggio.music.ties import complete_ties, find_ties

UP, DOWN = StemWay.UP, StemWay.DOWN


def tied(sheet: Written) -> list[tuple[int, int]]:
    """The chords that ties join."""
    owner = {head.symbol: chord.id for chord in sheet.chords for head in chord.heads}
    return [(owner[tie.start], owner[tie.stop]) for tie in find_ties(sheet.chords, sheet.strokes, SPACE)]


def one_staff() -> Written:
    sheet = Written()
    sheet.staff(6)
    return sheet


def test_a_flat_curve_joins_neighbours_at_the_same_place() -> None:
    sheet = one_staff()
    first, last = sheet.chord(10, 4), sheet.chord(14, 4)
    sheet.slur(sheet.over(first, 0.9), sheet.over(last, 0.9), bow=-0.5)
    assert tied(sheet) == [(first, last)]


def test_a_tie_passes_over_notes_of_another_voice() -> None:
    sheet = one_staff()
    first = sheet.chord(10, 6, way=UP)
    sheet.chord(12, 1, way=DOWN)
    last = sheet.chord(14, 6, way=UP)
    sheet.slur(sheet.over(first, 0.9), sheet.over(last, 0.9), bow=-0.5)
    assert tied(sheet) == [(first, last)]


def test_a_curve_over_a_note_of_the_same_voice_is_no_tie() -> None:
    sheet = one_staff()
    first, _, last = sheet.chord(10, 4), sheet.chord(12, 5), sheet.chord(14, 4)
    sheet.slur(sheet.over(first, 0.9), sheet.over(last, 0.9), bow=-0.9)
    assert tied(sheet) == []


def test_a_curve_to_a_note_with_an_accidental_is_no_tie() -> None:
    sheet = one_staff()
    first, last = sheet.chord(10, 4), sheet.chord(14, 4, accidental=SymbolKind.SHARP)
    sheet.slur(sheet.over(first, 0.9), sheet.over(last, 0.9), bow=-0.5)
    assert tied(sheet) == []


def ties_of(sheet: Written, *places: int) -> tuple[Tie, ...]:
    """Ties between the heads of two chords, by their places in the chords."""
    first, last = sheet.chords
    return tuple(Tie(first.heads[place].symbol, last.heads[place].symbol, 900) for place in places)


def test_where_half_of_two_chords_is_tied_the_rest_is_too() -> None:
    sheet = one_staff()
    sheet.chord(10, 0, 2, 4, 7)
    sheet.chord(14, 0, 2, 4, 7)
    assert set(complete_ties(ties_of(sheet, 0, 3), sheet.chords)) == set(ties_of(sheet, 0, 1, 2, 3))


def test_one_tie_of_two_notes_says_nothing_of_the_other() -> None:
    sheet = one_staff()
    sheet.chord(10, 0, 4)
    sheet.chord(14, 0, 4)
    assert complete_ties(ties_of(sheet, 0), sheet.chords) == ties_of(sheet, 0)
