"""`leggio synth music`: what it writes, what it says and how it ends."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from typer.testing import CliRunner, Result

from leggio.cli import app
from leggio.synth.sample import list_samples, load_sample


def synth(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["synth", "music", "--workers", "1", *map(str, arguments)])


def test_written_pages_are_named_on_stdout(music_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = synth("--pages", "2", "--out", out, "--music", music_folder)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        str(out / f"{name}.json") for name in ("000000", "000001", "manifest")
    ]
    assert len(list(out.iterdir())) == 9


def test_the_manifest_counts_what_is_on_all_pages(music_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    synth("--pages", "1", "--out", out, "--music", music_folder, "--seed", "5")
    synth("--pages", "2", "--out", out, "--music", music_folder, "--seed", "5")
    manifest = json.loads((out / "manifest.json").read_text())
    truths = [load_sample(path).truth for path in list_samples(out)]
    symbols = Counter(symbol.kind.value for truth in truths for symbol in truth.symbols)
    assert manifest["pages"] == len(truths) == 2
    assert manifest["settings"]["seed"] == 5
    assert {name: manifest["classes"][name] for name in symbols} == symbols


def test_a_second_run_makes_only_what_is_missing(music_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    synth("--pages", "1", "--out", out, "--music", music_folder)
    result = synth("--pages", "2", "--out", out, "--music", music_folder)
    assert result.stdout.splitlines() == [str(out / "000001.json"), str(out / "manifest.json")]


def test_several_folders_may_be_named(music_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = synth(
        "--pages", "1", "--out", tmp_path / "out", "--music", tmp_path / "empty", "--music", music_folder
    )
    assert result.exit_code == 0, result.output


def test_a_folder_without_music_is_complained_about(tmp_path: Path) -> None:
    result = synth("--pages", "1", "--out", tmp_path / "out", "--music", tmp_path)
    assert result.exit_code == 1
    assert "no MusicXML" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    assert synth("--pages", "1", "--out", tmp_path / "out", "--music", tmp_path / "nowhere").exit_code == 2


def test_the_corpus_of_music21_comes_with_a_word_about_its_licences(tmp_path: Path) -> None:
    result = synth("--pages", "1", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "licences" in result.stderr
    assert (tmp_path / "000000.json").exists()
