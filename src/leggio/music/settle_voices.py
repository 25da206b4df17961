"""Voices in which one thing comes after the other. In: the voices of a bar, as read. Out: its voices, each in time.

Events that a beam, a tremolo or a tuplet holds together stay together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

from leggio.music.events import VOICES_A_STAFF, BeamState, Event, TremoloState, TupletState

_OPEN_BEAMS = {BeamState.BEGIN, BeamState.CONTINUE}


def split_voices(voices: Iterable[Sequence[Event]], spare: int) -> tuple[tuple[Event, ...], ...]:
    """The voices of a bar by number; what starts before its voice is free gets another voice of its staff.

    Where a staff has no voice left, it goes on in any of them that is free, or else in one of those from `spare` on.
    """
    runs = sorted((run for voice in voices for run in _find_runs(voice)), key=lambda run: _moment(run[0]))
    taken = {run[0].voice for run in runs}
    lanes: dict[int, list[Event]] = {}
    homes: dict[int, int] = {}  # the voice of the score that a lane holds events of
    for run in runs:
        voice, staff = run[0].voice, run[0].staff
        free = [lane for lane, row in lanes.items() if end_of(row[-1]) <= run[0].onset]
        own = [lane for lane in free if homes[lane] == voice]
        if voice not in lanes:
            own.append(voice)
        lane = own[0] if own else _find_number(staff, {*taken, *lanes})
        lane = lane or next((lane for lane in free if lanes[lane][-1].staff == staff), None)
        lane = lane or next(number for number in count(spare) if number not in lanes)
        homes.setdefault(lane, voice)
        lanes.setdefault(lane, []).extend(replace(event, voice=lane) for event in run)
    return tuple(tuple(lanes[lane]) for lane in sorted(lanes))


def order_voices(events: Iterable[Event]) -> tuple[tuple[Event, ...], ...]:
    """Events by the voice that they have, in time; they may overlap."""
    voices: dict[int, list[Event]] = {}
    for event in sorted(events, key=_moment):
        voices.setdefault(event.voice, []).append(event)
    return tuple(map(tuple, voices.values()))


def end_of(event: Event) -> Fraction:
    return event.onset + event.duration


def fills_tuplet(event: Event) -> bool:
    """Whether an event only stands for what a tuplet lacks."""
    return event.is_rest and event.hidden and event.tuplet is not None


def _moment(event: Event) -> tuple[Fraction, bool, bool]:
    """The order of a voice: a grace note stands before its note, but behind a tuplet that a hidden rest fills."""
    return event.onset, not fills_tuplet(event), not event.grace


def _find_number(staff: int, taken: Collection[int]) -> int | None:
    """A voice of a staff that nobody in the bar has; notation programs know four, and lose the notes of a fifth."""
    first = (staff - 1) * VOICES_A_STAFF + 1
    return next((voice for voice in range(first, first + VOICES_A_STAFF) if voice not in taken), None)


def _find_runs(voice: Sequence[Event]) -> list[list[Event]]:
    """Events that follow each other and are held together."""
    runs: list[list[Event]] = []
    for event in voice:
        if runs and end_of(runs[-1][-1]) <= event.onset and _is_held(runs[-1][-1], event):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def _is_held(before: Event, event: Event) -> bool:
    """Whether a beam, a tremolo or a tuplet goes from one event to the next."""
    if before.beams and before.beams[0] in _OPEN_BEAMS:
        return True
    if before.tremolo and before.tremolo.state is TremoloState.START:
        return True
    a, b = before.tuplet, event.tuplet
    if a is None or b is None or (a.actual, a.normal) != (b.actual, b.normal):
        return False
    return a.state is not TupletState.STOP and b.state is not TupletState.START
