"""The order in which blocks are read."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.news.printing import set_block

from leggio.news.order import order_blocks


def read(*boxes: tuple[float, float, float, float]) -> list[int]:
    return [block.id for block in order_blocks([set_block(n, box) for n, box in enumerate(boxes)])]


def test_a_column_is_read_to_its_foot_before_the_next_one() -> None:
    assert read((210, 100, 400, 300), (0, 300, 190, 500), (0, 100, 190, 300)) == [2, 1, 0]


def test_a_heading_over_all_columns_comes_first() -> None:
    assert read((0, 100, 190, 300), (210, 100, 400, 300), (0, 20, 400, 80)) == [2, 0, 1]


def test_a_gap_by_chance_in_all_columns_parts_nothing() -> None:
    assert read((0, 0, 190, 100), (0, 110, 190, 300), (210, 0, 400, 100), (210, 110, 400, 300)) == [
        0,
        1,
        2,
        3,
    ]


def test_what_stands_below_a_heading_in_the_middle_is_read_after_what_stands_above_it() -> None:
    above = ((0, 0, 190, 100), (210, 0, 400, 100))
    below = ((0, 200, 190, 300), (210, 200, 400, 300))
    assert read(*above, (0, 120, 400, 180), *below) == [0, 1, 2, 3, 4]


def test_boxes_that_overlap_a_little_still_part_columns() -> None:
    assert read((0, 0, 205, 100), (0, 110, 205, 300), (195, 0, 400, 140), (195, 150, 400, 300)) == [
        0,
        1,
        2,
        3,
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 9)] * 2), max_size=12))
def test_every_block_is_read_once(places: list[tuple[int, int, int, int]]) -> None:
    order = read(*((x, y, x + w, y + h) for x, y, w, h in places))
    assert sorted(order) == list(range(len(places)))
