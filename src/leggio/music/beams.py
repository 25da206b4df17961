"""Beams at stems. In: stems and the beam ink. Out: how many beams each stem has on each side, and its beam group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.music.maps import Maps
from leggio.music.notation import StemWay, StrokeKind
from leggio.music.stems import Stem

BEAM_LEVEL = 100  # of 255
_HINT_LEVEL = 45  # of 255: beam ink that counts only together with thick page ink
DARK_LEVEL = 120  # of 255: page ink
_THICK_CELLS = (3, 4)  # rows and columns of map cells that ink must fill to be thick
_BEAM_PERIOD = 0.75  # from one beam to the next, staff spaces
_THIN_BEAM = 0.22  # a run of beam ink lower than this is none, staff spaces
_BEAM_GAP = 0.7  # the white between two beams is at most so high, staff spaces
_BESIDE = (0.25, 0.35, 0.45, 0.55, 0.65)  # where beams are counted beside a stem, staff spaces
_BEAM_HEIGHT, _BEAM_HEIGHTS = 0.5, (0.4, 0.85)  # of one beam, in staff spaces
_BETWEEN = 0.35  # of a beam: heights of ink that differ by so much make another number of beams
_BLIND = 0.75  # of a beam: a net that sees so much less than there must be does not see these beams
_LONE_HOOK = 1.6  # beam ink at one stem alone is wider, or it is a flag, an accent or a digit, staff spaces
_ENOUGH_BEAMS = 12  # so many beams tell how high one is on this page


def count_beams(
    stems: Sequence[Stem], maps: Maps, space: float, dotted: Collection[int] = frozenset()
) -> None:
    """Count the beams on each side of every stem's tip, and note which beam ink the stem touches.

    `dotted` are the ids of heads with a dot.

    The ink is read in a few columns beside the stem: beams are runs of ink there, and a run as high as two beams is
    two that flowed together.
    """
    beam = maps.ink_of(StrokeKind.BEAM.value)
    thick = cv2.morphologyEx(
        (maps.dark > DARK_LEVEL).astype(np.uint8), cv2.MORPH_OPEN, np.ones(_THICK_CELLS, np.uint8)
    )
    # Where beams lie on staff lines the net is unsure: thick ink beside its faintest answer is beam ink too.
    hint = cv2.dilate((beam > _HINT_LEVEL).astype(np.uint8), np.ones((5, 5), np.uint8))
    ink = ((beam > BEAM_LEVEL) | ((thick & hint) > 0)).astype(np.uint8)
    _, labels, blobs, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    per_space = maps.cells_per_space * space / (maps.space / maps.scale)
    hung = [stem for stem in stems if stem.heads]
    seen = _BeamInk(ink, labels, per_space, _BEAM_HEIGHT)
    look = partial(_look_beside, cell=maps.cell, per_space=per_space, shape=ink.shape)
    sides = [(look(stem, -1), look(stem, +1)) for stem in hung]
    heights = [height for both in sides for side in both for height in _heights_beside(side, seen)]
    if len(heights) >= _ENOUGH_BEAMS:
        lowest, highest = _BEAM_HEIGHTS
        seen = replace(seen, height=float(np.clip(np.quantile(heights, 0.3), lowest, highest)))
    # The net misses short hooks; beside a beam that it found, any thick ink on the way to the head is a beam.
    inked = replace(seen, ink=ink | thick)
    for stem, (left, right) in zip(hung, sides, strict=True):
        stem.left, left_groups = _beams_beside(left, seen)
        stem.right, right_groups = _beams_beside(right, seen)
        stem.groups = frozenset(left_groups | right_groups)
        if stem.left:
            stem.left = max(stem.left, _beams_beside(left, inked)[0])
        if stem.right:
            stem.right = max(stem.right, _beams_beside(right, inked)[0])
    _name_groups(stems)
    _drop_lone(hung, blobs[:, cv2.CC_STAT_WIDTH] / per_space)
    sure = replace(seen, ink=(beam > BEAM_LEVEL).astype(np.uint8))
    _settle_disputes(zip(hung, sides, strict=True), sure, dotted)
    _agree_with_neighbours(hung)


def _drop_lone(stems: Sequence[Stem], widths: NDArray[np.float64]) -> None:
    """A beam leads from stem to stem: short ink at one stem alone is none. `widths` of blobs are in staff spaces."""
    members = Counter(stem.group for stem in stems)
    for stem in stems:
        if stem.groups and members[stem.group] == 1 and max(widths[list(stem.groups)]) < _LONE_HOOK:
            stem.left = stem.right = 0
            stem.groups, stem.group = frozenset(), None


def _settle_disputes(
    looks: Iterable[tuple[Stem, tuple[_Beside, _Beside]]], sure: _BeamInk, dotted: Collection[int]
) -> None:
    """Let the net alone decide where neighbours see different beams between them: a hook is one that it saw.

    Page ink beside a beam may be a staff line, a digit or an accidental that touches it; the net seldom takes those
    for beams, and sees whole hooks. Where both neighbours see the same, and for a hook beside a dotted note, faint ink
    is believed.
    """
    groups: dict[int, list[tuple[Stem, tuple[_Beside, _Beside]]]] = {}
    for stem, both in sorted(looks, key=lambda look: look[0].x):
        if stem.group is not None:
            groups.setdefault(stem.group, []).append((stem, both))
    for row in groups.values():
        for (before, (_, right)), (after, (left, _)) in pairwise(row):
            least = min(before.right, after.left)
            other = after if before.right > least else before
            if any(head.id in dotted for head in other.heads):
                continue
            if before.right > least:
                before.right = _concede(before.right, least, _measure_beside(right, sure))
            elif after.left > least:
                after.left = _concede(after.left, least, _measure_beside(left, sure))


def _concede(claimed: int, least: int, measured: float) -> int:
    """The beams of a side that claims more than the other one sees, by what the net alone `measured` there.

    Where it sees even less than the other side, it is blind, and says nothing.
    """
    return least if -_BLIND < measured - least <= _BETWEEN else claimed


def _measure_beside(side: _Beside, beams: _BeamInk) -> float:
    """How many beams the heights of ink beside a stem make, as a real number."""
    sums = sorted(
        sum(count for count, _ in _beams_in(profile, beams)) for profile in side.profiles(beams.ink)
    )
    return sums[len(sums) // 2] if sums else 0.0


def _agree_with_neighbours(stems: Sequence[Stem]) -> None:
    """Give a stem within a group the beams that both its neighbours see towards it.

    Hooks may stand towards it on both sides only if each is its stem's one side: two of them frame a longer note.
    """
    groups: dict[int, list[Stem]] = {}
    for stem in sorted(stems, key=lambda stem: stem.x):
        if stem.group is not None:
            groups.setdefault(stem.group, []).append(stem)
    for row in groups.values():
        for before, here, after in zip(row, row[1:], row[2:], strict=False):
            between = min(before.right, after.left)
            are_hooks = before.right > before.left and after.left > after.right
            if between > max(here.left, here.right) and not are_hooks:
                here.left = here.right = between


def _name_groups(stems: Sequence[Stem]) -> None:
    """Stems whose beam ink hangs together, through other stems too, get one group's name."""
    parent: dict[int, int] = {}

    def root(label: int) -> int:
        while parent.setdefault(label, label) != label:
            label = parent[label]
        return label

    for stem in stems:
        first, *others = sorted(stem.groups) or [0]
        for other in others:
            parent[root(other)] = root(first)
    for stem in stems:
        stem.group = root(min(stem.groups)) if stem.groups else None


@dataclass(frozen=True, slots=True, eq=False)
class _BeamInk:
    """Where beam ink is: `ink` 0 or 1 and `labels` of its blobs, in map cells.

    `height` is that of one beam on this page, in staff spaces.
    """

    ink: NDArray[np.uint8]
    labels: NDArray[np.int32]
    per_space: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """Map columns beside a stem: `rows` from beyond the tip towards the heads, and `columns`."""

    rows: NDArray[np.int64]
    columns: tuple[int, ...]

    def profiles(self, ink: NDArray[np.uint8]) -> list[bytes]:
        """The ink down each column, a byte for each row."""
        if not self.columns:
            return []
        return [row.tobytes() for row in ink[self.rows, np.array(self.columns)[:, None]]]


def _look_beside(stem: Stem, side: int, cell: float, per_space: float, shape: tuple[int, ...]) -> _Beside:
    """Where beams of a stem are looked for, in maps of `shape` with cells of `cell` page pixels."""
    tip = stem.tip.y / cell
    ys = [h.box.center.y / cell for h in stem.heads]
    inward = 1 if stem.way is StemWay.UP else -1
    nearest = min(ys) if stem.way is StemWay.UP else max(ys)
    reach = min(abs(nearest - tip) - 0.6 * per_space, 4.2 * per_space)
    if reach <= 0:
        reach = 0.5 * per_space
    rows = np.round(np.arange(-0.8 * per_space, reach) * inward + tip).astype(int)
    rows = rows[(rows >= 0) & (rows < shape[0])]
    x = stem.tip.x / cell - 0.5
    columns = [round(x + side * away * per_space) for away in _BESIDE]
    return _Beside(rows, tuple(column for column in columns if len(rows) and 0 <= column < shape[1]))


def _runs(profile: bytes) -> list[tuple[int, int]]:
    """Where ink starts and ends along a column of bytes that are 1 or 0."""
    runs, end = [], 0
    while (start := profile.find(1, end)) >= 0:
        end = profile.find(0, start)
        end = len(profile) if end < 0 else end
        runs.append((start, end))
    return runs


def _heights_beside(side: _Beside, beams: _BeamInk) -> list[float]:
    """How high the outermost run of beam ink is beside a stem, in staff spaces: one number or none."""
    runs = [_runs(profile) for profile in side.profiles(beams.ink)]
    heights = sorted((found[0][1] - found[0][0]) / beams.per_space for found in runs if found)
    return heights[len(heights) // 2 :][:1] if len(heights) > len(_BESIDE) // 2 else []


def _beams_beside(side: _Beside, beams: _BeamInk) -> tuple[int, set[int]]:
    """The number of beams beside a stem, and the labels of their ink; a beam is there when most columns show it."""
    counts, groups = [], set[int]()
    for profile, column in zip(side.profiles(beams.ink), side.columns, strict=True):
        starts = _beams_in(profile, beams)
        counts.append(sum(round(count) for count, _ in starts))
        groups.update(int(beams.labels[side.rows[start], column]) for _, start in starts)
    groups.discard(0)
    most = sorted(counts)[len(counts) // 2] if counts else 0
    return min(most, 5), groups if most else set()


def _beams_in(profile: bytes, beams: _BeamInk) -> list[tuple[float, int]]:
    """The runs of beam ink that one column crosses, from the tip inwards: how many beams each is, and where it starts.

    A run of ink much higher than one beam is several that flowed together; what lies between is told as it is.
    """
    found: list[tuple[float, int]] = []
    expected = 0.0
    period = max(_BEAM_PERIOD, beams.height + 0.2)
    for start, end in _runs(profile):
        height = (end - start) / beams.per_space
        if height < _THIN_BEAM or (not found and start / beams.per_space > 1.9):
            continue
        if found and start / beams.per_space > expected + _BEAM_GAP:
            break
        found.append((max(1.0, (height - beams.height) / period + 1), start))
        expected = end / beams.per_space
    return found
