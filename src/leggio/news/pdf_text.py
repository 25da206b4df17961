"""The text of a PDF that has one, born digital or from an earlier OCR. In: a file. Out: `Word`s in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2

from leggio.errors import UnreadableFile
from leggio.geometry import Box
from leggio.ocr import Word
from leggio.page import POINTS_PER_INCH

_REAL = 50  # letters: with fewer, a page of a newspaper has no text but a stamp of the library


def read_words(path: Path, number: int, dpi: float) -> tuple[Word, ...]:
    """The words of page `number`, counted from 1, in pixels of the page drawn at `dpi`; none where it is a mere scan.

    Raises UnreadableFile.
    """
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            page = pdf[number - 1]
            text = page.get_textpage()
            try:
                if text.count_chars() < _REAL:
                    return ()
                left, _, _, top = page.get_bbox()
                return tuple(_read_words(text, left, top, dpi / POINTS_PER_INCH))
            finally:
                text.close()
                page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(
            f"page {number} of {path} holds text that cannot be read: export it again."
        ) from error


def _read_words(text: Any, left: float, top: float, scale: float) -> Iterator[Word]:
    """The words of a page of text: letters up to the next space; one that hangs below its line ends a word, too."""
    word, box = "", None
    for place in range(text.count_chars()):
        letter = text.get_text_range(place, 1)
        if not letter.strip():
            if word and box:
                yield Word(box, word)
            word, box = "", None
            continue
        x0, y0, x1, y1 = text.get_charbox(place)
        here = Box((x0 - left) * scale, (top - y1) * scale, (x1 - left) * scale, (top - y0) * scale)
        if box is not None and (
            here.y0 > box.y1 or here.y1 < box.y0 or here.x0 < box.x0
        ):  # a line without a space
            yield Word(box, word)
            word, box = "", None
        word, box = word + letter, here if box is None else box.union(here)
    if word and box:
        yield Word(box, word)
