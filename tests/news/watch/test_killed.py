"""A process that is killed at any moment delivers each clipping exactly once: the bench, in small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[3] / "bench" / "watch_killed.py"


def test_each_clipping_is_there_once_though_the_process_is_killed() -> None:
    run = subprocess.run(
        [sys.executable, BENCH, "--pages", "6", "--kills", "3", "--seed", "3"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "killed 3 times" in run.stdout
