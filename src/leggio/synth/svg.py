"""The ink of one page of Verovio's SVG. In: the drawing as XML. Out: `Ink`, in pixels.

Verovio draws every glyph as a `use` of a SMuFL outline and every line as a path with its width, inside groups whose
class says what it is; so boxes and kinds are exact, and no picture is searched for them.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import StrokeKind, SymbolKind
from leggio.synth.gather import Brace, Gatherer, Ink, StaffPiece
from leggio.synth.glyphs import name_glyph, name_octave_clef
from leggio.synth.outlines import (
    Matrix,
    bound,
    draw_circle,
    flatten_path,
    move_points,
    read_numbers,
    read_transform,
    thicken_line,
    to_point,
)
from leggio.synth.sample import Contours

SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_SPACE_UNITS = 180.0  # Verovio's staff space in SVG units: 2 * option `unit` (9) * 10
_FULL_SIZE = 0.72  # Verovio's glyph scale at full size; grace notes and cues are smaller
_STROKES = {
    "stem": StrokeKind.STEM, "barLine": StrokeKind.BARLINE, "system": StrokeKind.BARLINE, "beam": StrokeKind.BEAM,
    "beamSpan": StrokeKind.BEAM, "slur": StrokeKind.SLUR, "tie": StrokeKind.TIE, "lv": StrokeKind.TIE,
    "hairpin": StrokeKind.HAIRPIN, "ledgerLines": StrokeKind.LEDGER, "tupletBracket": StrokeKind.BRACKET,
}  # fmt: skip
_CURVES = (StrokeKind.SLUR, StrokeKind.TIE)
_DOTS = {"dots": SymbolKind.DOT, "barLine": SymbolKind.REPEAT_DOT}
# A fingering is text: its box is that of a digit in a bold serif face, in em.
_DIGIT_WIDTH, _DIGIT_HEIGHT = 0.5, 0.68
_ROWS = {  # groups whose glyphs in a row are one symbol, and which glyphs those are (None: all of them)
    "arpeg": (SymbolKind.ARPEGGIO, None),
    "trill": (SymbolKind.TRILL_LINE, ("E59D", "E59E", "EAA4")),
}
_LINED = ("voltaBracket", "octave", "pedal", "bracketSpan")  # groups whose lines together are one bracket
_FIGURE = 0.3  # an octave clef's figure takes up less than this share of the glyph's height


def read_ink(root: etree._Element, space: float) -> Ink:
    """All ink of a drawing; `space` is the staff space in pixels."""
    scale = space / _SPACE_UNITS
    reader = _Reader(scale, _read_glyphs(root))
    reader.walk(find_drawing(root), np.diag([scale, scale, 1.0]), "")
    return reader.finish()


def find_drawing(root: etree._Element) -> etree._Element:
    """The inner svg element, whose view box is the page in SVG units."""
    return next(node for node in root.iter(SVG + "svg") if node.get("class") == "definition-scale")


def fit_page(root: etree._Element, space: float) -> None:
    """Make the drawing as large as its staff space of `space` pixels asks for, and its sides whole pixels."""
    drawing, scale = find_drawing(root), space / _SPACE_UNITS
    wide, high = (round(side * scale) for side in read_numbers(drawing.get("viewBox") or "")[2:])
    root.set("width", f"{wide}px")
    root.set("height", f"{high}px")
    drawing.set("viewBox", f"0 0 {wide / scale} {high / scale}")


def _read_glyphs(root: etree._Element) -> dict[str, list[NDArray[np.float64]]]:
    """The outlines of the glyphs that the drawing defines, by their ids."""
    glyphs: dict[str, list[NDArray[np.float64]]] = {}
    for definitions in root.iter(SVG + "defs"):
        for glyph in definitions.iterchildren(SVG + "g"):
            contours = glyphs.setdefault(glyph.get("id") or "", [])
            for path in glyph.iter(SVG + "path"):
                flip = read_transform(path.get("transform"))
                found = flatten_path(path.get("d") or "")
                contours += [move_points(flip, contour).astype(np.float64) for contour in found]
    return glyphs


class _Reader(Gatherer):
    """Walks one drawing and gathers its ink; coordinates come out in pixels."""

    def __init__(self, scale: float, glyphs: dict[str, list[NDArray[np.float64]]]) -> None:
        super().__init__()
        self.scale = scale
        self.glyphs = glyphs
        self.system = -1

    def walk(self, element: etree._Element, matrix: Matrix, group: str) -> None:
        """Read what `element` holds; `group` is the class of the nearest group around it."""
        for child in element:
            tag = child.tag.removeprefix(SVG) if isinstance(child.tag, str) else ""
            here = matrix @ read_transform(child.get("transform")) if child.get("transform") else matrix
            if tag == "g":
                self.enter_group(child, here, group)
            elif tag == "svg":
                self.walk(child, here, group)
            elif tag == "use" and not _in_row(child, group):
                self.read_glyph(child, here)
            elif tag == "ellipse" and group in _DOTS:
                x, y, radius = (float(child.get(key) or 0) for key in ("cx", "cy", "rx"))
                self.add_symbol(_DOTS[group], (move_points(here, draw_circle(x, y, radius)),))
            elif tag == "text" and group == "fing":
                self.read_fingering(child, here)
            elif group in _STROKES:
                self.read_stroke(child, here, _STROKES[group])

    def enter_group(self, group: etree._Element, matrix: Matrix, around: str) -> None:
        names = (group.get("class") or around).split(" ")
        if "placeholder" in names or "bounding-box" in names:  # not drawn
            return
        if names[0] == "system":
            self.system += 1
        if names[0] == "staff":
            self.read_staff(group, matrix)
        self.walk(group, matrix, names[0])
        if names[0] in _ROWS:
            self.read_row(group, matrix, names[0])
        if names[0] in _LINED:
            self.read_bracket(group, matrix)
        if names[0] == "grpSym":
            self.read_brace(group, matrix)

    def read_glyph(self, use: etree._Element, matrix: Matrix) -> None:
        name = (use.get(_HREF) or "")[1:]
        contours = tuple(move_points(matrix, contour) for contour in self.glyphs.get(name, ()))
        if not contours:
            return
        small = float(np.hypot(*matrix[:2, 0])) < _FULL_SIZE * self.scale * 0.9
        code_point = int(name.split("-")[0], 16)
        octave_clef = name_octave_clef(code_point)
        if octave_clef is not None:
            clef, figure, below = octave_clef
            sign, digits = _part_figure(contours, below)
            clef_box, figure_box = _part_boxes(sign, digits, below)
            self.add_symbol(clef, sign, clef_box)
            if figure_box is not None:
                self.add_symbol(figure, digits, figure_box)
            return
        kinds = name_glyph(code_point, small)
        box = bound(contours)
        if len(kinds) == 1:
            self.add_symbol(kinds[0][0], contours)
            return
        left = box.x0
        for kind, share in kinds:
            right = left + share * box.width
            self.add_symbol(kind, contours, Box(left, box.y0, right, box.y1))
            left = right

    def read_row(self, group: etree._Element, matrix: Matrix, name: str) -> None:
        """An arpeggio or a trill's wavy line is one symbol, drawn as a row of glyphs."""
        contours: list[NDArray[np.float32]] = []
        for use in group.iter(SVG + "use"):
            if _in_row(use, name):
                here = matrix @ read_transform(use.get("transform"))
                contours += [move_points(here, c) for c in self.glyphs.get((use.get(_HREF) or "")[1:], ())]
        if contours:
            self.add_symbol(_ROWS[name][0], tuple(contours))

    def read_bracket(self, group: etree._Element, matrix: Matrix) -> None:
        """The lines of an ending, an octave sign or a pedal, dashes and hooks together."""
        legs = []
        for line in (*group.iter(SVG + "path"), *group.iter(SVG + "polyline")):
            width = float(line.get("stroke-width") or 0) * self.scale
            points = line.get("points")
            contours = (
                [np.array(read_numbers(points)).reshape(-1, 2)]
                if points
                else flatten_path(line.get("d") or "")
            )
            for contour in contours:
                corners = move_points(matrix, contour)
                legs += [thicken_line(a, b, width) for a, b in itertools.pairwise(corners)]
        if legs:
            points_of_all = np.concatenate(legs)
            left, right = (
                points_of_all[points_of_all[:, 0].argmin()],
                points_of_all[points_of_all[:, 0].argmax()],
            )
            self.add_stroke(StrokeKind.BRACKET, tuple(legs), to_point(left), to_point(right), width)

    def read_brace(self, group: etree._Element, matrix: Matrix) -> None:
        """Of what can stand before a system, only a brace has curves; a bracket has a bar with a hook at each end."""
        bars = [
            np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]])
            for rect in group.iterchildren(SVG + "rect")
            for x, y, wide, high in [
                tuple(float(rect.get(key) or 0) for key in ("x", "y", "width", "height"))
            ]
        ]
        if bars:
            ink = [move_points(matrix, bar) for bar in bars]
            for use in group.iter(SVG + "use"):
                here = matrix @ read_transform(use.get("transform"))
                ink += [move_points(here, c) for c in self.glyphs.get((use.get(_HREF) or "")[1:], ())]
            self.add_symbol(SymbolKind.BRACKET, tuple(ink))
        paths = [path.get("d") or "" for path in group.iterchildren(SVG + "path")]
        curved = [contour for path in paths if "C" in path for contour in flatten_path(path)]
        if curved:
            contours = tuple(move_points(matrix, contour) for contour in curved)
            box = bound(contours)
            self.add_symbol(SymbolKind.BRACE, contours)
            self.braces.append(Brace(self.system, box.y0, box.y1))

    def read_fingering(self, text: etree._Element, matrix: Matrix) -> None:
        spans = list(text.iter(SVG + "tspan"))
        digit = "".join(map(str, text.itertext())).strip()
        sizes = [float((span.get("font-size") or "0px")[:-2]) for span in spans if span.get("font-size")]
        if digit not in set("012345") or not sizes:
            return
        size = max(sizes)
        holder = text if text.get("x") else next(span for span in spans if span.get("x"))
        x, y = float(holder.get("x") or 0), float(holder.get("y") or 0)
        centred = holder.get("text-anchor", text.get("text-anchor")) == "middle"
        left, width, top = (
            x - size * _DIGIT_WIDTH / 2 if centred else x,
            size * _DIGIT_WIDTH,
            y - size * _DIGIT_HEIGHT,
        )
        corners = np.array([[left, y], [left + width, y], [left + width, top], [left, top]])
        self.add_symbol(SymbolKind(f"fingering{digit}"), (move_points(matrix, corners),))

    def read_staff(self, group: etree._Element, matrix: Matrix) -> None:
        lines, width = [], 0.0
        for path in group.iterchildren(SVG + "path"):
            (contour,) = flatten_path(path.get("d") or "") or [np.zeros((2, 2))]
            ends = move_points(matrix, contour)
            width = float(path.get("stroke-width") or 0) * self.scale
            lines.append((float(ends[0, 0]), float(ends[-1, 0]), float(ends[0, 1])))
        if lines:
            self.staves.append(StaffPiece(self.system, tuple(lines), width))

    def read_stroke(self, shape: etree._Element, matrix: Matrix, kind: StrokeKind) -> None:
        width = float(shape.get("stroke-width") or 0) * self.scale
        points, path = shape.get("points"), shape.get("d") or ""
        if points is not None:
            corners = move_points(matrix, np.array(read_numbers(points)).reshape(-1, 2))
            if kind is StrokeKind.BEAM and len(corners) == 4:
                a, b = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
                thickness = abs(float(corners[0, 1] - corners[3, 1]))
                self.add_stroke(kind, (corners,), to_point(a), to_point(b), thickness)
            elif kind in (StrokeKind.HAIRPIN, StrokeKind.BRACKET):
                legs = tuple(thicken_line(a, b, width) for a, b in itertools.pairwise(corners))
                self.add_stroke(kind, legs, to_point(corners[0]), to_point(corners[-1]), width)
        elif kind in _CURVES and "C" in path:
            contours = tuple(move_points(matrix, contour) for contour in flatten_path(path))
            outline = np.concatenate(contours)
            a, b = outline[outline[:, 0].argmin()], outline[outline[:, 0].argmax()]
            self.add_stroke(kind, contours, to_point(a), to_point(b), width)
        elif kind not in _CURVES and "C" not in path:
            for contour in flatten_path(path):
                ends = move_points(matrix, contour)
                outline = thicken_line(ends[0], ends[-1], width)
                if kind is StrokeKind.STEM and abs(float(ends[-1, 0] - ends[0, 0])) > 2 * width:
                    self.add_symbol(
                        SymbolKind.GRACE_SLASH, (outline,)
                    )  # it crosses the stem and is drawn with it
                    continue
                self.add_stroke(kind, (outline,), to_point(ends[0]), to_point(ends[-1]), width)


def _in_row(use: etree._Element, group: str) -> bool:
    """Whether a glyph of this group is a piece of a row that makes one symbol."""
    if group not in _ROWS:
        return False
    pieces = _ROWS[group][1]
    return pieces is None or (use.get(_HREF) or "")[1:].split("-")[0] in pieces


def _part_figure(contours: Contours, below: bool) -> tuple[Contours, Contours]:
    """An octave clef's outlines: those of the clef, and those of its figure at the bottom or at the top."""
    box = bound(contours)
    edge = box.y1 - _FIGURE * box.height if below else box.y0 + _FIGURE * box.height

    def is_figure(contour: NDArray[np.float32]) -> bool:
        return bool(contour[:, 1].min() > edge if below else contour[:, 1].max() < edge)

    figure = tuple(contour for contour in contours if is_figure(contour))
    return tuple(contour for contour in contours if not is_figure(contour)), figure


def _part_boxes(sign: Contours, figure: Contours, below: bool) -> tuple[Box, Box | None]:
    """The boxes of an octave clef and of its figure.

    Where the two touch, as in Bravura, they share an outline and only the figure's holes are apart: then the figure
    is as much larger than its holes as the shared outline goes beyond them, and the clef ends where it begins.
    """
    clef = bound(sign)
    if not figure:
        return clef, None
    box = bound(figure)
    rim = clef.y1 - box.y1 if below else box.y0 - clef.y0
    if rim > 0:
        box = box.grow(rim, rim)
        clef = replace(clef, y1=box.y0) if below else replace(clef, y0=box.y1)
    return clef, box
