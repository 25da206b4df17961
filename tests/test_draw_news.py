"""The drawing shows the articles where they stand, in reading order, and what is doubtful."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.draw_news import LOOSE, RULE, colour_of, draw_articles, name_article
from leggio.geometry import Box, Point
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, Rule

PAPER = np.full((600, 500), 255, np.uint8)


def block(id: int, box: Box, kind: BlockKind = BlockKind.TEXT) -> Block:
    return Block(id, kind, box, (Line(id, Box(box.x0, box.y0, box.x1, box.y0 + 24), "Text"),))


HEAD = block(0, Box(40, 60, 220, 90), BlockKind.HEADING)
LEFT = block(1, Box(40, 110, 220, 300))
RIGHT = block(2, Box(260, 110, 440, 300))
LOW = block(3, Box(40, 400, 220, 560))
LAYOUT = Layout(500, 600, (HEAD, LEFT, RIGHT, LOW), (Rule(Box(240, 60, 241, 560)),))
OUTLINE = (Point(40, 60), Point(220, 60), Point(220, 110), Point(440, 110), Point(440, 300), Point(40, 300))
ARTICLE = Article(0, ArticleKind.ARTICLE, (0, 1, 2), OUTLINE, "Die Großmächte", 0.9)


def shows(picture: NDArray[np.uint8], colour: tuple[int, int, int], box: Box) -> int:
    """How many pixels have a colour."""
    cut = picture[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
    return int((np.abs(cut.astype(int) - colour) < 40).all(axis=2).sum())


def test_the_picture_has_the_size_of_the_page_in_colour_and_leaves_the_page_alone() -> None:
    image = PAPER.copy()
    picture = draw_articles(image, LAYOUT, (ARTICLE,))
    assert picture.shape == (600, 500, 3)
    assert picture.dtype == np.uint8
    assert (image == PAPER).all()


def test_an_article_is_tinted_inside_its_outline_and_nowhere_else() -> None:
    picture = draw_articles(PAPER, LAYOUT, (ARTICLE,)).astype(int)
    red, green = picture[200, 100, :2]
    assert red > green + 30
    assert (picture[200, 480] == 255).all()


def test_ink_is_pale_and_stays_visible_below_the_tint() -> None:
    image = PAPER.copy()
    image[190:210, 90:110] = 0
    picture = draw_articles(image, LAYOUT, (ARTICLE,)).astype(int)
    assert 60 < picture[200, 100].max() < picture[230, 100].max() - 80


def test_neighbours_have_different_colours() -> None:
    other = Article(1, ArticleKind.NOTICE, (3,), ())
    picture = draw_articles(PAPER, LAYOUT, (ARTICLE, other))
    assert colour_of(ARTICLE) != colour_of(other)
    assert shows(picture, colour_of(other), Box(38, 540, 222, 562))
    assert not shows(picture, colour_of(ARTICLE), Box(38, 540, 222, 562))


def test_a_heading_has_a_bolder_frame_than_text() -> None:
    heading = draw_articles(PAPER, LAYOUT, (replace(ARTICLE, blocks=(0,), polygon=()),))
    text = draw_articles(
        PAPER, replace(LAYOUT, blocks=(replace(HEAD, kind=BlockKind.TEXT), LEFT)),
        (replace(ARTICLE, blocks=(0,), polygon=()),),
    )  # fmt: skip
    below = Box(100, 88, 200, 96)
    assert shows(heading, colour_of(ARTICLE), below) > shows(text, colour_of(ARTICLE), below)


def test_an_arrow_leads_from_column_to_column() -> None:
    between = Box(225, 130, 235, 230)
    drawn = draw_articles(PAPER, LAYOUT, (replace(ARTICLE, polygon=()),))
    alone = draw_articles(PAPER, LAYOUT, (replace(ARTICLE, blocks=(0, 1), polygon=()),))
    assert shows(drawn, colour_of(ARTICLE), between)
    assert not shows(alone, colour_of(ARTICLE), between)


def test_blocks_in_no_article_are_grey_and_rules_blue() -> None:
    picture = draw_articles(PAPER, LAYOUT, (ARTICLE,))
    assert shows(picture, LOOSE, LOW.box)
    assert shows(picture, RULE, LAYOUT.rules[0].box)


@pytest.mark.parametrize(
    ("article", "name"),
    [
        (ARTICLE, "0 Die Grossmaechte"),
        (replace(ARTICLE, headline=""), "0"),
        (Article(7, ArticleKind.NOTICE, (), (), "", 0.2), "7 notice ?"),
        (replace(ARTICLE, headline="Waſſer “ﬁnden” Älteſte"), '0 Wasser finden Aelteste'),
        (replace(ARTICLE, headline="Ein Satz, der für ein Schild zu lang ist"), "0 Ein Satz, der fuer ein Schild ..."),
    ],
)  # fmt: skip
def test_a_label_has_number_kind_doubt_and_headline(article: Article, name: str) -> None:
    assert name_article(article) == name


def test_a_doubtful_article_looks_different() -> None:
    sure, doubtful = (draw_articles(PAPER, LAYOUT, (replace(ARTICLE, confidence=c),)) for c in (0.9, 0.1))
    assert not (sure == doubtful).all()


def test_outlines_beside_the_page_and_articles_without_anything_can_be_drawn() -> None:
    far = tuple(Point(point.x * 9 - 900, point.y * 9 - 900) for point in OUTLINE)
    lost = Article(1, ArticleKind.ARTICLE, (99,), (), "nirgends")
    picture = draw_articles(PAPER, LAYOUT, (replace(ARTICLE, blocks=(99,), polygon=far), lost))
    assert picture.shape == (600, 500, 3)
    assert draw_articles(
        np.zeros((5, 4), np.uint8), Layout(4, 5, ()), (replace(ARTICLE, polygon=far),)
    ).shape == (5, 4, 3)
