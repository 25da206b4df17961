"""Engrave MusicXML with Verovio and read back where every symbol is. In: MusicXML. Out: clean `Sample`s.

Verovio's SVG draws every glyph as a `use` of a SMuFL outline and every line as a path with its width, inside groups
whose class says what it is; so boxes, masks and kinds are exact, and no picture is searched for them.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import verovio
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from lxml import etree
from numpy.typing import NDArray

from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.glyphs import name_glyph
from leggio.synth.sample import Contours, Sample, Truth, draw_mask

FONTS = ("Leipzig", "Bravura", "Gootville", "Leland", "Petaluma")
SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_SPACE_UNITS = 180.0  # Verovio's staff space in SVG units: 2 * option `unit` (9) * 10
_FULL_SIZE = 0.72  # Verovio's glyph scale at full size; grace notes and cues are smaller
_STROKES = {
    "stem": StrokeKind.STEM, "barLine": StrokeKind.BARLINE, "system": StrokeKind.BARLINE, "beam": StrokeKind.BEAM,
    "beamSpan": StrokeKind.BEAM, "slur": StrokeKind.SLUR, "tie": StrokeKind.SLUR, "lv": StrokeKind.SLUR,
    "hairpin": StrokeKind.HAIRPIN, "ledgerLines": StrokeKind.LEDGER,
}  # fmt: skip

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is engraved. `options` go to Verovio as they are; `space` is the staff space in pixels."""

    font: str = "Leipzig"
    text_font: str = "serif"
    space: float = 24.0
    options: tuple[tuple[str, float | int | str | bool], ...] = ()


class _Flatten(BasePen):
    """Collects a path as polygons; each curve becomes `steps` chords."""

    def __init__(self, steps: int = 8) -> None:
        super().__init__(None)
        self.contours: list[list[tuple[float, float]]] = []
        self._t = np.linspace(0, 1, steps + 1)[1:]

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.contours.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.contours[-1].append(pt)

    def _curveToOne(
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        t = self._t[:, None]
        p0, p1, p2, p3 = (np.array(p) for p in (self.contours[-1][-1], pt1, pt2, pt3))
        points = (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
        self.contours[-1].extend(map(tuple, points))


def _flatten(path: str) -> list[NDArray[np.float64]]:
    pen = _Flatten()
    parse_path(path, pen)
    return [np.array(contour) for contour in pen.contours if len(contour) > 1]


_TRANSFORM = re.compile(r"(translate|scale|rotate)\(([^)]*)\)")


def _matrix(text: str | None) -> Matrix:
    result = np.eye(3)
    for name, arguments in _TRANSFORM.findall(text or ""):
        v = [float(x) for x in re.split(r"[ ,]+", arguments.strip())]
        step = np.eye(3)
        if name == "translate":
            step[:2, 2] = v[0], v[1] if len(v) > 1 else 0.0
        elif name == "scale":
            step[0, 0], step[1, 1] = v[0], v[-1]
        else:
            angle = math.radians(v[0])
            c, s = math.cos(angle), math.sin(angle)
            cx, cy = (v[1], v[2]) if len(v) > 2 else (0.0, 0.0)
            step[:2] = [[c, -s, cx - c * cx + s * cy], [s, c, cy - s * cx - c * cy]]
        result = result @ step
    return result


def _apply(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float32]:
    return (points @ matrix[:2, :2].T + matrix[:2, 2]).astype(np.float32)


def _bounds(contours: Contours) -> Box:
    points = np.concatenate(contours)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Box(float(x0), float(y0), float(x1), float(y1))


def _thick_line(a: NDArray[np.float32], b: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    direction = b - a
    length = float(np.hypot(*direction)) or 1.0
    normal = np.array([-direction[1], direction[0]], np.float32) / length * width / 2
    return np.stack([a + normal, b + normal, b - normal, a - normal])


class _Reader:
    """Walks one SVG page and gathers its ink; coordinates come out in pixels."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.symbols: list[Symbol] = []
        self.strokes: list[Stroke] = []
        self.outlines: list[Contours] = []
        self.staves: list[tuple[int, list[tuple[float, float, float]], float]] = []
        self.system = -1
        self.systems_parts: dict[int, list[tuple[float, float]]] = {}
        self.glyphs: dict[str, list[NDArray[np.float64]]] = {}

    def next_id(self, contours: Contours) -> int:
        self.outlines.append(contours)
        return len(self.outlines) - 1

    def add_symbol(self, kind: SymbolKind, contours: Contours, box: Box | None = None) -> None:
        box = box or _bounds(contours)
        self.symbols.append(Symbol(self.next_id(contours), kind, box, 1.0))

    def add_stroke(self, kind: StrokeKind, contours: Contours, a: Point, b: Point, width: float) -> None:
        upright = kind in (StrokeKind.STEM, StrokeKind.BARLINE)
        if (a.y > b.y) if upright else (a.x > b.x):
            a, b = b, a
        self.strokes.append(Stroke(self.next_id(contours), kind, a, b, width, _bounds(contours), 1.0))

    def walk(self, element: etree._Element, matrix: Matrix, group: str) -> None:
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            here = matrix @ _matrix(child.get("transform")) if child.get("transform") else matrix
            if tag == SVG + "g":
                name = (child.get("class") or group).split(" ")
                if "placeholder" in name or "bounding-box" in name:
                    continue
                if name[0] == "system":
                    self.system += 1
                if name[0] == "staff":
                    self.read_staff(child, here)
                self.walk(child, here, name[0])
                if name[0] == "arpeg":
                    self.read_arpeggio(child, here)
                if name[0] == "grpSym":
                    self.read_brace(child, here)
            elif tag == SVG + "svg":
                self.walk(child, here, group)
            elif tag == SVG + "use" and group != "arpeg":
                self.read_glyph(child, here, group)
            elif tag == SVG + "ellipse" and group in ("dots", "barLine"):
                kind = SymbolKind.DOT if group == "dots" else SymbolKind.REPEAT_DOT
                x, y, r = (float(child.get(key)) for key in ("cx", "cy", "rx"))
                angle = np.linspace(0, 2 * math.pi, 16, endpoint=False)
                circle = np.stack([x + r * np.cos(angle), y + r * np.sin(angle)], axis=1)
                self.add_symbol(kind, (_apply(here, circle),))
            elif tag == SVG + "text" and group == "fing":
                self.read_fingering(child, here)
            elif group in _STROKES:
                self.read_stroke(child, here, _STROKES[group])

    def read_glyph(self, use: etree._Element, matrix: Matrix, group: str) -> None:
        name = (use.get(_HREF) or "")[1:]
        contours = tuple(_apply(matrix, contour) for contour in self.glyphs.get(name, ()))
        if not contours:
            return
        small = float(np.hypot(*matrix[:2, 0])) < _FULL_SIZE * self.scale * 0.9
        kinds = name_glyph(int(name.split("-")[0], 16), small)
        box = _bounds(contours)
        if len(kinds) == 1:
            self.add_symbol(kinds[0][0], contours)
            if name.startswith("E052"):  # G clef with an 8 below
                eight = Box(
                    box.x0 + box.width * 0.3, box.y1 - box.height * 0.14, box.x0 + box.width * 0.75, box.y1
                )
                self.add_symbol(SymbolKind.CLEF_8, contours, eight)
            return
        left = box.x0
        for kind, share in kinds:
            right = left + share * box.width
            self.add_symbol(kind, contours, Box(left, box.y0, right, box.y1))
            left = right

    def read_arpeggio(self, group: etree._Element, matrix: Matrix) -> None:
        contours: list[NDArray[np.float32]] = []
        for use in group.iter(SVG + "use"):
            here = matrix @ _matrix(use.get("transform"))
            contours += [_apply(here, c) for c in self.glyphs.get((use.get(_HREF) or "")[1:], ())]
        if contours:
            self.add_symbol(SymbolKind.ARPEGGIO, tuple(contours))

    def read_brace(self, group: etree._Element, matrix: Matrix) -> None:
        paths = [p for p in group.iterchildren(SVG + "path") if "C" in (p.get("d") or "")]
        contours = tuple(_apply(matrix, c) for p in paths for c in _flatten(p.get("d") or ""))
        if contours:
            box = _bounds(contours)
            self.add_symbol(SymbolKind.BRACE, contours)
            self.systems_parts.setdefault(self.system, []).append((box.y0, box.y1))

    def read_fingering(self, text: etree._Element, matrix: Matrix) -> None:
        """Fingerings are text: the box is that of a digit in a bold serif face (0.5 em by 0.68 em)."""
        digits = "".join(text.itertext()).strip()
        sizes = [
            float((t.get("font-size") or "0px")[:-2]) for t in text.iter(SVG + "tspan") if t.get("font-size")
        ]
        if digits not in set("012345") or not sizes:
            return
        size = max(sizes)
        holder = text if text.get("x") else next(t for t in text.iter(SVG + "tspan") if t.get("x"))
        x, y = float(holder.get("x") or 0), float(holder.get("y") or 0)
        left = x - size * 0.25 if holder.get("text-anchor", text.get("text-anchor")) == "middle" else x
        corners = np.array(
            [[left, y], [left + size * 0.5, y], [left + size * 0.5, y - size * 0.68], [left, y - size * 0.68]]
        )
        self.add_symbol(SymbolKind(f"fingering{digits}"), (_apply(matrix, corners),))

    def read_staff(self, group: etree._Element, matrix: Matrix) -> None:
        lines = []
        width = 0.0
        for path in group.iterchildren(SVG + "path"):
            (contour,) = _flatten(path.get("d") or "") or [np.zeros((2, 2))]
            ends = _apply(matrix, contour)
            width = float(path.get("stroke-width") or 0) * self.scale
            lines.append((float(ends[0, 0]), float(ends[-1, 0]), float(ends[0, 1])))
        if lines:
            self.staves.append((self.system, lines, width))

    def read_stroke(self, shape: etree._Element, matrix: Matrix, kind: StrokeKind) -> None:
        width = float(shape.get("stroke-width") or 0) * self.scale
        points = shape.get("points")
        if points is not None:
            values = np.array([float(v) for v in re.split(r"[ ,]+", points.strip())]).reshape(-1, 2)
            corners = _apply(matrix, values)
            if kind is StrokeKind.BEAM and len(corners) == 4:
                a, b = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
                thickness = abs(float(corners[0, 1] - corners[3, 1]))
                self.add_stroke(kind, (corners,), _point(a), _point(b), thickness)
            elif kind is StrokeKind.HAIRPIN:
                legs = tuple(_thick_line(a, b, width) for a, b in zip(corners, corners[1:], strict=False))
                self.add_stroke(kind, legs, _point(corners[0]), _point(corners[-1]), width)
            return
        path = shape.get("d") or ""
        if kind is StrokeKind.SLUR and "C" in path:
            contours = tuple(_apply(matrix, contour) for contour in _flatten(path))
            outline = np.concatenate(contours)
            a, b = outline[outline[:, 0].argmin()], outline[outline[:, 0].argmax()]
            self.add_stroke(kind, contours, _point(a), _point(b), width)
        elif kind is not StrokeKind.SLUR and "C" not in path:
            for contour in _flatten(path):
                ends = _apply(matrix, contour)
                outline = _thick_line(ends[0], ends[-1], width)
                self.add_stroke(kind, (outline,), _point(ends[0]), _point(ends[-1]), width)


def _point(xy: NDArray[np.float32]) -> Point:
    return Point(float(xy[0]), float(xy[1]))


def _systems(reader: _Reader) -> tuple[System, ...]:
    """Staves of the drawing, bar by bar, joined to staves over the whole system."""
    spans: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for system, lines, _ in reader.staves:
        if len(lines) == 5:
            spans.setdefault((system, round(lines[0][2])), []).extend(lines)
    rows: dict[int, list[Staff]] = {}
    for identity, ((system, _), lines) in enumerate(sorted(spans.items())):
        left, right = min(x for x, _, _ in lines), max(x for _, x, _ in lines)
        ys = sorted({round(y, 2) for _, _, y in lines})[:5]
        part = 1000 + identity
        for number, (top, bottom) in enumerate(reader.systems_parts.get(system, ())):
            if top - 2 <= ys[0] and ys[-1] <= bottom + 2:
                part = number
        staff = Staff(identity, system, part, (left, right), tuple((y, y) for y in ys), (ys[-1] - ys[0]) / 4)
        rows.setdefault(system, []).append(staff)
    result = []
    for system, staves in rows.items():
        staves.sort(key=lambda staff: staff.lines[0][0])
        parts = {part: number for number, part in enumerate(dict.fromkeys(staff.part for staff in staves))}
        staves = [replace(staff, part=parts[staff.part]) for staff in staves]
        box = staves[0].box
        for staff in staves:
            box = box.union(staff.box)
        result.append(System(system, tuple(staves), box))
    return tuple(result)


def _merge_barlines(strokes: list[Stroke], outlines: list[Contours]) -> list[Stroke]:
    """Verovio draws a bar line staff by staff; pieces that touch end to end become one, with all their ink."""
    result: list[Stroke] = []
    open_lines: dict[tuple[int, int], int] = {}
    for stroke in sorted(strokes, key=lambda s: s.start.y):
        key = (round(stroke.start.x), round(stroke.thickness * 4))
        if stroke.kind is StrokeKind.BARLINE and key in open_lines:
            above = result[open_lines[key]]
            if abs(above.end.y - stroke.start.y) <= 2:
                outlines[above.id] += outlines[stroke.id]
                result[open_lines[key]] = replace(above, end=stroke.end, box=above.box.union(stroke.box))
                continue
        if stroke.kind is StrokeKind.BARLINE:
            open_lines[key] = len(result)
        result.append(stroke)
    return result


_PRIVATE = re.compile("[\ue000-\uf8ff]")


def read_svg(svg: str, layout: Layout) -> Sample:
    """One Verovio page, drawn and with its truth."""
    import resvg_py

    root = etree.fromstring(svg.encode(), etree.XMLParser(huge_tree=True))
    inner = next(node for node in root.iter(SVG + "svg") if node.get("class") == "definition-scale")
    units_wide, units_high = (float(v) for v in (inner.get("viewBox") or "").split()[2:])
    scale = layout.space / _SPACE_UNITS
    reader = _Reader(scale)
    for definition in root.iter(SVG + "defs"):
        for glyph in definition.iterchildren(SVG + "g"):
            contours: list[NDArray[np.float64]] = []
            for path in glyph.iter(SVG + "path"):
                flip = _matrix(path.get("transform"))
                contours += [_apply(flip, c).astype(np.float64) for c in _flatten(path.get("d") or "")]
            reader.glyphs[glyph.get("id") or ""] = contours
    reader.walk(inner, np.diag([scale, scale, 1.0]), "")
    for text in root.iter(SVG + "text"):
        del text.attrib[
            "font-size"
        ]  # Verovio writes 0 here and the real size inside, which resvg takes for no text
    for tspan in root.iter(SVG + "tspan"):  # dynamics inside text use a music font that no renderer has
        if tspan.text and _PRIVATE.search(tspan.text):
            tspan.text = _PRIVATE.sub("", tspan.text)
    inner.set("font-family", layout.text_font)
    width, height = round(units_wide * scale), round(units_high * scale)
    picture = resvg_py.svg_to_bytes(
        svg_string=etree.tostring(root, encoding="unicode"), width=width, height=height, background="white"
    )
    image = cv2.imdecode(np.frombuffer(bytes(picture), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None, "resvg wrote no picture"
    strokes = _merge_barlines(reader.strokes, reader.outlines)
    line_width = float(np.median([w for _, _, w in reader.staves])) if reader.staves else 0.0
    truth = Truth(tuple(reader.symbols), tuple(strokes), _systems(reader), layout.space, line_width)
    mask = draw_mask(truth, tuple(reader.outlines), (height, width))
    return Sample(image.astype(np.uint8), mask, truth)


def engrave(music: bytes, layout: Layout, pages: int | None = None, skip: int = 0) -> Iterator[Sample]:
    """Engrave MusicXML (.musicxml or .mxl bytes) and give its pages one by one.

    Raises ValueError when Verovio cannot read the music.
    """
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    options: Mapping[str, object] = {
        "font": layout.font, "pageWidth": 2100, "pageHeight": 2970, "scale": 100, "footer": "none",
        "xmlIdSeed": 1, **dict(layout.options),
    }  # fmt: skip
    toolkit.setOptions(dict(options))
    if music[:2] == b"PK":
        loaded = toolkit.loadZipDataBase64(base64.b64encode(music).decode())
    else:
        loaded = toolkit.loadData(music.decode("utf-8"))
    if not loaded:
        raise ValueError("Verovio could not read this music")
    last = toolkit.getPageCount()
    chosen = range(1 + min(skip, last - 1), last + 1)
    for number in list(chosen)[:pages]:
        yield read_svg(toolkit.renderToSVG(number), layout)
