"""Symbols and strokes from the net's maps. In: `Maps`. Out: `Symbol`s and `Stroke`s in page pixels.

The energy map is cut as a watershed would: every local summit above the waterline is one symbol, named by the vote of
the class map around it and sized by the box map (Tuggener et al., ISMIR 2018). A net trained in the paper's own form is
cut in the paper's own way.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

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
    rows, columns = np.nonzero((energy >= highest) & (maps.energy > WATERLINE))
    strength = cv2.resize(maps.energy, maps.classes.shape[:0:-1], interpolation=cv2.INTER_AREA)
    order = np.argsort(columns, kind="stable")
    symbols: list[Symbol] = []
    for y, x in zip(rows[order], columns[order], strict=True):
        if _is_plateau_copy(energy, y, x):
            continue
        symbols.append(_name_summit(maps, strength, int(y), int(x), len(symbols)))
    return tuple(symbols)


def _is_plateau_copy(energy: NDArray[np.float32], y: int, x: int) -> bool:
    """Two equal neighbours are one summit: the second one, in reading order, is dropped."""
    before = [(y - 1, x - 1), (y - 1, x), (y - 1, x + 1), (y, x - 1)]
    return any(r >= 0 and 0 <= c < energy.shape[1] and energy[r, c] == energy[y, x] for r, c in before)


def _name_summit(maps: Maps, strength: NDArray[np.float32], y: int, x: int, number: int) -> Symbol:
    height, width = maps.energy.shape
    top, left = max(0, y - 1), max(0, x - 1)
    patch = maps.energy[top : min(height, y + 2), left : min(width, x + 2)]
    weight = patch / patch.sum()
    cy = float((weight.sum(axis=1) * np.arange(top, top + patch.shape[0])).sum()) + 0.5
    cx = float((weight.sum(axis=0) * np.arange(left, left + patch.shape[1])).sum()) + 0.5
    qy, qx = min(y // 2, maps.classes.shape[1] - 1), min(x // 2, maps.classes.shape[2] - 1)
    near = (slice(max(0, qy - 1), qy + 2), slice(max(0, qx - 1), qx + 2))
    votes = _tell_classes(maps.classes[(slice(None), *near)].reshape(len(maps.names), -1))
    weights = strength[near].ravel()
    chances = votes @ weights / max(float(weights.sum()), 1e-6)
    best = int(chances.argmax())
    size = maps.boxes[:, qy, qx] * maps.space / 2  # cells
    half_width, half_height = float(size[0]) / 2, float(size[1]) / 2
    box = Box(cx - half_width, cy - half_height, cx + half_width, cy + half_height).scale(maps.cell)
    # The centre cell of a marker holds about 0.85: that is certainty.
    certainty = min(1.0, float(maps.energy[y, x]) / 0.85)
    return Symbol(number, SymbolKind(maps.names[best]), box, certainty * float(chances[best]))


def _tell_classes(logits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The chances of all classes, (classes, cells), out of their logits in bytes: the softmax of each cell."""
    powers = np.exp((logits.astype(np.float32) - logits.max(axis=0)) * LOGIT_STEP)
    return np.asarray(powers / powers.sum(axis=0))


def trace_strokes(maps: Maps, first_id: int) -> tuple[Stroke, ...]:
    """Stems, bar lines, beams, slurs, hairpins and ledger lines as strokes; ids count from `first_id`."""
    strokes: list[Stroke] = []
    for kind in (kind for kind in StrokeKind if kind.value in maps.inks):
        ink = _hysteresis(maps.ink_of(kind.value))
        if kind in (StrokeKind.STEM, StrokeKind.BARLINE):
            found = _upright(ink, maps)
        else:
            shortest = {StrokeKind.BEAM: _SHORTEST_BEAM, StrokeKind.LEDGER: 0.5}.get(kind, _SHORTEST_SLUR)
            found = _level(ink, maps, shortest, has_cusps=kind is StrokeKind.SLUR)
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


def _hysteresis(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Faint ink that hangs together with sure ink, as 0 and 1."""
    faint = (ink > _FAINT_LEVEL).astype(np.uint8)
    count, labels = cv2.connectedComponents(faint, connectivity=8)
    sure = np.zeros(count, np.uint8)
    sure[np.unique(labels[ink > _INK_LEVEL])] = 1
    sure[0] = 0
    return np.asarray(sure[labels], np.uint8)


_OneFound = tuple[Point, Point, float, Box, tuple[NDArray[np.int64], NDArray[np.int64]]]
_Found = list[_OneFound]


def _upright(ink: NDArray[np.uint8], maps: Maps) -> _Found:
    """Upright strokes. Columns of ink are closed over short breaks; a blob wider than a line is cut into its lines."""
    per_space = maps.cells_per_space
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


def _level(ink: NDArray[np.uint8], maps: Maps, shortest: float, has_cusps: bool) -> _Found:
    """Strokes that run from left to right."""
    per_space = maps.cells_per_space
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    result: _Found = []
    for label in range(1, count):
        x, y, w, h, _ = stats[label]
        if w < shortest * per_space:
            continue
        part = labels[y : y + h, x : x + w] == label
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
