"""What the commands for newspapers share: which engine reads words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leggio.ocr import Engine

EngineName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Read words with tesseract or rapidocr; else with what is installed."),
]
Languages = Annotated[
    str, typer.Option(help="Tesseract's languages, such as deu+frk; else the usual ones it has.")
]


def load_engine(name: str | None, languages: str) -> Engine:
    """The engine that was asked for, with languages as Tesseract writes them. Raises LeggioError."""
    from leggio.ocr import choose_engine  # only now, so that `leggio --help` answers at once

    return choose_engine(name, tuple(language for language in languages.split("+") if language))
