"""The pitch of lines of text. In: the black-and-white picture of a page. Out: from line to line, in its pixels.

Lines of text repeat downwards, dark and white in turn, and not along the line. Dots of a halftone repeat both ways,
specks neither: so the pitch is known where letters are worn to crumbs, or where dots and specks are more than letters.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

# A tile holds some lines and no more than a part of a column, so that its lines stand level (pixels).
_HIGH, _WIDE = 192, 96
TILE = _HIGH, _WIDE
_SHORTEST, _LONGEST = 7, 72  # pixels from line to line: three lines must stand in a tile
_REPEAT = 0.35  # correlation of a tile's rows with those one line below: less is no text
_ACROSS = 0.6  # of it: columns of a tile that repeat so much are those of a screen of dots
_NEXT_DOT = 3  # pixels: no dots are closer
_CONTRAST = 0.3  # rows differ so much, as a share of their mean: an engraving's and a halftone's do less
_PALE = 0.01  # share of ink in a tile: less is white paper

Mask = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pitch:
    """From line to line in pixels, as the usual one of `tiles` tiles that look like text."""

    size: float
    tiles: int


def find_pitch(mask: Mask) -> Pitch | None:
    """The usual pitch of lines on a page (height, width), 1 is ink; None where no tile of it looks like text."""
    pitch, text = _find_text(mask)
    if not text.any():
        return None
    return Pitch(float(np.median(pitch[text])), int(text.sum()))


def find_text(mask: Mask) -> Mask:
    """1 for each whole `TILE` of a page (height, width) that looks like text, 0 for others: (tiles down, across)."""
    _, text = _find_text(mask)
    return text.reshape(mask.shape[0] // _HIGH, -1 if text.size else mask.shape[1] // _WIDE).astype(np.uint8)


def measure_share(mask: Mask, among: Mask) -> float:
    """Among text the share of the ink `among` that is in `mask`: of clean print little is specks; 0 without text."""
    _, text = _find_text(among)
    if not text.any():
        return 0.0
    part, whole = (_cut_tiles(ink)[0].mean(axis=1)[text] for ink in (mask, among))
    return float(np.median(part / np.maximum(whole, 1e-9)))


def measure_rows(mask: Mask, pitch: float) -> float:
    """How much what is on a page repeats at a pitch, -1 to 1: crumbs of letters do, specks do not."""
    rows, _ = _cut_tiles(mask)
    rows = rows[rows.mean(axis=1) > _PALE / 4] if len(rows) else rows
    lag = round(pitch)
    if not len(rows) or not 1 <= lag <= _LONGEST:
        return 0.0
    return float(np.median(_correlate(rows, _LONGEST)[:, lag]))


def compare_rows(one: Mask, other: Mask) -> float:
    """How alike the darkness of the rows of two pictures of a page is, -1 to 1."""
    first, second = (_cut_tiles(mask)[0] for mask in (one, other))
    inked = (
        (first.mean(axis=1) > _PALE / 4) & (second.mean(axis=1) > _PALE) if len(first) else np.zeros(0, bool)
    )
    if not inked.any():
        return 0.0
    first, second = (rows - rows.mean(axis=1, keepdims=True) for rows in (first[inked], second[inked]))
    spread = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return float(np.median((first * second).sum(axis=1) / np.maximum(spread, 1e-9)))


def _find_text(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The pitch of each tile, and which of them look like text."""
    rows, columns = _cut_tiles(mask)
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, bool)
    down, across = _correlate(rows, _LONGEST), _correlate(columns, _WIDE // 2)
    pitch = _find_first_peak(down)
    strength = down[np.arange(len(down)), pitch]
    mean = rows.mean(axis=1)
    text = (pitch >= _SHORTEST) & (strength > _REPEAT) & (mean > _PALE)
    text &= rows.std(axis=1) > _CONTRAST * mean
    text &= across[:, _NEXT_DOT:].max(axis=1, initial=0.0) < _ACROSS * strength
    return pitch, text


def _cut_tiles(mask: Mask) -> tuple[Floats, Floats]:
    """The darkness of each tile's rows (n, _HIGH), and of its columns (n, _WIDE)."""
    down, across = mask.shape[0] // _HIGH, mask.shape[1] // _WIDE
    if not down or not across:
        return np.zeros((0, _HIGH)), np.zeros((0, _WIDE))
    cut = np.ascontiguousarray(mask[: down * _HIGH, : across * _WIDE]) * np.uint8(255)
    by_rows = cv2.resize(cut, (across, down * _HIGH), interpolation=cv2.INTER_AREA) / 255
    by_columns = cv2.resize(cut, (across * _WIDE, down), interpolation=cv2.INTER_AREA) / 255
    rows = by_rows.reshape(down, _HIGH, across).transpose(0, 2, 1).reshape(-1, _HIGH)
    return np.asarray(rows), np.asarray(by_columns.reshape(-1, _WIDE))


def _correlate(profiles: Floats, longest: int) -> Floats:
    """Of each profile its correlation with itself moved by 0 to `longest` pixels."""
    size = profiles.shape[1]
    even = profiles - profiles.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(even, 2 * size, axis=1)) ** 2
    shared = np.fft.irfft(power, axis=1)[:, : longest + 1]
    shared *= size / (size - np.arange(longest + 1))
    return np.asarray(shared / np.maximum(shared[:, :1], 1e-9))


def _find_first_peak(correlation: Floats) -> NDArray[np.int64]:
    """Where each correlation, once it has been below zero, is highest; of multiples of the pitch the first."""
    fallen = np.maximum.accumulate(correlation < 0, axis=1)
    after = np.where(fallen, correlation, -1.0)
    near = after >= 0.8 * after.max(axis=1, keepdims=True)
    rising = np.pad(after, ((0, 0), (1, 1)), constant_values=-1.0)
    near &= (after >= rising[:, :-2]) & (after >= rising[:, 2:])
    return np.asarray(near.argmax(axis=1), dtype=np.int64)
