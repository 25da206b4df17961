"""A clip shows a client what was found, where it stood, and why."""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from lxml import html
from PIL import Image
from pypdf import PdfReader
from tests.news.export.press import print_issue

from leggio.errors import MissingExtra
from leggio.news.export.clip_html import DOUBTFUL, write_clip_html
from leggio.news.export.clip_pdf import write_clip_pdf
from leggio.news.export.clips import Clip, make_clip, mark_runs
from leggio.news.export.issue import Issue, follow_stories
from leggio.news.layout import Article, ArticleKind, Continuation


def clip_of(number: int = 0, *words: str, issue: Issue | None = None) -> Clip:
    drawn, image = print_issue()
    issue = issue or drawn
    return make_clip(issue, follow_stories(issue)[number], dict.fromkeys(range(1, 4), image), words)


def continued() -> Issue:
    issue, _ = print_issue()
    return replace(issue, pages=issue.pages * 2, continuations=(Continuation(1, 0, 2, 1),))


def marked(clip: Clip) -> list[str]:
    return [run.text for paragraph in clip.paragraphs for run in paragraph.runs if run.marked]


def yellow(clip: Clip) -> int:
    """How many pixels of the pieces are marked."""
    pictures = [p.picture for e in clip.excerpts for s in e.sheets for p in s.pieces if p.picture.ndim == 3]
    return sum(int(((p[:, :, 0] > 220) & (p[:, :, 2] < 130)).sum()) for p in pictures)


def pdf_text(clip: Clip, language: str = "de") -> str:
    pages = PdfReader(io.BytesIO(write_clip_pdf(clip, language))).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_source_names_newspaper_date_and_pages() -> None:
    assert clip_of().source == "Der Bote · 1845-12-28 · page 1"
    assert clip_of(issue=continued()).source == "Der Bote · 1845-12-28 · pages 1, 2"
    nameless = replace(print_issue()[0], title="", date="")
    assert clip_of(issue=nameless).source == "page 1"


def test_words_are_marked_in_the_text_and_on_the_page() -> None:
    clip = clip_of(0, "landbote", "WASSER")
    assert set(marked(clip)) == {"Landbote", "Waſſer"}
    assert clip.words == ("Waſſer", "Landbote")
    assert yellow(clip) > 500
    assert yellow(clip_of()) == 0


def test_both_halves_of_a_parted_word_are_marked() -> None:
    page = print_issue()[0].pages[0]
    pairs = [pair for block in page.blocks_of(page.articles[0]) for pair in pairwise(block.lines)]
    first, second = next((a.words[-1], b.words[0]) for a, b in pairs if a.text.endswith("-"))
    whole = clip_of(0, first.text + second.text.strip(".,"))
    area = sum(word.box.area for word in (first, second))
    scale = _scale(whole)
    assert yellow(whole) >= 0.5 * area * scale * scale  # the rest is ink
    assert yellow(clip_of(0, first.text)) == yellow(clip_of(0, second.text)) == 0


def _scale(clip: Clip) -> float:
    """Pixels of the first piece for a pixel of the page; the article is 461 px wide."""
    width: int = clip.excerpts[0].sheets[0].pieces[0].picture.shape[1]
    return width / 461


def test_part_of_a_compound_with_a_hyphen_is_enough() -> None:
    assert [run.marked for run in mark_runs("Die Nord-Amerika Linie", ["amerika"])] == [False, True, False]
    assert [run.text for run in mark_runs("Ein langer Titel", [])] == ["Ein langer Titel"]


def test_the_headline_is_not_repeated_in_the_text() -> None:
    clip = clip_of()
    assert clip.title == "Die Großmächte"
    assert all("Großmächte" not in run.text for p in clip.paragraphs for run in p.runs)


def test_the_small_page_shows_where_the_article_stood() -> None:
    small = clip_of(1).excerpts[0].thumbnail.astype(int)
    height, width = small.shape[:2]
    red = (small[:, :, 0] - small[:, :, 1]) > 30
    assert red[:, int(width * 0.66) :].any()
    assert not red[:, : int(width * 0.66)].any()
    assert height == 320


def test_a_continued_article_has_an_excerpt_of_each_page() -> None:
    clip = clip_of(issue=continued())
    assert [excerpt.page for excerpt in clip.excerpts] == [1, 2]
    assert all(excerpt.sheets for excerpt in clip.excerpts)


def ask(data: bytes, path: str) -> Any:
    return html.fromstring(data.decode()).xpath(path)


def test_html_has_everything_inside_itself() -> None:
    data = write_clip_html(clip_of(0, "Landbote"), "de")
    sources = ask(data, "//img/@src")
    assert len(sources) == 2
    for source in sources:
        assert source.startswith("data:image/jpeg;base64,")
        assert Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).format == "JPEG"
    assert not re.search(rb"(src|href)=\"(?!data:)|url\(|@import", data)


def test_html_says_source_headline_words_and_text() -> None:
    data = write_clip_html(clip_of(0, "Landbote"), "de")
    assert ask(data, "string(//title)") == "Die Großmächte"
    assert ask(data, "string(//h1)") == "Die Großmächte"
    assert ask(data, "string(//*[@class='newspaper'])") == "Der Bote"
    assert set(ask(data, "//section//mark/text()")) == {"Landbote"}
    assert "Waſſer ﬁndet ſich „überall“" in " ".join(ask(data, "string(//section)").split())
    assert ask(data, "//section/@lang") == ["de"]


def test_html_keeps_signs_of_markup_as_text() -> None:
    assert "ein Pferd & ein <Wagen>." in ask(write_clip_html(clip_of(1)), "string(//section)")


def test_a_doubtful_article_says_so() -> None:
    assert DOUBTFUL in write_clip_html(clip_of(1)).decode()
    assert DOUBTFUL not in write_clip_html(clip_of(0)).decode()


def test_pdf_is_a4_and_its_text_can_be_searched() -> None:
    clip = clip_of(0, "Landbote")
    reader = PdfReader(io.BytesIO(write_clip_pdf(clip, "de")))
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    assert reader.metadata is not None
    assert reader.metadata.title == "Die Großmächte"
    text = pdf_text(clip)
    for piece in ("Der Bote", "1845-12-28", "page 1", "Die Großmächte", "Jänner", "Landbote"):
        assert piece in text


def test_pdf_keeps_signs_of_markup_as_text() -> None:
    issue, _ = print_issue()
    hard = replace(issue, title="#panic() $x$ *Bote* @a _b_")
    assert "#panic() $x$ *Bote* @a _b_" in pdf_text(clip_of(1, issue=hard))
    assert "<Wagen>" in pdf_text(clip_of(1))


@pytest.mark.parametrize("title", ["Ж 𝔉 漢字 \u202e ﬃ", "e\u0301\u0364 ꝛc.", "\x00\x07\ud800", "A" * 400])
def test_any_letters_make_a_pdf(title: str) -> None:
    assert pdf_text(clip_of(1, issue=replace(print_issue()[0], title=title)))


@pytest.mark.parametrize("language", ["", "de", "de-CH", "deu", "german", "9", "x-klingon"])
def test_any_language_makes_a_pdf(language: str) -> None:
    assert "Der Bote" in pdf_text(clip_of(1), language)


def test_pdf_has_the_pictures_of_the_article_and_of_each_page() -> None:
    reader = PdfReader(io.BytesIO(write_clip_pdf(clip_of(issue=continued()))))
    sizes = [Image.open(io.BytesIO(image.data)).size for page in reader.pages for image in page.images]
    assert len(sizes) >= 4


@pytest.mark.parametrize("write", [write_clip_html, write_clip_pdf])
def test_an_article_beside_the_page_without_words_still_gives_a_clip(write: Callable[[Clip], bytes]) -> None:
    issue, _ = print_issue()
    lost = Article(0, ArticleKind.NOTICE, (), ())
    clip = clip_of(issue=Issue("", "", (replace(issue.pages[0], articles=(lost,)),)))
    assert clip.excerpts[0].sheets == ()
    assert len(write(clip)) > 500


def test_a_picture_alone_is_a_clip_without_text() -> None:
    issue, _ = print_issue()
    alone = Article(0, ArticleKind.ARTICLE, (4,), ())
    clip = clip_of(issue=replace(issue, pages=(replace(issue.pages[0], articles=(alone,)),)))
    assert clip.paragraphs == ()
    assert np.median(clip.excerpts[0].sheets[0].pieces[0].picture) < 200
    assert b"<section" not in write_clip_html(clip)
    assert "Without headline" in pdf_text(clip)


def test_without_typst_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtra, match=r"leggio\[news\]"):
        write_clip_pdf(clip_of())
