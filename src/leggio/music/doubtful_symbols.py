"""Symbols that the net doubts, and those that belong to nothing. In: a `Scene` and its symbols. Out: `Evidence`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from leggio.geometry import Point
from leggio.music.notation import (
    ACCIDENTALS,
    HEADS,
    RESTS,
    Chord,
    Notation,
    Staff,
    Stroke,
    StrokeKind,
    Symbol,
    SymbolKind,
)
from leggio.music.spans import Span
from leggio.music.trouble import Evidence, Scene, Sign

_DOUBTED = 0.9  # symbols of a lower chance are named
_FLAGS = tuple(kind for kind in SymbolKind if kind.value.startswith("flag"))
# How sure the net is of rests and dots tells nothing about their bar, on aged pages of the factory as on scans.
_WEIGHED = frozenset((*HEADS, *_FLAGS))
_EIGHTS = (SymbolKind.OTTAVA, SymbolKind.QUINDICESIMA)
_SEEN = 0.3  # an 8 of a lower chance is not believed
_SURE = 0.95  # a head of a higher chance is one
_LEAST_CHANCE = 0.02  # no symbol is doubted more than this
_REACH = 7.0  # a symbol belongs to a staff at most so far away, staff spaces
_LONG_STEM = 2.2  # a stem without any head is told if it is so long, staff spaces
_BEFORE = 4.2  # an accidental stands at most so far before its head, staff spaces


def find_doubtful_symbols(scene: Scene, symbols: Sequence[Symbol]) -> Iterator[Evidence]:
    """Staff by staff of each bar; confidences of `symbols` are chances."""
    notation = scene.notation
    used = _used_ink(notation)
    stems = [s for s in scene.strokes if s.kind is StrokeKind.STEM and s.id not in used]
    eights = [s for s in symbols if s.kind in _EIGHTS]
    places = [(symbol, symbol.box.center) for symbol in symbols]
    chances = {symbol.id: symbol.confidence for symbol in symbols}
    for place, span in enumerate(scene.spans):
        near = _find_near(span, places)
        for staff in (staff for staff in span.system.staves if staff.id in scene.homes):
            chords = _find_chords(span, staff, notation)
            for sign, amount, reason, ink in (
                *_unsure(near[staff.id]),
                *_unsure_accidentals(near[staff.id]),
                *_unsure_head(chords, chances),
                *_loose(span, staff, near[staff.id], stems, used, chords),
                *_octave(span, staff, eights, notation),
            ):
                yield Evidence(place, *scene.homes[staff.id], sign, amount, reason, ink)


_Found = tuple[Sign, float, str, tuple[int, ...]]


def _used_ink(notation: Notation) -> set[int]:
    used = {i for chord in notation.chords for i in chord.ink} | {rest.symbol for rest in notation.rests}
    return used | {mark.symbol for mark in notation.marks} | {clef.symbol for clef in notation.clefs}


def _unsure(symbols: Sequence[Symbol]) -> list[_Found]:
    """The heads and flags that the net doubts."""
    here = [s for s in symbols if s.kind in _WEIGHED]
    total = sum(-math.log(max(s.confidence, _LEAST_CHANCE)) for s in here if s.confidence < 1)
    if not total:
        return []
    doubted = sorted((s for s in here if s.confidence < _DOUBTED), key=lambda s: s.confidence)
    names = Counter(_word(s.kind) for s in doubted)
    text = ", ".join(f"{count} {name}" if count > 1 else name for name, count in names.items())
    ink = tuple(s.id for s in doubted)
    return [(Sign.UNSURE, math.log1p(total), text and f"hard to see: {text}", ink)]


def _unsure_accidentals(symbols: Sequence[Symbol]) -> list[_Found]:
    """The accidentals that the net doubts: one that is misread may be wrong for many notes."""
    here = [s for s in symbols if s.kind in ACCIDENTALS and s.confidence < 1]
    if not here:
        return []
    total = sum(-math.log(max(s.confidence, _LEAST_CHANCE)) for s in here)
    ink = tuple(s.id for s in here if s.confidence < _DOUBTED)
    return [(Sign.ACCIDENTAL, math.log1p(total), "hard to see: accidental" if ink else "", ink)]


def _unsure_head(chords: Sequence[Chord], chances: Mapping[int, float]) -> list[_Found]:
    """The least sure of all heads that became notes: it may be none."""
    heads = [(chances.get(head.symbol, 1.0), head.symbol) for chord in chords for head in chord.heads]
    chance, symbol = min(heads, default=(1.0, 0))
    if chance > _SURE:
        return []
    return [(Sign.HEAD, -math.log(max(chance, _LEAST_CHANCE) / _SURE), "perhaps no note", (symbol,))]


def _loose(
    span: Span, staff: Staff, symbols: Sequence[Symbol], stems: Sequence[Stroke], used: set[int],
    chords: Sequence[Chord],
) -> list[_Found]:  # fmt: skip
    """Heads, accidentals, flags and stems that belong to nothing, each as likely as it is there at all."""
    found: list[tuple[str, float, int]] = []
    for symbol in symbols:
        if symbol.id in used:
            continue
        if symbol.kind in HEADS or symbol.kind in _FLAGS or symbol.kind in RESTS:
            found.append((_word(symbol.kind), symbol.confidence, symbol.id))
        elif symbol.kind in ACCIDENTALS:
            x = symbol.box.center.x
            if any(0 < c.x - x < _BEFORE * staff.space for c in chords):
                found.append(("accidental", symbol.confidence, symbol.id))
    for stem in stems:
        middle = stem.box.center
        is_long = stem.box.height > _LONG_STEM * staff.space
        if not is_long or not span.left < middle.x < span.right:
            continue
        if staff.line_at(0, middle.x) < middle.y < staff.line_at(4, middle.x):
            found.append(("stem", stem.confidence, stem.id))
    if not found:
        return []
    names = ", ".join(dict.fromkeys(name for name, _, _ in found))
    amount = math.log1p(sum(confidence for _, confidence, _ in found))
    return [(Sign.LOOSE, amount, f"belongs to nothing: {names}", tuple(i for *_, i in found))]


def _octave(span: Span, staff: Staff, eights: Sequence[Symbol], notation: Notation) -> list[_Found]:
    """An 8 without a line: nothing tells which notes behind it sound higher than written."""
    read = {line.symbol for line in notation.octaves}
    loose = [
        s
        for s in eights
        if s.id not in read and s.confidence > _SEEN and s.box.x0 < span.right
        and _away(staff, s) < _REACH and staff is min(span.system.staves, key=lambda other: _away(other, s))
    ]  # fmt: skip
    amount = max((s.confidence for s in loose), default=0.0)
    return [(Sign.OCTAVE, amount, "an 8 without its line", tuple(s.id for s in loose))] if loose else []


def _word(kind: SymbolKind) -> str:
    if kind in HEADS:
        return "note head"
    if kind in RESTS:
        return "rest"
    if kind in ACCIDENTALS:
        return "accidental"
    return "flag" if kind in _FLAGS else "dot"


def _find_near(span: Span, places: Sequence[tuple[Symbol, Point]]) -> dict[int, list[Symbol]]:
    """The symbols in a bar by the id of the staff that each is nearest to; `places` are all of the page's."""
    staves = span.system.staves
    near: dict[int, list[Symbol]] = {staff.id: [] for staff in staves}
    reach = max(staff.space for staff in staves) * _REACH
    top, bottom = staves[0].box.y0 - reach, staves[-1].box.y1 + reach
    for symbol, centre in places:
        if span.left <= centre.x < span.right and top < centre.y < bottom:
            away, _, staff = min((_away(staff, symbol), place, staff) for place, staff in enumerate(staves))
            if away < _REACH:
                near[staff.id].append(symbol)
    return near


def _find_chords(span: Span, staff: Staff, notation: Notation) -> list[Chord]:
    return [c for c in notation.chords if c.staff == staff.id and span.left <= c.x < span.right]


def _away(staff: Staff, symbol: Symbol) -> float:
    centre = symbol.box.center
    top, bottom = staff.line_at(0, centre.x), staff.line_at(4, centre.x)
    return max(top - centre.y, centre.y - bottom, 0.0) / staff.space
