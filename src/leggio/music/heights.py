"""How high heads stand. In: heads, ledger lines, systems. Out: each head's staff, and a ruler from pixels to steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leggio.geometry import Point
from leggio.music.notation import Staff, Stroke, Symbol, System
from leggio.music.stems import Stem

_BESIDE = 0.3  # a ledger line reaches at least to so far from a head's middle, staff spaces
_THROUGH = 0.45  # a ledger line so near to a head's middle goes through it, steps
_MISMEASURED = 0.7  # a head stands at most so far from its line or space, steps


@dataclass(frozen=True, slots=True)
class Ruler:
    """How heights on this page become staff steps.

    `rise` is how far heads lie above their place, in steps. Old engravers set ledger lines wider than staff lines:
    `stretch` is the distance of the first ledger line in staff spaces.
    """

    rise: float
    stretch: float

    def measure(self, staff: Staff, point: Point) -> float:
        """Steps above the bottom line, as a real number."""
        raw = staff.position_at(point) - self.rise
        if raw > 8:
            return 8 + (raw - 8) / self.stretch
        return raw / self.stretch if raw < 0 else raw


def tell_step(ruler: Ruler, staff: Staff, point: Point, ledgers: Sequence[Stroke]) -> int:
    """The line or space of a staff that a head at `point` stands on, in steps above the bottom line.

    Outside the staff heads stand up to half a step off, but a ledger line goes through those on lines and no others:
    on old prints that is true of 99 in 100 heads.
    """
    measured = ruler.measure(staff, point)
    step = round(measured)
    if -1 < step < 9:
        return step
    is_line = any(
        line.start.x - _BESIDE * staff.space < point.x < line.end.x + _BESIDE * staff.space
        and abs(ruler.measure(staff, _middle(line, point.x)) - measured) < _THROUGH
        for line in ledgers
    )
    if (step % 2 == 0) == is_line:
        return step
    other = step + (1 if measured > step else -1)
    return other if abs(other - measured) < _MISMEASURED and not -1 < other < 9 else step


def _middle(line: Stroke, x: float) -> Point:
    return Point(x, (line.start.y + line.end.y) / 2)


def make_ruler(heads: Sequence[Symbol], ledgers: Sequence[Stroke], systems: Sequence[System]) -> Ruler:
    """The page's ruler: `rise` from the heads on staves, `stretch` from the ledger lines nearest to them."""
    staves = [staff for system in systems for staff in system.staves]
    inside, first = [], []
    for head in heads:
        staff = _nearest(head.box.center, staves)
        raw = staff.position_at(head.box.center)
        if -0.3 < raw < 8.3:
            inside.append(raw - round(raw))
    for line in ledgers:
        middle = Point((line.start.x + line.end.x) / 2, (line.start.y + line.end.y) / 2)
        raw = _nearest(middle, staves).position_at(middle)
        away = raw - 8 if raw > 4 else -raw
        if 1.5 < away < 2.8:
            first.append(away / 2)
    rise = float(np.median(inside)) if len(inside) > 10 else 0.0
    # A few lines say little: the usual spacing counts as so many of them.
    stretch = float(np.median([*first, *[1.0] * 4])) if first else 1.0
    return Ruler(rise, min(max(stretch, 0.9), 1.3))


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
