"""Train, calibrate and ship the net that links blocks. In: a recipe, known pages or none. Out: an ONNX file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from leggio.evaluate.calibrate import fit_scale
from leggio.net import Card, Net
from leggio.news.articles import group
from leggio.news.evidence import BLOCK_FEATURES, HEAD, PAIR_FEATURES, WIDTH
from leggio.news.layout import NewsTruth
from leggio.train.export import write_onnx
from leggio.train.loop import Run, Training, train
from leggio.train.news_links import Linker, Plan
from leggio.train.news_links_pages import make_lesson
from leggio.train.recipe import Recipe

SHIPPED = ("starts", "follows", "kinds", "breaks")
"""The answers that the reader uses, in order: `pairs` only helps to learn."""

_LENGTHS = {2: "cells", 1: "blocks"}
_AXES = {
    "page": _LENGTHS, "starts": {1: "blocks"},
    "follows": {1: "blocks", 2: "blocks"}, "kinds": {1: "blocks"}, "breaks": {1: "blocks"},
}  # fmt: skip


def learn_links(plan: Recipe, samples: Path | None, run: Run) -> Path:
    """Train the net by its recipe, or go on with it, and export what it is now; gives the file's path.

    Raises InputError where the folder `samples` holds no page with articles.
    """
    net = Linker(Plan())
    train(net, plan, run, make_lesson(plan, samples))
    return export_last(plan, run.folder)


def export_last(plan: Recipe, folder: Path) -> Path:
    """Export the last checkpoint of a run."""
    training = Training(Linker(Plan()), plan.schedule, lambda links, batch: {})
    training.load(folder / "last.pt")
    path = folder / f"{plan.name}.onnx"
    export_links(training.averaged.module, make_links_card(plan, {"step": float(training.step)}), path)
    return path


def make_links_card(recipe: Recipe, measured: dict[str, float]) -> Card:
    """What the net's caller must know: its features are the card's `classes`, of blocks, and `views`, of pairs."""
    return Card(
        name=recipe.name, classes=BLOCK_FEATURES, inks=(), space=0.0, stride=1, licence=recipe.licence,
        recipe=json.dumps(dataclasses.asdict(recipe)), measured=json.dumps(measured), views=PAIR_FEATURES,
    )  # fmt: skip


def export_links(net: nn.Module, card: Card, path: Path) -> None:
    """Write the net as ONNX, for pages of any number of blocks; the file appears whole or not at all."""
    write_onnx(_Shipped(net), torch.rand(1, 5, HEAD + 5, WIDTH), SHIPPED, card, path, axes=_AXES)


def calibrate_links(net: Net, truths: Iterable[NewsTruth]) -> Card:
    """The net's card with a scale of confidence: how often an article of so much raw confidence is just a true one.

    `truths` are pages that the net has not learned from. Raises ValueError where nothing is found on them.
    """
    bare = replace(net, card=replace(net.card, confidence=()))
    outcomes: list[tuple[float, bool]] = []
    for truth in truths:
        right = {frozenset(article.blocks) for article in truth.articles}
        known = {block for article in truth.articles for block in article.blocks}
        for article in group(truth.layout, None, bare):
            if inside := frozenset(article.blocks) & known:
                outcomes.append((article.confidence, inside in right))
    return replace(net.card, confidence=fit_scale(outcomes))


class _Shipped(nn.Module):
    """The net with its answers as a plain tuple, which is what an ONNX file has."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, page: Tensor) -> tuple[Tensor, ...]:
        links = self.net(page)
        return tuple(getattr(links, name) for name in SHIPPED)
