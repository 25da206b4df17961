"""Two bars of quarter notes on one staff in treble clef, as they were seen and read: for tests of doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.geometry import Box, Point
from leggio.music.events import Event, Note, NoteType, Pitch
from leggio.music.notation import (
    BarLine,
    Chord,
    Head,
    LineStyle,
    Notation,
    Staff,
    StemWay,
    Stroke,
    StrokeKind,
    SymbolKind,
    System,
    Tie,
)
from leggio.music.score import Bar, Key, Part, Score, Time
from leggio.music.trouble import Scene, set_scene

SPACE = 20.0
QUARTER = Fraction(1, 4)
STAFF = Staff(0, 0, 0, (0.0, 2000.0), tuple((100 + SPACE * k,) * 2 for k in range(5)), SPACE)
SYSTEM = System(0, (STAFF,), STAFF.box)
LINE = BarLine(0, 1000.0, 999.0, 1001.0, LineStyle.SINGLE, False, False, 1.0)


def height(position: float) -> float:
    """The y of a position: 0 is the bottom line."""
    return 180 - position * SPACE / 2


def pitch_at(position: int) -> Pitch:
    return Pitch("EFGABCD"[position % 7], 0, 4 + (position + 2) // 7)


def x_of(number: int) -> float:
    """Where a note stands: 0 to 3 before the bar line, 4 to 7 behind it."""
    return 100.0 + 220 * number + (40 if number > 3 else 0)


def chord(number: int, *positions: int, off: float = 0.0) -> Chord:
    """A quarter; its heads have ids 10 x number on, and lie `off` steps too high."""
    x = x_of(number)
    heads = tuple(
        Head(10 * number + k, SymbolKind.HEAD_BLACK, position, x, height(position + off), None, None, 1.0)
        for k, position in enumerate(positions)
    )
    ink = tuple(head.symbol for head in heads)
    return Chord(number, 0, x, heads, 100 + number, StemWay.UP, 0, 0, 0, None, 0, False, ink, 1.0)


def event(of: Chord) -> Event:
    notes = tuple(Note(f"n{h.symbol}", pitch_at(h.position), ink=(h.symbol,)) for h in of.heads)
    return Event((of.id % 4) * QUARTER, QUARTER, NoteType.QUARTER, 1, 1, notes, ink=of.ink)


def curve(number: int, later: int, position: float) -> Stroke:
    """A slur or tie from one note to a later one, just below a position."""
    start, end = (
        Point(x_of(number) + 10, height(position) + 15),
        Point(x_of(later) - 10, height(position) + 15),
    )
    box = Box(start.x, start.y, end.x, end.y + 6)
    return Stroke(500 + number, StrokeKind.SLUR, start, end, 3.0, box, 0.9, 5.0)


def ledger(number: int, position: int) -> Stroke:
    x, y = x_of(number), height(position)
    box = Box(x - 18, y - 1, x + 18, y + 1)
    return Stroke(600 + number, StrokeKind.LEDGER, Point(x - 18, y), Point(x + 18, y), 2.0, box, 0.9)


def score_of(chords: Sequence[Chord], *, graces: Sequence[int] = (), tied: Sequence[int] = ()) -> Score:
    """The score of eight chords; those with a number in `graces` are small, heads in `tied` begin a tie."""
    bars = []
    for bar in (0, 1):
        events = [event(c) for c in chords if c.id // 4 == bar]
        events = [
            replace(
                e,
                grace=bar * 4 + k in graces,
                notes=tuple(replace(n, tie_start=n.ink[0] in tied) for n in e.notes),
            )
            for k, e in enumerate(events)
        ]
        bars.append(Bar(bar + 1, Fraction(1), tuple(events)))
    bars[0] = replace(bars[0], key=Key(0), time=Time(4, 4))
    return Score((Part("P1", "", 1, tuple(bars)),))


def scene(
    chords: Sequence[Chord],
    strokes: Sequence[Stroke] = (),
    ties: Sequence[tuple[int, int]] = (),
    graces: Sequence[int] = (),
) -> Scene:
    """The chords as seen and read; `ties` lead from head to head."""
    found = tuple(Tie(start, stop, 500) for start, stop in ties)
    notation = Notation((SYSTEM,), (LINE,), tuple(chords), (), (), (), (), (), found)
    return set_scene(notation, strokes, score_of(chords, graces=graces, tied=[start for start, _ in ties]))


def melody(*positions: int) -> list[Chord]:
    return [chord(number, position) for number, position in enumerate(positions)]
