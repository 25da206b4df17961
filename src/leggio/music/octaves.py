"""Octave lines: notes under an 8 with a dashed line sound higher than they are written. In: systems, symbols, strokes.

Out: `OctaveLine`s, one for each system that a line runs through.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leggio.music.maps import Maps
from leggio.music.notation import OctaveLine, Staff, Stroke, StrokeKind, Symbol, SymbolKind, System

_OCTAVES = {SymbolKind.OTTAVA: 1, SymbolKind.QUINDICESIMA: 2}
_LEVEL = 0.3  # lowest confidence of an 8 or 15
_DASH_GAP = 2.5  # from the figure to its line, and from one dash to the next, staff spaces
_LEVEL_WITH = 1.3  # dashes lie at most so far above or below the figure's edges, staff spaces
_SHORTEST = 2.0  # a line shorter than this is none, staff spaces
_SURE = 0.35  # a figure must be so sure for ink behind it to be taken for its line
_DARK = 100  # of 255: page ink
_THIN, _SAME_LEVEL = (
    0.3,
    0.35,
)  # how high a dash is, and how much higher or lower the next one lies, staff spaces
_AROUND = 0.8  # so far above and below the figure its line may run, staff spaces
_DRIFT = 0.2  # how fast the height of a line may change, a share a map cell
_COVERED = 0.3  # share of the way that its dashes cover
_FURTHEST = 12.0  # from a staff to its octave line, staff spaces
_EDGE = 5.0  # a line that ends so near to the end of its staff may go on in the next system, staff spaces
_HEAD_OF_LINE = (
    14.0  # staff spaces at the left of a staff for clef, key and time, behind which a line goes on
)


def read_octaves(
    systems: Sequence[System], symbols: Sequence[Symbol], strokes: Sequence[Stroke], maps: Maps | None = None
) -> tuple[OctaveLine, ...]:
    """The octave lines of a page; a figure without any line says nothing of how far it holds, and is left out.

    Where the net saw no dashes, thin ink in a row behind the figure counts as such.
    """
    dashes = sorted((s for s in strokes if s.kind is StrokeKind.BRACKET), key=lambda s: s.box.x0)
    lines: list[OctaveLine] = []
    for figure in symbols:
        if figure.kind not in _OCTAVES or figure.confidence < _LEVEL:
            continue
        staff = _staff_of(figure, systems)
        if staff is None:
            continue
        right = _follow(figure, dashes, staff)
        if right == figure.box.x1 and maps is not None and figure.confidence > _SURE:
            right = _trace(figure, maps, staff)
        if right - figure.box.x1 > _SHORTEST * staff.space:
            way = 1 if figure.box.center.y < staff.line_at(2, figure.box.center.x) else -1
            line = OctaveLine(staff.id, figure.box.x0, right, way * _OCTAVES[figure.kind], figure.id)
            lines += [line, *_go_on(line, staff, systems, dashes, symbols)]
    return tuple(lines)


def _staff_of(figure: Symbol, systems: Sequence[System]) -> Staff | None:
    """The staff that a figure stands over or under: the nearest one, which it must not stand on."""
    centre = figure.box.center
    staves = [staff for system in systems for staff in system.staves if staff.xs[0] < centre.x < staff.xs[-1]]

    def away(staff: Staff) -> float:
        gap = max(staff.line_at(0, centre.x) - centre.y, centre.y - staff.line_at(4, centre.x))
        return gap / staff.space

    best = min(staves, key=away, default=None)
    return best if best is not None and 0 < away(best) < _FURTHEST else None


def _follow(figure: Symbol, dashes: Sequence[Stroke], staff: Staff) -> float:
    """How far to the right the dashes behind a figure reach."""
    space, right = staff.space, figure.box.x1
    for dash in dashes:
        level = dash.box.y0 - _LEVEL_WITH * space < figure.box.center.y < dash.box.y1 + _LEVEL_WITH * space
        if level and dash.box.x0 - right < _DASH_GAP * space and dash.box.x1 > right:
            right = dash.box.x1
    return right


def _trace(figure: Symbol, maps: Maps, staff: Staff) -> float:
    """How far to the right thin ink at one height goes on behind a figure, in dashes or unbroken."""
    cell, space = maps.cell, staff.space / maps.cell
    above, below = figure.box.y0 / cell - _AROUND * space, figure.box.y1 / cell + _AROUND * space
    top, left = max(0, int(above)), int(figure.box.x1 / cell) + 1
    ink = maps.dark[top : int(below) + 1, left : int(staff.xs[-1] / cell)] > _DARK
    if not ink.size:
        return figure.box.x1
    heights = ink.sum(axis=0)
    middles = (ink * np.arange(ink.shape[0])[:, None]).sum(axis=0) / np.maximum(heights, 1)
    thin = np.flatnonzero((heights > 0) & (heights <= _THIN * space + 1)).tolist()
    levels = sorted({round(float(middles[column])) for column in thin if column < _DASH_GAP * space})
    reached = max((_walk(thin, middles, level, space) for level in levels), default=0)
    return figure.box.x1 + reached * cell


def _walk(thin: Sequence[int], middles: NDArray[np.float64], level: float, space: float) -> int:
    """How many cells thin ink at about one height goes on to the right; 0 where there is too little of it."""
    last, seen = -1, 0
    for column in thin:
        if column - last > _DASH_GAP * space:
            break
        off = float(middles[column]) - level
        if abs(off) < _SAME_LEVEL * space:
            last, seen = column, seen + 1
            level += _DRIFT * off  # a page that lies askew
    return last + 1 if seen > _COVERED * (last + 1) else 0


def _go_on(
    line: OctaveLine,
    staff: Staff,
    systems: Sequence[System],
    dashes: Sequence[Stroke],
    symbols: Sequence[Symbol],
) -> list[OctaveLine]:
    """The rest of a line that reaches the end of its staff: dashes at the head of the next system, without a figure."""
    if line.right < staff.xs[-1] - _EDGE * staff.space:
        return []
    place = next(s.staves.index(staff) for s in systems if staff in s.staves)
    number = next(n for n, s in enumerate(systems) if staff in s.staves) + 1
    if number >= len(systems) or place >= len(systems[number].staves):
        return []
    below = systems[number].staves[place]
    space, head = below.space, below.xs[0] + _HEAD_OF_LINE * below.space
    for dash in dashes:
        y = dash.box.y0 if line.octaves > 0 else dash.box.y1
        gap = (below.line_at(0, head) - y) if line.octaves > 0 else (y - below.line_at(4, head))
        own = any(
            s.kind in _OCTAVES
            and abs(s.box.x1 - dash.box.x0) < _DASH_GAP * space
            and dash.box.y0 - space < s.box.center.y < dash.box.y1 + space
            for s in symbols
        )
        if not own and below.xs[0] - space < dash.box.x0 < head and 0 < gap < _FURTHEST * space:
            right = dash.box.x1
            for other in dashes:
                if abs(other.box.y0 - dash.box.y0) < space and 0 < other.box.x1 - right < _DASH_GAP * space:
                    right = other.box.x1
            if right - dash.box.x0 > _SHORTEST * space:
                going_on = OctaveLine(below.id, dash.box.x0, right, line.octaves, line.symbol)
                return [going_on, *_go_on(going_on, below, systems, dashes, symbols)]
    return []
