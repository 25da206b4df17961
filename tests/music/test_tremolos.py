"""Strokes through a stem and beams between half notes are tremolos."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.music.drawing import SPACE
from tests.music.spelling import Spelling
from tests.music.written import Written

from leggio.music.events import NoteType, Tremolo, TremoloState, Tuplet
from leggio.music.interpret import interpret
from leggio.music.notation import ChordMark, StemWay, StrokeKind, SymbolKind
from leggio.music.tremolos import attach_tremolos, pair_tremolos

K = SymbolKind
UP, DOWN = StemWay.UP, StemWay.DOWN


def one_staff() -> Written:
    sheet = Written()
    sheet.staff(8)
    return sheet


def marked(sheet: Written) -> list[tuple[int, SymbolKind]]:
    return [(mark.chord, mark.kind) for mark in attach_tremolos(sheet.symbols, sheet.outlines)]


def stroke(sheet: Written, kind: SymbolKind, chord: int, along: float, confidence: float = 0.9) -> None:
    """Strokes through the stem of a chord, so many staff spaces from its tip towards the heads."""
    (outline,) = [outline for outline in sheet.outlines if outline.chord == chord]
    assert outline.tip is not None
    down = along if outline.way is UP else -along
    x, y = outline.tip.x / SPACE, outline.tip.y / SPACE + down
    sheet.symbol(kind, x, y, confidence=confidence, size=(1.2, 1.0))


@pytest.mark.parametrize("way", [UP, DOWN])
@pytest.mark.parametrize("kind", [K.TREMOLO_1, K.TREMOLO_3])
def test_strokes_through_a_stem_belong_to_its_chord(way: StemWay, kind: SymbolKind) -> None:
    sheet = one_staff()
    sheet.chord(10, 4, way=way)
    chord = sheet.chord(13, 4, 6, way=way)
    stroke(sheet, kind, chord, 1.0)
    assert marked(sheet) == [(chord, kind)]


def test_strokes_beside_a_stem_or_hardly_seen_are_none() -> None:
    sheet = one_staff()
    chord = sheet.chord(10, 4, way=UP)
    stroke(sheet, K.TREMOLO_2, chord, 1.0, confidence=0.3)
    sheet.symbol(K.TREMOLO_1, 14, 8)
    assert marked(sheet) == []


def halves(sheet: Written, kind: SymbolKind = K.HEAD_HALF) -> None:
    """Two notes with stems up whose heads are of a kind."""
    for x in (10, 16):
        sheet.chord(x, 2, way=UP)
    sheet.chords[:] = [replace(c, heads=tuple(replace(h, kind=kind) for h in c.heads)) for c in sheet.chords]


def beams(sheet: Written, count: int) -> None:
    for row in range(count):
        y = sheet.height_of(2, 10) - 3.0 + 0.8 * row
        sheet.sweep(StrokeKind.BEAM, (11.5, y), (15.5, y), 0.5)


@pytest.mark.parametrize("count", [2, 3])
def test_beams_between_two_half_notes_are_a_tremolo(count: int) -> None:
    sheet = one_staff()
    halves(sheet)
    beams(sheet, count)
    chords, marks = pair_tremolos(sheet.chords, sheet.outlines, sheet.maps())
    assert [chord.alternates for chord in chords] == [1, 0]
    assert [(mark.chord, mark.kind.value) for mark in marks] == [
        (0, f"tremolo{count}"),
        (1, f"tremolo{count}"),
    ]


def test_beams_between_black_notes_are_beams() -> None:
    sheet = one_staff()
    halves(sheet, K.HEAD_BLACK)
    beams(sheet, 2)
    assert pair_tremolos(sheet.chords, sheet.outlines, sheet.maps()) == (tuple(sheet.chords), ())


def test_one_piece_of_ink_between_half_notes_may_be_a_slur() -> None:
    sheet = one_staff()
    halves(sheet)
    beams(sheet, 1)
    assert pair_tremolos(sheet.chords, sheet.outlines, sheet.maps())[1] == ()


def test_half_notes_with_nothing_between_them_are_half_notes() -> None:
    sheet = one_staff()
    halves(sheet)
    assert pair_tremolos(sheet.chords, sheet.outlines, sheet.maps())[1] == ()


def test_two_half_notes_that_alternate_last_as_long_as_one() -> None:
    notation = Spelling().clef(K.CLEF_G, 2).time(4, 4).bar("2:2 2:4 2:5").notation()
    first, second, _ = notation.chords
    chords = (
        replace(first, alternates=second.id), replace(second, alternates=first.id), notation.chords[2],
    )  # fmt: skip
    marks = (ChordMark(first.id, K.TREMOLO_3, 0), ChordMark(second.id, K.TREMOLO_3, 0))
    bar = interpret(replace(notation, chords=chords, marks=marks)).parts[0].bars[0]
    assert [(e.kind, e.onset, e.duration) for e in bar.events] == [
        (NoteType.HALF, Fraction(0), Fraction(1, 4)), (NoteType.HALF, Fraction(1, 4), Fraction(1, 4)),
        (NoteType.HALF, Fraction(1, 2), Fraction(1, 2)),
    ]  # fmt: skip
    assert [event.tremolo for event in bar.events] == [
        Tremolo(3, TremoloState.START), Tremolo(3, TremoloState.STOP), None,
    ]  # fmt: skip
    assert [event.tuplet for event in bar.events] == [Tuplet(2, 1), Tuplet(2, 1), None]
