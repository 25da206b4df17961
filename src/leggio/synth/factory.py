"""The page factory: a number in, a page with its truth out. The same seed and number always give the same page."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from lxml import etree

from leggio.errors import InputError
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

    `aged` pages are crooked and look scanned; clean ones are as engraved. Raises InputError when the folders hold no
    music.
    """

    music: tuple[Path, ...]
    seed: int = 0
    aged: bool = False
    space: float = 24.0

    def __post_init__(self) -> None:
        if not _find_pieces(self.music):
            folders = ", ".join(map(str, self.music))
            raise InputError(
                f"There is no MusicXML (.musicxml, .mxl, .xml) in {folders}: name another folder."
            )

    def __call__(self, number: int) -> Sample:
        """Make page `number`; pieces that cannot be used are passed over. Raises InputError when none can."""
        rng = np.random.default_rng([self.seed, number])
        pieces = list(_find_pieces(self.music))
        while pieces:
            piece = pieces[int(rng.integers(len(pieces)))]
            sample = _engrave_page(piece, self.space, rng)
            if sample is not None:
                return _age(sample, rng) if self.aged else sample
            pieces.remove(piece)
        raise InputError(
            f"No MusicXML in {', '.join(map(str, self.music))} fills a page: name another folder."
        )


def _engrave_page(piece: Path, space: float, rng: np.random.Generator) -> Sample | None:
    """A page of the piece in a house style drawn at random; None where the file is broken or the page too empty."""
    font, text_font = str(rng.choice(FONTS)), str(rng.choice(_TEXT_FONTS))
    layout = Layout(font, text_font, space, random_options(rng))
    try:
        music = load_music(piece)
        vary_music(music, rng)
        sample = next(
            engrave(etree.tostring(music), layout, pages=1, skip=int(rng.integers(0, _DEEPEST))), None
        )
    except ValueError:
        return None
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
