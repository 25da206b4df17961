"""Articulations, ornaments, fermatas and arpeggios to the chords that they belong to.

In: systems, symbols and the outlines of chords and rests. Out: `ChordMark`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from leggio.geometry import Point
from leggio.music.notation import ChordMark, StemWay, Symbol, System
from leggio.music.notation import SymbolKind as K
from leggio.music.outline import Outline


@dataclass(frozen=True, slots=True)
class _Habit:
    """Where engravers put a kind of mark, in staff spaces: at most `left` and `right` of its chord's column, at most
    `reach` from its heads or from the tip of its stem, mostly not further than `usual`. `level` is the lowest
    confidence that is believed there."""

    level: float
    usual: float
    reach: float
    left: float = 0.9
    right: float = 0.9
    below: bool = True


_HABITS = {
    K.STACCATO: _Habit(0.25, 1.8, 4.5, 0.6, 0.6),
    # A dot is a dot: where no augmentation dot can stand, it is a staccato dot.
    K.DOT: _Habit(0.3, 1.8, 2.2, 0.45, 0.45),
    # A fingering 1 looks much like a wedge, and there are many more of them.
    K.STACCATISSIMO: _Habit(0.6, 1.8, 3.0, 0.6, 0.6),
    # So does a ledger line like a tenuto.
    K.TENUTO: _Habit(0.45, 1.8, 4.0, 0.7, 0.7),
    K.ACCENT: _Habit(0.3, 2.5, 5.0),
    K.MARCATO: _Habit(0.3, 3.0, 5.0),
    K.TRILL: _Habit(0.3, 4.0, 7.0, 1.3, 1.3, below=False),
    K.MORDENT: _Habit(0.2, 4.0, 7.0, below=False),
    K.SHORT_TRILL: _Habit(0.2, 4.0, 7.0, below=False),
    # A turn may stand between its note and the next one.
    K.TURN: _Habit(0.3, 4.0, 7.0, 0.9, 2.5, below=False),
    K.TURN_INVERTED: _Habit(0.3, 4.0, 7.0, 0.9, 2.5, below=False),
    # Fermatas may stand over a bar line: the chord or rest before it is held.
    K.FERMATA_ABOVE: _Habit(0.3, 4.0, 7.0, 1.2, 4.0),
    K.FERMATA_BELOW: _Habit(0.3, 4.0, 7.0, 1.2, 4.0),
}
_FERMATAS = (K.FERMATA_ABOVE, K.FERMATA_BELOW)
_FAR = 0.1  # a staff space beyond the usual needs so much more confidence
_STEM_DOUBT = 0.1  # and the side of the stem, where articulations stand only when two voices share the staff
_WEDGE = 0.75  # the least height of a wedge, in staff spaces
_SAME_INK = 0.7  # two marks nearer than this to one another are one that was seen twice, in staff spaces
_NEAREST = 0.65  # a mark outside its chord is at least so far from the middle of a head, in staff spaces
_ASIDE = 0.8  # a staff space beside the column counts as so many away from it
_PLUMB = 0.35  # a dot this near to the column stands right over or under its note, in staff spaces
_STEM_SIDE = (
    0.4  # of two chords the one with its heads on the mark's side is so much likelier, in staff spaces
)
_OTHER_STAFF = 2.0  # and the staff on its side so much,
_HALFWAY = 10  # which ends so many steps above or below it
_WAVE = 3.2  # an arpeggio's wave stands at most so far to the left of its chord
_WAVE_LEVEL = 0.25


def attach_marks(
    systems: Sequence[System], symbols: Sequence[Symbol], outlines: Sequence[Outline]
) -> tuple[ChordMark, ...]:
    """The marks of all chords; each kind once at a chord, and augmentation dots left out."""
    found: dict[tuple[int, K], ChordMark] = {}
    used: list[Point] = []
    for symbol in sorted(symbols, key=lambda symbol: -symbol.confidence):
        centre = symbol.box.center
        system = _system_of(centre, systems)
        if symbol.kind not in _HABITS or system is None:
            continue
        kind = _kind(symbol, system)
        habit = _HABITS[symbol.kind if symbol.kind is K.DOT else kind]
        here = [outline for outline in outlines if outline.staff.system == system.id]
        owner = _owner(symbol, habit, here)
        if owner is None or (kind is K.STACCATO and _lengthens(symbol, owner, here)):
            continue
        if all(hypot(centre.x - p.x, centre.y - p.y) > _SAME_INK * owner.space for p in used):
            used.append(centre)
            found.setdefault((owner.chord, kind), ChordMark(owner.chord, kind, symbol.id))
    waves = [s for s in symbols if s.kind is K.ARPEGGIO and s.confidence > _WAVE_LEVEL]
    broken = [ChordMark(o.chord, K.ARPEGGIO, wave.id) for wave in waves for o in _broken(wave, outlines)]
    return (*sorted(found.values(), key=lambda mark: mark.symbol), *broken)


def _kind(mark: Symbol, system: System) -> K:
    """What a mark is: a wedge no taller than a dot is a dot, and every dot that marks a chord is a staccato dot."""
    is_dot = mark.kind is K.DOT or (
        mark.kind is K.STACCATISSIMO and mark.box.height < _WEDGE * system.staves[0].space
    )
    return K.STACCATO if is_dot else mark.kind


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
    at_stem = outline.tip is not None and outline.way is side
    if outline.tip and at_stem:
        gap = min(gap, abs(point.y - outline.tip.y) / space)
    wanted = (
        habit.level + _FAR * max(gap - habit.usual, 0.0) + (_STEM_DOUBT if at_stem and habit.below else 0.0)
    )
    if gap > habit.reach or mark.confidence < wanted:
        return None
    other = _is_past_staff(point, outline, side)
    return gap + _ASIDE * abs(aside) + (_STEM_SIDE if at_stem else 0.0) + (_OTHER_STAFF if other else 0.0)


def _is_past_staff(point: Point, outline: Outline, side: StemWay) -> bool:
    """Whether a point lies beyond the middle of the white between two staves, seen from a chord."""
    position = outline.staff.position_at(point)
    return position > 8 + _HALFWAY if side is StemWay.UP else position < -_HALFWAY


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
