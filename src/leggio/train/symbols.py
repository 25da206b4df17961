"""The symbol detector: its targets and its loss. In: symbols of a crop, the net's maps. Out: arrays, losses."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from leggio.music.notation import StrokeKind, SymbolKind
from leggio.synth.sample import STROKE_BITS
from leggio.train.nets import SMALLEST, Maps
from leggio.train.recipe import Crops, Heads, Sizes

CLASSES = tuple(SymbolKind)
INK_KINDS = tuple(kind for kind in STROKE_BITS if kind is not StrokeKind.TIE)  # ties are slur ink
INKS = ("staffLine", *(kind.value for kind in INK_KINDS))


class Batch(NamedTuple):
    """Training crops of size S: `image` (batch, 1, S, S) in [0, 1] with 1 = ink, and the heads' targets.

    `energy` (batch, 1, S/2, S/2) in [0, 1]; `ink` (batch, inks, S/2, S/2) in [0, 1]; `classes` (batch, S/4, S/4) with
    -1 outside of markers; `boxes` (batch, 2, S/4, S/4) log(width), log(height) in staff spaces.
    """

    image: Tensor
    energy: Tensor
    ink: Tensor
    classes: Tensor
    boxes: Tensor


def draw_markers(
    centres: NDArray[np.float64], sizes: NDArray[np.float32], classes: NDArray[np.int64], crops: Crops
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The energy, class and box targets of one crop.

    `centres` (n, 2) in input pixels, `sizes` (n, 2) in staff spaces. Energy falls linearly from 1 at a symbol's centre
    to 0 at the marker's edge, overlaps take the maximum; class and box go to the nearest centre, within a marker of
    their own size.
    """
    half, quarter = crops.size // 2, crops.size // 4
    energy = np.zeros((half, half), np.float32)
    named = np.full((quarter, quarter), -1, np.float32)
    boxes = np.zeros((2, quarter, quarter), np.float32)
    nearest = np.full((quarter, quarter), np.inf, np.float32)
    radius, class_radius = crops.marker * crops.space, crops.class_marker * crops.space
    for (x, y), size, kind in zip(centres, sizes, classes, strict=True):
        rows, columns = _window(y, x, radius, 2, half)
        if rows.size and columns.size:
            distance = np.hypot(columns[None] * 2 + 1 - x, rows[:, None] * 2 + 1 - y)
            cut = np.ix_(rows, columns)
            energy[cut] = np.maximum(energy[cut], np.clip(1 - distance / radius, 0, 1))
        rows, columns = _window(y, x, class_radius, 4, quarter)
        if rows.size and columns.size:
            distance = np.hypot(columns[None] * 4 + 2 - x, rows[:, None] * 4 + 2 - y).astype(np.float32)
            cut = np.ix_(rows, columns)
            closer = (distance < nearest[cut]) & (distance < class_radius)
            nearest[cut] = np.where(closer, distance, nearest[cut])
            named[cut] = np.where(closer, kind, named[cut])
            for axis in (0, 1):
                boxes[(axis, *cut)] = np.where(
                    closer, math.log(max(size[axis], SMALLEST)), boxes[(axis, *cut)]
                )
    return energy, named, boxes


def _window(
    y: float, x: float, radius: float, stride: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    def span(v: float) -> NDArray[np.int64]:
        return np.arange(max(0, int((v - radius) / stride)), min(limit, int((v + radius) / stride) + 1))

    return span(y), span(x)


def quantise(energy: Tensor, levels: int) -> Tensor:
    """The nearest of so many evenly spaced levels, 0 the lowest: (batch, 1, H, W) in [0, 1] to (batch, H, W) int64."""
    return (energy[:, 0] * (levels - 1)).round().long()


def losses(maps: Maps, batch: Batch, heads: Heads) -> dict[str, Tensor]:
    """The four losses, each a mean: energy, ink, class and box. Class and box count only inside markers, as in the
    paper; `heads` says by which measure energy and box are judged.
    """
    maps = maps._replace(energy=maps.energy.float(), ink=maps.ink.float())
    levels = heads.energy_levels
    if levels == 1:
        energy = _focal_loss(maps.energy, batch.energy)
    else:
        energy = F.cross_entropy(maps.energy, quantise(batch.energy, levels))
    ink = F.binary_cross_entropy_with_logits(maps.ink, batch.ink)
    chance = torch.sigmoid(maps.ink)
    overlap = 2 * (chance * batch.ink).sum((0, 2, 3)) + 1
    dice = (1 - overlap / (chance.square().sum((0, 2, 3)) + batch.ink.square().sum((0, 2, 3)) + 1)).mean()
    inside = batch.classes >= 0
    answers, sizes = (x.permute(0, 2, 3, 1)[inside] for x in (maps.classes, maps.boxes))
    cells = max(1, len(answers))  # a batch of empty crops has none, and a mean of nothing is not a number
    named = (
        F.cross_entropy(
            answers.float(), batch.classes[inside], label_smoothing=heads.smoothing, reduction="sum"
        )
        / cells
    )
    targets = batch.boxes.permute(0, 2, 3, 1)[inside]
    if heads.boxes is Sizes.LOG:
        boxes = F.smooth_l1_loss(sizes.float(), targets, beta=0.1, reduction="sum")
    else:
        boxes = F.mse_loss(sizes.float(), targets.exp(), reduction="sum")
    return {"energy": energy, "ink": ink + 0.1 * dice, "class": named, "box": boxes / (2 * cells)}


def _focal_loss(logits: Tensor, energy: Tensor) -> Tensor:
    """Binary cross-entropy against the soft target, for each centre.

    It is weighted by the squared error, so that the empty page does not drown the few centres (quality focal loss, Li
    et al. 2020).
    """
    with torch.no_grad():
        weight = (torch.sigmoid(logits) - energy).square()
    total = (weight * F.binary_cross_entropy_with_logits(logits, energy, reduction="none")).sum()
    return total / (energy > 0.8).sum().clamp(min=1)
