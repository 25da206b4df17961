"""The net answers at the sizes that the reader expects, and it can learn."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from leggio.music.maps import LOGIT_STEP, LOGIT_ZERO, WATERLINE
from leggio.train.loop import Training
from leggio.train.nets import ShippedDetector, WatershedDetector, read_energy, read_sizes
from leggio.train.recipe import Heads, Optimizer, Schedule, Sizes
from leggio.train.symbols import CLASSES, INKS, Batch


@pytest.mark.parametrize(("high", "wide"), [(64, 96), (96, 64), (16, 16)])
def test_the_heads_answer_at_half_and_at_a_quarter(net: WatershedDetector, high: int, wide: int) -> None:
    maps = net(torch.zeros(2, 1, high, wide))
    assert maps.energy.shape == (2, 1, high // 2, wide // 2)
    assert maps.ink.shape == (2, len(INKS), high // 2, wide // 2)
    assert maps.classes.shape == (2, len(CLASSES), high // 4, wide // 4)
    assert maps.boxes.shape == (2, 2, high // 4, wide // 4)


def test_every_relu_is_a_module_of_its_own(net: WatershedDetector) -> None:
    calls: dict[nn.Module, int] = {}
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            assert not module.inplace
            module.register_forward_hook(lambda relu, *_: calls.update({relu: calls.get(relu, 0) + 1}))
    net(torch.zeros(1, 1, 32, 32))
    assert calls
    assert set(calls.values()) == {1}


def test_what_ships_answers_in_probabilities_bytes_and_sizes(net: WatershedDetector) -> None:
    energy, ink, classes, boxes = ShippedDetector(net).eval()(torch.rand(1, 1, 32, 48))
    assert energy.dtype == boxes.dtype == torch.float32
    assert classes.dtype == ink.dtype == torch.uint8
    assert 0 <= energy.min().item() <= energy.max().item() <= 1
    assert classes.shape == (1, len(CLASSES), 8, 12)
    assert boxes.shape == (1, 2, 8, 12)


def test_what_ships_names_the_summits_and_nothing_else(net: WatershedDetector) -> None:
    page = torch.rand(1, 1, 64, 96)
    with torch.inference_mode():
        net.eval()
        highest = net(page).energy.quantile(0.98)
        net.places.bias[:1] -= highest - math.log(
            WATERLINE / (1 - WATERLINE)
        )  # 2 % of all cells rise above it
        maps = net(page)
        energy, _, classes, boxes = ShippedDetector(net)(page)
    summits = nn.functional.max_pool2d((nn.functional.max_pool2d(energy, 2) > WATERLINE).float(), 3, 1, 1)[
        0, 0
    ].bool()
    told = summits.clone()
    told[0, 0] = True
    assert 0 < int(summits.sum()) < summits.numel() - 1
    wanted = torch.round(maps.classes[0] / LOGIT_STEP) + LOGIT_ZERO
    assert (classes[0][:, told] - wanted[:, told]).abs().max() <= 1
    assert torch.allclose(boxes[0][:, told], torch.exp(maps.boxes[0][:, told]), rtol=1e-4)
    assert not classes[0][:, ~told].any()
    assert not boxes[0][:, ~told].any()


def test_a_page_without_a_summit_can_be_shipped_too(net: WatershedDetector) -> None:
    nn.init.constant_(net.places.bias[:1], -50.0)
    energy, _, classes, _ = ShippedDetector(net).eval()(torch.zeros(1, 1, 32, 32))
    assert energy.max().item() < WATERLINE
    assert not classes[0][:, 1:].any()


def test_an_untrained_net_sees_hardly_any_symbols(net: WatershedDetector) -> None:
    energy, *_ = ShippedDetector(net).eval()(torch.rand(1, 1, 64, 64))
    assert energy.mean().item() < 0.2


def test_energy_is_the_level_that_a_softmax_expects() -> None:
    logits = torch.log(torch.tensor([0.5, 0.0, 0.0, 0.0, 0.5]))[None, :, None, None]  # lowest or highest
    assert read_energy(logits, Heads(energy_levels=5)).item() == pytest.approx(0.5)
    sure = torch.tensor([0.0, 0.0, 0.0, 30.0, 0.0])[None, :, None, None]
    assert read_energy(sure, Heads(energy_levels=5)).item() == pytest.approx(0.75)


def test_linear_sizes_are_never_less_than_nothing() -> None:
    sizes = torch.tensor([-1.0, 2.5])[None, :, None, None]
    assert read_sizes(sizes, Heads(boxes=Sizes.LINEAR)).flatten().tolist() == pytest.approx([0.05, 2.5])


def test_an_untrained_net_of_the_paper_sees_hardly_any_symbols(paper_net: WatershedDetector) -> None:
    energy, *_ = ShippedDetector(paper_net).eval()(torch.rand(1, 1, 64, 64))
    assert energy.shape == (1, 1, 32, 32)
    assert energy.mean().item() < 0.2


def test_the_net_of_the_paper_overfits_one_batch_in_seconds(
    paper_net: WatershedDetector, batch: Batch
) -> None:
    schedule = Schedule(
        steps=150,
        warmup=5,
        cooldown=100,
        rate=1e-2,
        weight_decay=0.0,
        average=0.0,
        optimizer=Optimizer.RMSPROP,
    )
    training = Training(paper_net, schedule)
    first = training.learn(batch)
    for _ in range(149):
        last = training.learn(batch)
    for name in ("energy", "class", "box", "ink"):
        assert last[name] < first[name] / 3, (name, first[name], last[name])
    paper_net.eval()
    with torch.inference_mode():
        maps = paper_net(batch.image)
    energy = read_energy(maps.energy, paper_net.heads)
    assert float(energy[batch.energy > 0.9].min()) > 0.3
    assert float((energy - batch.energy).abs().mean()) < 0.02


def test_the_net_overfits_one_batch_in_seconds(net: WatershedDetector, batch: Batch) -> None:
    training = Training(
        net, Schedule(steps=150, warmup=5, cooldown=40, rate=1e-2, weight_decay=0.0, average=0.9)
    )
    first = training.learn(batch)
    for _ in range(149):
        last = training.learn(batch)
    for name in ("energy", "class", "box", "ink"):
        assert last[name] < first[name] / 3, (name, first[name], last[name])
    net.eval()
    with torch.inference_mode():
        maps = net(batch.image)
    inside = batch.classes >= 0
    named = maps.classes.argmax(1)[inside] == batch.classes[inside]
    assert float(named.float().mean()) > 0.95
    summits = torch.sigmoid(maps.energy)[batch.energy > 0.9]
    assert float(summits.min()) > 0.3
    assert float(torch.sigmoid(maps.energy)[batch.energy == 0].max()) < 0.5
