"""How a page lies is asked of its text alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.news.skew import Lie, find_lie

from .pressed import Press, print_page

Grey = NDArray[np.uint8]


def check(lie: Lie, sideways: bool, skew: float, within: float) -> None:
    assert lie.sideways == sideways
    assert lie.skew == pytest.approx(skew, abs=within)


def lean(image: Grey, degrees: float) -> Grey:
    """The page turned clockwise around its middle, on paper."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderValue=245), dtype=np.uint8)


def engrave(press: Press, *, across: bool) -> Grey:
    """The page with waving strokes all over it but for its lines of text, running up and down or `across`."""
    image = press.image
    y, x = np.mgrid[0 : press.height, 0 : press.width].astype(np.float32)
    along, beside = (x, y) if across else (y, x)
    strokes = (beside + 2.5 * np.sin(along / 25)) % 9 < 4
    top = round(min(line.y0 for line in press.lines)) - 20
    image[:top][strokes[:top]] = 30
    return image


@pytest.mark.parametrize("across", [False, True])
def test_strokes_of_an_engraving_neither_turn_nor_tilt_its_page(across: bool) -> None:
    press = Press()
    press.print_column(60, 940, 880, 14)
    check(find_lie(lean(engrave(press, across=across), 1.5)), False, 1.5, 0.2)
    check(find_lie(np.rot90(engrave(press, across=across)).copy()), True, 0, 0.2)


def test_specks_do_not_tilt_a_page() -> None:
    image = print_page().image
    image[np.random.default_rng(0).random(image.shape) < 0.1] = 20
    check(find_lie(image), False, 0, 0.2)
    check(find_lie(lean(image, -2.0)), False, -2.0, 0.3)


def test_an_engraving_without_text_stays_as_it_is() -> None:
    press = Press()
    press.print_line("Harbour Gazette", 260, 1300, 72)
    assert find_lie(engrave(press, across=False)) == Lie()


def test_large_type_lies_as_small_type_does() -> None:
    press = Press(1500, 2000)
    press.print_column(60, 60, 1400, 16, 84)
    check(find_lie(lean(press.image, 1.0)), False, 1.0, 0.2)
    assert find_lie(np.rot90(press.image).copy()).sideways


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (300, 300)])
def test_white_paper_lies_level(shape: tuple[int, int]) -> None:
    assert find_lie(np.full(shape, 250, np.uint8)) == Lie()
