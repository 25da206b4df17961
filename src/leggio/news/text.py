"""Words onto lines. In: a layout, and an engine with the page or words that are known. Out: the layout with text.

Lines are found without any OCR, so an engine only has to read what stands on each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Layout, Line
from leggio.ocr import Engine, TextLine, Word

_AROUND = (
    0.18  # of a line's height: how much of the page around it an engine sees, for hanging letters and commas
)
_BATCH = 64  # lines that an engine is given at once, so that a progress bar can move


def read_text(
    image: NDArray[np.uint8],
    layout: Layout,
    engine: Engine,
    on_lines: Callable[[int], None] | None = None,
) -> Layout:
    """The layout with what the engine reads on each line of the page (height, width), 0 is ink.

    `on_lines` is told after every batch how many lines it had.
    """
    lines = [line for block in layout.blocks for line in block.lines]
    read: dict[int, Line] = {}
    for start in range(0, len(lines), _BATCH):
        batch = lines[start : start + _BATCH]
        frames = [_frame(line.box, image.shape) for line in batch]
        crops = [image[int(f.y0) : int(f.y1), int(f.x0) : int(f.x1)] for f in frames]
        for line, frame, words in zip(batch, frames, engine.read_crops(crops), strict=True):
            read[line.id] = _write(line, _move(words, frame))
        if on_lines:
            on_lines(len(batch))
    return _replace_lines(layout, read)


def lay_words(layout: Layout, words: Sequence[Word]) -> Layout:
    """The layout with words that are known, such as those of a PDF: each on the line in which its middle lies.

    A word on no line is left out: it is not seen on the page.
    """
    lines = [line for block in layout.blocks for line in block.lines]
    if not lines:
        return layout
    boxes = np.array([(line.box.x0, line.box.y0, line.box.x1, line.box.y1) for line in lines])
    found: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        middle = word.box.center
        inside = (boxes[:, 0] <= middle.x) & (boxes[:, 2] >= middle.x)
        inside &= (boxes[:, 1] <= middle.y) & (boxes[:, 3] >= middle.y)
        if inside.any():
            distance = abs((boxes[:, 1] + boxes[:, 3]) / 2 - middle.y)
            found[lines[int(np.where(inside, distance, np.inf).argmin())].id].append(word)
    by_left = {id: tuple(sorted(on_line, key=lambda word: word.box.x0)) for id, on_line in found.items()}
    return _replace_lines(
        layout, {line.id: _write(line, by_left[line.id]) for line in lines if line.id in by_left}
    )


def _frame(box: Box, shape: tuple[int, ...]) -> Box:
    """A line's box with a little around it, in whole pixels of the page."""
    wide = box.grow(_AROUND * box.height, _AROUND * box.height)
    height, width = shape
    return Box(
        float(max(int(wide.x0), 0)),
        float(max(int(wide.y0), 0)),
        float(min(int(wide.x1) + 1, width)),
        float(min(int(wide.y1) + 1, height)),
    )


def _move(line: TextLine, frame: Box) -> tuple[Word, ...]:
    """An engine's words, which are in pixels of a crop, in those of the page."""
    return tuple(replace(word, box=word.box.move(frame.x0, frame.y0)) for word in line.words)


def _write(line: Line, words: tuple[Word, ...]) -> Line:
    read = TextLine(line.box, words)
    return replace(line, text=read.text, words=words, confidence=read.confidence)


def _replace_lines(layout: Layout, lines: dict[int, Line]) -> Layout:
    blocks = tuple(
        replace(block, lines=tuple(lines.get(line.id, line) for line in block.lines))
        for block in layout.blocks
    )
    return replace(layout, blocks=blocks)
