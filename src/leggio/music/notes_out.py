"""Write notes and rests as MusicXML 4.0, with all that stands at them. In: events. Out: elements.

Elements are added to those of the document that is being written, in the order of the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lxml import etree

from leggio.music.events import Event, Note, NoteType, Pitch, SlurState
from leggio.music.words_out import add, write_lyrics

Element: TypeAlias = etree._Element

_BEAM_LEVELS = 8  # as many as MusicXML can number
_OCTAVES = 9  # the highest octave of MusicXML


def write_event(
    measure: Element, event: Event, staves: int, length: int, take_id: Callable[[str], str]
) -> None:
    """An event at the end of a bar; it lasts `length` divisions, and `take_id` makes a note's id a new one."""
    for place, note in enumerate(event.notes or (None,)):
        element = add(measure, "note")
        if note:
            element.set("id", take_id(note.id))
        if event.hidden:
            element.set("print-object", "no")
        if event.grace:
            add(element, "grace")
        elif event.cue:
            add(element, "cue")
        if place:
            add(element, "chord")
        if note:
            _write_pitch(element, note.pitch)
        else:
            add(element, "rest", **({"measure": "yes"} if event.whole_bar else {}))
        if not event.grace:
            add(element, "duration", length)
        _write_look(element, event, note, staves, is_first=place == 0)


def _write_pitch(element: Element, pitch: Pitch) -> None:
    child = add(element, "pitch")
    add(child, "step", pitch.step)
    if pitch.alter:
        add(child, "alter", pitch.alter)
    add(child, "octave", min(max(pitch.octave, 0), _OCTAVES))


def _write_look(element: Element, event: Event, note: Note | None, staves: int, is_first: bool) -> None:
    """All that follows a note's duration. What belongs to a chord as a whole stands at its first note."""
    ties = [name for name, is_here in _ties(note) if is_here]
    for name in () if event.cue else ties:  # cue notes are not played, so nothing binds their sound
        add(element, "tie", type=name)
    add(element, "voice", event.voice)
    if not (
        event.whole_bar and event.is_rest and event.kind is NoteType.WHOLE
    ):  # it says nothing of the length
        add(element, "type", event.kind.value, **({"size": "cue"} if event.cue else {}))
    for _ in range(event.dots):
        add(element, "dot")
    if note and note.accidental:
        add(element, "accidental", note.accidental.value)
    if event.tuplet:
        modification = add(element, "time-modification")
        add(modification, "actual-notes", event.tuplet.actual)
        add(modification, "normal-notes", event.tuplet.normal)
    if event.stem:
        add(element, "stem", event.stem.value)
    if staves > 1:
        add(element, "staff", note.staff if note else event.staff)
    for level, state in enumerate(event.beams[:_BEAM_LEVELS] if is_first else (), 1):
        add(element, "beam", state.value, number=str(level))
    _write_notations(element, event, ties, is_first)
    if is_first:
        write_lyrics(element, event)


def _write_notations(element: Element, event: Event, ties: list[str], is_first: bool) -> None:
    """Marks on a note. An arpeggio's wave runs past all heads of its chord, so each of them carries it."""
    notations = etree.Element("notations")
    for name in ties:
        add(notations, "tied", type=name)
    if is_first:
        _write_chord_marks(notations, event)
    if event.arpeggio:
        add(notations, "arpeggiate")
    if len(notations):
        element.append(notations)


def _write_chord_marks(notations: Element, event: Event) -> None:
    for slur in sorted(
        event.slurs, key=lambda slur: slur.state is SlurState.START
    ):  # an end frees its number
        add(notations, "slur", type=slur.state.value, number=str(slur.number))
    if event.tuplet and event.tuplet.state:
        add(notations, "tuplet", type=event.tuplet.state.value, number="1")
    if event.ornaments or event.tremolo:
        parent = add(notations, "ornaments")
        for ornament in event.ornaments:
            add(parent, ornament.value)
        if event.tremolo:
            add(parent, "tremolo", event.tremolo.strokes, type=event.tremolo.state.value)
    if event.articulations:
        parent = add(notations, "articulations")
        for mark in event.articulations:
            add(parent, mark.value)
    if event.fermata:
        add(notations, "fermata")


def _ties(note: Note | None) -> tuple[tuple[str, bool], ...]:
    return (("stop", note.tie_stop), ("start", note.tie_start)) if note else ()
