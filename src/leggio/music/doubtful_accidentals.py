"""Accidentals that may be misread or missed. In: a `Scene`. Out: `Evidence`.

An accidental that says what holds anyhow reminds of something: where neither this bar nor the one before has that
note otherwise, an accidental there, or the key, may have been missed. Notes that sound together are seldom more than
six fifths apart: C with C sharp is seven.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from leggio.music.events import Event, Note, Pitch
from leggio.music.score import Bar, Part
from leggio.music.trouble import Evidence, Scene, Sign

_SHARPS = "FCGDAEB"  # the order of sharps in a key, which is that of fifths
_FAR = 6  # fifths between two notes that seldom sound together


def find_doubtful_accidentals(scene: Scene) -> Iterator[Evidence]:
    """Bars whose accidentals are a riddle, staff by staff."""
    for number, part in enumerate(scene.score.parts, 1):
        key = 0
        for place, bar in enumerate(part.bars):
            key = bar.key.fifths if bar.key else key
            before = part.bars[place - 1] if place else None
            for sign, reason, notes in (
                (Sign.AGAIN, "an accidental that says what holds anyhow", _repeated(bar, before, key)),
                (Sign.CLASH, "notes together that are far from each other", _clashing(bar)),
            ):
                for staff, ink in _by_staff(notes, part):
                    yield Evidence(place, number, staff, sign, math.log1p(len(ink)), reason, ink)


def _by_staff(notes: Iterable[tuple[int, Note]], part: Part) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The first ink of notes, by the staff that they stand on."""
    rows: dict[int, list[int]] = defaultdict(list)
    for staff, note in notes:
        rows[min(staff, part.staves)].append(note.ink[0] if note.ink else -1)
    for staff, row in rows.items():
        yield staff, tuple(row)


def _in_order(bar: Bar) -> list[Event]:
    return sorted(bar.events, key=lambda event: (event.onset, not event.grace))


def _repeated(bar: Bar, before: Bar | None, key: int) -> Iterator[tuple[int, Note]]:
    """Notes with an accidental that changes nothing, on a step that is nowhere otherwise here or one bar before."""
    here, earlier = _collect_alters(bar), _collect_alters(before)
    holds: dict[tuple[int, str, int], int] = {}
    for event in _in_order(bar):
        for note in event.notes:
            if note.accidental is None:
                continue
            pitch, usual = note.pitch, _alter_of(note.pitch.step, key)
            is_held = holds.get((event.staff, pitch.step, pitch.octave), usual) == pitch.alter
            if is_held and len(here[pitch.step]) == 1 and earlier[pitch.step] <= {usual}:
                yield event.staff, note
            holds[event.staff, pitch.step, pitch.octave] = pitch.alter


def _collect_alters(bar: Bar | None) -> defaultdict[str, set[int]]:
    alters: defaultdict[str, set[int]] = defaultdict(set)
    for event in bar.events if bar else ():
        for note in event.notes:
            alters[note.pitch.step].add(note.pitch.alter)
    return alters


def _alter_of(step: str, fifths: int) -> int:
    """What a key does to a step: 1 for a sharp, -1 for a flat."""
    place = _SHARPS.index(step)
    return 1 if fifths > place else -1 if -fifths > len(_SHARPS) - 1 - place else 0


def _clashing(bar: Bar) -> Iterator[tuple[int, Note]]:
    """One note of each pair that begins together and is far apart in fifths."""
    together: dict[object, list[tuple[int, Note]]] = defaultdict(list)
    for event in _in_order(bar):
        together[event.onset] += [(event.staff, note) for note in event.notes]
    for row in together.values():
        for (_, one), (staff, other) in combinations(row, 2):
            if abs(_fifths(one.pitch) - _fifths(other.pitch)) > _FAR:
                yield staff, other


def _fifths(pitch: Pitch) -> int:
    return _SHARPS.index(pitch.step) + 7 * pitch.alter
