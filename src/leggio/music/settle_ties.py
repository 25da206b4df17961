"""Ties with both ends. In: the bars of a part, events in the order of writing. Out: bars without half ties.

A tie binds a note to one of the same pitch that comes after it, in its bar or the next one, whatever its voice and
staff; a grace note to one of its own voice. In a bar the voice with the first of the two is written first: Verovio
looks for the second one behind it, and for that of a grace note in no other voice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, groupby
from typing import TypeAlias

from leggio.music.events import Event, Pitch
from leggio.music.score import Bar

_Place: TypeAlias = tuple[int, int, int]
"""Which bar, which event of it, which note of that."""


@dataclass(frozen=True, slots=True)
class _Half:
    """A note that a tie may start or stop at."""

    place: _Place
    event: Event
    reaches_end: bool

    @property
    def pitch(self) -> Pitch:
        return self.event.notes[self.place[2]].pitch


_Pair: TypeAlias = tuple[_Half, _Half]


def settle_ties(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """`bars` with ties that have both ends, and their voices in an order that shows first ends first."""
    pairs, orders = _drop_crossed(_pair_ties(bars), bars)
    starts, stops = {first.place for first, _ in pairs}, {last.place for _, last in pairs}

    def settled(at: tuple[int, int], event: Event) -> Event:
        notes = (
            replace(note, tie_start=(*at, number) in starts, tie_stop=(*at, number) in stops)
            for number, note in enumerate(event.notes)
        )
        return replace(event, notes=tuple(notes))

    events = [
        [settled((place, i), event) for i, event in enumerate(bar.events)] for place, bar in enumerate(bars)
    ]
    return tuple(
        replace(bar, events=_order_voices(row, order))
        for bar, row, order in zip(bars, events, orders, strict=True)
    )


def _drop_crossed(
    pairs: Sequence[_Pair], bars: Sequence[Bar]
) -> tuple[list[_Pair], list[set[tuple[int, int]]]]:
    """The ties whose voices can be put in order, and which voice of a bar goes before which.

    Two voices that are tied to each other in one bar, to and fro, were misread: the tie whose notes meet stays.
    """
    kept: list[_Pair] = []
    orders: list[set[tuple[int, int]]] = [set() for _ in bars]
    for first, last in sorted(pairs, key=lambda pair: not _rank(*pair)[0]):
        number = first.place[0]
        voices = first.event.voice, last.event.voice
        if number != last.place[0] or voices[0] == voices[1]:
            kept.append((first, last))
        elif not _leads(voices[1], voices[0], orders[number]):
            kept.append((first, last))
            orders[number].add(voices)
    return kept, orders


def _leads(start: int, goal: int, order: Collection[tuple[int, int]]) -> bool:
    """Whether one voice goes before another, directly or over others."""
    return start == goal or any(_leads(b, goal, order) for a, b in order if a == start)


def _pair_ties(bars: Sequence[Bar]) -> list[_Pair]:
    """Both ends of every tie. A second ending goes on from where the first one does."""
    pairs = []
    halves = [list(_find_halves(number, bar)) for number, bar in enumerate(bars)]
    starts = [[half for half in row if half.event.notes[half.place[2]].tie_start] for row in halves]
    used: set[_Place] = set()
    for number, row in enumerate(halves):
        fork = _find_fork(bars, number)
        at_fork = [half for half in starts[fork] if half.reaches_end] if fork is not None else []
        for last in row:
            if not last.event.notes[last.place[2]].tie_stop:
                continue
            nearby = chain(
                starts[number - 1] if number else (), (s for s in starts[number] if _is_before(s, last))
            )
            open_starts = [s for s in nearby if s.place not in used and _suits(s, last)]
            open_starts = open_starts or [s for s in at_fork if not last.event.onset and _suits(s, last)]
            if open_starts:
                first = max(open_starts, key=lambda start: _rank(start, last))
                used.add(first.place)
                pairs.append((first, last))
    return pairs


def _find_halves(number: int, bar: Bar) -> Iterator[_Half]:
    """The notes of a bar in the order of time."""
    in_time = sorted(
        enumerate(bar.events), key=lambda item: (item[1].onset, not item[1].grace, item[1].voice)
    )
    for place, event in in_time:
        reaches_end = event.onset + event.duration >= bar.duration
        for index in range(len(event.notes)):
            yield _Half((number, place, index), event, reaches_end)


def _find_fork(bars: Sequence[Bar], number: int) -> int | None:
    """The bar that a later ending goes on from: the last one before all endings."""
    if not (number and bars[number].ending_start and bars[number - 1].ending):
        return None
    before = (place for place in range(number - 1, -1, -1) if not bars[place].ending)
    return next(before, None)


def _suits(first: _Half, last: _Half) -> bool:
    return first.pitch == last.pitch and (not first.event.grace or first.event.voice == last.event.voice)


def _is_before(first: _Half, last: _Half) -> bool:
    a, b = first.event, last.event
    return a.onset < b.onset or (a.onset == b.onset and a.grace and not b.grace)


def _rank(first: _Half, last: _Half) -> tuple[bool, bool, int, Fraction, int]:
    """How well two halves fit: the one ends where the other begins, in the same voice, not long ago."""
    if first.place[0] == last.place[0]:
        meets = first.event.onset + first.event.duration == last.event.onset
    else:
        meets = first.reaches_end and not last.event.onset
    a, b = first.event, last.event
    return meets, a.voice == b.voice, first.place[0], a.onset, -a.voice


def _order_voices(events: Sequence[Event], pairs: set[tuple[int, int]]) -> tuple[Event, ...]:
    """The events of a bar, voice by voice: the first voice of each pair before its second one."""
    voices = {voice: tuple(row) for voice, row in groupby(events, key=lambda event: event.voice)}
    order: list[int] = []
    left = sorted(voices)
    while left:
        order.append(next(b for b in left if not any(a in left for a, other in pairs if other == b)))
        left.remove(order[-1])
    return tuple(chain(*(voices[voice] for voice in order)))
