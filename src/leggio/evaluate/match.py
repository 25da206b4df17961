"""Things found against true things: who matches whom, average precision, F1 and calibration.

In go the `Thing`s of each page, true and found: symbols and strokes alike, as names with boxes; out comes a
`ClassReport`. A found thing hits a true one of its class when their boxes overlap with an IoU of at least 0.5. The rule
is that of PASCAL VOC (Everingham et al., IJCV 2010): things of a class are taken from the surest to the least sure over
all pages; each looks at the true box on its page that it overlaps most, and a true box can be hit once. A later thing
on the same box is a false one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import Stroke, StrokeKind, Symbol

MIN_IOU = 0.5
MIN_SIDE = 0.5
"""Staff spaces. Thinner boxes are widened to this, in truth and answer alike: on the 2 px of a tenuto or a stem, one
pixel of error would already be a miss."""
CALIBRATION_BINS = 15
LEAST_CONFIDENCE = 0.05
"""What is less sure than this is no answer, and its confidence is not asked about."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A symbol or a stroke, as far as matching cares: the name of its class, where it is, how sure in [0, 1]."""

    name: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class PageThings:
    """One page: its true things, the things found, and its staff space in pixels."""

    truth: tuple[Thing, ...]
    found: tuple[Thing, ...]
    space: float


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class over all pages. `found` and `hits` count the things of at least the cut-off's confidence.

    `average_precision` uses all things found; it is 0 for a class that is found where there is none.
    """

    name: str
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
class ClassReport:
    """All classes that the truth or the answer holds, by name."""

    classes: tuple[ClassScore, ...]

    def mean_average_precision(self, names: Collection[str] | None = None, *, least: int = 1) -> float | None:
        """mAP@.5: the mean over the classes with at least `least` true things, `names` alone if given.

        None where there is no such class.
        """
        values = [
            score.average_precision
            for score in self.classes
            if score.truth >= max(least, 1) and (names is None or score.name in names)
        ]
        return sum(values) / len(values) if values else None

    @property
    def f1(self) -> float:
        """F1 over all things, whatever their class."""
        return _f1(
            sum(score.hits for score in self.classes),
            sum(score.found for score in self.classes),
            sum(score.truth for score in self.classes),
        )


def name_symbols(symbols: Iterable[Symbol]) -> tuple[Thing, ...]:
    return tuple(Thing(symbol.kind.value, symbol.box, symbol.confidence) for symbol in symbols)


def name_strokes(strokes: Iterable[Stroke]) -> tuple[Thing, ...]:
    """Ties are called slurs: the ink is the same, and what it joins is no matter of detection."""
    return tuple(
        Thing(
            (StrokeKind.SLUR if stroke.kind is StrokeKind.TIE else stroke.kind).value,
            stroke.box,
            stroke.confidence,
        )
        for stroke in strokes
    )


def measure_things(pages: Iterable[PageThings], *, cutoff: float = 0.0) -> ClassReport:
    """Every class of every page. `cutoff` is the least confidence that counts for hits, precision, recall and F1."""
    outcomes: dict[str, list[tuple[float, bool]]] = {}
    truth: Counter[str] = Counter()
    for page in pages:
        truth.update(thing.name for thing in page.truth)
        matches = match_things(page.truth, page.found, page.space)
        for thing, hit in zip(page.found, matches, strict=True):
            outcomes.setdefault(thing.name, []).append((thing.confidence, hit is not None))
    names = sorted({*outcomes, *truth})
    return ClassReport(
        tuple(_score_class(name, truth[name], outcomes.get(name, []), cutoff) for name in names)
    )


def match_things(truth: Sequence[Thing], found: Sequence[Thing], space: float) -> list[Thing | None]:
    """For each found thing the true one that it hits, None for a false one; classes are matched apart."""
    hits: list[Thing | None] = [None] * len(found)
    taken: set[int] = set()
    for name in {thing.name for thing in found}:
        places = [place for place, thing in enumerate(truth) if thing.name == name]
        order = [place for place, thing in enumerate(found) if thing.name == name]
        if not places:
            continue
        overlaps = _overlaps([found[place] for place in order], [truth[place] for place in places], space)
        for row in sorted(range(len(order)), key=lambda row: -found[order[row]].confidence):
            nearest = int(overlaps[row].argmax())
            if overlaps[row, nearest] >= MIN_IOU and places[nearest] not in taken:
                taken.add(places[nearest])
                hits[order[row]] = truth[places[nearest]]
    return hits


def calibration_error(pages: Iterable[PageThings]) -> float | None:
    """Expected calibration error: how far confidence and the share of hits lie apart, in [0, 1].

    All things of at least `LEAST_CONFIDENCE` are put into bins of equal width by their confidence; the distance between
    mean confidence and share of hits is averaged over the bins, each weighing as much as it holds (Guo et al., ICML
    2017). None where nothing was found.
    """
    outcomes = [
        (thing.confidence, hit is not None)
        for page in pages
        for thing, hit in zip(page.found, match_things(page.truth, page.found, page.space), strict=True)
        if thing.confidence >= LEAST_CONFIDENCE
    ]
    if not outcomes:
        return None
    confidence, right = np.array(outcomes, dtype=np.float64).T
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    # Share of the bin times distance of its means: the sizes cancel out.
    gaps = np.bincount(bins, weights=right - confidence, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum()) / len(outcomes)


def average_precision(hits: Sequence[bool], truth: int) -> float:
    """The area under the precision-recall curve, all points, precision made monotone (VOC 2010 and later).

    `hits` says of each thing found, surest first, whether it is right; `truth` is the number of true things.
    """
    if not truth or not hits:
        return 0.0
    right = np.cumsum(np.asarray(hits, dtype=np.float64))
    precision = right / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(right, prepend=0.0) / truth
    return float((envelope * steps).sum())


def _score_class(name: str, truth: int, outcomes: Sequence[tuple[float, bool]], cutoff: float) -> ClassScore:
    ranked = sorted(outcomes, key=lambda outcome: -outcome[0])
    sure = [hit for confidence, hit in ranked if confidence >= cutoff]
    return ClassScore(name, truth, len(sure), sum(sure), average_precision([hit for _, hit in ranked], truth))


def _overlaps(found: Sequence[Thing], truth: Sequence[Thing], space: float) -> NDArray[np.float64]:
    """IoU of every found box (rows) with every true one (columns), after widening."""
    rows, columns = _corners(found, space)[:, None], _corners(truth, space)[None]
    low, high = np.maximum(rows[..., :2], columns[..., :2]), np.minimum(rows[..., 2:], columns[..., 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(-1) for boxes in (rows, columns)]
    overlaps: NDArray[np.float64] = shared / (areas[0] + areas[1] - shared)
    return overlaps


def _corners(things: Sequence[Thing], space: float) -> NDArray[np.float64]:
    boxes = [widen(thing.box, space) for thing in things]
    return np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes], dtype=np.float64)


def widen(box: Box, space: float) -> Box:
    """The box with both sides at least half a staff space long, around the same centre."""
    least = MIN_SIDE * space
    return box.grow(max(least - box.width, 0.0) / 2, max(least - box.height, 0.0) / 2)


def _f1(hits: int, found: int, truth: int) -> float:
    return 2 * hits / (found + truth) if found + truth else 0.0
