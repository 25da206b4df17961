"""`leggio news`: newspaper pages to articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leggio.cli.engine import EngineName, Languages, load_engine
from leggio.cli.output import (
    SOME_FAILED,
    WRONG_USE,
    extra,
    plain_errors,
    progress,
    read_each,
    save,
    save_picture,
)
from leggio.page import Grey, count_pages, find_inputs

if TYPE_CHECKING:  # the commands import what they need themselves, so that `leggio --help` answers at once
    from leggio.news.export.issue import Issue, ReadPage
    from leggio.news.read import FileReading, Reading
    from leggio.ocr import Engine


class Format(Enum):
    """What pages and their articles can be written as; the value is the word on the command line."""

    ALTO = "alto"
    PAGE = "page"
    MARKDOWN = "markdown"
    CLIPS = "clips"
    CLIPS_PDF = "clips-pdf"
    METS = "mets"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be written of each file."""

    formats: tuple[Format, ...]
    draw: bool
    as_json: bool
    engine: str


def read_news(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT...", help="Pictures, PDFs, folders of them; or ALTO, PAGE-XML, hOCR."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    formats: Annotated[
        list[Format], typer.Option("--format", help="What to write; may be given several times.")
    ] = [Format.ALTO],  # noqa: B006 (typer wants a list)
    draw: Annotated[
        bool,
        typer.Option("--draw", help="Write the pages with their articles on them, and what the net saw."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write all that was read, with confidences.")
    ] = False,
    engine: EngineName = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Read words, or find articles by print alone.")
    ] = True,
    languages: Languages = "",
    ocr: Annotated[
        Path | None,
        typer.Option(
            help="ALTO, PAGE-XML or hOCR of the pages, or a folder with it, named as they are.", exists=True
        ),
    ] = None,
) -> None:
    """Read pages of newspapers: text, and which blocks make an article. Each file is one issue, named after it."""
    with plain_errors(WRONG_USE), extra("news"):
        files = find_inputs(inputs)
        chosen = load_engine(engine, languages) if text and ocr is None else None
    wanted = _Wanted(tuple(dict.fromkeys(formats)), draw, as_json, chosen.name if chosen else "")
    with plain_errors(), extra("news"), progress("reading", sum(map(count_pages, files))) as advance:
        failed = read_all(files, out, wanted, chosen, ocr, advance)
    if failed:
        raise typer.Exit(SOME_FAILED)


def read_all(
    files: Sequence[Path],
    out: Path,
    wanted: _Wanted,
    engine: Engine | None,
    ocr: Path | None,
    advance: Callable[[], None],
) -> int:
    """Read each file and write what is wanted of it as soon as it is read. The number of failures."""
    from leggio.news.read import load_nets, read_file

    nets = load_nets()
    return read_each(
        files,
        out,
        lambda file: read_file(file, nets, engine, lambda _: advance(), ocr),
        lambda reading, target: _write_reading(reading, target, wanted),
    )


def _write_reading(reading: FileReading, target: Path, wanted: _Wanted) -> None:
    """Write what is wanted as TARGET.alto.xml and so on. Raises LeggioError."""
    if not reading.readings:
        return
    issue = _make_issue(reading, target.name)
    several = len(reading.readings) + len(reading.failures) > 1
    names = [target.name + (f"-{page.page.number}" if several else "") for page in reading.readings]
    places = [target.with_name(name) for name in names]
    written: set[Path] = set()
    for kind in wanted.formats:
        for path, data in _encode(kind, issue, reading.readings, target, places, wanted.engine):
            if path not in written:  # METS brings its ALTO along
                save(path, data)
            written.add(path)
    if wanted.draw:
        _write_drawings(reading.readings, places)
    if wanted.as_json:
        from leggio.news.export.json_out import write_json

        save(target.with_name(f"{target.name}.json"), write_json(issue))


def _make_issue(reading: FileReading, title: str) -> Issue:
    from leggio.news.export.issue import Issue, ReadPage

    pages = tuple(ReadPage(page.page.label, page.layout, page.articles) for page in reading.readings)
    return Issue(title, "", pages, reading.continuations)


def _encode(
    kind: Format,
    issue: Issue,
    readings: Sequence[Reading],
    target: Path,
    places: Sequence[Path],
    engine: str,
) -> Iterator[tuple[Path, bytes]]:
    """The files of one format: where each goes, and what is in it."""
    match kind:
        case Format.ALTO:
            yield from _encode_alto(issue.pages, places, engine)
        case Format.PAGE:
            from leggio.news.export.page_xml import write_page_xml

            for page, place in zip(issue.pages, places, strict=True):
                yield place.with_name(f"{place.name}.page.xml"), write_page_xml(page)
        case Format.MARKDOWN:
            from leggio.news.export.markdown import write_markdown

            folder = f"{target.name}.pictures"
            written = write_markdown(issue, _number_images(readings), folder)
            yield target.with_name(f"{target.name}.md"), written.text.encode()
            for picture in written.pictures:
                yield target.with_name(folder) / picture.name, picture.data
        case Format.CLIPS | Format.CLIPS_PDF:
            yield from _encode_clips(issue, readings, target, kind is Format.CLIPS_PDF)
        case Format.METS:
            yield from _encode_mets(issue, readings, target, places, engine)


def _encode_alto(
    pages: Sequence[ReadPage], places: Sequence[Path], engine: str
) -> Iterator[tuple[Path, bytes]]:
    from leggio.news.export.alto import write_alto

    for page, place in zip(pages, places, strict=True):
        yield place.with_name(f"{place.name}.alto.xml"), write_alto(page, engine)


def _encode_clips(
    issue: Issue, readings: Sequence[Reading], target: Path, pdf: bool
) -> Iterator[tuple[Path, bytes]]:
    from leggio.news.export.clip_html import write_clip_html
    from leggio.news.export.clip_pdf import write_clip_pdf
    from leggio.news.export.clips import make_clip
    from leggio.news.export.issue import follow_stories

    images = _number_images(readings)
    folder = target.with_name(f"{target.name}.clips")
    for number, story in enumerate(follow_stories(issue), 1):
        clip = make_clip(issue, story, images)
        if pdf:
            yield folder / f"{number:03}.pdf", write_clip_pdf(clip)
        else:
            yield folder / f"{number:03}.html", write_clip_html(clip)


def _encode_mets(
    issue: Issue, readings: Sequence[Reading], target: Path, places: Sequence[Path], engine: str
) -> Iterator[tuple[Path, bytes]]:
    """METS with the files that it names: the pages as they were read, upright and level, and their ALTO."""
    from leggio.news.export.mets import PageFiles, write_mets
    from leggio.news.export.sheets import encode_picture

    files = [PageFiles(f"{place.name}.jpg", f"{place.name}.alto.xml") for place in places]
    for reading, place in zip(readings, places, strict=True):
        yield place.with_name(f"{place.name}.jpg"), encode_picture(reading.page.image)
    yield from _encode_alto(issue.pages, places, engine)
    yield target.with_name(f"{target.name}.mets.xml"), write_mets(issue, files)


def _number_images(readings: Sequence[Reading]) -> dict[int, Grey]:
    return {number: reading.page.image for number, reading in enumerate(readings, 1)}


def _write_drawings(readings: Sequence[Reading], places: Sequence[Path]) -> None:
    from leggio.draw_news import draw_articles
    from leggio.draw_print import draw_print

    for reading, place in zip(readings, places, strict=True):
        picture = draw_articles(reading.page.image, reading.layout, reading.articles)
        save_picture(place.with_name(f"{place.name}.drawn.png"), picture)
        if reading.seen is not None:
            save_picture(
                place.with_name(f"{place.name}.seen.png"), draw_print(reading.page.image, reading.seen)
            )
