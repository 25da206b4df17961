"""Part a newspaper page into regions. In: columns and a style. Out: `Region`s, each a run of columns from y0 to y1.

Pages that printers cut again and again (slicing), and pinwheels, which no cut from edge to edge can part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from leggio.synth.news_draft import Slot
from leggio.synth.news_style import Era, NewsStyle

_LEAST = 9.0  # pitches: a region lower than this holds no heading and text
_PINWHEEL = 0.22  # share of the large regions that are wide enough for one
_STOP = {Era.BOOKISH: 0.85, Era.DENSE: 0.6, Era.POPULAR: 0.3, Era.MODULAR: 0.12, Era.CLASSIFIED: 0.4}
_CELLS = {Era.BOOKISH: 2, Era.DENSE: 4, Era.POPULAR: 6, Era.MODULAR: 6, Era.CLASSIFIED: 4}


class Region(NamedTuple):
    """Columns `c0` up to, not including, `c1`, from y0 to y1 in pixels."""

    c0: int
    c1: int
    y0: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def draw_columns(x0: float, x1: float, count: int, gutter: float) -> tuple[tuple[float, float], ...]:
    """The left and right of each column between x0 and x1."""
    step = (x1 - x0 + gutter) / count
    return tuple((x0 + step * n, x0 + step * (n + 1) - gutter) for n in range(count))


def take_slots(columns: Sequence[tuple[float, float]], region: Region) -> list[Slot]:
    """The slots of a region, a column each."""
    return [Slot(columns[c][0], region.y0, columns[c][1], region.y1) for c in range(region.c0, region.c1)]


def part(region: Region, style: NewsStyle, rng: np.random.Generator, depth: int = 0) -> list[Region]:
    """Cut a region until its parts are of the size that this style fills with one article or one flow."""
    wide, high = region.c1 - region.c0, region.height / style.pitch
    if depth > 7 or (high < 2 * _LEAST and wide == 1):
        return [region]
    size = wide * high / _LEAST
    large = size > _CELLS[style.era] * 3
    if (not large and rng.random() < 0.5) or rng.random() < _STOP[style.era] * (0.75**depth if large else 1):
        return [region]
    if wide >= 3 and high > 4 * _LEAST and rng.random() < _PINWHEEL:
        parts = _turn_pinwheel(region, rng)
    else:
        parts = _cut(region, style, rng)
    return [
        leaf
        for piece in parts
        for leaf in (part(piece, style, rng, depth + 1) if piece != region else [piece])
    ]


def _cut(region: Region, style: NewsStyle, rng: np.random.Generator) -> list[Region]:
    """One cut from edge to edge: between two columns, or across all of them."""
    c0, c1, y0, y1 = region
    low = region.height < 2 * _LEAST * style.pitch
    if c1 - c0 > 1 and (low or rng.random() < 0.5):
        middle = int(rng.integers(c0 + 1, c1))
        return [Region(c0, middle, y0, y1), Region(middle, c1, y0, y1)]
    if low:
        return [region]
    least = _LEAST * style.pitch
    y = float(rng.uniform(y0 + least, y1 - least))
    return [Region(c0, c1, y0, y), Region(c0, c1, y, y1)]


def _turn_pinwheel(region: Region, rng: np.random.Generator) -> list[Region]:
    """Four regions around a fifth one, each reaching past the next; turning to the right or to the left."""
    c0, c1, y0, y1 = region
    left, right = sorted(int(c) for c in rng.choice(np.arange(c0 + 1, c1), 2, replace=False))
    top = y0 + region.height * float(rng.uniform(0.2, 0.42))
    bottom = y0 + region.height * float(rng.uniform(0.58, 0.8))
    middle = Region(left, right, top, bottom)
    if rng.random() < 0.5:
        around = [
            Region(c0, right, y0, top), Region(right, c1, y0, bottom),
            Region(left, c1, bottom, y1), Region(c0, left, top, y1),
        ]  # fmt: skip
    else:
        around = [
            Region(left, c1, y0, top), Region(c0, left, y0, bottom),
            Region(c0, right, bottom, y1), Region(right, c1, top, y1),
        ]  # fmt: skip
    return [*around, middle]
