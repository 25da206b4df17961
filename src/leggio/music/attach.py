"""Small signs to their notes: accidentals, dots, flags. In: symbols and heads. Out: which belongs to which."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Point
from leggio.music.notation import ACCIDENTALS, HEADS, StemWay, Symbol
from leggio.music.notation import SymbolKind as K
from leggio.music.stems import Stem

FLAGS = {
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_16_UP: 2, K.FLAG_16_DOWN: 2, K.FLAG_32_UP: 3, K.FLAG_32_DOWN: 3,
    K.FLAG_64_UP: 4, K.FLAG_64_DOWN: 4, K.FLAG_128_UP: 5, K.FLAG_128_DOWN: 5,
    K.FLAG_8_UP_SMALL: 1, K.FLAG_8_DOWN_SMALL: 1, K.FLAG_16_UP_SMALL: 2, K.FLAG_16_DOWN_SMALL: 2,
}  # fmt: skip
_SIGN_LEVEL = 0.25
_DOT_LEVEL = 0.25


def accidental_point(symbol: Symbol, space: float) -> Point:
    """Where on the staff an accidental points: a flat's belly is below the middle of its box."""
    centre = symbol.box.center
    return (
        Point(centre.x, symbol.box.y1 - 0.62 * space)
        if symbol.kind in (K.FLAT, K.FLAT_SMALL, K.DOUBLE_FLAT)
        else centre
    )


def give_accidentals(symbols: Sequence[Symbol], heads: Sequence[Symbol], space: float) -> dict[int, Symbol]:
    """The accidental of each head: the nearest one to its left on the same height."""
    pairs = []
    places = [(head.box.center.x, head.box.center.y, head) for head in heads]
    for sign in symbols:
        if sign.kind not in ACCIDENTALS or sign.confidence < _SIGN_LEVEL:
            continue
        centre = sign.box.center
        y = accidental_point(sign, space).y
        for head_x, head_y, head in places:
            dx = (head_x - centre.x) / space
            dy = abs(head_y - y) / space
            if 0.7 < dx < 4.2 and dy < 0.42:
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
