"""Tremolos: strokes through a stem, or beams between two half notes. In: symbols, outlines, chords.

Out: `ChordMark`s, and the chords with those of pairs freed of their beams.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leggio.music.maps import Maps
from leggio.music.notation import Chord, ChordMark, StemWay, Symbol, SymbolKind
from leggio.music.outline import Outline

K = SymbolKind
_STROKES = (K.TREMOLO_1, K.TREMOLO_2, K.TREMOLO_3, K.TREMOLO_4)
_LEVEL = 0.4  # lowest confidence: below lie pieces of sharps and of beams
# In staff spaces.
_ASIDE = 0.7  # the strokes' middle lies at most so far from the stem
_PAST = 0.6  # and at most so far beyond its end
_OFF = 4.0  # without a stem they stand at most so far above or below the heads
_CLOSEST, _FARTHEST = 1.5, 14.0  # from stem to stem of a pair
# How far beams lie beyond the tips of the stems, and from there towards the heads.
_OUTSIDE, _INSIDE = 0.8, 3.4
_LOWEST, _HIGHEST = 0.3, 0.95  # how high a beam is, with a staff line at its edge
_DARK = 100  # of 255: page ink
_SHARES = (0.35, 0.42, 0.5, 0.58, 0.65)  # where between the stems beams are counted
_AGREED = 4  # how often alike
_FEWEST = 2  # beams between half notes: a single one may be a slur along a staff line
_HALVES = (K.HEAD_HALF, K.HEAD_HALF_SMALL)


def attach_tremolos(symbols: Sequence[Symbol], outlines: Sequence[Outline]) -> tuple[ChordMark, ...]:
    """The strokes through stems, each at its chord; what is on no stem and over no whole note is left out."""
    marks: dict[int, ChordMark] = {}
    for symbol in sorted(symbols, key=lambda symbol: -symbol.confidence):
        if symbol.kind not in _STROKES or symbol.confidence < _LEVEL:
            continue
        near = [(gap, o) for o in outlines if (gap := _measure(symbol, o)) is not None]
        if near:
            owner = min(near, key=lambda pair: pair[0])[1]
            marks.setdefault(owner.chord, ChordMark(owner.chord, symbol.kind, symbol.id))
    return tuple(sorted(marks.values(), key=lambda mark: mark.symbol))


def _measure(symbol: Symbol, outline: Outline) -> float | None:
    """How far strokes are from where a chord would have them, in pixels; None where they cannot be its own."""
    if outline.is_rest:
        return None
    centre, space = symbol.box.center, outline.space
    if outline.tip is not None and outline.way is not None:
        is_up, tip = outline.way is StemWay.UP, outline.tip.y
        top, bottom = (tip, outline.bottom) if is_up else (outline.top, tip)
        on_stem = top - _PAST * space < centre.y < bottom + _PAST * space
        aside = abs(centre.x - outline.tip.x)
        return aside if on_stem and aside < _ASIDE * space else None
    over = max(outline.top - centre.y, centre.y - outline.bottom)
    aside = abs(centre.x - outline.x)
    return over + aside if 0 < over < _OFF * space and aside < _ASIDE * space else None


def pair_tremolos(
    chords: Sequence[Chord], outlines: Sequence[Outline], maps: Maps
) -> tuple[tuple[Chord, ...], tuple[ChordMark, ...]]:
    """The chords, those of a tremolo between two half notes without their beams, and these as marks of both.

    Half notes have no beams: where some lie between the stems of two that follow one another, the two alternate.
    """
    others: dict[int, int] = {}
    marks: list[ChordMark] = []
    rows: dict[int, list[Outline]] = defaultdict(list)
    for outline in outlines:
        if not outline.grace:
            rows[outline.staff.id].append(outline)
    for first, second in (pair for row in rows.values() for pair in pairwise(row)):
        count = 0 if first.chord in others else _count_between(first, second, maps)
        if count:
            others |= {first.chord: second.chord, second.chord: first.chord}
            kind = _STROKES[min(count, len(_STROKES)) - 1]
            marks += [ChordMark(one.chord, kind, one.heads[0].symbol) for one in (first, second)]
    freed = (
        replace(chord, flags=0, beams_left=0, beams_right=0, beam=None, alternates=others[chord.id])
        if chord.id in others
        else chord
        for chord in chords
    )
    return tuple(freed), tuple(marks)


def _count_between(first: Outline, second: Outline, maps: Maps) -> int:
    """How many beams lie between the stems of two half notes; 0 for all other chords."""
    if first.way is not second.way or not (_is_half(first) and _is_half(second)):
        return 0
    if first.tip is None or second.tip is None:
        return 0
    gap = second.tip.x - first.tip.x
    if not _CLOSEST * first.space < gap < _FARTHEST * first.space:
        return 0
    inwards = 1 if first.way is StemWay.UP else -1
    counts = []
    for share in _SHARES:
        x, y = first.tip.x + share * gap, first.tip.y + share * (second.tip.y - first.tip.y)
        ends = sorted((y - inwards * _OUTSIDE * first.space, y + inwards * _INSIDE * first.space))
        rows = slice(max(0, int(ends[0] / maps.cell)), int(ends[1] / maps.cell) + 1)
        counts.append(_count_beams(maps.dark[rows, int(x / maps.cell)], maps.cells_per_space))
    count, agreed = Counter(counts).most_common(1)[0]
    return count if agreed >= _AGREED and count >= _FEWEST else 0


def _count_beams(column: NDArray[np.uint8], space: float) -> int:
    """How many pieces of ink in a column are as high as beams; staff lines are not."""
    edges = np.flatnonzero(np.diff(np.pad((column > _DARK).astype(np.int8), 1)))
    heights = (edges[1::2] - edges[::2]) / space
    if (heights > _HIGHEST).any():
        return 0  # a bar line, a head, an accidental
    return int((heights > _LOWEST).sum())


def _is_half(outline: Outline) -> bool:
    return not outline.is_rest and all(head.kind in _HALVES for head in outline.heads)
