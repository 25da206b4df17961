"""Any reading on top of its page, for people. In: a `Reading`. Out: an RGB picture of what was seen and read.

The page is pale. Staff lines are blue; boxes are symbols, a colour a group; lines are strokes. A head carries the name
of its note, every other symbol the rest of its kind's name; a question mark is a doubt. Systems have a thin frame.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from leggio.geometry import Box, Point
from leggio.music.events import Note, Pitch
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.music.score import Score

if TYPE_CHECKING:
    from leggio.music.read import Reading

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

INK_SHOWN = 0.4  # how much of the page's black is left, so that colours stand out
DOUBTFUL = 0.5  # below this confidence a symbol gets a question mark

LABEL_HEIGHT = 0.65  # in staff spaces

STAFF_LINES: Colour = (70, 130, 220)
SYSTEM_FRAME: Colour = (150, 170, 190)
OTHER: Colour = (110, 110, 110)

# By the start of the kind's name; the label leaves that start out, the colour says it.
GROUPS: dict[str, Colour] = {
    "notehead": (200, 30, 30),
    "accidental": (130, 40, 190),
    "clef": (0, 110, 60),
    "timeSig": (0, 120, 130),
    "rest": (210, 110, 0),
    "flag": (190, 0, 120),
    "augmentation": (220, 60, 120),
    "dynamic": (120, 80, 40),
    "artic": (90, 110, 0),
    "ornament": (90, 110, 0),
    "tuplet": (0, 90, 200),
    "fingering": (120, 120, 120),
}

# Where the rest of the name would hide its neighbours.
SHORT_LABELS: dict[SymbolKind, str] = {
    SymbolKind.SHARP: "#",
    SymbolKind.FLAT: "b",
    SymbolKind.NATURAL: "n",
    SymbolKind.DOUBLE_SHARP: "x",
    SymbolKind.DOUBLE_FLAT: "bb",
    SymbolKind.DOT: "",
}

STROKES: dict[StrokeKind, Colour] = {
    StrokeKind.STEM: (0, 150, 60),
    StrokeKind.BEAM: (230, 140, 0),
    StrokeKind.BARLINE: (20, 20, 200),
    StrokeKind.SLUR: (160, 60, 200),
    StrokeKind.TIE: (200, 60, 160),
    StrokeKind.HAIRPIN: (120, 80, 40),
    StrokeKind.LEDGER: (0, 160, 200),
    StrokeKind.BRACKET: (90, 130, 20),
}


def draw_reading(reading: Reading) -> Picture:
    """The page with what was seen on it: (height, width, 3) uint8, RGB."""
    canvas = _Canvas(reading.page.image, reading.systems)
    for system in reading.systems:
        canvas.draw_system(system)
    for stroke in reading.strokes:
        canvas.draw_stroke(stroke)
    names = name_heads(reading.score)
    for symbol in sorted(reading.symbols, key=_is_head):  # heads last: the names of notes stay on top
        canvas.draw_symbol(symbol, names.get(symbol.id))
    return canvas.picture()


def name_heads(score: Score) -> dict[int, str]:
    """The names of the notes, such as C#4, by the ids of the ink they were read from."""
    return {ink: name_pitch(note.pitch) for note in _notes(score) for ink in note.ink}


def name_pitch(pitch: Pitch) -> str:
    """Such as C#4 or Ebb2; octave 4 starts at middle C."""
    accidental = "#" * pitch.alter if pitch.alter > 0 else "b" * -pitch.alter
    return f"{pitch.step}{accidental}{pitch.octave}"


def _notes(score: Score) -> list[Note]:
    events = (event for part in score.parts for bar in part.bars for event in bar.events)
    return [note for event in events for note in event.notes]


def _is_head(symbol: Symbol) -> bool:
    return symbol.kind.value.startswith("notehead")


class _Canvas:
    """A pale page that is being drawn on; all sizes follow its staff space."""

    def __init__(self, page: Picture, systems: tuple[System, ...]) -> None:
        pale = 255 - (255 - page.astype(np.float32)) * INK_SHOWN
        self._image = Image.fromarray(pale.astype(np.uint8)).convert("RGB")
        self._pen = ImageDraw.Draw(self._image)
        self._space = _staff_space(systems, page.shape[0])
        self._thin = max(1, round(self._space / 10))
        self._font = ImageFont.load_default(min(max(LABEL_HEIGHT * self._space, 9.0), 40.0))

    def picture(self) -> Picture:
        return np.array(self._image, dtype=np.uint8)

    def draw_system(self, system: System) -> None:
        self._frame(system.box, SYSTEM_FRAME)
        for staff in system.staves:
            self._draw_staff(staff)

    def draw_stroke(self, stroke: Stroke) -> None:
        self._line((stroke.start, stroke.end), STROKES[stroke.kind])

    def draw_symbol(self, symbol: Symbol, note_name: str | None) -> None:
        """A box with a label above it; a head that became a note has the note's name at its right."""
        group = next((start for start in GROUPS if symbol.kind.value.startswith(start)), "")
        colour = GROUPS.get(group, OTHER)
        label = SHORT_LABELS.get(symbol.kind, symbol.kind.value.removeprefix(group))
        at, anchor = Point(symbol.box.center.x, symbol.box.y0 - self._thin), "mb"
        if _is_head(symbol):  # above, the labels of a chord would lie on its heads
            label = note_name or label
            at, anchor = Point(symbol.box.x1 + self._thin, symbol.box.center.y), "lm"
        self._frame(symbol.box, colour)
        self._write(label + ("?" if symbol.confidence < DOUBTFUL else ""), at, anchor, colour)

    def _draw_staff(self, staff: Staff) -> None:
        for ys in staff.lines:
            self._line(tuple(Point(x, y) for x, y in zip(staff.xs, ys, strict=True)), STAFF_LINES)

    def _frame(self, box: Box, colour: Colour) -> None:
        self._pen.rectangle((box.x0, box.y0, box.x1, box.y1), outline=colour, width=self._thin)

    def _line(self, points: tuple[Point, ...], colour: Colour) -> None:
        self._pen.line([(point.x, point.y) for point in points], fill=colour, width=self._thin)

    def _write(self, text: str, at: Point, anchor: str, colour: Colour) -> None:
        self._pen.text(
            (at.x, at.y), text, fill=colour, font=self._font, anchor=anchor,
            stroke_width=self._thin, stroke_fill="white",
        )  # fmt: skip


def _staff_space(systems: tuple[System, ...], height: int) -> float:
    """The usual staff space in pixels; a page without staves is taken to be 150 spaces high."""
    spaces = [staff.space for system in systems for staff in system.staves]
    return median(spaces) if spaces else height / 150
