"""Notes under an octave line sound higher, or lower, than they are written."""

from __future__ import annotations

import numpy as np

from leggio.geometry import Box, Point
from leggio.music.maps import Maps
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.music.octaves import read_octaves

SPACE = 20.0


def staff(number: int, system: int, top: float) -> Staff:
    return Staff(number, system, 0, (100.0, 1900.0), tuple((top + SPACE * k,) * 2 for k in range(5)), SPACE)


def page() -> tuple[System, ...]:
    rows = ((staff(0, 0, 200), staff(1, 0, 500)), (staff(2, 1, 1000), staff(3, 1, 1300)))
    return tuple(System(n, row, row[0].box.union(row[1].box)) for n, row in enumerate(rows))


def figure(x: float, y: float, kind: SymbolKind = SymbolKind.OTTAVA) -> Symbol:
    return Symbol(1, kind, Box(x, y, x + 30, y + 40), 0.9)


def dash(x0: float, x1: float, y: float) -> Stroke:
    return Stroke(9, StrokeKind.BRACKET, Point(x0, y), Point(x1, y), 2.0, Box(x0, y - 1, x1, y + 15), 1.0)


def test_a_line_behind_an_8_above_a_staff_lifts_what_is_under_it_by_an_octave() -> None:
    (line,) = read_octaves(page(), [figure(400, 100)], [dash(434, 900, 105)])
    assert (line.staff, line.left, line.right, line.octaves) == (0, 400, 900, 1)


def test_an_8_below_the_lowest_staff_lowers_and_a_15_counts_twice() -> None:
    (line,) = read_octaves(page(), [figure(400, 640, SymbolKind.QUINDICESIMA)], [dash(434, 900, 660)])
    assert (line.staff, line.octaves) == (1, -2)


def test_dashes_are_followed_from_one_to_the_next() -> None:
    pieces = [dash(434 + 60 * n, 470 + 60 * n, 105) for n in range(8)]
    (line,) = read_octaves(page(), [figure(400, 100)], pieces)
    assert line.right == 470 + 60 * 7


def test_an_8_without_any_line_means_nothing() -> None:
    assert read_octaves(page(), [figure(400, 100)], [dash(1200, 1500, 105)]) == ()


def test_a_line_that_reaches_the_end_of_its_staff_goes_on_in_the_next_system() -> None:
    strokes = [dash(434, 1890, 105), dash(300, 700, 905)]
    lines = read_octaves(page(), [figure(400, 100)], strokes)
    assert [(line.staff, line.octaves) for line in lines] == [(0, 1), (2, 1)]
    assert (lines[1].left, lines[1].right) == (300, 700)


def test_thin_dashes_that_the_net_did_not_see_are_followed_on_the_page() -> None:
    dark = np.zeros((1600 // 2, 2000 // 2), np.uint8)  # a cell is two page pixels
    for x in range(436, 1100, 24):
        dark[52:54, x // 2 : x // 2 + 6] = 255
    dark[40:150, 300:302] = 255  # a stem in between
    nothing = np.zeros((0, 1, 1), np.uint8)
    maps = Maps(
        np.zeros((1, 1), np.float32),
        nothing,
        nothing,
        np.zeros((2, 1, 1), np.float32),
        dark,
        1.0,
        20.0,
        (),
        (),
    )
    (line,) = read_octaves(page(), [figure(400, 100)], [], maps)
    assert line.octaves == 1
    assert abs(line.right - 1100) < SPACE
    assert read_octaves(page(), [figure(400, 1150)], [], maps) == ()
