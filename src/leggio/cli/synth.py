"""`leggio synth`: make pages with known truth."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from leggio.cli.news_synth import synth_news
from leggio.cli.output import complain, extra, plain_errors, progress
from leggio.record import Json
from leggio.synth.export import ExportFormat

synth_app = typer.Typer(help="Make pages with known truth.", no_args_is_help=True)
synth_app.command(name="news")(synth_news)


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
    with plain_errors(), extra("synth"):
        from leggio.synth.factory import Factory
        from leggio.synth.folder import find_missing, write_manifest, write_samples
        from leggio.synth.music import find_corpus

        if not music:
            music = [find_corpus()]
            complain(
                "the pieces of music21's corpus have licences of their own: do not ship what learned from them."
            )
        factory = Factory(tuple(music), seed, aged, composed=composed, musescore=musescore, strewn=strewn)
        missing = find_missing(out, pages)
        with progress("engraving", pages) as advance:
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
    with plain_errors():
        from leggio.synth.folder import find_missing, write_manifest, write_samples
        from leggio.synth.handwriting import Handwriting, Split

        pages = Handwriting(source, Split.TEST if test else Split.TRAIN)
        missing = find_missing(out, len(pages))
        written = write_samples(out, missing, pages, workers=workers)
        with progress("painting", len(missing)) as advance, closing(written):
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
    with plain_errors(), extra("synth"):
        from leggio.synth.export.folder import export_samples
        from leggio.synth.sample import find_samples

        samples = find_samples(folder)
        with progress("exporting", len(samples)) as advance:
            for path in export_samples(samples, out, kind):
                if path is None or path.parent != out:  # a page, not a file about all of them
                    advance()
                if path is not None:
                    print(path)
