"""PAGE-XML, of 2013 and of 2019. In: the root of a document. Out: the `Layout` of its page."""

from __future__ import annotations

from leggio.geometry import Box
from leggio.news.layout import BlockKind, Layout, Line, Rule
from leggio.news.ocr_in.found import (
    Element,
    FoundBlock,
    children,
    find_all,
    local_name,
    make_line,
    name_kind,
    number_blocks,
    read_number,
)
from leggio.ocr import Word

_PICTURES = ("ImageRegion", "GraphicRegion", "LineDrawingRegion", "ChartRegion")


def read_page_xml(root: Element) -> tuple[Layout, ...]:
    """The page in pixels."""
    return tuple(_read_page(page) for page in find_all(root, "Page"))


def _read_page(page: Element) -> Layout:
    found: list[FoundBlock] = []
    rules: list[Rule] = []
    for region in find_all(page, "TextRegion", "SeparatorRegion", *_PICTURES):
        box = _read_box(region)
        if local_name(region) == "TextRegion":
            lines = tuple(line for part in children(region, "TextLine") if (line := _read_line(part)))
            found.append(FoundBlock(_read_kind(region), box, lines))
        elif box and local_name(region) == "SeparatorRegion":
            rules.append(Rule(box))
        elif box:
            found.append(FoundBlock(BlockKind.PICTURE, box))
    width, height = (read_number(page.get(name)) for name in ("imageWidth", "imageHeight"))
    return number_blocks(width or 0.0, height or 0.0, found, rules)


def _read_kind(region: Element) -> BlockKind:
    if any(local_name(parent) == "TableRegion" for parent in region.iterancestors()):
        return BlockKind.TABLE
    return name_kind(region.get("type", ""))


def _read_line(line: Element) -> Line | None:
    words = []
    for part in children(line, "Word"):
        box, (text, sure) = _read_box(part), _read_text(part)
        if box and text:
            words.append(Word(box, text, 1.0 if sure is None else sure))
    text, sure = _read_text(line)
    return make_line(_read_box(line), tuple(words), text, sure)


def _read_text(element: Element) -> tuple[str, float | None]:
    """The text of an element, first choice first, and how sure its engine is of it."""
    choices = sorted(children(element, "TextEquiv"), key=lambda text: read_number(text.get("index")) or 0.0)
    for choice in choices:
        text = "".join(part.text or "" for part in children(choice, "Unicode"))
        sure = read_number(choice.get("conf"))
        return " ".join(text.split()), None if sure is None else min(max(sure, 0.0), 1.0)
    return "", None


def _read_box(element: Element) -> Box | None:
    """The box around the outline of an element; before 2013 its points were elements of their own."""
    for coords in children(element, "Coords"):
        pairs = [pair.split(",") for pair in (coords.get("points") or "").split()]
        pairs += [[point.get("x", ""), point.get("y", "")] for point in children(coords, "Point")]
        places = [(read_number(pair[0]), read_number(pair[-1])) for pair in pairs if len(pair) == 2]
        known = [(x, y) for x, y in places if x is not None and y is not None]
        if known:
            xs, ys = [x for x, _ in known], [y for _, y in known]
            return Box(min(xs), min(ys), max(xs), max(ys))
    return None
