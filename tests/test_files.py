"""A file is written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leggio.files import sweep_parts, write_whole

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from leggio.files import write_whole
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]), b"new")
"""


def killed_while_writing(path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(path)], check=False)
    assert run.returncode < 0


def test_the_bytes_are_under_the_name_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.bin", b"\0new")
    assert (tmp_path / "a.bin").read_bytes() == b"\0new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"a long old text")
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill without warning")
def test_a_kill_in_the_middle_leaves_no_file_under_the_name(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "a.musicxml")
    assert not list(tmp_path.glob("*.musicxml"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill without warning")
def test_a_kill_in_the_middle_keeps_what_was_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.musicxml", b"old")
    killed_while_writing(tmp_path / "a.musicxml")
    assert (tmp_path / "a.musicxml").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill without warning")
def test_what_a_kill_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "feed.xml")
    killed_while_writing(tmp_path / "other.xml")
    write_whole(tmp_path / "feed.xml", b"whole")
    sweep_parts(tmp_path / "feed.xml")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[1:] == ["feed.xml"]
    assert names[0].startswith(".other.xml.")


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a", b"new")
    assert not list(tmp_path.iterdir())
