"""Slurs: pieces of curves joined, and their ends bound to chords.

In: systems, curves and the outlines of chords. Out: `SlurMark`s. Curves are taken for parabolas: what is seen of one
tells how it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from leggio.geometry import Point
from leggio.music.notation import SlurMark, StemWay, Stroke, StrokeKind, System, Tie
from leggio.music.outline import Outline

_LOWEST = 0.45  # the net's mean confidence of a curve's ink
_SHORTEST = 1.2  # staff spaces
_FLATTEST = 0.12  # staff spaces that the middle of a curve lies off the line between its ends
_GAP = 1.5  # widest break in a curve, staff spaces
_FIT = 0.25  # pieces of one curve lie at most so far from its parabola, in staff spaces
_CUSP = 0.12  # slope by which a curve may turn against its own bow at a break; more, and a second slur begins
_WORST_END = 3.0  # no end is bound at a higher cost, in staff spaces
_OTHER_STAFF = 1.5  # cost of a slur from one staff to another
_EDGE = 3.0  # a curve that ends so near to the end of its staff may go on in the next system, in staff spaces
_PAST = 0.9  # if it passes the last chord by so much
_SAME_PLACE = (
    6.0  # two halves of one slur differ in height over their staves by at most so much, in staff spaces
)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A parabola from `start` to `end`; `bow` as in `Stroke`."""

    start: Point
    end: Point
    bow: float
    strokes: tuple[int, ...]

    @property
    def width(self) -> float:
        return self.end.x - self.start.x

    @property
    def slope(self) -> float:
        return (self.end.y - self.start.y) / self.width

    @property
    def slopes(self) -> tuple[float, float]:
        """How steep the curve is at its start and at its end; y grows downwards."""
        bend = 4 * self.bow / self.width
        return self.slope + bend, self.slope - bend

    def y_at(self, x: float) -> float:
        share = (x - self.start.x) / self.width
        return self.start.y + (self.end.y - self.start.y) * share + 4 * self.bow * share * (1 - share)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A curve with the chords at its ends; None where it comes from or goes on to another system."""

    curve: _Curve
    system: System
    staff: int
    start: Outline | None
    stop: Outline | None


def join_slurs(
    systems: Sequence[System], strokes: Sequence[Stroke], outlines: Sequence[Outline], ties: Sequence[Tie]
) -> tuple[SlurMark, ...]:
    """Every slur from its first chord to its last; ties are none of them."""
    tied = {tie.stroke for tie in ties}
    curves = [s for s in strokes if s.kind is StrokeKind.SLUR and s.id not in tied and s.confidence > _LOWEST]
    chords = [outline for outline in outlines if not outline.is_rest]
    bound: list[_Bound] = []
    for system, pieces in _by_system(curves, systems):
        here = [chord for chord in chords if chord.staff.system == system.id]
        space = system.staves[0].space
        for curve in _join_pieces(pieces, space):
            if curve.width > _SHORTEST * space and abs(curve.bow) > _FLATTEST * space:
                bound += _bind(curve, system, here)
    slurs = [SlurMark(b.start.chord, b.stop.chord, b.curve.strokes) for b in bound if b.start and b.stop]
    return (*slurs, *_over_line_breaks(systems, bound, chords))


def _by_system(curves: Sequence[Stroke], systems: Sequence[System]) -> list[tuple[System, list[Stroke]]]:
    """Curves within the width of a system, by the system that they are nearest to."""
    groups: dict[int, list[Stroke]] = {system.id: [] for system in systems}
    for curve in curves:
        middle = curve.box.center
        near = [s for s in systems if s.box.x0 < curve.end.x and s.box.x0 - s.staves[0].space < curve.start.x]
        if near:
            best = min(near, key=lambda s: max(s.box.y0 - middle.y, middle.y - s.box.y1, 0.0))
            groups[best.id].append(curve)
    return [(system, groups[system.id]) for system in systems]


def _join_pieces(pieces: Sequence[Stroke], space: float) -> list[_Curve]:
    """Curves, each of one or more pieces from left to right."""
    curves = [_Curve(p.start, p.end, p.bow, (p.id,)) for p in pieces if p.end.x > p.start.x]
    while True:
        pairs = [
            (gap, i, j)
            for i, left in enumerate(curves)
            for j, right in enumerate(curves)
            if i != j and (gap := _gap(left, right, space)) is not None
        ]
        if not pairs:
            return curves
        _, i, j = min(pairs)
        joined = _fit(curves[i], curves[j])[0]
        curves = [curve for k, curve in enumerate(curves) if k not in (i, j)] + [joined]


def _gap(left: _Curve, right: _Curve, space: float) -> float | None:
    """How wide the break between two pieces of one curve is; None if they are not of one curve."""
    gap = (right.start.x - left.end.x) / space
    if not -0.5 < gap < _GAP or abs(right.start.y - left.end.y) > _GAP * space:
        return None
    joined, off = _fit(left, right)
    turn = right.slopes[0] - left.slopes[1]
    if off > _FIT * space or (turn > _CUSP if joined.bow > 0 else turn < -_CUSP):
        return None
    return max(gap, 0.0)


def _fit(left: _Curve, right: _Curve) -> tuple[_Curve, float]:
    """The parabola through two pieces, and how far they lie from it at most, in pixels."""
    points = np.array(
        [(x, piece.y_at(x)) for piece in (left, right) for x in np.linspace(piece.start.x, piece.end.x, 5)]
    )
    xs = (points[:, 0] - left.start.x) / (right.end.x - left.start.x)
    factors = np.polyfit(xs, points[:, 1], 2)
    off = float(np.abs(np.polyval(factors, xs) - points[:, 1]).max())
    return _Curve(left.start, right.end, float(-factors[0] / 4), (*left.strokes, *right.strokes)), off


def _bind(curve: _Curve, system: System, chords: Sequence[Outline]) -> list[_Bound]:
    """The curve with the two chords that fit its ends best; none if it fits nowhere, or is a tie."""
    starts = [(cost, c) for c in chords if (cost := _cost(curve, c, at_start=True)) is not None]
    stops = [(cost, c) for c in chords if (cost := _cost(curve, c, at_start=False)) is not None]
    staff = _staff_of(curve, system, chords)
    row = [chord for chord in chords if chord.staff.id == staff]
    if not row:
        return []
    opens, closes = _comes_in(curve, row), _goes_on(curve, row)
    if opens and closes:
        return []
    if opens and stops:
        return [_Bound(curve, system, staff, None, min(stops, key=lambda pair: pair[0])[1])]
    if closes and starts:
        return [_Bound(curve, system, staff, min(starts, key=lambda pair: pair[0])[1], None)]
    pairs = [
        (a + b + (0 if first.staff.id == last.staff.id else _OTHER_STAFF), first, last)
        for a, first in starts
        for b, last in stops
        if last.x - first.x > 0.8 * first.space
    ]
    if not pairs:
        return []
    _, first, last = min(pairs, key=lambda pair: pair[0])
    return [] if _is_tie(curve, first, last, row) else [_Bound(curve, system, first.staff.id, first, last)]


def _cost(curve: _Curve, chord: Outline, at_start: bool) -> float | None:
    """How badly an end of a curve fits a chord, in staff spaces; None where it cannot be the chord's.

    The thin end of a curve is lost sooner than its middle: the chord lies rather beyond the end than before it.
    """
    end, space = (curve.start if at_start else curve.end), chord.space
    beyond = ((end.x - chord.x) if at_start else (chord.x - end.x)) / space
    if not -1.2 < beyond < 2.5:
        return None
    aside = 1.2 * max(-beyond - 0.2, 0.0) + 0.6 * max(beyond - 0.5, 0.0)
    up = curve.bow < 0
    edges = [chord.top if up else chord.bottom]
    if chord.tip and (chord.way is StemWay.UP) == up:
        edges.append(chord.tip.y)
    aways = [((edge - end.y) if up else (end.y - edge)) / space for edge in edges]
    if len(aways) == 2 and aways[1] < 0 < aways[0]:
        aways.append(0.6)  # beside the stem
    height = min(1.2 * max(0.3 - away, 0.0) + 0.4 * max(away - 1.8, 0.0) for away in aways)
    cost = aside + height
    return cost if cost < _WORST_END else None


def _staff_of(curve: _Curve, system: System, chords: Sequence[Outline]) -> int:
    """The staff that a curve belongs to: that of the chords which it lies over or under most closely."""
    up = curve.bow < 0
    offs: dict[int, list[float]] = {}
    for chord in chords:
        if curve.start.x - chord.space < chord.x < curve.end.x + chord.space:
            y = curve.y_at(min(max(chord.x, curve.start.x), curve.end.x))
            away = (chord.top - y if up else y - chord.bottom) / chord.space
            offs.setdefault(chord.staff.id, []).append(away if away > 0 else 3 - 3 * away)
    if offs:
        return min(offs, key=lambda staff: float(np.median(offs[staff])))
    x, y = curve.start.x + curve.width / 2, curve.y_at(curve.start.x + curve.width / 2)
    return min(system.staves, key=lambda s: abs(s.line_at(2, x) - y)).id


def _comes_in(curve: _Curve, row: Sequence[Outline]) -> bool:
    """Whether a curve starts before all chords of its staff: it began in the system above."""
    return curve.start.x < row[0].x - _PAST * row[0].space


def _goes_on(curve: _Curve, row: Sequence[Outline]) -> bool:
    """Whether a curve passes the last chord of its staff and comes near the staff's end: it goes on below."""
    last = row[-1]
    return curve.end.x > max(last.x + _PAST * last.space, last.staff.xs[-1] - _EDGE * last.space)


def _is_tie(curve: _Curve, first: Outline, last: Outline, row: Sequence[Outline]) -> bool:
    """Whether a curve joins two neighbours at the same height: a tie, even if it was not found to be one."""
    if first.staff.id != last.staff.id or any(first.x < chord.x < last.x for chord in row):
        return False
    outer = min if curve.bow > 0 else max
    a, b = (outer(chord.heads, key=lambda head: head.position) for chord in (first, last))
    return a.position == b.position and b.accidental is None


def _over_line_breaks(
    systems: Sequence[System], bound: Sequence[_Bound], chords: Sequence[Outline]
) -> list[SlurMark]:
    """Slurs that are cut by the end of a system: each half looks for the other one on the same staff."""
    slurs = []
    for above, below in pairwise(systems):
        rows = (
            list(zip(above.staves, below.staves, strict=False))
            if len(above.staves) == len(below.staves)
            else []
        )
        for upper, lower in rows:
            left = [b for b in bound if b.staff == upper.id and b.start and not b.stop]
            right = [b for b in bound if b.staff == lower.id and b.stop and not b.start]
            slurs += _pair_halves(left, right)
    return slurs


def _pair_halves(left: Sequence[_Bound], right: Sequence[_Bound]) -> list[SlurMark]:
    pairs = sorted(
        (
            (abs(_height(a, at_end=True) - _height(b, at_end=False)), i, j)
            for i, a in enumerate(left)
            for j, b in enumerate(right)
            if (a.curve.bow < 0) == (b.curve.bow < 0)
        ),
    )
    slurs, used = [], set[tuple[str, int]]()
    for off, i, j in pairs:
        if off < _SAME_PLACE and not used & {("left", i), ("right", j)}:
            used |= {("left", i), ("right", j)}
            first, last = left[i].start, right[j].stop
            if first and last:
                slurs.append(
                    SlurMark(first.chord, last.chord, left[i].curve.strokes + right[j].curve.strokes)
                )
    return slurs


def _height(half: _Bound, at_end: bool) -> float:
    """How high an end of a curve lies over the bottom line of its staff, in staff spaces."""
    staff = next(staff for staff in half.system.staves if staff.id == half.staff)
    return staff.position_at(half.curve.end if at_end else half.curve.start) / 2
