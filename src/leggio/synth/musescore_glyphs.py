"""Which symbol each path of MuseScore's drawings is. In: pages that show every sign we know. Out: a chart to look up.

MuseScore writes a glyph as a bare path. So it is first made to draw a chart of every sign that we have a name for, each
in its own colour: the colour says which sign a path is. A later path is the sign whose outline has the same commands
and, moved and scaled, the same points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.music.notation import SymbolKind as K
from leggio.synth.outlines import flatten_path
from leggio.synth.sample import Contours
from leggio.synth.svg import SVG

SPACE_UNITS = 25.0  # MuseScore's staff space in SVG units at the spatium below
SPATIUM = SPACE_UNITS / 360 * 25.4  # millimetres: the drawing has 360 units an inch
_NEAR = 0.03  # of the longer side: points of one sign, drawn at two sizes, differ by less
_SMALL = 0.85  # of the size on the chart: signs of grace notes and cues are 0.7

# SMuFL names of the signs that are drawn in the music font. Several forms of one sign stand in one row.
SIGNS: dict[K, str] = {
    K.CLEF_G: "gClef gClef8vb gClef8va gClef15ma gClef15mb",
    K.CLEF_C: "cClef cClef8vb",
    K.CLEF_F: "fClef fClef8vb fClef8va fClef15ma fClef15mb",
    K.CLEF_PERCUSSION: "unpitchedPercussionClef1 unpitchedPercussionClef2",
    K.CLEF_TAB: "6stringTabClef 4stringTabClef",
    K.TIME_COMMON: "timeSigCommon", K.TIME_CUT: "timeSigCutCommon",
    **{K(f"timeSig{digit}"): f"timeSig{digit}" for digit in range(10)},
    K.HEAD_DOUBLE_WHOLE: "noteheadDoubleWhole noteheadDoubleWholeSquare",
    K.HEAD_WHOLE: "noteheadWhole", K.HEAD_HALF: "noteheadHalf", K.HEAD_BLACK: "noteheadBlack",
    K.HEAD_X: "noteheadXBlack noteheadXHalf noteheadXWhole",
    K.HEAD_CIRCLE_X: "noteheadCircleX noteheadCircleXHalf noteheadCircleXWhole",
    K.HEAD_DIAMOND: "noteheadDiamondBlack noteheadDiamondBlackOld",
    K.HEAD_DIAMOND_HALF: "noteheadDiamondHalf noteheadDiamondWhite noteheadDiamondWhole noteheadDiamondHalfOld",
    K.HEAD_SLASH: "noteheadSlashVerticalEnds noteheadSlashHorizontalEnds "
    "noteheadSlashWhiteHalf noteheadSlashWhiteWhole",
    K.FLAG_8_UP: "flag8thUp", K.FLAG_16_UP: "flag16thUp", K.FLAG_32_UP: "flag32ndUp", K.FLAG_64_UP: "flag64thUp",
    K.FLAG_128_UP: "flag128thUp",
    K.FLAG_8_DOWN: "flag8thDown", K.FLAG_16_DOWN: "flag16thDown", K.FLAG_32_DOWN: "flag32ndDown",
    K.FLAG_64_DOWN: "flag64thDown", K.FLAG_128_DOWN: "flag128thDown",
    K.REST_LONGA: "restLonga", K.REST_DOUBLE_WHOLE: "restDoubleWhole restDoubleWholeLegerLine",
    K.REST_WHOLE: "restWhole restWholeLegerLine", K.REST_HALF: "restHalf restHalfLegerLine",
    K.REST_QUARTER: "restQuarter", K.REST_8: "rest8th", K.REST_16: "rest16th", K.REST_32: "rest32nd",
    K.REST_64: "rest64th", K.REST_128: "rest128th", K.REST_256: "rest256th",
    K.FLAT: "accidentalFlat", K.NATURAL: "accidentalNatural", K.SHARP: "accidentalSharp",
    K.DOUBLE_SHARP: "accidentalDoubleSharp", K.DOUBLE_FLAT: "accidentalDoubleFlat",
    K.QUARTER_FLAT: "accidentalQuarterToneFlatStein",
    K.THREE_QUARTERS_FLAT: "accidentalThreeQuarterTonesFlatZimmermann",
    K.QUARTER_SHARP: "accidentalQuarterToneSharpStein",
    K.THREE_QUARTERS_SHARP: "accidentalThreeQuarterTonesSharpStein",
    K.PARENTHESIS_LEFT: "accidentalParensLeft noteheadParenthesisLeft",
    K.PARENTHESIS_RIGHT: "accidentalParensRight noteheadParenthesisRight",
    K.STACCATO: "articStaccatoAbove articStaccatoBelow",
    K.STACCATISSIMO: "articStaccatissimoAbove articStaccatissimoBelow articStaccatissimoWedgeAbove "
    "articStaccatissimoWedgeBelow articStaccatissimoStrokeAbove articStaccatissimoStrokeBelow",
    K.TENUTO: "articTenutoAbove articTenutoBelow", K.ACCENT: "articAccentAbove articAccentBelow",
    K.UP_BOW: "stringsUpBow",  # before the marcato below, which is the same glyph in Gonville and hardly ever drawn
    K.MARCATO: "articMarcatoAbove articMarcatoBelow",
    K.DOWN_BOW: "stringsDownBow", K.HARMONIC: "stringsHarmonic",
    K.LEFT_PIZZICATO: "pluckedLeftHandPizzicato brassMuteClosed",
    K.SNAP_PIZZICATO: "pluckedSnapPizzicatoAbove pluckedSnapPizzicatoBelow",
    K.FERMATA_ABOVE: "fermataAbove", K.FERMATA_BELOW: "fermataBelow",
    K.FERMATA_SHORT: "fermataShortAbove fermataShortBelow", K.FERMATA_LONG: "fermataLongAbove fermataLongBelow",
    K.BREATH: "breathMarkComma breathMarkTick breathMarkUpbow breathMarkSalzedo",
    K.CAESURA: "caesura caesuraShort caesuraThick caesuraCurved",
    K.TRILL: "ornamentTrill", K.TURN: "ornamentTurn", K.TURN_INVERTED: "ornamentTurnInverted",
    # MuseScore 3 has the names of an older SMuFL, where a mordent without a stroke was the plain one.
    K.SHORT_TRILL: "ornamentMordent", K.MORDENT: "ornamentMordentInverted", K.TREMBLEMENT: "ornamentTremblement",
    K.TRILL_LINE: "wiggleTrill",
    K.PEDAL: "keyboardPedalPed", K.PEDAL_UP: "keyboardPedalUp",
    K.SEGNO: "segno", K.CODA: "coda codaSquare",
    K.REPEAT_BAR: "repeat1Bar", K.REPEAT_2_BARS: "repeat2Bars",
    K.OTTAVA: "ottava ottavaAlta ottavaBassa ottavaBassaBa ottavaBassaVb",
    K.QUINDICESIMA: "quindicesima quindicesimaAlta quindicesimaBassa quindicesimaBassaMb",
    K.DYNAMIC_P: "dynamicPiano", K.DYNAMIC_M: "dynamicMezzo", K.DYNAMIC_F: "dynamicForte",
    K.DYNAMIC_S: "dynamicSforzando", K.DYNAMIC_Z: "dynamicZ", K.DYNAMIC_R: "dynamicRinforzando",
    K.DYNAMIC_N: "dynamicNiente",
}  # fmt: skip
DYNAMICS = tuple(kind for kind in SIGNS if kind.value.startswith("dynamic"))
_IN_TEXTS = (*DYNAMICS, K.PEDAL, K.PEDAL_UP, K.OTTAVA, K.QUINDICESIMA, K.SEGNO, K.CODA, K.TRILL, K.TRILL_LINE)
_LETTERS = {
    "p": "dynamicPiano", "m": "dynamicMezzo", "f": "dynamicForte", "s": "dynamicSforzando", "z": "dynamicZ",
    "r": "dynamicRinforzando",
}  # fmt: skip
# Some fonts have a glyph of its own for several letters, so each dynamic is on the chart as a whole, too.
_DYNAMICS = (
    "pp ppp pppp ppppp pppppp mp mf pf ff fff ffff fffff ffffff fp fz sf sff sfp sfpp sfz sffz sfzp rf rfz"
)
_STYLES = (
    "{}",
    "<i>{}</i>",
    "<b>{}</b>",
)  # upright, italic and bold digits, and the colon of a tuplet such as 3:2


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed line of a path: its `commands` (M, L, C) and the points they name, (n, 2), in SVG units."""

    commands: str
    points: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A sign of the chart: `points` lie in the unit box from its upper left corner, `size` is in staff spaces.

    `kind` is None for what is known to be no symbol. `contours` is its ink in the unit box. A glyph that is several
    letters of a dynamic has the `name` of that dynamic and the kind of its first letter.
    """

    name: str
    kind: K | None
    commands: str
    points: NDArray[np.float64]
    contours: Contours
    size: float

    @property
    def outlines(self) -> list[Outline]:
        """The closed lines of the glyph, in the unit box."""
        starts = [place for place, command in enumerate(self._list_points()) if command == "M"]
        parts = np.split(self.points, starts[1:])
        return [
            Outline("M" + text, part) for text, part in zip(self.commands.split("M")[1:], parts, strict=True)
        ]

    def _list_points(self) -> str:
        """The command that each point belongs to: one for M and L, three for C."""
        return self.commands.replace("C", "CCC")


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph where it stands: its ink is `contours * scale + corner`, in SVG units."""

    glyph: Glyph
    corner: NDArray[np.float64]
    scale: float
    small: bool

    @property
    def contours(self) -> Contours:
        return tuple((c * self.scale + self.corner).astype(np.float32) for c in self.glyph.contours)


@dataclass(frozen=True, slots=True)
class Chart:
    """Glyphs of one font, in the order in which they are tried."""

    glyphs: tuple[Glyph, ...]

    def find(self, outlines: Sequence[Outline], kinds: Collection[K]) -> Placed | None:
        """The glyph of one of these kinds that some outlines taken together are; None if there is none.

        Of two signs of one shape, as an up-bow and a marcato may be, it is the one that is so large.
        """
        commands = "".join(outline.commands for outline in outlines)
        alike = [g for g in self.glyphs if g.commands == commands and (g.kind is None or g.kind in kinds)]
        if not alike:
            return None
        points, corner, scale = _normalise(np.concatenate([outline.points for outline in outlines]))
        near = [glyph for glyph in alike if float(np.abs(glyph.points - points).max()) < _NEAR]
        if not near:
            return None
        size = scale / SPACE_UNITS
        best = min(near, key=lambda glyph: abs(math.log(size / glyph.size)))
        return Placed(best, corner, scale, size < _SMALL * best.size)

    def width_of(self, kind: K) -> float:
        """How wide the first glyph of this kind is, in staff spaces."""
        glyph = next(glyph for glyph in self.glyphs if glyph.kind is kind)
        return float(glyph.points[:, 0].max()) * glyph.size

    def split(self, outlines: Sequence[Outline], kinds: Collection[K]) -> tuple[list[Placed], int]:
        """The glyphs of a path from its first to its last outline, and how many outlines belong to none.

        A path of text holds several glyphs one after another: the one with the most outlines is tried first.
        """
        found, unknown, start = [], 0, 0
        longest = max((glyph.commands.count("M") for glyph in self.glyphs), default=1)
        while start < len(outlines):
            for stop in range(min(len(outlines), start + longest), start, -1):
                placed = self.find(outlines[start:stop], kinds)
                if placed is not None:
                    found.append(placed)
                    start = stop
                    break
            else:
                unknown += 1
                start += 1
        return found, unknown


def read_outlines(path: str) -> list[Outline]:
    """The closed lines of an SVG path of absolute M, L and C commands, each with its own letter, as Qt writes them."""
    found = []
    for piece in path.split("M")[1:]:
        numbers = np.array(re.sub("[A-Za-z, ]+", " ", piece).split(), np.float64)
        found.append(Outline("M" + re.sub("[^LC]", "", piece), numbers.reshape(-1, 2)))
    return found


def _normalise(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Points moved and scaled into the unit box, its upper left corner and its longer side before that."""
    corner = points.min(axis=0)
    scale = float((points.max(axis=0) - corner).max()) or 1.0
    return (points - corner) / scale, corner, scale


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing on a chart: what it is called, what it is, and the MuseScore element that draws it."""

    name: str
    kind: K | None
    element: str


def list_letters(glyph: Glyph) -> tuple[K, ...]:
    """The letters of a glyph that is a whole dynamic, such as mf; empty for any other glyph."""
    return (
        tuple(K(f"dynamic{letter.upper()}") for letter in glyph.name)
        if glyph.name in _DYNAMICS.split()
        else ()
    )


def _list_entries(text_font: str) -> list[_Entry]:
    """Every sign in the music font and, as many stand in texts, in its text font; then digits in `text_font`."""
    entries = []
    for kind, names in SIGNS.items():
        for name in names.split():
            entries.append(_Entry(name, kind, f"<Symbol><name>{name}</name>{{color}}</Symbol>"))
            if kind in _IN_TEXTS:
                text = f"<text><sym>{name}</sym></text>"
                entries.append(_Entry(name, kind, f"<StaffText>{{color}}{text}</StaffText>"))
    for dynamic in _DYNAMICS.split():
        text = "".join(f"<sym>{_LETTERS[letter]}</sym>" for letter in dynamic)
        element = f"<StaffText>{{color}}<text>{text}</text></StaffText>"
        entries.append(_Entry(dynamic, K(f"dynamic{dynamic[0].upper()}"), element))
    for style in _STYLES:
        for digit in "0123456789:":
            meant = None if digit == ":" else K(f"tuplet{digit}")
            text = f'<text><font face="{text_font}"/>{style.format(digit)}</text>'
            entries.append(_Entry(digit, meant, f"<StaffText>{{color}}{text}</StaffText>"))
    return entries


def write_chart(text_font: str) -> bytes:
    """A score (.mscx) that shows every sign once, one a bar, each in its own colour; its fonts come with a style."""
    bars = []
    for number, entry in enumerate(_list_entries(text_font), 1):
        color = f'<color r="{number >> 8}" g="{number & 255}" b="200" a="255"/>'
        metre = "<TimeSig><sigN>4</sigN><sigD>4</sigD></TimeSig>" if number == 1 else ""
        rest = "<Rest><durationType>measure</durationType><duration>4/4</duration></Rest>"
        bars.append(
            f"<Measure><voice>{metre}{entry.element.replace('{color}', color)}{rest}</voice></Measure>"
        )
    part = '<Part><Staff id="1"><StaffType group="pitched"/></Staff><Instrument/></Part>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><museScore version="3.01"><Score>{part}'
        f'<Staff id="1">{"".join(bars)}</Staff></Score></museScore>'
    ).encode()


def learn_chart(pages: Iterable[etree._Element], text_font: str) -> Chart:
    """The chart out of MuseScore's drawing of `write_chart`. A sign that the font lacks is not on it."""
    entries, glyphs = _list_entries(text_font), []
    for page in pages:
        for path in page.iter(SVG + "path"):
            fill = path.get("fill") or "#000000"
            number = int(fill[1:5], 16)
            if path.get("class") not in ("Symbol", "StaffText") or not 0 < number <= len(entries):
                continue
            glyphs.append(_learn_glyph(entries[number - 1], path.get("d") or ""))
            digit = glyphs[-1].name
            if digit in set("012345"):
                glyphs.append(replace(glyphs[-1], kind=K(f"fingering{digit}")))
    letters = Chart(tuple(glyph for glyph in glyphs if glyph.name not in _DYNAMICS.split()))
    whole = [
        glyph
        for glyph in glyphs
        if glyph.name in _DYNAMICS.split() and letters.split(glyph.outlines, DYNAMICS)[1]
    ]
    return Chart((*letters.glyphs, *whole))


def _learn_glyph(entry: _Entry, path: str) -> Glyph:
    outlines = read_outlines(path)
    points, corner, scale = _normalise(np.concatenate([outline.points for outline in outlines]))
    contours = tuple(((contour - corner) / scale).astype(np.float32) for contour in flatten_path(path))
    commands = "".join(outline.commands for outline in outlines)
    return Glyph(entry.name, entry.kind, commands, points, contours, scale / SPACE_UNITS)
