"""The page factory: a number in, a page with its truth out. The same seed and number always give the same page."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree

from leggio.synth.engrave import FONTS, Layout, engrave
from leggio.synth.music import find_music, load_music, random_options, vary_music
from leggio.synth.sample import Sample

# Text faces found on most Linux machines; resvg falls back to another one where a face is missing.
_TEXT_FONTS = (
    "DejaVu Serif",
    "FreeSerif",
    "TeX Gyre Termes",
    "TeX Gyre Schola",
    "TeX Gyre Bonum",
    "Latin Modern Roman",
)
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Factory:
    """Draws pages from folders of MusicXML; `space` is the staff space of the pages in pixels."""

    music: tuple[Path, ...]
    seed: int = 0
    space: float = 24.0

    def __call__(self, number: int) -> Sample:
        """Make page `number`. Raises ValueError when none of several pieces could be engraved."""
        rng = np.random.default_rng([self.seed, number])
        files = _files(self.music)
        if not files:
            raise ValueError(f"no MusicXML below {', '.join(map(str, self.music))}")
        for _ in range(_TRIES):
            path = files[int(rng.integers(len(files)))]
            layout = Layout(
                font=str(rng.choice(FONTS)), text_font=str(rng.choice(_TEXT_FONTS)), space=self.space,
                options=random_options(rng),
            )  # fmt: skip
            try:
                root = load_music(path)
                vary_music(root, rng)
                pages = engrave(etree.tostring(root), layout, pages=1, skip=int(rng.integers(0, 6)))
                sample = next(pages)
            except (ValueError, etree.XMLSyntaxError, StopIteration):
                continue
            if sample.truth.systems and len(sample.truth.symbols) > 20:
                return sample
        raise ValueError("no piece could be engraved")


@functools.cache
def _files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(find_music(folders))
