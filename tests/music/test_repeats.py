"""Endings cover the bars of the score that they stand over."""

from __future__ import annotations

from dataclasses import replace

from tests.music.spelling import Spelling

from leggio.music.interpret import interpret
from leggio.music.notation import Ending, Notation, SymbolKind
from leggio.music.repeats import place_endings


def spelled() -> Notation:
    """Two systems of three bars each, for two parts."""
    spelling = Spelling(2, (0, 1))
    for staff in (0, 1):
        spelling.clef(SymbolKind.CLEF_G, 2, staff=staff)
    spelling.time(4, 4)
    for system in range(2):
        if system:
            spelling.system()
        for _ in range(3):
            spelling.bar("4:2 4:3 4:4 4:5", "1:2")
    return spelling.notation()


def covered(*endings: Ending) -> list[list[tuple[str | None, bool, bool]]]:
    """Of each bar of each part the ending over it, and whether it starts and stops there."""
    notation = replace(spelled(), endings=endings)
    score = place_endings(interpret(notation), notation)
    return [[(b.ending, b.ending_start, b.ending_stop) for b in part.bars] for part in score.parts]


def ending(first: int, last: int, numbers: str = "1", system: int = 0) -> Ending:
    """An ending from one bar of a system to another, counted from 0."""
    lines = [line.x for line in spelled().barlines if line.system == system]
    return Ending(system, lines[first - 1] if first else 0.0, lines[last], 0.0, numbers)


NONE = (None, False, False)


def test_an_ending_covers_the_bar_under_it_in_all_parts() -> None:
    row = [NONE, ("1", True, True), ("2", True, True), NONE, NONE, NONE]
    assert covered(ending(1, 1), ending(2, 2, "2")) == [row, row]


def test_an_ending_over_two_bars_starts_in_one_and_stops_in_the_other() -> None:
    row = [NONE, ("1", True, False), ("1", False, True), NONE, NONE, NONE]
    assert covered(ending(1, 2))[0] == row


def test_an_ending_goes_on_in_the_next_system() -> None:
    first = replace(ending(2, 2), is_closed=False)
    second = replace(ending(0, 1, system=1), is_opened=False)
    row = [NONE, NONE, ("1", True, False), ("1", False, False), ("1", False, True), NONE]
    assert covered(first, second)[0] == row


def test_an_ending_of_the_next_system_is_another_one() -> None:
    row = [NONE, NONE, ("1", True, True), ("2", True, True), NONE, NONE]
    assert covered(ending(2, 2), ending(0, 0, "2", system=1))[0] == row
