"""What a net sees printed where on a newspaper page. In: a grey page, a net. Out: `PrintMaps`.

The net looks at the page at the size of its own small letters, so that it sees lines and the spaces between them, where
the net that sees a whole page at once (`regions`) sees columns.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.files import write_whole
from leggio.geometry import Box
from leggio.net import Net
from leggio.news.views import cells_of

PRINT_VIEWS = ("grey letters",)
PRINT = ("text", "line", "gutter", "border", "heading", "picture", "rule")
LETTER_SEEN = 4.0  # net pixels: how high the page's small letters are in the net's input
PRINT_STEP = 2  # net pixels to a cell of the maps
PRINT_STRIDE = 32  # net pixels: sides of the input are multiples of it

MAPS_SUFFIX = ".npz"

_GUTTER = 0.5  # chance from which there is a gutter
_LEAST = 9  # cells: what is lower, two lines of text, is hardly a gutter
_BESIDE = 2  # cells: a gutter is where none so near is surer


@dataclass(frozen=True, slots=True, eq=False)
class PrintMaps:
    """Maps (names, h, w) of a whole page, chances in bytes, 255 is 1; `scale` cells to a page pixel.

    `text` is where words stand, `line` the middle of each line of them, `gutter` the white between what stands side by
    side in two columns, `border` the line between two articles; `heading`, `picture` and `rule` are areas.
    """

    names: tuple[str, ...]
    maps: NDArray[np.uint8]
    scale: float

    def chance(self, name: str, box: Box) -> float:
        """How much of a box of the page is `name`, in [0, 1]: the mean of that map inside it."""
        plane = self.maps[self.names.index(name)]
        rows, columns = cells_of(box.scale(self.scale), plane.shape)
        return float(plane[rows, columns].mean()) / 255

    def fit(self, name: str, shape: tuple[int, int], scale: float) -> NDArray[np.uint8]:
        """A map as a picture (height, width) with `scale` pixels to a page pixel; 255 is a chance of 1."""
        plane = self.maps[self.names.index(name)]
        factor = scale / self.scale
        turn = np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2]], np.float64)
        return np.asarray(cv2.warpAffine(plane, turn, shape[::-1], flags=cv2.INTER_LINEAR), np.uint8)


def find_gutters(seen: PrintMaps, shape: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    """1 along the middle of each gutter, in a picture (height, width) with `scale` pixels to a page pixel."""
    plane = seen.fit("gutter", shape, scale)
    cell = max(1, round(scale / seen.scale))
    highest = cv2.dilate(plane, np.ones((1, 2 * _BESIDE * cell + 1), np.uint8))
    middle = ((plane >= _GUTTER * 255) & (plane >= highest)).astype(np.uint8)
    return np.asarray(cv2.dilate(middle, np.ones((3, cell + 1 | 1), np.uint8)), np.uint8)


def list_gutters(seen: PrintMaps) -> tuple[Box, ...]:
    """The box of each gutter, in page pixels."""
    plane = seen.maps[seen.names.index("gutter")]
    mask = find_gutters(seen, plane.shape, seen.scale)
    count, _, parts, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return tuple(
        Box(x, y, x + wide, y + high).scale(1 / seen.scale)
        for x, y, wide, high, _ in parts[1:count].tolist()
        if high >= _LEAST
    )


def see_print(image: NDArray[np.uint8], letter: float, net: Net) -> PrintMaps:
    """Run a net over a page (height, width), 0 is ink, whose small letters are `letter` pixels high."""
    scale = LETTER_SEEN / letter
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    height, width = (-(-side // PRINT_STRIDE) * PRINT_STRIDE for side in small.shape)
    paper = float(np.percentile(small[::4, ::4], 75))
    seen = np.full((1, 1, height, width), 1 - paper / 255, np.float32)
    seen[0, 0, : small.shape[0], : small.shape[1]] = 1 - small.astype(np.float32) / 255
    (maps,) = net(seen)
    rows, columns = -(-small.shape[0] // PRINT_STEP), -(-small.shape[1] // PRINT_STEP)
    return PrintMaps(net.card.classes, np.asarray(maps[0, :, :rows, :columns], np.uint8), scale / PRINT_STEP)


def save_maps(seen: PrintMaps, path: Path) -> None:
    """Keep maps in a file that `load_maps` reads; it appears whole or not at all."""
    file = io.BytesIO()
    np.savez_compressed(file, names=np.array(seen.names), maps=seen.maps, scale=seen.scale)
    write_whole(path, file.getvalue())


def load_maps(path: Path) -> PrintMaps:
    """Read maps that were kept. Raises InputError for any other file."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return PrintMaps(tuple(map(str, kept["names"])), kept["maps"], float(kept["scale"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{path} holds no maps of a page: make it again with `leggio-train news-found`."
        ) from error
