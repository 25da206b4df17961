"""`leggio eval news`: a folder of pages in, a table and a file of figures out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from leggio.cli import app
from leggio.record import to_json
from leggio.synth.news import sample_news


def leggio(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(2):
        truth = sample_news(np.random.default_rng(number))
        (folder / f"Bote_1900-01-0{number + 1}_p01.json").write_text(json.dumps(to_json(truth)))
    return folder


@pytest.mark.parametrize("blocks", ["truth", "bare"])
def test_articles_of_true_blocks_are_measured_by_newspaper(pages: Path, tmp_path: Path, blocks: str) -> None:
    figures = tmp_path / "figures.json"
    result = leggio("eval", "news", pages, "--blocks", blocks, "--json", figures)
    assert result.exit_code == 0, result.output
    found = json.loads(figures.read_text())
    assert found["newspapers"].keys() == {"Bote"}
    assert found["mean"].keys() >= {"der", "completeness", "as_f1", "miou", "b3", "ari"}
    assert 0.3 < found["mean"]["miou"] <= 1
    assert "mean of 1" in result.output


def test_a_folder_without_pages_cannot_be_measured(tmp_path: Path) -> None:
    result = leggio("eval", "news", tmp_path)
    assert result.exit_code == 1
    assert "holds no pages" in result.stderr
