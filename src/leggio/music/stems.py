"""Heads on stems. In: heads, stem strokes and the page's ink. Out: `Stem`s with the heads that hang on them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.maps import Maps
from leggio.music.notation import SMALL_HEADS, Staff, StemWay, Stroke, StrokeKind, Symbol
from leggio.music.notation import SymbolKind as K

_TOUCH = 0.45  # a stem passes a head's edge at most so far away, in staff spaces
_TOUCH_OF_UNISON = 0.3  # the same for the second stem of a head
# A stem whose first own head is so far from where it begins, in staff spaces, begins at another head, which is so near.
_NEXT_HEAD, _AT_HEAD = 1.2, 0.4
_UNISON_STEM = 2.0  # staff spaces that the second stem of a head goes on beyond it
_FAINT_DARK = 85  # of 255: page ink where a stem is looked for
_SHORTEST_FAINT_STEM, _LONGEST_FAINT_STEM = 1.7, 7.0  # staff spaces from the head to the stem's end
_SHORTEST_SMALL_STEM = 1.3  # of a grace note
_WHOLE_STEM = 2.3  # staff spaces beyond its heads: a stem so long is no stub
# Two pieces of one stem are at most so far apart, across and along it, in staff spaces.
_IN_LINE, _BREAK = 0.35, 1.0
_DASHED = 0.4  # share of the way to a beam that ink of a worn stem must cover


@dataclass(slots=True)
class Stem:
    """A stem with what hangs on it, while it is put together."""

    stroke: Stroke
    heads: list[Symbol] = field(default_factory=list)
    way: StemWay = StemWay.UP
    left: int = 0
    right: int = 0
    groups: frozenset[int] = frozenset()
    group: int | None = None

    @property
    def x(self) -> float:
        return (self.stroke.start.x + self.stroke.end.x) / 2

    def point(self) -> None:
        """Tell the stem's way from its heads: it points to where it goes on furthest beyond them."""
        if self.heads:
            ys = [head.box.center.y for head in self.heads]
            above, below = min(ys) - self.stroke.start.y, self.stroke.end.y - max(ys)
            self.way = StemWay.UP if above >= below else StemWay.DOWN

    @property
    def tip(self) -> Point:
        return self.stroke.start if self.way is StemWay.UP else self.stroke.end


def hang_heads(heads: Sequence[Symbol], strokes: Sequence[Stroke], space: float) -> list[Stem]:
    """Hang every head that can have a stem on the stem that touches it best, then tell each stem's way.

    A head with a stem up on its right and a stem down on its left is a unison of two voices: it hangs on both.
    """
    stems = sorted((Stem(stroke) for stroke in strokes), key=lambda stem: stem.x)
    xs = [stem.x for stem in stems]
    for head in heads:
        if head.kind in (K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE):
            continue
        best, cost = None, _TOUCH * space
        middle = head.box.center.x
        for stem in stems[bisect(xs, middle - 2 * space) : bisect(xs, middle + 2 * space)]:
            off = _touch(head, stem, space)
            if off is not None and off < cost:
                best, cost = stem, off
        if best:
            best.heads.append(head)
    for stem in stems:
        stem.point()
    _share_unisons(stems, space)
    return stems


def join_stems(stems: Sequence[Stem], staves: Mapping[int, Staff], space: float) -> list[Stem]:
    """Make one stem of two that stand end to end or on one another: no stem leads to the head of another chord.

    `staves` has the staff of every head by its id.
    """
    joined: list[Stem] = []
    for stem in sorted(stems, key=lambda stem: stem.stroke.start.y):
        x, across = stem.stroke.start.x, _IN_LINE * space
        beside = (other for other in joined if abs(other.stroke.end.x - x) < across)
        above = next((other for other in beside if _goes_on(other, stem, staves, space)), None)
        if above is None:
            joined.append(stem)
            continue
        bottom = max(above.stroke.end, stem.stroke.end, key=lambda end: end.y)
        above.stroke = replace(above.stroke, end=bottom, box=above.stroke.box.union(stem.stroke.box))
        above.heads += stem.heads
        above.point()
    return sorted(joined, key=lambda stem: stem.x)


def _goes_on(above: Stem, below: Stem, staves: Mapping[int, Staff], space: float) -> bool:
    """Whether two stems in one line that point the same way are pieces of one, with heads on both pieces."""
    if not (above.heads and below.heads) or above.way is not below.way:
        return False
    is_near = below.stroke.start.y - above.stroke.end.y < _BREAK * space
    return is_near and len({staves[head.id].id for head in (*above.heads, *below.heads)}) == 1


def _share_unisons(stems: Sequence[Stem], space: float) -> None:
    """Hang the head at the foot of a stem on a second stem too, which goes the other way and begins at that head.

    A stem begins at a head: one whose own heads are all further on, or that has none, shares the head at its start.
    """
    xs = [stem.x for stem in stems]
    for stem in [stem for stem in stems if stem.heads]:
        up = stem.way is StemWay.UP
        head = (max if up else min)(stem.heads, key=lambda h: h.box.center.y)
        for other in stems[bisect(xs, stem.x - 2 * space) : bisect(xs, stem.x + 2 * space)]:
            pair = (stem, other) if up else (other, stem)
            if other is not stem and _is_unison(head, *pair, space) and _begins_at(other, head, up, space):
                other.heads.append(head)
                other.point()
                break


def _begins_at(stem: Stem, head: Symbol, down: bool, space: float) -> bool:
    """Whether a stem that goes down, or up, begins at a head and not at one of its own, which it may not have."""
    start = stem.stroke.start if down else stem.stroke.end
    beyond = [(own.box.center.y - head.box.center.y) * (1 if down else -1) for own in stem.heads]
    is_near = abs(start.y - head.box.center.y) < _AT_HEAD * space
    return not beyond or (is_near and min(beyond) > _NEXT_HEAD * space)


def _is_unison(head: Symbol, up: Stem, down: Stem, space: float) -> bool:
    """Whether one stem goes up from a head's right side and the other one down from its left side."""
    centre = head.box.center
    if not centre.x - space < down.x < centre.x < up.x < centre.x + space:
        return False
    touches = [_touch(head, stem, space) for stem in (up, down)]
    if any(off is None or off > _TOUCH_OF_UNISON * space for off in touches):
        return False
    beyond = min(centre.y - up.stroke.start.y, down.stroke.end.y - centre.y)
    back = max(up.stroke.end.y - centre.y, centre.y - down.stroke.start.y)
    return beyond > _UNISON_STEM * space and back < 0.7 * space


def seek_stems(heads: Sequence[Symbol], beams: Sequence[Stroke], maps: Maps, first_id: int) -> list[Stroke]:
    """Stems that the net missed: upright page ink at the side of a head that has none, or a dashed remnant of it that
    leads to a beam."""
    dark = maps.dark > _FAINT_DARK
    found: list[Stroke] = []
    for head in heads:
        place = _whole_stem(head, dark, maps) or _dashed_stem(head, beams, dark, maps)
        if place is None:
            continue
        x, top, bottom = place
        near = 0.3 * maps.cells_per_space * maps.cell
        known = [
            s
            for s in found
            if abs(s.start.x - x) < near and s.box.y0 < head.box.y1 and s.box.y1 > head.box.y0
        ]
        if not known:
            box = Box(x - maps.cell / 2, top, x + maps.cell / 2, bottom)
            start, end = Point(x, top), Point(x, bottom)
            found.append(Stroke(first_id + len(found), StrokeKind.STEM, start, end, maps.cell, box, 0.3))
    return found


def _whole_stem(head: Symbol, dark: NDArray[np.bool_], maps: Maps) -> tuple[float, float, float] | None:
    """Unbroken upright ink at either side of a head, as (x, top, bottom) in page pixels."""
    per_space = maps.cells_per_space
    y = min(max(int(head.box.center.y / maps.cell), 0), dark.shape[0] - 1)
    best: tuple[float, int, int, int] | None = None
    shortest = _SHORTEST_SMALL_STEM if head.kind in SMALL_HEADS else _SHORTEST_FAINT_STEM
    for edge in (head.box.x0, head.box.x1):
        middle = round(edge / maps.cell - 0.5)
        for x in range(max(0, middle - 2), min(dark.shape[1], middle + 3)):
            top, bottom = _ink_run(dark[:, x], y, round(0.7 * per_space))
            length = max(y - top, bottom - y) / per_space
            if length > shortest and (best is None or length > best[0] + 0.3):
                best = (length, x, top, bottom)
    if best is None or best[0] > _LONGEST_FAINT_STEM:
        return None
    _, x, top, bottom = best
    return (x + 0.5) * maps.cell, top * maps.cell, (bottom + 1) * maps.cell


def _dashed_stem(
    head: Symbol, beams: Sequence[Stroke], dark: NDArray[np.bool_], maps: Maps
) -> tuple[float, float, float] | None:
    """The way from either side of a head to a beam on which most ink is left."""
    ways = [_way_to_beam(x, head.box.center.y, beams, dark, maps) for x in (head.box.x0, head.box.x1)]
    return next((way for way in ways if way), None)


def _way_to_beam(
    x: float, y: float, beams: Sequence[Stroke], dark: NDArray[np.bool_], maps: Maps
) -> tuple[float, float, float] | None:
    """From a place upwards or downwards to the beam on the way to which most ink is left: (x, top, bottom)."""
    space = maps.cells_per_space * maps.cell
    best, left = None, _DASHED
    for beam in beams:
        if not beam.start.x - 0.4 * space < x < beam.end.x + 0.4 * space:
            continue
        share = (x - beam.start.x) / max(beam.end.x - beam.start.x, 1.0)
        tip = beam.start.y + share * (beam.end.y - beam.start.y)
        if not 1.2 * space < abs(tip - y) < _LONGEST_FAINT_STEM * space:
            continue
        low, high = sorted((tip, y))
        column, rows = int(x / maps.cell), slice(int(low / maps.cell), int(high / maps.cell))
        cut = dark[rows, max(0, column - 2) : column + 3]
        cover = float(cut.mean(axis=0).max()) if cut.size else 0.0
        if cover > left:
            best, left = (x, low, high), cover
    return best


def lengthen_stems(stems: Sequence[Stem], beams: Sequence[Stroke], maps: Maps, space: float) -> None:
    """Give stubs of worn stems the rest of their way to the beam that they once reached."""
    dark = maps.dark > _FAINT_DARK
    for stem in stems:
        if not stem.heads or any(head.kind is not K.HEAD_BLACK for head in stem.heads):
            continue
        ends = (stem.stroke.start, stem.stroke.end)
        if any(_reaches(beam, end, space) for beam in beams for end in ends):
            continue
        inner, outer = min(h.box.center.y for h in stem.heads), max(h.box.center.y for h in stem.heads)
        if max(inner - ends[0].y, ends[1].y - outer) > _WHOLE_STEM * space:
            continue
        found = [way for y in (inner, outer) if (way := _way_to_beam(stem.x, y, beams, dark, maps))]
        if not found:
            continue
        _, top, bottom = max(found, key=lambda place: place[2] - place[1])
        top, bottom = min(top, ends[0].y), max(bottom, ends[1].y)
        start, end = Point(stem.stroke.start.x, top), Point(stem.stroke.end.x, bottom)
        box = Box(stem.stroke.box.x0, top, stem.stroke.box.x1, bottom)
        stem.stroke = replace(stem.stroke, start=start, end=end, box=box)
        stem.point()


def _reaches(beam: Stroke, end: Point, space: float) -> bool:
    """Whether a stem's end lies on a beam."""
    if not beam.start.x - 0.5 * space < end.x < beam.end.x + 0.5 * space:
        return False
    share = (end.x - beam.start.x) / max(beam.end.x - beam.start.x, 1.0)
    return abs(beam.start.y + share * (beam.end.y - beam.start.y) - end.y) < 0.9 * space


def _ink_run(column: NDArray[np.bool_], start: int, reach: int) -> tuple[int, int]:
    """How far ink goes on up and down a column from near `start`; one white cell is passed over."""
    inked = [i for i in range(max(0, start - reach), min(len(column), start + reach + 1)) if column[i]]
    if not inked:
        return start, start
    top = bottom = min(inked, key=lambda i: abs(i - start))
    while top > 1 and (column[top - 1] or column[top - 2]):
        top -= 1
    while bottom < len(column) - 2 and (column[bottom + 1] or column[bottom + 2]):
        bottom += 1
    return top, bottom


def _touch(head: Symbol, stem: Stem, space: float) -> float | None:
    """How far a stem is from the nearer edge of a head, in pixels; None where it does not pass the head."""
    centre = head.box.center
    if not stem.stroke.start.y - 0.7 * space < centre.y < stem.stroke.end.y + 0.7 * space:
        return None
    height = max(stem.stroke.end.y - stem.stroke.start.y, 1.0)
    share = min(max((centre.y - stem.stroke.start.y) / height, 0.0), 1.0)
    x = stem.stroke.start.x + share * (stem.stroke.end.x - stem.stroke.start.x)
    half = min(max(head.box.width / 2, 0.5 * space), 0.75 * space) * (
        0.8 if head.kind in SMALL_HEADS else 1.0
    )
    off = min(abs(x - (centre.x - half)), abs(x - (centre.x + half)))
    # At its end a stem goes up from a head's right side and down from its left one; inside a chord both occur.
    at_foot = centre.y > stem.stroke.end.y - 0.8 * space
    at_top = centre.y < stem.stroke.start.y + 0.8 * space
    if (at_foot and not at_top and x < centre.x) or (at_top and not at_foot and x > centre.x):
        off += 0.15 * space
    return off
