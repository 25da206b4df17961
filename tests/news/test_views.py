"""Views of a page show what is on it, where the frame puts it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.news.drawn import HEIGHT, WIDTH, draw_page

from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Layout
from leggio.news.views import VIEWS, Frame, cells_of, draw_views, draw_views_2017, fit_page, paint

SIZES = st.floats(10, 9000)


def view(name: str, layout: Layout, image: np.ndarray[tuple[int, int], np.dtype[np.uint8]] | None = None) -> np.ndarray[
    tuple[int, ...], np.dtype[np.float32]
]:  # fmt: skip
    frame = fit_page(layout.width, layout.height, (200, 150))
    return np.asarray(draw_views(image, layout, frame)[VIEWS.index(name)])


@given(SIZES, SIZES, st.sampled_from([(512, 384), (256, 256), (64, 320)]))
def test_a_page_fits_whole_into_the_middle_of_the_input(
    width: float, height: float, size: tuple[int, int]
) -> None:
    frame = fit_page(width, height, size)
    placed = frame.place(Box(0, 0, width, height))
    assert placed.x0 >= -1e-6
    assert placed.y0 >= -1e-6
    assert (placed.center.x, placed.center.y) == pytest.approx((size[1] / 2, size[0] / 2))
    assert max(placed.width / size[1], placed.height / size[0]) == pytest.approx(1)
    assert placed.width / placed.height == pytest.approx(width / height)


@given(st.floats(0.01, 3), st.floats(0.01, 3), st.floats(-90, 90), st.floats(-90, 90), st.booleans())
def test_points_come_back_from_the_net_to_the_page(
    x: float, y: float, left: float, top: float, mirrored: bool
) -> None:
    frame = Frame(100, 100, -x if mirrored else x, y, left, top)
    points = np.array([[0.0, 0.0], [31.0, 7.5], [-4.0, 1200.0]])
    np.testing.assert_allclose(frame.lift_points(frame.place_points(points)), points, atol=1e-6)


def test_a_mirrored_frame_shows_the_same_page_the_other_way_round() -> None:
    layout = draw_page().layout
    frame = fit_page(layout.width, layout.height, (200, 160))
    mirrored = replace(frame, x_scale=-frame.x_scale, left=frame.width - frame.left)
    image = np.tile(np.linspace(0, 255, int(WIDTH)).astype(np.uint8), (int(HEIGHT), 1))
    np.testing.assert_allclose(
        draw_views(image, layout, mirrored), draw_views(image, layout, frame)[..., ::-1], atol=0.02
    )


def test_lines_are_ink_and_stay_apart() -> None:
    lines = view("lines", draw_page().layout)
    column = lines[30:190, 40]  # half the page's size: a line of 8 px is 4 cells, of which two are drawn
    assert column.max() == pytest.approx(1)
    assert column.min() == 0
    assert (np.diff((column > 0.5).astype(int)) == 1).sum() >= 25
    assert lines[30:, 74:76].max() == 0  # the gutter


def test_larger_type_is_higher() -> None:
    heights = view("heights", draw_page().layout)
    assert heights[16, 75] == pytest.approx(np.log2(24 / 8) / 2, abs=0.02)
    assert np.abs(heights[60:190, 20:60]).max() < 0.01


def test_pictures_and_rules_are_seen() -> None:
    layout = draw_page().layout
    assert view("pictures", layout)[110, 110] == 1
    assert view("pictures", layout)[60, 30] == 0
    assert view("rules", layout)[100:190, 75].min() > 0.4
    assert view("rules", layout)[20:80].max() == 0


def test_a_hairline_is_seen_on_a_page_that_is_shrunk_a_lot() -> None:
    layout = draw_page().layout
    frame = fit_page(WIDTH, HEIGHT, (64, 64))
    rules = draw_views(None, layout, frame)[VIEWS.index("rules")]
    assert rules[30:60].max(axis=1).min() > 0.4


def test_a_block_without_lines_is_one_line() -> None:
    layout = Layout(100, 100, (Block(0, BlockKind.TEXT, Box(20, 20, 80, 80)),))
    assert view("lines", layout)[100, 75] == 1


def test_the_picture_is_dark_where_its_ink_is_and_the_paper_around_it_is_blank() -> None:
    image = np.full((int(HEIGHT), int(WIDTH)), 255, np.uint8)
    image[100:200, 50:150] = 0
    layout = Layout(WIDTH, HEIGHT, ())
    frame = fit_page(WIDTH, HEIGHT, (256, 256))
    grey = draw_views(image, layout, frame)[0]
    assert grey[96, 96] == 1
    assert grey[:, :32].max() == 0
    assert grey.sum() == pytest.approx(100 * 100 * frame.x_scale * frame.y_scale, rel=0.03)


def test_the_view_of_2017_has_lines_black_pictures_grey_and_rules() -> None:
    layout = draw_page().layout
    frame = fit_page(WIDTH, HEIGHT, (256, 256))
    grey, ocr = draw_views_2017(None, layout, frame)
    assert grey.max() == 0
    headline, picture, rule = (
        ocr[int(y * 0.64), int(32 + x * 0.64)] for x, y in ((150, 32), (220, 220), (150, 265))
    )
    assert headline == pytest.approx(1)
    assert picture == pytest.approx(0.5, abs=0.01)
    assert rule > 0.6
    assert ocr[:, :32].max() == 0


@given(
    st.floats(-20, 120), st.floats(-20, 120), st.floats(0, 60), st.floats(0, 60), st.floats(-1, 1)
)  # fmt: skip
def test_a_painted_box_weighs_what_its_area_is(
    x: float, y: float, width: float, height: float, value: float
) -> None:
    frame = Frame(100, 100, 1.0, 1.0, 0.0, 0.0)
    box = Box(x, y, x + width, y + height)
    plane = paint([box], [value], frame)
    inside = box.intersection(Box(0, 0, 100, 100))
    assert float(plane.sum()) == pytest.approx(
        value * inside, abs=0.3 * (width + height) + 0.005 * inside + 0.1
    )


@given(st.floats(-5, 30), st.floats(-5, 30), st.floats(0, 40), st.floats(0, 40))
def test_a_box_always_has_cells(x: float, y: float, width: float, height: float) -> None:
    rows, columns = cells_of(Box(x, y, x + width, y + height), (20, 24))
    assert 0 <= rows.start < rows.stop <= 20
    assert 0 <= columns.start < columns.stop <= 24
