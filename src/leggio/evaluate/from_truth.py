"""Reading without a net: the steps from symbols and strokes on, given those that are truly on a page.

In: samples of the page factory. Out: readings. What is still wrong is the fault of these steps and not of the net.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.evaluate.music import Reader
from leggio.music.maps import Maps
from leggio.music.musicxml import write_musicxml
from leggio.music.notation import Stroke, StrokeKind, SymbolKind
from leggio.music.read import Reading, read_ink
from leggio.page import Page
from leggio.synth.sample import STROKE_BITS, Sample, load_sample

_SPACE = 14.0  # staff space of the maps in pixels: that of the shipped nets
_KINDS = tuple(kind for kind in StrokeKind if kind is not StrokeKind.TIE)  # a tie's ink is a slur's


def true_maps(sample: Sample) -> Maps:
    """What a net that is always right would see of a page's ink; no energy, since symbols and strokes are known."""
    scale = _SPACE / sample.truth.space
    height, width = (max(1, round(side * scale / 2)) for side in sample.image.shape)

    def shrink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))

    ink = [shrink(((sample.mask & STROKE_BITS[kind]) > 0).astype(np.uint8) * 255) for kind in _KINDS]
    return Maps(
        np.zeros((height, width), np.float32),
        np.stack(ink),
        np.zeros((0, height // 2, width // 2), np.uint8),
        np.zeros((2, height // 2, width // 2), np.float32),
        shrink(255 - sample.image),
        scale,
        _SPACE,
        tuple(kind.value for kind in SymbolKind),
        tuple(kind.value for kind in _KINDS),
    )


def true_strokes(sample: Sample) -> tuple[Stroke, ...]:
    """The strokes of a page as a net tells them: ties are slurs, and curves have their bow, taken from their ink."""
    return tuple(
        replace(stroke, kind=StrokeKind.SLUR, bow=stroke.bow or _measure_bow(stroke, sample.mask))
        if stroke.kind in (StrokeKind.TIE, StrokeKind.SLUR)
        else stroke
        for stroke in sample.truth.strokes
    )


def _measure_bow(curve: Stroke, mask: NDArray[np.uint16]) -> float:
    """How far the ink in the middle of a curve lies from the line between its ends, in pixels, down is positive."""
    middle_y, box = (curve.start.y + curve.end.y) / 2, curve.box
    x = min(max(round((curve.start.x + curve.end.x) / 2), 0), mask.shape[1] - 1)
    top, bottom = max(0, round(box.y0)), round(box.y1) + 1
    rows = np.flatnonzero(mask[top:bottom, x] & STROKE_BITS[StrokeKind.SLUR])
    if not len(rows):
        return 0.0
    arches = middle_y - box.y0 > box.y1 - middle_y
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    # Of several curves on one another the outer one fills the box.
    run = runs[0] if arches else runs[-1]
    return float(top + run.mean() + 0.5 - middle_y)


def read_sample(sample: Sample, source: str = "sample") -> Reading:
    """The reading of a page whose symbols, strokes and systems are known."""
    truth = sample.truth
    page = Page(sample.image, source)
    return read_ink(page, true_maps(sample), truth.systems, truth.symbols, true_strokes(sample))


def truth_reader() -> Reader:
    """A reader of cases that are samples too: beside `page.png` lie `page.mask.png` and `page.json`."""

    def read_page(path: Path) -> bytes:
        facts = path.with_suffix(".json")
        if not facts.exists():
            raise InputError(f"{facts} is missing: only pages of the factory can be read from their truth.")
        return write_musicxml(read_sample(load_sample(facts), str(path)).score)

    return read_page
