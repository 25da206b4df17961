"""What the net for print saw, on top of its page, for people. In: the grey page, `PrintMaps`. Out: an RGB picture.

The page is pale. Lines of text are grey, headings green, pictures blue, rules black, gutters between columns yellow and
borders between articles red, the stronger the surer the net is.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.news.print_maps import PrintMaps
from leggio.page import Grey

Picture = NDArray[np.uint8]

# What is named later lies on top.
COLOURS = {
    "line": (150, 150, 150), "heading": (0, 150, 60), "picture": (0, 90, 255), "rule": (0, 0, 0),
    "gutter": (230, 200, 0), "border": (220, 0, 0),
}  # fmt: skip

_INK_SHOWN = 0.5  # how much of the page's black is left
_COVER = 0.75  # how much of what lies below the surest colour hides


def draw_print(image: Grey, seen: PrintMaps) -> Picture:
    """The page, twice as large as the maps are: (height, width, 3) uint8, RGB."""
    height, width = seen.maps.shape[1:]
    size = 2 * width, 2 * height
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    pale = np.float32(255) - (255 - small.astype(np.float32)) * np.float32(_INK_SHOWN)
    maps = np.asarray(seen.maps / 255, np.float32)
    return lay_colours(np.repeat(pale[..., None], 3, axis=2), seen.names, maps)


def lay_colours(
    canvas: NDArray[np.float32], names: Sequence[str], maps: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """The colours of maps (names, h, w) in [0, 1] over an RGB picture (height, width, 3) of 0 to 255."""
    picture = canvas.copy()
    for name, colour in COLOURS.items():
        share = cv2.resize(maps[names.index(name)], (picture.shape[1], picture.shape[0]))
        picture += _COVER * share[..., None] * (np.array(colour, np.float32) - picture)
    return np.asarray(picture.clip(0, 255).round(), np.uint8)
