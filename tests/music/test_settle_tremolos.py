"""Chords alternate in pairs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from leggio.music.events import Event, Note, NoteType, Pitch, Tremolo, TremoloState, Tuplet
from leggio.music.settle_tremolos import settle_strokes, settle_tremolos

BEAT = Fraction(1, 4)
START, STOP, SINGLE = TremoloState.START, TremoloState.STOP, TremoloState.SINGLE


def half(beat: int, state: TremoloState | None, strokes: int = 3) -> Event:
    """A half note that sounds a quarter, as the notes of a tremolo between two chords do."""
    tremolo = Tremolo(strokes, state) if state else None
    heads = (Note(f"n{beat}", Pitch("C", 0, 4)),)
    return Event(beat * BEAT, BEAT, NoteType.HALF, 1, 1, heads, tuplet=Tuplet(2, 1), tremolo=tremolo)


def states(voice: list[Event]) -> list[TremoloState | None]:
    return [event.tremolo.state if event.tremolo else None for event in settle_tremolos(voice, 8 * BEAT)]


def test_a_pair_stays_and_a_tremolo_of_one_chord_too() -> None:
    voice = [half(0, START), half(1, STOP), half(2, SINGLE)]
    assert settle_tremolos(voice, 3 * BEAT) == tuple(voice)


def test_half_a_pair_is_dropped() -> None:
    assert states([half(0, STOP), half(1, START), half(2, None), half(3, START)]) == [None] * 4


def test_half_a_pair_lasts_as_long_as_the_pair_where_there_is_room() -> None:
    alone = settle_tremolos([half(0, START), half(2, None)], 4 * BEAT)[0]
    assert (alone.kind, alone.duration, alone.tuplet) == (NoteType.HALF, 2 * BEAT, None)


def test_half_a_pair_looks_as_short_as_it_is_where_there_is_none() -> None:
    first, last = settle_tremolos([half(0, START), half(1, STOP, strokes=2)], 4 * BEAT)
    assert {(event.kind, event.duration, event.tuplet) for event in (first, last)} == {
        (NoteType.QUARTER, BEAT, None)
    }


def test_chords_with_other_strokes_or_time_between_them_do_not_alternate() -> None:
    assert states([half(0, START), half(1, STOP, strokes=2)]) == [None, None]
    assert states([half(0, START), half(2, STOP)]) == [None, None]


def test_a_rest_has_no_tremolo_and_a_chord_no_more_strokes_than_eight() -> None:
    assert settle_strokes(replace(half(0, SINGLE), notes=())) is None
    assert settle_strokes(half(0, SINGLE, strokes=11)) == Tremolo(8)


SPELLED = {START: "(", STOP: ")", SINGLE: "", None: "-"}


@given(st.lists(st.none() | st.sampled_from(TremoloState), max_size=8))
def test_a_start_is_followed_by_its_stop(found: list[TremoloState | None]) -> None:
    kept = states([half(beat, state) for beat, state in enumerate(found)])
    assert set("".join(SPELLED[state] for state in kept).replace("()", "")) <= {"-"}
