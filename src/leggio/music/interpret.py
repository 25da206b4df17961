"""From ink to meaning: pitches, durations, bars and parts. In: `Notation`. Out: `Score`.

Each bar of a system is solved over all its staves at once (`rhythm.solve_bar`); keys, clefs and metres are carried
from bar to bar and from system to system as a reader carries them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music import score as s
from leggio.music.beaming import beam_events, mark_tuplets
from leggio.music.directions import OctaveShift, order_of_shift
from leggio.music.dress import dress_event
from leggio.music.events import VOICES_A_STAFF, Event, Note, NoteType, Stem, put_on_staff
from leggio.music.groups import find_groups
from leggio.music.items import make_item
from leggio.music.metre import guess_metre
from leggio.music.notation import Chord, LineStyle, Notation, Rest, StemWay, System
from leggio.music.notation import SymbolKind as K
from leggio.music.pitch import make_notes
from leggio.music.rhythm import DOUBTFUL, PARTIAL, Group, Item, Placement, Solution, solve_bar
from leggio.music.signatures import (
    Context,
    change_clefs,
    clef_row,
    open_clefs,
    read_key,
    read_time,
    shift_octaves,
)
from leggio.music.spans import Mark, Span, chords_in, find_spans, marks_in

_KINDS = {place - 1: kind for place, kind in enumerate(NoteType)}
_STYLES = {
    LineStyle.SINGLE: s.BarStyle.REGULAR, LineStyle.DOUBLE: s.BarStyle.DOUBLE, LineStyle.FINAL: s.BarStyle.FINAL,
}  # fmt: skip


_GO_ON = 0.5  # in mistakes of the eye: tuplets without numbers, after a bar that had some


def interpret(notation: Notation) -> s.Score:
    """The score of one page."""
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    metre = guess_metre(spans, notation)
    widths = _part_widths(notation.systems)
    context = Context()
    bars: list[list[s.Bar]] = [[] for _ in widths]
    if not notation.times:
        context.time = metre
    for span in spans:
        for part, bar in enumerate(
            _read_bar(span, notation, context, metre, widths, number=len(bars[0]) + 1)
        ):
            bars[part].append(bar)
    _number_pickup(bars)
    names = [("Piano" if width == 2 else "") for width in widths]
    parts = tuple(
        s.Part(f"P{i + 1}", name, width, tuple(row))
        for i, (width, name, row) in enumerate(zip(widths, names, bars, strict=True))
    )
    return s.Score(parts)


def _number_pickup(bars: list[list[s.Bar]]) -> None:
    """A short first bar is a pickup: it is not counted."""
    first = bars[0][0] if bars and bars[0] else None
    if first and first.time and first.duration < first.time.duration:
        for row in bars:
            row[0] = replace(row[0], implicit=True)
            row[:] = [replace(bar, number=bar.number - 1) for bar in row]


def _part_widths(systems: Sequence[System]) -> list[int]:
    """How many staves each part has: as in the system with the most staves."""
    if not systems:
        return [1]
    largest = max(systems, key=lambda system: len(system.staves))
    counts = Counter(staff.part for staff in largest.staves)
    return [counts[part] for part in sorted(counts)]


def _read_bar(
    span: Span,
    notation: Notation,
    context: Context,
    metre: s.Time | None,
    widths: Sequence[int],
    number: int,
) -> list[s.Bar]:
    """One bar of every part."""
    new_key = read_key(span, notation, context)
    new_time = read_time(span, notation, context)
    new_clefs = open_clefs(span, notation, context)
    if number == 1:
        context.time = context.time or metre or s.Time(4, 4)
        new_time, new_key = context.time, context.key
    whole, marks, groups, items = _collect(span, notation)
    if context.in_tuplets:
        groups = [replace(group, cost=min(group.cost, _GO_ON)) for group in groups]
    length = context.time.duration if context.time else None
    solution = solve_bar(items, groups, len(span.system.staves), span.system.staves[0].space, length)
    if groups:
        context.in_tuplets = any(placement.tuplet for placement in solution.placements)
    strain = _strain(span, solution, context.time, number)
    if length is not None and solution.length < length and not _may_be_short(span, number):
        solution = replace(solution, length=length)  # something was missed: what follows must not shift
    events = _events(span, notation, context, marks, solution)
    changes = new_clefs + change_clefs(span, notation, marks, solution, context)
    shifts = shift_octaves(span, notation, marks, solution)
    context.alters.clear()
    return _share_out(
        span, events, changes, shifts, whole, widths,
        s.Bar(
            number, solution.length, key=new_key, time=new_time, new_system=span.first and number > 1,
            left=_left_style(span), right=_right_style(span),
            repeat_start=bool(span.before and span.before.dots_right),
            repeat_end=bool(span.after and span.after.dots_left), doubts=_doubts(strain, context.time), strain=strain,
        ),
    )  # fmt: skip


def _left_style(span: Span) -> s.BarStyle:
    """How a bar begins: only a heavy line before a repeat belongs to the bar behind it."""
    is_heavy = span.before is not None and span.before.style is LineStyle.HEAVY
    return s.BarStyle.HEAVY_LIGHT if is_heavy else s.BarStyle.REGULAR


def _right_style(span: Span) -> s.BarStyle:
    if span.after is None or span.after.style is LineStyle.HEAVY:
        return s.BarStyle.REGULAR
    return _STYLES[span.after.style]


def _may_be_short(span: Span, number: int) -> bool:
    """Whether a bar need not be full: the first and the last one, and those beside a double bar line or a line break
    without any."""
    if number == 1 or span.after is None or span.after.style is not LineStyle.SINGLE:
        return True
    return span.before is not None and span.before.style is not LineStyle.SINGLE


def _strain(span: Span, solution: Solution, time: s.Time | None, number: int) -> float:
    """What contradicts itself in a bar, in mistakes of the eye; that a pickup is short is no contradiction."""
    short = time is not None and solution.length < time.duration and _may_be_short(span, number)
    return max(0.0, solution.cost - (PARTIAL if short else 0.0))


def _doubts(strain: float, time: s.Time | None) -> tuple[str, ...]:
    """Why a person should look at this bar, in musical words."""
    if time is None or strain <= DOUBTFUL:
        return ()
    return (f"what is written does not add up to {time.beats}/{time.beat_type} in every voice",)


def _collect(span: Span, notation: Notation) -> tuple[set[int], list[Mark], list[Group], list[Item]]:
    """What the solver needs: staves that rest all bar, the other chords and rests, and possible tuplets."""
    whole: set[int] = set()
    marks: list[Mark] = []
    groups: list[Group] = []
    items: list[Item] = []
    for index, staff in enumerate(span.system.staves):
        row = marks_in(span, staff, notation)
        if len(row) == 1 and isinstance(row[0], Rest) and row[0].kind in (K.REST_WHOLE, K.REST_DOUBLE_WHOLE):
            whole.add(index)
            continue
        membership = find_groups(row, staff, notation.tuplets, groups)
        for mark in row:
            marks.append(mark)
            items.append(make_item(mark, index, membership.get(mark.id)))
    return whole, marks, groups, items


def _events(
    span: Span,
    notation: Notation,
    context: Context,
    marks: Sequence[Mark],
    solution: Solution,
) -> list[tuple[int, Event]]:
    """Events with the index of their staff in the system, in the order of the page."""
    index = {staff.id: i for i, staff in enumerate(span.system.staves)}
    clefs = {
        i: clef_row(span, staff, notation, context.clefs[i - len(span.system.staves)])
        for i, staff in enumerate(span.system.staves)
    }
    events: list[tuple[int, Event]] = []
    placed = sorted(zip(marks, solution.placements, strict=True), key=lambda pair: pair[0].x)
    graces = [c for c in chords_in(span, notation) if c.grace]
    for mark, placement in placed:
        i = index[mark.staff]
        for grace in [g for g in graces if index[g.staff] == i and g.x < mark.x]:
            graces.remove(grace)
            notes = make_notes(grace, i, clefs[i], context, notation)
            event = _grace(grace, notes, placement.onset, placement.voice, i)
            events.append((i, dress_event(event, grace.id, notation)))
        notes = make_notes(mark, i, clefs[i], context, notation) if isinstance(mark, Chord) else ()
        events.append((i, dress_event(_event(mark, notes, placement, i), mark.id, notation)))
    for grace in graces:  # after the last chord: they lead over the bar line
        i = index[grace.staff]
        voice = next((p.voice for m, p in reversed(placed) if index[m.staff] == i), 0)
        event = _grace(grace, make_notes(grace, i, clefs[i], context, notation), solution.length, voice, i)
        events.append((i, dress_event(event, grace.id, notation)))
    events = mark_tuplets(events, [m.id for m, _ in placed], marks, solution)
    return beam_events(events, [m for m, _ in placed])


def _grace(chord: Chord, notes: tuple[Note, ...], onset: Fraction, voice: int, staff: int) -> Event:
    halvings = 2 + max(chord.beams, chord.flags, 1)
    return Event(
        onset, Fraction(0), _KINDS[halvings], _voice(staff, voice), staff + 1, notes,
        stem=Stem.UP, grace=True, ink=chord.ink, confidence=chord.confidence,
    )  # fmt: skip


def _voice(staff: int, voice: int) -> int:
    return staff * VOICES_A_STAFF + voice + 1


def _event(mark: Mark, notes: tuple[Note, ...], placement: Placement, staff: int) -> Event:
    stem = None
    if isinstance(mark, Chord) and mark.way is not None:
        stem = Stem.UP if mark.way is StemWay.UP else Stem.DOWN
    return Event(
        placement.onset, placement.duration, _KINDS[min(placement.choice.halvings, 7)], _voice(staff, placement.voice),
        staff + 1, notes, placement.choice.dots, stem=stem,
        ink=mark.ink if isinstance(mark, Chord) else (mark.symbol,), confidence=mark.confidence,
        cue=isinstance(mark, Chord) and mark.cue,
    )  # fmt: skip


def _share_out(
    span: Span, events: Sequence[tuple[int, Event]], changes: Sequence[tuple[int, Fraction, s.Clef]],
    shifts: Sequence[OctaveShift], whole: set[int], widths: Sequence[int], frame: s.Bar,
) -> list[s.Bar]:  # fmt: skip
    """One bar for every part, with the events of its staves; a staff without any rests all bar."""
    offset = sum(widths) - len(span.system.staves)  # a smaller system is taken to be the lower staves
    bars = []
    first = 0
    for width in widths:
        staves = range(first - offset, first - offset + width)
        moved = [put_on_staff(event, staff - staves.start + 1) for staff, event in events if staff in staves]
        for staff in staves:
            here = staff - staves.start
            if not any(event.staff == here + 1 and not event.grace for event in moved):
                moved.append(
                    Event(
                        Fraction(0), frame.duration, NoteType.WHOLE, _voice(here, 0), here + 1, whole_bar=True,
                        hidden=staff not in whole,
                    )
                )  # fmt: skip
        clefs = tuple(
            s.ClefChange(onset, staff - staves.start + 1, clef)
            for staff, onset, clef in changes
            if staff in staves
        )
        moved_shifts = (
            replace(shift, staff=shift.staff - staves.start + 1) for shift in shifts if shift.staff in staves
        )
        shifts_here = tuple(sorted(moved_shifts, key=order_of_shift))
        bars.append(replace(frame, events=tuple(moved), clefs=clefs, shifts=shifts_here))
        first += width
    return bars
