"""Soiled crops are crops still: in range, of their shape, the same for the same seed, with the back shining through."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.train.news_soil import soil

SIZE = 96
SEEDS = range(80)


def draw_lines(size: int = SIZE) -> NDArray[np.float32]:
    """Lines of ink on white paper, as wide as the crop."""
    image = np.zeros((size, size), np.float32)
    for row in range(4, size - 4, 10):
        image[row : row + 4, 4:-4] = 0.9
    return image


FRONT, BLANK = draw_lines(), np.zeros((SIZE, SIZE), np.float32)


def soil_with(seed: int, image: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.float32]:
    return soil(image, back, np.random.default_rng(seed))


@pytest.mark.parametrize("front", [FRONT, BLANK, BLANK + 1], ids=["lines", "white", "black"])
def test_a_soiled_crop_is_between_paper_and_ink(front: NDArray[np.float32]) -> None:
    for seed in SEEDS:
        soiled = soil_with(seed, front, FRONT.T.copy())
        assert soiled.shape == front.shape
        assert soiled.dtype == np.float32
        assert np.isfinite(soiled).all()
        assert soiled.min() >= 0
        assert soiled.max() <= 1


def test_the_same_seed_soils_alike_and_another_in_another_way() -> None:
    crops = [soil_with(seed, FRONT, BLANK) for seed in range(20)]
    assert all(np.array_equal(crop, soil_with(seed, FRONT, BLANK)) for seed, crop in enumerate(crops))
    assert len({crop.tobytes() for crop in crops}) > 15


def test_the_crop_that_is_given_stays_clean() -> None:
    front, back = FRONT.copy(), FRONT.T.copy()
    for seed in SEEDS:
        soil_with(seed, front, back)
    assert np.array_equal(front, FRONT)
    assert np.array_equal(back, FRONT.T)


def test_print_on_the_back_shows_through_on_some_crops_and_only_where_it_stands() -> None:
    half = draw_lines()
    half[:, SIZE // 2 :] = 0
    more = [soil_with(seed, BLANK, half) - soil_with(seed, BLANK, BLANK) for seed in SEEDS]
    shown = [float(crop[:, 8 : SIZE // 2 - 8].mean()) for crop in more]
    beyond = [float(crop[:, SIZE // 2 + 16 :].mean()) for crop in more]
    assert 0.2 < np.mean(np.array(shown) > 0.005) < 0.7
    assert np.mean(shown) > 10 * abs(np.mean(beyond))


def test_print_can_still_be_told_from_paper() -> None:
    soiled = [soil_with(seed, FRONT, FRONT[::-1, ::-1].copy()) for seed in SEEDS]
    contrast = [float(crop[FRONT > 0].mean() - crop[FRONT == 0].mean()) for crop in soiled]
    assert np.mean(np.array(contrast) > 0.03) > 0.9
    assert np.mean(contrast) > 0.2


@pytest.mark.parametrize("size", [8, 33])
def test_a_small_crop_is_soiled_too(size: int) -> None:
    image = np.full((size, size), 0.5, np.float32)
    assert all(soil_with(seed, image, image).shape == (size, size) for seed in range(60))
