"""Curves become slurs from chord to chord, or ties."""

from __future__ import annotations

import pytest
from tests.music.written import Written

from leggio.music.notation import ChordMark, StemWay, SymbolKind, Tie
from leggio.music.slurs import bind_curves

K = SymbolKind
UP, DOWN = StemWay.UP, StemWay.DOWN


def one_staff() -> Written:
    sheet = Written()
    sheet.staff(6)
    return sheet


def two_systems() -> Written:
    sheet = Written()
    sheet.staff(6, system=0)
    sheet.staff(18, system=1)
    return sheet


def slurred(sheet: Written, ties: tuple[Tie, ...] = ()) -> list[tuple[int, int]]:
    """The first and the last chord of every slur."""
    slurs, _ = bind_curves(sheet.systems, sheet.symbols, sheet.strokes, sheet.outlines, ties)
    return [(slur.start, slur.stop) for slur in slurs]


def tied(sheet: Written) -> list[tuple[int, int]]:
    """The symbols that found ties join."""
    _, ties = bind_curves(sheet.systems, sheet.symbols, sheet.strokes, sheet.outlines, ())
    return [(tie.start, tie.stop) for tie in ties]


def scale(
    sheet: Written, *positions: float, way: StemWay = DOWN, start: float = 10, staff: int = 0
) -> list[int]:
    """Notes three staff spaces from one another."""
    return [
        sheet.chord(start + 3 * place, position, way=way, staff=staff)
        for place, position in enumerate(positions)
    ]


@pytest.mark.parametrize(("way", "side"), [(DOWN, 1), (UP, -1)])
def test_a_slur_runs_from_the_chord_under_its_start_to_the_one_under_its_end(way: StemWay, side: int) -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, 6, 5, way=way)
    sheet.slur(sheet.over(notes[0], side), sheet.over(notes[2], side), bow=-side)
    assert slurred(sheet) == [(notes[0], notes[2])]


def test_a_curve_whose_thin_ends_are_lost_still_finds_its_chords() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, 6, 5)
    (x0, y0), (x1, y1) = sheet.over(notes[0], 2), sheet.over(notes[3], 2)
    sheet.slur((x0 + 1, y0), (x1 - 1, y1), bow=-0.8)
    assert slurred(sheet) == [(notes[0], notes[3])]


def test_a_slur_on_the_side_of_the_stems_is_at_their_tips() -> None:
    sheet = one_staff()
    notes = scale(sheet, 2, 3, 4, way=UP)
    sheet.slur(sheet.over(notes[0], 4.2), sheet.over(notes[2], 4.2), bow=-0.8)
    assert slurred(sheet) == [(notes[0], notes[2])]


def test_of_two_voices_the_one_on_its_side_has_the_slur() -> None:
    sheet = one_staff()
    upper, lower = scale(sheet, 7, 8, way=UP), scale(sheet, 1, 2, way=DOWN)
    sheet.slur(sheet.over(upper[0], 4.2), sheet.over(upper[1], 4.2), bow=-0.6)
    sheet.slur(sheet.over(lower[0], -4.2), sheet.over(lower[1], -4.2), bow=0.6)
    assert slurred(sheet) == [tuple(upper), tuple(lower)]


def test_a_curve_between_two_staves_belongs_to_the_side_that_it_bends_to() -> None:
    sheet = one_staff()
    sheet.staff(16)
    upper, lower = scale(sheet, 2, 3, way=UP), scale(sheet, 6, 7, staff=1)
    sheet.slur(sheet.over(upper[0], -1.2), sheet.over(upper[1], -1.2), bow=0.7)
    sheet.slur(sheet.over(lower[0], 1.2), sheet.over(lower[1], 1.2), bow=-0.7)
    assert slurred(sheet) == [tuple(upper), tuple(lower)]


def test_pieces_of_one_curve_are_joined() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 4, 5, 4, 5)
    x0, y = sheet.over(notes[0], 1.5)
    # An arch from x0 to x0 + 12 that is 2 spaces high, with a break in its middle.
    sheet.slur((x0, y), (x0 + 5.5, y - 1.986), bow=-0.42)
    sheet.slur((x0 + 6.5, y - 1.986), (x0 + 12, y), bow=-0.42)
    (slur,), _ = bind_curves(sheet.systems, sheet.symbols, sheet.strokes, sheet.outlines, ())
    assert (slur.start, slur.stop) == (notes[0], notes[-1])
    assert len(slur.strokes) == 2


def test_slurs_that_meet_at_a_note_stay_two() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, 4)
    meeting = sheet.over(notes[1], 1.2)
    sheet.slur(sheet.over(notes[0], 1.2), (meeting[0] - 0.2, meeting[1]), bow=-0.7)
    sheet.slur((meeting[0] + 0.2, meeting[1]), sheet.over(notes[2], 1.2), bow=-0.7)
    assert slurred(sheet) == [(notes[0], notes[1]), (notes[1], notes[2])]


def test_a_known_tie_is_no_slur() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5)
    curve = sheet.slur(sheet.over(notes[0], 1), sheet.over(notes[1], 1), bow=-0.7)
    assert slurred(sheet, (Tie(0, 1, curve.id),)) == []


def test_a_curve_between_neighbours_at_one_height_is_a_tie() -> None:
    sheet = one_staff()
    first, last = scale(sheet, 4, 4)
    sheet.slur(sheet.over(first, 1), sheet.over(last, 1), bow=-0.7)
    assert slurred(sheet) == []
    assert tied(sheet) == [(sheet.chords[0].heads[0].symbol, sheet.chords[1].heads[0].symbol)]


def test_a_curve_to_an_altered_note_is_a_slur() -> None:
    sheet = one_staff()
    first = sheet.chord(10, 4)
    last = sheet.chord(14, 4, accidental=K.SHARP)
    sheet.slur(sheet.over(first, 1), sheet.over(last, 1), bow=-0.7)
    assert slurred(sheet) == [(first, last)]


def test_a_curve_over_two_dotted_notes_at_one_height_is_a_slur() -> None:
    sheet = one_staff()
    first, last = sheet.chord(10, 4, way=UP), sheet.chord(14, 4, way=UP)
    sheet.slur(sheet.over(first, -0.9), sheet.over(last, -0.9), bow=0.5)
    marks = tuple(ChordMark(chord, K.STACCATO, 900 + chord) for chord in (first, last))
    tie = Tie(sheet.chords[0].heads[0].symbol, sheet.chords[1].heads[0].symbol, sheet.strokes[-1].id)
    slurs, ties = bind_curves(sheet.systems, sheet.symbols, sheet.strokes, sheet.outlines, (tie,), marks)
    assert [(slur.start, slur.stop) for slur in slurs] == [(first, last)]
    assert ties == ()


def test_a_curve_to_the_same_note_with_others_between_is_a_slur() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, 4)
    sheet.slur(sheet.over(notes[0], 1.5), sheet.over(notes[2], 1.5), bow=-1)
    assert slurred(sheet) == [(notes[0], notes[2])]


def test_a_slur_goes_on_in_the_next_system() -> None:
    sheet = two_systems()
    above, below = scale(sheet, 4, 5, start=48), scale(sheet, 6, 5, start=12, staff=1)
    x, y = sheet.over(above[0], 1.5)
    sheet.slur((x, y), (57, y - 0.5), bow=-0.7)
    x, y = sheet.over(below[1], 1.5)
    sheet.slur((9, y - 0.5), (x, y), bow=-0.7)
    assert slurred(sheet) == [(above[0], below[1])]


def test_a_slur_whose_other_half_is_lost_reaches_the_first_chord_of_the_next_system() -> None:
    sheet = two_systems()
    above, below = scale(sheet, 4, 5, start=48), scale(sheet, 6, 5, start=12, staff=1)
    x, y = sheet.over(above[0], 1.5)
    sheet.slur((x, y), (57, y - 0.5), bow=-0.7)
    assert slurred(sheet) == [(above[0], below[0])]


def test_a_tie_goes_over_the_line_break() -> None:
    sheet = two_systems()
    scale(sheet, 4, start=53)
    scale(sheet, 4, start=12, staff=1)
    sheet.slur((53.5, sheet.over(0, 1)[1]), (57, sheet.over(0, 1)[1]), bow=-0.5)
    sheet.slur((9, sheet.over(1, 1)[1]), (11.5, sheet.over(1, 1)[1]), bow=-0.4)
    assert slurred(sheet) == []
    assert tied(sheet) == [(sheet.chords[0].heads[0].symbol, sheet.chords[1].heads[0].symbol)]


def test_half_a_slur_at_the_end_of_the_page_is_left_out() -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, start=48)
    x, y = sheet.over(notes[0], 1.5)
    sheet.slur((x, y), (57, y - 0.5), bow=-0.7)
    assert slurred(sheet) == []


def test_a_curve_from_digit_to_digit_is_a_change_of_fingers() -> None:
    sheet = one_staff()
    notes = scale(sheet, 8, 7)
    ends = sheet.over(notes[0], 2.2), sheet.over(notes[1], 2.7)
    for (x, y), kind in zip(ends, (K.FINGERING_4, K.FINGERING_5), strict=True):
        sheet.symbol(kind, x, y + 0.9)
    sheet.slur(*ends, bow=-0.5)
    assert slurred(sheet) == []


@pytest.mark.parametrize(("width", "bow"), [(0.8, -0.5), (6.0, -0.05)])
def test_what_is_too_short_or_too_straight_is_no_slur(width: float, bow: float) -> None:
    sheet = one_staff()
    notes = scale(sheet, 4, 5, 6)
    x, y = sheet.over(notes[0], 1)
    sheet.slur((x, y), (x + width, y), bow=bow)
    assert slurred(sheet) == []


def test_a_curve_left_of_the_system_belongs_to_its_brace() -> None:
    sheet = one_staff()
    scale(sheet, 4, 5, start=5)
    sheet.slur((1, 6), (2.6, 5.5), bow=-0.4)
    assert slurred(sheet) == []
