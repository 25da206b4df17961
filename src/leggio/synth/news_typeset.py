"""Newspaper pages in real type. In: a random generator. Out: `TypesetPage`s: a picture, and the truth with every word.

The page is laid out as `news.sample_news` does; then typst sets made-up news into its columns, and the truth takes the
places that the words have in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.layout import Block, BlockKind, Line, NewsTruth
from leggio.ocr import Word
from leggio.synth.news import lay_out
from leggio.synth.news_copy import Copywriter, Face, Order, draw_face
from leggio.synth.news_draft import Draft, DraftBlock, Edges, around, finish
from leggio.synth.news_galley import Galley, set_type
from leggio.synth.news_pictures import draw_picture
from leggio.synth.news_prose import Writer
from leggio.synth.news_style import NewsStyle, draw_style
from leggio.synth.news_words import Language

_PITCHES = (17.0, 34.0)  # pixels from line to line: type of 7 to 9 points at 150 to 300 dots per inch
_WIDTHS = (1000, 3400)  # pixels: what can be set, aged and read in seconds
_LEAST_PICTURE = 8  # pixels: nothing can be drawn in less


@dataclass(frozen=True, slots=True)
class TypesetPage:
    """A printed page. `image` is (height, width) uint8, 0 ink and 255 paper; `pitch` is from line to line in pixels."""

    image: NDArray[np.uint8]
    truth: NewsTruth
    pitch: float


def typeset(rng: np.random.Generator) -> TypesetPage:
    """A page drawn at random, clean, in German, English or French."""
    style = draw_typeset_style(rng)
    language = list(Language)[int(rng.integers(3))]
    return set_draft(lay_out(style, rng), style, draw_face(rng), Writer(language, rng), rng)


def draw_typeset_style(rng: np.random.Generator) -> NewsStyle:
    """A style of a size that can be read: pitches and widths in the ranges above."""
    while True:
        style = draw_style(rng)
        scale = float(rng.uniform(*_PITCHES)) / style.pitch
        if _WIDTHS[0] <= style.width * scale <= _WIDTHS[1]:
            return scale_style(style, scale)


def scale_style(style: NewsStyle, scale: float) -> NewsStyle:
    """The same style in other pixels, and no skew: a typeset page is straight."""
    left, top, right, bottom = (margin * scale for margin in style.margins)
    return replace(
        style, width=round(style.width * scale), height=round(style.height * scale), pitch=style.pitch * scale,
        gutter=style.gutter * scale, margins=(left, top, right, bottom), skew=0.0, line=0.9,
        habits=replace(style.habits, portraits=0.0),  # no line of type is shorter than its column here
        segmenter=replace(style.segmenter, known=1.0, wide=0.0),
    )  # fmt: skip


def set_draft(
    draft: Draft, style: NewsStyle, face: Face, writer: Writer, rng: np.random.Generator
) -> TypesetPage:
    """Set a page that is laid out: words into its lines, pictures into their boxes."""
    compositor = Copywriter(draft, face, writer, rng)
    orders = compositor.write_orders()
    running = [order for order in orders if order.copy.text]
    trials = iter(set_type([order.copy for order in running], writer.language.value, draw=False))
    orders = [compositor.end_paragraph(order, next(trials)) if order.copy.text else order for order in orders]
    image = np.full((style.height, style.width), 255, np.uint8)
    for block in draft.blocks:
        if block.kind is BlockKind.PICTURE:
            _mount_picture(image, block, rng)
    found: dict[int, list[tuple[Word, ...]]] = {}
    galleys = set_type([order.copy for order in orders], writer.language.value)
    for order, galley in zip(orders, galleys, strict=True):
        _mount(image, draft, order, galley, found)
    for x0, y0, x1, y1 in draft.rules:
        image[round(y0) : max(round(y0) + 1, round(y1)), round(x0) : max(round(x0) + 1, round(x1))] = 0
    return TypesetPage(image, _tell_truth(draft, found), style.pitch)


def _mount(
    image: NDArray[np.uint8],
    draft: Draft,
    order: Order,
    galley: Galley,
    found: dict[int, list[tuple[Word, ...]]],
) -> None:
    """Cut a galley where its blocks part, and put each piece in its place; `found` takes the words of each block."""
    first = 0
    for number in order.blocks:
        block = draft.blocks[number]
        setting = block.setting
        assert setting is not None
        count = len(block.lines)
        top = round(first * order.copy.pitch)
        x, y = round(setting.column[0]), round(block.lines[0][1])
        below = round((first + count) * order.copy.pitch) if order.copy.text else galley.image.shape[0]
        _paste(image, galley.image[top:below], x, y)
        words = galley.lines[first : first + count]
        found[number] = [tuple(_move(word, x, y - top) for word in line) for line in words if line]
        first += count


def _paste(image: NDArray[np.uint8], piece: NDArray[np.uint8], x: int, y: int) -> None:
    here = image[y : y + piece.shape[0], x : x + piece.shape[1]]
    np.minimum(here, piece[: here.shape[0], : here.shape[1]], out=here)


def _move(word: Word, x: float, y: float) -> Word:
    x0, y0, x1, y1 = word.box.x0 + x, word.box.y0 + y, word.box.x1 + x, word.box.y1 + y
    return replace(word, box=Box(round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)))


def _mount_picture(image: NDArray[np.uint8], block: DraftBlock, rng: np.random.Generator) -> None:
    x0, y0, x1, y1 = (round(edge) for edge in block.box)
    if min(x1 - x0, y1 - y0) > _LEAST_PICTURE:
        picture = draw_picture((y1 - y0, x1 - x0), rng)
        _paste(image, picture, x0, y0)


def _tell_truth(draft: Draft, found: dict[int, list[tuple[Word, ...]]]) -> NewsTruth:
    """The records of what was printed: lines where their words stand, blocks around their lines."""
    blocks, lines = [], []
    for number, block in enumerate(draft.blocks):
        if block.kind is BlockKind.PICTURE:
            blocks.append(block)
        elif found[number]:
            boxes = [around([_edges(word) for word in line]) for line in found[number]]
            blocks.append(replace(block, lines=boxes, box=around(boxes)))
            lines += found[number]
    truth = finish(replace(draft, blocks=blocks))
    words = iter(lines)
    printed = tuple(
        replace(block, lines=tuple(_letter(line, next(words)) for line in block.lines))
        for block in truth.layout.blocks
    )
    articles = tuple(
        replace(article, headline=_find_headline([printed[number] for number in article.blocks]))
        for article in truth.articles
    )
    return replace(truth, layout=replace(truth.layout, blocks=printed), articles=articles)


def _edges(word: Word) -> Edges:
    return word.box.x0, word.box.y0, word.box.x1, word.box.y1


def _letter(line: Line, words: tuple[Word, ...]) -> Line:
    return replace(line, text=" ".join(word.text for word in words), words=words)


def _find_headline(blocks: Sequence[Block]) -> str:
    """The words of the heading in the largest letters; empty where there is none."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return ""
    heading = max(headings, key=lambda block: max(line.box.height for line in block.lines))
    return " ".join(line.text for line in heading.lines)
