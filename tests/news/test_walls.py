"""What stands between the blocks of a page."""

from __future__ import annotations

import numpy as np
from tests.news.printing import set_block, set_page

from leggio.geometry import Box
from leggio.news.layout import Layout
from leggio.news.sheet import measure_sheet
from leggio.news.walls import BAND_PAIRS, BANDS, WALL_PAIRS, WALLS, Walls, find_walls

# Two columns of two paragraphs; white goes through both at the same height, 20 px above the lower ones.
LEFT_ABOVE, LEFT_BELOW, RIGHT_ABOVE, RIGHT_BELOW = range(4)
PAGE = set_page(
    set_block(LEFT_ABOVE, (0, 0, 190, 280)),
    set_block(LEFT_BELOW, (0, 300, 190, 590)),
    set_block(RIGHT_ABOVE, (210, 0, 400, 280)),
    set_block(RIGHT_BELOW, (210, 300, 400, 590)),
)
# The same, but the right column has a paragraph where the left one has white.
CLOSED = set_page(
    *PAGE.blocks[:2],
    set_block(RIGHT_ABOVE, (210, 0, 400, 320)),
    set_block(RIGHT_BELOW, (210, 340, 400, 590)),
)
GUTTER = Box(199, 0, 201, 285)


def find(layout: Layout, *rules: Box) -> Walls:
    return find_walls(measure_sheet(layout.blocks, layout), rules)


def pair(walls: Walls, name: str, one: int, other: int) -> float:
    table = walls.band_pairs if name in BAND_PAIRS else walls.wall_pairs
    names = BAND_PAIRS if name in BAND_PAIRS else WALL_PAIRS
    return float(table[one, other, names.index(name)])


def own(walls: Walls, name: str, block: int) -> float:
    return float(walls.walls[block, WALLS.index(name)])


def test_a_band_that_goes_through_both_columns_is_longer_than_one_that_does_not() -> None:
    through, closed = find(PAGE), find(CLOSED)
    assert pair(through, "band between", LEFT_ABOVE, LEFT_BELOW) > 1.0
    assert 0 < pair(closed, "band between", LEFT_ABOVE, LEFT_BELOW) < 0.8
    assert through.bands[LEFT_BELOW, BANDS.index("band above to right")] > 0.5
    assert closed.bands[LEFT_BELOW, BANDS.index("band above to right")] < 0.2


def test_a_band_parts_what_is_above_from_what_is_below_in_all_its_columns() -> None:
    walls = find(PAGE)
    assert pair(walls, "band between", LEFT_BELOW, RIGHT_ABOVE) > 1.0
    assert pair(walls, "band between", LEFT_BELOW, RIGHT_BELOW) == 0


def test_blocks_at_one_height_begin_level() -> None:
    walls = find(PAGE)
    assert pair(walls, "tops level", LEFT_BELOW, RIGHT_BELOW) == 1
    assert pair(walls, "tops level", LEFT_ABOVE, RIGHT_BELOW) < 0.01


def test_a_rule_in_the_gutter_is_a_wall_between_the_blocks_beside_it() -> None:
    walls = find(PAGE, GUTTER)
    assert pair(walls, "wall between", LEFT_ABOVE, RIGHT_ABOVE) > 0
    assert pair(walls, "wall between", LEFT_BELOW, RIGHT_BELOW) == 0
    assert pair(walls, "same wall", LEFT_ABOVE, RIGHT_ABOVE) == 0.5
    assert own(walls, "wall right", LEFT_ABOVE) == own(walls, "wall left", RIGHT_ABOVE) == 1
    assert own(walls, "wall right", LEFT_BELOW) == own(walls, "wall left", LEFT_ABOVE) == 0
    assert abs(own(walls, "wall right begins", LEFT_ABOVE)) < 0.1


def test_paragraphs_beside_one_wall_share_it() -> None:
    walls = find(PAGE, Box(199, 0, 201, 590))
    assert pair(walls, "same wall", LEFT_ABOVE, LEFT_BELOW) == 1


def test_a_bar_over_both_columns_is_longer_than_one_of_one_column() -> None:
    short, long = find(PAGE, Box(0, 289, 190, 291)), find(PAGE, Box(0, 289, 400, 291))
    for walls in (short, long):
        assert pair(walls, "bar between", LEFT_ABOVE, LEFT_BELOW) > 0
    assert own(long, "bar above", LEFT_BELOW) > own(short, "bar above", LEFT_BELOW) > 0
    assert own(long, "bar below", LEFT_ABOVE) > own(short, "bar below", LEFT_ABOVE) > 0
    assert pair(short, "bar between", RIGHT_ABOVE, RIGHT_BELOW) == 0
    assert pair(long, "bar between", RIGHT_ABOVE, RIGHT_BELOW) > 0


def test_pairs_are_the_same_both_ways() -> None:
    walls = find(CLOSED, GUTTER, Box(0, 289, 190, 291))
    for table in (walls.band_pairs, walls.wall_pairs):
        assert np.array_equal(table, table.transpose(1, 0, 2))


def test_a_page_without_blocks_has_no_walls() -> None:
    walls = find(set_page(), GUTTER)
    assert walls.walls.shape == (0, len(WALLS))
    assert walls.band_pairs.shape == (0, 0, len(BAND_PAIRS))
