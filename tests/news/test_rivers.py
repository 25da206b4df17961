"""Rivers between words are closed, lanes between columns are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leggio.news.rivers import Boundary, close_rivers

LETTER, PITCH, HIGH = 8.0, 18, 16
LEFT, RIGHT = 100, 500  # a column


def set_line(row: int, *parts: tuple[int, int]) -> list[Boundary]:
    """The pieces of a line, each from one x to another."""
    return [(start, row * PITCH, end, row * PITCH + HIGH) for start, end in parts]


def set_paragraph(rows: int, broken: range, white: tuple[int, int] = (300, 308)) -> list[Boundary]:
    """Whole lines, but for some through which a river runs."""
    return [
        piece
        for row in range(rows)
        for piece in set_line(
            row, *([(LEFT, white[0]), (white[1], RIGHT)] if row in broken else [(LEFT, RIGHT)])
        )
    ]


def set_columns(rows: range, gutter: tuple[int, int] = (300, 308)) -> list[Boundary]:
    return [piece for row in rows for piece in set_line(row, (LEFT, gutter[0]), (gutter[1], RIGHT))]


def test_a_river_inside_a_paragraph_is_closed() -> None:
    assert close_rivers(set_paragraph(14, range(4, 9)), LETTER, ()) == set_paragraph(14, range(0))


def test_words_that_are_worn_off_leave_their_line_whole() -> None:
    worn = set_paragraph(14, range(6, 8), (240, 360))
    assert close_rivers(worn, LETTER, ()) == set_paragraph(14, range(0))


def test_a_gutter_between_columns_stays() -> None:
    columns = set_columns(range(20))
    assert close_rivers(columns, LETTER, ()) == columns


def test_a_line_joined_over_a_gutter_does_not_join_the_others() -> None:
    page = [*set_columns(range(10)), *set_line(10, (LEFT, RIGHT)), *set_columns(range(11, 20))]
    assert close_rivers(page, LETTER, ()) == page


def test_columns_below_wide_lines_stay_when_a_rule_parts_them() -> None:
    wide = [piece for row in range(12) for piece in set_line(row, (LEFT, RIGHT))]
    rule = (LEFT, 12 * PITCH + 8, RIGHT, 12 * PITCH + 10)
    page = [*wide, *set_columns(range(13, 18))]
    assert close_rivers(page, LETTER, [rule]) == page


def test_columns_below_a_headline_stay() -> None:
    wide = [piece for row in range(12) for piece in set_line(row, (LEFT, RIGHT))]
    headline = (LEFT, 12 * PITCH, RIGHT, 12 * PITCH + 32)
    page = [*wide, headline, *set_columns(range(14, 19))]
    assert close_rivers(page, LETTER, ()) == page


def test_no_line_goes_over_an_upright_rule() -> None:
    page = set_paragraph(14, range(4, 9))
    rule = (303, 4 * PITCH, 305, 9 * PITCH)
    assert close_rivers(page, LETTER, [rule]) == page


def test_the_words_of_a_headline_are_not_lines_of_a_paragraph() -> None:
    words = [(LEFT, 0, 290, 40), (310, 0, RIGHT, 40)]
    page = [*words, *((LEFT, y, RIGHT, y + HIGH) for y in range(50, 200, PITCH))]
    assert close_rivers(page, LETTER, ()) == page


def test_no_pieces_are_no_lines() -> None:
    assert close_rivers([], LETTER, [(0, 0, 2, 400)]) == []


BOXES = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 400), st.integers(4, 200), st.integers(4, 40)), max_size=40
)


@given(BOXES)
def test_lines_hold_all_pieces_and_nothing_beyond_them(sizes: list[tuple[int, int, int, int]]) -> None:
    pieces = [(x, y, x + width, y + height) for x, y, width, height in sizes]
    lines = close_rivers(pieces, LETTER, ())
    assert len(lines) <= len(pieces)
    for piece in pieces:
        assert any(
            line[0] <= piece[0] and line[1] <= piece[1] and line[2] >= piece[2] and line[3] >= piece[3]
            for line in lines
        )
    for line in lines:
        assert line[0] in {piece[0] for piece in pieces}
        assert line[3] in {piece[3] for piece in pieces}
