"""The pages that detection is measured on. In: the name of a set or a folder of samples. Out: its pages, one by one.

| set        | pages                                                                                                |
|------------|------------------------------------------------------------------------------------------------------|
| `lilypond` | engraved by LilyPond, whose hand no net has learned from: half held-out music, half composed; clean  |
| `aged`     | the same pages, laid askew and scanned                                                               |
| `muscima`  | handwriting: MUSCIMA++'s official test pages, by writers who wrote none of the training pages        |
| `scans`    | real scans whose symbols are counted against an encoding, as no boxes are known                      |
| a folder   | samples as `leggio synth music` writes them                                                          |

A page depends on its number alone: every run measures the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
from lxml import etree

from leggio.errors import InputError, NothingToRead
from leggio.evaluate.counts import CountReport, evaluate_scans
from leggio.evaluate.detect import DetectReport, OnPage, evaluate_samples
from leggio.evaluate.music import find_cases
from leggio.music.musicxml import write_musicxml
from leggio.music.read import Nets, Writing, load_nets
from leggio.net import load_net
from leggio.synth.compose import compose
from leggio.synth.music import cut_music, find_music, is_held_out, load_music
from leggio.synth.sample import Sample, list_samples, load_sample
from leggio.synth.scan import scan_sample

LILYPOND_PAGES = 24
_SEED = 7_770_001  # far from those that training pages are made with: composed music shall be new too
_AGEING = 1
_SPACE = 24.0  # pixels, the staff space of engraved pages
_FEWEST = 20  # symbols: a page with no more is the empty end of a piece
_BARS = 20  # what fills a page: LilyPond breaks all of a piece into pages before it draws the first
_TRIES = 8  # pieces in a row that LilyPond cannot read
_MUSCIMA = Path("muscima-pp", "muscima-pp-v2.0.tar.xz")


class SetName(Enum):
    """The sets that are known by name."""

    LILYPOND = "lilypond"
    AGED = "aged"
    MUSCIMA = "muscima"
    SCANS = "scans"


@dataclass(frozen=True, slots=True)
class SampleSet:
    """Pages with known boxes: `make(number)` for each of `names`, in order."""

    name: str
    names: tuple[str, ...]
    make: Callable[[int], Sample]

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[tuple[str, Sample]]:
        for number, name in enumerate(self.names):
            yield name, self.make(number)

    def measure(self, nets: Nets, on_page: OnPage) -> DetectReport:
        return evaluate_samples(self, nets, on_page, name=self.name)


@dataclass(frozen=True, slots=True)
class ScanSet:
    """Scans with an encoding of their music."""

    name: str
    cases: Sequence[Path]

    def __len__(self) -> int:
        return len(self.cases)

    def measure(self, nets: Nets, on_page: OnPage) -> CountReport:
        return evaluate_scans(self.cases, nets, on_page, name=self.name)


def open_set(name: str, data: Path, pages: int | None = None) -> SampleSet | ScanSet:
    """The set of this name, at most `pages` of it; any other name is that of a folder of samples.

    `data` is the folder with openscore/, muscima-pp/ and scans-dev/. Raises LeggioError where what is asked for is not
    there; without openscore/ all of the engraved music is composed.
    """
    if name in (SetName.LILYPOND.value, SetName.AGED.value):
        pieces = tuple(path for path in find_music([data / "openscore"]) if is_held_out(path))
        maker = LilyPages(pieces, aged=name == SetName.AGED.value)
        return SampleSet(name, tuple(f"{name}-{n:03d}" for n in range(pages or LILYPOND_PAGES)), maker)
    if name == SetName.MUSCIMA.value:
        from leggio.synth.handwriting import Handwriting, Split  # each set needs its own engraver alone

        handwriting = Handwriting(_find(data / _MUSCIMA), Split.TEST)
        return SampleSet(name, handwriting.pages[:pages], handwriting)
    if name == SetName.SCANS.value:
        return ScanSet(name, find_cases(_find(data / "scans-dev"))[:pages])
    paths = tuple(list_samples(Path(name)))[:pages]
    if not paths:
        sets = ", ".join(one.value for one in SetName)
        raise NothingToRead(
            f"{name} is neither a set ({sets}) nor a folder of samples: make one with `leggio synth music`."
        )
    return SampleSet(name, tuple(path.stem for path in paths), lambda number: load_sample(paths[number]))


def choose_nets(name: str, net: Path | None = None, threads: int = 0) -> Nets:
    """The shipped nets, or those with `net` in place of the first; handwriting has a net of its own if one ships."""
    nets = load_nets(threads, Writing.PRINT)
    if net is not None:
        return replace(nets, symbols=load_net(net, threads))
    return replace(nets, symbols=nets.hand) if name == SetName.MUSCIMA.value and nets.hand else nets


def _find(path: Path) -> Path:
    if not path.exists():
        raise InputError(f"There is no {path}: name the folder that holds {path.parent.name} with --data.")
    return path


@dataclass(frozen=True, slots=True)
class LilyPages:
    """Makes pages with LilyPond: even numbers of the pieces (composed where there are none), odd ones composed."""

    pieces: tuple[Path, ...]
    aged: bool

    def __call__(self, number: int) -> Sample:
        """Raises InputError when nothing fills a page, MissingExtra without LilyPond."""
        rng = np.random.default_rng([_SEED, number])
        sample = self._engrave(number, rng)
        if not self.aged:
            return sample
        return scan_sample(sample, np.random.default_rng([_SEED, number, _AGEING]))

    def _engrave(self, number: int, rng: np.random.Generator) -> Sample:
        from leggio.synth.lilypond import engrave_lilypond, random_lily_layout

        for _ in range(_TRIES):
            composed = number % 2 == 1 or not self.pieces
            try:
                music = _compose(rng) if composed else _cut_piece(self.pieces, rng)
                sample = next(engrave_lilypond(music, random_lily_layout(rng, _SPACE), pages=1), None)
            except ValueError:  # music that LilyPond cannot read
                continue
            if sample is not None and len(sample.truth.symbols) > _FEWEST:
                return sample
        raise InputError(f"LilyPond could not fill page {number} with music: install LilyPond 2.24 or later.")


def _compose(rng: np.random.Generator) -> bytes:
    return write_musicxml(compose(rng, bars=_BARS))


def _cut_piece(pieces: Sequence[Path], rng: np.random.Generator) -> bytes:
    """Some bars out of the midst of a piece, both drawn at random. Raises ValueError for a broken file."""
    music = load_music(pieces[int(rng.integers(len(pieces)))])
    part = music.find("part")
    bars = 0 if part is None else len(part.findall("measure"))
    cut_music(music, _BARS, start=int(rng.integers(max(1, bars - _BARS + 1))))
    return etree.tostring(music)
