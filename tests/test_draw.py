"""The drawing shows what was seen where it was seen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.draw import GROUPS, STAFF_LINES, STROKES, SYSTEM_FRAME, draw_reading, name_heads, name_pitch
from leggio.geometry import Box, Point
from leggio.music.events import Event, Note, NoteType, Pitch
from leggio.music.notation import Notation, Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.music.read import Reading
from leggio.music.score import Bar, Part, Score
from leggio.page import Page

SPACE = 16.0
C_SHARP = Pitch("C", 1, 4)
HEAD = Symbol(1, SymbolKind.HEAD_BLACK, Box(100, 120, 120, 136), 0.9)
CLEF = Symbol(2, SymbolKind.CLEF_G, Box(40, 80, 70, 180), 0.9)
STEM = Stroke(3, StrokeKind.STEM, Point(200, 60), Point(200, 120), 2, Box(199, 60, 201, 120), 0.9)


def one_note(pitch: Pitch, ink: tuple[int, ...]) -> Score:
    event = Event(
        Fraction(0), Fraction(1, 4), NoteType.QUARTER, voice=1, staff=1, notes=(Note("n1", pitch, ink=ink),)
    )
    return Score((Part("P1", "", 1, (Bar(1, Fraction(1, 4), (event,)),)),))


def one_system() -> System:
    lines = tuple((100 + i * SPACE, 104 + i * SPACE) for i in range(5))
    return System(0, (Staff(0, 0, 0, (20.0, 380.0), lines, SPACE),), Box(10, 90, 390, 180))


def drawn(
    symbols: tuple[Symbol, ...] = (),
    strokes: tuple[Stroke, ...] = (),
    systems: tuple[System, ...] = (),
    score: Score | None = None,
    image: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    page = Page(np.full((240, 400), 255, np.uint8) if image is None else image, "drawn")
    notation = Notation(systems, (), (), (), (), (), (), (), ())
    return draw_reading(Reading(page, systems, symbols, strokes, notation, score or Score(())))


def shows(picture: NDArray[np.uint8], colour: tuple[int, int, int], box: Box) -> bool:
    cut = picture[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
    return bool((np.abs(cut.astype(int) - colour) < 40).all(axis=2).any())  # the edges of letters are soft


def test_the_picture_has_the_size_of_the_page_in_colour() -> None:
    picture = drawn()
    assert picture.shape == (240, 400, 3)
    assert picture.dtype == np.uint8


def test_ink_is_pale_and_paper_is_white() -> None:
    image = np.full((240, 400), 255, np.uint8)
    image[:100] = 0
    picture = drawn(image=image)
    assert 100 < picture[50, 50].min() < 200
    assert picture[150, 50].min() == 255


def test_a_symbol_has_a_box_in_the_colour_of_its_group() -> None:
    picture = drawn((HEAD, CLEF))
    assert shows(picture, GROUPS["notehead"], HEAD.box)
    assert shows(picture, GROUPS["clef"], CLEF.box)
    assert not shows(picture, GROUPS["notehead"], CLEF.box)


def test_a_symbol_without_a_group_is_drawn_too() -> None:
    segno = Symbol(1, SymbolKind.SEGNO, Box(100, 120, 120, 150), 0.9)
    assert not (drawn((segno,)) == drawn()).all()


@pytest.mark.parametrize("kind", StrokeKind)
def test_a_stroke_is_a_line_in_the_colour_of_its_kind(kind: StrokeKind) -> None:
    stroke = Stroke(3, kind, STEM.start, STEM.end, 2, STEM.box, 0.9)
    assert shows(drawn(strokes=(stroke,)), STROKES[kind], STEM.box)


def test_staff_lines_follow_their_staff() -> None:
    picture = drawn(systems=(one_system(),))
    assert shows(picture, STAFF_LINES, Box(22, 99, 30, 102))
    assert shows(picture, STAFF_LINES, Box(370, 103, 378, 105))
    assert not shows(picture, STAFF_LINES, Box(22, 104, 30, 112))


def test_a_system_has_a_frame() -> None:
    assert shows(drawn(systems=(one_system(),)), SYSTEM_FRAME, Box(200, 89, 202, 92))


def test_the_name_of_a_note_stands_right_of_its_head() -> None:
    beside = Box(HEAD.box.x1 + 2, HEAD.box.y0, HEAD.box.x1 + 40, HEAD.box.y1)
    named = drawn((HEAD,), score=one_note(C_SHARP, ink=(HEAD.id,)))
    assert shows(named, GROUPS["notehead"], beside)
    other = drawn((HEAD,), score=one_note(Pitch("D", 0, 5), ink=(HEAD.id,)))
    assert not (named == other).all()


def test_a_head_that_became_no_note_shows_its_kind_instead() -> None:
    named = drawn((HEAD,), score=one_note(C_SHARP, ink=(HEAD.id,)))
    assert not (drawn((HEAD,)) == named).all()


def test_a_doubtful_symbol_has_a_question_mark() -> None:
    doubtful = Symbol(HEAD.id, HEAD.kind, HEAD.box, 0.2)
    assert not (drawn((doubtful,)) == drawn((HEAD,))).all()


def test_notes_are_found_by_their_ink() -> None:
    assert name_heads(one_note(C_SHARP, ink=(5, 7))) == {5: "C#4", 7: "C#4"}


@pytest.mark.parametrize(
    ("pitch", "name"),
    [
        (Pitch("C", 0, 4), "C4"),
        (Pitch("F", 2, 5), "F##5"),
        (Pitch("B", -1, 3), "Bb3"),
        (Pitch("E", -2, 2), "Ebb2"),
        (Pitch("A", 3, 0), "A###0"),
    ],
)
def test_a_pitch_is_named_with_its_accidental_and_octave(pitch: Pitch, name: str) -> None:
    assert name_pitch(pitch) == name


def test_a_large_page_without_staves_can_be_drawn() -> None:
    assert drawn((HEAD,), image=np.zeros((3000, 2000), np.uint8)).shape == (3000, 2000, 3)
