"""What happens to a newspaper page between the press and the scan's reader. In: a crop. Out: the crop, soiled.

Planes are (height, width) float32, 1 is ink and 0 paper. Typeset pages come aged; this adds what a page's ageing has
little of: print that shows through from the back, dirt, folds, dark edges, uneven light, pale ink.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def soil(image: Plane, back: Plane, rng: np.random.Generator) -> Plane:
    """The crop as another scan would show it; `back` is what is printed on the other side, mirrored."""
    image = image.copy()
    if rng.random() < 0.35:
        image *= np.float32(rng.uniform(0.25, 1.0))  # pale
    if rng.random() < 0.4:
        image = _show_through(image, back, rng)
    if rng.random() < 0.3:
        image = _strew(image, rng)
    if rng.random() < 0.12:
        image = _darken_edges(image, rng)
    if rng.random() < 0.4:
        image = _shade(image, rng)
    if rng.random() < 0.4:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 1.1))), np.float32)
    if rng.random() < 0.5:
        image = image + rng.normal(0, rng.uniform(0.01, 0.08), image.shape).astype(np.float32)
    if rng.random() < 0.15:
        level = float(np.quantile(image, rng.uniform(0.8, 0.93)))
        image = (image > max(level, 0.15)).astype(np.float32)
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 0.6))), np.float32)
    if rng.random() < 0.4:
        paper, ink = rng.uniform(0.0, 0.3), rng.uniform(0.6, 1.0)
        image = np.float32(paper) + image * np.float32(max(ink - paper, 0.2))
    image = np.clip(image, 0, 1)
    if rng.random() < 0.3:
        image = _compress(image, int(rng.integers(15, 75)))
    return np.ascontiguousarray(image, np.float32)


def _show_through(image: Plane, back: Plane, rng: np.random.Generator) -> Plane:
    shown = cv2.GaussianBlur(back, (0, 0), float(rng.uniform(0.4, 2.0))) * np.float32(rng.uniform(0.08, 0.6))
    if rng.random() < 0.5:  # paper lets more through in one place than in another
        shown *= _draw_clouds(image.shape, rng, 0.0, 1.0)
    darker = rng.random() < 0.5
    return np.asarray(np.maximum(image, shown) if darker else image + shown * (1 - image), np.float32)


def _draw_clouds(shape: tuple[int, ...], rng: np.random.Generator, low: float, high: float) -> Plane:
    coarse = rng.uniform(low, high, (int(rng.integers(2, 6)), int(rng.integers(2, 6)))).astype(np.float32)
    clouds = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(clouds, np.float32).clip(low, high)


def _strew(image: Plane, rng: np.random.Generator) -> Plane:
    """Specks, blots, scratches and folds."""
    size = image.shape[0]
    dirt = np.zeros_like(image)
    where = _draw_clouds(image.shape, rng, -0.5, 1.0).clip(0)
    specks = rng.random(image.shape) < rng.uniform(0.0005, 0.03) * where
    dirt[specks] = 1
    if rng.random() < 0.6:
        grown = np.ones((int(rng.integers(1, 4)), int(rng.integers(1, 4))), np.uint8)
        dirt = np.asarray(cv2.dilate(dirt, grown), np.float32)
    for _ in range(int(rng.integers(0, 6))):
        middle = int(rng.integers(size)), int(rng.integers(size))
        axes = int(rng.integers(1, 14)), int(rng.integers(1, 14))
        cv2.ellipse(dirt, middle, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.3, 1)), -1)
    for _ in range(int(rng.integers(0, 3))):
        start = int(rng.integers(size)), int(rng.integers(size))
        end = int(rng.integers(size)), int(rng.integers(size))
        cv2.line(dirt, start, end, float(rng.uniform(0.2, 0.9)), 1, cv2.LINE_AA)
    dirt = cv2.GaussianBlur(dirt, (0, 0), float(rng.uniform(0.3, 1.0))) * np.float32(rng.uniform(0.3, 1.0))
    return np.asarray(np.maximum(image, dirt), np.float32)


def _darken_edges(image: Plane, rng: np.random.Generator) -> Plane:
    """The dark beyond the paper's edge at one side of the crop."""
    size = image.shape[0]
    wide = int(rng.uniform(0.02, 0.25) * size)
    dark = np.zeros_like(image)
    dark[:, :wide] = rng.uniform(0.5, 1.0)
    dark = np.rot90(dark, int(rng.integers(4)))
    dark = cv2.GaussianBlur(np.ascontiguousarray(dark), (0, 0), float(rng.uniform(0.5, 6)))
    return np.asarray(np.maximum(image, dark), np.float32)


def _shade(image: Plane, rng: np.random.Generator) -> Plane:
    """Light that falls unevenly: darker paper here and there."""
    shade = _draw_clouds(image.shape, rng, 0.0, float(rng.uniform(0.05, 0.3)))
    return np.asarray(image + shade * (1 - image), np.float32)


def _compress(image: Plane, quality: int) -> Plane:
    _, coded = cv2.imencode(".jpg", (255 - image * 255).astype(np.uint8), (cv2.IMWRITE_JPEG_QUALITY, quality))
    grey = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.float32)
    return np.asarray(1 - grey / 255, np.float32)
