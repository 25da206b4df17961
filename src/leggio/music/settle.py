"""Mend what contradicts itself in a score, so that it can be written down. In: any `Score`. Out: a consistent one.

No note is lost. A bar that holds too much becomes as long as its voices reach; an event that starts before its voice
is free gets a voice of its own; a part that ends early goes on in rests; what lasts no time lasts what is written; a
tuplet that lacks a note is filled with a hidden rest. Half a slur, tie, hairpin, tremolo or beam is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from leggio.music.directions import order_of_shift
from leggio.music.events import Event, NoteType, put_on_staff
from leggio.music.score import Bar, BarStyle, Part, Score
from leggio.music.settle_beams import settle_beams
from leggio.music.settle_hairpins import settle_hairpins
from leggio.music.settle_shifts import settle_shifts
from leggio.music.settle_slurs import settle_slurs
from leggio.music.settle_ties import settle_ties
from leggio.music.settle_tremolos import settle_strokes, settle_tremolos
from leggio.music.settle_tuplets import fill_tuplets
from leggio.music.settle_voices import end_of, order_voices, split_voices
from leggio.music.settle_words import settle_directions, settle_harmonies, settle_lyrics


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
    bars = settle_hairpins(settle_shifts(settle_slurs(settle_ties(bars))))
    return replace(part, staves=max(part.staves, *used, 1), bars=bars)


def _settle_bar(bar: Bar, spare: int) -> Bar:
    """`bar` in the order of writing: voice by voice, in time. Voices from `spare` on are free."""
    voices = split_voices(order_voices(_settle_event(event, bar) for event in bar.events), spare)
    reach = max([Fraction(0), bar.duration, *(end_of(voice[-1]) for voice in voices)])
    voices = tuple(settle_tremolos(voice, reach) for voice in voices)
    filled = tuple(fill_tuplets(voice, reach) for voice in voices)
    if filled != voices:  # a rest may be in the way of what follows
        voices = split_voices(filled, spare)
    end = max([reach, *(end_of(voice[-1]) for voice in voices)])
    clefs = (replace(change, onset=min(max(Fraction(0), change.onset), end)) for change in bar.clefs)
    clefs_in_time = tuple(sorted(clefs, key=lambda change: (change.onset, change.staff)))
    shifts = (replace(shift, onset=min(max(Fraction(0), shift.onset), end)) for shift in bar.shifts)
    shifts_in_time = tuple(sorted(shifts, key=order_of_shift))
    return replace(
        bar, duration=end, clefs=clefs_in_time, shifts=shifts_in_time, events=tuple(chain(*map(settle_beams, voices))),
        directions=settle_directions(bar.directions, end), harmonies=settle_harmonies(bar.harmonies, end),
        left=_settle_line(bar.left, bar.repeat_start), right=_settle_line(bar.right, opens=False),
    )  # fmt: skip


def _settle_line(style: BarStyle, opens: bool) -> BarStyle:
    """A line that programs can draw: a heavy one in front of a light one only opens a repeat, says Verovio."""
    return BarStyle.DOUBLE if style is BarStyle.HEAVY_LIGHT and not opens else style


def _settle_event(event: Event, bar: Bar) -> Event:
    """`event` within its bar's time, and longer than nothing unless it is a grace note."""
    onset = max(Fraction(0), event.onset)
    event = replace(
        event, lyrics=settle_lyrics(event), tremolo=settle_strokes(event), cue=event.cue and not event.grace
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
