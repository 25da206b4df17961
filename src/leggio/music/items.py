"""Chords and rests as the rhythm solver sees them. In: marks of one staff. Out: durations they may have, tuplets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from leggio.music.notation import Chord, Rest, Staff, TupletMark
from leggio.music.notation import SymbolKind as K
from leggio.music.rhythm import Choice, Group, Item
from leggio.music.spans import Mark

_REST_HALVINGS = {
    K.REST_DOUBLE_WHOLE: -1, K.REST_WHOLE: 0, K.REST_HALF: 1, K.REST_QUARTER: 2, K.REST_8: 3, K.REST_16: 4,
    K.REST_32: 5, K.REST_64: 6, K.REST_128: 7,
}  # fmt: skip
_NORMAL = {2: 3, 3: 2, 4: 3, 5: 4, 6: 4, 7: 4, 8: 6, 9: 8}


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
    return tuple(Choice(_duration(halvings, dots), cost, dots, halvings) for halvings, dots, cost in options)


def find_groups(
    row: Sequence[Mark], staff: Staff, tuplets: Sequence[TupletMark], groups: list[Group]
) -> dict[int, int]:
    """Beamed chords that may be a tuplet: a number stands near them, or there are three or six of them."""
    membership: dict[int, int] = {}
    beams: dict[int, list[Chord]] = {}
    for mark in row:
        if isinstance(mark, Chord) and mark.beam is not None and mark.beams:
            beams.setdefault(mark.beam, []).append(mark)
    for chords in beams.values():
        left, right = chords[0].x, chords[-1].x
        inside: list[Mark] = [m for m in row if left <= m.x <= right and (m in chords or isinstance(m, Rest))]
        if len(inside) % 3 == 2:
            inside = _with_rest(inside, row, membership)
        near = [
            t
            for t in tuplets
            if left - 3 * staff.space < t.x < right + staff.space
            and any(abs(t.y - head.y) < 6 * staff.space for c in chords for head in c.heads)
        ]
        number = max(near, key=lambda t: t.confidence).number if near else None
        group = _group(number, len(inside), even=len({c.beams for c in chords}) == 1)
        if group:
            for mark in inside:
                membership[mark.id] = len(groups)
            groups.append(group)
    return membership


def _group(number: int | None, count: int, even: bool) -> Group | None:
    """What tuplet `count` items may be that a number stands near (None where there is none); `even` ones look alike.

    Three or six even items may be triplets without a number; a six over six items is two triplets.
    """
    if number in (3, 6) and (even or count >= 3) and count >= 2:
        return Group(3, 2, 0.3, 0.1)
    if number in _NORMAL and number > 4 and count in (number, number - 1):
        return Group(number, _NORMAL[number], 0.3, 0.1)
    if even and count and count % 3 == 0:
        return Group(3, 2, 0.7 if number else 1.2, 0.0)
    return None


def _with_rest(group: list[Mark], row: Sequence[Mark], membership: dict[int, int]) -> list[Mark]:
    """Beamed chords with the rest of their own value that stands before or after them, if there is one.

    One chord of another voice may stand between.
    """
    at = row.index(group[0])
    end = row.index(group[-1]) + 1
    value = make_item(group[0], 0).choices[0].duration
    for near, leads in ((row[max(0, at - 2) : at][::-1], True), (row[end : end + 2], False)):
        for rest in near:
            fits = isinstance(rest, Rest) and make_item(rest, 0).choices[0].duration == value
            if fits and rest.id not in membership:
                return [rest, *group] if leads else [*group, rest]
    return group
