"""Hairpins: two legs that open or close. In: systems, strokes, the net's maps. Out: `TextMark`s, one where each begins
and one where it stops.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.directions import Wedge
from leggio.music.homes import find_home
from leggio.music.maps import Maps
from leggio.music.notation import Stroke, StrokeKind, System, Text, TextMark, TextRole

_SHORTEST = 1.5  # a hairpin is longer, staff spaces
_LEVEL = 110  # of 255: what counts as ink
_END = 0.2  # share of a hairpin's length at each end over which its legs' distance is measured
_OPENS = 1.5  # the open end's legs are so many times as far apart
_APART = 0.35  # and at least so far, staff spaces: less is a line
_LEGS = 0.6  # share of the shorter leg that lies over the other
_FURTHEST = 7.0  # from a staff's outer line to its hairpins, staff spaces
_NEAR = 1.5  # legs are at most so far apart, staff spaces


def read_hairpins(systems: Sequence[System], strokes: Sequence[Stroke], maps: Maps) -> tuple[TextMark, ...]:
    """The hairpins of a page, each at the staff above it, else below it; what does not open is left out."""
    marks: list[TextMark] = []
    for box in _join_legs(systems, strokes):
        home = find_home(box, systems, _FURTHEST)
        if home is None:
            continue
        staff, above = home
        wedge = _tell_wedge(box, maps, staff.space)
        if wedge is not None and box.width > _SHORTEST * staff.space:
            start, stop = Box(box.x0, box.y0, box.x0, box.y1), Box(box.x1, box.y0, box.x1, box.y1)
            marks += [
                TextMark(TextRole.WEDGE, Text(place, word.value, 1.0, box.height, box.y1), staff.id, above)
                for place, word in ((start, wedge), (stop, Wedge.STOP))
            ]
    return tuple(marks)


def _join_legs(systems: Sequence[System], strokes: Sequence[Stroke]) -> list[Box]:
    """The boxes of hairpins; two legs that do not touch are one."""
    space = min((staff.space for system in systems for staff in system.staves), default=0.0)
    boxes: list[Box] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.box.x0):
        if stroke.kind is not StrokeKind.HAIRPIN:
            continue
        leg = next((place for place, box in enumerate(boxes) if _are_legs(box, stroke.box, space)), None)
        if leg is None:
            boxes.append(stroke.box)
        else:
            boxes[leg] = boxes[leg].union(stroke.box)
    return boxes


def _are_legs(box: Box, other: Box, space: float) -> bool:
    shared = min(box.x1, other.x1) - max(box.x0, other.x0)
    gap = max(box.y0, other.y0) - min(box.y1, other.y1)
    return shared > _LEGS * min(box.width, other.width) and gap < _NEAR * space


def _tell_wedge(box: Box, maps: Maps, space: float) -> Wedge | None:
    """Whether a hairpin opens to the right or to the left; None where its legs run side by side."""
    rows = slice(max(0, int(box.y0 / maps.cell)), int(box.y1 / maps.cell) + 2)
    columns = slice(max(0, int(box.x0 / maps.cell)), int(box.x1 / maps.cell) + 1)
    ink = maps.ink_of(StrokeKind.HAIRPIN.value)[rows, columns] > _LEVEL
    width = max(1, round(_END * ink.shape[1]))
    left, right = (_measure_spread(ink[:, part]) * maps.cell for part in (np.s_[:width], np.s_[-width:]))
    if max(left, right) < _APART * space or max(left, right) < _OPENS * min(left, right):
        return None
    return Wedge.CRESCENDO if right > left else Wedge.DIMINUENDO


def _measure_spread(ink: NDArray[np.bool_]) -> float:
    """From the highest to the lowest ink of a column, in cells; the median of the columns with ink."""
    spreads = [float(np.ptp(np.flatnonzero(column))) for column in ink.T if column.any()]
    return float(np.median(spreads)) if spreads else 0.0
