"""Bar lines, and which staves form one instrument. In: systems, symbols, strokes. Out: bar lines, parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from leggio.geometry import Point
from leggio.music.maps import Maps
from leggio.music.notation import BarLine, LineStyle, Staff, Stroke, StrokeKind, Symbol, SymbolKind, System

_SAME_LINE = 0.8  # staff spaces between the ink of one bar line on two staves, on a page that leans a little
_SAME_GROUP = 1.5  # lines closer than this, in staff spaces, are one double, final or repeat bar line
_COVER = 0.8  # share of a staff's height that a bar line must cover
_LONGEST = 1.6  # upright ink longer than so many systems' heights is the paper's edge
_LEAN = 0.3  # a bar line leans at most so far to either side over a system, staff spaces
_DARK = 90  # of 255: page ink
_THROUGH = 0.92  # share of a system's height that ink of a bar line must cover
_HEAVY = 0.55  # staff spaces: thicker bar lines are heavy
_DOT_KINDS = (SymbolKind.REPEAT_DOT, SymbolKind.DOT, SymbolKind.STACCATO)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bar-line ink at one staff."""

    x: float
    upright: float  # x with the page's skew taken out
    staff: int
    thickness: float
    confidence: float


def join_parts(systems: Sequence[System], symbols: Sequence[Symbol]) -> tuple[System, ...]:
    """Give the staves of each system their part: staves within a brace share one; so do two staves alone."""
    braces = [s for s in symbols if s.kind is SymbolKind.BRACE and s.confidence > 0.2]
    joined = []
    for system in systems:
        staves = list(system.staves)
        parts = list(range(len(staves)))
        for above, below in zip(range(len(staves)), range(1, len(staves)), strict=False):
            gap = (max(staves[above].lines[4]) + min(staves[below].lines[0])) / 2
            left = min(staves[above].xs[0], staves[below].xs[0])
            space = staves[above].space
            if any(b.box.y0 < gap < b.box.y1 and abs(b.box.x1 - left) < 4 * space for b in braces):
                parts[below] = parts[above]
        if len(staves) == 2:
            parts = [0, 0]
        numbers = {part: i for i, part in enumerate(dict.fromkeys(parts))}
        members = tuple(replace(staff, part=numbers[part]) for staff, part in zip(staves, parts, strict=True))
        joined.append(replace(system, staves=members))
    return tuple(joined)


def find_barlines(
    systems: Sequence[System], symbols: Sequence[Symbol], strokes: Sequence[Stroke], maps: Maps
) -> tuple[BarLine, ...]:
    """The bar lines of every system from left to right, the system's own left edge left out.

    Where the net saw a bar line on some staves only, the page's own ink through the whole system decides.
    """
    upright = [s for s in strokes if s.kind is StrokeKind.BARLINE]
    dots = [s for s in symbols if s.kind in _DOT_KINDS and s.confidence > 0.25]
    result = []
    for system in systems:
        result += _system_barlines(system, upright, dots, maps)
    return tuple(result)


def _system_barlines(
    system: System, upright: Sequence[Stroke], dots: Sequence[Symbol], maps: Maps
) -> list[BarLine]:
    space = system.staves[0].space
    pieces = sorted(
        (
            piece
            for number, staff in enumerate(system.staves)
            for piece in _pieces(upright, staff, number, system.box.height)
        ),
        key=lambda piece: piece.upright,
    )
    lines = [line for line in _columns(pieces, space) if _is_agreed(line, system, maps)]
    groups: list[list[list[_Piece]]] = []
    for line in lines:
        if groups and _middle(line) - _middle(groups[-1][-1]) < _SAME_GROUP * space:
            groups[-1].append(line)
        else:
            groups.append([line])
    barlines = [_barline(system, group, dots) for group in groups]
    left = min(staff.xs[0] for staff in system.staves)
    # The line that opens a system is not the end of a bar; a repeat there is.
    return [b for b in barlines if b.x > left + 1.2 * space or (b.dots_right and b.x > left + 0.5 * space)]


def _pieces(upright: Sequence[Stroke], staff: Staff, number: int, system_height: float) -> list[_Piece]:
    """Bar-line ink that covers this staff from its top line to its bottom line."""
    found = []
    for stroke in upright:
        if stroke.end.y - stroke.start.y > _LONGEST * max(system_height, staff.box.height):
            continue  # the edge of the paper
        if not staff.xs[0] - staff.space < stroke.start.x < staff.xs[-1] + staff.space:
            continue
        x = _x_at(stroke, (staff.line_at(0, stroke.start.x) + staff.line_at(4, stroke.start.x)) / 2)
        top, bottom = staff.line_at(0, x), staff.line_at(4, x)
        covered = min(bottom, stroke.end.y) - max(top, stroke.start.y)
        if covered >= _COVER * (bottom - top):
            straight = x + _slope(staff) * (top + bottom) / 2
            found.append(_Piece(x, straight, number, stroke.thickness / staff.space, stroke.confidence))
    return found


def _slope(staff: Staff) -> float:
    """How much a staff falls for each pixel to the right; bar lines lean to the left as much."""
    return (staff.lines[2][-1] - staff.lines[2][0]) / max(staff.xs[-1] - staff.xs[0], 1.0)


def _x_at(stroke: Stroke, y: float) -> float:
    height = stroke.end.y - stroke.start.y
    share = min(max((y - stroke.start.y) / height, 0.0), 1.0) if height > 0 else 0.5
    return stroke.start.x + share * (stroke.end.x - stroke.start.x)


def _columns(pieces: Sequence[_Piece], space: float) -> list[list[_Piece]]:
    """Pieces at one x, each staff at most once."""
    lines: list[list[_Piece]] = []
    for piece in pieces:
        fits = [
            line
            for line in lines[-4:]
            if abs(_upright(line) - piece.upright) < _SAME_LINE * space
            and piece.staff not in {p.staff for p in line}
        ]
        if fits:
            min(fits, key=lambda line: abs(_upright(line) - piece.upright)).append(piece)
        else:
            lines.append([piece])
    return sorted(lines, key=_upright)


def _upright(line: Sequence[_Piece]) -> float:
    return sum(piece.upright for piece in line) / len(line)


def _middle(line: Sequence[_Piece]) -> float:
    return sum(piece.x for piece in line) / len(line)


def _is_agreed(line: Sequence[_Piece], system: System, maps: Maps) -> bool:
    """A bar line goes through every staff, or there is ink from the system's top line to its bottom line."""
    if len(line) == len(system.staves):
        return True
    x, slope = _upright(line), _slope(system.staves[0])
    top, bottom = system.staves[0].line_at(0, x), system.staves[-1].line_at(4, x)
    ys = np.arange(max(top, 0) / maps.cell, min(bottom / maps.cell, maps.dark.shape[0] - 1))
    rows = ys.astype(int)
    columns = ((x - slope * ys * maps.cell) / maps.cell).astype(int)
    reach = max(1, round(_LEAN * maps.cells_per_space))
    inked = np.zeros(len(rows), bool)
    for offset in range(-reach, reach + 1):
        inked |= maps.dark[rows, np.clip(columns + offset, 0, maps.dark.shape[1] - 1)] > _DARK
    return bool(len(rows)) and float(inked.mean()) > _THROUGH


def _barline(system: System, group: Sequence[Sequence[_Piece]], dots: Sequence[Symbol]) -> BarLine:
    space = system.staves[0].space
    xs = [_middle(line) for line in group]
    heavy = [max(piece.thickness for piece in line) > _HEAVY for line in group]
    left, right = xs[0], xs[-1]
    dots_left = _has_dots(system, dots, left, -1)
    dots_right = _has_dots(system, dots, right, +1)
    if any(heavy) and len(group) > 1:
        style = LineStyle.FINAL if heavy[-1] else LineStyle.HEAVY
    elif any(heavy):
        style = LineStyle.HEAVY if dots_right and not dots_left else LineStyle.FINAL
    else:
        style = LineStyle.DOUBLE if len(group) > 1 else LineStyle.SINGLE
    confidence = min(sum(p.confidence for p in line) / len(line) for line in group)
    thickness = max(piece.thickness for line in group for piece in line) * space
    return BarLine(
        system.id, (left + right) / 2, left - thickness / 2, right + thickness / 2, style,
        dots_left and style is not LineStyle.SINGLE, dots_right and style is not LineStyle.SINGLE, confidence,
    )  # fmt: skip


def _has_dots(system: System, dots: Sequence[Symbol], x: float, side: int) -> bool:
    """Whether the two repeat dots stand beside the line, in the second and third gap, on half the staves or more."""
    count = 0
    for staff in system.staves:
        found = set()
        for dot in dots:
            centre = dot.box.center
            away = (centre.x - x) * side / staff.space
            if not 0.2 < away < 1.7:
                continue
            position = staff.position_at(Point(centre.x, centre.y))
            if abs(position - 3) < 0.8:
                found.add(3)
            elif abs(position - 5) < 0.8:
                found.add(5)
        count += len(found) == 2
    return count * 2 >= len(system.staves)
