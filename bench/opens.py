"""Does what leggio writes open everywhere, without a warning, and come back the same?

`python bench/opens.py FOLDER` takes every *.musicxml of a folder (as `bench/music.py --keep` or
`bench/from_truth.py` leave them) and prints a table: whether the file passes the schema, whether leggio reads back
what it wrote, and what music21, Verovio and MuseScore 3 say about it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import music21
import verovio
from rich.console import Console
from rich.table import Table

from leggio.evaluate.schema import schema_errors
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml

MUSESCORE = "musescore3"
_COMPLAINT = re.compile(r"corrupt|incomplete|error|warning|unknown|cannot", re.IGNORECASE)
# What Verovio says of drawing and not of the file.
_OF_DRAWING = "Insufficient space to draw"
# What MuseScore says of the machine and not of the file; it says "unknown arpeggio type none" of every plain arpeggio.
_OF_THE_MACHINE = re.compile(
    r"unknown arpeggio type none|jack|alsa|qt\.|runtimedir|dbus|pulse|portaudio|xdg|font|QStandardPaths|libpng",
    re.IGNORECASE,
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Open MusicXML files everywhere.")
    parser.add_argument("folder", type=Path)
    choice = parser.parse_args()
    files = sorted(choice.folder.glob("*.musicxml"))
    complaints = open_in_musescore(files)
    table = Table(box=None, pad_edge=False)
    headings = ("file", "schema", "comes back", "music21", "Verovio", "MuseScore 3")
    for heading in headings:
        table.add_column(heading, min_width=28 if heading == "file" else 0)
    clean = [0] * (len(headings) - 1)
    for file in files:
        data = file.read_bytes()
        answers = [
            "; ".join(schema_errors(data)[:1]), come_back(data), open_in_music21(file), open_in_verovio(data),
            complaints.get(file.name, ""),
        ]  # fmt: skip
        clean = [count + (not answer) for count, answer in zip(clean, answers, strict=True)]
        table.add_row(file.stem, *(answer[:40] or "ok" for answer in answers))
    table.add_row("clean", *(f"{count} of {len(files)}" for count in clean))
    Console(width=140).print(table)


def come_back(data: bytes) -> str:
    """Empty where a file that is read and written again is the same score, and the same bytes from then on."""
    first = read_musicxml(data)
    again = write_musicxml(first)
    second = read_musicxml(again)
    if second != first:
        parts = zip(first.parts, second.parts, strict=False)
        bars = [a.number for p, q in parts for a, b in zip(p.bars, q.bars, strict=False) if a != b]
        return f"differs in bars {bars[:3]}" if bars else "differs"
    return "" if write_musicxml(second) == again else "bytes differ"


def open_in_music21(file: Path) -> str:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            music21.converter.parse(str(file), forceSource=True)
        except music21.exceptions21.Music21Exception as error:
            return f"{type(error).__name__}: {error}"
    about_music = [
        str(w.message) for w in caught if issubclass(w.category, music21.exceptions21.Music21Exception)
    ]
    lines = [line for line in (*said.getvalue().splitlines(), *about_music) if line.strip()]
    return lines[0] if lines else ""


def open_in_verovio(data: bytes) -> str:
    verovio.enableLog(verovio.LOG_WARNING)
    toolkit = verovio.toolkit()
    with TemporaryFile("w+") as log, stderr_into(log.fileno()):
        loaded = toolkit.loadData(data.decode())
        log.seek(0)
        said = [line for line in log.read().splitlines() if line.strip() and _OF_DRAWING not in line]
    verovio.enableLog(verovio.LOG_OFF)
    return (said[0] if said else "") if loaded else f"not loaded {said[:1]}"


@contextlib.contextmanager
def stderr_into(descriptor: int) -> Iterator[None]:
    """What code in C writes to stderr goes to an open file."""
    before = os.dup(2)
    os.dup2(descriptor, 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def open_in_musescore(files: list[Path]) -> dict[str, str]:
    """What MuseScore says about each file that it does not convert in silence."""
    if shutil.which(MUSESCORE) is None:
        return {file.name: "not installed" for file in files}
    found = {}
    with TemporaryDirectory() as name:
        for file in files:
            target = Path(name, f"{file.stem}.mxl")
            done = subprocess.run(
                [MUSESCORE, "-o", str(target), str(file.resolve())], capture_output=True, text=True, timeout=300,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": name},
            )  # fmt: skip
            said = [
                line
                for line in (done.stderr + done.stdout).splitlines()
                if _COMPLAINT.search(line) and not _OF_THE_MACHINE.search(line)
            ]
            if not target.exists():
                found[file.name] = f"not converted ({done.returncode}) {json.dumps(said[:1])}"
            elif said:
                found[file.name] = said[0]
    return found


if __name__ == "__main__":
    main()
