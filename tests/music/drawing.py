"""Pages drawn by hand: what a perfect net would see of them, and the records of what stands on them.

A `Sheet` is drawn in staff spaces, x to the right and y downwards; its records are in page pixels, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from leggio.geometry import Box, Point
from leggio.music.maps import Maps
from leggio.music.notation import Staff, StemWay, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.net import Card, Net
from leggio.page import Page

SPACE = 20.0  # page pixels
NET_SPACE = 14.0  # net pixels
STRIDE = 16
SCALE = NET_SPACE / SPACE
CELL = 2 / SCALE  # page pixels
INKS = ("staffLine", *(kind.value for kind in StrokeKind))
CLASSES = tuple(kind.value for kind in SymbolKind)
CARD = Card("drawn", CLASSES, INKS, NET_SPACE, STRIDE, "CC0")

Answers = tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]
Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_MARKER = 0.4  # radius of the energy cone around a symbol's centre, staff spaces
_HEAD = (1.25, 1.0)
_SIZES = {
    SymbolKind.HEAD_BLACK: _HEAD,
    SymbolKind.HEAD_HALF: _HEAD,
    SymbolKind.HEAD_WHOLE: (1.7, 1.0),
    SymbolKind.HEAD_DOUBLE_WHOLE: (2.4, 1.1),
    SymbolKind.HEAD_BLACK_SMALL: (0.8, 0.65),
    SymbolKind.HEAD_HALF_SMALL: (0.8, 0.65),
    SymbolKind.CLEF_G: (2.6, 7.0),
    SymbolKind.CLEF_F: (2.7, 3.2),
    SymbolKind.CLEF_C: (2.8, 4.0),
    SymbolKind.SHARP: (1.0, 2.8),
    SymbolKind.NATURAL: (0.7, 2.7),
    SymbolKind.FLAT: (0.9, 2.45),
    SymbolKind.DOUBLE_FLAT: (1.6, 2.45),
    SymbolKind.DOUBLE_SHARP: (1.0, 1.0),
    SymbolKind.DOT: (0.4, 0.4),
    SymbolKind.REPEAT_DOT: (0.4, 0.4),
    SymbolKind.STACCATO: (0.35, 0.35),
    SymbolKind.BRACE: (1.0, 14.0),
    SymbolKind.REST_WHOLE: (1.1, 0.5),
    SymbolKind.REST_HALF: (1.1, 0.5),
    SymbolKind.REST_QUARTER: (1.0, 2.9),
    SymbolKind.REST_8: (1.0, 1.7),
}
# How far the middle of a sign lies above the line or space that it means, in staff spaces.
_RISE = {
    SymbolKind.FLAT: 0.525, SymbolKind.DOUBLE_FLAT: 0.525, SymbolKind.CLEF_G: 1.0, SymbolKind.CLEF_F: -0.5,
}  # fmt: skip


def level(height: float) -> Curve:
    """A staff that runs level, its top line at `height`."""
    return lambda x: np.full_like(x, height)


def slope(height: float, degrees: float) -> Curve:
    """A staff on a page that lies askew: its top line goes down to the right, from `height` at the page's left edge."""
    return lambda x: height + x * np.tan(np.radians(degrees))


class Sheet:
    """A page that is drawn on; all sizes that go in are staff spaces."""

    def __init__(self, width: float = 60.0, height: float = 26.0) -> None:
        self.shape = (round(height * SPACE), round(width * SPACE))
        self.symbols: list[Symbol] = []
        self.strokes: list[Stroke] = []
        self.staves: list[Staff] = []
        self._inks = {name: np.zeros(self.shape, np.uint8) for name in INKS}
        self._dark = np.zeros(self.shape, np.uint8)
        self._ids = iter(range(100_000))

    # --- what stands on the page

    def staff(
        self,
        top: float,
        left: float = 3.0,
        right: float = 57.0,
        *,
        curve: Curve | None = None,
        gaps: Sequence[tuple[float, float]] = (),
        spread: float = 1.0,
        system: int = 0,
        part: int = 0,
    ) -> Staff:
        """Five lines whose top one is at `top`, or follows `curve`; within `gaps` nothing is to be seen of them.

        `spread` is the distance of the lines, for a staff that is larger or smaller than the page's others.
        """
        xs = np.linspace(left, right, 60)
        ys = (curve or level(top))(xs)
        for line in range(5):
            edges = [left, *(x for gap in gaps for x in gap), right]
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                inside = np.array([start, *xs[(xs > start) & (xs < end)], end])
                self._line("staffLine", inside, np.interp(inside, xs, ys) + line * spread, 0.15)
        rows = tuple(tuple(float(y + line * spread) * SPACE for y in ys) for line in range(5))
        number, columns = len(self.staves), tuple(float(x) * SPACE for x in xs)
        self.staves.append(Staff(number, system, part, columns, rows, SPACE * spread))
        return self.staves[-1]

    def sign(
        self,
        kind: SymbolKind,
        x: float,
        position: float = 4,
        *,
        staff: int = 0,
        confidence: float = 0.95,
        size: tuple[float, float] | None = None,
    ) -> Symbol:
        """A symbol whose middle is at `x`, on a line or space of a staff (0 is the bottom line)."""
        y = self.height_of(position, x, staff) - _RISE.get(kind, 0.0)
        return self.symbol(kind, x, y, confidence=confidence, size=size)

    def symbol(
        self,
        kind: SymbolKind,
        x: float,
        y: float,
        *,
        confidence: float = 0.95,
        size: tuple[float, float] | None = None,
    ) -> Symbol:
        """A symbol anywhere on the page."""
        width, height = size or _SIZES.get(kind, (1.2, 1.2))
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2).scale(SPACE)
        self.symbols.append(Symbol(next(self._ids), kind, box, confidence))
        return self.symbols[-1]

    def head(
        self, x: float, position: float, kind: SymbolKind = SymbolKind.HEAD_BLACK, *, staff: int = 0,
        confidence: float = 0.95,
    ) -> Symbol:  # fmt: skip
        return self.sign(kind, x, position, staff=staff, confidence=confidence)

    def stem(
        self, *heads: Symbol, way: StemWay = StemWay.UP, length: float = 3.5, seen: bool = True
    ) -> Stroke:
        """A stem through heads, `length` longer than they need; one that is not `seen` is only dark ink."""
        ys = [head.box.center.y / SPACE for head in heads]
        if way is StemWay.UP:
            foot = max(heads, key=lambda head: head.box.center.y)
            x, top, bottom = foot.box.x1 / SPACE - 0.06, min(ys) - length, max(ys)
        else:
            foot = min(heads, key=lambda head: head.box.center.y)
            x, top, bottom = foot.box.x0 / SPACE + 0.06, min(ys), max(ys) + length
        if not seen:
            self.ink((x - 0.075, top, x + 0.075, bottom))
            return self._stroke(StrokeKind.STEM, (x, top), (x, bottom), 0.15)
        return self.upright(StrokeKind.STEM, x, top, bottom, 0.15)

    def note(
        self, x: float, position: float, way: StemWay = StemWay.UP, kind: SymbolKind = SymbolKind.HEAD_BLACK,
        *, staff: int = 0, length: float = 3.5,
    ) -> tuple[Symbol, Stroke]:  # fmt: skip
        """A head with its stem."""
        head = self.head(x, position, kind, staff=staff)
        return head, self.stem(head, way=way, length=length)

    def upright(self, kind: StrokeKind, x: float, top: float, bottom: float, thickness: float) -> Stroke:
        half = thickness / 2
        self._fill(kind.value, (x - half, top, x + half, bottom))
        self.strokes.append(self._stroke(kind, (x, top), (x, bottom), thickness))
        return self.strokes[-1]

    def barline(self, x: float, staves: Sequence[int] = (0,), thickness: float = 0.2) -> Stroke:
        """A line from the top of the first of `staves` to the bottom of the last one."""
        top, bottom = self.height_of(8, x, staves[0]), self.height_of(0, x, staves[-1])
        return self.upright(StrokeKind.BARLINE, x, top, bottom, thickness)

    def beam(self, first: Stroke, last: Stroke, row: int = 0, thickness: float = 0.5) -> Stroke:
        """A beam between the upper ends of two stems, `row` beams nearer to the heads; lower ends where that is
        where the heads are not."""
        return self._beam(self._tip(first), self._tip(last), self._inward(first) * 0.75 * row, thickness)

    def hook(self, stem: Stroke, side: int, row: int = 1, length: float = 1.1) -> Stroke:
        """A beam that ends in the air, left (-1) or right (+1) of a stem."""
        x, y = self._tip(stem)
        start, end = sorted((x, x + side * length))
        return self._beam((start, y), (end, y), self._inward(stem) * 0.75 * row, 0.5)

    def ledger(self, x: float, position: float, *, staff: int = 0, y: float | None = None) -> Stroke:
        height = self.height_of(position, x, staff) if y is None else y
        return self.sweep(StrokeKind.LEDGER, (x - 1.0, height), (x + 1.0, height), 0.15)

    def slur(self, start: tuple[float, float], end: tuple[float, float], bow: float = -0.6) -> Stroke:
        """A curve; `bow` is how far its middle is below the straight line between its ends."""
        return self.sweep(StrokeKind.SLUR, start, end, 0.2, bow)

    def sweep(
        self,
        kind: StrokeKind,
        start: tuple[float, float],
        end: tuple[float, float],
        thickness: float,
        bow: float = 0.0,
    ) -> Stroke:
        """A stroke from left to right."""
        share = np.linspace(0, 1, 30)
        xs = start[0] + share * (end[0] - start[0])
        ys = start[1] + share * (end[1] - start[1]) + bow * np.sin(math.pi * share)
        self._line(kind.value, xs, ys, thickness)
        stroke = self._stroke(kind, start, end, thickness, bow)
        self.strokes.append(stroke)
        return stroke

    def ink(self, box: tuple[float, float, float, float]) -> None:
        """Dark ink (x0, y0, x1, y1) that the net makes nothing of."""
        self._fill(None, box)

    # --- what is measured on it

    def height_of(self, position: float, x: float, staff: int = 0) -> float:
        """The y of a line or space of a staff, in staff spaces."""
        return self.staves[staff].line_at(4, x * SPACE) / SPACE - position / 2

    @property
    def systems(self) -> tuple[System, ...]:
        """The systems that the staves say they are in."""
        systems = []
        for number in dict.fromkeys(staff.system for staff in self.staves):
            staves = [staff for staff in self.staves if staff.system == number]
            systems.append(System(number, tuple(staves), _bound(staves)))
        return tuple(systems)

    def maps(self) -> Maps:
        """What a perfect net sees."""
        height, width = (-(-round(side * SCALE) // STRIDE) * STRIDE for side in self.shape)
        energy, ink, classes, boxes = self.answers((height, width))
        dark = self._cells(self._dark, energy.shape[2:])
        return Maps(
            energy[0, 0], ink[0], classes[0], boxes[0], dark, SCALE, NET_SPACE, CLASSES, INKS,
        )  # fmt: skip

    def answers(self, shape: tuple[int, int]) -> Answers:
        """What a perfect net answers to this page, scaled and padded to `shape` (H, W)."""
        half, quarter = (shape[0] // 2, shape[1] // 2), (shape[0] // 4, shape[1] // 4)
        ink = np.stack([self._cells(self._inks[name], half) for name in INKS])
        energy = np.zeros(half, np.float32)
        classes = np.zeros((len(CLASSES), *quarter), np.uint8)
        boxes = np.full((2, *quarter), 0.5, np.float32)
        nearest = np.full(quarter, np.inf)
        for symbol in self.symbols:
            centre = symbol.box.center
            peak = 0.85 * min(1.0, symbol.confidence)
            away = _distances(half, centre, CELL)
            energy = np.maximum(energy, peak * np.clip(1 - away / (_MARKER * SPACE), 0, 1))
            away = _distances(quarter, centre, 2 * CELL)
            inside = (away < 2 * _MARKER * SPACE) & (away < nearest)
            nearest[inside] = away[inside]
            classes[:, inside] = 0
            classes[CLASSES.index(symbol.kind.value), inside] = 255
            boxes[0, inside] = symbol.box.width / SPACE
            boxes[1, inside] = symbol.box.height / SPACE
        return energy[None, None].astype(np.float32), ink[None], classes[None], boxes[None]

    def page(self, source: str = "drawn", number: int = 1) -> Page:
        return Page(255 - self._dark, source, number)

    # --- drawing

    def _fill(self, name: str | None, box: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = (max(0, round(side * SPACE)) for side in box)
        for canvas in (self._dark, *([self._inks[name]] if name else [])):
            canvas[y0:y1, x0 : max(x1, x0 + 1)] = 255

    def _beam(
        self, start: tuple[float, float], end: tuple[float, float], down: float, thickness: float
    ) -> Stroke:
        (x0, y0), (x1, y1) = start, end
        corners = [(x0, y0 + down), (x1, y1 + down), (x1, y1 + down + thickness), (x0, y0 + down + thickness)]
        points = np.round(np.array(corners) * SPACE - 0.5).astype(np.int32)
        for canvas in (self._inks[StrokeKind.BEAM.value], self._dark):
            cv2.fillPoly(canvas, [points], 255)
        middle = down + thickness / 2
        beam = self._stroke(StrokeKind.BEAM, (x0, y0 + middle), (x1, y1 + middle), thickness)
        self.strokes.append(beam)
        return beam

    def _inward(self, stem: Stroke) -> int:
        return 1 if self._is_up(stem) else -1

    def _tip(self, stem: Stroke) -> tuple[float, float]:
        """The end of a stem where no head is, half a beam further in where the stem goes down."""
        if self._is_up(stem):
            return stem.start.x / SPACE, stem.start.y / SPACE
        return stem.end.x / SPACE, stem.end.y / SPACE - 0.5

    def _is_up(self, stem: Stroke) -> bool:
        ys = [
            symbol.box.center.y
            for symbol in self.symbols
            if symbol.box.x0 - 1 <= stem.start.x <= symbol.box.x1 + 1
            and stem.start.y - 1 <= symbol.box.center.y <= stem.end.y + 1
        ]
        return min(ys) - stem.start.y > stem.end.y - max(ys)

    def _line(self, name: str, xs: NDArray[np.float64], ys: NDArray[np.float64], thickness: float) -> None:
        points = np.round((np.stack([xs, ys], axis=1) * SPACE - 0.5) * 16).astype(np.int32)
        for canvas in (self._dark, self._inks[name]):
            cv2.polylines(
                canvas, [points], isClosed=False, color=255, thickness=max(1, round(thickness * SPACE)),
                lineType=cv2.LINE_AA, shift=4,
            )  # fmt: skip

    def _stroke(
        self,
        kind: StrokeKind,
        start: tuple[float, float],
        end: tuple[float, float],
        thickness: float,
        bow: float = 0.0,
    ) -> Stroke:
        (x0, y0), (x1, y1) = start, end
        half = thickness / 2
        if x0 == x1:
            box = Box(x0 - half, y0, x1 + half, y1)
        else:
            middle = (y0 + y1) / 2 + bow
            box = Box(x0, min(y0, y1, middle) - half, x1, max(y0, y1, middle) + half)
        return Stroke(
            next(self._ids), kind, Point(x0 * SPACE, y0 * SPACE), Point(x1 * SPACE, y1 * SPACE), thickness * SPACE,
            box.scale(SPACE), 0.95, bow * SPACE,
        )  # fmt: skip

    def _cells(self, canvas: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """A drawing at the resolution of the maps, as sure as a net is of thin lines, too."""
        size = (round(self.shape[1] / CELL), round(self.shape[0] / CELL))
        small = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA).astype(np.float32) * 1.6
        cells = np.zeros(shape, np.uint8)
        height, width = min(shape[0], size[1]), min(shape[1], size[0])
        cells[:height, :width] = np.clip(small, 0, 255)[:height, :width]
        return cells


def _distances(shape: tuple[int, int], point: Point, cell: float) -> NDArray[np.float64]:
    """How far the middle of each cell is from a point, in page pixels."""
    ys, xs = (np.arange(shape[0]) + 0.5) * cell, (np.arange(shape[1]) + 0.5) * cell
    return np.asarray(np.hypot(ys[:, None] - point.y, xs[None] - point.x), np.float64)


def _bound(staves: Sequence[Staff]) -> Box:
    box = staves[0].box
    for staff in staves[1:]:
        box = box.union(staff.box)
    return box


class _Session:
    """Stands in for an ONNX session: any function from ink to answers."""

    def __init__(self, answer: Callable[[NDArray[np.float32]], Answers]) -> None:
        self.answer = answer

    def run(self, names: None, feed: dict[str, NDArray[np.float32]]) -> list[NDArray[np.generic]]:
        return list(self.answer(feed["page"]))


def fake_net(answer: Callable[[NDArray[np.float32]], Answers], card: Card = CARD) -> Net:
    """A net that is any function from (1, 1, H, W) ink to its four answers."""
    return Net(card, cast(InferenceSession, _Session(answer)))


def net_of(*sheets: Sheet) -> Net:
    """A net that knows some sheets by their size and sees on them what is drawn; on any other page it sees nothing."""

    def answer(page: NDArray[np.float32]) -> Answers:
        high, wide = page.shape[2:]
        for sheet in sheets:
            if abs(sheet.shape[0] * SCALE - high) < STRIDE and abs(sheet.shape[1] * SCALE - wide) < STRIDE:
                return sheet.answers((high, wide))
        return Sheet(1, 1).answers((high, wide))

    return fake_net(answer)
