"""Ties that may be none, and equal notes that may be tied. In: a `Scene`. Out: `Evidence`.

A tie leads from a note to the same note where the first one ends. One that a grace note begins or ends, or that leads
elsewhere, may be a slur. A curve between two equal notes that follow each other, and a chord of which some heads are
tied, may be ties that were missed. On the development scans two thirds of the bars with such a sign were wrong.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from leggio.music.events import Note, Pitch
from leggio.music.notation import Chord, Head, Stroke, StrokeKind
from leggio.music.trouble import Evidence, Scene, Sign

_BEFORE, _BEHIND = 1.2, 3.0  # a curve begins at most so far before and behind its head, staff spaces
_AWAY = 2.4  # and so far above or below it


class _Sounding(NamedTuple):
    """A note of the score: when it begins and ends on the page, and the head that it came from."""

    part: int
    onset: Fraction
    end: Fraction
    note: Note
    grace: bool
    chord: Chord
    head: Head


def find_doubtful_ties(scene: Scene) -> Iterator[Evidence]:
    """Bars in which a tie may have been invented or missed; each further one tells less."""
    notes = {sounding.head.symbol: sounding for sounding in _sound(scene)}
    counts: Counter[tuple[int, int]] = Counter()
    for chord, reason, ink in (
        *_odd_ties(scene, notes), *_half_tied(scene), *_untied(scene, list(notes.values())),
    ):  # fmt: skip
        here = scene.places.get(chord.id, -1), chord.staff
        if here[0] < 0 or chord.staff not in scene.homes:
            continue
        counts[here] += 1
        amount = math.log1p(counts[here]) - math.log1p(counts[here] - 1)
        yield scene.tell(chord, Sign.TIE, amount, reason, ink)


_Found = tuple[Chord, str, tuple[int, ...]]


def _sound(scene: Scene) -> Iterator[_Sounding]:
    """All notes that came from heads, in time counted from the page's first bar."""
    for number, part in enumerate(scene.score.parts):
        start = Fraction(0)
        for bar in part.bars:
            for event in bar.events:
                begin = start + event.onset
                for note in event.notes:
                    found = scene.chord_of(note.ink)
                    if found:
                        yield _Sounding(number, begin, begin + event.duration, note, event.grace, *found)
            start += bar.duration


def _odd_ties(scene: Scene, notes: dict[int, _Sounding]) -> Iterator[_Found]:
    for tie in scene.notation.ties:
        first, last = notes.get(tie.start), notes.get(tie.stop)
        if first is None or last is None:
            continue
        ink = (tie.start, tie.stop, tie.stroke)
        if first.grace or last.grace:
            yield first.chord, "a tie at a grace note", ink
        elif first.end != last.onset or first.note.pitch != last.note.pitch:
            yield first.chord, "a tie that does not lead to its note", ink


def _half_tied(scene: Scene) -> Iterator[_Found]:
    starts = {tie.start for tie in scene.notation.ties}
    for chord in scene.notation.chords:
        tied = sum(head.symbol in starts for head in chord.heads)
        if 0 < tied < len(chord.heads):
            yield chord, "a chord of which some notes are tied", tuple(head.symbol for head in chord.heads)


def _untied(scene: Scene, notes: list[_Sounding]) -> Iterator[_Found]:
    """Notes that the same note follows, with a curve from one to the other."""
    begun: dict[tuple[int, Fraction, Pitch], list[_Sounding]] = defaultdict(list)
    for sounding in notes:
        if not sounding.grace:
            begun[sounding.part, sounding.onset, sounding.note.pitch].append(sounding)
    spaces = {staff.id: staff.space for system in scene.notation.systems for staff in system.staves}
    curves = [stroke for stroke in scene.strokes if stroke.kind is StrokeKind.SLUR]
    for first in notes:
        if first.grace or first.note.tie_start:
            continue
        for last in begun[first.part, first.end, first.note.pitch]:
            if last.note.accidental is not None or last.chord.staff != first.chord.staff:
                continue
            space = spaces[first.chord.staff]
            curve = next((c for c in curves if _leads(c, first.head, last.head, space)), None)
            if curve:
                ink = (first.head.symbol, last.head.symbol, curve.id)
                yield first.chord, "a curve between equal notes", ink


def _leads(curve: Stroke, first: Head, last: Head, space: float) -> bool:
    """Whether a curve goes from one head to the other; `space` in pixels."""
    behind, before = curve.start.x - first.x, last.x - curve.end.x
    return (
        -_BEFORE * space < behind < _BEHIND * space
        and -_BEFORE * space < before < _BEHIND * space
        and abs(curve.start.y - first.y) < _AWAY * space
        and abs(curve.end.y - last.y) < _AWAY * space
    )
