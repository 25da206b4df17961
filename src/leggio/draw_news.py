"""A newspaper reading on top of its page, for people. In: the grey page, a `Layout`, its articles. Out: an RGB picture.

The page is pale; each article has a colour, an outline, and a label: its number, its kind, a question mark where it is
doubtful, and its headline as it was read. Arrows lead from block to block in reading order; headings have a bold frame,
blocks in no article a grey one. The rules that were found are blue.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from leggio.geometry import Box, Point
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout
from leggio.page import Grey

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

INK_SHOWN = 0.55  # how much of the page's black is left, so that colours stand out and words can be read
TINT = 0.22  # how much of its colour lies over an article
DOUBTFUL = 0.5  # below this confidence an article gets a question mark

LABEL_HEIGHT = 1.1  # in line heights
LABEL_LETTERS = 32
LABEL_ABOVE = 0.7  # of a label lies over the gap above its article, the rest over its first words

# Neighbours in this list differ most: articles are mostly numbered from neighbour to neighbour.
COLOURS: tuple[Colour, ...] = (
    (200, 30, 30), (20, 90, 200), (0, 130, 60), (190, 110, 0), (130, 40, 190), (0, 130, 140), (190, 0, 120),
    (110, 110, 0), (90, 60, 30), (70, 70, 160),
)  # fmt: skip
LOOSE: Colour = (130, 130, 130)
RULE: Colour = (60, 120, 230)
LABELS: dict[ArticleKind, str] = {
    ArticleKind.ARTICLE: "",
    ArticleKind.ADVERTISEMENT: "advertisement",
    ArticleKind.NOTICE: "notice",
    ArticleKind.MASTHEAD: "masthead",
}

_LINES_A_PAGE = 120  # of a page without lines: what a newspaper has, for the size of pens and letters
_TIP = 0.6  # length of the tip of an arrow in line heights


def draw_articles(image: Grey, layout: Layout, articles: tuple[Article, ...]) -> Picture:
    """The page with what was read on it: (height, width, 3) uint8, RGB."""
    canvas = _Canvas(image, layout)
    for article in articles:
        canvas.tint(article)
    canvas.finish_tints()
    for rule in layout.rules:
        canvas.frame(rule.box, RULE, 1)
    taken = {id for article in articles for id in article.blocks}
    for block in layout.blocks:
        if block.id not in taken:
            canvas.frame(block.box, LOOSE, 2 if block.kind is BlockKind.HEADING else 1)
    for article in articles:
        canvas.draw_article(article)
    for article in articles:  # on top of everything else
        canvas.write_label(article)
    return canvas.picture()


def colour_of(article: Article) -> Colour:
    """The colour that an article has in every drawing."""
    return COLOURS[article.id % len(COLOURS)]


class _Canvas:
    """A pale page that is being drawn on; pens and letters follow the height of its lines."""

    def __init__(self, image: Grey, layout: Layout) -> None:
        pale = 255 - (255 - np.arange(256)) * INK_SHOWN
        self._page = cv2.cvtColor(cv2.LUT(image, pale.astype(np.uint8)), cv2.COLOR_GRAY2RGB)
        self._tints = np.full_like(self._page, 255)
        self._blocks = {block.id: block for block in layout.blocks}
        self._line = _line_height(layout)
        self._thin = max(1, round(self._line / 12))

    def picture(self) -> Picture:
        return np.asarray(self._page, dtype=np.uint8)

    def tint(self, article: Article) -> None:
        colour = tuple(round(255 - (255 - part) * TINT) for part in colour_of(article))
        for polygon in self._outline(article):
            cv2.fillPoly(self._tints, [polygon], colour)

    def finish_tints(self) -> None:
        """Lay the colours over the page as a marker pen does."""
        self._page = cv2.multiply(self._page, self._tints, scale=1 / 255)

    def frame(self, box: Box, colour: Colour, pens: int) -> None:
        corners = (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1))
        cv2.rectangle(self._page, *corners, colour, pens * self._thin)

    def draw_article(self, article: Article) -> None:
        colour, blocks = colour_of(article), self._blocks_of(article)
        for block in blocks:
            heading = block.kind is BlockKind.HEADING
            self.frame(block.box, colour, 3 if heading else 1)
        for polygon in self._outline(article):
            cv2.polylines(self._page, [polygon], True, colour, 2 * self._thin, cv2.LINE_AA)
        for block, after in pairwise(blocks):
            self._arrow(_leave(block, after), _enter(after), colour)

    def write_label(self, article: Article) -> None:
        """The name of an article over its upper left corner, white on its colour, inside the page."""
        at = self._corner(article)
        if at is None:
            return
        label = _print_label(name_article(article), colour_of(article), LABEL_HEIGHT * self._line)
        height, width = self._page.shape[:2]
        label = label[:height, :width]
        above = at.y - LABEL_ABOVE * label.shape[0]
        x = round(min(max(at.x, 0.0), width - label.shape[1]))
        y = round(min(max(above, 0.0), height - label.shape[0]))
        self._page[y : y + label.shape[0], x : x + label.shape[1]] = label

    def _arrow(self, start: Point, end: Point, colour: Colour) -> None:
        length = max(np.hypot(end.x - start.x, end.y - start.y), 1.0)
        points = (round(start.x), round(start.y)), (round(end.x), round(end.y))
        tip = min(_TIP * self._line / length, 0.5)
        cv2.arrowedLine(self._page, *points, (255, 255, 255), 4 * self._thin, cv2.LINE_AA, tipLength=tip)
        cv2.arrowedLine(self._page, *points, colour, 2 * self._thin, cv2.LINE_AA, tipLength=tip)

    def _blocks_of(self, article: Article) -> list[Block]:
        return [self._blocks[id] for id in article.blocks if id in self._blocks]

    def _outline(self, article: Article) -> list[NDArray[np.int32]]:
        """Its polygon, or the boxes of its blocks where it has none."""
        if len(article.polygon) >= 3:
            return [np.array([(round(p.x), round(p.y)) for p in article.polygon], np.int32)]
        boxes = [block.box for block in self._blocks_of(article)]
        corners = [((b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)) for b in boxes]
        return [np.array(corner).round().astype(np.int32) for corner in corners]

    def _corner(self, article: Article) -> Point | None:
        """Where it begins to be read: its first block, or its outline."""
        if blocks := self._blocks_of(article):
            return Point(blocks[0].box.x0, blocks[0].box.y0)
        return min(article.polygon, key=lambda p: p.x + p.y, default=None)


def name_article(article: Article) -> str:
    """Such as `3 notice ? To be sold`; the number is its id, a long headline is cut, its letters are plain."""
    headline = " ".join(_spell_plainly(article.headline).split())
    if len(headline) > LABEL_LETTERS:
        headline = headline[:LABEL_LETTERS].rsplit(" ", 1)[0] + " ..."
    parts = (str(article.id), LABELS[article.kind], "?" if article.confidence < DOUBTFUL else "", headline)
    return " ".join(part for part in parts if part)


def _spell_plainly(text: str) -> str:
    """Letters without accents: Pillow's own font, which is everywhere, has no others."""
    for letter, plain in zip("äöüßÄÖÜ–—", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue", "-", "-"), strict=True):
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _print_label(text: str, colour: Colour, size: float) -> Picture:
    font = ImageFont.load_default(min(max(size, 11.0), 120.0))
    x0, y0, x1, y1 = (round(edge) for edge in font.getbbox(text))
    margin = max(round(size / 4), 2)
    label = Image.new("RGB", (x1 - x0 + 2 * margin, y1 - y0 + 2 * margin), colour)
    ImageDraw.Draw(label).text((margin - x0, margin - y0), text, fill="white", font=font)
    return np.array(label, dtype=np.uint8)


def _leave(block: Block, after: Block) -> Point:
    """Below a block whose successor lies below, at its side otherwise."""
    box, goal = block.box, after.box
    if goal.y0 >= box.center.y:
        return Point(_between(box, goal), box.y1)
    return Point(box.x1 if goal.center.x > box.center.x else box.x0, box.center.y)


def _enter(block: Block) -> Point:
    return Point(block.box.center.x, block.box.y0)


def _between(box: Box, goal: Box) -> float:
    """A place on the lower side of a box that is straight above its goal, if there is one."""
    return min(max(goal.center.x, box.x0), box.x1)


def _line_height(layout: Layout) -> float:
    heights = [line.box.height for block in layout.blocks for line in block.lines if line.box.height > 0]
    return median(heights) if heights else max(layout.height, 1.0) / _LINES_A_PAGE
