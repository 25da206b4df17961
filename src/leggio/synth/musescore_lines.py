"""Lines and curves of MuseScore's SVG as outlines. In: polylines and paths. Out: contours in SVG units."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.synth.outlines import Outline, read_numbers, thicken_line
from leggio.synth.sample import Contours

_TOUCH = 2.0  # SVG units, a twelfth of a staff space: lines that end no further apart go on from one another
_STEPS = np.linspace(0, 1, 25)[:, None]  # a slur becomes 24 chords on each side


@dataclass(frozen=True, slots=True)
class Line:
    """A line through `points`, (n, 2), drawn with a pen of `width`. `cap` is how far the ink goes beyond its ends.

    `dashes` are lengths of ink and gap in turn; empty where the line is whole.
    """

    points: NDArray[np.float64]
    width: float
    cap: float = 0.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """A slur: its ink, its two ends, (2, 2), its thickness in the middle and its bow as in `Stroke`."""

    contour: Outline
    ends: NDArray[np.float64]
    thickness: float
    bow: float


def read_line(shape: etree._Element) -> Line:
    points = np.array(read_numbers(shape.get("points") or "")).reshape(-1, 2)
    width = float(shape.get("stroke-width") or 0)
    cap = 0.0 if (shape.get("stroke-linecap") or "butt") == "butt" else width / 2
    dashes = shape.get("stroke-dasharray")
    return Line(points, width, cap, tuple(read_numbers(dashes)) if dashes else ())


def join_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines of one thickness that go on from one another become one.

    Bar lines are drawn staff by staff and overlap a little; the hooks of brackets are lines of their own.
    """
    whole: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.points[:, 1].min(), line.points[:, 0].min())):
        for place, other in enumerate(whole):
            joined = _join(other, line) if abs(other.width - line.width) < 0.1 else None
            if joined is not None:
                whole[place] = replace(other, points=joined)
                break
        else:
            whole.append(line)
    return whole


def _join(a: Line, b: Line) -> NDArray[np.float64] | None:
    """The points of both lines in turn; None where no end of one is at an end of the other."""
    for first, second in itertools.product((a.points, a.points[::-1]), (b.points, b.points[::-1])):
        if np.hypot(*(first[-1] - second[0])) <= _TOUCH:
            along, on = first[-1] - first[-2], second[-1] - second[0]
            straight = len(second) == 2 and abs(along[0] * on[1] - along[1] * on[0]) < 1e-6
            return np.concatenate([first[:-1] if straight else first, second[1:]])
    return None


def thicken(line: Line) -> Outline:
    """The outline of a line, mitred at its corners: one contour, so that no corner is filled twice."""
    points = line.points[[True, *(np.abs(np.diff(line.points, axis=0)).max(axis=1) > 1e-6)]]
    if len(points) < 2:
        points = np.stack([line.points[0], line.points[0] + (1e-3, 0)])
    way = np.diff(points, axis=0)
    way /= np.hypot(way[:, 0], way[:, 1])[:, None]
    normals = np.stack([-way[:, 1], way[:, 0]], axis=1)
    sides = [normals[0]]
    for before, after in itertools.pairwise(normals):
        sides.append((before + after) / max(1 + float(before @ after), 0.2))
    half = np.stack([*sides, normals[-1]]) * line.width / 2
    ends = points.copy()
    ends[0] -= way[0] * line.cap
    ends[-1] += way[-1] * line.cap
    return np.concatenate([ends + half, (ends - half)[::-1]]).astype(np.float32)


def cut_dashes(line: Line) -> Contours:
    """The ink of a dashed line, a contour a dash; each straight piece begins with a dash."""
    contours = []
    for a, b in itertools.pairwise(line.points):
        length = float(np.hypot(*(b - a)))
        at, drawn = 0.0, itertools.cycle(zip(line.dashes[::2], line.dashes[1::2], strict=False))
        for ink, gap in drawn:
            if at >= length:
                break
            start, stop = at / length, min(at + ink, length) / length
            piece = [(a + (b - a) * share).astype(np.float32) for share in (start, stop)]
            contours.append(thicken_line(piece[0], piece[1], line.width))
            at += max(ink + gap, 1.0)
    return tuple(contours)


def trace_curve(handles: NDArray[np.float64], pen: float) -> Curve:
    """The outline of a slur, drawn as two cubic curves there and back, (7, 2), or one that is only stroked, (4, 2).

    The pen that goes round the filled path makes it wider by half its width on either side.
    """
    there = _bend(handles[:4])
    back = _bend(handles[3:])[::-1] if len(handles) >= 7 else there
    way = np.gradient((there + back) / 2, axis=0)
    normals = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.hypot(way[:, 0], way[:, 1])[:, None]
    outside = 1.0 if float(((there - back) * normals).sum()) >= 0 else -1.0
    spread = normals * outside * pen / 2
    contour = np.concatenate([there + spread, (back - spread)[::-1]]).astype(np.float32)
    middle = (there + back)[12] / 2
    ends = np.stack([there[0], there[-1]])
    chord = ends[1] - ends[0]
    share = float((middle[0] - ends[0, 0]) / chord[0]) if abs(chord[0]) > 1e-6 else 0.5
    bow = float(middle[1] - (ends[0, 1] + share * chord[1]))
    return Curve(contour, ends, float(np.hypot(*(there[12] - back[12]))) + pen, bow)


def _bend(handles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points along a cubic curve with four handles, (25, 2)."""
    t = _STEPS
    p0, p1, p2, p3 = handles[:4]
    points: NDArray[np.float64] = (
        (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
    )
    return points
