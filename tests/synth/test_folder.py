"""A folder of samples can be filled by several processes, and a broken run goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from leggio.errors import LeggioError
from leggio.synth.factory import Factory
from leggio.synth.folder import find_missing, write_samples
from leggio.synth.sample import Sample, Truth, load_sample


def draw_blank(number: int) -> Sample:
    """A page whose staff space is its number."""
    nothing = np.zeros((4, 4), np.uint8)
    return Sample(nothing, nothing.astype(np.uint16), Truth((), (), (), float(number), 1.0))


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_each_page_is_written_under_its_number(tmp_path: Path) -> None:
    paths = list(write_samples(tmp_path / "new" / "pages", [0, 3], draw_blank, workers=1))
    assert [path.name for path in paths] == ["000000.json", "000003.json"]
    assert [load_sample(path).truth.space for path in paths] == [0.0, 3.0]


def test_only_missing_pages_are_made(tmp_path: Path) -> None:
    list(write_samples(tmp_path, find_missing(tmp_path, 4), draw_blank, workers=1))
    (tmp_path / "000002.json").unlink()
    assert find_missing(tmp_path, 5) == [2, 4]
    before = read_all(tmp_path)
    list(write_samples(tmp_path, [2, 4], draw_blank, workers=1))
    assert find_missing(tmp_path, 5) == []
    assert before.items() <= read_all(tmp_path).items()


def test_a_run_that_breaks_keeps_what_it_has(tmp_path: Path) -> None:
    pages = write_samples(tmp_path, range(9), draw_blank, workers=1)
    next(pages)
    next(pages)
    pages.close()
    assert find_missing(tmp_path, 4) == [2, 3]


@pytest.mark.parametrize("aged", [False, True])
def test_the_same_seed_gives_the_same_files_however_many_work_on_them(
    music_folder: Path, tmp_path: Path, aged: bool
) -> None:
    factory = Factory((music_folder,), seed=5, aged=aged, space=8.0)
    alone = list(write_samples(tmp_path / "alone", range(2), factory, workers=1))
    together = list(write_samples(tmp_path / "together", range(2), factory, workers=2))
    assert len(alone) == len(together) == 2
    assert read_all(tmp_path / "alone") == read_all(tmp_path / "together")
    other = Factory((music_folder,), seed=6, aged=aged, space=8.0)
    list(write_samples(tmp_path / "other", range(2), other, workers=1))
    assert read_all(tmp_path / "other").keys() == read_all(tmp_path / "alone").keys()
    assert all(
        data != read_all(tmp_path / "alone")[name] for name, data in read_all(tmp_path / "other").items()
    )


def test_what_goes_wrong_in_a_worker_is_said(music_folder: Path, tmp_path: Path) -> None:
    (music_folder / "little.musicxml").write_text("no music")
    with pytest.raises(LeggioError, match="name another folder"):
        list(write_samples(tmp_path / "out", range(3), Factory((music_folder,)), workers=2))


def test_ctrl_c_leaves_whole_pages_and_no_traceback(music_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable, "-m", "leggio.cli", "synth", "music",
        "--pages", "400", "--out", str(out), "--music", str(music_folder),
    ]  # fmt: skip
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(out.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    press_ctrl_c(run)
    _, complaints = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in complaints
    written = {path.name for path in out.iterdir()}
    assert 0 < len(list(out.glob("*.json"))) < 400
    assert not [name for name in written if "part" in name]
    assert written == {
        f"{path.stem}{suffix}"
        for path in out.glob("*.json")
        for suffix in (".json", ".png", ".mask.png", ".npz")
    }


def press_ctrl_c(run: subprocess.Popen[str]) -> None:
    """Ctrl-C, as a terminal sends it: to the process and to all that it started."""

    os.killpg(run.pid, signal.SIGINT)
