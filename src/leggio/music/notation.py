"""Records of ink: what stands on the page, in page pixels, before it means anything.

Ids count through one page: every symbol has its own, and the records of meaning point back to them.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from enum import Enum

from leggio.geometry import Box, Point


class SymbolKind(Enum):
    """What a symbol is. The values are the class names of DeepScoresV2 where it has one, SMuFL's otherwise."""

    BRACE = "brace"
    BRACKET = "bracket"
    CLEF_G = "clefG"
    CLEF_C = "clefC"
    CLEF_F = "clefF"
    CLEF_PERCUSSION = "clefUnpitchedPercussion"
    CLEF_8 = "clef8"
    CLEF_15 = "clef15"
    CLEF_TAB = "6stringTabClef"
    TIME_0 = "timeSig0"
    TIME_1 = "timeSig1"
    TIME_2 = "timeSig2"
    TIME_3 = "timeSig3"
    TIME_4 = "timeSig4"
    TIME_5 = "timeSig5"
    TIME_6 = "timeSig6"
    TIME_7 = "timeSig7"
    TIME_8 = "timeSig8"
    TIME_9 = "timeSig9"
    TIME_COMMON = "timeSigCommon"
    TIME_CUT = "timeSigCutCommon"
    HEAD_BLACK = "noteheadBlack"
    HEAD_HALF = "noteheadHalf"
    HEAD_WHOLE = "noteheadWhole"
    HEAD_DOUBLE_WHOLE = "noteheadDoubleWhole"
    HEAD_BLACK_SMALL = "noteheadBlackSmall"
    HEAD_HALF_SMALL = "noteheadHalfSmall"
    HEAD_WHOLE_SMALL = "noteheadWholeSmall"
    HEAD_X = "noteheadXBlack"
    HEAD_CIRCLE_X = "noteheadCircleX"
    HEAD_DIAMOND = "noteheadDiamondBlack"
    HEAD_DIAMOND_HALF = "noteheadDiamondHalf"
    HEAD_SLASH = "noteheadSlashHorizontalEnds"
    FLAG_8_UP = "flag8thUp"
    FLAG_16_UP = "flag16thUp"
    FLAG_32_UP = "flag32ndUp"
    FLAG_64_UP = "flag64thUp"
    FLAG_128_UP = "flag128thUp"
    FLAG_8_DOWN = "flag8thDown"
    FLAG_16_DOWN = "flag16thDown"
    FLAG_32_DOWN = "flag32ndDown"
    FLAG_64_DOWN = "flag64thDown"
    FLAG_128_DOWN = "flag128thDown"
    FLAG_8_UP_SMALL = "flag8thUpSmall"
    FLAG_16_UP_SMALL = "flag16thUpSmall"
    FLAG_8_DOWN_SMALL = "flag8thDownSmall"
    FLAG_16_DOWN_SMALL = "flag16thDownSmall"
    GRACE_SLASH = "graceNoteSlash"
    REST_LONGA = "restLonga"
    REST_DOUBLE_WHOLE = "restDoubleWhole"
    REST_WHOLE = "restWhole"
    REST_HALF = "restHalf"
    REST_QUARTER = "restQuarter"
    REST_8 = "rest8th"
    REST_16 = "rest16th"
    REST_32 = "rest32nd"
    REST_64 = "rest64th"
    REST_128 = "rest128th"
    REST_256 = "rest256th"
    REST_H_BAR = "restHBar"
    FLAT = "accidentalFlat"
    NATURAL = "accidentalNatural"
    SHARP = "accidentalSharp"
    DOUBLE_SHARP = "accidentalDoubleSharp"
    DOUBLE_FLAT = "accidentalDoubleFlat"
    FLAT_SMALL = "accidentalFlatSmall"
    NATURAL_SMALL = "accidentalNaturalSmall"
    SHARP_SMALL = "accidentalSharpSmall"
    QUARTER_FLAT = "accidentalQuarterToneFlatStein"
    THREE_QUARTERS_FLAT = "accidentalThreeQuarterTonesFlatZimmermann"
    QUARTER_SHARP = "accidentalQuarterToneSharpStein"
    THREE_QUARTERS_SHARP = "accidentalThreeQuarterTonesSharpStein"
    PARENTHESIS_LEFT = "accidentalParensLeft"
    PARENTHESIS_RIGHT = "accidentalParensRight"
    DOT = "augmentationDot"
    REPEAT_DOT = "repeatDot"
    STACCATO = "articStaccato"
    STACCATISSIMO = "articStaccatissimo"
    TENUTO = "articTenuto"
    ACCENT = "articAccent"
    MARCATO = "articMarcato"
    UP_BOW = "stringsUpBow"
    DOWN_BOW = "stringsDownBow"
    HARMONIC = "stringsHarmonic"
    LEFT_PIZZICATO = "pluckedLeftHandPizzicato"
    SNAP_PIZZICATO = "pluckedSnapPizzicatoAbove"
    FERMATA_ABOVE = "fermataAbove"
    FERMATA_BELOW = "fermataBelow"
    FERMATA_SHORT = "fermataShortAbove"
    FERMATA_LONG = "fermataLongAbove"
    BREATH = "breathMark"
    CAESURA = "caesura"
    TRILL = "ornamentTrill"
    TURN = "ornamentTurn"
    TURN_INVERTED = "ornamentTurnInverted"
    MORDENT = "ornamentMordent"
    SHORT_TRILL = "ornamentShortTrill"
    TREMBLEMENT = "ornamentTremblement"
    TRILL_LINE = "wiggleTrill"
    ARPEGGIO = "arpeggiato"
    TREMOLO_1 = "tremolo1"
    TREMOLO_2 = "tremolo2"
    TREMOLO_3 = "tremolo3"
    TREMOLO_4 = "tremolo4"
    DYNAMIC_P = "dynamicP"
    DYNAMIC_M = "dynamicM"
    DYNAMIC_F = "dynamicF"
    DYNAMIC_S = "dynamicS"
    DYNAMIC_Z = "dynamicZ"
    DYNAMIC_R = "dynamicR"
    DYNAMIC_N = "dynamicN"
    TUPLET_1 = "tuplet1"
    TUPLET_2 = "tuplet2"
    TUPLET_3 = "tuplet3"
    TUPLET_4 = "tuplet4"
    TUPLET_5 = "tuplet5"
    TUPLET_6 = "tuplet6"
    TUPLET_7 = "tuplet7"
    TUPLET_8 = "tuplet8"
    TUPLET_9 = "tuplet9"
    TUPLET_0 = "tuplet0"
    FINGERING_0 = "fingering0"
    FINGERING_1 = "fingering1"
    FINGERING_2 = "fingering2"
    FINGERING_3 = "fingering3"
    FINGERING_4 = "fingering4"
    FINGERING_5 = "fingering5"
    PEDAL = "keyboardPedalPed"
    PEDAL_UP = "keyboardPedalUp"
    SEGNO = "segno"
    CODA = "coda"
    OTTAVA = "ottava"
    QUINDICESIMA = "quindicesima"
    REPEAT_BAR = "repeat1Bar"
    REPEAT_2_BARS = "repeat2Bars"


SMALL_HEADS = (SymbolKind.HEAD_BLACK_SMALL, SymbolKind.HEAD_HALF_SMALL, SymbolKind.HEAD_WHOLE_SMALL)
HEADS = (
    SymbolKind.HEAD_BLACK,
    SymbolKind.HEAD_HALF,
    SymbolKind.HEAD_WHOLE,
    SymbolKind.HEAD_DOUBLE_WHOLE,
    SymbolKind.HEAD_X,
    SymbolKind.HEAD_CIRCLE_X,
    SymbolKind.HEAD_DIAMOND,
    SymbolKind.HEAD_DIAMOND_HALF,
    SymbolKind.HEAD_SLASH,
    *SMALL_HEADS,
)
RESTS = tuple(kind for kind in SymbolKind if kind.value.startswith("rest"))
ACCIDENTALS = (
    SymbolKind.FLAT,
    SymbolKind.NATURAL,
    SymbolKind.SHARP,
    SymbolKind.DOUBLE_SHARP,
    SymbolKind.DOUBLE_FLAT,
    SymbolKind.FLAT_SMALL,
    SymbolKind.NATURAL_SMALL,
    SymbolKind.SHARP_SMALL,
)
# Small accidentals stand before small heads and mean the same as large ones.
FULL_SIZE = {
    SymbolKind.FLAT_SMALL: SymbolKind.FLAT,
    SymbolKind.NATURAL_SMALL: SymbolKind.NATURAL,
    SymbolKind.SHARP_SMALL: SymbolKind.SHARP,
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol found on the page; `confidence` is in [0, 1]."""

    id: int
    kind: SymbolKind
    box: Box
    confidence: float


class StrokeKind(Enum):
    """Long thin ink, found as a line rather than as a box.

    A tie is drawn like a slur: on a page it is found as one, and what it joins tells it apart. A bracket is the line
    of a tuplet, an ending, an octave sign or a pedal.
    """

    STEM = "stem"
    BEAM = "beam"
    BARLINE = "barline"
    SLUR = "slur"
    TIE = "tie"
    HAIRPIN = "hairpin"
    LEDGER = "ledgerLine"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight or gently curved piece of ink from `start` to `end` along its middle, `thickness` pixels wide.

    Upright strokes run downwards, all others from left to right. `box` bounds the whole ink. `bow` is how far the
    middle of a curve lies from the straight line between its ends, in pixels: below zero where it arches upwards.
    """

    id: int
    kind: StrokeKind
    start: Point
    end: Point
    thickness: float
    box: Box
    confidence: float
    bow: float = 0.0


@dataclass(frozen=True, slots=True)
class Staff:
    """Five lines followed across the page.

    `xs` are sample columns from the left end to the right end; `lines[k][i]` is the y of line k (0 at the top) at
    `xs[i]`. `space` is the mean distance between neighbouring lines in pixels. `part` staves belong together by a
    brace: staves of one system with the same `part` form one instrument.
    """

    id: int
    system: int
    part: int
    xs: tuple[float, ...]
    lines: tuple[tuple[float, ...], ...]
    space: float

    @property
    def box(self) -> Box:
        top, bottom = min(self.lines[0]), max(self.lines[-1])
        return Box(self.xs[0], top, self.xs[-1], bottom)

    def line_at(self, line: int, x: float) -> float:
        """The y of a line (0 at the top) at `x`; beyond the ends it goes on level."""
        ys, xs = self.lines[line], self.xs
        last = len(xs) - 1
        place = min(bisect(xs, x, 1, last), last)
        x0, x1, y0 = xs[place - 1], xs[place], ys[place - 1]
        if x <= x0 or x0 >= x1:
            return y0
        return y0 + min((x - x0) / (x1 - x0), 1.0) * (ys[place] - y0)

    def position_at(self, point: Point) -> float:
        """Steps above the bottom line (0), 8 being the top line, as a real number."""
        bottom, top = self.line_at(4, point.x), self.line_at(0, point.x)
        return (bottom - point.y) / (bottom - top) * 8


@dataclass(frozen=True, slots=True)
class System:
    """Staves that sound together, from top to bottom."""

    id: int
    staves: tuple[Staff, ...]
    box: Box


class StemWay(Enum):
    UP = "up"
    DOWN = "down"


class LineStyle(Enum):
    """What a group of bar lines is."""

    SINGLE = "single"
    DOUBLE = "double"
    FINAL = "final"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class BarLine:
    """One place where bars end: a bar line, or several close together, through all staves of a system.

    `dots_left` and `dots_right` say on which side repeat dots stand; x is the middle in page pixels.
    """

    system: int
    x: float
    left: float
    right: float
    style: LineStyle
    dots_left: bool
    dots_right: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Head:
    """A note head on its staff: `position` counts steps above the bottom line."""

    symbol: int
    kind: SymbolKind
    position: int
    x: float
    y: float
    accidental: SymbolKind | None
    accidental_symbol: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Chord:
    """Heads on one stem, or one head without. Beams are counted on each side of the stem.

    `beam` names the beam group that the stem belongs to; chords of a group follow one another. `staff` is the id of
    a `Staff`. `x` is the middle of the column that the heads stand in. `cue` notes are small and no grace notes;
    `alternates` is the id of the other chord of a tremolo between two.
    """

    id: int
    staff: int
    x: float
    heads: tuple[Head, ...]
    stem: int | None
    way: StemWay | None
    flags: int
    beams_left: int
    beams_right: int
    beam: int | None
    dots: int
    grace: bool
    ink: tuple[int, ...]
    confidence: float
    cue: bool = False
    alternates: int | None = None

    @property
    def beams(self) -> int:
        return max(self.beams_left, self.beams_right)


@dataclass(frozen=True, slots=True)
class Rest:
    """A rest on its staff."""

    id: int
    staff: int
    x: float
    position: float
    kind: SymbolKind
    dots: int
    symbol: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ClefMark:
    """A clef on its staff; `position` is that of its reference line."""

    staff: int
    x: float
    kind: SymbolKind
    position: int
    octave: int
    symbol: int
    confidence: float


@dataclass(frozen=True, slots=True)
class KeyMark:
    """Accidentals of a key signature, counted: sharps positive, flats negative; 0 where naturals cancel.

    `symbols` are their ids.
    """

    staff: int
    x: float
    fifths: int
    confidence: float
    symbols: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A time signature on one staff; `symbol` is set for C and cut C."""

    staff: int
    x: float
    beats: int
    beat_type: int
    symbol: SymbolKind | None
    confidence: float


@dataclass(frozen=True, slots=True)
class TupletMark:
    """A tuplet's number near the beam or notes that it governs; `left` and `right` are the ends of its bracket."""

    staff: int
    x: float
    y: float
    number: int
    confidence: float
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class OctaveLine:
    """Notes from `left` to `right` on a staff sound so many `octaves` higher than they are written."""

    staff: int
    left: float
    right: float
    octaves: int
    symbol: int


@dataclass(frozen=True, slots=True)
class Ending:
    """The bracket of a first or second ending, over the top staff of a system, from bar line to bar line.

    `numbers` are those of the passes that play it, such as "1" or "1, 2"; `y` is the height of its line over the left
    end. One that runs on over a line break is two of these: the first is not `is_closed`, the second not `is_opened`.
    """

    system: int
    left: float
    right: float
    y: float
    numbers: str
    is_opened: bool = True
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Tie:
    """A curve from one head to the next one at the same place; the ids are symbols."""

    start: int
    stop: int
    stroke: int


@dataclass(frozen=True, slots=True)
class ChordMark:
    """An articulation, an ornament, a fermata, a tremolo or an arpeggio, and the chord or rest that it belongs to."""

    chord: int
    kind: SymbolKind
    symbol: int


@dataclass(frozen=True, slots=True)
class SlurMark:
    """A curve over or under several chords, from the first to the last; a line break may cut it in two strokes."""

    start: int
    stop: int
    strokes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of words, or one syllable, as an engine read it; `height` is that of its tallest letter in pixels.

    `baseline` is the y that its letters stand on.
    """

    box: Box
    text: str
    confidence: float
    height: float
    baseline: float


class TextRole(Enum):
    """What words on a page of music are for."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    COMPOSER = "composer"
    LYRICIST = "lyricist"
    PART_NAME = "partName"
    TEMPO = "tempo"
    DIRECTION = "direction"
    DYNAMIC = "dynamic"
    WEDGE = "wedge"
    PEDAL = "pedal"
    SIGN = "sign"
    REHEARSAL = "rehearsal"
    CHORD = "chord"
    BAR_NUMBER = "barNumber"
    ENDING = "ending"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextMark:
    """A line of words and what it is for; `staff` is the id of the staff that it belongs to, if to any.

    `beat` is the symbol of the note value of a metronome mark, `dots` how many dots it has.
    """

    role: TextRole
    text: Text
    staff: int | None = None
    above: bool = False
    beat: SymbolKind | None = None
    dots: int = 0


class Syllabic(Enum):
    """Where a syllable stands in its word; the value is MusicXML's name for it."""

    SINGLE = "single"
    BEGIN = "begin"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class LyricMark:
    """A syllable and the chord that it is sung on; `extends` where a line holds it over later notes."""

    chord: int
    verse: int
    text: Text
    syllabic: Syllabic
    extends: bool = False


@dataclass(frozen=True, slots=True)
class Notation:
    """All ink of a page, with what belongs to what; nothing of it means a pitch or a duration yet."""

    systems: tuple[System, ...]
    barlines: tuple[BarLine, ...]
    chords: tuple[Chord, ...]
    rests: tuple[Rest, ...]
    clefs: tuple[ClefMark, ...]
    keys: tuple[KeyMark, ...]
    times: tuple[TimeMark, ...]
    tuplets: tuple[TupletMark, ...]
    ties: tuple[Tie, ...]
    marks: tuple[ChordMark, ...] = ()
    slurs: tuple[SlurMark, ...] = ()
    octaves: tuple[OctaveLine, ...] = ()
    lyrics: tuple[LyricMark, ...] = ()
    texts: tuple[TextMark, ...] = ()
    endings: tuple[Ending, ...] = ()
