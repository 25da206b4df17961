"""In a voice one thing comes after the other, and a staff has four voices."""

from __future__ import annotations

from fractions import Fraction

from leggio.music.events import BeamState, Event, Note, NoteType, Pitch
from leggio.music.settle_voices import order_voices, split_voices

BEAT = Fraction(1, 4)


def note(onset: Fraction, length: Fraction, voice: int = 1, *beams: BeamState) -> Event:
    head = Note(f"n{onset}{voice}", Pitch("C", 0, 4))
    return Event(onset, length, NoteType.QUARTER, voice, 1, (head,), beams=beams)


def voices_of(*events: Event) -> list[list[Fraction]]:
    """The onsets in each voice."""
    return [[event.onset for event in voice] for voice in split_voices(order_voices(events), 9)]


def test_what_starts_before_its_voice_is_free_gets_a_voice_that_its_staff_has_left() -> None:
    found = split_voices(order_voices([note(0 * BEAT, 2 * BEAT), note(BEAT, BEAT), note(BEAT, BEAT, 2)]), 9)
    assert [[event.voice for event in voice] for voice in found] == [[1], [2], [3]]


def test_what_a_beam_holds_together_goes_there_together() -> None:
    pair = note(BEAT, BEAT, 1, BeamState.BEGIN), note(2 * BEAT, BEAT, 1, BeamState.END)
    assert voices_of(note(0 * BEAT, 2 * BEAT), *pair) == [[0], [BEAT, 2 * BEAT]]


def test_where_four_voices_sound_the_fifth_goes_on_in_one_that_is_free() -> None:
    whole = [note(0 * BEAT, 4 * BEAT, voice) for voice in (1, 2, 3)]
    assert voices_of(*whole, note(0 * BEAT, BEAT, 4), note(BEAT, BEAT, 3)) == [[0], [0], [0], [0, BEAT]]


def test_where_none_is_free_it_gets_a_spare_one() -> None:
    whole = [note(0 * BEAT, 4 * BEAT, voice) for voice in (1, 2, 3, 4)]
    found = split_voices(order_voices([*whole, note(BEAT, BEAT, 3)]), 9)
    assert [voice[0].voice for voice in found] == [1, 2, 3, 4, 9]
