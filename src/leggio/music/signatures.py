"""Clefs, keys and metres carried along as a reader carries them. In: marks of a bar. Out: what changes in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from leggio.music import score as s
from leggio.music.directions import OctaveShift, ShiftState
from leggio.music.events import Pitch
from leggio.music.notation import ClefMark, Notation, Staff
from leggio.music.notation import SymbolKind as K
from leggio.music.rhythm import Solution
from leggio.music.spans import Mark, Span, marks_in

_HEAD = 8.0  # the clef at the head of a system stands at most so far behind its beginning, staff spaces
_APART = 2.0  # one clef behind another one is at least so far away, staff spaces
_SIGNS = {
    K.CLEF_G: s.ClefSign.G,
    K.CLEF_F: s.ClefSign.F,
    K.CLEF_C: s.ClefSign.C,
    K.CLEF_PERCUSSION: s.ClefSign.PERCUSSION,
}


@dataclass(slots=True)
class Context:
    """What is in force while bars are read: key, metre, and a clef for each staff, the system's last one being -1.

    `named` are the heads that are notes already; `in_tuplets` says whether the last bar that could have any had some.
    """

    clefs: dict[int, s.Clef] = field(default_factory=dict)
    key: s.Key = field(default_factory=lambda: s.Key(0))
    time: s.Time | None = None
    alters: dict[tuple[int, int], int] = field(default_factory=dict)
    tied: dict[int, Pitch] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    in_tuplets: bool = False


def read_key(span: Span, notation: Notation, context: Context) -> s.Key | None:
    """The key signature at the start of a bar, if the staves agree on one that is new."""
    answers = []
    space = span.system.staves[0].space
    for staff in span.system.staves:
        first = min(
            (c.x for c in notation.chords if c.staff == staff.id and c.x > span.left), default=span.right
        )
        limit = min(first, span.right) if span.first else span.left + 3 * space
        start = span.system.box.x0 if span.first else span.left
        found = [k for k in notation.keys if k.staff == staff.id and start - space < k.x < limit]
        answers.append(found[0].fifths if found else None)
    seen = [answer for answer in answers if answer is not None]
    if not span.first and (len(set(seen)) != 1 or len(seen) < len(answers)):
        return None
    counts = Counter(answer if answer is not None else 0 for answer in answers)
    best, votes = counts.most_common(1)[0]
    if len(counts) > 1 and votes * 2 <= len(answers):
        # The staves disagree: the key in force wins, then the longer signature (an accidental is missed, not invented).
        best = context.key.fifths if context.key.fifths in counts else max(counts, key=abs)
    if best == context.key.fifths:
        return None
    context.key = s.Key(best)
    return context.key


def read_time(span: Span, notation: Notation, context: Context) -> s.Time | None:
    """The time signature at the start of a bar: the surest one of its staves."""
    staves = {staff.id for staff in span.system.staves}
    start = span.system.box.x0 if span.first else span.left
    reach = start + (30 if span.first else 12) * span.system.staves[0].space
    found = [t for t in notation.times if t.staff in staves and start < t.x < min(span.right, reach)]
    if not found:
        return None
    counts: Counter[tuple[int, int, K | None]] = Counter()
    for mark in found:
        counts[mark.beats, mark.beat_type, mark.symbol] += round(mark.confidence * 100)
    (beats, beat_type, symbol), weight = counts.most_common(1)[0]
    if not span.first and (len(found) * 2 < len(staves) or weight < 60):
        return None
    shown = {None: s.TimeSymbol.NUMBERS, K.TIME_COMMON: s.TimeSymbol.COMMON, K.TIME_CUT: s.TimeSymbol.CUT}[
        symbol
    ]
    time = s.Time(beats, beat_type, shown)
    if time == context.time:
        return None
    context.time = time
    return time


def to_clef(mark: ClefMark) -> s.Clef:
    return s.Clef(_SIGNS[mark.kind], mark.position // 2 + 1, mark.octave)


def open_clefs(span: Span, notation: Notation, context: Context) -> list[tuple[int, Fraction, s.Clef]]:
    """Clefs at the head of a system, as (staff, onset, clef) where they change something."""
    if not span.first:
        return []
    changes = []
    for index, staff in enumerate(span.system.staves):
        first = min((m.x for m in marks_in(span, staff, notation)), default=span.right)
        limit = min(first, staff.xs[0] + _HEAD * staff.space)
        found = [c for c in notation.clefs if c.staff == staff.id and c.x < limit]
        default = (
            s.Clef(s.ClefSign.F, 4)
            if index and index == len(span.system.staves) - 1
            else s.Clef(s.ClefSign.G, 2)
        )
        place = index - len(span.system.staves)
        clef = to_clef(found[0]) if found else context.clefs.get(place, default)
        if context.clefs.get(place) != clef:
            changes.append((index, Fraction(0), clef))
        context.clefs[place] = clef
    return changes


def later_clefs(span: Span, staff: Staff, notation: Notation) -> list[ClefMark]:
    """Clefs inside a bar, without the one at the head of a system; old prints change it at once, behind the metre."""
    start = span.left
    if span.first:
        head = staff.xs[0] + _HEAD * staff.space
        opening = [c.x for c in notation.clefs if c.staff == staff.id and c.x < head]
        start = min(opening) + _APART * staff.space if opening else head
    return [c for c in notation.clefs if c.staff == staff.id and max(start, span.left) <= c.x < span.right]


def change_clefs(
    span: Span, notation: Notation, marks: Sequence[Mark], solution: Solution, context: Context
) -> list[tuple[int, Fraction, s.Clef]]:
    changes = []
    for index, staff in enumerate(span.system.staves):
        for clef in later_clefs(span, staff, notation):
            later = [
                placed.onset
                for mark, placed in zip(marks, solution.placements, strict=True)
                if mark.staff == staff.id and mark.x > clef.x
            ]
            changes.append((index, min(later, default=solution.length), to_clef(clef)))
            context.clefs[index - len(span.system.staves)] = to_clef(clef)
    return changes


def clef_row(span: Span, staff: Staff, notation: Notation, clef: s.Clef) -> list[tuple[float, s.Clef]]:
    """From which x on which clef holds."""
    return [(float("-inf"), clef), *((c.x, to_clef(c)) for c in later_clefs(span, staff, notation))]


def shift_octaves(
    span: Span, notation: Notation, marks: Sequence[Mark], solution: Solution
) -> list[OctaveShift]:
    """The ends of octave lines in a bar; `staff` is the staff's index in its system."""
    index = {staff.id: place for place, staff in enumerate(span.system.staves)}
    shifts = []
    for line in notation.octaves:
        under = [
            placed
            for mark, placed in zip(marks, solution.placements, strict=True)
            if mark.staff == line.staff and line.left <= mark.x <= line.right
        ]
        if line.staff not in index or not under:
            continue
        starts, stops = span.left <= line.left < span.right, span.left <= line.right < span.right
        onset, end = min(p.onset for p in under), max(p.onset + p.duration for p in under)
        # A line may begin before its bar line and end behind it.
        all_x = [c.x for c in notation.chords if c.staff == line.staff and line.left <= c.x <= line.right]
        starts = starts or (line.left < span.left and min(all_x, default=0.0) >= span.left)
        stops = stops or (line.right >= span.right and max(all_x, default=0.0) < span.right)
        if starts:
            shifts.append(OctaveShift(onset, index[line.staff], line.octaves, ShiftState.START))
        if stops:
            shifts.append(OctaveShift(end, index[line.staff], line.octaves, ShiftState.STOP))
    return shifts
