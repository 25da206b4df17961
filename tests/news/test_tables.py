"""Tables are told from text by their figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.news.blocks import build_layout
from leggio.news.layout import BlockKind, Layout, Line, Rule
from leggio.news.tables import find_tables

PITCH, HEIGHT = 26, 20
WORDS = (110, 150, 80, 130, 95)  # widths of the words of a table
FIGURES = (40, 55, 30, 55, 40)


def table(x: float, y: float, width: float) -> list[Line]:
    """Names on the left, figures that end at `x + width`."""
    lines = []
    for row, (words, figure) in enumerate(zip(WORDS, FIGURES, strict=True)):
        top = y + PITCH * row
        lines.append(Line(0, Box(x, top, x + words, top + HEIGHT)))
        lines.append(Line(0, Box(x + width - figure, top, x + width, top + HEIGHT - 4)))
    return lines


def column(x: float, y: float, width: float, count: int) -> list[Line]:
    return [Line(0, Box(x, y + PITCH * row, x + width, y + PITCH * row + HEIGHT)) for row in range(count)]


def build(lines: list[Line], rules: tuple[Rule, ...] = ()) -> Layout:
    return build_layout(1000, 1400, lines, rules)


def test_names_and_figures_are_one_table_over_its_whole_box() -> None:
    (block,) = build(table(50, 100, 400)).blocks
    assert block.kind is BlockKind.TABLE
    assert block.box == Box(50, 100, 450, 100 + 4 * PITCH + HEIGHT)
    assert len(block.lines) == len(WORDS)


def test_more_columns_of_figures_are_of_the_same_table() -> None:
    more = [
        Line(0, Box(line.box.x1 - 120, line.box.y0, line.box.x1 - 90, line.box.y1))
        for line in table(50, 100, 400)
    ]
    (block,) = build([*table(50, 100, 400), *more[1::2]]).blocks
    assert block.box.x0 == 50
    assert block.box.x1 == 450
    assert len(block.lines) == len(WORDS)


def test_a_table_between_paragraphs_leaves_them_alone() -> None:
    lines = [*column(50, 100, 400, 5), *table(50, 250, 400), *column(50, 400, 400, 5)]
    assert [block.kind for block in build(lines).blocks] == [BlockKind.TEXT, BlockKind.TABLE, BlockKind.TEXT]


def test_a_short_rule_inside_belongs_to_the_table() -> None:
    rule = Rule(Box(340, 95, 342, 230))
    (block,) = build(table(50, 100, 400), (rule,)).blocks
    assert block.kind is BlockKind.TABLE


def test_a_rule_between_columns_parts_names_from_figures_of_others() -> None:
    rule = Rule(Box(340, 0, 342, 1400))
    assert all(block.kind is not BlockKind.TABLE for block in build(table(50, 100, 400), (rule,)).blocks)


def test_two_columns_of_text_are_no_table() -> None:
    lines = [*column(50, 100, 400, 9), *column(475, 100, 100, 9)]
    tables, rest = find_tables(lines, (), HEIGHT)
    assert tables == ()
    assert len(rest) == len(lines)


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 1300), st.integers(3, 400), st.integers(5, 60)),
        max_size=30,
    )
)
def test_every_line_is_in_one_row_or_in_none(places: list[tuple[int, int, int, int]]) -> None:
    lines = [Line(0, Box(x, y, x + width, y + height)) for x, y, width, height in places]
    tables, rest = find_tables(lines, (), HEIGHT)
    rows = [row.box for table in tables for row in table]
    for line in lines:
        assert line in rest or any(row.union(line.box) == row for row in rows)
    assert len(rest) + len(rows) <= len(lines)
