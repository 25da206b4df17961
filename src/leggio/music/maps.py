"""From a page to the net's maps: measure the staff space, scale the page to the net's, run the net once.

In: a `Page` and a `Net`. Out: `Maps`, with what leads from map cells back to page pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import NothingToRead
from leggio.net import Cut, Net
from leggio.page import Page

# Staff spaces that can be a page's: below 5 px nothing can be told apart, above 120 px a page has no room for a system.
_SMALLEST, _LARGEST = 5, 120
_LARGEST_PAGE = 24_000_000  # px of the net's input: an A2 page with small staves
_STRIP_PIXELS = 2_400_000  # of a strip, which is 0.3 GB; half of an A4 page has 2.1 million
# Logits of classes come as bytes: 128 is 0, one step an eighth, so that +-16 is as sure as can be.
LOGIT_STEP, LOGIT_ZERO = 1 / 8, 128
WATERLINE = 0.30  # lowest energy of a summit
_OVERLAP = 192  # px of the net's input that neighbouring strips share; the net sees about 90 px to each side
_WHOLE = 4 * _OVERLAP  # px: a page no higher than this is not cut, for a quarter would be seen twice
_STEPS = (2, 2, 4, 4)  # px of the net's input in a cell of each of its answers


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
    padded = scale_page(page.image, scale, net.card.stride)
    energy, inks, classes, boxes = _run_strips(net, to_ink(padded))
    dark = cv2.resize(
        255 - padded, (padded.shape[1] // 2, padded.shape[0] // 2), interpolation=cv2.INTER_AREA
    )
    return Maps(
        energy[0, 0], inks[0], classes[0], boxes[0], dark, scale, net.card.space, net.card.classes,
        net.card.inks, net.card.cut, net.card.confidence,
    )  # fmt: skip


def scale_page(image: NDArray[np.uint8], scale: float, stride: int) -> NDArray[np.uint8]:
    """The page at the net's size, with paper on the right and below up to multiples of its stride.

    `scale` is net pixels per page pixel. Raises NothingToRead when the page would be impossibly large.
    """
    height, width = (max(1, round(side * scale)) for side in image.shape)
    if height * width > _LARGEST_PAGE:
        raise NothingToRead(
            "The staves are too small for a page of this size; scan it at a higher resolution."
        )
    shrink = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    padded = np.full((-(-height // stride) * stride, -(-width // stride) * stride), 255, np.uint8)
    padded[:height, :width] = cv2.resize(image, (width, height), interpolation=shrink)
    return padded


def to_ink(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What a net is shown, (1, 1, H, W): ink 1 and paper 0, of a page (H, W), 0 is ink."""
    return (1 - page[None, None].astype(np.float32) / 255).astype(np.float32)


def _run_strips(net: Net, ink: NDArray[np.float32]) -> tuple[NDArray[np.generic], ...]:
    """Run the net over strips of the page that overlap; each row is taken from the strip that saw most around it."""
    height, width = ink.shape[2:]
    strips = cut_strips(height, width, net.card.stride)
    seen = net.run_each([np.ascontiguousarray(ink[:, :, top:bottom]) for top, bottom in strips])
    parts = [(above[1] + below[0]) // 2 for above, below in pairwise(strips)]
    pieces = [
        [
            answer[:, :, (start - top) // step : (stop - top) // step]
            for answer, step in zip(answers, _STEPS, strict=True)
        ]
        for answers, (top, _), start, stop in zip(seen, strips, (0, *parts), (*parts, height), strict=True)
    ]
    return tuple(np.concatenate(maps, axis=2) for maps in zip(*pieces, strict=True))


def cut_strips(height: int, width: int, stride: int) -> list[tuple[int, int]]:
    """The first row of each strip of a page and the first one below it: strips of one height, one or an even number.

    The number does not depend on how many a machine looks at together, so that all machines see the same.
    """
    if height <= _WHOLE:
        return [(0, height)]
    most = max(_WHOLE, _STRIP_PIXELS // width)
    pairs = -(-(height - _OVERLAP) // (most - _OVERLAP) // 2)
    count = 2 * pairs
    high = -(-(height + (count - 1) * _OVERLAP) // count // stride) * stride
    tops = [number * (high - _OVERLAP) for number in range(count - 1)]
    return [*((top, top + high) for top in tops), (height - high, height)]
