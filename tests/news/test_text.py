"""Words come onto the lines that were found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Layout, Line
from leggio.news.text import lay_words, read_text
from leggio.ocr import TextLine, Word


class Measuring:
    """An engine that reads how large a crop is, in one word in its middle."""

    name = "measuring"

    def read_lines(self, image: NDArray[np.uint8]) -> tuple[TextLine, ...]:
        raise AssertionError("lines are known")

    def read_crops(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return tuple(self._read(crop) for crop in crops)

    def _read(self, crop: NDArray[np.uint8]) -> TextLine:
        height, width = crop.shape
        word = Word(Box(5, 5, width - 5, height - 5), f"{width}x{height}", 0.5)
        return TextLine(Box(0, 0, width, height), (word,))


def make_layout(*boxes: Box) -> Layout:
    lines = tuple(Line(number, box) for number, box in enumerate(boxes))
    return Layout(1000, 2000, (Block(0, BlockKind.TEXT, Box(0, 0, 900, 1900), lines),))


def test_an_engine_sees_each_line_with_a_little_around_it() -> None:
    layout = make_layout(Box(100, 200, 500, 250), Box(0, 300, 400, 350))
    heard: list[int] = []
    read = read_text(np.full((2000, 1000), 255, np.uint8), layout, Measuring(), heard.append)
    first, second = read.blocks[0].lines
    assert (first.text, second.text) == ("419x69", "410x69")
    assert first.words[0].box == Box(96, 196, 505, 255)
    assert first.confidence == 0.5
    assert sum(heard) == 2


def test_known_words_lie_on_the_line_of_their_middle_from_left_to_right() -> None:
    layout = make_layout(Box(100, 200, 500, 250), Box(100, 260, 500, 310))
    words = (
        Word(Box(300, 262, 380, 305), "below"),
        Word(Box(300, 205, 380, 245), "news"),
        Word(Box(110, 203, 200, 247), "old"),
        Word(Box(700, 203, 800, 247), "elsewhere"),
    )
    first, second = lay_words(layout, words).blocks[0].lines
    assert (first.text, second.text) == ("old news", "below")
    assert first.words[0].box == Box(110, 203, 200, 247)


def test_a_line_without_known_words_stays_empty() -> None:
    layout = make_layout(Box(100, 200, 500, 250))
    assert lay_words(layout, ()) == layout
