"""How well the articles of newspapers are found. In: a folder of pages with known articles. Out: a `NewsReport`.

Measured is the reader's last step alone, given the true blocks; that and how it makes blocks, given the true lines; or
the whole reader, given the picture that lies beside a page. Every figure is one of a newspaper; the mean counts each
newspaper once, however many pages it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from leggio.errors import LeggioError, NothingToRead
from leggio.evaluate.blocks import Blocks
from leggio.evaluate.news_metrics import Counts, NewsScores, count_page, score
from leggio.evaluate.news_truth import find_truths, load_truth
from leggio.evaluate.origin import commit, machine
from leggio.geometry import Box
from leggio.news.layout import Article, BlockKind, Layout, NewsTruth, strip_kinds
from leggio.ocr import Engine

if TYPE_CHECKING:
    from leggio.news.print_maps import PrintMaps
    from leggio.news.read import Nets
    from leggio.page import Page

Answer: TypeAlias = tuple[Layout, tuple[Article, ...]]
"""What a reader says of a page."""
Reader: TypeAlias = Callable[["Case"], Answer]
Grouper: TypeAlias = Callable[[Layout], tuple[Article, ...]]

_DATE = re.compile(
    r"_(?:newspaper_|\d{8}|\d{4}-\d{2}-\d{2}|p\d)"
)  # what follows a newspaper's name in a file's name
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Case:
    """A page with known articles; `picture` is the scan beside it, if any."""

    name: str
    truth: NewsTruth
    picture: Path | None

    @property
    def newspaper(self) -> str:
        """The file's name up to the date, the issue or the page."""
        return _DATE.split(self.name)[0]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: its figures, the reader's seconds, and why it could not be read, if so."""

    name: str
    newspaper: str
    counts: Counts
    seconds: float
    error: str | None = None

    @property
    def scores(self) -> NewsScores:
        return score(self.counts)


@dataclass(frozen=True, slots=True)
class NewsReport:
    """All pages of a run and where it took place."""

    blocks: Blocks
    pages: tuple[PageRow, ...]
    commit: str | None = None
    machine: str | None = None

    @property
    def newspapers(self) -> dict[str, NewsScores]:
        """The figures of each newspaper, over all of its pages."""
        totals: dict[str, Counts] = {}
        for page in self.pages:
            totals[page.newspaper] = totals.get(page.newspaper, Counts()) + page.counts
        return {name: score(counts) for name, counts in sorted(totals.items())}

    @property
    def mean(self) -> NewsScores:
        """The mean over newspapers."""
        scores = self.newspapers.values()
        return NewsScores(**{f.name: fmean(getattr(s, f.name) for s in scores) for f in fields(NewsScores)})

    @property
    def seconds(self) -> float:
        """The median of a page."""
        return median(page.seconds for page in self.pages)

    def to_json(self) -> str:
        """`{"newspapers": {NAME: {"der", ...}}, "mean": {"der", ...}, "seconds", "pages": [...], ...}`."""
        content = {
            "blocks": self.blocks.value,
            "newspapers": {name: _rounded(scores) for name, scores in self.newspapers.items()},
            "mean": _rounded(self.mean),
            "seconds": round(self.seconds, 4),
            "pages": [
                {"name": p.name, "seconds": round(p.seconds, 4), "error": p.error, **_rounded(p.scores)}
                for p in self.pages
            ],
            "commit": self.commit,
            "machine": self.machine,
        }
        return json.dumps(content, indent=1) + "\n"


def evaluate_news(
    folder: Path,
    reader: Reader,
    blocks: Blocks = Blocks.TRUTH,
    on_page: Callable[[PageRow], None] = lambda row: None,
) -> NewsReport:
    """Read and measure every page of `folder` that has articles.

    `reader` is one of `group_true_blocks`, `group_true_lines`, `read_pictures` or any other; `on_page` hears of each
    page as soon as it is measured. A page that cannot be read counts with no article found. Raises NothingToRead where
    there is no page.
    """
    return measure_pages(find_pages(folder, pictures=blocks is Blocks.IMAGE), reader, blocks, on_page)


def measure_pages(
    cases: Sequence[Case], reader: Reader, blocks: Blocks, on_page: Callable[[PageRow], None]
) -> NewsReport:
    """The same for pages that have been found."""
    rows = []
    for case in cases:
        rows.append(_measure(case, reader))
        on_page(rows[-1])
    return NewsReport(blocks, tuple(rows), commit(), machine())


def find_pages(folder: Path, *, pictures: bool = False) -> Sequence[Case]:
    """The pages with articles under `folder`, by name; with `pictures` only those with a scan beside them.

    Raises NothingToRead where there is none.
    """
    cases = []
    for path in find_truths(folder):
        picture = find_picture(path)
        truth = load_truth(path)
        if truth.articles and (picture or not pictures):
            cases.append(Case(path.stem, truth, picture))
    if not cases:
        beside = ", each with its scan of the same name beside it" if pictures else ""
        raise NothingToRead(
            f"{folder} holds no pages with articles: give a folder of such JSON files{beside}."
        )
    return cases


def find_picture(path: Path) -> Path | None:
    """The picture beside the file of a page, if there is one."""
    return next((p for end in _PICTURES if (p := path.with_suffix(end)).is_file()), None)


def group_true_blocks(group: Grouper, blocks: Blocks = Blocks.TRUTH) -> Reader:
    """A reader that is told the blocks, and only says what belongs together."""

    def read(case: Case) -> Answer:
        layout = strip_kinds(case.truth.layout) if blocks is Blocks.BARE else case.truth.layout
        return layout, group(layout)

    return read


def group_true_lines(group: Grouper) -> Reader:
    """A reader that is told the lines and rules, makes its own blocks of them, and says what belongs together."""
    from leggio.news.blocks import build_layout

    def read(case: Case) -> Answer:
        truth = case.truth.layout
        lines = [replace(line, words=()) for block in truth.blocks for line in block.lines]
        pictures = [
            block.box for block in truth.blocks if block.kind is BlockKind.PICTURE and not block.lines
        ]
        layout = build_layout(truth.width, truth.height, lines, truth.rules, pictures)
        return layout, group(layout)

    return read


def read_pictures(threads: int = 0, net: Path | None = None, engine: Engine | None = None) -> Reader:
    """leggio's own reader of pictures, its nets loaded once.

    `net` is another one for regions than the one that ships; a net of 2017 finds the articles by itself. Without an
    `engine` no text is read, and the articles are found without.

    The page is made level and its border is cut off, as always; what is found is laid back onto the scan.
    """
    # Imported here so that true blocks, or another reader's answers, are measured without any net.
    from leggio.net import load_net
    from leggio.news.read import load_nets, read_layout
    from leggio.news.text import read_text
    from leggio.news.views import VIEWS_2017

    nets = load_nets(threads)
    if net is not None:
        nets = replace(nets, regions=load_net(net, threads))
    if nets.regions is not None and nets.regions.card.views == VIEWS_2017:
        engine = None  # that net has no use for words

    def read_case(case: Case) -> Answer:
        level = find_level(case, nets)
        layout = level.layout
        if engine is not None:
            layout = read_text(level.page.image, layout, engine)
        reading = read_layout(level.page, layout, nets, seen=level.seen)
        return level.put_back(reading.layout), reading.articles

    return read_case


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The picture of a page made level, what the reader finds on it before it groups, and what a net saw of it.

    `put_back` puts a layout of it where the truth lies.
    """

    page: Page
    layout: Layout
    seen: PrintMaps | None
    put_back: Callable[[Layout], Layout]


def find_level(case: Case, nets: Nets) -> Level:
    """Make a page level and find what is on it.

    Raises LeggioError where the picture cannot be read or has no text on it.
    """
    from leggio.news.ink import find_ink
    from leggio.news.read import find_layout, see_page
    from leggio.news.straighten import straighten
    from leggio.page import Page, open_pages

    assert case.picture is not None, "`find_pages` gives only pages with pictures"
    page = next(open_pages(case.picture))
    if not isinstance(page, Page):
        raise page.error
    height, width = page.image.shape
    straight = straighten(page.image)
    level = replace(page, image=straight.image)

    def put_back(layout: Layout) -> Layout:
        return fit_layout(lay_back(layout, straight.find_on_scan, width, height), case.truth.layout)

    ink = find_ink(level.image)
    seen = see_page(level.image, ink, nets)
    return Level(level, find_layout(level, ink, seen), seen, put_back)


def fit_layout(layout: Layout, truth: Layout) -> Layout:
    """The blocks in the pixels of the truth, which may be those of a scan of another size; rules are left out."""
    x, y = truth.width / layout.width, truth.height / layout.height

    def fit(box: Box) -> Box:
        return Box(box.x0 * x, box.y0 * y, box.x1 * x, box.y1 * y)

    return lay_back(layout, fit, truth.width, truth.height)


def lay_back(layout: Layout, place: Callable[[Box], Box], width: float, height: float) -> Layout:
    """The blocks on a page of `width` x `height` pixels where `place` puts every box; rules are left out."""
    blocks = tuple(
        replace(b, box=place(b.box), lines=tuple(replace(line, box=place(line.box)) for line in b.lines))
        for b in layout.blocks
    )
    return Layout(width, height, blocks)


def _measure(case: Case, reader: Reader) -> PageRow:
    start, error = perf_counter(), None
    answer: Answer = (case.truth.layout, ())
    try:
        answer = reader(case)
    except LeggioError as problem:
        error = str(problem)
    except Exception as problem:  # A crash is a result too, and must not take the other pages with it.
        error = f"crashed: {type(problem).__name__}: {problem}"
    seconds = perf_counter() - start
    return PageRow(case.name, case.newspaper, count_page(case.truth, *answer), seconds, error)


def _rounded(scores: NewsScores) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(scores).items()}
