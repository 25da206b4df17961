"""Typeset pages say of each word where it stands, and words make sentences that end."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from leggio.geometry import Box
from leggio.news.layout import BlockKind
from leggio.synth.degrade import Ageing, Kind
from leggio.synth.news import lay_out
from leggio.synth.news_copy import Copywriter, draw_face
from leggio.synth.news_draft import Draft, Slot
from leggio.synth.news_galley import Align, Copy, Row, Type, count_letters, set_type
from leggio.synth.news_pour import Setter
from leggio.synth.news_prose import VOCABULARIES, Writer
from leggio.synth.news_scan import scan_page, warp_page
from leggio.synth.news_style import Era, draw_style
from leggio.synth.news_typeset import TypesetPage, scale_style, set_draft, typeset
from leggio.synth.news_words import Language
from leggio.synth.warp import make_warp

FONT = "Libertinus Serif"  # comes with typst


@pytest.fixture(scope="module")
def page() -> TypesetPage:
    """A small page of three columns."""
    rng = np.random.default_rng(2)
    style = replace(draw_style(rng, Era.POPULAR), columns=3, width=1100, height=1500, pitch=20.0, gutter=16.0)
    style = replace(scale_style(style, 1.0), margins=(30.0, 30.0, 30.0, 30.0), front=True)
    return set_draft(lay_out(style, rng), style, draw_face(rng), Writer(Language.GERMAN, rng), rng)


def ink_of(image: np.ndarray, box: Box) -> int:
    cut = image[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))]
    return int((cut < 128).sum())


def test_running_text_is_set_line_by_line_in_its_measure() -> None:
    text = "Der Bürgermeister hat den Bau der Brücke beschlossen. " * 5
    (galley,) = set_type([Copy(Type(FONT, 20), 300, 24, 6, text, indent=30)], "de")
    assert galley.image.shape == (144, 300)
    assert len(galley.lines) == 6
    assert galley.lines[0][0].box.x0 == pytest.approx(30, abs=3)
    assert galley.lines[1][0].box.x0 == pytest.approx(0, abs=3)
    assert all(line[-1].box.x1 == pytest.approx(300, abs=4) for line in galley.lines)
    tops = [line[0].box.y0 // 24 for line in galley.lines]
    assert tops == [0, 1, 2, 3, 4, 5]


def test_the_words_of_a_galley_are_those_of_the_copy_but_for_hyphens() -> None:
    text = "Aus Altheim wird gemeldet: die Feuerwehr hat einen quatre-vingt-dix Damm durchbrochen."
    (galley,) = set_type([Copy(Type(FONT, 20), 200, 24, 12, text)], "de")
    lines = [" ".join(word.text for word in line) for line in galley.lines if line]
    joined = lines[0]
    for before, line in pairwise(lines):
        joined = joined[:-1] + line if before.endswith("-") and "quatre" not in before else f"{joined} {line}"
    assert joined.replace("- ", "-") == text
    assert count_letters(galley, 12, text) == len(text.replace(" ", ""))


def test_a_line_does_not_depend_on_what_comes_after_it() -> None:
    text = "Der Chor hat mit großem Beifall gesungen, und das Orchester hat bis zum Ende ausgeharrt."
    long, short = set_type([Copy(Type(FONT, 20), 260, 24, 3, tail) for tail in (text, text[:70])], "de")
    assert long.lines[:2] == short.lines[:2]


def test_rows_stand_where_they_are_put_and_shrink_to_fit() -> None:
    rows = (
        Row("Preis", 0, 100, 0),
        Row("12", 150, 200, 0, Align.RIGHT),
        Row("Sehr lange Zeile hier", 0, 90, 30),
    )
    (galley,) = set_type([Copy(Type(FONT, 20), 200, 24, 3, rows=rows)], "de")
    left, right, long = (line for line in galley.lines)
    assert left[0].text == "Preis"
    assert right[0].box.x1 == pytest.approx(200, abs=3)
    assert long[-1].box.x1 <= 91
    assert long[0].box.height < left[0].box.height


def test_every_word_of_a_page_stands_on_ink_and_nothing_else_does(page: TypesetPage) -> None:
    empty = page.image.copy()
    for block in page.truth.layout.blocks:
        for word in (word for line in block.lines for word in line.words):
            assert ink_of(page.image, word.box) > 0
            box = word.box.grow(2, 2)
            empty[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = 255
        if block.kind is BlockKind.PICTURE:
            empty[int(block.box.y0) : int(block.box.y1) + 2, int(block.box.x0) : int(block.box.x1) + 2] = 255
    for rule in page.truth.layout.rules:
        box = rule.box.grow(1, 1)
        empty[int(box.y0) : int(box.y1) + 2, int(box.x0) : int(box.x1) + 2] = 255
    assert (empty < 128).sum() < 0.002 * (page.image < 128).sum()


def test_lines_hold_their_words_and_articles_their_headlines(page: TypesetPage) -> None:
    for block in page.truth.layout.blocks:
        for line in block.lines:
            assert line.text == " ".join(word.text for word in line.words)
            assert line.box.x0 == pytest.approx(min(word.box.x0 for word in line.words), abs=0.11)
    assert any(article.headline for article in page.truth.articles)


def test_paragraphs_have_the_lines_that_were_laid_out_and_end_with_a_sentence() -> None:
    rng = np.random.default_rng(4)
    style = replace(scale_style(draw_style(rng, Era.DENSE), 1.0), width=500, height=2200, pitch=20.0)
    draft = Draft(style.width, style.height)
    setter = Setter(draft, style, rng)
    setter.enter([Slot(20, 20, 480, 2180)])
    wanted = [*range(1, 13)]
    for lines in wanted:
        setter.set_paragraph(setter.begin(), lines)
    page = set_draft(draft, style, draw_face(rng), Writer(Language.GERMAN, rng), rng)
    blocks = page.truth.layout.blocks
    assert len(blocks) == len(wanted)
    assert all(block.text.endswith(".") for block in blocks)
    assert all(wanted[n] - 1 <= len(block.lines) <= wanted[n] for n, block in enumerate(blocks))
    assert np.mean([len(block.lines) == wanted[n] for n, block in enumerate(blocks)]) > 0.8


def test_the_same_seed_prints_the_same_page() -> None:
    one, two = typeset(np.random.default_rng(8)), typeset(np.random.default_rng(8))
    assert np.array_equal(one.image, two.image)
    assert one.truth == two.truth


def test_picture_and_truth_move_together(page: TypesetPage) -> None:
    warp = make_warp((page.image.shape[0], page.image.shape[1]), 9.0, 0.012, 6.0, 0.8, 0.3)
    moved = warp_page(page, warp)
    assert moved.image.shape == warp.shape
    assert (moved.truth.layout.height, moved.truth.layout.width) == (
        float(warp.shape[0]),
        float(warp.shape[1]),
    )
    before, words = (
        [word for block in truth.layout.blocks for line in block.lines for word in line.words]
        for truth in (page.truth, moved.truth)
    )
    assert all(ink_of(moved.image, word.box) > 0 for word in words)
    assert words[0].box != before[0].box


def test_ageing_keeps_the_truth_on_the_ink(page: TypesetPage) -> None:
    ageing = Ageing(
        clean=Kind(0), photo=Kind(0), pencil=Kind(0), bleed=Kind(0), border=Kind(0), stamp=Kind(0)
    )
    aged = scan_page(page, np.random.default_rng(3), ageing)
    assert aged.image.shape == (aged.truth.layout.height, aged.truth.layout.width)
    level = (int(aged.image.min()) + int(np.median(aged.image))) / 2
    words = [word for block in aged.truth.layout.blocks for line in block.lines for word in line.words]
    dark = [
        (aged.image[int(w.box.y0) : int(w.box.y1) + 1, int(w.box.x0) : int(w.box.x1) + 1] < level).any()
        for w in words
    ]
    assert np.mean(dark) > 0.98


@pytest.mark.parametrize("language", list(Language))
def test_sentences_are_whole_in_every_language(language: Language) -> None:
    writer = Writer(language, np.random.default_rng(1))
    for topic in VOCABULARIES[language].topics:
        for sentence in writer.write_sentences(topic, 2000):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "{" not in sentence
            assert "  " not in sentence


def test_a_headline_fits_or_is_the_shortest() -> None:
    writer = Writer(Language.ENGLISH, np.random.default_rng(1))
    topic = writer.choose_topic()
    line = ""
    for letters in range(1, 60):
        line, last = writer.write_headline(topic, letters, line), line
        assert line != last
        assert len(line) <= letters or line == min(
            (other for other in topic.headlines if other != last), key=len
        )


def test_parts_of_one_paragraph_are_ordered_together() -> None:
    rng = np.random.default_rng(6)
    draft = lay_out(scale_style(draw_style(rng, Era.DENSE), 1.0), rng)
    orders = Copywriter(draft, draw_face(rng), Writer(Language.FRENCH, rng), rng).write_orders()
    numbers = [number for order in orders for number in order.blocks]
    assert numbers == [number for number, block in enumerate(draft.blocks) if block.setting is not None]
    assert any(len(order.blocks) > 1 for order in orders)
