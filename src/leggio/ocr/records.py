"""Words on a picture: records, and what every engine can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box

Grey = NDArray[np.uint8]

_THINNEST = 3  # pixels: below, a crop holds no letter
_FAINTEST = 40  # grey values between paper and the darkest ink; paper alone has a grain of 10 to 30


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

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of its words' confidences, long words weighing more; 0 where nothing was read."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / letters if letters else 0.0


def has_ink(crop: Grey) -> bool:
    """Whether anything can stand on a crop: engines make up letters where there are none."""
    if min(crop.shape) < _THINNEST:
        return False
    return int(np.percentile(crop, 90)) - int(crop.min()) >= _FAINTEST


class Engine(Protocol):
    """An OCR engine. `name` is what it is called on the command line."""

    name: str

    def read_lines(self, image: Grey) -> tuple[TextLine, ...]:
        """The lines of a grey picture (height, width), 0 is ink, in the engine's reading order."""
        ...

    def read_crops(self, crops: Sequence[Grey]) -> tuple[TextLine, ...]:
        """What stands on each crop, which holds one line or word; an empty line where nothing was read.

        Places are in the crop's own pixels.
        """
        ...
