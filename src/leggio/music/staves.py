"""Staff lines, staves and systems. In: the net's maps. Out: `System`s in page pixels.

A staff is looked for as a whole: five lines at one distance, a comb that slides down a strip of the page. The
answers of neighbouring strips are joined from left to right, which follows skew and curvature by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import linear_regression, median

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.maps import Maps
from leggio.music.notation import Staff, System

_STRIP = 1.5  # width of a strip, staff spaces
_FOUND = 0.42  # mean line probability of a comb that is a staff
_STRETCH, _FEWEST = 24, 6  # strips that tell where a staff goes on: the last ones, and at least so many
_GAP = 30.0  # a staff may vanish for so long, staff spaces
_INKED = 0.2  # line probability above which there is line ink
_STEEPEST = 0.8  # cells a strip; about 4 degrees
_SHORTEST = 9.0  # a staff is at least this long, staff spaces
_SHARE_OF_LONGEST = 0.3  # staves shorter than this beside the page's long ones are none
_JOIN_LEVEL = 0.5  # evidence above this joins two staves
_AGREEMENT, _AGREEMENT_OF_FEW = (
    0.6,
    0.9,
)  # share of the evidence that three equal systems, or fewer, must agree with
_RULED = 0.3  # share of a staff's lines that must lie in long runs of ink
_JOINED = 0.75  # share of the gap between two staves that ink of a bar line must cover


@dataclass(slots=True)
class _Chain:
    """Comb peaks joined into one staff: (strip, y of the middle line, spacing) in cells."""

    strips: list[int]
    ys: list[float]
    spacings: list[float]

    def expected(self, strip: int) -> float:
        """Where the middle line should be in a later strip: straight on from the last stretch."""
        strips, ys = self.strips[-_STRETCH:], self.ys[-_STRETCH:]
        if len(ys) < _FEWEST:
            return ys[-1]
        slope = min(max(linear_regression(strips, ys).slope, -_STEEPEST), _STEEPEST)
        return median(ys[-5:]) + slope * (strip - median(strips[-5:]))


def find_systems(maps: Maps) -> tuple[System, ...]:
    """The systems of a page from top to bottom; empty when there is no staff."""
    staves = _find_staves(maps)
    groups = _group_staves(staves, maps)
    systems = []
    for number, group in enumerate(groups):
        members = tuple(Staff(staff.id, number, 0, staff.xs, staff.lines, staff.space) for staff in group)
        box = members[0].box
        for staff in members[1:]:
            box = box.union(staff.box)
        systems.append(System(number, members, box))
    return tuple(systems)


def keep_ruled(systems: Sequence[System], image: NDArray[np.uint8]) -> tuple[System, ...]:
    """The systems without staves whose lines are not ruled: rows of text stand evenly too, but break at every letter.

    `image` is the page, (height, width) uint8. On worn prints 0.78 of a staff line still lies in long runs of ink; in
    text none does.
    """
    level, _ = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    kept: list[System] = []
    for system in systems:
        staves = tuple(staff for staff in system.staves if _ruled(staff, image, level) > _RULED)
        if staves:
            kept.append(System(len(kept), tuple(replace(s, system=len(kept)) for s in staves), system.box))
    return tuple(kept)


def _ruled(staff: Staff, image: NDArray[np.uint8], level: float) -> float:
    """The share of a staff's lines that lies in runs of ink longer than 1.5 staff spaces."""
    xs = np.arange(max(0, int(staff.xs[0])), min(image.shape[1], int(staff.xs[-1]) + 1))
    reach = max(1, round(0.1 * staff.space))
    total = 0.0
    for line in staff.lines:
        ys = np.interp(xs, staff.xs, line).astype(int)
        inked = np.zeros(len(xs), bool)
        for offset in range(-reach, reach + 1):
            inked |= image[np.clip(ys + offset, 0, image.shape[0] - 1), xs] <= level
        changes = np.diff(np.concatenate([[0], inked.astype(int), [0]]))
        lengths = np.nonzero(changes == -1)[0] - np.nonzero(changes == 1)[0]
        total += lengths[lengths > 1.5 * staff.space].sum() / max(len(xs), 1)
    return total / len(staff.lines)


def _find_staves(maps: Maps) -> list[Staff]:
    lines = maps.ink_of("staffLine").astype(np.float32) / 255
    per_space = maps.cells_per_space
    width = max(4, round(_STRIP * per_space))
    count = lines.shape[1] // width
    if count == 0:
        return []
    strips = lines[:, : count * width].reshape(lines.shape[0], count, width).mean(axis=2)
    blurred = cv2.GaussianBlur(strips, (1, 5), 0, sigmaY=0.8) * 1.8  # a line is about one cell high
    chains = _join(_comb_peaks(blurred, per_space), per_space)
    staves: list[Staff] = []
    for chain in chains:
        if (chain.strips[-1] - chain.strips[0] + 1) * width < _SHORTEST * per_space:
            continue
        staff = _refine(chain, lines, width, maps, len(staves))
        if staff:
            staves.append(staff)
    return _drop_short(_drop_overlaps(staves))


def _drop_short(staves: list[Staff]) -> list[Staff]:
    """Without what is much shorter than the page's staves: ledger lines in a row, tables, pieces of text."""
    if not staves:
        return []
    longest = float(np.quantile([staff.box.width for staff in staves], 0.75))
    kept = [staff for staff in staves if staff.box.width > _SHARE_OF_LONGEST * longest]
    return [Staff(i, 0, 0, s.xs, s.lines, s.space) for i, s in enumerate(kept)]


def _comb_peaks(strips: NDArray[np.float32], per_space: float) -> list[list[tuple[float, float, float]]]:
    """For each strip the staves found in it: (y of the middle line, spacing, strength), in cells."""
    height, count = strips.shape
    rows = np.arange(height, dtype=np.float32)
    best = np.zeros((height, count), np.float32)
    best_spacing = np.zeros((height, count), np.float32)
    for spacing in per_space * np.array([0.9, 0.94, 0.97, 1.0, 1.03, 1.06, 1.1]):
        levels = []
        for k in range(-3, 4):
            at = np.broadcast_to((rows + k * spacing)[:, None], (height, count))
            columns = np.broadcast_to(np.arange(count, dtype=np.float32)[None], (height, count))
            levels.append(
                cv2.remap(strips, columns.astype(np.float32), at.astype(np.float32), cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_CONSTANT, borderValue=0.0)
            )  # fmt: skip
        capped = np.minimum(np.stack(levels), 1.0)
        # A sixth line above or below means that the comb sits one line off.
        comb = (
            capped[1:6].mean(axis=0) - 0.15 * np.maximum(capped[0], capped[6]) + 0.1 * capped[1:6].min(axis=0)
        )
        better = comb > best
        best = np.where(better, comb, best)
        best_spacing = np.where(better, spacing, best_spacing)
    reach = round(2.5 * per_space) * 2 + 1
    highest = cv2.dilate(best, np.ones((reach, 1), np.uint8))
    peaks: list[list[tuple[float, float, float]]] = [[] for _ in range(count)]
    for y, x in zip(*np.nonzero((best == highest) & (best > _FOUND)), strict=True):
        if not peaks[x] or y - peaks[x][-1][0] > reach // 2:  # rows of one plateau are one peak
            peaks[x].append((float(y), float(best_spacing[y, x]), float(best[y, x])))
    return peaks


def _join(peaks: list[list[tuple[float, float, float]]], per_space: float) -> list[_Chain]:
    """Join peaks of neighbouring strips, the nearest first, into chains from left to right."""
    open_chains: list[_Chain] = []
    done: list[_Chain] = []
    patience = round(_GAP / _STRIP)
    for strip, found in enumerate(peaks):
        still = [c for c in open_chains if strip - c.strips[-1] <= patience]
        done += [c for c in open_chains if strip - c.strips[-1] > patience]
        places = [chain.expected(strip) for chain in still]
        pairs = sorted(
            (abs(place - y), a, b) for a, place in enumerate(places) for b, (y, _, _) in enumerate(found)
        )
        used_chains: set[int] = set()
        used_peaks: set[int] = set()
        for distance, a, b in pairs:
            if distance > 0.6 * per_space or a in used_chains or b in used_peaks:
                continue
            used_chains.add(a)
            used_peaks.add(b)
            still[a].strips.append(strip)
            still[a].ys.append(found[b][0])
            still[a].spacings.append(found[b][1])
        still += [
            _Chain([strip], [y], [spacing]) for b, (y, spacing, _) in enumerate(found) if b not in used_peaks
        ]
        open_chains = still
    return _merge(done + open_chains, per_space)


def _merge(chains: list[_Chain], per_space: float) -> list[_Chain]:
    """Join chains that go on where another one ended, however far away, from the top of the page down."""
    merged: list[_Chain] = []
    for chain in sorted((c for c in chains if len(c.strips) > 2), key=lambda c: c.strips[0]):
        before = [
            c
            for c in merged
            if c.strips[-1] < chain.strips[0]
            and abs(c.expected(chain.strips[0]) - chain.ys[0]) < 0.8 * per_space
        ]
        if before:
            longest = max(before, key=lambda c: len(c.strips))
            longest.strips += chain.strips
            longest.ys += chain.ys
            longest.spacings += chain.spacings
        else:
            merged.append(chain)
    return sorted(merged, key=lambda chain: float(np.median(chain.ys)))


def _refine(chain: _Chain, lines: NDArray[np.floating], width: int, maps: Maps, number: int) -> Staff | None:
    """Place the five lines exactly: centroids of line ink near the comb, smoothed along the staff."""
    first = max(0, (chain.strips[0] - 1) * width)
    last = min(lines.shape[1], (chain.strips[-1] + 2) * width)
    middles = (np.array(chain.strips) + 0.5) * width
    spacing = float(np.median(chain.spacings))
    xs = np.arange(first + width / 2, last, width)
    centre = np.interp(xs, middles, _smooth(np.array(chain.ys), 5))
    placed = _find_centroids(lines, xs, centre + (np.arange(5)[:, None] - 2) * spacing, 0.38 * spacing, width)
    if np.isnan(placed).mean() > 0.6:
        return None
    placed[:, np.isnan(placed).all(axis=0)] = (centre + (np.arange(5)[:, None] - 2) * spacing)[
        :, np.isnan(placed).all(axis=0)
    ]
    offset = np.nanmedian(placed - centre, axis=1)  # each line's distance from the middle line
    offset = np.where(np.isnan(offset), (np.arange(5) - 2) * spacing, offset)
    drift = np.nanmedian(placed - centre - offset[:, None], axis=0)
    drift = _smooth(np.where(np.isnan(drift), 0.0, drift), 7)
    placed = centre + drift + offset[:, None]
    left, right = _ends(lines, placed, xs, spacing, first, last)
    keep = (xs >= left) & (xs <= right)
    grid = np.unique(np.concatenate([[left], xs[keep], [right]]))
    rows = tuple(tuple(float(v) for v in (np.interp(grid, xs, row) + 0.5) * maps.cell) for row in placed)
    space = float(offset[4] - offset[0]) / 4 * maps.cell
    return Staff(number, 0, 0, tuple(float(x) for x in (grid + 0.5) * maps.cell), rows, space)


def _find_centroids(
    lines: NDArray[np.floating], xs: NDArray[np.float64], ys: NDArray[np.float64], reach: float, width: int
) -> NDArray[np.float64]:
    """The centroid of line ink near each of `ys`, (lines, columns), in columns `xs`; nan where there is no ink."""
    low = np.maximum(np.floor(ys - reach), 0).astype(int)
    high = np.minimum(np.ceil(ys + reach) + 1, len(lines)).astype(int)
    top, bottom = int(low.min()), int(high.max())
    if bottom <= top:
        return np.full(ys.shape, np.nan)
    means = [lines[top:bottom, max(0, int(x - width)) : int(x + width)].mean(axis=1) for x in xs]
    rows = low + np.arange((high - low).max())[:, None, None]
    near = np.stack(means, axis=1)[np.minimum(rows, bottom - 1) - top, np.arange(len(xs))]
    ink = np.where(rows < high, near, 0)
    found = ink.max(axis=0) > _INKED
    return np.where(found, (ink * rows).sum(axis=0) / np.where(found, ink.sum(axis=0), 1), np.nan)


def _ends(
    lines: NDArray[np.float32],
    ys: NDArray[np.float64],
    xs: NDArray[np.float64],
    spacing: float,
    first: int,
    last: int,
) -> tuple[float, float]:
    """Where the staff begins and ends: the outermost columns in which three or more of its lines have ink."""
    columns = np.arange(first, last)
    present = np.zeros(len(columns))
    for row in ys:
        at = np.clip(np.round(np.interp(columns, xs, row)).astype(int), 1, lines.shape[0] - 2)
        near = np.maximum(np.maximum(lines[at, columns], lines[at - 1, columns]), lines[at + 1, columns])
        present += near > 0.35
    solid = np.convolve(present >= 3, np.ones(5) / 5, "same") > 0.5
    inside = np.nonzero(solid)[0]
    if not len(inside):
        return float(xs[0]), float(xs[-1])
    return float(columns[inside[0]]), float(columns[inside[-1]])


def _smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Median, then mean, over `width` neighbours; ends are repeated."""
    if len(values) < 3:
        return values
    padded = np.pad(values, width // 2, mode="edge")
    medians = np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)
    padded = np.pad(medians, width // 2, mode="edge")
    return np.convolve(padded, np.ones(width) / width, "valid")


def _drop_overlaps(staves: list[Staff]) -> list[Staff]:
    """Where two staves claim the same ink, keep the longer one."""
    kept: list[Staff] = []
    for staff in sorted(staves, key=lambda s: -s.box.width):
        if all(staff.box.intersection(other.box) < 0.3 * staff.box.area for other in kept):
            kept.append(staff)
    kept.sort(key=lambda s: s.box.center.y)
    return [Staff(i, 0, 0, s.xs, s.lines, s.space) for i, s in enumerate(kept)]


def _group_staves(staves: list[Staff], maps: Maps) -> list[list[Staff]]:
    """Staves joined by ink of bar lines across the gap between them are one system.

    Most pages have systems of one size: where cutting the page into equal systems agrees with nearly all that was
    seen between neighbours, it is cut so; else each gap is decided by itself.
    """
    if not staves:
        return []
    barlines = maps.ink_of("barline")
    evidence = np.array([_evidence(a, b, barlines, maps) for a, b in pairwise(staves)]) - _JOIN_LEVEL
    joins = evidence > 0
    best = np.abs(evidence).sum()
    for size in range(1, len(staves) + 1):
        if len(staves) % size:
            continue
        inside = (np.arange(len(staves) - 1) + 1) % size != 0
        agreement = float(np.where(inside, evidence, -evidence).sum())
        needed = _AGREEMENT if len(staves) >= 3 * size else _AGREEMENT_OF_FEW
        if agreement >= needed * best:
            joins = inside
            best = agreement / needed
    groups = [[staves[0]]]
    for staff, joined in zip(staves[1:], joins, strict=True):
        if joined:
            groups[-1].append(staff)
        else:
            groups.append([staff])
    return groups


def _evidence(above: Staff, below: Staff, barlines: NDArray[np.uint8], maps: Maps) -> float:
    """How sure it is, in [0, 1], that two neighbouring staves are joined by bar lines."""
    if _overlap(above.box, below.box) < 0.5:
        return 0.0
    columns = _crossings(above, below, barlines, maps)
    left = max(above.box.x0, below.box.x0)
    near_left = any(abs(x - left) < 2 * above.space for x in columns)
    return min(1.0, 0.8 * near_left + 0.4 * sum(abs(x - left) >= 2 * above.space for x in columns))


def _overlap(a: Box, b: Box) -> float:
    return (min(a.x1, b.x1) - max(a.x0, b.x0)) / max(1.0, min(a.width, b.width))


def _crossings(above: Staff, below: Staff, barlines: NDArray[np.uint8], maps: Maps) -> list[float]:
    """Page x of each place where bar-line ink runs from the upper staff's bottom line to the lower one's top line."""
    cell = maps.cell
    x0 = max(0, int(max(above.box.x0, below.box.x0) / cell - maps.cells_per_space * 2))
    x1 = min(barlines.shape[1], int(min(above.box.x1, below.box.x1) / cell + maps.cells_per_space * 2))
    y0, y1 = int(max(above.lines[4]) / cell), int(min(below.lines[0]) / cell)
    if y1 - y0 < 2 or x1 - x0 < 2:
        return []
    ink = (barlines[y0:y1, x0:x1] > 90).astype(np.uint8)
    ink = cv2.dilate(ink, np.ones((1, 5), np.uint8))  # a line that leans or waves stays in its column
    cover = ink.mean(axis=0) > _JOINED
    starts = np.nonzero(np.diff(np.concatenate([[0], cover.astype(int), [0]])) == 1)[0]
    ends = np.nonzero(np.diff(np.concatenate([[0], cover.astype(int), [0]])) == -1)[0]
    return [float((a + b) / 2 + x0) * cell for a, b in zip(starts, ends, strict=True)]
