"""Which heads ties, slurs and signs above and below notes belong to. In: boxes and symbols. Out: pairs of ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Point
from leggio.music.notation import RESTS, Stroke, StrokeKind, Symbol, SymbolKind
from leggio.synth.boxes import Boxes, gather_boxes

K, S = SymbolKind, StrokeKind
_TREMOLOS = (K.TREMOLO_1, K.TREMOLO_2, K.TREMOLO_3, K.TREMOLO_4)
_FERMATAS = (K.FERMATA_ABOVE, K.FERMATA_BELOW, K.FERMATA_SHORT, K.FERMATA_LONG)  # over rests too
ARTICULATIONS = (K.STACCATO, K.STACCATISSIMO, K.TENUTO, K.ACCENT, K.MARCATO)
_OF_CHORDS = (
    *ARTICULATIONS, K.UP_BOW, K.DOWN_BOW, K.HARMONIC, K.LEFT_PIZZICATO, K.SNAP_PIZZICATO,
    K.TRILL, K.TURN, K.TURN_INVERTED, K.MORDENT, K.SHORT_TRILL, K.TREMBLEMENT,
)  # fmt: skip

# In staff spaces.
_BESIDE = 1.1  # how far a sign's middle lies from its chord's at most, to the left or right
_ABOVE = 9.0  # how far above or below its chord a sign lies at most
_TIE_GAP = 2.6  # how far a tie begins from its head at most: past two dots
_TIE_RISE = 1.3  # how far above or below the middle of its head a tie begins at most
_LEVEL = 0.15  # the two heads of a tie are as high to within this
_SLUR_BESIDE = 1.6  # how far a slur's end lies beside its chord at most
_SLUR_ABOVE = 5.0  # how far above or below its chord a slur's end lies at most: past a row of articulations
_ARPEGGIO_GAP = 3.0  # how far left of its chord an arpeggio stands at most: past accidentals
_TREMOLO_GAP = 4.0  # how far above or below a whole note its tremolo lies at most


@dataclass(frozen=True, slots=True)
class _Columns:
    """Chords, as what stands on one stem; `members[c]` are the places of the heads, or the rest, of column c."""

    boxes: Boxes
    x: NDArray[np.float64]  # of the heads: a stem lies at their side
    members: tuple[tuple[int, ...], ...]


def relate_marks(
    heads: Boxes,
    stems: Boxes,
    on_stems: Sequence[Sequence[int]],
    symbols: Sequence[Symbol],
    strokes: Sequence[Stroke],
    space: float,
) -> Iterator[tuple[int, int]]:
    """Pairs (head id, id of what belongs to it); `on_stems[s]` are the places in `heads` of those on stem s."""
    chords = _find_columns(heads, stems, on_stems)
    yield from _chord_to_sign(heads, chords, gather_boxes(symbols, _OF_CHORDS), space)
    rests = gather_boxes(symbols, RESTS)
    alone = tuple((len(heads.ids) + place,) for place in range(len(rests.ids)))
    everything = _Columns(
        chords.boxes.join(rests), np.concatenate([chords.x, rests.x]), chords.members + alone
    )
    yield from _chord_to_sign(heads.join(rests), everything, gather_boxes(symbols, _FERMATAS), space)
    yield from _head_to_stem_sign(heads, stems, on_stems, symbols, space)
    yield from _head_to_arpeggio(heads, gather_boxes(symbols, (K.ARPEGGIO,)), space)
    if len(heads.ids):
        yield from _head_to_tie(heads, [stroke for stroke in strokes if stroke.kind is S.TIE], space)
        yield from _head_to_slur(
            heads, chords, [stroke for stroke in strokes if stroke.kind is S.SLUR], space
        )


def _find_columns(heads: Boxes, stems: Boxes, on_stems: Sequence[Sequence[int]]) -> _Columns:
    used = {place for places in on_stems for place in places}
    bare = [(place,) for place in range(len(heads.ids)) if place not in used]
    members = tuple(tuple(places) for places in on_stems if places) + tuple(bare)
    far = np.inf
    tops = [top for top, places in zip(stems.y0.tolist(), on_stems, strict=True) if places] + [far] * len(
        bare
    )
    ends = [end for end, places in zip(stems.y1.tolist(), on_stems, strict=True) if places] + [-far] * len(
        bare
    )
    rows = [
        (
            heads.x0[list(places)].min(), min(heads.y0[list(places)].min(), top),
            heads.x1[list(places)].max(), max(heads.y1[list(places)].max(), end),
        )
        for places, top, end in zip(members, tops, ends, strict=True)
    ]  # fmt: skip
    sides = np.array(rows, np.float64).reshape(-1, 4)
    boxes = Boxes(np.arange(len(members)), *sides.T)
    return _Columns(boxes, boxes.x, members)


def _chord_to_sign(owners: Boxes, columns: _Columns, signs: Boxes, space: float) -> Iterator[tuple[int, int]]:
    """A sign stands above or below its chord; it belongs to the head that is nearest to it."""
    if not len(signs.ids) or not len(columns.members):
        return
    box = columns.boxes
    aside = np.abs(signs.x[:, None] - columns.x[None, :])
    apart = np.maximum(box.y0[None, :] - signs.y1[:, None], signs.y0[:, None] - box.y1[None, :])
    near = (aside < _BESIDE * space) & (apart < _ABOVE * space)
    cost = np.where(near, np.maximum(apart, 0) + aside, np.inf)
    for sign, column in enumerate(cost.argmin(axis=1).tolist()):
        if near[sign, column]:
            members = columns.members[column]
            owner = min(members, key=lambda place: abs(float(owners.y[place] - signs.y[sign])))
            yield int(owners.ids[owner]), int(signs.ids[sign])


def _head_to_stem_sign(
    heads: Boxes, stems: Boxes, on_stems: Sequence[Sequence[int]], symbols: Sequence[Symbol], space: float
) -> Iterator[tuple[int, int]]:
    """Strokes of a grace note and tremolos lie across a stem; a tremolo of a whole note lies above or below it."""
    slashes, tremolos = gather_boxes(symbols, (K.GRACE_SLASH,)), gather_boxes(symbols, _TREMOLOS)
    signs = slashes.join(tremolos)
    slack = 0.1 * space
    for sign in range(len(signs.ids)):
        identity = int(signs.ids[sign])
        across = (stems.x > signs.x0[sign] - slack) & (stems.x < signs.x1[sign] + slack)
        across &= (stems.y0 < signs.y1[sign]) & (stems.y1 > signs.y0[sign])
        found = np.flatnonzero(across)
        if len(found):
            stem = int(found[np.abs(stems.x[found] - signs.x[sign]).argmin()])
            yield from ((int(heads.ids[head]), identity) for head in on_stems[stem])
        elif len(heads.ids) and sign >= len(slashes.ids):
            away = np.abs(heads.y - signs.y[sign])
            away = np.where(np.abs(heads.x - signs.x[sign]) < 0.8 * space, away, np.inf)
            if away.min() < _TREMOLO_GAP * space:
                yield int(heads.ids[int(away.argmin())]), identity


def _head_to_arpeggio(heads: Boxes, arpeggios: Boxes, space: float) -> Iterator[tuple[int, int]]:
    """An arpeggio stands left of all heads of its chord, on one staff or two."""
    for arpeggio in range(len(arpeggios.ids)):
        gap = heads.x0 - arpeggios.x1[arpeggio]
        inside = (heads.y > arpeggios.y0[arpeggio] - space / 2) & (
            heads.y < arpeggios.y1[arpeggio] + space / 2
        )
        near = inside & (gap > -0.3 * space) & (gap < _ARPEGGIO_GAP * space)
        if near.any():
            chord = near & (gap < gap[near].min() + 1.3 * space)
            yield from ((int(head), int(arpeggios.ids[arpeggio])) for head in heads.ids[chord])


def _head_to_tie(heads: Boxes, ties: Sequence[Stroke], space: float) -> Iterator[tuple[int, int]]:
    """A tie joins two heads of one height; at a line's end it has one head only."""
    for tie in ties:
        before = _away(heads.x1 - 0.8 * space, heads.y, tie.start, space)
        after = _away(-(heads.x0 + 0.8 * space), heads.y, Point(-tie.end.x, tie.end.y), space)
        lefts, rights = np.flatnonzero(np.isfinite(before)), np.flatnonzero(np.isfinite(after))
        level = np.abs(heads.y[lefts][:, None] - heads.y[rights][None, :]) < _LEVEL * space
        if level.any():
            cost = np.where(level, before[lefts][:, None] + after[rights][None, :], np.inf)
            left, right = np.unravel_index(int(cost.argmin()), cost.shape)
            yield int(heads.ids[lefts[left]]), tie.id
            yield int(heads.ids[rights[right]]), tie.id
        elif len(lefts) or len(rights):
            nearest = before if before.min() <= after.min() else after
            yield int(heads.ids[int(nearest.argmin())]), tie.id


def _away(
    sides: NDArray[np.float64], ys: NDArray[np.float64], end: Point, space: float
) -> NDArray[np.float64]:
    """How far each head is from a tie's end, where that can be its end; infinite elsewhere."""
    gap, rise = end.x - sides, np.abs(ys - end.y)
    near = (gap > -0.8 * space) & (gap < _TIE_GAP * space) & (rise < _TIE_RISE * space)
    return np.where(near, np.abs(gap) + rise, np.inf)


def _head_to_slur(
    heads: Boxes, columns: _Columns, slurs: Sequence[Stroke], space: float
) -> Iterator[tuple[int, int]]:
    """Each end of a slur is above, below or beside a chord: it belongs to the head that is nearest."""
    box = columns.boxes
    for slur in slurs:
        for end in (slur.start, slur.end):
            aside = np.maximum(np.maximum(box.x0 - end.x, end.x - box.x1), 0)
            apart = np.maximum(np.maximum(box.y0 - end.y, end.y - box.y1), 0)
            near = (aside < _SLUR_BESIDE * space) & (apart < _SLUR_ABOVE * space)
            if near.any():
                # Above a chord rather than beside one: half of what lies above is as far as all that lies beside.
                column = int(np.where(near, aside + apart / 2, np.inf).argmin())
                head = min(columns.members[column], key=lambda place: abs(float(heads.y[place]) - end.y))
                yield int(heads.ids[head]), slur.id
