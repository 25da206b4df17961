"""Cue notes: small notes that show what somebody else plays. In: systems, bar lines, chords. Out: chords, told apart.

Grace notes are as small, but stand before a note of full size. Where all notes of a staff are small for a whole bar,
and where a small note stands in the column of a large one, they are cue notes and take their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leggio.music.notation import SMALL_HEADS, BarLine, Chord, System

# Staff spaces from a small chord to a large one in its column; grace notes of engraved songs are 1.2 off and more,
# small notes of a second voice 0.3.
_COLUMN = 0.6
_FEWEST = 2  # small chords that a bar of cue notes has: one alone may be a grace note whose note was not seen


def tell_cues(
    systems: Sequence[System], barlines: Sequence[BarLine], chords: Sequence[Chord]
) -> tuple[Chord, ...]:
    """The chords, cue notes told from grace notes."""
    cues: set[int] = set()
    for system in systems:
        ends = sorted(line.x for line in barlines if line.system == system.id)
        for staff in system.staves:
            here = [chord for chord in chords if chord.staff == staff.id]
            for left, right in zip((float("-inf"), *ends), (*ends, float("inf")), strict=True):
                bar = [chord for chord in here if left <= chord.x < right]
                if len(bar) >= _FEWEST and all(chord.grace for chord in bar):
                    cues.update(chord.id for chord in bar)
                cues.update(chord.id for chord in bar if chord.grace and _is_beside(chord, bar, staff.space))
    return tuple(replace(c, grace=False, cue=True) if c.id in cues else c for c in chords)


def _is_beside(small: Chord, chords: Sequence[Chord], space: float) -> bool:
    """Whether a chord of full size sounds with a small one: they stand in one column."""
    large = (c for c in chords if not c.grace and not any(head.kind in SMALL_HEADS for head in c.heads))
    return any(abs(chord.x - small.x) < _COLUMN * space for chord in large)
