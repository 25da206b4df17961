"""Slurs: pieces of curves joined, and their ends bound to chords; curves that turn out to be ties become ties.

In: systems, digits, curves, the outlines of chords, and the ties that are known. Out: `SlurMark`s and `Tie`s. Curves
are taken for parabolas: what is seen of one tells how it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from leggio.geometry import Point
from leggio.music.notation import (
    ChordMark,
    Head,
    SlurMark,
    Staff,
    StemWay,
    Stroke,
    StrokeKind,
    Symbol,
    SymbolKind,
    System,
    Tie,
)
from leggio.music.outline import Outline

_LOWEST = 0.45  # the net's mean confidence of a curve's ink
_SHORTEST = 1.2  # staff spaces
_FLATTEST = 0.12  # the middle of a curve lies so far off the line between its ends, in staff spaces
_GAP = 1.8  # widest break in a curve, staff spaces
_WIDE_GAP = 3.5  # and between pieces that are as long as the break together
_FIT = 0.25  # pieces of one curve lie at most so far from its parabola, in staff spaces,
_FIT_SHARE = 0.01  # and this share of its width more, since long slurs are flatter than parabolas
_CUSP = 0.3  # slope by which a curve may turn against its own bow at a break; more, and a second slur begins
_WORST_END = 3.0  # no end is bound at a higher cost, in staff spaces
_BEFORE, _BEYOND = 1.2, 2.5  # a chord lies so far inside or outside the end of its curve, in staff spaces
_OTHER_STAFF = 1.5  # cost of a slur from one staff to another
_EDGE = (
    3.0  # a curve that ends so near to the end of its staff may go on in the next system, in staff spaces,
)
_PAST = 0.9  # if it passes the last chord by so much
_OPEN = 0.5  # an end that misses its chord by less than this may be cut off as well, in staff spaces
_SAME_PLACE = (
    6.0  # two halves of one slur differ in height over their staves by at most so much, in staff spaces
)
_DIGITS = tuple(kind for kind in SymbolKind if kind.value.startswith(("fingering", "tuplet")))
_DETACHED = (SymbolKind.STACCATO, SymbolKind.STACCATISSIMO)
_DIGIT_LEVEL = 0.4
_LONGEST_CHANGE = 4.0  # a curve from one fingering to the next is no wider, in staff spaces,
_AT_DIGIT = 0.9  # and its ends are so near to the middle of the digits, twice as near in height
_TIE_HEIGHT = 2.5  # the ends of a tie lie at most so far above or below their heads, in staff spaces


@dataclass(frozen=True, slots=True)
class _Curve:
    """A parabola from `start` to `end`; `bow` as in `Stroke`."""

    start: Point
    end: Point
    bow: float
    strokes: tuple[int, ...]

    @property
    def is_over(self) -> bool:
        return self.bow < 0

    @property
    def width(self) -> float:
        return self.end.x - self.start.x

    @property
    def slopes(self) -> tuple[float, float]:
        """How steep the curve is at its start and at its end; y grows downwards."""
        slope, bend = (self.end.y - self.start.y) / self.width, 4 * self.bow / self.width
        return slope + bend, slope - bend

    def y_at(self, x: float) -> float:
        share = (x - self.start.x) / self.width
        return self.start.y + (self.end.y - self.start.y) * share + 4 * self.bow * share * (1 - share)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A curve with the chords at its ends on `staff`; None where it comes from or goes on to another system."""

    curve: _Curve
    staff: Staff
    start: Outline | None
    stop: Outline | None


def bind_curves(
    systems: Sequence[System],
    symbols: Sequence[Symbol],
    strokes: Sequence[Stroke],
    outlines: Sequence[Outline],
    ties: Sequence[Tie],
    marks: Sequence[ChordMark] = (),
) -> tuple[tuple[SlurMark, ...], tuple[Tie, ...]]:
    """Every slur from its first chord to its last; and all ties, those over line breaks with them.

    Notes of one height with dots under a curve are struck anew, each of them: the curve is a slur.
    """
    detached = _find_detached(outlines, marks)
    ties = [tie for tie in ties if not (tie.start in detached and tie.stop in detached)]
    tied = {tie.stroke for tie in ties}
    curves = [s for s in strokes if s.kind is StrokeKind.SLUR and s.id not in tied and s.confidence > _LOWEST]
    digits = [s.box.center for s in symbols if s.kind in _DIGITS and s.confidence > _DIGIT_LEVEL]
    chords = [outline for outline in outlines if not outline.is_rest]
    rows = {
        staff.id: [chord for chord in chords if chord.staff.id == staff.id]
        for system in systems
        for staff in system.staves
    }
    bound: list[_Bound] = []
    for system, pieces in _by_system(curves, systems):
        here = [chord for chord in chords if chord.staff.system == system.id]
        space = system.staves[0].space
        for curve in _join_pieces(pieces, space):
            flat = curve.width < _SHORTEST * space or abs(curve.bow) < _FLATTEST * space
            if not flat and not _changes_fingers(curve, digits, space):
                bound += _bind(curve, here, rows)
    slurs, found = [], list(ties)
    for whole in _join_halves(systems, bound, rows):
        tie = _as_tie(whole, rows, detached)
        if tie:
            found.append(tie)
        elif whole.start and whole.stop:
            slurs.append(SlurMark(whole.start.chord, whole.stop.chord, whole.curve.strokes))
    return tuple(slurs), tuple(found)


def _by_system(curves: Sequence[Stroke], systems: Sequence[System]) -> Iterator[tuple[System, list[Stroke]]]:
    """Curves within the width of a system, by the system that they are nearest to."""
    groups: dict[int, list[Stroke]] = {system.id: [] for system in systems}
    for curve in curves:
        middle = curve.box.center
        near = [s for s in systems if s.box.x0 < curve.end.x and s.box.x0 - s.staves[0].space < curve.start.x]
        if near and curve.end.x > curve.start.x:
            best = min(near, key=lambda s: max(s.box.y0 - middle.y, middle.y - s.box.y1, 0.0))
            groups[best.id].append(curve)
    yield from ((system, groups[system.id]) for system in systems)


def _join_pieces(pieces: Sequence[Stroke], space: float) -> list[_Curve]:
    """Curves, each of one or more pieces from left to right; the narrowest break is closed first."""
    curves = [_Curve(piece.start, piece.end, piece.bow, (piece.id,)) for piece in pieces]
    while True:
        breaks = [
            (gap, i, j)
            for i, left in enumerate(curves)
            for j, right in enumerate(curves)
            if i != j and (gap := _gap(left, right, space)) is not None
        ]
        if not breaks:
            return curves
        _, i, j = min(breaks)
        joined, _ = _fit(curves[i], curves[j])
        curves = [curve for k, curve in enumerate(curves) if k not in (i, j)] + [joined]


def _gap(left: _Curve, right: _Curve, space: float) -> float | None:
    """How wide the break between two pieces of one curve is, in staff spaces; None if they are not of one curve."""
    gap = (right.start.x - left.end.x) / space
    widest = min(max(_GAP, (left.width + right.width) / space), _WIDE_GAP)
    if not -0.5 < gap < widest or abs(right.start.y - left.end.y) > widest * space:
        return None
    joined, off = _fit(left, right)
    turn = right.slopes[0] - left.slopes[1]
    if off > _FIT * space + _FIT_SHARE * joined.width or (turn < -_CUSP if joined.is_over else turn > _CUSP):
        return None
    return max(gap, 0.0)


def _fit(left: _Curve, right: _Curve) -> tuple[_Curve, float]:
    """The parabola through two pieces, and how far they lie from it at most, in pixels."""
    points = np.array(
        [(x, piece.y_at(x)) for piece in (left, right) for x in np.linspace(piece.start.x, piece.end.x, 5)]
    )
    shares = (points[:, 0] - left.start.x) / (right.end.x - left.start.x)
    factors = np.polyfit(shares, points[:, 1], 2)
    off = float(np.abs(np.polyval(factors, shares) - points[:, 1]).max())
    return _Curve(left.start, right.end, float(-factors[0] / 4), (*left.strokes, *right.strokes)), off


def _changes_fingers(curve: _Curve, digits: Sequence[Point], space: float) -> bool:
    """Whether a short curve joins two digits: one finger takes over a key from another."""
    if curve.width > _LONGEST_CHANGE * space:
        return False
    side = 1 if curve.is_over else -1
    return all(
        any(
            abs(digit.x - end.x) < _AT_DIGIT * space and 0 < side * (digit.y - end.y) < 2 * _AT_DIGIT * space
            for digit in digits
        )
        for end in (curve.start, curve.end)
    )


def _bind(curve: _Curve, chords: Sequence[Outline], rows: dict[int, list[Outline]]) -> list[_Bound]:
    """The curve with the two chords that fit its ends best; none if it fits nowhere."""
    staff = _staff_of(curve, chords)
    if staff is None:
        return []
    row = rows[staff.id]
    starts = [(cost, c) for c in chords if (cost := _cost(curve, c, at_start=True)) is not None]
    stops = [(cost, c) for c in chords if (cost := _cost(curve, c, at_start=False)) is not None]
    comes_in = curve.start.x < row[0].x - _PAST * staff.space
    goes_on = curve.end.x > max(row[-1].x + _PAST * staff.space, staff.xs[-1] - _EDGE * staff.space)
    if comes_in and not goes_on and stops:
        return [_Bound(curve, staff, None, min(stops, key=lambda pair: pair[0])[1])]
    if goes_on and not comes_in and starts:
        return [_Bound(curve, staff, min(starts, key=lambda pair: pair[0])[1], None)]
    pairs = [
        (a + b + (0 if first.staff.id == last.staff.id else _OTHER_STAFF), first, last)
        for a, first in starts
        for b, last in stops
        if last.x - first.x > 0.8 * first.space
    ]
    if not pairs:
        return []
    _, first, last = min(pairs, key=lambda pair: pair[0])
    return [_Bound(curve, first.staff, first, last)]


def _cost(curve: _Curve, chord: Outline, at_start: bool) -> float | None:
    """How badly an end of a curve fits a chord, in staff spaces; None where it cannot be the chord's.

    The thin end of a curve is lost sooner than its middle: the chord lies rather beyond the end than before it.
    """
    end, space = (curve.start if at_start else curve.end), chord.space
    beyond = ((end.x - chord.x) if at_start else (chord.x - end.x)) / space
    if not -_BEFORE < beyond < _BEYOND:
        return None
    aside = 1.2 * max(-beyond - 0.2, 0.0) + 0.6 * max(beyond - 0.5, 0.0)
    over = curve.is_over
    edges = [chord.top if over else chord.bottom]
    if chord.tip and (chord.way is StemWay.UP) == over:
        edges.append(chord.tip.y)
    aways = [((edge - end.y) if over else (end.y - edge)) / space for edge in edges]
    if len(aways) == 2 and aways[1] < 0 < aways[0]:
        aways.append(0.6)  # beside the stem
    height = min(1.2 * max(0.3 - away, 0.0) + 0.4 * max(away - 1.8, 0.0) for away in aways)
    cost = aside + height
    return cost if cost < _WORST_END else None


def _staff_of(curve: _Curve, chords: Sequence[Outline]) -> Staff | None:
    """The staff that a curve belongs to: that of the chords which it lies over or under most closely."""
    offs: dict[int, list[float]] = {}
    staves = {chord.staff.id: chord.staff for chord in chords}
    for chord in chords:
        x = min(max(chord.x, curve.start.x), curve.end.x)
        aside = abs(chord.x - x) / chord.space
        if aside < _BEYOND:
            y = curve.y_at(x)
            away = (chord.top - y if curve.is_over else y - chord.bottom) / chord.space
            offs.setdefault(chord.staff.id, []).append(aside + (away if away > 0 else -3 * away))
    if not offs:
        return None
    return staves[min(offs, key=lambda staff: float(np.median(offs[staff])))]


def _join_halves(
    systems: Sequence[System], bound: Sequence[_Bound], rows: dict[int, list[Outline]]
) -> list[_Bound]:
    """Curves with both ends: what goes over a line break is put together.

    A half looks for its other half on the same staff of the neighbouring system, then for a slur there whose end may
    have been lost. Where neither is found it reaches to the nearest chord there. Halves at the edges of the page are
    left out.
    """
    done = list(bound)
    breaks = [
        (upper.id, lower.id)
        for above, below in pairwise(systems)
        if len(above.staves) == len(below.staves)
        for upper, lower in zip(above.staves, below.staves, strict=True)
    ]
    for is_sure in (True, False):
        for upper, lower in breaks:
            done = _join_over(done, rows[upper], rows[lower], is_sure)
    before, after = {lower: upper for upper, lower in breaks}, dict(breaks)
    whole = []
    for half in done:
        above, below = rows.get(before.get(half.staff.id, -1)), rows.get(after.get(half.staff.id, -1))
        start = half.start or (above[-1] if above else None)
        stop = half.stop or (below[0] if below else None)
        if start and stop:
            whole.append(replace(half, start=start, stop=stop))
    return whole


def _join_over(
    bound: Sequence[_Bound], above: Sequence[Outline], below: Sequence[Outline], is_sure: bool
) -> list[_Bound]:
    """`bound` with curves joined over the break between the last chord `above` and the first one `below`."""
    if not above or not below:
        return list(bound)
    lefts = [
        b for b in bound if b.staff.id == above[0].staff.id and (b.stop is None or _ends_open(b, above[-1]))
    ]
    rights = [
        b for b in bound if b.staff.id == below[0].staff.id and (b.start is None or _starts_open(b, below[0]))
    ]
    pairs = sorted(
        (abs(left.staff.position_at(left.curve.end) - right.staff.position_at(right.curve.start)) / 2, i, j)
        for i, left in enumerate(lefts)
        for j, right in enumerate(rights)
        if left.curve.is_over is right.curve.is_over
        and (left.stop is None) + (right.start is None) >= (2 if is_sure else 1)
    )
    joined: list[_Bound] = []
    used: list[_Bound] = []
    for off, i, j in pairs:
        left, right = lefts[i], rights[j]
        if off < _SAME_PLACE and not any(half is other for half in (left, right) for other in used):
            used += [left, right]
            strokes = left.curve.strokes + right.curve.strokes
            curve = _Curve(left.curve.start, right.curve.end, left.curve.bow, strokes)
            joined.append(_Bound(curve, left.staff, left.start, right.stop))
    return [b for b in bound if not any(b is other for other in used)] + joined


def _ends_open(curve: _Bound, last: Outline) -> bool:
    """Whether a slur to the last chord of a system may go on: its end does not stop short of the chord."""
    return curve.stop is last and curve.curve.end.x > last.x - _OPEN * last.space


def _starts_open(curve: _Bound, first: Outline) -> bool:
    return curve.start is first and curve.curve.start.x < first.x + _OPEN * first.space


def _find_detached(outlines: Sequence[Outline], marks: Sequence[ChordMark]) -> set[int]:
    """The heads (their symbols) of all chords with a dot or a wedge."""
    chords = {mark.chord for mark in marks if mark.kind in _DETACHED}
    return {head.symbol for outline in outlines if outline.chord in chords for head in outline.heads}


def _as_tie(curve: _Bound, rows: dict[int, list[Outline]], detached: set[int]) -> Tie | None:
    """The curve as a tie, if it joins heads at one height in neighbouring chords."""
    first, last = curve.start, curve.stop
    if not first or not last or not _are_neighbours(first, last, rows):
        return None
    nearest = _nearest(first, curve.curve.start), _nearest(last, curve.curve.end)
    pairs = [
        (
            abs(a.y - curve.curve.start.y) + abs(b.y - curve.curve.end.y),
            Tie(a.symbol, b.symbol, curve.curve.strokes[0]),
        )
        for a in first.heads
        for b in last.heads
        if a.position == b.position
        and b.accidental is None
        and not (a.symbol in detached and b.symbol in detached)
        and (a is nearest[0] or b is nearest[1])
        and min(abs(a.y - curve.curve.start.y), abs(b.y - curve.curve.end.y)) < _TIE_HEIGHT * first.space
    ]
    return min(pairs, key=lambda pair: pair[0])[1] if pairs else None


def _nearest(chord: Outline, end: Point) -> Head:
    return min(chord.heads, key=lambda head: abs(head.y - end.y))


def _are_neighbours(first: Outline, last: Outline, rows: dict[int, list[Outline]]) -> bool:
    """Whether no chord with its stem on the same side stands between two chords, on a staff or over a line break."""
    if first.staff.id == last.staff.id:
        between = [chord for chord in rows[first.staff.id] if first.x < chord.x < last.x]
    else:
        between = [chord for chord in rows[first.staff.id] if first.x < chord.x]
        between += [chord for chord in rows[last.staff.id] if chord.x < last.x]
    return all(chord.way is not first.way for chord in between)
