"""Today's net for newspapers: its targets and its loss. In: a page with known articles, a net's maps. Out: losses."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from leggio.news.layout import ArticleKind, BlockKind, NewsTruth
from leggio.news.regions import OFFSETS, SURENESS
from leggio.news.views import MAPS, Frame, cells_of, paint
from leggio.train.news_nets import NewsMaps

_BORDER = 2  # cells of half the input: how far a border reaches to each side
_BORDER_WEIGHT = 3.0  # a border is thin: what a cell of it weighs
_REACH = 10.0  # cells of half the input: paper further than this from any article is no border
_KINDS = (ArticleKind.ADVERTISEMENT, ArticleKind.NOTICE)
_NOBODY = 0  # the label of paper
_KNOWN = 6.0  # cells: on a partly labelled page, what is so near to a marked article is known to be none

Plane = NDArray[np.float32]
Labels = NDArray[np.int32]


class Batch(NamedTuple):
    """Pages with the targets of all heads.

    `image` (batch, views, H, W); `areas` (batch, maps, H/2, W/2) in [0, 1]; `known` (batch, 1, H/2, W/2), 1 where the
    truth is known; `labels` (batch, H/4, W/4) the article of each cell, 0 is none; `pairs` (batch, n, 2) places of
    cells in the flat label map.
    """

    image: Tensor
    areas: Tensor
    known: Tensor
    labels: Tensor
    pairs: Tensor


def draw_targets(
    truth: NewsTruth, frame: Frame, pairs: int, rng: np.random.Generator
) -> tuple[Plane, Plane, Labels, NDArray[np.int64]]:
    """The targets of one page, as in `Batch` without its first axis: areas, known, labels and pairs."""
    half, quarter = shrink(frame, 2), shrink(frame, 4)
    labels = label_articles(truth, half)
    areas = np.zeros((len(MAPS), half.height, half.width), np.float32)
    areas[0] = labels > 0
    areas[1] = draw_borders(labels)
    for number, kind in ((2, BlockKind.HEADING), (3, BlockKind.PICTURE)):
        boxes = [block.box for block in truth.layout.blocks if block.kind is kind]
        areas[number] = paint(boxes, [1.0] * len(boxes), half)
    advertisements = [
        number for number, article in enumerate(truth.articles, start=1) if article.kind in _KINDS
    ]
    areas[4] = np.isin(labels, advertisements)
    known = np.ones_like(labels, np.float32)
    if truth.partial:
        away = cv2.distanceTransform((labels == 0).astype(np.uint8), cv2.DIST_L2, 3)
        known[away > _KNOWN] = 0
    cells = label_blocks(truth, quarter)
    return areas, known[None], cells, draw_pairs(cells, pairs, rng)


def shrink(frame: Frame, step: int) -> Frame:
    """The frame of a map with one cell for `step` x `step` net pixels."""
    return Frame(
        frame.height // step, frame.width // step, frame.x_scale / step, frame.y_scale / step,
        frame.left / step, frame.top / step,
    )  # fmt: skip


def label_articles(truth: NewsTruth, frame: Frame) -> Labels:
    """(height, width): the place of each cell's article in the truth, counted from 1, and 0 on paper.

    Outlines may run through gutters in hair-thin bridges from one piece of an article to the next; those are opened.
    """
    labels = np.zeros((frame.height, frame.width), np.int32)
    plane = np.zeros(labels.shape, np.uint8)
    for number, article in enumerate(truth.articles, start=1):
        if article.polygon:
            corners = frame.place_points(np.array([(p.x, p.y) for p in article.polygon]))
            plane[:] = 0
            cv2.fillPoly(plane, [np.round(corners - 0.5).astype(np.int32)], 1)
            labels[cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0] = number
    return _label_boxes(truth, frame, labels)


def label_blocks(truth: NewsTruth, frame: Frame) -> Labels:
    """The same, of the blocks alone: what lies between them is paper."""
    return _label_boxes(truth, frame, np.zeros((frame.height, frame.width), np.int32))


def _label_boxes(truth: NewsTruth, frame: Frame, labels: Labels) -> Labels:
    owners = {
        block: number for number, article in enumerate(truth.articles, start=1) for block in article.blocks
    }
    for block in truth.layout.blocks:
        rows, columns = cells_of(frame.place(block.box), labels.shape)
        labels[rows, columns] = owners.get(block.id, _NOBODY)
    return labels


def draw_borders(labels: Labels) -> Plane:
    """1 where two articles meet: along the line of paper that is as near to the one as to the other."""
    if not labels.any():
        return np.zeros(labels.shape, np.float32)
    paper = (labels == 0).astype(np.uint8)
    away, nearest = cv2.distanceTransformWithLabels(paper, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owners = np.zeros(nearest.max() + 1, np.int32)
    owners[nearest[labels > 0]] = labels[labels > 0]
    owned = owners[nearest]
    border = np.zeros(labels.shape, np.uint8)
    border[1:] |= owned[1:] != owned[:-1]
    border[:, 1:] |= owned[:, 1:] != owned[:, :-1]
    border[away > _REACH] = 0
    grown = cv2.dilate(border, np.ones((2 * _BORDER - 1, 2 * _BORDER - 1), np.uint8))
    return grown.astype(np.float32)


def draw_pairs(labels: Labels, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """(count, 2) places of two cells that both have an article: a third far apart in one article, the others at any
    distance, near ones as often as far ones. A page without articles asks about its first cell.
    """
    ys, xs = np.nonzero(labels)
    if len(ys) == 0:
        return np.zeros((count, 2), np.int64)
    height, width = labels.shape
    first = rng.integers(len(ys), size=count)
    y, x = ys[first], xs[first]
    distance = np.exp(rng.uniform(math.log(3), math.log(height), count))
    angle = np.where(
        rng.random(count) < 0.5, rng.integers(4, size=count) * math.pi / 2, rng.random(count) * 2 * math.pi
    )
    v = np.clip(np.round(y + distance * np.sin(angle)), 0, height - 1).astype(int)
    u = np.clip(np.round(x + distance * np.cos(angle)), 0, width - 1).astype(int)
    flat = labels.ravel()
    one, two = y * width + x, v * width + u
    order = np.argsort(flat, kind="stable")
    starts = np.searchsorted(flat[order], np.arange(flat.max() + 2))
    own = flat[one]
    mate = order[starts[own] + (rng.random(count) * (starts[own + 1] - starts[own])).astype(int)]
    elsewhere = flat[two] == 0
    two = np.where(elsewhere | (rng.random(count) < 0.15), mate, two)
    return np.stack([one, two], axis=1).astype(np.int64)


def losses(maps: NewsMaps, batch: Batch) -> dict[str, Tensor]:
    """The losses of the heads, each a mean: the areas, the border, the pairs of cells, the near cells.

    The areas are easy, so they are one loss together; the other three are what articles are told apart by.

    Areas are judged by binary cross-entropy where the truth is known. Marks by whether two cells are of one article:
    that chance is a logistic function of the squared distance of their vectors.
    """
    areas = maps.areas.float()
    weight = batch.known * (1 + batch.areas[:, 1:2] * (_BORDER_WEIGHT - 1))
    wrong = F.binary_cross_entropy_with_logits(areas, batch.areas, reduction="none") * weight
    each = wrong.sum((0, 2, 3)) / weight.sum().clamp(min=1)
    border = MAPS.index("border")
    return {
        "areas": (each.sum() - each[border]) / (len(MAPS) - 1),
        "border": each[border],
        "pairs": _judge_pairs(maps.marks.float(), batch),
        "near": _judge_near(maps.near.float(), batch.labels),
    }


def _judge_pairs(marks: Tensor, batch: Batch) -> Tensor:
    flat = marks.flatten(2).transpose(1, 2)
    labels = batch.labels.flatten(1)
    one, two = batch.pairs.unbind(2)
    chosen = [flat.gather(1, index[..., None].expand(-1, -1, flat.shape[2])) for index in (one, two)]
    logits = SURENESS * (1 - (chosen[0] - chosen[1]).square().sum(2))
    own, other = labels.gather(1, one), labels.gather(1, two)
    asked = (own > 0) & (other > 0)
    same = (own == other).float()
    return F.binary_cross_entropy_with_logits(
        logits[asked], same[asked], reduction="sum"
    ) / asked.sum().clamp(min=1)


def _judge_near(near: Tensor, labels: Tensor) -> Tensor:
    total, count = near.new_zeros(()), near.new_zeros(())
    for number, offset in enumerate(OFFSETS):
        here, there = shift_slices(labels.shape[1:], offset)
        one, two = labels[(slice(None), *here)], labels[(slice(None), *there)]
        asked = (one > 0) & (two > 0)
        logits = near[(slice(None), number, *here)][asked]
        same = (one == two)[asked].float()
        total = total + F.binary_cross_entropy_with_logits(logits, same, reduction="sum")
        count = count + asked.sum()
    return total / count.clamp(min=1)


def shift_slices(
    shape: tuple[int, ...], offset: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where the cells lie that have another one at `offset` (down, right), and where those others lie."""

    def span(step: int, limit: int) -> tuple[slice, slice]:
        return slice(max(0, -step), limit - max(0, step)), slice(max(0, step), limit + min(0, step))

    rows, columns = span(offset[0], shape[0]), span(offset[1], shape[1])
    return (rows[0], columns[0]), (rows[1], columns[1])
