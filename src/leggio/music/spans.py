"""The bars of a system on the page. In: notation. Out: `Span`s, and what stands in each."""

from __future__ import annotations

from dataclasses import dataclass

from leggio.music.notation import BarLine, Chord, Notation, Rest, Staff, System

Mark = Chord | Rest


@dataclass(frozen=True, slots=True)
class Span:
    """One bar on the page: its system, the x range, and the bar line that ends it (None at the page's edge)."""

    system: System
    left: float
    right: float
    before: BarLine | None
    after: BarLine | None
    first: bool


def find_spans(system: System, notation: Notation) -> list[Span]:
    """The bars of a system; what stands after the last bar line is a bar only if it holds a note or a rest."""
    lines = sorted((b for b in notation.barlines if b.system == system.id), key=lambda b: b.x)
    staves = {staff.id for staff in system.staves}
    chords = [chord.x for chord in notation.chords if chord.staff in staves]
    places = chords + [rest.x for rest in notation.rests if rest.staff in staves]
    spans: list[Span] = []
    left, before = system.box.x0 - 2 * system.staves[0].space, None
    for line in [*lines, None]:
        right = line.x if line else system.box.x1 + 3 * system.staves[0].space
        if any(left <= x < right for x in places):
            spans.append(Span(system, left, right, before, line, not spans))
        left, before = right, line
    return spans


def chords_in(span: Span, notation: Notation) -> list[Chord]:
    staves = {staff.id for staff in span.system.staves}
    return [c for c in notation.chords if c.staff in staves and span.left <= c.x < span.right]


def marks_in(span: Span, staff: Staff, notation: Notation) -> list[Mark]:
    """Chords and rests of one staff in one bar, grace notes left out, from left to right."""
    chords = [
        c for c in notation.chords if c.staff == staff.id and span.left <= c.x < span.right and not c.grace
    ]
    rests = [r for r in notation.rests if r.staff == staff.id and span.left <= r.x < span.right]
    return sorted([*chords, *rests], key=lambda mark: mark.x)
