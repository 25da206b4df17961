"""A page of MUSCIMA++ 2.0 as a sample. In: its XML. Out: picture, mask and truth in the reader's own records.

MUSCIMA++ (Hajič and Pecina, ICDAR 2017) holds graphs of nodes, each with the mask of its ink. The page is painted from
these masks, so that picture and truth agree to the pixel.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.muscima_nodes import Node, Nodes, join_flags, parse_nodes
from leggio.synth.sample import STAFF_BIT, STROKE_BITS, SYMBOL_BIT, Contours, Relation, Sample, Truth

_SYMBOLS = {
    "brace": SymbolKind.BRACE, "bracket": SymbolKind.BRACKET, "gClef": SymbolKind.CLEF_G,
    "cClef": SymbolKind.CLEF_C, "fClef": SymbolKind.CLEF_F, "timeSigCommon": SymbolKind.TIME_COMMON,
    "timeSigCutCommon": SymbolKind.TIME_CUT, "noteheadFull": SymbolKind.HEAD_BLACK,
    "noteheadHalf": SymbolKind.HEAD_HALF, "noteheadWhole": SymbolKind.HEAD_WHOLE,
    "noteheadFullSmall": SymbolKind.HEAD_BLACK_SMALL, "noteheadHalfSmall": SymbolKind.HEAD_HALF_SMALL,
    "flag8thUp": SymbolKind.FLAG_8_UP, "flag8thDown": SymbolKind.FLAG_8_DOWN,
    "flag16thUp": SymbolKind.FLAG_16_UP, "flag16thDown": SymbolKind.FLAG_16_DOWN,
    "flag32thUp": SymbolKind.FLAG_32_UP, "flag32thDown": SymbolKind.FLAG_32_DOWN,
    "flag64thUp": SymbolKind.FLAG_64_UP, "flag64thDown": SymbolKind.FLAG_64_DOWN,
    "graceNoteAcciaccatura": SymbolKind.GRACE_SLASH, "restWhole": SymbolKind.REST_WHOLE,
    "restHalf": SymbolKind.REST_HALF, "restQuarter": SymbolKind.REST_QUARTER, "rest8th": SymbolKind.REST_8,
    "rest16th": SymbolKind.REST_16, "rest32nd": SymbolKind.REST_32, "multiMeasureRest": SymbolKind.REST_H_BAR,
    "accidentalFlat": SymbolKind.FLAT, "accidentalNatural": SymbolKind.NATURAL,
    "accidentalSharp": SymbolKind.SHARP, "accidentalDoubleSharp": SymbolKind.DOUBLE_SHARP,
    "accidentalDoubleFlat": SymbolKind.DOUBLE_FLAT, "augmentationDot": SymbolKind.DOT,
    "repeatDot": SymbolKind.REPEAT_DOT, "articulationStaccato": SymbolKind.STACCATO,
    "articulationTenuto": SymbolKind.TENUTO, "articulationAccent": SymbolKind.ACCENT,
    "articulationMarcatoAbove": SymbolKind.MARCATO, "articulationMarcatoBelow": SymbolKind.MARCATO,
    "fermataAbove": SymbolKind.FERMATA_ABOVE, "fermataBelow": SymbolKind.FERMATA_BELOW,
    "breathMark": SymbolKind.BREATH, "caesura": SymbolKind.CAESURA, "ornamentTrill": SymbolKind.TRILL,
    "wiggleTrill": SymbolKind.TRILL_LINE, "arpeggio": SymbolKind.ARPEGGIO, "segno": SymbolKind.SEGNO,
    "coda": SymbolKind.CODA, "repeat1Bar": SymbolKind.REPEAT_BAR, "dynamicLetterP": SymbolKind.DYNAMIC_P,
    "dynamicLetterM": SymbolKind.DYNAMIC_M, "dynamicLetterF": SymbolKind.DYNAMIC_F,
    "dynamicLetterS": SymbolKind.DYNAMIC_S, "dynamicLetterZ": SymbolKind.DYNAMIC_Z,
    "dynamicLetterR": SymbolKind.DYNAMIC_R,
}  # fmt: skip
_STROKES = {
    "stem": StrokeKind.STEM, "beam": StrokeKind.BEAM, "barline": StrokeKind.BARLINE,
    "barlineHeavy": StrokeKind.BARLINE, "slur": StrokeKind.SLUR, "tie": StrokeKind.TIE,
    "dynamicCrescendoHairpin": StrokeKind.HAIRPIN, "dynamicDiminuendoHairpin": StrokeKind.HAIRPIN,
    "legerLine": StrokeKind.LEDGER, "tupleBracket": StrokeKind.BRACKET, "volta": StrokeKind.BRACKET,
    "horizontalSpanner": StrokeKind.BRACKET, "dottedHorizontalSpanner": StrokeKind.BRACKET,
    "multipleNoteTremolo": StrokeKind.BEAM,  # one stroke each, drawn like an inner beam
}  # fmt: skip
_SMALL = {
    SymbolKind.FLAT: SymbolKind.FLAT_SMALL, SymbolKind.NATURAL: SymbolKind.NATURAL_SMALL,
    SymbolKind.SHARP: SymbolKind.SHARP_SMALL, SymbolKind.FLAG_8_UP: SymbolKind.FLAG_8_UP_SMALL,
    SymbolKind.FLAG_8_DOWN: SymbolKind.FLAG_8_DOWN_SMALL, SymbolKind.FLAG_16_UP: SymbolKind.FLAG_16_UP_SMALL,
    SymbolKind.FLAG_16_DOWN: SymbolKind.FLAG_16_DOWN_SMALL,
}  # fmt: skip
# Areas, and nodes whose ink is that of other nodes.
_NOT_PAINTED = {
    "staff", "staffSpace", "staffGrouping", "measureSeparator", "keySignature", "timeSignature", "repeat", "tuple",
}  # fmt: skip
_MARGIN = 3.0  # staff spaces of paper around the outermost ink
_STEP = 20  # pixels between the sample columns of a staff
_BLUR = 5  # pixels on each side over which the height of a staff line is averaged
_TIP = 0.1  # of a hairpin's length: the legs of one drawn by hand do not end in the same column
_ARCH = 0.75  # an arch has at an eighth of its way risen 0.44 of its height, a bracket with hooks all of it


def read_page(xml: bytes) -> Sample:
    """One page of MUSCIMA++ as a sample. Raises InputError when the file is broken or holds no staff of five lines."""
    nodes = join_flags(parse_nodes(xml))
    staves = _find_staves(nodes)
    if not staves:
        raise InputError("This page of MUSCIMA++ holds no staff of five lines: leave it out.")
    space = float(np.median([staff.space for staff in staves.values()]))
    margin = round(_MARGIN * space)
    left, top = (
        min(values) - margin for values in zip(*((n.left, n.top) for n in nodes.values()), strict=True)
    )
    nodes = {key: replace(node, left=node.left - left, top=node.top - top) for key, node in nodes.items()}
    width = round(max(node.box.x1 for node in nodes.values())) + margin
    height = round(max(node.box.y1 for node in nodes.values())) + margin

    systems = _join_systems(nodes, _find_staves(nodes))
    symbols: list[Symbol] = []
    strokes: list[Stroke] = []
    outlines: list[Contours] = []
    ids: dict[int, int] = {}
    ink, mask = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint16)
    kinds = _name_symbols(nodes, systems, space)
    for node in nodes.values():
        if node.name not in _NOT_PAINTED:
            node.paint(ink, 255)
        identity = len(outlines)
        if node.name == "staffLine":
            node.paint(mask, STAFF_BIT)
        elif node.id in kinds:
            symbols.append(Symbol(identity, kinds[node.id], node.box, 1.0))
            node.paint(mask, SYMBOL_BIT)
        elif node.name in _STROKES:
            stroke = _follow_stroke(node, identity)
            strokes.append(stroke)
            node.paint(mask, STROKE_BITS[stroke.kind])
        if len(symbols) + len(strokes) > identity:
            outlines.append(_trace(node))
            ids[node.id] = identity
    width_of_line = np.median(
        np.concatenate(
            [n.mask.sum(axis=0)[n.mask.any(axis=0)] for n in nodes.values() if n.name == "staffLine"]
        )
    )
    relations = tuple(_relate(nodes, ids))
    truth = Truth(tuple(symbols), tuple(strokes), systems, space, float(width_of_line), relations)
    return Sample(np.invert(ink), mask, truth, tuple(outlines))


def _find_staves(nodes: Nodes) -> dict[int, Staff]:
    """The staves of five lines by their nodes' ids, each as yet alone in its system, from top to bottom."""
    staves: dict[int, Staff] = {}
    for node in sorted((n for n in nodes.values() if n.name == "staff"), key=lambda n: n.top):
        lines = [nodes[k] for k in node.outlinks if k in nodes and nodes[k].name == "staffLine"]
        if len(lines) != 5:
            continue
        box = node.box
        xs = np.linspace(box.x0, box.x1, max(2, round(box.width / _STEP) + 1))
        ys = np.array(sorted((_follow_line(line, xs) for line in lines), key=lambda line: float(line.mean())))
        space = float((ys[4] - ys[0]).mean() / 4)
        rows = tuple(tuple(map(float, row)) for row in ys)
        staves[node.id] = Staff(len(staves), len(staves), 0, tuple(map(float, xs)), rows, space)
    return staves


def _follow_line(line: Node, xs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The y of a staff line at each x, averaged over a few columns; gaps are bridged."""
    columns, ys = _find_middles(line.mask)
    ys = np.interp(np.arange(columns[0] - _BLUR, columns[-1] + _BLUR + 1), columns, ys)
    smooth = np.convolve(ys, np.ones(2 * _BLUR + 1) / (2 * _BLUR + 1), "valid")
    return np.interp(xs, line.left + 0.5 + np.arange(columns[0], columns[-1] + 1), line.top + smooth)


def _find_middles(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The columns that hold ink, and the height of its middle in each, counted from the corner of the mask."""
    counts = mask.sum(axis=0)
    columns = np.flatnonzero(counts)
    sums = ((np.arange(mask.shape[0]) + 0.5)[:, None] * mask).sum(axis=0)
    return columns, sums[columns] / counts[columns]


def _join_systems(nodes: Nodes, staves: Mapping[int, Staff]) -> tuple[System, ...]:
    """Staves that a grouping or a bar line links are one system; those of one brace are one part."""
    system = {key: staff.system for key, staff in staves.items()}
    for node in nodes.values():
        if node.name in ("staffGrouping", "measureSeparator"):
            linked = {system[key] for key in node.outlinks if key in system}
            system = {key: min(linked) if old in linked else old for key, old in system.items()}
    braces = [node.box for node in nodes.values() if node.name == "brace"]
    result = []
    for number, first in enumerate(sorted(set(system.values()))):
        rows: list[Staff] = []
        within = [staff for key, staff in staves.items() if system[key] == first]
        owners = [next((b for b in braces if b.y0 < s.box.center.y < b.y1), None) for s in within]
        for place, (staff, brace) in enumerate(zip(within, owners, strict=True)):
            joined = place > 0 and brace is not None and brace == owners[place - 1]
            part = 0 if place == 0 else rows[-1].part + (0 if joined else 1)
            rows.append(replace(staff, system=number, part=part))
        box = functools.reduce(Box.union, (staff.box for staff in rows))
        result.append(System(number, tuple(rows), box))
    return tuple(result)


def _name_symbols(nodes: Nodes, systems: Sequence[System], space: float) -> dict[int, SymbolKind]:
    """The kinds of all nodes that are symbols."""
    owners: dict[int, set[str]] = {key: set() for key in nodes}
    for node in nodes.values():
        for other in node.outlinks:
            if other in nodes:
                owners[other].add(node.name)
                owners[node.id].add(nodes[other].name)
    kinds = {}
    for key, node in nodes.items():
        kind = _SYMBOLS.get(node.name)
        if node.name.startswith("numeral"):
            kind = _name_digit(node, owners[key], systems)
        elif kind is SymbolKind.REST_H_BAR and node.box.width < 2 * space:
            # Bars of rest in the old way: a block through two spaces counts four, through one space two.
            kind = SymbolKind.REST_LONGA if node.box.height > 1.5 * space else SymbolKind.REST_DOUBLE_WHOLE
        elif "noteheadFullSmall" in owners[key] and kind in _SMALL:
            kind = _SMALL[kind]
        if kind is not None:
            kinds[key] = kind
    return kinds


def _name_digit(node: Node, owners: set[str], systems: Sequence[System]) -> SymbolKind | None:
    """A digit of a time signature or of a tuplet; none where it counts bars."""
    digit = node.name.removeprefix("numeral")
    middle = node.box.center
    on_staff = any(staff.box.contains(middle) for system in systems for staff in system.staves)
    if "timeSignature" in owners or (on_staff and not owners & {"tuple", "otherNumericSign"}):
        return SymbolKind(f"timeSig{digit}")
    return None if "otherNumericSign" in owners else SymbolKind(f"tuplet{digit}")


def _follow_stroke(node: Node, identity: int) -> Stroke:
    """A stroke's ends and thickness out of its ink."""
    kind = _STROKES[node.name]
    upright = kind in (StrokeKind.STEM, StrokeKind.BARLINE)
    mask = node.mask.T if upright else node.mask
    places, middles = _find_middles(mask)
    counts = mask.sum(axis=0)[places]
    thickness = float(np.median(counts))
    bow = float(np.interp(places[-1] / 2, places, middles) - (middles[0] + middles[-1]) / 2)
    eighth = float(np.interp(places[-1] / 8, places, middles) - np.interp(1 / 8, (0, 1), middles[[0, -1]]))
    if node.name == "tupleBracket" and abs(bow) > 2 * thickness and eighth / bow < _ARCH:
        kind = StrokeKind.SLUR  # many writers draw it so
    ends = middles[[0, -1]]
    curved = kind in (StrokeKind.SLUR, StrokeKind.TIE)
    if kind is StrokeKind.HAIRPIN:
        thickness /= 2  # most columns cut both of its legs
        tip = max(1, round(mask.shape[1] * _TIP))
        ends = np.array([_find_middle_row(mask[:, :tip]), _find_middle_row(mask[:, -tip:])])
    elif not curved:
        plain = counts <= 2 * thickness  # without hooks, and without what crosses
        degree = min(1, int(plain.sum()) - 1)
        fit = np.polynomial.Polynomial.fit(places[plain] + 0.5, middles[plain], degree)
        ends = fit(np.array([0.0, mask.shape[1]]))
    a, b = (0.0, float(ends[0])), (float(mask.shape[1]), float(ends[1]))
    start, end = (
        Point(node.left + (y if upright else x), node.top + (x if upright else y)) for x, y in (a, b)
    )
    return Stroke(identity, kind, start, end, thickness, node.box, 1.0, bow if curved else 0.0)


def _find_middle_row(mask: NDArray[np.bool_]) -> float:
    """The height half way between the highest and the lowest ink."""
    rows = np.flatnonzero(mask.any(axis=1))
    return float(rows[0] + rows[-1] + 1) / 2


def _trace(node: Node) -> Contours:
    """The outline of a node's ink through the middles of its outer pixels, in page pixels."""
    found, _ = cv2.findContours(node.mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    shift = np.array([node.left + 0.5, node.top + 0.5], np.float32)
    return tuple(contour[:, 0].astype(np.float32) + shift for contour in found)


def _relate(nodes: Nodes, ids: Mapping[int, int]) -> Iterator[Relation]:
    """Links between what is kept; a head's link to a tuplet is one to its digits and bracket."""
    for key, source in ids.items():
        targets = list(nodes[key].outlinks)
        for tuplet in (nodes[k] for k in nodes[key].outlinks if k in nodes and nodes[k].name == "tuple"):
            targets.extend(tuplet.outlinks)
        yield from (Relation(source, ids[k]) for k in dict.fromkeys(targets) if k in ids)
