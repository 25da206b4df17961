"""From a page to the net's maps: measure the staff space, scale the page to the net's, run the net once.

In: a `Page` and a `Net`. Out: `Maps`, with what leads from map cells back to page pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import NothingToRead
from leggio.net import Cut, Net
from leggio.page import Page

# Staff spaces that can be a page's: below 5 px nothing can be told apart, above 120 px a page has no room for a system.
_SMALLEST, _LARGEST = 5, 120
_LARGEST_PAGE = 24_000_000  # px of the net's input: an A2 page with small staves
_NET_PIXELS = 2_000_000  # at a time, which is 0.7 GB: a larger page goes in strips, and takes no longer
# Logits of classes come as bytes: 128 is 0, one step an eighth, so that +-16 is as sure as can be.
LOGIT_STEP, LOGIT_ZERO = 1 / 8, 128
WATERLINE = 0.30  # lowest energy of a summit
_OVERLAP = 192  # px of the net's input that neighbouring strips share; the net sees about 90 px to each side


@dataclass(frozen=True, slots=True)
class Maps:
    """What the net saw, at half and a quarter of its input's resolution.

    `energy` (H/2, W/2) float32 in [0, 1]; `ink` (kinds of ink, H/2, W/2) uint8; `classes` (classes, H/4, W/4) uint8
    logits in steps of `LOGIT_STEP`; `boxes` (2, H/4, W/4) float32 width and height in staff spaces; `dark` (H/2, W/2)
    uint8 the page itself, 255 is ink. `scale` is net pixels per page pixel, `space` the staff space in net pixels,
    `cut` how symbols are told apart, `confidence` the scale that confidences are read off. A net that is cut at its
    summits tells classes and boxes just around energy above the `WATERLINE`.
    """

    energy: NDArray[np.float32]
    ink: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    dark: NDArray[np.uint8]
    scale: float
    space: float
    names: tuple[str, ...]
    inks: tuple[str, ...]
    cut: Cut = Cut.SUMMITS
    confidence: tuple[tuple[float, float], ...] = ()

    def ink_of(self, name: str) -> NDArray[np.uint8]:
        return np.asarray(self.ink[self.inks.index(name)])

    @property
    def cell(self) -> float:
        """Page pixels per cell of the energy and ink maps."""
        return 2 / self.scale

    @property
    def cells_per_space(self) -> float:
        return self.space / 2


def measure_space(image: NDArray[np.uint8]) -> float | None:
    """The staff space in pixels: the commonest sum of a black run and the white run below it, down the columns.

    A staff line and the gap under it always add up to one staff space, however thick the line was printed
    (Cardoso & Rebelo, ICPR 2010). None where no length stands out, as on a page without staves.
    """
    step = max(1, image.shape[1] // 800)
    columns = np.ascontiguousarray(image[:, ::step])
    level, _ = cv2.threshold(columns, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    ink = (columns <= level).astype(np.int8)
    changes = np.diff(np.pad(ink, ((1, 1), (0, 0))), axis=0).T  # a row of this is a column of the page
    column, starts = np.nonzero(changes == 1)
    ends = np.nonzero(changes == -1)[1]
    follows = column[1:] == column[:-1]
    black, period = (ends - starts)[:-1][follows], np.diff(starts)[follows]
    thin = (black * 2 < period) & (period <= _LARGEST * 1.5)
    counts = np.bincount(period[thin], minlength=int(_LARGEST * 1.5) + 2).astype(float)
    smooth = np.convolve(counts, [0.25, 0.5, 1.0, 0.5, 0.25], "same")
    smooth[:_SMALLEST] = 0
    peak = int(smooth[: _LARGEST + 1].argmax())
    if smooth[peak] < columns.shape[1] * 0.25:
        return None
    near = np.arange(max(_SMALLEST, peak - 2), peak + 3)
    return float((near * counts[near]).sum() / max(counts[near].sum(), 1))


def run_net(page: Page, net: Net, space: float) -> Maps:
    """Scale the page so that its staff space is the net's, and run the net over it.

    `space` is the page's staff space in pixels. Raises NothingToRead when that would make the page impossibly large.
    """
    scale = net.card.space / space
    height, width = (max(1, round(side * scale)) for side in page.image.shape)
    if height * width > _LARGEST_PAGE:
        raise NothingToRead(
            "The staves are too small for a page of this size; scan it at a higher resolution."
        )
    shrink = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = cv2.resize(page.image, (width, height), interpolation=shrink)
    stride = net.card.stride
    padded = np.full((-(-height // stride) * stride, -(-width // stride) * stride), 255, np.uint8)
    padded[:height, :width] = image
    ink = (1 - padded[None, None].astype(np.float32) / 255).astype(np.float32)
    energy, inks, classes, boxes = _run_strips(net, ink)
    dark = cv2.resize(
        255 - padded, (padded.shape[1] // 2, padded.shape[0] // 2), interpolation=cv2.INTER_AREA
    )
    return Maps(
        energy[0, 0], inks[0], classes[0], boxes[0], dark, scale, net.card.space, net.card.classes,
        net.card.inks, net.card.cut, net.card.confidence,
    )  # fmt: skip


def _run_strips(net: Net, ink: NDArray[np.float32]) -> tuple[NDArray[np.generic], ...]:
    """Run the net over strips of the page that overlap; each row is taken from the strip that saw most around it."""
    height, width = ink.shape[2:]
    stride = net.card.stride
    rows = max(4 * _OVERLAP, _NET_PIXELS // width // stride * stride)
    if height <= rows:
        return net(ink)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    top = 0
    while True:
        bottom = min(height, top + rows)
        answers = net(np.ascontiguousarray(ink[:, :, top:bottom]))
        keep_from = top + _OVERLAP // 2 if top else 0
        keep_to = bottom - _OVERLAP // 2 if bottom < height else height
        parts.append(
            tuple(
                answer[:, :, (keep_from - top) // step : (keep_to - top) // step]
                for answer, step in zip(answers, (2, 2, 4, 4), strict=True)
            )
        )
        if bottom == height:
            return tuple(np.concatenate(pieces, axis=2) for pieces in zip(*parts, strict=True))
        top = bottom - _OVERLAP
