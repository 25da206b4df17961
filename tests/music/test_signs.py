"""Clefs, key signatures, time signatures and tuplet numbers are read from where their symbols stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.music.drawing import SPACE, Sheet

from leggio.music.notation import ClefMark, KeyMark, SymbolKind, TimeMark
from leggio.music.signs import count_key, read_clefs, read_keys, read_times, read_tuplets

K = SymbolKind
# Where the accidentals of a key stand, 0 being the bottom line: as Gould, Behind Bars, prints them.
SHARPS = {
    (K.CLEF_G, 2): (8, 5, 9, 6, 3, 7, 4),
    (K.CLEF_F, 6): (6, 3, 7, 4, 1, 5, 2),
    (K.CLEF_C, 4): (7, 4, 8, 5, 2, 6, 3),
    (K.CLEF_C, 6): (2, 6, 3, 7, 4, 8, 5),
    (K.CLEF_C, 0): (3, 7, 4, 8, 5, 9, 6),
}
FLATS = {
    (K.CLEF_G, 2): (4, 7, 3, 6, 2, 5, 1),
    (K.CLEF_F, 6): (2, 5, 1, 4, 0, 3, -1),
    (K.CLEF_C, 4): (3, 6, 2, 5, 1, 4, 0),
    (K.CLEF_C, 6): (5, 8, 4, 7, 3, 6, 2),
    (K.CLEF_C, 0): (6, 2, 5, 1, 4, 0, 3),
}
DIGITS = [K(f"timeSig{digit}") for digit in range(10)]


def one_staff() -> Sheet:
    sheet = Sheet()
    sheet.staff(8)
    return sheet


def put_clef(sheet: Sheet, kind: SymbolKind, line: int, staff: int = 0) -> None:
    sheet.sign(kind, 4.5, line, staff=staff)


def put_key(
    sheet: Sheet, clef: tuple[SymbolKind, int], fifths: int, x: float = 7.0, staff: int = 0, nudge: float = 0
) -> None:
    heights, kind = (SHARPS, K.SHARP) if fifths > 0 else (FLATS, K.FLAT)
    for place, height in enumerate(heights[clef][: abs(fifths)]):
        sheet.sign(kind, x + place, height + nudge, staff=staff)


def put_number(sheet: Sheet, number: int, x: float, position: float, staff: int = 0) -> None:
    digits = str(number)
    for place, digit in enumerate(digits):
        sheet.sign(
            DIGITS[int(digit)],
            x + (place - (len(digits) - 1) / 2) * 1.2,
            position,
            staff=staff,
            size=(1.1, 2),
        )


def put_time(sheet: Sheet, beats: int, beat_type: int, x: float = 15.0, staff: int = 0) -> None:
    put_number(sheet, beats, x, 6, staff)
    put_number(sheet, beat_type, x, 2, staff)


def clefs_of(sheet: Sheet) -> tuple[ClefMark, ...]:
    return read_clefs(sheet.systems, sheet.symbols)


def keys_of(sheet: Sheet) -> tuple[KeyMark, ...]:
    return read_keys(sheet.systems, sheet.symbols, clefs_of(sheet))


def times_of(sheet: Sheet) -> tuple[TimeMark, ...]:
    return read_times(sheet.systems, sheet.symbols)


# --- clefs


@pytest.mark.parametrize(
    ("kind", "line"), [(K.CLEF_G, 2), (K.CLEF_F, 6), *((K.CLEF_C, line) for line in (0, 2, 4, 6, 8))]
)
def test_a_clef_is_read_with_the_line_that_it_names(kind: SymbolKind, line: int) -> None:
    sheet = one_staff()
    put_clef(sheet, kind, line)
    (clef,) = clefs_of(sheet)
    assert (clef.staff, clef.kind, clef.position, clef.octave) == (0, kind, line, 0)
    assert clef.symbol == sheet.symbols[0].id


def test_a_small_eight_under_a_treble_clef_lowers_it_by_an_octave() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    sheet.sign(K.CLEF_8, 4.7, -3)
    (clef,) = clefs_of(sheet)
    assert clef.octave == -1


def test_every_staff_has_its_own_clef() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    put_clef(sheet, K.CLEF_G, 2, staff=0)
    put_clef(sheet, K.CLEF_F, 6, staff=1)
    assert {clef.staff: clef.kind for clef in clefs_of(sheet)} == {0: K.CLEF_G, 1: K.CLEF_F}


def test_a_clef_inside_the_staff_is_read_too() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    sheet.sign(K.CLEF_F, 30, 6)
    assert [clef.kind for clef in clefs_of(sheet)] == [K.CLEF_G, K.CLEF_F]


def test_a_doubtful_clef_counts_at_the_head_of_a_staff_and_not_inside() -> None:
    sheet = one_staff()
    sheet.sign(K.CLEF_G, 4.5, 2, confidence=0.2)
    sheet.sign(K.CLEF_F, 30, 6, confidence=0.2)
    assert [clef.kind for clef in clefs_of(sheet)] == [K.CLEF_G]


def test_a_clef_between_staves_is_none() -> None:
    sheet = one_staff()
    sheet.symbol(K.CLEF_G, 4.5, 20)
    assert clefs_of(sheet) == ()


# --- keys


@pytest.mark.parametrize("clef", SHARPS)
@pytest.mark.parametrize("fifths", [*range(-7, 0), *range(1, 8)])
def test_a_key_has_as_many_fifths_as_accidentals(clef: tuple[SymbolKind, int], fifths: int) -> None:
    sheet = one_staff()
    put_clef(sheet, *clef)
    put_key(sheet, clef, fifths)
    (key,) = keys_of(sheet)
    assert key.fifths == fifths
    assert key.staff == 0
    assert key.x == sheet.symbols[1].box.x0


@given(
    clef=st.sampled_from(sorted(SHARPS, key=str)), fifths=st.integers(-7, 7).filter(bool), nudge=st.floats(-0.6, 0.6)
)  # fmt: skip
def test_accidentals_may_stand_a_little_off_their_place(
    clef: tuple[SymbolKind, int], fifths: int, nudge: float
) -> None:
    sheet = one_staff()
    put_key(sheet, clef, fifths, nudge=nudge)
    mark = ClefMark(0, 0.0, *clef, octave=0, symbol=0, confidence=1.0)
    assert count_key(sheet.symbols, sheet.staves[0], mark) == fifths


def test_no_accidentals_are_no_key_signature() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    sheet.note(12, 4)
    assert keys_of(sheet) == ()


def test_naturals_in_a_row_cancel_the_key() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    for place, height in enumerate((4, 7, 3)):
        sheet.sign(K.NATURAL, 30 + place, height)
    (key,) = keys_of(sheet)
    assert key.fifths == 0


def test_naturals_before_a_new_key_count_for_nothing() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    for place, height in enumerate((4, 7, 3)):
        sheet.sign(K.NATURAL, 30 + place, height)
    put_key(sheet, (K.CLEF_G, 2), 2, x=33.2)
    (key,) = keys_of(sheet)
    assert key.fifths == 2


def test_accidentals_out_of_the_order_of_keys_end_the_signature() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    put_key(sheet, (K.CLEF_G, 2), 2)
    sheet.sign(K.SHARP, 9, 5)  # a third sharp would stand on 9
    (key,) = keys_of(sheet)
    assert key.fifths == 2


def test_accidentals_behind_the_first_note_are_none_of_the_key() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    put_key(sheet, (K.CLEF_G, 2), 2)
    sheet.note(10, 4)
    sheet.sign(K.SHARP, 12, 9)
    assert [key.fifths for key in keys_of(sheet) if key.x < 9 * SPACE] == [2]


def test_a_key_on_a_percussion_staff_is_none() -> None:
    sheet = one_staff()
    sheet.sign(K.CLEF_PERCUSSION, 4.5, 4)
    sheet.sign(K.SHARP, 7, 8)
    assert keys_of(sheet) == ()


def test_staves_have_their_own_key_signatures() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    put_clef(sheet, K.CLEF_G, 2, staff=0)
    put_clef(sheet, K.CLEF_F, 6, staff=1)
    put_key(sheet, (K.CLEF_G, 2), -3, staff=0)
    put_key(sheet, (K.CLEF_F, 6), -3, staff=1)
    assert {key.staff: key.fifths for key in keys_of(sheet)} == {0: -3, 1: -3}


# --- the accidental of a first note


def treble_and_bass() -> Sheet:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14)
    put_clef(sheet, K.CLEF_G, 2, staff=0)
    put_clef(sheet, K.CLEF_F, 6, staff=1)
    return sheet


def put_first_note(sheet: Sheet, x: float, position: int, sign: SymbolKind, staff: int = 0) -> None:
    """A note with an accidental where the first one of a key would stand."""
    sheet.sign(sign, x, position, staff=staff)
    sheet.note(x + 1.4, position, staff=staff)


@pytest.mark.parametrize(("sign", "treble", "bass"), [(K.SHARP, 8, 6), (K.FLAT, 4, 2)])
@pytest.mark.parametrize("x", [8.0, 18.0, 31.5])
@pytest.mark.parametrize("time", [False, True])
def test_the_accidental_of_a_first_note_is_not_a_key_signature(
    sign: SymbolKind, treble: int, bass: int, x: float, time: bool
) -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    sheet.barline(30)
    if time:
        put_time(sheet, 3, 4, x=x - 2.5)
    put_first_note(sheet, x, treble, sign)
    assert keys_of(sheet) == ()
    both = treble_and_bass()
    both.barline(30, (0, 1))
    for staff, position in enumerate((treble, bass)):
        if time:
            put_time(both, 3, 4, x=x - 2.5, staff=staff)
        put_first_note(both, x, position, sign, staff)
    assert keys_of(both) == ()


@pytest.mark.parametrize("time", [False, True])
def test_a_key_is_read_without_the_accidental_of_the_first_note(time: bool) -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    put_key(sheet, (K.CLEF_G, 2), 1)
    if time:
        put_time(sheet, 3, 4, x=9.5)
    put_first_note(sheet, 12 if time else 8.6, 5, K.SHARP)  # the second sharp of a key stands there too
    assert [key.fifths for key in keys_of(sheet)] == [1]


def test_accidentals_side_by_side_before_a_chord_are_not_a_key_signature() -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    for place, position in enumerate((8, 5)):
        sheet.sign(K.SHARP, 18 + 1.1 * place, position)
    sheet.stem(sheet.head(20.5, 5), sheet.head(20.5, 8))
    assert keys_of(sheet) == ()


@pytest.mark.parametrize("fifths", [-3, -1, 1, 3])
def test_a_note_right_behind_a_key_takes_nothing_from_it(fifths: int) -> None:
    sheet = one_staff()
    put_clef(sheet, K.CLEF_G, 2)
    put_key(sheet, (K.CLEF_G, 2), fifths)
    sheet.note(7 + abs(fifths) - 1 + 2.4, 4)
    assert [key.fifths for key in keys_of(sheet)] == [fifths]


# --- times


@pytest.mark.parametrize("beats", [2, 3, 4, 5, 6, 7, 9, 12])
@pytest.mark.parametrize("beat_type", [2, 4, 8, 16])
def test_two_numbers_one_above_the_other_are_a_time_signature(beats: int, beat_type: int) -> None:
    sheet = one_staff()
    put_time(sheet, beats, beat_type)
    (time,) = times_of(sheet)
    assert (time.staff, time.beats, time.beat_type, time.symbol) == (0, beats, beat_type, None)
    assert time.x == pytest.approx(15 * SPACE)


@pytest.mark.parametrize(("kind", "wanted"), [(K.TIME_COMMON, (4, 4)), (K.TIME_CUT, (2, 2))])
def test_c_is_four_four_and_cut_c_is_two_two(kind: SymbolKind, wanted: tuple[int, int]) -> None:
    sheet = one_staff()
    sheet.sign(kind, 15, 4, size=(1.7, 2))
    (time,) = times_of(sheet)
    assert ((time.beats, time.beat_type), time.symbol) == (wanted, kind)


def test_a_number_without_one_below_is_no_time_signature() -> None:
    sheet = one_staff()
    put_number(sheet, 3, 15, 6)
    assert times_of(sheet) == ()


@pytest.mark.parametrize("beat_type", [3, 5, 7, 9])
def test_no_time_signature_counts_in_thirds_or_fifths(beat_type: int) -> None:
    sheet = one_staff()
    put_time(sheet, 4, beat_type)
    assert times_of(sheet) == ()


def test_numbers_far_from_the_staff_are_no_time_signature() -> None:
    sheet = one_staff()
    put_number(sheet, 3, 15, 16)
    put_number(sheet, 4, 15, 12)
    assert times_of(sheet) == ()


def test_two_time_signatures_on_a_staff_are_two() -> None:
    sheet = one_staff()
    put_time(sheet, 3, 4, x=10)
    put_time(sheet, 2, 4, x=30)
    assert [(time.beats, time.beat_type) for time in times_of(sheet)] == [(3, 4), (2, 4)]


def test_a_doubtful_digit_is_no_time_signature() -> None:
    sheet = one_staff()
    sheet.sign(K.TIME_3, 15, 6, confidence=0.2)
    sheet.sign(K.TIME_4, 15, 2, confidence=0.9)
    assert times_of(sheet) == ()


# --- tuplets


@pytest.mark.parametrize("number", range(2, 10))
def test_a_tuplets_number_is_read_with_its_place(number: int) -> None:
    sheet = one_staff()
    sheet.symbol(K(f"tuplet{number}"), 20, 6)
    (mark,) = read_tuplets(sheet.systems, sheet.symbols)
    assert (mark.staff, mark.number) == (0, number)
    assert (mark.x, mark.y) == (20 * SPACE, 6 * SPACE)


def test_a_fingering_may_be_a_tuplets_number_but_is_less_sure() -> None:
    sheet = one_staff()
    sheet.symbol(K.TUPLET_3, 20, 6)
    sheet.symbol(K.FINGERING_3, 30, 6)
    sure, unsure = read_tuplets(sheet.systems, sheet.symbols)
    assert unsure.number == 3
    assert unsure.confidence < sure.confidence


def test_one_is_no_tuplet() -> None:
    sheet = one_staff()
    sheet.symbol(K.FINGERING_1, 20, 6)
    assert read_tuplets(sheet.systems, sheet.symbols) == ()


def test_nothing_is_read_where_there_is_no_system() -> None:
    sheet = Sheet()
    sheet.symbol(K.TUPLET_3, 20, 6)
    sheet.symbol(K.CLEF_G, 4, 6)
    assert read_tuplets((), sheet.symbols) == ()
    assert read_clefs((), sheet.symbols) == ()
    assert read_keys((), sheet.symbols, ()) == ()
    assert read_times((), sheet.symbols) == ()
