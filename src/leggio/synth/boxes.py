"""Many boxes at once, as arrays. In: symbols or strokes. Out: `Boxes`, and pairs of what is near each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind

Numbers = NDArray[np.float64]
_LEFT_OUT = 1e6  # what it costs to leave a target without an owner: more than any pair


@dataclass(frozen=True, slots=True)
class Boxes:
    """Ids and boxes of symbols or strokes in pixels, each an array of shape (n,)."""

    ids: NDArray[np.int64]
    x0: Numbers
    y0: Numbers
    x1: Numbers
    y1: Numbers

    @property
    def x(self) -> Numbers:
        """The middles from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> Numbers:
        """The middles from top to bottom."""
        return (self.y0 + self.y1) / 2

    def join(self, other: Boxes) -> Boxes:
        """These boxes, then the others."""
        joined = [
            np.concatenate([getattr(self, side), getattr(other, side)]) for side in ("x0", "y0", "x1", "y1")
        ]
        return Boxes(np.concatenate([self.ids, other.ids]), *joined)


def gather_boxes(symbols: Sequence[Symbol], kinds: Collection[SymbolKind]) -> Boxes:
    """The boxes of all symbols of some kinds, in the order of the symbols."""
    wanted = set(kinds)
    return _stack([symbol for symbol in symbols if symbol.kind in wanted])


def gather_strokes(strokes: Sequence[Stroke], kinds: Collection[StrokeKind]) -> Boxes:
    """The boxes of all strokes of some kinds, in the order of the strokes."""
    wanted = set(kinds)
    return _stack([stroke for stroke in strokes if stroke.kind in wanted])


def _stack(records: Sequence[Symbol] | Sequence[Stroke]) -> Boxes:
    sides = np.array(
        [(record.box.x0, record.box.y0, record.box.x1, record.box.y1) for record in records], np.float64
    ).reshape(-1, 4)
    return Boxes(np.array([record.id for record in records], np.int64), *sides.T)


def pair_up(cost: Numbers, targets: Boxes, owners: Boxes, column: float) -> Iterator[tuple[int, int]]:
    """Give each target its owner, as (owner id, target id), so that all together cost least.

    `cost` is (targets, owners), infinite where they cannot belong together. Targets of one column, whose middles are
    less than `column` pixels apart, have different owners and stand in the same order from top to bottom. What is left
    over takes its cheapest owner all the same.
    """
    for places in _find_columns(targets, column):
        for target, owner in zip(places, _match(cost, places, owners), strict=True):
            if owner is None and np.isfinite(cost[target]).any():
                owner = int(cost[target].argmin())
            if owner is not None:
                yield int(owners.ids[owner]), int(targets.ids[target])


def _find_columns(targets: Boxes, column: float) -> Iterator[list[int]]:
    """The places of the targets that stand over one another, from top to bottom."""
    order = np.argsort(targets.x, kind="stable")
    ends = np.flatnonzero(np.diff(targets.x[order]) >= column) + 1
    for places in np.split(order, ends):
        yield places[np.argsort(targets.y[places], kind="stable")].tolist()


def _match(cost: Numbers, targets: Sequence[int], owners: Boxes) -> list[int | None]:
    """The owner of each target, both in order: as aligning two words, where leaving out an owner costs nothing."""
    near = np.flatnonzero(np.isfinite(cost[targets]).any(axis=0))
    near = near[np.argsort(owners.y[near], kind="stable")]
    rows = np.where(np.isfinite(cost[targets][:, near]), cost[targets][:, near], 2 * _LEFT_OUT)
    best = np.zeros((len(targets) + 1, len(near) + 1))
    best[1:, 0] = _LEFT_OUT * np.arange(1, len(targets) + 1)
    for row in range(1, len(targets) + 1):
        matched = best[row - 1, :-1] + rows[row - 1]
        first = np.concatenate([best[row, :1], np.minimum(matched, best[row - 1, 1:] + _LEFT_OUT)])
        best[row] = np.minimum.accumulate(first)
    found: list[int | None] = [None] * len(targets)
    row, place = len(targets), len(near)
    while row and place:
        if best[row, place] == best[row, place - 1]:
            place -= 1
        else:
            if best[row, place] == best[row - 1, place - 1] + rows[row - 1, place - 1]:
                found[row - 1] = int(near[place - 1])
                place -= 1
            row -= 1
    return found
