"""Does what leggio writes open everywhere, without a warning, and come back the same?

`python bench/opens.py FOLDER...` takes every *.musicxml of the folders (as `bench/music.py --keep` or
`bench/from_truth.py` leave them), prints a table and writes bench/results/opens.json: whether each file passes the
schema, whether leggio reads back what it wrote, what music21, Verovio and MuseScore 3 say about it, and whether
MuseScore has the same notes at the same times in each bar. `--write` writes each file anew first, with today's code.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import music21
import verovio
from rich.console import Console
from rich.table import Table

from leggio.errors import LeggioError
from leggio.evaluate.origin import commit, machine
from leggio.evaluate.schema import schema_errors
from leggio.files import write_whole
from leggio.music.events import Pitch
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml
from leggio.synth.musescore import find_musescore, set_offscreen

RESULTS = Path(__file__).parent / "results"
CHECKS = ("schema", "comes back", "music21", "Verovio", "MuseScore 3", "notes there")
_COMPLAINT = re.compile(
    r"corrupt|incomplete|error|warning|unknown|cannot|too many voices|already started|not stopped",
    re.IGNORECASE,
)
# What Verovio says of drawing and not of the file.
_OF_DRAWING = "Insufficient space to draw"
# What MuseScore says of the machine and not of the file; it says "unknown arpeggio type none" of every plain arpeggio.
_OF_THE_MACHINE = re.compile(
    r"unknown arpeggio type none|jack|alsa|qt\.|runtimedir|dbus|pulse|portaudio|xdg|font|QStandardPaths|libpng",
    re.IGNORECASE,
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Open MusicXML files everywhere.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--json", type=Path, default=RESULTS / "opens.json", help="where the result goes")
    parser.add_argument("--write", action="store_true", help="write the files anew before they are opened")
    choice = parser.parse_args()
    table = Table(box=None, pad_edge=False)
    for heading in ("file", *CHECKS):
        table.add_column(heading, min_width=24 if heading == "file" else 0)
    sets = []
    for folder in choice.folders:
        answers = [(file.stem, check_file(file, choice.write)) for file in sorted(folder.glob("*.musicxml"))]
        for name, row in answers:
            table.add_row(name, *(said[0][:30] if said else "ok" for said in row))
        clean = [sum(not row[place] for _, row in answers) for place in range(len(CHECKS))]
        table.add_row(f"clean of {len(answers)} in {folder.name}", *map(str, clean))
        complaints = [
            {"file": name, "check": check, "says": said}
            for name, row in answers
            for check, said in zip(CHECKS, row, strict=True)
            if said
        ]
        sets.append(
            {
                "folder": folder.name,
                "files": len(answers),
                "clean": dict(zip(CHECKS, clean, strict=True)),
                "complaints": complaints,
            }
        )
    Console(width=150).print(table)
    result = {"sets": sets, "commit": commit(), "machine": machine()}
    write_whole(choice.json, (json.dumps(result, indent=1) + "\n").encode())


def check_file(file: Path, writes: bool) -> tuple[list[str], ...]:
    """What each check complains of."""
    data = file.read_bytes()
    with TemporaryDirectory() as name:
        if writes:
            data = write_musicxml(read_musicxml(data))
        copy = Path(name, file.name)
        copy.write_bytes(data)
        said, answer = open_in_musescore(copy)
        return (
            list(schema_errors(data)), come_back(data), open_in_music21(copy), open_in_verovio(data), said,
            compare_notes(data, answer),
        )  # fmt: skip


def come_back(data: bytes) -> list[str]:
    """Empty where a file that is read and written again is the same score, and the same bytes from then on."""
    first = read_musicxml(data)
    again = write_musicxml(first)
    second = read_musicxml(again)
    if second != first:
        parts = zip(first.parts, second.parts, strict=False)
        bars = [a.number for p, q in parts for a, b in zip(p.bars, q.bars, strict=False) if a != b]
        return [f"differs in bars {bars[:3]}" if bars else "differs"]
    return [] if write_musicxml(second) == again else ["bytes differ"]


def open_in_music21(file: Path) -> list[str]:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            music21.converter.parse(str(file), forceSource=True)
        except music21.exceptions21.Music21Exception as error:
            return [f"{type(error).__name__}: {error}"]
    about_music = [
        str(w.message) for w in caught if issubclass(w.category, music21.exceptions21.Music21Exception)
    ]
    return [line for line in (*said.getvalue().splitlines(), *about_music) if line.strip()]


def open_in_verovio(data: bytes) -> list[str]:
    verovio.enableLog(verovio.LOG_WARNING)
    toolkit = verovio.toolkit()
    with TemporaryFile("w+") as log, stderr_into(log.fileno()):
        loaded = toolkit.loadData(data.decode())
        log.seek(0)
        said = [line for line in log.read().splitlines() if line.strip() and _OF_DRAWING not in line]
    verovio.enableLog(verovio.LOG_OFF)
    return said if loaded else ["not loaded", *said]


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


def open_in_musescore(file: Path) -> tuple[list[str], bytes | None]:
    """What MuseScore says about a file, and the file as MuseScore writes it."""
    program = find_musescore()
    if program is None:
        return ["not installed"], None
    target = file.with_name("answer.mxl")
    done = subprocess.run(
        [program, "-o", str(target), str(file)], capture_output=True, text=True, timeout=300,
        env=set_offscreen(file.parent),
    )  # fmt: skip
    said = [
        re.sub(r"\(?0x[0-9a-f]+\)?", "", line)
        for line in (done.stderr + done.stdout).splitlines()
        if _COMPLAINT.search(line) and not _OF_THE_MACHINE.search(line)
    ]
    if not target.exists():
        return [f"not converted ({done.returncode})", *said], None
    return said, target.read_bytes()


def compare_notes(data: bytes, answer: bytes | None) -> list[str]:
    """The bars in which another program has other notes, or the same at other times."""
    if answer is None:
        return ["nothing to compare"]
    try:
        ours, theirs = list_notes(data), list_notes(answer)
    except LeggioError as error:
        return [str(error)]
    return [
        f"part {part + 1} bar {bar + 1}"
        for part, bar in sorted(ours)
        if ours[part, bar] != theirs.get((part, bar))
    ]


def list_notes(data: bytes) -> dict[tuple[int, int], Counter[tuple[Fraction, Pitch, Fraction]]]:
    """Onset, pitch and length of each note that is heard and seen, by part and bar."""
    return {
        (number, place): Counter(
            (event.onset, note.pitch, event.duration)
            for event in bar.events
            for note in event.notes
            if not event.grace and not event.cue
        )
        for number, part in enumerate(read_musicxml(data).parts)
        for place, bar in enumerate(part.bars)
    }


if __name__ == "__main__":
    main()
