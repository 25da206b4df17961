"""A crop and its targets show the same part of the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import Symbol, SymbolKind
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Sample, Truth
from leggio.train.crops import class_weights, cut_crop, prepare
from leggio.train.recipe import Crops
from leggio.train.symbols import CLASSES, INKS

STILL = Crops(size=96, inhabited=1.0)


def draw_square() -> Sample:
    """A black square of 20 px, as large as a staff space, on a page of 400 px with one staff line."""
    image = np.full((400, 400), 255, np.uint8)
    mask = np.zeros((400, 400), np.uint16)
    image[190:210, 190:210] = 0
    mask[190:210, 190:210] = SYMBOL_BIT
    image[240:243, 40:360] = 0
    mask[240:243, 40:360] = STAFF_BIT
    square = Symbol(0, SymbolKind.HEAD_BLACK, Box(190, 190, 210, 210), 1.0)
    return Sample(image, mask, Truth((square,), (), (), 20.0, 3.0))


def cut(sample: Sample, crops: Crops, seed: int) -> tuple[NDArray[np.float32], ...]:
    page = prepare(sample)
    return cut_crop(page, crops, class_weights([page]), np.random.default_rng(seed))


def test_a_crop_has_the_size_that_the_recipe_asks_for() -> None:
    image, energy, ink, classes, boxes = cut(draw_square(), STILL, 0)
    assert image.shape == (1, 96, 96)
    assert energy.shape == (1, 48, 48)
    assert ink.shape == (len(INKS), 48, 48)
    assert classes.shape == (24, 24)
    assert boxes.shape == (2, 24, 24)
    for array in (image, energy, ink):
        assert array.dtype == np.float32
        assert array.min() >= 0
        assert array.max() <= 1


def test_the_same_seed_cuts_the_same_crop() -> None:
    for seed in range(5):
        for first, second in zip(
            cut(draw_square(), STILL, seed), cut(draw_square(), STILL, seed), strict=True
        ):
            assert np.array_equal(first, second)


def test_the_marker_lies_on_the_symbol() -> None:
    """Over many crops the middle of the ink and the middle of the marker agree: neither is shifted."""
    shifts = []
    for seed in range(60):
        image, energy, *_ = cut(draw_square(), STILL, seed)
        row, column = (2 * int(i) + 1 for i in np.unravel_index(energy[0].argmax(), energy[0].shape))
        if not (14 < row < 82 and 14 < column < 82):
            continue
        around = image[0, row - 10 : row + 10, column - 10 : column + 10]
        dark = around - np.median(image)
        if dark.max() < 0.3:  # aged beyond recognition
            continue
        dark[dark < 0.5 * dark.max()] = 0
        rows, columns = np.indices(around.shape) + 0.5 - 10
        shifts.append([(dark * rows).sum() / dark.sum(), (dark * columns).sum() / dark.sum()])
    assert len(shifts) > 30
    assert np.abs(np.median(shifts, axis=0)).max() < 0.6  # px of the net's input


def test_the_ink_map_lies_on_the_ink() -> None:
    hits = []
    for seed in range(30):
        image, _, ink, *_ = cut(draw_square(), STILL, seed)
        line = ink[INKS.index("staffLine")] > 0.5
        if line.sum() > 20:
            halved = image[0].reshape(48, 2, 48, 2).mean(axis=(1, 3))
            hits.append(halved[line].mean() - np.median(halved))
    assert len(hits) > 15
    assert np.median(hits) > 0.3


def test_the_size_is_told_in_staff_spaces_of_the_net() -> None:
    for seed in range(10):
        _, _, _, classes, boxes = cut(draw_square(), replace(STILL, scale_jitter=0.0, stretch=0.0), seed)
        inside = classes == CLASSES.index(SymbolKind.HEAD_BLACK)
        assert inside.any()
        assert boxes[:, inside] == pytest.approx(0.0, abs=1e-5)  # log 1


def test_rare_classes_weigh_more_and_absent_ones_nothing(sample: Sample) -> None:
    weights = class_weights([prepare(sample)])
    at = {kind: weights[CLASSES.index(kind)] for kind in SymbolKind}
    assert at[SymbolKind.CLEF_G] > at[SymbolKind.HEAD_BLACK] > 0
    assert at[SymbolKind.CLEF_G] == 1.0
    assert at[SymbolKind.CODA] == 0.0


def test_a_page_without_symbols_can_be_cut() -> None:
    blank = np.full((200, 200), 255, np.uint8)
    sample = Sample(blank, np.zeros(blank.shape, np.uint16), Truth((), (), (), 20.0, 2.0))
    _, energy, _, classes, _ = cut(sample, STILL, 1)
    assert not energy.any()
    assert (classes == -1).all()
