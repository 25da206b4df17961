"""Ways lead straight from block to block, and what stands across them is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.news.ways import find_highest

# Two blocks side by side and one below both, in cells.
LEFT, RIGHT, BELOW = (2.0, 2.0, 18.0, 20.0), (24.0, 2.0, 40.0, 20.0), (2.0, 30.0, 40.0, 38.0)
EDGES = np.array([LEFT, RIGHT, BELOW])


def test_a_wall_between_two_blocks_is_on_the_way_and_others_are_not() -> None:
    plane = np.zeros((40, 42), np.uint8)
    plane[0:22, 21] = 200
    found = find_highest(plane, EDGES)
    assert found[0, 1] == found[1, 0] == 200
    assert found[0, 2] == found[1, 2] == 0


def test_a_wall_across_half_of_the_ways_counts_for_about_half() -> None:
    plane = np.zeros((40, 42), np.float64)
    plane[25, 2:10] = 1.0
    found = find_highest(plane, EDGES)
    assert 0.3 < found[0, 2] < 0.7
    assert found[1, 2] == 0


def test_what_is_inside_a_block_is_not_on_the_way() -> None:
    plane = np.zeros((40, 42), np.uint8)
    plane[4:15, 4:16] = 255
    assert np.nanmax(find_highest(plane, EDGES)) == 0


def test_no_way_leads_to_a_block_that_does_not_face_one() -> None:
    apart = np.array([LEFT, (24.0, 25.0, 40.0, 38.0)])
    found = find_highest(np.full((40, 42), 9, np.uint8), apart)
    assert np.isnan(found[0, 1])
    assert np.isnan(found[1, 0])
    assert np.isnan(np.diag(found)).all()


@pytest.mark.parametrize("count", [0, 1])
def test_one_block_or_none_has_no_ways(count: int) -> None:
    found = find_highest(np.ones((5, 5), np.uint8), EDGES[:count])
    assert found.shape == (count, count)
    assert np.isnan(found).all()


PLACE = st.floats(-20, 80, allow_nan=False)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(PLACE, PLACE, st.floats(0, 30), st.floats(0, 30)), min_size=1, max_size=8))
def test_ways_are_the_same_both_ways_and_see_only_what_the_plane_has(
    places: list[tuple[float, float, float, float]],
) -> None:
    plane = np.random.default_rng(0).random((40, 42))
    found = find_highest(plane, np.array([(x, y, x + w, y + h) for x, y, w, h in places]))
    assert np.array_equal(found, found.T, equal_nan=True)
    known = found[np.isfinite(found)]
    assert ((known >= plane.min()) & (known <= plane.max())).all()
