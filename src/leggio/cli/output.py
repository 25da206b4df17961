"""What all commands share: saying what went wrong, how far it is, and which files were written."""

from __future__ import annotations

import io
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import typer
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from leggio.errors import LeggioError, MissingExtra
from leggio.files import write_whole
from leggio.page import PageFailure

if TYPE_CHECKING:
    from leggio.draw import Picture

SOME_FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130  # what shells call a program that Ctrl-C ended


@contextmanager
def plain_errors(code: int = SOME_FAILED) -> Iterator[None]:
    """What the user can mend ends the command with its sentence; anything else is our fault and shows its traceback."""
    try:
        yield
    except LeggioError as error:
        complain(str(error))
        raise typer.Exit(code) from error


@contextmanager
def at_once() -> Iterator[None]:
    """Ctrl-C ends the program now: Python would wait for the threads in which nets look at pages, a second or two."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """A package that is not installed ends the command with the name of the extra that brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("leggio"):
            raise
        raise MissingExtra(
            f"The package {error.name} is not installed: pip install 'leggio[{name}]'."
        ) from error


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, where that is a terminal; calling what it gives moves it on by one."""
    console = Console(stderr=True)
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    quiet = not console.is_terminal
    together = sys.stdout.isatty()  # else rich would show on the terminal what was sent into a pipe or a file
    with Progress(
        *columns, console=console, transient=True, disable=quiet, redirect_stdout=together
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


class Answer(Protocol):
    """What was read of a file; pages that failed are in it."""

    @property
    def failures(self) -> tuple[PageFailure, ...]: ...


A = TypeVar("A", bound=Answer)


def read_each(
    files: Sequence[Path], out: Path, read: Callable[[Path], A], write: Callable[[A, Path], None]
) -> int:
    """Read each file and write what is wanted of it, as `write_each` does."""
    return write_each(files, out, map(read, files), write)


def write_each(
    files: Sequence[Path], out: Path, answers: Iterable[A], write: Callable[[A, Path], None]
) -> int:
    """Write what is wanted of each file under its name in `out` as soon as its answer comes.

    What fails is said and loses nothing else. The number of failures.
    """
    failed = 0
    for file, name, answer in zip(files, name_outputs(files), answers, strict=True):
        failures = list(answer.failures)
        try:
            write(answer, out / name)
        except LeggioError as error:
            failures.append(PageFailure(str(file), 1, error))
        for failure in failures:
            complain(describe_failure(failure))
        failed += len(failures)
    return failed


def complain(sentence: str) -> None:
    """Say a sentence on stderr."""
    print(f"leggio: {sentence}", file=sys.stderr)


def name_outputs(files: Sequence[Path]) -> list[str]:
    """What the outputs of each file are called: its stem, numbered where another file has taken that name."""
    taken: set[str] = set()
    names = []
    for file in files:
        name = next(name for name in _names(file.stem) if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _names(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{count}" for count in itertools.count(2))


def describe_failure(failure: PageFailure) -> str:
    """The error's sentence, with the page's name where the sentence does not say it."""
    sentence = str(failure.error)
    return (
        sentence if failure.source in sentence else f"page {failure.number} of {failure.source}: {sentence}"
    )


def save_picture(path: Path, picture: Picture) -> None:
    """Write a picture as PNG. Raises LeggioError."""
    coded = io.BytesIO()
    Image.fromarray(picture).save(coded, "PNG")
    save(path, coded.getvalue())


def save(path: Path, data: bytes) -> None:
    """Write a file whole, its folder too where there is none, and name it on stdout. Raises LeggioError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LeggioError(
            f"{path} cannot be written ({reason}): make room there or choose another place."
        ) from error
    print(path)
