"""An accidental that says what holds anyhow, and notes together that are far apart, make a bar doubtful."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.music.quarters import QUARTER, melody, scene

from leggio.music.doubtful_accidentals import find_doubtful_accidentals
from leggio.music.events import Accidental, Event, Note, NoteType, Pitch
from leggio.music.score import Bar, Key, Part, Score
from leggio.music.trouble import Evidence, Sign

NOTHING = scene(melody(0, 1, 2, 3, 4, 5, 6, 7))
F, F_SHARP, C_SHARP, C = Pitch("F", 0, 4), Pitch("F", 1, 4), Pitch("C", 1, 5), Pitch("C", 0, 4)
SHARP, NATURAL = Accidental.SHARP, Accidental.NATURAL


def note(pitch: Pitch, accidental: Accidental | None = None) -> Note:
    return Note("n", pitch, accidental, ink=(7,))


def found(*bars: list[list[Note]], fifths: int = 0) -> list[Evidence]:
    """What is told of bars of quarters, each a list of notes together."""
    rows = [
        tuple(
            Event(k * QUARTER, QUARTER, NoteType.QUARTER, 1, 1, tuple(notes)) for k, notes in enumerate(bar)
        )
        for bar in bars
    ]
    read = [Bar(number, Fraction(1), row) for number, row in enumerate(rows, 1)]
    read[0] = replace(read[0], key=Key(fifths))
    return list(find_doubtful_accidentals(replace(NOTHING, score=Score((Part("P1", "", 1, tuple(read)),)))))


def test_an_accidental_that_changes_a_note_is_no_doubt() -> None:
    assert found([[note(F_SHARP, SHARP)], [note(F_SHARP)]]) == []


def test_an_accidental_that_says_what_holds_anyhow_is_told() -> None:
    (evidence,) = found([[note(F, NATURAL)]])
    assert (evidence.sign, evidence.place, evidence.ink) == (Sign.AGAIN, 0, (7,))
    assert [e.sign for e in found([[note(F_SHARP, SHARP)]], fifths=1)] == [Sign.AGAIN]


def test_an_accidental_that_takes_back_what_was_a_bar_before_is_no_doubt() -> None:
    assert found([[note(F_SHARP, SHARP)]], [[note(F, NATURAL)]]) == []
    assert found([[note(F_SHARP, SHARP)], [note(F, NATURAL)]]) == []


def test_notes_together_seven_fifths_apart_are_told() -> None:
    assert found([[note(C), note(F)]]) == []
    assert found([[note(C)], [note(C_SHARP, SHARP)]]) == []
    assert [e.sign for e in found([[note(C), note(C_SHARP, SHARP)]])] == [Sign.CLASH]
