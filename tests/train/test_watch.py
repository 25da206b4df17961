"""What a net in training sees is drawn beside what it should see."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from leggio.train.board import Board
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Recipe
from leggio.train.watch import Watch, draw_filters, lay_over


def test_the_pictures_are_written(
    net: WatershedDetector, recipe: Recipe, samples: Path, tmp_path: Path
) -> None:
    board = Board(tmp_path)
    Watch(samples, recipe)(5, net, board)
    board.close()
    assert {"answers.png", "filters.png"} <= {path.name for path in tmp_path.iterdir()}


def test_the_crops_stay_the_same_and_the_net_stays_in_training(
    net: WatershedDetector, recipe: Recipe, samples: Path
) -> None:
    first, second = Watch(samples, recipe), Watch(samples, recipe)
    net.train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert np.array_equal(first.draw_answers(net), second.draw_answers(net))
    assert net.training
    assert all((value == before[name]).all() for name, value in net.state_dict().items())


def test_a_row_holds_crop_targets_and_answers(net: WatershedDetector, recipe: Recipe, samples: Path) -> None:
    picture = Watch(samples, recipe).draw_answers(net)
    assert picture.shape == (2 * 96 + 8, 3 * 96 + 16, 3)  # two pages, gaps of 8 px


def test_energy_is_red() -> None:
    energy = np.zeros((4, 4), np.float32)
    energy[:2] = 1
    picture = lay_over(np.zeros((8, 8), np.float32), energy, ())
    assert picture[0, 0, 0] == 255
    assert picture[0, 0, 1] < 50
    assert picture[7, 7].tolist() == [255, 255, 255]


def test_each_filter_is_a_patch_of_six_pixels(net: WatershedDetector) -> None:
    picture = draw_filters(net)
    assert picture.shape == (3 * 72 + 2 * 8, 3 * 72 + 2 * 8, 3)  # 8 filters, 12 times as large, 3 in a row
