"""Pieces of one row become one line where whole lines show that they are of one column."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.news.layout import Line, Rule
from leggio.news.rows import join_rows

PITCH, HEIGHT = 26, 20
WHOLE, HALVES = (50.0, 450.0), ((50.0, 180.0), (340.0, 450.0))


def row(number: int, *edges: tuple[float, float]) -> list[Line]:
    top = 100 + PITCH * number
    return [Line(0, Box(x0, top, x1, top + HEIGHT)) for x0, x1 in edges]


def find_edges(lines: list[Line], rules: tuple[Rule, ...] = ()) -> list[tuple[float, float]]:
    rows = join_rows(lines, rules, HEIGHT)
    return [(line.box.x0, line.box.x1) for line in sorted(rows, key=lambda line: (line.box.y0, line.box.x0))]


def test_the_halves_of_a_row_below_a_whole_line_are_one() -> None:
    assert find_edges([*row(0, WHOLE), *row(1, *HALVES)]) == [WHOLE] * 2


def test_rows_far_from_a_whole_line_are_joined_through_those_between() -> None:
    lines = [*row(0, WHOLE), *(line for number in range(1, 7) for line in row(number, *HALVES))]
    assert find_edges(lines) == [WHOLE] * 7


def test_two_columns_below_a_wide_line_stay_apart() -> None:
    columns = [(50.0, 240.0), (260.0, 450.0)]
    lines = [*row(0, WHOLE), *(line for number in range(1, 9) for line in row(number, *columns))]
    assert find_edges(lines) == [WHOLE, *columns * 8]


def test_a_piece_is_never_joined_over_another_one() -> None:
    columns = [(50.0, 180.0), (190.0, 240.0), (260.0, 450.0)]
    assert find_edges([*row(0, WHOLE), *row(1, *columns)]) == [WHOLE, *columns]


def test_a_rule_keeps_pieces_apart() -> None:
    rule = Rule(Box(250, 90, 252, 190))
    assert find_edges([*row(0, WHOLE), *row(1, *HALVES)], (rule,)) == [WHOLE, *HALVES]


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 1300), st.integers(3, 400), st.integers(5, 60)),
        max_size=30,
    )
)
def test_every_line_is_inside_one_row(places: list[tuple[int, int, int, int]]) -> None:
    lines = [Line(0, Box(x, y, x + width, y + height)) for x, y, width, height in places]
    rows = join_rows(lines, (), HEIGHT)
    assert len(rows) <= len(lines)
    assert all(any(row.box.union(line.box) == row.box for row in rows) for line in lines)


def test_joined_pieces_keep_their_words_from_left_to_right() -> None:
    left, right = (
        Line(3, Box(0, 0, 40, 10), "Flour", confidence=0.9),
        Line(4, Box(60, 1, 80, 11), "154", confidence=0.4),
    )
    assert left.join(right) == Line(3, Box(0, 0, 80, 11), "Flour 154", confidence=0.4)
    assert Line(3, Box(0, 0, 40, 10)).join(Line(4, Box(60, 1, 80, 11))).text == ""
