"""Articulations, ornaments and slurs from the chords of the page to the events of the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leggio.music.notation import ChordMark, Notation
from leggio.music.notation import SymbolKind as K
from leggio.music.score import Articulation, Event, Ornament, Slur, SlurState

_ARTICULATIONS = {
    K.STACCATO: Articulation.STACCATO, K.STACCATISSIMO: Articulation.STACCATISSIMO, K.TENUTO: Articulation.TENUTO,
    K.ACCENT: Articulation.ACCENT, K.MARCATO: Articulation.MARCATO,
}  # fmt: skip
_ORNAMENTS = {
    K.TRILL: Ornament.TRILL, K.TURN: Ornament.TURN, K.TURN_INVERTED: Ornament.TURN_INVERTED,
    K.MORDENT: Ornament.MORDENT, K.SHORT_TRILL: Ornament.SHORT_TRILL,
}  # fmt: skip


def dress_event(event: Event, chord: int, notation: Notation) -> Event:
    """The event of a chord or rest (by its id) with the marks on it; slurs are numbered as they come on the page."""
    marks = [mark for mark in notation.marks if mark.chord == chord]
    slurs = [
        Slur(number, state)
        for number, slur in enumerate(notation.slurs, 1)
        for state, end in ((SlurState.STOP, slur.stop), (SlurState.START, slur.start))
        if end == chord
    ]
    return replace(
        event,
        articulations=tuple(_ARTICULATIONS[mark.kind] for mark in marks if mark.kind in _ARTICULATIONS),
        ornaments=tuple(_ORNAMENTS[mark.kind] for mark in marks if mark.kind in _ORNAMENTS),
        fermata=_has(marks, K.FERMATA_ABOVE, K.FERMATA_BELOW),
        arpeggio=_has(marks, K.ARPEGGIO),
        slurs=tuple(slurs),
    )


def _has(marks: Sequence[ChordMark], *kinds: K) -> bool:
    return any(mark.kind in kinds for mark in marks)
