"""Cut an article out of its page. In: a page image, records. Out: the article, white all around."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.export.issue import ReadPage
from leggio.news.layout import Article
from leggio.page import Grey

Picture = NDArray[np.uint8]  # (height, width) grey, or (height, width, 3) RGB

MARK = np.array((255, 229, 84), np.uint16)  # the yellow of a marker pen; the page is multiplied by it
PAPER = 252.0  # grey value of the paper of a clip: a trace of its texture is left
PAPER_SHARE = 75  # percentile of a page's pixels: above its ink and pictures, below glare and white borders
PAPER_STEP = 8  # one pixel in 8 x 8 is enough to know the paper
MAX_GAIN = 1.7  # a page that is mostly dark stays dark


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """An article with everything around it white, and the part of its page that `picture` shows."""

    picture: Picture
    box: Box


def cut_article(image: Grey, page: ReadPage, article: Article, marks: Iterable[Box] = ()) -> Cut | None:
    """The article along its outline, `marks` shaded yellow; None where none of it lies on the page."""
    outline = find_outline(page, article)
    height, width = image.shape
    points = np.concatenate(outline) if outline else np.zeros((0, 2), np.int32)
    if not len(points):
        return None
    x0, y0 = np.maximum(points.min(axis=0), 0)
    x1, y1 = np.minimum(points.max(axis=0) + 1, (width, height))
    if x1 <= x0 or y1 <= y0:
        return None
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for polygon in outline:
        cv2.fillPoly(mask, [polygon - (x0, y0)], 255)
    picture: Picture = np.where(mask > 0, _whiten(image[y0:y1, x0:x1], image), np.uint8(255))
    return Cut(_shade(picture, marks, int(x0), int(y0)), Box(float(x0), float(y0), float(x1), float(y1)))


def find_outline(page: ReadPage, article: Article) -> list[NDArray[np.int32]]:
    """The polygons to cut along, (n, 2) whole pixels: the article's own, or the boxes of its blocks."""
    if len(article.polygon) >= 3:
        return [np.array([(round(p.x), round(p.y)) for p in article.polygon], np.int32)]
    boxes = [block.box for block in page.blocks_of(article)]
    corners = [((b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)) for b in boxes]
    return [np.array(corner).round().astype(np.int32) for corner in corners]


def _whiten(part: Grey, page: Grey) -> Grey:
    """The same print on whiter paper: the usual tone of the page's paper becomes white, as is all around the cut."""
    paper = float(np.percentile(page[::PAPER_STEP, ::PAPER_STEP], PAPER_SHARE))
    gain = min(max(PAPER / max(paper, 1.0), 1.0), MAX_GAIN)
    tones: Grey = np.clip(np.arange(256) * gain, 0, 255).astype(np.uint8)
    return np.take(tones, part)


def _shade(picture: Picture, marks: Iterable[Box], x0: int, y0: int) -> Picture:
    marks = tuple(marks)
    if not marks:
        return picture
    coloured = np.repeat(picture[:, :, None], 3, axis=2)
    for box in marks:
        rows = slice(max(int(box.y0) - y0, 0), max(round(box.y1) - y0, 0))
        columns = slice(max(int(box.x0) - x0, 0), max(round(box.x1) - x0, 0))
        coloured[rows, columns] = coloured[rows, columns] * MARK // 255
    return coloured
