"""What the readers of all formats share: blocks before they have numbers, names without their namespace, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Layout, Line, Rule
from leggio.ocr import TextLine, Word

Element = etree._Element

_KINDS = {
    "heading": BlockKind.HEADING, "headline": BlockKind.HEADING, "title": BlockKind.HEADING,
    "caption": BlockKind.CAPTION, "table": BlockKind.TABLE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block as it stands in a file; `box` is None where its lines say where it is."""

    kind: BlockKind
    box: Box | None
    lines: tuple[Line, ...] = ()


def number_blocks(
    width: float, height: float, blocks: Iterable[FoundBlock], rules: Iterable[Rule] = ()
) -> Layout:
    """A layout with ids in the order of the file; blocks that are nowhere, and lines of no size, are left out."""
    numbered: list[Block] = []
    first = 0
    for block in blocks:
        lines = [line for line in block.lines if line.box.area > 0]
        box = block.box or bound(line.box for line in lines)
        if box is None or box.area <= 0:
            continue
        counted = tuple(replace(line, id=first + place) for place, line in enumerate(lines))
        first += len(counted)
        numbered.append(Block(len(numbered), block.kind, box, counted))
    return Layout(width, height, tuple(numbered), tuple(rules))


def make_line(
    box: Box | None, words: tuple[Word, ...], text: str = "", confidence: float | None = None
) -> Line | None:
    """A line; None where nothing says where it is. Without a box of its own it is as large as its words."""
    box = box or bound(word.box for word in words)
    if box is None:
        return None
    read = TextLine(box, words)
    sure = confidence if confidence is not None else read.confidence if words else 1.0
    return Line(0, box, text or read.text, words, sure)


def name_kind(label: str) -> BlockKind:
    """The kind of a text block that a file calls `label`."""
    return next((kind for name, kind in _KINDS.items() if name in label.casefold()), BlockKind.TEXT)


def bound(boxes: Iterable[Box]) -> Box | None:
    """The box around all boxes; None around nothing."""
    whole: Box | None = None
    for box in boxes:
        whole = box if whole is None else whole.union(box)
    return whole


def local_name(element: Element) -> str:
    """An element's name without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def find_all(element: Element, *names: str) -> Iterator[Element]:
    """All elements inside with one of these names, in the order of the file, whatever their namespace."""
    return (inner for inner in element.iterdescendants() if local_name(inner) in names)


def children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) in names)


def read_number(text: str | None) -> float | None:
    """A number, which may have a fraction or a unit behind it; None where there is none."""
    try:
        return float((text or "").strip().removesuffix("px"))
    except ValueError:
        return None
