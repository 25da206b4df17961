"""Signs of trouble on each staff of each bar. In: what was seen on a page and the score read from it. Out: `Evidence`.

Beats that are missing, values that were changed so that the bar adds up, contradictions of its voices, voices that wait
without a rest, neighbours under one beam that disagree, small notes, a number of voices unlike the other bars', notes
far from the key; what is odd about symbols, ties, heights and accidentals is found by the modules `doubtful_...`.
Amounts that can grow large go in by the logarithm of 1 + amount: the first slip of a bar tells most.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from leggio.music.doubtful_accidentals import find_doubtful_accidentals
from leggio.music.doubtful_heights import find_doubtful_heights
from leggio.music.doubtful_symbols import find_doubtful_symbols
from leggio.music.doubtful_ties import find_doubtful_ties
from leggio.music.echoes import find_echoes
from leggio.music.events import Event, NoteType
from leggio.music.items import make_item
from leggio.music.notation import Chord, Notation, Stroke, Symbol
from leggio.music.rhythm import DOUBTFUL
from leggio.music.score import Bar, Key, Score, Time
from leggio.music.spans import Mark
from leggio.music.trouble import Evidence, Scene, Sign, set_scene

# Of aged pages of the factory, bars that another one repeats are wrong half as often as their signs say; so on scans.
_ECHO = 0.5
_FAR_FIFTHS = 6  # a note so many fifths from the middle of its key is rare
_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}


def gather_evidence(
    notation: Notation, symbols: Sequence[Symbol], strokes: Sequence[Stroke], score: Score
) -> Iterator[Evidence]:
    """All signs of trouble; in a bar that another one repeats each tells less. Confidences of `symbols` are chances."""
    scene = set_scene(notation, strokes, score)
    echoes = find_echoes(score)
    for evidence in (
        *find_doubtful_ties(scene),
        *find_doubtful_heights(scene),
        *find_doubtful_accidentals(scene),
        *find_doubtful_symbols(scene, symbols),
        *_look_at_bars(scene),
    ):
        is_echo = evidence.place in echoes
        yield replace(evidence, amount=evidence.amount * _ECHO) if is_echo else evidence


def _look_at_bars(scene: Scene) -> Iterator[Evidence]:
    """What the rhythm, voices and keys of each staff of each bar tell."""
    notation, score = scene.notation, scene.score
    written: dict[int, Mark] = {}
    marks: list[Mark] = [*notation.chords, *notation.rests]
    for mark in marks:
        symbols_of = [head.symbol for head in mark.heads] if isinstance(mark, Chord) else [mark.symbol]
        written |= dict.fromkeys(symbols_of, mark)
    usual = _usual_voices(score)
    time, key = Time(4, 4), Key(0)
    for place, span in enumerate(scene.spans):
        bars = [part.bars[place] for part in score.parts]
        time, key = bars[0].time or time, bars[0].key or key
        for staff in (staff for staff in span.system.staves if staff.id in scene.homes):
            part, number = scene.homes[staff.id]
            bar, here = bars[part - 1], (place, part, number)
            events = [event for event in bar.events if event.staff == number and not event.hidden]
            chords = [c for c in notation.chords if c.staff == staff.id and scene.places.get(c.id) == place]
            for sign, amount, reason, ink in (
                *_beats(events, bar, time),
                *_changes(events, written),
                *_strain(bar, len(span.system.staves)),
                *_late(events),
                *_voices(events, usual[part, number]),
                *_far(events, key),
                *_beams(chords),
                *_graces(events),
            ):
                yield Evidence(*here, sign, amount, reason, ink)


_Found = tuple[Sign, float, str, tuple[int, ...]]


def _beats(events: Sequence[Event], bar: Bar, time: Time) -> list[_Found]:
    """A staff whose first voice does not fill the bar, or runs over its end."""
    sounding = [event for event in events if not event.grace]
    if not sounding or bar.implicit:
        return []
    lowest = min(event.voice for event in sounding)
    voice = [event for event in sounding if event.voice == lowest]
    total = sum((event.duration for event in voice), Fraction(0))
    if total == bar.duration:
        return []
    beats = f"{_number(total * time.beat_type)} of {time.beats} beats"
    return [(Sign.BEATS, 1.0, beats, tuple(i for event in voice for i in event.ink))]


def _number(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _changes(events: Sequence[Event], written: Mapping[int, Mark]) -> Iterator[_Found]:
    """Notes and rests that got another value than the one they seem to have; each further one tells less."""
    count = 0
    for event in events:
        mark = next((written[i] for i in event.ink if i in written), None)
        if mark is None or event.grace:
            continue
        seen = make_item(mark, 0).choices[0]
        if (seen.halvings, seen.dots) != (_halvings(event.kind), event.dots):
            reason = f"looks like {_name(seen.halvings, seen.dots)}, read {_name(_halvings(event.kind), event.dots)}"
            count += 1
            yield Sign.CHANGED, math.log1p(count) - math.log1p(count - 1), reason, event.ink


def _halvings(kind: NoteType) -> int:
    return list(NoteType).index(kind) - 1


def _name(halvings: int, dots: int) -> str:
    kinds = [kind.value for kind in NoteType]
    return ("dotted " if dots else "") + kinds[min(max(halvings + 1, 0), len(kinds) - 1)]


def _strain(bar: Bar, staves: int) -> list[_Found]:
    """A bar whose rhythm is a guess, or whose voices could not be told apart without contradictions."""
    if not bar.strain:
        return []
    reason = "the voices do not line up" if bar.strain > DOUBTFUL else "the rhythm is a guess"
    return [(Sign.STRAIN, math.log1p(bar.strain) / staves, reason, ())]


def _late(events: Sequence[Event]) -> list[_Found]:
    """Voices that begin behind the bar line, or wait, without a rest."""
    rows: dict[int, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.onset):
        if not event.grace:
            rows[event.voice].append(event)
    late = [row[0] for row in rows.values() if row[0].onset > 0]
    late += [b for row in rows.values() for a, b in pairwise(row) if b.onset > a.onset + a.duration]
    ink = tuple(i for event in late for i in event.ink)
    return [(Sign.LATE, math.log1p(len(late)), "a voice waits without a rest", ink)] if late else []


def _beams(chords: Sequence[Chord]) -> list[_Found]:
    """Neighbours under one beam that disagree how many beams there are between them, and beams that lead nowhere."""
    groups: dict[int, list[Chord]] = defaultdict(list)
    for chord in sorted(chords, key=lambda chord: chord.x):
        if chord.beam is not None:
            groups[chord.beam].append(chord)
    off, ink = 0, set[int]()
    for row in groups.values():
        sides = [(0, row[0].beams_left), *((a.beams_right, b.beams_left) for a, b in pairwise(row))]
        gaps = [abs(left - right) for left, right in [*sides, (row[-1].beams_right, 0)]]
        off += sum(gaps)
        ink |= {i for chord in row for i in chord.ink} if any(gaps) else set()
    return [(Sign.BEAMS, math.log1p(off), "its beams disagree", tuple(sorted(ink)))] if off else []


def _graces(events: Sequence[Event]) -> list[_Found]:
    """Small notes: they and their accidentals are missed more easily than large ones."""
    small = [event for event in events if event.grace]
    ink = tuple(i for event in small for i in event.ink)
    return [(Sign.GRACE, math.log1p(len(small)), "grace notes", ink)] if small else []


def _usual_voices(score: Score) -> dict[tuple[int, int], int]:
    """How many voices most bars of each staff have."""
    usual = {}
    for number, part in enumerate(score.parts, 1):
        for staff in range(1, part.staves + 1):
            counts = Counter(
                len({event.voice for event in bar.events if event.staff == staff and not event.grace})
                for bar in part.bars
            )
            usual[number, staff] = counts.most_common(1)[0][0] if counts else 1
    return usual


def _voices(events: Sequence[Event], usual: int) -> list[_Found]:
    count = len({event.voice for event in events if not event.grace})
    if count <= max(usual, 1):
        return []
    return [(Sign.VOICES, float(count - usual), f"{count} voices where other bars have {usual}", ())]


def _far(events: Sequence[Event], key: Key) -> Iterator[_Found]:
    """Notes that are rare in their key: an accidental, or a clef, may have been misread."""
    for event in events:
        for note in event.notes:
            fifths = _FIFTHS[note.pitch.step] + 7 * note.pitch.alter - key.fifths - 2
            if abs(fifths) > _FAR_FIFTHS:
                yield (
                    Sign.FAR,
                    1.0,
                    f"a {_pitch_name(note.pitch.step, note.pitch.alter)} is rare in this key",
                    note.ink,
                )


def _pitch_name(step: str, alter: int) -> str:
    return step + {2: " double sharp", 1: " sharp", 0: "", -1: " flat", -2: " double flat"}.get(alter, "")
