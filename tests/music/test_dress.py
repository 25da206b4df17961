"""Events get the marks of their chords."""

from __future__ import annotations

from fractions import Fraction

from leggio.music.dress import dress_event
from leggio.music.events import Articulation, Event, NoteType, Ornament, Slur, SlurState
from leggio.music.notation import ChordMark, Notation, SlurMark, SymbolKind

K = SymbolKind
EVENT = Event(Fraction(0), Fraction(1, 4), NoteType.QUARTER, 1, 1)


def dressed(chord: int, marks: tuple[ChordMark, ...] = (), slurs: tuple[SlurMark, ...] = ()) -> Event:
    return dress_event(EVENT, chord, Notation((), (), (), (), (), (), (), (), (), marks, slurs))


def test_an_event_bears_the_marks_of_its_chord_and_no_others() -> None:
    kinds = (K.STACCATO, K.MARCATO, K.SHORT_TRILL, K.FERMATA_BELOW, K.ARPEGGIO)
    marks = (*(ChordMark(3, kind, 0) for kind in kinds), ChordMark(4, K.TENUTO, 0))
    event = dressed(3, marks)
    assert event.articulations == (Articulation.STACCATO, Articulation.MARCATO)
    assert event.ornaments == (Ornament.SHORT_TRILL,)
    assert event.fermata
    assert event.arpeggio
    assert dressed(4, marks).articulations == (Articulation.TENUTO,)


def test_a_chord_without_marks_leaves_its_event_as_it_is() -> None:
    assert dressed(5, (ChordMark(3, K.STACCATO, 0),), (SlurMark(3, 4, ()),)) == EVENT


def test_the_ends_of_a_slur_share_a_number_that_no_other_slur_has() -> None:
    slurs = (SlurMark(1, 2, ()), SlurMark(2, 3, ()))
    assert dressed(1, slurs=slurs).slurs == (Slur(1, SlurState.START),)
    assert dressed(2, slurs=slurs).slurs == (Slur(1, SlurState.STOP), Slur(2, SlurState.START))
    assert dressed(3, slurs=slurs).slurs == (Slur(2, SlurState.STOP),)
