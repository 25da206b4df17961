"""Read sheet music: the main path. In: pages. Out: readings with everything that was seen, and a score."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from leggio.errors import InputError, LeggioError, MissingExtra, NothingToRead
from leggio.music.bars import find_barlines, join_parts
from leggio.music.cues import tell_cues
from leggio.music.doubts import Doubt, find_doubts
from leggio.music.dynamics import read_dynamics
from leggio.music.endings import read_endings, strip_numbers
from leggio.music.erase import erase_letters
from leggio.music.graph import link
from leggio.music.hairpins import read_hairpins
from leggio.music.inscribe import inscribe_words
from leggio.music.interpret import interpret
from leggio.music.join import join_scores
from leggio.music.maps import Maps, measure_space, run_net
from leggio.music.marks import attach_marks
from leggio.music.notation import HEADS, Notation, Stroke, Symbol, System
from leggio.music.octaves import read_octaves
from leggio.music.outline import outline_marks
from leggio.music.pedals import read_pedals
from leggio.music.repeats import place_endings
from leggio.music.roles import tell_roles
from leggio.music.score import Score
from leggio.music.signs import read_clefs, read_keys, read_times, read_tuplets
from leggio.music.slurs import bind_curves
from leggio.music.staves import find_systems, keep_ruled
from leggio.music.symbols import detect_symbols, tell_chances, trace_strokes
from leggio.music.ties import complete_ties
from leggio.music.tremolos import attach_tremolos, pair_tremolos
from leggio.music.underlay import lay_under
from leggio.music.waymarks import read_waymarks
from leggio.music.words import Wording, part_singers, read_wording
from leggio.net import WEIGHTS, Net, load_net
from leggio.ocr import Engine, RapidOcr, Tesseract, choose_engine
from leggio.page import Page, PageFailure, open_pages

# Mean doubt of heads from which on a page may be handwriting. The net for print doubts those of scans by 0.02 at most,
# those of handwriting by 0.26 and more.
_DOUBTFUL = 0.12
_RESCALE = (
    0.06  # staves this far from the measured staff space make the page be looked at again, at their own
)
_STRIPS_AT_ONCE = 2  # of a page under a net; more would take more memory


class Writing(Enum):
    """How a page was written, which decides the net that looks at it."""

    PRINT = "print"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Nets:
    """The nets that reading music needs: `symbols` for print; `hand` for handwriting, where it is installed.

    `writing` is what all pages are taken for; None lets each page decide. `words` reads what is printed in letters; a
    page is read without its words where there is no engine.
    """

    symbols: Net
    hand: Net | None = None
    writing: Writing | None = None
    words: Engine | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a net saw on a page, and the systems and symbols that its maps hold."""

    maps: Maps
    systems: tuple[System, ...]
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All answers about one page, from pixels to meaning."""

    page: Page
    systems: tuple[System, ...]
    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    notation: Notation
    score: Score
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReading:
    """What was read of one file: its pages, those that failed, and one score of all (None if nothing was read)."""

    readings: tuple[Reading, ...]
    failures: tuple[PageFailure, ...]
    score: Score | None


def load_nets(threads: int = 0, writing: Writing | None = None) -> Nets:
    """Open the nets that ship with the package; `threads` 0 means one for each core.

    The net for handwriting has a licence of its own and may be left out of a package. Raises InputError where it is
    asked for and not there.
    """
    hand = WEIGHTS / "hand.onnx"
    if writing is Writing.HAND and not hand.exists():
        raise InputError("The net for handwriting is not installed: install leggio with weights/hand.onnx.")
    return Nets(
        load_net(WEIGHTS / "symbols-int8.onnx", threads, _STRIPS_AT_ONCE),
        load_net(hand, threads, _STRIPS_AT_ONCE) if hand.exists() else None,
        writing,
        _find_engine(threads),
    )


def _find_engine(threads: int) -> Engine | None:
    """An engine for words, RapidOCR first: its nets stay open, and Tesseract is started anew for every page."""
    for name in (RapidOcr.name, Tesseract.name):
        try:
            return choose_engine(name, threads=threads)
        except MissingExtra:
            continue
    return None


def read(page: Page, nets: Nets) -> Reading:
    """Read one page of sheet music. Raises NothingToRead when there is no staff on it."""
    return read_sight(page, look(page, nets), nets.words)


def read_sight(page: Page, sight: Sight, engine: Engine | None = None) -> Reading:
    """Read what a net saw on a page. Nets read its words beside the strokes, which Python traces on one core."""
    maps, symbols = sight.maps, sight.symbols
    systems = join_parts(sight.systems, symbols)
    with ThreadPoolExecutor(1) as beside:
        wording = beside.submit(read_wording, page.image, maps, systems, symbols, engine)
        strokes = trace_strokes(maps, first_id=len(symbols))
    return read_ink(page, maps, systems, symbols, strokes, wording.result())


def read_ink(
    page: Page,
    maps: Maps,
    systems: tuple[System, ...],
    symbols: tuple[Symbol, ...],
    strokes: tuple[Stroke, ...],
    wording: Wording = Wording(),  # noqa: B008 (a frozen record)
) -> Reading:
    """Read what was found on a page; whoever knows its ink without a net begins here."""
    systems = join_parts(systems, symbols)
    systems = part_singers(systems, wording)
    texts = tell_roles(wording.lines, systems, symbols)
    symbols, strokes = erase_letters(symbols, strokes, wording, texts, systems)
    texts += read_dynamics(systems, symbols) + read_hairpins(systems, strokes, maps)
    texts += read_pedals(systems, symbols, wording.lines) + read_waymarks(systems, symbols)
    barlines = find_barlines(systems, symbols, strokes, maps)
    endings = read_endings(systems, barlines, symbols, wording.lines, maps)
    symbols, texts = strip_numbers(symbols, texts, endings, systems)
    clefs = read_clefs(systems, symbols)
    keys = read_keys(systems, symbols, clefs)
    times = read_times(systems, symbols)
    tuplets = read_tuplets(systems, symbols, strokes)
    octaves = read_octaves(systems, symbols, strokes, maps)
    chords, rests, ties = link(systems, symbols, strokes, maps, keys)
    chords = tell_cues(systems, barlines, chords)
    outlines = outline_marks(systems, strokes, chords, rests)
    chords, tremolos = pair_tremolos(chords, outlines, maps)
    tremolos += attach_tremolos(symbols, outlines)
    marks = attach_marks(systems, symbols, outlines)
    slurs, ties = bind_curves(systems, symbols, strokes, outlines, ties, marks)
    ties = complete_ties(ties, chords)
    lyrics = lay_under(wording.rows, systems, chords, ties, slurs)
    notation = Notation(
        systems, barlines, chords, rests, clefs, keys, times, tuplets, ties, marks + tremolos, slurs, octaves=octaves,
        lyrics=lyrics, texts=texts, endings=endings,
    )  # fmt: skip
    told = tell_chances(symbols, maps)
    score = inscribe_words(place_endings(interpret(notation), notation), notation)
    doubts = find_doubts(notation, told, strokes, score)
    return Reading(page, systems, told, strokes, notation, score, doubts)


def look(page: Page, nets: Nets) -> Sight:
    """Run the net for the page's writing at its staff space; find systems and symbols. Raises NothingToRead."""
    if nets.writing is Writing.HAND and nets.hand is not None:
        return _see_with(page, nets.hand)
    printed = _see_with(page, nets.symbols)
    if nets.writing is not None or nets.hand is None or _doubt_heads(printed) < _DOUBTFUL:
        return printed
    by_hand = _see_with(page, nets.hand)
    return by_hand if _doubt_heads(by_hand) < _doubt_heads(printed) else printed


def _doubt_heads(sight: Sight) -> float:
    """How unsure the net is of the note heads that it sees, in [0, 1]: one less the mean of their confidences."""
    found = tell_chances(sight.symbols, sight.maps)
    heads = [symbol.confidence for symbol in found if symbol.kind in HEADS]
    return 1 - sum(heads) / len(heads) if heads else 1.0


def _see_with(page: Page, net: Net) -> Sight:
    """Run a net at the page's staff space, and at that of the systems it finds again if that differs."""
    space = measure_space(page.image)
    if space is None:
        raise NothingToRead(_no_staff(page))
    maps = run_net(page, net, space)
    systems = keep_ruled(find_systems(maps), page.image)
    if not systems:
        raise NothingToRead(_no_staff(page))
    found = sorted(staff.space for system in systems for staff in system.staves)
    middle = found[len(found) // 2]
    if abs(middle / space - 1) > _RESCALE:
        maps = run_net(page, net, middle)
        systems = keep_ruled(find_systems(maps), page.image) or systems
    return Sight(maps, systems, detect_symbols(maps))


def _no_staff(page: Page) -> str:
    return (
        f"No staff was found on page {page.number} of {page.source}; leggio reads pages with five-line staves, "
        "upright and at 150 dpi or more."
    )


def read_file(path: Path, nets: Nets, on_page: Callable[[int], None] | None = None) -> FileReading:
    """Read all pages of a file; one bad page never loses the others. `on_page` is called after each one."""
    (reading,) = read_files([path], nets, on_page)
    return reading


def read_files(
    paths: Sequence[Path], nets: Nets, on_page: Callable[[int], None] | None = None
) -> Generator[FileReading, None, None]:
    """Read files one after the other, each given as soon as its last page is read; as `read_file` otherwise."""
    results: list[Reading | PageFailure] = []
    pages = (marked for path in paths for marked in _mark_last(open_pages(path)))
    for result, is_last in _read_ahead(pages, nets):
        results.append(result)
        if on_page:
            on_page(len(results))
        if is_last:
            yield _sum_up(results)
            results = []


def read_pages(path: Path, nets: Nets) -> Iterator[Reading | PageFailure]:
    """Read the pages of a file one after the other."""
    return (result for result, _ in _read_ahead(_mark_last(open_pages(path)), nets))


def _sum_up(results: Sequence[Reading | PageFailure]) -> FileReading:
    readings = tuple(result for result in results if isinstance(result, Reading))
    failures = tuple(result for result in results if isinstance(result, PageFailure))
    return FileReading(readings, failures, join_scores([r.score for r in readings]) if readings else None)


_Marked = tuple[Page | PageFailure, bool]


def _mark_last(pages: Iterable[Page | PageFailure]) -> Iterator[_Marked]:
    """Each page, and whether it is the last one."""
    before: Page | PageFailure | None = None
    for page in pages:
        if before is not None:
            yield before, False
        before = page
    if before is not None:
        yield before, True


def _read_ahead(pages: Iterable[_Marked], nets: Nets) -> Iterator[tuple[Reading | PageFailure, bool]]:
    """Read pages in their order. While one is read, the net looks at the next one, and no further: maps are large."""
    eyes = ThreadPoolExecutor(1)
    try:
        ahead: tuple[Page | PageFailure, bool, Future[Sight]] | None = None
        for page, is_last in pages:
            present, ahead = ahead, (page, is_last, eyes.submit(_look_at, page, nets))
            if present is not None:
                yield _read_seen(present[0], present[2], nets), present[1]
        if ahead is not None:
            yield _read_seen(ahead[0], ahead[2], nets), ahead[1]
    finally:  # whoever stops does not wait for what the net is looking at
        eyes.shutdown(wait=False, cancel_futures=True)


def _look_at(page: Page | PageFailure, nets: Nets) -> Sight:
    if isinstance(page, PageFailure):
        raise page.error
    return look(page, nets)


def _read_seen(page: Page | PageFailure, sight: Future[Sight], nets: Nets) -> Reading | PageFailure:
    """The reading of a page, or the failure to read it."""
    if isinstance(page, PageFailure):
        return page
    try:
        return read_sight(page, sight.result(), nets.words)
    except LeggioError as error:
        return PageFailure(page.source, page.number, error)
