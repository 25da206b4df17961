"""The house style of a newspaper. In: a random generator. Out: a `NewsStyle`: sizes, habits and how often they show.

Ranges lie wide around what newspapers of 1820 to 1925 show; sizes are in pitches, the distance from line to line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np


class Era(Enum):
    """How a newspaper fills its page."""

    BOOKISH = "bookish"  # about 1800-1850: few columns, nearly no headings
    DENSE = "dense"  # about 1840-1900: many columns, articles flow from one to the next
    POPULAR = "popular"  # about 1890-1930: headings over several columns, pictures, a feuilleton
    MODULAR = "modular"  # since: each article in its own shape
    CLASSIFIED = "classified"  # a page of advertisements


_ERAS = (Era.BOOKISH, Era.DENSE, Era.POPULAR, Era.MODULAR, Era.CLASSIFIED)
_SHARES = (0.18, 0.28, 0.26, 0.2, 0.08)
_COLUMNS = {
    Era.BOOKISH: (1, 4), Era.DENSE: (3, 8), Era.POPULAR: (3, 8), Era.MODULAR: (3, 8), Era.CLASSIFIED: (2, 9),
}  # fmt: skip
_LETTERS = {  # letters a line of a column holds, about
    Era.BOOKISH: (44, 84), Era.DENSE: (38, 78), Era.POPULAR: (36, 70), Era.MODULAR: (30, 60), Era.CLASSIFIED: (34, 70),
}  # fmt: skip
_LETTER = 0.42  # width of a letter in pitches
# How many newspapers set headings between the paragraphs of an article, and before how large a share of them at most;
# of 255 headings in ten newspapers of 1821 to 1924 eight are such.
_CROSSHEADED = {
    Era.BOOKISH: (0.1, 0.02), Era.DENSE: (0.2, 0.04), Era.POPULAR: (0.45, 0.08), Era.MODULAR: (0.65, 0.14),
    Era.CLASSIFIED: (0.0, 0.0),
}  # fmt: skip
_MODERN = {Era.BOOKISH: 0.0, Era.DENSE: 0.3, Era.POPULAR: 0.7, Era.MODULAR: 1.0, Era.CLASSIFIED: 0.5}
_NARROWEST, _WIDEST = 800, 4600  # pixels
_SMALLEST, _LARGEST = 0.0048, 0.03  # pitch as a share of the page's width: newspapers have 0.006 to 0.017


class Blocks(Enum):
    """What a segmenter calls a block."""

    PARAGRAPH = "paragraph"
    COLUMN = "column"
    MIXED = "mixed"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Habits:
    """What a newspaper's printers do, and how often; shares are in [0, 1], lengths in pitches."""

    feuilleton: bool
    column_rules: float  # share of the gutters with a rule
    cross_rules: float  # share of the borders between articles with a rule
    loud: float  # how much larger headings get
    titled: float  # share of articles with a heading
    spread: float  # share of stories whose heading runs over all their columns
    shorts: float  # share of flowing columns with short news
    notices: float  # share of regions with a boxed notice or another notch
    pictures: float
    portraits: float  # share of paragraphs with a small picture that the text runs around
    parted: float  # share of articles with short rules between their paragraphs
    ads: float
    crossheads: float  # share of paragraphs with a heading above that begins no article
    crosshead: tuple[
        float, float, float
    ]  # its size in pitches, the gap above it and the one below: one style a page
    paragraph: float  # lines, on average
    indent: float  # of a paragraph's first line
    gap: float  # between paragraphs


@dataclass(frozen=True, slots=True)
class Segmenter:
    """What the program does that finds the blocks; shares are in [0, 1], lengths in pitches."""

    known: float  # share of headings that are called headings
    blocks: Blocks
    wide: float  # share of blocks whose box is as wide as the column
    split: float  # share of blocks that are cut for no reason
    merged: float  # share of neighbours that are taken for one
    shaky: float  # deviation of the edges of boxes


@dataclass(frozen=True, slots=True)
class NewsStyle:
    """How a page looks, in pixels where nothing else is said."""

    era: Era
    width: int
    height: int
    columns: int
    pitch: float  # from line to line of running text
    line: float  # height of a line's box in pitches
    gutter: float
    margins: tuple[float, float, float, float]  # left, top, right, bottom
    front: bool  # a front page has a masthead
    skew: float  # radians, clockwise
    habits: Habits
    segmenter: Segmenter


def draw_style(rng: np.random.Generator, era: Era | None = None) -> NewsStyle:
    """A style drawn at random, of one era or of any."""
    era = era or _ERAS[int(rng.choice(len(_ERAS), p=_SHARES))]
    width = round(_NARROWEST * math.exp(rng.uniform(0, math.log(_WIDEST / _NARROWEST))))
    height = round(width * min(max(rng.normal(1.42, 0.08), 1.22), 1.62))
    columns = int(rng.integers(*_COLUMNS[era]))
    left, top, right, bottom = (float(width * share) for share in rng.uniform(0.004, 0.07, 4))
    inner = width - left - right
    gutter = inner * _between(rng, 0.003, 0.024) * (1.6 if columns < 4 else 1.0)
    letters = float(rng.uniform(*_LETTERS[era]))
    pitch = (inner / columns - gutter) / letters / _LETTER
    return NewsStyle(
        era, width, height, columns,
        pitch=min(max(pitch, _SMALLEST * width), _LARGEST * width),
        line=float(rng.uniform(0.62, 1.35)),
        gutter=gutter,
        margins=(left, top, right, bottom),
        front=bool(rng.random() < 0.3),
        skew=float(rng.normal(0, 0.006)) if rng.random() < 0.6 else 0.0,
        habits=draw_habits(rng, era),
        segmenter=draw_segmenter(rng),
    )  # fmt: skip


def draw_habits(rng: np.random.Generator, era: Era) -> Habits:
    """What the printers of an era do."""
    modern = _MODERN[era]
    set_often, most = _CROSSHEADED[era]
    above = float(rng.uniform(0.2, 0.8))
    return Habits(
        crossheads=float(rng.uniform(0, most)) if rng.random() < set_often else 0.0,
        crosshead=(float(rng.uniform(0.9, 1.25)), above, float(rng.uniform(0, above))),
        feuilleton=bool(rng.random() < (0.05 if era in (Era.MODULAR, Era.CLASSIFIED) else 0.3)),
        column_rules=float(rng.choice([0.0, 0.5, 0.9, 1.0], p=[0.2, 0.15, 0.25, 0.4])),
        cross_rules=float(rng.choice([0.0, 0.3, 0.7, 1.0], p=[0.2, 0.3, 0.3, 0.2])),
        loud=float(rng.uniform(1.0, 1.8 + 3 * modern)),
        titled=float(min(1.0, rng.uniform(0.25 + 0.5 * modern, 1.25))),
        spread=float(np.clip(rng.normal(0.2 + 0.65 * modern, 0.2), 0.05, 1)),
        shorts=float(rng.uniform(0, 0.4)),
        notices=float(rng.uniform(0, 0.2 + 0.3 * modern)),
        pictures=float(rng.uniform(0, 0.45) * modern),
        portraits=float(rng.uniform(0, 0.06) * modern) if rng.random() < 0.4 else 0.0,
        parted=float(rng.uniform(0, 0.3)),
        ads=float(rng.uniform(0.7, 1) if era is Era.CLASSIFIED else rng.uniform(0, 0.3) * rng.random()),
        paragraph=_between(rng, 3, 36),
        indent=float(rng.uniform(0.6, 2.5)) if rng.random() < 0.88 else 0.0,
        gap=float(rng.uniform(0.1, 0.7)) if rng.random() < 0.4 else 0.0,
    )


def draw_segmenter(rng: np.random.Generator) -> Segmenter:
    """A program with habits and slips of its own."""
    blocks = (Blocks.PARAGRAPH, Blocks.COLUMN, Blocks.MIXED, Blocks.LINE)
    return Segmenter(
        known=float(rng.choice([0.0, 0.5, 0.9, 1.0], p=[0.15, 0.1, 0.25, 0.5])),
        blocks=blocks[int(rng.choice(4, p=[0.4, 0.28, 0.29, 0.03]))],
        wide=float(rng.choice([0.0, 0.5, 1.0], p=[0.5, 0.2, 0.3])),
        split=float(rng.uniform(0, 0.2)) if rng.random() < 0.5 else 0.0,
        merged=float(rng.uniform(0, 0.12)) if rng.random() < 0.5 else 0.0,
        shaky=float(rng.uniform(0, 0.2)) if rng.random() < 0.7 else 0.0,
    )


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """A number between two, small ones as often as large ones by ratio."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))
