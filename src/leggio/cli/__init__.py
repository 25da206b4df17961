"""The command `leggio`: arguments in, one call of the library, files and a few lines out.

Written files are named on stdout, one a line; progress and complaints go to stderr. Exit codes: 0 every page was read,
1 some were not (they are named), 2 wrong use, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

from typing import Annotated

import typer

from leggio import __version__
from leggio.cli.evaluate import eval_app
from leggio.cli.memory import give_back_memory
from leggio.cli.music import read_music
from leggio.cli.news import read_news
from leggio.cli.synth import synth_app
from leggio.cli.watch import search_archive, watch_folder

app = typer.Typer(
    name="leggio",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
app.command(name="music")(read_music)
app.command(name="news")(read_news)
app.command(name="watch")(watch_folder)
app.command(name="search")(search_archive)
app.add_typer(eval_app, name="eval")
app.add_typer(synth_app, name="synth")


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
    """Read printed media: sheet music to MusicXML, newspapers to articles; watch what newspapers print."""


def main() -> None:
    give_back_memory()
    app()
