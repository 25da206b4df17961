"""Mend the words of a score, so that they can be written down. In: any records. Out: consistent ones.

Words that say nothing are dropped, as is what is sung on a rest or twice in one verse; what stands outside of its bar
moves to its edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music.directions import Direction, DirectionKind, Harmony, Pedal, Sign, Wedge
from leggio.music.events import Event, Lyric

# What directions of these kinds can say.
_TEXTS = {
    DirectionKind.WEDGE: {wedge.value for wedge in Wedge}, DirectionKind.PEDAL: {pedal.value for pedal in Pedal},
    DirectionKind.SIGN: {sign.value for sign in Sign},
}  # fmt: skip


def settle_lyrics(event: Event) -> tuple[Lyric, ...]:
    """One syllable a verse, the first one; none on a rest."""
    kept: dict[int, Lyric] = {}
    for lyric in event.lyrics if event.notes else ():
        if text := lyric.text.strip():
            verse = max(lyric.verse, 1)
            kept.setdefault(verse, replace(lyric, verse=verse, text=text))
    return tuple(kept[verse] for verse in sorted(kept))


def settle_directions(directions: Sequence[Direction], end: Fraction) -> tuple[Direction, ...]:
    """Directions within a bar that ends at `end`, in time. What has a metronome is a tempo."""
    settled = []
    for direction in directions:
        text = direction.text.strip()
        metronome = direction.metronome if direction.kind is not DirectionKind.REHEARSAL else None
        if metronome and (metronome.per_minute < 1 or metronome.dots < 0):
            metronome = None
        if text or metronome:
            kind = DirectionKind.TEMPO if metronome else direction.kind
            if kind in _TEXTS and text not in _TEXTS[kind]:
                kind = DirectionKind.WORDS
            onset = min(max(Fraction(0), direction.onset), end)
            settled.append(replace(direction, onset=onset, text=text, metronome=metronome, kind=kind))
    return tuple(sorted(settled, key=lambda direction: (direction.onset, direction.staff)))


def settle_harmonies(harmonies: Sequence[Harmony], end: Fraction) -> tuple[Harmony, ...]:
    """Chord symbols within a bar that ends at `end`, in time."""
    settled = (
        replace(harmony, onset=min(max(Fraction(0), harmony.onset), end), text=harmony.text.strip())
        for harmony in harmonies
    )
    return tuple(sorted(settled, key=lambda harmony: (harmony.onset, harmony.staff)))
