"""A page that a phone saw. In: a clean sample. Out: one seen askew, curled, through a lens, in uneven light, on a desk.

The warp stays mild: the reader follows staff lines up to a few degrees, and so do people who hold a phone over music.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from leggio.geometry import Box
from leggio.synth.degrade import Ageing, Kind, degrade
from leggio.synth.paper import blur, smooth_noise
from leggio.synth.sample import Sample
from leggio.synth.scanner import Gray
from leggio.synth.warp import Points, follow_edges, warp_sample

_TURN = (0.7, 1.5)  # degrees, deviation and most: how the phone is turned
_LEAN = (0.015, 0.035)  # share by which the left edge looks longer than the right one; this tilts staff lines
_TIP = (0.03, 0.08)  # the same of the bottom edge and the top one; this does not
_CURL = 1.0  # degrees: the most that the paper rises, where it goes into the spine
_LENS = (-0.005, 0.02)  # share of its distance by which the lens draws a corner inwards
_MOST_TILT = 2.8  # degrees, anywhere on the page, of what was level
_NEWTON = 6  # steps: the lens is so mild that four give all digits

PHOTO = Ageing(
    clean=Kind(0),
    photo=Kind(1),
    border=Kind(0),
    spine=Kind(0.3),
    screen=Kind(0.12, 0.6),
    defocus=Kind(0.3),
    contrast=Kind(0.6, 0.5),
    sharpen=Kind(0.4, 0.7),
    jpeg=Kind(0.8),
)


@dataclass(frozen=True, slots=True)
class PhotoWarp:
    """The paper curls at one side, a phone looks at it from an angle, the lens bends what is far from its middle.

    `curl`: how high (pixels) the paper's rows rise at `side` (its x in pixels), fading over `reach` pixels, negative
    where the side is the right one. `view`: the rows of a 3x3 matrix of homogeneous points about `middle`, the middle
    of the flat page. `lens`: a point at `radius` pixels from the middle moves inwards by this share. `origin`: what
    comes to (0, 0) in the end. `shape` is the height and width of the photo, `space` a staff space in pixels.
    """

    curl: float
    side: float
    reach: float
    view: tuple[tuple[float, float, float], ...]
    middle: tuple[float, float]
    lens: float
    radius: float
    origin: tuple[float, float]
    shape: tuple[int, int]
    space: float

    def move(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1] + self._rise(points[:, 0])
        x, y = _project(np.array(self.view), x - self.middle[0], y - self.middle[1])
        # The lens is known the other way round, from the bent radius to the straight one: Newton turns it.
        straight = np.hypot(x, y) / self.radius
        bent = straight
        for _ in range(_NEWTON):
            bent = bent - (bent + self.lens * bent**3 - straight) / (1 + 3 * self.lens * bent**2)
        share = 1 / (1 + self.lens * bent**2)
        return np.stack([x * share - self.origin[0], y * share - self.origin[1]], axis=1)

    def trace_back(self, x: Points, y: Points) -> tuple[Points, Points]:
        x, y = x + self.origin[0], y + self.origin[1]
        share = 1 + self.lens / self.radius**2 * (x * x + y * y)
        x, y = _project(np.linalg.inv(np.array(self.view)), x * share, y * share)
        x = x + self.middle[0]
        return x, y + self.middle[1] - self._rise(x)

    def _rise(self, x: Points) -> Points:
        return self.curl * np.exp(-np.maximum((x - self.side) / self.reach, 0.0))


def make_photo(
    shape: tuple[int, int],
    space: float,
    *,
    turn: float = 0.0,
    lean: float = 0.0,
    tip: float = 0.0,
    curl: float = 0.0,
    reach: float = 0.2,
    lens: float = 0.0,
    margin: float = 0.0,
) -> PhotoWarp:
    """The warp of a page of `shape`, its photo as large as it takes to keep all of it.

    `turn` in degrees; `lean`, `tip` and `lens` as shares; `curl` in degrees, at the side where `reach` (a share of the
    width, negative for the right side) begins; `margin` in pixels. Where all this would tilt a level line more than a
    reader can follow, all of it is made milder.
    """
    height, width = shape
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    view = ((c, -s, 0.0), (s, c, 0.0), (lean / width, tip / height, 1.0))
    side, reach_pixels = (0.0, reach * width) if reach > 0 else (float(width), reach * width)
    rise = math.tan(math.radians(curl)) * abs(reach_pixels)
    middle, radius = (width / 2, height / 2), math.hypot(width, height) / 2
    flat = PhotoWarp(rise, side, reach_pixels, view, middle, lens, radius, (0.0, 0.0), shape, space)
    tilt = _measure_tilt(flat)
    if tilt > _MOST_TILT:
        milder = 0.95 * _MOST_TILT / tilt
        return make_photo(
            shape, space, turn=turn * milder, lean=lean * milder, tip=tip * milder, curl=curl * milder,
            reach=reach, lens=lens * milder, margin=margin,
        )  # fmt: skip
    edge = flat.move(follow_edges(Box(0, 0, width, height), space / 2))
    left, top = edge.min(axis=0) - margin
    right, bottom = np.ceil(edge.max(axis=0) + margin - (left, top)).astype(int)
    return replace(flat, origin=(float(left), float(top)), shape=(int(bottom), int(right)))


def draw_photo(shape: tuple[int, int], space: float, rng: np.random.Generator) -> PhotoWarp:
    """How somebody may have taken a page of `shape` with this staff space in pixels."""
    turn, lean, tip = (
        float(np.clip(rng.normal(0, usual), -most, most)) for usual, most in (_TURN, _LEAN, _TIP)
    )
    return make_photo(
        shape,
        space,
        turn=turn,
        lean=lean,
        tip=tip,
        curl=rng.uniform(-_CURL, _CURL) if rng.random() < 0.5 else 0.0,
        reach=rng.uniform(0.08, 0.3) * rng.choice((-1, 1)),
        lens=rng.uniform(*_LENS),
        margin=space * rng.uniform(0, 3) if rng.random() < 0.6 else 0.0,
    )


def shoot(sample: Sample, rng: np.random.Generator) -> Sample:
    """A photo of a page: image, mask and records move together, then the image ages as photos do."""
    space = sample.truth.space
    page = (sample.image.shape[0], sample.image.shape[1])
    warp = draw_photo(page, space, rng)
    taken = warp_sample(sample, warp)
    return replace(taken, image=_lay_on_desk(degrade(taken.image, rng, space, PHOTO), page, warp, rng))


def _project(view: Points, x: Points, y: Points) -> tuple[Points, Points]:
    depth = view[2, 0] * x + view[2, 1] * y + view[2, 2]
    across = view[0, 0] * x + view[0, 1] * y + view[0, 2]
    down = view[1, 0] * x + view[1, 1] * y + view[1, 2]
    return across / depth, down / depth


def _measure_tilt(warp: PhotoWarp) -> float:
    """The steepest that a level line of the flat page gets, in degrees."""
    height, width = warp.shape
    steepest = 0.0
    for y in np.linspace(0, height, 5):
        line = warp.move(np.stack([np.linspace(0, width, 60), np.full(60, y)], axis=1))
        across, down = np.diff(line, axis=0).T
        steepest = max(steepest, float(np.abs(np.degrees(np.arctan2(down, across))).max()))
    return steepest


def _lay_on_desk(image: Gray, page: tuple[int, int], warp: PhotoWarp, rng: np.random.Generator) -> Gray:
    """What is around the sheet: a desk or a cloth, and the sheet's own shadow on it."""
    edge = warp.move(follow_edges(Box(0, 0, page[1], page[0]), warp.space))
    sheet = np.zeros(warp.shape, np.uint8)
    cv2.fillConvexPoly(sheet, cv2.convexHull(edge.astype(np.float32)).round().astype(np.int32), 255)
    sheet_share = blur(sheet.astype(np.float32) / np.float32(255), 1.0)
    desk = smooth_noise(warp.shape, warp.space * rng.uniform(2, 20), rng, 12)
    desk += smooth_noise(warp.shape, rng.uniform(1, 3), rng, rng.uniform(2, 8)) + rng.uniform(20, 190)
    desk *= 1 - 0.6 * blur(sheet_share, warp.space * rng.uniform(0.3, 1))
    mixed = image * sheet_share + desk * (1 - sheet_share)
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)
