"""Train, calibrate and ship the net that links blocks. In: a recipe, known pages or none. Out: an ONNX file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from leggio.errors import InputError
from leggio.evaluate.calibrate import fit_scale
from leggio.net import Card, Net, load_net
from leggio.news.articles import group
from leggio.news.evidence import BLOCK_FEATURES, HEAD, PAIR_FEATURES, WIDTH
from leggio.news.layout import NewsTruth
from leggio.train.export import write_onnx
from leggio.train.loop import Run, Training, train
from leggio.train.news_links import Linker
from leggio.train.news_links_pages import Shown, make_lesson
from leggio.train.recipe import Recipe

SHIPPED = ("starts", "follows", "kinds", "breaks")
"""The answers that the reader uses, in order: `pairs` only helps to learn."""

LAST = "last.pt"
"""The checkpoint in a run's folder."""

_MEAN = "module."  # how the names of weights begin in what PyTorch keeps of their mean
_LENGTHS = {2: "cells", 1: "blocks"}
_AXES = {
    "page": _LENGTHS, "starts": {1: "blocks"},
    "follows": {1: "blocks", 2: "blocks"}, "kinds": {1: "blocks"}, "breaks": {1: "blocks"},
}  # fmt: skip


def learn_links(
    plan: Recipe,
    samples: Path | None,
    run: Run,
    start: Path | None = None,
    leave_out: Collection[str] = (),
    pool: list[Shown] | None = None,
    found: Path | None = None,
) -> Path:
    """Train the net by its recipe, or go on with it, and export what it is now; gives the file's path.

    A new run begins from the weights of another one's folder, `start`, where that is given; pages of the newspapers
    `leave_out` teach nothing; runs with the same `pool` share pages; `found` is a folder of pages as the reader finds
    them. Raises InputError where one of these newspapers, or a folder, holds no page with articles, and where `start`
    holds no checkpoint.
    """
    net = Linker(plan.links)
    if start is not None and not (run.folder / LAST).exists():
        net.load_state_dict(fit_features(load_learned(start), *read_features(start)))
    train(net, plan, run, make_lesson(plan, samples, leave_out, pool, found))
    return export_last(plan, run.folder)


def read_step(folder: Path) -> int:
    """How many steps a run has taken."""
    return int(torch.load(folder / LAST, map_location="cpu", weights_only=True)["step"])


def load_learned(folder: Path) -> dict[str, Tensor]:
    """The running mean of the weights of a run. Raises InputError where its folder holds no checkpoint."""
    if not (folder / LAST).exists():
        raise InputError(f"There is no checkpoint in {folder}: train there first, or begin from nothing.")
    state = torch.load(folder / LAST, map_location="cpu", weights_only=True)["averaged"]
    return {name.removeprefix(_MEAN): value for name, value in state.items() if name.startswith(_MEAN)}


def read_features(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The features of blocks and of pairs that the net of a run learned from; today's where it was never exported."""
    path = next(iter(sorted(folder.glob("*.onnx"))), None)
    if path is None:
        return BLOCK_FEATURES, PAIR_FEATURES
    card = load_net(path, threads=1).card
    return card.classes, card.views


def fit_features(
    weights: dict[str, Tensor], blocks: Sequence[str], pairs: Sequence[str]
) -> dict[str, Tensor]:
    """The weights of a net that learned from these features for one that is given today's: new ones weigh nothing."""
    if (tuple(blocks), tuple(pairs)) == (BLOCK_FEATURES, PAIR_FEATURES):
        return weights
    cells = -(-len(blocks) // len(pairs)) * len(pairs)  # that a block took
    of_block = [(place, BLOCK_FEATURES.index(name)) for place, name in enumerate(blocks)]
    of_pair = [(place, PAIR_FEATURES.index(name)) for place, name in enumerate(pairs)]
    own, pair = (cells, HEAD * WIDTH, of_block), (len(pairs), WIDTH, of_pair)
    layers = {
        "enter.0.weight": (own,),
        "relate.0.weight": (pair,),
        "glance.0.weight": (own, own, own, pair, pair),
    }
    return weights | {name: _move_columns(weights[name], parts) for name, parts in layers.items()}


def _move_columns(weight: Tensor, parts: Sequence[tuple[int, int, Sequence[tuple[int, int]]]]) -> Tensor:
    """A matrix whose inputs come in parts of so many, of which each has now so many, in other places."""
    moved = weight.new_zeros(len(weight), sum(after for _, after, _ in parts))
    first = start = 0
    for before, after, places in parts:
        for place, target in places:
            moved[:, start + target] = weight[:, first + place]
        first, start = first + before, start + after
    return moved


def export_last(plan: Recipe, folder: Path) -> Path:
    """Export the last checkpoint of a run."""
    training = Training(Linker(plan.links), plan.schedule, lambda links, batch: {})
    training.load(folder / LAST)
    path = folder / f"{plan.name}.onnx"
    export_links(training.averaged.module, make_links_card(plan, {"step": float(training.step)}), path)
    return path


def average_runs(plan: Recipe, runs: Sequence[Path], out: Path) -> Path:
    """Export the mean of the weights of runs into the folder `out`, which another run may start from; gives the file.

    Nets that began from one another, or from the same one, lie close enough together for their mean to be a net as
    good as asking all of them (Wortsman et al., Model soups, ICML 2022). Raises InputError where a run has no
    checkpoint, or one of other sizes than the recipe's.
    """
    net = Linker(plan.links)
    wanted = {name: value.shape for name, value in net.state_dict().items()}
    learned = [load_learned(run) for run in runs]
    for run, weights in zip(runs, learned, strict=True):
        if {name: value.shape for name, value in weights.items()} != wanted:
            raise InputError(
                f"The net in {run} has other sizes than {plan.name}: name the recipe it learned by."
            )
    mean = {name: torch.stack([weights[name] for weights in learned]).mean(0) for name in wanted}
    net.load_state_dict(mean)
    steps = sum(read_step(run) for run in runs)
    out.mkdir(parents=True, exist_ok=True)
    torch.save({"averaged": {_MEAN + name: value for name, value in mean.items()}, "step": steps}, out / LAST)
    path = out / f"{plan.name}.onnx"
    export_links(net.eval(), make_links_card(plan, {"step": float(steps)}), path)
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
    return replace(net.card, confidence=fit_scale(find_outcomes(net, truths)))


def find_outcomes(net: Net, truths: Iterable[NewsTruth]) -> list[tuple[float, bool]]:
    """The raw confidence of each article that is found on pages, and whether it is just a true one."""
    bare = replace(net, card=replace(net.card, confidence=()))
    outcomes: list[tuple[float, bool]] = []
    for truth in truths:
        right = {frozenset(article.blocks) for article in truth.articles}
        known = {block for article in truth.articles for block in article.blocks}
        for article in group(truth.layout, None, bare):
            if inside := frozenset(article.blocks) & known:
                outcomes.append((article.confidence, inside in right))
    return outcomes


class _Shipped(nn.Module):
    """The net with its answers as a plain tuple, which is what an ONNX file has."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, page: Tensor) -> tuple[Tensor, ...]:
        links = self.net(page)
        return tuple(getattr(links, name) for name in SHIPPED)
