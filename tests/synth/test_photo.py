"""A photo bends a page more than a scanner does, and its truth bends with it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.music.notation import Staff, Symbol, SymbolKind, System
from leggio.synth.photo import PhotoWarp, draw_photo, make_photo, shoot
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Sample, Truth
from leggio.synth.warp import warp_sample

SPACE = 10.0
SHAPE = (330, 250)
PHOTOS = st.builds(
    make_photo,
    st.just(SHAPE),
    st.just(SPACE),
    turn=st.floats(-3, 3),
    lean=st.floats(-0.06, 0.06),
    tip=st.floats(-0.1, 0.1),
    curl=st.floats(-2, 2),
    reach=st.floats(0.05, 0.4) | st.floats(-0.4, -0.05),
    lens=st.floats(-0.02, 0.05),
    margin=st.floats(0, 30),
)
COORDINATES = st.tuples(st.floats(0, SHAPE[1]), st.floats(0, SHAPE[0]))
BLOTS = [Box(20, 30, 32, 40), Box(200, 20, 206, 120), Box(150, 250, 220, 262), Box(5, 300, 15, 316)]


def draw_page() -> Sample:
    """Blots that are symbols and a staff, each drawn where its record says."""
    image = np.full(SHAPE, 255, np.uint8)
    mask = np.zeros(SHAPE, np.uint16)
    for box in BLOTS:
        cut = (slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1)))
        image[cut] = 0
        mask[cut] |= SYMBOL_BIT
    for line in range(5):
        rows = slice(160 + line * 10, 162 + line * 10)
        image[rows, 20:230] = 0
        mask[rows, 20:230] |= STAFF_BIT
    symbols = tuple(Symbol(i, SymbolKind.HEAD_BLACK, box, 1.0) for i, box in enumerate(BLOTS))
    ys = tuple((161.0 + line * 10,) * 2 for line in range(5))
    staff = Staff(0, 0, 0, (20.0, 230.0), ys, SPACE)
    outlines = tuple((np.array([[b.x0, b.y0], [b.x1, b.y0], [b.x1, b.y1]], np.float32),) for b in BLOTS)
    return Sample(image, mask, Truth(symbols, (), (System(0, (staff,), staff.box),), SPACE, 2.0), outlines)


PAGE = draw_page()


@settings(max_examples=40, deadline=None)
@given(PHOTOS, st.lists(COORDINATES, min_size=1, max_size=8))
def test_tracing_back_undoes_moving(warp: PhotoWarp, places: list[tuple[float, float]]) -> None:
    points = np.array(places)
    moved = warp.move(points)
    assert np.stack(warp.trace_back(moved[:, 0], moved[:, 1]), axis=1) == pytest.approx(points, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(PHOTOS, COORDINATES)
def test_nothing_leaves_the_photo(warp: PhotoWarp, place: tuple[float, float]) -> None:
    ((x, y),) = warp.move(np.array([place]))
    assert -0.5 <= x <= warp.shape[1] + 0.5
    assert -0.5 <= y <= warp.shape[0] + 0.5


@settings(max_examples=40, deadline=None)
@given(PHOTOS, COORDINATES)
def test_level_lines_never_tilt_more_than_three_degrees(warp: PhotoWarp, place: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = warp.move(np.array([place, (place[0] + 1, place[1])]))
    assert abs(math.degrees(math.atan2(y1 - y0, x1 - x0))) < 3


@settings(max_examples=12, deadline=None)
@given(PHOTOS)
def test_image_mask_and_boxes_move_together(warp: PhotoWarp) -> None:
    warped = warp_sample(PAGE, warp)
    assert warped.image.shape == warped.mask.shape == warp.shape
    assert ((warped.image < 128) != (warped.mask > 0)).mean() < 0.015
    beside = warped.mask & SYMBOL_BIT > 0
    for symbol in warped.truth.symbols:
        box = symbol.box
        cut = (slice(int(box.y0), math.ceil(box.y1)), slice(int(box.x0), math.ceil(box.x1)))
        assert beside[cut].sum() == pytest.approx(BLOTS[symbol.id].area, rel=0.25)
        beside[cut] = False
    assert not beside.any()


@settings(max_examples=12, deadline=None)
@given(PHOTOS, st.integers(0, 4), st.floats(0.05, 0.95))
def test_staff_lines_are_followed(warp: PhotoWarp, line: int, share: float) -> None:
    warped = warp_sample(PAGE, warp)
    (staff,) = warped.truth.systems[0].staves
    x = staff.xs[0] + share * (staff.xs[-1] - staff.xs[0])
    rows = np.flatnonzero(warped.mask[:, int(x)] & STAFF_BIT > 0) + 0.5
    assert np.abs(rows - staff.line_at(line, x)).min() < 1.2


def test_a_photo_from_straight_above_stays_as_it_is() -> None:
    warped = warp_sample(PAGE, make_photo(SHAPE, SPACE))
    assert np.array_equal(warped.image, PAGE.image)
    assert np.array_equal(warped.mask, PAGE.mask)


def test_drawn_photos_come_from_the_seed_and_differ() -> None:
    photos = [draw_photo(SHAPE, SPACE, np.random.default_rng(seed)) for seed in range(50)]
    assert photos == [draw_photo(SHAPE, SPACE, np.random.default_rng(seed)) for seed in range(50)]
    assert len(set(photos)) == 50


def test_a_shot_page_keeps_its_truth_and_its_heads_stay_dark() -> None:
    for seed in range(3):
        shot = shoot(PAGE, np.random.default_rng(seed))
        again = shoot(PAGE, np.random.default_rng(seed))
        assert np.array_equal(shot.image, again.image)
        assert shot.image.shape == shot.mask.shape
        assert len(shot.truth.symbols) == len(shot.outlines) == len(BLOTS)
        ink = shot.mask & SYMBOL_BIT > 0
        near = np.zeros_like(ink)
        for symbol in shot.truth.symbols:
            box = symbol.box.grow(6, 6)
            near[max(0, int(box.y0)) : int(box.y1), max(0, int(box.x0)) : int(box.x1)] = True
        assert np.median(shot.image[ink]) < np.median(shot.image[near & ~ink]) - 20
