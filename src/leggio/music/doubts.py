"""Where a person should look first. In: what was seen on a page and the score read from it. Out: ranked `Doubt`s.

Each sign of trouble (`evidence`) is taken for a cause of its own: the chance that a bar is wrong is
1 - exp(-sum of weight x amount), a noisy or. The weights were fitted on 53 aged pages of the factory, pulled towards
one weight for all (`bench/doubts.py`, `leggio.evaluate.doubts`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from leggio.music.evidence import gather_evidence
from leggio.music.notation import Notation, Stroke, Symbol
from leggio.music.score import Score
from leggio.music.spans import find_spans
from leggio.music.trouble import Evidence, Sign


@dataclass(frozen=True, slots=True)
class Doubt:
    """One staff of one bar that may be wrong.

    `system` counts from 0, `bar` is the bar's printed number, `part` and `staff` count from 1. `score` is the chance in
    [0, 1] that something is wrong there, `reason` why in musical words, `ink` the ids of what it is about.
    """

    system: int
    bar: int
    part: int
    staff: int
    reason: str
    score: float
    ink: tuple[int, ...] = ()


# These tell their reason and hardly weigh: what they say is part of the strain, or of a voice that waits.
JUST_TOLD = (Sign.BEATS, Sign.CHANGED, Sign.LOOSE, Sign.VOICES, Sign.FAR)
WEIGHTS = dict.fromkeys(JUST_TOLD, 0.025) | {
    Sign.STRAIN: 0.42, Sign.UNSURE: 0.44, Sign.OCTAVE: 0.28, Sign.BEAMS: 0.13, Sign.GRACE: 0.09, Sign.LATE: 0.31,
    Sign.TIE: 0.68, Sign.PLACE: 0.16, Sign.LEDGER: 0.19, Sign.HEAD: 0.19, Sign.ACCIDENTAL: 0.14, Sign.AGAIN: 0.07,
    Sign.CLASH: 0.06,
}  # fmt: skip
_UNNAMED = "hard to see: small signs"
_HANDS = 2  # staves of a part that two hands play
_LEAST = 0.015  # doubts of a lower score are not told


def find_doubts(
    notation: Notation, symbols: Sequence[Symbol], strokes: Sequence[Stroke], score: Score
) -> tuple[Doubt, ...]:
    """The doubts of a page, the most doubtful bars first; confidences of `symbols` are chances."""
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    found: dict[tuple[int, int, int], list[Evidence]] = defaultdict(list)
    for evidence in gather_evidence(notation, symbols, strokes, score):
        found[evidence.place, evidence.part, evidence.staff].append(evidence)
    totals: dict[int, float] = defaultdict(float)
    for (place, _, _), row in found.items():
        totals[place] += sum(map(_weigh, row))
    doubts = []
    for (place, part, staff), row in found.items():
        row.sort(key=_weigh, reverse=True)
        chance = 1 - math.exp(-sum(map(_weigh, row)))
        bar = score.parts[0].bars[place]
        if chance >= _LEAST:
            reasons = (
                "; ".join(dict.fromkeys(e.reason for e in row if e.reason and _weigh(e) > 0)) or _UNNAMED
            )
            ink = tuple(dict.fromkeys(i for e in row for i in e.ink))
            doubt = Doubt(spans[place].system.id, bar.number, part, staff, reasons, round(chance, 3), ink)
            doubts.append((totals[place], doubt))
    doubts.sort(key=lambda pair: (-pair[0], pair[1].bar, -pair[1].score))
    return tuple(doubt for _, doubt in doubts)


def describe_doubt(doubt: Doubt, score: Score) -> str:
    """A doubt in one line: `bar 12, left hand: 3.5 of 4 beats (62%)`; hands for a part of two staves."""
    part = score.parts[doubt.part - 1] if doubt.part <= len(score.parts) else None
    if part is not None and part.staves == _HANDS:
        where = "right hand" if doubt.staff == 1 else "left hand"
        where = f"{part.name or f'part {doubt.part}'}, {where}" if len(score.parts) > 1 else where
    else:
        where = (part.name if part is not None else "") or f"part {doubt.part}"
        where += f", staff {doubt.staff}" if part is not None and part.staves > 1 else ""
    return f"bar {doubt.bar}, {where}: {doubt.reason} ({doubt.score:.0%})"


def _weigh(evidence: Evidence) -> float:
    return WEIGHTS[evidence.sign] * evidence.amount
