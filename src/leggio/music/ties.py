"""Ties between heads. In: chords and curves. Out: `Tie`s."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.music.notation import Chord, Stroke, StrokeKind, Tie


def find_ties(chords: Sequence[Chord], strokes: Sequence[Stroke], space: float) -> tuple[Tie, ...]:
    """Flat curves from one head to the next head at the same place on the same staff."""
    ties = []
    by_staff: dict[int, list[Chord]] = {}
    for chord in chords:
        by_staff.setdefault(chord.staff, []).append(chord)
    for curve in strokes:
        if (
            curve.kind is not StrokeKind.SLUR
            or curve.box.width < 0.8 * space
            or curve.box.height > 2.2 * space
        ):
            continue
        best, cost = None, 2.2
        for row in by_staff.values():
            for number, chord in enumerate(row):
                gap = (curve.start.x - chord.x) / space
                if not -0.6 < gap < 2.4:
                    continue
                for later in row[number + 1 : number + 7]:
                    off = _tie_cost(chord, later, curve, space)
                    if off and off[0] < cost and -0.6 < (later.x - curve.end.x) / space < 2.4:
                        best, cost = Tie(off[1], off[2], curve.id), off[0]
                    if later.way is chord.way and not later.grace and later.x - chord.x > space:
                        break  # its own voice has moved on
        if best:
            ties.append(best)
    return tuple(ties)


def _tie_cost(a: Chord, b: Chord, curve: Stroke, space: float) -> tuple[float, int, int] | None:
    best: tuple[float, int, int] | None = None
    for first in a.heads:
        for second in b.heads:
            if first.position != second.position:
                continue
            off = (abs(curve.start.y - first.y) + abs(curve.end.y - second.y)) / space
            if off < 3.0 and (best is None or off < best[0]):
                best = (off, first.symbol, second.symbol)
    return best
