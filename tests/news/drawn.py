"""A tiny newspaper page: an article like an L around a notice, and an advertisement with a picture.

    0       150  160     300
 20 | headline of A        |
 50 | A A A | | A A A A A  |
160 | A A A | | A A A A A  |
180 | A A A | | picture  C |
390 | A A A | | C C C C C  |
"""

from __future__ import annotations

from leggio.geometry import Box, Point
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth, Rule

WIDTH, HEIGHT = 300.0, 400.0
PITCH = 10.0
HEADLINE, LEFT, RIGHT, PICTURE, OFFER = range(5)


def draw_column(number: int, box: Box) -> Block:
    """A block of lines from edge to edge, a line every `PITCH` pixels."""
    tops = [box.y0 + PITCH * place for place in range(int(box.height / PITCH))]
    lines = tuple(Line(100 * number + i, Box(box.x0, y, box.x1, y + 8)) for i, y in enumerate(tops))
    return Block(number, BlockKind.TEXT, box, lines)


def draw_page() -> NewsTruth:
    """The page that is drawn above."""
    blocks = (
        Block(HEADLINE, BlockKind.HEADING, Box(10, 20, 290, 44), (Line(0, Box(10, 20, 290, 44)),)),
        draw_column(LEFT, Box(10, 50, 145, 390)),
        draw_column(RIGHT, Box(155, 50, 290, 160)),
        Block(PICTURE, BlockKind.PICTURE, Box(155, 180, 290, 260)),
        draw_column(OFFER, Box(155, 270, 290, 390)),
    )
    rules = (Rule(Box(149, 170, 151, 390)), Rule(Box(155, 169, 290, 171)))
    letter_l = ((10, 20), (290, 20), (290, 160), (145, 160), (145, 390), (10, 390))
    square = ((155, 180), (290, 180), (290, 390), (155, 390))
    articles = (
        Article(0, ArticleKind.ARTICLE, (HEADLINE, LEFT, RIGHT), _polygon(letter_l)),
        Article(1, ArticleKind.ADVERTISEMENT, (PICTURE, OFFER), _polygon(square)),
    )
    return NewsTruth(Layout(WIDTH, HEIGHT, blocks, rules), articles)


def _polygon(corners: tuple[tuple[float, float], ...]) -> tuple[Point, ...]:
    return tuple(Point(x, y) for x, y in corners)
