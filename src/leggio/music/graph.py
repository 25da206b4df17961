"""What belongs to what: heads to staves and stems, stems to beams and flags, dots and accidentals to heads.

In: systems, symbols, strokes and the beam ink. Out: `Chord`s, `Rest`s and `Tie`s. Nothing here knows durations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.maps import Maps
from leggio.music.notation import (
    Chord,
    Head,
    Rest,
    Staff,
    StemWay,
    Stroke,
    StrokeKind,
    Symbol,
    System,
    Tie,
)  # fmt: skip
from leggio.music.notation import (
    SymbolKind as K,
)

SMALL_HEADS = (K.HEAD_BLACK_SMALL, K.HEAD_HALF_SMALL)
HEADS = (K.HEAD_BLACK, K.HEAD_HALF, K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE, *SMALL_HEADS)
RESTS = tuple(kind for kind in K if kind.value.startswith("rest"))
ACCIDENTALS = (K.FLAT, K.NATURAL, K.SHARP, K.DOUBLE_SHARP, K.DOUBLE_FLAT)
FLAGS = {
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_16_UP: 2, K.FLAG_16_DOWN: 2, K.FLAG_32_UP: 3, K.FLAG_32_DOWN: 3,
    K.FLAG_64_UP: 4, K.FLAG_64_DOWN: 4, K.FLAG_SMALL: 1,
}  # fmt: skip
_HEAD_LEVEL = 0.33  # lowest confidence of a head, a rest and the others; chosen on the development pages
_SURE_HEAD = 0.85  # a head so sure is not taken for a piece of a beam
_REST_LEVEL = 0.35
_SIGN_LEVEL = 0.25
_DOT_LEVEL = 0.25
_REACH = 9.0  # heads lie at most so far from their staff, in staff spaces
_TOUCH = 0.45  # a stem passes a head's edge at most so far away, in staff spaces
_BEAM_LEVEL = 100  # of 255
_FAINT_DARK = 85  # of 255: page ink where a stem is looked for
_SHORTEST_FAINT_STEM, _LONGEST_FAINT_STEM = 1.7, 7.0  # staff spaces from the head to the stem's end
_DASHED = 0.4  # share of the way to a beam that ink of a worn stem must cover
_DARK_LEVEL = 120  # of 255: page ink
_THICK_CELLS = (3, 4)  # rows and columns of map cells that ink must fill to be thick
_BEAM_PERIOD = 0.75  # from one beam to the next, staff spaces
_THIN_BEAM = 0.22  # a run of beam ink lower than this is none, staff spaces
_BEAM_GAP = 0.7  # the white between two beams is at most so high, staff spaces
_BESIDE = (0.25, 0.35, 0.45, 0.55, 0.65)  # where beams are counted beside a stem, staff spaces
_BEAM_HEIGHT, _BEAM_HEIGHTS = 0.5, (0.4, 0.85)  # of one beam, staff spaces: as engraved today, and as may be
_ENOUGH_BEAMS = 12  # so many beams tell how high one is on this page


@dataclass(slots=True)
class _Stem:
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

    @property
    def tip(self) -> Point:
        return self.stroke.start if self.way is StemWay.UP else self.stroke.end


def link(
    systems: Sequence[System], symbols: Sequence[Symbol], strokes: Sequence[Stroke], maps: Maps
) -> tuple[tuple[Chord, ...], tuple[Rest, ...], tuple[Tie, ...]]:
    """Chords and rests of the whole page from left to right, and the ties between heads."""
    if not systems:
        return (), (), ()
    space = float(np.median([staff.space for system in systems for staff in system.staves]))
    heads = _distinct([s for s in symbols if s.kind in HEADS and s.confidence > _HEAD_LEVEL], space)
    heads = [h for h in heads if _distance(h, systems) < _REACH and not _in_beam(h, maps)]
    stems = _hang_heads(heads, [s for s in strokes if s.kind is StrokeKind.STEM], space)
    hung = {id(head) for stem in stems for head in stem.heads}
    bare = [h for h in heads if id(h) not in hung and h.kind in (K.HEAD_BLACK, K.HEAD_HALF)]
    beams = [s for s in strokes if s.kind is StrokeKind.BEAM]
    faint = _seek_stems(bare, beams, maps, first_id=len(symbols) + len(strokes))
    if faint:
        stems = _hang_heads(heads, [*(s for s in strokes if s.kind is StrokeKind.STEM), *faint], space)
    _count_beams(stems, maps, space)
    flags = [s for s in symbols if s.kind in FLAGS and s.confidence > _SIGN_LEVEL]
    ledgers = [s for s in strokes if s.kind is StrokeKind.LEDGER]
    ruler = _make_ruler(heads, ledgers, systems)
    placed = _place(heads, stems, systems, ledgers)
    owner = {id(h): stem for stem in stems for h in stem.heads}
    accidentals = _give_accidentals(symbols, heads, placed, space)
    rests = [s for s in symbols if s.kind in RESTS and s.confidence > _REST_LEVEL]
    dots = _give_dots(symbols, heads, rests, placed, space)
    chords = []
    loose = [[h] for h in heads if id(h) not in owner]
    for stem, members in [(s, s.heads) for s in stems if s.heads] + [(None, m) for m in loose]:
        for staff, part in _by_staff(members, placed):
            chords.append(_chord(len(chords), staff, part, stem, flags, accidentals, dots, ruler, space))
    chords = [c for c in chords if c.stem is not None or _may_stand_alone(c)]
    chords.sort(key=lambda c: c.x)
    found = tuple(_renumber(chords))
    return found, _rests(rests, systems, dots, len(found)), _ties(found, strokes, space)


def _distinct(heads: Sequence[Symbol], space: float) -> list[Symbol]:
    """Heads without the weaker one of two at the same place."""
    kept: list[Symbol] = []
    for head in sorted(heads, key=lambda h: -h.confidence):
        centre = head.box.center
        if all(
            abs(centre.x - k.box.center.x) > 0.6 * space or abs(centre.y - k.box.center.y) > 0.4 * space
            for k in kept
        ):
            kept.append(head)
    return sorted(kept, key=lambda h: h.box.center.x)


def _in_beam(head: Symbol, maps: Maps) -> bool:
    """Whether what looks like a head is a piece of a beam: beam ink all over its middle and to both sides."""
    if head.confidence > _SURE_HEAD:
        return False
    beam = maps.ink_of(StrokeKind.BEAM.value)
    centre = head.box.center
    y, x = int(centre.y / maps.cell), int(centre.x / maps.cell)
    half = max(1, round(0.6 * maps.cells_per_space))
    cut = beam[max(0, y - 1) : y + 2, max(0, x - half) : x + half + 1]
    return bool(cut.size) and float(np.mean(cut > _BEAM_LEVEL)) > 0.7


def _distance(symbol: Symbol, systems: Sequence[System]) -> float:
    """Staff spaces from the nearest staff's outer lines; infinite beside all staves."""
    centre = symbol.box.center
    return min(
        (
            max(staff.line_at(0, centre.x) - centre.y, centre.y - staff.line_at(4, centre.x), 0.0)
            / staff.space
            for system in systems
            for staff in system.staves
            if staff.xs[0] - 2 * staff.space < centre.x < staff.xs[-1] + 2 * staff.space
        ),
        default=float("inf"),
    )


def _hang_heads(heads: Sequence[Symbol], strokes: Sequence[Stroke], space: float) -> list[_Stem]:
    """Hang every head that can have a stem on the stem that touches it best, then tell each stem's way."""
    stems = [_Stem(stroke) for stroke in strokes]
    for head in heads:
        if head.kind in (K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE):
            continue
        best, cost = None, _TOUCH * space
        for stem in stems:
            off = _touch(head, stem, space)
            if off is not None and off < cost:
                best, cost = stem, off
        if best:
            best.heads.append(head)
    for stem in stems:
        if stem.heads:
            ys = [h.box.center.y for h in stem.heads]
            above = min(ys) - stem.stroke.start.y
            below = stem.stroke.end.y - max(ys)
            stem.way = StemWay.UP if above >= below else StemWay.DOWN
    return stems


def _seek_stems(
    heads: Sequence[Symbol], beams: Sequence[Stroke], maps: Maps, first_id: int
) -> list[Stroke]:
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
        known = [s for s in found if abs(s.start.x - x) < near and s.box.y0 < head.box.y1 and s.box.y1 > head.box.y0]
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
    for edge in (head.box.x0, head.box.x1):
        middle = round(edge / maps.cell - 0.5)
        for x in range(max(0, middle - 2), min(dark.shape[1], middle + 3)):
            top, bottom = _ink_run(dark[:, x], y, round(0.7 * per_space))
            length = max(y - top, bottom - y) / per_space
            if length > _SHORTEST_FAINT_STEM and (best is None or length > best[0] + 0.3):
                best = (length, x, top, bottom)
    if best is None or best[0] > _LONGEST_FAINT_STEM:
        return None
    _, x, top, bottom = best
    return (x + 0.5) * maps.cell, top * maps.cell, (bottom + 1) * maps.cell


def _dashed_stem(
    head: Symbol, beams: Sequence[Stroke], dark: NDArray[np.bool_], maps: Maps
) -> tuple[float, float, float] | None:
    """The way from a head's side to a beam above or below it on which most ink is left."""
    space = maps.cells_per_space * maps.cell
    y = head.box.center.y
    best, left = None, _DASHED
    for edge in (head.box.x0, head.box.x1):
        for beam in beams:
            if not beam.start.x - 0.4 * space < edge < beam.end.x + 0.4 * space:
                continue
            share = (edge - beam.start.x) / max(beam.end.x - beam.start.x, 1.0)
            tip = beam.start.y + share * (beam.end.y - beam.start.y)
            if not 1.2 * space < abs(tip - y) < _LONGEST_FAINT_STEM * space:
                continue
            low, high = sorted((tip, y))
            column, rows = int(edge / maps.cell), slice(int(low / maps.cell), int(high / maps.cell))
            cut = dark[rows, max(0, column - 2) : column + 3]
            cover = float(cut.mean(axis=0).max()) if cut.size else 0.0
            if cover > left:
                best, left = (edge, low, high), cover
    return best


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


def _touch(head: Symbol, stem: _Stem, space: float) -> float | None:
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


def _count_beams(stems: Sequence[_Stem], maps: Maps, space: float) -> None:
    """Count the beams on each side of every stem's tip, and note which beam ink the stem touches.

    The ink is read in a few columns beside the stem: beams are runs of ink there, and a run as high as two beams is
    two that flowed together.
    """
    beam = maps.ink_of(StrokeKind.BEAM.value)
    ink = (beam > _BEAM_LEVEL).astype(np.uint8)
    thick = cv2.morphologyEx((maps.dark > _DARK_LEVEL).astype(np.uint8), cv2.MORPH_OPEN, np.ones(_THICK_CELLS, np.uint8))
    _, labels = cv2.connectedComponents(ink, connectivity=8)
    per_space = maps.cells_per_space * space / (maps.space / maps.scale)
    hung = [stem for stem in stems if stem.heads]
    seen = _BeamInk(ink, labels, maps.cell, per_space, _BEAM_HEIGHT)
    heights = [height for stem in hung for side in (-1, 1) for height in _heights_beside(stem, side, seen)]
    if len(heights) >= _ENOUGH_BEAMS:
        lowest, highest = _BEAM_HEIGHTS
        seen = replace(seen, height=float(np.clip(np.quantile(heights, 0.3), lowest, highest)))
    # The net misses short hooks; beside a beam that it found, any thick ink on the way to the head is a beam.
    inked = replace(seen, ink=ink | thick)
    for stem in hung:
        stem.left, left_groups = _beams_beside(stem, -1, seen)
        stem.right, right_groups = _beams_beside(stem, +1, seen)
        stem.groups = frozenset(left_groups | right_groups)
        if stem.left:
            stem.left = max(stem.left, _beams_beside(stem, -1, inked)[0])
        if stem.right:
            stem.right = max(stem.right, _beams_beside(stem, +1, inked)[0])
    _name_groups(stems)


def _name_groups(stems: Sequence[_Stem]) -> None:
    """Stems whose beam ink hangs together, through other stems too, get one group's name."""
    parent: dict[int, int] = {}

    def root(label: int) -> int:
        while parent.setdefault(label, label) != label:
            label = parent[label]
        return label

    for stem in stems:
        first, *others = sorted(stem.groups) or [0]
        for other in others:
            parent[root(other)] = root(first)
    for stem in stems:
        stem.group = root(min(stem.groups)) if stem.groups else None


@dataclass(frozen=True, slots=True, eq=False)
class _BeamInk:
    """Where beam ink is: `ink` 0 or 1 and `labels` of its blobs, in map cells of `cell` page pixels; `height` is that of
    one beam on this page, in staff spaces."""

    ink: NDArray[np.uint8]
    labels: NDArray[np.int32]
    cell: float
    per_space: float
    height: float


def _columns_beside(stem: _Stem, side: int, beams: _BeamInk) -> list[tuple[NDArray[np.int64], int]]:
    """Map columns beside a stem, as (rows from beyond the tip towards the heads, column)."""
    tip, per_space = stem.tip.y / beams.cell, beams.per_space
    ys = [h.box.center.y / beams.cell for h in stem.heads]
    inward = 1 if stem.way is StemWay.UP else -1
    nearest = min(ys) if stem.way is StemWay.UP else max(ys)
    reach = min(abs(nearest - tip) - 0.6 * per_space, 4.2 * per_space)
    if reach <= 0:
        reach = 0.5 * per_space
    rows = np.round(np.arange(-0.8 * per_space, reach) * inward + tip).astype(int)
    rows = rows[(rows >= 0) & (rows < beams.ink.shape[0])]
    columns = [round(stem.tip.x / beams.cell - 0.5 + side * away * per_space) for away in _BESIDE]
    return [(rows, column) for column in columns if len(rows) and 0 <= column < beams.ink.shape[1]]


def _runs(profile: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Where ink starts and ends along a column."""
    changes = np.diff(np.concatenate([[0], profile.astype(int), [0]]))
    return list(zip(np.nonzero(changes == 1)[0].tolist(), np.nonzero(changes == -1)[0].tolist(), strict=True))


def _heights_beside(stem: _Stem, side: int, beams: _BeamInk) -> list[float]:
    """How high the outermost run of beam ink is beside a stem, in staff spaces: one number or none."""
    runs = [_runs(beams.ink[rows, column]) for rows, column in _columns_beside(stem, side, beams)]
    heights = sorted((found[0][1] - found[0][0]) / beams.per_space for found in runs if found)
    return heights[len(heights) // 2 :][:1] if len(heights) > len(_BESIDE) // 2 else []


def _beams_beside(stem: _Stem, side: int, beams: _BeamInk) -> tuple[int, set[int]]:
    """The number of beams beside a stem, and the labels of their ink; a beam is there when most columns show it."""
    counts, groups = [], set[int]()
    for rows, column in _columns_beside(stem, side, beams):
        count, labelled = _beams_in(beams.ink[rows, column], beams.labels[rows, column], beams)
        counts.append(count)
        groups |= labelled
    groups.discard(0)
    most = sorted(counts)[len(counts) // 2] if counts else 0
    return min(most, 5), groups if most else set()


def _beams_in(
    profile: NDArray[np.uint8], labels: NDArray[np.int32], beams: _BeamInk
) -> tuple[int, set[int]]:
    """How many beams one column crosses, counted from the tip inwards, and the labels of their ink.

    A run of ink much higher than one beam is several that flowed together.
    """
    count, groups, expected = 0, set[int](), 0.0
    period = max(_BEAM_PERIOD, beams.height + 0.2)
    for start, end in _runs(profile):
        height = (end - start) / beams.per_space
        if height < _THIN_BEAM or (count == 0 and start / beams.per_space > 1.9):
            continue
        if count and start / beams.per_space > expected + _BEAM_GAP:
            break
        count += max(1, round((height - beams.height) / period) + 1)
        expected = end / beams.per_space
        groups.add(int(labels[start]))
    return count, groups


@dataclass(frozen=True, slots=True)
class _Ruler:
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


def _make_ruler(heads: Sequence[Symbol], ledgers: Sequence[Stroke], systems: Sequence[System]) -> _Ruler:
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
    return _Ruler(rise, min(max(stretch, 0.9), 1.3))


def _nearest(point: Point, staves: Sequence[Staff]) -> Staff:
    def away(staff: Staff) -> float:
        beside = max(staff.xs[0] - point.x, point.x - staff.xs[-1], 0.0)
        return abs(point.y - (staff.line_at(0, point.x) + staff.line_at(4, point.x)) / 2) + beside

    return min(staves, key=away)


def _place(
    heads: Sequence[Symbol], stems: Sequence[_Stem], systems: Sequence[System], ledgers: Sequence[Stroke]
) -> dict[int, Staff]:
    """Each head's staff. Between two staves the ledger lines on the way decide, then the other heads on its stem."""
    placed: dict[int, Staff] = {}
    doubtful: list[Symbol] = []
    for head in heads:
        near = _two_nearest(head, systems)
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


def _two_nearest(head: Symbol, systems: Sequence[System]) -> list[tuple[float, Staff]]:
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
    wanted = [p for p in range(-2, round(position) - 1, -2)] or [p for p in range(10, round(position) + 1, 2)]
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


def _give_accidentals(
    symbols: Sequence[Symbol], heads: Sequence[Symbol], placed: dict[int, Staff], space: float
) -> dict[int, Symbol]:
    """The accidental of each head: the nearest one to its left on the same height."""
    pairs = []
    for sign in symbols:
        if sign.kind not in ACCIDENTALS or sign.confidence < _SIGN_LEVEL:
            continue
        centre = sign.box.center
        y = sign.box.y1 - 0.62 * space if sign.kind in (K.FLAT, K.DOUBLE_FLAT) else centre.y
        for head in heads:
            dx = (head.box.center.x - centre.x) / space
            dy = abs(head.box.center.y - y) / space
            if 0.7 < dx < 4.2 and dy < 0.42:
                pairs.append((dy * 2.5 + dx * 0.4, sign, head))
    given: dict[int, Symbol] = {}
    used: set[int] = set()
    for _, sign, head in sorted(pairs, key=lambda p: p[0]):
        if head.id not in given and sign.id not in used:
            given[head.id] = sign
            used.add(sign.id)
    return given


def _give_dots(
    symbols: Sequence[Symbol],
    heads: Sequence[Symbol],
    rests: Sequence[Symbol],
    placed: dict[int, Staff],
    space: float,
) -> dict[int, int]:
    """How many augmentation dots each head or rest has. A dot stands to the right, on the head's height or half a
    staff space above it; further dots stand beside the first one."""
    dots = [s for s in symbols if s.kind in (K.DOT, K.STACCATO, K.REPEAT_DOT) and s.confidence > _DOT_LEVEL]
    counts: dict[int, int] = {}
    taken: list[tuple[Symbol, int]] = []
    for dot in sorted(dots, key=lambda s: s.box.center.x):
        centre = dot.box.center
        best, cost = None, 1.0
        for owner in (*heads, *rests):
            dx = (centre.x - owner.box.x1) / space
            dy = (centre.y - owner.box.center.y) / space
            low, high = (-0.85, 0.45) if owner.kind in HEADS else (-1.1, 0.6)
            if not (-0.1 < dx < 1.7 and low < dy < high):
                continue
            off = 0.35 * max(dx - 0.2, 0) + min(abs(dy), abs(dy + 0.5)) + (0.0 if dot.kind is K.DOT else 0.3)
            if off < cost:
                best, cost = owner, off
        second = next(
            (
                owner
                for other, owner in reversed(taken)
                if 0.3 < (centre.x - other.box.center.x) / space < 1.1
                and abs(centre.y - other.box.center.y) < 0.25 * space
            ),
            None,
        )
        target = second if second is not None else best.id if best else None
        if target is not None and (dot.kind is K.DOT or second is not None or cost < 0.6):
            counts[target] = (
                min(counts.get(target, 0) + 1, 2) if second is not None else max(counts.get(target, 0), 1)
            )
            taken.append((dot, target))
    return counts


def _by_staff(heads: Sequence[Symbol], placed: dict[int, Staff]) -> list[tuple[Staff, list[Symbol]]]:
    groups: dict[int, tuple[Staff, list[Symbol]]] = {}
    for head in heads:
        staff = placed[head.id]
        groups.setdefault(staff.id, (staff, []))[1].append(head)
    return list(groups.values())


def _chord(
    number: int, staff: Staff, heads: Sequence[Symbol], stem: _Stem | None, flags: Sequence[Symbol],
    accidentals: dict[int, Symbol], dots: dict[int, int], ruler: _Ruler, space: float,
) -> Chord:  # fmt: skip
    members = []
    for head in sorted(heads, key=lambda h: -h.box.center.y):
        centre = head.box.center
        sign = accidentals.get(head.id)
        members.append(
            Head(
                head.id, head.kind, round(ruler.measure(staff, centre)), centre.x, centre.y,
                sign.kind if sign else None, sign.id if sign else None, head.confidence,
            )
        )  # fmt: skip
    count = max(dots.get(h.id, 0) for h in heads)
    flag_count, flag_ids = _flags_at(stem, flags, space) if stem else (0, ())
    small = sum(h.kind in SMALL_HEADS for h in heads) * 2 > len(heads)
    x = float(np.median([h.box.center.x for h in heads]))
    if stem:
        x = stem.x - 0.55 * space if stem.way is StemWay.UP else stem.x + 0.55 * space
    signs = tuple(m.accidental_symbol for m in members if m.accidental_symbol is not None)
    ink = (*(h.id for h in heads), *signs, *((stem.stroke.id,) if stem else ()), *flag_ids)
    return Chord(
        number, staff.id, x, tuple(members), stem.stroke.id if stem else None, stem.way if stem else None,
        flag_count if stem and not (stem.left or stem.right) else 0, stem.left if stem else 0,
        stem.right if stem else 0, stem.group if stem else None, count, small, ink,
        min(h.confidence for h in heads),
    )  # fmt: skip


def _flags_at(stem: _Stem, flags: Sequence[Symbol], space: float) -> tuple[int, tuple[int, ...]]:
    """The most telling flag beside the stem near its tip."""
    near = []
    for flag in flags:
        if not -0.5 * space < flag.box.x0 + 0.1 * space - stem.x + 0.1 * space < 0.9 * space:
            continue
        middle = flag.box.center.y
        low, high = sorted((stem.tip.y, stem.tip.y + (3.2 if stem.way is StemWay.UP else -3.2) * space))
        if low - 0.3 * space < middle < high + 0.3 * space:
            near.append(flag)
    if not near:
        return 0, ()
    best = max(near, key=lambda f: f.confidence)
    return FLAGS[best.kind], (best.id,)


def _may_stand_alone(chord: Chord) -> bool:
    """A head without a stem is a whole note; a black one is kept only when the net is sure of it."""
    kinds = {head.kind for head in chord.heads}
    return bool(kinds & {K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE}) or chord.confidence > 0.6


def _renumber(chords: Sequence[Chord]) -> list[Chord]:
    return [replace(chord, id=number) for number, chord in enumerate(chords)]


def _rests(
    rests: Sequence[Symbol], systems: Sequence[System], dots: dict[int, int], first_id: int
) -> tuple[Rest, ...]:
    found = []
    for symbol in rests:
        centre = symbol.box.center
        near = _two_nearest(symbol, systems)
        if not near or near[0][0] > 3.5:
            continue
        staff = near[0][1]
        found.append(
            Rest(
                first_id + len(found), staff.id, centre.x, staff.position_at(centre), symbol.kind,
                dots.get(symbol.id, 0), symbol.id, symbol.confidence,
            )
        )  # fmt: skip
    return tuple(found)


def _ties(chords: Sequence[Chord], strokes: Sequence[Stroke], space: float) -> tuple[Tie, ...]:
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
                    if not -0.6 < (later.x - curve.end.x) / space < 2.4:
                        continue
                    off = _tie_cost(chord, later, curve, space)
                    if off and off[0] < cost:
                        best, cost = Tie(off[1], off[2], curve.id), off[0]
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
