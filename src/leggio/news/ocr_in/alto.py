"""ALTO, versions 2 to 4, as libraries keep it. In: the root of a document. Out: a `Layout` for each of its pages."""

from __future__ import annotations

from collections.abc import Iterator

from leggio.geometry import Box
from leggio.news.layout import BlockKind, Layout, Line, Rule
from leggio.news.ocr_in.found import (
    Element,
    FoundBlock,
    bound,
    children,
    find_all,
    local_name,
    make_line,
    name_kind,
    number_blocks,
    read_number,
)
from leggio.ocr import Word

# Units to the pixel of a page at 300 dpi; a page that has an image is scaled to it anyway.
_UNITS = {"mm10": 300 / 254, "inch1200": 0.25, "pixel": 1.0}


def read_alto(root: Element) -> tuple[Layout, ...]:
    """The pages, in pixels, or for other units in those of 300 dpi."""
    unit = next((text.text or "" for text in find_all(root, "MeasurementUnit")), "pixel").strip().lower()
    labels = {tag.get("ID", ""): tag.get("LABEL", "") for tag in find_all(root, "LayoutTag", "StructureTag")}
    return tuple(_read_page(page, _UNITS.get(unit, 1.0), labels) for page in find_all(root, "Page"))


def _read_page(page: Element, unit: float, labels: dict[str, str]) -> Layout:
    found: list[FoundBlock] = []
    rules: list[Rule] = []
    for element in find_all(page, "TextBlock", "Illustration", "GraphicalElement"):
        box = _read_box(element, unit)
        if local_name(element) == "TextBlock":
            lines = tuple(line for part in children(element, "TextLine") if (line := _read_line(part, unit)))
            found.append(FoundBlock(_read_kind(element, labels), box, lines))
        elif box and local_name(element) == "GraphicalElement":
            rules.append(Rule(box))
        elif box:
            found.append(FoundBlock(BlockKind.PICTURE, box))
    width, height = (read_number(page.get(name)) for name in ("WIDTH", "HEIGHT"))
    printed = bound(box for space in find_all(page, "PrintSpace") if (box := _read_box(space, unit)))
    whole = printed or bound(block.box for block in found if block.box) or Box(0, 0, 0, 0)
    return number_blocks(
        width * unit if width else whole.x1, height * unit if height else whole.y1, found, rules
    )  # fmt: skip


def _read_kind(block: Element, labels: dict[str, str]) -> BlockKind:
    names = [labels.get(tag, "") for tag in block.get("TAGREFS", "").split() if tag.startswith("kind-")]
    names = names or [labels.get(tag, "") for tag in block.get("TAGREFS", "").split()]
    parents = [
        parent.get("TYPE", "") for parent in block.iterancestors() if local_name(parent) == "ComposedBlock"
    ]
    kinds = [name_kind(name) for name in (*names, block.get("TYPE", ""), *parents)]
    return next((kind for kind in kinds if kind is not BlockKind.TEXT), BlockKind.TEXT)


def _read_line(line: Element, unit: float) -> Line | None:
    texts: list[str] = []
    words: list[Word] = []
    for part in children(line, "String", "HYP"):
        text = part.get("CONTENT", "").strip()
        if local_name(part) == "HYP":
            if texts:
                texts[-1] += text or "-"
            if words:
                words[-1] = Word(words[-1].box, words[-1].text + (text or "-"), words[-1].confidence)
        elif text:
            texts.append(text)
            box = _read_box(part, unit)
            sure = read_number(part.get("WC"))
            if box:
                words.append(Word(box, text, 1.0 if sure is None else min(max(sure, 0.0), 1.0)))
    return make_line(_read_box(line, unit), tuple(words), " ".join(texts))


def _read_box(element: Element, unit: float) -> Box | None:
    x, y, width, height = _numbers(element)
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(x * unit, y * unit, (x + width) * unit, (y + height) * unit)


def _numbers(element: Element) -> Iterator[float | None]:
    return (read_number(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
