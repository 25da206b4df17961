"""ALTO says what was read, where, in which order and in which article, by the rules of its schema."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from lxml import etree
from tests.news.export.pages import pages
from tests.news.export.press import print_small
from tests.news.export.schemas import ALTO, schema_errors

from leggio.geometry import Box
from leggio.news.export.alto import NAMESPACE, write_alto
from leggio.news.export.issue import ReadPage
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line
from leggio.ocr import Word
from leggio.page import PageLabel


def find(data: bytes, tag: str) -> list[etree._Element]:
    return list(etree.fromstring(data).iter(f"{{{NAMESPACE}}}{tag}"))


def page_of(*lines: Line, articles: tuple[Article, ...] = ()) -> ReadPage:
    block = Block(0, BlockKind.TEXT, Box(10, 10, 200, 100), lines)
    return ReadPage(PageLabel("p.png", 1, 300, 200, None), Layout(300, 200, (block,)), articles)


def parted() -> ReadPage:
    one = Line(
        0,
        Box(10, 10, 200, 30),
        "die Waſ-",
        (Word(Box(10, 10, 60, 30), "die"), Word(Box(70, 10, 200, 30), "Waſ-")),
    )
    two = Line(1, Box(10, 40, 90, 60), "ſer.", (Word(Box(10, 40, 90, 60), "ſer.", 0.5),))
    return page_of(one, two, articles=(Article(7, ArticleKind.NOTICE, (0,), ()),))


def places(element: etree._Element) -> tuple[float, ...]:
    return tuple(float(element.get(name, "nan")) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))


def test_a_drawn_page_is_valid() -> None:
    assert schema_errors(write_alto(print_small()[0], "tesseract"), ALTO) == []


@settings(max_examples=25, deadline=None)
@given(pages(inside=False))
def test_any_page_is_valid(page: ReadPage) -> None:
    assert schema_errors(write_alto(page), ALTO) == []


@settings(max_examples=25, deadline=None)
@given(pages(inside=False))
def test_references_have_targets_and_ids_are_unique(page: ReadPage) -> None:
    root = etree.fromstring(write_alto(page))
    ids = [id for element in root.iter() if (id := element.get("ID"))]
    assert len(ids) == len(set(ids))
    assert set(_references(root)) <= set(ids)


def _references(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        for name in ("REF", "TAGREFS", "PROCESSINGREFS"):
            yield from (element.get(name) or "").split()


@settings(max_examples=25, deadline=None)
@given(pages())
def test_every_line_and_word_is_written_once_in_its_block(page: ReadPage) -> None:
    written = {block.get("ID"): block for block in find(write_alto(page), "TextBlock")}
    for block in page.layout.blocks:
        if block.kind is BlockKind.PICTURE:
            continue
        lines = list(written[f"b{block.id}"])
        assert [line.get("ID") for line in lines] == [f"l{line.id}" for line in block.lines]
        for element, line in zip(lines, block.lines, strict=True):
            assert places(element) == (line.box.x0, line.box.y0, line.box.width, line.box.height)
            assert _text(element) == line.text
            if line.words:
                boxes = [places(word) for word in element.iter(f"{{{NAMESPACE}}}String")]
                assert boxes == [(w.box.x0, w.box.y0, w.box.width, w.box.height) for w in line.words]


def _text(line: etree._Element) -> str:
    return "".join(
        element.get("CONTENT") or ("" if element.tag.endswith("String") else " ") for element in line
    )


def test_blocks_stand_in_the_order_of_articles_and_loose_ones_last() -> None:
    page, _ = print_small()
    space = find(write_alto(page), "PrintSpace")[0]
    order = [f"b{id}" for article in page.articles for id in article.blocks]
    assert [element.get("ID") for element in space] == [*order, "b0", "r0"]


def test_a_block_says_its_kind_and_its_article() -> None:
    page, _ = print_small()
    data = write_alto(page)
    blocks = {element.get("ID"): element.get("TAGREFS") for element in find(data, "TextBlock")}
    assert blocks["b1"] == "kind-heading a0"
    assert blocks["b0"] == "kind-text"
    tags = {tag.get("ID"): (tag.get("TYPE"), tag.get("LABEL")) for tag in find(data, "StructureTag")}
    assert tags == {
        "a0": ("article", "Die Großmächte"),
        "a1": ("advertisement", "Zu verkaufen: ein Pferd & ein <Wagen>."),
    }


def test_reading_order_has_one_ordered_group_an_article() -> None:
    page, _ = print_small()
    groups = find(write_alto(page), "OrderedGroup")
    assert [[ref.get("REF") for ref in group] for group in groups] == [
        [f"b{id}" for id in article.blocks] for article in page.articles
    ]


def test_pictures_are_illustrations_and_rules_graphical_elements() -> None:
    page, _ = print_small()
    data = write_alto(page)
    assert [places(e) for e in find(data, "Illustration")] == [(280, 500, 220, 200)]
    assert [places(e) for e in find(data, "GraphicalElement")] == [(520, 80, 2, 880)]


def test_a_parted_word_has_its_hyphen_and_the_whole_word() -> None:
    data = write_alto(parted())
    _, first, second = find(data, "String")
    assert (first.get("CONTENT"), first.get("SUBS_TYPE"), first.get("SUBS_CONTENT")) == (
        "Waſ",
        "HypPart1",
        "Waſſer.",
    )
    assert (second.get("CONTENT"), second.get("SUBS_TYPE"), second.get("SUBS_CONTENT")) == (
        "ſer.",
        "HypPart2",
        "Waſſer.",
    )
    assert [hyphen.get("CONTENT") for hyphen in find(data, "HYP")] == ["-"]


def test_a_word_has_its_confidence() -> None:
    assert [word.get("WC") for word in find(write_alto(parted()), "String")] == ["1", "1", "0.5"]


def test_words_without_places_are_written_without_places() -> None:
    data = write_alto(page_of(Line(0, Box(0, 0, 99, 20), "Der Bote", (), 0.7)))
    assert [(e.get("CONTENT"), e.get("HPOS"), e.get("WC")) for e in find(data, "String")] == [
        ("Der", None, "0.7"), ("Bote", None, "0.7"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["\x00Bote\ud800", "Bo\x07te\ufffe"])
def test_signs_that_xml_forbids_are_left_out(text: str) -> None:
    data = write_alto(page_of(Line(0, Box(0, 0, 99, 20), text)))
    assert [e.get("CONTENT") for e in find(data, "String")] == ["Bote"]


def test_an_empty_page_is_a_page() -> None:
    data = write_alto(ReadPage(PageLabel("", 1, 300, 200, None), Layout(300, 200, ()), ()))
    assert places(find(data, "PrintSpace")[0]) == (0, 0, 300, 200)
    assert schema_errors(data, ALTO) == []
