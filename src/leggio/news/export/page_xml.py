"""Write a read page as PAGE XML 2019-07-15. In: a `ReadPage`. Out: bytes.

Text regions say whether they are a heading, a paragraph or a caption. Their article is named in the way of READ and
Transkribus, whose readers group by that type: `structure {id:a7; type:article;}`, whatever kind of article it is; its
kind is in `ReadingOrder`, which has one ordered group an article. A table is a `TableRegion` that holds a text region;
pictures are `ImageRegion`s, rules `SeparatorRegion`s. PAGE knows whole pixels inside the page only: boxes are rounded
and cut.
"""

from __future__ import annotations

from datetime import UTC, datetime

from leggio import __version__
from leggio.geometry import Box
from leggio.news.export.issue import ReadPage, find_title
from leggio.news.export.markup import Element, add, corners, make_root, to_bytes, write_points
from leggio.news.export.prose import place_words
from leggio.news.layout import Block, BlockKind, Layout, Line

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_NAMESPACES: dict[str | None, str] = {
    None: NAMESPACE,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_TEXT_TYPES = {
    BlockKind.TEXT: "paragraph",
    BlockKind.HEADING: "heading",
    BlockKind.CAPTION: "caption",
    BlockKind.TABLE: "other",
}


def write_page_xml(page: ReadPage, written: datetime | None = None) -> bytes:
    """The page as one PAGE document; `written` is the time that it names, now if not given."""
    root = make_root("PcGts", _NAMESPACES)
    root.set(_SCHEMA_LOCATION, f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd")
    time = (written or datetime.now(UTC)).isoformat(timespec="seconds")
    metadata = add(root, "Metadata")
    add(metadata, "Creator", f"leggio {__version__}")
    add(metadata, "Created", time)
    add(metadata, "LastChange", time)
    layout = page.layout
    sheet = add(
        root, "Page", imageFilename=page.label.source,
        imageWidth=str(round(layout.width)), imageHeight=str(round(layout.height)),
    )  # fmt: skip
    _add_order(sheet, page)
    articles = _name_articles(page)
    for block in layout.blocks:
        _add_region(sheet, block, articles.get(block.id, ""), layout)
    for number, rule in enumerate(layout.rules):
        _add_coords(add(sheet, "SeparatorRegion", id=f"r{number}"), rule.box, layout)
    return to_bytes(root)


def _name_articles(page: ReadPage) -> dict[int, str]:
    """By block what its `custom` attribute says about its article."""
    pairs = [(id, article) for article in reversed(page.articles) for id in article.blocks]
    return {id: f"structure {{id:a{article.id}; type:article;}}" for id, article in pairs}


def _add_order(sheet: Element, page: ReadPage) -> None:
    """Articles are in no order with each other; inside one, the blocks are."""
    filled = [article for article in page.articles if page.blocks_of(article)]
    if not filled:
        return
    articles = add(add(sheet, "ReadingOrder"), "UnorderedGroup", id="articles")
    for article in filled:
        group = add(
            articles, "OrderedGroup", id=f"a{article.id}", type="article",
            caption=find_title(article, page.blocks_of(article)),
            custom=f"leggio {{kind:{article.kind.value}; confidence:{article.confidence:.2f};}}",
        )  # fmt: skip
        for index, block in enumerate(page.blocks_of(article)):
            add(group, "RegionRefIndexed", index=str(index), regionRef=f"b{block.id}")


def _add_region(sheet: Element, block: Block, custom: str, layout: Layout) -> None:
    article = {"custom": custom} if custom else {}
    if block.kind is BlockKind.PICTURE:
        _add_coords(add(sheet, "ImageRegion", id=f"b{block.id}", **article), block.box, layout)
        return
    id = f"b{block.id}"
    if block.kind is BlockKind.TABLE:
        sheet = add(sheet, "TableRegion", id=id, **article)
        _add_coords(sheet, block.box, layout)
        id = f"b{block.id}-text"
    region = add(sheet, "TextRegion", id=id, type=_TEXT_TYPES[block.kind], **article)
    _add_coords(region, block.box, layout)
    for line in block.lines:
        _add_line(region, line, layout)
    if any(line.text for line in block.lines):
        _add_text(region, block.text)


def _add_line(region: Element, line: Line, layout: Layout) -> None:
    element = add(region, "TextLine", id=f"l{line.id}")
    _add_coords(element, line.box, layout)
    for place, (text, word) in enumerate(place_words(line)):
        if word:
            found = add(element, "Word", id=f"l{line.id}w{place}")
            _add_coords(found, word.box, layout)
            _add_text(found, text, word.confidence)
    text = line.text or " ".join(text for text, _ in place_words(line))
    if text:
        _add_text(element, text, line.confidence)


def _add_text(parent: Element, text: str, confidence: float | None = None) -> None:
    sure = {} if confidence is None else {"conf": f"{min(max(confidence, 0.0), 1.0):.4g}"}
    add(add(parent, "TextEquiv", **sure), "Unicode", text)


def _add_coords(parent: Element, box: Box, layout: Layout) -> None:
    add(parent, "Coords", points=write_points(corners(box), layout.width, layout.height))
