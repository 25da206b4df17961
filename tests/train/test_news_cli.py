"""`leggio-train news` and `leggio-train news-2017`: from a recipe to an ONNX file that segments a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.news.drawn import draw_page
from typer.testing import CliRunner, Result

from leggio.net import load_net
from leggio.news.regions import segment
from leggio.train.cli import app

TODAY = """
name = "tiny"
net = "news"
[architecture]
widths = [8, 8, 8, 8]
deep_blocks = 1
class_width = 8
[sheets]
size = [128, 96]
[schedule]
steps = 2
warmup = 1
cooldown = 1
batch = 2
watch = 2
"""
OLD = """
name = "tiny"
net = "news-2017"
[sheets]
size = [256, 256]
stretch = 0.0
[schedule]
steps = 1
warmup = 1
cooldown = 0
batch = 2
watch = 1
optimizer = "sgd"
balance = false
"""


def leggio_train(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(("command", "text", "maps"), [("news", TODAY, 5), ("news-2017", OLD, 1)])
def test_a_recipe_alone_becomes_a_net(command: str, text: str, maps: int, tmp_path: Path) -> None:
    recipe, run = tmp_path / "tiny.toml", tmp_path / "run"
    recipe.write_text(text)
    result = leggio_train(command, recipe, "--run", run, "--workers", "0", "--threads", "1")
    assert result.exit_code == 0, result.output
    names = {path.name for path in run.iterdir()}
    assert names == {"last.pt", "curves.csv", "curves.png", "answers.png", "tensorboard", "tiny.onnx"}
    net = load_net(run / "tiny.onnx", threads=1)
    assert json.loads(net.card.recipe)["net"] == command
    regions = segment(None, draw_page().layout, net)
    assert regions.maps.shape[0] == len(regions.names) == maps
    again = leggio_train("export", recipe, "--run", run, "--out", tmp_path / "again.onnx")
    assert again.exit_code == 0, again.output
    assert load_net(tmp_path / "again.onnx", threads=1).card == net.card


def test_a_recipe_for_another_net_names_the_right_command(tmp_path: Path) -> None:
    recipe = tmp_path / "old.toml"
    recipe.write_text(OLD)
    result = leggio_train("news", recipe, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert "leggio-train news-2017" in result.output
