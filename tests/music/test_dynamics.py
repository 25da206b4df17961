"""Letters of dynamics make one mark, and it finds its staff."""

from __future__ import annotations

import pytest

from leggio.geometry import Box
from leggio.music.dynamics import read_dynamics
from leggio.music.notation import Staff, Symbol, SymbolKind, System, TextRole

SPACE = 20.0
LETTERS = {
    kind.value[-1].lower(): kind for kind in SymbolKind if kind.value in [f"dynamic{c}" for c in "PMFSZRN"]
}


def staff(number: int, top: float) -> Staff:
    lines = tuple((top + line * SPACE, top + line * SPACE) for line in range(5))
    return Staff(number, 0, 0, (0.0, 1000.0), lines, SPACE)


GRAND = (System(0, (staff(0, 100), staff(1, 400)), Box(0, 100, 1000, 480)),)


def spell(word: str, x: float, y: float, confidence: float = 0.9) -> list[Symbol]:
    return [
        Symbol(place, LETTERS[letter], Box(x + place * 22, y, x + place * 22 + 20, y + 30), confidence)
        for place, letter in enumerate(word)
    ]


@pytest.mark.parametrize("word", ["p", "ff", "mf", "sfz", "fp"])
def test_letters_side_by_side_are_one_mark(word: str) -> None:
    (mark,) = read_dynamics(GRAND, spell(word, 300, 230))
    assert (mark.text.text, mark.role, mark.staff, mark.above) == (word, TextRole.DYNAMIC, 0, False)
    assert mark.text.box == Box(300, 230, 300 + 22 * len(word) - 2, 260)


def test_two_marks_in_a_row_stay_two() -> None:
    marks = read_dynamics(GRAND, [*spell("p", 300, 230), *spell("f", 500, 230)])
    assert [mark.text.text for mark in marks] == ["p", "f"]


def test_below_the_lowest_staff_it_is_that_staffs() -> None:
    (mark,) = read_dynamics(GRAND, spell("pp", 300, 520))
    assert (mark.staff, mark.above) == (1, False)


def test_above_the_first_staff_it_is_above() -> None:
    (mark,) = read_dynamics(GRAND, spell("mp", 300, 50))
    assert (mark.staff, mark.above) == (0, True)


@pytest.mark.parametrize(
    "letters", [spell("zs", 300, 230), spell("f", 300, 230, confidence=0.2), spell("f", 300, 900)],
    ids=["no word", "unsure", "far from any staff"],
)  # fmt: skip
def test_other_letters_are_no_dynamics(letters: list[Symbol]) -> None:
    assert read_dynamics(GRAND, letters) == ()
