"""Write music that nobody would play, full of what songs have too little of. In: a random generator. Out: a `Score`.

Dense chords with seconds, many ledger lines, dotted pairs with short beam hooks, thirty-seconds, tuplets, rests of
every size, two voices, clef changes, grace notes, every key and many metres: each where it can musically stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from leggio.music.events import Accidental, BeamState, Event, Note, NoteType, Pitch, Stem, Tuplet, TupletState
from leggio.music.score import Bar, BarStyle, Clef, ClefChange, ClefSign, Key, Part, Score, Time, TimeSymbol

_METRES = (
    (2, 4),
    (3, 4),
    (4, 4),
    (4, 4),
    (2, 2),
    (3, 8),
    (6, 8),
    (9, 8),
    (12, 8),
    (3, 2),
    (5, 4),
    (6, 4),
    (7, 8),
)
_SHARPS = "FCGDAEB"
_ALTERS = {
    -2: Accidental.DOUBLE_FLAT, -1: Accidental.FLAT, 0: Accidental.NATURAL, 1: Accidental.SHARP,
    2: Accidental.DOUBLE_SHARP,
}  # fmt: skip
# What fills a beat of a quarter: (value, dots) each, values as halvings of a whole note; "3" marks a triplet.
_CELLS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((2, 0),), ((2, 0),), ((3, 0), (3, 0)), ((3, 0), (3, 0)), ((3, 1), (4, 0)), ((3, 1), (4, 0)), ((4, 0), (3, 1)),
    ((4, 0), (4, 0), (4, 0), (4, 0)), ((3, 0), (4, 0), (4, 0)), ((4, 0), (4, 0), (3, 0)), ((4, 0), (3, 0), (4, 0)),
    ((3, 2), (5, 0)), ((5, 0),) * 8, ((4, 1), (5, 0), (3, 0)), ((3, 0), (4, 1), (5, 0)),
    ((4, 0), (5, 0), (5, 0), (3, 0)), ((5, 0), (5, 0), (4, 0), (3, 0)),
)  # fmt: skip
_COMPOUND: tuple[tuple[tuple[int, int], ...], ...] = (
    ((2, 1),), ((3, 0), (3, 0), (3, 0)), ((2, 0), (3, 0)), ((3, 0), (2, 0)), ((3, 1), (4, 0), (3, 0)),
    ((4, 0),) * 6, ((3, 0), (4, 0), (4, 0), (3, 0)),
)  # fmt: skip
_EIGHTH = ((3, 0),)
_TRIPLETS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((3, 0),) * 3,
    ((4, 0),) * 6,
    ((3, 0), (4, 0), (4, 0), (3, 0)),
)
_KINDS = list(NoteType)[1:]


def _kind(halvings: int) -> NoteType:
    return _KINDS[halvings]


class _Writer:
    """Holds what one piece has in common: key, density, how far the hands reach."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.key = Key(int(rng.integers(-7, 8)))
        beats, unit = _METRES[int(rng.integers(len(_METRES)))]
        symbol = TimeSymbol.NUMBERS
        if (beats, unit) in ((4, 4), (2, 2)) and rng.random() < 0.5:
            symbol = TimeSymbol.COMMON if unit == 4 else TimeSymbol.CUT
        self.time = Time(beats, unit, symbol)
        self.chordal = float(rng.choice([0.1, 0.4, 0.8]))
        self.resting = float(rng.choice([0.05, 0.15, 0.35]))
        self.chromatic = float(rng.choice([0.03, 0.12, 0.3]))
        self.busy = float(rng.choice([0.3, 0.6, 0.9]))
        self.tuplets = float(rng.choice([0.0, 0.1, 0.4]))
        self.grace = float(rng.choice([0.0, 0.05]))
        self.second_voice = float(rng.choice([0.0, 0.2, 0.6]))
        self.count = 0

    def note(self, step: int, staff: int) -> Note:
        """A head at a diatonic height, counted from C0, now and then with an accidental."""
        octave, letter = divmod(step, 7)
        name = "CDEFGAB"[letter]
        signed = self.key.fifths
        in_key = int(signed > 0 and name in _SHARPS[:signed]) - int(signed < 0 and name in _SHARPS[signed:])
        self.count += 1
        if self.rng.random() < self.chromatic:
            alter = int(self.rng.choice([-2, -1, 0, 1, 2], p=[0.06, 0.3, 0.28, 0.3, 0.06]))
            return Note(f"n{self.count}", Pitch(name, alter, octave), _ALTERS[alter], staff=staff)
        return Note(f"n{self.count}", Pitch(name, in_key, octave), staff=staff)

    def chord(self, centre: int, staff: int) -> tuple[Note, ...]:
        steps = [centre]
        if self.rng.random() < self.chordal:
            for _ in range(int(self.rng.integers(1, 4))):
                steps.append(
                    steps[-1] + int(self.rng.choice([1, 2, 2, 3, 4, 7], p=[0.15, 0.3, 0.2, 0.15, 0.1, 0.1]))
                )
        steps = [step for step in steps if step - steps[0] < 10]
        return tuple(self.note(step, staff) for step in steps)

    def voice(self, number: int, staff: int, middle: int, stem: Stem | None) -> list[Event]:
        """One voice through one bar, beat by beat."""
        rng = self.rng
        compound = self.time.beat_type == 8 and self.time.beats % 3 == 0
        beat = Fraction(3, 8) if compound else Fraction(1, 4) if self.time.beat_type <= 4 else Fraction(1, 8)
        events: list[Event] = []
        onset, height = Fraction(0), middle
        cell: tuple[tuple[int, int], ...]
        while onset < self.time.duration:
            left = self.time.duration - onset
            if beat == Fraction(1, 8) or left < beat:
                cell, ratio = _EIGHTH, Fraction(1)
            elif not compound and left >= Fraction(1, 2) and rng.random() > self.busy:
                cell, ratio = (
                    [((1, 0),), ((2, 1), (3, 0)), ((3, 0), (2, 0), (3, 0))][int(rng.integers(3))],
                    Fraction(1),
                )
                if left >= 1 and rng.random() < 0.15:
                    cell = ((0, 0),)
                elif left >= Fraction(3, 4) and rng.random() < 0.3:
                    cell = ((1, 1),)
            elif not compound and rng.random() < self.tuplets:
                cell, ratio = _TRIPLETS[int(rng.integers(len(_TRIPLETS)))], Fraction(2, 3)
            else:
                cells = _COMPOUND if compound else _CELLS
                cell, ratio = cells[int(rng.integers(len(cells)))], Fraction(1)
            made = self.cell(cell, ratio, onset, number, staff, height, stem)
            events += made
            onset = made[-1].onset + made[-1].duration
            height = int(np.clip(height + rng.integers(-4, 5), middle - 9, middle + 9))
        return events

    def cell(
        self, cell: Sequence[tuple[int, int]], ratio: Fraction, onset: Fraction, number: int, staff: int, height: int,
        stem: Stem | None,
    ) -> list[Event]:  # fmt: skip
        rng = self.rng
        events = []
        for place, (halvings, dots) in enumerate(cell):
            duration = Fraction(1, 2**halvings) * (2 - Fraction(1, 2**dots)) * ratio
            resting = rng.random() < self.resting and (ratio == 1 or 0 < place < len(cell) - 1)
            notes = () if resting else self.chord(height, staff)
            tuplet = None
            if ratio != 1:
                state = (
                    TupletState.START if place == 0 else TupletState.STOP if place == len(cell) - 1 else None
                )
                tuplet = Tuplet(ratio.denominator, ratio.numerator, state)
            if notes and rng.random() < self.grace:
                small = (self.note(height + int(rng.choice([-1, 1])), staff),)
                events.append(Event(onset, Fraction(0), NoteType.EIGHTH, number, staff, small, grace=True))
            events.append(
                Event(
                    onset,
                    duration,
                    _kind(halvings),
                    number,
                    staff,
                    notes,
                    dots,
                    tuplet,
                    stem if notes else None,
                )
            )
            onset += duration
            height += int(rng.choice([-3, -2, -1, 1, 2, 3]))
        return _beam(events)


def _beam(events: list[Event]) -> list[Event]:
    """Beam the notes of a cell that have flags."""
    places = [
        i
        for i, event in enumerate(events)
        if event.notes and not event.grace and event.kind.duration < Fraction(1, 4)
    ]
    if len(places) < 2 or any(events[i].is_rest for i in range(places[0], places[-1])):
        return events
    levels = [events[i].kind.duration.denominator.bit_length() - 3 for i in places]
    result = list(events)
    for n, i in enumerate(places):
        states = []
        for level in range(1, levels[n] + 1):
            before = n > 0 and levels[n - 1] >= level
            after = n + 1 < len(places) and levels[n + 1] >= level
            if before and after:
                states.append(BeamState.CONTINUE)
            elif before or after:
                states.append(BeamState.END if before else BeamState.BEGIN)
            else:
                states.append(BeamState.BACKWARD_HOOK if n else BeamState.FORWARD_HOOK)
        result[i] = replace(events[i], beams=tuple(states))
    return result


_CLEFS = {1: Clef(ClefSign.G, 2), 2: Clef(ClefSign.F, 4)}
_OTHERS = (Clef(ClefSign.G, 2), Clef(ClefSign.F, 4), Clef(ClefSign.C, 3), Clef(ClefSign.C, 4))
_MIDDLES = {ClefSign.G: 34, ClefSign.F: 22, ClefSign.C: 28}  # the middle line's height above C0


def compose(rng: np.random.Generator, bars: int = 24) -> Score:
    """A piece for piano of so many bars; the same generator state gives the same piece."""
    writer = _Writer(rng)
    clefs = dict(_CLEFS)
    written = []
    for number in range(1, bars + 1):
        events: list[Event] = []
        changes = []
        for staff in (1, 2):
            if number == 1:
                changes.append(ClefChange(Fraction(0), staff, clefs[staff]))
            elif rng.random() < 0.06:
                clefs[staff] = _OTHERS[int(rng.integers(len(_OTHERS)))]
                changes.append(ClefChange(Fraction(0), staff, clefs[staff]))
            middle = _MIDDLES[clefs[staff].sign] + int(rng.integers(-6, 7))
            first = (staff - 1) * 4 + 1
            if rng.random() < 0.03:
                events.append(
                    Event(Fraction(0), writer.time.duration, NoteType.WHOLE, first, staff, whole_bar=True)
                )
            elif rng.random() < writer.second_voice:
                events += writer.voice(first, staff, middle + 3, Stem.UP)
                events += writer.voice(first + 1, staff, middle - 4, Stem.DOWN)
            else:
                events += writer.voice(first, staff, middle, None)
        change = number > 1 and rng.random() < 0.04
        if change:
            writer.key = Key(int(rng.integers(-7, 8)))
        repeat = rng.random() < 0.05
        written.append(
            Bar(
                number, writer.time.duration, tuple(events), tuple(changes),
                key=writer.key if number == 1 or change else None, time=writer.time if number == 1 else None,
                right=BarStyle.FINAL if repeat or number == bars
                else BarStyle.DOUBLE if rng.random() < 0.05 else BarStyle.REGULAR,
                repeat_end=bool(repeat), repeat_start=bool(rng.random() < 0.05),
            )
        )  # fmt: skip
    return Score((Part("P1", "", 2, tuple(written)),))
