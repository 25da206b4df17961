"""Write a read page as ALTO 4.4. In: a `ReadPage`. Out: bytes, pixels as unit.

Blocks stand in the reading order of the articles, those in no article behind them, then the rules. Tags say the kind
of a block and which article it belongs to; `ReadingOrder` has one ordered group an article. Ids are `b` + block, `l` +
line, `a` + article, as in PAGE and METS. A hyphen at the end of a line is an `HYP`, the whole word is in
`SUBS_CONTENT`. Words whose places are unknown have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from leggio import __version__
from leggio.geometry import Box
from leggio.news.export.issue import ReadPage, find_title
from leggio.news.export.markup import Element, add, make_root, to_bytes, write_number
from leggio.news.export.prose import join_hyphened, place_words, split_hyphen
from leggio.news.layout import Block, BlockKind, Line
from leggio.ocr import Word

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_NAMESPACES: dict[str | None, str] = {
    None: NAMESPACE,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
}
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_PROCESSING = "reading"


def write_alto(page: ReadPage, engine: str = "") -> bytes:
    """The page as one ALTO document; `engine` names what read the words."""
    root = make_root("alto", _NAMESPACES)
    root.set("SCHEMAVERSION", "4.4")
    root.set(_SCHEMA_LOCATION, _SCHEMA)
    _describe(root, page, engine)
    _add_tags(root, page)
    _add_order(root, page)
    _add_page(root, page)
    return to_bytes(root)


def _describe(root: Element, page: ReadPage, engine: str) -> None:
    description = add(root, "Description")
    add(description, "MeasurementUnit", "pixel")
    add(add(description, "sourceImageInformation"), "fileName", page.label.source)
    step = add(description, "Processing", ID=_PROCESSING)
    add(step, "processingCategory", "contentGeneration")
    add(step, "processingStepDescription", "OCR and segmentation into articles")
    if engine:
        add(step, "processingStepSettings", f"OCR engine: {engine}")
    software = add(step, "processingSoftware")
    add(software, "softwareName", "leggio")
    add(software, "softwareVersion", __version__)


def _add_tags(root: Element, page: ReadPage) -> None:
    tags = add(root, "Tags")
    for kind in BlockKind:
        add(tags, "LayoutTag", ID=f"kind-{kind.value}", TYPE="block", LABEL=kind.value)
    for article in page.articles:
        add(
            tags, "StructureTag", ID=f"a{article.id}", TYPE=article.kind.value,
            LABEL=find_title(article, page.blocks_of(article)),
            DESCRIPTION=f"confidence {article.confidence:.2f}",
        )  # fmt: skip


def _add_order(root: Element, page: ReadPage) -> None:
    """Articles are in no order with each other; inside one, the blocks are."""
    filled = [article for article in page.articles if page.blocks_of(article)]
    if not filled:
        return
    articles = add(add(root, "ReadingOrder"), "UnorderedGroup", ID="articles")
    for article in filled:
        group = add(articles, "OrderedGroup", ID=f"order-a{article.id}", TAGREFS=f"a{article.id}")
        for place, block in enumerate(page.blocks_of(article)):
            add(group, "ElementRef", ID=f"order-a{article.id}-{place}", REF=f"b{block.id}")


def _add_page(root: Element, page: ReadPage) -> None:
    layout = page.layout
    sheet = add(
        add(root, "Layout"), "Page", ID="page", PHYSICAL_IMG_NR=str(page.label.number),
        WIDTH=write_number(layout.width), HEIGHT=write_number(layout.height), PROCESSINGREFS=_PROCESSING,
    )  # fmt: skip
    space = add(sheet, "PrintSpace", ID="space", **_place(_print_space(page)))
    written: set[int] = set()
    for article in page.articles:
        blocks = [block for block in page.blocks_of(article) if block.id not in written]
        written.update(block.id for block in blocks)
        _add_blocks(space, blocks, f" a{article.id}")
    _add_blocks(space, list(page.loose_blocks()), "")
    for number, rule in enumerate(layout.rules):
        add(space, "GraphicalElement", ID=f"r{number}", **_place(rule.box))


def _print_space(page: ReadPage) -> Box:
    layout = page.layout
    boxes = [block.box for block in layout.blocks] or [Box(0, 0, layout.width, layout.height)]
    return Box(
        max(min(box.x0 for box in boxes), 0.0), max(min(box.y0 for box in boxes), 0.0),
        min(max(box.x1 for box in boxes), layout.width), min(max(box.y1 for box in boxes), layout.height),
    )  # fmt: skip


def _add_blocks(space: Element, blocks: list[Block], article: str) -> None:
    halves = _find_halves([line for block in blocks for line in block.lines])
    for block in blocks:
        tag = "Illustration" if block.kind is BlockKind.PICTURE else "TextBlock"
        tags = f"kind-{block.kind.value}{article}"
        element = add(space, tag, ID=f"b{block.id}", TAGREFS=tags, **_place(block.box))
        for line in block.lines if tag == "TextBlock" else ():
            _add_line(element, line, halves)


def _find_halves(lines: list[Line]) -> dict[tuple[int, int], tuple[str, str]]:
    """Of each word that a hyphen parts its two halves: (line id, place in the line) -> (type, whole word)."""
    halves: dict[tuple[int, int], tuple[str, str]] = {}
    for line, next_line in pairwise(line for line in lines if place_words(line)):
        last = len(place_words(line)) - 1
        word = join_hyphened(place_words(line)[last][0], place_words(next_line)[0][0])
        if word and (line.id, last) not in halves:
            halves[line.id, last] = ("HypPart1", word)
            halves[next_line.id, 0] = ("HypPart2", word)
    return halves


def _add_line(block: Element, line: Line, halves: dict[tuple[int, int], tuple[str, str]]) -> None:
    element = add(block, "TextLine", ID=f"l{line.id}", **_place(line.box))
    words = place_words(line)
    if not words:
        add(element, "String", CONTENT="")  # the schema wants one
    for place, (text, word) in enumerate(words):
        kind, whole = halves.get((line.id, place), ("", ""))
        hyphen = ""
        if kind == "HypPart1":
            text, hyphen = split_hyphen(text)
        if place:
            add(element, "SP")
        add(element, "String", CONTENT=text, **dict(_describe_word(line, word, kind, whole)))
        if hyphen:
            add(element, "HYP", CONTENT=hyphen)


def _describe_word(line: Line, word: Word | None, kind: str, whole: str) -> Iterator[tuple[str, str]]:
    if word:
        yield from _place(word.box).items()
    confidence = word.confidence if word else line.confidence
    yield "WC", f"{min(max(confidence, 0.0), 1.0):.4g}"
    if kind:
        yield "SUBS_TYPE", kind
        yield "SUBS_CONTENT", whole


def _place(box: Box) -> dict[str, str]:
    return {
        "HPOS": write_number(box.x0), "VPOS": write_number(box.y0),
        "WIDTH": write_number(box.width), "HEIGHT": write_number(box.height),
    }  # fmt: skip
