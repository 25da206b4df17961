"""Bars that other bars of the page repeat. In: a `Score`. Out: their places.

Printed music repeats itself, and errors seldom do: what was read twice, note for note, is likelier to be right.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TypeAlias

from leggio.music.events import Pitch
from leggio.music.score import Bar, Score

_Heard: TypeAlias = frozenset[tuple[tuple[Fraction, Fraction, Pitch], int]]


def find_echoes(score: Score) -> frozenset[int]:
    """The places of bars that sound, on each staff, like some other bar does there; each staff may repeat another bar.

    A staff without notes repeats nothing.
    """
    length = len(score.parts[0].bars)
    rows = [
        [_hear(bar, staff) for bar in part.bars]
        for part in score.parts
        for staff in range(1, part.staves + 1)
    ]
    counts = [Counter(row) for row in rows]
    return frozenset(
        place
        for place in range(length)
        if all(row[place] and count[row[place]] > 1 for row, count in zip(rows, counts, strict=True))
    )


def _hear(bar: Bar, staff: int) -> _Heard:
    """What sounds on a staff of a bar: when, how long, which pitch, and how often at once."""
    heard = Counter(
        (event.onset, event.duration, note.pitch)
        for event in bar.events
        if event.staff == staff and not event.grace
        for note in event.notes
    )
    return frozenset(heard.items())
