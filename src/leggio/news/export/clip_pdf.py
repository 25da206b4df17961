"""Write a clip as PDF, set by Typst. In: a `Clip`. Out: bytes of an A4 document with text that can be searched.

Typst gets the clip's words as data, never as markup, and only its own fonts, so that the result is the same everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from leggio.errors import MissingExtra
from leggio.markup import clean_text
from leggio.news.export.clip_html import DOUBTFUL, MACHINE_READ
from leggio.news.export.clips import Clip, Excerpt, Run, mark_runs
from leggio.news.export.cutting import Picture
from leggio.news.export.sheets import encode_picture
from leggio.record import Json


def write_clip_pdf(clip: Clip, language: str = "") -> bytes:
    """The clip as PDF; `language` is that of the text, such as `de`, for its hyphens.

    Raises MissingExtra where Typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtra("Clips as PDF need Typst: pip install 'leggio[news]', or take HTML.") from error
    with TemporaryDirectory() as name:
        folder = Path(name)
        data = _describe(clip, language, folder)
        (folder / "clip.json").write_text(json.dumps(data), "utf-8")
        main = folder / "clip.typ"
        main.write_bytes(files("leggio.news.export").joinpath("clip.typ").read_bytes())
        return bytes(typst.compile(main, root=folder, ignore_system_fonts=True))


def _describe(clip: Clip, language: str, folder: Path) -> dict[str, Json]:
    """What the template sets; pictures go into files of `folder`."""
    return {
        "newspaper": clean_text(clip.newspaper),
        "date": clean_text(clip.date),
        "source": clean_text(clip.source),
        "kind": clip.kind.capitalize(),
        "language": _name_language(language),
        "title": _set_runs(mark_runs(clip.title, clip.words)),
        "name": clean_text(clip.title or clip.source),
        "words": [clean_text(word) for word in clip.words],
        "excerpts": [_describe_excerpt(excerpt, folder) for excerpt in clip.excerpts],
        "paragraphs": [{"kind": p.kind.value, "runs": _set_runs(p.runs)} for p in clip.paragraphs],
        "note": f"{MACHINE_READ} {DOUBTFUL}" if clip.doubtful else MACHINE_READ,
    }


def _describe_excerpt(excerpt: Excerpt, folder: Path) -> dict[str, Json]:
    return {
        "page": excerpt.page,
        "thumbnail": _save(excerpt.thumbnail, folder),
        "sheets": [
            {
                "height": sheet.height,
                "pieces": [
                    {
                        "file": _save(piece.picture, folder),
                        "x": piece.x,
                        "y": piece.y,
                        "width": piece.width,
                        "height": piece.height,
                    }
                    for piece in sheet.pieces
                ],
            }
            for sheet in excerpt.sheets
        ],
    }


def _name_language(tag: str) -> str:
    """Such as `de` for de-CH: Typst knows languages by two or three letters and has the region elsewhere."""
    name = tag.replace("_", "-").partition("-")[0].lower()
    return name if 2 <= len(name) <= 3 and name.isascii() and name.isalpha() else ""


def _set_runs(runs: Iterable[Run]) -> list[Json]:
    return [{"text": clean_text(run.text), "marked": run.marked} for run in runs]


def _save(picture: Picture, folder: Path) -> str:
    name = f"{len(list(folder.iterdir()))}.jpg"
    (folder / name).write_bytes(encode_picture(picture))
    return name
