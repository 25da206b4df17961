"""Which staff a mark outside of the staves belongs to. In: its box, systems. Out: a staff, and on which side of it."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Box
from leggio.music.notation import Staff, System


def find_home(box: Box, systems: Sequence[System], furthest: float) -> tuple[Staff, bool] | None:
    """The staff of a mark and whether the mark stands above it; None farther than `furthest` staff spaces from all.

    Between two staves it is the upper one's: dynamics and hairpins stand below their staff, but for those of songs.
    """
    x, y = box.center.x, box.center.y
    found: list[tuple[float, Staff, bool]] = []
    for staff in (staff for system in systems for staff in system.staves):
        if staff.box.x0 - staff.space <= x <= staff.box.x1 + staff.space:
            below, above = (y - staff.line_at(4, x)) / staff.space, (staff.line_at(0, x) - y) / staff.space
            found.append((max(below, above), staff, above > below))
    near = [one for one in found if one[0] < furthest]
    under = [one for one in near if not one[2]]
    chosen = min(under or near, key=lambda one: one[0], default=None)
    return None if chosen is None else (chosen[1], chosen[2])
