"""A typeset newspaper page as a scanner sees it. In: a page. Out: the page askew and aged, its truth moved along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leggio.geometry import Point
from leggio.news.layout import Article, Block, Line, NewsTruth, Rule
from leggio.synth.degrade import Ageing, Kind, degrade
from leggio.synth.news_typeset import TypesetPage
from leggio.synth.warp import Warp, draw_warp, move_box, move_boxes, warp_image

_SPACE = 0.45  # pitches: ageing counts in staff spaces, whose thinnest lines are as thin as those of letters this high
_STEP = 1.0  # pitches between two places that an edge is followed through
# Marks of musicians are for music; what wears lines of staves away would leave no letter whole.
AGEING = Ageing(
    pencil=Kind(0.02, 0.4),
    worn=Kind(0.2, 0.5),
    squeeze=Kind(0.1, 0.5),
    screen=Kind(0.0),
    coarse=Kind(0.05, 0.3),
)


def scan_page(page: TypesetPage, rng: np.random.Generator, ageing: Ageing = AGEING) -> TypesetPage:
    """Lay the page askew, then scan it; the same generator state gives the same scan."""
    shape = (page.image.shape[0], page.image.shape[1])
    space = page.pitch * _SPACE
    crooked = warp_page(page, draw_warp(shape, space, rng))
    return replace(crooked, image=degrade(crooked.image, rng, space, ageing))


def warp_page(page: TypesetPage, warp: Warp) -> TypesetPage:
    """Move a page's picture and its truth; a box grows to hold what it held."""
    return replace(
        page, image=warp_image(page.image, warp), truth=warp_news(page.truth, warp, page.pitch * _STEP)
    )


def warp_news(truth: NewsTruth, warp: Warp, step: float) -> NewsTruth:
    """Move all records of a newspaper page; edges are followed in steps of so many pixels."""
    layout = truth.layout
    height, width = warp.shape
    moved = replace(
        layout,
        width=float(width),
        height=float(height),
        blocks=tuple(_move_block(block, warp, step) for block in layout.blocks),
        rules=tuple(Rule(move_box(rule.box, warp, step)) for rule in layout.rules),
    )
    return replace(
        truth, layout=moved, articles=tuple(_move_article(article, warp) for article in truth.articles)
    )


def _move_block(block: Block, warp: Warp, step: float) -> Block:
    lines = tuple(_move_line(line, warp, step) for line in block.lines)
    return replace(block, box=move_box(block.box, warp, step), lines=lines)


def _move_line(line: Line, warp: Warp, step: float) -> Line:
    box, *boxes = move_boxes([line.box, *(word.box for word in line.words)], warp, step)
    words = tuple(replace(word, box=moved) for word, moved in zip(line.words, boxes, strict=True))
    return replace(line, box=box, words=words)


def _move_article(article: Article, warp: Warp) -> Article:
    corners = warp.move(np.array([(point.x, point.y) for point in article.polygon], np.float64))
    return replace(article, polygon=tuple(Point(float(x), float(y)) for x, y in corners))
