"""Tremolos that can be written. In: events, a voice of a bar. Out: the same without tremolos of one half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music.events import Event, NoteType, Tremolo, TremoloState

_STROKES = 8  # that a tremolo has at most


def settle_strokes(event: Event) -> Tremolo | None:
    """A tremolo that MusicXML can count: none on a rest, and no more strokes than it knows."""
    if event.tremolo is None or event.is_rest or event.tremolo.strokes < 1:
        return None
    return replace(event.tremolo, strokes=min(event.tremolo.strokes, _STROKES))


def settle_tremolos(voice: Sequence[Event], end: Fraction) -> tuple[Event, ...]:
    """`voice` with chords that alternate in pairs, one at once after the other, in a bar that lasts until `end`.

    Half a pair is a chord like others: it lasts what is written where that is free, as the pair does, or looks as
    short as it is.
    """
    settled = list(voice)
    begun: int | None = None
    for place, event in enumerate(voice):
        if event.grace and not _state(event):
            continue
        if _state(event) is TremoloState.STOP and begun is not None and _are_pair(voice[begun], event):
            begun = None
            continue
        if begun is not None:
            settled[begun] = _leave_alone(voice[begun], event.onset)
        if _state(event) is TremoloState.STOP:
            settled[place] = _leave_alone(event, event.onset)
        begun = place if _state(event) is TremoloState.START else None
    if begun is not None:
        settled[begun] = _leave_alone(voice[begun], end)
    return tuple(settled)


def _leave_alone(event: Event, until: Fraction) -> Event:
    """Half a pair of chords without the other one, in a voice that is free until then."""
    borrowed = event.tuplet
    if borrowed is None or borrowed.actual != 2 * borrowed.normal:
        return replace(event, tremolo=None)
    if event.onset + 2 * event.duration <= until:
        return replace(event, tremolo=None, tuplet=None, duration=2 * event.duration)
    shorter = (kind for kind in NoteType if 2 * kind.duration == event.kind.duration)
    return replace(event, tremolo=None, tuplet=None, kind=next(shorter, event.kind))


def _state(event: Event) -> TremoloState | None:
    return event.tremolo.state if event.tremolo else None


def _are_pair(first: Event, last: Event) -> bool:
    """Whether two chords alternate: they share their strokes and their value, and no time lies between them."""
    a, b = first.tremolo, last.tremolo
    alike = a is not None and b is not None and a.strokes == b.strokes and first.kind is last.kind
    return alike and first.grace == last.grace and first.onset + first.duration == last.onset
