"""The main path of newspapers, from files to articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import typst
from numpy.typing import NDArray
from PIL import Image

from leggio.errors import InputError, NothingToRead
from leggio.geometry import Box
from leggio.net import WEIGHTS, Card, Net, load_net
from leggio.news.export.alto import write_alto
from leggio.news.export.issue import ReadPage
from leggio.news.layout import BlockKind, Layout
from leggio.news.links import ARTICLE_KINDS
from leggio.news.read import Nets, Reading, read, read_file, read_given, read_unseen
from leggio.ocr import TextLine, Word
from leggio.page import Page

from .pressed import WORDS, Press, print_page

NO_NETS = Nets()


class Parrot:
    """An engine that reads the same word everywhere."""

    name = "parrot"

    def read_lines(self, image: NDArray[np.uint8]) -> tuple[TextLine, ...]:
        raise AssertionError("lines are known")

    def read_crops(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        boxes = [Box(0, 0, crop.shape[1], crop.shape[0]) for crop in crops]
        return tuple(TextLine(box, (Word(box, "word", 0.7),)) for box in boxes)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(Page(print_page().image, "gazette.png"), NO_NETS, Parrot())


def test_a_page_becomes_blocks_and_every_block_is_in_an_article(reading: Reading) -> None:
    layout = reading.layout
    assert (layout.width, layout.height) == (1000, 1400)
    assert sum(len(block.lines) for block in layout.blocks) == len(print_page().lines)
    headings = [block for block in layout.blocks if block.kind is BlockKind.HEADING]
    assert [round(block.box.y0 / 100) for block in headings] == [1, 6]
    taken = sorted(id for article in reading.articles for id in article.blocks)
    assert taken == [block.id for block in layout.blocks]


def test_no_block_runs_over_the_heading_between_two_articles(reading: Reading) -> None:
    assert not any(
        block.box.y0 < 580 and block.box.y1 > 700 and block.box.x0 > 500 for block in reading.layout.blocks
    )


def test_the_engine_s_words_stand_on_the_lines(reading: Reading) -> None:
    lines = [line for block in reading.layout.blocks for line in block.lines]
    assert {line.text for line in lines} == {"word"}
    assert {line.confidence for line in lines} == {0.7}


def test_articles_are_found_without_any_text() -> None:
    silent = read(Page(print_page().image, "gazette.png"), NO_NETS)
    assert silent.articles
    assert not any(line.text for block in silent.layout.blocks for line in block.lines)


def test_a_page_on_its_head_is_read_upright(reading: Reading) -> None:
    turned = np.ascontiguousarray(np.rot90(print_page().image, 2))
    assert read(Page(turned, "gazette.png"), NO_NETS, Parrot()).layout == reading.layout


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (1200, 900)])
def test_white_paper_is_nothing_to_read(shape: tuple[int, int]) -> None:
    with pytest.raises(NothingToRead, match=r"No lines of text .* page 1 of blank.png"):
        read(Page(np.full(shape, 255, np.uint8), "blank.png"), NO_NETS)


def test_a_picture_without_text_is_nothing_to_read() -> None:
    noise = np.random.default_rng(0).normal(128, 40, (60, 45)).clip(0, 255).astype(np.uint8)
    cloudy = np.array(Image.fromarray(noise).resize((900, 1200), Image.Resampling.BICUBIC))
    with pytest.raises(NothingToRead):
        read(Page(cloudy, "cat.jpg"), NO_NETS)


def test_waves_of_grey_are_nothing_to_read() -> None:
    y, x = np.mgrid[0:1200, 0:1600]
    grain = np.random.default_rng(0).normal(0, 15, x.shape)
    waves = (128 + 60 * np.sin(x / 90) + 50 * np.cos(y / 70) + grain).clip(0, 255).astype(np.uint8)
    with pytest.raises(NothingToRead):
        read(Page(waves, "curtain.jpg"), NO_NETS)


def test_a_page_that_is_one_engraving_is_read_by_the_lines_under_it() -> None:
    press = Press()
    press.picture(60, 60, 940, 1200)
    for y in (1230, 1270, 1310):
        press.print_line("The harbour in the heavy weather of last week, seen from the old bank", 60, y, 15)
    lines = [
        line for block in read(Page(press.image, "cover.png"), NO_NETS).layout.blocks for line in block.lines
    ]
    assert len(lines) == 3


def test_two_lines_under_a_picture_are_too_few() -> None:
    press = Press()
    press.picture(60, 60, 940, 1200)
    for y in (1230, 1270):
        press.print_line("The harbour in the heavy weather of last week, seen from the old bank", 60, y, 15)
    with pytest.raises(NothingToRead):
        read(Page(press.image, "cover.png"), NO_NETS)


def test_a_bad_page_never_loses_the_others(tmp_path: Path) -> None:
    pages = [Image.fromarray(image) for image in (print_page().image, Press().image, print_page().image)]
    file = tmp_path / "issue.tiff"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    seen: list[int] = []
    result = read_file(file, NO_NETS, on_page=seen.append)
    assert [reading.page.number for reading in result.readings] == [1, 3]
    assert [(failure.number, type(failure.error)) for failure in result.failures] == [(2, NothingToRead)]
    assert seen == [1, 2, 3]


def write_ocr(reading: Reading, path: Path) -> None:
    path.write_bytes(write_alto(ReadPage(reading.page.label, reading.layout, ())))


def test_a_library_s_ocr_takes_the_place_of_the_engine(reading: Reading, tmp_path: Path) -> None:
    image, ocr = tmp_path / "gazette.png", tmp_path / "ocr"
    Image.fromarray(reading.page.image).resize((500, 700)).save(image)
    ocr.mkdir()
    write_ocr(reading, ocr / "gazette.alto.xml")
    (again,) = read_file(image, NO_NETS, ocr=ocr).readings
    lines = [line for block in again.layout.blocks for line in block.lines]
    assert (again.layout.width, again.layout.height) == (500, 700)
    assert len(lines) == len(print_page().lines)
    assert {line.text for line in lines} == {"word"}


def test_ocr_alone_is_read_too(reading: Reading, tmp_path: Path) -> None:
    file = tmp_path / "gazette.alto.xml"
    write_ocr(reading, file)
    (again,) = read_file(file, NO_NETS).readings
    assert again.page.image.shape == (1400, 1000)
    assert len(again.layout.blocks) >= len(reading.layout.blocks)


def test_ocr_of_another_page_is_told_and_its_page_fails(reading: Reading) -> None:
    page = Page(np.full((900, 900), 255, np.uint8), "square.png")
    with pytest.raises(InputError, match="does not fit its image"):
        read_given(page, reading.layout, NO_NETS, "gazette.xml")


def test_ocr_without_lines_or_size_is_told(reading: Reading) -> None:
    with pytest.raises(NothingToRead, match="no lines of text"):
        read_given(reading.page, replace(reading.layout, blocks=()), NO_NETS, "gazette.xml")
    with pytest.raises(InputError, match="does not say how large"):
        read_unseen(Layout(0, 0, reading.layout.blocks), NO_NETS, "gazette.xml")


def test_the_text_of_a_born_digital_pdf_is_taken_from_it(tmp_path: Path) -> None:
    rows = [" ".join((*WORDS[row:], *WORDS[:row])[:12]) for row in range(30)]
    typeset = '#set page("a4", margin: 40pt)\n#set text(12pt, ligatures: false)\n' + " \\\n".join(rows)
    file = tmp_path / "born.pdf"
    file.write_bytes(typst.compile(typeset.encode()))
    (reading,) = read_file(file, NO_NETS).readings
    texts = [line.text for block in reading.layout.blocks for line in block.lines]
    assert texts == rows


def test_blocks_of_a_library_and_our_own_ask_a_net_each() -> None:
    asked: list[str] = []

    def net(name: str) -> Net:
        def answer(names: None, given: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float64]]:
            asked.append(name)
            count = given["page"].shape[1]
            row, kinds = np.zeros((1, count)), np.zeros((1, count, len(ARTICLE_KINDS)))
            return [row, np.zeros((1, count, count)), kinds, row]

        return Net(Card(name, (), (), 0, 1, ""), SimpleNamespace(run=answer))

    nets = Nets(links=net("whole"), found_links=net("found"))
    page = Page(print_page().image, "gazette.png")
    found = read(page, nets)
    read_given(page, found.layout, nets, "gazette.xml")
    assert asked == ["found", "whole"]
    read(page, replace(nets, found_links=None))
    assert asked[2:] == ["whole"]


@pytest.fixture(scope="module")
def eyes() -> Nets:
    """The net that sees print alone."""
    return Nets(print=load_net(WEIGHTS / "news-print.onnx", threads=1))


def test_a_page_whose_print_is_seen_has_the_same_lines(reading: Reading, eyes: Nets) -> None:
    seen = read(Page(print_page().image, "gazette.png"), eyes, Parrot())
    lines, others = (
        [line.box for block in page.layout.blocks for line in block.lines] for page in (seen, reading)
    )
    assert len(lines) == len(others)
    assert all(max(line.iou(other) for other in others) > 0.5 for line in lines)
    taken = sorted(id for article in seen.articles for id in article.blocks)
    assert taken == [block.id for block in seen.layout.blocks]


def test_what_was_seen_reaches_the_net_that_links(eyes: Nets) -> None:
    tables: list[NDArray[np.float32]] = []

    def answer(names: None, given: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float64]]:
        tables.append(given["page"][0])
        count = len(tables[-1])
        row, kinds = np.zeros((1, count)), np.zeros((1, count, len(ARTICLE_KINDS)))
        return [row, np.zeros((1, count, count)), kinds, row]

    links = Net(Card("spy", ("here", "seen"), (), 0, 1, "", views=("faces",)), SimpleNamespace(run=answer))
    page = Page(print_page().image, "gazette.png")
    found = read(page, replace(eyes, links=links))
    assert (tables[-1][:, 1, 0] == 1).all()
    assert tables[-1][:, 2:, 0].any()
    read(page, Nets(links=links))
    assert not tables[-1][:, 1:].any()
    read_given(page, found.layout, replace(eyes, links=links), "gazette.xml")
    assert not tables[-1][:, 1:].any()  # the places of a library's blocks are not those of the ink


@pytest.mark.parametrize("shape", [(1, 1), (20, 20), (1200, 900)])
def test_white_paper_is_nothing_to_read_for_a_net_that_sees_print_either(
    shape: tuple[int, int], eyes: Nets
) -> None:
    with pytest.raises(NothingToRead):
        read(Page(np.full(shape, 255, np.uint8), "blank.png"), eyes)
