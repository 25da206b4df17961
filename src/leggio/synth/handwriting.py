"""Handwritten pages as samples. In: MUSCIMA++ 2.0, its archive or folder. Out: samples in the reader's own records.

It holds 140 pages by 50 writers (Hajič and Pecina, ICDAR 2017) and an official list of pages to measure on.
"""

from __future__ import annotations

import functools
import lzma
import re
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from leggio.errors import InputError
from leggio.synth.muscima import read_page
from leggio.synth.sample import Sample

_ANNOTATIONS = "v2.0/data/annotations"
_TEST_LIST = "v2.0/specifications/testset-independent.txt"


class Split(Enum):
    """The two halves of MUSCIMA++: TEST is its official list, TRAIN all pages of writers who wrote none of that."""

    TRAIN = "train"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Handwriting:
    """Makes samples from MUSCIMA++: page `number` of a split, counted from 0 in the order of names.

    `source` is the archive (.tar.xz) or a folder that holds its `v2.0`. Raises InputError when it is neither.
    """

    source: Path
    split: Split

    def __post_init__(self) -> None:
        find_pages(self.source, self.split)

    @property
    def pages(self) -> tuple[str, ...]:
        return find_pages(self.source, self.split)

    def __len__(self) -> int:
        return len(self.pages)

    def __call__(self, number: int) -> Sample:
        """Raises InputError when the page's file is broken, IndexError beyond the last page."""
        return read_page(_read_file(self.source, f"{_ANNOTATIONS}/{self.pages[number]}.xml"))


def find_pages(source: Path, split: Split) -> tuple[str, ...]:
    """The names of a split's pages, sorted. Raises InputError when the source is missing, broken or not MUSCIMA++."""
    test = set(_read_file(source, _TEST_LIST).decode().split())
    if source.is_dir():
        names = sorted(path.stem for path in (source / _ANNOTATIONS).glob("*.xml"))
    else:
        files = (Path(name) for name in _unpack(source))
        names = sorted(path.stem for path in files if str(path.parent) == _ANNOTATIONS)
    writers = {_find_writer(name) for name in test}
    if split is Split.TEST:
        pages = tuple(name for name in names if name in test)
    else:
        pages = tuple(name for name in names if _find_writer(name) not in writers)
    if not pages:
        raise InputError(f"{source} holds no page of the {split.value} split: download MUSCIMA++ 2.0 again.")
    return pages


def _find_writer(name: str) -> str:
    found = re.search(r"W-\d+", name)
    return found.group() if found else name


def _read_file(source: Path, name: str) -> bytes:
    if source.is_dir():
        if (source / name).is_file():
            return (source / name).read_bytes()
    elif name in (files := _unpack(source)):
        return zlib.decompress(files[name])
    raise InputError(
        f"{source} lacks {name}: name the archive of MUSCIMA++ 2.0 or the folder that holds its v2.0."
    )


@functools.cache
def _unpack(archive: Path) -> Mapping[str, bytes]:
    """The files that are needed here, packed one by one (a few MB): the archive is read once a process."""
    files = {}
    try:
        with tarfile.open(archive, "r:xz") as members:
            for member in members:
                kept = member.name == _TEST_LIST or (
                    member.name.startswith(_ANNOTATIONS) and member.name.endswith(".xml")
                )
                if kept and (opened := members.extractfile(member)) is not None:
                    files[member.name] = zlib.compress(opened.read(), 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no {archive}: name the archive of MUSCIMA++ 2.0 (.tar.xz).") from error
    except (OSError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
        raise InputError(
            f"{archive} is not a whole .tar.xz archive: download MUSCIMA++ 2.0 again."
        ) from error
    return files
