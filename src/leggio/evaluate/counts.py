"""Symbols of scanned pages counted, system by system, against encodings of their music. No boxes are needed.

In: pages with their MusicXML. Out: a `CountReport`, F1 of the counts of filled heads, rests, accidentals, clefs and bar
lines. In each system the smaller of the two counts is right; what is found beyond it is false, what is missing is
missed. An error of one kind can so hide another of the same kind in its system: the figure is an upper bound.

Encodings seldom say where the page breaks its lines. Bars of the truth are put beside the bars that leggio reads
(`notes.align_bars`) and lie in the system of their partner; a bar without one stays with the bar before it. Reading
decides of nothing else, and a bar in the wrong system costs in both. What the truth prints in a system: see `printed`.
What is found: symbols of at least `SURE` within a system's reach, and the bar lines that the reader lets end a bar, so
that a double one counts once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from leggio.errors import NothingToRead
from leggio.evaluate.detect import CLEFS, FALSE, HIT, MISSED, Colour, OnPage, Picture, draw_boxes, look
from leggio.evaluate.notes import CountedBar, align_bars, read_bars
from leggio.evaluate.origin import commit, machine
from leggio.evaluate.printed import PrintedBar, SymbolCounts, count_line, read_printed
from leggio.geometry import Box
from leggio.music.musicxml import write_musicxml
from leggio.music.notation import ACCIDENTALS, RESTS, Notation, Symbol, SymbolKind, System
from leggio.music.read import Nets, Reading, read
from leggio.music.spans import find_spans
from leggio.page import Page, PageFailure, open_pages

SURE = 0.5
"""The least confidence of a symbol that counts: confidences are calibrated, so it is more likely there than not."""
_REACH = 8.0  # staff spaces: how far the outermost systems of a page reach beyond their staves
_ASIDE = 2.0  # staff spaces: how far a system reaches to both sides

# In JSON's names and the order of `SymbolCounts`; bar lines come from strokes.
_KINDS: dict[str, frozenset[SymbolKind]] = {
    "filledHeads": frozenset({SymbolKind.HEAD_BLACK, SymbolKind.HEAD_BLACK_SMALL}),
    "rests": frozenset(RESTS),
    "accidentals": frozenset(ACCIDENTALS),
    "clefs": frozenset(CLEFS),
}
_NAMES = (*_KINDS, "barLines")


@dataclass(frozen=True, slots=True)
class SystemCounts:
    """One system: what the encoding has, and what was found."""

    truth: SymbolCounts
    found: SymbolCounts


@dataclass(frozen=True, slots=True)
class CountRow:
    """One kind over all systems; `right` sums the smaller of the two counts of each."""

    name: str
    truth: int
    found: int
    right: int

    @property
    def f1(self) -> float | None:
        """None where there is nothing to count."""
        return 2 * self.right / (self.truth + self.found) if self.truth + self.found else None


@dataclass(frozen=True, slots=True)
class CountReport:
    """All systems of a run, and the median of the seconds that a page took; `set` names the pages."""

    set: str
    pages: int
    systems: tuple[SystemCounts, ...]
    seconds: float | None
    commit: str | None = None
    machine: str | None = None

    @property
    def rows(self) -> tuple[CountRow, ...]:
        """A row a kind, under the names that they have in JSON."""
        return tuple(self._sum_column(place, name) for place, name in enumerate(_NAMES))

    def to_json(self) -> str:
        """`{"f1": {"filledHeads", ...}, "counts": {NAME: {"truth", "found", "right"}}, "seconds", ...}`."""
        content = {
            "set": self.set,
            "pages": self.pages,
            "systems": len(self.systems),
            "f1": {row.name: None if row.f1 is None else round(row.f1, 4) for row in self.rows},
            "counts": {
                row.name: {"truth": row.truth, "found": row.found, "right": row.right} for row in self.rows
            },
            "seconds": None if self.seconds is None else round(self.seconds, 4),
            "commit": self.commit,
            "machine": self.machine,
            "note": f"Counts of each system, of symbols with a confidence of at least {SURE}.",
        }
        return json.dumps(content, indent=1) + "\n"

    def _sum_column(self, place: int, name: str) -> CountRow:
        pairs = [(system.truth.row[place], system.found.row[place]) for system in self.systems]
        right = sum(min(pair) for pair in pairs)
        return CountRow(name, sum(true for true, _ in pairs), sum(found for _, found in pairs), right)


@dataclass(frozen=True, slots=True, eq=False)
class CountedPage:
    """A page with its reading (None where no staff was found) and the counts of each of its systems."""

    page: Page
    reading: Reading | None
    systems: tuple[SystemCounts, ...]


def evaluate_scans(
    cases: Sequence[Path], nets: Nets, on_page: OnPage = lambda *_: None, *, name: str
) -> CountReport:
    """Count what each case, a folder with page.png and truth.musicxml, has and what is found on its page.

    Raises LeggioError for a page or a truth that cannot be opened.
    """
    systems: list[SystemCounts] = []
    seconds: list[float] = []
    for case in cases:
        page = next(iter(open_pages(case / "page.png")))
        if isinstance(page, PageFailure):
            raise page.error
        seconds.append(look(page, nets).seconds)
        counted = count_page(page, (case / "truth.musicxml").read_bytes(), nets)
        systems += counted.systems
        on_page(case.name, partial(draw_counts, counted))
    return CountReport(
        name, len(cases), tuple(systems), median(seconds) if seconds else None, commit(), machine()
    )


def count_page(page: Page, truth: bytes, nets: Nets) -> CountedPage:
    """The counts of each system; those of a page without staves are one system, of which nothing was found."""
    printed = read_printed(truth)
    try:
        reading = read(page, nets)
    except NothingToRead:
        return CountedPage(page, None, (SystemCounts(count_line(printed), SymbolCounts()),))
    spans = [span for system in reading.systems for span in find_spans(system, reading.notation)]
    answer = read_bars(write_musicxml(reading.score))
    places = place_bars(read_bars(truth), answer, [span.system.id for span in spans])
    true = count_lines(printed, places, [system.id for system in reading.systems])
    found = count_found(reading.notation, reading.symbols)
    return CountedPage(page, reading, tuple(map(SystemCounts, true, found)))


def place_bars(
    truth: Sequence[CountedBar], answer: Sequence[CountedBar], systems: Sequence[int]
) -> list[int]:
    """The system that each bar of the truth lies in; `systems` are those of the bars of the answer, in order."""
    numbers = {id(bar): system for bar, system in zip(answer, systems, strict=True)}
    places: list[int | None] = [
        None if found is None else numbers[id(found)]
        for true, found in align_bars(truth, answer)
        if true is not None
    ]
    last = next((place for place in places if place is not None), 0)
    filled: list[int] = []
    for place in places:
        last = last if place is None else place
        filled.append(last)
    return filled


def count_lines(
    bars: Sequence[PrintedBar], places: Sequence[int], systems: Sequence[int]
) -> list[SymbolCounts]:
    """What the truth prints in each system, given the system of each bar."""
    counts = []
    for system in systems:
        line = [place for place, number in enumerate(places) if number == system]
        following = line[-1] + 1 if line else len(bars)
        announced = bars[following] if following < len(bars) else None
        counts.append(count_line([bars[place] for place in line], announced))
    return counts


def count_found(notation: Notation, symbols: Sequence[Symbol]) -> list[SymbolCounts]:
    """What was found of each system: sure symbols in its reach, and the bar lines that end a bar.

    What stands after the last bar line of the page announces a bar that is on no page known here: it is left out.
    """
    counts = []
    for system, reach in zip(notation.systems, find_reaches(notation.systems), strict=True):
        ends = [span.after for span in find_spans(system, notation)]
        if system is notation.systems[-1] and ends and ends[-1] is not None:
            reach = replace(reach, x1=ends[-1].right)
        inside = [s.kind for s in symbols if s.confidence >= SURE and reach.contains(s.box.center)]
        heads, rests, accidentals, clefs = (
            sum(kind in kinds for kind in inside) for kinds in _KINDS.values()
        )
        lines = sum(end is not None for end in ends)
        counts.append(SymbolCounts(heads, rests, accidentals, clefs, lines))
    return counts


def find_reaches(systems: Sequence[System]) -> list[Box]:
    """Where the symbols of each system stand: half of the way to its neighbours above and below."""
    reaches = []
    for place, system in enumerate(systems):
        space = system.staves[0].space
        box = system.box
        above = systems[place - 1].box.y1 if place else box.y0 - 2 * _REACH * space
        below = systems[place + 1].box.y0 if place + 1 < len(systems) else box.y1 + 2 * _REACH * space
        top, bottom = (above + box.y0) / 2, (box.y1 + below) / 2
        reaches.append(Box(box.x0 - _ASIDE * space, top, box.x1 + _ASIDE * space, bottom))
    return reaches


def draw_counts(page: CountedPage) -> Picture:
    """The page with what was counted in green, what was too unsure in red, and found/true above each system."""
    if page.reading is None:
        return draw_boxes(page.page.image, (), 20.0)
    kinds = frozenset[SymbolKind]().union(*_KINDS.values())
    boxes: list[tuple[Box, Colour, str]] = [
        (symbol.box, HIT if symbol.confidence >= SURE else FALSE, symbol.kind.value)
        for symbol in page.reading.symbols
        if symbol.kind in kinds
    ]
    for system, counts in zip(page.reading.systems, page.systems, strict=True):
        pairs = zip(counts.found.row, counts.truth.row, strict=True)
        text = ", ".join(f"{name} {found}/{true}" for name, (found, true) in zip(_NAMES, pairs, strict=True))
        boxes.append((system.box, MISSED, text))
    return draw_boxes(page.page.image, boxes, page.reading.systems[0].staves[0].space)
