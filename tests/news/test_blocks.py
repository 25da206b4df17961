"""Lines become blocks that never run over two articles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.news.blocks import build_layout, part_blocks
from leggio.news.layout import Block, BlockKind, Layout, Line, Rule

PITCH, HEIGHT = 26, 20


def column(x: float, y: float, width: float, count: int) -> list[Line]:
    return [Line(0, Box(x, y + PITCH * row, x + width, y + PITCH * row + HEIGHT)) for row in range(count)]


def build(lines: list[Line], rules: tuple[Rule, ...] = (), pictures: tuple[Box, ...] = ()) -> Layout:
    return build_layout(1000, 1400, lines, rules, pictures)


def tops(layout: Layout) -> list[float]:
    return [block.lines[0].box.y0 for block in layout.blocks if block.lines]


def test_lines_below_each_other_are_one_block() -> None:
    (block,) = build(column(50, 100, 400, 12)).blocks
    assert block.kind is BlockKind.TEXT
    assert len(block.lines) == 12
    assert block.box == Box(50, 100, 450, 100 + 11 * PITCH + HEIGHT)


def test_columns_are_parted_though_their_lines_are_level() -> None:
    left, right = build([*column(50, 100, 400, 9), *column(470, 100, 400, 9)]).blocks
    assert left.box.x1 < right.box.x0


def test_a_dash_between_two_lines_parts_them() -> None:
    dash = Rule(Box(220, 100 + 4 * PITCH - 4, 280, 100 + 4 * PITCH - 2))
    assert tops(build(column(50, 100, 400, 9), (dash,))) == [100, 100 + 4 * PITCH]


def test_a_dash_in_a_line_of_text_parts_nothing() -> None:
    dash = Rule(Box(220, 100 + 4 * PITCH + 9, 280, 100 + 4 * PITCH + 11))
    layout = build(column(50, 100, 400, 9), (dash,))
    assert len(layout.blocks) == 1
    assert layout.rules == ()


def test_a_gap_parts() -> None:
    lines = [*column(50, 100, 400, 5), *column(50, 100 + 5 * PITCH + 14, 400, 5)]
    assert tops(build(lines)) == [100, 100 + 5 * PITCH + 14]


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = column(50, 100, 400, 8)
    box = lines[4].box
    lines[4] = Line(0, Box(box.x0 + 30, box.y0, box.x1, box.y1))
    assert tops(build(lines)) == [100, box.y0]


def test_a_short_line_ends_a_paragraph() -> None:
    lines = column(50, 100, 400, 8)
    box = lines[3].box
    lines[3] = Line(0, Box(box.x0, box.y0, box.x0 + 150, box.y1))
    assert tops(build(lines)) == [100, lines[4].box.y0]


def test_large_print_is_a_heading() -> None:
    lines = [Line(0, Box(60, 60, 440, 96)), *column(50, 110, 400, 8)]
    heading, text = build(lines).blocks
    assert heading.kind is BlockKind.HEADING
    assert text.kind is BlockKind.TEXT


def test_two_lines_of_large_print_are_one_heading() -> None:
    lines = [Line(0, Box(60, 60, 440, 96)), Line(0, Box(90, 106, 410, 142)), *column(50, 160, 400, 8)]
    assert [len(block.lines) for block in build(lines).blocks] == [2, 8]


def test_a_centred_line_between_full_ones_is_a_heading() -> None:
    lines = column(50, 100, 400, 11)
    box = lines[5].box
    lines[5] = Line(0, Box(180, box.y0, 320, box.y1))
    kinds = [block.kind for block in build(lines).blocks]
    assert kinds == [BlockKind.TEXT, BlockKind.HEADING, BlockKind.TEXT]


def test_a_thick_rule_that_was_taken_for_a_line_is_no_block() -> None:
    rule = Rule(Box(40, 60, 460, 78))
    layout = build([Line(0, Box(42, 61, 458, 77)), *column(50, 100, 400, 9)], (rule,))
    assert [len(block.lines) for block in layout.blocks] == [9]
    assert layout.rules == (rule,)


def test_verse_is_one_block() -> None:
    ends = (300, 410, 260, 380, 330, 290)
    lines = [
        Line(0, Box(80, 100 + PITCH * row, end, 100 + PITCH * row + HEIGHT)) for row, end in enumerate(ends)
    ]
    (block,) = build(lines).blocks
    assert len(block.lines) == len(ends)


def test_a_centred_address_is_one_block() -> None:
    halves = (60, 180, 20, 130, 90)
    lines = [
        Line(0, Box(250 - half, 100 + PITCH * row, 250 + half, 100 + PITCH * row + HEIGHT))
        for row, half in enumerate(halves)
    ]
    (block,) = build(lines).blocks
    assert len(block.lines) == len(halves)


def test_paragraphs_of_two_lines_stay_apart() -> None:
    lines = column(50, 100, 400, 8)
    for row in (1, 3, 5, 7):
        box = lines[row].box
        lines[row] = Line(0, Box(box.x0, box.y0, box.x0 + 150, box.y1))
    assert [len(block.lines) for block in build(lines).blocks] == [2, 2, 2, 2]


def test_a_heading_over_two_columns_belongs_to_neither() -> None:
    wide = Line(0, Box(60, 74, 860, 94))
    layout = build([wide, *column(50, 100, 400, 9), *column(470, 100, 400, 9)])
    assert sorted(len(block.lines) for block in layout.blocks) == [1, 9, 9]


def test_what_stands_below_a_picture_is_its_caption() -> None:
    picture = Box(60, 100, 440, 400)
    layout = build([Line(0, Box(150, 410, 350, 430)), *column(50, 480, 400, 8)], (), (picture,))
    assert [block.kind for block in layout.blocks] == [BlockKind.PICTURE, BlockKind.CAPTION, BlockKind.TEXT]


def test_a_number_beside_a_heading_is_of_its_line() -> None:
    row = 100 + 5 * PITCH
    lines = [
        *column(50, 100, 400, 5),
        Line(0, Box(50, row, 66, row + HEIGHT)),
        Line(0, Box(180, row, 330, row + HEIGHT)),
    ]
    lines += column(50, row + PITCH, 400, 5)
    found = [line.box for block in build(lines).blocks for line in block.lines]
    assert Box(50, row, 330, row + HEIGHT) in found


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 1300), st.integers(3, 400), st.integers(5, 60)),
        max_size=30,
    )
)
def test_every_line_is_in_just_one_block_inside_its_box(places: list[tuple[int, int, int, int]]) -> None:
    lines = [Line(0, Box(x, y, x + width, y + height)) for x, y, width, height in places]
    layout = build(lines)
    inside = [line for block in layout.blocks for line in block.lines]
    assert [line.id for line in inside] == list(range(len(inside)))
    assert [block.id for block in layout.blocks] == list(range(len(layout.blocks)))
    area = sum(line.box.area for line in lines)
    assert sum(line.box.area for line in inside) >= area  # pieces of one row are joined, none is lost
    for block in layout.blocks:
        assert all(block.box.union(line.box) == block.box for line in block.lines)


def test_a_library_s_block_over_two_articles_is_cut_at_the_rule_between() -> None:
    lines = tuple(column(50, 100, 400, 9))
    library = Layout(1000, 1400, (Block(0, BlockKind.TEXT, Box(50, 100, 450, 400), lines),))
    rule = Rule(Box(50, 100 + 4 * PITCH - 4, 450, 100 + 4 * PITCH - 2))
    assert [len(block.lines) for block in part_blocks(library, (rule,)).blocks] == [4, 5]


def test_a_library_s_headings_and_captions_stay() -> None:
    heading = Block(0, BlockKind.HEADING, Box(50, 50, 450, 90), (Line(0, Box(50, 50, 450, 70)),))
    library = Layout(
        1000,
        1400,
        (heading, Block(1, BlockKind.TEXT, Box(50, 100, 450, 400), tuple(column(50, 100, 400, 9)))),
    )
    assert [block.kind for block in part_blocks(library).blocks] == [BlockKind.HEADING, BlockKind.TEXT]
