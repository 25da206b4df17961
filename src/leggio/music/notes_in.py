"""Read the notes and rests of MusicXML, with all that stands at them. In: elements. Out: events.

The opposite of `notes_out`. What a score has no word for becomes its nearest kin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from lxml import etree

from leggio.music.events import (
    Accidental,
    Articulation,
    BeamState,
    Event,
    Note,
    NoteType,
    Ornament,
    Pitch,
    Slur,
    SlurState,
    Stem,
    Tremolo,
    TremoloState,
    Tuplet,
    TupletState,
)
from leggio.music.words_in import read_lyrics

Element: TypeAlias = etree._Element

_KINDS = {kind.value: kind for kind in NoteType} | {
    "long": NoteType.BREVE,
    "maxima": NoteType.BREVE,
    "256th": NoteType.N128,
    "512th": NoteType.N128,
    "1024th": NoteType.N128,
}
_ACCIDENTALS = {accidental.value: accidental for accidental in Accidental} | {
    "sharp-sharp": Accidental.DOUBLE_SHARP,
    "natural-sharp": Accidental.SHARP,
    "natural-flat": Accidental.FLAT,
}
_ARTICULATIONS = {mark.value: mark for mark in Articulation} | {
    "spiccato": Articulation.STACCATISSIMO,
    "soft-accent": Articulation.ACCENT,
}
_ORNAMENTS = {mark.value: mark for mark in Ornament} | {
    "delayed-turn": Ornament.TURN,
    "delayed-inverted-turn": Ornament.TURN_INVERTED,
    "shake": Ornament.TRILL,
}
_SLURS = {state.value: state for state in SlurState}
_TREMOLOS = {state.value: state for state in TremoloState}
_STEMS = {stem.value: stem for stem in Stem}
_STROKES = 8  # as many as a tremolo can have
_MOST_DOTS = 3  # that the value of a note without a type is guessed with


def read_event(element: Element, onset: Fraction, duration: Fraction, ids: Iterator[str]) -> Event:
    """A note without the others of its chord, or a rest; one without an id takes the next of `ids`."""
    rest = element.find("rest")
    tuplet = _read_tuplet(element)
    kind, dots = _KINDS.get(read_text(element, "type") or ""), len(element.findall("dot"))
    fills_bar = rest is not None and (rest.get("measure") == "yes" or kind is None)
    if kind is None:
        kind, dots = (NoteType.WHOLE, 0) if fills_bar else _guess_value(duration, tuplet)
    grace = element.find("grace") is not None
    event = Event(
        onset=onset,
        duration=duration,
        kind=kind,
        voice=read_number(element, "voice", 1),
        staff=read_number(element, "staff", 1),
        notes=(_read_head(element, ids),) if rest is None else (),
        dots=dots,
        tuplet=tuplet,
        stem=_STEMS.get(read_text(element, "stem") or ""),
        beams=_read_beams(element),
        grace=grace,
        cue=not grace and element.find("cue") is not None,
        whole_bar=fills_bar,
        hidden=element.get("print-object") == "no",
    )
    return _read_marks(element, event)


def read_chord_note(element: Element, event: Event, ids: Iterator[str]) -> Event:
    """The event with one more note of its chord."""
    heads = (_read_head(element, ids),) if element.find("rest") is None else ()
    return _read_marks(element, replace(event, notes=event.notes + heads))


def _read_head(element: Element, ids: Iterator[str]) -> Note:
    step = read_text(element, "pitch/step") or read_text(element, "unpitched/display-step") or "C"
    octave = read_number(element, "pitch/octave", read_number(element, "unpitched/display-octave", 4))
    ties = {tie.get("type") for tie in (*element.findall("tie"), *element.findall("notations/tied"))}
    return Note(
        id=element.get("id") or next(ids),
        pitch=Pitch(step, read_number(element, "pitch/alter", 0), octave),
        accidental=_ACCIDENTALS.get(read_text(element, "accidental") or ""),
        tie_start="start" in ties,
        tie_stop="stop" in ties,
        staff=read_number(element, "staff", 1),
    )


def _read_tuplet(element: Element) -> Tuplet | None:
    modification = element.find("time-modification")
    if modification is None:
        return None
    states = {tuplet.get("type") for tuplet in element.findall("notations/tuplet")}
    state = next((state for state in TupletState if state.value in states), None)
    return Tuplet(
        read_number(modification, "actual-notes", 1), read_number(modification, "normal-notes", 1), state
    )


def _read_marks(element: Element, event: Event) -> Event:
    """The event with the marks at one of its notes: other programs put them at any note of a chord, or at all."""
    articulations = (_ARTICULATIONS.get(mark.tag) for mark in element.iterfind("notations/articulations/*"))
    ornaments = (_ORNAMENTS.get(mark.tag) for mark in element.iterfind("notations/ornaments/*"))
    slurs = tuple(
        Slur(int(slur.get("number", "1")), _SLURS[slur.get("type", "")])
        for slur in element.iterfind("notations/slur")
        if slur.get("type") in _SLURS
    )
    return replace(
        event,
        articulations=tuple(dict.fromkeys((*event.articulations, *filter(None, articulations)))),
        ornaments=tuple(dict.fromkeys((*event.ornaments, *filter(None, ornaments)))),
        fermata=event.fermata or element.find("notations/fermata") is not None,
        arpeggio=event.arpeggio or element.find("notations/arpeggiate") is not None,
        slurs=event.slurs + slurs,
        lyrics=event.lyrics + read_lyrics(element),
        tremolo=event.tremolo or _read_tremolo(element),
    )


def _read_tremolo(element: Element) -> Tremolo | None:
    """Strokes through a stem or between two chords; none of the unmeasured kind, which has no strokes."""
    tremolo = element.find("notations/ornaments/tremolo")
    strokes = read_number(element, "notations/ornaments/tremolo", 0)
    if tremolo is None or not 0 < strokes <= _STROKES:
        return None
    return Tremolo(strokes, _TREMOLOS.get(tremolo.get("type", "single"), TremoloState.SINGLE))


def _read_beams(element: Element) -> tuple[BeamState, ...]:
    beams = sorted(element.findall("beam"), key=lambda beam: int(beam.get("number", "1")))
    return tuple(BeamState((beam.text or "").strip()) for beam in beams)


def _guess_value(duration: Fraction, tuplet: Tuplet | None) -> tuple[NoteType, int]:
    """The longest written value, with its dots, that is not longer than `duration`."""
    written = duration * Fraction(tuplet.actual, tuplet.normal) if tuplet else duration
    values = [
        (kind.duration * (2 - Fraction(1, 2**dots)), kind, dots)
        for kind in NoteType
        for dots in range(_MOST_DOTS)
    ]
    fitting = [value for value in values if value[0] <= written]
    _, kind, dots = max(fitting, key=lambda value: value[0], default=(0, NoteType.N128, 0))
    return kind, dots


def read_text(element: Element, path: str) -> str | None:
    return (element.findtext(path) or "").strip() or None


def read_number(element: Element, path: str, default: int) -> int:
    """The whole number at `path`; microtones and voices with names fall back on what is whole in them."""
    digits = re.match(r"-?\d+", read_text(element, path) or "")
    return int(digits.group()) if digits else default
