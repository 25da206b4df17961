"""Which accidentals are those of key signatures. In: symbols, strokes, staves of a clean page. Out: ids.

A key signature follows a clef or a bar line, goes from fifth to fifth, and stands apart from the next note; the
accidentals of a note touch it nearly.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.notation import HEADS, RESTS, Staff, Stroke, StrokeKind, Symbol, SymbolKind, System

K = SymbolKind
ACCIDENTALS_OF_ANY_SIZE = tuple(
    kind for kind in SymbolKind if kind.value.startswith("accidental") and "Parens" not in kind.value
)
_KEY_SIGNS = (K.FLAT, K.NATURAL, K.SHARP)
_FIFTHS = {K.SHARP: (4,), K.FLAT: (3,), K.NATURAL: (3, 4)}  # steps, modulo 7, from one sign to the next
_FIRST = {K.SHARP: 3, K.FLAT: 6}  # steps from C to the first sign: F, B
# Where C is, modulo 7, in steps above the bottom line, for clefs at their usual lines.
_C_AT = {K.CLEF_G: 5, K.CLEF_F: 3}
_CLEFS = (K.CLEF_G, K.CLEF_C, K.CLEF_F, K.CLEF_PERCUSSION, K.CLEF_TAB)
# A flat's middle is that of its belly: so far above the lower end, as a share of its height (Bravura: 0.7 of 2.456).
_BELLY = 0.285
_BELLIED = (K.FLAT, K.FLAT_SMALL, K.DOUBLE_FLAT, K.QUARTER_FLAT, K.THREE_QUARTERS_FLAT)

# In staff spaces.
_TOGETHER = 0.5  # signs of one signature lie no further apart
_TOUCHING = 0.75  # a note's accidental lies no further from it; a signature's distance is greater
_ABOVE = 2.0  # how far above or below its staff a sign of a signature can reach


@dataclass(frozen=True, slots=True)
class _Thing:
    """What stands on a staff: its kind (None for a bar line), its box, and an id."""

    kind: SymbolKind | None
    box: Box
    id: int
    height: float


def find_heights(signs: Sequence[Symbol]) -> NDArray[np.float64]:
    """The y of each accidental's middle: of the note that it stands for."""
    return np.array(
        [
            sign.box.y1 - _BELLY * sign.box.height if sign.kind in _BELLIED else sign.box.center.y
            for sign in signs
        ]
    )


def find_key_accidentals(
    symbols: Sequence[Symbol], strokes: Sequence[Stroke], systems: Sequence[System], space: float
) -> frozenset[int]:
    """The ids of all accidentals in key signatures."""
    kinds = {*ACCIDENTALS_OF_ANY_SIZE, *_CLEFS, *HEADS, *RESTS}
    kinds |= {kind for kind in SymbolKind if kind.value.startswith("timeSig")}
    standing = [symbol for symbol in symbols if symbol.kind in kinds]
    heights = find_heights(standing).tolist()
    things = [
        _Thing(symbol.kind, symbol.box, symbol.id, height)
        for symbol, height in zip(standing, heights, strict=True)
    ]
    things += [
        _Thing(None, stroke.box, stroke.id, 0.0) for stroke in strokes if stroke.kind is StrokeKind.BARLINE
    ]
    things.sort(key=lambda thing: thing.box.x0)
    found: set[int] = set()
    for staff in (staff for system in systems for staff in system.staves):
        found |= _find_on_staff(things, staff, space)
    return frozenset(found)


def _find_on_staff(things: Sequence[_Thing], staff: Staff, space: float) -> set[int]:
    box = staff.box
    top, bottom = box.y0 - _ABOVE * space, box.y1 + _ABOVE * space
    here = [
        thing
        for thing in things
        if thing.box.y1 > top
        and thing.box.y0 < bottom
        and box.x0 - space < thing.box.x0 < box.x1 + space
        and (thing.kind not in _KEY_SIGNS or box.y0 - space < thing.height < box.y1 + space)
    ]
    found: set[int] = set()
    open_, clef = False, None
    for group in _group_signs(here, space):
        first = group[0]
        if first.kind in ACCIDENTALS_OF_ANY_SIZE:
            if open_ and _is_key(group, here, staff, clef, space):
                found |= {thing.id for thing in group}
            else:
                open_ = False
        else:
            clef = first if first.kind in _CLEFS else clef
            open_ = first.kind is None or first.kind in _CLEFS
    return found


def _group_signs(things: Sequence[_Thing], space: float) -> list[list[_Thing]]:
    """Accidentals of one kind that stand close together; everything else alone."""
    groups: list[list[_Thing]] = []
    for thing in things:
        before = groups[-1][-1] if groups else None
        if (
            before is not None
            and thing.kind in _KEY_SIGNS
            and before.kind is thing.kind
            and thing.box.x0 - before.box.x1 < _TOGETHER * space
        ):
            groups[-1].append(thing)
        else:
            groups.append([thing])
    return groups


def _is_key(
    group: Sequence[_Thing], things: Sequence[_Thing], staff: Staff, clef: _Thing | None, space: float
) -> bool:
    kind = group[0].kind
    if kind not in _FIFTHS:
        return False
    end = max(thing.box.x1 for thing in group)
    for thing in things:
        if thing.kind in ACCIDENTALS_OF_ANY_SIZE and -0.5 * space < thing.box.x0 - end < _TOGETHER * space:
            end = max(end, thing.box.x1)  # columns of accidentals before one chord
        elif thing.kind in HEADS and -0.5 * space < thing.box.x0 - end < _TOUCHING * space:
            return False
    places = [round(staff.position_at(Point(thing.box.center.x, thing.height))) for thing in group]
    steps = {(after - before) % 7 for before, after in itertools.pairwise(places)}
    if len(steps) > 1 or not steps <= set(_FIFTHS[kind]):
        return False
    c = _find_c(clef, staff)
    return c is None or kind not in _FIRST or (places[0] - c) % 7 == _FIRST[kind]


def _find_c(clef: _Thing | None, staff: Staff) -> int | None:
    """Where C is on the staff; None where the clef does not say."""
    if clef is None or clef.kind is None:
        return None
    if clef.kind is K.CLEF_C:
        return round(staff.position_at(clef.box.center))
    return _C_AT.get(clef.kind)
