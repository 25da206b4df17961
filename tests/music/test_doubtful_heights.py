"""A head between a line and a space, or against its ledger lines, makes a bar doubtful."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.music.quarters import chord, ledger, melody, scene

from leggio.music.doubtful_heights import find_doubtful_heights
from leggio.music.trouble import Evidence, Scene, Sign

STRAIGHT = melody(0, 1, 2, 3, 4, 5, 6, 7)


def told(found: Scene, sign: Sign) -> list[Evidence]:
    return [evidence for evidence in find_doubtful_heights(found) if evidence.sign is sign]


def test_heads_on_lines_and_in_spaces_are_no_doubt() -> None:
    assert list(find_doubtful_heights(scene(STRAIGHT))) == []


def test_a_head_between_a_line_and_a_space_is_told() -> None:
    (evidence,) = told(scene([*STRAIGHT[:5], chord(5, 5, off=0.4), *STRAIGHT[6:]]), Sign.PLACE)
    assert (evidence.place, evidence.ink) == (1, (50,))


def test_on_a_bent_staff_all_heads_are_off_and_none_is_told() -> None:
    assert told(scene([chord(n, n, off=0.4) for n in range(8)]), Sign.PLACE) == []


@given(st.floats(0.15, 0.3), st.floats(0.31, 0.5))
def test_the_further_off_the_worse(little: float, much: float) -> None:
    amounts = [
        told(scene([*STRAIGHT[:5], chord(5, 5, off=off), *STRAIGHT[6:]]), Sign.PLACE)[0].amount
        for off in (little, much)
    ]
    assert 0 < amounts[0] < amounts[1]


def test_a_head_on_a_ledger_line_that_is_not_there_is_told() -> None:
    high = [*STRAIGHT[:2], chord(2, 10), *STRAIGHT[3:]]
    assert told(scene(high, [ledger(2, 10)]), Sign.LEDGER) == []
    (evidence,) = told(scene(high), Sign.LEDGER)
    assert (evidence.place, evidence.ink) == (0, (20,))


def test_a_ledger_line_through_a_head_in_a_space_is_told() -> None:
    low = [*STRAIGHT[:2], chord(2, -3), *STRAIGHT[3:]]
    assert told(scene(low, [ledger(2, -2)]), Sign.LEDGER) == []
    assert len(told(scene(low, [ledger(2, -3)]), Sign.LEDGER)) == 1
