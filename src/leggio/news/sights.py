"""What a net that saw a page's print says of its blocks. In: boxes, `PrintMaps` or none. Out: `Sights`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.print_maps import PrintMaps
from leggio.news.ways import find_highest

SEEN = ("seen", "seen heading", "seen picture", "border above", "border below", "border left", "border right")
SEEN_PAIRS = ("faces", "border on the way")

_BEYOND, _WITHIN = 7, 1  # cells: a border is looked for so far outside of a block's edge, and inside
_POOL = 3  # cells along a way that count as one, so that no border is stepped over


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """For n blocks: `blocks` (n, SEEN) and `pairs` (n, n, SEEN_PAIRS), all in [0, 1]; all 0 where nothing was seen.

    Borders are the chance that one article ends and another begins at a block's edge, or on the straight way between
    two blocks that face each other.
    """

    blocks: NDArray[np.float64]
    pairs: NDArray[np.float64]

    @property
    def above(self) -> NDArray[np.float64]:
        """(n,): the border above each block."""
        return np.asarray(self.blocks[:, SEEN.index("border above")])


def look_at(boxes: Sequence[Box], seen: PrintMaps | None) -> Sights:
    """What was seen at blocks with these boxes, in page pixels."""
    count = len(boxes)
    if seen is None or not count:
        return Sights(np.zeros((count, len(SEEN))), np.zeros((count, count, len(SEEN_PAIRS))))
    border = seen.maps[seen.names.index("border")]
    edges = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]) * seen.scale
    own = [
        (1.0, seen.chance("heading", box), seen.chance("picture", box), *_look_around(border, place))
        for box, place in zip(boxes, edges, strict=True)
    ]
    highest = find_highest(_pool(border), edges / _POOL)
    faces = np.isfinite(highest)
    pairs = np.stack([faces, np.where(faces, highest, 0.0) / 255], axis=2)
    return Sights(np.array(own), pairs)


def _look_around(border: NDArray[np.uint8], edges: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """How much of the edge above, below, on the left and right of a box is border: of each place the surest cell."""
    height, width = border.shape
    x0, y0, x1, y1 = np.round(edges).astype(int)
    x0, x1 = min(max(x0, 0), width - 1), min(max(x1, x0 + 1, 1), width)
    y0, y1 = min(max(y0, 0), height - 1), min(max(y1, y0 + 1, 1), height)
    strips = (
        (border[max(0, y0 - _BEYOND) : y0 + _WITHIN, x0:x1], 0), (border[y1 - _WITHIN : y1 + _BEYOND, x0:x1], 0),
        (border[y0:y1, max(0, x0 - _BEYOND) : x0 + _WITHIN], 1), (border[y0:y1, x1 - _WITHIN : x1 + _BEYOND], 1),
    )  # fmt: skip
    above, below, left, right = (
        float(strip.max(axis=axis).mean()) / 255 if strip.size else 0.0 for strip, axis in strips
    )
    return above, below, left, right


def _pool(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The highest value of each `_POOL` x `_POOL` cells."""
    rows, columns = (-(-side // _POOL) * _POOL for side in plane.shape)
    padded = np.zeros((rows, columns), np.uint8)
    padded[: plane.shape[0], : plane.shape[1]] = plane
    return np.asarray(padded.reshape(rows // _POOL, _POOL, columns // _POOL, _POOL).max(axis=(1, 3)))
