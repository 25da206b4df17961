"""The grey page of a page that has no picture. In: a layout. Out: a plane in which its lines look like small type.

At the few hundred pixels that a net sees of a page, type is a grey band with gaps; more is not drawn.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Layout
from leggio.news.views import Frame, Plane, find_lines, find_pictures, paint

_INK = (0.25, 0.55)  # darkness of lines of small type, seen from afar
_BOLD = 0.25  # how much darker type of twice the height is
_GRAIN = 0.35  # how uneven the darkness of a line is
_PAPER = (0.0, 0.2)  # darkness of paper
_SHADE = 0.12  # how much darker one corner of a page may be than another
_NOISE = (0.005, 0.05)  # standard deviation of the scanner's noise


def imitate_grey(layout: Layout, frame: Frame, rng: np.random.Generator) -> Plane:
    """(height, width) in [0, 1], 1 is ink: lines, pictures and rules as a scan of the page might show them."""
    shape = (frame.height, frame.width)
    lines = find_lines(layout)
    fill = rng.uniform(0.55, 0.85)  # share of a line's height that type fills
    bands = [line.grow(0, -line.height * (1 - fill) / 2) for line in lines]
    ink = paint(bands, _shade_lines(lines, rng).tolist(), frame)
    ink *= 1 + _GRAIN * (rng.random(shape, np.float32) - 0.5) * 2
    for box in find_pictures(layout):
        _paint_picture(ink, frame.place(box), rng)
    rules = [rule.box for rule in layout.rules]
    ink = np.maximum(ink, paint(rules, [rng.uniform(0.5, 1.0)] * len(rules), frame))
    corners = rng.uniform(0, _SHADE, (2, 2)).astype(np.float32)
    page = Box(0, 0, layout.width, layout.height)
    paper = paint([page], [1.0], frame)  # beyond the page the input is white
    paper *= rng.uniform(*_PAPER) + cv2.resize(corners, shape[::-1])
    noise = rng.normal(0, rng.uniform(*_NOISE), shape).astype(np.float32)
    return np.clip(1 - (1 - paper) * (1 - ink) + noise, 0, 1).astype(np.float32)


def _shade_lines(lines: list[Box], rng: np.random.Generator) -> NDArray[np.float64]:
    heights = np.array([line.height for line in lines])
    larger = np.log2(np.maximum(heights / max(float(np.median(heights)), 1e-3), 0.5)) if lines else heights
    bold = _BOLD * larger * rng.random(len(lines)) + rng.normal(0, 0.04, len(lines))
    return np.clip(rng.uniform(*_INK) + bold, 0.1, 1)


def _paint_picture(ink: Plane, box: Box, rng: np.random.Generator) -> None:
    """Soft blots of any grey."""
    x0, y0 = max(0, round(box.x0)), max(0, round(box.y0))
    part = ink[y0 : max(y0, round(box.y1)), x0 : max(x0, round(box.x1))]
    if part.size:
        blots = rng.uniform(0, rng.uniform(0.5, 1), tuple(rng.integers(2, 9, 2))).astype(np.float32)
        part[:] = cv2.resize(blots, part.shape[::-1], interpolation=cv2.INTER_CUBIC)
