"""Articulations, ornaments, fermatas and arpeggios find their chords."""

from __future__ import annotations

import pytest
from tests.music.written import Written

from leggio.music.marks import attach_marks
from leggio.music.notation import StemWay, SymbolKind

K = SymbolKind
UP, DOWN = StemWay.UP, StemWay.DOWN
ABOVE, BELOW = 6.0, 16.0  # tops of the staves of a piano system


def one_staff() -> Written:
    sheet = Written()
    sheet.staff(ABOVE)
    return sheet


def piano() -> Written:
    sheet = one_staff()
    sheet.staff(BELOW)
    return sheet


def marked(sheet: Written) -> list[tuple[int, SymbolKind]]:
    """What chords bear, as (chord, kind)."""
    return [(m.chord, m.kind) for m in attach_marks(sheet.systems, sheet.symbols, sheet.outlines)]


@pytest.mark.parametrize("kind", [K.STACCATO, K.STACCATISSIMO, K.TENUTO, K.ACCENT, K.MARCATO])
@pytest.mark.parametrize("away", [1.2, -1.2])
def test_an_articulation_belongs_to_the_chord_in_its_column(kind: SymbolKind, away: float) -> None:
    sheet = one_staff()
    sheet.chord(10, 4, way=DOWN if away > 0 else UP)
    chord = sheet.chord(13, 4, 6, way=DOWN if away > 0 else UP)
    sheet.symbol(kind, *sheet.over(chord, away), size=(0.6, 1.0))
    assert marked(sheet) == [(chord, kind)]


def test_a_dot_over_the_lower_of_two_staves_is_the_lower_chords() -> None:
    sheet = piano()
    sheet.chord(10, 1, way=UP)
    lower = sheet.chord(10, 9, staff=1)
    sheet.symbol(K.STACCATO, *sheet.over(lower, 1.0))
    assert marked(sheet) == [(lower, K.STACCATO)]


def test_a_dot_between_two_voices_tips_and_heads_is_the_nearer_chords() -> None:
    sheet = one_staff()
    upper, lower = sheet.chord(10, 7, way=UP), sheet.chord(10, 1, way=DOWN)
    sheet.symbol(K.STACCATO, 10.3, sheet.over(upper, 4.3)[1])
    sheet.symbol(K.STACCATO, 10.0, sheet.over(lower, -4.3)[1])
    assert marked(sheet) == [(upper, K.STACCATO), (lower, K.STACCATO)]


def test_an_augmentation_dot_is_no_staccato_dot() -> None:
    sheet = one_staff()
    sheet.chord(10, 5)
    sheet.chord(11.8, 2)
    sheet.sign(K.DOT, 11.4, 5)
    sheet.sign(K.STACCATO, 11.4, 5)
    assert marked(sheet) == []


def test_a_staccato_dot_may_stand_on_the_height_of_the_note_before() -> None:
    sheet = one_staff()
    sheet.chord(10, 5)
    chord = sheet.chord(12, 3)
    sheet.symbol(K.STACCATO, *sheet.over(chord, 1.0))
    assert marked(sheet) == [(chord, K.STACCATO)]


def test_a_dot_right_over_a_head_is_a_staccato_dot_whatever_the_net_calls_it() -> None:
    sheet = one_staff()
    chord = sheet.chord(12, 3)
    sheet.symbol(K.DOT, *sheet.over(chord, 1.0))
    assert marked(sheet) == [(chord, K.STACCATO)]


def test_a_wedge_no_taller_than_a_dot_is_a_dot() -> None:
    sheet = one_staff()
    chord = sheet.chord(12, 3)
    sheet.symbol(K.STACCATISSIMO, *sheet.over(chord, 1.0), size=(0.4, 0.5))
    assert marked(sheet) == [(chord, K.STACCATO)]


def test_repeat_dots_mark_no_chord() -> None:
    sheet = one_staff()
    sheet.chord(10, 5)
    for position in (3, 5):
        sheet.sign(K.STACCATO, 12, position)
    sheet.chord(14, 5)
    assert marked(sheet) == []


def test_a_mark_far_from_every_column_belongs_to_nothing() -> None:
    sheet = one_staff()
    chord = sheet.chord(10, 5)
    sheet.symbol(K.ACCENT, 12, sheet.over(chord, 1)[1])
    sheet.symbol(K.ACCENT, *sheet.over(chord, 5.5))
    assert marked(sheet) == []


def test_what_is_far_from_its_chord_must_be_surer() -> None:
    sheet = one_staff()
    near, far, sure = sheet.chord(10, 8), sheet.chord(20, 8), sheet.chord(30, 8)
    sheet.symbol(K.STACCATO, *sheet.over(near, 1.2), confidence=0.35)
    sheet.symbol(K.STACCATO, *sheet.over(far, 3.5), confidence=0.35)
    sheet.symbol(K.STACCATO, *sheet.over(sure, 3.5), confidence=0.9)
    assert marked(sheet) == [(near, K.STACCATO), (sure, K.STACCATO)]


def test_a_sign_that_was_seen_twice_marks_once_as_what_it_surely_is() -> None:
    sheet = one_staff()
    chord = sheet.chord(10, 8)
    x, y = sheet.over(chord, 2)
    sheet.symbol(K.MORDENT, x + 0.3, y, confidence=0.5)
    sheet.symbol(K.SHORT_TRILL, x, y, confidence=0.6)
    assert marked(sheet) == [(chord, K.SHORT_TRILL)]


def test_two_marks_of_different_kinds_both_count() -> None:
    sheet = one_staff()
    chord = sheet.chord(10, 8)
    sheet.symbol(K.STACCATO, *sheet.over(chord, 1))
    sheet.symbol(K.ACCENT, *sheet.over(chord, 2.2))
    assert marked(sheet) == [(chord, K.STACCATO), (chord, K.ACCENT)]


@pytest.mark.parametrize("kind", [K.TRILL, K.SHORT_TRILL, K.MORDENT, K.TURN, K.TURN_INVERTED])
def test_an_ornament_belongs_to_the_chord_below_it(kind: SymbolKind) -> None:
    sheet = piano()
    sheet.chord(10, 3, way=UP)
    lower = sheet.chord(10, 6, staff=1)
    sheet.symbol(kind, *sheet.over(lower, 2.5))
    assert marked(sheet) == [(lower, kind)]


def test_a_turn_between_two_notes_belongs_to_the_first_one() -> None:
    sheet = one_staff()
    first = sheet.chord(10, 6)
    sheet.chord(14, 6)
    sheet.symbol(K.TURN, 12, sheet.over(first, 2.5)[1])
    assert marked(sheet) == [(first, K.TURN)]


def test_a_fermata_holds_a_rest_as_well() -> None:
    sheet = one_staff()
    sheet.chord(10, 6)
    rest = sheet.rest(14)
    sheet.symbol(K.FERMATA_ABOVE, *sheet.over(rest, 4))
    assert marked(sheet) == [(rest, K.FERMATA_ABOVE)]


def test_a_fermata_over_a_bar_line_holds_what_stands_before_it() -> None:
    sheet = one_staff()
    chord = sheet.chord(10, 6)
    sheet.barline(12.5)
    sheet.chord(17, 6)
    sheet.symbol(K.FERMATA_ABOVE, 12.5, sheet.over(chord, 3)[1])
    assert marked(sheet) == [(chord, K.FERMATA_ABOVE)]


def test_an_arpeggio_breaks_the_chords_that_its_wave_covers() -> None:
    sheet = piano()
    upper, lower = sheet.chord(10, 2, 4, 6), sheet.chord(10, 2, 4, staff=1)
    sheet.chord(14, 2, 4)
    sheet.symbol(K.ARPEGGIO, 8.5, (ABOVE + BELOW) / 2 + 2, size=(0.6, 14))
    assert marked(sheet) == [(upper, K.ARPEGGIO), (lower, K.ARPEGGIO)]


def test_an_arpeggio_on_one_staff_leaves_the_other_one_alone() -> None:
    sheet = piano()
    sheet.chord(10, 2, 4, 6)
    lower = sheet.chord(10, 2, 4, staff=1)
    sheet.symbol(K.ARPEGGIO, 8.5, BELOW + 2.5, size=(0.6, 3))
    assert marked(sheet) == [(lower, K.ARPEGGIO)]


def test_a_page_without_systems_has_no_marks() -> None:
    sheet = Written()
    sheet.symbol(K.STACCATO, 10, 10)
    assert marked(sheet) == []
