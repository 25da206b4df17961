"""A cut article lies on sheets so that it can be read in order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from tests.news.export.press import Press, print_small

from leggio.geometry import Box
from leggio.news.export.cutting import cut_article
from leggio.news.export.issue import ReadPage
from leggio.news.export.sheets import (
    FIRST_HEIGHT,
    SHEET_HEIGHT,
    SHEET_WIDTH,
    Piece,
    Sheet,
    find_scale,
    lay_out,
)
from leggio.news.layout import BlockKind
from leggio.page import Grey

SLACK = 0.5  # mm; pieces are whole pixels


def print_large(columns: int, paragraphs: int, headline: bool = True) -> tuple[ReadPage, Grey]:
    """An article over columns of 55 mm, as high as a broadsheet."""
    press = Press(columns * 440 + 40, 500 + paragraphs * 420)
    blocks = []
    if headline:
        blocks.append(press.set_text("Die Großmächte", 40, 40, columns * 440 - 40, 120, BlockKind.HEADING))
    for column in range(columns):
        y = 300.0
        for _ in range(paragraphs):
            block = press.set_text(
                "Der Bau der Eisen|bahn nach Chur wird ge|baut. " * 5, 40 + column * 440, y, 400, 26
            )
            blocks.append(block)
            y = block.box.y1 + 14
    press.make_article(*blocks)
    return press.print_page(dpi=200)


def sheets_of(page: ReadPage, image: Grey) -> tuple[Sheet, ...]:
    cut = cut_article(image, page, page.articles[0])
    assert cut is not None
    return lay_out(cut, page, page.articles[0])


def test_a_small_article_stays_whole_at_its_printed_size() -> None:
    page, image = print_small()
    page = replace(page, label=replace(page.label, dpi=200.0))
    (sheet,) = sheets_of(page, image)
    (piece,) = sheet.pieces
    assert piece.width == pytest.approx(461 * 25.4 / 200, abs=1)


def test_the_scale_comes_from_the_resolution_or_else_from_the_lines() -> None:
    page, _ = print_small()
    assert find_scale(replace(page, label=replace(page.label, dpi=150.0))) == pytest.approx(
        4.0 / 27, abs=0.03
    )
    nonsense = replace(page, label=replace(page.label, dpi=72000.0))
    assert find_scale(nonsense) == find_scale(page)
    assert find_scale(page) * 27 == pytest.approx(3.2)  # 27 px from line to line
    empty = replace(page, layout=replace(page.layout, blocks=()))
    assert find_scale(empty) * 800 == pytest.approx(315.0)


@pytest.mark.parametrize(("columns", "paragraphs"), [(1, 12), (3, 8), (5, 10), (8, 6)])
def test_a_large_article_is_laid_on_sheets_without_loss_or_overlap(columns: int, paragraphs: int) -> None:
    page, image = print_large(columns, paragraphs)
    sheets = sheets_of(page, image)
    assert len(sheets[0].pieces) > 1
    for number, sheet in enumerate(sheets):
        assert sheet.height <= (SHEET_HEIGHT if number else FIRST_HEIGHT) + SLACK
        for piece in sheet.pieces:
            assert piece.x >= -SLACK
            assert piece.x + piece.width <= SHEET_WIDTH + SLACK
        boxes = [Box(p.x, p.y, p.x + p.width, p.y + p.height) for p in sheet.pieces]
        assert all(a.intersection(b) < 1 for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(("columns", "paragraphs"), [(1, 12), (3, 8), (5, 10), (8, 6)])
def test_every_line_is_on_one_sheet_whole_and_in_order(columns: int, paragraphs: int) -> None:
    """Each line is a bar, longer than the one before; they come back as many and in this order."""
    page, image = print_large(columns, paragraphs, headline=False)
    lines = [line for block in page.layout.blocks for line in block.lines]
    bars = np.full_like(image, 255)
    for number, line in enumerate(lines):
        x, y = int(line.box.x0), int(line.box.y0)
        bars[y + 8 : y + 20, x : x + 40 + 240 * number // len(lines)] = 0
    found = [length for sheet in sheets_of(page, bars) for piece in sheet.pieces for length in _bars(piece)]
    assert len(found) == len(lines)
    assert all(b > a - 0.5 for a, b in pairwise(found))


def _bars(piece: Piece) -> list[float]:
    """The lengths of the bars of a piece in mm, from top to bottom."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((piece.picture < 160).astype(np.uint8))
    scale = piece.width / piece.picture.shape[1]
    return [
        float(row[cv2.CC_STAT_WIDTH]) * scale
        for row in sorted(stats[1:], key=lambda row: row[cv2.CC_STAT_TOP])
    ]


def test_a_picture_higher_than_a_sheet_is_still_shown() -> None:
    press = Press(900, 6000)
    high = press.set_picture(Box(40, 40, 440, 5900))
    text = press.set_text("Der Bahnhof.", 460, 40, 400, 26)
    press.make_article(high, text)
    page, image = press.print_page(dpi=200)
    sheets = sheets_of(page, image)
    assert sum(p.height for s in sheets for p in s.pieces) > FIRST_HEIGHT


def test_an_article_whose_blocks_are_unknown_is_shrunk_to_one_sheet() -> None:
    page, image = print_large(3, 8)
    page = replace(page, articles=(replace(page.articles[0], blocks=()),))
    (sheet,) = sheets_of(page, image)
    assert len(sheet.pieces) == 1
    assert sheet.height <= FIRST_HEIGHT + SLACK
