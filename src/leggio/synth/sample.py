"""Synthetic pages with their truth, in the reader's own records. In: music and a seed. Out: `Sample`s, and folders.

A folder of samples holds for each page NAME.png (the page), NAME.mask.png (what each pixel is, a bit a kind) and
NAME.json (symbols, strokes and systems as the reader's records).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.music.notation import Stroke, StrokeKind, Symbol, System
from leggio.record import from_json, to_json

Contours = tuple[NDArray[np.float32], ...]

# The bit of each kind of ink in a mask; a pixel may carry several, as where a stem crosses a staff line.
STAFF_BIT = 1
STROKE_BITS = {
    StrokeKind.STEM: 2,
    StrokeKind.BEAM: 4,
    StrokeKind.BARLINE: 8,
    StrokeKind.SLUR: 16,
    StrokeKind.LEDGER: 32,
    StrokeKind.HAIRPIN: 64,
}
SYMBOL_BIT = 128


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is on one page; `space` is the staff space in pixels, `line_width` that of a staff line."""

    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    systems: tuple[System, ...]
    space: float
    line_width: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One page and everything that is on it.

    `image` is (height, width) uint8, 0 ink and 255 paper; `mask` has the same shape and holds the bits above.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    truth: Truth


def draw_mask(truth: Truth, outlines: tuple[Contours, ...], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The mask of a page. `outlines[id]` is the ink of a symbol or stroke: contours of shape (points, 2) in pixels."""
    mask = np.zeros(shape, np.uint8)
    layer = np.zeros(shape, np.uint8)

    def add(contours: Contours, bit: int) -> None:
        points = np.concatenate(contours)
        x0, y0 = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
        x1, y1 = np.ceil(points.max(axis=0)).astype(int) + 2
        cut = layer[y0:y1, x0:x1]
        if cut.size == 0:
            return
        cut[:] = 0
        moved = [np.round((contour - (x0, y0)) * 16).astype(np.int32) for contour in contours]
        cv2.fillPoly(cut, moved, bit, cv2.LINE_8, 4)
        np.bitwise_or(mask[y0:y1, x0:x1], cut, out=mask[y0:y1, x0:x1])

    for symbol in truth.symbols:
        add(outlines[symbol.id], SYMBOL_BIT)
    for stroke in truth.strokes:
        add(outlines[stroke.id], STROKE_BITS[stroke.kind])
    half = truth.line_width / 2
    for system in truth.systems:
        for staff in system.staves:
            for ys in staff.lines:
                left, right, y = staff.xs[0], staff.xs[-1], ys[0]
                line = np.array(
                    [[left, y - half], [right, y - half], [right, y + half], [left, y + half]], np.float32
                )
                add((line,), STAFF_BIT)
    return mask


def save_sample(sample: Sample, path: Path) -> None:
    """Write a sample as `path`.png, .mask.png and .json; the JSON comes last, so a sample with one is whole."""
    cv2.imwrite(str(path.with_suffix(".png")), sample.image)
    cv2.imwrite(str(path.with_suffix(".mask.png")), sample.mask)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(to_json(sample.truth)))
    os.replace(part, path.with_suffix(".json"))


def load_sample(path: Path) -> Sample:
    """Read a sample from its JSON file's path."""
    truth = from_json(Truth, json.loads(path.read_text()))
    image = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    mask = cv2.imread(str(path.with_suffix(".mask.png")), cv2.IMREAD_GRAYSCALE)
    if image is None or mask is None:
        raise FileNotFoundError(f"{path} lacks its picture or its mask")
    return Sample(image.astype(np.uint8), mask.astype(np.uint8), truth)


def write_samples(
    out: Path,
    pages: int,
    make: Callable[[int], Sample],
    *,
    workers: int = 2,
    on_page: Callable[[int], None] = lambda done: None,
) -> Iterator[Path]:
    """Write `pages` samples, `make(number)` each, into a folder; those already there are kept.

    Page `number` depends on its number alone, so a broken run goes on where it stopped.
    """
    out.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(pages) if not (out / f"{number:06d}.json").exists()]
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(_write_one, make, number, out / f"{number:06d}") for number in missing]
        for done, job in enumerate(jobs):
            yield job.result()
            on_page(pages - len(missing) + done + 1)


def _write_one(make: Callable[[int], Sample], number: int, path: Path) -> Path:
    cv2.setNumThreads(1)
    save_sample(make(number), path)
    return path.with_suffix(".json")
