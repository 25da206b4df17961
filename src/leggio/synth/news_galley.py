"""Set type with typst. In: copy, the text of blocks with their measure. Out: galleys: pictures with every word's place.

Each piece of copy becomes a page of one PDF in which a point is a pixel; the places of the words are read from that
PDF, so they are those of the print. Lines break first-fit: a line does not depend on what comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import typst
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.ocr import Word

Gray = NDArray[np.uint8]

_TOP = 0.8  # em from the top of a line to where its letters stand; the rest of the em lies below
_HYPHENS = "-\u00ad\u0002\ufffe\uffff"  # what PDFium makes of a hyphen at the end of a line
_HEAD = """
#set page(margin: 0pt, fill: white)
#set text(ligatures: false, hyphenate: true, overhang: false, lang: "{language}")
#set text(top-edge: {top}em, bottom-edge: {bottom}em)
#set par(justify: true, linebreaks: "simple", spacing: 0pt)
#let fit(w, s, f, k, a, body) = context {{
  let set-in = text.with(font: f, weight: k, hyphenate: false)
  let wanted = measure(set-in(size: s, body)).width
  box(width: w, align(a, set-in(size: s * calc.min(1, w / wanted), body)))
}}
"""


class Align(Enum):
    """Where a line stands in its measure."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Type:
    """A typeface and how it is set: `size` is the em in pixels."""

    font: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of copy in its place: from x0 to x1, its top at y, in pixels of its galley."""

    text: str
    x0: float
    x1: float
    y: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of a galley, `width` pixels wide: running text, its lines `pitch` apart; or rows, each in its place."""

    type: Type
    width: float
    pitch: float
    lines: int  # how many of them are wanted
    text: str = ""
    indent: float = 0.0
    rows: tuple[Row, ...] = ()

    @property
    def height(self) -> float:
        return max([self.lines * self.pitch, *(row.y + self.pitch for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Galley:
    """Set type: `image` is (height, width), 0 ink and 255 paper; `lines` are the words of each line, or of each row."""

    image: Gray
    lines: tuple[tuple[Word, ...], ...]


def set_type(copies: Sequence[Copy], language: str, *, draw: bool = True) -> list[Galley]:
    """A galley for each piece of copy; without `draw` their pictures are empty.

    `language` is the code that words are hyphenated by. Text beyond the wanted lines is not set.
    """
    if not copies:
        return []
    head = _HEAD.format(top=_TOP, bottom=round(_TOP - 1, 3), language=language)
    document = pdfium.PdfDocument(typst.compile((head + "\n".join(map(_write_page, copies))).encode()))
    try:
        return [_read_page(document[number], copy, draw) for number, copy in enumerate(copies)]
    finally:
        document.close()


def count_letters(galley: Galley, lines: int, text: str) -> int:
    """How many letters of `text`, spaces left out, stand on the first lines; hyphens that typst added do not count."""
    source, place = "".join(text.split()), 0
    for line in galley.lines[:lines]:
        for letter in (letter for word in line for letter in word.text):
            if place < len(source) and (source[place] == letter or letter not in _HYPHENS):
                place += 1
    return place


def _write_page(copy: Copy) -> str:
    width, height = max(1.0, round(copy.width, 2)), max(1.0, round(copy.height, 2))
    body = _write_running(copy) if copy.text else "".join(_write_row(copy, row) for row in copy.rows)
    return f"#page(width: {width}pt, height: {height}pt)[{body}]"


def _write_running(copy: Copy) -> str:
    leading = copy.pitch - copy.type.size
    return (
        f"#place(top + left, block(width: {copy.width:.2f}pt)["
        f"#set text(size: {copy.type.size:.2f}pt, font: {_quote(copy.type.font)}, weight: {_weight(copy)})\n"
        f"#set par(leading: {leading:.2f}pt, first-line-indent: (amount: {copy.indent:.2f}pt, all: true))\n"
        f"#par({_quote(copy.text)})])"
    )


def _write_row(copy: Copy, row: Row) -> str:
    font = f"{copy.type.size:.2f}pt, {_quote(copy.type.font)}, {_weight(copy)}"
    return (
        f"#place(top + left, dx: {row.x0:.2f}pt, dy: {row.y:.2f}pt, "
        f"fit({max(1.0, row.x1 - row.x0):.2f}pt, {font}, {row.align.value}, {_quote(row.text)}))"
    )


def _weight(copy: Copy) -> str:
    return '"bold"' if copy.type.bold else '"regular"'


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_page(page: pdfium.PdfPage, copy: Copy, draw: bool) -> Galley:
    try:
        image = np.zeros((0, 0), np.uint8)
        if draw:
            drawn = page.render(scale=1, grayscale=True).to_numpy()
            image = np.asarray(drawn[..., 0] if drawn.ndim == 3 else drawn, np.uint8).copy()
        return Galley(image, _read_words(page, copy))
    finally:
        page.close()


def _read_words(page: pdfium.PdfPage, copy: Copy) -> tuple[tuple[Word, ...], ...]:
    """The words of each line, from the places of the letters in the PDF; a word ends at a space and with its line."""
    lines: list[list[Word]] = [[] for _ in range(len(copy.rows) or copy.lines)]
    height = page.get_height()
    textpage = page.get_textpage()
    letters, where = "", -1
    boxes: list[Box] = []
    for number in range(textpage.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(textpage, number))
        left, bottom, right, top = textpage.get_charbox(number)
        box = Box(left, height - top, right, height - bottom)
        line = -1 if letter.isspace() or box.width <= 0 or box.height <= 0 else _find_line(copy, box)
        if line != where or line < 0:
            _end_word(lines, where, letters, boxes)
            letters, boxes, where = "", [], line
        if line >= 0:
            letters += "-" if letter in _HYPHENS else letter
            boxes.append(box)
    _end_word(lines, where, letters, boxes)
    textpage.close()
    return tuple(map(tuple, lines))


def _end_word(lines: list[list[Word]], line: int, letters: str, boxes: Sequence[Box]) -> None:
    if line >= 0 and letters:
        box = Box(
            min(b.x0 for b in boxes),
            min(b.y0 for b in boxes),
            max(b.x1 for b in boxes),
            max(b.y1 for b in boxes),
        )
        lines[line].append(Word(box, letters))


def _find_line(copy: Copy, box: Box) -> int:
    """The number of the line or row that a letter stands on; -1 below the last."""
    y, x = (box.y0 + box.y1) / 2, (box.x0 + box.x1) / 2
    if not copy.rows:
        line = int(y // copy.pitch)
        return line if line < copy.lines else -1
    away = [(abs(y - row.y - copy.pitch / 2), max(row.x0 - x, x - row.x1, 0.0)) for row in copy.rows]
    return min(range(len(away)), key=lambda number: away[number][0] + away[number][1])
