"""How well symbols and strokes are found: the detector on pages whose every symbol is known.

In: samples and a net. Out: a `DetectReport`. Measured is what the detector says before any step of notation: the
symbols with their confidences and the strokes. Average precision is VOC's (see `match`). A beam of the truth is one
level of a group; where the net sees the levels as one piece of ink, that is one hit at most. Strokes that the net has
no ink for are left out; symbols of classes that it does not know are missed ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import NothingToRead
from leggio.evaluate.match import (
    ClassReport,
    PageThings,
    calibration_error,
    match_things,
    measure_things,
    name_strokes,
    name_symbols,
)
from leggio.evaluate.origin import commit, machine
from leggio.geometry import Box
from leggio.music.notation import ACCIDENTALS, HEADS, RESTS, Stroke, StrokeKind, Symbol, SymbolKind
from leggio.music.read import Nets
from leggio.music.read import look as look_at
from leggio.music.symbols import tell_chances, trace_strokes
from leggio.page import Page
from leggio.synth.sample import Sample

Picture: TypeAlias = NDArray[np.uint8]
"""(height, width, 3) uint8, RGB."""
OnPage: TypeAlias = Callable[[str, Callable[[], Picture]], None]
"""Hears of each page as soon as it is measured: its name, and what draws it with what was found."""
Colour: TypeAlias = tuple[int, int, int]

FEWEST = 20
"""True things that a class needs to count in a mean: fewer say little about it."""
NOTE = "Boxes thinner than half a staff space were widened to it, in truth and answer alike."

HIT: Colour = (0, 150, 40)
FALSE: Colour = (220, 30, 30)
MISSED: Colour = (40, 80, 230)
_SHOWN = 0.3  # of confidence: in a drawing less is not found, or false boxes would hide the page

CLEFS = (
    SymbolKind.CLEF_G, SymbolKind.CLEF_C, SymbolKind.CLEF_F, SymbolKind.CLEF_PERCUSSION, SymbolKind.CLEF_TAB,
)  # fmt: skip
_GROUPS: dict[str, tuple[SymbolKind, ...]] = {
    "heads": HEADS,
    "rests": RESTS,
    "accidentals": ACCIDENTALS,
    "clefs": CLEFS,
    "flags": tuple(kind for kind in SymbolKind if kind.value.startswith("flag")),
    "timeDigits": tuple(kind for kind in SymbolKind if kind.value.removeprefix("timeSig").isdigit()),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the detector says of one page, and the seconds that it took from the decoded page on."""

    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class DetectReport:
    """All pages of a run; `set` names the pages, `seconds` is the median of a page, `calibration` is of symbols."""

    set: str
    pages: int
    result: ClassReport
    calibration: float | None
    seconds: float | None
    commit: str | None = None
    machine: str | None = None

    @property
    def map50(self) -> float | None:
        """mAP@.5 over the classes with at least `FEWEST` true things."""
        return self.result.mean_average_precision(least=FEWEST)

    @property
    def groups(self) -> tuple[tuple[str, float | None], ...]:
        """The mean over the classes of each group that have at least `FEWEST` true things; None without any."""
        return tuple(
            (name, self.result.mean_average_precision({kind.value for kind in kinds}, least=FEWEST))
            for name, kinds in _GROUPS.items()
        )

    def to_json(self) -> str:
        """`{"map50", "classes": {NAME: {"ap50", "count"}}, "ece", "seconds", "groups": {NAME: x}, "note", ...}`.

        `classes` are those of the truth; those found where there are none are under `invented`, with their number.
        """
        content = {
            "set": self.set,
            "pages": self.pages,
            "map50": _round(self.map50),
            "classes": {
                score.name: {"ap50": _round(score.average_precision), "count": score.truth}
                for score in self.result.classes
                if score.truth
            },
            "invented": {score.name: score.found for score in self.result.classes if not score.truth},
            "groups": {name: _round(value) for name, value in self.groups},
            "ece": _round(self.calibration),
            "seconds": _round(self.seconds),
            "commit": self.commit,
            "machine": self.machine,
            "note": f"{NOTE} map50 and groups are means over classes with at least {FEWEST} true instances.",
        }
        return json.dumps(content, indent=1) + "\n"


def look(page: Page, nets: Nets) -> Answer:
    """Run the net and take symbols and strokes from its maps; a page without staves has none."""
    start = perf_counter()
    try:
        sight = look_at(page, nets)
    except NothingToRead:
        return Answer((), (), perf_counter() - start)
    symbols = tell_chances(sight.symbols, sight.maps)
    strokes = trace_strokes(sight.maps, first_id=len(symbols))
    return Answer(symbols, strokes, perf_counter() - start)


def evaluate_samples(
    samples: Iterable[tuple[str, Sample]], nets: Nets, on_page: OnPage = lambda *_: None, *, name: str
) -> DetectReport:
    """Look at every page, each with its name, and measure all that was found; `name` is that of the whole set."""
    symbols: list[PageThings] = []
    everything: list[PageThings] = []
    seconds: list[float] = []
    for page_name, sample in samples:
        truth, space = sample.truth, sample.truth.space
        answer = look(Page(sample.image, page_name), nets)
        seconds.append(answer.seconds)
        known = [stroke for stroke in truth.strokes if _ink_name(stroke.kind) in nets.symbols.card.inks]
        symbols.append(PageThings(name_symbols(truth.symbols), name_symbols(answer.symbols), space))
        strokes = PageThings(name_strokes(known), name_strokes(answer.strokes), space)
        everything.append(
            PageThings(symbols[-1].truth + strokes.truth, symbols[-1].found + strokes.found, space)
        )
        on_page(page_name, partial(draw_things, sample.image, everything[-1]))
    return DetectReport(
        name,
        len(everything),
        measure_things(everything),
        calibration_error(symbols),
        median(seconds) if seconds else None,
        commit(),
        machine(),
    )


def draw_things(image: NDArray[np.uint8], page: PageThings) -> Picture:
    """The page with every hit in green, every false thing in red and every missed one in blue."""
    found = [thing for thing in page.found if thing.confidence >= _SHOWN]
    matches = match_things(page.truth, found, page.space)
    taken = {id(hit) for hit in matches if hit is not None}
    marked = [(thing, MISSED) for thing in page.truth if id(thing) not in taken]
    marked += [(thing, FALSE if hit is None else HIT) for thing, hit in zip(found, matches, strict=True)]
    return draw_boxes(image, [(thing.box, colour, thing.name) for thing, colour in marked], page.space)


def draw_boxes(image: NDArray[np.uint8], boxes: Sequence[tuple[Box, Colour, str]], space: float) -> Picture:
    """A grey page, pale, with coloured boxes and their labels; `space` is the staff space in pixels."""
    pale = (255 - (255 - image.astype(np.float32)) * 0.5).astype(np.uint8)
    canvas = cv2.cvtColor(pale, cv2.COLOR_GRAY2RGB)
    for box, colour, label in boxes:
        low, high = (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1))
        cv2.rectangle(canvas, low, high, colour, max(1, round(space / 12)))
        if label and colour != HIT:
            place = (low[0], low[1] - round(space / 8))
            cv2.putText(canvas, label, place, cv2.FONT_HERSHEY_SIMPLEX, space / 35, colour, 1, cv2.LINE_AA)
    return np.asarray(canvas, np.uint8)


def _ink_name(kind: StrokeKind) -> str:
    return StrokeKind.SLUR.value if kind is StrokeKind.TIE else kind.value


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
