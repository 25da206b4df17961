"""`leggio eval`: measure how well pages with known truth are read."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from leggio.cli.output import extra, plain_errors, progress, save, save_picture
from leggio.evaluate.blocks import Blocks

if TYPE_CHECKING:
    from leggio.draw import Picture


class Source(Enum):
    """What the steps of reading start from."""

    DETECTOR = "detector"
    TRUTH = "truth"


eval_app = typer.Typer(help="Measure how well pages with known truth are read.", no_args_is_help=True)


@eval_app.command(name="music")
def eval_music(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folders with page.png and truth.musicxml each.")
    ],
    source: Annotated[
        Source, typer.Option("--from", help="Through the net, or from the true ink of a factory's page.")
    ] = Source.DETECTOR,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")
    ] = None,
) -> None:
    """Read every case and print a row a page and the medians; a page that fails counts as error 1."""
    with plain_errors(), extra("eval"):
        from leggio.evaluate.music import evaluate_folder
        from leggio.evaluate.report import MusicRows

        rows = MusicRows(Console())
        reader = None
        if source is Source.TRUTH:
            from leggio.evaluate.from_truth import truth_reader

            reader = truth_reader()
        report = evaluate_folder(folder, reader=reader, on_row=rows.print_page)
        rows.print_medians(report)
        if json_file is not None:
            save(json_file, report.to_json().encode())


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
    with plain_errors(), extra("synth"):
        from leggio.evaluate.detect_sets import choose_nets, open_set
        from leggio.evaluate.report import print_detection

        chosen = open_set(pages_of, data, pages)
        with progress("looking", len(chosen)) as advance:

            def finish_page(name: str, draw_page: Callable[[], Picture]) -> None:
                if draw is not None:
                    save_picture(draw / f"{name}.png", draw_page())
                advance()

            report = chosen.measure(choose_nets(pages_of, net), finish_page)
        print_detection(Console(), report)
        if json_file is not None:
            save(json_file, report.to_json().encode())


@eval_app.command(name="news")
def eval_news(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Pages with articles as JSON, their scans beside them.")
    ],
    blocks: Annotated[
        Blocks,
        typer.Option(
            help="Start from the true blocks, the same without their kinds, the true lines, or the picture."
        ),
    ] = Blocks.TRUTH,
    net: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="From the picture: measure this net for regions, ours or of 2017."),
    ] = None,
    text: Annotated[
        bool,
        typer.Option(
            "--text/--no-text",
            help="From the picture: read the words first, as the reader does, or go by print alone, which is fast.",
        ),
    ] = True,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")
    ] = None,
) -> None:
    """Find the articles of newspapers whose articles are known; a row a newspaper, and the mean over newspapers."""
    with plain_errors(), extra("eval"):
        from leggio.evaluate.news import (
            find_pages,
            group_true_blocks,
            group_true_lines,
            measure_pages,
            read_pictures,
        )  # fmt: skip
        from leggio.evaluate.report import print_news
        from leggio.news.articles import group
        from leggio.news.read import load_nets
        from leggio.ocr import choose_engine

        if blocks is Blocks.IMAGE:
            reader = read_pictures(net=net, engine=choose_engine(None) if text else None)
        elif blocks is Blocks.LINES:
            nets = load_nets()
            found = nets.found_links or nets.links
            reader = group_true_lines(lambda layout: group(layout, None, found, named=False))
        else:
            links = load_nets().links
            reader = group_true_blocks(lambda layout: group(layout, None, links), blocks)
        cases = find_pages(folder, pictures=blocks is Blocks.IMAGE)
        with progress("finding", len(cases)) as advance:
            report = measure_pages(cases, reader, blocks, on_page=lambda row: advance())
        print_news(Console(), report)
        if json_file is not None:
            save(json_file, report.to_json().encode())
