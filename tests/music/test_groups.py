"""Which notes a tuplet's number governs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from leggio.music.groups import find_groups
from leggio.music.notation import Chord, Head, Rest, Staff, StemWay, SymbolKind, TupletMark
from leggio.music.rhythm import Group
from leggio.music.spans import Mark

SPACE = 20.0
STAFF = Staff(0, 0, 0, (0.0, 2000.0), tuple((100 + SPACE * k,) * 2 for k in range(5)), SPACE)
UP, DOWN = StemWay.UP, StemWay.DOWN


def note(
    number: int, x: float, *, beams: int = 0, beam: int | None = None, way: StemWay = DOWN, half: bool = False
) -> Chord:
    kind = SymbolKind.HEAD_HALF if half else SymbolKind.HEAD_BLACK
    head = Head(100 + number, kind, 4, x * SPACE, 140.0, None, None, 0.95)
    return Chord(
        number, 0, x * SPACE, (head,), 200 + number, way, 0, beams, beams, beam, 0, False, (100 + number,), 0.95
    )  # fmt: skip


def rest(number: int, x: float) -> Rest:
    return Rest(number, 0, x * SPACE, 4.0, SymbolKind.REST_QUARTER, 0, 300 + number, 0.95)


def three(x: float, *, bracket: tuple[float, float] | None = None, number: int = 3) -> TupletMark:
    left, right = (None, None) if bracket is None else (bracket[0] * SPACE, bracket[1] * SPACE)
    return TupletMark(0, x * SPACE, 60.0, number, 0.9, left, right)


def grouped(row: Sequence[Mark], *numbers: TupletMark) -> tuple[list[set[int]], list[Group]]:
    groups: list[Group] = []
    places = find_groups(row, STAFF, numbers, groups)
    return [
        {mark for mark, place in places.items() if place == group} for group in range(len(groups))
    ], groups


def test_a_number_over_the_middle_of_three_quarters_makes_them_a_triplet() -> None:
    members, groups = grouped([note(n, 10 + 3 * n) for n in range(3)], three(13))
    assert members == [{0, 1, 2}]
    assert (groups[0].actual, groups[0].normal) == (3, 2)
    assert groups[0].cost < groups[0].plain_cost


def test_a_number_far_from_the_middle_of_unbeamed_notes_is_nobodys() -> None:
    assert grouped([note(n, 10 + 3 * n) for n in range(3)], three(16.5)) == ([], [])


def test_a_bracket_says_which_notes_are_in_a_tuplet() -> None:
    row = [note(n, 10 + 3 * n) for n in range(6)]
    assert grouped(row, three(22, bracket=(19, 25)))[0] == [{3, 4, 5}]


def test_a_half_and_a_quarter_make_a_triplet() -> None:
    assert grouped([note(0, 10, half=True), note(1, 16)], three(13))[0] == [{0, 1}]


def test_a_rest_counts_as_one_of_the_three() -> None:
    assert grouped([note(0, 10), rest(1, 13), note(2, 16)], three(13))[0] == [{0, 1, 2}]


def test_three_of_the_notes_on_one_beam_may_be_a_triplet() -> None:
    row = [note(0, 10, beams=1, beam=7), *(note(n, 10 + 3 * n, beams=2, beam=7) for n in (1, 2, 3))]
    assert grouped(row, three(16))[0] == [{1, 2, 3}]


def test_the_voice_with_stems_on_the_numbers_side_may_have_the_tuplet_alone() -> None:
    ups = [note(n, 10 + 4 * n, way=UP) for n in range(3)]
    downs = [note(3, 10, half=True), note(4, 16)]
    row = sorted([*ups, *downs], key=lambda mark: mark.x)
    assert grouped(row, three(14))[0] == [{0, 1, 2}]


@pytest.mark.parametrize(("count", "normal"), [(5, 4), (6, 4), (7, 4)])
def test_so_many_notes_as_the_number_says_are_its_group(count: int, normal: int) -> None:
    row = [note(n, 10 + 2 * n, beams=2, beam=1) for n in range(count)]
    members, groups = grouped(row, three(10 + count - 1, number=count))
    assert members == [set(range(count))]
    assert (groups[0].actual, groups[0].normal) == (count, normal)


def test_even_beamed_notes_by_threes_may_be_a_triplet_without_a_number_at_a_cost() -> None:
    members, groups = grouped([note(n, 10 + 2 * n, beams=1, beam=1) for n in range(3)])
    assert members == [{0, 1, 2}]
    assert groups[0].cost > groups[0].plain_cost


def test_two_numbers_never_share_a_note() -> None:
    row = [note(n, 10 + 3 * n) for n in range(6)]
    members, _ = grouped(row, three(13), three(22))
    assert members == [{0, 1, 2}, {3, 4, 5}]


def test_a_number_never_takes_parts_of_two_beams() -> None:
    row = [note(n, 10 + 2 * n, beams=1, beam=n // 4) for n in range(8)]
    assert grouped(row, three(16)) == ([], [])


def test_two_even_notes_under_a_three_are_no_triplet() -> None:
    assert grouped([note(n, 10 + 3 * n, beams=1, beam=1) for n in range(2)], three(11.5)) == ([], [])


def test_three_of_one_value_within_a_beam_may_be_a_triplet_without_a_number() -> None:
    row = [note(n, 10 + 2 * n, beams=2 if n < 3 else 1, beam=1) for n in range(5)]
    members, groups = grouped(row)
    assert members == [{0, 1, 2}]
    assert groups[0].cost > groups[0].plain_cost


def test_a_triplet_goes_on_without_its_number_under_the_same_beam() -> None:
    row = [note(n, 10 + 2 * n, beams=2, beam=1) for n in range(6)]
    members, groups = grouped(row, three(12))
    assert members == [{0, 1, 2}, {3, 4, 5}]
    assert groups[0].cost < groups[1].cost


def test_a_number_among_fingerings_makes_a_dearer_triplet() -> None:
    row = [note(n, 10 + 3 * n) for n in range(3)]
    number = replace(three(13), confidence=0.5)
    fingerings = [replace(three(100 + n, number=digit), confidence=0.5) for n, digit in enumerate((2, 4, 5))]
    (alone,), (among,) = grouped(row, number)[1], grouped(row, number, *fingerings)[1]
    assert among.cost > alone.cost


def test_a_number_in_an_odd_place_of_an_even_beam_does_not_split_it() -> None:
    row = [note(n, 10 + 2 * n, beams=2, beam=1) for n in range(6)]
    assert grouped(row, three(16))[0] == [set(range(6))]
