"""Which chords and rests of a staff may be a tuplet. In: marks of one staff, tuplet numbers. Out: groups of them.

A number says how many equal parts a stretch of notes has: the notes under it add up to so many of one plain value, and
it stands over their middle. Where nothing fits it, beamed notes near a number are taken, and even beamed notes by
threes may be triplets without any number; the rhythm decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from leggio.music.items import make_item
from leggio.music.notation import Chord, Rest, Staff, StemWay, TupletMark
from leggio.music.rhythm import Group
from leggio.music.spans import Mark

_NORMAL = {2: 3, 3: 2, 4: 3, 5: 4, 6: 4, 7: 4, 8: 6, 9: 8}
_MOST = 9  # members of a numbered group
_MIDDLE, _MIDDLE_SHARE = (
    1.0,
    0.12,
)  # a number is so near to its group's middle: staff spaces, and a share of its width
_HIGH = 7.0  # a number stands at most so far over or under the heads of its group, staff spaces
_TOGETHER = 0.85  # marks nearer than this sound together, staff spaces
_BRACKET_END = 1.6  # a bracket ends so near to the outer columns of its group, staff spaces
_CUT_BEAM = 0.5  # how much worse a group is that cuts a beam, staff spaces off the middle
_BARE = 0.5  # and one without any beam or bracket
_REST_OUTSIDE = 0.3  # and one with rests at its end that its beam does not need
_SURE = 0.6  # numbers surer than this are not fingerings, which are told with 0.6 at most
_AMONG_FINGERINGS = 0.7  # what a tuplet costs whose number may well be a fingering
_UNPRINTED = 1.2  # what one costs without any number
_OFTEN = (3, 6)  # numbers of tuplets, nearly always; fingerings have the others as often
_ONE_VOICE = (
    0.1  # groups of one voice's notes are a little less likely than groups of all that stands on a staff
)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A stretch of marks that a number may govern; `off` is how badly it fits, in staff spaces."""

    off: float
    number: TupletMark
    members: tuple[Mark, ...]


def find_groups(
    row: Sequence[Mark], staff: Staff, tuplets: Sequence[TupletMark], groups: list[Group]
) -> dict[int, int]:
    """Groups of a staff's marks in one bar, added to `groups`; the place there of each member by its id."""
    membership: dict[int, int] = {}
    heads = [head.y for mark in row if isinstance(mark, Chord) for head in mark.heads]
    is_fingered = sum(t.number in _OFTEN for t in tuplets) * 2 < len(tuplets)
    # Most numbers of a page stand over other systems.
    tuplets = [t for t in tuplets if any(abs(t.y - y) <= _HIGH * staff.space for y in heads)]
    fits = [fit for number in tuplets for fit in _fits(number, row, staff)]
    used: set[tuple[float, float]] = set()
    for fit in sorted(fits, key=lambda fit: fit.off):
        place = (fit.number.x, fit.number.y)
        if place in used or any(member.id in membership for member in fit.members):
            continue
        used.add(place)
        membership |= {member.id: len(groups) for member in fit.members}
        groups.append(_numbered(fit, is_fingered))
    for chords in _beamed(row):
        if not any(chord.id in membership for chord in chords):
            _add_beamed(chords, row, staff, tuplets, groups, membership, is_fingered)
        for run in _runs_of_threes(chords, membership):
            membership |= {chord.id: len(groups) for chord in run}
            groups.append(Group(3, 2, _UNPRINTED, 0.0))
    return membership


def _runs_of_threes(chords: Sequence[Chord], membership: dict[int, int]) -> Iterator[list[Chord]]:
    """Neighbours under one beam, three or six and so on of one value, that no group has yet: often a tuplet goes on
    without its number, or takes a part of a beam."""
    free = [(chord.id not in membership, chord.beams) for chord in chords]
    start = 0
    for end in range(1, len(chords) + 1):
        if end < len(chords) and free[end] == free[start]:
            continue
        if free[start][0] and (end - start) % 3 == 0:
            yield list(chords[start:end])
        start = end


def _numbered(fit: _Fit, is_fingered: bool) -> Group:
    """The group that a number makes; `is_fingered` says that most numbers of its page must be fingerings."""
    number = fit.number.number
    is_sure = fit.number.confidence > _SURE or fit.number.right is not None
    if is_fingered and not is_sure:
        return Group(number, _NORMAL[number], _AMONG_FINGERINGS, 0.0)
    return Group(number, _NORMAL[number], 0.2 if is_sure else 0.4, 0.6 if is_sure else 0.0)


def _fits(number: TupletMark, row: Sequence[Mark], staff: Staff) -> Iterator[_Fit]:
    """The stretch of each voice, and of the whole staff, that fits a number best."""
    space = staff.space
    if number.number not in _NORMAL or not row:
        return
    if not row[0].x - 3 * space < number.x < row[-1].x + 3 * space:
        return
    ups = [mark for mark in row if isinstance(mark, Rest) or mark.way is StemWay.UP]
    downs = [mark for mark in row if isinstance(mark, Rest) or mark.way is StemWay.DOWN]
    for lane, extra in ((list(row), 0.0), (ups, _ONE_VOICE), (downs, _ONE_VOICE)):
        found = [
            _Fit(off + extra, number, members)
            for members in _stretches(lane, number.number, space)
            if (off := _misfit(number, members, lane, staff)) is not None
        ]
        if found:
            yield min(found, key=lambda fit: fit.off)


def _stretches(lane: Sequence[Mark], number: int, space: float) -> Iterator[tuple[Mark, ...]]:
    """Neighbours, one after the other, whose written values add up to `number` of a plain value."""
    lengths = [make_item(mark, 0).choices[0].duration for mark in lane]
    for first in range(len(lane)):
        for last in range(first + 1, min(first + _MOST, len(lane))):
            if lane[last].x - lane[last - 1].x < _TOGETHER * space:
                break  # they sound together, in two voices
            unit = sum(lengths[first : last + 1], Fraction(0)) / number
            plain = unit.numerator == 1 and unit.denominator & (unit.denominator - 1) == 0
            even = len(set(lengths[first : last + 1])) == 1
            if even and (last + 1 - first) % number:
                continue  # notes of one value are as many as the number says
            # A tuplet's notes are not longer than two of its units.
            if plain and max(lengths[first : last + 1]) <= 2 * unit:
                yield tuple(lane[first : last + 1])


def _misfit(number: TupletMark, members: Sequence[Mark], lane: Sequence[Mark], staff: Staff) -> float | None:
    """How badly members fit a number, in staff spaces; None where they cannot be its group."""
    space = staff.space
    chords = [mark for mark in members if isinstance(mark, Chord)]
    heads = [head.y for chord in chords for head in chord.heads]
    if not heads or min(abs(number.y - y) for y in heads) > _HIGH * space:
        return None
    left, right = members[0].x, members[-1].x
    if number.left is not None and number.right is not None:
        ends = max(abs(number.left - left), abs(number.right - right)) / space
        return ends / 2 if ends < _BRACKET_END else None
    off = abs((left + right) / 2 - number.x) / space
    if off > _MIDDLE + _MIDDLE_SHARE * (right - left) / space:
        return None
    inner = {chord.beam for chord in chords if chord.beams}
    outer = {m.beam for m in lane if isinstance(m, Chord) and m.beams and m not in members}
    if inner & outer:
        if len({chord.beam if chord.beams else None for chord in chords}) > 1:
            return None  # a tuplet may be a part of one beam, but takes no part of it along with other notes
        if not _begins_evenly(members, lane):
            return None
        off += _CUT_BEAM
    if not inner:
        off += _BARE
    off += _REST_OUTSIDE * sum(isinstance(mark, Rest) for mark in (members[0], members[-1]))
    return off


def _begins_evenly(members: Sequence[Mark], lane: Sequence[Mark]) -> bool:
    """Whether so many notes stand before a part of an even beam that they make groups of the same size."""
    first = members[0]
    beam = first.beam if isinstance(first, Chord) else None
    along = [mark for mark in lane if isinstance(mark, Chord) and mark.beams and mark.beam == beam]
    is_even = len({mark.beams for mark in along}) == 1 and len({mark.dots for mark in along}) == 1
    return not is_even or first not in along or along.index(first) % len(members) == 0


def _beamed(row: Sequence[Mark]) -> list[list[Chord]]:
    beams: dict[int, list[Chord]] = {}
    for mark in row:
        if isinstance(mark, Chord) and mark.beam is not None and mark.beams:
            beams.setdefault(mark.beam, []).append(mark)
    return list(beams.values())


def _add_beamed(
    chords: Sequence[Chord], row: Sequence[Mark], staff: Staff, tuplets: Sequence[TupletMark],
    groups: list[Group], membership: dict[int, int], is_fingered: bool,
) -> None:  # fmt: skip
    """Beamed chords that may be a tuplet although no number fits them."""
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
    if is_fingered and number not in _OFTEN:
        number = None  # a fingering
    group = _group(number, len(inside), even=len({c.beams for c in chords}) == 1)
    if group and not any(mark.id in membership for mark in inside):
        membership |= {mark.id: len(groups) for mark in inside}
        groups.append(group)


def _group(number: int | None, count: int, even: bool) -> Group | None:
    """What tuplet `count` items may be that a number stands near (None where there is none); `even` ones look alike.

    Three or six even items may be triplets without a number; a six over six items is two triplets. One of them may be
    missing; four even items are no triplet.
    """
    if number in (3, 6) and count >= 3 and not (even and count % 3 == 1):
        return Group(3, 2, 0.3, 0.1)
    if number in _NORMAL and number > 4 and count in (number, number - 1):
        return Group(number, _NORMAL[number], 0.3, 0.1)
    if even and count and count % 3 == 0:
        return Group(3, 2, _AMONG_FINGERINGS if number else _UNPRINTED, 0.0)
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
