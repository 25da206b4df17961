"""When each chord and rest of a bar sounds, and in which voice. In: what stands in a bar. Out: onsets and durations.

A bar is solved as a whole, over all its staves: a search from left to right through its columns (what stands in one
column sounds together) keeps the cheapest ways to give every item a voice, an onset and, where the bar does not add
up as written, another duration. What is unlikely costs more; a bar that adds up as it is written costs nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from leggio.music.notation import StemWay

_TICKS = 322560  # a whole note: every plain, dotted and tuplet value down to 1/128 is a whole number of these
_UNUSED = -1  # the end of a voice that has not begun
VOICES = 3  # at most so many voices on one staff
_ASIDE = 1.7  # heads of two voices that collide are at most so far apart, staff spaces
_COLUMN = 0.85  # items closer than this stand in one column, staff spaces
_NARROW_BEAM, _WIDE_BEAM = 8, 16  # states kept while nothing is changed, and while durations may be
_HOPELESS = 3.5  # states so much dearer than the best one are not followed
DOUBTFUL = 0.9  # a bar cheaper than this is taken as written

# Costs, in units of one plain mistake of the net. Chosen on pages of the factory and looked at on real ones.
_GAP = (1.3, 0.7, 0.7)  # a voice pauses without a rest, first voice and others
_OPEN = (0.0, 0.4, 0.5)  # a further voice begins
_LATE = (1.0, 0.2, 0.2)  # a voice begins after the bar did
_OVERLAP = 3.0
_WRONG_WAY = 0.4  # a stem up in the lower voice, or down in the upper one
_SHORT = (2.2, 0.7, 0.7)  # a voice ends before the bar does
_LONG = 2.4  # a voice goes on after the bar's end
_FEW_GROUPS = 3  # with so many groups at most, every combination is tried
_SECOND_LOOKS = 2  # the best assignments of tuplets are looked at again with changed durations
_HABIT = 0.3  # where one group of a bar is a tuplet, the next one costs this share
_PRINTED = 0.4  # a tuplet that costs so little more than none has its number printed
PARTIAL = 1.6  # all voices end together, at another time than the bar's


@dataclass(frozen=True, slots=True)
class Choice:
    """A duration that an item may have: `cost` 0 for the one that is written."""

    duration: Fraction
    cost: float
    dots: int
    halvings: int  # 0 for a whole note, 2 for a quarter note


@dataclass(frozen=True, slots=True)
class Group:
    """Items that may be a tuplet: `actual` in the time of `normal`, at `cost`; `plain_cost` if they are none."""

    actual: int
    normal: int
    cost: float
    plain_cost: float


@dataclass(frozen=True, slots=True)
class Item:
    """A chord or a rest as the solver sees it. `group` is an index into the bar's groups, or None."""

    staff: int
    x: float
    choices: tuple[Choice, ...]
    way: StemWay | None
    heights: tuple[int, ...] = ()
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """What was decided for one item."""

    onset: Fraction
    voice: int
    choice: Choice
    duration: Fraction
    tuplet: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """Placements in the order of the items, the bar's length, and what the whole cost."""

    placements: tuple[Placement, ...]
    length: Fraction
    cost: float


class _State(NamedTuple):
    """A way to read the columns so far. `ends` is (staff, voice) -> when it ends, in ticks, or _UNUSED; `chain` links
    back the placements."""

    cost: float
    time: int
    ends: tuple[tuple[int, ...], ...]
    chain: _Chain | None


class _Chain(NamedTuple):
    """One placement: the item, its voice, which of its choices, its length in ticks, and what came before."""

    before: _Chain | None
    item: int
    time: int
    voice: int
    choice: Choice
    ticks: int
    tuplet: bool


class _Bar(NamedTuple):
    """What does not change while one bar is searched.

    `ticks[item]` are the lengths of the item's choices, `tuplets` says which groups are some, at `cost`.
    """

    items: Sequence[Item]
    ticks: Sequence[Sequence[int]]
    tuplets: tuple[bool, ...]
    staves: int
    length: int | None
    cost: float


def solve_bar(
    items: Sequence[Item], groups: Sequence[Group], staves: int, space: float, length: Fraction | None
) -> Solution:
    """Place the items of one bar; `length` is the metre's, None where it is not known."""
    if not items:
        return Solution((), length or Fraction(1), 0.0)
    items = _align_collisions(items, space)
    columns = find_columns(items, space)
    plain = [replace(item, choices=item.choices[:1]) for item in items]
    whole = None if length is None else _to_ticks(length)
    tried = [
        (_search(_bar(plain, groups, tuplets, staves, whole), columns, _NARROW_BEAM), tuplets)
        for tuplets in _assignments(items, groups)
    ]
    tried.sort(key=lambda pair: pair[0].cost)
    best = tried[0][0]
    if best.cost > DOUBTFUL and whole is not None:
        for _, tuplets in tried[:_SECOND_LOOKS]:
            changed = _search(_bar(items, groups, tuplets, staves, whole), columns, _WIDE_BEAM)
            best = min(best, changed, key=_cost)
    reached = max(end for voices in best.ends for end in voices)
    partial = len(set(_first_ends(best))) == 1 and whole is not None and reached < whole
    if length is None or partial:
        length = Fraction(reached, _TICKS)
    return Solution(_placements(best.chain), length, best.cost)


def _bar(
    items: Sequence[Item], groups: Sequence[Group], tuplets: tuple[bool, ...], staves: int, length: int | None
) -> _Bar:
    """The lengths of all choices in ticks, those of tuplets shortened, and what the tuplets cost."""
    ticks = []
    for item in items:
        group = groups[item.group] if item.group is not None and tuplets[item.group] else None
        plain = [_to_ticks(choice.duration) for choice in item.choices]
        ticks.append([t * group.normal // group.actual for t in plain] if group else plain)
    cost, habit = 0.0, 1.0
    for group, is_tuplet in sorted(zip(groups, tuplets, strict=True), key=lambda pair: pair[0].cost):
        cost += group.cost * habit if is_tuplet else group.plain_cost
        habit = _HABIT if is_tuplet else habit
    return _Bar(items, ticks, tuplets, staves, length, cost)


def _assignments(items: Sequence[Item], groups: Sequence[Group]) -> list[tuple[bool, ...]]:
    """Which groups may be tuplets together: those with a number, all of some staff, all, or any of a few."""
    printed = tuple(group.cost < group.plain_cost + _PRINTED for group in groups)
    staves = {item.group: item.staff for item in items if item.group is not None}
    found = [printed, (True,) * len(groups), (False,) * len(groups)]
    for staff in sorted(set(staves.values())):
        found.append(tuple(printed[g] or staves.get(g) == staff for g in range(len(groups))))
    if len(groups) <= _FEW_GROUPS:
        found += list(itertools.product((False, True), repeat=len(groups)))
    return list(dict.fromkeys(found))


def _to_ticks(duration: Fraction) -> int:
    return round(duration * _TICKS)


def _placements(chain: _Chain | None) -> tuple[Placement, ...]:
    placed: dict[int, Placement] = {}
    while chain:
        onset, duration = Fraction(chain.time, _TICKS), Fraction(chain.ticks, _TICKS)
        placed[chain.item] = Placement(onset, chain.voice, chain.choice, duration, chain.tuplet)
        chain = chain.before
    return tuple(placement for _, placement in sorted(placed.items()))


def find_columns(items: Sequence[Item], space: float) -> list[list[int]]:
    """Items by column, from left to right."""
    order = sorted(range(len(items)), key=lambda i: items[i].x)
    columns: list[list[int]] = []
    anchor = 0.0
    for i in order:
        if columns and (items[i].x - anchor) / space < _COLUMN:
            columns[-1].append(i)
        else:
            columns.append([i])
            anchor = items[i].x
    return columns


def _align_collisions(items: Sequence[Item], space: float) -> list[Item]:
    """Two voices that collide stand side by side: both get the x between them."""
    aligned = list(items)
    for i, a in enumerate(items):
        for j in range(i + 1, len(items)):
            b = items[j]
            if abs(a.x - b.x) < _ASIDE * space and _collide(a, b):
                aligned[i] = replace(a, x=(a.x + b.x) / 2)
                aligned[j] = replace(b, x=(a.x + b.x) / 2)
    return aligned


def _collide(a: Item, b: Item) -> bool:
    """Opposite stems of one staff with heads at most a step apart."""
    return (
        a.staff == b.staff
        and a.way is not b.way
        and a.way is not None
        and b.way is not None
        and any(abs(p - q) <= 1 for p in a.heights for q in b.heights)
    )


def _search(bar: _Bar, columns: Sequence[Sequence[int]], width: int) -> _State:
    """The cheapest way to read all columns; `width` states are kept after each."""
    by_staff = [_by_staff(column, bar.items) for column in columns]
    states = [_State(bar.cost, -1, ((_UNUSED,) * VOICES,) * bar.staves, None)]
    for column in by_staff:
        found: dict[tuple[object, ...], _State] = {}
        bound = float("inf")
        for state in states:
            if state.cost > bound:
                break
            for time in _times(state):
                for after in _place_column(state._replace(time=time), column, bar, bound):
                    key = after[1:3]
                    before = found.get(key)
                    if before is None or after.cost < before.cost:
                        found[key] = after
                        bound = min(bound, after.cost + _HOPELESS)
        states = sorted(found.values(), key=_cost)[:width]
    return min(
        (state._replace(cost=state.cost + _end_cost(state, bar.length)) for state in states), key=_cost
    )


def _cost(state: _State) -> float:
    return state.cost


def _by_staff(column: Sequence[int], items: Sequence[Item]) -> list[tuple[int, list[int]]]:
    rows: dict[int, list[int]] = {}
    for i in column:
        rows.setdefault(items[i].staff, []).append(i)
    return sorted(rows.items())


def _times(state: _State) -> list[int]:
    """When the next column may sound: when some voice ends, after the last column."""
    if state.time < 0:
        return [0]
    return sorted({end for voices in state.ends for end in voices if end > state.time})[:3]


def _place_column(
    state: _State, column: Sequence[tuple[int, list[int]]], bar: _Bar, bound: float
) -> list[_State]:
    partial = [state]
    for staff, members in column:
        grown = [after for before in partial for after in _place_staff(before, staff, members, bar, bound)]
        partial = sorted(grown, key=_cost)[:8]
    return partial


def _place_staff(
    state: _State, staff: int, members: Sequence[int], bar: _Bar, bound: float
) -> Iterator[_State]:
    """Every way to give the items of one staff in one column their voices and durations."""
    members, crowd = members[:VOICES], members[VOICES:]
    chain = state.chain
    for i in crowd:  # more than a staff can hold: they are kept, as one more voice's at this moment
        chain = _Chain(chain, i, state.time, VOICES, bar.items[i].choices[0], bar.ticks[i][0], False)
    state = state._replace(cost=state.cost + 2.0 * len(crowd), chain=chain)
    ends = state.ends[staff]
    begun = sum(end != _UNUSED for end in ends)
    usable = range(min(VOICES, begun + len(members)))
    for voices in itertools.permutations(usable, len(members)):
        base = state.cost + sum(
            _voice_cost(voice, ends[voice], state.time, bar.items[i].way, begun > 1 or len(members) > 1)
            for i, voice in zip(members, voices, strict=True)
        )
        if base <= bound:
            yield from _give_durations(state._replace(cost=base), staff, members, voices, bar, bound)


def _voice_cost(voice: int, end: int, time: int, way: StemWay | None, several: bool) -> float:
    """What it costs to go on in a voice that ended at `end` with an item at `time`."""
    cost = 0.0
    if end == _UNUSED:
        cost = _OPEN[voice] + (_LATE[voice] if time > 0 else 0.0)
    elif end < time:
        cost = _GAP[voice]
    elif end > time:
        cost = _OVERLAP
    if (several or voice > 0) and way is not None and voice < 2 and (way is StemWay.UP) != (voice == 0):
        cost += _WRONG_WAY
    return cost


def _give_durations(
    state: _State, staff: int, members: Sequence[int], voices: Sequence[int], bar: _Bar, bound: float
) -> Iterator[_State]:
    ends, time, length = state.ends, state.time, bar.length
    for chosen in _choose(members, bar.items):
        cost = state.cost + sum(bar.items[i].choices[c].cost for i, c in zip(members, chosen, strict=True))
        if cost > bound:
            continue
        after, chain = list(ends[staff]), state.chain
        for i, voice, choice in zip(members, voices, chosen, strict=True):
            group, ticks = bar.items[i].group, bar.ticks[i][choice]
            after[voice] = time + ticks
            if length is not None and time + ticks > length:
                cost += _LONG
            is_tuplet = group is not None and bar.tuplets[group]
            chain = _Chain(chain, i, time, voice, bar.items[i].choices[choice], ticks, is_tuplet)
        if cost <= bound:
            yield _State(cost, time, (*ends[:staff], tuple(after), *ends[staff + 1 :]), chain)


def _choose(members: Sequence[int], items: Sequence[Item]) -> Iterator[tuple[int, ...]]:
    """Durations as written, then with one item changed: two slips in one column of a staff are not looked for."""
    written = (0,) * len(members)
    yield written
    for place, i in enumerate(members):
        for choice in range(1, len(items[i].choices)):
            yield (*written[:place], choice, *written[place + 1 :])


def _first_ends(state: _State) -> list[int]:
    """When the first voice of each staff that has one ends."""
    return [voices[0] for voices in state.ends if voices[0] != _UNUSED]


def _end_cost(state: _State, length: int | None) -> float:
    firsts = set(_first_ends(state))
    if length is None:
        return 0.2 * max(0, len(firsts) - 1)
    cost = sum(
        _SHORT[voice]
        for voices in state.ends
        for voice, end in enumerate(voices)
        if end != _UNUSED and end < length
    )
    if len(firsts) == 1 and min(firsts) < length:
        return min(cost, PARTIAL)
    return cost
