"""The ink of a newspaper page, at the size at which lines are looked for. In: a grey page. Out: `Ink`.

Everything that looks for print on the page works on this one reduced, black-and-white picture; its unit is the height
of the page's own small letters, so that a page is seen alike whatever its resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.pitch import Pitch, compare_rows, find_pitch, measure_rows, measure_share

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]

# Small letters of this height in pixels are still told apart, and a page with them is looked at in half a second.
LETTER = 8.0

_FIRST_SIDE = 4000  # long side in pixels of the picture on which the small letters are measured
_SCALE_FROM = (
    1.35  # letters larger or smaller than LETTER by this factor make a second picture worth its time
)
_MOST_ENLARGED = 2.0
_FEWEST = 200  # pieces of ink: fewer tell too little about letters
# A tile is so large (pixels), no page has so many side by side, and so few letters make a voice.
_TILE, _TILES, _TILE_FEWEST = 160, 1000, 10
_TILE_MOST = 400  # pieces in a tile: 10 lines of 25 letters are fewer, dots 7 pixels apart are more
_DOTS = (
    6.0  # pixels: dots of halftones are 3 to 5 high on pages of this size, small letters on 73 pages 7 to 20
)

# Small letters have so much of the pitch of lines: set solid most, with lead between the lines least; and usually.
_LEAST_OF_PITCH, _MOST_OF_PITCH, _USUAL_OF_PITCH = 0.28, 0.7, 0.47
_SURE, _CERTAIN = (
    3,
    12,
)  # tiles of text that outvote the pieces of ink; and so many are enough to ask no others

# Paper gets darker towards the binding and the edges: the brightness that print is compared with is that of the
# brightest spot within so many pixels of the reduced page, but not less than this share of the page's paper.
_PAPER_REACH = 72
_PAPER_STEP = 12
_DARKEST_PAPER = 0.45
_INK_RANGE = (
    0.52,
    0.8,
)  # shares of the paper's brightness: darker than the first is ink, brighter than the second not
_NEAR, _FAINT = 31, 30  # pixels around faint print, and grey levels by which it is darker than their mean
# A page that is printed faintly has less of both. Its print is the darkest twentieth of it; where that is not so much
# darker than paper (full black is by 255), the levels fall, fast, since thin strokes pale before thick ones do.
_CONTRAST, _PRINT, _FALL, _FAINTEST = 140, 5, 3, 10

_LOWEST, _HIGHEST = 3, 60  # pixels: heights of what may be a small letter
_SPECK = 0.2  # of a small letter's height squared: less ink than this is dust
_CRUMB = 0.03  # the same on worn print, whose letters fall into crumbs
_DUSTY = (
    0.1  # share of the ink among text that is dust: clean pages have up to 0.075, worn or speckled ones more
)
_WORN = 0.3  # dust that repeats so much from line to line is crumbs of letters
# Specks show where no letter is: their rows are unlike those of letters (-0.71 to -0.30), crumbs less so (from -0.01).
_APART = -0.2

_CONNECTIVITY = 8


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """What is printed on a page, `scale` working pixels to a page pixel.

    `mask` (height, width) is 1 on ink. `labels` gives each pixel the number of the piece of connected ink that it
    belongs to, 0 is paper. `parts` (n, 5) are left, top, width, height and area of the pieces, row 0 the paper.
    `letter` is the height of the page's small letters in working pixels.
    """

    mask: Mask
    labels: NDArray[np.int32]
    parts: NDArray[np.int32]
    scale: float
    letter: float

    def to_page(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box in working pixels on the page."""
        return Box(x0 / self.scale, y0 / self.scale, x1 / self.scale, y1 / self.scale)


def find_ink(grey: Grey) -> Ink:
    """The ink of a page (height, width), 0 is black. A page without letters gets `LETTER` for their height."""
    scale = min(1.0, _FIRST_SIDE / max(grey.shape))
    letter, pitch = _measure_middle(grey, scale)
    if not LETTER / _SCALE_FROM < letter < LETTER * _SCALE_FROM:
        factor = min(LETTER / letter, _MOST_ENLARGED)
        scale, letter, pitch = scale * factor, letter * factor, pitch * factor
    mask = _part_ink(_resize(grey, scale))
    labels, parts = _label(mask)
    dust = _find_dust(parts, letter)
    kept = _keep(labels, dust)
    dusty = mask - kept
    if pitch > 0 and measure_share(dusty, mask) > _DUSTY:
        if measure_rows(dusty, pitch) > _WORN and compare_rows(dusty, kept) > _APART:
            dust &= parts[:, 4] < max(2, math.floor(_CRUMB * letter * letter))
        else:  # strewn all over the page, it would look like the dots of a picture
            labels[dusty > 0] = 0
    return Ink(*_drop_dust(labels, parts, dust), scale, letter)


def _measure_middle(grey: Grey, scale: float) -> tuple[float, float]:
    """The height of small letters in the middle of a page resized by `scale`; of all of it where that tells too little.

    That is where it holds few pieces, or where they are so small that they may be the dots of a picture, or where
    they do not fit the pitch of its lines. Then all tiles of the page count alike, since dots are many but in one
    place. With it comes the pitch of the lines, 0 where it shows none.
    """
    height, width = grey.shape
    middle = grey[height // 4 : height - height // 4, width // 4 : width - width // 4]
    letter, pitch = 0.0, None
    for part, tiled in ((middle, False), (grey, True)):
        known = letter >= _DOTS and (pitch is None or (pitch.tiles >= _CERTAIN and _fits(letter, pitch)))
        if min(part.shape) > 0 and not known:
            mask = _part_ink(_resize(part, scale))
            pitch = find_pitch(mask) or pitch
            _, parts = _label(mask)
            if len(parts) > _FEWEST:
                letter = max(letter, _measure_letters(parts, tiled=tiled))
    return _weigh(letter, pitch), pitch.size if pitch is not None else 0.0


def _weigh(letter: float, pitch: Pitch | None) -> float:
    """The height of small letters by their pieces, unless these may be dots or do not fit the pitch of lines."""
    few = pitch is None or pitch.tiles < _CERTAIN
    if pitch is not None and pitch.tiles >= _SURE:
        return (
            letter if _fits(letter, pitch) and not (few and letter < _DOTS) else _USUAL_OF_PITCH * pitch.size
        )
    return LETTER if letter < _DOTS else letter


def _fits(letter: float, pitch: Pitch) -> bool:
    return _LEAST_OF_PITCH * pitch.size <= letter <= _MOST_OF_PITCH * pitch.size


def _resize(grey: Grey, scale: float) -> Grey:
    if scale == 1:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)


def _part_ink(grey: Grey) -> Mask:
    """1 where it is darker than the paper: by Otsu's threshold on evenly lit paper, and darker than what is near.

    The first fills solid black, the second finds faint print beside it.
    """
    even = _light_evenly(grey)
    otsu, _ = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    low, high = (round(255 * share) for share in _INK_RANGE)
    solid = cv2.threshold(even, min(max(otsu, low), high), 1, cv2.THRESH_BINARY_INV)[1]
    contrast = 255 - float(np.percentile(even[::4, ::4], _PRINT))
    levels = max(_FAINTEST, _FAINT * min(1.0, contrast / _CONTRAST) ** _FALL)
    faint = cv2.adaptiveThreshold(
        even, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _NEAR, levels
    )  # fmt: skip
    return np.asarray(cv2.bitwise_or(solid, faint), dtype=np.uint8)


def _light_evenly(grey: Grey) -> Grey:
    """The page with paper at 255 everywhere; large dark areas stay dark."""
    height, width = grey.shape
    small = (max(1, width // _PAPER_STEP), max(1, height // _PAPER_STEP))
    coarse = cv2.resize(cv2.blur(grey, (3, 3)), small, interpolation=cv2.INTER_AREA)
    reach = 2 * (_PAPER_REACH // _PAPER_STEP) + 1
    paper = cv2.dilate(coarse, np.ones((reach, reach), np.uint8))
    paper = cv2.blur(paper, (reach, reach))
    darkest = _DARKEST_PAPER * float(np.percentile(paper, 75))
    gain = 255.0 / np.maximum(paper.astype(np.float32), max(darkest, 1.0))
    gains = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(grey, gains, dtype=cv2.CV_8U), dtype=np.uint8)


def _label(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    _, labels, parts, _ = cv2.connectedComponentsWithStats(mask, connectivity=_CONNECTIVITY, ltype=cv2.CV_32S)
    return labels, parts


def _measure_letters(parts: NDArray[np.int32], *, tiled: bool = False) -> float:
    """The most usual height of pieces that are shaped like letters: that of a, c, e, m, n, o, r, s, u, v.

    If `tiled`, each tile of the page has one voice.
    """
    width, height, area = parts[1:, 2], parts[1:, 3], parts[1:, 4]
    lettered = (height >= _LOWEST) & (height <= _HIGHEST) & (width >= 0.4 * height) & (width <= 3 * height)
    lettered &= area >= 0.2 * width * height
    if not lettered.any():
        return LETTER
    voices = _count_voices(parts[1:, :2] // _TILE, lettered) if tiled else np.ones(int(lettered.sum()))
    counts = np.bincount(height[lettered], voices, minlength=_HIGHEST + 2)
    counts *= np.sqrt(np.arange(len(counts)))  # low pieces are often crumbs of letters
    smooth = np.convolve(counts, (1.0, 2.0, 1.0), mode="same")
    top = int(smooth.argmax())
    near = np.arange(max(top - 1, 0), top + 2)
    return float((near * counts[near]).sum() / max(counts[near].sum(), 1e-9))


def _count_voices(places: NDArray[np.int32], lettered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each lettered piece its part of its tile's one voice; tiles that are full of dots or specks have none."""
    tile = places[:, 0] + _TILES * places[:, 1]
    crowd = np.bincount(tile)[tile[lettered]]
    members = np.bincount(tile[lettered])[tile[lettered]]
    return np.asarray(np.where(crowd <= _TILE_MOST, 1 / np.maximum(members, _TILE_FEWEST), 0.0))


def _find_dust(parts: NDArray[np.int32], letter: float) -> NDArray[np.bool_]:
    """Which pieces of ink are so small that they may be dust."""
    dust = parts[:, 4] < max(2, math.floor(_SPECK * letter * letter))
    dust[0] = False
    return np.asarray(dust)


def _drop_dust(
    labels: NDArray[np.int32], parts: NDArray[np.int32], dust: NDArray[np.bool_]
) -> tuple[Mask, NDArray[np.int32], NDArray[np.int32]]:
    """The ink without dust; its pieces keep their numbers, with no area."""
    kept = parts.copy()
    kept[dust, 4] = 0
    return _keep(labels, dust), labels, kept


def _keep(labels: NDArray[np.int32], dust: NDArray[np.bool_]) -> Mask:
    keep = (~dust).astype(np.uint8)
    keep[0] = 0
    return keep[labels]
