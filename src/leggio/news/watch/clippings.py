"""Clippings as folders. In: a `Clipping`. Out: a folder for each, complete or absent, whose name never changes.

A clipping is OUT/acme-ag/2026-11-25-morgenblatt-p3-a7-1f0c9a2b/: article.json, article.txt and what `write_clip` adds.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from leggio.errors import LeggioError
from leggio.files import write_whole
from leggio.geometry import Box
from leggio.news.watch.printed import Clipping, Source, place_hits
from leggio.news.watch.subjects import name_subject
from leggio.record import Json, to_json

ID_IN_NAME = 8

# Adds files about a clipping to its folder, such as a cut-out; the boxes are those of its hits. It is called again for
# the same clipping where a process was killed in between. Raises LeggioError where the page cannot be had.
WriteClip = Callable[[Clipping, tuple[Box, ...], Path], None]


def describe_clipping(clipping: Clipping) -> dict[str, Json]:
    """All about a clipping that leaves the archive, as JSON: article.json and the body for a webhook."""
    printed, source = clipping.printed, clipping.printed.source
    return {
        "id": clipping.id,
        "subject": clipping.subject,
        "matched": clipping.time,
        "issue": source.issue,
        "date": source.date,
        "file": Path(source.path).name,
        "sha256": source.hash,
        "page": source.page,
        "page_width": source.width,
        "page_height": source.height,
        "article": printed.article.id,
        "kind": printed.article.kind.value,
        "headline": printed.article.headline,
        "text": printed.text,
        "confidence": printed.article.confidence,
        "polygon": to_json(printed.article.polygon),
        "hits": to_json(clipping.hits),
        "hit_boxes": to_json(place_hits(printed, clipping.hits)),
        "closeness": clipping.closeness,
    }


def name_clipping(number: str, source: Source, article: int) -> str:
    """The name of a clipping's folder."""
    issue = name_subject(source.issue.replace(source.date, "").replace(source.date.replace("-", ""), ""))
    parts = [source.date, *([issue] if issue else []), f"p{source.page}", f"a{article}", number[:ID_IN_NAME]]
    return "-".join(parts)


def write_clipping(
    clipping: Clipping, out: Path, write_clip: WriteClip | None = None
) -> tuple[Path, str | None]:
    """The folder of a clipping, made where there is none yet; and what its cut-out lacks, as a sentence, or None.

    The folder takes its name when all is in it. Raises LeggioError where nothing can be written.
    """
    parent = out / name_subject(clipping.subject)
    name = name_clipping(clipping.id, clipping.printed.source, clipping.printed.article.id)
    target, part = parent / name, parent / f".{name}.part"
    try:
        if target.is_dir():  # made by a process that was killed before it could say so
            return target, None
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        described = json.dumps(describe_clipping(clipping), ensure_ascii=False, indent=1)
        write_whole(part / "article.json", described.encode())
        write_whole(part / "article.txt", f"{clipping.printed.text}\n".encode())
        lacking = _add_clip(clipping, part, write_clip)
        part.rename(target)
        _sync_folder(parent)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LeggioError(
            f"{target} cannot be written ({reason}): make room there; it is tried again."
        ) from error
    return target, lacking


def _add_clip(clipping: Clipping, folder: Path, write_clip: WriteClip | None) -> str | None:
    if write_clip is None:
        return None
    try:
        write_clip(clipping, place_hits(clipping.printed, clipping.hits), folder)
    except LeggioError as error:
        write_whole(folder / "no-cut-out.txt", f"{error}\n".encode())
        return str(error)
    return None


def _sync_folder(folder: Path) -> None:
    """Make names in a folder last when the power fails, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
