"""Music to engrave: where it comes from. In: folders of MusicXML. Out: its files, and their XML.

Nets that ship learn from CC0 music: the OpenScore songs and quartets.
"""

from __future__ import annotations

import importlib.util
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from leggio.errors import MissingExtra

SUFFIXES = (".mxl", ".musicxml", ".xml")


def find_music(folders: Sequence[Path]) -> list[Path]:
    """Every MusicXML file below the folders, in a fixed order."""
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES]
    return sorted(found)


def is_held_out(path: Path) -> bool:
    """One piece in ten, by its file's name, is kept for measuring: no page that a net learns from is made of it.

    The CRC-32 of the stem decides, so a piece is on the same side on every machine and in every folder.
    """
    return zlib.crc32(path.stem.encode()) % 10 == 0


def find_corpus() -> Path:
    """The folder of music that the music21 package ships. Raises MissingExtra where it is not installed.

    Its pieces have licences of their own, some for non-commercial use only (the package's `corpus/license.txt`): good
    for trying and measuring, not for nets that ship.
    """
    found = importlib.util.find_spec("music21")
    if found is None or not found.submodule_search_locations:
        raise MissingExtra(
            "The corpus of music21 is not installed: pip install 'leggio[synth]', or name --music."
        )
    return Path(found.submodule_search_locations[0]) / "corpus"


def load_music(path: Path) -> etree._Element:
    """The score-partwise element of a .musicxml or .mxl file. Raises ValueError for anything else."""
    try:
        data = _unzip(path.read_bytes())
        root = etree.fromstring(
            data, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
        )
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, OSError) as error:
        raise ValueError(f"{path} is not MusicXML: {error}") from error
    if root.tag != "score-partwise":
        raise ValueError(f"{path} is not a score-partwise MusicXML file")
    return root


def cut_music(root: etree._Element, bars: int, start: int = 0) -> None:
    """Keep `bars` bars from number `start` (the first is 0) on; clef, key and time of the beginning come along."""
    for part in root.findall("part"):
        measures = part.findall("measure")
        begin = min(start, max(len(measures) - bars, 0))
        state: dict[tuple[str, str], etree._Element] = {}
        for attributes in (entry for measure in measures[:begin] for entry in measure.findall("attributes")):
            state |= {(str(entry.tag), entry.get("number", "1")): entry for entry in attributes}
        for measure in (*measures[:begin], *measures[begin + bars :]):
            part.remove(measure)
        if state:
            opening = etree.Element("attributes")
            order = ("divisions", "key", "time", "staves", "part-symbol", "instruments", "clef", "transpose")
            kept = [entry for (tag, _), entry in sorted(state.items()) if tag in order]
            opening.extend(sorted(kept, key=lambda entry: order.index(str(entry.tag))))
            measures[begin].insert(0, opening)


def _unzip(data: bytes) -> bytes:
    """The score inside of .mxl bytes; other bytes come back as they are."""
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = etree.fromstring(archive.read("META-INF/container.xml")).xpath(
            "//*[local-name()='rootfile']/@full-path"
        )
        if not isinstance(names, list) or not names:
            raise KeyError("no rootfile in META-INF/container.xml")
        return archive.read(str(names[0]))
