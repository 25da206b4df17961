"""METS holds an issue together: its pages, its files, and its stories over pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.news.export import schemas
from tests.news.export.pages import pages
from tests.news.export.press import print_issue

from leggio.news.export.issue import Issue, ReadPage
from leggio.news.export.mets import METS, MODS, PageFiles, write_mets
from leggio.news.layout import Continuation

NAMES = {"m": METS, "o": MODS, "x": "http://www.w3.org/1999/xlink"}


def files(count: int) -> list[PageFiles]:
    return [PageFiles(f"images/{n}.jpg", f"alto/{n}.xml") for n in range(1, count + 1)]


def two_pages() -> Issue:
    issue, _ = print_issue()
    return replace(issue, pages=issue.pages * 2, continuations=(Continuation(1, 0, 2, 1),))


def ask(data: bytes, path: str) -> Any:
    return etree.fromstring(data).xpath(path, namespaces=NAMES)


def test_a_drawn_issue_is_valid() -> None:
    assert schemas.schema_errors(write_mets(two_pages(), files(2)), schemas.METS) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(pages(inside=False), max_size=2))
def test_any_issue_is_valid(read: list[ReadPage]) -> None:
    data = write_mets(Issue("", "", tuple(read)), files(len(read)))
    assert schemas.schema_errors(data, schemas.METS) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(pages(inside=False), max_size=2))
def test_references_have_targets_and_ids_are_unique(read: list[ReadPage]) -> None:
    root = etree.fromstring(write_mets(Issue("Bote", "1845", tuple(read)), files(len(read))))
    ids = [id for element in root.iter() if (id := element.get("ID"))]
    assert len(ids) == len(set(ids))
    names = ("FILEID", "DMDID", f"{{{NAMES['x']}}}from", f"{{{NAMES['x']}}}to")
    references = {value for element in root.iter() for name in names if (value := element.get(name))}
    assert references <= set(ids)


def test_sections_come_in_the_order_of_the_schema() -> None:
    tags = [etree.QName(e).localname for e in etree.fromstring(write_mets(two_pages(), files(2)))]
    assert list(dict.fromkeys(tags)) == ["metsHdr", "dmdSec", "fileSec", "structMap", "structLink"]


def test_each_page_has_its_image_and_its_alto() -> None:
    data = write_mets(two_pages(), files(2))
    assert ask(data, "//m:fileGrp[@USE='IMAGE']/m:file/m:FLocat/@x:href") == ["images/1.jpg", "images/2.jpg"]
    assert ask(data, "//m:fileGrp[@USE='FULLTEXT']//@x:href") == ["alto/1.xml", "alto/2.xml"]
    assert ask(data, "//m:fileGrp[@USE='IMAGE']/m:file/@MIMETYPE") == ["image/jpeg"] * 2
    assert ask(data, "//m:structMap[@TYPE='PHYSICAL']//m:div[@ORDER='2']/m:fptr/@FILEID") == [
        "image-2",
        "alto-2",
    ]


def test_areas_point_at_the_blocks_of_alto() -> None:
    issue, _ = print_issue()
    data = write_mets(issue, files(1))
    assert ask(data, "//m:div[@ID='p1-a0']//m:area/@BEGIN") == [
        f"b{id}" for id in issue.pages[0].articles[0].blocks
    ]
    assert ask(data, "//m:div[@ID='p1-a0']/m:div/@TYPE") == [
        "heading", "paragraph", "paragraph", "illustration", "caption",
    ]  # fmt: skip


def test_a_continued_article_is_one_division_over_both_pages() -> None:
    data = write_mets(two_pages(), files(2))
    assert ask(data, "//m:div[@TYPE='issue']/m:div/@ID") == ["p1-a0", "p1-a1", "p2-a0"]
    assert ask(data, "//m:div[@ID='p1-a0']//m:area/@FILEID") == ["alto-1"] * 5 + ["alto-2"]
    assert ask(data, "//m:smLink[@x:from='p1-a0']/@x:to") == ["page-1", "page-2"]


def test_titles_are_mods() -> None:
    data = write_mets(two_pages(), files(2))
    assert ask(data, "string(//m:dmdSec[@ID='dmd-issue']//o:title)") == "Der Bote"
    assert ask(data, "string(//o:dateIssued)") == "1845-12-28"
    assert ask(data, "string(//m:dmdSec[@ID='dmd-p1-a0']//o:title)") == "Die Großmächte"
    assert ask(data, "string(//m:dmdSec[@ID='dmd-p1-a1']//o:genre)") == "advertisement"


def test_each_page_needs_its_files() -> None:
    with pytest.raises(ValueError, match="2 pages need as many files, not 1"):
        write_mets(two_pages(), files(1))
