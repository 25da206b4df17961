"""What a net sees on a newspaper page. In: a page's layout, its picture or none, a net. Out: `Regions`.

Today's net says where articles, borders, headings, pictures and advertisements lie, and which places are of one
article. The net of 2017 says one thing: paper and borders, or article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.net import Net
from leggio.news.layout import Block, Layout
from leggio.news.views import VIEWS_2017, Frame, Plane, cells_of, draw_views, draw_views_2017, fit_page
from leggio.news.ways import find_highest

# How far apart, in cells of `MARK_STEP` net pixels, the cells are that `Regions.near` compares: (down, right). Down
# from line to line and from paragraph to paragraph; right from column to column of wide and of narrow ones.
OFFSETS = ((3, 0), (8, 0), (20, 0), (0, 4), (0, 12), (0, 20), (8, 12), (8, -12))
MARK_STEP = 4
SURENESS = (
    4.0  # two cells with equal marks are of one article with sigmoid(4), 98 %; at distance 1 it is 50 %
)
# What the log-odds of marks, near cells and border weigh, and what is added, for blocks that face each other; from afar
# there are no near cells. Logistic regressions on sampled pages: `bench/news_nets.py --fit`.
_NEAR = (0.3, 0.55, 0.88, -0.63)
_FAR = (0.5, 1.7, -0.72)
_MILD = 0.3  # better partitions of sampled pages than 0 (AS F1 .70 against .66)

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Maps of a whole page, in cells of the net's input as `frame` lays the page into it.

    `maps` (names, h, w) are chances in [0, 1]; `marks` (length, H/4, W/4) are vectors, near to each other in cells of
    one article, and `near` (offsets, H/4, W/4) the chances that the cell at each of `OFFSETS` is of the same article;
    both are empty where the net does not say so.
    """

    names: tuple[str, ...]
    maps: Plane
    marks: Plane
    near: Plane
    frame: Frame

    def chance(self, name: str, box: Box) -> float:
        """How much of a box of the page is `name`, in [0, 1]: the mean of that map inside it."""
        plane = self.maps[self.names.index(name)]
        rows, columns = self.cells(box, plane.shape)
        return float(plane[rows, columns].mean())

    def same_article(self, one: Block, two: Block) -> float:
        """The chance that two blocks are of one article, in [0, 1]; see `same_articles`."""
        return float(self.same_articles((one, two))[0, 1])

    def same_articles(self, blocks: Sequence[Block]) -> Matrix:
        """(n, n): the chance that two blocks are of one article: what marks, near cells and border say together.

        It is 1 for a block with itself and 0.5, no opinion, for blocks that do not face each other: whether those are
        of one article follows from what lies between them. On blocks that face each other from afar, opinions are mild,
        since there are many of them that say the same.
        """
        evidence = self.gather([block.box for block in blocks])
        near = evidence @ np.array(_NEAR[:3]) + _NEAR[3]
        far = _MILD * (evidence[..., [0, 2]] @ np.array(_FAR[:2]) + _FAR[2])
        chances = _logistic(np.where(np.isnan(near), far, near))
        chances[np.isnan(chances)] = 0.5
        np.fill_diagonal(chances, 1)
        return chances

    def gather(self, boxes: Sequence[Box]) -> Matrix:
        """(n, n, 3): log-odds of one article by marks, by near cells, and by the border, for each pair of boxes."""
        return np.stack(
            [_logit(self.linked(boxes)), _logit(self.joined(boxes)), -_logit(self.border(boxes))], axis=2
        )

    def linked(self, boxes: Sequence[Box]) -> Matrix:
        """(n, n): the chance that two boxes of the page are of one article, however far apart, by their marks."""
        means = np.array(
            [self.marks[(slice(None), *self.cells(b, self.marks.shape[1:]))].mean((1, 2)) for b in boxes]
        )
        apart = ((means[:, None] - means[None]) ** 2).sum(2)
        return _logistic(SURENESS * (1 - apart.astype(np.float64)))

    def joined(self, boxes: Sequence[Box]) -> Matrix:
        """(n, n): the mean chance that cells of two boxes are of one article, of all that an offset leads from one to
        the other; not a number where none does, as between boxes that are far from each other.
        """
        cells = [self.cells(box, self.near.shape[1:]) for box in boxes]
        rows = np.array([(row.start, row.stop) for row, _ in cells])
        columns = np.array([(column.start, column.stop) for _, column in cells])
        total, count = np.zeros((len(boxes), len(boxes))), np.zeros((len(boxes), len(boxes)))
        for (down, right), plane in zip(OFFSETS, self.near, strict=True):
            summed = np.pad(plane.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
            (top, bottom), (left, end) = _meet(rows, down), _meet(columns, right)
            found = summed[bottom, end] - summed[top, end] - summed[bottom, left] + summed[top, left]
            size = (bottom - top) * (end - left)
            total += found + found.T
            count += size + size.T
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def border(self, boxes: Sequence[Box]) -> Matrix:
        """(n, n): how surely a border is crossed on the way from one box of the page to another, in [0, 1].

        Ways lead straight across where boxes face each other; of the surest place of each way, the mean counts. Not a
        number where they do not face each other.
        """
        plane = self.maps[self.names.index("border")]
        step = self.frame.height / plane.shape[0]
        placed = [self.frame.place(box).scale(1 / step) for box in boxes]
        edges = np.array([(b.x0, b.y0, b.x1, b.y1) for b in placed])
        return find_highest(plane, edges)

    def cells(self, box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """The cells of a map whose middles lie in a box of the page, one at least in each direction."""
        step = self.frame.height / shape[0]
        return cells_of(self.frame.place(box).scale(1 / step), shape)


def segment(image: NDArray[np.uint8] | None, layout: Layout, net: Net) -> Regions:
    """Run a net for newspapers over a whole page; `image` is (height, width), 0 is ink, in the layout's pixels.

    Without an image, the net goes by the layout alone; without blocks and rules, by the image alone.
    """
    assert net.card.size is not None, "this is a net for music"
    frame = fit_page(layout.width, layout.height, net.card.size)
    draw = draw_views_2017 if net.card.views == VIEWS_2017 else draw_views
    maps, *others = (np.asarray(answer[0], np.float32) for answer in net(draw(image, layout, frame)[None]))
    empty = np.zeros((0, net.card.size[0] // MARK_STEP, net.card.size[1] // MARK_STEP), np.float32)
    marks, near = others or (empty, empty)
    return Regions(net.card.classes, maps, marks, near, frame)


def _meet(spans: NDArray[np.int64], step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which cells of one stretch have a cell of another one `step` further, from and to, for each pair of (n, 2)."""
    first = np.maximum(spans[:, None, 0], spans[None, :, 0] - step)
    last = np.minimum(spans[:, None, 1], spans[None, :, 1] - step)
    some = first < last
    return np.where(some, first, 0), np.where(some, last, 0)


def _logistic(x: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-x)))


def _logit(chances: Matrix) -> Matrix:
    bounded = np.clip(chances, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))
