"""The staff space is measured and the net is run at it, in strips where the page is large."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.music.drawing import SPACE, Answers, Sheet, fake_net, level

from leggio.errors import NothingToRead
from leggio.music.maps import cut_strips, measure_space, run_net
from leggio.net import Card
from leggio.page import Page

Grey = NDArray[np.uint8]
STRIDE = 16
CARD = Card("blur", ("clefG", "clefF"), ("staffLine",), 14.0, STRIDE, "CC0")


def ruled(space: float, staves: int = 4, *, thickness: int = 2, width: int = 900) -> Grey:
    """A page of staves and nothing else."""
    image = np.full((round(space * 12 * staves), width), 255, np.uint8)
    for staff in range(staves):
        for line in range(5):
            y = round((staff * 12 + 4 + line) * space)
            image[y : y + thickness, 40 : width - 40] = 0
    return image


def turned(image: Grey, degrees: float) -> Grey:
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=255), np.uint8)


def blur(page: NDArray[np.float32]) -> Answers:
    """A net that sees 8 px to each side, and no further."""
    soft = cv2.blur(page[0, 0], (17, 17), borderType=cv2.BORDER_REPLICATE)
    half, quarter = soft[::2, ::2], soft[::4, ::4]
    ink = np.stack([(half * 255).astype(np.uint8)] * len(CARD.inks))
    classes = np.stack([(quarter * 255).astype(np.uint8)] * len(CARD.classes))
    return half[None, None], ink[None], classes[None], np.stack([quarter, quarter])[None]


def specks(height: int, width: int) -> Grey:
    rng = np.random.default_rng(7)
    return np.where(rng.random((height, width)) < 0.1, 0, 255).astype(np.uint8)


# --- measure_space


@given(space=st.integers(7, 60))
@settings(max_examples=25, deadline=None)
def test_the_staff_space_is_from_one_line_to_the_next(space: int) -> None:
    measured = measure_space(ruled(space))
    assert measured == pytest.approx(space, rel=0.02)


@pytest.mark.parametrize("thickness", [1, 3, 6])
def test_the_staff_space_is_the_same_however_thick_the_lines_are(thickness: int) -> None:
    assert measure_space(ruled(20, thickness=thickness)) == pytest.approx(20, abs=0.3)


def test_a_staff_space_between_whole_pixels_is_measured() -> None:
    assert measure_space(ruled(17.5)) == pytest.approx(17.5, abs=0.2)


@pytest.mark.parametrize("degrees", [-3, 1, 3])
def test_a_skewed_page_has_the_same_staff_space(degrees: float) -> None:
    assert measure_space(turned(ruled(20), degrees)) == pytest.approx(20, rel=0.02)


def test_a_grey_page_has_the_same_staff_space() -> None:
    grey = (ruled(20) // 3 + 60).astype(np.uint8)
    assert measure_space(grey) == pytest.approx(20, abs=0.3)


def test_one_staff_on_a_high_page_is_enough() -> None:
    page = np.full((2000, 900), 255, np.uint8)
    page[:240] = ruled(20, staves=1)
    assert measure_space(page) == pytest.approx(20, abs=0.3)


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("shape", [(400, 300), (1, 1), (1, 500), (500, 1)])
def test_a_page_of_one_grey_has_no_staff_space(grey: int, shape: tuple[int, int]) -> None:
    assert measure_space(np.full(shape, grey, np.uint8)) is None


def test_a_page_with_a_few_blots_has_no_staff_space() -> None:
    page = np.full((800, 600), 255, np.uint8)
    rng = np.random.default_rng(1)
    for x, y in rng.integers(20, 560, (30, 2)):
        page[y : y + 9, x : x + 14] = 0
    assert measure_space(page) is None


# --- run_net


def test_the_net_gets_the_page_at_its_own_staff_space_padded_to_its_stride() -> None:
    seen: list[tuple[int, ...]] = []

    def net(page: NDArray[np.float32]) -> Answers:
        seen.append(page.shape)
        return blur(page)

    run_net(Page(specks(410, 605), "drawn"), fake_net(net, CARD), space=28.0)  # half size: 205 and 302.5
    assert seen == [(1, 1, 208, 304)]


def test_the_net_gets_ink_as_one_and_paper_and_padding_as_nought() -> None:
    seen: list[NDArray[np.float32]] = []

    def net(page: NDArray[np.float32]) -> Answers:
        seen.append(page)
        return blur(page)

    run_net(Page(np.zeros((20, 24), np.uint8), "drawn"), fake_net(net, CARD), space=CARD.space)
    (ink,) = seen
    assert ink.dtype == np.float32
    assert ink[0, 0, :20, :24].min() == 1
    assert ink[0, 0, 20:].max() == 0
    assert ink[0, 0, :, 24:].max() == 0


def test_the_maps_have_half_and_a_quarter_of_the_resolution_of_the_net() -> None:
    maps = run_net(Page(specks(160, 320), "drawn"), fake_net(blur, CARD), space=CARD.space)
    assert maps.energy.shape == maps.dark.shape == (80, 160)
    assert maps.ink.shape == (len(CARD.inks), 80, 160)
    assert maps.classes.shape == (len(CARD.classes), 40, 80)
    assert maps.boxes.shape == (2, 40, 80)


@given(space=st.floats(8, 50), x=st.integers(40, 560), y=st.integers(40, 360))
@settings(max_examples=25, deadline=None)
def test_a_map_cell_leads_back_to_the_pixels_that_it_came_from(space: float, x: int, y: int) -> None:
    image = np.full((400, 600), 255, np.uint8)
    image[y - 6 : y + 6, x - 6 : x + 6] = 0
    maps = run_net(Page(image, "drawn"), fake_net(blur, CARD), space)
    rows, columns = np.nonzero(maps.dark > 100)
    assert (columns.mean() + 0.5) * maps.cell == pytest.approx(x, abs=0.15 * space + 1)
    assert (rows.mean() + 0.5) * maps.cell == pytest.approx(y, abs=0.15 * space + 1)
    assert maps.cells_per_space * maps.cell == pytest.approx(space)


def test_an_ink_map_is_found_by_its_name() -> None:
    sheet = Sheet(20, 10)
    sheet.staff(3, 2, 18)
    maps = sheet.maps()
    assert maps.ink_of("staffLine").max() > 200
    assert maps.ink_of("beam").max() == 0


def test_strips_give_the_same_answer_as_the_whole_page() -> None:
    image = specks(2048, 4000)
    strips: list[int] = []

    def net(page: NDArray[np.float32]) -> Answers:
        strips.append(page.shape[2])
        return blur(page)

    maps = run_net(Page(image, "drawn"), fake_net(net, CARD), space=CARD.space)
    assert len(strips) > 1
    whole = blur((1 - image[None, None].astype(np.float32) / 255).astype(np.float32))
    energy, ink, classes, boxes = (answer.astype(np.float32) for answer in whole)
    np.testing.assert_allclose(maps.energy, energy[0, 0], atol=1e-5)
    np.testing.assert_allclose(maps.boxes, boxes[0], atol=1e-5)
    np.testing.assert_allclose(maps.ink, ink[0], atol=1)  # of 255
    np.testing.assert_allclose(maps.classes, classes[0], atol=1)


@pytest.mark.parametrize("height", [769, 784, 1000, 1345, 1536])
def test_strips_cover_pages_of_every_height(height: int) -> None:
    maps = run_net(Page(specks(height, 4000), "drawn"), fake_net(blur, CARD), space=CARD.space)
    rows = -(-height // STRIDE) * STRIDE // 2
    assert maps.energy.shape == (rows, 2000)
    assert maps.classes.shape[1:] == (rows // 2, 1000)


@given(
    height=st.integers(1, 500).map(lambda rows: rows * STRIDE),
    width=st.integers(1, 500).map(lambda columns: columns * STRIDE),
)
def test_strips_are_of_one_height_and_share_what_the_net_sees_around_a_row(height: int, width: int) -> None:
    strips = cut_strips(height, width, STRIDE)
    assert len(strips) == 1 or len(strips) % 2 == 0
    assert (strips[0][0], strips[-1][1]) == (0, height)
    assert len({bottom - top for top, bottom in strips}) == 1
    assert all(top % STRIDE == bottom % STRIDE == 0 for top, bottom in strips)
    assert all(above[1] - below[0] >= 192 for above, below in pairwise(strips))


def test_an_a4_page_is_two_strips() -> None:
    assert cut_strips(2176, 1808, STRIDE) == [(0, 1184), (992, 2176)]


def test_no_strip_is_larger_than_the_net_can_bear() -> None:
    sizes: list[int] = []

    def net(page: NDArray[np.float32]) -> Answers:
        sizes.append(page.size)
        return blur(page)

    run_net(Page(specks(4000, 2500), "drawn"), fake_net(net, CARD), space=CARD.space)
    assert max(sizes) <= 3_000_000


def test_staves_too_small_for_their_page_are_not_read() -> None:
    with pytest.raises(NothingToRead, match="higher resolution"):
        run_net(Page(np.full((2000, 2000), 255, np.uint8), "drawn"), fake_net(blur, CARD), space=1.0)


def test_a_net_of_another_staff_space_gets_another_size() -> None:
    wide = replace(CARD, space=28.0)
    maps = run_net(Page(specks(160, 320), "drawn"), fake_net(blur, wide), space=14.0)
    assert maps.scale == 2
    assert maps.energy.shape == (160, 320)


def test_a_drawn_page_has_the_staff_space_it_was_drawn_with() -> None:
    sheet = Sheet()
    sheet.staff(4)
    sheet.staff(14, curve=level(14))
    assert measure_space(sheet.page().image) == pytest.approx(SPACE, rel=0.02)
