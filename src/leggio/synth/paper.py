"""What lies on a printed page besides its print. In: a picture of ink and a random generator. Out: the picture marked.

A picture of ink is (height, width) float32, 0 paper and 1 ink, and is never written into: each function gives a new one
or the one it got. `space` is the staff space in pixels; `strength` is in (0, 1]. Paper is a picture too: how much light
it gives back, 1 white.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
_Points = NDArray[np.float64]

_LARGEST_SPECK = 0.12  # staff spaces, as radius: an augmentation dot has 0.2 and must stay unlike dirt
_MOST_SPECKS = 4000  # on one page: enough for the dirtiest, and a bound on time
_SMOOTH = 12.0  # pixels: noise with longer waves is smooth enough to be scaled up by lines
_QUANTILES = np.array([NormalDist().inv_cdf((number + 0.5) / 256) for number in range(256)], np.float32)
_MARGIN = 4  # pixels around a mark drawn by itself, for its soft edge

# How a pencil writes the digits 1 to 5, as corners of a line in a box of height 1; rounded when drawn.
_DIGITS = (
    ((0.2, 0.3), (0.5, 0.0), (0.45, 1.0)),
    ((0.1, 0.25), (0.3, 0.0), (0.65, 0.15), (0.5, 0.55), (0.05, 1.0), (0.3, 0.9), (0.75, 1.0)),
    ((0.1, 0.1), (0.6, 0.0), (0.6, 0.35), (0.3, 0.45), (0.7, 0.55), (0.6, 1.0), (0.05, 0.9)),
    ((0.55, 1.0), (0.5, 0.0), (0.5, 0.0), (0.0, 0.65), (0.0, 0.65), (0.8, 0.6)),
    ((0.7, 0.0), (0.2, 0.05), (0.2, 0.05), (0.15, 0.45), (0.65, 0.4), (0.7, 0.95), (0.0, 0.95)),
)
_STAMP_WORDS = (
    "BIBLIOTHEK", "LIBRARY", "EX LIBRIS", "CONSERVATOIRE", "MUSIC", "UNIVERSITY", "BIBLIOTECA", "PUBLIC", "DEPOSIT",
    "STADT", "1887", "1902", "No. 3417", "MUSIKSAMMLUNG", "DOUBLE", "ROYAL", "SOCIETY",
)  # fmt: skip


def smooth_noise(
    shape: tuple[int, int], cell: float, rng: np.random.Generator, deviation: float = 1.0
) -> Picture:
    """Noise of mean 0 and about this deviation that changes over `cell` pixels."""
    small = shape if cell <= 1 else (max(2, int(shape[0] / cell) + 2), max(2, int(shape[1] / cell) + 2))
    # Random bytes through a table of normal quantiles: eight times as fast as normal numbers.
    drawn = np.frombuffer(rng.bytes(small[0] * small[1]), np.uint8).reshape(small)
    coarse = np.asarray(cv2.LUT(drawn, _QUANTILES * np.float32(deviation)), np.float32)
    if cell <= 1:
        return coarse
    if (
        cell > _SMOOTH
    ):  # through a quarter of the size: the last step may be linear then, which is much faster
        between = (math.ceil(shape[1] / 4), math.ceil(shape[0] / 4))
        coarse = cv2.resize(coarse, between, interpolation=cv2.INTER_CUBIC)
    how = cv2.INTER_CUBIC if 2 < cell <= _SMOOTH else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=how), np.float32)


def blur(picture: Picture, deviation: float) -> Picture:
    """The picture out of focus, by a Gauss curve of this deviation in pixels."""
    if deviation > 6:  # a wide blur looks the same from a smaller picture, and costs a fraction
        small = (math.ceil(picture.shape[1] * 3 / deviation), math.ceil(picture.shape[0] * 3 / deviation))
        shrunk = cv2.GaussianBlur(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), (0, 0), 3)
        return np.asarray(cv2.resize(shrunk, (picture.shape[1], picture.shape[0])), np.float32)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(deviation, 0.01)), np.float32)


def show_other_side(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """The print of the other side shines through: mirrored, shifted and soft."""
    shift = (int(rng.integers(ink.shape[0])), int(rng.integers(ink.shape[1])))
    other = blur(np.roll(ink[:, ::-1], shift, (0, 1)), space * rng.uniform(0.05, 0.25))
    return np.asarray(np.maximum(ink, (0.08 + 0.25 * strength) * other), np.float32)


def print_twice(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """A faint second print beside the first: the sheet slipped, or lay on a wet one."""
    angle, far = rng.uniform(0, 2 * math.pi), space * rng.uniform(0.08, 0.3)
    matrix = np.array([[1, 0, far * math.cos(angle)], [0, 1, far * math.sin(angle)]])
    second = cv2.warpAffine(ink, matrix, ink.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.maximum(ink, (0.08 + 0.27 * strength) * second), np.float32)


def prick_ink(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """White specks inside the ink, in places: paper that the ink did not reach."""
    shape = (ink.shape[0], ink.shape[1])
    grain = smooth_noise(shape, max(1.0, space * rng.uniform(0.03, 0.12)), rng)
    grain += smooth_noise(shape, space * rng.uniform(1, 6), rng, 0.6)
    grain -= 2.5 - 1.5 * strength
    holes = np.clip(grain, 0, rng.uniform(0.25, 0.5), out=grain)
    return np.asarray(ink * (1 - 2 * holes), np.float32)


def drop_specks(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Dust on the paper and holes in the ink, some of it in clouds, each speck of its own form."""
    ink = ink.copy()
    height, width = ink.shape
    count = min(rng.poisson(8 * strength**2 * height * width / (space * 30) ** 2 * 8), _MOST_SPECKS)
    places = rng.random((count, 2)) * (width, height)
    clouded = rng.random(count) < rng.uniform(0, 0.7)
    clouds = rng.random((max(1, count // 25), 2)) * (width, height)
    drift = rng.standard_normal((count, 2)) * space * rng.uniform(0.3, 2)
    places = np.where(clouded[:, None], clouds[rng.integers(len(clouds), size=count)] + drift, places)
    radii = np.minimum(space * rng.gamma(1.2, 0.03, count), space * _LARGEST_SPECK)
    values = np.where(rng.random(count) < 0.8, rng.uniform(0.5, 1), 0.0)
    flat, turns = rng.uniform(0.3, 1, count), rng.uniform(0, 180, count)
    for (x, y), radius, value, share, turn in zip(places, radii, values, flat, turns, strict=True):
        axes = (round(radius * 16), round(radius * share * 16))
        corners = cv2.ellipse2Poly((round(x * 16), round(y * 16)), axes, int(turn), 0, 360, 60)
        cv2.fillPoly(ink, [corners], float(value), cv2.LINE_8, 4)
    return ink


def sprinkle(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Salt and pepper of one or several sizes of grain, thicker in some areas."""
    shape = (ink.shape[0], ink.shape[1])
    for _ in range(int(rng.integers(1, 4))):
        size = int(rng.integers(1, max(2, round(space * 0.14)) + 1))
        count = rng.poisson(ink.size * 0.004 * strength**2 * rng.uniform(0.05, 1) / size**2)
        grains = np.zeros(shape, np.float32)
        grains[rng.integers(shape[0], size=count), rng.integers(shape[1], size=count)] = 1
        if rng.random() < 0.6:
            grains[smooth_noise(shape, space * rng.uniform(2, 12), rng) < rng.uniform(-0.5, 1)] = 0
        if size > 1:
            form = cv2.MORPH_CROSS if rng.random() < 0.5 else cv2.MORPH_RECT
            kernel = cv2.getStructuringElement(form, (size, max(1, size - int(rng.integers(2)))))
            grains = cv2.dilate(grains, kernel)
        ink = np.maximum(ink, grains) if rng.random() < 0.65 else ink * (1 - grains)
    return ink.astype(np.float32)


def lay_hairs(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Hairs and fibres: thin curls, dark on the paper or, from the plate, white through the ink."""
    ink = ink.copy()
    for _ in range(1 + rng.poisson(2 * strength * max(1.0, ink.size / (space * 60) ** 2))):
        steps = int(rng.integers(8, 40))
        turning = np.cumsum(rng.normal(rng.normal(0, 0.08), 0.12, steps)) + rng.uniform(0, 2 * math.pi)
        stride = space * rng.uniform(0.05, 0.2)
        walk = np.cumsum(np.stack([np.cos(turning), np.sin(turning)], axis=1), axis=0) * stride
        walk += rng.random(2) * (ink.shape[1], ink.shape[0])
        value = rng.uniform(0.4, 1.0) if rng.random() < 0.8 else 0.0
        _draw_line(ink, walk, value, space * rng.uniform(0.02, 0.06))
    return ink


def scratch(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Long straight scratches that take the ink away, and folds, which are dark."""
    ink = ink.copy()
    long = max(ink.shape)
    for _ in range(1 + rng.poisson(2 * strength)):
        angle = rng.uniform(0, math.pi)
        middle = rng.random(2) * (ink.shape[1], ink.shape[0])
        reach = long * rng.uniform(0.05, 0.7) * np.array([math.cos(angle), math.sin(angle)])
        way = middle + np.linspace(-1, 1, 12)[:, None] * reach + rng.normal(0, space * 0.05, (12, 2))
        _draw_line(
            ink, way, 0.0 if rng.random() < 0.75 else rng.uniform(0.2, 0.6), space * rng.uniform(0.02, 0.07)
        )
    return ink


def pencil(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """What a player wrote: fingerings, circles, crosses, wavy lines and words, grainy and grey."""
    marks = np.zeros_like(ink)
    many = 1 + rng.poisson(3 * strength * max(1.0, ink.size / (space * 40) ** 2))
    for _ in range(min(many, 60)):
        line = _write(rng, space * rng.uniform(0.9, 2.2)) + rng.random(2) * (ink.shape[1], ink.shape[0])
        _draw_line(marks, line, rng.uniform(0.6, 1.0), space * rng.uniform(0.06, 0.13))
    grain = smooth_noise((ink.shape[0], ink.shape[1]), max(1.0, space * 0.06), rng, 0.2)
    grain += rng.uniform(0.25, 0.45) + 0.35 * strength
    marks *= np.clip(grain, 0.05, 0.85, out=grain)
    return np.asarray(np.maximum(ink, marks), np.float32)


def stamp(ink: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """A library's stamp: an oval or a frame with letters, unevenly inked; it may lie partly off the page."""
    size = int(space * rng.uniform(4, 9))
    mark = _draw_round_stamp(size, rng) if rng.random() < 0.6 else _draw_square_stamp(size, rng)
    turn = cv2.getRotationMatrix2D((mark.shape[1] / 2, mark.shape[0] / 2), rng.normal(0, 12), 1)
    mark = cv2.warpAffine(mark, turn, mark.shape[::-1])
    worn = 0.75 + 0.2 * smooth_noise(mark.shape, space * 0.8, rng) + 0.15 * smooth_noise(mark.shape, 2, rng)
    mark = blur(mark * np.clip(worn, 0, 1), space * 0.03) * (0.3 + 0.4 * strength)
    ink = ink.copy()
    x, y = (int(rng.integers(-size // 2, max(1, side - size // 2))) for side in ink.shape[::-1])
    here = ink[max(0, y) : max(0, y + mark.shape[0]), max(0, x) : max(0, x + mark.shape[1])]
    cut = mark[max(0, -y) :, max(0, -x) :][: here.shape[0], : here.shape[1]]
    np.maximum(here, cut, out=here)
    return ink


def stain(paper: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Damp spread in the paper: darker patches, some with the darker rim where the water dried."""
    shape = (paper.shape[0], paper.shape[1])
    spread = smooth_noise(shape, space * rng.uniform(5, 20), rng) + 0.1 * smooth_noise(shape, space, rng)
    level, dark = rng.uniform(0.4, 1.2), 0.05 + 0.2 * strength
    inside = np.clip((spread - level) * 4, 0, 1)
    rim = np.clip(1 - np.abs(spread - level - 0.05) * 12, 0, 1) * rng.uniform(0, 0.8)
    return np.asarray(paper * (1 - dark * np.maximum(inside * rng.uniform(0.4, 1), rim)), np.float32)


def fox(paper: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """Foxing: soft brown spots, many small and few large."""
    spots = np.zeros_like(paper)
    for _ in range(min(1 + rng.poisson(10 * strength * paper.size / (space * 25) ** 2), 400)):
        centre = (int(rng.integers(paper.shape[1])), int(rng.integers(paper.shape[0])))
        radius = max(1, round(space * min(rng.gamma(1.2, 0.25), 2)))
        cv2.circle(spots, centre, radius, rng.uniform(0.2, 1), -1)
    spots = blur(spots, space * rng.uniform(0.1, 0.35))
    return np.asarray(paper * (1 - (0.1 + 0.25 * strength) * spots), np.float32)


def texture(paper: Picture, rng: np.random.Generator, space: float, strength: float) -> Picture:
    """The paper's own clouds and fibres."""
    shape = (paper.shape[0], paper.shape[1])
    sheet = smooth_noise(shape, space * rng.uniform(3, 25), rng, strength * rng.uniform(0, 0.05))
    fibre = max(1.5, space * rng.uniform(0.06, 0.3))
    sheet += smooth_noise(shape, fibre, rng, strength * rng.uniform(0.005, 0.035))
    return np.asarray(paper * (1 + sheet), np.float32)


def _draw_line(picture: Picture, points: _Points, value: float, width: float) -> None:
    """A soft-edged line through points; drawn as coverage, since OpenCV smooths lines in bytes only."""
    x0, y0 = np.maximum(np.floor(points.min(axis=0) - width).astype(int) - _MARGIN, 0)
    x1, y1 = np.ceil(points.max(axis=0) + width).astype(int) + _MARGIN
    here = picture[y0 : max(y0, y1), x0 : max(x0, x1)]
    if here.size == 0:
        return
    cover = np.zeros(here.shape, np.uint8)
    scaled = np.round((points - (x0, y0)) * 16).astype(np.int32)
    cv2.polylines(cover, [scaled], False, 255, max(1, round(width)), cv2.LINE_AA, 4)
    share = cover.astype(np.float32) / 255 * min(1.0, width)  # a line thinner than a pixel is fainter instead
    here[:] = np.maximum(here, share * value) if value > 0 else here * (1 - share)


def _write(rng: np.random.Generator, size: float) -> _Points:
    """One mark of a pencil, about `size` pixels high, around (0, 0)."""
    kind = rng.choice(5, p=(0.45, 0.2, 0.1, 0.1, 0.15))
    if kind == 0:
        corners = np.array(_DIGITS[int(rng.integers(5))]) + rng.normal(0, 0.05, (1, 2))
        corners = corners + rng.normal(0, 0.04, corners.shape)
    elif kind == 1:  # a ring around something, its end past its beginning
        t = np.linspace(0, 2 * math.pi + rng.uniform(-0.3, 0.8), 24) + rng.uniform(0, 6)
        swing = 1 + 0.08 * np.sin(t * 0.7 + rng.uniform(0, 6))
        corners = np.stack([np.cos(t) * rng.uniform(0.7, 2), np.sin(t)], axis=1) * swing[:, None]
    elif kind == 2:
        corners = np.array([(0, 0), (0.8, 1), (0.4, 0.5), (0.8, 0.0), (0, 1.0)]) + rng.normal(0, 0.08, (5, 2))
    elif kind == 3:
        t = np.linspace(0, rng.uniform(3, 8), 30)
        corners = np.stack([t, 0.15 * np.sin(t * 5) + rng.normal(0, 0.02, 30)], axis=1)
    else:  # a word: loops along a line, high and low by turns
        t = np.linspace(0, rng.uniform(8, 30), 90)
        high = 0.25 + 0.2 * np.interp(t, np.arange(32), rng.random(32) ** 2 * 3)
        corners = np.stack([0.09 * t + 0.12 * np.sin(t * 2.1), -high * np.cos(t * 2.1)], axis=1)
    for _ in range(2):  # Chaikin: each corner becomes two
        inner = np.stack(
            [0.75 * corners[:-1] + 0.25 * corners[1:], 0.25 * corners[:-1] + 0.75 * corners[1:]], 1
        )
        corners = np.concatenate([corners[:1], inner.reshape(-1, 2), corners[-1:]])
    slant = np.array([[1, 0], [rng.normal(-0.2, 0.15), 1]])
    return np.asarray(corners @ slant * size, np.float64)


def _draw_round_stamp(size: int, rng: np.random.Generator) -> Picture:
    """Letters set around one or two rings, made straight and then bent round."""
    radius, rim = size // 2, max(1, size // 60)
    round_way = int(2 * math.pi * radius)
    straight = np.zeros((radius, round_way), np.uint8)
    straight[: 2 * rim] = 255
    if rng.random() < 0.7:
        at = int(radius * rng.uniform(0.38, 0.5))
        straight[at : at + rim] = 255
    words = " * ".join(rng.choice(_STAMP_WORDS, 3))
    _letter(straight, words, (int(round_way * 0.03), int(radius * 0.32)), round_way * 0.9, rim)
    bent = cv2.warpPolar(
        np.ascontiguousarray(straight[::-1].T), (size, size), (radius, radius), radius,
        cv2.WARP_POLAR_LINEAR | cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS,
    )  # fmt: skip
    _letter(bent, str(rng.choice(_STAMP_WORDS)), (int(size * 0.28), int(size * 0.54)), size * 0.44, rim)
    return np.asarray(bent, np.float32) / np.float32(255)


def _draw_square_stamp(size: int, rng: np.random.Generator) -> Picture:
    lines = int(rng.integers(1, 4))
    pen = max(1, size // 60)
    row = max(8, size // 5)
    frame = np.zeros((row * lines + row, size), np.uint8)
    if rng.random() < 0.7:
        cv2.rectangle(frame, (pen, pen), (size - 2 * pen, frame.shape[0] - 2 * pen), 255, pen)
    for line in range(lines):
        start = (int(size * rng.uniform(0.06, 0.15)), row * (line + 1) + row // 4)
        _letter(frame, str(rng.choice(_STAMP_WORDS)), start, size * 0.8, pen)
    return frame.astype(np.float32) / np.float32(255)


def _letter(picture: NDArray[np.uint8], words: str, start: tuple[int, int], width: float, pen: int) -> None:
    """Write words from `start` on, as wide as `width` pixels."""
    (wide, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_COMPLEX, 1.0, pen)
    cv2.putText(picture, words, start, cv2.FONT_HERSHEY_COMPLEX, width / wide, 255, pen, cv2.LINE_AA)
