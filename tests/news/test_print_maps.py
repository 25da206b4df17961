"""What the net for print sees: its maps can be asked, fitted, kept, and turned into gutters."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.net import WEIGHTS, Net, load_net
from leggio.news.ink import find_ink
from leggio.news.print_maps import (
    MAPS_SUFFIX,
    PRINT,
    PrintMaps,
    find_gutters,
    list_gutters,
    load_maps,
    save_maps,
    see_print,
)

from .pressed import Press

ROWS, COLUMNS = 60, 40
SCALE = 0.25  # cells to a page pixel


def see(**planes: NDArray[np.uint8]) -> PrintMaps:
    """Maps of a page of 160 x 240 pixels, on which only these planes have anything."""
    nothing = np.zeros((ROWS, COLUMNS), np.uint8)
    return PrintMaps(PRINT, np.stack([planes.get(name, nothing) for name in PRINT]), SCALE)


def draw_gutter(*columns: int, rows: slice = slice(10, 50), sure: int = 250) -> NDArray[np.uint8]:
    """Gutters that are surest in these columns, and less so in the two beside."""
    plane = np.zeros((ROWS, COLUMNS), np.uint8)
    for column in columns:
        plane[rows, column - 1 : column + 2] = np.maximum(plane[rows, column - 1 : column + 2], sure - 60)
        plane[rows, column] = sure
    return plane


# --- maps


def test_the_chance_of_a_box_is_the_mean_of_the_map_inside() -> None:
    half = np.zeros((ROWS, COLUMNS), np.uint8)
    half[:, :20] = 255
    seen = see(picture=half)
    assert seen.chance("picture", Box(0, 0, 80, 240)) == 1
    assert seen.chance("picture", Box(80, 0, 160, 240)) == 0
    assert seen.chance("picture", Box(40, 20, 120, 60)) == pytest.approx(0.5)
    assert seen.chance("text", Box(0, 0, 160, 240)) == 0


@pytest.mark.parametrize("box", [Box(-50, -50, -10, -10), Box(500, 500, 900, 900), Box(10, 10, 10, 10)])
def test_a_box_beyond_the_page_or_without_area_has_a_chance_too(box: Box) -> None:
    full = np.full((ROWS, COLUMNS), 255, np.uint8)
    assert see(text=full).chance("text", box) == 1


def test_a_map_at_its_own_size_is_itself() -> None:
    plane = np.random.default_rng(0).integers(0, 256, (ROWS, COLUMNS), np.uint8)
    assert np.array_equal(see(line=plane).fit("line", (ROWS, COLUMNS), SCALE), plane)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_a_cell_of_a_larger_picture_lies_where_it_lay(factor: int) -> None:
    plane = np.zeros((ROWS, COLUMNS), np.uint8)
    plane[20, 30] = 255
    large = see(line=plane).fit("line", (ROWS * factor, COLUMNS * factor), SCALE * factor)
    assert large.shape == (ROWS * factor, COLUMNS * factor)
    rows, columns = np.nonzero(large == large.max())
    assert (rows.mean() + 0.5) / factor == pytest.approx(20.5, abs=0.05)
    assert (columns.mean() + 0.5) / factor == pytest.approx(30.5, abs=0.05)


# --- gutters


@pytest.mark.parametrize("factor", [1, 4])
def test_a_gutter_is_marked_along_its_middle(factor: int) -> None:
    seen = see(gutter=draw_gutter(20))
    mask = find_gutters(seen, (ROWS * factor, COLUMNS * factor), SCALE * factor)
    inside = mask[15 * factor : 45 * factor]
    assert set(np.unique(mask)) == {0, 1}
    assert inside[:, round(20.5 * factor)].all()
    assert not mask[: 8 * factor].any()
    assert not mask[52 * factor :].any()
    assert inside.sum(axis=1).max() <= 2 * factor + 3


def test_what_is_hardly_a_gutter_is_none() -> None:
    assert not find_gutters(see(gutter=draw_gutter(20, sure=120)), (ROWS, COLUMNS), SCALE).any()


def test_of_two_gutters_that_near_only_the_surer_one_counts() -> None:
    both = np.maximum(draw_gutter(20), draw_gutter(22, sure=200))
    mask = find_gutters(see(gutter=both), (ROWS, COLUMNS), SCALE)
    assert mask[30, 20] == 1
    assert mask[30, 22] == 0
    assert mask[30].sum() == 3
    apart = find_gutters(see(gutter=draw_gutter(10, 25)), (ROWS, COLUMNS), SCALE)
    assert apart[30].sum() == 6


def test_each_gutter_is_listed_in_pixels_of_the_page() -> None:
    left, right = sorted(list_gutters(see(gutter=draw_gutter(10, 25))), key=lambda box: box.x0)
    assert (left.x0 + left.x1) / 2 == pytest.approx(42)  # the middle of cell 10
    assert (right.x0 + right.x1) / 2 == pytest.approx(102)
    assert left.y0 == pytest.approx(40, abs=4)
    assert left.y1 == pytest.approx(200, abs=4)


def test_a_gutter_of_two_lines_is_not_listed() -> None:
    assert list_gutters(see(gutter=draw_gutter(20, rows=slice(10, 15)))) == ()
    assert list_gutters(see()) == ()


# --- a file of them


def test_maps_come_back_out_of_their_file(tmp_path: Path) -> None:
    maps = np.random.default_rng(1).integers(0, 256, (len(PRINT), 9, 7), np.uint8)
    path = tmp_path / f"page{MAPS_SUFFIX}"
    save_maps(PrintMaps(PRINT, maps, 0.1537), path)
    again = load_maps(path)
    assert (again.names, again.scale) == (PRINT, 0.1537)
    assert again.maps.dtype == np.uint8
    assert np.array_equal(again.maps, maps)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def write_some(**arrays: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def write_wrong_zip() -> bytes:
    """A whole archive of which one member is no compressed data."""
    whole = write_some(names=np.array(PRINT), scale=np.array(0.5), maps=np.zeros((7, 90, 90), np.uint8))
    place = next(
        i.header_offset for i in zipfile.ZipFile(io.BytesIO(whole)).infolist() if "maps" in i.filename
    )
    return whole[: place + 60] + b"\xff" * 40 + whole[place + 100 :]


def write_array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no maps",
        write_some(maps=np.zeros((7, 9, 7), np.uint8)),
        write_some(names=np.array(PRINT), scale=np.array(0.5), maps=np.zeros((7, 90, 90), np.uint8))[:-90],
        write_wrong_zip(),
        write_array(),
    ],
    ids=["empty", "text", "lacking", "cut off", "wrong inside", "one array"],
)
def test_any_other_file_is_named(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"page{MAPS_SUFFIX}"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"page\.npz holds no maps"):
        load_maps(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        load_maps(tmp_path / f"nowhere{MAPS_SUFFIX}")


# --- the net that ships


@pytest.fixture(scope="module")
def net() -> Net:
    return load_net(WEIGHTS / "news-print.onnx", threads=1)


def look(image: NDArray[np.uint8], net: Net) -> PrintMaps:
    ink = find_ink(image)
    return see_print(image, ink.letter / ink.scale, net)


@pytest.fixture(scope="module")
def press() -> Press:
    """A headline over two columns with a narrow gutter, a rule below, then white paper."""
    press = Press()
    press.print_line("Great storm over harbour and valley", 70, 40, 52)
    press.print_column(60, 130, 420, 30)
    press.print_column(512, 130, 420, 30)
    press.rule(60, 1130, 940, 1133)
    return press


@pytest.fixture(scope="module")
def seen(press: Press, net: Net) -> PrintMaps:
    return look(press.image, net)


PAPER = Box(60, 1200, 940, 1380)


def test_maps_cover_the_page_two_cells_to_a_small_letter(press: Press, seen: PrintMaps) -> None:
    ink = find_ink(press.image)
    assert seen.names == PRINT
    assert seen.scale * ink.letter / ink.scale == pytest.approx(2)
    assert seen.maps.shape[1] == pytest.approx(press.height * seen.scale, abs=1)
    assert seen.maps.shape[2] == pytest.approx(press.width * seen.scale, abs=1)
    assert seen.maps.dtype == np.uint8


def test_text_is_seen_on_every_line_and_not_on_white_paper(press: Press, seen: PrintMaps) -> None:
    assert min(seen.chance("text", line) for line in press.lines) > 0.6
    assert seen.chance("text", PAPER) < 0.1


def test_lines_are_seen_along_their_middle_and_not_between(press: Press, seen: PrintMaps) -> None:
    column = press.lines[1:31]
    middles = [(line.y0 + line.y1) / 2 for line in column]
    on = [seen.chance("line", Box(80, y - 2, 420, y + 2)) for y in middles]
    between = [
        seen.chance("line", Box(80, (a + b) / 2 - 1, 420, (a + b) / 2 + 1))
        for a, b in itertools.pairwise(middles)
    ]
    assert min(on) > 0.4
    assert max(between) < 0.1


def test_the_gutter_between_two_columns_is_seen(press: Press, seen: PrintMaps) -> None:
    left, right = press.lines[1:31], press.lines[31:]
    start, end = max(line.x1 for line in left), min(line.x0 for line in right)
    assert seen.chance("gutter", Box(start + 8, 200, end - 8, 1000)) > 0.9
    assert seen.chance("gutter", Box(80, 200, 400, 1000)) < 0.1
    assert seen.chance("gutter", PAPER) < 0.1
    mask = find_gutters(seen, press.image.shape, 1.0)
    assert mask[200:1000, round(start) - 20 : round(end)].any(axis=1).all()
    assert not mask[200:1000, 80:400].any()
    assert any(box.y0 < 200 and box.y1 > 1000 and start - 30 < box.x0 < end for box in list_gutters(seen))


def test_a_heading_and_a_rule_are_seen(press: Press, seen: PrintMaps) -> None:
    assert seen.chance("heading", press.lines[0]) > 0.4
    assert max(seen.chance("heading", line) for line in press.lines[1:]) < 0.1
    assert seen.chance("rule", Box(60, 1128, 940, 1136)) > 0.5
    assert seen.chance("rule", PAPER) < 0.1


@pytest.mark.parametrize("level", [0, 245, 255])
@pytest.mark.parametrize("shape", [(1, 1), (20, 20), (700, 500)])
def test_no_gutter_is_seen_where_nothing_is_printed(shape: tuple[int, int], level: int, net: Net) -> None:
    maps = look(np.full(shape, level, np.uint8), net)
    assert maps.maps.shape[0] == len(PRINT)
    assert not find_gutters(maps, shape, 1.0).any()
    assert list_gutters(maps) == ()


def test_a_scrap_of_a_page_is_looked_at_too(press: Press, net: Net) -> None:
    maps = look(press.image[200:220, 200:220].copy(), net)
    assert find_gutters(maps, (20, 20), 1.0).shape == (20, 20)
