"""`leggio watch` and `leggio search` say what they do and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from tests.news.watch.press import print_file, read_printed
from typer.testing import CliRunner

from leggio.cli import watch

app = typer.Typer()
app.command(name="watch")(watch.watch_folder)
app.command(name="search")(watch.search_archive)


class Desk:
    """A folder with what the commands need, and the commands."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.write("[subject.Acme]\nquery = 'acme'\n[subject.Regen]\nquery = 'regen'\n")
        print_file(base / "in" / "blatt-2026-11-25.png", [("Acme baut", "Viel Regen.")])

    def write(self, subjects: str) -> None:
        (self.base / "s.toml").write_text(subjects)

    def watch(self, *more: str) -> tuple[int, str, str]:
        files = ["--archive", str(self.base / "a.db"), "--subjects", str(self.base / "s.toml")]
        return self.run("watch", *files, "--out", str(self.base / "out"), "--settle", "0", *more)

    def search(self, *more: str) -> tuple[int, str, str]:
        return self.run("search", str(self.base / "a.db"), *more)

    def run(self, *words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(watch, "_load_reader", lambda *_: read_printed)
    return Desk(tmp_path)


def test_watching_once_names_its_clippings(desk: Desk) -> None:
    code, written, said = desk.watch(str(desk.base / "in"), "--once", "--feed")
    folders = sorted(Path(line) for line in written.splitlines())
    assert [folder.parent.name for folder in folders] == ["acme", "regen"]
    assert all((folder / "article.json").is_file() for folder in folders)
    assert (desk.base / "out" / "feed.xml").is_file()
    assert "1 pages, 1 articles, 2 clippings" in said
    assert code == 1  # the made-up page is no picture, so there is no cut-out
    assert desk.watch(str(desk.base / "in"), "--once") == (0, "", "")


def test_a_new_subject_is_asked_again(desk: Desk) -> None:
    desk.watch(str(desk.base / "in"), "--once")
    desk.write("[subject.Bau]\nquery = 'baut'\n")
    code, written, said = desk.watch("--again", "Bau")
    assert code == 0
    assert Path(written.strip()).parent.name == "bau"
    assert "1 new clippings." in said
    assert desk.watch("--again", "Bau")[1] == ""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--once"], "no folder to watch"),
        (["--again", "Nobody"], "There is no subject Nobody"),
        (["in", "--webhook", "ftp://x"], "no address of a webhook"),
    ],
)
def test_wrong_use_is_said_so(desk: Desk, more: list[str], says: str) -> None:
    code, written, said = desk.watch(*more)
    assert (code, written) == (2, "")
    assert says in said


def test_a_search_prints_what_it_finds(desk: Desk) -> None:
    desk.watch(str(desk.base / "in"), "--once")
    code, found, _ = desk.search("regen AND headline:acme")
    assert code == 0
    assert found.splitlines()[0] == "Acme baut"
    assert "2026-11-25, page 1" in found
    (only,) = json.loads(desk.search("regen", "--json")[1])
    assert [hit["word"] for hit in only["hits"]] == ["Regen"]
    assert only["printed"]["source"]["page"] == 1
    assert "Nothing in" in desk.search("regen", "--since", "2026-11-26")[2]


def test_a_wrong_search_is_said_so(desk: Desk) -> None:
    assert desk.search("regen")[0] == 2  # no archive yet
    desk.watch(str(desk.base / "in"), "--once")
    assert "^" in desk.search("(regen")[2]
    assert "is not a day" in desk.search("regen", "--since", "yesterday")[2]
