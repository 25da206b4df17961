"""Endings, tremolos, pedals, signs and cue notes of a score come back from the ink of its engraved page."""

from __future__ import annotations

from fractions import Fraction

import pytest

from leggio.evaluate.from_truth import read_sample
from leggio.music.directions import Direction, DirectionKind
from leggio.music.events import Event, Note, NoteType, Pitch, Tremolo, TremoloState, Tuplet
from leggio.music.musicxml import write_musicxml
from leggio.music.score import Bar, BarStyle, Clef, ClefChange, ClefSign, Key, Part, Score, Time
from leggio.synth.engrave import Layout, engrave

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
BEGUN = Tremolo(3, TremoloState.START)
ENDED = Tremolo(3, TremoloState.STOP)


def event(beat: int, step: str, *, half: bool = False, **looks: Tremolo | Tuplet | bool) -> Event:
    """A note on a beat that is counted from 0; one of a pair that alternates lasts half of what it looks like."""
    kind, duration = (NoteType.HALF, HALF) if half else (NoteType.QUARTER, QUARTER)
    duration /= 2 if "tuplet" in looks else 1
    return Event(QUARTER * beat, duration, kind, 1, 1, (Note(f"{step}{beat}", Pitch(step, 0, 5)),), **looks)  # type: ignore[arg-type]


def four(cue: bool = False) -> tuple[Event, ...]:
    return tuple(event(beat, step, cue=cue) for beat, step in enumerate("CDEF"))


def says(kind: DirectionKind, text: str, beat: int = 0) -> Direction:
    return Direction(QUARTER * beat, 1, kind, text, above=kind is DirectionKind.SIGN)


OPENING = (
    says(DirectionKind.SIGN, "segno"),
    says(DirectionKind.PEDAL, "start"),
    says(DirectionKind.PEDAL, "stop", 2),
)
STROKES = (
    event(0, "C", half=True, tremolo=Tremolo(3)), event(2, "E", tremolo=Tremolo(2)), event(3, "D", tremolo=Tremolo(1)),
)  # fmt: skip
PAIR = (
    event(0, "C", half=True, tremolo=BEGUN, tuplet=Tuplet(2, 1)),
    event(1, "E", half=True, tremolo=ENDED, tuplet=Tuplet(2, 1)), event(2, "F", half=True),
)  # fmt: skip
BARS = (
    Bar(
        1, Fraction(1), four(), (ClefChange(Fraction(0), 1, Clef(ClefSign.G, 2)),), Key(0), Time(4, 4),
        directions=OPENING,
    ),
    Bar(2, Fraction(1), STROKES),
    Bar(3, Fraction(1), PAIR),
    Bar(
        4, Fraction(1), four(), ending="1", ending_start=True, ending_stop=True, repeat_end=True, right=BarStyle.FINAL
    ),
    Bar(5, Fraction(1), four(), ending="2", ending_start=True, ending_stop=True),
    Bar(6, Fraction(1), four(cue=True)),
    Bar(7, Fraction(1), four(), directions=(says(DirectionKind.SIGN, "coda"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def bars() -> tuple[Bar, ...]:
    """The bars that are read of the page."""
    music = write_musicxml(Score((Part("P1", "", 1, BARS),)))
    sample = next(engrave(music, Layout(options=(("header", "none"),))))
    return read_sample(sample).score.parts[0].bars


def test_endings_come_back(bars: tuple[Bar, ...]) -> None:
    def endings(row: tuple[Bar, ...]) -> list[tuple[str | None, bool, bool, bool]]:
        return [(bar.ending, bar.ending_start, bar.ending_stop, bar.repeat_end) for bar in row]

    assert endings(bars) == endings(BARS)


def test_pedals_and_signs_come_back_at_their_moments(bars: tuple[Bar, ...]) -> None:
    def said(row: tuple[Bar, ...]) -> list[set[tuple[str, str, Fraction]]]:
        return [{(d.kind.value, d.text, d.onset) for d in bar.directions} for bar in row]

    assert said(bars) == said(BARS)


def test_tremolos_and_cue_notes_come_back_in_their_time(bars: tuple[Bar, ...]) -> None:
    def looks(row: tuple[Bar, ...]) -> list[list[tuple[object, ...]]]:
        return [
            [(e.onset, e.duration, e.kind, e.tremolo, e.tuplet, e.cue, e.grace) for e in bar.events]
            for bar in row
        ]

    assert looks(bars) == looks(BARS)
