"""What a net in training sees is drawn beside what it should see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from leggio.synth.sample import Sample, save_sample
from leggio.train.board import Board
from leggio.train.nets import Maps, WatershedDetector
from leggio.train.recipe import Recipe
from leggio.train.symbols import CLASSES
from leggio.train.watch import Watch, draw_filters, lay_over


def test_the_pictures_are_written(
    net: WatershedDetector, recipe: Recipe, samples: Path, tmp_path: Path
) -> None:
    board = Board(tmp_path)
    Watch(samples, recipe)(5, net, board)
    board.close()
    assert {"answers.png", "worst.png", "filters.png"} <= {path.name for path in tmp_path.iterdir()}


def test_the_crops_stay_the_same_and_the_net_stays_in_training(
    net: WatershedDetector, recipe: Recipe, samples: Path
) -> None:
    first, second = Watch(samples, recipe), Watch(samples, recipe)
    net.train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert np.array_equal(first.draw_answers(first.answer(net)), second.draw_answers(second.answer(net)))
    assert net.training
    assert all((value == before[name]).all() for name, value in net.state_dict().items())


def test_a_row_holds_crop_targets_and_answers(net: WatershedDetector, recipe: Recipe, samples: Path) -> None:
    watch = Watch(samples, recipe)
    picture = watch.draw_answers(watch.answer(net))
    assert picture.shape == (2 * 96 + 8, 3 * 96 + 16, 3)  # two pages, gaps of 8 px


def know_all(watch: Watch) -> Maps:
    """What a perfect net answers."""
    batch = watch.batch
    names = torch.zeros(len(batch.classes), len(CLASSES), *batch.classes.shape[1:])
    names.scatter_(1, batch.classes.clamp(min=0)[:, None], 20.0)
    return Maps(torch.logit(batch.energy, 1e-4), batch.ink * 40 - 20, names, batch.boxes)


def test_the_worst_crops_come_first_with_what_was_called_wrong(
    sample: Sample, recipe: Recipe, tmp_path: Path
) -> None:
    for number in range(6):
        save_sample(sample, tmp_path / f"{number:06d}")
    watch = Watch(tmp_path, recipe)
    assert watch.names == [f"{number:06d}" for number in range(6)]
    maps = know_all(watch)
    assert watch.tell_wrong_names(maps, 3) == []
    inside = watch.batch.classes[3] >= 0
    assert inside.any()
    maps.classes[3, 0, inside] = 40.0  # all that stands on one crop is called by the first name
    maps.energy[3] = -maps.energy[3]
    costs = watch.measure(maps)
    assert costs.shape == (6, 4)
    assert int(costs.sum(axis=1).argmax()) == 3
    told = watch.tell_wrong_names(maps, 3)
    assert told
    assert all(f"read as {CLASSES[0].value}, " in line for line in told)
    picture = watch.draw_worst(maps)
    assert picture.shape == (
        4 * 96 + 3 * 8,
        4 * 96 + 3 * 8,
        3,
    )  # the worst four; crop, targets, answers, writing
    crop = lay_over(watch.batch.image[3, 0].numpy(), np.zeros((48, 48), np.float32), ())
    assert np.array_equal(picture[:96, :96], crop)
    assert (picture[:96, -96:] < 100).any()  # something is written


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
