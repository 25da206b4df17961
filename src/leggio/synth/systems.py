"""What Verovio draws in pieces, made whole. In: pieces of staves and strokes. Out: systems, whole strokes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from leggio.music.notation import Staff, Stroke, StrokeKind, System
from leggio.synth.gather import Brace, StaffPiece
from leggio.synth.sample import Contours

_TOUCH = 2.0  # pixels: pieces of one line that are no further apart touch
_ALIKE = 0.25  # pixels: thicknesses that differ by less are the same
_ALONE = 1000  # parts without a brace are numbered from here on, until all parts of a system are counted


def join_staves(pieces: Sequence[StaffPiece], braces: Sequence[Brace]) -> tuple[System, ...]:
    """Staves are drawn bar by bar: each becomes one over its whole system. Only staves of five lines count."""
    spans: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for piece in pieces:
        if len(piece.lines) == 5:
            spans.setdefault((piece.system, round(piece.lines[0][2])), []).extend(piece.lines)
    rows: dict[int, list[Staff]] = {}
    for identity, ((system, _), lines) in enumerate(sorted(spans.items())):
        left, right = min(x for x, _, _ in lines), max(x for _, x, _ in lines)
        ys = sorted({round(y, 2) for _, _, y in lines})[:5]
        part = _ALONE + identity
        for number, brace in enumerate(brace for brace in braces if brace.system == system):
            if brace.top < ys[2] < brace.bottom:
                part = number
        staff = Staff(identity, system, part, (left, right), tuple((y, y) for y in ys), (ys[-1] - ys[0]) / 4)
        rows.setdefault(system, []).append(staff)
    return tuple(_join_system(system, staves) for system, staves in rows.items())


def _join_system(number: int, staves: list[Staff]) -> System:
    """A system of its staves, whose parts are counted from 0 at the top."""
    staves.sort(key=lambda staff: staff.lines[0][0])
    parts = {part: count for count, part in enumerate(dict.fromkeys(staff.part for staff in staves))}
    box = staves[0].box
    for staff in staves:
        box = box.union(staff.box)
    return System(number, tuple(replace(staff, part=parts[staff.part]) for staff in staves), box)


def join_strokes(
    strokes: Sequence[Stroke], outlines: Sequence[Contours]
) -> tuple[tuple[Stroke, ...], tuple[Contours, ...]]:
    """Bar lines are drawn staff by staff, inner beams stem by stem: pieces that touch end to end become one stroke.

    The ink of all pieces becomes that of the whole.
    """
    whole: list[Stroke] = []
    ink = list(outlines)
    # Downwards for bar lines and rightwards for beams, so that each piece comes after the one that it goes on from.
    for piece in sorted(strokes, key=lambda s: s.start.x if s.kind is StrokeKind.BEAM else s.start.y):
        place = _find_beginning(whole, piece) if piece.kind in (StrokeKind.BARLINE, StrokeKind.BEAM) else None
        if place is None:
            whole.append(piece)
            continue
        beginning = whole[place]
        ink[beginning.id] += ink[piece.id]
        whole[place] = replace(beginning, end=piece.end, box=beginning.box.union(piece.box))
    return tuple(whole), tuple(ink)


def _find_beginning(whole: Sequence[Stroke], piece: Stroke) -> int | None:
    """Where among `whole` the stroke of the same thickness stands that ends where the piece starts."""
    for place in reversed(range(len(whole))):
        other = whole[place]
        if other.kind is piece.kind and abs(other.thickness - piece.thickness) < _ALIKE:
            gap = math.hypot(other.end.x - piece.start.x, other.end.y - piece.start.y)
            if gap <= _TOUCH:
                return place
    return None
