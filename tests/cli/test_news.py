"""`leggio news`: what it writes, what it says and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from PIL import Image
from tests.news.pressed import Press, print_page
from typer.testing import CliRunner, Result

from leggio.cli.news import read_news


def leggio_news(*arguments: str | Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command(name="news")(read_news)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "gazette.png"
    Image.fromarray(print_page().image).save(file)
    return file


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_page_becomes_alto_named_after_it(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = leggio_news(page, "-o", out, "--no-text")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out / 'gazette.alto.xml'}\n"
    assert b"<TextLine" in (out / "gazette.alto.xml").read_bytes()


def test_all_formats_are_written_and_each_file_once(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    formats = [
        argument for kind in ("alto", "page", "markdown", "clips", "mets") for argument in ("--format", kind)
    ]
    result = leggio_news(page, "-o", out, "--no-text", "--draw", "--json", *formats)
    assert result.exit_code == 0, result.output
    assert names(out) == {
        "gazette.alto.xml", "gazette.page.xml", "gazette.md", "gazette.clips", "gazette.mets.xml", "gazette.jpg",
        "gazette.drawn.png", "gazette.seen.png", "gazette.json",
    }  # fmt: skip
    written = result.stdout.split()
    assert len(written) == len(set(written))
    assert all(Path(file).exists() for file in written)
    assert json.loads((out / "gazette.json").read_text())["title"] == "gazette"


def test_pages_of_one_file_are_numbered_and_a_blank_one_is_named(tmp_path: Path) -> None:
    pages = [Image.fromarray(image) for image in (print_page().image, Press().image)]
    pages[0].save(tmp_path / "issue.tiff", save_all=True, append_images=pages[1:])
    out = tmp_path / "out"
    result = leggio_news(tmp_path / "issue.tiff", "-o", out, "--no-text")
    assert result.exit_code == 1
    assert names(out) == {"issue-1.alto.xml"}
    assert "No lines of text were found on page 2" in result.stderr


def test_written_ocr_can_be_read_again(page: Path, tmp_path: Path) -> None:
    assert leggio_news(page, "-o", tmp_path / "first", "--no-text").exit_code == 0
    result = leggio_news(page, "-o", tmp_path / "second", "--ocr", tmp_path / "first", "--format", "page")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "second") == {"gazette.page.xml"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--engine", "abbyy"), "There is no OCR engine abbyy"),
        (("--engine", "tesseract", "--languages", "tlh"), "tesseract"),
    ],
)
def test_an_engine_that_cannot_read_is_wrong_use(
    page: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result = leggio_news(page, "-o", tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr.lower() or sentence in result.stderr


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    result = leggio_news(tmp_path / "none.png", "-o", tmp_path / "out", "--no-text")
    assert result.exit_code == 2
    assert "There is no file" in result.stderr
