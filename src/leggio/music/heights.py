"""How high heads stand. In: heads, ledger lines, systems. Out: each head's staff, and a ruler from pixels to steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leggio.geometry import Point
from leggio.music.notation import Staff, Stroke, Symbol, System
from leggio.music.stems import Stem

_NEAR, _FAR = 1.5, 2.8  # a ledger line lies so far from the staff or from the one before, steps
_BESIDE = 0.3  # a ledger line reaches at least to so far from a head's middle, staff spaces
_THROUGH = 0.45  # a ledger line so near to a head's middle goes through it, steps
_SHORTEST = 1.2  # a ledger line is at least so long, staff spaces
_BESIDE_LONG = 0.05  # and a whole one reaches the middle of its head, or stops so much before it
_INSIDE = 0.85  # ink that is nowhere so far from a head's middle is a part of the head, staff spaces
_SEEN_BESIDE = 0.95  # the same beside ledger lines that were seen, steps
_NEXT_LINE = 2.5  # the nearest ledger line of a head is at most so far away, steps
_MISMEASURED = 0.7  # a head stands at most so far from its line or space, steps


@dataclass(frozen=True, slots=True)
class Ruler:
    """How heights on this page become staff steps.

    `rise` is how far heads lie above their place, in steps. Old engravers set ledger lines wider than staff lines:
    `stretch` is the distance of the first ledger line in staff spaces, `further` that from one to the next.
    """

    rise: float
    stretch: float
    further: float = 1.0

    def measure(self, staff: Staff, point: Point) -> float:
        """Steps above the bottom line, as a real number."""
        raw = staff.position_at(point) - self.rise
        if raw > 8:
            return 8 + self._count(raw - 8)
        return -self._count(-raw) if raw < 0 else raw

    def _count(self, away: float) -> float:
        """The steps in a distance from the outer line of a staff, which is in steps of the staff itself."""
        first = 2 * self.stretch
        return away / self.stretch if away < first else 2 + (away - first) / self.further


def tell_step(ruler: Ruler, staff: Staff, point: Point, ledgers: Sequence[Stroke]) -> int:
    """The line or space of a staff that a head at `point` stands on, in steps above the bottom line.

    Outside the staff heads stand up to half a step off, but a ledger line goes through those on lines and no others:
    on old prints that is true of 99 in 100 heads.
    """
    measured = ruler.measure(staff, point)
    if -1 < round(measured) < 9:
        return round(measured)
    low, high = (9, measured + _THROUGH) if measured > 4 else (measured - _THROUGH, -1)
    left, right = point.x + _BESIDE * staff.space, point.x - _BESIDE * staff.space
    beside = [line for line in ledgers if line.start.x < left and line.end.x > right]
    lines = [ruler.measure(staff, _middle(line, point.x)) for line in beside if _is_at(line, point, staff)]
    lines = [line for line in lines if low < line < high]  # those further out say nothing
    is_line = any(abs(line - measured) < _THROUGH for line in lines)
    placed = measured - _slip(measured, lines)
    step = round(placed)
    if (step % 2 == 0) == is_line:
        return step
    other = step + (1 if placed > step else -1)
    # Where the net sees a ledger line further in, it would see one through the head too.
    farthest = _SEEN_BESIDE if lines and not is_line else _MISMEASURED
    return other if abs(other - placed) < farthest and not -1 < other < 9 else step


def _is_at(line: Stroke, point: Point, staff: Staff) -> bool:
    """Whether a stroke beside a head is a ledger line through it, or a piece of one that sticks out of it."""
    left, right = (line.start.x - point.x) / staff.space, (line.end.x - point.x) / staff.space
    if right - left > _SHORTEST:
        return left < _BESIDE_LONG and right > -_BESIDE_LONG
    return max(-left, right) > _INSIDE


def _slip(measured: float, lines: Sequence[float]) -> float:
    """How much too high the ledger line nearest to a head was measured, and so the head: it has an even step."""
    near = [line for line in lines if abs(line - measured) < _NEXT_LINE]
    if not near:
        return 0.0
    line = min(near, key=lambda line: abs(line - measured))
    slip = line - 2 * round(line / 2)
    return slip if abs(slip) < _MISMEASURED else 0.0


def _middle(line: Stroke, x: float) -> Point:
    return Point(x, (line.start.y + line.end.y) / 2)


def make_ruler(heads: Sequence[Symbol], ledgers: Sequence[Stroke], systems: Sequence[System]) -> Ruler:
    """The page's ruler: `rise` from the heads on staves, `stretch` and `further` from the ledger lines."""
    staves = [staff for system in systems for staff in system.staves]
    inside, first = [], []
    for head in heads:
        staff = _nearest(head.box.center, staves)
        raw = staff.position_at(head.box.center)
        if -0.3 < raw < 8.3:
            inside.append(raw - round(raw))
    away = [_away(line, staves) for line in ledgers]
    first = [distance / 2 for distance in away if _NEAR < distance < _FAR]
    rise = float(np.median(inside)) if len(inside) > 10 else 0.0
    # A few lines say little: the usual spacing counts as so many of them.
    stretch = float(np.median([*first, *[1.0] * 4])) if first else 1.0
    gaps = [gap / 2 for gap in _gaps(ledgers, away) if _NEAR < gap < _FAR]
    stretch = min(max(stretch, 0.9), 1.3)
    further = float(np.median([*gaps, *[stretch] * 4])) if gaps else stretch
    return Ruler(rise, stretch, min(max(further, 0.9), 1.3))


def _away(line: Stroke, staves: Sequence[Staff]) -> float:
    """How far a ledger line lies outside the nearest staff, in steps of that staff."""
    middle = Point((line.start.x + line.end.x) / 2, (line.start.y + line.end.y) / 2)
    raw = _nearest(middle, staves).position_at(middle)
    return raw - 8 if raw > 4 else -raw


def _gaps(ledgers: Sequence[Stroke], away: Sequence[float]) -> list[float]:
    """From each ledger line to the next one further out over or under the same head, in steps."""
    order = sorted(range(len(ledgers)), key=lambda place: ledgers[place].start.x)
    found = []
    for number, place in enumerate(order):
        line = ledgers[place]
        middle, reach = (line.start.x + line.end.x) / 2, 4 * (line.end.x - line.start.x)
        for other in order[number + 1 :]:
            beside = ledgers[other]
            if beside.start.x > middle:
                break
            if beside.end.x > middle and abs(beside.start.y - line.start.y) < reach:
                found.append(abs(away[other] - away[place]))
    return found


def _nearest(point: Point, staves: Sequence[Staff]) -> Staff:
    def away(staff: Staff) -> float:
        beside = max(staff.xs[0] - point.x, point.x - staff.xs[-1], 0.0)
        return abs(point.y - (staff.line_at(0, point.x) + staff.line_at(4, point.x)) / 2) + beside

    return min(staves, key=away)


def place_heads(
    heads: Sequence[Symbol], stems: Sequence[Stem], systems: Sequence[System], ledgers: Sequence[Stroke]
) -> dict[int, Staff]:
    """Each head's staff. Between two staves the ledger lines on the way decide, then the other heads on its stem."""
    placed: dict[int, Staff] = {}
    doubtful: list[Symbol] = []
    for head in heads:
        near = two_nearest(head, systems)
        if len(near) == 1 or near[0][0] < 1.2 or near[1][0] - near[0][0] > 3:
            placed[head.id] = near[0][1]
            continue
        scores = [_ledger_score(head, staff, ledgers) - 0.12 * distance for distance, staff in near]
        placed[head.id] = near[0][1] if scores[0] >= scores[1] else near[1][1]
        if abs(scores[0] - scores[1]) < 0.4:
            doubtful.append(head)
    unsure = {head.id for head in doubtful}
    for stem in stems:
        sure = [placed[h.id] for h in stem.heads if h.id not in unsure]
        for head in stem.heads:
            if head.id in unsure and sure:
                placed[head.id] = sure[0]
    return placed


def two_nearest(head: Symbol, systems: Sequence[System]) -> list[tuple[float, Staff]]:
    centre = head.box.center
    found = []
    for system in systems:
        for staff in system.staves:
            if staff.xs[0] - 2 * staff.space < centre.x < staff.xs[-1] + 2 * staff.space:
                away = max(staff.line_at(0, centre.x) - centre.y, centre.y - staff.line_at(4, centre.x), 0.0)
                found.append((away / staff.space, staff))
    found.sort(key=lambda pair: pair[0])
    return found[:2] if len(found) > 1 and found[0][1].system == found[1][1].system else found[:1]


def _ledger_score(head: Symbol, staff: Staff, ledgers: Sequence[Stroke]) -> float:
    """The share of the ledger lines between head and staff that are there."""
    centre = head.box.center
    position = staff.position_at(centre)
    wanted = list(range(-2, round(position) - 1, -2)) or list(range(10, round(position) + 1, 2))
    if not wanted:
        return 1.0
    found = 0
    for place in wanted:
        found += any(
            line.start.x - 0.4 * staff.space < centre.x < line.end.x + 0.4 * staff.space
            and abs(staff.position_at(Point(centre.x, (line.start.y + line.end.y) / 2)) - place) < 0.7
            for line in ledgers
        )
    return found / len(wanted)
