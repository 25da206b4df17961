"""The ink of one page of LilyPond's SVG. In: the drawing as XML, each grob in a group with its name. Out: `Ink`.

Boxes and kinds are exact, as the drawing says what each piece is. Only letters of a text face (tuplet numbers, octave
signs) are drawn apart and their ink is searched for, because the drawing does not hold their outlines.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.geometry import Point
from leggio.music.notation import StrokeKind
from leggio.music.notation import SymbolKind as K
from leggio.synth.gather import Brace, Gatherer, Ink, StaffPiece
from leggio.synth.lilypond_glyphs import name_lilypond_glyph, name_path
from leggio.synth.outlines import (
    Matrix,
    bound,
    flatten_path,
    move_points,
    read_numbers,
    read_transform,
    thicken_line,
    to_point,
)
from leggio.synth.sample import Contours
from leggio.synth.svg import SVG

Draw = Callable[[etree._Element], NDArray[np.uint8]]  # an SVG -> (height, width), 0 ink and 255 paper

_EM = 0.004  # staff spaces in a unit of the font at full size
_SMALL = 0.85  # of full size: what is smaller belongs to grace notes and cues
_BLOT = 0.08  # staff spaces: LilyPond draws beams and curves with a pen this wide around them
_ZOOM = 8  # text is searched for its ink in a picture so many times larger than the page
_MARGIN = 0.4  # em: how far ink may reach out of the box of its letters
# Portato is one glyph and two signs.
_PORTATO = ("scripts.uportato", "scripts.dportato")
_CURVES = {"Slur": StrokeKind.SLUR, "PhrasingSlur": StrokeKind.SLUR, "Tie": StrokeKind.TIE,
           "LaissezVibrerTie": StrokeKind.TIE, "RepeatTie": StrokeKind.TIE}  # fmt: skip
_BARS_DRAWN = {"Stem": StrokeKind.STEM, "BarLine": StrokeKind.BARLINE, "SpanBar": StrokeKind.BARLINE,
               "SystemStartBar": StrokeKind.BARLINE, "LedgerLineSpanner": StrokeKind.LEDGER}  # fmt: skip
_BRACKETS = ("TupletBracket", "VoltaBracket", "OttavaBracket", "PianoPedalBracket")
# Text with note heads, digits and accidentals in it that are not music.
_WORDS = ("MetronomeMark", "LyricText", "BarNumber", "InstrumentName", "ChordName", "BassFigure", "VoltaBracket",
          "StringNumber")  # fmt: skip
_WHOLE = {"Arpeggio": K.ARPEGGIO, "SystemStartBracket": K.BRACKET, "SystemStartBrace": K.BRACE}


def read_lilypond_ink(
    root: etree._Element, space: float, names: Mapping[str, str], draw: Draw
) -> tuple[Ink, tuple[tuple[str, str], ...]]:
    """All ink of a page in pixels, and (grob, glyph) of each glyph of the music font that has no kind here.

    `space` is the staff space in pixels, `names` the font's glyphs by their paths, `draw` what draws the page.
    """
    reader = _Reader(space, names)
    top = np.diag([space, space, 1.0])
    for group in root.iter(SVG + "g"):
        if group.get("class"):
            system = int(group.get("data-system") or -1)
            reader.read_grob(group.get("class") or "", system, _gather_shapes(group, top))
    inks = _find_text_ink([text.shape for text in reader.texts], draw)
    for text, contours in zip(reader.texts, inks, strict=True):
        reader.add_letters(text.kinds, contours)
    return reader.finish(), tuple(reader.unknown)


@dataclass(frozen=True, slots=True)
class _Shape:
    """An element that draws, and what turns its coordinates into pixels."""

    tag: str
    element: etree._Element
    matrix: Matrix

    def read(self, *keys: str) -> list[float]:
        return [float(self.element.get(key) or 0) for key in keys]


@dataclass(frozen=True, slots=True)
class _Text:
    """Letters whose ink is one symbol each, or one symbol together."""

    shape: _Shape
    kinds: tuple[K | None, ...]


def _gather_shapes(group: etree._Element, matrix: Matrix) -> list[_Shape]:
    found: list[_Shape] = []
    for child in group:
        tag = child.tag.removeprefix(SVG) if isinstance(child.tag, str) else ""
        here = matrix @ read_transform(child.get("transform"))
        if tag in ("g", "a"):
            found += _gather_shapes(child, here) if not child.get("class") else []
        elif tag:
            found.append(_Shape(tag, child, here))
    return found


def _swell(contour: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """A closed contour, `by` pixels wider on all sides: what a round pen adds that is led along it."""
    contour = contour[np.any(contour != np.roll(contour, 1, axis=0), axis=1)]
    if len(contour) < 3:
        return contour
    ahead = np.roll(contour, -1, axis=0) - contour
    ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    normals = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
    x, y = contour.T
    if np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) < 0:
        normals = -normals
    both = normals + np.roll(normals, 1, axis=0)
    # Where two sides meet squarely the corner moves sideways and up; at a tip it moves by no more than the pen.
    length = np.maximum(np.hypot(both[:, 0], both[:, 1]), 1e-6)[:, None]
    reach = np.where(length > 1.4, 2 / length, 1.0)
    swollen: NDArray[np.float32] = (contour + both / length * reach * by).astype(np.float32)
    return swollen


class _Reader(Gatherer):
    """Reads one grob after the other and gathers the ink; coordinates come out in pixels."""

    def __init__(self, space: float, names: Mapping[str, str]) -> None:
        super().__init__()
        self.space = space
        self.names = names
        self.texts: list[_Text] = []
        self.unknown: list[tuple[str, str]] = []

    def read_grob(self, grob: str, system: int, shapes: Sequence[_Shape]) -> None:
        if grob in _BARS_DRAWN:
            self.read_bars(grob, shapes)
        elif grob == "StaffSymbol":
            self.read_staff(system, shapes)
        elif grob == "Beam":
            self.read_beams(shapes)
        elif grob in _CURVES:
            self.read_curve(_CURVES[grob], shapes)
        elif grob == "Hairpin":
            self.read_hairpin(shapes)
        elif grob == "StemTremolo":
            contours = tuple(self.trace(shape) for shape in shapes if shape.tag == "polygon")
            if 1 <= len(contours) <= 4:
                self.add_symbol(K(f"tremolo{len(contours)}"), contours)
        elif grob in _WHOLE:
            self.read_whole(grob, system, shapes)
        if grob in _BRACKETS:
            self.read_bracket(shapes)
        self.read_texts(grob, shapes)
        if grob not in _WORDS and grob not in _WHOLE:
            self.read_glyphs(grob, shapes)

    def trace(self, shape: _Shape) -> NDArray[np.float32]:
        """The edge of a rectangle or polygon, pen included."""
        if shape.tag == "rect":
            x, y, wide, high = shape.read("x", "y", "width", "height")
            corners = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]])
            return move_points(shape.matrix, corners)
        corners = np.array(read_numbers(shape.element.get("points") or "")).reshape(-1, 2)
        (pen,) = shape.read("stroke-width")
        return _swell(move_points(shape.matrix, corners), pen * self.space / 2)

    def trace_path(self, shape: _Shape) -> Contours:
        (pen,) = shape.read("stroke-width")
        found = [move_points(shape.matrix, c) for c in flatten_path(shape.element.get("d") or "")]
        return tuple(_swell(contour, pen * self.space / 2) if pen else contour for contour in found)

    def read_line(self, shape: _Shape) -> tuple[NDArray[np.float32], float]:
        """Both ends of a line, and how thick it is."""
        x1, y1, x2, y2, pen = shape.read("x1", "y1", "x2", "y2", "stroke-width")
        return move_points(shape.matrix, np.array([[x1, y1], [x2, y2]])), pen * self.space

    def read_staff(self, system: int, shapes: Sequence[_Shape]) -> None:
        lines = [self.read_line(shape) for shape in shapes if shape.tag == "line"]
        rows = tuple((float(ends[0, 0]), float(ends[1, 0]), float(ends[0, 1])) for ends, _ in lines)
        if rows:
            self.staves.append(StaffPiece(system, tuple(sorted(rows, key=lambda row: row[2])), lines[0][1]))

    def read_bars(self, grob: str, shapes: Sequence[_Shape]) -> None:
        """Stems, bar lines and ledger lines: rectangles; a stroke runs along the middle of the longer side."""
        kind = _BARS_DRAWN[grob]
        for shape in shapes:
            if shape.tag == "rect":
                corners = self.trace(shape)
                box = bound((corners,))
                if kind is StrokeKind.LEDGER:
                    middle = (box.y0 + box.y1) / 2
                    ends = Point(box.x0, middle), Point(box.x1, middle)
                else:
                    middle = (box.x0 + box.x1) / 2
                    ends = Point(middle, box.y0), Point(middle, box.y1)
                self.add_stroke(kind, (corners,), *ends, min(box.width, box.height))

    def read_beams(self, shapes: Sequence[_Shape]) -> None:
        for shape in shapes:
            if shape.tag == "polygon":
                corners = self.trace(shape)
                corners = corners[np.argsort(corners[:, 0])]
                left, right = corners[:2], corners[2:]
                ring = np.stack([*left[np.argsort(left[:, 1])], *right[np.argsort(-right[:, 1])]])
                thickness = float(np.ptp(left[:, 1]))
                a, b = to_point(left.mean(axis=0)), to_point(right.mean(axis=0))
                self.add_stroke(StrokeKind.BEAM, (ring,), a, b, thickness)

    def read_curve(self, kind: StrokeKind, shapes: Sequence[_Shape]) -> None:
        """A dashed curve is drawn in pieces and is one stroke."""
        contours = tuple(c for shape in shapes if shape.tag == "path" for c in self.trace_path(shape))
        if contours:
            points = np.concatenate(contours)
            a, b = points[points[:, 0].argmin()], points[points[:, 0].argmax()]
            self.add_stroke(kind, contours, to_point(a), to_point(b), _BLOT * self.space)

    def read_hairpin(self, shapes: Sequence[_Shape]) -> None:
        legs = [self.read_line(shape) for shape in shapes if shape.tag == "line"]
        if legs:
            points = np.concatenate([ends for ends, _ in legs])
            contours = tuple(thicken_line(ends[0], ends[1], pen) for ends, pen in legs)
            left, right = points[:, 0].min(), points[:, 0].max()
            level = (points[:, 1].min() + points[:, 1].max()) / 2
            a, b = Point(float(left), float(level)), Point(float(right), float(level))
            self.add_stroke(StrokeKind.HAIRPIN, contours, a, b, legs[0][1])

    def read_bracket(self, shapes: Sequence[_Shape]) -> None:
        """The level lines of a bracket and its hooks are one stroke, from end to end of the level ones."""
        lines = [(*self.read_line(shape), self.read_dashes(shape)) for shape in shapes if shape.tag == "line"]
        level = [ends for ends, _, _ in lines if abs(ends[1, 0] - ends[0, 0]) > abs(ends[1, 1] - ends[0, 1])]
        if level:
            points = np.concatenate(level)
            a, b = points[points[:, 0].argmin()], points[points[:, 0].argmax()]
            contours = tuple(c for ends, pen, dashes in lines for c in _dash_line(ends, pen, dashes))
            self.add_stroke(StrokeKind.BRACKET, contours, to_point(a), to_point(b), lines[0][1])

    def read_dashes(self, shape: _Shape) -> tuple[float, float] | None:
        """How long the dashes of a line are, and how far apart; None where it is not dashed."""
        lengths = [
            length * self.space for length in read_numbers(shape.element.get("stroke-dasharray") or "0")
        ]
        return (lengths[0], lengths[1]) if len(lengths) == 2 and sum(lengths) > 0 else None

    def read_whole(self, grob: str, system: int, shapes: Sequence[_Shape]) -> None:
        """What is drawn in several pieces and is one symbol."""
        contours: list[NDArray[np.float32]] = []
        for shape in shapes:
            contours += [self.trace(shape)] if shape.tag == "rect" else []
            contours += self.trace_path(shape) if shape.tag == "path" else []
        if contours:
            self.add_symbol(_WHOLE[grob], tuple(contours))
            if grob == "SystemStartBrace":
                box = bound(tuple(contours))
                self.braces.append(Brace(system, box.y0, box.y1))

    def read_texts(self, grob: str, shapes: Sequence[_Shape]) -> None:
        for shape in shapes:
            if shape.tag != "text":
                continue
            letters = "".join(map(str, shape.element.itertext())).strip()
            if grob == "TupletNumber":
                kinds = tuple(K(f"tuplet{c}") if c.isdecimal() else None for c in letters)
                self.texts.append(_Text(shape, kinds))
            elif grob == "ClefModifier" and letters.strip("()[]") in ("8", "15"):
                self.texts.append(_Text(shape, (K.CLEF_15 if "15" in letters else K.CLEF_8,)))
            elif grob == "OttavaBracket" and letters[:1] in ("8", "1"):
                self.texts.append(_Text(shape, (K.QUINDICESIMA if letters[0] == "1" else K.OTTAVA,)))

    def read_glyphs(self, grob: str, shapes: Sequence[_Shape]) -> None:
        rows: dict[K, list[NDArray[np.float32]]] = {}  # signs made of several glyphs
        for shape in shapes:
            name = name_path(shape.element.get("d") or "", self.names) if shape.tag == "path" else None
            if name is None:
                continue
            contours = self.trace_path(shape)
            size = float(np.hypot(*shape.matrix[:2, 0])) / (_EM * self.space)
            kind = name_lilypond_glyph(grob, name, size < _SMALL)
            if name == "scripts.trill_element":
                rows.setdefault(K.TRILL_LINE, []).extend(contours)
            elif name.startswith("pedal.") and kind is not K.PEDAL_UP:  # "Ped" and its full stop
                rows.setdefault(K.PEDAL, []).extend(contours)
            elif name in _PORTATO:
                wide = sorted(contours, key=lambda contour: float(np.ptp(contour[:, 0])))
                self.add_symbol(K.STACCATO, (wide[0],))
                self.add_symbol(K.TENUTO, (wide[-1],))
            elif kind is None:
                self.unknown.append((grob, name))
            else:
                self.add_symbol(kind, contours)
        for kind, pieces in rows.items():
            self.add_symbol(kind, tuple(pieces))

    def add_letters(self, kinds: Sequence[K | None], contours: Contours) -> None:
        """Share the ink of a text out among its letters."""
        if not contours:
            return
        groups = [list(contours)] if len(kinds) == 1 else _part_letters(contours)
        if len(groups) == len(kinds):
            for kind, letters in zip(kinds, groups, strict=True):
                if kind is not None:
                    self.add_symbol(kind, tuple(letters))


def _part_letters(contours: Contours) -> list[list[NDArray[np.float32]]]:
    """Contours from left to right, those above one another together."""
    groups: list[list[NDArray[np.float32]]] = []
    end = -np.inf
    for contour in sorted(contours, key=lambda c: float(c[:, 0].min())):
        if contour[:, 0].min() >= end:
            groups.append([])
        groups[-1].append(contour)
        end = max(end, float(contour[:, 0].max()))
    return groups


def _find_text_ink(texts: Sequence[_Shape], draw: Draw) -> list[Contours]:
    """The ink of each text: all are drawn below one another, enlarged, in one picture of their own."""
    if not texts:
        return []
    sheet = etree.Element(SVG + "svg")
    corners: list[tuple[float, float, int, int]] = []  # left and top on the page, top and bottom on the sheet
    wide = high = 0
    for text in texts:
        size = float(text.element.get("font-size") or 0) * float(np.hypot(*text.matrix[:2, 0]))
        letters = len("".join(map(str, text.element.itertext())).strip())
        left = float(text.matrix[0, 2]) - _MARGIN * size
        top = float(text.matrix[1, 2]) - (1 + _MARGIN) * size
        width, height = size * (letters + 2 * _MARGIN), size * (1 + 2 * _MARGIN)
        window = etree.SubElement(sheet, SVG + "svg", x="0", y=str(high), viewBox=f"{left} {top} {width} {height}",
                                  width=str(width * _ZOOM), height=str(height * _ZOOM))  # fmt: skip
        a, b, c, d, e, f = text.matrix[:2].T.ravel()
        etree.SubElement(window, SVG + "g", transform=f"matrix({a} {b} {c} {d} {e} {f})").append(
            copy.deepcopy(text.element)
        )
        corners.append((left, top, high, high + int(height * _ZOOM)))
        wide, high = max(wide, int(width * _ZOOM) + 1), high + int(height * _ZOOM) + 2
    sheet.set("width", f"{wide}px")
    sheet.set("height", f"{high}px")
    ink = (draw(sheet) < 128).astype(np.uint8)
    found: list[Contours] = []
    for left, top, above, below in corners:
        edges, _ = cv2.findContours(ink[above:below], cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        # OpenCV counts from the middle of a pixel, contours from its corner.
        found.append(tuple(
            (edge[:, 0].astype(np.float32) + 0.5) / _ZOOM + np.array([left, top], np.float32)
            for edge in edges if len(edge) > 2
        ))  # fmt: skip
    return found


def _dash_line(ends: NDArray[np.float32], pen: float, dashes: tuple[float, float] | None) -> Contours:
    """A line as rectangles, one for each dash; the round pen reaches out of both ends of each by half its width."""
    length = float(np.hypot(*(ends[1] - ends[0])))
    if dashes is None or length == 0:
        return (thicken_line(ends[0], ends[1], pen),)
    way = (ends[1] - ends[0]) / length
    starts = np.arange(0, length, sum(dashes))
    return tuple(
        thicken_line(
            ends[0] + way * (start - pen / 2), ends[0] + way * (min(start + dashes[0], length) + pen / 2), pen
        )
        for start in starts
    )
