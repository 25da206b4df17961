"""A clipping gets its clip sheet out of the page that was read, and no other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.news.watch.press import find_hits, set_article

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Line
from leggio.news.watch.match import Hit, Place
from leggio.news.watch.printed import Clipping, Source, StoredArticle, compose_text, place_hits
from leggio.news.watch.sheets import SheetWriter, make_sheet, open_page
from leggio.news.watch.watch import hash_file
from leggio.ocr import Word


def clip(path: Path, query: str = "acme") -> Clipping:
    article, blocks = set_article("Acme", "Die Acme\nbaut.")
    text = compose_text(blocks)
    source = Source("blatt", "2026-11-25", str(path), hash_file(path), 1, 400, 600)
    stored = StoredArticle(1, source, article, blocks, text)
    return Clipping("1f", "ACME AG", "2026-11-25T08:00:00Z", find_hits(query, text), None, stored)


def draw_page(path: Path) -> Path:
    Image.fromarray(np.full((600, 400), 255, np.uint8)).save(path)
    return path


def test_a_clip_sheet_shows_the_article_and_its_words(tmp_path: Path) -> None:
    clipping = clip(draw_page(tmp_path / "a.png"))
    sheet = make_sheet(clipping, np.full((600, 400), 255, np.uint8))
    assert (sheet.newspaper, sheet.date, sheet.title, sheet.words) == (
        "blatt",
        "2026-11-25",
        "Acme",
        ("Acme",),
    )
    SheetWriter()(clipping, (), tmp_path)
    assert b"<mark>Acme</mark>" in (tmp_path / "clip.html").read_bytes()


def test_a_page_that_changed_is_not_cut(tmp_path: Path) -> None:
    path = draw_page(tmp_path / "a.png")
    source = clip(path).printed.source
    assert open_page(source).shape == (600, 400)
    Image.fromarray(np.zeros((600, 400), np.uint8)).save(path)
    with pytest.raises(InputError, match="no longer what was read"):
        open_page(source)
    path.unlink()
    with pytest.raises(InputError, match="no longer there"):
        open_page(source)


def store(*blocks: Block) -> StoredArticle:
    article, _ = set_article("", "")
    return StoredArticle(1, Source("a", "", "", "", 1, 9, 9), article, blocks, compose_text(blocks))


def test_a_hit_over_a_line_end_has_a_box_in_each_line(tmp_path: Path) -> None:
    lines = Line(0, Box(0, 0, 100, 10), "Der Gemein-"), Line(1, Box(0, 20, 80, 30), "derat tagt")
    printed = store(Block(0, BlockKind.TEXT, Box(0, 0, 100, 30), lines))
    boxes = place_hits(printed, find_hits("gemeinderat", printed.text))
    assert [(round(box.x0), round(box.x1), box.y0) for box in boxes] == [(36, 100, 0), (0, 40, 20)]


def test_the_places_of_words_count_where_they_are_known() -> None:
    words = Word(Box(5, 0, 20, 10), "Die"), Word(Box(30, 0, 90, 10), "Acme,")
    line = Line(0, Box(0, 0, 100, 10), "Die Acme,", words)
    printed = store(Block(0, BlockKind.TEXT, Box(0, 0, 100, 10), (line,)))
    (box,) = place_hits(printed, find_hits("acme", printed.text))
    assert box == Box(30, 0, 78, 10)  # four of the five signs


def test_a_hit_in_the_headline_is_placed_in_the_heading() -> None:
    article, blocks = set_article("Acme baut", "Acme")
    printed = StoredArticle(1, Source("a", "", "", "", 1, 9, 9), article, blocks, compose_text(blocks))
    assert place_hits(printed, [Hit(Place.HEADLINE, 0, 4, "Acme")]) == (Box(0, 0, 40, 30),)
