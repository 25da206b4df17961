"""Clefs, key and time signatures and tuplet numbers. In: systems, symbols, bar lines. Out: marks on their staves."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Point
from leggio.music.attach import accidental_point
from leggio.music.notation import (
    ClefMark,
    KeyMark,
    Staff,
    Stroke,
    StrokeKind,
    Symbol,
    System,
    TimeMark,
    TupletMark,
)  # fmt: skip
from leggio.music.notation import (
    SymbolKind as K,
)

_CLEFS = {K.CLEF_G: 2, K.CLEF_F: 6, K.CLEF_C: 4, K.CLEF_PERCUSSION: 4}  # positions of their reference lines
_ACCIDENTALS = (K.FLAT, K.SHARP, K.NATURAL)
_TIME_DIGITS = {K(f"timeSig{digit}"): digit for digit in range(10)}
_TUPLETS = {K(f"tuplet{digit}"): digit for digit in range(10)} | {K(f"fingering{d}"): d for d in range(6)}
# Positions of the accidentals of a key on a G clef, in their order; other clefs shift them.
_SHARPS = (8, 5, 9, 6, 3, 7, 4)
_FLATS = (4, 7, 3, 6, 2, 5, 1)
_SHIFT = {K.CLEF_G: 0, K.CLEF_F: -2, K.CLEF_C: -1}
_HEADS = (K.HEAD_BLACK, K.HEAD_HALF, K.HEAD_WHOLE, K.HEAD_BLACK_SMALL, K.HEAD_HALF_SMALL)
_RESTS = tuple(kind for kind in K if kind.value.startswith("rest"))


_CLEF_LEVEL = (
    0.35  # lowest confidence of a clef inside a staff; at its start, where one must be, less will do
)
_BEFORE_HEAD = 2.0  # staff spaces from an accidental to its head; a key signature keeps further away
_BRACKET_GAP = 1.6  # staff spaces from the middle of a tuplet's number to its bracket, at most
_OFF_CENTRE = 1.5  # staff spaces from the middle of a tuplet's bracket to its number, at most
_DIGITS_OUT = (
    0.75  # the middle of a time signature's digit lies so far outside its staff in some fonts, staff spaces
)
_OPENING = 5.0  # staff spaces from the left end of a staff in which its clef stands


def staff_of(point: Point, system: System) -> Staff:
    """The staff of a system that is nearest to a point."""
    return min(
        system.staves, key=lambda s: abs(point.y - (s.line_at(0, point.x) + s.line_at(4, point.x)) / 2)
    )


def on_staff(system: System, symbols: Sequence[Symbol], slack: float) -> dict[int, list[Symbol]]:
    """Symbols by the id of the staff that they stand on, at most `slack` staff spaces above or below it."""
    found: dict[int, list[Symbol]] = {staff.id: [] for staff in system.staves}
    for symbol in symbols:
        centre = symbol.box.center
        staff = staff_of(centre, system)
        if -2 * slack <= staff.position_at(centre) <= 8 + 2 * slack and (
            staff.xs[0] - 2 * staff.space < centre.x < staff.xs[-1] + 2 * staff.space
        ):
            found[staff.id].append(symbol)
    return found


def read_clefs(systems: Sequence[System], symbols: Sequence[Symbol]) -> tuple[ClefMark, ...]:
    """Every clef on a staff. A C clef's line is where its middle is; a small 8 changes the octave."""
    marks = []
    eights = [s for s in symbols if s.kind is K.CLEF_8 and s.confidence > 0.3]
    for system in systems:
        clefs = on_staff(system, [s for s in symbols if s.kind in _CLEFS and s.confidence > 0.1], 1.0)
        for staff in system.staves:
            for symbol in clefs[staff.id]:
                position = _CLEFS[symbol.kind]
                centre = symbol.box.center
                height = staff.position_at(centre)
                if symbol.confidence < _CLEF_LEVEL and centre.x > staff.xs[0] + _OPENING * staff.space:
                    continue
                if symbol.kind is K.CLEF_C:
                    position = min((0, 2, 4, 6, 8), key=lambda p: abs(p - height))
                elif abs(height - (3.6 if symbol.kind is K.CLEF_G else 5)) > 2.6:
                    continue
                octave = 0
                for eight in eights:
                    if abs(eight.box.center.x - centre.x) < 1.5 * staff.space and symbol.kind is K.CLEF_G:
                        below = staff.position_at(eight.box.center)
                        octave = -1 if -6 < below < 0 else octave
                marks.append(
                    ClefMark(staff.id, centre.x, symbol.kind, position, octave, symbol.id, symbol.confidence)
                )
    return tuple(sorted(marks, key=lambda mark: mark.x))


def read_keys(
    systems: Sequence[System], symbols: Sequence[Symbol], clefs: Sequence[ClefMark]
) -> tuple[KeyMark, ...]:
    """Key signatures: accidentals in a row, before any note, each at the place that the next one of a key has.

    They are looked for behind every clef at the start of a staff, and behind bar lines through `runs`.
    """
    marks = []
    for system in systems:
        here = on_staff(system, [s for s in symbols if s.kind in _ACCIDENTALS and s.confidence > 0.2], 1.5)
        others = on_staff(
            system, [s for s in symbols if s.kind in (*_HEADS, *_RESTS) and s.confidence > 0.4], 3.0
        )
        for staff in system.staves:
            row = sorted(here[staff.id], key=lambda s: s.box.center.x)
            stops = sorted(s.box.x0 for s in others[staff.id])
            for run in _runs(row, staff.space):
                after = next((x for x in stops if x > run[0].box.center.x), staff.xs[-1] + 2 * staff.space)
                run = [s for s in run if s.box.center.x < after]
                run = _without_note_signs(run, others[staff.id], staff)
                clef = _clef_before(clefs, staff, run[0].box.center.x) if run else None
                if not clef:
                    continue
                fifths = count_key(run, staff, clef)
                if fifths is not None:
                    confidence = sum(s.confidence for s in run) / len(run)
                    ids = tuple(s.id for s in run)
                    marks.append(KeyMark(staff.id, run[0].box.x0, fifths, confidence, ids))
    return tuple(marks)


def _without_note_signs(run: Sequence[Symbol], others: Sequence[Symbol], staff: Staff) -> list[Symbol]:
    """The signs of a row before those of the first note, or of a chord that has several side by side."""
    kept = list(run)
    while kept:
        further = run[-1].box.center.x - kept[-1].box.center.x
        if not _belongs_to_head(kept[-1], others, staff, _BEFORE_HEAD * staff.space + further):
            break
        kept.pop()
    return kept


def _belongs_to_head(sign: Symbol, others: Sequence[Symbol], staff: Staff, reach: float) -> bool:
    """Whether a head stands right behind an accidental, at most `reach` pixels away and on its height."""
    point = accidental_point(sign, staff.space)
    return any(
        0.7 * staff.space < head.box.center.x - point.x < reach
        and abs(head.box.center.y - point.y) < 0.45 * staff.space
        for head in others
        if head.kind in _HEADS
    )


def _runs(row: Sequence[Symbol], space: float) -> list[list[Symbol]]:
    runs: list[list[Symbol]] = []
    for symbol in row:
        if runs and 0.5 * space < symbol.box.center.x - runs[-1][-1].box.center.x < 1.9 * space:
            runs[-1].append(symbol)
        else:
            runs.append([symbol])
    return runs


def _clef_before(clefs: Sequence[ClefMark], staff: Staff, x: float) -> ClefMark | None:
    """The clef in force at `x`; where none was found, the usual one of the staff's place in its system."""
    before = [clef for clef in clefs if clef.staff == staff.id and clef.x < x]
    if before:
        return before[-1]
    same_place = [clef for clef in clefs if clef.staff % 2 == staff.id % 2]
    return same_place[0] if same_place else None


def count_key(run: Sequence[Symbol], staff: Staff, clef: ClefMark) -> int | None:
    """How many sharps (positive) or flats (negative) of a key stand in a row; None if they are not a key.

    Naturals in front of the new signature cancel the old one and count for nothing.
    """
    shift = _SHIFT.get(clef.kind)
    if shift is None:
        return None
    if clef.kind is K.CLEF_C:
        shift += clef.position - 4
    signs = [s for s in run if s.kind is not K.NATURAL]
    if not signs:
        return 0 if len(run) > 1 else None
    flats = sum(s.kind is K.FLAT for s in signs) * 2 > len(signs)
    expected = _FLATS if flats else _SHARPS
    kind = K.FLAT if flats else K.SHARP
    count = 0
    for symbol in (s for s in signs if s.kind is kind):
        if count == 7:
            break
        off = staff.position_at(accidental_point(symbol, staff.space)) - expected[count] - shift
        if abs(off - 7 * round(off / 7)) > 1.3:
            break
        count += 1
    return (-count if flats else count) if count else None


def read_times(systems: Sequence[System], symbols: Sequence[Symbol]) -> tuple[TimeMark, ...]:
    """Time signatures: C, cut C, or two numbers one above the other."""
    marks = []
    wanted = [
        s
        for s in symbols
        if (s.kind in _TIME_DIGITS or s.kind in (K.TIME_COMMON, K.TIME_CUT)) and s.confidence > 0.3
    ]
    for system in systems:
        here = on_staff(system, wanted, _DIGITS_OUT)
        for staff in system.staves:
            upper, lower = [], []
            for symbol in here[staff.id]:
                position = staff.position_at(symbol.box.center)
                if symbol.kind in (K.TIME_COMMON, K.TIME_CUT):
                    if abs(position - 4) < 1.5:
                        beats = (4, 4) if symbol.kind is K.TIME_COMMON else (2, 2)
                        marks.append(
                            TimeMark(staff.id, symbol.box.center.x, *beats, symbol.kind, symbol.confidence)
                        )
                elif 4.3 < position < 8 + 2 * _DIGITS_OUT:
                    upper.append(symbol)
                elif -2 * _DIGITS_OUT < position < 3.7:
                    lower.append(symbol)
            marks += _pair_numbers(staff, upper, lower)
    return tuple(sorted(marks, key=lambda mark: mark.x))


def _pair_numbers(staff: Staff, upper: Sequence[Symbol], lower: Sequence[Symbol]) -> list[TimeMark]:
    marks = []
    used: set[int] = set()
    for digit in sorted(upper, key=lambda s: s.box.center.x):
        if digit.id in used:
            continue
        group = [s for s in upper if 0 <= s.box.center.x - digit.box.center.x < 1.6 * staff.space]
        middle = sum(s.box.center.x for s in group) / len(group)
        under = sorted(
            (s for s in lower if abs(s.box.center.x - middle) < 1.3 * staff.space),
            key=lambda s: s.box.center.x,
        )
        used |= {s.id for s in group}
        beats = _number(sorted(group, key=lambda s: s.box.center.x))
        beat_type = _number(under)
        if beat_type in (1, 2, 4, 8, 16, 32) and 0 < beats < 33:
            confidence = min(s.confidence for s in (*group, *under))
            marks.append(TimeMark(staff.id, middle, beats, beat_type, None, confidence))
    return marks


def _number(digits: Sequence[Symbol]) -> int:
    return int("".join(str(_TIME_DIGITS[s.kind]) for s in digits) or "0")


def read_tuplets(
    systems: Sequence[System], symbols: Sequence[Symbol], strokes: Sequence[Stroke] = ()
) -> tuple[TupletMark, ...]:
    """Digits that may be a tuplet's number, with their brackets; fingerings look alike: the rhythm decides."""
    marks = []
    brackets = [s for s in strokes if s.kind is StrokeKind.BRACKET]
    for symbol in symbols:
        number = _TUPLETS.get(symbol.kind, 0)
        if number < 2 or symbol.confidence < 0.2 or not systems:
            continue
        centre = symbol.box.center
        system = min(systems, key=lambda s: max(s.box.y0 - centre.y, centre.y - s.box.y1, 0.0))
        sure = 1.0 if symbol.kind.value.startswith("tuplet") else 0.6
        staff = staff_of(centre, system)
        left, right = _bracket_of(symbol, brackets, staff.space)
        marks.append(TupletMark(staff.id, centre.x, centre.y, number, symbol.confidence * sure, left, right))
    return tuple(marks)


def _bracket_of(
    digit: Symbol, brackets: Sequence[Stroke], space: float
) -> tuple[float, float] | tuple[None, None]:
    """Where a bracket at a digit begins and ends: one line around it, or two that meet it from both sides."""
    centre = digit.box.center
    near = [
        b
        for b in brackets
        if b.box.y0 - space < centre.y < b.box.y1 + space
        and b.box.x0 - _BRACKET_GAP * space < centre.x < b.box.x1 + _BRACKET_GAP * space
    ]
    if not near:
        return None, None
    left, right = min(b.box.x0 for b in near), max(b.box.x1 for b in near)
    # A line on one side only is an octave's or an ending's, or half of a bracket: it says nothing.
    if abs((left + right) / 2 - centre.x) > _OFF_CENTRE * space:
        return None, None
    return left, right
