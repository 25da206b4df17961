"""PAGE says what was read, where, and which regions make an article, by the rules of its schema."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from lxml import etree
from tests.news.export.pages import HEIGHT, WIDTH, pages
from tests.news.export.press import print_small
from tests.news.export.schemas import PAGE, schema_errors

from leggio.geometry import Box
from leggio.news.export.issue import ReadPage
from leggio.news.export.page_xml import NAMESPACE, write_page_xml
from leggio.news.layout import Block, BlockKind, Layout, Line
from leggio.page import PageLabel

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def find(data: bytes, tag: str) -> list[etree._Element]:
    return list(etree.fromstring(data).iter(f"{{{NAMESPACE}}}{tag}"))


def box_of(element: etree._Element) -> Box:
    points = [tuple(map(float, p.split(","))) for p in (element[0].get("points") or "").split()]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def text_of(element: etree._Element) -> str:
    return "".join(element.findtext(f"{{{NAMESPACE}}}TextEquiv/{{{NAMESPACE}}}Unicode") or "")


def test_a_drawn_page_is_valid() -> None:
    assert schema_errors(write_page_xml(print_small()[0]), PAGE) == []


@settings(max_examples=25, deadline=None)
@given(pages(inside=False))
def test_any_page_is_valid(page: ReadPage) -> None:
    assert schema_errors(write_page_xml(page), PAGE) == []


@settings(max_examples=25, deadline=None)
@given(pages(inside=False))
def test_references_have_targets_ids_are_unique_and_points_lie_on_the_page(page: ReadPage) -> None:
    root = etree.fromstring(write_page_xml(page))
    ids = [id for element in root.iter() if (id := element.get("id"))]
    assert len(ids) == len(set(ids))
    assert {ref for element in root.iter() if (ref := element.get("regionRef"))} <= set(ids)
    for coords in root.iter(f"{{{NAMESPACE}}}Coords"):
        for point in (coords.get("points") or "").split():
            x, y = map(int, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


@settings(max_examples=25, deadline=None)
@given(pages())
def test_every_line_and_word_is_written_once_where_it_stands(page: ReadPage) -> None:
    lines = [line for block in page.layout.blocks for line in block.lines]
    written = find(write_page_xml(page), "TextLine")
    assert [(e.get("id"), box_of(e), text_of(e)) for e in written] == [
        (f"l{x.id}", x.box, x.text) for x in lines
    ]
    for element, line in zip(written, lines, strict=True):
        words = element.findall(f"{{{NAMESPACE}}}Word")
        assert [(box_of(e), text_of(e)) for e in words] == [(word.box, word.text) for word in line.words]


def test_regions_say_what_they_are() -> None:
    page, _ = print_small()
    data = write_page_xml(page)
    types = {region.get("id"): region.get("type") for region in find(data, "TextRegion")}
    assert types == {
        "b0": "paragraph", "b1": "heading", "b2": "paragraph", "b3": "paragraph", "b5": "caption", "b6": "paragraph",
    }  # fmt: skip
    assert [box_of(region) for region in find(data, "ImageRegion")] == [Box(280, 500, 500, 700)]
    assert [box_of(region) for region in find(data, "SeparatorRegion")] == [Box(520, 80, 522, 960)]


def test_regions_of_an_article_share_its_structure() -> None:
    page, _ = print_small()
    regions = [*find(write_page_xml(page), "TextRegion"), *find(write_page_xml(page), "ImageRegion")]
    custom = {region.get("id"): region.get("custom") for region in regions}
    assert {id for id, value in custom.items() if value == "structure {id:a0; type:article;}"} == {
        f"b{id}" for id in page.articles[0].blocks
    }
    assert custom["b0"] is None


def test_reading_order_has_one_ordered_group_an_article() -> None:
    page, _ = print_small()
    groups = find(write_page_xml(page), "OrderedGroup")
    assert [(group.get("id"), group.get("caption")) for group in groups] == [
        ("a0", "Die Großmächte"),
        ("a1", "Zu verkaufen: ein Pferd & ein <Wagen>."),
    ]
    assert [[ref.get("regionRef") for ref in group] for group in groups] == [
        [f"b{id}" for id in article.blocks] for article in page.articles
    ]
    assert "kind:advertisement;" in (groups[1].get("custom") or "")


def test_a_table_is_a_table_region_with_its_text_inside() -> None:
    line = Line(3, Box(10, 10, 90, 30), "Weizen 12")
    table = Block(4, BlockKind.TABLE, Box(10, 10, 90, 60), (line,))
    page = ReadPage(PageLabel("p.png", 1, 100, 100, None), Layout(100, 100, (table,)), ())
    (region,) = find(write_page_xml(page), "TableRegion")
    assert region.get("id") == "b4"
    assert [text_of(e) for e in region.iter(f"{{{NAMESPACE}}}TextLine")] == ["Weizen 12"]


def test_the_time_is_the_one_given() -> None:
    data = write_page_xml(print_small()[0], NOON)
    assert [e.text for e in find(data, "Created")] == ["2026-01-02T12:00:00+00:00"]
