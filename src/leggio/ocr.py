"""Words on a picture. In: a grey picture. Out: `Word`s with their places, read by an engine that is installed.

Two engines have the same form: Tesseract, where that program is installed, and RapidOCR, a package that brings its nets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in pixels; `confidence` in [0, 1] is that of the engine, 1 where the text was given."""

    box: Box
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of words inside one column, as an engine saw it."""

    box: Box
    words: tuple[Word, ...]


class Engine(Protocol):
    """An OCR engine. `name` is what it is called on the command line."""

    name: str

    def read_lines(self, image: NDArray[np.uint8]) -> tuple[TextLine, ...]:
        """The lines of a grey picture (height, width), 0 is ink, in the engine's reading order."""
        ...

    def read_crops(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """What stands on each crop, which holds one line or word; an empty line where nothing was read."""
        ...
