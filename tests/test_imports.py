"""The layers of ARCHITECTURE.md hold, and reading never loads torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_imports_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_reading_loads_neither_torch_nor_the_tools_of_training_and_measuring() -> None:
    code = (
        "import sys, leggio.cli, leggio.draw, leggio.music.read, leggio.music.musicxml; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "onnx", "music21", "musicdiff", "resvg_py", "tensorboard"}
