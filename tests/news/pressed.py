"""A small newspaper page in black on white, printed by Pillow with its own typeface, for tests that look at pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from leggio.geometry import Box

WORDS = (
    "the steamer brought news from harbour where people had been waiting since morning and nobody could say when "
    "heavy weather off banks two boats were carried away but price of wheat rose again after long debate about new "
    "railway line which will reach valley before winter if money can be found by council"
).split()

SIZE = 24  # of the body type, whose small letters are about 13 px high
LEADING = 32


@dataclass
class Press:
    """A sheet of paper that lines, rules and pictures are printed on; it remembers where the lines of text are."""

    width: int = 1000
    height: int = 1400
    lines: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sheet = Image.new("L", (self.width, self.height), 245)
        self._pen = ImageDraw.Draw(self._sheet)
        self._next = 0

    @property
    def image(self) -> NDArray[np.uint8]:
        return np.array(self._sheet, dtype=np.uint8)

    def print_line(self, text: str, x: float, y: float, size: int = SIZE) -> Box:
        """Words at (x, y), with spaces as wide as newspapers have them."""
        font = ImageFont.load_default(size)
        start = x
        box: Box | None = None
        for word in text.split():
            left, top, right, bottom = self._pen.textbbox((start, y), word, font=font)
            self._pen.text((start, y), word, font=font, fill=20)
            here = Box(left, top, right, bottom)
            box = here if box is None else box.union(here)
            start = right + 0.4 * size
        assert box is not None
        self.lines.append(box)
        return box

    def print_column(self, x: float, y: float, width: float, count: int, size: int = SIZE) -> list[Box]:
        """`count` full lines of running text below each other."""
        return [
            self.print_line(self._fill(width, size), x, y + row * LEADING * size / SIZE, size)
            for row in range(count)
        ]

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._pen.rectangle((x0, y0, x1, y1), fill=20)

    def picture(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A dark oval on grey, as of a portrait."""
        self._pen.rectangle((x0, y0, x1, y1), fill=110)
        self._pen.ellipse((x0 + 20, y0 + 20, x1 - 20, y1 - 20), fill=30)

    def _fill(self, width: float, size: int) -> str:
        font = ImageFont.load_default(size)
        taken: list[str] = []
        length = 0.0
        while True:
            word = WORDS[self._next % len(WORDS)]
            length += font.getlength(word) + 0.4 * size
            if length > width + 0.4 * size:
                return " ".join(taken)
            taken.append(word)
            self._next += 1


def print_page() -> Press:
    """A title over two columns with a rule between; the right one has a heading between two articles."""
    press = Press()
    press.print_line("Harbour Gazette", 260, 40, 72)
    press.rule(60, 150, 940, 153)
    press.print_column(60, 180, 410, 34)
    press.rule(499, 180, 501, 1280)
    press.print_column(530, 180, 410, 12)
    press.rule(680, 590, 790, 592)
    press.print_line("A fine railway", 640, 620, 34)
    press.print_column(530, 690, 410, 18)
    return press
