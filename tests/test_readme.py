"""What the documents promise is there: commands, options, make targets, files, and the Python that they show."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from leggio.cli import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")
TEXT = "\n".join((ROOT / name).read_text() for name in DOCUMENTS)


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def shell_commands() -> Iterator[list[str]]:
    for block in code_blocks("sh"):
        for line in block.splitlines():
            yield shlex.split(line, comments=True)
    for block in code_blocks("console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield shlex.split(line.removeprefix("$ "))


COMMANDS = [words for words in shell_commands() if words]


def options_of(words: list[str], command: Any) -> set[str]:
    """The options of the command that `words` call; fails where there is no such command."""
    while hasattr(command, "commands"):
        assert words[0] in command.commands
        words, command = words[1:], command.commands[words[0]]
    return options_in([option for parameter in command.params for option in parameter.opts])


def options_in(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("-")}


def commands_of(program: str) -> list[list[str]]:
    found = [words[1:] for words in COMMANDS if words[0] == program]
    assert found, f"the documents show no {program}"
    return found


@pytest.mark.parametrize("words", commands_of("leggio"), ids=" ".join)
def test_each_leggio_command_that_is_shown_exists(words: list[str]) -> None:
    assert options_in(words) <= options_of(words, get_command(app))


@pytest.mark.train
@pytest.mark.parametrize("words", commands_of("leggio-train"), ids=" ".join)
def test_each_leggio_train_command_that_is_shown_exists(words: list[str]) -> None:
    from leggio.train.cli import app as train_app

    assert options_in(words) <= options_of(words, get_command(train_app))


def test_each_option_of_leggio_music_is_explained() -> None:
    explained = set(re.findall(r"--[a-z]+", TEXT))
    assert options_of(["music"], get_command(app)) - {"-o", "--out"} <= explained


def test_each_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\s)make ([a-z-]+)(?:`|$|\s)", "\n".join(code_blocks("sh")), re.MULTILINE))
    named |= set(re.findall(r"`make (?:[A-Z]\S+ )?([a-z-]+)`", TEXT))
    assert {"music", "test", "test-train", "check"} <= named
    assert named <= targets


def test_each_extra_that_is_named_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = set(re.findall(r"pip install '[a-z.]+\[([a-z]+)\]'", TEXT))
    assert named
    assert named <= project["optional-dependencies"].keys()


def test_each_file_that_is_linked_exists() -> None:
    linked = {link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link}
    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("code", code_blocks("python"))
def test_the_python_that_is_shown_runs(
    code: str, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").mkdir()
    shutil.copy(example, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert (tmp_path / "forelle.musicxml").exists()


def test_ci_runs_the_make_targets() -> None:
    assert "check test test-train" in (ROOT / ".ci" / "run").read_text()
