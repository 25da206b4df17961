"""Known pages as the reader finds them. In: pictures with their truth. Out: the same articles, of the blocks it finds.

A net that learns to link the blocks of print-ready truth stumbles over the blocks that a reader finds in a scan:
paragraphs in pieces, headings in one with their text, rules lost. So it is shown these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leggio.errors import NothingToRead
from leggio.evaluate.news import Case, find_level, find_picture
from leggio.evaluate.news_truth import find_truths, load_truth
from leggio.files import write_whole
from leggio.geometry import Box
from leggio.news.layout import Article, Layout, Line, NewsTruth
from leggio.news.print_maps import MAPS_SUFFIX, PrintMaps, save_maps
from leggio.news.read import Nets, load_nets
from leggio.news.text import lay_words
from leggio.record import to_json

_LEAST = 0.3  # share of a found block that must lie in blocks of one true article for it to be of that
_SECOND = 0.5  # a block in which another article has so much of what the first has is of neither
_MISREAD = 0.03  # share of letters that OCR takes for others, on average over pages
_LETTERS = "abcdefghiklmnorstuvwxyzECIOST0123456789.,;:-"


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Who owns a page: boxes (n, 4) of the blocks of its articles, x0, y0, x1, y1, and the article of each, (n,)."""

    boxes: NDArray[np.float64]
    articles: NDArray[np.int64]


def find_pages_again(folder: Path, out: Path) -> Iterator[Path | None]:
    """Write each page of a folder anew, NAME.json with what a net saw beside it, NAME.npz, and without its picture.

    Gives the path of its JSON file, or None where no text is found.

    Pages that are there already stay, so a broken run goes on. Raises NothingToRead where the folder has no page with a
    picture, and InputError for a file that is no page.
    """
    paths = [path for path in find_truths(folder) if find_picture(path)]
    if not paths:
        raise NothingToRead(
            f"{folder} holds no pages with their scans: make some with `leggio synth news --typeset`."
        )
    out.mkdir(parents=True, exist_ok=True)
    nets = load_nets(threads=1)
    for number, path in enumerate(paths):
        target = out / path.name
        if not target.exists():
            case = Case(path.stem, load_truth(path), find_picture(path))
            try:
                truth, seen = find_again(case, nets, np.random.default_rng(number))
            except NothingToRead:
                yield None
                continue
            if seen is not None:
                save_maps(seen, target.with_suffix(MAPS_SUFFIX))
            write_whole(target, json.dumps(to_json(truth), ensure_ascii=False).encode())
        yield target


def find_again(case: Case, nets: Nets, rng: np.random.Generator) -> tuple[NewsTruth, PrintMaps | None]:
    """The page with what the reader finds in its picture: blocks, each of the article it lies in, rules, pictures.

    With it comes what a net saw of its print. Words are the true ones, some letters misread. Raises NothingToRead where
    the reader finds no text, and another LeggioError where the picture cannot be read.
    """
    level = find_level(case, nets)
    layout, scanned = level.layout, level.put_back(level.layout)
    words = [word for block in case.truth.layout.blocks for line in block.lines for word in line.words]
    texts = {line.id: line.text for block in lay_words(scanned, words).blocks for line in block.lines}
    worded = write_lines(layout, lambda line: texts.get(line.id, ""))
    return hand_over(case.truth, scanned, misread_page(worded, draw_misread(rng), rng)), level.seen


def hand_over(truth: NewsTruth, scanned: Layout, layout: Layout) -> NewsTruth:
    """The articles of `truth` made of the blocks of `layout`; the same blocks lie on the true page in `scanned`.

    A block that lies in no article, or in two alike, is of none. Outlines are left out.
    """
    owners = list_owners(truth)
    members: dict[int, list[int]] = {}
    for block in scanned.blocks:
        if (owner := find_owner(block.box, owners)) is not None:
            members.setdefault(owner, []).append(block.id)
    articles = tuple(
        Article(number, truth.articles[place].kind, tuple(blocks), (), truth.articles[place].headline)
        for number, (place, blocks) in enumerate(sorted(members.items()))
    )
    return NewsTruth(layout, articles)


def list_owners(truth: NewsTruth) -> Owners:
    """The blocks of all articles of a page."""
    known = {block.id: block for block in truth.layout.blocks}
    owned = [
        (known[block].box, number)
        for number, article in enumerate(truth.articles)
        for block in article.blocks
    ]
    boxes = np.array([(box.x0, box.y0, box.x1, box.y1) for box, _ in owned], np.float64).reshape(-1, 4)
    return Owners(boxes, np.array([number for _, number in owned], np.int64))


def find_owner(box: Box, owners: Owners) -> int | None:
    """The number of the article in which a box lies, None where it lies in no one alone."""
    boxes = owners.boxes
    wide = np.minimum(boxes[:, 2], box.x1) - np.maximum(boxes[:, 0], box.x0)
    high = np.minimum(boxes[:, 3], box.y1) - np.maximum(boxes[:, 1], box.y0)
    covered = np.bincount(owners.articles, np.maximum(wide, 0) * np.maximum(high, 0), minlength=2)
    second, first = np.sort(covered)[-2:]
    if first < _LEAST * box.width * box.height or second > _SECOND * first:
        return None
    return int(covered.argmax())


def draw_misread(rng: np.random.Generator) -> float:
    """What share of a page's letters OCR takes for others: on some pages more than on others."""
    return float(rng.exponential(_MISREAD))


def misread_page(layout: Layout, share: float, rng: np.random.Generator) -> Layout:
    """The layout with so large a share of its letters taken for others, as OCR does."""
    return write_lines(layout, lambda line: misread(line.text, share, rng))


def write_lines(layout: Layout, write: Callable[[Line], str]) -> Layout:
    """The layout with the text on each line that `write` gives it."""
    blocks = (
        replace(block, lines=tuple(replace(line, text=write(line)) for line in block.lines))
        for block in layout.blocks
    )
    return replace(layout, blocks=tuple(blocks))


def misread(text: str, share: float, rng: np.random.Generator) -> str:
    """The text with so large a share of its letters taken for others; words stay apart."""
    wrong = rng.random(len(text)) < share
    drawn = rng.integers(len(_LETTERS), size=len(text))
    return "".join(
        _LETTERS[place] if miss and letter != " " else letter
        for letter, miss, place in zip(text, wrong, drawn, strict=True)
    )
