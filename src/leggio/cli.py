"""The command `leggio`: arguments in, one call of the library, files and a few lines out.

Written files are named on stdout, one a line; progress and complaints go to stderr. Exit codes: 0 every page was read,
1 some were not (they are named), 2 wrong use, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from leggio import __version__
from leggio.errors import LeggioError, MissingExtra
from leggio.files import write_whole
from leggio.page import Page, PageFailure, count_pages, find_inputs
from leggio.record import Json, to_json
from leggio.synth.export import ExportFormat

if TYPE_CHECKING:  # the commands import what they need themselves, so that `leggio --help` answers at once
    from leggio.draw import Picture
    from leggio.music.read import FileReading, Reading
    from leggio.music.score import Score

SOME_FAILED = 1
WRONG_USE = 2

app = typer.Typer(
    name="leggio",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
eval_app = typer.Typer(help="Measure how well pages with known truth are read.", no_args_is_help=True)
synth_app = typer.Typer(help="Make pages with known truth.", no_args_is_help=True)
app.add_typer(eval_app, name="eval")
app.add_typer(synth_app, name="synth")


class Format(Enum):
    """What a score can be written as; the value is the word on the command line."""

    MUSICXML = "musicxml"
    MXL = "mxl"
    MEI = "mei"
    MIDI = "midi"


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"leggio {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop."),
    ] = False,
) -> None:
    """Read printed sheet music: scans, photos and PDFs to MusicXML."""


@app.command()
def music(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Pictures, PDFs, or folders of them.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    formats: Annotated[
        list[Format], typer.Option("--format", help="What to write; may be given several times.")
    ] = [Format.MUSICXML],  # noqa: B006 (typer wants a list)
    draw: Annotated[bool, typer.Option("--draw", help="Write the pages with what was seen on them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write whole readings, with confidences.")] = False,
    hand: Annotated[
        bool | None,
        typer.Option(
            "--hand/--print", help="Take the pages for handwriting or for print; else each page decides."
        ),
    ] = None,
) -> None:
    """Read pages of sheet music. Each file becomes one score, named after it; its pages are joined."""
    with _plain_errors(WRONG_USE):
        files = find_inputs(inputs)
    with _plain_errors(), _progress("reading", sum(map(count_pages, files))) as advance:
        failed = read_all(files, out, formats, draw, as_json, advance, hand)
    if failed:
        raise typer.Exit(SOME_FAILED)


@eval_app.command(name="music")
def eval_music(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folders with page.png and truth.musicxml each.")
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")
    ] = None,
) -> None:
    """Read every case and print a row a page and the medians; a page that fails counts as error 1."""
    with _plain_errors(), _extra("eval"):
        from leggio.evaluate.music import evaluate_folder
        from leggio.evaluate.report import MusicRows

        rows = MusicRows(Console())
        report = evaluate_folder(folder, on_row=rows.print_page)
        rows.print_medians(report)
        if json_file is not None:
            _save(json_file, report.to_json().encode())


@eval_app.command(name="detect")
def eval_detect(
    pages_of: Annotated[
        str,
        typer.Argument(metavar="SET", help="lilypond, aged, muscima, scans, or a folder of samples."),
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")
    ] = None,
    pages: Annotated[
        int | None, typer.Option(min=1, help="At most so many pages; 24 if LilyPond makes them.")
    ] = None,
    data: Annotated[
        Path, typer.Option(help="The folder with openscore/, muscima-pp/ and scans-dev/.", file_okay=False)
    ] = Path("../shared/data"),
    net: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Measure this net and not a shipped one.")
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the pages here with all hits, false and missed.")
    ] = None,
) -> None:
    """Find symbols and strokes on pages that hold known ones, and print how many are right."""
    with _plain_errors(), _extra("synth"):
        from leggio.evaluate.detect_sets import choose_nets, open_set
        from leggio.evaluate.report import print_detection

        chosen = open_set(pages_of, data, pages)
        with _progress("looking", len(chosen)) as advance:

            def finish_page(name: str, draw_page: Callable[[], Picture]) -> None:
                if draw is not None:
                    _save_picture(draw / f"{name}.png", draw_page())
                advance()

            report = chosen.measure(choose_nets(pages_of, net), finish_page)
        print_detection(Console(), report)
        if json_file is not None:
            _save(json_file, report.to_json().encode())


@synth_app.command(name="music")
def synth_music(
    pages: Annotated[int, typer.Option(min=1, help="How many pages to make.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    music: Annotated[
        list[Path] | None,
        typer.Option(
            help="A folder of MusicXML; may be given several times. If not given, the corpus of music21.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pages.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="How many processes work at once.")] = 2,
    aged: Annotated[
        bool,
        typer.Option("--aged/--clean", help="Crooked and scanned, or as engraved; training ages by itself."),
    ] = False,
    composed: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pages with made-up music, dense and rare.")
    ] = 0.0,
    musescore: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pages that MuseScore 3 engraves instead of Verovio.")
    ] = 0.0,
    strewn: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pages with loose rare signs in their margins.")
    ] = 0.8,
) -> None:
    """Engrave pages of sheet music with the truth of every symbol; a broken run goes on where it stopped.

    Each page becomes NAME.png, NAME.mask.png (what each pixel is) and NAME.json (all symbols, strokes and staves).
    """
    with _plain_errors(), _extra("synth"):
        from leggio.synth.factory import Factory
        from leggio.synth.folder import find_missing, write_manifest, write_samples
        from leggio.synth.music import find_corpus

        if not music:
            music = [find_corpus()]
            _complain(
                "the pieces of music21's corpus have licences of their own: do not ship what learned from them."
            )
        factory = Factory(tuple(music), seed, aged, composed=composed, musescore=musescore, strewn=strewn)
        missing = find_missing(out, pages)
        with _progress("engraving", pages) as advance:
            for _ in range(pages - len(missing)):
                advance()
            with closing(write_samples(out, missing, factory, workers=workers)) as written:
                for path in written:
                    advance()
                    print(path)
        settings: dict[str, Json] = {
            "seed": seed, "music": [str(folder) for folder in music], "composed": composed, "musescore": musescore,
            "strewn": strewn, "aged": aged,
        }  # fmt: skip
        print(write_manifest(out, settings))


@synth_app.command(name="hand")
def synth_hand(
    source: Annotated[
        Path,
        typer.Argument(metavar="MUSCIMA", help="MUSCIMA++ 2.0: its archive, or the folder that holds v2.0."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    test: Annotated[
        bool, typer.Option("--test/--train", help="The official test pages, or those by all other writers.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="How many processes work at once.")] = 2,
) -> None:
    """Paint the handwritten pages of MUSCIMA++ from their masks, as `leggio synth music` writes printed ones.

    What learns from them inherits their licence, CC BY-NC-SA 4.0.
    """
    with _plain_errors():
        from leggio.synth.folder import find_missing, write_manifest, write_samples
        from leggio.synth.handwriting import Handwriting, Split

        pages = Handwriting(source, Split.TEST if test else Split.TRAIN)
        missing = find_missing(out, len(pages))
        written = write_samples(out, missing, pages, workers=workers)
        with _progress("painting", len(missing)) as advance, closing(written):
            for path in written:
                advance()
                print(path)
        print(write_manifest(out, {"source": str(source), "test": test}))


@synth_app.command(name="export")
def synth_export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Samples of `leggio synth music`.", exists=True, file_okay=False
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    kind: Annotated[
        ExportFormat, typer.Option("--format", help="COCO and DeepScoresV2, MuNG, or pictures of classes.")
    ],
) -> None:
    """Turn pages with known truth into another format; a broken run goes on where it stopped."""
    with _plain_errors(), _extra("synth"):
        from leggio.synth.export.folder import export_samples
        from leggio.synth.sample import find_samples

        samples = find_samples(folder)
        with _progress("exporting", len(samples)) as advance:
            for path in export_samples(samples, out, kind):
                if path is None or path.parent != out:  # a page, not a file about all of them
                    advance()
                if path is not None:
                    print(path)


def main() -> None:
    app()


def read_all(
    files: Sequence[Path],
    out: Path,
    formats: Sequence[Format],
    draw: bool,
    as_json: bool,
    advance: Callable[[], None],
    hand: bool | None = None,
) -> int:
    """Read each file and write its score, drawings and JSON as soon as it is read. The number of failures."""
    from leggio.music.read import Writing, load_nets, read_file

    nets = load_nets(writing=None if hand is None else Writing.HAND if hand else Writing.PRINT)
    failed = 0
    for file, name in zip(files, name_outputs(files), strict=True):
        reading = read_file(file, nets, on_page=lambda *_: advance())
        failures = list(reading.failures)
        try:
            _write_reading(reading, out / name, formats, draw, as_json)
        except LeggioError as error:
            failures.append(PageFailure(str(file), 1, error))
        for failure in failures:
            _complain(describe_failure(failure))
        failed += len(failures)
    return failed


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


def _write_reading(
    reading: FileReading, target: Path, formats: Sequence[Format], draw: bool, as_json: bool
) -> None:
    """Write what was asked for as TARGET.musicxml and so on. Raises LeggioError."""
    if reading.score is not None:
        for kind in dict.fromkeys(formats):
            suffix, data = _encode_score(reading.score, kind)
            _save(target.with_name(target.name + suffix), data)
    if draw:
        _write_drawings(reading, target)
    if as_json:
        _save(target.with_name(f"{target.name}.json"), json.dumps(describe_reading(reading)).encode())


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
        _save_picture(target.with_name(f"{target.name}.drawn{number}.png"), draw_reading(page))


def _save_picture(path: Path, picture: Picture) -> None:
    coded = io.BytesIO()
    Image.fromarray(picture).save(coded, "PNG")
    _save(path, coded.getvalue())


def _save(path: Path, data: bytes) -> None:
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


def _complain(sentence: str) -> None:
    print(f"leggio: {sentence}", file=sys.stderr)


@contextmanager
def _plain_errors(code: int = SOME_FAILED) -> Iterator[None]:
    """What the user can mend ends the command with its sentence; anything else is our fault and shows its traceback."""
    try:
        yield
    except LeggioError as error:
        _complain(str(error))
        raise typer.Exit(code) from error


@contextmanager
def _extra(name: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("leggio"):
            raise
        raise MissingExtra(
            f"The package {error.name} is not installed: pip install 'leggio[{name}]'."
        ) from error


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
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


if __name__ == "__main__":
    main()
