"""The ink of one page of MuseScore's SVG. In: the drawing as XML and the chart of its font. Out: `Ink`, in pixels.

MuseScore writes each thing as a path or a polyline whose class says what it belongs to. Systems are not marked: staves
that a bar line joins form one.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.notation import HEADS, RESTS, StrokeKind
from leggio.music.notation import SymbolKind as K
from leggio.synth.gather import Brace, Gatherer, Ink, StaffPiece
from leggio.synth.musescore_glyphs import (
    DYNAMICS,
    SIGNS,
    SPACE_UNITS,
    Chart,
    Placed,
    list_letters,
    read_outlines,
)
from leggio.synth.musescore_lines import Line, cut_dashes, join_lines, read_line, thicken, trace_curve
from leggio.synth.outlines import Matrix, bound, flatten_path, move_points, to_point
from leggio.synth.sample import Contours
from leggio.synth.svg import SVG

Points = NDArray[np.float64]

_PARENTHESES = (K.PARENTHESIS_LEFT, K.PARENTHESIS_RIGHT)
# What the paths of each class can be. A path of these classes that is none of it is reported as unknown.
_KINDS: dict[str, tuple[K, ...]] = {
    "Note": (*HEADS, *_PARENTHESES),
    "Hook": tuple(kind for kind in SIGNS if kind.value.startswith("flag")),
    "Rest": RESTS,
    "Accidental": (*(kind for kind in SIGNS if kind.value.startswith("accidental")), *_PARENTHESES),
    "KeySig": (K.FLAT, K.SHARP, K.NATURAL, K.DOUBLE_FLAT, K.DOUBLE_SHARP),
    "Clef": tuple(kind for kind in SIGNS if "lef" in kind.value),
    "TimeSig": tuple(kind for kind in SIGNS if kind.value.startswith("timeSig")),
    "Dynamic": DYNAMICS,
    "Tuplet": tuple(K(f"tuplet{digit}") for digit in range(10)),
    "Fingering": tuple(K(f"fingering{digit}") for digit in range(6)),
    "Articulation": tuple(
        kind for kind in SIGNS if re.match("artic|strings|plucked|ornament|fermata", kind.value)
    ),
    "Fermata": (K.FERMATA_ABOVE, K.FERMATA_BELOW, K.FERMATA_SHORT, K.FERMATA_LONG),
    "Breath": (K.BREATH, K.CAESURA),
    "RepeatMeasure": (K.REPEAT_BAR, K.REPEAT_2_BARS),
    "Symbol": tuple(SIGNS),
    "OttavaSegment": (K.OTTAVA, K.QUINDICESIMA),
    "PedalSegment": (K.PEDAL, K.PEDAL_UP),
    "TrillSegment": (K.TRILL, K.TRILL_LINE, K.SHORT_TRILL, K.MORDENT, K.TREMBLEMENT),
    "Marker": (K.SEGNO, K.CODA),
}
_WORDS_TOO = (
    "Dynamic",
    "OttavaSegment",
    "PedalSegment",
    "TrillSegment",
    "Marker",
)  # unknown paths of these are words
_WHOLE = {"NoteDot": K.DOT, "BarLine": K.REPEAT_DOT}  # the class alone says what it is
_IGNORED = frozenset((
    "Lyrics", "LyricsLineSegment", "Text", "StaffText", "SystemText", "Tempo", "MeasureNumber", "Page", "Jump",
    "InstrumentName", "InstrumentChange", "Harmony", "FiguredBass", "RehearsalMark", "VoltaSegment", "TextLineSegment",
    "GlissandoSegment", "HairpinSegment", "FretDiagram",
))  # fmt: skip
_BRACKETS = ("Tuplet", "VoltaSegment", "OttavaSegment", "PedalSegment")
_SMALL = {kind: K(kind.value + "Small") for kind in K if any(k.value == kind.value + "Small" for k in K)}
_ALIKE = ("restWhole", "restHalf")  # one outline: the first hangs from a line, the second stands on one
_BRACE_HEIGHT = 3.0  # staff spaces: the tips of a bracket are lower
_TREMOLO_WIDTH = 1.8  # staff spaces: wider ones stand between two chords and look like beams
_OFF_STEM = 0.25  # staff spaces: how far from a stem the middle of its tremolo can be
_ROW = 0.2 * SPACE_UNITS  # how far apart glyphs of one row stand at most, in SVG units
_JOINED = 4.0  # SVG units: how far from a staff line a bar line may end that joins two staves


@dataclass(frozen=True, slots=True)
class MuseScoreInk:
    """All ink of a page; `unknown` counts the paths that are music and no sign of the chart, by class and outline."""

    ink: Ink
    unknown: Counter[str]


def read_ink(root: etree._Element, chart: Chart, space: float) -> MuseScoreInk:
    """All ink of a drawing; `space` is the staff space in pixels."""
    reader = _Reader(chart, space / SPACE_UNITS)
    shapes: dict[str, list[etree._Element]] = defaultdict(list)
    seen = set()
    for shape in root.iter(SVG + "path", SVG + "polyline"):
        place = tuple(shape.get(name) for name in ("class", "d", "points", "transform"))
        if place in seen:  # the heads of two voices in unison, a tie of either: the same ink twice
            continue
        seen.add(place)
        kind = "path" if shape.tag == SVG + "path" else "line"
        shapes[f"{shape.get('class')} {kind}"].append(shape)
    reader.read_page(shapes)
    return MuseScoreInk(reader.finish(), reader.unknown)


def _read_staves(shapes: Sequence[etree._Element]) -> list[list[Line]]:
    """Lines that follow one another one staff space apart form a staff; staves from top to bottom."""
    staves: list[list[Line]] = []
    for line in map(read_line, shapes):
        last = staves[-1][-1] if staves else None
        if last is not None and np.allclose(line.points - last.points, (0, SPACE_UNITS), atol=0.5):
            staves[-1].append(line)
        else:
            staves.append([line])
    return sorted(staves, key=lambda staff: float(staff[0].points[0, 1]))


def _number_systems(staves: Sequence[list[Line]], barlines: Sequence[Line]) -> list[int]:
    """The system of each staff: neighbours belong together where a bar line goes on from one to the other."""
    numbers = [0] if staves else []
    for above, below in itertools.pairwise(staves):
        low, high = above[-1].points[0, 1] + _JOINED, below[0].points[0, 1] - _JOINED
        joined = any(line.points[:, 1].min() < low and line.points[:, 1].max() > high for line in barlines)
        numbers.append(numbers[-1] + (not joined))
    return numbers


class _Reader(Gatherer):
    """Gathers the ink of one drawing; shapes come in SVG units, records go out in pixels."""

    def __init__(self, chart: Chart, scale: float) -> None:
        super().__init__()
        self.chart = chart
        self.scale = scale
        self.unknown: Counter[str] = Counter()
        self.wiggles: list[Contours] = []  # of trills, one glyph each
        self.lines: list[float] = []  # the y of every staff line

    def read_page(self, shapes: dict[str, list[etree._Element]]) -> None:
        barlines = join_lines([read_line(shape) for shape in shapes.pop("BarLine line", ())])
        staves = _read_staves(shapes.pop("StaffLines line", ()))
        numbers = _number_systems(staves, barlines)
        for staff, system in zip(staves, numbers, strict=True):
            self.add_staff(staff, system)
        for line in barlines:
            self.add_line(StrokeKind.BARLINE, line)
        self.read_brackets(shapes.pop("Bracket path", ()), shapes.pop("Bracket line", ()), staves, numbers)
        hairpins = [read_line(shape) for shape in shapes.pop("HairpinSegment line", ())]
        self.read_hairpins([line for line in hairpins if not line.dashes])
        for name, kind in (("Stem", StrokeKind.STEM), ("LedgerLine", StrokeKind.LEDGER)):
            for shape in shapes.pop(f"{name} line", ()):
                self.add_line(kind, read_line(shape))
        for shape in shapes.pop("StemSlash line", ()):
            self.place_symbol(K.GRACE_SLASH, (thicken(read_line(shape)),))
        for name in _BRACKETS:
            for line in join_lines([read_line(shape) for shape in shapes.pop(f"{name} line", ())]):
                self.add_line(StrokeKind.BRACKET, line)
        for name, kind in (("SlurSegment", StrokeKind.SLUR), ("TieSegment", StrokeKind.TIE)):
            for shape in shapes.pop(f"{name} path", ()):
                self.read_curve(kind, shape)
        for shape in shapes.pop("Beam path", ()):
            self.read_beams(shape)
        for shape in shapes.pop("Tremolo path", ()):
            self.read_tremolo(shape)
        for contours in _merge_rows([_flatten(shape) for shape in shapes.pop("Arpeggio path", ())]):
            self.place_symbol(K.ARPEGGIO, contours)
        for name, rest in shapes.items():
            for shape in rest:
                self.read_path(name.split(" ")[0], shape)
        for contours in _merge_rows(self.wiggles):
            self.place_symbol(K.TRILL_LINE, contours)

    # --- records

    def place_symbol(self, kind: K, contours: Contours, box: Box | None = None) -> None:
        """Add a symbol whose contours are in SVG units; a box is in pixels already."""
        self.add_symbol(kind, self.scale_ink(contours), box)

    def place_stroke(
        self, kind: StrokeKind, contours: Contours, ends: Points, width: float, bow: float = 0.0
    ) -> None:
        a, b = map(to_point, (ends * self.scale).astype(np.float32))
        self.add_stroke(kind, self.scale_ink(contours), a, b, width * self.scale, bow * self.scale)

    def scale_ink(self, contours: Contours) -> Contours:
        return tuple((contour * self.scale).astype(np.float32) for contour in contours)

    def add_line(self, kind: StrokeKind, line: Line) -> None:
        """A stroke out of a line; that of a bracket with hooks runs along its longest piece."""
        pieces = list(itertools.pairwise(line.points))
        ends = max(pieces, key=lambda piece: float(np.hypot(*(piece[1] - piece[0]))))
        contours = cut_dashes(line) if line.dashes else (thicken(line),)
        self.place_stroke(kind, contours, np.stack(ends), line.width)

    def add_staff(self, staff: Sequence[Line], system: int) -> None:
        self.lines += [float(line.points[0, 1]) for line in staff]
        ends = [line.points * self.scale for line in staff]
        lines = tuple((float(e[0, 0]), float(e[-1, 0]), float(e[0, 1])) for e in ends)
        self.staves.append(StaffPiece(system, lines, staff[0].width * self.scale))

    # --- lines

    def read_brackets(
        self,
        paths: Sequence[etree._Element],
        lines: Sequence[etree._Element],
        staves: Sequence[list[Line]],
        numbers: Sequence[int],
    ) -> None:
        """Braces, and brackets: a thick line with a tip at either end."""
        tips: list[Contours] = []
        for path in paths:
            contours = _flatten(path)
            box = bound(contours)
            if box.height < _BRACE_HEIGHT * SPACE_UNITS:
                tips.append(contours)
                continue
            inside = [n for staff, n in zip(staves, numbers, strict=True) if box.y0 < _middle(staff) < box.y1]
            self.place_symbol(K.BRACE, contours)
            if inside:
                self.braces.append(Brace(inside[0], box.y0 * self.scale, box.y1 * self.scale))
        for line in map(read_line, lines):
            if len(line.points) != 2:  # a thin square bracket is no sign that we know
                self.unknown["Bracket (square)"] += 1
                continue
            box = bound((thicken(line),))
            near = Box(box.x0 - 5, box.y0 - SPACE_UNITS, box.x1 + 5, box.y1 + SPACE_UNITS)
            own = [tip for tip in tips if _touch(bound(tip), near)]
            self.place_symbol(K.BRACKET, (thicken(line), *itertools.chain.from_iterable(own)))

    def read_hairpins(self, lines: Sequence[Line]) -> None:
        """A hairpin is two lines, one after the other, from the same x to the same x."""
        place = 0
        while place + 1 < len(lines):
            upper, lower = lines[place], lines[place + 1]
            if np.allclose(upper.points[[0, -1], 0], lower.points[[0, -1], 0], atol=0.5):
                ends = (upper.points[[0, -1]] + lower.points[[0, -1]]) / 2
                self.place_stroke(StrokeKind.HAIRPIN, (thicken(upper), thicken(lower)), ends, upper.width)
                place += 1
            place += 1

    def read_curve(self, kind: StrokeKind, shape: etree._Element) -> None:
        outline = read_outlines(shape.get("d") or "")[0]
        pen = float(shape.get("stroke-width") or 0)
        curve = trace_curve(outline.points, pen)
        self.place_stroke(kind, (curve.contour,), curve.ends, curve.thickness, curve.bow)

    def read_beams(self, shape: etree._Element) -> None:
        for outline in read_outlines(shape.get("d") or ""):
            corners = outline.points[:4].astype(np.float32)
            ends = (outline.points[:2] + outline.points[3:1:-1]) / 2
            self.place_stroke(StrokeKind.BEAM, (corners,), ends, abs(float(corners[0, 1] - corners[3, 1])))

    def read_tremolo(self, shape: etree._Element) -> None:
        """Bars through one stem are one sign; those between two chords are drawn as beams are."""
        contours = _flatten(shape)
        box = bound(contours)
        middle = (box.x0 + box.x1) / 2
        off = min((abs(stem - middle) for stem in self.list_stems(box)), default=0.0)
        if off > _OFF_STEM * SPACE_UNITS or box.width > _TREMOLO_WIDTH * SPACE_UNITS:
            self.read_beams(shape)
        elif len(contours) <= 4 and "C" not in (shape.get("d") or ""):
            self.place_symbol(K(f"tremolo{len(contours)}"), contours)
        else:
            self.unknown[_describe("Tremolo", shape)] += 1

    def list_stems(self, box: Box) -> list[float]:
        """The x of every stem that passes a box no further than its width away, in SVG units."""
        near = Box(box.x0 - box.width, box.y0, box.x1 + box.width, box.y1)
        stems = [stroke.start.x for stroke in self.strokes if stroke.kind is StrokeKind.STEM and _touch(
            Box(*(side / self.scale for side in (stroke.box.x0, stroke.box.y0, stroke.box.x1, stroke.box.y1))), near
        )]  # fmt: skip
        return [x / self.scale for x in stems]

    # --- glyphs

    def read_path(self, name: str, shape: etree._Element) -> None:
        if name in _IGNORED:
            return
        if name in _WHOLE and shape.get("d"):
            self.place_symbol(_WHOLE[name], _flatten(shape))
            return
        matrix = _read_matrix(shape)
        outlines = [
            replace(outline, points=move_points(matrix, outline.points).astype(np.float64))
            for outline in read_outlines(shape.get("d") or "")
        ]
        found, unknown = self.chart.split(outlines, _KINDS.get(name, ()))
        if unknown and not (name in _WORDS_TOO and not found):
            self.unknown[_describe(name, shape)] += 1
        for placed in found:
            self.add_glyph(placed)

    def add_glyph(self, placed: Placed) -> None:
        kind, contours = placed.glyph.kind, placed.contours
        if kind is None:
            return
        if kind is K.TRILL_LINE:
            self.wiggles.append(contours)
            return
        letters = list_letters(placed.glyph)
        if letters:
            self.add_letters(letters, contours)
            return
        if placed.glyph.name in _ALIKE:
            box = bound(contours)
            kind = K.REST_WHOLE if self.off_line(box.y0) < self.off_line(box.y1) else K.REST_HALF
        self.place_symbol(_SMALL.get(kind, kind) if placed.small else kind, contours)
        octave = re.search("Clef(8|15)(v|m)(a|b)", placed.glyph.name)
        if octave:
            self.place_symbol(K(f"clef{octave[1]}"), _find_octave(contours, above=octave[3] == "a"))

    def add_letters(self, kinds: Sequence[K], contours: Contours) -> None:
        """The letters of a dynamic that is one glyph: they share its ink, and its width as they would alone."""
        box = bound(self.scale_ink(contours))
        widths = np.cumsum([0.0, *(self.chart.width_of(kind) for kind in kinds)])
        edges = box.x0 + widths / widths[-1] * box.width
        for kind, (left, right) in zip(kinds, itertools.pairwise(edges.tolist()), strict=True):
            self.place_symbol(kind, contours, Box(left, box.y0, right, box.y1))

    def off_line(self, y: float) -> float:
        """How far `y` is from the nearest line of the nearest staff, whose lines go on above and below it."""
        nearest = min(self.lines, key=lambda line: abs(line - y))
        away = (y - nearest) % SPACE_UNITS
        return min(away, SPACE_UNITS - away)


def _merge_rows(glyphs: Sequence[Contours]) -> list[Contours]:
    """Glyphs that are drawn one after another in a row, as those of an arpeggio, become one."""
    rows: list[Contours] = []
    end: Box | None = None  # the last glyph of the row
    for contours in glyphs:
        box = bound(contours)
        near = Box(box.x0 - _ROW, box.y0 - _ROW, box.x1 + _ROW, box.y1 + _ROW)
        if end is not None and _touch(end, near):
            rows[-1] += contours
        else:
            rows.append(contours)
        end = box
    return rows


def _read_matrix(shape: etree._Element) -> Matrix:
    """The 3 x 3 matrix of a shape's transform."""
    matrix = np.eye(3)
    transform = re.fullmatch(r"matrix\(([^)]*)\)", shape.get("transform") or "")
    if transform:
        matrix[:2] = np.array(transform[1].split(","), np.float64).reshape(3, 2).T
    return matrix


def _flatten(shape: etree._Element) -> Contours:
    """The contours of a path in SVG units, moved as its transform says."""
    matrix = _read_matrix(shape)
    return tuple(move_points(matrix, contour) for contour in flatten_path(shape.get("d") or ""))


def _find_octave(contours: Contours, *, above: bool) -> Contours:
    """The digits above or below a clef: the outlines that lie wholly in the outer quarter of it, if there are any."""
    box = bound(contours)
    edge = box.y0 + 0.25 * box.height if above else box.y1 - 0.25 * box.height
    parts = tuple(c for c in contours if (c[:, 1].max() < edge if above else c[:, 1].min() > edge))
    return parts or contours


def _middle(staff: Sequence[Line]) -> float:
    return float(staff[0].points[0, 1] + staff[-1].points[0, 1]) / 2


def _touch(a: Box, b: Box) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _describe(name: str, shape: etree._Element) -> str:
    """The name of an unknown outline: the same for the same sign of a font at any place."""
    commands = re.sub("[^MLC]", "", shape.get("d") or "")
    return f"{name} {zlib.crc32(commands.encode()):08x}"
