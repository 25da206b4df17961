"""Small signs to their notes: accidentals, dots, flags. In: symbols and heads. Out: which belongs to which."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

from leggio.geometry import Point
from leggio.music.notation import ACCIDENTALS, HEADS, SMALL_HEADS, StemWay, Symbol
from leggio.music.notation import SymbolKind as K
from leggio.music.stems import Stem

FLAGS = {
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_16_UP: 2, K.FLAG_16_DOWN: 2, K.FLAG_32_UP: 3, K.FLAG_32_DOWN: 3,
    K.FLAG_64_UP: 4, K.FLAG_64_DOWN: 4, K.FLAG_128_UP: 5, K.FLAG_128_DOWN: 5,
    K.FLAG_8_UP_SMALL: 1, K.FLAG_8_DOWN_SMALL: 1, K.FLAG_16_UP_SMALL: 2, K.FLAG_16_DOWN_SMALL: 2,
}  # fmt: skip
SMALL_FLAGS = (K.FLAG_8_UP_SMALL, K.FLAG_8_DOWN_SMALL, K.FLAG_16_UP_SMALL, K.FLAG_16_DOWN_SMALL)
_SIGN_LEVEL = 0.25
_SMALL_SIGN_LEVEL = 0.1  # the same for accidentals before grace notes
_CLOSEST_SMALL_SIGN = 0.35  # they stand so near, middle to middle, in staff spaces; 0.7 is usual
_DOT_LEVEL = 0.25
_DOT_REACH = 2.6  # old prints set dots up to so far behind a head's edge, staff spaces
_CLOSE_DOT = 1.7  # the same behind rests, and for what looks like a dot of a repeat bar line
_PER_SPACE = 0.25  # what a staff space to the right costs, in staff spaces off the height
_UNDER = 0.15  # what it costs to stand in the space under a line, as dots of a lower voice do, staff spaces
_OVER, _STACCATO_REACH = 0.7, 2.5  # from a staccato dot to its head, across and up or down, staff spaces
_OTHER_DOT, _REPEAT_DOT = 0.3, 0.45  # what it costs that a dot may be a staccato's or a repeat's


def accidental_point(symbol: Symbol, space: float) -> Point:
    """Where on the staff an accidental points: a flat's belly is below the middle of its box."""
    centre = symbol.box.center
    return (
        Point(centre.x, symbol.box.y1 - 0.62 * space)
        if symbol.kind in (K.FLAT, K.FLAT_SMALL, K.DOUBLE_FLAT)
        else centre
    )


def give_accidentals(symbols: Sequence[Symbol], heads: Sequence[Symbol], space: float) -> dict[int, Symbol]:
    """The accidental of each head: the nearest one to its left on the same height.

    Those of grace notes are as small as they, stand closer, and the net is seldom sure of them.
    """
    pairs = []
    places = [(head.box.center.x, head.box.center.y, head.kind in SMALL_HEADS, head) for head in heads]
    small = [place for place in places if place[2]]
    for sign in symbols:
        if sign.kind not in ACCIDENTALS or sign.confidence < _SMALL_SIGN_LEVEL:
            continue
        centre = sign.box.center
        y = accidental_point(sign, space).y
        for head_x, head_y, is_small, head in places if sign.confidence >= _SIGN_LEVEL else small:
            dx = (head_x - centre.x) / space
            dy = abs(head_y - y) / space
            if (_CLOSEST_SMALL_SIGN if is_small else 0.7) < dx < 4.2 and dy < 0.42:
                pairs.append((dy * 2.5 + dx * 0.4, sign, head))
    given: dict[int, Symbol] = {}
    used: set[int] = set()
    for _, sign, head in sorted(pairs, key=lambda p: p[0]):
        if head.id not in given and sign.id not in used:
            given[head.id] = sign
            used.add(sign.id)
    return given


def give_dots(
    symbols: Sequence[Symbol],
    heads: Sequence[Symbol],
    rests: Sequence[Symbol],
    space: float,
) -> dict[int, int]:
    """How many augmentation dots each head or rest has. A dot stands to the right, on the head's height, or half a
    staff space above it or below it; further dots stand beside the first one."""
    dots = [s for s in symbols if s.kind in (K.DOT, K.STACCATO, K.REPEAT_DOT) and s.confidence > _DOT_LEVEL]
    counts: dict[int, int] = {}
    taken: list[tuple[Symbol, int]] = []
    owners = sorted((*heads, *rests), key=lambda owner: owner.box.x1)
    edges = [owner.box.x1 for owner in owners]
    middles = sorted((head.box.center.x, head.box.center.y) for head in heads)
    for dot in sorted(dots, key=lambda s: s.box.center.x):
        centre = dot.box.center
        best, cost = None, 1.0
        stray = _stray(dot, middles, space)
        first, last = bisect(edges, centre.x - _DOT_REACH * space), bisect(edges, centre.x + 0.1 * space)
        for owner in owners[first:last]:
            dx = (centre.x - owner.box.x1) / space
            dy = (centre.y - owner.box.center.y) / space
            low, high = (-0.85, 0.7) if owner.kind in HEADS else (-1.1, 0.6)
            is_far = owner.kind in HEADS and dot.kind is not K.REPEAT_DOT
            reach = _DOT_REACH if is_far else _CLOSE_DOT
            if not (-0.1 < dx < reach and low < dy < high):
                continue
            off = _PER_SPACE * max(dx - 0.2, 0) + _off_height(dy, owner) + stray
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


def _off_height(dy: float, owner: Symbol) -> float:
    """How far from where a dot may stand it is, in staff spaces: at its note, over its line, or, seldom, under it."""
    under = abs(dy - 0.5) + _UNDER if owner.kind in HEADS else abs(dy)
    return min(abs(dy), abs(dy + 0.5), under)


def _stray(dot: Symbol, heads: Sequence[tuple[float, float]], space: float) -> float:
    """How much a dot looks like one of another kind. `heads` are their middles from left to right."""
    if dot.kind is K.REPEAT_DOT:
        return _REPEAT_DOT
    is_other = dot.kind is not K.DOT and _is_over_or_under(dot.box.center, heads, space)
    return _OTHER_DOT if is_other else 0.0


def _is_over_or_under(point: Point, heads: Sequence[tuple[float, float]], space: float) -> bool:
    """Whether a dot stands where a staccato dot does: over or under a head. `heads` are their middles in order."""
    first, last = bisect(heads, (point.x - _OVER * space,)), bisect(heads, (point.x + _OVER * space,))
    return any(0.5 * space < abs(y - point.y) < _STACCATO_REACH * space for _, y in heads[first:last])


def find_flags(stem: Stem, flags: Sequence[Symbol], space: float) -> tuple[int, tuple[int, ...]]:
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
