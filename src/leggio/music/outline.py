"""How far chords and rests reach on the page, for what is written over and under them.

In: systems, strokes, chords and rests. Out: one `Outline` for each chord and rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leggio.geometry import Point
from leggio.music.notation import Chord, Head, Rest, Staff, StemWay, Stroke, System


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a chord or rest stands, in pixels: `chord` is its id, `x` the column of its heads.

    `top` and `bottom` are the middles of its highest and lowest head; `tip` is where its stem ends, if it has one.
    A rest has no heads.
    """

    chord: int
    staff: Staff
    x: float
    top: float
    bottom: float
    way: StemWay | None
    tip: Point | None
    heads: tuple[Head, ...]
    grace: bool = False

    @property
    def is_rest(self) -> bool:
        return not self.heads

    @property
    def space(self) -> float:
        return self.staff.space


def outline_marks(
    systems: Sequence[System], strokes: Sequence[Stroke], chords: Sequence[Chord], rests: Sequence[Rest]
) -> tuple[Outline, ...]:
    """The outlines of all chords and rests, from left to right."""
    staves = {staff.id: staff for system in systems for staff in system.staves}
    stems = {stroke.id: stroke for stroke in strokes}
    outlines = [_outline_chord(chord, staves[chord.staff], stems) for chord in chords]
    outlines += [_outline_rest(rest, staves[rest.staff]) for rest in rests]
    return tuple(sorted(outlines, key=lambda outline: outline.x))


def _outline_chord(chord: Chord, staff: Staff, stems: dict[int, Stroke]) -> Outline:
    heights = [head.y for head in chord.heads]
    stem = stems.get(chord.stem) if chord.stem is not None else None
    tip = (stem.start if chord.way is StemWay.UP else stem.end) if stem else None
    return Outline(
        chord.id, staff, chord.x, min(heights), max(heights), chord.way, tip, chord.heads, chord.grace
    )


def _outline_rest(rest: Rest, staff: Staff) -> Outline:
    bottom, top = staff.line_at(4, rest.x), staff.line_at(0, rest.x)
    y = bottom - rest.position * (bottom - top) / 8
    return Outline(rest.id, staff, rest.x, y, y, None, None, ())
