"""Everything on a page in one form. In: a sample. Out: `Item`s with class, boxes, outline and pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, Symbol
from leggio.synth.export.classes import STAFF, name_classes
from leggio.synth.oriented import Corners, outline_contours, outline_stroke
from leggio.synth.relations import relate
from leggio.synth.sample import Contours, Relation, Sample

_SHIFT = 4  # cv2 draws in sixteenths of a pixel
_PART = 1.0  # pixels: an outline that goes further beyond its box is shared, as that of mf by m and f


@dataclass(frozen=True, slots=True)
class Item:
    """One staff, stroke or symbol; `name` is its class, `corners` its slanted box, all in pixels."""

    id: int
    name: str
    box: Box
    corners: Corners
    contours: Contours


@dataclass(frozen=True, slots=True)
class Pixels:
    """The ink of an item: `mask` (height, width) uint8, 0 or 1, lies with its corner at `top` and `left`."""

    top: int
    left: int
    mask: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layers:
    """All items of a page, and what belongs to what. Ids of staves come after those of symbols and strokes."""

    staves: tuple[Item, ...]
    strokes: tuple[Item, ...]
    symbols: tuple[Item, ...]
    relations: tuple[Relation, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Staves, then strokes, then symbols: so that what is drawn last lies on top."""
        return self.staves + self.strokes + self.symbols


def list_items(sample: Sample) -> Layers:
    """What is on a page, with names; relations are found where the truth has none, on clean pages that is."""
    truth, outlines = sample.truth, sample.outlines
    relations = truth.relations or relate(truth.symbols, truth.strokes, truth.systems, truth.space)
    names = name_classes(truth, relations, outlines)
    first = 1 + max(names, default=-1)
    staves = [staff for system in truth.systems for staff in system.staves]
    return Layers(
        tuple(_list_staff(first + place, staff, truth.line_width) for place, staff in enumerate(staves)),
        tuple(
            _list_stroke(stroke, names[stroke.id], outlines[stroke.id] if outlines else ())
            for stroke in truth.strokes
        ),
        tuple(
            _list_symbol(symbol, names[symbol.id], outlines[symbol.id] if outlines else ())
            for symbol in truth.symbols
        ),
        relations,
    )


def trace_line(staff: Staff, line: int, width: float) -> NDArray[np.float32]:
    """The outline of one staff line, of shape (points, 2): along its upper side, and back along its lower one."""
    xs, ys = np.array(staff.xs), np.array(staff.lines[line])
    upper, lower = np.stack([xs, ys - width / 2], axis=1), np.stack([xs, ys + width / 2], axis=1)
    return np.concatenate([upper, lower[::-1]]).astype(np.float32)


def draw_pixels(contours: Contours, shape: tuple[int, int], box: Box | None = None) -> Pixels:
    """All pixels of a page of this shape that an outline touches, within `box` if there is one. At least one pixel."""
    points = np.concatenate(contours)
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    if box is not None:
        x0, y0, x1, y1 = max(x0, box.x0), max(y0, box.y0), min(x1, box.x1), min(y1, box.y1)
    height, width = shape
    left, top = min(max(int(x0), 0), width - 1), min(max(int(y0), 0), height - 1)
    right, bottom = min(max(int(np.ceil(x1)), left + 1), width), min(max(int(np.ceil(y1)), top + 1), height)
    mask = np.zeros((bottom - top, right - left), np.uint8)
    # OpenCV counts from the middle of a pixel, contours from its corner.
    moved = [np.round((contour - (left, top) - 0.5) * 2**_SHIFT).astype(np.int32) for contour in contours]
    cv2.fillPoly(mask, moved, 1, cv2.LINE_8, _SHIFT)
    return Pixels(top, left, mask)


def count_items(items: Sequence[Item]) -> dict[str, int]:
    """How many items there are of each class, by name."""
    counts: dict[str, int] = {}
    for name in sorted(item.name for item in items):
        counts[name] = counts.get(name, 0) + 1
    return counts


def _list_staff(identity: int, staff: Staff, width: float) -> Item:
    lines = tuple(trace_line(staff, line, width) for line in range(len(staff.lines)))
    return Item(identity, STAFF, staff.box.grow(0, width / 2), outline_contours(lines), lines)


def _list_stroke(stroke: Stroke, name: str, outline: Contours) -> Item:
    corners = outline_stroke(stroke, outline)
    return Item(stroke.id, name, stroke.box, corners, outline or (_join_corners(corners),))


def _list_symbol(symbol: Symbol, name: str, outline: Contours) -> Item:
    box = symbol.box
    contours = _clip(outline, box) if outline else ()
    if not contours:
        contours = (_join_corners(_upright(box)),)
    return Item(symbol.id, name, box, outline_contours(contours), contours)


def _clip(outline: Contours, box: Box) -> Contours:
    """The part of an outline within a box; the outline itself if it is all there."""
    points = np.concatenate(outline)
    inside = box.grow(_PART, _PART)
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    if inside.contains(Point(x0, y0)) and inside.contains(Point(x1, y1)):
        return outline
    shape = int(np.ceil(max(y1, box.y1))) + 2, int(np.ceil(max(x1, box.x1))) + 2
    pixels = draw_pixels(outline, shape, box)
    found, _ = cv2.findContours(pixels.mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    corner = np.array([pixels.left, pixels.top]) + 0.5
    return tuple((contour[:, 0] + corner).astype(np.float32) for contour in found if len(contour) > 2)


def _upright(box: Box) -> Corners:
    return Point(box.x0, box.y0), Point(box.x1, box.y0), Point(box.x1, box.y1), Point(box.x0, box.y1)


def _join_corners(corners: Corners) -> NDArray[np.float32]:
    return np.array([(corner.x, corner.y) for corner in corners], np.float32)
