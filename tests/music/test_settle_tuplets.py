"""Every tuplet is full, and all that was read keeps its value and its moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.music.events import Event, Note, NoteType, Pitch, Tremolo, TremoloState, Tuplet, TupletState
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Bar, Part, Score
from leggio.music.settle import settle

BEAT = Fraction(1, 4)
START, STOP = TupletState.START, TupletState.STOP
EIGHTH, QUARTER = NoteType.EIGHTH, NoteType.QUARTER


def note(
    onset: Fraction, kind: NoteType, tuplet: Tuplet | None = None, voice: int = 1, dots: int = 0
) -> Event:
    head = Note(f"n{onset.numerator}-{onset.denominator}-{voice}", Pitch("C", 0, 4))
    length = kind.duration * (2 - Fraction(1, 2**dots))
    share = Fraction(tuplet.normal, tuplet.actual) if tuplet else Fraction(1)
    return Event(onset, length * share, kind, voice, 1, (head,), dots=dots, tuplet=tuplet)


def triplet(*states: TupletState | None, onset: Fraction = BEAT, kind: NoteType = EIGHTH) -> list[Event]:
    """As many notes of a triplet as states are given."""
    each = kind.duration * 2 / 3
    return [note(onset + place * each, kind, Tuplet(3, 2, state)) for place, state in enumerate(states)]


def bar_of(*events: Event) -> Bar:
    """The settled bar."""
    bar = Bar(1, 3 * BEAT, events)
    return settle(Score((Part("P1", "", 1, (bar,)),))).parts[0].bars[0]


def rests_of(bar: Bar) -> list[tuple[Fraction, Fraction]]:
    """When each hidden rest begins and ends."""
    return [(e.onset, e.onset + e.duration) for e in bar.events if e.is_rest and e.hidden]


def states_of(bar: Bar) -> list[TupletState | None]:
    return [event.tuplet.state for event in bar.events if event.tuplet]


def test_a_full_tuplet_stays_as_it_is() -> None:
    marked, plain = triplet(START, None, STOP), triplet(None, None, None)
    assert bar_of(*marked).events == tuple(marked)
    assert bar_of(*plain).events == tuple(plain)


def test_a_hidden_rest_stands_for_a_note_that_was_missed_at_the_end() -> None:
    bar = bar_of(*triplet(START, STOP))
    assert rests_of(bar) == [(BEAT * 5 / 3, BEAT * 2)]
    assert states_of(bar) == [START, None, STOP]


def test_it_stands_in_the_hole_of_a_bracket() -> None:
    first, _, last = triplet(START, None, STOP)
    bar = bar_of(first, last)
    assert rests_of(bar) == [(BEAT * 4 / 3, BEAT * 5 / 3)]
    assert states_of(bar) == [START, None, STOP]


def test_it_stands_before_notes_that_begin_late() -> None:
    bar = bar_of(note(Fraction(0), QUARTER), *triplet(START, STOP, onset=BEAT * 4 / 3))
    assert rests_of(bar) == [(BEAT, BEAT * 4 / 3)]
    assert bar.duration == 3 * BEAT


def test_what_follows_at_once_keeps_its_moment_in_a_voice_of_its_own() -> None:
    after = note(BEAT * 5 / 3, QUARTER)
    bar = bar_of(note(Fraction(0), QUARTER), *triplet(START, STOP), after)
    assert rests_of(bar) == [(BEAT * 5 / 3, BEAT * 2)]
    assert replace(after, voice=2) in bar.events


def test_a_bracket_over_too_much_becomes_the_tuplets_that_are_in_it() -> None:
    dotted = note(Fraction(0), QUARTER, Tuplet(3, 2, START), dots=1)
    bar = bar_of(dotted, *triplet(None, None, STOP), *triplet(None, onset=BEAT * 2))
    assert [event.onset for event in bar.events if event.notes] == [
        0,
        BEAT,
        BEAT * 4 / 3,
        BEAT * 5 / 3,
        BEAT * 2,
    ]
    assert rests_of(bar) == [(BEAT * 7 / 3, BEAT * 5 / 2)]


def test_two_of_four_in_the_time_of_three_are_filled_although_they_make_up_a_plain_length() -> None:
    kind = Tuplet(4, 3, START)
    bar = bar_of(note(Fraction(0), EIGHTH, kind), note(Fraction(3, 32), EIGHTH, replace(kind, state=STOP)))
    assert sum(event.kind is EIGHTH for event in bar.events) == 4


def test_notes_that_alternate_are_no_tuplet() -> None:
    pair = [
        replace(note(beat * BEAT, NoteType.HALF, Tuplet(2, 1)), tremolo=Tremolo(3, state))
        for beat, state in enumerate((TremoloState.START, TremoloState.STOP))
    ]
    assert bar_of(*pair).events == tuple(pair)


def test_a_grace_note_behind_a_filled_tuplet_stays_with_its_note() -> None:
    after = note(BEAT * 5 / 3, QUARTER)
    small = replace(after, notes=(Note("g", Pitch("D", 0, 4)),), grace=True, duration=Fraction(0))
    bar = bar_of(note(Fraction(0), QUARTER), *triplet(START, STOP), small, after)
    assert [
        event.voice for event in bar.events if event in (replace(small, voice=2), replace(after, voice=2))
    ] == [2, 2]


ratios = st.sampled_from([Tuplet(3, 2), Tuplet(5, 4), Tuplet(4, 3), Tuplet(6, 4), Tuplet(2, 3)])
kinds = st.sampled_from([QUARTER, EIGHTH, NoteType.SIXTEENTH])
members = st.tuples(kinds, st.none() | ratios, st.none() | st.sampled_from(TupletState), st.integers(0, 1))
Member: TypeAlias = tuple[NoteType, Tuplet | None, TupletState | None, int]


@given(st.lists(members, max_size=8), st.lists(members, max_size=4))
@settings(max_examples=100, deadline=None)
def test_all_tuplets_are_full_and_all_notes_where_they_were(
    first: list[Member], second: list[Member]
) -> None:
    events = []
    for number, members in enumerate((first, second), 1):
        onset = Fraction(0)
        for kind, ratio, state, dots in members:
            events.append(note(onset, kind, ratio and replace(ratio, state=state), number, dots))
            onset += events[-1].duration
    bar = bar_of(*events)
    assert Counter(map(_place, events)) == Counter(_place(event) for event in bar.events if event.notes)
    for voice in {event.voice for event in bar.events}:
        assert _count_like_musescore([event for event in bar.events if event.voice == voice]) == []
    score = settle(Score((Part("P1", "", 1, (bar,)),)))
    assert score.parts[0].bars[0] == bar
    assert read_musicxml(write_musicxml(score)) == score


def _place(event: Event) -> tuple[object, ...]:
    ratio = event.tuplet and (event.tuplet.actual, event.tuplet.normal)
    return event.notes, event.onset, event.duration, event.kind, event.dots, ratio


def _count_like_musescore(voice: list[Event]) -> list[list[Event]]:
    """The tuplets that MuseScore 3 cannot divide: one ends at its stop, at a plain note, at the end of the bar, or,
    without a bracket, when it holds `actual` of its smallest value."""
    bad: list[list[Event]] = []
    group: list[Event] = []
    actual, has_bracket = 1, False
    for event in [*voice, None]:
        if event and event.tuplet:
            if not group:
                actual, has_bracket = event.tuplet.actual, event.tuplet.state is START
            group.append(event)
        units = [e.kind.duration / 2**e.dots for e in group]
        count = sum(e.kind.duration * (2 - Fraction(1, 2**e.dots)) for e in group) / min(units, default=1)
        ends = event is None or event.tuplet is None or event.tuplet.state is STOP
        if group and (ends or (not has_bracket and count >= actual)):
            bad += [group] if count % actual else []
            group = []
    return bad
