"""What goes out as ALTO or PAGE comes in again: the same blocks, lines and words in the same places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from hypothesis import given, settings
from tests.news.export.pages import pages
from tests.news.export.press import print_small

from leggio.geometry import Box
from leggio.news.export.alto import write_alto
from leggio.news.export.issue import ReadPage
from leggio.news.export.page_xml import write_page_xml
from leggio.news.layout import Block, BlockKind, Layout, Line
from leggio.news.ocr_in import parse_ocr
from leggio.ocr import Word

Told: TypeAlias = tuple[BlockKind, Box, list[tuple[Box, str, tuple[Word, ...]]]]


def tell(blocks: Sequence[Block]) -> list[Told]:
    """Blocks without their ids, which count the order of the file."""
    return [(block.kind, block.box, [_tell_line(line) for line in block.lines]) for block in blocks]


def _tell_line(line: Line) -> tuple[Box, str, tuple[Word, ...]]:
    return line.box, line.text, line.words


def in_order(page: ReadPage) -> list[Block]:
    return [*(block for article in page.articles for block in page.blocks_of(article)), *page.loose_blocks()]


def read_back(data: bytes) -> Layout:
    (layout,) = parse_ocr(data, "page.xml")
    return layout


@settings(max_examples=40, deadline=None)
@given(pages())
def test_alto_comes_back_in_the_reading_order_of_the_articles(page: ReadPage) -> None:
    layout = read_back(write_alto(page))
    assert tell(layout.blocks) == tell(in_order(page))
    assert layout.rules == page.layout.rules
    assert (layout.width, layout.height) == (page.layout.width, page.layout.height)


@settings(max_examples=40, deadline=None)
@given(pages())
def test_page_xml_comes_back(page: ReadPage) -> None:
    layout = read_back(write_page_xml(page))
    assert tell(layout.blocks) == tell(page.layout.blocks)
    assert layout.rules == page.layout.rules
    assert (layout.width, layout.height) == (page.layout.width, page.layout.height)


def test_a_drawn_page_comes_back_with_its_parted_words() -> None:
    page, _ = print_small()
    assert any(line.text.endswith("-") for block in page.layout.blocks for line in block.lines)
    assert tell(read_back(write_alto(page)).blocks) == tell(in_order(page))
    assert tell(read_back(write_page_xml(page)).blocks) == tell(page.layout.blocks)
