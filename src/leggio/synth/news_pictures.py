"""Pictures for made-up newspapers. In: a size and a random generator. Out: a landscape or a figure, screened."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Tones = NDArray[np.float32]

_GAIN = 0.25  # how much lighter a picture is made, since its dots grow in print
_EDGE = 4.0  # how sharp the edges of dots and lines are


def draw_picture(shape: tuple[int, int], rng: np.random.Generator) -> Gray:
    """A picture of (height, width) pixels, 0 ink: a photograph in a halftone screen, or an engraving in lines."""
    tones = _draw_landscape(shape, rng) if rng.random() < 0.6 else _draw_figure(shape, rng)
    tones += 0.03 * cv2.resize(
        rng.normal(0, 1, (24, 24)).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    tones = np.clip(_GAIN + (1 - _GAIN) * tones, 0.03, 0.97)
    if rng.random() < 0.6:
        return _screen(tones, float(rng.uniform(3.2, 6.0)))
    return _engrave(tones, float(rng.uniform(3.5, 6.5)), float(rng.uniform(-0.6, 0.6)))


def _draw_landscape(shape: tuple[int, int], rng: np.random.Generator) -> Tones:
    """A sky, some ranges of hills, a sun, houses before them."""
    height, width = shape
    tones = np.repeat(np.linspace(0.95, 0.65, height, dtype=np.float32)[:, None], width, axis=1)
    sun = (int(rng.integers(width)), int(height * rng.uniform(0.1, 0.35)))
    cv2.circle(tones, sun, max(2, int(height * rng.uniform(0.03, 0.09))), 1.0, -1)
    x = np.arange(width) / width
    rows = np.arange(height)[:, None]
    for number in range(int(rng.integers(2, 5))):
        base = 0.35 + 0.17 * number
        waves = sum(
            rng.uniform(0.01, 0.06) * np.sin(2 * math.pi * (k * x + rng.random())) for k in (0.7, 1.6, 3.3, 7)
        )
        tones[rows > (base + waves) * height] = 0.75 - 0.16 * number + rng.uniform(-0.05, 0.05)
    for _ in range(int(rng.integers(0, 6))):
        _draw_house(tones, rng)
    return tones


def _draw_house(tones: Tones, rng: np.random.Generator) -> None:
    height, width = tones.shape
    size = int(height * rng.uniform(0.06, 0.2))
    x, y = int(rng.integers(width)), int(height * rng.uniform(0.6, 0.9))
    wall = float(rng.uniform(0.5, 0.95))
    cv2.rectangle(tones, (x, y), (x + size, y + size), wall, -1)
    roof = np.array([(x - size // 6, y), (x + size // 2, y - size // 2), (x + size + size // 6, y)], np.int32)
    cv2.fillPoly(tones, [roof], wall - 0.45)
    for window in (0.2, 0.6):
        corner = (x + int(size * window), y + size // 4)
        cv2.rectangle(tones, corner, (corner[0] + size // 5, corner[1] + size // 4), 0.15, -1)


def _draw_figure(shape: tuple[int, int], rng: np.random.Generator) -> Tones:
    """Heads and shoulders before a wall."""
    height, width = shape
    tones = np.full(shape, float(rng.uniform(0.55, 0.8)), np.float32)
    count = max(1, round(width / height * rng.uniform(0.8, 1.8)))
    for number in range(count):
        x = int(width * (number + rng.uniform(0.4, 0.6)) / count)
        size = height * float(rng.uniform(0.13, 0.2)) / (1 if count < 3 else 1.4)
        y, coat = int(height * rng.uniform(0.35, 0.48)), float(rng.uniform(0.08, 0.35))
        body = (int(2.1 * size), int(2.4 * size))
        cv2.ellipse(tones, (x, y + int(3.3 * size)), body, 0, 0, 360, coat, -1)
        cv2.ellipse(tones, (x, y), (int(0.8 * size), int(size)), 0, 0, 360, float(rng.uniform(0.5, 0.75)), -1)
        cv2.ellipse(
            tones, (x, y - int(0.45 * size)), (int(0.85 * size), int(0.65 * size)), 0, 180, 360, coat, -1
        )
        for side in (-1, 1):
            cv2.circle(tones, (x + side * int(0.3 * size), y), max(1, int(0.09 * size)), 0.1, -1)
    return np.asarray(cv2.GaussianBlur(tones, (0, 0), max(0.8, height / 150)), np.float32)


def _screen(tones: Tones, period: float) -> Gray:
    """Dots on a grid at 45 degrees, the larger the darker."""
    rows, columns = np.indices(tones.shape, dtype=np.float32)
    step = math.pi * math.sqrt(2) / period
    wave = (
        np.cos((rows + columns) * step / math.sqrt(2)) + np.cos((rows - columns) * step / math.sqrt(2))
    ) / 4 + 0.5
    return np.asarray(np.clip((tones - wave) * _EDGE + 0.5, 0, 1) * 255, np.uint8)


def _engrave(tones: Tones, period: float, slope: float) -> Gray:
    """Parallel lines, the thicker the darker."""
    rows, columns = np.indices(tones.shape, dtype=np.float32)
    wave = np.cos((rows + slope * columns + 1.5 * np.sin(columns / 40)) * 2 * math.pi / period) / 2 + 0.5
    return np.asarray(np.clip((tones - wave) * _EDGE + 0.5, 0, 1) * 255, np.uint8)
