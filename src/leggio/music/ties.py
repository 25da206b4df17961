"""Ties between heads. In: chords and curves. Out: `Tie`s."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.music.notation import Chord, Stroke, StrokeKind, Tie

_SHARED = 3  # heads that two chords must share, so that ties between some of them speak for the others


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
            if first.position != second.position or second.accidental is not None:
                continue
            off = (abs(curve.start.y - first.y) + abs(curve.end.y - second.y)) / space
            if off < 3.0 and (best is None or off < best[0]):
                best = (off, first.symbol, second.symbol)
    return best


def complete_ties(ties: Sequence[Tie], chords: Sequence[Chord]) -> tuple[Tie, ...]:
    """`ties` with those that were missed between two chords: where half of what they share is tied, the rest is too.

    Only chords that share three heads or more are looked at: of two, one may well be struck anew.
    """
    owner = {head.symbol: chord for chord in chords for head in chord.heads}
    tied = {(tie.start, tie.stop) for tie in ties}
    pairs: dict[tuple[int, int], list[Tie]] = {}
    for tie in ties:
        if tie.start in owner and tie.stop in owner:
            pairs.setdefault((owner[tie.start].id, owner[tie.stop].id), []).append(tie)
    found = list(ties)
    for known in pairs.values():
        first, last = owner[known[0].start], owner[known[0].stop]
        shared = [
            (a.symbol, b.symbol)
            for a in first.heads
            for b in last.heads
            if a.position == b.position and b.accidental is None
        ]
        if len(shared) >= _SHARED and 2 * len(known) >= len(shared):
            found += [Tie(a, b, known[0].stroke) for a, b in shared if (a, b) not in tied]
    return tuple(found)
