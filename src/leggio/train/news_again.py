"""A known page with blocks such as the reader makes them. In: a `NewsTruth`. Out: one with its articles, no scan.

What a reader does to a page begins with lines: some it breaks where white runs down through a paragraph, some it
loses, some are specks. Of these lines it builds blocks by its own rules (`leggio.news.blocks`). So does this, on any
page whose lines are known: sampled ones, and newspapers of which no scan is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from leggio.geometry import Box
from leggio.news.blocks import build_layout
from leggio.news.layout import Block, BlockKind, Layout, Line, NewsTruth
from leggio.train.news_found import draw_misread, hand_over, misread_page, write_lines

_WORD = re.compile(r"[^\W\d_]{4,}")

# How much goes wrong on a page is drawn for each page anew, mostly little: squares of numbers in [0, 1] times the most.
_MOST_BROKEN = 0.2  # share of blocks through which white runs
_MOST_LOST = 0.04  # share of lines that are not found
_MOST_SPECKS = 12  # spots that are taken for lines
_LOST_RULES, _LOST_PICTURES = 0.15, 0.1  # shares that are not found
_RUN = (2, 12)  # lines through which white runs
_GAP = (0.3, 1.0)  # how wide it is, in heights of a line
_SPECK = (0.5, 3.0)  # width of a speck, in heights of a line


@dataclass(frozen=True, slots=True)
class _Damage:
    """How much of a page is found wrongly."""

    broken: float
    lost: float
    specks: int


def find_anew(truth: NewsTruth, rng: np.random.Generator) -> NewsTruth:
    """The page with blocks built anew of its lines, each of the article it lies in; kinds are the reader's.

    A page without any line stays as it is.
    """
    damage = _Damage(
        _MOST_BROKEN * float(rng.random()) ** 3,
        _MOST_LOST * float(rng.random()) ** 2,
        int(_MOST_SPECKS * float(rng.random()) ** 3),
    )
    layout = truth.layout
    lines = [line for block in layout.blocks for line in _find_lines(block, damage, rng)]
    if not lines:
        return truth
    height = float(np.median([line.box.height for line in lines]))
    lines += [_invent_line(layout, height, rng) for _ in range(damage.specks)]
    lines = [replace(line, id=number, words=()) for number, line in enumerate(lines)]
    rules = [rule for rule in layout.rules if rng.random() >= _LOST_RULES]
    pictures = [
        block.box
        for block in layout.blocks
        if block.kind is BlockKind.PICTURE and not block.lines and rng.random() >= _LOST_PICTURES
    ]
    found = build_layout(layout.width, layout.height, lines, rules, pictures)
    return replace(
        hand_over(truth, found, misread_page(found, draw_misread(rng), rng)), partial=truth.partial
    )


def _find_lines(block: Block, damage: _Damage, rng: np.random.Generator) -> list[Line]:
    """The lines of a block as they are found."""
    lines = [line for line in block.lines if rng.random() >= damage.lost]
    if not lines or rng.random() >= damage.broken:
        return lines
    first = int(rng.integers(len(lines)))
    last = first + int(rng.integers(*_RUN))
    place, gap = float(rng.uniform(0.1, 0.9)), float(rng.uniform(*_GAP))
    return [
        piece
        for number, line in enumerate(lines)
        for piece in (_break(line, place, gap, block.box) if first <= number < last else (line,))
    ]


def _break(line: Line, place: float, gap: float, column: Box) -> Iterator[Line]:
    """A line in two, where white runs down through its column at a share of its width."""
    box = line.box
    left = column.x0 + place * column.width - gap * box.height / 2
    right = left + gap * box.height
    if not box.x0 + box.height < left < right < box.x1 - box.height:
        yield line
        return
    words = line.text.split()
    split = round(len(words) * (left - box.x0) / (box.width - (right - left)))
    yield replace(line, box=replace(box, x1=left), text=" ".join(words[:split]))
    yield replace(line, box=replace(box, x0=right), text=" ".join(words[split:]))


def _invent_line(layout: Layout, height: float, rng: np.random.Generator) -> Line:
    """A spot anywhere on the page."""
    x, y = (float(value) for value in rng.random(2) * (layout.width, layout.height))
    width, high = float(rng.uniform(*_SPECK)) * height, float(rng.uniform(0.4, 1.0)) * height
    return Line(0, Box(x, y, x + width, y + high))


def estrange(layout: Layout, share: float, rng: np.random.Generator) -> Layout:
    """The layout with so large a share of its words made ones that stand nowhere else; marks and capitals stay.

    The articles of real newspapers have fewer words of their own in common than those of synthetic ones.
    """

    def replace_word(match: re.Match[str]) -> str:
        word = match[0]
        if rng.random() >= share:
            return word
        strange = "".join(map(chr, rng.integers(ord("a"), ord("z") + 1, len(word))))
        return strange.capitalize() if word[0].isupper() else strange

    return write_lines(layout, lambda line: _WORD.sub(replace_word, line.text))
