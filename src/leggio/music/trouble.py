"""Records of what makes a bar doubtful. `evidence` gathers them, `doubts` weighs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from leggio.music.notation import Chord, Head, Notation, Stroke
from leggio.music.score import Score
from leggio.music.spans import Span, find_spans


class Sign(Enum):
    """What makes a bar doubtful."""

    BEATS = "beats"
    STRAIN = "strain"
    CHANGED = "changed"
    UNSURE = "unsure"
    LOOSE = "loose"
    VOICES = "voices"
    FAR = "far"
    OCTAVE = "octave"
    BEAMS = "beams"
    GRACE = "grace"
    LATE = "late"
    TIE = "tie"
    PLACE = "place"
    LEDGER = "ledger"
    HEAD = "head"
    ACCIDENTAL = "accidental"
    AGAIN = "again"
    CLASH = "clash"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of a sign stands on one staff of one bar; `place` is the bar's place in the score.

    `part` and `staff` count from 1; `ink` are the ids of what it is about; `reason` is "" where it is spread over too
    many small things to be named.
    """

    place: int
    part: int
    staff: int
    sign: Sign
    amount: float
    reason: str
    ink: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that evidence is looked for in: one page as it was seen, and the score that was read from it.

    `spans` are the bars on the page, as many as each part of the score has. `heads` finds a head with its chord by the
    id of its symbol, `homes` the part and the staff there, both from 1, by the id of a staff; `places` of chords are
    the places of their bars, by the id of the chord.
    """

    notation: Notation
    strokes: tuple[Stroke, ...]
    score: Score
    spans: tuple[Span, ...]
    heads: dict[int, tuple[Chord, Head]]
    homes: dict[int, tuple[int, int]]
    places: dict[int, int]

    def chord_of(self, ink: Sequence[int]) -> tuple[Chord, Head] | None:
        """The head that a note of the score came from, and its chord."""
        return next((self.heads[i] for i in ink if i in self.heads), None)

    def tell(
        self, chord: Chord, sign: Sign, amount: float, reason: str, ink: tuple[int, ...] = ()
    ) -> Evidence:
        """Evidence about a chord that stands in a bar."""
        return Evidence(
            self.places[chord.id], *self.homes[chord.staff], sign, amount, reason, ink or chord.ink
        )


def set_scene(notation: Notation, strokes: Sequence[Stroke], score: Score) -> Scene:
    """What was seen and read on a page, with what finds its way in it."""
    spans = tuple(span for system in notation.systems for span in find_spans(system, notation))
    numbers = [(p, n) for p, part in enumerate(score.parts, 1) for n in range(1, part.staves + 1)]
    homes: dict[int, tuple[int, int]] = {}
    for system in notation.systems:  # a system that lacks staves lacks the upper ones
        staves = system.staves
        homes |= dict(
            zip((s.id for s in staves), numbers[max(len(numbers) - len(staves), 0) :], strict=False)
        )
    places: dict[int, int] = {}
    for place, span in enumerate(spans):
        here = {staff.id for staff in span.system.staves}
        places |= {c.id: place for c in notation.chords if c.staff in here and span.left <= c.x < span.right}
    heads = {head.symbol: (chord, head) for chord in notation.chords for head in chord.heads}
    return Scene(notation, tuple(strokes), score, spans, heads, homes, places)
