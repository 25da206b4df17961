"""When each chord and rest of a bar sounds, and in which voice. In: what stands in a bar. Out: onsets and durations.

A bar is solved as a whole, over all its staves: a search from left to right through its columns (what stands in one
column sounds together) keeps the cheapest ways to give every item a voice, an onset and, where the bar does not add
up as written, another duration. What is unlikely costs more; a bar that adds up as it is written costs nothing.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from leggio.music.notation import StemWay

_TICKS = 322560  # a whole note: every plain, dotted and tuplet value down to 1/128 is a whole number of these
_UNUSED = -1  # the end of a voice that has not begun
VOICES = 3  # at most so many voices on one staff
# Heads of two voices that collide are at most so far apart, in staff spaces; where two single notes cross, it may as
# well be one run, whose stems turn.
_ASIDE, _ASIDE_CROSSED = 1.7, 1.4
_COLUMN = 0.85  # items closer than this stand in one column, staff spaces
_MOST_AT_A_STEP = 200  # states that are followed from one item to the next
DOUBTFUL = 0.9  # a bar cheaper than this is taken as written

# Costs, in units of one plain mistake of the net. Chosen on pages of the factory and looked at on real ones.
_GAP = (1.3, 0.7, 0.7)  # a voice pauses without a rest, first voice and others
_OPEN = (0.0, 0.4, 0.5)  # a further voice begins
_LATE = (1.0, 0.2, 0.2)  # a voice begins after the bar did
_OVERLAP = 3.0
_CROWDED = 2.0  # more notes at one moment than a staff has voices
_WRONG_WAY = 0.4  # a stem up in the lower voice, or down in the upper one
_SHORT = (2.2, 0.7, 0.7)  # a voice ends before the bar does
_LONG = 2.4  # a voice goes on after the bar's end
_FEW_GROUPS = 3  # with so many groups at most, every combination is tried
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


# A way to read the items so far, as far as it matters later: which bar of those that are searched, the moment of the
# column, when each voice of each staff ends (in ticks, or _UNUSED), and the voices (bits) that have an item in this
# column of the staff. States are made by the ten thousand: plain tuples take a third of a record's time.
_State: TypeAlias = tuple[int, int, tuple[int, ...], int]


class _Step(NamedTuple):
    """One item: the first of its column, or of its staff there; `left` of the `members` there are still to come."""

    item: int
    staff: int
    opens_column: bool
    opens_staff: bool
    left: int
    members: int


class _Chain(NamedTuple):
    """One placement: the item, when it sounds, its voice, the place of its choice, and what came before."""

    before: _Chain | None
    item: int
    time: int
    voice: int
    choice: int
    bar: _Bar


# Cost, steps taken (negative), order; what came before the last placement, and its voice and the place of its choice.
_Entry: TypeAlias = tuple[float, int, int, _State, _Chain | None, int, int]
_Next: TypeAlias = tuple[float, _State, int, int]  # cost; voice and choice as above


class _Found(NamedTuple):
    """The end of a search: when each voice of each staff ends, and the placements."""

    cost: float
    ends: tuple[int, ...]
    chain: _Chain | None


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
    assigned = _assignments(items, groups)
    ticks = [[_to_ticks(choice.duration) for choice in item.choices] for item in items]
    best = _search([_bar(plain, ticks, groups, tuplets, staves, whole) for tuplets in assigned], columns)
    assert best is not None  # without a bound there is always a way
    if best.cost > DOUBTFUL and whole is not None:
        bars = [_bar(items, ticks, groups, tuplets, staves, whole) for tuplets in assigned]
        best = _search(bars, columns, best.cost) or best
    reached = max(best.ends)
    partial = len(set(_first_ends(best.ends))) == 1 and whole is not None and reached < whole
    if length is None or partial:
        length = Fraction(reached, _TICKS)
    return Solution(_placements(best.chain), length, best.cost)


def _bar(
    items: Sequence[Item], plain: Sequence[Sequence[int]], groups: Sequence[Group], tuplets: tuple[bool, ...],
    staves: int, length: int | None,
) -> _Bar:  # fmt: skip
    """The lengths of all choices in ticks, those of tuplets shortened, and what the tuplets cost.

    `plain` are the lengths outside of tuplets.
    """
    ticks = list(plain)
    for place, item in enumerate(items):
        if item.group is not None and tuplets[item.group]:
            group = groups[item.group]
            ticks[place] = [t * group.normal // group.actual for t in plain[place]]
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
        item = chain.bar.items[chain.item]
        onset = Fraction(chain.time, _TICKS)
        duration = Fraction(chain.bar.ticks[chain.item][chain.choice], _TICKS)
        is_tuplet = chain.voice < VOICES and item.group is not None and chain.bar.tuplets[item.group]
        placed[chain.item] = Placement(onset, chain.voice, item.choices[chain.choice], duration, is_tuplet)
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
            if abs(a.x - b.x) < _aside(a, b) * space and _collide(a, b):
                aligned[i] = replace(a, x=(a.x + b.x) / 2)
                aligned[j] = replace(b, x=(a.x + b.x) / 2)
    return aligned


def _aside(a: Item, b: Item) -> float:
    """How far apart two items that collide may stand, in staff spaces."""
    up, down = (a, b) if a.way is StemWay.UP else (b, a)
    is_run = len(up.heights) == len(down.heights) == 1 and up.heights < down.heights
    return _ASIDE_CROSSED if is_run else _ASIDE


def _collide(a: Item, b: Item) -> bool:
    """Opposite stems of one staff with heads at most a step apart."""
    return (
        a.staff == b.staff
        and a.way is not b.way
        and a.way is not None
        and b.way is not None
        and any(abs(p - q) <= 1 for p in a.heights for q in b.heights)
    )


def _search(bars: Sequence[_Bar], columns: Sequence[Sequence[int]], bound: float = math.inf) -> _Found | None:
    """The cheapest way to read all columns, over several ideas of what is a tuplet; None if none is below `bound`.

    States are taken up in the order of their cost, as Dijkstra did, and two that differ in nothing that matters later
    are one: what is finished first is the best there is. In a bar that contradicts itself much too many states cost
    the same; so at each step only the first `_MOST_AT_A_STEP` are followed.
    """
    steps = _steps(columns, bars[0].items)
    last, count = len(steps), itertools.count()
    queue: list[_Entry] = [
        (bar.cost, 0, next(count), (number, -1, (_UNUSED,) * (VOICES * bar.staves), 0), None, 0, 0)
        for number, bar in enumerate(bars)
    ]
    heapq.heapify(queue)
    cheapest: list[dict[_State, float]] = [{} for _ in range(last + 2)]  # what each state costs, step by step
    followed = [0] * (last + 2)
    while queue:
        cost, depth, _, state, chain, voice, option = heapq.heappop(queue)
        place = -depth
        if place > last:
            return _Found(cost, state[2], chain)
        if cost > cheapest[place].get(state, cost) or followed[place] == _MOST_AT_A_STEP:
            continue
        followed[place] += 1
        bar, known = bars[state[0]], cheapest[place + 1]
        if place:
            chain = _Chain(chain, steps[place - 1].item, state[1], voice, option, bar)
        if place == last:
            end = cost + _end_cost(state[2], bar.length)
            if end < bound:
                heapq.heappush(queue, (end, depth - 1, next(count), state, chain, 0, 0))
        elif followed[place + 1] < _MOST_AT_A_STEP:
            for after, reached, voice, option in _take_step(cost, state, steps[place], bar):
                if after < bound and after < known.get(reached, math.inf):
                    known[reached] = after
                    heapq.heappush(queue, (after, depth - 1, next(count), reached, chain, voice, option))
    return None


def _steps(columns: Sequence[Sequence[int]], items: Sequence[Item]) -> list[_Step]:
    """Item after item, column by column and staff by staff."""
    steps = []
    for column in columns:
        is_first = True
        for staff in sorted({items[i].staff for i in column}):
            members = [i for i in column if items[i].staff == staff]
            for place, i in enumerate(members):
                steps.append(_Step(i, staff, is_first, place == 0, len(members) - place, len(members)))
                is_first = False
    return steps


def _take_step(base: float, state: _State, step: _Step, bar: _Bar) -> list[_Next]:
    """Every way to give the next item its moment, voice and duration."""
    number, now, ends, taken = state
    item, ticks = bar.items[step.item], bar.ticks[step.item]
    longest = math.inf if bar.length is None else bar.length
    taken = 0 if step.opens_staff else taken
    nexts: list[_Next] = []
    for time in _times(now, ends) if step.opens_column else [now]:
        if step.members - step.left >= VOICES:  # more than a staff can hold: kept, as one more voice's
            nexts.append((base + _CROWDED, (number, time, ends, taken), VOICES, 0))
            continue
        first = step.staff * VOICES
        begun = VOICES - ends[first : first + VOICES].count(_UNUSED)
        several = begun > 1 or step.members > 1
        for voice in range(min(VOICES, begun + step.left)):
            if taken >> voice & 1:
                continue
            place = first + voice
            cost = base + _voice_cost(voice, ends[place], time, item.way, several)
            before, behind, with_this = ends[:place], ends[place + 1 :], taken | 1 << voice
            for option, choice in enumerate(item.choices):
                end = time + ticks[option]
                here = cost + choice.cost
                if end > longest:
                    here += _LONG
                nexts.append((here, (number, time, (*before, end, *behind), with_this), voice, option))
    return nexts


def _times(now: int, ends: Sequence[int]) -> list[int]:
    """When the next column may sound: when some voice ends, after the last column."""
    if now < 0:
        return [0]
    return sorted({end for end in ends if end > now})[:3]


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


def _first_ends(ends: Sequence[int]) -> list[int]:
    """When the first voice of each staff that has one ends."""
    return [end for end in ends[::VOICES] if end != _UNUSED]


def _end_cost(ends: Sequence[int], length: int | None) -> float:
    firsts = set(_first_ends(ends))
    if length is None:
        return 0.2 * max(0, len(firsts) - 1)
    cost = sum(_SHORT[place % VOICES] for place, end in enumerate(ends) if end != _UNUSED and end < length)
    if len(firsts) == 1 and min(firsts) < length:
        return min(cost, PARTIAL)
    return cost
