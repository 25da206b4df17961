"""What a device makes of a page. In: what the page gives back, as light, and a random generator. Out: an image of it.

Light is (height, width) float32, 1 white and 0 black; an image is uint8 of the same size. `space` is the staff space in
pixels; `strength` is in (0, 1].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.synth.paper import Picture, blur, smooth_noise

Gray = NDArray[np.uint8]

_LEAST_SPACE = 9.5  # pixels: below, nobody can tell the heads of a chord apart
_KEPT_INK = (0.95, 0.999)  # share of the print: lines break, but a staff is never lost


@dataclass(frozen=True, slots=True)
class Bilevel:
    """How a page becomes black and white.

    `level`: the light below which a pixel turns black. `fine`: seen at twice the resolution, then averaged down.
    `coarse`: how much lower the resolution is at which it is seen, then scaled up; 0 the same, 1 the lowest.
    `despeckle`: lone pixels are taken away, as many scanners do.
    """

    level: float
    fine: bool = False
    coarse: float = 0.0
    despeckle: bool = False


def scan_bilevel(light: Picture, printed: Gray, rng: np.random.Generator, space: float, how: Bilevel) -> Gray:
    """A scan in black and white: what gives back little light, after the lens and the sensor's noise.

    `printed` is the page as it was engraved: most of its ink turns black, however light the scan.
    """
    light = blur(light, max(0.3, space * rng.uniform(0.01, 0.035)))
    light += smooth_noise(
        (light.shape[0], light.shape[1]), rng.choice((1.0, 1.6)), rng, rng.uniform(0, 0.2) ** 1.5
    )
    tones = _to_bytes(light)
    size = tones.shape[::-1]
    if how.fine:
        tones = cv2.resize(tones, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
        printed = cv2.resize(printed, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    elif how.coarse:
        scale = max(_LEAST_SPACE / space, 1 - 0.5 * how.coarse)
        if scale < 0.95 and min(size) * scale >= 1:
            tones = cv2.resize(tones, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            printed = cv2.resize(printed, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kept = keep_ink(tones, printed, 0.99 if how.coarse else rng.uniform(*_KEPT_INK))
    black = np.where(tones < max(how.level * 255, kept), np.uint8(0), np.uint8(255))
    if how.despeckle:
        black = cv2.medianBlur(black, 3)
    if black.shape[::-1] != size:
        up = int(rng.choice((cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)))
        black = cv2.resize(black, size, interpolation=cv2.INTER_AREA if how.fine else up)
    return np.asarray(black, np.uint8)


def keep_ink(tones: NDArray[np.generic], printed: Gray, share: float) -> float:
    """The tone below which, or just beside, lies this share of what was printed dark; 0 on a blank page.

    Thin lines would else go as a whole where a page is light, and nobody could read it.
    """
    ink = np.flatnonzero(printed < 128)
    if ink.size == 0:
        return 0.0
    darkest = cv2.erode(tones, np.ones((3, 3), np.uint8)).ravel()
    step = max(1, ink.size // 5000)  # some thousand places tell the share of all
    return float(np.quantile(darkest[ink[::step]], share))


def even_light(light: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Light against the light around it, as adaptive thresholds see it: wide blobs turn hollow, noise comes up."""
    around = blur(light, space * rng.uniform(1.5, 4))  # wide enough that heads stay filled
    return np.asarray(light - (0.5 + 0.4 * strength) * around + 0.5, np.float32)


def scan_grey(
    light: Picture, rng: np.random.Generator, space: float, noise: float, contrast: float, sharpen: float
) -> Gray:
    """A scan in grey: the lens, the sensor's noise, the halos of sharpening, and the tone curve somebody chose."""
    grey = blur(light, max(0.3, space * rng.uniform(0.01, 0.05)))
    if noise:
        shape = (grey.shape[0], grey.shape[1])
        grey += smooth_noise(shape, rng.choice((1.0, 1.5, 2.2)), rng, 0.045 * noise)
    if sharpen:
        grey += (0.3 + 1.2 * sharpen) * (grey - blur(grey, space * rng.uniform(0.04, 0.14)))
    if contrast:
        paper = float(np.median(grey[::7, ::7]))
        white = paper * (1 + contrast * rng.uniform(-0.15, 0.25))
        grey = (grey - 0.3 * contrast * rng.uniform(-0.3, 1) * paper) / white * rng.uniform(0.85, 1.05)
        gamma = math.exp(rng.normal(0, 0.35 * contrast))
        return np.asarray(cv2.LUT(_to_bytes(grey), _to_bytes((np.arange(256) / 255) ** gamma)), np.uint8)
    return _to_bytes(grey)


def light_photo(light: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """A photo's light: it falls off to one side and to the corners; a hand or a phone throws a soft shadow."""
    height, width = light.shape
    y, x = np.mgrid[-1:1:24j, -1:1:24j].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    field = 1 - strength * rng.uniform(0.1, 0.35) * (1 + math.cos(angle) * x + math.sin(angle) * y) / 2
    field = field * (1 - strength * rng.uniform(0, 0.2) * (x * x + y * y))
    shading = cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.6:
        shading = shading * (1 - strength * _throw_shadow((height, width), rng, space))
    lit = light * shading * rng.uniform(0.75, 1.05)
    if rng.random() < 0.5:  # sharp in one place, less so in another
        soft = np.clip(0.5 + 0.3 * smooth_noise((height, width), max(height, width), rng), 0, 1)
        lit = lit + soft * (blur(lit, space * rng.uniform(0.05, 0.12)) - lit)
    return np.asarray(lit, np.float32)


def _throw_shadow(shape: tuple[int, int], rng: np.random.Generator, space: float) -> Picture:
    """How much of the light a blob at the edge of the picture takes away, with its half-shadow."""
    scale = 64 / max(shape)
    small = np.zeros((max(2, round(shape[0] * scale)), max(2, round(shape[1] * scale))), np.float32)
    if rng.random() < 0.5:  # a straight edge, as of a phone
        angle, offset = rng.uniform(0, 2 * math.pi), rng.uniform(-20, 20)
        rows, columns = np.indices(small.shape, dtype=np.float32)
        across = (columns - small.shape[1] / 2) * math.cos(angle) + (rows - small.shape[0] / 2) * math.sin(
            angle
        )
        small[across > offset] = 1
    else:  # a hand: a palm and fingers
        x, y = rng.random(2) * (small.shape[1], small.shape[0])
        for _ in range(int(rng.integers(2, 7))):
            axes = (int(rng.integers(3, 8)), int(rng.integers(10, 30)))
            place = (int(x + rng.normal(0, 6)), int(y + rng.normal(0, 6)))
            cv2.ellipse(small, place, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.8, 6))
    return np.asarray(cv2.resize(small, shape[::-1]) * rng.uniform(0.15, 0.5), np.float32)


def shade_spine(light: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """The page sinks into the spine of its book, or lifts from the glass: it darkens towards one side."""
    turns = int(rng.integers(4)) if rng.random() < 0.3 else int(rng.choice((0, 2)))
    # The shade is smooth: a quarter of the size is enough to draw it at.
    rows, columns = (math.ceil(side / 4) for side in light.shape)
    long, across = (columns, rows) if turns % 2 == 0 else (rows, columns)
    # A deep shade is a narrow one: it must not swallow music that the truth says is there.
    reach = space / 4 * rng.uniform(1, 9) * (1 - 0.8 * strength)
    bow = reach * 0.3 * np.sin(np.linspace(0, math.pi, across) * rng.uniform(0.5, 1.5) + rng.uniform(0, 3))
    depth = np.maximum(np.arange(long)[None] + bow[:, None], 0)
    dark = np.rot90((0.15 + 0.45 * strength) * np.exp(-depth / reach), turns).astype(np.float32)
    return np.asarray(light * (1 - cv2.resize(dark, light.shape[::-1])), np.float32)


def overlay_screen(light: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """A printed or scanned screen, and the moire of two grids: waves across the page."""
    height, width = light.shape
    for _ in range(int(rng.integers(1, 3))):
        period, angle = space * math.exp(rng.uniform(math.log(0.12), math.log(1.5))), rng.uniform(0, math.pi)
        step = 2 * math.pi / max(period, 2.2)
        rows = (np.arange(height) * step * math.sin(angle)).astype(np.float32)[:, None]
        columns = (np.arange(width) * step * math.cos(angle)).astype(np.float32)[None]
        # sin(a + b) from the sines of rows and columns: no sine for each pixel.
        wave = np.sin(rows) * np.cos(columns) + np.cos(rows) * np.sin(columns)
        light = light * (1 + (0.005 + 0.035 * strength) * wave)
    return light.astype(np.float32)


def add_border(image: Gray, rng: np.random.Generator, space: float) -> Gray:
    """A dark edge where the scanner saw past the paper: ragged, and as crooked as the page lies."""
    turned = np.ascontiguousarray(np.rot90(image, turns := int(rng.integers(4))))
    depth = space * rng.uniform(0.1, 1.6)
    long = turned.shape[1]
    edge = depth * (1 + 0.1 * smooth_noise((2, long), space * rng.uniform(0.5, 9), rng)[0])
    edge += rng.uniform(0, 0.8) * smooth_noise((2, long), 1.5, rng)[0]
    edge += np.linspace(0, np.clip(rng.normal(0, 0.01), -0.02, 0.02) * long, long)
    deepest = min(turned.shape[0], max(1, math.ceil(float(edge.max()))))
    inside = np.clip(np.maximum(edge, 1)[None] - np.arange(deepest)[:, None], 0, 1)
    band = turned[:deepest]
    band[:] = band * (1 - inside) + inside * (0 if rng.random() < 0.7 else rng.integers(10, 90))
    return np.ascontiguousarray(np.rot90(turned, -turns))


def compress(image: Gray, rng: np.random.Generator) -> Gray:
    """What a JPEG file keeps."""
    quality = int(rng.integers(25, 92))
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded: Gray | None = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return decoded


def _to_bytes(light: NDArray[np.floating]) -> Gray:
    scaled = light * 255
    return np.asarray(np.clip(scaled, 0, 255, out=scaled), np.uint8)
