"""Ties join a head with the next one of its voice at the same place."""

from __future__ import annotations

from tests.music.drawing import SPACE
from tests.music.written import Written

from leggio.music.notation import StemWay
from leggio.music.ties import find_ties

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
