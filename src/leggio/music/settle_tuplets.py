"""Tuplets that fill up. In: a voice of a bar, its events in time. Out: the voice with hidden rests for what lacks.

Notation programs count the notes of a tuplet. MuseScore cannot place one whose notes are not a multiple of `actual`,
and has no other way to write a note of such a length. Where a note was missed, a hidden rest stands for it: all that
was read keeps its value and its moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from leggio.music.events import Event, NoteType, TremoloState, Tuplet, TupletState
from leggio.music.settle_voices import end_of, fills_tuplet

_VALUES = tuple(NoteType)  # from the longest to the shortest


def fill_tuplets(voice: Sequence[Event], end: Fraction) -> tuple[Event, ...]:
    """`voice` with every tuplet full, in a bar that lasts until `end`.

    A tuplet that is not becomes as many full ones as it can, and hidden rests stand behind what is left, or before it
    where only there is room. Where there is none, they overlap with what follows. A tuplet of different values gets
    its bracket, since programs count it by that.
    """
    graces = _find_graces(voice)
    groups = [part for group in _find_groups(voice) for part in _divide(group)]
    filled: list[Event] = []
    for place, group in enumerate(groups):
        before = end_of(groups[place - 1][-1]) if place else Fraction(0)
        after = groups[place + 1][0].onset if place + 1 < len(groups) else max(end, end_of(group[-1]))
        for event in _mark(_fill(group, group[0].onset - before, after - end_of(group[-1]))):
            filled += [*(() if fills_tuplet(event) else graces.pop(event.onset, ())), event]
    return (*filled, *chain(*graces.values()))


def _find_graces(voice: Sequence[Event]) -> dict[Fraction, list[Event]]:
    """Grace notes by the onset of the event that they stand before."""
    graces: dict[Fraction, list[Event]] = {}
    for event in voice:
        if event.grace:
            graces.setdefault(event.onset, []).append(event)
    return graces


def _find_groups(voice: Sequence[Event]) -> Iterator[list[Event]]:
    """The events of a voice without grace notes, those of one tuplet together, all others alone."""
    group: list[Event] = []
    for event in voice:
        if event.grace:
            continue
        if group and not _goes_on(group, event):
            yield group
            group = []
        group.append(event)
        if _is_closed(group):
            yield group
            group = []
    if group:
        yield group


def _divide(group: list[Event]) -> Iterator[list[Event]]:
    """A tuplet that fills up, with rests in its holes or without; or as many of them as there are in it."""
    whole = group if _is_full(group) else _fill_holes(group)
    if _is_full(whole):
        yield whole
        return
    parts: list[list[Event]] = [[]]
    for event in whole:
        parts[-1].append(event)
        if _is_full(parts[-1]):
            parts.append([])
    if len(parts) == 1:
        yield whole
    else:
        yield from ([_loose(event) for event in part] for part in parts if part)


def _loose(event: Event) -> Event:
    """The event without its place in a bracket."""
    return replace(event, tuplet=replace(event.tuplet, state=None)) if event.tuplet else event


def _tuplet(event: Event) -> Tuplet | None:
    """The tuplet that an event counts in; two notes that alternate only borrow the figures of one."""
    alternates = event.tremolo is not None and event.tremolo.state is not TremoloState.SINGLE
    return None if alternates else event.tuplet


def _goes_on(group: Sequence[Event], event: Event) -> bool:
    """Whether an event belongs to the tuplet before it; a hole within a bracket is a note that was missed."""
    a, b = _tuplet(group[0]), _tuplet(event)
    if a is None or b is None or (a.actual, a.normal) != (b.actual, b.normal) or b.state is TupletState.START:
        return False
    hole = event.onset - end_of(group[-1])
    return not hole or (a.state is TupletState.START and hole > 0 and bool(_rests(group[-1], hole)))


def _is_closed(group: Sequence[Event]) -> bool:
    first, last = _tuplet(group[0]), _tuplet(group[-1])
    if first is None or last is None or last.state is TupletState.STOP:
        return True
    return first.state is None and _is_full(group)


def _is_full(group: Sequence[Event]) -> bool:
    """Whether the notes, counted in the smallest of them, are a multiple of `actual`."""
    tuplet = _tuplet(group[0])
    if tuplet is None:
        return True
    unit = min(event.kind.duration / 2**event.dots for event in group)
    return not _written(group) / unit % tuplet.actual


def _written(group: Sequence[Event]) -> Fraction:
    return sum((event.kind.duration * (2 - Fraction(1, 2**event.dots)) for event in group), Fraction(0))


def _fill_holes(group: Sequence[Event]) -> list[Event]:
    """The tuplet with rests in its holes."""
    filled = [group[0]]
    for event in group[1:]:
        hole = event.onset - end_of(filled[-1])
        filled += [*(_rests(filled[-1], hole) if hole else ()), event]
    return filled


def _fill(group: list[Event], room_before: Fraction, room_after: Fraction) -> list[Event]:
    """The tuplet with as little more as fills it: `actual` notes of some value."""
    tuplet = _tuplet(group[0])
    if tuplet is None or _is_full(group):
        return group
    written = _written(group)
    fitting = [kind.duration for kind in _VALUES if kind.duration * tuplet.actual > written]
    if not fitting:
        return group
    value = fitting[-1]
    missing = (value * tuplet.actual - written) * tuplet.normal / tuplet.actual
    rests = _rests(group[-1], missing, value)
    starts_late = group[0].onset.denominator.bit_count() > 1  # no plain notes could lead there
    if missing <= room_before and (starts_late or missing > room_after):
        moved = group[0].onset - missing - end_of(group[-1])
        return [*(replace(rest, onset=rest.onset + moved) for rest in rests), *group]
    return [*group, *rests]


def _rests(last: Event, time: Fraction, longest: Fraction = _VALUES[0].duration) -> list[Event]:
    """Hidden rests behind an event of a tuplet that last for `time`; none where no values add up to it."""
    tuplet = last.tuplet
    if tuplet is None:
        return []
    left, onset, rests = time * tuplet.actual / tuplet.normal, end_of(last), []
    unmarked = replace(tuplet, state=None)
    for kind in _VALUES:
        while kind.duration <= min(left, longest):
            duration = kind.duration * tuplet.normal / tuplet.actual
            rest = Event(onset, duration, kind, last.voice, last.staff, tuplet=unmarked, hidden=True)
            rests.append(rest)
            left, onset = left - kind.duration, onset + duration
    return [] if left else rests


def _mark(group: Sequence[Event]) -> Iterator[Event]:
    """The tuplet with its bracket from the first to the last event, if it has or needs one."""
    first = _tuplet(group[0])
    values = {(event.kind, event.dots) for event in group}
    has_bracket = any(event.tuplet and event.tuplet.state for event in group)
    if first is None or not (has_bracket or len(values) > 1):
        yield from group
        return
    states: list[TupletState | None] = [TupletState.START, *(None for _ in group[2:]), TupletState.STOP]
    for event, state in zip(group, states if len(group) > 1 else [None], strict=True):
        yield replace(event, tuplet=replace(event.tuplet, state=state)) if event.tuplet else event
