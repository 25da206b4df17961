"""Signs for the pedal are seen or read, and stars lift it."""

from __future__ import annotations

from tests.music.lettered import text_at

from leggio.geometry import Box
from leggio.music.notation import Staff, Symbol, SymbolKind, System, Text, TextRole
from leggio.music.pedals import read_pedals

SPACE = 20.0
K = SymbolKind


def staff(number: int, top: float, part: int = 0) -> Staff:
    lines = tuple((top + line * SPACE, top + line * SPACE) for line in range(5))
    return Staff(number, 0, part, (0.0, 1000.0), lines, SPACE)


PIANO = (System(0, (staff(0, 100), staff(1, 300)), Box(0, 100, 1000, 380)),)
ROW = 430.0  # the height of the signs


def down(x: float, confidence: float = 0.6, y: float = ROW) -> Symbol:
    return Symbol(round(x), K.PEDAL, Box(x, y - 20, x + 60, y + 20), confidence)


def up(x: float, confidence: float = 0.3, y: float = ROW) -> Symbol:
    return Symbol(round(x), K.PEDAL_UP, Box(x, y - 15, x + 30, y + 15), confidence)


def said(text: str, x: float, width: float = 70, confidence: float = 0.9) -> Text:
    return text_at(text, x / SPACE, (ROW + 15) / SPACE, width / SPACE, confidence)


def pedals(symbols: list[Symbol], *lines: Text) -> list[tuple[str, int]]:
    marks = read_pedals(PIANO, symbols, lines)
    assert all(m.role is TextRole.PEDAL and m.staff == 1 and not m.above for m in marks)
    return [(mark.text.text, round(mark.text.box.x0)) for mark in marks]


def test_a_sign_and_a_star_are_down_and_up() -> None:
    assert pedals([down(100), up(300)]) == [("start", 100), ("stop", 300)]


def test_a_sign_that_the_net_missed_is_read() -> None:
    assert pedals([up(300)], said("Red.", 100)) == [("start", 100), ("stop", 300)]


def test_a_sign_that_was_seen_and_read_is_one() -> None:
    assert pedals([down(100)], said("Ped.", 104)) == [("start", 100)]


def test_a_star_that_was_read_with_the_next_sign_is_a_star() -> None:
    marks = pedals([down(100)], said("Ped.", 400, width=130))
    assert [what for what, _ in marks] == ["start", "stop", "start"]
    assert marks[1][1] == 400


def test_a_star_may_be_read_as_a_letter_of_another_script() -> None:
    assert pedals([down(100)], said("米", 300, 30, 0.2)) == [("start", 100), ("stop", 300)]


def test_a_star_without_a_sign_is_none() -> None:
    assert pedals([up(300)]) == []
    assert pedals([down(500), up(300)]) == [("start", 500)]


def test_a_faint_sign_without_a_star_is_none() -> None:
    assert pedals([down(100, 0.3)]) == []
    assert pedals([down(100, 0.3), up(300)]) == [("start", 100), ("stop", 300)]


def test_the_full_stop_of_a_sign_is_no_star() -> None:
    assert pedals([down(100)], said("●", 165, 9, 0.7)) == [("start", 100)]


def test_a_star_in_the_sign_is_a_piece_of_it() -> None:
    assert pedals([down(100), down(400), up(410)]) == [("start", 100), ("start", 400)]


def test_between_the_staves_of_a_piano_there_is_no_pedal() -> None:
    assert pedals([down(100, 0.9, y=240)]) == []
