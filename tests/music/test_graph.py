"""What belongs to what: heads, stems, beams, flags, dots, accidentals, ties and staves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.music.drawing import SPACE, Sheet

from leggio.music.graph import link
from leggio.music.notation import Chord, KeyMark, Rest, StemWay, StrokeKind, Symbol, SymbolKind, Tie

K = SymbolKind
UP, DOWN = StemWay.UP, StemWay.DOWN


def one_staff() -> Sheet:
    sheet = Sheet()
    sheet.staff(11)
    return sheet


def piano() -> Sheet:
    sheet = Sheet(60, 36)
    sheet.staff(8)
    sheet.staff(19)
    return sheet


def linked(sheet: Sheet) -> tuple[tuple[Chord, ...], tuple[Rest, ...], tuple[Tie, ...]]:
    return link(sheet.systems, sheet.symbols, sheet.strokes, sheet.maps())


def chords_of(sheet: Sheet) -> tuple[Chord, ...]:
    return linked(sheet)[0]


def only_chord(sheet: Sheet) -> Chord:
    (chord,) = chords_of(sheet)
    return chord


# --- heads and stems


def test_a_page_without_systems_has_nothing_on_it() -> None:
    sheet = Sheet()
    sheet.symbol(K.HEAD_BLACK, 20, 13)
    assert linked(sheet) == ((), (), ())


@pytest.mark.parametrize("way", [UP, DOWN])
@pytest.mark.parametrize("kind", [K.HEAD_BLACK, K.HEAD_HALF])
def test_a_head_hangs_on_its_stem(way: StemWay, kind: SymbolKind) -> None:
    sheet = one_staff()
    head, stem = sheet.note(20, 4, way, kind)
    chord = only_chord(sheet)
    assert [one.symbol for one in chord.heads] == [head.id]
    assert (chord.staff, chord.stem, chord.way) == (0, stem.id, way)
    assert chord.heads[0].kind is kind
    assert chord.x == pytest.approx(20 * SPACE, abs=0.2 * SPACE)
    assert (chord.flags, chord.beams, chord.dots, chord.grace) == (0, 0, 0, False)


@given(position=st.integers(-6, 14))
@settings(max_examples=21, deadline=None)
def test_a_head_stands_on_the_line_or_space_where_it_is_drawn(position: int) -> None:
    sheet = one_staff()
    sheet.note(20, position, UP if position < 4 else DOWN)
    assert only_chord(sheet).heads[0].position == position


@pytest.mark.parametrize(("height", "lines", "position"), [
    (11.6, (10, 11.6), 12), (11.6, (10,), 11), (13.45, (10, 12), 13), (-3.6, (-2,), -3), (-3.4, (-2, -3.4), -4),
    (9.4, (9.6,), 10), (8.6, (), 9),
])  # fmt: skip
def test_a_ledger_line_through_a_head_says_that_it_stands_on_a_line(
    height: float, lines: tuple[float, ...], position: int
) -> None:
    sheet = one_staff()
    sheet.note(20, height, UP if height < 4 else DOWN)
    for line in lines:
        sheet.ledger(20, line)
    assert only_chord(sheet).heads[0].position == position


def test_heads_on_one_stem_are_a_chord_from_its_lowest_head_upwards() -> None:
    sheet = one_staff()
    heads = [sheet.head(20, position) for position in (6, 2, 4)]
    sheet.stem(*heads, way=UP)
    assert [head.position for head in only_chord(sheet).heads] == [2, 4, 6]


@pytest.mark.parametrize("way", [UP, DOWN])
def test_a_chord_with_seconds_has_heads_on_both_sides_of_its_stem(way: StemWay) -> None:
    sheet = one_staff()
    usual, aside = ((2, 5), 3) if way is UP else ((3, 5), 2)
    stem = sheet.stem(*(sheet.head(20, position) for position in usual), way=way)
    sheet.head(21.15 if way is UP else 18.85, aside)
    chord = only_chord(sheet)
    assert [head.position for head in chord.heads] == [2, 3, 5]
    assert (chord.stem, chord.way) == (stem.id, way)


def test_two_voices_with_stems_up_and_down_are_two_chords() -> None:
    sheet = one_staff()
    sheet.note(20, 6, UP)
    sheet.note(20, 1, DOWN)
    assert {(chord.heads[0].position, chord.way) for chord in chords_of(sheet)} == {(6, UP), (1, DOWN)}


def test_a_head_with_stems_up_and_down_is_a_note_of_two_voices() -> None:
    sheet = one_staff()
    head = sheet.head(20, 4)
    up, down = sheet.stem(head, way=UP), sheet.stem(head, way=DOWN)
    chords = chords_of(sheet)
    assert {(chord.stem, chord.way) for chord in chords} == {(up.id, UP), (down.id, DOWN)}
    assert [[one.symbol for one in chord.heads] for chord in chords] == [[head.id], [head.id]]
    assert len({chord.id for chord in chords}) == 2


def test_the_highest_head_of_a_chord_of_the_lower_voice_may_be_a_note_of_the_upper_one_too() -> None:
    sheet = one_staff()
    high, low = sheet.head(20, 4), sheet.head(20, 1)
    sheet.stem(high, way=UP)
    sheet.stem(high, low, way=DOWN)
    hung = {chord.way: [head.position for head in chord.heads] for chord in chords_of(sheet)}
    assert hung == {UP: [4], DOWN: [1, 4]}


@pytest.mark.parametrize(("x", "top", "bottom"), [(19.42, 10, 16.5), (20.6, 13, 16.5), (19.42, 13, 14.2)])
def test_a_second_upright_line_that_is_no_stem_down_from_the_left_makes_no_unison(
    x: float, top: float, bottom: float
) -> None:
    sheet = one_staff()
    head, _ = sheet.note(20, 4)
    sheet.upright(StrokeKind.STEM, x, top, bottom, 0.15)
    assert [one.symbol for one in only_chord(sheet).heads] == [head.id]


def test_a_stem_that_begins_at_a_head_of_the_other_voice_shares_it() -> None:
    sheet = one_staff()
    high, low = sheet.head(20, 8), sheet.head(20, 1)
    sheet.stem(high, way=UP)
    x, top = low.box.x0 / SPACE + 0.06, sheet.height_of(8, 20)
    sheet.upright(StrokeKind.STEM, x, top + 0.2, sheet.height_of(1, 20) + 3.2, 0.15)
    hung = {chord.way: [head.position for head in chord.heads] for chord in chords_of(sheet)}
    assert hung == {UP: [8], DOWN: [1, 8]}


def test_a_stem_that_was_seen_twice_is_one() -> None:
    sheet = one_staff()
    high, low = sheet.head(20, 4), sheet.head(20, 2)
    stem = sheet.stem(high, low, way=UP)
    x = stem.start.x / SPACE + 0.2
    sheet.upright(StrokeKind.STEM, x, stem.start.y / SPACE + 0.5, sheet.height_of(4, 20), 0.15)
    assert [head.symbol for head in only_chord(sheet).heads] == [low.id, high.id]


def test_two_pieces_of_a_broken_stem_are_one() -> None:
    sheet = one_staff()
    high, low = sheet.head(20, 7), sheet.head(20, 0)
    x = high.box.x0 / SPACE + 0.06
    middle, end = sheet.height_of(1.5, 20), sheet.height_of(-6, 20)
    sheet.upright(StrokeKind.STEM, x, sheet.height_of(7, 20), middle, 0.15)
    sheet.upright(StrokeKind.STEM, x, middle + 0.7, end, 0.15)
    chord = only_chord(sheet)
    assert [head.symbol for head in chord.heads] == [low.id, high.id]
    assert chord.way is DOWN


def test_notes_one_above_the_other_with_stems_that_meet_on_two_staves_are_two_chords() -> None:
    sheet = piano()
    sheet.note(20, 4, DOWN, staff=0, length=5)
    sheet.note(20, 12, DOWN, staff=1)
    assert [chord.staff for chord in chords_of(sheet)] == [0, 1]


@pytest.mark.parametrize("kind", [K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE])
def test_a_whole_note_stands_alone_even_beside_a_stem(kind: SymbolKind) -> None:
    sheet = one_staff()
    sheet.head(20, 2, kind)
    sheet.upright(StrokeKind.STEM, 20.8, 10, 14, 0.15)
    chord = only_chord(sheet)
    assert chord.stem is None
    assert chord.way is None


def test_a_head_between_two_stems_hangs_on_the_nearer_one() -> None:
    sheet = one_staff()
    head, _ = sheet.note(20, 4)
    sheet.note(22.5, 6)
    first, second = chords_of(sheet)
    assert [one.symbol for one in first.heads] == [head.id]
    assert len(second.heads) == 1


def test_chords_come_from_left_to_right_with_rests_counted_after_them() -> None:
    sheet = one_staff()
    for x in (30, 10, 20):
        sheet.note(x, 3)
    sheet.sign(K.REST_QUARTER, 25, 4)
    chords, rests, _ = linked(sheet)
    assert [round(chord.x / SPACE) for chord in chords] == [10, 20, 30]
    assert [chord.id for chord in chords] == [0, 1, 2]
    assert [rest.id for rest in rests] == [3]


def test_of_two_heads_at_one_place_the_surer_one_is_kept() -> None:
    sheet = one_staff()
    head, _ = sheet.note(20, 4)
    sheet.sign(K.HEAD_HALF, 20.1, 4, confidence=0.5)
    assert [one.symbol for one in only_chord(sheet).heads] == [head.id]


def test_a_stem_that_the_net_missed_is_found_in_the_ink() -> None:
    sheet = one_staff()
    head = sheet.head(20, 3)
    sheet.stem(head, way=UP, seen=False)
    chord = only_chord(sheet)
    assert chord.stem is not None
    assert chord.way is UP


def test_a_black_head_without_a_stem_is_kept_only_where_the_net_is_sure_of_it() -> None:
    sheet = one_staff()
    sheet.head(20, 3)
    sheet.head(30, 3, confidence=0.45)
    assert [round(chord.x / SPACE) for chord in chords_of(sheet)] == [20]


def test_a_head_far_from_every_staff_is_none() -> None:
    sheet = Sheet(60, 36)
    sheet.staff(20)
    sheet.symbol(K.HEAD_BLACK, 20, 4)
    assert chords_of(sheet) == ()


def test_a_piece_of_a_beam_is_not_a_head() -> None:
    sheet = one_staff()
    _, first = sheet.note(20, 3)
    _, last = sheet.note(26, 3)
    sheet.beam(first, last)
    sheet.symbol(K.HEAD_BLACK, 23, sheet.height_of(3, 20) - 3.25, confidence=0.5)
    assert len(chords_of(sheet)) == 2


# --- heights


@pytest.mark.parametrize("spacing", [1.0, 1.12, 1.2])
def test_notes_on_wide_ledger_lines_have_the_octave_that_the_lines_count(spacing: float) -> None:
    sheet = Sheet(60, 36)
    sheet.staff(16)
    for x in range(8, 50, 6):
        for line in range(1, 5):
            y = 16 - line * spacing
            sheet.ledger(x, 0, y=y)
        head = sheet.symbol(K.HEAD_BLACK, x, 16 - 4 * spacing)
        sheet.stem(head, way=DOWN)
    assert {chord.heads[0].position for chord in chords_of(sheet)} == {16}


@pytest.mark.parametrize("position", [13, 14])
def test_only_the_first_ledger_line_may_be_further_away_than_staff_lines(position: int) -> None:
    sheet = Sheet(60, 36)
    sheet.staff(16)
    ys = [16 - 1.28 - 1.05 * line for line in range(3)]
    for x in range(8, 50, 6):
        for y in ys if position == 14 else ys[:2]:
            sheet.ledger(x, 0, y=y)
        head = sheet.symbol(K.HEAD_BLACK, x, ys[2] if position == 14 else ys[1] - 0.55)
        sheet.stem(head, way=DOWN)
    assert {chord.heads[0].position for chord in chords_of(sheet)} == {position}


def test_heads_that_lie_a_little_too_high_on_all_the_page_are_put_right() -> None:
    sheet = one_staff()
    positions = [0, 3, 5, 2, 7, 4, 6, 1, 8, 5, 3, 4]
    for place, position in enumerate(positions):
        sheet.note(6 + 4 * place, position + 0.45)
    assert [chord.heads[0].position for chord in chords_of(sheet)] == positions


def test_a_note_between_the_staves_belongs_to_the_staff_that_its_ledger_lines_hang_on() -> None:
    sheet = piano()  # the staves are 7 spaces apart: 15.5 is a little nearer to the upper one
    for y in (18, 17, 16):
        sheet.ledger(20, 0, y=y)
    head = sheet.symbol(K.HEAD_BLACK, 20, 15.5)
    sheet.stem(head, way=DOWN, length=2)
    assert only_chord(sheet).staff == 1


def test_notes_near_a_staff_belong_to_it() -> None:
    sheet = piano()
    sheet.note(20, -1, staff=0)
    sheet.note(30, 9, staff=1)
    assert [(chord.staff, chord.heads[0].position) for chord in chords_of(sheet)] == [(0, -1), (1, 9)]


def test_a_stem_through_two_staves_makes_a_chord_on_each() -> None:
    sheet = piano()
    low, high = sheet.head(20, 7, staff=1), sheet.head(20, 1, staff=0)
    sheet.stem(low, high, way=UP)
    assert sorted((chord.staff, chord.heads[0].position) for chord in chords_of(sheet)) == [(0, 1), (1, 7)]


# --- beams and flags


def test_beams_are_counted_on_both_sides_of_a_stem() -> None:
    sheet = one_staff()
    stems = [sheet.note(x, 2)[1] for x in (14, 18, 22, 26)]
    sheet.beam(stems[0], stems[3])
    sheet.beam(stems[1], stems[2], row=1)
    assert [(chord.beams_left, chord.beams_right) for chord in chords_of(sheet)] == [
        (0, 1), (1, 2), (2, 1), (1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("way", [UP, DOWN])
def test_as_many_beams_as_there_are_are_counted(count: int, way: StemWay) -> None:
    sheet = one_staff()
    first, last = (sheet.note(x, 4, way, length=4.5)[1] for x in (14, 19))
    for beam in range(count):
        sheet.beam(first, last, beam)
    assert [chord.beams for chord in chords_of(sheet)] == [count, count]
    assert [(chord.beams_left, chord.beams_right) for chord in chords_of(sheet)] == [(0, count), (count, 0)]


def test_a_slanted_beam_is_counted_like_a_level_one() -> None:
    sheet = one_staff()
    first, last = sheet.note(14, 0)[1], sheet.note(20, 4)[1]
    sheet.beam(first, last)
    sheet.beam(first, last, row=1)
    assert [chord.beams for chord in chords_of(sheet)] == [2, 2]


def test_a_hook_counts_on_its_own_side() -> None:
    sheet = one_staff()
    first, last = sheet.note(14, 2)[1], sheet.note(20, 2)[1]
    sheet.beam(first, last)
    sheet.hook(last, -1)
    assert [(chord.beams_left, chord.beams_right) for chord in chords_of(sheet)] == [(0, 1), (2, 0)]


@pytest.mark.parametrize(("count", "middle"), [(4, 2), (3, 1)])
def test_a_beam_that_both_neighbours_see_goes_on_between_them_unless_both_have_hooks(
    count: int, middle: int
) -> None:
    sheet = one_staff()
    stems = [sheet.note(18 + 3 * place, 0)[1] for place in range(count)]
    sheet.beam(stems[0], stems[-1])
    sheet.hook(stems[0], +1)
    sheet.hook(stems[2], -1)
    if count > 3:
        sheet.beam(stems[2], stems[3], 1)
    assert [chord.beams for chord in chords_of(sheet)] == [2, middle, *[2] * (count - 2)]


def test_ink_that_touches_a_beam_is_no_second_one_where_the_neighbour_sees_none() -> None:
    sheet = one_staff()
    first, last = sheet.note(14, 2)[1], sheet.note(20, 2)[1]
    sheet.beam(first, last)
    y = first.start.y / SPACE
    sheet.ink((14.7, y + 0.6, 15.8, y + 1.2))  # a digit, say
    assert [chord.beams for chord in chords_of(sheet)] == [1, 1]


def test_a_faint_hook_beside_a_dotted_note_is_one() -> None:
    sheet = one_staff()
    first, last = sheet.note(14, 3)[1], sheet.note(20, 3)[1]
    sheet.sign(K.DOT, 15.3, 3)
    sheet.beam(first, last)
    y = last.start.y / SPACE
    sheet.ink((19.4, y + 0.6, 20.4, y + 1.2))
    assert [chord.beams for chord in chords_of(sheet)] == [1, 2]


def test_short_ink_at_one_stem_alone_is_no_beam() -> None:
    sheet = one_staff()
    head = sheet.head(20, 4, K.HEAD_HALF)
    sheet.hook(sheet.stem(head), +1, row=0, length=1.0)
    assert only_chord(sheet).beams == 0


def test_a_beam_whose_other_notes_were_not_found_is_one() -> None:
    sheet = one_staff()
    sheet.hook(sheet.note(20, 4)[1], +1, row=0, length=4.0)
    assert only_chord(sheet).beams == 1


def test_chords_under_one_beam_are_one_group() -> None:
    sheet = one_staff()
    stems = [sheet.note(x, 2)[1] for x in (14, 18, 24, 28, 34)]
    sheet.beam(stems[0], stems[1])
    sheet.beam(stems[2], stems[3])
    groups = [chord.beam for chord in chords_of(sheet)]
    assert groups[0] == groups[1] is not None
    assert groups[2] == groups[3] is not None
    assert groups[0] != groups[2]
    assert groups[4] is None


@pytest.mark.parametrize(
    ("kind", "way", "count"),
    [
        (K.FLAG_8_UP, UP, 1), (K.FLAG_16_UP, UP, 2), (K.FLAG_32_UP, UP, 3),
        (K.FLAG_8_DOWN, DOWN, 1), (K.FLAG_16_DOWN, DOWN, 2), (K.FLAG_64_DOWN, DOWN, 4),
    ],
)  # fmt: skip
def test_a_flag_belongs_to_the_stem_that_it_hangs_on(kind: SymbolKind, way: StemWay, count: int) -> None:
    sheet = one_staff()
    sheet.note(20, 4, way)
    _, stem = sheet.note(30, 4, way)
    tip = stem.start if way is UP else stem.end
    down = 1.4 if way is UP else -1.4
    sheet.symbol(kind, tip.x / SPACE + 0.55, tip.y / SPACE + down, size=(1.0, 3.0))
    bare, flagged = chords_of(sheet)
    assert (bare.flags, flagged.flags) == (0, count)


def test_a_beamed_note_has_no_flags() -> None:
    sheet = one_staff()
    first, last = sheet.note(14, 2)[1], sheet.note(20, 2)[1]
    sheet.beam(first, last)
    sheet.symbol(K.FLAG_8_UP, first.start.x / SPACE + 0.55, first.start.y / SPACE + 1.4, size=(1.0, 3.0))
    assert [chord.flags for chord in chords_of(sheet)] == [0, 0]


# --- dots


def test_a_dot_beside_a_head_lengthens_it() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(K.DOT, 21.3, 3)
    assert only_chord(sheet).dots == 1


def test_the_dot_of_a_note_on_a_line_stands_in_the_space_above() -> None:
    sheet = one_staff()
    sheet.note(20, 4)
    sheet.sign(K.DOT, 21.3, 5)
    assert only_chord(sheet).dots == 1


def test_a_second_dot_beside_the_first_one_counts_too() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(K.DOT, 21.3, 3)
    sheet.sign(K.DOT, 22.0, 3)
    assert only_chord(sheet).dots == 2


def test_the_dots_of_a_chord_are_one_dot() -> None:
    sheet = one_staff()
    sheet.stem(*(sheet.head(20, position) for position in (1, 3, 5)))
    for position in (1, 3, 5):
        sheet.sign(K.DOT, 21.3, position)
    assert only_chord(sheet).dots == 1


@pytest.mark.parametrize(("x", "position"), [(20.0, 5), (20.0, 0.5), (20.1, 6)])
def test_a_staccato_dot_lengthens_nothing(x: float, position: float) -> None:
    sheet = one_staff()
    sheet.note(20, 3, DOWN)
    sheet.sign(K.STACCATO, x, position)
    assert only_chord(sheet).dots == 0


def test_the_dot_of_a_lower_voice_stands_in_the_space_under_its_line() -> None:
    sheet = one_staff()
    sheet.note(20, 7, UP)
    sheet.note(20, 2, DOWN)
    sheet.sign(K.DOT, 21.3, 1)
    assert {chord.way: chord.dots for chord in chords_of(sheet)} == {UP: 0, DOWN: 1}


def test_a_dot_between_two_notes_of_a_chord_is_the_lower_ones() -> None:
    sheet = one_staff()
    sheet.note(20, 6, UP)
    sheet.note(20, 4, DOWN)
    sheet.sign(K.DOT, 21.3, 5)
    assert {chord.way: chord.dots for chord in chords_of(sheet)} == {UP: 0, DOWN: 1}


@pytest.mark.parametrize("kind", [K.DOT, K.STACCATO])
def test_a_dot_may_stand_far_behind_its_note(kind: SymbolKind) -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(kind, 22.7, 3)
    assert only_chord(sheet).dots == 1


def test_a_dot_of_a_repeat_bar_line_lengthens_no_note_before_it() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(K.REPEAT_DOT, 22.7, 3)
    sheet.sign(K.REPEAT_DOT, 22.7, 5)
    assert only_chord(sheet).dots == 0


def test_a_staccato_dot_over_the_next_note_lengthens_nothing() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(K.STACCATO, 22.5, 3)
    sheet.note(22.5, 0)
    assert [chord.dots for chord in chords_of(sheet)] == [0, 0]


def test_a_dot_lengthens_a_rest() -> None:
    sheet = one_staff()
    sheet.sign(K.REST_QUARTER, 20, 4)
    sheet.sign(K.DOT, 21.0, 5)
    _, (rest,), _ = linked(sheet)
    assert rest.dots == 1


def test_a_dot_between_two_notes_belongs_to_the_left_one() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.sign(K.DOT, 21.3, 3)
    sheet.note(22.4, 3)
    assert [chord.dots for chord in chords_of(sheet)] == [1, 0]


# --- accidentals


@pytest.mark.parametrize("kind", [K.SHARP, K.FLAT, K.NATURAL, K.DOUBLE_SHARP, K.DOUBLE_FLAT])
@pytest.mark.parametrize("position", [-1, 2, 5])
def test_an_accidental_belongs_to_the_head_to_its_right(kind: SymbolKind, position: int) -> None:
    sheet = one_staff()
    sign = sheet.sign(kind, 18.6, position)
    sheet.note(20, position)
    (head,) = only_chord(sheet).heads
    assert (head.accidental, head.accidental_symbol) == (kind, sign.id)


def test_the_accidentals_of_a_chord_belong_to_their_own_heads() -> None:
    sheet = one_staff()
    sheet.stem(*(sheet.head(20, position) for position in (1, 4, 6)))
    sheet.sign(K.SHARP, 18.6, 1)
    sheet.sign(K.FLAT, 17.4, 6)
    assert [head.accidental for head in only_chord(sheet).heads] == [K.SHARP, None, K.FLAT]


def test_an_accidental_on_another_height_belongs_to_nobody() -> None:
    sheet = one_staff()
    sheet.sign(K.SHARP, 18.6, 6)
    sheet.note(20, 4)
    assert only_chord(sheet).heads[0].accidental is None


def test_an_accidental_behind_a_note_belongs_to_the_next_one() -> None:
    sheet = one_staff()
    sheet.note(20, 4)
    sheet.sign(K.SHARP, 22, 4)
    sheet.note(23.4, 4)
    assert [chord.heads[0].accidental for chord in chords_of(sheet)] == [None, K.SHARP]


def test_a_sign_of_the_key_is_no_accidental_of_the_first_note_where_two_staves_have_the_key() -> None:
    sheet = piano()
    signs = [sheet.sign(K.FLAT, 6, 4, staff=staff) for staff in (0, 1)]
    heads = [sheet.note(9, 4, staff=staff)[0] for staff in (0, 1)]
    keys = [KeyMark(staff, signs[staff].box.x0, -1, 1.0, (signs[staff].id,)) for staff in (0, 1)]

    def accidentals(keys: Sequence[KeyMark]) -> list[SymbolKind | None]:
        chords, _, _ = link(sheet.systems, sheet.symbols, sheet.strokes, sheet.maps(), keys)
        assert {chord.heads[0].symbol for chord in chords} == {head.id for head in heads}
        return [chord.heads[0].accidental for chord in chords]

    assert accidentals(keys) == [None, None]
    assert accidentals(keys[:1]) == [K.FLAT, K.FLAT]


# --- grace notes, rests, ties


def test_small_heads_are_grace_notes() -> None:
    sheet = one_staff()
    sheet.note(18, 5, UP, K.HEAD_BLACK_SMALL, length=2.5)
    sheet.note(20, 4)
    assert [chord.grace for chord in chords_of(sheet)] == [True, False]


@pytest.mark.parametrize(
    ("kind", "size", "grace"),
    [
        (K.HEAD_BLACK_SMALL, (1.1, 0.9), False),
        (K.HEAD_BLACK_SMALL, (0.8, 0.65), True),
        (K.HEAD_BLACK, (0.85, 0.7), True),
        (K.HEAD_BLACK, (1.1, 0.9), False),
    ],
)
def test_among_many_heads_its_size_says_what_is_a_grace_note(
    kind: SymbolKind, size: tuple[float, float], grace: bool
) -> None:
    sheet = one_staff()
    for place in range(9):
        sheet.note(8 + 4 * place, 4)
    sheet.stem(sheet.sign(kind, 50, 4, size=size), length=2.5)
    assert [chord.grace for chord in chords_of(sheet)] == [False] * 9 + [grace]


def faint_grace(sheet: Sheet) -> Symbol:
    """A small head that the net is not sure of, before a note of full size."""
    sheet.note(20, 4)
    return sheet.head(18, 5, K.HEAD_BLACK_SMALL, confidence=0.3)


def test_a_small_head_that_the_net_doubts_is_a_grace_note_if_it_has_a_stem() -> None:
    sheet = one_staff()
    sheet.stem(faint_grace(sheet), length=2.2)
    assert [chord.grace for chord in chords_of(sheet)] == [True, False]


def test_a_small_head_that_the_net_doubts_is_a_grace_note_if_it_has_a_flag() -> None:
    sheet = one_staff()
    faint_grace(sheet)
    sheet.symbol(K.FLAG_8_UP_SMALL, 18.8, sheet.height_of(5, 18) - 1.6, size=(0.7, 1.6))
    assert [chord.grace for chord in chords_of(sheet)] == [True, False]


def test_a_small_head_that_the_net_doubts_is_nothing_alone() -> None:
    sheet = one_staff()
    faint_grace(sheet)
    assert not only_chord(sheet).grace


def test_an_accidental_that_the_net_doubts_belongs_to_a_grace_note_but_to_no_other() -> None:
    sheet = one_staff()
    sheet.note(18, 5, UP, K.HEAD_BLACK_SMALL, length=2.5)
    sheet.note(24, 4)
    for x, position in ((17.4, 5), (22.6, 4)):
        sheet.sign(K.SHARP_SMALL, x, position, confidence=0.15, size=(0.6, 1.7))
    assert [chord.heads[0].accidental for chord in chords_of(sheet)] == [K.SHARP, None]


@pytest.mark.parametrize("kind", [kind for kind in K if kind.value.startswith("rest")])
def test_a_rest_stands_on_its_staff(kind: SymbolKind) -> None:
    sheet = piano()
    symbol = sheet.sign(kind, 20, 5, staff=1)
    _, (rest,), _ = linked(sheet)
    assert (rest.staff, rest.kind, rest.symbol) == (1, kind, symbol.id)
    assert rest.position == pytest.approx(5)


def test_a_curve_between_two_heads_at_one_height_is_a_tie() -> None:
    sheet = one_staff()
    first, _ = sheet.note(20, 3)
    second, _ = sheet.note(28, 3)
    y = sheet.height_of(3, 20) + 0.8
    curve = sheet.slur((20.7, y), (27.3, y), bow=0.6)
    _, _, (tie,) = linked(sheet)
    assert tie == Tie(first.id, second.id, curve.id)


def test_a_curve_between_two_heads_at_different_heights_is_a_slur() -> None:
    sheet = one_staff()
    sheet.note(20, 3)
    sheet.note(28, 4)
    y = sheet.height_of(3, 20) + 0.8
    sheet.slur((20.7, y), (27.3, y), bow=0.6)
    assert linked(sheet)[2] == ()


def test_every_head_of_a_chord_has_its_own_tie() -> None:
    sheet = one_staff()
    first = [sheet.head(20, position) for position in (1, 6)]
    second = [sheet.head(28, position) for position in (1, 6)]
    sheet.stem(*first)
    sheet.stem(*second)
    low, high = sheet.height_of(1, 20) + 0.7, sheet.height_of(6, 20) - 0.7
    sheet.slur((20.8, low), (27.2, low), bow=0.5)
    sheet.slur((20.8, high), (27.2, high), bow=-0.5)
    ties = {(tie.start, tie.stop) for tie in linked(sheet)[2]}
    assert ties == {(a.id, b.id) for a, b in zip(first, second, strict=True)}


def test_a_high_arch_over_two_equal_notes_is_no_tie() -> None:
    sheet = one_staff()
    sheet.note(20, 3, DOWN)
    sheet.note(34, 3, DOWN)
    y = sheet.height_of(3, 20) - 1.0
    sheet.slur((20.3, y), (33.7, y), bow=-3)
    assert linked(sheet)[2] == ()
