"""Articulations, ornaments, fermatas and arpeggios to the chords that they belong to.

In: systems, symbols and the outlines of chords and rests. Out: `ChordMark`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leggio.geometry import Point
from leggio.music.notation import ChordMark, StemWay, Symbol, System
from leggio.music.notation import SymbolKind as K
from leggio.music.outline import Outline


@dataclass(frozen=True, slots=True)
class _Habit:
    """Where engravers put a kind of mark: at most `left` and `right` of its chord's column and `reach` from its
    heads or its stem's tip, in staff spaces; `level` is the lowest confidence that is believed."""

    level: float
    reach: float
    left: float = 0.9
    right: float = 0.9
    below: bool = True


_STACCATO = _Habit(0.25, 4.5, 0.7, 0.7)
_HABITS = {
    K.STACCATO: _STACCATO,
    # A fingering 1 looks much like a wedge, and there are many more of them.
    K.STACCATISSIMO: _Habit(0.5, 4.0, 0.7, 0.7),
    K.TENUTO: _Habit(0.35, 4.5, 0.7, 0.7),
    K.ACCENT: _Habit(0.3, 5.0),
    K.MARCATO: _Habit(0.3, 5.0),
    K.TRILL: _Habit(0.3, 7.0, 1.3, 1.3, below=False),
    K.MORDENT: _Habit(0.3, 7.0, below=False),
    K.SHORT_TRILL: _Habit(0.25, 7.0, below=False),
    # A turn may stand between its note and the next one.
    K.TURN: _Habit(0.3, 7.0, 0.9, 2.5, below=False),
    K.TURN_INVERTED: _Habit(0.3, 7.0, 0.9, 2.5, below=False),
    # Fermatas may stand over a bar line: the chord or rest before it is held.
    K.FERMATA_ABOVE: _Habit(0.3, 7.0, 1.2, 4.0),
    K.FERMATA_BELOW: _Habit(0.3, 7.0, 1.2, 4.0),
}
_DOTS = {  # kinds that are all but a staccato dot by their looks
    K.DOT: _Habit(0.3, 2.2, 0.45, 0.45),
}
_FERMATAS = (K.FERMATA_ABOVE, K.FERMATA_BELOW)
_NEAREST = 0.65  # a mark outside its chord is at least so far from the middle of a head, in staff spaces
_ASIDE = 0.8  # a staff space beside the column counts as so many away from it
_PLUMB = 0.35  # a dot this near to the column stands right over or under its note, in staff spaces
_STEM_SIDE = (
    0.4  # where a mark may belong to two chords, the side of the heads is so much likelier, in staff spaces
)
_OTHER_STAFF = 2.0  # and the staff on its side so much
_WAVE = 3.2  # an arpeggio's wave stands at most so far to the left of its chord
_WAVE_LEVEL = 0.25


def attach_marks(
    systems: Sequence[System], symbols: Sequence[Symbol], outlines: Sequence[Outline]
) -> tuple[ChordMark, ...]:
    """The marks of all chords; each kind once at a chord, and augmentation dots left out."""
    found: dict[tuple[int, K], ChordMark] = {}
    for symbol in symbols:
        habit = _HABITS.get(symbol.kind) or _DOTS.get(symbol.kind)
        system = _system_of(symbol.box.center, systems)
        if habit is None or system is None or symbol.confidence < habit.level:
            continue
        here = [outline for outline in outlines if outline.staff.system == system.id]
        kind = K.STACCATO if symbol.kind in _DOTS else symbol.kind
        owner = _owner(symbol, habit, here)
        if owner and not (kind is K.STACCATO and _lengthens(symbol, owner, here)):
            found.setdefault((owner.chord, kind), ChordMark(owner.chord, kind, symbol.id))
    marks = list(found.values())
    for symbol in symbols:
        if symbol.kind is K.ARPEGGIO and symbol.confidence > _WAVE_LEVEL:
            marks += [ChordMark(o.chord, K.ARPEGGIO, symbol.id) for o in _broken(symbol, outlines)]
    return tuple(marks)


def _system_of(point: Point, systems: Sequence[System]) -> System | None:
    return min(systems, key=lambda s: max(s.box.y0 - point.y, point.y - s.box.y1, 0.0), default=None)


def _owner(mark: Symbol, habit: _Habit, outlines: Sequence[Outline]) -> Outline | None:
    """The chord in the mark's column that it is nearest to; a fermata may hold a rest as well."""
    best, cost = None, float("inf")
    for outline in outlines:
        if outline.is_rest and mark.kind not in _FERMATAS:
            continue
        off = _cost(mark, habit, outline)
        if off is not None and off < cost:
            best, cost = outline, off
    return best


def _cost(mark: Symbol, habit: _Habit, outline: Outline) -> float | None:
    """How far a mark is from where a chord would have it, in staff spaces; None where it cannot be the chord's."""
    point, space = mark.box.center, outline.space
    asides = [point.x - outline.x] + ([point.x - outline.tip.x] if outline.tip else [])
    aside = min(asides, key=abs) / space
    if not -habit.left < aside < habit.right:
        return None
    if point.y < outline.top:
        side, gap = StemWay.UP, (outline.top - point.y) / space
    elif point.y > outline.bottom and habit.below:
        side, gap = StemWay.DOWN, (point.y - outline.bottom) / space
    else:
        return None
    if gap < _NEAREST:
        return None
    extra = 0.0
    if outline.tip and outline.way is side:
        extra = _STEM_SIDE
        gap = min(gap, abs(point.y - outline.tip.y) / space)
    if gap > habit.reach:
        return None
    return gap + extra + _ASIDE * abs(aside) + (_OTHER_STAFF if _is_past_staff(point, outline, side) else 0.0)


def _is_past_staff(point: Point, outline: Outline, side: StemWay) -> bool:
    """Whether a point lies beyond the middle of the white between two staves, seen from a chord."""
    position = outline.staff.position_at(point)
    return position > 8 + 10 if side is StemWay.UP else position < -10


def _lengthens(dot: Symbol, owner: Outline, outlines: Sequence[Outline]) -> bool:
    """Whether a dot is rather an augmentation dot: right of a head, on its height or half a space above it.

    In running notes a staccato dot may stand there, too; then it stands right over or under its own note.
    """
    point, space = dot.box.center, owner.space
    if dot.kind is K.STACCATO and abs(point.x - owner.x) < _PLUMB * space:
        return False
    return any(
        0.6 < (point.x - head.x) / space < 2.2 and -0.85 < (point.y - head.y) / space < 0.45
        for outline in outlines
        for head in outline.heads
    )


def _broken(wave: Symbol, outlines: Sequence[Outline]) -> list[Outline]:
    """The chords that an arpeggio's wave stands in front of: the nearest one to its right on every staff it covers."""
    nearest: dict[int, Outline] = {}
    for outline in outlines:
        away = (outline.x - wave.box.center.x) / outline.space
        covered = wave.box.y0 < outline.bottom and outline.top < wave.box.y1
        if 0 < away < _WAVE and covered and not outline.is_rest and not outline.grace:
            nearest.setdefault(outline.staff.id, outline)
    return list(nearest.values())
