"""Read sheet music: the main path. In: pages. Out: readings with everything that was seen, and a score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from leggio.music.words import part_singers, read_wording
from leggio.net import WEIGHTS, Net, load_net
from leggio.ocr import Engine, RapidOcr, Tesseract, choose_engine
from leggio.page import Page, PageFailure, open_pages

# Mean doubt of heads from which on a page may be handwriting. The net for print doubts those of scans by 0.02 at most,
# those of handwriting by 0.26 and more.
_DOUBTFUL = 0.12
_RESCALE = (
    0.06  # staves this far from the measured staff space make the page be looked at again, at their own
)


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
        load_net(WEIGHTS / "symbols.onnx", threads),
        load_net(hand, threads) if hand.exists() else None,
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
    maps, systems = see(page, nets)
    symbols = detect_symbols(maps)
    strokes = trace_strokes(maps, first_id=len(symbols))
    return read_ink(page, maps, systems, symbols, strokes, nets.words)


def read_ink(
    page: Page,
    maps: Maps,
    systems: tuple[System, ...],
    symbols: tuple[Symbol, ...],
    strokes: tuple[Stroke, ...],
    engine: Engine | None = None,
) -> Reading:
    """Read what was found on a page; whoever knows its ink without a net begins here."""
    systems = join_parts(systems, symbols)
    wording = read_wording(page.image, maps, systems, symbols, engine)
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


def see(page: Page, nets: Nets) -> tuple[Maps, tuple[System, ...]]:
    """Run the net for the page's writing at its staff space and find the systems."""
    if nets.writing is Writing.HAND and nets.hand is not None:
        return _see_with(page, nets.hand)
    maps, systems = _see_with(page, nets.symbols)
    if nets.writing is not None or nets.hand is None or _doubt_heads(maps) < _DOUBTFUL:
        return maps, systems
    by_hand, systems_by_hand = _see_with(page, nets.hand)
    if _doubt_heads(by_hand) < _doubt_heads(maps):
        return by_hand, systems_by_hand
    return maps, systems


def _doubt_heads(maps: Maps) -> float:
    """How unsure the net is of the note heads that it sees, in [0, 1]: one less the mean of their confidences."""
    found = tell_chances(detect_symbols(maps), maps)
    heads = [symbol.confidence for symbol in found if symbol.kind in HEADS]
    return 1 - sum(heads) / len(heads) if heads else 1.0


def _see_with(page: Page, net: Net) -> tuple[Maps, tuple[System, ...]]:
    """Run a net at the page's staff space and find the systems; at their own space again if that differs."""
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
    return maps, systems


def _no_staff(page: Page) -> str:
    return (
        f"No staff was found on page {page.number} of {page.source}; leggio reads pages with five-line staves, "
        "upright and at 150 dpi or more."
    )


def read_file(path: Path, nets: Nets, on_page: Callable[[int], None] | None = None) -> FileReading:
    """Read all pages of a file; one bad page never loses the others. `on_page` is called after each one."""
    readings: list[Reading] = []
    failures: list[PageFailure] = []
    for number, result in enumerate(read_pages(path, nets), 1):
        if isinstance(result, Reading):
            readings.append(result)
        else:
            failures.append(result)
        if on_page:
            on_page(number)
    score = join_scores([reading.score for reading in readings]) if readings else None
    return FileReading(tuple(readings), tuple(failures), score)


def read_pages(path: Path, nets: Nets) -> Iterator[Reading | PageFailure]:
    """Read the pages of a file one after the other."""
    for page in open_pages(path):
        if isinstance(page, PageFailure):
            yield page
            continue
        try:
            yield read(page, nets)
        except LeggioError as error:
            yield PageFailure(page.source, page.number, error)
