"""Symbols and strokes from the net's maps. In: `Maps`. Out: `Symbol`s and `Stroke`s in page pixels.

The energy map is cut as a watershed would: every local summit above the waterline is one symbol, named by the vote of
the class map around it and sized by the box map (Tuggener et al., ISMIR 2018). A net trained in the paper's own form is
cut in the paper's own way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.maps import LOGIT_STEP, WATERLINE, Maps
from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind
from leggio.net import Cut

# Energy at which components are cut: the paper's markers of two heads a third apart meet at 0.54.
_CUT_OFF = 0.6
# A component of fewer cells is no symbol: a marker of the paper's size has about 28 above the cut-off.
_FEWEST_CELLS = 4
_INK_LEVEL = 110  # of 255: ink maps above this are ink
_FAINT_LEVEL = 70  # and so is fainter ink that hangs together with it
_SHORTEST_STEM = 1.3  # staff spaces
_SHORTEST_BEAM = 0.6
_SHORTEST_SLUR = 1.0
_CUSP = 0.6  # slope by which a curve turns against its own bow where a second slur begins
_BENT = 0.15  # the middle of an arc lies at least so far from the line between its ends, staff spaces
_ARC = 1.2  # the shortest arc of several that hang together, staff spaces
_END = 0.5  # so much of a level stroke, in staff spaces, says how high its end is


def detect_symbols(maps: Maps) -> tuple[Symbol, ...]:
    """Every symbol of the maps, from left to right, cut as the net's card says, with its raw confidence."""
    return cut_components(maps) if maps.cut is Cut.COMPONENTS else _cut_summits(maps)


def tell_chances(symbols: tuple[Symbol, ...], maps: Maps) -> tuple[Symbol, ...]:
    """The same symbols, their confidences read off the scale of the net's card: the chance that each is right.

    Without a scale they stay raw. The steps of reading weigh raw confidences, on which their levels were chosen; what
    is told to others is the chance.
    """
    if not maps.confidence:
        return symbols
    raw, chance = zip(*maps.confidence, strict=True)
    return tuple(replace(s, confidence=float(np.interp(s.confidence, raw, chance))) for s in symbols)


def cut_components(maps: Maps) -> tuple[Symbol, ...]:
    """The paper's way: cells above one energy that touch, corners too, are one symbol.

    It lies at the mean of its cells, has the name that most of them have and the mean of their sizes. The paper has no
    confidences: `confidence` is the highest energy times the share of cells that agree on the name.
    """
    above = (maps.energy > _CUT_OFF).astype(np.uint8)
    _, labels, stats, centroids = cv2.connectedComponentsWithStats(above, connectivity=8)
    best = maps.classes.argmax(axis=0)
    symbols: list[Symbol] = []
    for label in np.argsort(centroids[1:, 0], kind="stable") + 1:
        x, y, w, h, cells = (int(value) for value in stats[label])
        if cells < _FEWEST_CELLS:
            continue
        rows, columns = np.nonzero(labels[y : y + h, x : x + w] == label)
        quarters = (
            np.minimum((rows + y) // 2, best.shape[0] - 1),
            np.minimum((columns + x) // 2, best.shape[1] - 1),
        )
        votes = np.bincount(best[quarters], minlength=len(maps.names))
        width, height = maps.boxes[(slice(None), *quarters)].mean(axis=1) * maps.space / 2  # cells
        cx, cy = centroids[label] + 0.5
        box = Box(
            float(cx - width / 2), float(cy - height / 2), float(cx + width / 2), float(cy + height / 2)
        ).scale(maps.cell)
        confidence = float(maps.energy[rows + y, columns + x].max()) * float(votes.max()) / cells
        symbols.append(Symbol(len(symbols), SymbolKind(maps.names[int(votes.argmax())]), box, confidence))
    return tuple(symbols)


def _cut_summits(maps: Maps) -> tuple[Symbol, ...]:
    """Every symbol above the waterline, from left to right; `confidence` is energy times class probability."""
    energy = cv2.GaussianBlur(maps.energy, (3, 3), 0.6)
    highest = cv2.dilate(energy, np.ones((3, 3), np.uint8))
    summits = (energy >= highest) & (maps.energy > WATERLINE)
    rows, columns = np.nonzero(summits & ~_plateau_copies(energy))
    strength = cv2.resize(maps.energy, maps.classes.shape[:0:-1], interpolation=cv2.INTER_AREA)
    order = np.argsort(columns, kind="stable")
    ys, xs = rows[order], columns[order]
    names, chances = _name_summits(maps, strength, ys, xs)
    # The centre cell of a marker holds about 0.85: that is certainty.
    certainties = np.minimum(1.0, maps.energy[ys, xs].astype(float) / 0.85)
    boxes = zip(*_place_summits(maps, ys, xs), strict=True)
    return tuple(
        Symbol(number, SymbolKind(maps.names[name]), Box(*box).scale(maps.cell), confidence)
        for number, (name, box, confidence) in enumerate(
            zip(names.tolist(), boxes, (certainties * chances).tolist(), strict=True)
        )
    )


def _plateau_copies(energy: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Two equal neighbours are one summit: where the second one, in reading order, lies, which is dropped."""
    copies = np.zeros(energy.shape, np.bool_)
    copies[1:] |= energy[1:] == energy[:-1]
    copies[1:, 1:] |= energy[1:, 1:] == energy[:-1, :-1]
    copies[:, 1:] |= energy[:, 1:] == energy[:, :-1]
    return copies


def _place_summits(
    maps: Maps, ys: NDArray[np.int64], xs: NDArray[np.int64]
) -> tuple[list[float], list[float], list[float], list[float]]:
    """The boxes around summits, in cells: left, top, right, bottom. The middle is the centroid of the cells around."""
    patches = _gather(np.pad(maps.energy, 1)[None], ys, xs)
    weights = (patches / patches.sum(axis=2, keepdims=True)).reshape(-1, 3, 3)
    steps = np.arange(-1, 2)
    cy = (weights.sum(axis=2) * (ys[:, None] + steps)).sum(axis=1) + 0.5
    cx = (weights.sum(axis=1) * (xs[:, None] + steps)).sum(axis=1) + 0.5
    sizes = maps.boxes[(slice(None), *_quarters(maps, ys, xs))] * maps.space / 2  # cells
    half_width, half_height = sizes.astype(float) / 2
    edges = (cx - half_width, cy - half_height, cx + half_width, cy + half_height)
    left, top, right, bottom = (edge.tolist() for edge in edges)
    return left, top, right, bottom


def _name_summits(
    maps: Maps, strength: NDArray[np.float32], ys: NDArray[np.int64], xs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The class that the cells around each summit vote for, as its place in `maps.names`, and its chance."""
    qy, qx = _quarters(maps, ys, xs)
    votes = _tell_classes(_gather(np.pad(maps.classes, ((0, 0), (1, 1), (1, 1))), qy, qx))
    weights = _gather(np.pad(strength, 1)[None], qy, qx)  # 0 beyond the edge: no votes there
    chances = (votes @ weights.transpose(0, 2, 1))[..., 0] / np.maximum(weights.sum(axis=2), 1e-6)
    best = chances.argmax(axis=1)
    return best, chances[np.arange(len(best)), best].astype(float)


def _quarters(
    maps: Maps, ys: NDArray[np.int64], xs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells of the class and box maps in which cells of the energy map lie."""
    _, height, width = maps.classes.shape
    return np.minimum(ys // 2, height - 1), np.minimum(xs // 2, width - 1)


def _gather(padded: NDArray[Any], ys: NDArray[np.int64], xs: NDArray[np.int64]) -> NDArray[Any]:
    """The 3 by 3 cells around places, (places, planes, 9), of planes that one cell was put around."""
    steps = np.arange(3)
    cells = padded[:, ys[:, None, None] + steps[:, None], xs[:, None, None] + steps]
    return np.ascontiguousarray(np.moveaxis(cells, 0, 1)).reshape(len(ys), len(padded), 9)


def _tell_classes(logits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The chances of all classes, (places, classes, cells), out of their logits in bytes: the softmax of each cell."""
    powers = np.exp((logits.astype(np.float32) - logits.max(axis=1, keepdims=True)) * LOGIT_STEP)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def trace_strokes(maps: Maps, first_id: int) -> tuple[Stroke, ...]:
    """Stems, bar lines, beams, slurs, hairpins and ledger lines as strokes; ids count from `first_id`."""
    strokes: list[Stroke] = []
    for kind in (kind for kind in StrokeKind if kind.value in maps.inks):
        blobs = _find_blobs(maps.ink_of(kind.value))
        if kind in (StrokeKind.STEM, StrokeKind.BARLINE):
            found = _upright(blobs, maps)
        else:
            shortest = {StrokeKind.BEAM: _SHORTEST_BEAM, StrokeKind.LEDGER: 0.5}.get(kind, _SHORTEST_SLUR)
            found = _level(blobs, maps, shortest, has_cusps=kind is StrokeKind.SLUR)
        for start, end, thickness, box, rows in found:
            confidence = float(maps.ink_of(kind.value)[rows].mean()) / 255
            bow = _bow(rows, start, end, maps.cell) if kind is StrokeKind.SLUR else 0.0
            strokes.append(Stroke(first_id + len(strokes), kind, start, end, thickness, box, confidence, bow))
    return tuple(strokes)


def _bow(ink: tuple[NDArray[np.int64], NDArray[np.int64]], start: Point, end: Point, cell: float) -> float:
    """How far a curve's middle third lies below the straight line between its ends, in pixels."""
    rows, columns = ink
    xs, ys = (columns + 0.5) * cell, (rows + 0.5) * cell
    share = (xs - start.x) / max(end.x - start.x, cell)
    middle = np.abs(share - 0.5) < 1 / 6
    if not middle.any():
        return 0.0
    return float((ys - start.y - share * (end.y - start.y))[middle].mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Blobs:
    """Connected ink: a picture of numbers, (x, y, width, height, area) of each, and which of them count."""

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    sure: NDArray[np.bool_]


def _find_blobs(ink: NDArray[np.uint8]) -> _Blobs:
    """Faint ink that hangs together; what hangs together with sure ink counts."""
    faint = (ink > _FAINT_LEVEL).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    sure = np.zeros(count, np.bool_)
    sure[labels[ink > _INK_LEVEL]] = True
    sure[0] = False  # the paper
    return _Blobs(labels, stats, sure)


_OneFound = tuple[Point, Point, float, Box, tuple[NDArray[np.int64], NDArray[np.int64]]]
_Found = list[_OneFound]


def _upright(blobs: _Blobs, maps: Maps) -> _Found:
    """Upright strokes. Columns of ink are closed over short breaks; a blob wider than a line is cut into its lines."""
    per_space = maps.cells_per_space
    ink = blobs.sure[blobs.labels].astype(np.uint8)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((max(3, round(0.6 * per_space)), 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    result: _Found = []
    for label in range(1, count):
        x, y, w, h, _ = stats[label]
        if h < _SHORTEST_STEM * per_space:
            continue
        part = labels[y : y + h, x : x + w] == label
        for rows, columns in _split_columns(part, per_space):
            height = rows.max() - rows.min() + 1
            if height < _SHORTEST_STEM * per_space:
                continue
            slope, middle = _fit(rows, columns)
            top, bottom = rows.min(), rows.max()
            start = Point(
                float(x + 0.5 + middle + slope * (top - rows.mean())) * maps.cell, float(y + top) * maps.cell
            )
            end = Point(
                float(x + 0.5 + middle + slope * (bottom - rows.mean())) * maps.cell,
                float(y + bottom + 1) * maps.cell,
            )
            thickness = len(rows) / height * maps.cell
            box = Box(
                float(x + columns.min()), float(y + top), float(x + columns.max() + 1), float(y + bottom + 1)
            ).scale(maps.cell)
            result.append((start, end, thickness, box, (rows + y, columns + x)))
    return result


def _fit(along: NDArray[np.int64], across: NDArray[np.int64]) -> tuple[float, float]:
    """Slope and mean of a line through points: across = mean + slope * (along - mean of along)."""
    centred = along - along.mean()
    spread = float((centred**2).sum())
    slope = float((centred * (across - across.mean())).sum()) / spread if spread else 0.0
    return slope, float(across.mean())


def _split_columns(
    part: NDArray[np.bool_], per_space: float
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The lines within one blob: one, unless the blob is broad and its columns have several summits."""
    if part.shape[1] <= 0.8 * per_space:
        rows, columns = np.nonzero(part)
        return [(rows, columns)]
    heights = np.convolve(part.sum(axis=0), [0.5, 1, 0.5], "same") / 2
    tall = heights > max(_SHORTEST_STEM * per_space * 0.7, 0.4 * heights.max())
    edges = np.nonzero(np.diff(np.concatenate([[0], tall.astype(int), [0]])))[0].reshape(-1, 2)
    lines = []
    for a, b in edges:
        rows, columns = np.nonzero(part[:, a:b])
        if len(rows):
            lines.append((rows, columns + a))
    return lines


def _level(blobs: _Blobs, maps: Maps, shortest: float, has_cusps: bool) -> _Found:
    """Strokes that run from left to right."""
    per_space = maps.cells_per_space
    result: _Found = []
    for label in np.flatnonzero(blobs.sure & (blobs.stats[:, 2] >= shortest * per_space)):
        x, y, w, h, _ = blobs.stats[label]
        part = blobs.labels[y : y + h, x : x + w] == label
        for a, b in pairwise(_find_cusps(part, per_space) if has_cusps else (0, w)):
            result.append(_measure_level(part[:, a:b], x + a, y, maps))
    return result


def _measure_level(part: NDArray[np.bool_], x: int, y: int, maps: Maps) -> _OneFound:
    """One level stroke out of the ink `part`, whose corner lies at cell (x, y)."""
    rows, columns = np.nonzero(part)
    width = part.shape[1]
    edge = max(1, min(width // 8, round(_END * maps.cells_per_space)))
    left, right = rows[columns < edge].mean(), rows[columns >= width - edge].mean()
    start = Point(float(x) * maps.cell, float(y + left + 0.5) * maps.cell)
    end = Point(float(x + width) * maps.cell, float(y + right + 0.5) * maps.cell)
    top, bottom = float(y + rows.min()), float(y + rows.max() + 1)
    box = Box(float(x), top, float(x + width), bottom).scale(maps.cell)
    return start, end, len(rows) / width * maps.cell, box, (rows + y, columns + x)


def _find_cusps(part: NDArray[np.bool_], per_space: float) -> tuple[int, ...]:
    """Where slurs that end and begin at one note hang together: columns of the cusps, with the first and the last."""
    width = part.shape[1]
    reach, shortest = round(per_space), round(_ARC * per_space)
    if width <= 2 * shortest:
        return 0, width
    middle = (part * np.arange(part.shape[0])[:, None]).sum(axis=0) / part.sum(axis=0)
    inner = np.arange(shortest, width - shortest)
    turns = (middle[inner + reach] - 2 * middle[inner] + middle[inner - reach]) / reach
    place = int(np.abs(turns).argmax())
    cusp, turn = int(inner[place]), float(turns[place])
    bows = [float(arc[len(arc) // 2] - (arc[0] + arc[-1]) / 2) for arc in (middle[: cusp + 1], middle[cusp:])]
    # A curve turns to the side of its bow all the way; at a cusp it turns to the other side.
    if abs(turn) < _CUSP or any(bow * turn < 0 or abs(bow) < _BENT * per_space for bow in bows):
        return 0, width
    left, right = _find_cusps(part[:, :cusp], per_space), _find_cusps(part[:, cusp:], per_space)
    return *left, *(cusp + column for column in right[1:])
