"""What belongs to what on a clean engraved page. In: symbols, strokes, staves in pixels. Out: `Relation`s.

An engraver puts things where they belong: stems touch their heads, beams touch their stems, an accidental stands left
of its head at the same height. So geometry tells, and no net is asked. The direction is that of MUSCIMA++: from the
head, or the rest, to what completes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.music.notation import HEADS, RESTS, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.boxes import Boxes, gather_boxes, gather_strokes, pair_up
from leggio.synth.keys import ACCIDENTALS_OF_ANY_SIZE, find_heights, find_key_accidentals
from leggio.synth.marks import relate_marks
from leggio.synth.sample import Relation

K, S = SymbolKind, StrokeKind
_STEMLESS = (K.HEAD_WHOLE, K.HEAD_WHOLE_SMALL, K.HEAD_DOUBLE_WHOLE)
_FLAGS = tuple(kind for kind in SymbolKind if kind.value.startswith("flag"))
_FLAGS_UP = tuple(kind for kind in _FLAGS if "Up" in kind.value)
_DIGITS = tuple(kind for kind in SymbolKind if kind.value.startswith("timeSig") and kind.value[-1].isdigit())
_CLEFS = (K.CLEF_G, K.CLEF_C, K.CLEF_F, K.CLEF_PERCUSSION, K.CLEF_TAB)

# All in staff spaces.
_SIDE = 0.17  # how far a stem's middle lies from the side of its head at most: half a stem, and fonts that tuck it in
_HEAD_END = 0.45  # how far a stem's end lies from the middle of its last head at most
_SECOND = 0.75  # heads on the wrong side of a stem stand a step, half a space, from one on the right side
_TIP = 0.4  # how far the middle of the outer beam lies from the stem's tip at most: half a beam, measured below 0.2
_NEXT_BEAM = 1.1  # how far the middles of two beams lie apart at most: 0.75 is usual
_FLAG_SIDE = 0.3  # how far the left side of a flag lies from its stem at most
_FLAG_TIP = (
    1.0  # how far beyond the flag its stem's tip lies at most; flags of many hooks go on beyond the tip
)
_SAME_HEIGHT = 0.27  # an accidental is as high as its head; the next head is half a space away
_ACCIDENTAL_REACH = 8.0  # how far left of its head an accidental stands at most: five columns
_DOT_REACH = 4.0  # how far right of its head a dot stands at most: the third one, past a displaced head
_DOT_RISE = 1.2  # how far above or below its head a dot stands at most: a cluster spreads its dots
_REST_RISE = 1.4  # as above for rests, whose middle may lie lower
_APART = 0.15  # notes that are not of one cluster are further apart
_BEHIND = 1.5  # a dot behind another note counts as so much further away
_ONE_COLUMN = 0.3  # dots of one column differ by less
_SAME_PLACE = 0.1  # heads of two voices on one another differ by less


@dataclass(frozen=True, slots=True)
class Stems:
    """Stems and their heads; `up[s]` says where the tip of stem s is, `heads[s]` are places in the boxes of heads."""

    boxes: Boxes
    up: NDArray[np.bool_]
    heads: tuple[tuple[int, ...], ...]

    @property
    def tips(self) -> NDArray[np.float64]:
        """The y of each stem's end that has no head."""
        return np.where(self.up, self.boxes.y0, self.boxes.y1)


def relate(
    symbols: Sequence[Symbol], strokes: Sequence[Stroke], systems: Sequence[System], space: float
) -> tuple[Relation, ...]:
    """What belongs to what on a clean page; `space` is the staff space in pixels. Sorted, each pair once."""
    heads = gather_boxes(symbols, HEADS)
    stems = find_stems(heads, symbols, strokes, space)
    pairs = {
        *_head_to_stem(heads, stems),
        *_head_to_beam(heads, stems, strokes, space),
        *_head_to_flag(heads, stems, symbols, space),
        *_head_to_accidental(heads, symbols, strokes, systems, space),
        *_owner_to_dot(heads, symbols, space),
        *_head_to_ledger(heads, strokes, systems, space),
        *_clef_to_octave(symbols, space),
        *_digit_to_digit(symbols, systems, space),
        *relate_marks(heads, stems.boxes, stems.heads, symbols, strokes, space),
    }
    return tuple(Relation(source, target) for source, target in sorted(pairs))


def find_stems(heads: Boxes, symbols: Sequence[Symbol], strokes: Sequence[Stroke], space: float) -> Stems:
    """Which heads are on which stem: it is right of them and ends at the lowest, or left and ends at the highest."""
    stems = gather_strokes(strokes, (S.STEM,))
    kinds = {symbol.id: symbol.kind for symbol in symbols}
    stemmed = np.array([kinds[identity] not in _STEMLESS for identity in heads.ids.tolist()], bool)
    x, y = stems.x[:, None], heads.y[None, :]
    slack = _SIDE * space
    within = (y > stems.y0[:, None] - _HEAD_END * space) & (y < stems.y1[:, None] + _HEAD_END * space)
    within &= stemmed[None, :]
    right = within & (np.abs(x - heads.x1[None, :]) < slack)
    left = within & (np.abs(x - heads.x0[None, :]) < slack)
    far = np.inf
    to_bottom = np.where(right, np.abs(stems.y1[:, None] - y), far)
    to_top = np.where(left, np.abs(stems.y0[:, None] - y), far)
    up = to_bottom.min(axis=1, initial=far) <= to_top.min(axis=1, initial=far)
    usual = np.where(up[:, None], right, left)
    ends = np.where(up[:, None], to_bottom, to_top) < _HEAD_END * space
    usual &= np.any(ends, axis=1, keepdims=True)
    displaced = np.where(up[:, None], left, right) & ~usual
    for stem, head in np.argwhere(displaced):
        near = np.abs(heads.y - heads.y[head]) < _SECOND * space
        displaced[stem, head] = bool((near & usual[stem]).any())
    on = usual | displaced
    # A stem may pass by heads of another voice: those that end a stem belong to that one.
    ended: NDArray[np.bool_] = np.any(on & ends, axis=0, keepdims=True)
    on &= ends | ~ended
    _part_unisons(on, heads, space)
    return Stems(stems, up, tuple(tuple(np.flatnonzero(row).tolist()) for row in on))


def _part_unisons(on: NDArray[np.bool_], heads: Boxes, space: float) -> None:
    """Where heads of two voices lie on one another, each takes one stem; `on` (stems, heads) is changed."""
    for head in np.flatnonzero(on.sum(axis=0) > 1).tolist():
        same = (np.abs(heads.x - heads.x[head]) + np.abs(heads.y - heads.y[head])) < _SAME_PLACE * space
        twins, shared = np.flatnonzero(same), np.flatnonzero(on[:, head])
        if len(twins) == len(shared):
            on[np.ix_(shared, twins)] = np.eye(len(twins), dtype=bool)


def _head_to_stem(heads: Boxes, stems: Stems) -> Iterator[tuple[int, int]]:
    for stem, places in zip(stems.boxes.ids.tolist(), stems.heads, strict=True):
        yield from ((int(heads.ids[place]), stem) for place in places)


def _head_to_beam(
    heads: Boxes, stems: Stems, strokes: Sequence[Stroke], space: float
) -> Iterator[tuple[int, int]]:
    """The outer beam lies at the stem's tip, each other one next to one that the stem has already."""
    beams = [stroke for stroke in strokes if stroke.kind is S.BEAM]
    if not beams or not len(stems.boxes.ids):
        return
    x0, y0 = np.array([beam.start.x for beam in beams]), np.array([beam.start.y for beam in beams])
    x1, y1 = np.array([beam.end.x for beam in beams]), np.array([beam.end.y for beam in beams])
    x, slack = stems.boxes.x[:, None], 0.2 * space
    under = (x > x0 - slack) & (x < x1 + slack)
    heights = y0 + (x - x0) / np.maximum(x1 - x0, 1e-6) * (y1 - y0)
    away = np.where(under, np.abs(heights - stems.tips[:, None]), np.inf)
    for stem in np.flatnonzero(away.min(axis=1) < _TIP * space).tolist():
        order = np.flatnonzero(np.isfinite(away[stem]))
        order = order[np.argsort(away[stem, order])]
        taken = [int(order[0])]
        for beam in order[1:].tolist():
            if np.abs(heights[stem, beam] - heights[stem, taken]).min() < _NEXT_BEAM * space:
                taken.append(beam)
        for head in stems.heads[stem]:
            yield from ((int(heads.ids[head]), beams[beam].id) for beam in taken)


def _head_to_flag(
    heads: Boxes, stems: Stems, symbols: Sequence[Symbol], space: float
) -> Iterator[tuple[int, int]]:
    """A flag hangs from the tip of its stem, on the right."""
    flags = gather_boxes(symbols, _FLAGS)
    if not len(flags.ids) or not len(stems.boxes.ids):
        return
    kinds = {symbol.id: symbol.kind for symbol in symbols}
    up = np.array([kinds[identity] in _FLAGS_UP for identity in flags.ids.tolist()])[:, None]
    # An end, not the tip: where a head was not found, nothing says which end is the tip.
    tips = np.where(up, stems.boxes.y0[None, :], stems.boxes.y1[None, :])
    aside = np.abs(flags.x0[:, None] - stems.boxes.x[None, :])
    beyond = np.maximum(np.maximum(flags.y0[:, None] - tips, tips - flags.y1[:, None]), 0)
    near = (aside < _FLAG_SIDE * space) & (beyond < _FLAG_TIP * space)
    cost = np.where(near, aside + np.abs(np.where(up, flags.y0[:, None], flags.y1[:, None]) - tips), np.inf)
    for flag, stem in enumerate(cost.argmin(axis=1).tolist()):
        if near[flag, stem]:
            yield from ((int(heads.ids[head]), int(flags.ids[flag])) for head in stems.heads[stem])


def _head_to_accidental(
    heads: Boxes,
    symbols: Sequence[Symbol],
    strokes: Sequence[Stroke],
    systems: Sequence[System],
    space: float,
) -> Iterator[tuple[int, int]]:
    """An accidental belongs to the next head of its height on the right; those of key signatures to none."""
    of_keys = find_key_accidentals(symbols, strokes, systems, space)
    signs = [
        symbol for symbol in symbols if symbol.kind in ACCIDENTALS_OF_ANY_SIZE and symbol.id not in of_keys
    ]
    if not signs or not len(heads.ids):
        return
    right, heights = np.array([sign.box.x1 for sign in signs]), find_heights(signs)
    gap = heads.x0[None, :] - right[:, None]
    level = np.abs(heads.y[None, :] - heights[:, None]) < _SAME_HEIGHT * space
    near = level & (gap > -0.5 * space) & (gap < _ACCIDENTAL_REACH * space)
    # Heads of two voices may overlap: the one that does not overlap the accidental has it.
    cost = np.where(near, np.where(gap < 0, -8 * gap, gap), np.inf)
    for sign, head in enumerate(cost.argmin(axis=1).tolist()):
        if near[sign, head]:
            yield int(heads.ids[head]), signs[sign].id


def _owner_to_dot(heads: Boxes, symbols: Sequence[Symbol], space: float) -> Iterator[tuple[int, int]]:
    """A dot stands right of its head or rest, in the space beside or above it; each has one dot of a column."""
    dots, rests = gather_boxes(symbols, (K.DOT,)), gather_boxes(symbols, RESTS)
    if not len(dots.ids):
        return
    owners = heads.join(rests)
    rise = np.where(np.arange(len(owners.ids)) < len(heads.ids), _DOT_RISE, _REST_RISE) * space
    gap = dots.x0[:, None] - owners.x1[None, :]
    lift = np.abs(dots.y[:, None] - owners.y[None, :])
    near = (gap > -0.2 * space) & (gap < _DOT_REACH * space) & (lift < rise[None, :])
    # Height tells more than distance: heads of a chord stand at different distances from their dots.
    cost = np.where(near, gap / 2 + 2 * lift, np.inf)
    for dot in range(len(dots.ids)):
        close = np.flatnonzero(near[dot])
        # Touching heads are those of a cluster; where a note stands apart in between, the dot is that one's.
        apart = owners.x0[close][None, :] > owners.x1[close][:, None] + _APART * space
        cost[dot, close[apart.any(axis=1)]] += _BEHIND * space
    yield from pair_up(cost, dots, owners, _ONE_COLUMN * space)


def _head_to_ledger(
    heads: Boxes, strokes: Sequence[Stroke], systems: Sequence[System], space: float
) -> Iterator[tuple[int, int]]:
    """A head has all ledger lines between it and its staff: that of two neighbours whose lines are all there."""
    ledgers = gather_strokes(strokes, (S.LEDGER,))
    if not len(ledgers.ids) or not len(heads.ids):
        return
    x, y, height = heads.x[:, None], heads.y[:, None], ledgers.y
    crossing = (ledgers.x0 < x) & (ledgers.x1 > x)
    owned = np.zeros_like(crossing)
    nearest = np.full(len(heads.ids), np.inf)
    slack = 0.25 * space
    for staff in (staff.box for system in systems for staff in system.staves):
        far = np.maximum(staff.y0 - heads.y, heads.y - staff.y1)
        needed = np.floor((far + slack) / space)
        above = heads.y[:, None] < staff.y0
        low = np.where(above, y, staff.y1) - slack
        high = np.where(above, staff.y0, y) + slack
        between = crossing & (height > low) & (height < high)
        there = (needed > 0) & (between.sum(axis=1) >= needed) & (far < nearest)
        there &= (heads.x > staff.x0 - space) & (heads.x < staff.x1 + space)
        owned[there], nearest[there] = between[there], far[there]
    for head, ledger in np.argwhere(owned).tolist():
        yield int(heads.ids[head]), int(ledgers.ids[ledger])


def _clef_to_octave(symbols: Sequence[Symbol], space: float) -> Iterator[tuple[int, int]]:
    """An 8 or 15 stands above, below or within its clef."""
    clefs, octaves = gather_boxes(symbols, _CLEFS), gather_boxes(symbols, (K.CLEF_8, K.CLEF_15))
    if not len(clefs.ids):
        return
    for octave in range(len(octaves.ids)):
        apart = np.maximum(clefs.y0 - octaves.y1[octave], octaves.y0[octave] - clefs.y1)
        away = np.abs(clefs.x - octaves.x[octave]) + np.maximum(apart, 0)
        clef = int(away.argmin())
        if away[clef] < 2 * space:
            yield int(clefs.ids[clef]), int(octaves.ids[octave])


def _digit_to_digit(
    symbols: Sequence[Symbol], systems: Sequence[System], space: float
) -> Iterator[tuple[int, int]]:
    """Of a time signature the digits above the middle line lead to those below."""
    digits = gather_boxes(symbols, _DIGITS)
    near = np.abs(digits.x[:, None] - digits.x[None, :]) < 1.5 * space
    for staff in (staff for system in systems for staff in system.staves):
        inside = (digits.y > staff.box.y0) & (digits.y < staff.box.y1)
        inside &= (digits.x > staff.box.x0) & (digits.x < staff.box.x1)
        middle = staff.line_at(2, staff.xs[0])
        above, below = inside & (digits.y < middle), inside & (digits.y > middle)
        for upper, lower in np.argwhere(near & above[:, None] & below[None, :]):
            yield int(digits.ids[upper]), int(digits.ids[lower])
