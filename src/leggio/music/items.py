"""Chords and rests as the rhythm solver sees them. In: a mark. Out: the durations that it may have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from leggio.music.notation import Rest
from leggio.music.notation import SymbolKind as K
from leggio.music.rhythm import Choice, Item
from leggio.music.spans import Mark

_REST_HALVINGS = {
    K.REST_DOUBLE_WHOLE: -1, K.REST_WHOLE: 0, K.REST_HALF: 1, K.REST_QUARTER: 2, K.REST_8: 3, K.REST_16: 4,
    K.REST_32: 5, K.REST_64: 6, K.REST_128: 7,
}  # fmt: skip


def _duration(halvings: int, dots: int) -> Fraction:
    base = Fraction(1, 2**halvings) if halvings >= 0 else Fraction(2)
    return base * (2 - Fraction(1, 2**dots))


def make_item(mark: Mark, staff: int, group: int | None = None) -> Item:
    """A chord or rest with the durations that it may have: as it looks first, then likely slips of the eye."""
    if isinstance(mark, Rest):
        halvings = _REST_HALVINGS[mark.kind]
        options = [(halvings, mark.dots, 0.0), (halvings, 1 - min(mark.dots, 1), 1.4)]
        if halvings >= 3:
            options += [(halvings + 1, mark.dots, 1.5), (halvings - 1, mark.dots, 1.5)]
        elif halvings in (0, 1):
            options += [(1 - halvings, mark.dots, 0.9)]
        else:
            options += [(3, mark.dots, 1.8)]
        return Item(staff, mark.x, _choices(options), None, (), group)
    half = sum(head.kind in (K.HEAD_HALF, K.HEAD_HALF_SMALL) for head in mark.heads) * 2 >= len(mark.heads)
    if mark.alternates is not None:  # two half notes that alternate take the time of one
        written = ((mark.dots, 0.0), (1 - min(mark.dots, 1), 1.1))
        choices = tuple(Choice(_duration(1, dots) / 2, cost, dots, 1) for dots, cost in written)
        return Item(staff, mark.x, choices, mark.way, tuple(head.position for head in mark.heads), group)
    tails = max(mark.beams, mark.flags)
    if any(head.kind is K.HEAD_DOUBLE_WHOLE for head in mark.heads):
        halvings = -1
    elif mark.stem is None and any(head.kind is K.HEAD_WHOLE for head in mark.heads):
        halvings = 0
    else:
        halvings = 2 + tails if not half or tails else 1
    options = [(halvings, mark.dots, 0.0), (halvings, 1 - min(mark.dots, 1), 1.1)]
    if halvings > 2:
        options += [(halvings + 1, mark.dots, 1.4), (halvings - 1, mark.dots, 1.4)]
    elif halvings == 2:
        options += [(3, mark.dots, 1.4), (1, mark.dots, 1.6)]
    elif halvings == 1:
        options += [(2, mark.dots, 1.3)]
    way = mark.way if mark.stem is not None else None
    return Item(staff, mark.x, _choices(options), way, tuple(head.position for head in mark.heads), group)


def _choices(options: Sequence[tuple[int, int, float]]) -> tuple[Choice, ...]:
    return tuple(_choice(*option) for option in options)


@cache
def _choice(halvings: int, dots: int, cost: float) -> Choice:
    """One choice. There are a few dozen, and every item has some: fractions are slow to make."""
    return Choice(_duration(halvings, dots), cost, dots, halvings)
