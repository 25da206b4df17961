"""What belongs to what: heads to staves and stems, stems to beams and flags, dots and accidentals to heads.

In: systems, symbols, strokes and the beam ink. Out: `Chord`s, `Rest`s and `Tie`s. Nothing here knows durations.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leggio.music.attach import FLAGS, SMALL_FLAGS, find_flags, give_accidentals, give_dots
from leggio.music.beams import BEAM_LEVEL, DARK_LEVEL, count_beams
from leggio.music.heights import make_ruler, place_heads, tell_step, two_nearest
from leggio.music.maps import Maps
from leggio.music.notation import (
    FULL_SIZE,
    HEADS,
    RESTS,
    SMALL_HEADS,
    Chord,
    Head,
    KeyMark,
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
from leggio.music.stems import Stem, hang_heads, join_stems, lengthen_stems, seek_stems
from leggio.music.ties import find_ties

_HEAD_LEVEL = 0.33  # lowest confidence of a head, a rest and the others; chosen on the development pages
_SMALL_LEVEL = 0.25  # of a small head, which has a stem or a flag besides
_FLAG_BESIDE, _FLAG_UP = (
    1.6,
    (0.5, 3.0),
)  # the flag of a grace note lies so far to the right and up, staff spaces
_STEMMED = (K.HEAD_BLACK, K.HEAD_HALF, K.HEAD_BLACK_SMALL)
_SURE_HEAD = 0.85  # a head so sure is not taken for a piece of a beam
_REST_LEVEL = 0.35
_SIGN_LEVEL = 0.25
_REACH = 9.0  # heads lie at most so far from their staff, in staff spaces
# Grace notes measure 0.5 to 0.8 of a page's other heads, heads that wear has shrunk 0.82 and more.
_SMALL = 0.81
_BESIDE = 1.5  # key signatures of two staves begin under one another, give or take so many staff spaces
_FEWEST = 8  # sure heads that tell how large the heads of a page are


def link(
    systems: Sequence[System],
    symbols: Sequence[Symbol],
    strokes: Sequence[Stroke],
    maps: Maps,
    keys: Sequence[KeyMark] = (),
) -> tuple[tuple[Chord, ...], tuple[Rest, ...], tuple[Tie, ...]]:
    """Chords and rests of the whole page from left to right, and the ties between heads; `keys` have their signs."""
    if not systems:
        return (), (), ()
    space = float(np.median([staff.space for system in systems for staff in system.staves]))
    heads = _distinct([s for s in symbols if s.kind in HEADS and s.confidence > _level_of(s)], space)
    heads = [h for h in heads if _distance(h, systems) < _REACH and not _in_beam(h, maps)]
    heads = [h for h in _tell_sizes(heads, systems) if h.confidence > _level_of(h)]
    stems = hang_heads(heads, [s for s in strokes if s.kind is StrokeKind.STEM], space)
    hung = {id(head) for stem in stems for head in stem.heads}
    bare = [h for h in heads if id(h) not in hung and h.kind in _STEMMED]
    beams = [s for s in strokes if s.kind is StrokeKind.BEAM]
    faint = seek_stems(bare, beams, maps, first_id=len(symbols) + len(strokes))
    if faint:
        stems = hang_heads(heads, [*(s for s in strokes if s.kind is StrokeKind.STEM), *faint], space)
    ledgers = [s for s in strokes if s.kind is StrokeKind.LEDGER]
    placed = place_heads(heads, stems, systems, ledgers)
    stems = join_stems(stems, placed, space)
    lengthen_stems(stems, beams, maps, space)
    rests = [s for s in symbols if s.kind in RESTS and s.confidence > _REST_LEVEL]
    dots = give_dots(symbols, heads, rests, space)
    count_beams(stems, maps, space, dots.keys())
    flags = [s for s in symbols if s.kind in FLAGS and s.confidence > _SIGN_LEVEL]
    small_flags = [s for s in flags if s.kind in SMALL_FLAGS]
    ruler = make_ruler(heads, ledgers, systems)
    owner = {id(h): stem for stem in stems for h in stem.heads}
    in_keys = _signs_of_keys(keys, systems)
    accidentals = give_accidentals([s for s in symbols if s.id not in in_keys], heads, space)
    chords: list[Chord] = []
    loose = [[h] for h in heads if id(h) not in owner]
    for stem, members in [(s, s.heads) for s in stems if s.heads] + [(None, m) for m in loose]:
        for staff, part in _by_staff(members, placed):
            steps = [tell_step(ruler, staff, head.box.center, ledgers) for head in part]
            chords.append(_chord(len(chords), staff, part, steps, stem, flags, accidentals, dots, space))
    chords = [
        c for c in chords if c.stem is not None or _may_stand_alone(c) or _has_flag(c, small_flags, space)
    ]
    chords.sort(key=lambda c: c.x)
    found = tuple(_renumber(chords))
    return found, _rests(rests, systems, dots, len(found)), find_ties(found, strokes, space)


def _level_of(head: Symbol) -> float:
    """The lowest confidence at which a head is one: a small one must have its stem or its flag besides."""
    return _SMALL_LEVEL if head.kind in SMALL_HEADS else _HEAD_LEVEL


def _distinct(heads: Sequence[Symbol], space: float) -> list[Symbol]:
    """Heads without the weaker one of two at the same place."""
    kept: list[Symbol] = []
    places: list[tuple[float, float]] = []  # of those, from left to right
    width, height = 0.6 * space, 0.4 * space
    for head in sorted(heads, key=lambda h: -h.confidence):
        x, y = head.box.center.x, head.box.center.y
        near = places[bisect(places, (x - 2 * width,)) : bisect(places, (x + 2 * width,))]
        if all(abs(x - left) > width or abs(y - top) > height for left, top in near):
            kept.append(head)
            insort(places, (x, y))
    return sorted(kept, key=lambda h: h.box.center.x)


def _tell_sizes(heads: Sequence[Symbol], systems: Sequence[System]) -> list[Symbol]:
    """Black heads named small or full by their size: on worn print the box is surer than the name."""
    black = (K.HEAD_BLACK, K.HEAD_BLACK_SMALL)
    sizes = {
        head.id: (head.box.width * head.box.height) ** 0.5 / two_nearest(head, systems)[0][1].space
        for head in heads
        if head.kind in black
    }
    sure = [sizes[h.id] for h in heads if h.kind is K.HEAD_BLACK and h.confidence > _SURE_HEAD]
    if len(sure) < _FEWEST:
        return list(heads)
    least = _SMALL * float(np.median(sure))
    return [replace(h, kind=black[sizes[h.id] < least]) if h.id in sizes else h for h in heads]


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


def _signs_of_keys(keys: Sequence[KeyMark], systems: Sequence[System]) -> set[int]:
    """Accidentals that are no note's: those of key signatures that two staves have at the same place."""
    left = {staff.id: staff.xs[0] for system in systems for staff in system.staves}
    reach = _BESIDE * systems[0].staves[0].space
    return {
        sign
        for key in keys
        for sign in key.symbols
        if any(
            other.staff != key.staff
            and other.fifths == key.fifths
            and abs((other.x - left[other.staff]) - (key.x - left[key.staff])) < reach
            for other in keys
        )
    }


def _by_staff(heads: Sequence[Symbol], placed: dict[int, Staff]) -> list[tuple[Staff, list[Symbol]]]:
    groups: dict[int, tuple[Staff, list[Symbol]]] = {}
    for head in heads:
        staff = placed[head.id]
        groups.setdefault(staff.id, (staff, []))[1].append(head)
    return list(groups.values())


def _chord(
    number: int, staff: Staff, heads: Sequence[Symbol], steps: Sequence[int], stem: Stem | None,
    flags: Sequence[Symbol], accidentals: dict[int, Symbol], dots: dict[int, int], space: float,
) -> Chord:  # fmt: skip
    members = []
    for head, step in sorted(zip(heads, steps, strict=True), key=lambda pair: -pair[0].box.center.y):
        centre = head.box.center
        sign = accidentals.get(head.id)
        members.append(
            Head(
                head.id, head.kind, step, centre.x, centre.y,
                FULL_SIZE.get(sign.kind, sign.kind) if sign else None, sign.id if sign else None, head.confidence,
            )
        )  # fmt: skip
    count = max(dots.get(h.id, 0) for h in heads)
    flag_count, flag_ids = find_flags(stem, flags, space) if stem else (0, ())
    small = sum(h.confidence for h in heads if h.kind in SMALL_HEADS) * 2 > sum(h.confidence for h in heads)
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


def _has_flag(chord: Chord, flags: Sequence[Symbol], space: float) -> bool:
    """Whether a small head without a stem has the flag of a grace note up on its right."""
    head = chord.heads[0]
    low, high = _FLAG_UP
    return chord.grace and any(
        0 < flag.box.center.x - head.x < _FLAG_BESIDE * space
        and low * space < head.y - flag.box.center.y < high * space
        for flag in flags
    )


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
