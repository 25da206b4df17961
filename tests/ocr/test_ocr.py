"""Engines read words where they stand, and say what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from leggio.errors import InputError, MissingExtra
from leggio.geometry import Box
from leggio.ocr import Engine, RapidOcr, Tesseract, TextLine, Word, choose_engine, find_tesseract

WORDS = ("Strasse", "nach", "Basel")


def open_engine(name: str) -> Engine:
    try:
        return choose_engine(name, ("deu",))
    except (MissingExtra, InputError) as error:
        pytest.skip(str(error))


@pytest.fixture(params=["tesseract", "rapidocr"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return open_engine(request.param)


def print_line(text: str, size: int = 32) -> NDArray[np.uint8]:
    """One line of black print on white paper."""
    font = ImageFont.load_default(size)
    text = text.replace(" ", "  ")  # this typeface has hardly any space between words
    width = int(font.getlength(text)) + 2 * size
    picture = Image.new("L", (width, 2 * size), 255)
    ImageDraw.Draw(picture).text((size, size // 3), text, font=font, fill=0)
    return np.array(picture, dtype=np.uint8)


def test_a_crop_is_read_word_by_word(engine: Engine) -> None:
    (line,) = engine.read_crops([print_line(" ".join(WORDS))])
    assert line.text == " ".join(WORDS)
    assert line.confidence > 0.7


def test_words_lie_on_their_ink(engine: Engine) -> None:
    picture = print_line("left" + 30 * " " + "right")
    (line,) = engine.read_crops([picture])
    columns = np.flatnonzero((picture < 128).any(axis=0))
    middle = picture.shape[1] / 2
    assert line.words[0].box.x0 == pytest.approx(columns[0], abs=12)
    assert line.words[-1].box.x1 == pytest.approx(columns[-1], abs=12)
    assert line.words[0].box.x1 < middle < line.words[-1].box.x0


def test_many_crops_keep_their_order(engine: Engine) -> None:
    names = ["one", "twenty words in a line", "three", "Ah", "seventeen", "light"]
    lines = engine.read_crops([print_line(name) for name in names])
    assert [line.text for line in lines] == names


def test_white_paper_and_slivers_give_empty_lines(engine: Engine) -> None:
    paper = np.full((40, 200), 255, np.uint8)
    sliver = np.zeros((1, 80), np.uint8)
    lines = engine.read_crops([paper, print_line("word"), sliver])
    assert [line.text for line in lines] == ["", "word", ""]
    assert lines[2].box == Box(0, 0, 80, 1)
    assert engine.read_crops([]) == ()


def test_a_page_is_read_line_by_line(engine: Engine) -> None:
    upper, lower = print_line("The first line of a page"), print_line("and here is the second")
    page = np.full((400, 700), 255, np.uint8)
    page[80 : 80 + upper.shape[0], 40 : 40 + upper.shape[1]] = upper
    page[180 : 180 + lower.shape[0], 40 : 40 + lower.shape[1]] = lower
    first, second = engine.read_lines(page)
    assert (first.text, second.text) == ("The first line of a page", "and here is the second")
    assert 70 < first.box.y0 < first.box.y1 < 180 < second.box.y1 < 260
    assert all(word.box.y1 < 260 for word in second.words)


def test_an_empty_page_has_no_lines(engine: Engine) -> None:
    assert engine.read_lines(np.full((300, 300), 255, np.uint8)) == ()


def test_a_missing_language_is_named_with_its_package() -> None:
    if find_tesseract() is None:
        pytest.skip("tesseract is not installed")
    with pytest.raises(InputError, match=r"no model for tlh_x: .*apt install tesseract-ocr-tlh-x\)"):
        Tesseract(("tlh_x",))


def test_a_language_that_only_tesseract_lacks_is_left_to_rapidocr() -> None:
    assert choose_engine(None, ("tlh_x",)).name == open_engine("rapidocr").name


def test_without_the_program_tesseract_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_tesseract() is None
    with pytest.raises(MissingExtra, match="apt install tesseract-ocr"):
        choose_engine("tesseract")
    assert choose_engine(None).name == open_engine("rapidocr").name


def test_an_unknown_engine_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no OCR engine abbyy: choose one of tesseract, rapidocr"):
        choose_engine("abbyy")


def test_rapidocr_opens_no_net_before_the_first_picture() -> None:
    engine = open_engine("rapidocr")
    assert isinstance(engine, RapidOcr)
    assert not {"_finder", "_reader"} & vars(engine).keys()


def test_a_line_is_as_sure_as_its_words_by_their_length() -> None:
    box = Box(0, 0, 1, 1)
    line = TextLine(box, (Word(box, "abc", 1.0), Word(box, "d", 0.2)))
    assert line.text == "abc d"
    assert line.confidence == pytest.approx(0.8)
    assert TextLine(box, ()).confidence == 0
