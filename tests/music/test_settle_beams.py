"""Beams begin, go on and end."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from leggio.music.events import BeamState, Event, Note, NoteType, Pitch
from leggio.music.settle_beams import settle_beams

BEGIN, CONTINUE, END = BeamState.BEGIN, BeamState.CONTINUE, BeamState.END
FORWARD, BACKWARD = BeamState.FORWARD_HOOK, BeamState.BACKWARD_HOOK
HEAD = Note("n", Pitch("C", 0, 4))


def voice(*beams: tuple[BeamState, ...], rests: tuple[int, ...] = ()) -> list[Event]:
    """Sixteenths with so many beams; rests at the places that are named."""
    each = Fraction(1, 16)
    return [
        Event(place * each, each, NoteType.SIXTEENTH, 1, 1, () if place in rests else (HEAD,), beams=states)
        for place, states in enumerate(beams)
    ]


def settled(events: list[Event]) -> list[tuple[BeamState, ...]]:
    return [event.beams for event in settle_beams(events)]


def test_whole_beams_stay_as_they_are() -> None:
    events = voice((BEGIN, BEGIN), (CONTINUE, END), (), (END, BACKWARD), rests=(2,))
    assert settle_beams(events) == tuple(events)


def test_a_beam_ends_at_the_last_note_that_it_has() -> None:
    assert settled(voice((BEGIN,), (CONTINUE, BEGIN), ())) == [(BEGIN,), (END, BACKWARD), ()]


def test_a_beam_begins_at_the_first_note_that_it_has() -> None:
    assert settled(voice((), (CONTINUE, END), (END,))) == [(), (BEGIN, FORWARD), (END,)]


def test_a_note_alone_has_no_beam() -> None:
    assert settled(voice((END,), (BEGIN,), (BEGIN,), (END,))) == [(), (), (BEGIN,), (END,)]


states = st.lists(st.sampled_from((BEGIN, CONTINUE, END, FORWARD)), max_size=3).map(tuple)


@given(st.lists(states, max_size=8), st.sets(st.integers(0, 7), max_size=2))
def test_after_each_beginning_comes_an_end(beams: list[tuple[BeamState, ...]], rests: set[int]) -> None:
    once = settle_beams(voice(*beams, rests=tuple(rests)))
    assert settle_beams(once) == once
    is_open = False
    for event in once:
        if event.beams and event.beams[0] in (BEGIN, CONTINUE, END):
            assert (event.beams[0] is BEGIN) == (not is_open)
            is_open = event.beams[0] is not END
        else:
            assert not is_open or not event.notes
    assert not is_open
