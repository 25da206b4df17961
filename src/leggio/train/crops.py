"""Training crops. In: samples of the page factory. Out: aged cuts of them with their targets, as arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.synth.degrade import degrade
from leggio.synth.sample import STAFF_BIT, STROKE_BITS, Sample
from leggio.train.recipe import Crops
from leggio.train.symbols import CLASSES, INK_KINDS, draw_markers

_INDEX = {kind: number for number, kind in enumerate(CLASSES)}
_BITS = (STAFF_BIT, *(STROKE_BITS[kind] for kind in INK_KINDS))


@dataclass(frozen=True, slots=True)
class Page:
    """A sample made ready for cutting: symbol centres (n, 2), sizes (n, 2) and classes (n,) as arrays."""

    image: NDArray[np.uint8]
    mask: NDArray[np.uint16]
    centres: NDArray[np.float32]
    sizes: NDArray[np.float32]
    classes: NDArray[np.int64]
    space: float


def prepare(sample: Sample) -> Page:
    """A sample as arrays, once for all the crops that will be cut from it."""
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


def cut_crop(
    page: Page, crops: Crops, weights: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float32], ...]:
    """One aged crop and its targets, as arrays in the order of `Batch`, without its first axis."""
    size = crops.size
    focus = _choose_focus(page, crops, weights, rng)
    space = crops.space * math.exp(rng.uniform(-crops.scale_jitter, crops.scale_jitter))
    matrix = _affine(page, crops, focus, space / page.space, rng)
    page, matrix = _cut_neighbourhood(page, crops, matrix)
    image = _scan_crop(page, crops, matrix, space, rng)
    planes = [
        cv2.warpAffine(((page.mask & bit) > 0).astype(np.uint8) * 255, _on_pixels(matrix), (size, size))
        for bit in _BITS
    ]
    centres = page.centres @ matrix[:, :2].T + matrix[:, 2]
    if rng.random() < 0.5:
        shift = _wave(size, crops.wave * space, rng)
        image = _displace(image, shift)
        planes = [_displace(plane, shift) for plane in planes]
        centres[:, 1] += shift[np.clip(centres[:, 0].astype(int), 0, size - 1)]
    half = (size // 2, size // 2)
    coverage = np.stack([cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in planes])
    # A staff line covers about half of a cell: twice its coverage makes that a clear yes.
    ink = np.minimum(coverage.astype(np.float32) / 255 * 2, 1).astype(np.float32)
    inside = ((centres > -crops.space) & (centres < size + crops.space)).all(axis=1)
    scaled = page.sizes[inside] * (space / page.space) / crops.space
    energy, classes, boxes = draw_markers(centres[inside], scaled, page.classes[inside], crops)
    blackness = (1 - image[None].astype(np.float32) / 255).astype(np.float32)
    return blackness, energy[None], ink, classes, boxes


def _choose_focus(
    page: Page, crops: Crops, weights: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float32]:
    """What the crop is cut around: a symbol, drawn by rarity or evenly, or any place of the page."""
    chances = weights[page.classes] if rng.random() < crops.rare else np.ones(len(page.classes))
    if chances.sum() > 0 and rng.random() < crops.inhabited:
        return page.centres[rng.choice(len(page.classes), p=chances / chances.sum())]
    return (rng.random(2) * page.image.shape[::-1]).astype(np.float32)


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


def _cut_neighbourhood(
    page: Page, crops: Crops, matrix: NDArray[np.float64]
) -> tuple[Page, NDArray[np.float64]]:
    """The part of the page that a crop shows and a little around it, and the crop's matrix for that part."""
    around = crops.space * 2
    corners = np.array(
        [[x, y] for x in (-around, crops.size + around) for y in (-around, crops.size + around)]
    )
    seen = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    height, width = page.image.shape
    # A crop may lie wholly beyond the edge; one pixel of paper is left then.
    x0, y0 = np.clip(np.floor(seen.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    x1, y1 = np.clip(np.ceil(seen.max(axis=0)).astype(int), (x0 + 1, y0 + 1), (width, height))
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ (x0, y0)
    part = replace(
        page, image=page.image[y0:y1, x0:x1], mask=page.mask[y0:y1, x0:x1], centres=page.centres - (x0, y0)
    )
    return part, moved


def _on_pixels(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix as OpenCV wants it: it counts from the middle of a pixel, boxes and centres from its corner."""
    shift = matrix[:, :2].sum(axis=1) * 0.5 - 0.5
    return np.hstack([matrix[:, :2], matrix[:, 2:] + shift[:, None]])


def _scan_crop(
    page: Page, crops: Crops, matrix: NDArray[np.float64], space: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Age at the scan's own resolution, then scale to the net's, as the reader does with a real scan."""
    zoom = max(1.0, rng.uniform(*crops.scan_space) / space)
    scan_size = math.ceil(crops.size * zoom)
    scan = cv2.warpAffine(
        page.image, _on_pixels(matrix * zoom), (scan_size, scan_size), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=255.0,
    )  # fmt: skip
    clean = crops.clean > 0 and rng.random() < crops.clean
    aged = scan.astype(np.uint8) if clean else degrade(scan.astype(np.uint8), rng, space * zoom)
    return cv2.resize(aged, (crops.size, crops.size), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _wave(size: int, height: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """How far each column moves down: the mild curvature of a bound page."""
    x = np.arange(size) / size
    wave = rng.normal(0, height) * np.sin(2 * math.pi * (x * rng.uniform(0.3, 1.5) + rng.random()))
    return wave.astype(np.float32)


def _displace(image: NDArray[np.uint8], shift: NDArray[np.float32]) -> NDArray[np.uint8]:
    rows, columns = np.indices(image.shape, dtype=np.float32)
    moved = cv2.remap(image, columns, rows - shift[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8)
