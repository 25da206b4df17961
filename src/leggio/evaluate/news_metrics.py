"""How well the articles of a page were found. In: a page with known articles, an answer. Out: counts to be added up.

Areas are painted on a raster of about `RASTER` cells in the longer side of the page, large boxes first, so that a small
box stays visible in a large one. An article's *area* is what the boxes of its blocks cover, its *text area* what the
boxes of its lines do (the block's box where a block has no lines). What lies in blocks that the truth gives to no
article is left out on both sides; on a partly marked page so is everything outside of the marked articles.

| figure       | what is counted                                                                                     |
|--------------|-----------------------------------------------------------------------------------------------------|
| DER          | on areas: cells that only one side calls article, and cells of both whose articles are not partners  |
|              | (one to one, most shared cells, Hungarian method), by the cells of true articles (Meier et al. 2017) |
| completeness | true articles with a partner whose area has an IoU of .9 (also .95), by true articles                |
| AS F1@.5     | articles are partners (Hungarian method on IoU) where their text areas have an IoU of .5; F1 of that |
| mIoU         | mean IoU of the partners of AS                                                                       |
| B-cubed      | F1 of B-cubed precision and recall over the characters of true articles (Bagga & Baldwin 1998)       |
| ARI          | adjusted Rand index over the same characters                                                         |
| kinds        | characters that lie in an article of the right kind (article, advertisement, notice, masthead)       |

Characters are those of the true lines; a line lies in the article that covers most of it in the answer, or in one of
its own where none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Article, Block, Layout, NewsTruth

RASTER = 1000  # cells in the longer side: a line of small print is about five high
COMPLETE, NEARLY_WHOLE = 0.9, 0.95  # IoU from which an article counts as found complete
PARTNERS = 0.5  # IoU from which two articles are partners

Labels = NDArray[np.int32]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted on one page or, added up, on many.

    Areas in cells; `ari` and `pages` are a sum over pages and their number; `precise` and `recalled` are B-cubed
    precision and recall summed over characters; `right_kind` are characters in an article of the right kind.
    """

    wrong_cells: float = 0
    true_cells: float = 0
    complete: float = 0
    nearly_whole: float = 0
    partners: float = 0
    partner_iou: float = 0
    true_articles: float = 0
    found_articles: float = 0
    precise: float = 0
    recalled: float = 0
    characters: float = 0
    right_kind: float = 0
    ari: float = 0
    pages: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)})


@dataclass(frozen=True, slots=True)
class NewsScores:
    """The figures of one newspaper, or their mean over newspapers; all in [0, 1] but `der`, which may be above."""

    der: float
    completeness: float
    completeness95: float
    as_f1: float
    miou: float
    b3: float
    ari: float
    kinds: float


def score(counts: Counts) -> NewsScores:
    """Figures out of counts: cells, articles and characters count alike over all pages, ARI is their mean."""
    precision, recall = _share(counts.precise, counts.characters), _share(counts.recalled, counts.characters)
    return NewsScores(
        der=_share(counts.wrong_cells, counts.true_cells),
        completeness=_share(counts.complete, counts.true_articles),
        completeness95=_share(counts.nearly_whole, counts.true_articles),
        as_f1=_share(2 * counts.partners, counts.true_articles + counts.found_articles),
        miou=_share(counts.partner_iou, counts.partners),
        b3=_share(2 * precision * recall, precision + recall),
        ari=_share(counts.ari, counts.pages),
        kinds=_share(counts.right_kind, counts.characters),
    )


def count_page(truth: NewsTruth, layout: Layout, articles: Sequence[Article]) -> Counts:
    """Hold an answer, articles of the blocks of `layout`, against the truth. No counts where it has no article."""
    if not truth.articles:
        return Counts()
    scale = RASTER / max(truth.layout.width, truth.layout.height)
    shape = (round(truth.layout.height * scale) + 1, round(truth.layout.width * scale) + 1)
    own, found = _number_blocks(truth.articles), _number_blocks(articles)
    blocks = truth.layout.blocks
    true_area = _paint(_areas(blocks, own), shape, scale)
    true_text = _paint(_text_areas(blocks, own), shape, scale)
    found_area = _paint(_areas(layout.blocks, found), shape, scale)
    found_text = _paint(_text_areas(layout.blocks, found), shape, scale)
    if truth.partial:
        unknown = true_area == 0
    else:
        homeless = [(block.box, 1) for block in blocks if block.id not in own]
        unknown = (true_area == 0) & (_paint(homeless, shape, scale) > 0)
    sizes = (len(truth.articles), len(articles))
    return (
        _count_cells(_overlaps(true_area, np.where(unknown, 0, found_area), sizes))
        + _count_articles(_overlaps(true_text, np.where(unknown, 0, found_text), sizes))
        + _count_characters(truth, articles, own, found_text, scale)
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _number_blocks(articles: Sequence[Article]) -> dict[int, int]:
    """The number, from 1, of each block's article, by the block's id."""
    return {block: number for number, article in enumerate(articles, 1) for block in article.blocks}


def _areas(blocks: Iterable[Block], numbers: dict[int, int]) -> list[tuple[Box, int]]:
    return [(block.box, numbers[block.id]) for block in blocks if block.id in numbers]


def _text_areas(blocks: Iterable[Block], numbers: dict[int, int]) -> list[tuple[Box, int]]:
    return [
        (box, numbers[block.id])
        for block in blocks
        if block.id in numbers
        for box in ([line.box for line in block.lines] or [block.box])
    ]


def _paint(boxes: Iterable[tuple[Box, int]], shape: tuple[int, int], scale: float) -> Labels:
    """The number of the article in each cell, 0 where there is none; every box covers at least one cell."""
    cells = np.zeros(shape, np.int32)
    for box, number in sorted(boxes, key=lambda item: -item[0].area):
        cells[_window(box, scale)] = number
    return cells


def _window(box: Box, scale: float) -> tuple[slice, slice]:
    x0, y0 = max(0, round(box.x0 * scale)), max(0, round(box.y0 * scale))
    return slice(y0, max(y0 + 1, round(box.y1 * scale))), slice(x0, max(x0 + 1, round(box.x1 * scale)))


def _overlaps(true: Labels, found: Labels, sizes: tuple[int, int]) -> Matrix:
    """(true + 1, found + 1) counts of cells; the first row and column are those of no article."""
    rows, columns = sizes[0] + 1, sizes[1] + 1
    counts = np.bincount((true * columns + found).ravel(), minlength=rows * columns)
    table: Matrix = counts.reshape(rows, columns).astype(np.float64)
    return table


def _iou(overlaps: Matrix) -> Matrix:
    shared = overlaps[1:, 1:]
    union = overlaps[1:].sum(1)[:, None] + overlaps[:, 1:].sum(0)[None] - shared
    iou: Matrix = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou


def _count_cells(overlaps: Matrix) -> Counts:
    shared = overlaps[1:, 1:]
    right = shared[_match_best(shared)].sum()
    # An article that fills half of a union leaves no room for a second one: the best answer needs no matching.
    best = _iou(overlaps).max(axis=1, initial=0.0)
    return Counts(
        wrong_cells=float(overlaps.sum() - overlaps[0, 0] - right),
        true_cells=float(overlaps[1:].sum()),
        complete=float((best >= COMPLETE).sum()),
        nearly_whole=float((best >= NEARLY_WHOLE).sum()),
    )


def _count_articles(overlaps: Matrix) -> Counts:
    iou = _iou(overlaps)
    partners = iou[_match_best(iou)]
    partners = partners[partners >= PARTNERS]
    return Counts(
        partners=len(partners),
        partner_iou=float(partners.sum()),
        true_articles=float((overlaps[1:].sum(1) > 0).sum()),
        found_articles=float((overlaps[:, 1:].sum(0) > 0).sum()),
    )


def _count_characters(
    truth: NewsTruth, articles: Sequence[Article], own: dict[int, int], found: Labels, scale: float
) -> Counts:
    true: list[int] = []
    answers: list[int] = []
    weights: list[int] = []
    for block in truth.layout.blocks:
        for line in block.lines if block.id in own else ():
            inside = found[_window(line.box, scale)]
            inside = inside[inside > 0]
            alone = -1 - len(true)
            true.append(own[block.id])
            answers.append(int(np.bincount(inside).argmax()) if inside.size else alone)
            weights.append(len(line.text))
    if not sum(weights):
        return Counts()
    table = _contingency(true, answers, weights)
    columns, rows = table.sum(0, keepdims=True), table.sum(1, keepdims=True)
    return Counts(
        precise=float((table**2 / np.maximum(columns, 1)).sum()),
        recalled=float((table**2 / np.maximum(rows, 1)).sum()),
        characters=float(table.sum()),
        right_kind=float(
            sum(
                weight
                for number, answer, weight in zip(true, answers, weights, strict=True)
                if answer > 0 and articles[answer - 1].kind is truth.articles[number - 1].kind
            )
        ),
        ari=_adjusted_rand(table),
        pages=1,
    )


def _contingency(true: Sequence[int], answers: Sequence[int], weights: Sequence[int]) -> Matrix:
    """(true articles, found articles) sums of characters."""
    _, rows = np.unique(true, return_inverse=True)
    _, columns = np.unique(answers, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), weights)
    return table


def _adjusted_rand(table: Matrix) -> float:
    """Hubert & Arabie 1985; 1 where both sides put everything together."""

    def pairs(counts: Matrix) -> float:
        return float((counts * (counts - 1)).sum() / 2)

    both, true, found = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    expected = true * found / max(pairs(table.sum(keepdims=True)), 1.0)
    largest = (true + found) / 2
    return 1.0 if largest == expected else (both - expected) / (largest - expected)


def _match_best(worth: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the one-to-one match that is worth most (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment  # here, so that reports of other kinds do without scipy

    rows, columns = linear_sum_assignment(worth, maximize=True)
    return rows, columns
