"""Bad input gets a sentence that helps, never a traceback, and never costs the good pages beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result

from leggio.cli import app

# --- the eight of them; each makes its file in a folder


def an_empty_file(folder: Path) -> Path:
    path = folder / "empty.png"
    path.touch()
    return path


def text_named_png(folder: Path) -> Path:
    path = folder / "text.png"
    path.write_text("Eine Forelle ist ein Fisch.\n" * 20)
    return path


def a_locked_pdf(folder: Path) -> Path:
    path = folder / "locked.pdf"
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.encrypt("secret")
    writer.write(path)
    return path


def a_broken_pdf(folder: Path) -> Path:
    path = folder / "broken.pdf"
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(path)
    path.write_bytes(path.read_bytes()[:120])
    return path


def a_photo(folder: Path) -> Path:
    path = folder / "photo.jpg"
    Image.fromarray(draw_photo()).save(path)
    return path


def a_page_of_text(folder: Path) -> Path:
    path = folder / "letter.png"
    Image.fromarray(draw_letter()).save(path)
    return path


def a_blank_page(folder: Path) -> Path:
    path = folder / "blank.png"
    rng = np.random.default_rng(3)
    Image.fromarray(rng.normal(244, 3, (1700, 1200)).clip(0, 255).astype(np.uint8)).save(path)
    return path


def a_page_of_40000_pixels(folder: Path) -> Path:
    path = folder / "wide.png"
    Image.new("1", (40_000, 600), 1).save(path)
    return path


def draw_photo() -> NDArray[np.uint8]:
    """Hills, a sun, a house and grain: colourful, with edges everywhere and no staff."""
    rng = np.random.default_rng(7)
    height, width = 1200, 1600
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = np.stack([90 + 90 * y / height, 140 + 60 * y / height, 230 - 60 * y / height], axis=-1)
    photo = np.ascontiguousarray(sky)
    for base, swing, colour in (
        (650, 90, (60, 120, 70)),
        (820, 60, (80, 150, 60)),
        (980, 40, (120, 130, 50)),
    ):
        photo[y > base + swing * np.sin(x / swing / 2.7)] = colour
    cv2.circle(photo, (1250, 250), 110, (250, 220, 120), -1)
    cv2.rectangle(photo, (300, 600), (620, 900), (170, 90, 70), -1)
    cv2.fillPoly(photo, [np.array([[270, 610], [460, 430], [650, 610]])], (110, 50, 40))
    cv2.rectangle(photo, (420, 740), (500, 900), (60, 40, 30), -1)
    return np.clip(photo + rng.normal(0, 12, photo.shape), 0, 255).astype(np.uint8)


def draw_letter() -> NDArray[np.uint8]:
    """Thirty lines of print on white."""
    page = np.full((1700, 1200), 250, np.uint8)
    words = "the trout swam merrily about in the clear brook and I stood on the bank to watch".split()
    for line in range(32):
        text = " ".join(words[(line * 5 + i) % len(words)] for i in range(9))
        cv2.putText(page, text, (110, 130 + 46 * line), cv2.FONT_HERSHEY_COMPLEX, 0.85, 20, 2, cv2.LINE_AA)
    return page


Maker = Callable[[Path], Path]
BAD: dict[Maker, str] = {
    an_empty_file: "is empty (0 bytes): scan or download it again",
    text_named_png: "is not a picture that can be read: save it as PNG",
    a_locked_pdf: "is locked with a password: save a copy without one",
    a_broken_pdf: "is damaged and cannot be decoded: scan, export or download it again",
    a_photo: "",
    a_page_of_text: "",
    a_blank_page: "",
    a_page_of_40000_pixels: "has too many pixels (40000 x 600 px): scale it down",
}


def leggio_music(*inputs: Path, out: Path) -> Result:
    result = CliRunner().invoke(app, ["music", *map(str, inputs), "-o", str(out), "--draw", "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def complaints(result: Result) -> list[str]:
    lines = result.stderr.splitlines()
    assert all(line.startswith("leggio: ") and line.endswith(".") for line in lines), lines
    return lines


# --- alone


@pytest.mark.parametrize("make", BAD)
def test_bad_input_alone_gets_one_sentence_and_writes_no_score(make: Maker, tmp_path: Path) -> None:
    bad, out = make(tmp_path), tmp_path / "out"
    result = leggio_music(bad, out=out)
    assert result.exit_code == 1
    (sentence,) = complaints(result)
    assert str(bad) in sentence
    assert BAD[make] in sentence
    assert re.search(r"[:;] \w", sentence.removeprefix("leggio: ")), "it should say how to mend it"
    assert not list(out.glob("*.musicxml"))
    assert not list(out.glob("*.png"))


@pytest.mark.parametrize("make", [a_locked_pdf, a_blank_page])
def test_the_real_command_shows_no_traceback(make: Maker, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "leggio.cli", "music", str(make(tmp_path)), "-o", str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("leggio: ")
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""


# --- beside good pages


def test_in_a_folder_of_bad_files_the_good_one_is_still_read(example: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "scans", tmp_path / "out"
    folder.mkdir()
    bad = [make(folder) for make in BAD]
    shutil.copy(example, folder / "forelle.png")
    result = leggio_music(folder, out=out)
    assert result.exit_code == 1
    sentences = complaints(result)
    assert len(sentences) == len(bad)
    assert all(any(str(path) in sentence for sentence in sentences) for path in bad)
    assert [path.name for path in out.glob("*.musicxml")] == ["forelle.musicxml"]
    assert [path.name for path in out.glob("*.drawn.png")] == ["forelle.drawn.png"]


def test_in_a_pdf_of_bad_pages_the_good_one_is_still_read(example: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "book.pdf", tmp_path / "out"
    with Image.open(example) as good:
        pages = [Image.new("L", good.size, 255), good.convert("L"), Image.fromarray(draw_letter())]
        pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    result = leggio_music(path, out=out)
    assert result.exit_code == 1
    first, third = complaints(result)
    assert f"page 1 of {path}" in first
    assert f"page 3 of {path}" in third
    assert {file.name for file in out.iterdir()} == {"book.musicxml", "book.drawn-2.png", "book.json"}


def test_in_a_tiff_with_a_page_too_large_the_others_are_still_read(example: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "book.tif", tmp_path / "out"
    with Image.open(example) as good:
        large = Image.new("1", (40_000, 100), 1)
        large.save(path, save_all=True, append_images=[good.convert("L")])
    result = leggio_music(path, out=out)
    assert result.exit_code == 1
    (sentence,) = complaints(result)
    assert "has too many pixels" in sentence
    assert (out / "book.musicxml").exists()


# --- nothing half written


def test_nothing_but_whole_files_is_left_behind(example: Path, tmp_path: Path) -> None:
    leggio_music(example, an_empty_file(tmp_path), out=tmp_path / "out")
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


def test_a_place_that_cannot_be_written_to_gets_a_sentence(example: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = leggio_music(example, out=tmp_path / "file" / "out")
    assert result.exit_code == 1
    (sentence,) = complaints(result)
    assert "cannot be written (not a directory): make room there or choose another place" in sentence
