"""Rare signs in the margins. In: a clean engraved page. Out: the same page with loose signs where it was empty.

The remedy of Elezi et al. (WoRMS 2018, arXiv 1810.05423) against class imbalance: every page carries signs that music
has too few of, drawn in the page's own music font where there is paper, some on short pieces of staff, each with its
truth.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import verovio
from lxml import etree
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import Symbol, SymbolKind
from leggio.synth.glyphs import list_glyphs, shrink_kind
from leggio.synth.outlines import bound, flatten_path, move_points, read_transform
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Contours, Sample, Truth

_EM = 4.0  # staff spaces in an em of a SMuFL font
_CLEAR = 0.45  # staff spaces of empty paper around a loose sign
_TRIES = 12  # places that are tried for each sign
_SMALL = 0.68  # size of signs before grace and cue notes
_ON_STAFF = 0.4  # share of signs that stand on a piece of staff of their own
# Signs that the fonts have no glyph for, as corners in staff spaces.
_DRAWN: Mapping[SymbolKind, tuple[tuple[tuple[float, float], ...], ...]] = {
    SymbolKind.REST_H_BAR: (
        ((0, -1), (0.2, -1), (0.2, -0.3), (5.8, -0.3), (5.8, -1), (6, -1), (6, 1), (5.8, 1), (5.8, 0.3), (0.2, 0.3),
         (0.2, 1), (0, 1)),
    ),
}  # fmt: skip
# Signs that only mean something at a place in the music, and so do not stand alone; those of words and lines.
_NEVER = (
    SymbolKind.BRACE,
    SymbolKind.BRACKET,
    SymbolKind.ARPEGGIO,
    SymbolKind.TRILL_LINE,
    SymbolKind.GRACE_SLASH,
)


# Signs that stand on nearly every page: they are strewn too, so that a loose sign is not always a rare one, but seldom.
_COMMON = (
    SymbolKind.CLEF_G, SymbolKind.CLEF_F, SymbolKind.HEAD_BLACK, SymbolKind.HEAD_HALF, SymbolKind.REST_QUARTER,
    SymbolKind.REST_8, SymbolKind.REST_WHOLE, SymbolKind.FLAG_8_UP, SymbolKind.FLAG_8_DOWN, SymbolKind.SHARP,
    SymbolKind.FLAT, SymbolKind.NATURAL, SymbolKind.DOT, SymbolKind.STACCATO, SymbolKind.REPEAT_DOT,
    SymbolKind.DYNAMIC_P, SymbolKind.DYNAMIC_F,
)  # fmt: skip
_SELDOM = 0.15  # how often a common sign is strewn beside a rare one


def strew_signs(sample: Sample, font: str, rng: np.random.Generator, most: int = 40) -> Sample:
    """The page with at most `most` loose signs of this Verovio font; truth, mask and outlines say so.

    The page's ink stays as it was: a sign stands only where nothing was.
    """
    kinds, chances = _weigh_kinds()
    space = sample.truth.space
    image, mask = sample.image.copy(), sample.mask.copy()
    taken = cv2.dilate(
        (image < 200).astype(np.uint8), np.ones((round(2 * _CLEAR * space) | 1,) * 2, np.uint8)
    )
    symbols, outlines = list(sample.truth.symbols), list(sample.outlines)
    taken_ids = [symbol.id for symbol in symbols] + [stroke.id for stroke in sample.truth.strokes]
    next_id = max(len(outlines), 1 + max(taken_ids, default=-1))
    outlines += [()] * (next_id - len(outlines))
    for kind in rng.choice(len(kinds), int(rng.integers(most // 4, most + 1)), p=chances):
        made = _draw_sign(kinds[int(kind)], font, space, rng)
        place = _find_place(made[1], taken, space, rng) if made else None
        if made is None or place is None:
            continue
        named, contours = made[0], tuple((contour + place).astype(np.float32) for contour in made[1])
        if rng.random() < _ON_STAFF:
            _draw_staff(image, mask, bound(contours), sample.truth, rng)
        _fill(image, contours, 0)
        _mark(mask, contours)
        box = bound(contours)
        symbols.append(Symbol(next_id, named, box, 1.0))
        outlines.append(contours)
        next_id += 1
        rows, columns = _cells(box.grow(_CLEAR * space * 3, _CLEAR * space * 3), taken.shape)
        taken[rows, columns] = 1
    truth = replace(sample.truth, symbols=tuple(symbols))
    return Sample(image, mask, truth, tuple(outlines) if sample.outlines else ())


def _weigh_kinds() -> tuple[tuple[SymbolKind, ...], NDArray[np.float64]]:
    kinds = tuple(kind for kind in SymbolKind if kind not in _NEVER)
    weights = np.array([_SELDOM if kind in _COMMON else 1.0 for kind in kinds])
    return kinds, weights / weights.sum()


def _draw_sign(
    kind: SymbolKind, font: str, space: float, rng: np.random.Generator
) -> tuple[SymbolKind, Contours] | None:
    """One sign at the origin, in pixels; None where the font has no glyph for it."""
    if kind in _DRAWN:
        size = space * rng.uniform(0.9, 1.1)
        return kind, tuple((np.array(corners) * size).astype(np.float32) for corners in _DRAWN[kind])
    full, small = _find_full_size(kind), kind is not _find_full_size(kind)
    glyphs = [points for points in (_load_glyph(font, code) for code in list_glyphs(full)) if points]
    if not glyphs:
        return None
    size = space / 1000 * _EM * (_SMALL if small else 1.0) * rng.uniform(0.92, 1.08)
    chosen = glyphs[int(rng.integers(len(glyphs)))]
    return kind, tuple((contour * size).astype(np.float32) for contour in chosen)


def _find_full_size(kind: SymbolKind) -> SymbolKind:
    return next((full for full in SymbolKind if full is not kind and shrink_kind(full) is kind), kind)


@functools.cache
def _load_glyph(font: str, code_point: int) -> tuple[NDArray[np.float64], ...]:
    """The outline of a glyph of a Verovio font in thousandths of an em, y down; empty where the font lacks it."""
    path = Path(verovio.__file__).parent / "data" / font / f"{code_point:04X}.xml"
    if not path.exists():
        return ()
    contours = []
    for drawn in etree.fromstring(path.read_bytes()).iter("path"):
        flip = read_transform(drawn.get("transform"))
        contours += [
            move_points(flip, contour).astype(np.float64) for contour in flatten_path(drawn.get("d") or "")
        ]
    return tuple(contours)


def _find_place(
    contours: Contours, taken: NDArray[np.uint8], space: float, rng: np.random.Generator
) -> NDArray[np.float32] | None:
    """How far to move a sign so that it stands on empty paper; None where no place was found."""
    box = bound(contours)
    height, width = taken.shape
    if box.width + 2 * space > width or box.height + 2 * space > height:
        return None
    for _ in range(_TRIES):
        x = rng.uniform(space * 0.5, width - box.width - space * 0.5)
        y = rng.uniform(space * 0.5, height - box.height - space * 0.5)
        rows, columns = _cells(Box(x, y, x + box.width, y + box.height), taken.shape)
        if not taken[rows, columns].any():
            return np.array([x - box.x0, y - box.y0], np.float32)
    return None


def _cells(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    rows = slice(max(0, int(box.y0)), min(shape[0], int(box.y1) + 1))
    return rows, slice(max(0, int(box.x0)), min(shape[1], int(box.x1) + 1))


def _draw_staff(
    image: NDArray[np.uint8], mask: NDArray[np.uint16], box: Box, truth: Truth, rng: np.random.Generator
) -> None:
    """A piece of staff under a sign, as far as the paper is empty; it is ink of staff lines but no staff."""
    space, half = truth.space, truth.line_width / 2
    left, right = box.x0 - _CLEAR * space, box.x1 + _CLEAR * space
    middle = box.center.y + space / 2 * rng.integers(-3, 4)
    for line in range(-2, 3):
        y = middle + line * space
        piece = (
            np.array([[left, y - half], [right, y - half], [right, y + half], [left, y + half]], np.float32),
        )
        rows, columns = _cells(bound(piece), image.shape)
        if image[rows, columns].size and image[rows, columns].min() == 255:
            _fill(image, piece, 0)
            layer = np.zeros(image.shape, np.uint8)[rows, columns]
            _fill(layer, tuple(contour - (columns.start, rows.start) for contour in piece), 1)
            mask[rows, columns] |= layer.astype(np.uint16) * STAFF_BIT


def _fill(picture: NDArray[np.uint8], contours: Contours, value: int) -> None:
    """Fill with smooth edges; OpenCV counts from the middle of a pixel, contours from its corner."""
    moved = [np.round((contour - 0.5) * 16).astype(np.int32) for contour in contours]
    cv2.fillPoly(picture, moved, value, cv2.LINE_AA if value == 0 else cv2.LINE_8, 4)


def _mark(mask: NDArray[np.uint16], contours: Contours) -> None:
    rows, columns = _cells(bound(contours).grow(1, 1), mask.shape)
    layer = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    _fill(layer, tuple(contour - (columns.start, rows.start) for contour in contours), 1)
    mask[rows, columns] |= layer.astype(np.uint16) * SYMBOL_BIT
