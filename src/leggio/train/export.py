"""A trained net to one ONNX file with its card inside. In: a torch net and its recipe. Out: bytes on disk."""

from __future__ import annotations

import dataclasses
import json
import warnings
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from leggio.net import CARD_KEY, Card
from leggio.news.print_maps import PRINT, PRINT_STRIDE, PRINT_VIEWS
from leggio.news.views import BACKGROUND, MAPS, VIEWS, VIEWS_2017
from leggio.train.nets import ShippedDetector, WatershedDetector
from leggio.train.news_nets import NEWS_HEADS, News2017, NewsNet, PrintNet, ShippedNews, ShippedPrint
from leggio.train.recipe import Kind, Recipe
from leggio.train.symbols import CLASSES, INKS

STRIDE = 16
_HEADS = ("energy", "ink", "classes", "boxes")


def make_card(recipe: Recipe, measured: dict[str, float]) -> Card:
    """What the net's caller must know; `measured` are figures about the net by name."""
    return Card(
        name=recipe.name,
        classes=tuple(kind.value for kind in CLASSES),
        inks=INKS,
        space=recipe.crops.space,
        stride=STRIDE,
        licence=recipe.licence,
        recipe=json.dumps(dataclasses.asdict(recipe)),
        measured=json.dumps(measured),
        cut=recipe.heads.cut,
    )


def export(net: WatershedDetector, card: Card, path: Path) -> None:
    """Write the symbol detector as ONNX; the file appears whole or not at all."""
    axes = {"page": {2: "height", 3: "width"}} | {name: {2: f"{name}_h", 3: f"{name}_w"} for name in _HEADS}
    page = torch.zeros(1, 1, 4 * STRIDE, 6 * STRIDE)
    write_onnx(ShippedDetector(net), page, _HEADS, card, path, axes=axes)


def make_news_card(recipe: Recipe, measured: dict[str, float]) -> Card:
    """What the caller of a net for newspapers must know; `measured` are figures about the net by name."""
    old = recipe.net is Kind.NEWS_2017
    return Card(
        name=recipe.name,
        classes=(BACKGROUND,) if old else MAPS,
        inks=(),
        space=0.0,
        stride=1,
        licence=recipe.licence,
        recipe=json.dumps(dataclasses.asdict(recipe)),
        measured=json.dumps(measured),
        views=VIEWS_2017 if old else VIEWS,
        size=recipe.sheets.size,
    )


def export_news(net: NewsNet | News2017, card: Card, path: Path) -> None:
    """Write a net for newspapers as ONNX; the file appears whole or not at all."""
    assert card.size is not None
    heads = NEWS_HEADS if isinstance(net, NewsNet) else NEWS_HEADS[:1]
    write_onnx(ShippedNews(net), torch.zeros(1, len(card.views), *card.size), heads, card, path)


def make_print_card(recipe: Recipe, measured: dict[str, float]) -> Card:
    """What the caller of the net that sees print must know; `measured` are figures about the net by name."""
    return Card(
        name=recipe.name,
        classes=PRINT,
        inks=(),
        space=0.0,
        stride=PRINT_STRIDE,
        licence=recipe.licence,
        recipe=json.dumps(dataclasses.asdict(recipe)),
        measured=json.dumps(measured),
        views=PRINT_VIEWS,
    )


def export_print(net: PrintNet, card: Card, path: Path) -> None:
    """Write the net that sees print as ONNX; the file appears whole or not at all."""
    axes = {"page": {2: "height", 3: "width"}, "maps": {2: "maps_h", 3: "maps_w"}}
    page = torch.zeros(1, 1, 4 * PRINT_STRIDE, 6 * PRINT_STRIDE)
    write_onnx(ShippedPrint(net), page, ("maps",), card, path, axes=axes)


def write_onnx(
    shipped: nn.Module,
    page: Tensor,
    heads: tuple[str, ...],
    card: Card,
    path: Path,
    *,
    axes: dict[str, dict[int, str]] | None = None,
) -> None:
    """Write a net that answers `heads` to an input like `page` as ONNX; the file appears whole or not at all.

    `axes` are those of any length.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with warnings.catch_warnings():  # torch would like its newer exporter, which needs one more package
        warnings.simplefilter("ignore")
        torch.onnx.export(
            shipped.eval().cpu().float(), (page,), str(part), dynamo=False, opset_version=17,
            input_names=["page"], output_names=list(heads), dynamic_axes=axes or {},
        )  # fmt: skip
    write_card(part, card, path)


def write_card(source: Path, card: Card, path: Path) -> None:
    """Give the net in the ONNX file `source` this card and keep it at `path`, which appears whole or not at all."""
    graph = onnx.load(str(source))
    onnx.helper.set_model_props(graph, {CARD_KEY: card.to_text()})
    part = path.with_suffix(".part")
    onnx.save(graph, str(part))
    part.replace(path)
