"""Notation becomes music: pitches, durations, voices, bars and parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.music.spelling import SPACE, Spelling

from leggio.music.events import Accidental, BeamState, Event, NoteType, Pitch, Stem, TupletState
from leggio.music.interpret import interpret
from leggio.music.notation import LineStyle, Notation, SymbolKind
from leggio.music.score import Bar, BarStyle, Clef, ClefSign, Key, Part, Time, TimeSymbol

K = SymbolKind
EMPTY = Notation((), (), (), (), (), (), (), (), ())


def parts_of(page: Spelling) -> tuple[Part, ...]:
    return interpret(page.notation()).parts


def bars_of(page: Spelling) -> tuple[Bar, ...]:
    (part,) = parts_of(page)
    return part.bars


def notes_of(bar: Bar) -> list[str]:
    """The pitches of a bar as they come: `F#4`, chords as `C4+E4`, rests as `r`."""
    return ["+".join(name(note.pitch) for note in event.notes) or "r" for event in bar.events]


def name(pitch: Pitch) -> str:
    return f"{pitch.step}{'#' * pitch.alter}{'b' * -pitch.alter}{pitch.octave}"


def durations(bar: Bar) -> list[Fraction]:
    return [event.duration for event in bar.events]


def onsets(bar: Bar) -> list[Fraction]:
    return [event.onset for event in bar.events]


def quarters(*counts: float) -> list[Fraction]:
    return [Fraction(count) / 4 for count in counts]


def one_bar(*staves: str, time: tuple[int, int] = (4, 4), fifths: int = 0) -> Bar:
    """The bar that is spelled, on a treble staff or on the two staves of a piano."""
    page = Spelling(len(staves)).time(*time)
    if fifths:
        page.key(fifths)
    (bar,) = bars_of(page.bar(*staves))
    return bar


# --- pitches


@pytest.mark.parametrize(
    ("kind", "line", "octave", "bottom", "top"),
    [
        (K.CLEF_G, 2, 0, "E4", "F5"),
        (K.CLEF_G, 2, -1, "E3", "F4"),
        (K.CLEF_F, 6, 0, "G2", "A3"),
        (K.CLEF_C, 4, 0, "F3", "G4"),
        (K.CLEF_C, 6, 0, "D3", "E4"),
        (K.CLEF_C, 0, 0, "C4", "D5"),
    ],
)
def test_a_clef_gives_the_lines_their_pitches(
    kind: SymbolKind, line: int, octave: int, bottom: str, top: str
) -> None:
    page = Spelling().clef(kind, line, octave=octave).time(4, 4).bar("2:0 2:8")
    assert notes_of(bars_of(page)[0]) == [bottom, top]


@given(position=st.integers(-12, 20))
def test_every_line_and_space_is_a_step_above_the_one_below(position: int) -> None:
    low, high = (event.notes[0].pitch for event in one_bar(f"2:{position} 2:{position + 1}").events)
    steps = "CDEFGAB"
    assert (high.octave * 7 + steps.index(high.step)) - (low.octave * 7 + steps.index(low.step)) == 1


def test_a_staff_without_a_clef_is_a_treble_staff_and_the_lower_one_of_two_a_bass_staff() -> None:
    bar = one_bar("1:2", "1:2")
    assert notes_of(bar) == ["G4", "B2"]
    assert [change.clef for change in bar.clefs] == [Clef(ClefSign.G, 2), Clef(ClefSign.F, 4)]


def test_a_clef_holds_on_the_next_system_where_none_is_seen() -> None:
    page = Spelling().clef(K.CLEF_F, 6).time(4, 4).bar("1:0")
    second = bars_of(page.system().bar("1:0"))[1]
    assert notes_of(second) == ["G2"]
    assert second.clefs == ()


def test_a_clef_behind_the_one_at_the_head_of_the_system_holds_at_once() -> None:
    page = Spelling().clef(K.CLEF_F, 6).time(4, 4).bar("1:0").clef(K.CLEF_G, 2, x=7.0)
    assert notes_of(bars_of(page)[0]) == ["E4"]


def test_a_clef_inside_a_bar_holds_from_there_on() -> None:
    page = Spelling().time(4, 4).bar("4:0 4:0 2:0").bar("1:0")
    page.clef(K.CLEF_F, 6, x=21.5)  # between the second and the third note
    first, second = bars_of(page)
    assert notes_of(first) == ["E4", "E4", "G2"]
    assert notes_of(second) == ["G2"]
    assert [(change.onset, change.clef.sign) for change in first.clefs] == [
        (Fraction(0), ClefSign.G),
        (Fraction(1, 2), ClefSign.F),
    ]


@pytest.mark.parametrize("fifths", range(-7, 8))
def test_a_key_alters_its_steps_in_every_octave(fifths: int) -> None:
    bar = one_bar("[8:-2 8:-1 8:0 8:1] [8:2 8:3 8:4 8:5]", fifths=fifths)
    altered = {note.pitch.step for event in bar.events for note in event.notes if note.pitch.alter}
    order = "FCGDAEB" if fifths > 0 else "BEADGCF"
    assert altered == set(order[: abs(fifths)])
    assert notes_of(bar)[0][1:-1] == notes_of(bar)[7][1:-1]  # C4 and C5


def test_a_key_holds_until_the_next_one() -> None:
    page = Spelling().key(1).time(4, 4).bar("1:8").bar("1:8").key(-2).bar("1:8").bar("1:4")
    bars = bars_of(page)
    assert [notes_of(bar) for bar in bars] == [["F#5"], ["F#5"], ["F5"], ["Bb4"]]
    assert [bar.key for bar in bars] == [Key(1), None, Key(-2), None]


def test_a_key_that_only_one_of_two_staves_shows_inside_a_system_is_an_accidental() -> None:
    page = Spelling(2).key(-3).time(4, 4).bar("1:8", "1:r").key(1, 0).bar("1:4", "1:4")
    bars = bars_of(page)
    assert [bar.key for bar in bars] == [Key(-3), None]
    assert notes_of(bars[1])[0] == "Bb4"


def test_a_key_seen_in_the_row_behind_the_first_one_is_an_accidental() -> None:
    page = Spelling().key(2).time(4, 4)
    page.keys.append(replace(page.keys[0], x=13.5 * SPACE, fifths=1))  # behind the metre: of the first note
    (bar,) = bars_of(page.bar("1:8"))
    assert bar.key == Key(2)


def test_an_accidental_holds_to_the_end_of_its_bar_at_its_own_height() -> None:
    page = Spelling().time(4, 4).bar("4:1# 4:1 4:8 4:1").bar("1:1")
    first, second = bars_of(page)
    assert notes_of(first) == ["F#4", "F#4", "F5", "F#4"]
    assert notes_of(second) == ["F4"]
    assert [event.notes[0].accidental for event in first.events] == [Accidental.SHARP, None, None, None]


def test_a_natural_cancels_the_key_for_one_bar() -> None:
    page = Spelling().key(-2).time(4, 4).bar("2:4n 2:4").bar("1:4")
    assert [notes_of(bar) for bar in bars_of(page)] == [["B4", "B4"], ["Bb4"]]


@pytest.mark.parametrize(("sign", "wanted"), [("#", "G#4"), ("b", "Gb4"), ("##", "G##4"), ("bb", "Gbb4")])
def test_an_accidental_alters_its_note(sign: str, wanted: str) -> None:
    assert notes_of(one_bar(f"1:2{sign}")) == [wanted]


def test_an_accidental_on_one_staff_leaves_the_other_one_alone() -> None:
    bar = one_bar("2:1# 2:1", "2:6 2:6")
    assert notes_of(bar) == ["F#4", "F#4", "F3", "F3"] or notes_of(bar) == ["F#4", "F3", "F#4", "F3"]


def test_a_tie_carries_an_accidental_over_the_bar_line_and_no_further() -> None:
    page = Spelling().time(4, 4).bar("2:2 2:1#~").bar("2:1 2:1")
    first, second = bars_of(page)
    assert notes_of(first) == ["G4", "F#4"]
    assert notes_of(second) == ["F#4", "F4"]
    assert first.events[1].notes[0].tie_start
    assert second.events[0].notes[0].tie_stop
    assert not second.events[1].notes[0].tie_stop


def test_a_tie_goes_on_through_a_bar() -> None:
    page = Spelling().time(4, 4).bar("1:1#~").bar("1:1~").bar("1:1")
    bars = bars_of(page)
    assert [notes_of(bar) for bar in bars] == [["F#4"]] * 3
    note = bars[1].events[0].notes[0]
    assert (note.tie_start, note.tie_stop) == (True, True)


def test_a_tie_goes_on_over_the_end_of_a_system() -> None:
    page = Spelling().time(4, 4).bar("1:1#~").system().bar("1:1")
    bars = bars_of(page)
    assert [notes_of(bar) for bar in bars] == [["F#4"], ["F#4"]]
    assert bars[1].events[0].notes[0].tie_stop


def test_heads_of_a_chord_are_notes_of_one_event() -> None:
    (event,) = one_bar("1:0,2,4").events
    assert [name(note.pitch) for note in event.notes] == ["E4", "G4", "B4"]


def test_every_note_keeps_its_ink() -> None:
    page = Spelling().time(4, 4).bar("2:1# 2:r")
    chord, rest = page.chords[0], page.rests[0]
    first, second = bars_of(page)[0].events
    assert first.notes[0].ink == (chord.heads[0].symbol, chord.heads[0].accidental_symbol)
    assert second.ink == (rest.symbol,)


# --- durations


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("1:4", [NoteType.WHOLE]),
        ("2:4 4:4 8:4 16:4 16:4", [NoteType.HALF, NoteType.QUARTER, NoteType.EIGHTH, *[NoteType.SIXTEENTH] * 2]),
        ("2:r 4:r 8:r 16:r 16:r", [NoteType.HALF, NoteType.QUARTER, NoteType.EIGHTH, *[NoteType.SIXTEENTH] * 2]),
        ("2.:4 8.:4 32:4 32:r", [NoteType.HALF, NoteType.EIGHTH, NoteType.N32, NoteType.N32]),
    ],
)  # fmt: skip
def test_notes_and_rests_last_as_they_are_written(text: str, kinds: list[NoteType]) -> None:
    bar = one_bar(text)
    assert [event.kind for event in bar.events] == kinds
    assert sum(durations(bar)) == bar.duration == 1
    assert bar.doubts == ()


def test_a_breve_lasts_two_whole_notes() -> None:
    bar = one_bar("0:4", time=(4, 2))
    assert durations(bar) == [Fraction(2)]
    assert bar.events[0].kind is NoteType.BREVE


def test_a_dot_lengthens_its_note_by_half_and_a_second_one_by_a_quarter() -> None:
    bar = one_bar("4.:4 8:4 4..:4 16:4")
    assert durations(bar) == quarters(1.5, 0.5, 1.75, 0.25)
    assert [event.dots for event in bar.events] == [1, 0, 2, 0]


def test_beamed_notes_last_as_their_beams_say() -> None:
    bar = one_bar("[8:4 16:4 16:4] [16:4 8.:4] 2:4")
    assert durations(bar) == [Fraction(1, 8), *[Fraction(1, 16)] * 3, Fraction(3, 16), Fraction(1, 2)]


def test_beams_begin_go_on_and_end_and_hooks_point_to_their_group() -> None:
    bar = one_bar("[8:4 16:4 16:4] [8.:4 16:4] 2:4")
    begin, go_on, end = BeamState.BEGIN, BeamState.CONTINUE, BeamState.END
    assert [event.beams for event in bar.events] == [
        (begin,), (go_on, begin), (end, end), (begin,), (end, BeamState.BACKWARD_HOOK), (),
    ]  # fmt: skip


def test_stems_point_where_they_are_drawn() -> None:
    assert [event.stem for event in one_bar("2:0 2:8").events] == [Stem.UP, Stem.DOWN]


# --- voices and staves


def test_two_voices_on_a_staff_sound_together() -> None:
    bar = one_bar("4:6 4:7 4:8 4:7 | 2:0 2:1")
    upper = [event for event in bar.events if event.voice == 1]
    lower = [event for event in bar.events if event.voice == 2]
    assert [event.onset for event in upper] == quarters(0, 1, 2, 3)
    assert [event.onset for event in lower] == quarters(0, 2)
    assert bar.doubts == ()


def test_a_head_that_two_voices_share_is_two_notes_with_ids_of_their_own() -> None:
    page = Spelling().time(4, 4).bar("4:4 4:6 2:7 | 4:4 4:2 2:0")
    first, second = sorted(page.chords, key=lambda chord: chord.x)[:2]
    page.chords[page.chords.index(second)] = replace(second, heads=first.heads)
    (bar,) = bars_of(page)
    ids = [note.id for event in bar.events for note in event.notes]
    assert len(ids) == len(set(ids)) == 6
    shared = [event for event in bar.events if event.onset == 0]
    assert sorted((event.voice, name(event.notes[0].pitch)) for event in shared) == [(1, "B4"), (2, "B4")]
    assert bar.doubts == ()


def test_a_voice_may_rest_while_the_other_one_plays() -> None:
    bar = one_bar("4:8 4:7 4:6 4:8 | 4:0 4:r 2:0")
    assert sorted(onsets(bar)) == quarters(0, 0, 1, 1, 2, 2, 3)
    assert bar.doubts == ()


def test_the_hands_of_a_piano_sound_together_in_voices_of_their_own() -> None:
    bar = one_bar("[8:4 8:5 8:6 8:7] 2:4", "2:4 4:4 4:4")
    assert [(event.staff, event.onset) for event in bar.events if event.staff == 2] == [
        (2, Fraction(0)), (2, Fraction(1, 2)), (2, Fraction(3, 4)),
    ]  # fmt: skip
    assert {event.voice for event in bar.events if event.staff == 1} == {1}
    assert {event.voice for event in bar.events if event.staff == 2} == {5}


@pytest.mark.parametrize("time", [(4, 4), (3, 4), (6, 8), (2, 2)])
def test_a_whole_rest_alone_fills_the_bar_whatever_the_metre(time: tuple[int, int]) -> None:
    (event,) = one_bar("1:r", time=time).events
    assert event.whole_bar
    assert event.duration == Fraction(*time)
    assert not event.hidden


def test_a_whole_rest_in_one_hand_fills_the_bar_of_the_other() -> None:
    bar = one_bar("4:4 4:5 4:6", "1:r", time=(3, 4))
    (rest,) = [event for event in bar.events if event.staff == 2]
    assert rest.whole_bar
    assert rest.duration == bar.duration == Fraction(3, 4)
    assert bar.doubts == ()


def test_an_empty_staff_rests_unseen() -> None:
    bar = one_bar("1:4", "")
    (rest,) = [event for event in bar.events if event.staff == 2]
    assert rest.whole_bar
    assert rest.hidden


def test_staves_of_different_parts_are_different_parts() -> None:
    page = Spelling(3, parts=(0, 1, 1)).time(4, 4).bar("1:4", "1:5", "1:2")
    voice, piano = parts_of(page)
    assert (voice.staves, piano.staves) == (1, 2)
    assert notes_of(voice.bars[0]) == ["B4"]
    assert notes_of(piano.bars[0]) == ["C5", "B2"]
    assert [event.staff for event in piano.bars[0].events] == [1, 2]


def test_a_smaller_system_is_taken_to_be_the_lower_staves() -> None:
    page = Spelling(3, parts=(0, 1, 1)).time(4, 4).bar("1:4", "1:4", "1:4")
    page.system(2, (0, 0)).bar("1:5", "1:5")
    voice, piano = parts_of(page)
    assert len(voice.bars) == len(piano.bars) == 2
    assert voice.bars[1].events[0].is_rest
    assert len([event for event in piano.bars[1].events if not event.is_rest]) == 2


def test_a_smaller_later_system_keeps_the_clefs_of_its_staves() -> None:
    page = Spelling(3, parts=(0, 1, 1)).time(4, 4)
    page.clef(K.CLEF_G, 2, 0).clef(K.CLEF_F, 6, 1).clef(K.CLEF_F, 6, 2).bar("1:4", "1:4", "1:4")
    page.system(2, (0, 0)).clef(K.CLEF_G, 2, 0).clef(K.CLEF_F, 6, 1).bar("1:4", "1:4")
    page.system(2, (0, 0)).bar("1:4", "1:4")
    page.system(3, (0, 1, 1)).bar("1:4", "1:4", "1:4")
    voice, piano = parts_of(page)
    assert [notes_of(bar) for bar in voice.bars] == [["B4"], ["r"], ["r"], ["B4"]]
    assert [notes_of(bar) for bar in piano.bars] == [["D3", "D3"], ["B4", "D3"], ["B4", "D3"], ["B4", "D3"]]
    assert [[(c.staff, c.clef.sign) for c in bar.clefs] for bar in piano.bars] == [
        [(1, ClefSign.F), (2, ClefSign.F)], [(1, ClefSign.G)], [], [],
    ]  # fmt: skip
    assert [len(bar.clefs) for bar in voice.bars] == [1, 0, 0, 0]


def test_a_clef_that_changes_inside_a_smaller_system_holds_in_the_next_one() -> None:
    page = Spelling(3, parts=(0, 1, 1)).time(4, 4).bar("1:4", "1:4", "1:4")
    page.system(2, (0, 0)).bar("1:4", "1:4").clef(K.CLEF_F, 6, 0, x=21.5).bar("1:4", "1:4")
    page.system(3, (0, 1, 1)).bar("1:4", "1:4", "1:4")
    voice, piano = parts_of(page)
    assert notes_of(voice.bars[-1]) == ["B4"]
    assert [notes_of(bar) for bar in piano.bars] == [["B4", "D3"], ["B4", "D3"], ["D3", "D3"], ["D3", "D3"]]


# --- tuplets


def test_a_printed_triplet_lasts_two_thirds() -> None:
    bar = one_bar("3[8t:4 8t:5 8t:6] 4:4 2:4")
    assert durations(bar)[:3] == [Fraction(1, 12)] * 3
    assert onsets(bar)[3:] == quarters(1, 2)
    assert bar.doubts == ()
    tuplets = [event.tuplet for event in bar.events[:3]]
    assert [(t.actual, t.normal) for t in tuplets if t] == [(3, 2)] * 3
    assert [t.state for t in tuplets if t] == [TupletState.START, None, TupletState.STOP]


def test_an_unprinted_triplet_is_one_where_the_bar_needs_it() -> None:
    bar = one_bar("[8t:4 8t:5 8t:6] 4:4 2:4")
    assert durations(bar)[:3] == [Fraction(1, 12)] * 3
    assert onsets(bar)[3:] == quarters(1, 2)


def test_a_bar_full_of_unprinted_triplets_is_one() -> None:
    bar = one_bar("[8t:4 8t:5 8t:6] [8t:4 8t:5 8t:6] [8t:4 8t:5 8t:6] [8t:4 8t:5 8t:6]", "4:4 4:4 4:4 4:4")
    upper = [event for event in bar.events if event.staff == 1]
    assert [event.onset for event in upper] == [Fraction(place, 12) for place in range(12)]


def test_three_beamed_quavers_in_six_eight_are_no_triplet() -> None:
    bar = one_bar("[8:4 8:5 8:6] [8:4 8:5 8:6]", time=(6, 8))
    assert durations(bar) == [Fraction(1, 8)] * 6
    assert all(event.tuplet is None for event in bar.events)


def test_a_fingering_three_over_plain_quavers_makes_no_triplet() -> None:
    bar = one_bar("3[8:4 8:5 8:6] 4.:4", time=(6, 8))
    assert durations(bar) == [*[Fraction(1, 8)] * 3, Fraction(3, 8)]


# --- bars


def test_bars_are_counted_from_one_and_the_first_one_says_clef_key_and_time() -> None:
    first, second = bars_of(Spelling().key(2).time(3, 4).bar("2.:4").bar("2.:4"))
    assert (first.number, second.number) == (1, 2)
    assert (first.key, first.time) == (Key(2), Time(3, 4))
    assert (second.key, second.time, second.clefs) == (None, None, ())


def test_a_system_begins_with_a_bar_that_says_so() -> None:
    bars = bars_of(Spelling().time(4, 4).bar("1:4").bar("1:4").system().bar("1:4"))
    assert [bar.new_system for bar in bars] == [False, False, True]


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        (LineStyle.SINGLE, BarStyle.REGULAR),
        (LineStyle.DOUBLE, BarStyle.DOUBLE),
        (LineStyle.FINAL, BarStyle.FINAL),
    ],
)
def test_a_bar_ends_with_its_bar_line(style: LineStyle, wanted: BarStyle) -> None:
    (bar,) = bars_of(Spelling().time(4, 4).bar("1:4", style=style))
    assert bar.right is wanted


def test_repeats_begin_and_end_where_their_dots_are() -> None:
    page = Spelling().time(4, 4).bar("1:4", style=LineStyle.HEAVY, dots_right=True)
    page.bar("1:4").bar("1:4", style=LineStyle.FINAL, dots_left=True)
    bars = bars_of(page)
    assert [(bar.repeat_start, bar.repeat_end) for bar in bars] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_what_stands_after_the_last_bar_line_is_a_bar_only_if_it_sounds() -> None:
    assert len(bars_of(Spelling().time(4, 4).bar("1:4"))) == 1
    assert len(bars_of(Spelling().time(4, 4).bar("1:4").bar("1:4", style=None))) == 2


def test_a_courtesy_key_behind_the_last_bar_line_of_a_system_waits_for_the_next_one() -> None:
    page = Spelling().time(4, 4).bar("1:1").key(1).system().key(1).bar("1:1")
    bars = bars_of(page)
    assert [bar.key for bar in bars] == [Key(0), Key(1)]


def test_a_pickup_bar_is_not_counted() -> None:
    bars = bars_of(Spelling().time(4, 4).bar("4:4").bar("1:4").bar("1:4"))
    assert [(bar.number, bar.implicit) for bar in bars] == [(0, True), (1, False), (2, False)]
    assert bars[0].duration == Fraction(1, 4)


@pytest.mark.parametrize("text", ["1:4 1:5", "4:4 4:5 4:6 4:7 4:8 4:4 4:2", "8:4 8:5 32:5 16:6 64:1"])
def test_a_bar_that_does_not_add_up_is_doubtful_and_still_written(text: str) -> None:
    page = Spelling().time(4, 4).bar("1:4").bar(text).bar("1:4")
    _, bar, _ = bars_of(page)
    assert bar.doubts
    assert len([event for event in bar.events if not event.is_rest]) == len(text.split())


def test_a_bar_that_adds_up_is_not_doubtful() -> None:
    assert one_bar("4:4 4:4 2:4", "1:4").doubts == ()


@pytest.mark.parametrize(
    "staves",
    [
        ("4:6 4:7 4:8 4:7 | 2:0 2:1", "4:6 4:7 4:8 4:7 | 2:0 2:1"),
        ("2:6 2:7 | [8:0 8:1 8:2 8:1] 2:1", "2.:8 4:7 | 4:0 4:1 2:2"),
        ("1:7 | 4:r 4:1 4:2 4:r", "2:6 2:7 | 1:0"),
        ("4:7 4:8 2:7 | 2:3 2:2 | 1:-1",),
    ],
)
def test_voices_that_add_up_on_every_staff_are_not_doubtful(staves: Sequence[str]) -> None:
    page = Spelling(len(staves)).time(4, 4).bar(*staves).bar(*["1:4"] * len(staves))
    bar, _ = bars_of(page)
    assert bar.doubts == ()
    assert bar.duration == 1
    sounding = [event for event in bar.events if not event.is_rest]
    assert sum((event.duration for event in sounding), Fraction(0)) == sum(
        Fraction({"1": 8, "2": 4, "2.": 6, "4": 2, "8": 1}[word.strip("[]").split(":")[0]], 8)
        for text in staves for word in text.replace("|", "").split() if not word.endswith(":r")
    )  # fmt: skip


@pytest.mark.parametrize("staves", [("4:4",), ("4:4", "4:4"), ("[8:6 8:7] | 4:0",)])
def test_a_pickup_bar_is_not_doubtful(staves: Sequence[str]) -> None:
    page = Spelling(len(staves)).time(3, 4).bar(*staves).bar(*["2.:4"] * len(staves))
    pickup, _ = bars_of(page)
    assert (pickup.implicit, pickup.duration, pickup.doubts) == (True, Fraction(1, 4), ())


@pytest.mark.parametrize("style", [LineStyle.DOUBLE, LineStyle.FINAL])
def test_a_short_bar_before_a_double_bar_line_is_not_doubtful(style: LineStyle) -> None:
    page = Spelling(2).time(3, 4).bar("2.:4", "2.:4").bar("2:4", "4:4 4:5", style=style).bar("2.:4", "2.:4")
    _, short, _ = bars_of(page)
    assert (short.duration, short.doubts) == (Fraction(1, 2), ())


def test_a_short_bar_inside_a_piece_and_a_ragged_one_before_a_double_bar_line_are_doubtful() -> None:
    page = Spelling(2).time(3, 4).bar("2.:4", "2.:4").bar("2:4", "2:4").bar("2.:4", "2.:4")
    page.bar("1:4 4:4 16:3", "4:4 8:4", style=LineStyle.DOUBLE)
    _, short, _, ragged = bars_of(page)
    assert short.doubts
    assert ragged.doubts


def test_a_missed_dot_is_found_where_the_bar_needs_it() -> None:
    page = Spelling().time(3, 4).bar("2.:4").bar("4:4 8:4 4:4").bar("2.:4")
    _, bar, _ = bars_of(page)
    assert sum(durations(bar)) == Fraction(3, 4)
    assert bar.doubts


def test_grace_notes_last_nothing_and_come_before_their_note() -> None:
    bar = one_bar("2:4 g8:5 g8:6 2:7")
    assert notes_of(bar) == ["B4", "C5", "D5", "E5"]
    assert durations(bar) == quarters(2, 0, 0, 2)
    assert [event.grace for event in bar.events] == [False, True, True, False]
    assert {event.onset for event in bar.events[1:]} == {Fraction(1, 2)}
    assert bar.doubts == ()


def test_grace_notes_before_a_rest_are_kept() -> None:
    bar = one_bar("2:4 g8:5 2:r")
    assert notes_of(bar) == ["B4", "C5", "r"]
    assert [(event.grace, event.onset, event.voice) for event in bar.events] == [
        (False, Fraction(0), 1), (True, Fraction(1, 2), 1), (False, Fraction(1, 2), 1),
    ]  # fmt: skip


def test_grace_notes_after_the_last_chord_of_a_bar_are_kept() -> None:
    page = Spelling(2).time(4, 4).bar("2:4 2:6 g16:5 g16:6", "1:4 g8:3").bar("1:7", "1:4")
    bar, after = bars_of(page)
    upper = [event for event in bar.events if event.staff == 1]
    lower = [event for event in bar.events if event.staff == 2]
    assert [event.grace for event in upper] == [False, False, True, True]
    assert [event.grace for event in lower] == [False, True]
    assert {event.onset for event in bar.events if event.grace} == {Fraction(1)}
    assert ({event.voice for event in upper}, {event.voice for event in lower}) == ({1}, {5})
    assert (bar.duration, bar.doubts) == (Fraction(1), ())
    assert len(after.events) == 2


def test_grace_notes_alone_on_a_staff_are_kept_beside_its_rest() -> None:
    bar = one_bar("1:4", "g8:3")
    lower = [event for event in bar.events if event.staff == 2]
    assert sorted((event.grace, event.is_rest) for event in lower) == [(False, True), (True, False)]


def test_grace_notes_before_a_whole_bar_rest_are_kept() -> None:
    bar = one_bar("g8:3 1:r")
    assert sorted((event.grace, event.is_rest) for event in bar.events) == [(False, True), (True, False)]


def test_an_accidental_of_a_grace_note_holds_for_the_bar() -> None:
    assert notes_of(one_bar("2:4 g8:1# 2:1")) == ["B4", "F#4", "F#4"]


# --- metre


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (None, Time(4, 4)),
        (K.TIME_COMMON, Time(4, 4, TimeSymbol.COMMON)),
        (K.TIME_CUT, Time(2, 2, TimeSymbol.CUT)),
    ],
)
def test_a_time_signature_is_shown_as_it_is_printed(kind: SymbolKind | None, wanted: Time) -> None:
    (bar,) = bars_of(Spelling().time(wanted.beats, wanted.beat_type, kind).bar("1:4"))
    assert bar.time == wanted


def test_twelve_eight_holds_twelve_quavers() -> None:
    bar = one_bar("[8:4 8:5 8:6] 4.:4 2.:4", time=(12, 8))
    assert bar.duration == Fraction(3, 2)
    assert bar.doubts == ()


def test_the_time_changes_inside_a_system() -> None:
    page = Spelling().time(4, 4).bar("1:4").time(3, 4).bar("2.:4").bar("2.:4")
    bars = bars_of(page)
    assert [bar.time for bar in bars] == [Time(4, 4), Time(3, 4), None]
    assert [bar.duration for bar in bars] == quarters(4, 3, 3)
    assert not any(bar.doubts for bar in bars)


METRES: Sequence[tuple[Sequence[str], tuple[int, int]]] = [
    (("4:4 4:5", "2:4", "[8:4 8:5] 4:6"), (2, 4)),
    (("4:4 4:5 4:6", "2.:4", "2:4 4:5", "[8:4 8:5] 4:6 4:4"), (3, 4)),
    (("4:4 4:5 4:6 4:7", "1:4", "2:4 2:5", "2.:4 4:5"), (4, 4)),
    (("8:4 8:5 8:6", "4.:4", "4:4 8:5", "[8:4 8:5 8:6]"), (3, 8)),
    (("[8:4 8:5 8:6] 4.:4", "2.:4", "4:4 8:5 4.:6", "[8:4 8:5 8:6] [8:4 8:5 8:6]"), (6, 8)),
    (("1.:4", "2:4 2:5 2:6", "1:4 2:4"), (3, 2)),
]


@pytest.mark.parametrize(("bars", "wanted"), METRES)
def test_the_metre_is_guessed_from_the_bars_when_none_is_printed(
    bars: Sequence[str], wanted: tuple[int, int]
) -> None:
    page = Spelling()
    for text in (*bars, *bars):
        page.bar(text)
    found = bars_of(page)
    assert found[0].time == Time(*wanted)
    assert not any(bar.doubts for bar in found)


def test_a_few_misread_bars_do_not_change_the_guess() -> None:
    page = Spelling()
    for text in ("4:4 4:5 4:6", "2:4", "2.:4", "2.:4", "4:4 4:5 4:6", "8:4 2:4"):
        page.bar(text)
    assert bars_of(page)[0].time == Time(3, 4)


def test_whole_bar_rests_say_nothing_about_the_metre() -> None:
    page = Spelling()
    for text in ("1:r", "1:r", "1:r", "1:r", "4:4 4:5 4:6", "2.:4"):
        page.bar(text)
    assert bars_of(page)[0].time == Time(3, 4)


# --- whatever is on the page


def test_a_page_without_systems_is_a_part_without_bars() -> None:
    (part,) = interpret(EMPTY).parts
    assert part.bars == ()


def test_staves_without_notes_are_a_part_without_bars() -> None:
    assert bars_of(Spelling()) == ()


_WORDS = ["1:4", "2:0", "2.:3", "4:6", "4.:1#", "8:8", "16:2b", "4:r", "8:r", "2:0,2", "4:5~", "4:5", "g8:7"]


@given(bars=st.lists(st.lists(st.sampled_from(_WORDS), max_size=6), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_no_note_is_lost_whether_its_bar_adds_up_or_not(bars: list[list[str]]) -> None:
    page = Spelling(2).time(4, 4)
    for words in bars:
        page.bar(" ".join([*words, "4:4"]), "2:4 2:4")  # a grace note needs one after it
    events: list[Event] = [event for bar in bars_of(page) for event in bar.events]
    heads = [ink for event in events for note in event.notes for ink in note.ink[:1]]
    assert sorted(heads) == sorted(head.symbol for chord in page.chords for head in chord.heads)
