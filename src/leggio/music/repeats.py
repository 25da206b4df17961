"""Endings into the score: which bars each one covers. In: `Score`, `Notation`. Out: the score with its endings.

The bars of the score are the spans of the notation, one by one.
"""

from __future__ import annotations

from dataclasses import replace

from leggio.music.notation import Ending, Notation
from leggio.music.score import Bar, Score
from leggio.music.spans import Span, find_spans


def place_endings(score: Score, notation: Notation) -> Score:
    """The score with the endings of its page over the bars of all parts."""
    if not notation.endings:
        return score
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    covers = [_cover(span, notation.endings) for span in spans]
    parts = tuple(
        replace(part, bars=tuple(_number(bar, place, covers) for place, bar in enumerate(part.bars)))
        for part in score.parts
    )
    return replace(score, parts=parts)


def _cover(span: Span, endings: tuple[Ending, ...]) -> Ending | None:
    """The ending over the middle of a bar."""
    left = max(span.left, span.system.staves[0].xs[0])
    middle = (left + min(span.right, span.system.staves[0].xs[-1])) / 2
    here = (e for e in endings if e.system == span.system.id and e.left < middle < e.right)
    return next(here, None)


def _number(bar: Bar, place: int, covers: list[Ending | None]) -> Bar:
    ending = covers[place]
    if ending is None:
        return bar
    before = covers[place - 1] if place else None
    after = covers[place + 1] if place + 1 < len(covers) else None
    goes_on = after is not None and (after is ending or not after.is_opened)
    came = before is not None and (before is ending or not ending.is_opened)
    return replace(bar, ending=ending.numbers, ending_start=not came, ending_stop=not goes_on)
