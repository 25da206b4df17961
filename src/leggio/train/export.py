"""A trained net to one ONNX file with its card inside. In: a torch net and its recipe. Out: bytes on disk."""

from __future__ import annotations

import dataclasses
import json
import os
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn

from leggio.net import CARD_KEY, Card
from leggio.train.nets import Reading
from leggio.train.recipe import Recipe
from leggio.train.symbols import CLASSES, INKS

STRIDE = 16


def make_card(recipe: Recipe, measured: dict[str, float]) -> Card:
    return Card(
        name=recipe.name,
        classes=tuple(kind.value for kind in CLASSES),
        inks=INKS,
        space=recipe.crops.space,
        stride=STRIDE,
        licence=recipe.licence,
        recipe=json.dumps(dataclasses.asdict(recipe)),
        measured=json.dumps(measured),
    )


def export(net: nn.Module, card: Card, path: Path) -> None:
    """Write the net as ONNX; the file appears whole or not at all."""
    net = Reading(net).eval().cpu().float()
    part = path.with_suffix(".part")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, (torch.zeros(1, 1, 64, 96),), str(part), dynamo=False, opset_version=17,
            input_names=["page"], output_names=["energy", "ink", "classes", "boxes"],
            dynamic_axes={
                "page": {2: "height", 3: "width"},
                **{name: {2: f"{name}_h", 3: f"{name}_w"} for name in ("energy", "ink", "classes", "boxes")},
            },
        )  # fmt: skip
    model = onnx.load(str(part))
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_text()})
    onnx.save(model, str(part))
    os.replace(part, path)
