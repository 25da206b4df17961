"""The command: what it writes, what it says and how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from leggio import __version__
from leggio.cli import app
from leggio.cli import music as music_command
from leggio.cli.output import describe_failure, name_outputs
from leggio.errors import LeggioError, UnreadableFile
from leggio.page import PageFailure


def leggio(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- reading


def test_a_page_becomes_a_score_named_after_it(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    result = leggio("music", example, "-o", out)
    assert result.exit_code == 0, result.output
    assert names(out) == {"forelle.musicxml"}
    assert result.stdout == f"{out / 'forelle.musicxml'}\n"
    assert b"<score-partwise" in (out / "forelle.musicxml").read_bytes()


def test_every_format_the_drawing_and_the_reading_are_written_when_asked_for(
    example: Path, tmp_path: Path
) -> None:
    formats = [word for kind in ("musicxml", "mxl", "mei", "midi") for word in ("--format", kind)]
    result = leggio("music", example, "-o", tmp_path, *formats, "--draw", "--json")
    assert result.exit_code == 0, result.output
    suffixes = ("musicxml", "mxl", "mei", "mid", "drawn.png", "json")
    assert names(tmp_path) == {f"forelle.{suffix}" for suffix in suffixes}
    assert (tmp_path / "forelle.mid").read_bytes().startswith(b"MThd")
    assert (tmp_path / "forelle.mxl").read_bytes().startswith(b"PK")
    assert b"<mei" in (tmp_path / "forelle.mei").read_bytes()
    with Image.open(tmp_path / "forelle.drawn.png") as drawing, Image.open(example) as page:
        assert drawing.size == page.size
    reading = json.loads((tmp_path / "forelle.json").read_text())
    assert reading["pages"][0]["page"] | {"dpi": None} == {
        "source": str(example), "number": 1, "width": page.width, "height": page.height, "dpi": None,
    }  # fmt: skip
    assert 0 <= reading["pages"][0]["symbols"][0]["confidence"] <= 1
    assert reading["failures"] == []
    assert reading["score"]["parts"]


def test_the_pages_of_a_file_become_one_score(example: Path, tmp_path: Path) -> None:
    with Image.open(example) as page:
        page.convert("L").save(tmp_path / "twice.tif", save_all=True, append_images=[page.convert("L")])
    result = leggio("music", tmp_path / "twice.tif", "-o", tmp_path / "out", "--draw", "--json")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "out") == {
        "twice.musicxml", "twice.drawn-1.png", "twice.drawn-2.png", "twice.json",
    }  # fmt: skip
    reading = json.loads((tmp_path / "out" / "twice.json").read_text())
    bars = [len(page["score"]["parts"][0]["bars"]) for page in reading["pages"]]
    assert len(reading["score"]["parts"][0]["bars"]) == sum(bars)


def test_each_file_of_a_folder_becomes_its_own_score(example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    shutil.copy(example, folder / "one.png")
    shutil.copy(example, folder / "two.png")
    result = leggio("music", folder, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "out") == {"one.musicxml", "two.musicxml"}


# --- names


def test_files_with_the_same_stem_get_outputs_of_their_own() -> None:
    files = [Path("x/a.png"), Path("y/a.jpg"), Path("y/a-2.png"), Path("z/A.png"), Path("b.1.png")]
    assert name_outputs(files) == ["a", "a-2", "a-2-2", "A-3", "b.1"]


def test_a_failure_is_named_once() -> None:
    named = PageFailure("a.pdf", 2, UnreadableFile("page 2 of a.pdf is damaged."))
    bare = PageFailure("a.pdf", 2, LeggioError("There are no staves."))
    assert describe_failure(named) == "page 2 of a.pdf is damaged."
    assert describe_failure(bare) == "page 2 of a.pdf: There are no staves."


# --- how it ends


def test_the_version_is_shown() -> None:
    result = leggio("--version")
    assert (result.exit_code, result.stdout) == (0, f"leggio {__version__}\n")


@pytest.mark.parametrize("command", [[], ["music"], ["eval", "music"], ["synth", "music"]])
def test_help_is_shown(command: list[str]) -> None:
    result = leggio(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["music"],
        ["music", "a.png"],
        ["music", "a.png", "-o", "out", "--format", "word"],
        ["music", "a.png", "-o", "out", "--louder"],
        ["synth", "music", "--pages", "0", "--out", "out"],
        ["eval"],
        ["sing"],
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str]) -> None:
    assert leggio(*arguments).exit_code == 2


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    result = leggio("music", tmp_path / "nowhere.png", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "There is no file" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_without_cases_cannot_be_measured(tmp_path: Path) -> None:
    result = leggio("eval", "music", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("leggio: ")
    assert "page.png and truth.musicxml" in result.stderr


def test_ctrl_c_ends_with_130_and_without_a_traceback(tmp_path: Path) -> None:
    code = (
        "import os, signal; from leggio.cli import main, music; "
        "music.find_inputs = lambda _: os.kill(os.getpid(), signal.SIGINT); main()"
    )
    command = [sys.executable, "-c", code, "music", "a.png", "-o", str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 130
    assert "Traceback" not in run.stderr


def test_an_error_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def slip(_: object) -> list[Path]:
        raise ZeroDivisionError

    monkeypatch.setattr(music_command, "find_inputs", slip)
    assert isinstance(leggio("music", "a.png", "-o", "out").exception, ZeroDivisionError)


# --- doubts


def test_doubts_are_listed_with_the_bar_and_the_reason(example: Path, tmp_path: Path) -> None:
    result = leggio("music", example, "-o", tmp_path, "--doubts")
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "forelle.doubts.txt").read_text().splitlines()
    assert all(line.startswith("page 1, bar ") and line.endswith("%)") for line in lines)
    bars = [line.split(",")[1] for line in lines]
    assert len({bar for bar, _ in groupby(bars)}) == len(
        list(groupby(bars))
    )  # all that is said of a bar together
