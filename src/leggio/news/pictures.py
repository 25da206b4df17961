"""Pictures that a net saw. In: pictures found by their ink, `PrintMaps`. Out: those it agrees to, and those it adds."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from leggio.geometry import Box
from leggio.news.print_maps import PrintMaps

_AGREED = 0.25  # the mean chance to be a picture, below which a dark patch is the edge of a scan, a stain or a frame
_SURE = 0.5  # chance from which a cell is of a picture
_LEAST = 10  # cells: lower or narrower ones, five small letters, are ornaments or large letters
_FULL = 0.6  # share of its box that a picture fills
_KNOWN = 0.5  # share of a picture that lies in those found: it is one of them


def check_pictures(found: Sequence[Box], seen: PrintMaps) -> tuple[Box, ...]:
    """The boxes of pictures, in page pixels."""
    kept = [box for box in found if seen.chance("picture", box) >= _AGREED]
    plane = (seen.maps[seen.names.index("picture")] >= _SURE * 255).astype(np.uint8)
    count, _, parts, _ = cv2.connectedComponentsWithStats(plane, connectivity=4)
    for x, y, wide, high, area in parts[1:count].tolist():
        if min(wide, high) >= _LEAST and area >= _FULL * wide * high:
            box = Box(x, y, x + wide, y + high).scale(1 / seen.scale)
            if sum(box.intersection(other) for other in kept) < _KNOWN * box.area:
                kept.append(box)
    return tuple(kept)
