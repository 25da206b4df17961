"""`leggio-train`: from a recipe and samples to an ONNX file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from leggio.net import load_net
from leggio.train.cli import app

RECIPE = """
name = "tiny"
[architecture]
widths = [8, 12, 16, 24]
deep_blocks = 1
class_width = 16
[crops]
size = 96
[schedule]
steps = 4
warmup = 1
cooldown = 1
batch = 2
watch = 2
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE)
    return path


def leggio_train(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_recipe_and_samples_become_a_net(plan: Path, samples: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    result = leggio_train(
        "symbols", plan, "--samples", samples, "--run", run, "--workers", "0", "--threads", "1"
    )
    assert result.exit_code == 0, result.output
    names = {path.name for path in run.iterdir()}
    assert names == {
        "last.pt", "curves.csv", "curves.png", "answers.png", "worst.png", "filters.png", "tensorboard", "tiny.onnx",
    }  # fmt: skip
    card = load_net(run / "tiny.onnx", threads=1).card
    assert card.name == "tiny"
    assert json.loads(card.measured) == {"step": 4.0}
    result = leggio_train("export", plan, "--run", run, "--out", tmp_path / "out" / "net.onnx")
    assert result.exit_code == 0, result.output
    assert load_net(tmp_path / "out" / "net.onnx", threads=1).card == card


def test_an_unknown_key_stops_the_run_by_name(plan: Path, samples: Path, tmp_path: Path) -> None:
    plan.write_text(RECIPE + "stpes = 5\n")
    result = leggio_train("symbols", plan, "--samples", samples, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert "stpes" in result.stderr
    assert not (tmp_path / "run").exists()


def test_a_folder_without_samples_is_complained_about(plan: Path, tmp_path: Path) -> None:
    result = leggio_train("symbols", plan, "--samples", tmp_path, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert "leggio synth music" in result.stderr


def test_a_run_without_a_checkpoint_cannot_be_exported(plan: Path, tmp_path: Path) -> None:
    result = leggio_train("export", plan, "--run", tmp_path, "--out", tmp_path / "net.onnx")
    assert result.exit_code == 1
    assert "no checkpoint" in result.stderr
