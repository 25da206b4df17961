"""Pages with words drawn on them, and an engine that knows what was drawn by how wide it is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from tests.music.drawing import SPACE, Sheet

from leggio.geometry import Box
from leggio.music.notation import Text
from leggio.ocr import TextLine, Word

Grey = NDArray[np.uint8]

_FONT, _SIZE, _THICK = cv2.FONT_HERSHEY_SIMPLEX, 1.0, 2  # letters 22 px high, little more than a staff space
_WIDE_GAP = 14  # px of white that part words


class Lettered(Sheet):
    """A sheet with words; x and y are in staff spaces, y is the baseline."""

    def write(self, text: str, x: float, y: float, size: float = _SIZE) -> None:
        at = (round(x * SPACE), round(y * SPACE))
        cv2.putText(self._dark, text, at, _FONT, size, 255, _THICK, cv2.LINE_AA)

    def hyphen(self, x: float, y: float, length: float = 0.7) -> None:
        self.ink((x, y, x + length, y + 0.15))


class FakeEngine:
    """Reads the words that it was told of, each by the width of its ink; others are question marks."""

    name = "fake"

    def __init__(self, *words: str, size: float = _SIZE) -> None:
        self._widths = {word: _ink_width(word, size) for word in words}
        self.crops = 0

    def read_lines(self, image: Grey) -> tuple[TextLine, ...]:
        return self.read_crops([image])

    def read_crops(self, crops: Sequence[Grey]) -> tuple[TextLine, ...]:
        self.crops += len(crops)
        return tuple(self._read(crop) for crop in crops)

    def _read(self, crop: Grey) -> TextLine:
        height, width = crop.shape
        columns = np.flatnonzero((crop < 128).any(axis=0))
        runs = np.split(columns, np.flatnonzero(np.diff(columns) > _WIDE_GAP) + 1) if columns.size else []
        words = (
            Word(Box(float(run[0]), 0.0, float(run[-1] + 1), float(height)), self._name(int(run[-1] - run[0])), 0.95)
            for run in runs
        )  # fmt: skip
        return TextLine(Box(0.0, 0.0, float(width), float(height)), tuple(words))

    def _name(self, width: int) -> str:
        nearest = min(self._widths, key=lambda word: abs(self._widths[word] - width), default="?")
        return nearest if abs(self._widths.get(nearest, -99) - width) < 4 else "?"


def _ink_width(word: str, size: float) -> int:
    canvas = np.zeros((120, 2000), np.uint8)
    cv2.putText(canvas, word, (20, 80), _FONT, size, 255, _THICK, cv2.LINE_AA)
    columns = np.flatnonzero((canvas > 128).any(axis=0))
    return int(columns[-1] - columns[0])


def text_at(text: str, x: float, y: float, width: float | None = None, confidence: float = 0.95) -> Text:
    """A text whose left end is at `x` and whose baseline is at `y`, in staff spaces."""
    wide = (0.9 * len(text) if width is None else width) * SPACE
    box = Box(x * SPACE, (y - 1.4) * SPACE, x * SPACE + wide, y * SPACE)
    return Text(box, text, confidence, 1.4 * SPACE, y * SPACE)
