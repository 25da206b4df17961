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

VOICES = 3  # at most so many voices on one staff
_COLUMN = 0.85  # items closer than this stand in one column, staff spaces
_NARROW_BEAM, _WIDE_BEAM = 8, 16  # states kept while nothing is changed, and while durations may be
_HOPELESS = 3.5  # states so much dearer than the best one are not followed
_ADDS_UP = 0.9  # a bar cheaper than this is taken as written

# Costs, in units of one plain mistake of the net. Chosen on pages of the factory and looked at on real ones.
_GAP = (1.3, 0.7, 0.7)  # a voice pauses without a rest, first voice and others
_OPEN = (0.0, 0.6, 1.4)  # a further voice begins
_LATE = (1.0, 0.2, 0.2)  # a voice begins after the bar did
_OVERLAP = 3.0
_WRONG_WAY = 0.4  # a stem up in the lower voice, or down in the upper one
_SHORT = (2.2, 0.7, 0.7)  # a voice ends before the bar does
_LONG = 2.4  # a voice goes on after the bar's end
_PARTIAL = 1.6  # all voices end together, at another time than the bar's


@dataclass(frozen=True, slots=True)
class Choice:
    """A duration that an item may have: `cost` 0 for the one that is written."""

    duration: Fraction
    cost: float
    dots: int
    halvings: int  # 0 for a whole note, 2 for a quarter note


@dataclass(frozen=True, slots=True)
class Group:
    """Items that may be a tuplet together: `actual` in the time of `normal`, at `cost`; `plain_cost` if they are not."""

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
    """A way to read the columns so far. `ends` is (staff, voice) -> when it ends; `chain` links back the placements."""

    cost: float
    time: Fraction
    ends: tuple[tuple[Fraction | None, ...], ...]
    tuplets: tuple[bool | None, ...]
    chain: _Chain | None


class _Chain(NamedTuple):
    before: _Chain | None
    item: int
    placement: Placement


def solve_bar(
    items: Sequence[Item], groups: Sequence[Group], staves: int, space: float, length: Fraction | None
) -> Solution:
    """Place the items of one bar; `length` is the metre's, None where it is not known."""
    if not items:
        return Solution((), length or Fraction(1), 0.0)
    columns = find_columns(items, space)
    plain = [replace(item, choices=item.choices[:1]) for item in items]
    sure = [group for group in groups if group.cost > group.plain_cost]
    fixed = len(sure) == len(groups)
    best = _search(plain, groups, columns, staves, length, _NARROW_BEAM, allow_tuplets=not fixed)
    if best.cost > _ADDS_UP and length is not None:
        changed = _search(items, groups, columns, staves, length, _WIDE_BEAM, allow_tuplets=True)
        if changed.cost < best.cost:
            best = changed
    placed = _placements(best.chain)
    ends = [end for voices in best.ends for end in voices if end is not None]
    reached = max(ends)
    if length is None or (reached != length and len(set(_last_ends(best))) == 1 and reached < length):
        return Solution(placed, reached, best.cost)
    return Solution(placed, length, best.cost)


def _cost(state: _State) -> float:
    return state.cost


def _placements(chain: _Chain | None) -> tuple[Placement, ...]:
    placed: dict[int, Placement] = {}
    while chain:
        placed[chain.item] = chain.placement
        chain = chain.before
    return tuple(placement for _, placement in sorted(placed.items()))


def find_columns(items: Sequence[Item], space: float) -> list[list[int]]:
    """Items by column, from left to right.

    Two voices that collide stand side by side: opposite stems of one staff with heads at most a step apart.
    """
    order = sorted(range(len(items)), key=lambda i: items[i].x)
    columns: list[list[int]] = []
    anchor = 0.0
    for i in order:
        if columns:
            off = (items[i].x - anchor) / space
            if off < _COLUMN or (off < 1.7 and any(_collide(items[i], items[j]) for j in columns[-1])):
                columns[-1].append(i)
                continue
        columns.append([i])
        anchor = items[i].x
    return columns


def _collide(a: Item, b: Item) -> bool:
    return (
        a.staff == b.staff
        and a.way is not b.way
        and a.way is not None
        and b.way is not None
        and any(abs(p - q) <= 1 for p in a.heights for q in b.heights)
    )


def _search(
    items: Sequence[Item], groups: Sequence[Group], columns: Sequence[Sequence[int]], staves: int,
    length: Fraction | None, width: int, *, allow_tuplets: bool,
) -> _State:  # fmt: skip
    empty = tuple((None,) * VOICES for _ in range(staves))
    states = [_State(0.0, Fraction(-1), empty, (None,) * len(groups), None)]
    for column in columns:
        found: dict[tuple[object, ...], _State] = {}
        for state in states:
            if found and state.cost > min(s.cost for s in found.values()) + _HOPELESS:
                break
            for time in _times(state):
                for after in _place_column(state, time, column, items, groups, length, allow_tuplets):
                    key = (after.time, after.ends, after.tuplets)
                    if key not in found or after.cost < found[key].cost:
                        found[key] = after
        states = sorted(found.values(), key=_cost)[:width]
    return min((s._replace(cost=s.cost + _end_cost(s, length)) for s in states), key=_cost)


def _times(state: _State) -> list[Fraction]:
    """When the next column may sound: when some voice ends, after the last column."""
    if state.time < 0:
        return [Fraction(0)]
    ends = {end for voices in state.ends for end in voices if end is not None and end > state.time}
    return sorted(ends)[:3]


def _place_column(
    state: _State, time: Fraction, column: Sequence[int], items: Sequence[Item], groups: Sequence[Group],
    length: Fraction | None, allow_tuplets: bool,
) -> Iterator[_State]:  # fmt: skip
    staves = sorted({items[i].staff for i in column})
    partial = [state._replace(time=time)]
    for staff in staves:
        members = [i for i in column if items[i].staff == staff]
        grown: list[_State] = []
        for before in partial:
            grown += _place_staff(before, staff, members, items, groups, length, allow_tuplets)
        partial = sorted(grown, key=_cost)[:8]
    yield from partial


def _place_staff(
    state: _State, staff: int, members: Sequence[int], items: Sequence[Item], groups: Sequence[Group],
    length: Fraction | None, allow_tuplets: bool,
) -> Iterator[_State]:  # fmt: skip
    members, crowd = members[:VOICES], members[VOICES:]
    if crowd:  # more than a staff can hold: they are kept, as one more voice's at this moment
        chain = state.chain
        for i in crowd:
            first = items[i].choices[0]
            chain = _Chain(chain, i, Placement(state.time, VOICES, first, first.duration, False))
        state = state._replace(cost=state.cost + 2.0 * len(crowd), chain=chain)
    begun = sum(end is not None for end in state.ends[staff])
    usable = range(min(VOICES, max(begun + len(members), 1)))
    for voices in itertools.permutations(usable, len(members)):
        yield from _place_in(state, staff, members, voices, items, groups, length, allow_tuplets)


def _place_in(
    state: _State, staff: int, members: Sequence[int], voices: Sequence[int], items: Sequence[Item],
    groups: Sequence[Group], length: Fraction | None, allow_tuplets: bool,
) -> Iterator[_State]:  # fmt: skip
    ends, time = state.ends[staff], state.time
    several = sum(end is not None for end in ends) > 1 or len(members) > 1
    base = 0.0
    for i, voice in zip(members, voices, strict=True):
        end = ends[voice]
        if end is None:
            base += _OPEN[voice] + (_LATE[voice] if time > 0 else 0.0)
        elif end < time:
            base += _GAP[voice]
        elif end > time:
            base += _OVERLAP
        way = items[i].way
        if (several or voice > 0) and way is not None and voice < 2 and (way is StemWay.UP) != (voice == 0):
            base += _WRONG_WAY
    decisions = list(_decide(state.tuplets, [items[i].group for i in members], groups, allow_tuplets))
    for choices in _choices(members, items):
        extra = sum(choice.cost for choice in choices)
        for tuplets, tuplet_cost in decisions:
            cost, after, chain = state.cost + base + extra + tuplet_cost, list(ends), state.chain
            for i, voice, choice in zip(members, voices, choices, strict=True):
                group = items[i].group
                is_tuplet = group is not None and bool(tuplets[group])
                duration = choice.duration
                if group is not None and is_tuplet:
                    duration = duration * groups[group].normal / groups[group].actual
                end = time + duration
                after[voice] = end
                if length is not None and end > length:
                    cost += _LONG
                chain = _Chain(chain, i, Placement(time, voice, choice, duration, is_tuplet))
            all_ends = (*state.ends[:staff], tuple(after), *state.ends[staff + 1 :])
            yield _State(cost, time, all_ends, tuplets, chain)


def _choices(members: Sequence[int], items: Sequence[Item]) -> Iterator[tuple[Choice, ...]]:
    """The durations as written, then with one item changed: two slips in one column of a staff are not looked for."""
    written = tuple(items[i].choices[0] for i in members)
    yield written
    for place, i in enumerate(members):
        for choice in items[i].choices[1:]:
            yield (*written[:place], choice, *written[place + 1 :])


def _decide(
    tuplets: tuple[bool | None, ...], wanted: Sequence[int | None], groups: Sequence[Group], allow: bool
) -> Iterator[tuple[tuple[bool | None, ...], float]]:
    """Every way to decide the groups that come up here for the first time."""
    new = [g for g in dict.fromkeys(wanted) if g is not None and tuplets[g] is None]
    for answers in itertools.product((False, True) if allow else (False,), repeat=len(new)):
        decided, cost = list(tuplets), 0.0
        for group, answer in zip(new, answers, strict=True):
            decided[group] = answer
            cost += groups[group].cost if answer else groups[group].plain_cost
        yield tuple(decided), cost


def _last_ends(state: _State) -> list[Fraction]:
    """When the first voice of each staff that has one ends."""
    return [voices[0] for voices in state.ends if voices[0] is not None]


def _end_cost(state: _State, length: Fraction | None) -> float:
    if length is None:
        return 0.2 * max(0, len(set(_last_ends(state))) - 1)
    cost = 0.0
    for voices in state.ends:
        for voice, end in enumerate(voices):
            if end is not None and end < length:
                cost += _SHORT[voice]
    firsts = set(_last_ends(state))
    if len(firsts) == 1 and next(iter(firsts)) < length:
        cost = min(cost, _PARTIAL)
    return cost
