"""Lay a cut article on sheets of paper. In: a `Cut`, its page. Out: `Sheet`s of pieces with their places in mm.

An article that is legible when it is shrunk to one sheet stays whole. Any other is taken apart as with scissors: what
stands below each other in one column is a strip; strips are cut between lines and stand side by side at one scale.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from PIL import Image

from leggio.geometry import Box
from leggio.news.export.cutting import Cut, Picture
from leggio.news.export.issue import ReadPage
from leggio.news.layout import Article, Block

# Millimetres on paper: A4 less margins and footer; the first sheet stands below the head of the clip.
SHEET_WIDTH = 180.0
SHEET_HEIGHT = 245.0
FIRST_HEIGHT = 178.0
GUTTER = 5.0

STEPS = (1.0, 0.95, 0.9, 0.85, 0.8)  # how much strips may shrink if that saves a sheet
MIN_FIT = 0.7  # of its printed size: 8 point becomes 5.6, the smallest that is read without a lens
LINE_HEIGHT = (
    3.2  # from line to line where the page does not say its resolution: 9 point, usual in newspapers
)
MAX_LINE_HEIGHT = 4.0  # what is printed larger is shrunk to 11 point, to need fewer sheets
PAGE_WIDTH = 315.0  # where there are no lines either: the Berlin format
_PAPER_WIDTHS = (100.0, 650.0)  # a resolution that makes a page smaller or larger than any newspaper is wrong
PRINT_DPI = 250.0  # more is not seen on paper, and makes files large
JPEG_QUALITY = 82  # above, files grow and print looks the same
_SAME_COLUMN = 0.6  # of the narrower of two blocks lies below the other
_WIDE = 1.25  # times the usual strip: a headline over columns, which gets a row of its own
_MARGIN = 0.3  # line heights left around a strip


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A piece of an article with its place on a sheet in millimetres from the upper left corner."""

    picture: Picture
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Pieces that stand on one sheet, `SHEET_WIDTH` wide; `height` in millimetres is as much as they need."""

    pieces: tuple[Piece, ...]
    height: float


def find_scale(page: ReadPage) -> float:
    """Millimetres a pixel on the printed page: from its resolution, or the usual height of a line, or of a page."""
    dpi, width, pitch = page.label.dpi, page.layout.width, _find_pitch(page)
    if dpi and _PAPER_WIDTHS[0] <= width / dpi * 25.4 <= _PAPER_WIDTHS[1]:
        return min(25.4 / dpi, MAX_LINE_HEIGHT / pitch) if pitch else 25.4 / dpi
    return LINE_HEIGHT / pitch if pitch else PAGE_WIDTH / max(width, 1.0)


def _find_pitch(page: ReadPage) -> float | None:
    """From line to line in pixels; the boxes of lines may overlap, so their heights do not tell."""
    blocks = [block.lines for block in page.layout.blocks]
    steps = [b.box.center.y - a.box.center.y for lines in blocks for a, b in pairwise(lines)]
    steps = [step for step in steps if step > 0]
    return median(steps) if steps else None


def lay_out(cut: Cut, page: ReadPage, article: Article, first: float = FIRST_HEIGHT) -> tuple[Sheet, ...]:
    """The pieces of an article on sheets, the first of which is `first` mm high; in reading order."""
    scale = find_scale(page)
    width, height = cut.box.width * scale, cut.box.height * scale
    fit = min(1.0, SHEET_WIDTH / width, first / height)
    strips = [] if fit >= MIN_FIT else _part_columns(cut, page.blocks_of(article))
    if not strips:
        piece = _print(cut, cut.box, (SHEET_WIDTH - width * fit) / 2, 0.0, scale * fit)
        return (Sheet((piece,), piece.height),)
    layouts = [_set_strips(cut, strips, scale * step, first) for step in STEPS]
    return min(layouts, key=len)


def _set_strips(cut: Cut, strips: list[_Strip], scale: float, first: float) -> tuple[Sheet, ...]:
    usual = median(strip.box.width for strip in strips if strip.box.height >= _tallest(strips) / 4)
    printer = _Printer(cut, scale, first, usual)
    row: list[_Strip] = []
    for strip in strips:
        if strip.box.width > _WIDE * usual:
            printer.add_columns(row)
            printer.add_wide(strip)
            row = []
        else:
            row.append(strip)
    printer.add_columns(row)
    return printer.finish()


@dataclass(frozen=True, slots=True)
class _Strip:
    """What stands below each other in one column, and the heights between its lines where it may be cut."""

    box: Box
    gaps: tuple[float, ...]

    def split(self, y: float) -> tuple[_Strip, _Strip] | None:
        """Two strips, parted at the last gap above `y`; None where there is none."""
        at = max((gap for gap in self.gaps if self.box.y0 < gap <= y), default=None)
        if at is None:
            return None
        above = Box(self.box.x0, self.box.y0, self.box.x1, at)
        below = Box(self.box.x0, at, self.box.x1, self.box.y1)
        return (
            _Strip(above, tuple(gap for gap in self.gaps if gap < at)),
            _Strip(below, tuple(gap for gap in self.gaps if gap > at)),
        )


def _tallest(strips: list[_Strip]) -> float:
    return max(strip.box.height for strip in strips)


def _part_columns(cut: Cut, blocks: tuple[Block, ...]) -> list[_Strip]:
    groups: list[list[Block]] = []
    for block in blocks:
        if block.box.intersection(cut.box) <= 0:
            continue
        if groups and _is_below(block.box, groups[-1]):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_make_strip(cut, group) for group in groups]


def _is_below(box: Box, group: list[Block]) -> bool:
    """Whether a block goes on in the column of a group, and is about as wide."""
    left, right = min(b.box.x0 for b in group), max(b.box.x1 for b in group)
    shared = min(right, box.x1) - max(left, box.x0)
    return box.center.y > group[-1].box.center.y and shared >= _SAME_COLUMN * max(right - left, box.width)


def _make_strip(cut: Cut, group: list[Block]) -> _Strip:
    lines = sorted((line.box for block in group for line in block.lines), key=lambda box: box.center.y)
    margin = _MARGIN * median(box.height for box in lines) if lines else 0.0
    box = group[0].box
    for block in group[1:]:
        box = box.union(block.box)
    box = box.grow(margin, margin)
    box = Box(
        max(box.x0, cut.box.x0), max(box.y0, cut.box.y0), min(box.x1, cut.box.x1), min(box.y1, cut.box.y1)
    )
    edges = [(block.box.y0, block.box.y1) for block in group if not block.lines]
    gaps = [(above.y1 + below.y0) / 2 for above, below in pairwise(lines)]
    gaps += [y for edge in edges for y in edge]
    return _Strip(box, tuple(sorted(g for g in gaps if not any(y0 < g < y1 for y0, y1 in edges))))


class _Printer:
    """Sheets that are being filled from top to bottom."""

    def __init__(self, cut: Cut, scale: float, first: float, usual: float) -> None:
        self._cut = cut
        self._full = scale
        self._scale = scale * min(1.0, SHEET_WIDTH / (_WIDE * usual * scale))
        self._columns = max(1, int((SHEET_WIDTH + GUTTER) // (usual * self._scale + GUTTER)))
        self._left = (SHEET_WIDTH + GUTTER - self._columns * (usual * self._scale + GUTTER)) / 2
        self._step = usual * self._scale + GUTTER
        self._sheets: list[Sheet] = []
        self._pieces: list[Piece] = []
        self._top, self._bottom = 0.0, first

    def add_wide(self, strip: _Strip) -> None:
        """A strip over the width of the sheet, such as a headline."""
        box = strip.box
        scale = min(self._full, SHEET_WIDTH / box.width, self._bottom / box.height)
        if self._top + box.height * scale > self._bottom:
            self._turn()
        x = max((SHEET_WIDTH - box.width * scale) / 2, 0.0)
        self._pieces.append(_print(self._cut, box, x, self._top, scale))
        self._top += box.height * scale + GUTTER / 2

    def add_columns(self, strips: list[_Strip]) -> None:
        """Strips one below the other in columns of equal height; the rest goes onto the next sheets."""
        waiting = list(strips)
        while waiting:
            waiting = self._fill(waiting, self._balance(waiting))
            if waiting:
                self._turn()

    def finish(self) -> tuple[Sheet, ...]:
        self._turn()
        return tuple(self._sheets)

    def _balance(self, strips: list[_Strip]) -> float:
        """How high to make the columns, in mm, so that they end alike: a line more than an equal share."""
        total = sum(strip.box.height for strip in strips) * self._scale
        return min(self._bottom - self._top, total / self._columns + LINE_HEIGHT)

    def _fill(self, strips: list[_Strip], height: float) -> list[_Strip]:
        """Fill the columns of this sheet; what is left over."""
        waiting, lowest = list(strips), 0.0
        for column in range(self._columns):
            last = column == self._columns - 1
            room = self._bottom - self._top if last else height
            y = 0.0
            while waiting:
                strip = waiting[0]
                if strip.box.height * self._scale > room - y:
                    parts = strip.split(strip.box.y0 + (room - y) / self._scale)
                    if parts is None and (y > 0 or (self._pieces and not last)):
                        break
                    strip, rest = parts or self._force(strip, room - y)
                    waiting[0:1] = [strip, rest]
                waiting.pop(0)
                x = max(self._left + column * self._step, 0.0)
                self._pieces.append(_print(self._cut, strip.box, x, self._top + y, self._scale))
                y += self._pieces[-1].height
            lowest = max(lowest, y)
        self._top += lowest + GUTTER / 2
        return waiting

    def _force(self, strip: _Strip, room: float) -> tuple[_Strip, _Strip]:
        """Cut where there is no gap, such as through a picture higher than a sheet."""
        at = strip.box.y0 + max(room, LINE_HEIGHT) / self._scale
        return _Strip(strip.box, (at,)).split(at) or (strip, strip)

    def _turn(self) -> None:
        """Begin a new sheet."""
        if self._pieces:
            height = max(piece.y + piece.height for piece in self._pieces)
            self._sheets.append(Sheet(tuple(self._pieces), height))
        self._pieces, self._top, self._bottom = [], 0.0, SHEET_HEIGHT


def encode_picture(picture: Picture) -> bytes:
    """A picture as JPEG, as good as a scan needs to be."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return file.getvalue()


def _print(cut: Cut, box: Box, x: float, y: float, scale: float) -> Piece:
    """A part of a cut, placed on a sheet, with no more pixels than print can show."""
    x0, y0 = round(box.x0 - cut.box.x0), round(box.y0 - cut.box.y0)
    x1, y1 = max(round(box.x1 - cut.box.x0), x0 + 1), max(round(box.y1 - cut.box.y0), y0 + 1)
    picture = cut.picture[y0:y1, x0:x1]
    width, height = (x1 - x0) * scale, (y1 - y0) * scale
    shrink = PRINT_DPI * scale / 25.4
    if shrink < 1:
        size = (max(round((x1 - x0) * shrink), 1), max(round((y1 - y0) * shrink), 1))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Piece(picture, x, y, width, height)
