"""hOCR, as Tesseract and others write it. In: the root of a document. Out: a `Layout` for each of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leggio.geometry import Box
from leggio.news.layout import BlockKind, Layout, Line, Rule
from leggio.news.ocr_in.found import Element, FoundBlock, bound, make_line, number_blocks, read_number
from leggio.ocr import Word

_LINES = ("ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat")
_BLOCKS = ("ocr_carea", "ocrx_block", "ocr_par")
_PICTURES = ("ocr_photo", "ocr_image", "ocr_linedrawing", "ocr_float")
_BOX = re.compile(r"\bbbox\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)")
_SURE = re.compile(r"\bx_w?conf\s+([\d.]+)")


def read_hocr(root: Element) -> tuple[Layout, ...]:
    """The pages in pixels."""
    return tuple(_read_page(page) for page in _find(root, "ocr_page"))


def _read_page(page: Element) -> Layout:
    found = [FoundBlock(BlockKind.PICTURE, _read_box(element)) for element in _find(page, *_PICTURES)]
    rules = [Rule(box) for element in _find(page, "ocr_separator") if (box := _read_box(element))]
    done: set[Element] = set()
    for block in _find(page, *reversed(_BLOCKS)):
        if any(True for _ in _find(block, *_BLOCKS)):  # the blocks inside it say more
            continue
        lines = [element for element in _find(block, *_LINES) if element not in done]
        done.update(lines)
        found.append(FoundBlock(BlockKind.TEXT, None, _read_lines(lines)))
    found += [
        FoundBlock(BlockKind.TEXT, None, _read_lines([x])) for x in _find(page, *_LINES) if x not in done
    ]
    whole = _read_box(page) or bound(line.box for block in found for line in block.lines) or Box(0, 0, 0, 0)
    return number_blocks(whole.x1, whole.y1, found, rules)


def _read_lines(elements: list[Element]) -> tuple[Line, ...]:
    return tuple(line for element in elements if (line := _read_line(element)))


def _read_line(line: Element) -> Line | None:
    words = []
    for element in _find(line, "ocrx_word", "ocr_word"):
        box, text = _read_box(element), _read_text(element)
        sure = _SURE.search(element.get("title", ""))
        if box and text:
            words.append(Word(box, text, min(float(sure[1]) / 100, 1.0) if sure else 1.0))
    return make_line(_read_box(line), tuple(words), "" if words else _read_text(line))


def _read_text(element: Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _find(element: Element, *classes: str) -> Iterator[Element]:
    """All elements inside that are of one of these classes."""
    wanted = set(classes)
    return (inner for inner in element.iterdescendants() if wanted & set((inner.get("class") or "").split()))


def _read_box(element: Element) -> Box | None:
    found = _BOX.search(element.get("title", ""))
    if not found:
        return None
    x0, y0, x1, y1 = (read_number(number) or 0.0 for number in found.groups())
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
