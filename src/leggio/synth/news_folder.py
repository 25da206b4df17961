"""Fill a folder with newspaper pages. In: a seed and numbers. Out: NAME.png (the page) and NAME.json (its `NewsTruth`).

A page depends on the seed and its number alone, so a broken run goes on where it stopped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.files import write_whole
from leggio.geometry import Box
from leggio.news.layout import BlockKind, NewsTruth
from leggio.record import Json, from_json, to_json
from leggio.synth.manifest import list_pages, write_counts
from leggio.synth.news import sample_news

Gray = NDArray[np.uint8]

_BAR, _FIGURE = 90, 190  # grey of a line and of a picture in a sketch


@dataclass(frozen=True, slots=True)
class NewsFactory:
    """Makes the page of a number: a sketch of boxes, or typeset in real words; only typeset pages can be aged."""

    seed: int = 0
    typeset: bool = False
    aged: bool = False

    def __post_init__(self) -> None:
        if self.aged and not self.typeset:
            raise InputError("Only typeset pages can be aged: ask for typeset pages too, with --typeset.")

    def __call__(self, number: int) -> tuple[Gray, NewsTruth]:
        """The picture (height, width), 0 ink and 255 paper, and the truth of page `number`."""
        rng = np.random.default_rng([self.seed, number])
        if not self.typeset:
            truth = sample_news(rng)
            return sketch(truth), truth
        from leggio.synth.news_scan import scan_page  # typst is needed here alone
        from leggio.synth.news_typeset import typeset

        page = typeset(rng)
        page = scan_page(page, rng) if self.aged else page
        return page.image, page.truth


def write_news(out: Path, numbers: Sequence[int], factory: NewsFactory) -> Iterator[Path]:
    """Write the page of each number into a folder, and give the path of its JSON file, which is written last."""
    out.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        path = out / f"{number:06d}.json"
        image, truth = factory(number)
        _, coded = cv2.imencode(".png", image)
        write_whole(path.with_suffix(".png"), coded.tobytes())
        write_whole(path, json.dumps(to_json(truth), ensure_ascii=False).encode())
        yield path


def load_news(path: Path) -> tuple[Gray, NewsTruth]:
    """Read a page from its JSON file's path. Raises LeggioError when it is not whole."""
    truth = from_json(NewsTruth, json.loads(path.read_text("utf-8")))
    image: Gray | None = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise InputError(f"{path} lacks its picture: delete it and make it again.")
    return image, truth


def write_news_manifest(out: Path, settings: Mapping[str, Json]) -> Path:
    """Write what a folder of pages holds as `manifest.json`, and give its path; `settings` repeat the folder."""
    blocks: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    pages = list_pages(out, ".png")
    for path in pages:
        truth = json.loads(path.read_text("utf-8"))
        blocks.update(block["kind"] for block in truth["layout"]["blocks"])
        articles.update(article["kind"] for article in truth["articles"])
    return write_counts(out, settings, len(pages), {"blocks": blocks, "articles": articles})


def sketch(truth: NewsTruth) -> Gray:
    """A page without words as a picture of its size: lines as bars, pictures pale, rules black."""
    image = np.full((round(truth.layout.height), round(truth.layout.width)), 255, np.uint8)
    for block in truth.layout.blocks:
        if block.kind is BlockKind.PICTURE:
            _fill(image, block.box, _FIGURE)
        for line in block.lines:
            _fill(image, line.box.grow(0, -0.15 * line.box.height), _BAR)
    for rule in truth.layout.rules:
        _fill(image, rule.box, 0)
    return image


def _fill(image: Gray, box: Box, tone: int) -> None:
    x0, y0 = int(box.x0), int(box.y0)
    image[y0 : max(y0 + 1, round(box.y1)), x0 : max(x0 + 1, round(box.x1))] = tone
