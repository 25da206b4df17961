"""Rare signs in the margins. In: a clean engraved page. Out: the same page with loose signs where it was empty.

The remedy of Elezi et al. (WoRMS 2018, arXiv 1810.05423) against class imbalance: every page carries signs that music
has too few of, drawn in the page's own music font where there is paper, some on short pieces of staff, each with its
truth.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import Symbol, SymbolKind
from leggio.synth.loose import draw_sign
from leggio.synth.outlines import bound
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Contours, Sample, Truth

_CLEAR = 0.45  # staff spaces of empty paper around a loose sign
_TRIES = 12  # places that are tried for each sign
_ON_STAFF = 0.4  # share of signs that stand on a piece of staff of their own
# Signs that only mean something at a place in the music, and so do not stand alone; those of words and lines.
_NEVER = (SymbolKind.BRACE, SymbolKind.BRACKET, SymbolKind.ARPEGGIO)

# Signs that stand on nearly every page: they are strewn too, so that a loose sign is not always a rare one, but seldom.
_COMMON = (
    SymbolKind.CLEF_G, SymbolKind.CLEF_F, SymbolKind.HEAD_BLACK, SymbolKind.HEAD_HALF, SymbolKind.REST_QUARTER,
    SymbolKind.REST_8, SymbolKind.REST_WHOLE, SymbolKind.FLAG_8_UP, SymbolKind.FLAG_8_DOWN, SymbolKind.SHARP,
    SymbolKind.FLAT, SymbolKind.NATURAL, SymbolKind.DOT, SymbolKind.STACCATO, SymbolKind.REPEAT_DOT,
    SymbolKind.DYNAMIC_P, SymbolKind.DYNAMIC_F,
)  # fmt: skip
_SELDOM = 0.15  # how often a common sign is strewn beside a rare one
# Signs of which 1,000 pages with all other kinds strewn alike held fewer than 250.
_RAREST = (
    SymbolKind.CLEF_8, SymbolKind.CLEF_15, SymbolKind.CLEF_TAB, SymbolKind.CLEF_PERCUSSION, SymbolKind.TIME_0,
    SymbolKind.TIME_CUT, SymbolKind.TRILL_LINE, SymbolKind.GRACE_SLASH, SymbolKind.FLAG_64_UP, SymbolKind.FLAG_64_DOWN,
    SymbolKind.FLAG_128_UP, SymbolKind.FLAG_128_DOWN, SymbolKind.FLAG_16_UP_SMALL, SymbolKind.FLAG_16_DOWN_SMALL,
    SymbolKind.REST_LONGA, SymbolKind.REST_DOUBLE_WHOLE, SymbolKind.REST_64, SymbolKind.REST_128,
    SymbolKind.REST_256, SymbolKind.REST_H_BAR, SymbolKind.HEAD_DOUBLE_WHOLE, SymbolKind.HEAD_WHOLE_SMALL,
    SymbolKind.SEGNO, SymbolKind.CODA, SymbolKind.TREMBLEMENT, SymbolKind.REPEAT_BAR, SymbolKind.REPEAT_2_BARS,
    SymbolKind.TUPLET_0, SymbolKind.TUPLET_1, SymbolKind.TUPLET_2, SymbolKind.TUPLET_4, SymbolKind.TUPLET_5,
    SymbolKind.TUPLET_6, SymbolKind.TUPLET_7, SymbolKind.TUPLET_8, SymbolKind.TUPLET_9,
)  # fmt: skip
_OFTEN = 2.0  # how often one of the rarest signs is strewn beside another rare one


def strew_signs(sample: Sample, font: str, rng: np.random.Generator, most: int = 84) -> Sample:
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
        parts = draw_sign(kinds[int(kind)], font, space, rng)
        whole = tuple(contour for _, contours in parts for contour in contours)
        place = _find_place(whole, taken, space, rng) if whole else None
        if place is None:
            continue
        box = bound(tuple(contour + place for contour in whole))
        if rng.random() < _ON_STAFF:
            _draw_staff(image, mask, box, sample.truth, rng)
        for named, drawn in parts:
            contours = tuple((contour + place).astype(np.float32) for contour in drawn)
            _fill(image, contours, 0)
            _mark(mask, contours)
            symbols.append(Symbol(next_id, named, bound(contours), 1.0))
            outlines.append(contours)
            next_id += 1
        rows, columns = _cells(box.grow(_CLEAR * space * 3, _CLEAR * space * 3), taken.shape)
        taken[rows, columns] = 1
    truth = replace(sample.truth, symbols=tuple(symbols))
    return Sample(image, mask, truth, tuple(outlines) if sample.outlines else ())


def _weigh_kinds() -> tuple[tuple[SymbolKind, ...], NDArray[np.float64]]:
    kinds = tuple(kind for kind in SymbolKind if kind not in _NEVER)
    weights = np.array([_SELDOM if kind in _COMMON else _OFTEN if kind in _RAREST else 1.0 for kind in kinds])
    return kinds, weights / weights.sum()


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
        rows, columns = _cells(bound(piece).grow(1, 1), image.shape)  # smooth edges reach so far
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
