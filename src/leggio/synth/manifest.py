"""A folder of pages, each a NAME.json with what belongs to it. In: the folder. Out: its pages; `manifest.json`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from leggio import __version__
from leggio.files import write_whole
from leggio.record import Json

MANIFEST = "manifest.json"
"""Beside the pages of a folder: what made them, and what they hold."""


def list_pages(folder: Path, beside: str | None = None) -> list[Path]:
    """The JSON files of the pages in a folder, in order; the manifest is none.

    A page counts only if a file with its name and the ending `beside` is there too, where one is named.
    """
    paths = (path for path in sorted(folder.glob("*.json")) if path.name != MANIFEST)
    return [path for path in paths if beside is None or path.with_suffix(beside).exists()]


def write_counts(
    out: Path, settings: Mapping[str, Json], pages: int, counts: Mapping[str, Counter[str]]
) -> Path:
    """Write the manifest of a folder, and give its path: how many pages, and the counts by name, commonest first.

    `settings` are those that repeat the folder.
    """
    content = {
        "leggio": __version__,
        "settings": dict(settings),
        "pages": pages,
        **{name: dict(counter.most_common()) for name, counter in counts.items()},
    }
    target = out / MANIFEST
    write_whole(target, (json.dumps(content, indent=1) + "\n").encode())
    return target
