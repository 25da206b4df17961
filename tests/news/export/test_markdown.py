"""An issue becomes one text that reads from story to story, with its pictures beside it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image
from tests.news.export.press import print_issue

from leggio.geometry import Box
from leggio.news.export.issue import Issue, ReadPage
from leggio.news.export.markdown import Markdown, cut_box, escape, write_markdown
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Continuation, Layout, Line
from leggio.page import PageLabel


def written() -> Markdown:
    issue, image = print_issue()
    return write_markdown(issue, {1: image})


def sections(text: str) -> list[str]:
    return text.strip().split("\n\n")


def test_the_headline_is_a_heading_and_is_not_said_twice() -> None:
    text = written().text
    assert "\n## Die Großmächte\n\n*Article, page 1*\n" in text
    assert text.count("Die Großmächte") == 1


def test_parted_words_are_whole_again() -> None:
    text = written().text
    assert "Waſſer ﬁndet ſich „überall“, ſo ſagt der Landbote im Jänner." in text
    assert "-" not in text.replace("page-1-b4.png", "").replace("1845-12-28", "")


def test_an_article_without_a_headline_is_called_by_its_first_words() -> None:
    assert "## Zu verkaufen: ein Pferd & ein \\<Wagen\\>.\n\n*Advertisement, page 1*" in written().text


def test_a_picture_is_cut_out_and_stands_before_its_caption() -> None:
    markdown = written()
    assert "![Picture on page 1](pictures/page-1-b4.png)\n\n*Der Bahnhof*" in markdown.text
    (picture,) = markdown.pictures
    assert picture.name == "page-1-b4.png"
    assert Image.open(io.BytesIO(picture.data)).size == (220, 200)


def test_without_images_there_are_no_pictures() -> None:
    issue, _ = print_issue()
    markdown = write_markdown(issue, {})
    assert markdown.pictures == ()
    assert "![" not in markdown.text


def test_a_continued_article_is_one_section_with_both_pages() -> None:
    issue, _ = print_issue()
    twice = replace(issue, pages=issue.pages * 2, continuations=(Continuation(1, 0, 2, 0),))
    assert "*Article, pages 1, 2*" in write_markdown(twice, {}).text
    assert write_markdown(twice, {}).text.count("\n## ") == 3


def test_headings_inside_an_article_are_lower_headings() -> None:
    box, text = Box(0, 0, 9, 9), "Eins zwei drei vier fünf sechs sieben acht."
    blocks = (
        Block(0, BlockKind.TEXT, box, (Line(0, box, text),)),
        Block(1, BlockKind.HEADING, box, (Line(1, box, "Aus Wien"),)),
    )
    articles = (Article(0, ArticleKind.NOTICE, (0, 1), ()),)
    page = ReadPage(PageLabel("p", 1, 9, 9, None), Layout(9, 9, blocks), articles)
    assert sections(write_markdown(Issue("", "", (page,)), {}).text) == [
        "# Newspaper", f"## {text} …", "*Notice, page 1*", text, "### Aus Wien",
    ]  # fmt: skip


def test_an_article_of_pictures_alone_has_its_pictures() -> None:
    issue, image = print_issue()
    page = replace(issue.pages[0], articles=(Article(0, ArticleKind.ARTICLE, (4,), ()),))
    markdown = write_markdown(replace(issue, pages=(page,)), {1: image})
    assert sections(markdown.text)[-3:] == [
        "## Without text", "*Article, page 1*", "![Picture on page 1](pictures/page-1-b4.png)",
    ]  # fmt: skip


@pytest.mark.parametrize("box", [Box(900, 0, 950, 50), Box(-90, -90, -10, -10), Box(10, 10, 10, 40)])
def test_a_box_beside_the_page_cuts_nothing(box: Box) -> None:
    assert cut_box(print_issue()[1], box) is None


@given(st.text("aß1.)#*_-+=~[]<>`|\\ &", min_size=1, max_size=12))
def test_markdown_shows_the_words_as_they_are(text: str) -> None:
    text = " ".join(text.split())
    html = MarkdownIt().render(escape(text))
    shown = html.replace("<p>", "").replace("</p>", "").strip()
    for sign, name in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        shown = shown.replace(name, sign)
    assert shown == text
