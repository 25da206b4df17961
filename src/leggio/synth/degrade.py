"""Age a clean page until it looks scanned. In: a clean image and a random generator. Out: an image of the same size.

Every step keeps the geometry, so truth stays true; skew and warp are in `warp`, which moves image and truth together.
Sizes are in staff spaces, so that a page ages alike at every resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
_Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ageing:
    """How strong each kind of ageing may get; probabilities in [0, 1], lengths in staff spaces."""

    blur: float = 0.055
    bilevel: float = 0.6
    noise: float = 0.12
    specks: float = 0.5
    fade: float = 0.5
    border: float = 0.15
    bleed: float = 0.1


def degrade(image: Gray, rng: np.random.Generator, space: float, ageing: Ageing | None = None) -> Gray:
    """Age one page or a cut of it.

    `image` is (height, width) uint8, 0 ink and 255 paper; `space` is its staff space in pixels.
    """
    ageing = ageing or Ageing()
    ink = 1.0 - image.astype(np.float32) / 255.0
    if rng.random() < ageing.bleed:
        ink = np.maximum(ink, rng.uniform(0.1, 0.35) * _blur(ink[:, ::-1], space * 0.08))
    ink = _blur(ink, space * rng.uniform(0.012, ageing.blur))
    ink = _spread_ink(ink, rng, space, ageing)
    if rng.random() < ageing.specks:
        ink = _add_specks(ink, rng, space)
    if rng.random() < ageing.border:
        ink = _add_border(ink, rng, space)
    if rng.random() < ageing.bilevel:
        return _scan_bilevel(ink, rng, space)
    grey = _scan_grey(ink, rng, space, ageing)
    return _compress(grey, rng) if rng.random() < 0.4 else grey


def _field(shape: tuple[int, int], cell: float, rng: np.random.Generator) -> _Float:
    """Smooth noise, mean 0 and deviation about 1, that changes over `cell` pixels."""
    rows, columns = max(2, int(shape[0] / cell) + 2), max(2, int(shape[1] / cell) + 2)
    coarse = rng.standard_normal((rows, columns)).astype(np.float32)
    field: _Float = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return field


def _blur(picture: _Float, deviation: float) -> _Float:
    blurred: _Float = cv2.GaussianBlur(picture, (0, 0), deviation)
    return blurred


def _spread_ink(ink: _Float, rng: np.random.Generator, space: float, ageing: Ageing) -> _Float:
    """Ink spread: the level at which grey becomes black, drifting over the page and rough at the edges."""
    shape = (ink.shape[0], ink.shape[1])
    start = 0.5 + rng.uniform(-0.28, 0.10)
    level = start + rng.uniform(0, 0.10) * _field(shape, space * rng.uniform(3, 12), rng)
    level += rng.uniform(0, 0.13) * _field(shape, max(1.5, space * rng.uniform(0.07, 0.2)), rng)
    if rng.random() < ageing.fade:  # worn type: thin strokes break in places
        level += rng.uniform(0, 0.14) * np.maximum(_field(shape, space * rng.uniform(0.3, 1.5), rng), 0)
    softness = rng.uniform(0.02, 0.25)
    return np.clip((ink - level) / softness + 0.5, 0, 1).astype(np.float32)


def _scan_bilevel(ink: _Float, rng: np.random.Generator, space: float) -> Gray:
    """A scan in black and white, without grey."""
    ink = _blur(ink, max(0.3, space * rng.uniform(0.01, 0.03)))
    black = (ink > rng.uniform(0.35, 0.65)).astype(np.float32)
    return ((1 - black) * 255).astype(np.uint8)


def _scan_grey(ink: _Float, rng: np.random.Generator, space: float, ageing: Ageing) -> Gray:
    """A scan in grey: the tone of paper and ink, the scanner's lens and its noise."""
    shape = (ink.shape[0], ink.shape[1])
    paper = rng.uniform(0.6, 1.0) + rng.uniform(0, 0.04) * _field(shape, space * rng.uniform(4, 30), rng)
    black = rng.uniform(0.0, 0.35)
    toned = paper * (1 - ink) + np.minimum(black, paper - 0.2) * ink
    grey = _blur(toned.astype(np.float32), max(0.3, space * rng.uniform(0.01, 0.05)))
    grey += rng.uniform(0, ageing.noise / 2) * rng.standard_normal(shape).astype(np.float32)
    return (np.clip(grey, 0, 1) * 255).astype(np.uint8)


def _compress(grey: Gray, rng: np.random.Generator) -> Gray:
    """What a JPEG file keeps of the scan."""
    quality = int(rng.integers(25, 90))
    _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded: Gray | None = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return decoded.astype(np.uint8)


def _add_specks(ink: _Float, rng: np.random.Generator, space: float) -> _Float:
    """Dust, hairs and holes: small dark specks on paper and small bright ones in ink."""
    height, width = ink.shape
    count = rng.poisson(rng.uniform(0, 2.2) ** 2 * height * width / (space * 30) ** 2)
    for _ in range(min(count, 4000)):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        radius = space * rng.gamma(1.5, 0.03)
        value = 1.0 if rng.random() < 0.75 else 0.0
        axes = (max(0, round(radius)), max(0, round(radius * rng.uniform(0.4, 1))))
        cv2.ellipse(ink, centre, axes, float(rng.uniform(0, 180)), 0, 360, value, -1)
    return ink


def _add_border(ink: _Float, rng: np.random.Generator, space: float) -> _Float:
    """A dark edge where the scanner saw past the paper."""
    depth = max(1, int(space * rng.uniform(0.2, 3)))
    edge = _field((depth * 2, max(ink.shape)), space * 2, rng)[0] * depth * 0.3 + depth
    turns = int(rng.integers(4))
    turned = np.ascontiguousarray(np.rot90(ink, turns))
    rows = np.arange(turned.shape[0])[:, None]
    turned[rows < edge[None, : turned.shape[1]]] = rng.uniform(0.7, 1.0)
    return np.ascontiguousarray(np.rot90(turned, -turns))
