"""Opening files: every kind of picture becomes grey pages, and a bad page never loses the others."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from leggio import page as page_module
from leggio.errors import InputError, LeggioError, LockedFile, PageTooLarge, UnreadableFile
from leggio.page import Page, PageFailure, count_pages, find_inputs, open_pages

Grey = NDArray[np.uint8]


def drawn_page(height: int = 200, width: int = 300) -> Grey:
    """White paper with five black lines and a black block at the top left."""
    image = np.full((height, width), 255, np.uint8)
    image[60:110:10, 20:-20] = 0
    image[20:40, 20:50] = 0
    return image


def save(image: Image.Image | NDArray[Any], path: Path, **options: Any) -> Path:
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(path, **options)
    return path


def the_page(path: Path) -> Page:
    (page,) = open_pages(path)
    assert isinstance(page, Page), page
    return page


def the_failure(path: Path) -> LeggioError:
    (failure,) = open_pages(path)
    assert isinstance(failure, PageFailure)
    assert str(path) in str(failure.error)
    return failure.error


def png_of_size(path: Path, width: int, height: int) -> Path:
    """A PNG whose header claims a size; there are hardly any pixels behind it."""
    data = bytearray(save(np.zeros((2, 2), np.uint8), path).read_bytes())
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp", "jpg"])
def test_a_grey_picture_comes_out_as_it_is(tmp_path: Path, suffix: str) -> None:
    options = {"lossless": True} if suffix == "webp" else {"quality": 100} if suffix == "jpg" else {}
    page = the_page(save(drawn_page(), tmp_path / f"a.{suffix}", **options))
    assert page.image.dtype == np.uint8
    assert page.image.flags.c_contiguous
    np.testing.assert_allclose(page.image.astype(int), drawn_page(), atol=8)


def test_a_page_knows_where_it_came_from(tmp_path: Path) -> None:
    path = save(drawn_page(), tmp_path / "a.png", dpi=(300, 300))
    page = the_page(path)
    assert (page.source, page.number) == (str(path), 1)
    assert page.dpi == pytest.approx(300, abs=0.1)
    assert (page.label.width, page.label.height) == (300, 200)


def test_a_resolution_that_cannot_be_is_left_out(tmp_path: Path) -> None:
    assert the_page(save(drawn_page(), tmp_path / "a.png", dpi=(1, 1))).dpi is None
    assert the_page(save(drawn_page(), tmp_path / "b.bmp")).dpi in (None, pytest.approx(96, abs=1))


def test_colours_become_the_grey_that_the_eye_sees(tmp_path: Path) -> None:
    image = np.full((60, 90, 3), 255, np.uint8)
    image[:, :30] = (255, 0, 0)
    image[:, 30:60] = (0, 255, 0)
    grey = the_page(save(image, tmp_path / "a.png")).image
    assert (grey[0, 10], grey[0, 40], grey[0, 70]) == (76, 150, 255)


def test_transparent_becomes_white_paper(tmp_path: Path) -> None:
    ink = np.zeros((200, 300, 4), np.uint8)  # black everywhere, shown only where alpha says so
    ink[..., 3] = 255 - drawn_page()
    np.testing.assert_array_equal(the_page(save(ink, tmp_path / "a.png")).image, drawn_page())


def test_a_transparent_colour_of_a_palette_becomes_white(tmp_path: Path) -> None:
    picture = Image.fromarray((drawn_page() < 128).astype(np.uint8), mode="P")
    picture.putpalette([0, 0, 0, 0, 0, 0])
    page = the_page(save(picture, tmp_path / "a.png", transparency=0))
    np.testing.assert_array_equal(page.image, drawn_page())


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    picture = Image.fromarray((drawn_page() < 128).astype(np.uint8), mode="P")
    picture.putpalette([255, 255, 255, 0, 0, 0])
    np.testing.assert_array_equal(the_page(save(picture, tmp_path / "a.png")).image, drawn_page())


@pytest.mark.parametrize("compression", ["raw", "group4"])
def test_one_bit_becomes_black_and_white(tmp_path: Path, compression: str) -> None:
    picture = Image.fromarray(drawn_page()).convert("1")
    page = the_page(save(picture, tmp_path / "a.tif", compression=compression))
    np.testing.assert_array_equal(page.image, drawn_page())


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("white", [65535, 4095])
def test_sixteen_bits_become_eight(tmp_path: Path, suffix: str, white: int) -> None:
    deep = (drawn_page() / 255.0 * white).astype(np.uint16)
    np.testing.assert_array_equal(the_page(save(deep, tmp_path / f"a.{suffix}")).image, drawn_page())


@pytest.mark.parametrize("white", [1.0, 255.0])
def test_fractions_become_eight_bits(tmp_path: Path, white: float) -> None:
    picture = Image.fromarray((drawn_page() / 255.0 * white).astype(np.float32))
    np.testing.assert_array_equal(the_page(save(picture, tmp_path / "a.tif")).image, drawn_page())


@pytest.mark.parametrize("suffix", ["tif", "jpg"])
def test_printing_inks_become_grey(tmp_path: Path, suffix: str) -> None:
    picture = Image.fromarray(drawn_page()).convert("RGB").convert("CMYK")
    grey = the_page(save(picture, tmp_path / f"a.{suffix}")).image
    np.testing.assert_allclose(grey.astype(int)[25:35, 25:45], 0, atol=40)
    np.testing.assert_allclose(grey.astype(int)[150:], 255, atol=8)


def test_a_picture_in_lab_becomes_grey(tmp_path: Path) -> None:
    lab = Image.merge("LAB", [Image.fromarray(drawn_page()), *[Image.new("L", (300, 200), 128)] * 2])
    np.testing.assert_array_equal(the_page(save(lab, tmp_path / "a.tif")).image, drawn_page())


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("jpg", {}), ("png", {}), ("tif", {"compression": "raw"}), ("tif", {"compression": "tiff_deflate"})],
)
def test_a_photo_held_sideways_is_turned_upright(
    tmp_path: Path, suffix: str, options: dict[str, str]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    path = save(np.rot90(drawn_page()), tmp_path / f"a.{suffix}", exif=exif, **options)
    image = the_page(path).image
    assert image.shape == (200, 300)
    assert image[30, 35] < 60
    assert image[150, 150] > 200


def test_white_print_on_black_is_turned_round(tmp_path: Path) -> None:
    page = the_page(save(255 - drawn_page(), tmp_path / "a.png"))
    np.testing.assert_array_equal(page.image, drawn_page())


def test_a_page_in_a_wide_black_frame_stays_as_it_is(tmp_path: Path) -> None:
    framed = np.pad(drawn_page(400, 600), 150)
    np.testing.assert_array_equal(the_page(save(framed, tmp_path / "a.png")).image, framed)


@pytest.mark.parametrize("tone", [0, 60, 140, 255])
def test_an_even_page_of_any_tone_stays_as_it_is(tmp_path: Path, tone: int) -> None:
    even = np.full((200, 300), tone, np.uint8)
    np.testing.assert_array_equal(the_page(save(even, tmp_path / "a.png")).image, even)


def test_a_dark_photo_of_a_page_stays_as_it_is(tmp_path: Path) -> None:
    dark = (drawn_page() * 0.3).astype(np.uint8)
    np.testing.assert_array_equal(the_page(save(dark, tmp_path / "a.png")).image, dark)


def test_every_page_of_a_tiff_is_opened_in_order(tmp_path: Path) -> None:
    pictures = [Image.fromarray(drawn_page(height)) for height in (150, 200, 250)]
    path = save(pictures[0], tmp_path / "a.tif", save_all=True, append_images=pictures[1:])
    pages = list(open_pages(path))
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.image.shape[0] for page in pages if isinstance(page, Page)] == [150, 200, 250]
    assert count_pages(path) == 3


def test_a_thumbnail_inside_a_tiff_is_not_a_page(tmp_path: Path) -> None:
    small = Image.fromarray(drawn_page(120, 100))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[254] = 1
    small.encoderinfo = {"tiffinfo": tags}
    pictures = [small, Image.fromarray(drawn_page())]
    path = save(Image.fromarray(drawn_page()), tmp_path / "a.tif", save_all=True, append_images=pictures)
    assert [page.number for page in open_pages(path)] == [1, 2]


def test_a_broken_page_of_a_tiff_does_not_lose_the_others(tmp_path: Path) -> None:
    pictures = [Image.fromarray(drawn_page(height)) for height in (150, 200, 250)]
    options = {"save_all": True, "append_images": pictures[1:], "compression": "tiff_deflate"}
    path = save(pictures[0], tmp_path / "a.tif", **options)
    with Image.open(path) as image:
        image.seek(1)
        start = image.tag_v2[273][0]  # type: ignore[attr-defined]
        length = image.tag_v2[279][0]  # type: ignore[attr-defined]
    data = bytearray(path.read_bytes())
    data[start : start + length] = bytes(length)
    path.write_bytes(data)
    first, second, third = open_pages(path)
    assert isinstance(first, Page)
    assert isinstance(second, PageFailure)
    assert second.number == 2
    assert f"page 2 of {path} is damaged" in str(second.error)
    assert isinstance(third, Page)
    assert third.number == 3


def test_a_tiff_cut_short_keeps_its_first_pages(tmp_path: Path) -> None:
    pictures = [Image.fromarray(drawn_page(height)) for height in (150, 200, 250)]
    path = save(pictures[0], tmp_path / "a.tif", save_all=True, append_images=pictures[1:])
    path.write_bytes(path.read_bytes()[:-20_000])
    pages = list(open_pages(path))
    assert isinstance(pages[0], Page)
    assert isinstance(pages[-1], PageFailure)


def test_an_animation_is_one_page(tmp_path: Path) -> None:
    pictures = [Image.fromarray(drawn_page(), "L").convert("RGB")] * 2
    path = save(pictures[0], tmp_path / "a.webp", save_all=True, append_images=[pictures[1].rotate(180)])
    assert len(list(open_pages(path))) == count_pages(path) == 1


def test_a_pdf_is_drawn_at_300_dpi(tmp_path: Path) -> None:
    inch = Image.fromarray(np.full((72, 144), 255, np.uint8))
    path = save(inch, tmp_path / "a.pdf", resolution=72, save_all=True, append_images=[inch])
    pages = list(open_pages(path))
    assert [page.number for page in pages] == [1, 2]
    assert all(isinstance(page, Page) and page.dpi == 300 for page in pages)
    assert all(isinstance(page, Page) and page.image.shape == (300, 600) for page in pages)
    assert count_pages(path) == 2


def test_a_pdf_page_of_a_poster_stays_within_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=14_400, height=720)
    writer.write(path)
    page = the_page(path)
    assert page.image.shape == (500, 10_000)
    assert page.dpi == pytest.approx(50)


def test_a_pdf_without_its_suffix_is_opened_all_the_same(tmp_path: Path) -> None:
    path = save(drawn_page(), tmp_path / "a.pdf").rename(tmp_path / "scan")
    assert the_page(path).number == 1


def test_a_pdf_with_a_password_asks_for_a_copy_without_one(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.encrypt("secret")
    writer.write(path)
    error = the_failure(path)
    assert isinstance(error, LockedFile)
    assert "save a copy without one" in str(error)


def test_a_pdf_without_pages_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    pypdf.PdfWriter().write(path)
    assert isinstance(the_failure(path), UnreadableFile)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing behind it", b"no header at all"])
def test_a_broken_pdf_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    error = the_failure(path)
    assert isinstance(error, UnreadableFile)
    assert "damaged" in str(error)


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.touch()
    assert "is empty (0 bytes): scan or download it again." in str(the_failure(path))
    assert count_pages(path) == 1


def test_text_named_png_is_not_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("dear diary")
    error = the_failure(path)
    assert isinstance(error, UnreadableFile)
    assert "save it as PNG, JPEG, TIFF, BMP, WebP or PDF" in str(error)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "webp"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_picture_cut_short_is_damaged(tmp_path: Path, suffix: str, share: float) -> None:
    rng = np.random.default_rng(1)
    path = save(rng.integers(0, 255, (200, 300), np.uint8), tmp_path / f"a.{suffix}")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert isinstance(the_failure(path), UnreadableFile)


@pytest.mark.parametrize("size", [(40_000, 10), (10, 40_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_page_too_large_is_refused_before_it_is_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    error = the_failure(png_of_size(tmp_path / "a.png", *size))
    assert isinstance(error, PageTooLarge)
    assert "scale it down to at most 30,000 px a side and 120 megapixels" in str(error)


def test_a_large_page_within_the_limit_is_read_in_silence(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    page = the_page(save(Image.new("1", (10_000, 9_500), 1), tmp_path / "a.png"))
    assert page.image.shape == (9_500, 10_000)
    assert not recwarn.list


def test_a_page_too_large_does_not_lose_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "MAX_SIDE", 300)
    pictures = [Image.fromarray(drawn_page(height)) for height in (150, 301, 250)]
    path = save(pictures[0], tmp_path / "a.tif", save_all=True, append_images=pictures[1:])
    first, second, third = open_pages(path)
    assert isinstance(first, Page)
    assert isinstance(second, PageFailure)
    assert isinstance(second.error, PageTooLarge)
    assert isinstance(third, Page)


def test_pages_are_opened_only_when_asked_for(tmp_path: Path) -> None:
    pages = open_pages(tmp_path / "not there yet.png")
    save(drawn_page(), tmp_path / "not there yet.png")
    assert isinstance(next(pages), Page)


def test_a_folder_is_read_in_natural_order(tmp_path: Path) -> None:
    for name in ("page10.png", "page2.png", "Page1.jpg", "notes.txt", ".hidden.png", "b.PDF"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in find_inputs([tmp_path])] == [
        "b.PDF",
        "Page1.jpg",
        "page2.png",
        "page10.png",
    ]


def test_named_files_keep_their_order_and_any_suffix(tmp_path: Path) -> None:
    names = [tmp_path / "b.scan", tmp_path / "a.png"]
    for path in names:
        path.touch()
    assert find_inputs(names) == names


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*nowhere\.png: check"):
        find_inputs([tmp_path / "nowhere.png"])


def test_a_folder_with_nothing_to_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no picture or PDF in the folder"):
        find_inputs([tmp_path])
