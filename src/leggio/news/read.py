"""Read newspapers: the main path. In: pages. Out: readings with everything that was seen, and the articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError, LeggioError, NothingToRead
from leggio.net import WEIGHTS, Net, load_net
from leggio.news.articles import group
from leggio.news.blocks import build_layout, part_blocks
from leggio.news.components import articles_2017
from leggio.news.ink import Ink, find_ink
from leggio.news.issue import link_pages
from leggio.news.layout import Article, Continuation, Layout, Line
from leggio.news.lines import find_lines
from leggio.news.ocr_in import OCR_SUFFIXES, find_ocr, fit_layout, read_ocr
from leggio.news.pdf_text import read_words
from leggio.news.pictures import check_pictures
from leggio.news.print_maps import PrintMaps, list_gutters, see_print
from leggio.news.regions import Regions, segment
from leggio.news.rules import find_pictures, find_rules
from leggio.news.straighten import is_upside_down, straighten
from leggio.news.text import lay_words, read_text
from leggio.news.views import BACKGROUND
from leggio.ocr import Engine, Word
from leggio.page import PDF_SUFFIX, Page, PageFailure, open_pages

_UNSEEN_SIDE = 4000  # pixels: the long side of a page that has only OCR
_FEWEST_LINES = 5  # with fewer there is nothing on a page that could be parted into articles
# Of the lines of newspaper pages nine in ten are so many times longer than high, of what is found in noise one in ten.
_LONG, _LONG_SHARE = 6.0, 0.25
# Fewer lines are text where so many are very long, and of one height but for a factor: a page that is one engraving has
# three under it. In seven engravings and halftones without text there were two such lines at most.
_FEWEST_SURE, _SURE_LONG, _ONE_HEIGHT = 3, 15.0, 1.5


@dataclass(frozen=True, slots=True)
class Nets:
    """The nets that reading newspapers can use; without one its step works by rules alone.

    `print` sees lines, gutters and borders at the size of the page's letters. `regions` sees articles in the picture,
    `links` tells from geometry and text which blocks belong together: whole ones, as a library's OCR gives them.
    `found_links` does so for blocks that are found in the picture, which come in pieces; without it `links` does.
    """

    regions: Net | None = None
    links: Net | None = None
    found_links: Net | None = None
    print: Net | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All answers about one page. `page` is upright and level, as the reader saw it; places are in its pixels.

    `seen` is what the net for print saw; without that net, and where somebody else found the lines, it is None.
    """

    page: Page
    layout: Layout
    regions: Regions | None
    articles: tuple[Article, ...]
    seen: PrintMaps | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """What was read of one file: its pages, those that failed, and which articles go on over its pages.

    Continuations count the pages that were read, from 1.
    """

    readings: tuple[Reading, ...]
    failures: tuple[PageFailure, ...]
    continuations: tuple[Continuation, ...]


def load_nets(threads: int = 0) -> Nets:
    """Open the nets that ship with the package, where they do; `threads` 0 means one for each core."""
    files = (WEIGHTS / f"{name}.onnx" for name in ("news", "news-links", "news-links-found", "news-print"))
    return Nets(*(load_net(file, threads) if file.exists() else None for file in files))


def read(
    page: Page,
    nets: Nets,
    engine: Engine | None = None,
    words: tuple[Word, ...] = (),
    on_lines: Callable[[int], None] | None = None,
) -> Reading:
    """Read one page of a newspaper. Raises NothingToRead where there is no text on it.

    Without an `engine` lines have no text, except for `words` that are known. `on_lines` hears of OCR's progress.
    """
    page, ink = make_upright(page)
    seen = see_page(page.image, ink, nets)
    layout = find_layout(page, ink, seen)
    if words:
        layout = lay_words(layout, words)
    elif engine is not None:
        layout = read_text(page.image, layout, engine, on_lines)
    return read_layout(page, layout, nets, seen=seen)


def see_page(image: NDArray[np.uint8], ink: Ink, nets: Nets) -> PrintMaps | None:
    """What the net for print sees on an upright page (height, width); None without that net."""
    return None if nets.print is None else see_print(image, ink.letter / ink.scale, nets.print)


def make_upright(page: Page) -> tuple[Page, Ink]:
    """The page with level lines and without the black border of the scan, and its ink."""
    image = straighten(page.image).image
    ink = find_ink(image)
    if is_upside_down(ink):
        image = np.ascontiguousarray(image[::-1, ::-1])
        ink = find_ink(image)
    return replace(page, image=image), ink


def read_given(page: Page, layout: Layout, nets: Nets, name: str) -> Reading:
    """Read a page that a library's OCR, called `name`, has read before; the page stays as it is.

    Raises InputError where the OCR is about a page of another shape, and NothingToRead where it found no text.
    """
    height, width = page.image.shape
    fitted = fit_layout(layout, width, height, name)
    if not any(block.lines for block in fitted.blocks):
        raise NothingToRead(f"{name} has no lines of text: leave it out, and leggio reads the page itself.")
    ink = find_ink(page.image)
    pictures = find_pictures(ink)
    return read_layout(page, part_blocks(fitted, find_rules(ink, pictures), pictures), nets, named=True)


def read_unseen(layout: Layout, nets: Nets, name: str, number: int = 1) -> Reading:
    """Find the articles of a page of which only the OCR, called `name`, is at hand; its picture is white paper.

    Raises InputError where the OCR does not say how large the page is, and NothingToRead where it found no text.
    """
    if layout.width <= 0 or layout.height <= 0:
        raise InputError(f"{name} does not say how large its page is: name the page's image, too.")
    scale = min(1.0, _UNSEEN_SIDE / max(layout.width, layout.height))
    height, width = max(round(layout.height * scale), 1), max(round(layout.width * scale), 1)
    paper = Page(np.full((height, width), 255, np.uint8), name, number)
    return read_given(paper, layout, nets, name)


def find_layout(page: Page, ink: Ink, seen: PrintMaps | None = None) -> Layout:
    """The blocks, rules and pictures of a page by its ink, and by what a net has `seen` of it.

    Raises NothingToRead where there is no text on it.
    """
    pictures = find_pictures(ink)
    if seen is not None:
        pictures = check_pictures(pictures, seen)
    rules = find_rules(ink, pictures)
    lines = find_lines(ink, rules, pictures, seen)
    if not _is_text(lines):
        raise NothingToRead(_no_text(page))
    height, width = page.image.shape
    gutters = list_gutters(seen) if seen is not None else ()
    return build_layout(width, height, lines, rules, pictures, gutters)


def read_layout(
    page: Page, layout: Layout, nets: Nets, *, named: bool = False, seen: PrintMaps | None = None
) -> Reading:
    """Find the articles of a page whose layout is known; a net of 2017 finds them in its own way.

    The blocks are `named` where their kinds are somebody's word and not read off the print; `seen` is what a net saw of
    the print.
    """
    # Paper without a picture says nothing.
    shown = page.image if page.image.min() < page.image.max() else None
    regions = segment(shown, layout, nets.regions) if nets.regions is not None else None
    if regions is not None and regions.names == (BACKGROUND,):
        return Reading(page, layout, regions, articles_2017(regions, layout), seen)
    links = nets.links if named or nets.found_links is None else nets.found_links
    return Reading(page, layout, regions, group(layout, regions, links, named=named, seen=seen), seen)


def read_file(
    path: Path,
    nets: Nets,
    engine: Engine | None = None,
    on_page: Callable[[int], None] | None = None,
    ocr: Path | None = None,
) -> FileReading:
    """Read all pages of a file; one bad page never loses the others. `on_page` is called after each one.

    `ocr` is a file with a library's OCR of these pages, or a folder of such files, named as the images are.
    """
    readings: list[Reading] = []
    failures: list[PageFailure] = []
    for number, result in enumerate(read_pages(path, nets, engine, ocr), 1):
        if isinstance(result, Reading):
            readings.append(result)
        else:
            failures.append(result)
        if on_page:
            on_page(number)
    return FileReading(tuple(readings), tuple(failures), link_pages(readings))


def read_pages(
    path: Path, nets: Nets, engine: Engine | None = None, ocr: Path | None = None
) -> Iterator[Reading | PageFailure]:
    """Read the pages of a file one after the other: a picture, a PDF, or a library's OCR without any picture."""
    if path.suffix.lower() in OCR_SUFFIXES:
        yield from _read_unseen_pages(path, nets)
        return
    for page in open_pages(path):
        if isinstance(page, PageFailure):
            yield page
            continue
        try:
            given = find_ocr(ocr, path) if ocr is not None else None
            if given is not None:
                yield read_given(page, _take_page(given, page.number), nets, str(given))
            else:
                yield read(page, nets, engine, _find_words(path, page))
        except LeggioError as error:
            yield PageFailure(page.source, page.number, error)


def _read_unseen_pages(path: Path, nets: Nets) -> Iterator[Reading | PageFailure]:
    try:
        layouts = read_ocr(path)
    except LeggioError as error:
        yield PageFailure(str(path), 1, error)
        return
    for number, layout in enumerate(layouts, 1):
        try:
            yield read_unseen(layout, nets, str(path), number)
        except LeggioError as error:
            yield PageFailure(str(path), number, error)


def _take_page(ocr: Path, number: int) -> Layout:
    """Page `number` of a file of OCR. Raises InputError."""
    pages = read_ocr(ocr)
    if number > len(pages):
        raise InputError(f"{ocr} has no page {number}: name the OCR that was made from this file.")
    return pages[number - 1]


def _find_words(path: Path, page: Page) -> tuple[Word, ...]:
    """The words that a PDF holds beside its picture."""
    if path.suffix.lower() != PDF_SUFFIX or page.dpi is None:
        return ()
    return read_words(path, page.number, page.dpi)


def _is_text(lines: tuple[Line, ...]) -> bool:
    """Whether lines are those of a printed page: marks that a photo is full of are hardly longer than high."""
    if len(lines) < _FEWEST_LINES:
        return _are_sure(lines)
    long = sum(line.box.width > _LONG * line.box.height for line in lines)
    return long >= _LONG_SHARE * len(lines)


def _are_sure(lines: tuple[Line, ...]) -> bool:
    """Whether a few lines are text beyond doubt."""
    heights = [line.box.height for line in lines if line.box.width > _SURE_LONG * line.box.height]
    return len(heights) >= _FEWEST_SURE and max(heights) <= _ONE_HEIGHT * min(heights)


def _no_text(page: Page) -> str:
    return (
        f"No lines of text were found on page {page.number} of {page.source}; leggio reads printed pages, "
        "at 150 dpi or more for small print."
    )
