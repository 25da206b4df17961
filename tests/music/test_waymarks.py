"""Segno and coda stand over a system."""

from __future__ import annotations

from leggio.geometry import Box
from leggio.music.notation import Staff, Symbol, SymbolKind, System, TextRole
from leggio.music.waymarks import read_waymarks

SPACE = 20.0
K = SymbolKind


def system(number: int, top: float) -> System:
    staves = tuple(
        Staff(
            number * 2 + n, number, 0, (0.0, 1000.0), tuple((top + 200 * n + SPACE * k,) * 2 for k in range(5)), SPACE
        )
        for n in range(2)
    )  # fmt: skip
    return System(number, staves, Box(0, top, 1000, top + 280))


SYSTEMS = (system(0, 200), system(1, 800))


def sign(kind: SymbolKind, x: float, y: float, confidence: float = 0.8) -> Symbol:
    return Symbol(round(x), kind, Box(x, y, x + 40, y + 50), confidence)


def signs(*symbols: Symbol) -> list[tuple[str, int | None]]:
    marks = read_waymarks(SYSTEMS, symbols)
    assert all(mark.role is TextRole.SIGN and mark.above for mark in marks)
    return [(mark.text.text, mark.staff) for mark in marks]


def test_a_segno_belongs_to_the_system_under_it() -> None:
    assert signs(sign(K.SEGNO, 100, 720)) == [("segno", 2)]


def test_of_two_codas_the_first_is_where_to_leave() -> None:
    assert signs(sign(K.CODA, 900, 720), sign(K.CODA, 800, 120)) == [("to coda", 0), ("coda", 2)]


def test_one_coda_is_where_to_go() -> None:
    assert signs(sign(K.CODA, 800, 120)) == [("coda", 0)]


def test_what_looks_like_a_sign_inside_a_system_or_a_title_is_none() -> None:
    assert signs(sign(K.SEGNO, 100, 300), sign(K.SEGNO, 100, -60), sign(K.CODA, 300, 720, 0.3)) == []
