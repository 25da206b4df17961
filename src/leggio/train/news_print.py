"""Crops of newspaper pages for the net that sees print: targets and losses. In: typeset pages. Out: batches, losses."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Layout, Line, NewsTruth
from leggio.news.print_maps import LETTER_SEEN, PRINT, PRINT_STEP
from leggio.news.views import Frame
from leggio.synth.manifest import list_pages
from leggio.train.batches import load_batches
from leggio.train.loop import Lesson
from leggio.train.news import draw_borders, label_articles
from leggio.train.news_pages import load_sheet
from leggio.train.news_soil import soil
from leggio.train.recipe import Prints, Recipe

_LETTER = 0.47  # small letters, in pitches of lines
_CORE = 0.25  # share of a line's height that is above its middle, and as much below
# Net pixels: what is farther apart has no gutter between, unless there is one above and below it.
_GUTTER = 28
_HIGH, _LOW = 121, 13  # net pixels: gutters go on where headings leave so much white; lower ones are none
_RULE = 2  # net pixels: thinner rules are drawn so thick
_THIN = 3.0  # what a cell of a gutter, a border or a rule weighs, which are thin
_FINEST = 2.0  # times the net's resolution is kept of a page: crops of it are cut faster
_KEPT, _CHANGE = 24, 12  # pages in a worker's memory, and crops between two changes

Grey = NDArray[np.uint8]
Edges = tuple[float, float, float, float]  # left, top, right, bottom in page pixels


class PrintBatch(NamedTuple):
    """Crops: `image` (batch, 1, H, W), 1 is ink; `areas` (batch, names, H/2, W/2), the maps of `PRINT` in [0, 1]."""

    image: Tensor
    areas: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A page to cut crops from: its picture and its maps in bytes, `scale` pixels of these to one of the picture."""

    image: Grey
    maps: NDArray[np.uint8]
    scale: float


def make_print_lesson(recipe: Recipe, samples: Path, workers: int) -> Lesson:
    """What the net for print learns. Raises InputError where the folder holds no page with a picture."""
    paths = find_pictured(samples)

    def draw(start: int) -> Iterator[PrintBatch]:
        stream = PrintStream(paths, recipe, start)
        for arrays in load_batches(stream, recipe.schedule.batch, workers):
            yield PrintBatch(*arrays)

    return Lesson(draw, print_losses)


def find_pictured(folder: Path) -> tuple[Path, ...]:
    """The pages of a folder that have a picture beside them. Raises InputError where there is none."""
    paths = tuple(list_pages(folder, ".png"))
    if not paths:
        raise InputError(
            f"There are no pages with pictures in {folder}: make some with `leggio synth news --typeset`."
        )
    return paths


class PrintStream(IterableDataset[tuple[torch.Tensor, ...]]):
    """Crops without end. Each worker draws its own sequence from the recipe's seed."""

    def __init__(self, paths: tuple[Path, ...], recipe: Recipe, start: int) -> None:
        self.paths, self.recipe, self.start = paths, recipe, start

    def __iter__(self) -> Iterator[tuple[torch.Tensor, ...]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        rng = np.random.default_rng([self.recipe.seed, self.start, info.id if info else 0])
        pages: list[Printed] = []
        for count in itertools.count():
            if count % _CHANGE == 0:
                page = load_printed(self.paths[int(rng.integers(len(self.paths)))])
                if len(pages) < _KEPT:
                    pages.append(page)
                else:
                    pages[int(rng.integers(_KEPT))] = page
            page, other = (pages[int(rng.integers(len(pages)))] for _ in range(2))
            image, areas = cut_print(page, other, self.recipe.prints, rng)
            yield torch.from_numpy(image), torch.from_numpy(areas)


def load_printed(path: Path) -> Printed:
    """A page of a folder with its maps. Raises InputError."""
    sheet = load_sheet(path)
    assert sheet.image is not None
    scale = LETTER_SEEN / measure_letter(sheet.truth)
    maps, image = draw_maps(sheet.truth, scale), sheet.image
    if scale < 1 / _FINEST:
        size = round(image.shape[1] * scale * _FINEST), round(image.shape[0] * scale * _FINEST)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        scale = 1 / _FINEST
    return Printed(image, maps, scale)


def measure_letter(truth: NewsTruth) -> float:
    """The height of a page's small letters in its pixels, by the pitch of its lines."""
    pitches = [
        float(np.median(np.diff([(line.box.y0 + line.box.y1) / 2 for line in block.lines])))
        for block in truth.layout.blocks
        if block.kind is BlockKind.TEXT and len(block.lines) > 2
        for _ in block.lines
    ]
    if not pitches:
        pitches = [line.box.height for block in truth.layout.blocks for line in block.lines] or [20.0]
    return _LETTER * max(float(np.median(pitches)), 4.0)


def draw_maps(truth: NewsTruth, scale: float) -> NDArray[np.uint8]:
    """The maps of `PRINT` for a page, 255 is 1, with `scale` pixels to a page pixel."""
    layout = truth.layout
    height, width = (max(2, round(side * scale)) for side in (layout.height, layout.width))
    maps = np.zeros((len(PRINT), height, width), np.uint8)
    text, core, gutter, border, heading, picture, rule = maps
    for block in layout.blocks:
        if block.lines:
            _draw_text(block, text, core, heading, scale)
        elif block.kind is BlockKind.PICTURE:
            _fill(picture, _place(_edges(block.box), scale), 255)
    for one in layout.rules:
        x0, y0, x1, y1 = _place(_edges(one.box), scale)
        _fill(rule, (x0, y0, max(x1, x0 + _RULE), max(y1, y0 + _RULE)), 255)
    gutter[:] = draw_gutters(label_columns(layout, (height, width), scale))
    half = Frame(height // 2, width // 2, scale / 2, scale / 2, 0.0, 0.0)
    borders = (draw_borders(label_articles(truth, half)) * 255).astype(np.uint8)
    border[:] = cv2.resize(borders, (width, height), interpolation=cv2.INTER_NEAREST)
    return maps


def _draw_text(block: Block, text: Grey, core: Grey, heading: Grey, scale: float) -> None:
    for x0, y0, x1, y1 in (stretch for line in block.lines for stretch in list_stretches(line)):
        middle, reach = (y0 + y1) / 2, _CORE * (y1 - y0)
        _fill(core, _place((x0, middle - reach, x1, middle + reach), scale), 255)
        for plane in (text, heading) if block.kind is BlockKind.HEADING else (text,):
            _fill(plane, _place((x0, y0, x1, y1), scale), 255)


def label_columns(layout: Layout, shape: tuple[int, int], scale: float) -> NDArray[np.int32]:
    """(height, width): the place of each pixel's block, counted from 1, as it fills its column, and 0 on paper."""
    owners = np.zeros(shape, np.int32)
    for number, block in enumerate(layout.blocks, 1):
        drawn = block.kind is BlockKind.PICTURE and not block.lines
        for edges in (_edges(block.box),) if drawn else _fill_block(block):
            _fill(owners, _place(edges, scale), number)
    return owners


def list_stretches(line: Line) -> list[Edges]:
    """A line word by word, each with the space behind it: boxes that follow a line that leans."""
    words = sorted(line.words, key=lambda word: word.box.x0)
    if not words:
        return [_edges(line.box)]
    ends = [word.box.x0 for word in words[1:]] + [words[-1].box.x1]
    return [
        (word.box.x0, word.box.y0, max(word.box.x1, end), word.box.y1)
        for word, end in zip(words, ends, strict=True)
    ]


def _fill_block(block: Block) -> Iterator[Edges]:
    """Boxes that fill a block as its column does: down to its next line, and out to the ends of the lines around."""
    lines = block.lines
    for number, line in enumerate(lines):
        around = lines[max(0, number - 1) : number + 2]
        stretches = list_stretches(line)
        below = lines[number + 1].box.y0 - line.box.y0 if number + 1 < len(lines) else 0.0
        below = below if 0 < below < 2.5 * line.box.height else 0.0
        last = len(stretches) - 1
        for place, (x0, y0, x1, y1) in enumerate(stretches):
            left = min(one.box.x0 for one in around) if place == 0 else x0
            right = max(one.box.x1 for one in around) if place == last else x1
            yield left, y0, right, max(y1, y0 + below)


def draw_gutters(owners: NDArray[np.int32]) -> NDArray[np.uint8]:
    """255 on the white between two blocks side by side, in (height, width) with the block of each pixel, 0 is none."""
    width = owners.shape[1]
    columns = np.arange(width)
    owned = owners > 0
    left = np.maximum.accumulate(np.where(owned, columns, -1), axis=1)
    right = np.minimum.accumulate(np.where(owned, columns, width)[:, ::-1], axis=1)[:, ::-1]
    between = ~owned & (left >= 0) & (right < width)
    rows = np.arange(len(owners))[:, None]
    between &= owners[rows, left.clip(0)] != owners[rows, right.clip(0, width - 1)]
    gutters = between & (right - left <= _GUTTER)
    touching = owned[:, 1:] & owned[:, :-1] & (owners[:, 1:] != owners[:, :-1])
    gutters[:, 1:] |= touching
    gutters[:, :-1] |= touching
    margin = _HIGH // 2  # or a gutter would go on to the edge of a page that is near
    padded = np.pad(gutters.astype(np.uint8), ((margin, margin), (0, 0)))
    whole = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((_HIGH, 1), np.uint8))[margin:-margin]
    whole = np.ascontiguousarray(whole)
    whole[owned & ~gutters] = 0
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((_LOW, 1), np.uint8))
    return np.asarray(cv2.dilate(whole, np.ones((1, 3), np.uint8)) * np.uint8(255), np.uint8)


def _edges(box: Box) -> Edges:
    return box.x0, box.y0, box.x1, box.y1


def _place(edges: Edges, scale: float) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = edges
    return round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale)


def _fill(plane: NDArray[np.generic], box: tuple[int, int, int, int], value: int) -> None:
    x0, y0, x1, y1 = (max(0, edge) for edge in box)
    plane[y0:y1, x0:x1] = value


def cut_print(
    page: Printed, other: Printed, prints: Prints, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A crop of a page as in `PrintBatch`, without its first axis; `other` is printed on the back of its paper."""
    size = prints.size
    factor = float(np.exp(rng.uniform(-prints.jitter, prints.jitter)))
    across = factor * float(np.exp(rng.uniform(-prints.stretch, prints.stretch)))
    spans = size / (page.scale * factor), size / (page.scale * across)  # of the page, down and across
    top, left = (
        float(rng.uniform(-prints.outside * span, max(side - (1 - prints.outside) * span, 0.0)))
        for side, span in zip(page.image.shape, spans, strict=True)
    )
    corner = top * page.scale, left * page.scale
    parts = spans[0] * page.scale, spans[1] * page.scale
    maps = [_crop(plane, corner, parts, size // PRINT_STEP, 0) for plane in page.maps]
    back_top, back_left = (
        float(rng.uniform(0, max(side - span, 1.0)))
        for side, span in zip(other.image.shape, spans, strict=True)
    )
    image = _to_ink(_crop(page.image, (top, left), spans, size, 255))
    back = _to_ink(_crop(other.image, (back_top, back_left), spans, size, 255)[:, ::-1])
    return soil(image, back, rng)[None], np.asarray(np.stack(maps) / np.float32(255), np.float32)


def _to_ink(grey: Grey) -> NDArray[np.float32]:
    """1 for ink and 0 for paper."""
    return np.asarray(1 - grey / np.float32(255), np.float32)


def _crop(
    plane: Grey, corner: tuple[float, float], spans: tuple[float, float], size: int, beyond: int
) -> Grey:
    """A part of a plane that begins at `corner` (down, across), as a square of `size`; what is beyond is filled."""
    top, left = (round(edge) for edge in corner)
    high, wide = (max(2, round(span)) for span in spans)
    part = np.full((high, wide), beyond, np.uint8)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + high, plane.shape[0]), min(left + wide, plane.shape[1])
    if y0 < y1 and x0 < x1:
        part[y0 - top : y1 - top, x0 - left : x1 - left] = plane[y0:y1, x0:x1]
    way = cv2.INTER_AREA if min(high, wide) >= size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (size, size), interpolation=way), np.uint8)


def print_losses(areas: Tensor, batch: PrintBatch) -> dict[str, Tensor]:
    """A loss for each map: binary cross-entropy; thin things weigh more."""
    answers = areas.float()
    wrong = F.binary_cross_entropy_with_logits(answers, batch.areas, reduction="none")
    losses = {}
    for number, name in enumerate(PRINT):
        weight = 1.0 + (_THIN - 1.0) * batch.areas[:, number] if name in ("gutter", "border", "rule") else 1.0
        losses[name] = (wrong[:, number] * weight).mean()
    return losses
