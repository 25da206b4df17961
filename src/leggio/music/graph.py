"""What belongs to what: heads to staves and stems, stems to beams and flags, dots and accidentals to heads.

In: systems, symbols, strokes and the beam ink. Out: `Chord`s, `Rest`s and `Tie`s. Nothing here knows durations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leggio.music.attach import FLAGS, find_flags, give_accidentals, give_dots
from leggio.music.beams import BEAM_LEVEL, DARK_LEVEL, count_beams
from leggio.music.heights import Ruler, make_ruler, place_heads, two_nearest
from leggio.music.maps import Maps
from leggio.music.notation import (
    FULL_SIZE,
    HEADS,
    RESTS,
    SMALL_HEADS,
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
)
from leggio.music.notation import SymbolKind as K
from leggio.music.stems import Stem, hang_heads, lengthen_stems, seek_stems
from leggio.music.ties import find_ties

_HEAD_LEVEL = 0.33  # lowest confidence of a head, a rest and the others; chosen on the development pages
_SURE_HEAD = 0.85  # a head so sure is not taken for a piece of a beam
_REST_LEVEL = 0.35
_SIGN_LEVEL = 0.25
_REACH = 9.0  # heads lie at most so far from their staff, in staff spaces


def link(
    systems: Sequence[System], symbols: Sequence[Symbol], strokes: Sequence[Stroke], maps: Maps
) -> tuple[tuple[Chord, ...], tuple[Rest, ...], tuple[Tie, ...]]:
    """Chords and rests of the whole page from left to right, and the ties between heads."""
    if not systems:
        return (), (), ()
    space = float(np.median([staff.space for system in systems for staff in system.staves]))
    heads = _distinct([s for s in symbols if s.kind in HEADS and s.confidence > _HEAD_LEVEL], space)
    heads = [h for h in heads if _distance(h, systems) < _REACH and not _in_beam(h, maps)]
    stems = hang_heads(heads, [s for s in strokes if s.kind is StrokeKind.STEM], space)
    hung = {id(head) for stem in stems for head in stem.heads}
    bare = [h for h in heads if id(h) not in hung and h.kind in (K.HEAD_BLACK, K.HEAD_HALF)]
    beams = [s for s in strokes if s.kind is StrokeKind.BEAM]
    faint = seek_stems(bare, beams, maps, first_id=len(symbols) + len(strokes))
    if faint:
        stems = hang_heads(heads, [*(s for s in strokes if s.kind is StrokeKind.STEM), *faint], space)
    lengthen_stems(stems, beams, maps, space)
    count_beams(stems, maps, space)
    flags = [s for s in symbols if s.kind in FLAGS and s.confidence > _SIGN_LEVEL]
    ledgers = [s for s in strokes if s.kind is StrokeKind.LEDGER]
    ruler = make_ruler(heads, ledgers, systems)
    placed = place_heads(heads, stems, systems, ledgers)
    owner = {id(h): stem for stem in stems for h in stem.heads}
    accidentals = give_accidentals(symbols, heads, space)
    rests = [s for s in symbols if s.kind in RESTS and s.confidence > _REST_LEVEL]
    dots = give_dots(symbols, heads, rests, space)
    chords: list[Chord] = []
    loose = [[h] for h in heads if id(h) not in owner]
    for stem, members in [(s, s.heads) for s in stems if s.heads] + [(None, m) for m in loose]:
        for staff, part in _by_staff(members, placed):
            chords.append(_chord(len(chords), staff, part, stem, flags, accidentals, dots, ruler, space))
    chords = [c for c in chords if c.stem is not None or _may_stand_alone(c)]
    chords.sort(key=lambda c: c.x)
    found = tuple(_renumber(chords))
    return found, _rests(rests, systems, dots, len(found)), find_ties(found, strokes, space)


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
    """Whether what looks like a head is a piece of a beam: page ink goes on far to both sides of it, and the net saw
    beam ink there."""
    if head.confidence > _SURE_HEAD:
        return False
    centre = head.box.center
    y, x = int(centre.y / maps.cell), int(centre.x / maps.cell)
    half = max(1, round(1.3 * maps.cells_per_space))
    window = (slice(max(0, y - 1), y + 2), slice(max(0, x - half), x + half + 1))
    beam, dark = maps.ink_of(StrokeKind.BEAM.value)[window], maps.dark[window]
    if not beam.size:
        return False
    seen, inked = float(np.mean(beam > BEAM_LEVEL)), float(np.mean(dark > DARK_LEVEL))
    return seen > 0.6 or (seen > 0.25 and inked > 0.9)


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


def _by_staff(heads: Sequence[Symbol], placed: dict[int, Staff]) -> list[tuple[Staff, list[Symbol]]]:
    groups: dict[int, tuple[Staff, list[Symbol]]] = {}
    for head in heads:
        staff = placed[head.id]
        groups.setdefault(staff.id, (staff, []))[1].append(head)
    return list(groups.values())


def _chord(
    number: int, staff: Staff, heads: Sequence[Symbol], stem: Stem | None, flags: Sequence[Symbol],
    accidentals: dict[int, Symbol], dots: dict[int, int], ruler: Ruler, space: float,
) -> Chord:  # fmt: skip
    members = []
    for head in sorted(heads, key=lambda h: -h.box.center.y):
        centre = head.box.center
        sign = accidentals.get(head.id)
        members.append(
            Head(
                head.id, head.kind, round(ruler.measure(staff, centre)), centre.x, centre.y,
                FULL_SIZE.get(sign.kind, sign.kind) if sign else None, sign.id if sign else None, head.confidence,
            )
        )  # fmt: skip
    count = max(dots.get(h.id, 0) for h in heads)
    flag_count, flag_ids = find_flags(stem, flags, space) if stem else (0, ())
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


def _may_stand_alone(chord: Chord) -> bool:
    """A head without a stem is a whole note; a black one is kept only when the net is sure of it."""
    kinds = {head.kind for head in chord.heads}
    return bool(kinds & {K.HEAD_WHOLE, K.HEAD_DOUBLE_WHOLE}) or chord.confidence > 0.6


def _renumber(chords: Sequence[Chord]) -> list[Chord]:
    return [replace(chord, id=number) for number, chord in enumerate(chords)]


def _rests(
    rests: Sequence[Symbol], systems: Sequence[System], dots: dict[int, int], first_id: int
) -> tuple[Rest, ...]:
    found: list[Rest] = []
    for symbol in rests:
        centre = symbol.box.center
        near = two_nearest(symbol, systems)
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
