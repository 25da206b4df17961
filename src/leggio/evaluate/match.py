"""Symbols found against true symbols: who matches whom, average precision and F1 for each class.

In go the `Symbol`s of each page, true and found; out comes a `SymbolReport`. A found symbol hits a true one of its
class when their boxes overlap with an IoU of at least 0.5. The rule is that of PASCAL VOC (Everingham et al., IJCV
2010): symbols of a class are taken from the surest to the least sure over all pages; each looks at the true box on
its page that it overlaps most, and a true box can be hit once. A later symbol on the same box is a false one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import Symbol, SymbolKind

MIN_IOU = 0.5
MIN_SIDE = 0.5
"""Staff spaces. Thinner boxes are widened to this, in truth and answer alike: on the 2 px of a tenuto or a dot, one
pixel of error would already be a miss."""


@dataclass(frozen=True, slots=True)
class SymbolPage:
    """One page: its true symbols, the symbols found, and its staff space in pixels."""

    truth: tuple[Symbol, ...]
    found: tuple[Symbol, ...]
    space: float


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class over all pages. `found` and `hits` count the symbols of at least the cut-off's confidence.

    `average_precision` uses all symbols found; it is 0 for a class that is found where there is none.
    """

    kind: SymbolKind
    truth: int
    found: int
    hits: int
    average_precision: float

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.truth if self.truth else 0.0

    @property
    def f1(self) -> float:
        return _f1(self.hits, self.found, self.truth)


@dataclass(frozen=True, slots=True)
class SymbolReport:
    """All classes that the truth or the answer holds, in the order of `SymbolKind`."""

    classes: tuple[ClassScore, ...]

    @property
    def mean_average_precision(self) -> float:
        """mAP@.5: the mean over the classes that the truth holds; 0 where it holds none."""
        values = [score.average_precision for score in self.classes if score.truth]
        return sum(values) / len(values) if values else 0.0

    @property
    def f1(self) -> float:
        """F1 over all symbols, whatever their class."""
        return _f1(
            sum(score.hits for score in self.classes),
            sum(score.found for score in self.classes),
            sum(score.truth for score in self.classes),
        )


def measure_symbols(pages: Iterable[SymbolPage], *, cutoff: float = 0.0) -> SymbolReport:
    """Every class of every page. `cutoff` is the least confidence that counts for hits, precision, recall and F1."""
    pages = tuple(pages)
    present = {symbol.kind for page in pages for symbol in (*page.truth, *page.found)}
    return SymbolReport(tuple(_measure_class(kind, pages, cutoff) for kind in SymbolKind if kind in present))


def match_symbols(truth: Sequence[Symbol], found: Sequence[Symbol], space: float) -> list[Symbol | None]:
    """For each found symbol the true one that it hits, None for a false one; classes are matched apart."""
    hits: list[Symbol | None] = [None] * len(found)
    taken: set[int] = set()
    for kind in {symbol.kind for symbol in found}:
        places = [place for place, symbol in enumerate(truth) if symbol.kind == kind]
        order = [place for place, symbol in enumerate(found) if symbol.kind == kind]
        if not places:
            continue
        overlaps = _overlaps([found[place] for place in order], [truth[place] for place in places], space)
        for row in sorted(range(len(order)), key=lambda row: -found[order[row]].confidence):
            nearest = int(overlaps[row].argmax())
            if overlaps[row, nearest] >= MIN_IOU and places[nearest] not in taken:
                taken.add(places[nearest])
                hits[order[row]] = truth[places[nearest]]
    return hits


def average_precision(hits: Sequence[bool], truth: int) -> float:
    """The area under the precision-recall curve, all points, precision made monotone (VOC 2010 and later).

    `hits` says of each symbol found, surest first, whether it is right; `truth` is the number of true symbols.
    """
    if not truth or not hits:
        return 0.0
    right = np.cumsum(np.asarray(hits, dtype=np.float64))
    precision = right / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(right, prepend=0.0) / truth
    return float((envelope * steps).sum())


def _measure_class(kind: SymbolKind, pages: Sequence[SymbolPage], cutoff: float) -> ClassScore:
    outcomes: list[tuple[float, bool]] = []
    truth = 0
    for page in pages:
        true = [symbol for symbol in page.truth if symbol.kind == kind]
        found = [symbol for symbol in page.found if symbol.kind == kind]
        matches = match_symbols(true, found, page.space)
        outcomes += [(symbol.confidence, hit is not None) for symbol, hit in zip(found, matches, strict=True)]
        truth += len(true)
    outcomes.sort(key=lambda outcome: -outcome[0])
    sure = [hit for confidence, hit in outcomes if confidence >= cutoff]
    return ClassScore(
        kind, truth, len(sure), sum(sure), average_precision([hit for _, hit in outcomes], truth)
    )


def _overlaps(found: Sequence[Symbol], truth: Sequence[Symbol], space: float) -> NDArray[np.float64]:
    """IoU of every found box (rows) with every true one (columns), after widening."""
    rows, columns = _corners(found, space)[:, None], _corners(truth, space)[None]
    low, high = np.maximum(rows[..., :2], columns[..., :2]), np.minimum(rows[..., 2:], columns[..., 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(-1) for boxes in (rows, columns)]
    overlaps: NDArray[np.float64] = shared / (areas[0] + areas[1] - shared)
    return overlaps


def _corners(symbols: Sequence[Symbol], space: float) -> NDArray[np.float64]:
    boxes = [widen(symbol.box, space) for symbol in symbols]
    return np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes], dtype=np.float64)


def widen(box: Box, space: float) -> Box:
    """The box with both sides at least half a staff space long, around the same centre."""
    least = MIN_SIDE * space
    return box.grow(max(least - box.width, 0.0) / 2, max(least - box.height, 0.0) / 2)


def _f1(hits: int, found: int, truth: int) -> float:
    return 2 * hits / (found + truth) if found + truth else 0.0
