"""The ONNX file answers as the torch net does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from leggio.net import Cut, load_net
from leggio.train.export import STRIDE, export, make_card
from leggio.train.nets import ShippedDetector, WatershedDetector
from leggio.train.recipe import Recipe, load_recipe
from leggio.train.symbols import CLASSES, INKS, Batch


@pytest.fixture(params=["net", "paper_net"])
def used_net(request: pytest.FixtureRequest, batch: Batch) -> WatershedDetector:
    """A net whose batch norms have seen something, so that they are not all the same."""
    net: WatershedDetector = request.getfixturevalue(request.param)
    net.train()
    with torch.no_grad():
        for _ in range(5):
            net(batch.image)
    return net.eval()


@pytest.mark.parametrize(("high", "wide"), [(64, 96), (96, 64), (STRIDE, 5 * STRIDE), (128, 208)])
def test_onnx_equals_torch_at_every_size(
    used_net: WatershedDetector, recipe: Recipe, tmp_path: Path, high: int, wide: int
) -> None:
    export(used_net, make_card(recipe, {}), tmp_path / "net.onnx")
    page = np.random.default_rng(0).random((1, 1, high, wide), np.float32)
    with torch.inference_mode():
        wanted = [answer.numpy() for answer in ShippedDetector(used_net).eval()(torch.from_numpy(page))]
    found = load_net(tmp_path / "net.onnx", threads=1)(page)
    assert [(answer.shape, answer.dtype) for answer in found] == [
        (answer.shape, answer.dtype) for answer in wanted
    ]
    energy, ink, classes, boxes = (
        np.abs(np.subtract(a, b, dtype=np.float64)).max() for a, b in zip(wanted, found, strict=True)
    )
    assert energy < 1e-4
    assert boxes < 1e-3
    assert ink <= 1  # of 255: where rounding falls to the other side
    assert classes <= 1


def test_the_card_comes_back_out_of_the_file(net: WatershedDetector, recipe: Recipe, tmp_path: Path) -> None:
    card = make_card(recipe, {"step": 12.0})
    export(net, card, tmp_path / "new" / "net.onnx")
    found = load_net(tmp_path / "new" / "net.onnx", threads=1).card
    assert found == card
    assert found.classes == tuple(kind.value for kind in CLASSES)
    assert found.inks == INKS
    assert found.space == recipe.crops.space
    assert json.loads(found.measured) == {"step": 12.0}


def test_the_card_says_how_symbols_are_cut(
    paper_net: WatershedDetector, recipe: Recipe, paper: Recipe, tmp_path: Path
) -> None:
    assert make_card(recipe, {}).cut is Cut.SUMMITS
    export(paper_net, make_card(paper, {}), tmp_path / "net.onnx")
    assert load_net(tmp_path / "net.onnx", threads=1).card.cut is Cut.COMPONENTS


@pytest.mark.parametrize("form", ["ours", "papers"])
def test_the_recipe_on_the_card_trains_the_same_net(form: str, recipe: Recipe, tmp_path: Path) -> None:
    if form == "papers":
        recipe = load_recipe(Path(__file__).parents[2] / "recipes" / "paper.toml")
    recorded = json.loads(make_card(recipe, {}).recipe)
    text = [f"{key} = {json.dumps(value)}" for key, value in recorded.items() if not isinstance(value, dict)]
    for key, table in recorded.items():
        if isinstance(table, dict):
            text += [f"[{key}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    (tmp_path / "again.toml").write_text("\n".join(text))
    assert load_recipe(tmp_path / "again.toml") == recipe


def test_exporting_leaves_one_file(net: WatershedDetector, recipe: Recipe, tmp_path: Path) -> None:
    export(net, make_card(recipe, {}), tmp_path / "net.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]
