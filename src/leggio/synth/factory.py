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
from leggio.synth.engrave import FONTS, Layout, engrave
from leggio.synth.margins import strew_signs
from leggio.synth.musescore import engrave_musescore, random_layout, require_musescore
from leggio.synth.music import cut_music, find_music, is_held_out, load_music
from leggio.synth.rarities import add_rarities
from leggio.synth.relations import relate
from leggio.synth.sample import Sample
from leggio.synth.scan import scan_sample
from leggio.synth.vary import random_options, vary_music

# Text faces found on most Linux machines; resvg falls back to another one where a face is missing.
_TEXT_FONTS = (
    "DejaVu Serif", "FreeSerif", "TeX Gyre Termes", "TeX Gyre Schola", "TeX Gyre Bonum", "Latin Modern Roman",
)  # fmt: skip
_FEWEST = 20  # symbols: a page with no more is the empty end of a piece, or not music
_DEEPEST = 2  # pages into a stretch of music: openings look alike
_BARS = 40  # of a piece: more than most pages hold, and soon engraved


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes pages from folders of MusicXML; `space` is their staff space in pixels.

    `aged` pages are crooked and look scanned; clean ones are as engraved. `composed` is the share of pages whose
    music is made up (`compose`), full of what real pieces have too little of, `musescore` the share that MuseScore
    engraves, `strewn` the share with loose signs in the margins. Pieces that are held out for measuring are not used.
    Raises InputError when the folders hold no music, MissingExtra when MuseScore is wanted and not there.
    """

    music: tuple[Path, ...]
    seed: int = 0
    aged: bool = False
    space: float = 24.0
    composed: float = 0.0
    musescore: float = 0.0
    strewn: float = 0.8

    def __post_init__(self) -> None:
        if not _find_pieces(self.music):
            folders = ", ".join(map(str, self.music))
            raise InputError(
                f"There is no MusicXML (.musicxml, .mxl, .xml) in {folders}: name another folder."
            )
        if self.musescore > 0:
            require_musescore()

    def __call__(self, number: int) -> Sample:
        """Make page `number`; pieces that cannot be used are passed over. Raises InputError when none can."""
        rng = np.random.default_rng([self.seed, number])
        if self.composed > 0 and rng.random() < self.composed:
            made = _engrave_page(etree.fromstring(write_musicxml(compose(rng))), self, rng, deepest=1)
            if made is not None:
                return scan_sample(made, rng) if self.aged else made
        pieces = list(_find_pieces(self.music))
        while pieces:
            piece = pieces[int(rng.integers(len(pieces)))]
            sample = _read_page(piece, self, rng)
            if sample is not None:
                return scan_sample(sample, rng) if self.aged else sample
            pieces.remove(piece)
        raise InputError(
            f"No MusicXML in {', '.join(map(str, self.music))} fills a page: name another folder."
        )


def _read_page(piece: Path, factory: Factory, rng: np.random.Generator) -> Sample | None:
    """A page out of the middle of a piece; None where the file is broken or the page too empty."""
    try:
        music = load_music(piece)
        bars = max((len(part.findall("measure")) for part in music.findall("part")), default=0)
        cut_music(music, _BARS, int(rng.integers(max(1, bars - _BARS // 2))))
        return _engrave_page(music, factory, rng, _DEEPEST)
    except ValueError:
        return None


def _engrave_page(
    music: etree._Element, factory: Factory, rng: np.random.Generator, deepest: int
) -> Sample | None:
    """A page of this music in a house style drawn at random, at most `deepest` pages in; None where it is too empty.

    Loose signs are of the page's own font, or of Verovio's next to it where MuseScore drew the page.
    """
    vary_music(music, rng)
    add_rarities(music, rng)
    skip = int(rng.integers(0, deepest))
    if rng.random() < factory.musescore:
        layout = random_layout(rng, factory.space)
        font = layout.font if layout.font in FONTS else str(rng.choice(FONTS))
        pages = engrave_musescore(etree.tostring(music), layout, pages=1, skip=skip)
    else:
        font, text_font = str(rng.choice(FONTS)), str(rng.choice(_TEXT_FONTS))
        options = Layout(font, text_font, factory.space, random_options(rng))
        pages = engrave(etree.tostring(music), options, pages=1, skip=skip)
    sample = next(pages, None)
    if sample is None or not sample.truth.systems or len(sample.truth.symbols) <= _FEWEST:
        return None
    loose = strew_signs(sample, font, rng) if rng.random() < factory.strewn else sample
    truth = loose.truth
    related = relate(sample.truth.symbols, truth.strokes, truth.systems, truth.space)
    return replace(loose, truth=replace(truth, relations=related))


@functools.cache
def _find_pieces(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(piece for piece in find_music(folders) if not is_held_out(piece))
