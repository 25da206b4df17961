"""What all commands share: files written as they are read, and an end at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from leggio.cli.output import INTERRUPTED, at_once, write_each
from leggio.errors import LeggioError
from leggio.page import PageFailure


@dataclass(frozen=True)
class _Answer:
    text: str
    failures: tuple[PageFailure, ...] = ()


def test_each_answer_is_written_before_the_next_one_is_asked_for() -> None:
    done: list[str] = []

    def answers() -> Iterator[_Answer]:
        for name in "ab":
            done.append(f"read {name}")
            yield _Answer(name)

    files = [Path("a.png"), Path("b.png")]
    failed = write_each(
        files, Path("out"), answers(), lambda answer, to: done.append(f"write {answer.text} {to}")
    )
    assert done == ["read a", "write a out/a", "read b", "write b out/b"]
    assert failed == 0


def test_what_fails_is_counted_and_loses_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    written: list[str] = []

    def write(answer: _Answer, _: Path) -> None:
        if answer.text == "full":
            raise LeggioError("The disk is full: make room.")
        written.append(answer.text)

    broken = PageFailure("a.png", 2, LeggioError("Page 2 of a.png is damaged."))
    answers = [_Answer("a", (broken,)), _Answer("full"), _Answer("c")]
    assert write_each([Path(f"{name}.png") for name in "abc"], Path("out"), answers, write) == 2
    assert written == ["a", "c"]
    said = capsys.readouterr().err
    assert "Page 2 of a.png is damaged." in said
    assert "The disk is full: make room." in said


def test_ctrl_c_does_not_wait_for_threads() -> None:
    program = (
        "import threading, time\n"
        "from leggio.cli.output import at_once\n"
        "threading.Thread(target=time.sleep, args=[600]).start()\n"
        "print('half a line', end='')\n"
        "with at_once():\n"
        "    raise KeyboardInterrupt\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (INTERRUPTED, "half a line", "")


def test_other_errors_go_on_as_they_are() -> None:
    with pytest.raises(ValueError, match="ours"), at_once():
        raise ValueError("ours")
