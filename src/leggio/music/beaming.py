"""Tuplets and beams of a bar. In: its events and the chords behind them. Out: events that say where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music.events import BeamState, Event, Tuplet, TupletState
from leggio.music.notation import Chord
from leggio.music.rhythm import Solution
from leggio.music.spans import Mark


def mark_tuplets(
    events: list[tuple[int, Event]],
    order: Sequence[int],
    marks: Sequence[Mark],
    solution: Solution,
) -> list[tuple[int, Event]]:
    """Give the events of a tuplet their ratio, and the first and the last one their bracket's ends."""
    ratio: dict[int, Fraction] = {}
    for mark, placement in zip(marks, solution.placements, strict=True):
        if placement.tuplet:
            ratio[mark.id] = placement.duration / placement.choice.duration
    plain = [i for i, (_, event) in enumerate(events) if not event.grace]
    result = list(events)
    running: dict[int, list[int]] = {}
    for i, mark_id in zip(plain, order, strict=True):
        if mark_id not in ratio:
            continue
        staff, event = events[i]
        share = ratio[mark_id]
        tuplet = Tuplet(share.denominator, share.numerator)
        result[i] = (staff, replace(event, tuplet=tuplet))
        running.setdefault(event.voice, []).append(i)
    for members in running.values():
        _bracket(result, members)
    return result


def _bracket(events: list[tuple[int, Event]], members: Sequence[int]) -> None:
    """Mark where each tuplet of a voice starts and stops: a tuplet is full when it lasts `normal` of its first note."""
    begun: int | None = None
    total, full = Fraction(0), Fraction(0)
    for i in members:
        staff, event = events[i]
        tuplet = event.tuplet
        if tuplet is None:
            continue
        if begun is None:
            begun, total, full = i, Fraction(0), tuplet.normal * event.kind.duration
            events[i] = (staff, replace(event, tuplet=replace(tuplet, state=TupletState.START)))
        total += event.duration
        if total >= full and begun != i:
            events[i] = (staff, replace(event, tuplet=replace(tuplet, state=TupletState.STOP)))
            begun = None
    if begun is not None:  # a note of the last one was missed: its bracket ends with what there is
        staff, event = events[members[-1]]
        state = TupletState.STOP if members[-1] != begun else None
        if event.tuplet:
            events[members[-1]] = (staff, replace(event, tuplet=replace(event.tuplet, state=state)))


def beam_events(events: list[tuple[int, Event]], marks: Sequence[Mark]) -> list[tuple[int, Event]]:
    """Say of every beamed chord where its beams begin, go on and end."""
    rows: dict[tuple[int, int], list[int]] = {}
    plain = [i for i, (_, event) in enumerate(events) if not event.grace]
    chords: dict[int, Chord] = {}
    for i, mark in zip(plain, marks, strict=True):
        if isinstance(mark, Chord) and mark.beam is not None and mark.beams:
            chords[i] = mark
            rows.setdefault((mark.beam, events[i][1].voice), []).append(i)
    result = list(events)
    for row in rows.values():
        if len(row) < 2:
            continue
        counts = [max(events[i][1].kind.duration.denominator.bit_length() - 3, 0) for i in row]
        for place, i in enumerate(row):
            staff, event = events[i]
            result[i] = (staff, replace(event, beams=_states(counts, place, [chords[j] for j in row])))
    return result


def _states(counts: Sequence[int], place: int, row: Sequence[Chord]) -> tuple[BeamState, ...]:
    states = []
    last = len(row) - 1
    for level in range(1, counts[place] + 1):
        before = place > 0 and counts[place - 1] >= level and (level == 1 or _joined(row, place - 1, level))
        after = place < last and counts[place + 1] >= level and (level == 1 or _joined(row, place, level))
        if before and after:
            states.append(BeamState.CONTINUE)
        elif before:
            states.append(BeamState.END)
        elif after:
            states.append(BeamState.BEGIN)
        elif place < last and (place == 0 or row[place].beams_right >= level):
            states.append(BeamState.FORWARD_HOOK)
        else:
            states.append(BeamState.BACKWARD_HOOK)
    return tuple(states)


def _joined(row: Sequence[Chord], place: int, level: int) -> bool:
    """Whether a beam of this level runs from one chord to the next: either side shows it."""
    return row[place].beams_right >= level or row[place + 1].beams_left >= level
