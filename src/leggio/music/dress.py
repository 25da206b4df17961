"""Articulations, ornaments, tremolos and slurs from the chords of the page to the events of the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leggio.music.events import Articulation, Event, Ornament, Slur, SlurState, Tremolo, TremoloState, Tuplet
from leggio.music.notation import ChordMark, Notation
from leggio.music.notation import SymbolKind as K

_ARTICULATIONS = {
    K.STACCATO: Articulation.STACCATO, K.STACCATISSIMO: Articulation.STACCATISSIMO, K.TENUTO: Articulation.TENUTO,
    K.ACCENT: Articulation.ACCENT, K.MARCATO: Articulation.MARCATO,
}  # fmt: skip
_ORNAMENTS = {
    K.TRILL: Ornament.TRILL, K.TURN: Ornament.TURN, K.TURN_INVERTED: Ornament.TURN_INVERTED,
    K.MORDENT: Ornament.MORDENT, K.SHORT_TRILL: Ornament.SHORT_TRILL,
}  # fmt: skip
_TREMOLOS = {K.TREMOLO_1: 1, K.TREMOLO_2: 2, K.TREMOLO_3: 3, K.TREMOLO_4: 4}
_HALVED = Tuplet(2, 1)  # how MusicXML says that two notes that alternate last half of what is written


def dress_event(event: Event, chord: int, notation: Notation) -> Event:
    """The event of a chord or rest (by its id) with the marks on it; slurs are numbered as they come on the page."""
    marks = [mark for mark in notation.marks if mark.chord == chord]
    slurs = [
        Slur(number, state)
        for number, slur in enumerate(notation.slurs, 1)
        for state, end in ((SlurState.STOP, slur.stop), (SlurState.START, slur.start))
        if end == chord
    ]
    strokes = next((_TREMOLOS[mark.kind] for mark in marks if mark.kind in _TREMOLOS), 0)
    state = _tell_tremolo(chord, notation)
    return replace(
        event,
        articulations=tuple(_ARTICULATIONS[mark.kind] for mark in marks if mark.kind in _ARTICULATIONS),
        ornaments=tuple(_ORNAMENTS[mark.kind] for mark in marks if mark.kind in _ORNAMENTS),
        fermata=_has(marks, K.FERMATA_ABOVE, K.FERMATA_BELOW),
        arpeggio=_has(marks, K.ARPEGGIO),
        slurs=tuple(slurs),
        tremolo=Tremolo(strokes, state) if strokes else None,
        tuplet=event.tuplet if state is TremoloState.SINGLE else _HALVED,
    )


def _tell_tremolo(chord: int, notation: Notation) -> TremoloState:
    """Which of two chords that alternate a chord is: ids run from left to right."""
    other = next((one.alternates for one in notation.chords if one.id == chord), None)
    if other is None:
        return TremoloState.SINGLE
    return TremoloState.START if chord < other else TremoloState.STOP


def _has(marks: Sequence[ChordMark], *kinds: K) -> bool:
    return any(mark.kind in kinds for mark in marks)
