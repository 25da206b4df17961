"""Pages are brought upright, whatever way they were scanned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.read import make_upright
from leggio.news.straighten import cut_border, straighten
from leggio.page import Page

from .pressed import print_page

Grey = NDArray[np.uint8]


@pytest.fixture(scope="module")
def image() -> Grey:
    return print_page().image


def turn(image: Grey, degrees: float) -> Grey:
    """The page turned clockwise around its middle, on paper."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderValue=245), dtype=np.uint8)


@pytest.mark.parametrize("degrees", [-3.7, -1.0, 0.5, 2.2])
def test_a_leaning_page_is_levelled(image: Grey, degrees: float) -> None:
    assert straighten(turn(image, degrees)).skew == pytest.approx(degrees, abs=0.2)


def test_a_level_page_is_left_as_it_is(image: Grey) -> None:
    straight = straighten(image)
    assert straight.turns == 0
    assert (straight.image == image).all()


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_stands_on_its_feet_however_it_was_scanned(image: Grey, quarters: int) -> None:
    scanned = np.ascontiguousarray(np.rot90(image, quarters))
    page, _ = make_upright(Page(scanned, "scan.png"))
    assert (page.image == image).all()


def test_the_black_around_a_page_becomes_paper_and_text_stays(image: Grey) -> None:
    framed = np.full((1600, 1200), 12, np.uint8)
    framed[100:1500, 100:1100] = image
    clean = cut_border(framed)
    assert (clean > 150)[:60].all()
    assert (clean > 150)[:, :60].all()
    assert (clean[140:1460, 140:1060] == framed[140:1460, 140:1060]).all()


def test_a_dark_picture_inside_the_page_is_no_border(image: Grey) -> None:
    printed = image.copy()
    printed[400:900, 300:800] = 10
    assert (cut_border(printed) == printed).all()


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3)])
def test_a_sliver_passes_unchanged(shape: tuple[int, int]) -> None:
    sliver = np.full(shape, 200, np.uint8)
    assert (straighten(sliver).image == sliver).all()


@pytest.mark.parametrize(("degrees", "quarters"), [(0.0, 0), (2.2, 0), (0.0, 1), (-1.5, 1)])
def test_a_place_on_the_level_page_is_found_on_the_scan(image: Grey, degrees: float, quarters: int) -> None:
    marked = image.copy()
    marked[700:740, 880:940] = 0
    straight = straighten(np.ascontiguousarray(np.rot90(turn(marked, degrees), -quarters)))
    assert straight.turns == quarters
    blot = cv2.morphologyEx(
        (straight.image < 60).astype(np.uint8), cv2.MORPH_OPEN, np.ones((25, 25), np.uint8)
    )
    x, y, wide, high = cv2.boundingRect(blot)
    found = straight.find_on_scan(Box(x, y, x + wide, y + high))
    scan = (np.rot90(turn(marked, degrees), -quarters) < 60).astype(np.uint8)
    x, y, wide, high = cv2.boundingRect(cv2.morphologyEx(scan, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8)))
    assert found.iou(Box(x, y, x + wide, y + high)) > 0.8
