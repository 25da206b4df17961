"""Slurs with both ends, told apart by numbers. In: the bars of a part, in the order of writing. Out: the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from leggio.music.events import Event, Slur, SlurState
from leggio.music.score import Bar

_NUMBERS = 6  # slurs that may overlap: as many as MusicXML could tell apart before its version 4
_Stretch: TypeAlias = tuple[int, int]  # from which event to which


def settle_slurs(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """`bars` with slurs that have both ends; two that overlap in time or in the order of writing differ in number."""
    written = [(number, place) for number, bar in enumerate(bars) for place in range(len(bar.events))]

    def time(at: tuple[int, int]) -> tuple[int, Fraction, bool, int]:
        event = bars[at[0]].events[at[1]]
        return at[0], event.onset, not event.grace, at[1]

    in_time = sorted(written, key=time)
    rank = {at: number for number, at in enumerate(written)}
    pairs = _pair_slurs([bars[number].events[place] for number, place in in_time])
    taken: list[tuple[int, _Stretch, _Stretch]] = []
    ends: dict[tuple[int, int], list[Slur]] = {at: [] for at in written}
    for pair in sorted(pairs, key=lambda pair: [rank[in_time[end]] for end in pair]):
        start, stop = in_time[pair[0]], in_time[pair[1]]
        way = min(rank[start], rank[stop]), max(rank[start], rank[stop])
        busy = {number for number, t, w in taken if _overlap(t, pair) or _overlap(w, way)}
        free = next((number for number in range(1, _NUMBERS + 1) if number not in busy), None)
        if free:
            taken.append((free, pair, way))
            ends[start].append(Slur(free, SlurState.START))
            ends[stop].append(Slur(free, SlurState.STOP))

    def settled(at: tuple[int, int], event: Event) -> Event:
        slurs = sorted(ends[at], key=lambda slur: (slur.state is SlurState.START, slur.number))
        return replace(event, slurs=tuple(slurs))

    return tuple(
        replace(bar, events=tuple(settled((number, place), event) for place, event in enumerate(bar.events)))
        for number, bar in enumerate(bars)
    )


def _pair_slurs(events: Sequence[Event]) -> list[_Stretch]:
    """The first and the last event of every slur, counted in `events`, which come in the order of time."""
    pairs = []
    begun: dict[int, int] = {}
    for place, event in enumerate(events):
        pairs += [
            (begun.pop(slur.number), place)
            for slur in event.slurs
            if slur.state is SlurState.STOP and slur.number in begun
        ]
        begun.update({slur.number: place for slur in event.slurs if slur.state is SlurState.START})
    return pairs


def _overlap(a: _Stretch, b: _Stretch) -> bool:
    """Whether two stretches share more than an end."""
    return a[0] < b[1] and b[0] < a[1]
