"""`leggio music`: sheet music to scores."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leggio import __version__
from leggio.cli.output import (
    SOME_FAILED,
    WRONG_USE,
    at_once,
    plain_errors,
    progress,
    save,
    save_picture,
    write_each,
)
from leggio.page import Page, count_pages, find_inputs
from leggio.record import Json, to_json

if TYPE_CHECKING:  # the commands import what they need themselves, so that `leggio --help` answers at once
    from leggio.music.read import FileReading, Reading
    from leggio.music.score import Score


class Format(Enum):
    """What a score can be written as; the value is the word on the command line."""

    MUSICXML = "musicxml"
    MXL = "mxl"
    MEI = "mei"
    MIDI = "midi"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be written of each file."""

    formats: tuple[Format, ...]
    draw: bool
    as_json: bool
    doubts: bool


def read_music(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Pictures, PDFs, or folders of them.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    formats: Annotated[
        list[Format], typer.Option("--format", help="What to write; may be given several times.")
    ] = [Format.MUSICXML],  # noqa: B006 (typer wants a list)
    draw: Annotated[bool, typer.Option("--draw", help="Write the pages with what was seen on them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write whole readings, with confidences.")] = False,
    doubts: Annotated[
        bool, typer.Option("--doubts", help="Write which bars to look at first, and why.")
    ] = False,
    hand: Annotated[
        bool | None,
        typer.Option(
            "--hand/--print", help="Take the pages for handwriting or for print; else each page decides."
        ),
    ] = None,
) -> None:
    """Read pages of sheet music. Each file becomes one score, named after it; its pages are joined."""
    with plain_errors(WRONG_USE):
        files = find_inputs(inputs)
    with at_once(), plain_errors(), progress("reading", sum(map(count_pages, files))) as advance:
        wanted = _Wanted(tuple(dict.fromkeys(formats)), draw, as_json, doubts)
        failed = read_all(files, out, wanted, advance, hand)
    if failed:
        raise typer.Exit(SOME_FAILED)


def read_all(
    files: Sequence[Path], out: Path, wanted: _Wanted, advance: Callable[[], None], hand: bool | None = None
) -> int:
    """Read each file and write what is wanted of it as soon as it is read. The number of failures."""
    from leggio.music.read import Writing, load_nets, read_files

    nets = load_nets(writing=None if hand is None else Writing.HAND if hand else Writing.PRINT)
    with closing(read_files(files, nets, on_page=lambda _: advance())) as readings:
        return write_each(
            files, out, readings, lambda reading, target: _write_reading(reading, target, wanted)
        )


def describe_reading(reading: FileReading) -> Json:
    """All answers about one file, page by page, as JSON; of the pages themselves only name and size."""
    return {
        "leggio": __version__,
        "pages": [_describe_page(page) for page in reading.readings],
        "failures": [{"page": failure.number, "error": str(failure.error)} for failure in reading.failures],
        "score": to_json(reading.score),
    }


def _describe_page(reading: Reading) -> Json:
    values = {field.name: getattr(reading, field.name) for field in dataclasses.fields(reading)}
    return {
        name: to_json(value.label if isinstance(value, Page) else value) for name, value in values.items()
    }


def _write_reading(reading: FileReading, target: Path, wanted: _Wanted) -> None:
    """Write what was asked for as TARGET.musicxml and so on. Raises LeggioError."""
    if reading.score is not None:
        for kind in wanted.formats:
            suffix, data = _encode_score(reading.score, kind)
            save(target.with_name(target.name + suffix), data)
    if wanted.draw:
        _write_drawings(reading, target)
    if wanted.doubts:
        save(target.with_name(f"{target.name}.doubts.txt"), _list_doubts(reading).encode())
    if wanted.as_json:
        save(target.with_name(f"{target.name}.json"), json.dumps(describe_reading(reading)).encode())


def _list_doubts(reading: FileReading) -> str:
    """A line for each doubt, page after page, the most doubtful bar first."""
    from leggio.music.doubts import describe_doubt

    return "".join(
        f"page {page.page.number}, {describe_doubt(doubt, page.score)}\n"
        for page in reading.readings
        for doubt in page.doubts
    )


def _encode_score(score: Score, kind: Format) -> tuple[str, bytes]:
    """The suffix and the bytes of a score in one format."""
    from leggio.music.musicxml import write_mei, write_midi, write_musicxml, write_mxl

    match kind:
        case Format.MUSICXML:
            return ".musicxml", write_musicxml(score)
        case Format.MXL:
            return ".mxl", write_mxl(score)
        case Format.MEI:
            return ".mei", write_mei(score)
        case Format.MIDI:
            return ".mid", write_midi(score)


def _write_drawings(reading: FileReading, target: Path) -> None:
    """TARGET.drawn.png, or TARGET.drawn-1.png and so on for a file of several pages."""
    from leggio.draw import draw_reading

    several = len(reading.readings) + len(reading.failures) > 1
    for page in reading.readings:
        number = f"-{page.page.number}" if several else ""
        save_picture(target.with_name(f"{target.name}.drawn{number}.png"), draw_reading(page))
