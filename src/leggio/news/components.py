"""Articles as in 2017: what hangs together is one article. In: regions of the net of 2017, a layout. Out: articles.

(Meier, Stadelmann, Stampfli, Arnold & Cieliebak, ICDAR 2017.)
"""

from __future__ import annotations

import cv2
import numpy as np

from leggio.geometry import Point
from leggio.news.layout import Article, ArticleKind, Layout
from leggio.news.regions import Regions
from leggio.news.views import BACKGROUND

BACKGROUND_FROM = (
    0.35  # the paper's threshold: what is background with at least this chance is none of an article
)


def articles_2017(regions: Regions, layout: Layout) -> tuple[Article, ...]:
    """The connected areas of article, each with the blocks that lie in it more than in any other.

    A block that no area touches is in no article, and an area without blocks is none. The confidence of an article is
    the mean chance of its area not to be background.
    """
    background = regions.maps[regions.names.index(BACKGROUND)]
    count, parts = cv2.connectedComponents((background < BACKGROUND_FROM).astype(np.uint8), connectivity=4)
    members: dict[int, list[int]] = {}
    for block in layout.blocks:
        shares = np.bincount(parts[regions.cells(block.box, parts.shape)].ravel(), minlength=count)
        if count > 1 and shares[1:].any():
            members.setdefault(int(shares[1:].argmax()) + 1, []).append(block.id)
    articles = []
    for number, (part, blocks) in enumerate(members.items()):
        area = parts == part
        sure = 1 - float(background[area].mean())
        articles.append(
            Article(number, ArticleKind.ARTICLE, tuple(blocks), _trace(area, regions), confidence=sure)
        )
    return tuple(articles)


def _trace(area: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], regions: Regions) -> tuple[Point, ...]:
    """The outline of an area, in page pixels."""
    contours, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    step = regions.frame.height / area.shape[0]
    corners = (max(contours, key=cv2.contourArea)[:, 0].astype(np.float64) + 0.5) * step
    return tuple(Point(float(x), float(y)) for x, y in regions.frame.lift_points(corners))
