"""`leggio synth news`: make newspaper pages with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leggio.cli.output import extra, plain_errors, progress


def synth_news(
    pages: Annotated[int, typer.Option(min=1, help="How many pages to make.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.", file_okay=False)],
    typeset: Annotated[
        bool,
        typer.Option("--typeset/--boxes", help="Real type and words, or boxes alone, which is much faster."),
    ] = False,
    aged: Annotated[
        bool, typer.Option("--aged/--clean", help="Typeset pages crooked and scanned, or as printed.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pages.")] = 0,
) -> None:
    """Make newspaper pages with the truth of every article; a broken run goes on where it stopped.

    Each page becomes NAME.png and NAME.json (its blocks, lines, rules and articles).
    """
    with plain_errors(), extra("synth"):
        from leggio.synth.folder import find_missing
        from leggio.synth.news_folder import NewsFactory, write_news, write_news_manifest

        factory = NewsFactory(seed, typeset, aged)
        missing = find_missing(out, pages)
        with progress("printing", len(missing)) as advance:
            for path in write_news(out, missing, factory):
                advance()
                print(path)
        print(write_news_manifest(out, {"seed": seed, "typeset": typeset, "aged": aged}))
