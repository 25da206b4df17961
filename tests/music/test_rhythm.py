"""A bar is solved as a whole: every chord and rest gets its voice, its onset and its duration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.music.notation import StemWay
from leggio.music.rhythm import DOUBTFUL, Choice, Group, Item, Solution, find_columns, solve_bar

SPACE = 20.0
UP, DOWN = StemWay.UP, StemWay.DOWN
WHOLE = Fraction(1)


def choice(halvings: int, dots: int = 0, cost: float = 0.0) -> Choice:
    """1/2^halvings of a whole note, with dots."""
    return Choice(Fraction(1, 2**halvings) * (2 - Fraction(1, 2**dots)), cost, dots, halvings)


def item(
    x: float, halvings: int, dots: int = 0, *, staff: int = 0, way: StemWay | None = None, height: int = 4,
    group: int | None = None,
) -> Item:  # fmt: skip
    """A note that may have been seen with a dot too many or too few, or with a beam too many or too few."""
    choices = [
        choice(halvings, dots),
        choice(halvings, 1 - min(dots, 1), 1.1),
        choice(halvings + 1, dots, 1.4),
    ]
    if halvings:
        choices.append(choice(halvings - 1, dots, 1.4))
    return Item(staff, x * SPACE, tuple(choices), way, (height,) if way else (), group)


def row(*values: int, staff: int = 0, way: StemWay | None = None, start: float = 10) -> list[Item]:
    """One voice alone, three staff spaces from one note to the next."""
    return [item(start + 3 * place, value, staff=staff, way=way) for place, value in enumerate(values)]


def solve(
    items: Sequence[Item], length: Fraction | None = WHOLE, *, groups: Sequence[Group] = (), staves: int = 1
) -> Solution:
    return solve_bar(items, groups, staves, SPACE, length)


def onsets(solution: Solution) -> list[Fraction]:
    return [placement.onset for placement in solution.placements]


def durations(solution: Solution) -> list[Fraction]:
    return [placement.duration for placement in solution.placements]


def quarters(*counts: float) -> list[Fraction]:
    return [Fraction(count) / 4 for count in counts]


# --- one voice


def test_notes_of_a_voice_follow_one_another() -> None:
    solution = solve(row(2, 2, 1))
    assert onsets(solution) == quarters(0, 1, 2)
    assert durations(solution) == quarters(1, 1, 2)
    assert solution.length == WHOLE
    assert solution.cost == 0


def test_a_dot_lengthens_its_note_by_half_and_a_second_one_by_a_quarter() -> None:
    solution = solve([item(10, 2, 1), item(13, 3), item(16, 2, 2), item(19, 4)])
    assert durations(solution) == quarters(1.5, 0.5, 1.75, 0.25)
    assert solution.cost == 0


def test_an_empty_bar_lasts_as_long_as_its_metre() -> None:
    assert solve([], Fraction(3, 4)) == Solution((), Fraction(3, 4), 0.0)


def test_an_empty_bar_of_no_known_metre_lasts_a_whole_note() -> None:
    assert solve([], None).length == WHOLE


def test_without_a_metre_a_bar_lasts_as_long_as_its_notes() -> None:
    solution = solve(row(2, 2, 2), None)
    assert solution.length == Fraction(3, 4)
    assert solution.cost == 0


def test_the_order_of_the_items_does_not_matter() -> None:
    items = row(2, 3, 3, 1)
    solution = solve([items[2], items[0], items[3], items[1]])
    assert onsets(solution) == quarters(1.5, 0, 2, 1)


# --- several voices and staves


def test_two_voices_of_a_staff_sound_together() -> None:
    up = row(2, 2, 2, 2, way=UP)
    down = [item(10, 1, way=DOWN, height=-2), item(16, 1, way=DOWN, height=-2)]
    solution = solve([*up, *down])
    assert onsets(solution) == quarters(0, 1, 2, 3, 0, 2)
    assert [placement.voice for placement in solution.placements] == [0, 0, 0, 0, 1, 1]
    assert solution.cost < DOUBTFUL


def test_staves_are_read_against_one_another() -> None:
    right = [item(10 + 3 * place, 3) for place in range(8)]
    left = [item(10, 1, staff=1), item(22, 1, staff=1)]
    solution = solve([*right, *left], staves=2)
    assert onsets(solution)[8:] == quarters(0, 2)
    assert solution.cost == 0


def test_a_voice_may_begin_after_a_rest_of_its_own() -> None:
    up = row(2, 2, 2, 2, way=UP)
    down = [Item(0, 10 * SPACE, (choice(1),), None), item(16, 1, way=DOWN, height=-2)]
    solution = solve([*up, *down])
    assert onsets(solution)[4:] == quarters(0, 2)
    assert solution.cost < DOUBTFUL


def test_heads_of_two_voices_that_collide_stand_side_by_side_and_sound_together() -> None:
    up = item(10, 1, way=UP, height=4)
    down = item(11.3, 1, way=DOWN, height=3)
    solution = solve([up, down, *row(1, way=UP, start=16), item(16, 1, way=DOWN, height=-2)])
    assert onsets(solution) == quarters(0, 0, 2, 2)


def test_neighbours_of_one_run_whose_stems_turn_follow_one_another() -> None:
    down = [item(10 + 1.6 * place, 4, way=DOWN, height=7 - place) for place in range(4)]
    up = [item(16.4 + 1.6 * place, 4, way=UP, height=3 - place) for place in range(4)]
    solution = solve([*down, *up], Fraction(1, 2))
    assert onsets(solution) == [Fraction(place, 16) for place in range(8)]
    assert solution.cost < DOUBTFUL


def test_three_voices_of_a_staff_are_all_kept() -> None:
    items = [item(10, 0, way=None), item(10, 1, way=UP, height=8), item(10, 1, way=DOWN, height=0)]
    items += [item(20, 1, way=UP, height=8), item(20, 1, way=DOWN, height=0)]
    solution = solve(items)
    assert onsets(solution) == quarters(0, 0, 0, 2, 2)
    assert len({placement.voice for placement in solution.placements}) == 3


# --- bars that do not add up as written


def test_one_missing_dot_is_found_where_the_bar_needs_it() -> None:
    solution = solve(row(2, 3, 1))
    assert sum(durations(solution)) == WHOLE
    assert solution.cost > DOUBTFUL


def test_a_bar_that_adds_up_is_not_changed() -> None:
    items = row(2, 2, 2, 2)
    solution = solve(items)
    written = [placement.choice for placement in solution.placements]
    assert written == [item.choices[0] for item in items]


def test_a_bar_that_is_too_long_by_far_is_doubtful_and_still_solved() -> None:
    solution = solve(row(1, 1, 1, 1))
    assert len(solution.placements) == 4
    assert solution.cost > DOUBTFUL


def test_a_bar_whose_voices_all_end_early_is_as_long_as_they_are() -> None:
    solution = solve([Item(0, 10 * SPACE, (choice(2),), UP, (4,))])
    assert solution.length == Fraction(1, 4)


# --- tuplets


def test_dots_that_are_missing_on_two_staves_at_once_are_both_found() -> None:
    upper = [item(10, 2), item(16, 3), item(19, 1)]
    middle = [item(10, 2, staff=1), item(16, 3, staff=1), item(19, 1, staff=1)]
    lower = [item(10, 1, staff=2), item(19, 1, staff=2)]
    solution = solve([*upper, *middle, *lower], staves=3)
    assert durations(solution) == quarters(1.5, 0.5, 2, 1.5, 0.5, 2, 2, 2)


def test_more_ways_to_read_a_note_never_make_a_bar_dearer() -> None:
    tangled = [item(10, 2), item(13, 3), item(16, 3), item(19, 2), item(22, 4)]
    plain = [replace(each, choices=each.choices[:2]) for each in tangled]
    assert solve(tangled).cost <= solve(plain).cost


def triplet(cost: float, plain_cost: float = 0.0) -> Group:
    return Group(3, 2, cost, plain_cost)


def test_a_printed_triplet_is_one() -> None:
    items = [item(10 + 3 * place, 3, group=0) for place in range(3)] + row(2, 1, start=19)
    solution = solve(items, groups=[triplet(0.3, 0.1)])
    assert durations(solution)[:3] == [Fraction(1, 12)] * 3
    assert onsets(solution)[3:] == quarters(1, 2)
    assert [placement.tuplet for placement in solution.placements] == [True, True, True, False, False]
    assert solution.cost < DOUBTFUL


def test_an_unprinted_triplet_is_one_where_the_bar_does_not_add_up_otherwise() -> None:
    items = [item(10 + 3 * place, 3, group=0) for place in range(3)] + row(2, 1, start=19)
    assert durations(solve(items, groups=[triplet(1.2)]))[:3] == [Fraction(1, 12)] * 3


def test_three_notes_that_add_up_as_they_are_are_no_triplet() -> None:
    items = [item(10 + 3 * place, 3, group=0) for place in range(3)]
    solution = solve(items, Fraction(3, 8), groups=[triplet(1.2)])
    assert durations(solution) == [Fraction(1, 8)] * 3


def test_a_printed_number_that_would_break_the_bar_is_a_fingering() -> None:
    items = [item(10 + 3 * place, 3, group=0) for place in range(3)]
    solution = solve(items, Fraction(3, 8), groups=[triplet(0.3, 0.1)])
    assert durations(solution) == [Fraction(1, 8)] * 3


def test_triplets_sound_against_quavers_of_the_other_hand() -> None:
    triplets = [item(10 + 2 * place, 3, group=place // 3) for place in range(6)]
    left = [item(10, 3, staff=1), item(13, 3, staff=1), item(16, 3, staff=1), item(19, 3, staff=1)]
    solution = solve([*triplets, *left], Fraction(1, 2), groups=[triplet(0.3, 0.1)] * 2, staves=2)
    assert onsets(solution)[:6] == [Fraction(place, 12) for place in range(6)]
    assert onsets(solution)[6:] == [Fraction(place, 8) for place in range(4)]


# --- columns


def test_what_stands_in_one_column_is_one_column() -> None:
    items = [item(10, 2), item(10.4, 2, staff=1), item(13, 2), item(16, 2), item(16.3, 2)]
    assert find_columns(items, SPACE) == [[0, 1], [2], [3, 4]]


@given(st.lists(st.floats(0, 60), max_size=12))
def test_columns_hold_every_item_once_from_left_to_right(xs: list[float]) -> None:
    items = [item(x, 2) for x in xs]
    columns = find_columns(items, SPACE)
    assert sorted(place for column in columns for place in column) == list(range(len(items)))
    firsts = [items[column[0]].x for column in columns]
    assert firsts == sorted(firsts)


# --- what holds for every bar


@st.composite
def any_items(draw: st.DrawFn) -> list[Item]:
    """Anything that could stand in a bar of two staves, whether it adds up or not."""
    items = []
    for _ in range(draw(st.integers(1, 9))):
        x = draw(st.integers(0, 20)) * 1.5
        halvings, dots = draw(st.integers(0, 5)), draw(st.integers(0, 2))
        staff, way = draw(st.integers(0, 1)), draw(st.sampled_from([UP, DOWN, None]))
        items.append(item(x, halvings, dots, staff=staff, way=way, height=draw(st.integers(-4, 12))))
    return items


@given(items=any_items(), length=st.sampled_from([None, Fraction(3, 8), Fraction(3, 4), WHOLE]))
@settings(max_examples=60, deadline=None)
def test_every_item_is_placed_exactly_once(items: list[Item], length: Fraction | None) -> None:
    solution = solve(items, length, staves=2)
    assert len(solution.placements) == len(items)
    for placement, one in zip(solution.placements, items, strict=True):
        assert placement.choice in one.choices
        assert placement.onset >= 0
        assert placement.duration > 0


@given(items=any_items())
@settings(max_examples=60, deadline=None)
def test_nothing_sounds_before_what_stands_to_its_left(items: list[Item]) -> None:
    # Notes with stems in opposite directions may stand side by side where they collide: none do here.
    items = [Item(i.staff, i.x, i.choices, None, (), None) for i in items]
    placed = sorted(zip(items, onsets(solve(items, staves=2)), strict=True), key=lambda pair: pair[0].x)
    times = [onset for _, onset in placed]
    assert times == sorted(times)


@given(items=any_items(), length=st.sampled_from([None, WHOLE]))
@settings(max_examples=60, deadline=None)
def test_onsets_never_decrease_along_a_voice_of_a_staff(items: list[Item], length: Fraction | None) -> None:
    placements = solve(items, length, staves=2).placements
    voices: dict[tuple[int, int], list[tuple[float, Fraction]]] = {}
    for one, placement in zip(items, placements, strict=True):
        voices.setdefault((one.staff, placement.voice), []).append((one.x, placement.onset))
    for voice in voices.values():
        times = [onset for _, onset in sorted(voice)]
        assert times == sorted(times)


@dataclass(frozen=True)
class Written:
    """A bar with its truth: items and when they sound."""

    items: list[Item]
    onsets: list[Fraction]
    length: Fraction
    staves: int


def _fill(draw: st.DrawFn, length: Fraction) -> Iterator[tuple[int, int, Fraction]]:
    """Values that add up to `length`, as (halvings, dots, onset)."""
    time = Fraction(0)
    while time < length:
        fits = [
            (halvings, dots)
            for halvings in range(6)
            for dots in (0, 1)
            if halvings + dots < 6 and choice(halvings, dots).duration <= length - time
        ]
        halvings, dots = draw(st.sampled_from(fits))
        yield halvings, dots, time
        time += choice(halvings, dots).duration


@st.composite
def written_bars(draw: st.DrawFn, voices: Sequence[int]) -> Written:
    """A bar with `voices[staff]` voices on each staff, its columns spread as an engraver would."""
    length = draw(st.sampled_from([Fraction(3, 8), Fraction(1, 2), Fraction(3, 4), WHOLE]))
    notes = [
        (staff, voice, *value)
        for staff, count in enumerate(voices)
        for voice in range(count)
        for value in _fill(draw, length)
    ]
    times = sorted({time for *_, time in notes})
    items = []
    for staff, voice, halvings, dots, time in notes:
        x = 10 + 3 * times.index(time) + draw(st.sampled_from([0.0, 0.1, 0.3]))
        way = None if voices[staff] == 1 else (UP, DOWN)[voice]
        height = 4 if voices[staff] == 1 else (7, 0)[voice]
        items.append(item(x, halvings, dots, staff=staff, way=way, height=height))
    return Written(items, [time for *_, time in notes], length, len(voices))


@pytest.mark.parametrize("voices", [(1,), (2,), (1, 1), (1, 2), (1, 1, 1)])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_bar_that_adds_up_is_solved_as_it_is_written(voices: Sequence[int], data: st.DataObject) -> None:
    bar = data.draw(written_bars(voices))
    solution = solve(bar.items, bar.length, staves=bar.staves)
    assert onsets(solution) == bar.onsets
    assert solution.cost < DOUBTFUL
    assert solution.length == bar.length
    assert [placement.choice for placement in solution.placements] == [one.choices[0] for one in bar.items]


@pytest.mark.parametrize("voices", [(1,), (1, 1)])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_bar_that_adds_up_needs_no_metre(voices: Sequence[int], data: st.DataObject) -> None:
    bar = data.draw(written_bars(voices))
    solution = solve(bar.items, None, staves=bar.staves)
    assert onsets(solution) == bar.onsets
    assert solution.length == bar.length
