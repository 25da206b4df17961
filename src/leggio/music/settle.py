"""Mend what contradicts itself in a score, so that it can be written down. In: any `Score`. Out: a consistent one.

No note is lost. A bar that holds too much becomes as long as its voices reach; an event that starts before its voice
is free gets a voice of its own; a part that ends early goes on in rests; what lasts no time lasts what is written.
Half a slur is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from leggio.music.score import (
    Bar,
    Event,
    NoteType,
    Part,
    Score,
    Slur,
    SlurState,
    Tremolo,
    order_of_shift,
    put_on_staff,
)
from leggio.music.settle_shifts import settle_shifts
from leggio.music.settle_words import settle_directions, settle_harmonies, settle_lyrics

_STROKES = 8  # that a tremolo has at most
_SLUR_NUMBERS = 6  # slurs that may overlap: as many as MusicXML could tell apart before its version 4


def settle(score: Score) -> Score:
    """`score` without contradictions: a consistent score comes back with its events in the order of writing.

    There is at least one part of at least one bar.
    """
    parts = tuple(map(_settle_part, score.parts)) or (Part("P1", "", 1, ()),)
    longest = max((part.bars for part in parts), key=len) or (Bar(1, Fraction(1)),)
    return replace(score, parts=tuple(_pad_part(part, longest) for part in parts))


def _pad_part(part: Part, longest: tuple[Bar, ...]) -> Part:
    """`part` with rests in the bars that only `longest` has."""
    staves = range(1, part.staves + 1)
    missing = longest[len(part.bars) :]
    return replace(part, bars=part.bars + tuple(_rest_bar(bar, staves) for bar in missing))


def _rest_bar(bar: Bar, staves: Iterable[int]) -> Bar:
    rest = Event(Fraction(0), bar.duration, NoteType.WHOLE, voice=1, staff=1, whole_bar=True)
    rests = (put_on_staff(rest, staff) for staff in staves)
    events = tuple(rests) if bar.duration else ()
    return replace(bar, events=events, clefs=(), shifts=(), directions=(), harmonies=())


def _settle_part(part: Part) -> Part:
    """`part` with enough staves, and its bars settled."""
    used = [note.staff for bar in part.bars for event in bar.events for note in event.notes]
    used += [event.staff for bar in part.bars for event in bar.events]
    used += [change.staff for bar in part.bars for change in bar.clefs]
    used += [shift.staff for bar in part.bars for shift in bar.shifts]
    used += [direction.staff for bar in part.bars for direction in bar.directions]
    used += [harmony.staff for bar in part.bars for harmony in bar.harmonies]
    spare = 1 + max((event.voice for bar in part.bars for event in bar.events), default=0)
    bars = tuple(_settle_bar(bar, spare) for bar in part.bars)
    return replace(part, staves=max(part.staves, *used, 1), bars=settle_shifts(_settle_slurs(bars)))


def _settle_bar(bar: Bar, spare: int) -> Bar:
    """`bar` in the order of writing: voice by voice, in time. Voices from `spare` on are free."""
    lanes: dict[int, list[Event]] = {}
    homes: dict[int, int] = {}  # the voice of the score that a lane holds events of
    events = (_settle_event(event, bar) for event in bar.events)
    for event in sorted(events, key=lambda event: (event.onset, not event.grace)):
        free = [
            lane
            for lane, home in homes.items()
            if home == event.voice and _end(lanes[lane][-1]) <= event.onset
        ]
        first_choice = event.voice if event.voice not in lanes else spare + len(lanes)
        lane = free[0] if free else first_choice
        homes[lane] = event.voice
        lanes.setdefault(lane, []).append(replace(event, voice=lane))
    end = max([Fraction(0), bar.duration, *(_end(lane[-1]) for lane in lanes.values())])
    clefs = (replace(change, onset=min(max(Fraction(0), change.onset), end)) for change in bar.clefs)
    clefs_in_time = tuple(sorted(clefs, key=lambda change: (change.onset, change.staff)))
    shifts = (replace(shift, onset=min(max(Fraction(0), shift.onset), end)) for shift in bar.shifts)
    shifts_in_time = tuple(sorted(shifts, key=order_of_shift))
    events_in_order = tuple(chain(*(lanes[lane] for lane in sorted(lanes))))
    return replace(
        bar, duration=end, clefs=clefs_in_time, shifts=shifts_in_time, events=events_in_order,
        directions=settle_directions(bar.directions, end), harmonies=settle_harmonies(bar.harmonies, end),
    )  # fmt: skip


def _settle_event(event: Event, bar: Bar) -> Event:
    """`event` within its bar's time, and longer than nothing unless it is a grace note."""
    onset = max(Fraction(0), event.onset)
    event = replace(
        event, lyrics=settle_lyrics(event), tremolo=_settle_tremolo(event), cue=event.cue and not event.grace
    )
    if event.grace:
        return replace(event, onset=onset, duration=Fraction(0))
    if event.duration > 0:
        return replace(event, onset=onset)
    written = event.kind.duration * (2 - Fraction(1, 2**event.dots))
    if event.tuplet:
        written *= Fraction(event.tuplet.normal, event.tuplet.actual)
    fills_bar = event.whole_bar and bar.duration > 0
    return replace(event, onset=onset, duration=bar.duration if fills_bar else written)


def _settle_tremolo(event: Event) -> Tremolo | None:
    """A tremolo that can be written: none on a rest, and no more strokes than MusicXML counts."""
    if event.tremolo is None or event.is_rest or event.tremolo.strokes < 1:
        return None
    return replace(event.tremolo, strokes=min(event.tremolo.strokes, _STROKES))


def _end(event: Event) -> Fraction:
    return event.onset + event.duration


def _settle_slurs(bars: Sequence[Bar]) -> tuple[Bar, ...]:
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
        free = next((number for number in range(1, _SLUR_NUMBERS + 1) if number not in busy), None)
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


_Stretch = tuple[int, int]  # from which event to which


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
