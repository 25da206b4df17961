"""A tie that may be none, and a curve that may be a tie, make a bar doubtful."""

from __future__ import annotations

import math

import pytest
from tests.music.quarters import chord, curve, melody, scene

from leggio.music.doubtful_ties import find_doubtful_ties
from leggio.music.trouble import Scene, Sign

EQUAL = melody(3, 3, 5, 4, 2, 2, 2, 6)
CHORDS = [chord(0, 1, 3, 5), chord(1, 1, 3, 5), *melody(0, 0, 5, 4, 2, 3, 4, 6)[2:]]


def reasons(found: Scene) -> list[tuple[int, str]]:
    return [(evidence.place, evidence.reason) for evidence in find_doubtful_ties(found)]


def test_a_tie_to_the_next_equal_note_is_no_doubt() -> None:
    assert reasons(scene(EQUAL, [curve(0, 1, 3)], [(0, 10)])) == []


def test_a_curve_between_equal_notes_that_are_not_tied_is_told() -> None:
    assert reasons(scene(EQUAL, [curve(0, 1, 3)])) == [(0, "a curve between equal notes")]


def test_a_curve_far_above_equal_notes_or_over_more_of_them_is_a_slur() -> None:
    assert reasons(scene(EQUAL, [curve(0, 1, 12)])) == []
    assert reasons(scene(EQUAL, [curve(4, 6, 2)])) == []


def test_a_tie_that_passes_over_a_note_does_not_lead_to_its_note() -> None:
    assert reasons(scene(EQUAL, ties=[(40, 60)])) == [(1, "a tie that does not lead to its note")]


def test_a_tie_at_a_grace_note_is_told() -> None:
    assert reasons(scene(EQUAL, ties=[(0, 10)], graces=[0])) == [(0, "a tie at a grace note")]


def test_a_chord_of_which_a_note_is_not_tied_is_told() -> None:
    whole = [(0, 10), (1, 11), (2, 12)]
    assert reasons(scene(CHORDS, ties=whole)) == []
    assert reasons(scene(CHORDS, ties=whole[:2])) == [(0, "a chord of which some notes are tied")]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_further_tie_tells_less(number: int) -> None:
    found = scene(melody(3, 3, 3, 3, 2, 4, 5, 6), [curve(k, k + 1, 3) for k in range(number)])
    amounts = [evidence.amount for evidence in find_doubtful_ties(found)]
    assert all(evidence.sign is Sign.TIE for evidence in find_doubtful_ties(found))
    assert sum(amounts) == pytest.approx(math.log1p(number))
    assert amounts == sorted(amounts, reverse=True)
