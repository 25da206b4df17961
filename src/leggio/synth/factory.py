"""The page factory: a number in, a page with its truth out. The same seed and number always give the same page."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from lxml import etree

from leggio.errors import InputError
from leggio.music.musicxml import write_musicxml
from leggio.synth.compose import compose
from leggio.synth.degrade import degrade
from leggio.synth.engrave import FONTS, Layout, engrave
from leggio.synth.music import find_music, load_music
from leggio.synth.sample import Sample
from leggio.synth.vary import random_options, vary_music
from leggio.synth.warp import draw_warp, warp_sample

# Text faces found on most Linux machines; resvg falls back to another one where a face is missing.
_TEXT_FONTS = (
    "DejaVu Serif", "FreeSerif", "TeX Gyre Termes", "TeX Gyre Schola", "TeX Gyre Bonum", "Latin Modern Roman",
)  # fmt: skip
_FEWEST = 20  # symbols: a page with no more is the empty end of a piece, or not music
_DEEPEST = 6  # pages into a piece: how far a page may lie from the opening, where scores begin alike


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes pages from folders of MusicXML; `space` is their staff space in pixels.

    `aged` pages are crooked and look scanned; clean ones are as engraved. `composed` is the share of pages whose
    music is made up (`compose`), full of what real pieces have too little of. Raises InputError when the folders hold
    no music.
    """

    music: tuple[Path, ...]
    seed: int = 0
    aged: bool = False
    space: float = 24.0
    composed: float = 0.0

    def __post_init__(self) -> None:
        if not _find_pieces(self.music):
            folders = ", ".join(map(str, self.music))
            raise InputError(
                f"There is no MusicXML (.musicxml, .mxl, .xml) in {folders}: name another folder."
            )

    def __call__(self, number: int) -> Sample:
        """Make page `number`; pieces that cannot be used are passed over. Raises InputError when none can."""
        rng = np.random.default_rng([self.seed, number])
        if self.composed > 0 and rng.random() < self.composed:
            made = _engrave_page(etree.fromstring(write_musicxml(compose(rng))), self.space, rng, deepest=1)
            if made is not None:
                return _age(made, rng) if self.aged else made
        pieces = list(_find_pieces(self.music))
        while pieces:
            piece = pieces[int(rng.integers(len(pieces)))]
            sample = _read_page(piece, self.space, rng)
            if sample is not None:
                return _age(sample, rng) if self.aged else sample
            pieces.remove(piece)
        raise InputError(
            f"No MusicXML in {', '.join(map(str, self.music))} fills a page: name another folder."
        )


def _read_page(piece: Path, space: float, rng: np.random.Generator) -> Sample | None:
    """A page of the piece in a file; None where the file is broken or the page too empty."""
    try:
        return _engrave_page(load_music(piece), space, rng, _DEEPEST)
    except ValueError:
        return None


def _engrave_page(
    music: etree._Element, space: float, rng: np.random.Generator, deepest: int
) -> Sample | None:
    """A page of this music in a house style drawn at random, at most `deepest` pages in; None where it is too empty."""
    font, text_font = str(rng.choice(FONTS)), str(rng.choice(_TEXT_FONTS))
    layout = Layout(font, text_font, space, random_options(rng))
    vary_music(music, rng)
    skip = int(rng.integers(0, deepest))
    sample = next(engrave(etree.tostring(music), layout, pages=1, skip=skip), None)
    if sample is None or not sample.truth.systems or len(sample.truth.symbols) <= _FEWEST:
        return None
    return sample


def _age(sample: Sample, rng: np.random.Generator) -> Sample:
    """Lay the page askew, then scan it."""
    shape = (sample.image.shape[0], sample.image.shape[1])
    space = sample.truth.space
    crooked = warp_sample(sample, draw_warp(shape, space, rng))
    return replace(crooked, image=degrade(crooked.image, rng, space))


@functools.cache
def _find_pieces(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(find_music(folders))
