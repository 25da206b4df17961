"""A page as a picture of classes. In: items. Out: an 8-bit PNG whose pixels are class ids, 0 where there is nothing."""

from __future__ import annotations

import colorsys
import io
import json

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from leggio.synth.export.classes import CLASS_IDS
from leggio.synth.export.items import Layers, draw_pixels

_BACKGROUND = "background"
_TURN = 0.618  # of the circle of colours, from one class to the next: neighbours differ


def paint_classes(layers: Layers, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The class of each pixel of a page of this shape: symbols lie over strokes, strokes over staves."""
    picture = np.zeros(shape, np.uint8)
    for item in layers.items:
        pixels = draw_pixels(item.contours, shape, item.box)
        height, width = pixels.mask.shape
        place = picture[pixels.top : pixels.top + height, pixels.left : pixels.left + width]
        place[pixels.mask > 0] = CLASS_IDS[item.name]
    return picture


def write_mask(layers: Layers, shape: tuple[int, int]) -> bytes:
    """The picture of classes as a PNG with a palette: programs read ids, people see colours."""
    picture = Image.fromarray(paint_classes(layers, shape))
    picture.putpalette(_list_colours())
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=False)
    return written.getvalue()


def write_classes() -> bytes:
    """What each id means, as JSON."""
    names = {0: _BACKGROUND} | {number: name for name, number in CLASS_IDS.items()}
    return json.dumps(names, indent=1).encode()


def _list_colours() -> list[int]:
    """Black for nothing, then a colour for each class: red, green and blue in one list."""
    colours = [0, 0, 0]
    for number in CLASS_IDS.values():
        hue = number * _TURN % 1.0
        colours += [
            round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.5 + number % 3 / 4, 1.0 - number % 2 / 4)
        ]
    return colours
