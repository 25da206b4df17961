"""Open a scan, a photo or a PDF. In go paths, out come `Page`s: grey pictures of one page each.

Pages come one at a time and only when asked for, so a book of a thousand pages takes the memory of one. A page that
cannot be opened comes as a `PageFailure` in its place and never loses the others.
"""

from __future__ import annotations

import itertools
import re
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from leggio.errors import InputError, LeggioError, LockedFile, PageTooLarge, UnreadableFile

Grey = NDArray[np.uint8]

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
PDF_SUFFIX = ".pdf"

# An A0 poster at 300 dpi is 14,000 x 10,000 px, just above; decoding takes up to 4 bytes a pixel before it is grey.
MAX_PIXELS = 120_000_000
MAX_SIDE = 30_000

# A PDF knows points, 72 to the inch. Scans often claim one pixel a point, which would make pages of 15,000 px: the
# long side stops at 10,000 px, a broadsheet newspaper page at 300 dpi.
PDF_DPI = 300.0
POINTS_PER_INCH = 72.0
MAX_PDF_SIDE = 10_000

# What `_is_negative` asks of the middle of a page, in shares of its pixels. White print on black is mostly black with
# some white and little between; a photo has more between, a scan in a wide black frame has its paper in the middle.
NEGATIVE_DARK, NEGATIVE_LIGHT = 96, 160
NEGATIVE_MIN_DARK, NEGATIVE_MIN_LIGHT, NEGATIVE_MAX_BETWEEN = 0.6, 0.005, 0.2

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_PLAUSIBLE_DPI = (36.0, 4800.0)  # outside, a program wrote a number that it did not know
_TIFF_SUBFILE_TYPE, _TIFF_THUMBNAIL = 254, 1

# What Pillow's decoders raise on broken files: its documentation names OSError and SyntaxError, trying shows the rest.
_DECODE_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, ArithmeticError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What a page is called and how large it is: a page without its pixels."""

    source: str
    number: int
    width: int
    height: int
    dpi: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page. `image` is (height, width) uint8, 0 is ink and 255 is paper.

    `source` is the file it came from, `number` counts the pages of that file from 1, `dpi` is what the file says.
    """

    image: Grey
    source: str
    number: int = 1
    dpi: float | None = None

    @property
    def label(self) -> PageLabel:
        height, width = self.image.shape
        return PageLabel(self.source, self.number, width, height, self.dpi)


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be opened or read, and why."""

    source: str
    number: int
    error: LeggioError


def find_inputs(paths: Iterable[Path]) -> list[Path]:
    """The files to read: each file that is named, and the pictures and PDFs of each folder in natural order.

    Hidden files and folders inside folders are left out. Raises InputError for a path that does not exist and for a
    folder with nothing to read in it.
    """
    return [file for path in paths for file in _expand(path)]


def count_pages(path: Path) -> int:
    """How many pages or failures `open_pages` will give, from the headers alone; a guess where the file is broken."""
    try:
        if _is_pdf(path):
            with _load_pdf(path) as pdf:
                return len(pdf)
        with _picture(path) as image:
            return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except (LeggioError, *_DECODE_ERRORS):
        return 1


def open_pages(path: Path) -> Iterator[Page | PageFailure]:
    """The pages of a PNG, JPEG, TIFF, BMP, WebP or PDF file, one after the other; at least one page or failure."""
    try:
        yield from _open_pdf(path) if _is_pdf(path) else _open_picture(path)
    except LeggioError as error:
        yield PageFailure(str(path), 1, error)


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        files = [file for file in path.iterdir() if file.is_file() and _can_be_read(file)]
        if not files:
            raise InputError(f"There is no picture or PDF in the folder {path}: name one that holds some.")
        return sorted(files, key=_natural_order)
    if not path.exists():
        raise InputError(f"There is no file {path}: check how it is spelled.")
    return [path]


def _can_be_read(file: Path) -> bool:
    return not file.name.startswith(".") and file.suffix.lower() in {*PICTURE_SUFFIXES, PDF_SUFFIX}


def _natural_order(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Page 2 before page 10."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", path.name.casefold())
    return [(int(piece), "") if piece[0] in "0123456789" else (-1, piece) for piece in pieces], path.name


def _is_pdf(path: Path) -> bool:
    """Whether to open a file as a PDF: by its first bytes, or by its name. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            start = file.read(1024)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableFile(
            f"{path} cannot be opened ({reason}): check that the file may be read."
        ) from error
    if not start:
        raise UnreadableFile(f"{path} is empty (0 bytes): scan or download it again.")
    return b"%PDF-" in start or path.suffix.lower() == PDF_SUFFIX


@contextmanager
def _picture(path: Path) -> Iterator[Image.Image]:
    """A picture with its header read and its pixels not yet. Raises UnreadableFile, PageTooLarge."""
    # Given a path, Pillow (13.0) maps an uncompressed TIFF that lies on its side into memory with width and height
    # exchanged; given a file, it does not.
    with path.open("rb") as file:
        try:
            with _warnings_off():
                image = Image.open(file, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise _too_large(str(path)) from error
        except UnidentifiedImageError as error:
            raise UnreadableFile(
                f"{path} is not a picture that can be read: save it as PNG, JPEG, TIFF, BMP, WebP or PDF."
            ) from error
        except _DECODE_ERRORS as error:
            raise _broken(str(path)) from error
        with image:
            yield image


def _open_picture(path: Path) -> Iterator[Page | PageFailure]:
    with _picture(path) as image:
        # Only a TIFF has pages. The further frames of a JPEG are previews, those of a PNG or WebP an animation.
        frames = itertools.count() if image.format == "TIFF" else range(1)
        number = 1
        for frame in frames:
            name = str(path) if frame == 0 else f"page {number} of {path}"
            try:
                with _warnings_off():
                    image.seek(frame)
            except EOFError:
                return
            except _DECODE_ERRORS:  # the way to the pages behind this one is lost, too
                yield PageFailure(str(path), number, _broken(name))
                return
            if frame > 0 and _is_thumbnail(image):
                continue
            try:
                yield Page(_decode(image, name), str(path), number, _dpi(image))
            except LeggioError as error:
                yield PageFailure(str(path), number, error)
            number += 1


def _decode(image: Image.Image, name: str) -> Grey:
    """The pixels of the frame that `image` stands at. Raises PageTooLarge before decoding, and UnreadableFile."""
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise _too_large(name, image.size)
    try:
        with _warnings_off():
            image.load()  # a TIFF turns itself upright here, and must not be turned a second time
            grey = _to_grey(ImageOps.exif_transpose(image))
    except _DECODE_ERRORS as error:
        raise _broken(name) from error
    return np.subtract(255, grey, dtype=np.uint8) if _is_negative(grey) else grey


def _to_grey(image: Image.Image) -> Grey:
    """Any mode of Pillow to (height, width) uint8; transparent becomes white, 16 bits become 8."""
    if image.mode == "F" or image.mode.startswith("I"):
        return _squeeze(np.asarray(image))
    if image.mode == "LAB":
        image = image.getchannel("L")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    elif image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")  # CMYK and palettes have no way of their own to grey
    return np.array(image.convert("L"), dtype=np.uint8)


def _squeeze(values: NDArray[np.generic]) -> Grey:
    """Deep grey values to 8 bits. The depth is not always said, so the brightest value tells: paper is bright."""
    numbers: NDArray[np.float32] = np.nan_to_num(values.astype(np.float32))
    brightest = float(numbers.max(initial=0.0))
    depths = (1.0, 255.0, 4095.0, 65535.0) if values.dtype.kind == "f" else (255.0, 4095.0, 65535.0)
    white = next((depth for depth in depths if brightest <= depth), brightest)
    return np.asarray(np.clip(numbers * (255.0 / white) + 0.5, 0, 255), dtype=np.uint8)


def _is_negative(grey: Grey) -> bool:
    """Whether the page is white print on black."""
    height, width = grey.shape
    middle = grey[height // 8 : height - height // 8, width // 8 : width - width // 8]
    step = max(1, min(middle.shape) // 500)  # single pixels, not means: thin white lines have to stay white
    sample = middle[::step, ::step]
    if sample.size == 0:
        return False
    dark = float((sample < NEGATIVE_DARK).mean())
    light = float((sample > NEGATIVE_LIGHT).mean())
    between = 1 - dark - light
    return dark >= NEGATIVE_MIN_DARK and light >= NEGATIVE_MIN_LIGHT and between <= NEGATIVE_MAX_BETWEEN


def _is_thumbnail(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(_TIFF_SUBFILE_TYPE, 0) & _TIFF_THUMBNAIL)


def _dpi(image: Image.Image) -> float | None:
    try:
        dpi = float(image.info["dpi"][0])
    except (LookupError, TypeError, ValueError, ArithmeticError):
        return None
    return dpi if _PLAUSIBLE_DPI[0] <= dpi <= _PLAUSIBLE_DPI[1] else None


def _load_pdf(path: Path) -> pypdfium2.PdfDocument:
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        # pdfium's error code may be that of an earlier file, where it sets none; the word is in any locked file.
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD and b"/Encrypt" in path.read_bytes():
            raise LockedFile(
                f"{path} is locked with a password: save a copy without one and read that."
            ) from error
        raise _broken(str(path)) from error
    if len(pdf) == 0:
        pdf.close()
        raise _broken(str(path))
    return pdf


def _open_pdf(path: Path) -> Iterator[Page | PageFailure]:
    with _load_pdf(path) as pdf:
        for index in range(len(pdf)):
            number = index + 1
            try:
                image, dpi = _render(pdf, index)
            except pypdfium2.PdfiumError:
                yield PageFailure(str(path), number, _broken(f"page {number} of {path}"))
            else:
                yield Page(image, str(path), number, dpi)


def _render(pdf: pypdfium2.PdfDocument, index: int) -> tuple[Grey, float]:
    """One page of a PDF and its resolution. Raises PdfiumError."""
    page = pdf[index]
    try:
        scale = min(PDF_DPI / POINTS_PER_INCH, MAX_PDF_SIDE / max(page.get_size()))
        bitmap = page.render(scale=scale, grayscale=True)
        grey = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
        bitmap.close()
    finally:
        page.close()
    return (np.subtract(255, grey, dtype=np.uint8) if _is_negative(grey) else grey), scale * POINTS_PER_INCH


@contextmanager
def _warnings_off() -> Iterator[None]:
    """Silence Pillow about odd metadata and large sizes: sizes are checked here, and the rest mends nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is damaged and cannot be decoded: scan, export or download it again.")


def _too_large(name: str, size: tuple[int, int] | None = None) -> PageTooLarge:
    shown = f" ({size[0]} x {size[1]} px)" if size else ""
    return PageTooLarge(
        f"{name} has too many pixels{shown}: scale it down to at most {MAX_SIDE:,} px a side and "
        f"{MAX_PIXELS // 1_000_000} megapixels in all (300 dpi is enough)."
    )
