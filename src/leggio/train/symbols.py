"""The symbol detector's targets and loss. In: samples of the page factory. Out: training crops, and the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from leggio.music.notation import SymbolKind
from leggio.synth.degrade import degrade
from leggio.synth.sample import STAFF_BIT, STROKE_BITS, Sample
from leggio.train.nets import Maps
from leggio.train.recipe import Crops

CLASSES = tuple(SymbolKind)
_INDEX = {kind: number for number, kind in enumerate(CLASSES)}
INKS = ("staffLine", *(kind.value for kind in STROKE_BITS))
_BITS = (STAFF_BIT, *STROKE_BITS.values())


class Batch(NamedTuple):
    """Training crops of size S: `image` (batch, 1, S, S) in [0, 1] with 1 = ink, and the heads' targets.

    `energy` (batch, 1, S/2, S/2) in [0, 1]; `ink` (batch, inks, S/2, S/2) in [0, 1]; `classes` (batch, S/4, S/4) with
    -1 outside of markers; `boxes` (batch, 2, S/4, S/4).
    """

    image: Tensor
    energy: Tensor
    ink: Tensor
    classes: Tensor
    boxes: Tensor


@dataclass(frozen=True, slots=True)
class Page:
    """A sample made ready for cutting: symbol centres (n, 2), sizes (n, 2) and classes (n,) as arrays."""

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    centres: NDArray[np.float32]
    sizes: NDArray[np.float32]
    classes: NDArray[np.int64]
    space: float


def prepare(sample: Sample) -> Page:
    boxes = [s.box for s in sample.truth.symbols]
    centres = np.array([(b.center.x, b.center.y) for b in boxes], np.float32).reshape(-1, 2)
    sizes = np.array([(b.width, b.height) for b in boxes], np.float32).reshape(-1, 2)
    classes = np.array([_INDEX[s.kind] for s in sample.truth.symbols], np.int64)
    return Page(sample.image, sample.mask, centres, sizes, classes, sample.truth.space)


def class_weights(pages: list[Page]) -> NDArray[np.float64]:
    """How often to look for each class: the inverse square root of how often it stands on the pages."""
    counts = np.bincount(np.concatenate([page.classes for page in pages]), minlength=len(CLASSES))
    weights: NDArray[np.float64] = np.where(counts > 0, 1 / np.sqrt(np.maximum(counts, 1)), 0.0)
    return weights


def _affine(
    page: Page, crops: Crops, focus: NDArray[np.float32], scale: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Page pixels to crop pixels: `focus` comes to a random place of the crop's middle half."""
    angle = math.radians(float(np.clip(rng.normal(0, crops.rotation), -3, 3)))
    stretch = 1 + rng.uniform(-crops.stretch, crops.stretch)
    c, s = math.cos(angle), math.sin(angle)
    linear = np.array([[c * scale * stretch, -s * scale], [s * scale * stretch, c * scale]])
    target = rng.uniform(0.25, 0.75, 2) * crops.size
    return np.hstack([linear, (target - linear @ focus)[:, None]])


def cut_crop(
    page: Page, crops: Crops, weights: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float32], ...]:
    """One aged crop and its targets, as arrays in the order of `Batch`."""
    size = crops.size
    chances = weights[page.classes] if rng.random() < crops.rare else np.ones(len(page.classes))
    if chances.sum() > 0 and rng.random() < crops.inhabited:
        focus = page.centres[rng.choice(len(page.classes), p=chances / chances.sum())]
    else:
        focus = (rng.random(2) * page.image.shape[::-1]).astype(np.float32)
    space = crops.space * math.exp(rng.uniform(-crops.scale_jitter, crops.scale_jitter))
    matrix = _affine(page, crops, focus, space / page.space, rng)
    # Age at the scan's own resolution, then scale to the net's, as the reader does with a real scan.
    zoom = max(1.0, rng.uniform(*crops.scan_space) / space)
    scan_size = math.ceil(size * zoom)
    scan = cv2.warpAffine(
        page.image, matrix * zoom, (scan_size, scan_size), flags=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=255.0,
    )  # fmt: skip
    aged = degrade(scan.astype(np.uint8), rng, space * zoom)
    image = cv2.resize(aged, (size, size), interpolation=cv2.INTER_AREA)
    planes = [
        cv2.warpAffine(((page.mask & bit) > 0).astype(np.uint8) * 255, matrix, (size, size)) for bit in _BITS
    ]
    centres = page.centres @ matrix[:, :2].T + matrix[:, 2]
    shift = _wave(size, crops.wave * space, rng) if rng.random() < 0.5 else None
    if shift is not None:
        image = _displace(image, shift)
        planes = [_displace(plane, shift) for plane in planes]
        columns = np.clip(centres[:, 0].astype(int), 0, size - 1)
        centres[:, 1] += shift[columns]
    half = (size // 2, size // 2)
    coverage = np.stack([cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in planes])
    # A staff line covers about half of a cell: twice its coverage makes that a clear yes.
    ink = np.minimum(coverage.astype(np.float32) / 255 * 2, 1)
    inside = ((centres > -crops.space) & (centres < size + crops.space)).all(axis=1)
    scaled = page.sizes[inside] * (space / page.space) / crops.space
    energy, classes, boxes = draw_markers(centres[inside], scaled, page.classes[inside], crops)
    return 1 - image[None].astype(np.float32) / 255, energy[None], ink, classes, boxes


def _wave(size: int, height: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """How far each column moves down: the mild curvature of a bound page."""
    x = np.arange(size) / size
    wave = rng.normal(0, height) * np.sin(2 * math.pi * (x * rng.uniform(0.3, 1.5) + rng.random()))
    return wave.astype(np.float32)


def _displace(image: NDArray[np.uint8], shift: NDArray[np.float32]) -> NDArray[np.uint8]:
    rows, columns = np.indices(image.shape, dtype=np.float32)
    moved = cv2.remap(image, columns, rows - shift[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8)


def draw_markers(
    centres: NDArray[np.float64], sizes: NDArray[np.float32], classes: NDArray[np.int64], crops: Crops
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The energy, class and box targets of one crop.

    `centres` (n, 2) in input pixels, `sizes` (n, 2) in staff spaces. Energy falls linearly from 1 at a symbol's centre
    to 0 at the marker's edge, overlaps take the maximum; class and box go to the nearest centre.
    """
    half, quarter = crops.size // 2, crops.size // 4
    energy = np.zeros((half, half), np.float32)
    named = np.full((quarter, quarter), -1, np.float32)
    boxes = np.zeros((2, quarter, quarter), np.float32)
    nearest = np.full((quarter, quarter), np.inf, np.float32)
    radius = crops.marker * crops.space
    for (x, y), size, kind in zip(centres, sizes, classes, strict=True):
        rows, columns = _window(y, x, radius, 2, half)
        if rows.size and columns.size:
            distance = np.hypot(columns[None] * 2 + 1 - x, rows[:, None] * 2 + 1 - y)
            cut = np.ix_(rows, columns)
            energy[cut] = np.maximum(energy[cut], np.clip(1 - distance / radius, 0, 1))
        rows, columns = _window(y, x, radius, 4, quarter)
        if rows.size and columns.size:
            distance = np.hypot(columns[None] * 4 + 2 - x, rows[:, None] * 4 + 2 - y).astype(np.float32)
            cut = np.ix_(rows, columns)
            closer = (distance < nearest[cut]) & (distance < radius)
            nearest[cut] = np.where(closer, distance, nearest[cut])
            named[cut] = np.where(closer, kind, named[cut])
            for axis in (0, 1):
                boxes[(axis, *cut)] = np.where(closer, math.log(max(size[axis], 0.05)), boxes[(axis, *cut)])
    return energy, named, boxes


def _window(
    y: float, x: float, radius: float, stride: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    def span(v: float) -> NDArray[np.int64]:
        return np.arange(max(0, int((v - radius) / stride)), min(limit, int((v + radius) / stride) + 1))

    return span(y), span(x)


def losses(maps: Maps, batch: Batch) -> dict[str, Tensor]:
    """The four losses, each a mean: energy, ink, class and box.

    Energy: binary cross-entropy against the soft target, weighted by the squared error so that the empty page does
    not drown the few centres (quality focal loss, Li et al. 2020). Class and box count only inside markers, as in
    the paper.
    """
    centres = (batch.energy > 0.8).sum().clamp(min=1)
    maps = maps._replace(energy=maps.energy.float(), ink=maps.ink.float())
    with torch.no_grad():
        weight = (torch.sigmoid(maps.energy) - batch.energy).square()
    energy = (weight * F.binary_cross_entropy_with_logits(maps.energy, batch.energy, reduction="none")).sum()
    ink = F.binary_cross_entropy_with_logits(maps.ink, batch.ink)
    chance = torch.sigmoid(maps.ink)
    overlap = 2 * (chance * batch.ink).sum((0, 2, 3)) + 1
    dice = (1 - overlap / (chance.square().sum((0, 2, 3)) + batch.ink.square().sum((0, 2, 3)) + 1)).mean()
    inside = batch.classes >= 0
    answers, sizes = (x.permute(0, 2, 3, 1)[inside] for x in (maps.classes, maps.boxes))
    named = F.cross_entropy(answers.float(), batch.classes[inside], label_smoothing=0.02)
    boxes = F.smooth_l1_loss(sizes.float(), batch.boxes.permute(0, 2, 3, 1)[inside], beta=0.1)
    return {"energy": energy / centres, "ink": ink + 0.1 * dice, "class": named, "box": boxes}
