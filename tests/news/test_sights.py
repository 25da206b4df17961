"""Blocks are told apart by what a net saw of them and between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.print_maps import PRINT, PrintMaps
from leggio.news.sights import SEEN, SEEN_PAIRS, Sights, look_at

SCALE = 0.5
SHAPE = (100, 80)  # cells of a page of 160 x 200 pixels
UPPER, LOWER, BESIDE = Box(10, 10, 70, 80), Box(10, 100, 70, 180), Box(90, 10, 150, 180)
BOXES = (UPPER, LOWER, BESIDE)


def see(**boxes: Box) -> PrintMaps:
    """Maps that are sure of one box each, in pixels of the page."""
    maps = np.zeros((len(PRINT), *SHAPE), np.uint8)
    for name, box in boxes.items():
        rows, columns = slice(int(box.y0 / 2), int(box.y1 / 2)), slice(int(box.x0 / 2), int(box.x1 / 2))
        maps[PRINT.index(name), rows, columns] = 255
    return PrintMaps(PRINT, maps, SCALE)


def of_block(sights: Sights, name: str) -> NDArray[np.float64]:
    return sights.blocks[:, SEEN.index(name)]


def of_pair(sights: Sights, name: str) -> NDArray[np.float64]:
    return sights.pairs[:, :, SEEN_PAIRS.index(name)]


def test_without_a_net_nothing_is_seen() -> None:
    sights = look_at(BOXES, None)
    assert sights.blocks.shape == (3, len(SEEN))
    assert sights.pairs.shape == (3, 3, len(SEEN_PAIRS))
    assert not sights.blocks.any()
    assert not sights.pairs.any()


def test_a_page_without_blocks_has_no_sights() -> None:
    sights = look_at((), see())
    assert sights.blocks.shape == (0, len(SEEN))
    assert sights.pairs.shape == (0, 0, len(SEEN_PAIRS))


def test_a_net_that_looked_says_so_even_where_it_saw_nothing() -> None:
    sights = look_at(BOXES, see())
    assert of_block(sights, "seen").tolist() == [1, 1, 1]
    assert of_block(sights, "seen").sum() == sights.blocks.sum()


def test_headings_and_pictures_are_the_share_of_a_block_that_looks_so() -> None:
    sights = look_at(BOXES, see(heading=UPPER, picture=Box(90, 10, 150, 95)))
    assert of_block(sights, "seen heading").tolist() == [1, 0, 0]
    assert of_block(sights, "seen picture") == pytest.approx([0, 0, 0.5], abs=0.02)


def test_a_border_between_two_blocks_is_below_one_and_above_the_other() -> None:
    sights = look_at(BOXES, see(border=Box(0, 88, 80, 92)))
    assert of_block(sights, "border below").tolist() == [1, 0, 0]
    assert of_block(sights, "border above").tolist() == sights.above.tolist() == [0, 1, 0]
    assert max(of_block(sights, "border left").max(), of_block(sights, "border right").max()) < 0.05
    way = of_pair(sights, "border on the way")
    assert way[0, 1] == way[1, 0] == 1
    assert way[0, 2] == way[1, 2] == 0


def test_a_border_beside_a_block_is_on_its_right_and_on_the_left_of_the_next() -> None:
    sights = look_at(BOXES, see(border=Box(78, 0, 82, 90)))
    assert of_block(sights, "border right").tolist() == [1, 0, 0]
    assert of_block(sights, "border left") == pytest.approx([0, 0, 80 / 170], abs=0.02)
    assert of_pair(sights, "border on the way")[0, 2] == 1
    assert of_pair(sights, "border on the way")[1, 2] == 0


def test_blocks_face_each_other_where_a_straight_way_leads() -> None:
    corner = Box(100, 190, 150, 198)
    faces = of_pair(look_at((UPPER, LOWER, corner), see()), "faces")
    assert faces[0, 1] == faces[1, 0] == 1
    assert faces[0, 2] == faces[1, 2] == faces[2, 1] == 0
    assert not np.diag(faces).any()


def test_a_border_far_away_is_none_of_a_block() -> None:
    sights = look_at((UPPER,), see(border=Box(0, 120, 160, 126)))
    assert of_block(sights, "seen").sum() == sights.blocks.sum()


def test_neither_resolution_nor_size_matters() -> None:
    seen = see(border=Box(0, 88, 80, 92), heading=UPPER)
    large = PrintMaps(seen.names, seen.maps, SCALE / 3)
    one, other = look_at(BOXES, seen), look_at([box.scale(3) for box in BOXES], large)
    assert np.allclose(one.blocks, other.blocks)
    assert np.allclose(one.pairs, other.pairs)


SIDE = st.floats(0, 90)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(-60, 260), st.floats(-60, 260), SIDE, SIDE), min_size=1, max_size=6))
def test_any_boxes_have_sights_between_nothing_and_all(places: list[tuple[float, ...]]) -> None:
    maps = np.random.default_rng(0).integers(0, 256, (len(PRINT), *SHAPE), np.uint8)
    sights = look_at([Box(x, y, x + w, y + h) for x, y, w, h in places], PrintMaps(PRINT, maps, SCALE))
    for values in (sights.blocks, sights.pairs):
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert values.max() <= 1
    assert np.array_equal(sights.pairs, sights.pairs.transpose(1, 0, 2))
