"""A crooked page and its truth move together."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Sample, Truth
from leggio.synth.warp import Warp, draw_warp, make_warp, warp_sample, warp_truth

SPACE = 10.0
SHAPE = (300, 420)
WARPS = st.builds(
    make_warp,
    st.just(SHAPE),
    st.just(SPACE),
    angle=st.floats(-0.03, 0.03),
    height=st.floats(-9, 9),
    waves=st.floats(0.4, 1.4),
    phase=st.floats(0, 2 * math.pi),
)
COORDINATES = st.tuples(st.floats(0, SHAPE[1]), st.floats(0, SHAPE[0]))
BLOTS = [Box(20, 30, 32, 40), Box(200, 20, 206, 120), Box(300, 250, 400, 262), Box(5, 280, 15, 296)]


def draw_page() -> Sample:
    """Blots that are symbols, a staff, and a stroke, each drawn where its record says."""
    image = np.full(SHAPE, 255, np.uint8)
    mask = np.zeros(SHAPE, np.uint16)
    for box in BLOTS:
        cut = (slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1)))
        image[cut] = 0
        mask[cut] |= SYMBOL_BIT
    for line in range(5):
        rows = slice(160 + line * 10, 162 + line * 10)
        image[rows, 30:390] = 0
        mask[rows, 30:390] |= STAFF_BIT
    symbols = tuple(Symbol(i, SymbolKind.HEAD_BLACK, box, 1.0) for i, box in enumerate(BLOTS))
    stem = Stroke(9, StrokeKind.STEM, Point(203, 20), Point(203, 120), 6, BLOTS[1], 1.0)
    ys = tuple((161.0 + line * 10,) * 2 for line in range(5))
    staff = Staff(0, 0, 0, (30.0, 390.0), ys, SPACE)
    return Sample(image, mask, Truth(symbols, (stem,), (System(0, (staff,), staff.box),), SPACE, 2.0))


PAGE = draw_page()


@settings(max_examples=40, deadline=None)
@given(WARPS, st.lists(COORDINATES, min_size=1, max_size=8))
def test_tracing_back_undoes_moving(warp: Warp, places: list[tuple[float, float]]) -> None:
    points = np.array(places)
    moved = warp.move(points)
    assert np.stack(warp.trace_back(moved[:, 0], moved[:, 1]), axis=1) == pytest.approx(points, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(WARPS, COORDINATES)
def test_nothing_leaves_the_page(warp: Warp, place: tuple[float, float]) -> None:
    ((x, y),) = warp.move(np.array([place]))
    assert -0.1 <= x <= warp.shape[1] + 0.1
    assert -0.1 <= y <= warp.shape[0] + 0.1


@settings(max_examples=40, deadline=None)
@given(WARPS)
def test_boxes_cover_their_ink_and_little_more(warp: Warp) -> None:
    warped = warp_sample(PAGE, warp)
    inside = np.zeros(warp.shape, np.uint8)
    for symbol in warped.truth.symbols:
        box = symbol.box
        cut = (slice(int(box.y0), math.ceil(box.y1)), slice(int(box.x0), math.ceil(box.x1)))
        inside[cut] = 1
        assert (warped.mask[cut] & SYMBOL_BIT > 0).sum() == pytest.approx(BLOTS[symbol.id].area, rel=0.05)
    beside = (warped.mask & SYMBOL_BIT > 0) & (inside == 0)
    assert not beside.any()


@settings(max_examples=40, deadline=None)
@given(WARPS)
def test_image_and_mask_move_together(warp: Warp) -> None:
    warped = warp_sample(PAGE, warp)
    assert warped.image.shape == warped.mask.shape == warp.shape
    ink, marked = warped.image < 128, warped.mask > 0
    assert (ink != marked).mean() < 0.01


@settings(max_examples=40, deadline=None)
@given(WARPS, st.integers(0, 4), st.floats(0.02, 0.98))
def test_staff_lines_are_followed(warp: Warp, line: int, share: float) -> None:
    warped = warp_sample(PAGE, warp)
    (staff,) = warped.truth.systems[0].staves
    x = staff.xs[0] + share * (staff.xs[-1] - staff.xs[0])
    column = warped.mask[:, int(x)] & STAFF_BIT > 0
    rows = np.flatnonzero(column) + 0.5
    assert np.abs(rows - staff.line_at(line, x)).min() < 1.0


@settings(max_examples=40, deadline=None)
@given(WARPS)
def test_records_keep_their_order_and_their_sense(warp: Warp) -> None:
    truth = warp_truth(PAGE.truth, warp)
    (stem,) = truth.strokes
    assert stem.start.y < stem.end.y
    assert stem.box.grow(0.5, 0.5).contains(stem.start)
    assert stem.box.grow(0.5, 0.5).contains(stem.end)
    (system,) = truth.systems
    assert list(system.staves[0].xs) == sorted(system.staves[0].xs)
    assert system.box == system.staves[0].box
    assert [symbol.id for symbol in truth.symbols] == list(range(len(BLOTS)))


def test_a_page_that_is_not_warped_stays_as_it_is() -> None:
    flat = make_warp(SHAPE, SPACE, angle=0.0, height=0.0, waves=1.0, phase=0.0)
    warped = warp_sample(PAGE, flat)
    assert np.array_equal(warped.image, PAGE.image)
    assert np.array_equal(warped.mask, PAGE.mask)
    assert [symbol.box for symbol in warped.truth.symbols] == BLOTS


def test_drawn_warps_are_small_and_come_from_the_seed() -> None:
    warps = [draw_warp(SHAPE, SPACE, np.random.default_rng(seed)) for seed in range(200)]
    assert warps == [draw_warp(SHAPE, SPACE, np.random.default_rng(seed)) for seed in range(200)]
    assert len(set(warps)) == 200
    assert max(abs(math.degrees(warp.angle)) for warp in warps) <= 1.5
    assert max(abs(warp.height) for warp in warps) <= 0.9 * SPACE


def test_an_engraved_page_keeps_its_truth_when_warped(little_page: Sample) -> None:
    shape = (little_page.image.shape[0], little_page.image.shape[1])
    warp = make_warp(shape, little_page.truth.space, math.radians(1.5), 15.0, 0.8, 1.0)
    warped = warp_sample(little_page, warp)
    assert len(warped.truth.symbols) == len(little_page.truth.symbols)
    for symbol in warped.truth.symbols:
        box = symbol.box
        cut = warped.image[int(box.y0) : math.ceil(box.y1), int(box.x0) : math.ceil(box.x1)]
        assert (cut < 128).any(), symbol.kind
    clean = cv2.GaussianBlur((warped.mask & SYMBOL_BIT).astype(np.uint8), (0, 0), 0.6) > 64
    for symbol in warped.truth.symbols:
        box = symbol.box
        clean[int(box.y0) - 1 : int(box.y1) + 2, int(box.x0) - 1 : int(box.x1) + 2] = False
    assert not clean.any()
