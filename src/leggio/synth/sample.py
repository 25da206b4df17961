"""A page with its truth, in the reader's own records: what it holds, how its mask is drawn, how it is kept in files.

A folder of samples holds for each page NAME.png (the page), NAME.mask.png (what each pixel is, a bit a kind) and
NAME.json (symbols, strokes and systems as the reader's records, and what belongs to what). NAME.npz holds the outline
of each symbol and stroke; it is there where the engraver gives outlines.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.files import write_whole
from leggio.music.notation import Stroke, StrokeKind, Symbol, System
from leggio.record import from_json, to_json
from leggio.synth.manifest import list_pages

Contours = tuple[NDArray[np.float32], ...]

# The bit of each kind of ink in a mask; a pixel may carry several, as where a stem crosses a staff line.
STAFF_BIT = 1
STROKE_BITS = {
    StrokeKind.STEM: 2,
    StrokeKind.BEAM: 4,
    StrokeKind.BARLINE: 8,
    StrokeKind.SLUR: 16,
    StrokeKind.TIE: 16,  # the same ink: what a curve joins tells a tie from a slur
    StrokeKind.LEDGER: 32,
    StrokeKind.HAIRPIN: 64,
    StrokeKind.BRACKET: 256,
}
SYMBOL_BIT = 128


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing belongs to another; both are ids of symbols or strokes.

    As in MUSCIMA++'s notation graph: `source` is a head (or a rest, a clef, a digit), `target` what completes it: its
    stem, beam, flag, accidental, dot, ledger line, slur, tie, articulation.
    """

    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is on one page; `space` is the staff space in pixels, `line_width` that of a staff line."""

    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    systems: tuple[System, ...]
    space: float
    line_width: float
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One page and everything that is on it.

    `image` is (height, width) uint8, 0 ink and 255 paper; `mask` has the same shape, uint16, and holds the bits above.
    `outlines[id]` is the ink of the symbol or stroke with that id; empty where it was not kept.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint16]
    truth: Truth
    outlines: tuple[Contours, ...] = ()


def draw_mask(truth: Truth, outlines: tuple[Contours, ...], shape: tuple[int, int]) -> NDArray[np.uint16]:
    """The mask of a page. `outlines[id]` is the ink of a symbol or stroke: contours of shape (points, 2) in pixels.

    Every pixel that an outline touches counts, so that no thin line has gaps.
    """
    mask = np.zeros(shape, np.uint16)
    layer = np.zeros(shape, np.uint16)

    def add(contours: Contours, bit: int) -> None:
        points = np.concatenate(contours)
        x0, y0 = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
        x1, y1 = np.ceil(points.max(axis=0)).astype(int) + 2
        cut = layer[y0:y1, x0:x1]
        if cut.size == 0:
            return
        cut[:] = 0
        # OpenCV counts from the middle of a pixel, contours from its corner.
        moved = [np.round((contour - (x0, y0) - 0.5) * 16).astype(np.int32) for contour in contours]
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
    """Write a sample as `path`.png, .mask.png, .npz and .json; the JSON comes last, so a sample with one is whole."""
    if sample.outlines:
        write_whole(path.with_suffix(".npz"), _pack_outlines(sample.outlines))
    for picture, suffix in ((sample.image, ".png"), (sample.mask, ".mask.png")):
        _, coded = cv2.imencode(".png", picture)
        write_whole(path.with_suffix(suffix), coded.tobytes())
    write_whole(path.with_suffix(".json"), json.dumps(to_json(sample.truth)).encode())


def _pack_outlines(outlines: tuple[Contours, ...]) -> bytes:
    """All points in one array, how many contours each outline has, how many points each contour."""
    contours = [contour for outline in outlines for contour in outline]
    points = np.concatenate(contours) if contours else np.zeros((0, 2))
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        points=np.round(points * 16).astype(
            np.int32
        ),  # sixteenths of a pixel: twice as fine as a curve's chords
        sizes=np.array([len(contour) for contour in contours], np.int32),
        counts=np.array([len(outline) for outline in outlines], np.int32),
    )
    return packed.getvalue()


def _unpack_outlines(path: Path) -> tuple[Contours, ...]:
    with np.load(path) as packed:
        points, sizes, counts = (packed[name] for name in ("points", "sizes", "counts"))
    contours = np.split((points / 16).astype(np.float32), np.cumsum(sizes)[:-1]) if len(sizes) else []
    ends = np.cumsum(counts)
    return tuple(tuple(contours[end - count : end]) for end, count in zip(ends, counts, strict=True))


def list_samples(folder: Path) -> list[Path]:
    """The JSON files of the whole samples in a folder, in order; other JSON is passed over."""
    return list_pages(folder, ".mask.png")


def find_samples(folder: Path) -> list[Path]:
    """As `list_samples`. Raises InputError where there is none."""
    paths = list_samples(folder)
    if not paths:
        raise InputError(f"There are no samples in {folder}: make some with `leggio synth music`.")
    return paths


def load_sample(path: Path, *, with_outlines: bool = False) -> Sample:
    """Read a sample from its JSON file's path. Raises LeggioError when it is not whole.

    Outlines are read only if asked for: training does without them.
    """
    truth = from_json(Truth, json.loads(path.read_text()))
    image: NDArray[np.uint8] | None = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    mask: NDArray[np.uint16] | None = cv2.imread(str(path.with_suffix(".mask.png")), cv2.IMREAD_UNCHANGED)
    if image is None or mask is None:
        raise InputError(f"{path} lacks its picture or its mask: delete it and make it again.")
    outlines: tuple[Contours, ...] = ()
    if with_outlines and path.with_suffix(".npz").exists():
        outlines = _unpack_outlines(path.with_suffix(".npz"))
    return Sample(image, mask.astype(np.uint16), truth, outlines)
