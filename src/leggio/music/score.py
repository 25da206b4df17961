"""Records of meaning: a score without pixels. Every note keeps the ids of the ink that it came from.

Times are `Fraction`s of a whole note. A score has parts, a part has bars, a bar has events; an event is what one
voice does at one moment: a chord of one or more notes, or a rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction


class ClefSign(Enum):
    G = "G"
    F = "F"
    C = "C"
    PERCUSSION = "percussion"


class TimeSymbol(Enum):
    NUMBERS = "numbers"
    COMMON = "common"
    CUT = "cut"


class Accidental(Enum):
    """An accidental as printed; the value is MusicXML's name for it."""

    SHARP = "sharp"
    FLAT = "flat"
    NATURAL = "natural"
    DOUBLE_SHARP = "double-sharp"
    DOUBLE_FLAT = "flat-flat"


class NoteType(Enum):
    """The written value of a note or rest; the value is MusicXML's name for it."""

    BREVE = "breve"
    WHOLE = "whole"
    HALF = "half"
    QUARTER = "quarter"
    EIGHTH = "eighth"
    SIXTEENTH = "16th"
    N32 = "32nd"
    N64 = "64th"
    N128 = "128th"

    @property
    def duration(self) -> Fraction:
        """The undotted length, as a fraction of a whole note."""
        return _DURATIONS[self]


_DURATIONS = {kind: Fraction(2, 2**place) for place, kind in enumerate(NoteType)}


class Stem(Enum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


class BeamState(Enum):
    """What one beam does at one note; the value is MusicXML's name for it."""

    BEGIN = "begin"
    CONTINUE = "continue"
    END = "end"
    FORWARD_HOOK = "forward hook"
    BACKWARD_HOOK = "backward hook"


class BarStyle(Enum):
    """How a bar line looks; the value is MusicXML's name for it."""

    REGULAR = "regular"
    DOUBLE = "light-light"
    FINAL = "light-heavy"
    HEAVY_LIGHT = "heavy-light"
    DASHED = "dashed"
    NONE = "none"


class TupletState(Enum):
    START = "start"
    STOP = "stop"


class Articulation(Enum):
    """How a chord is struck or let go; the value is MusicXML's name for it."""

    STACCATO = "staccato"
    STACCATISSIMO = "staccatissimo"
    TENUTO = "tenuto"
    ACCENT = "accent"
    MARCATO = "strong-accent"


class Ornament(Enum):
    """A sign that stands for notes around the written one; the value is MusicXML's name for it.

    What English speakers call a mordent has a stroke through its wave; the short trill, MusicXML's inverted mordent,
    has none.
    """

    TRILL = "trill-mark"
    TURN = "turn"
    TURN_INVERTED = "inverted-turn"
    MORDENT = "mordent"
    SHORT_TRILL = "inverted-mordent"


class TremoloState(Enum):
    """Which of two chords that alternate an event is; the value is MusicXML's name for it."""

    SINGLE = "single"
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Tremolo:
    """So many `strokes` through a stem, or between two chords: each halves the value that is repeated."""

    strokes: int
    state: TremoloState = TremoloState.SINGLE


class SlurState(Enum):
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Clef:
    """A clef; `line` counts from the bottom line as 1, `octave` is +1 for 8va above the clef, -1 for below."""

    sign: ClefSign
    line: int
    octave: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """A key signature: sharps as a positive number, flats as a negative one."""

    fifths: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time signature."""

    beats: int
    beat_type: int
    symbol: TimeSymbol = TimeSymbol.NUMBERS

    @property
    def duration(self) -> Fraction:
        """The length of a full bar, as a fraction of a whole note."""
        return Fraction(self.beats, self.beat_type)


@dataclass(frozen=True, slots=True)
class Pitch:
    """A sounding pitch: `step` is a letter A-G, `alter` in semitones, `octave` 4 holds middle C."""

    step: str
    alter: int
    octave: int


@dataclass(frozen=True, slots=True)
class Note:
    """One head of a chord. `accidental` is set only where one is printed; `ink` are ids of notation records."""

    id: str
    pitch: Pitch
    accidental: Accidental | None = None
    tie_start: bool = False
    tie_stop: bool = False
    staff: int = 1
    ink: tuple[int, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Tuplet:
    """`actual` notes in the time of `normal`; `state` marks the first and the last event of the group."""

    actual: int
    normal: int
    state: TupletState | None = None


@dataclass(frozen=True, slots=True)
class Slur:
    """One end of a slur. `number` tells slurs of a part apart while they overlap."""

    number: int
    state: SlurState


class Syllabic(Enum):
    """Where a syllable stands in its word; the value is MusicXML's name for it."""

    SINGLE = "single"
    BEGIN = "begin"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Lyric:
    """What is sung on a chord in one verse; `extends` where a line holds the syllable over the notes that follow."""

    verse: int
    text: str
    syllabic: Syllabic = Syllabic.SINGLE
    extends: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A chord (one or more notes) or a rest (no notes) of one voice.

    `onset` is counted from the start of the bar. `duration` is what it sounds, tuplets and dots counted in; a grace
    note lasts 0. `staff` counts from 1 at the top of the part, `voice` from 1; voices are numbered through the whole
    part, so that two staves never share one. `beams` holds one state for each beam level, the main beam first.
    Articulations, ornaments, the fermata, the arpeggio, the tremolo, the ends of slurs and the lyrics belong to all
    notes of the chord. A `cue` note is small and shows what somebody else plays.
    """

    onset: Fraction
    duration: Fraction
    kind: NoteType
    voice: int
    staff: int
    notes: tuple[Note, ...] = ()
    dots: int = 0
    tuplet: Tuplet | None = None
    stem: Stem | None = None
    beams: tuple[BeamState, ...] = ()
    grace: bool = False
    whole_bar: bool = False
    hidden: bool = False
    ink: tuple[int, ...] = ()
    confidence: float = 1.0
    articulations: tuple[Articulation, ...] = ()
    ornaments: tuple[Ornament, ...] = ()
    fermata: bool = False
    arpeggio: bool = False
    slurs: tuple[Slur, ...] = ()
    lyrics: tuple[Lyric, ...] = ()
    tremolo: Tremolo | None = None
    cue: bool = False

    @property
    def is_rest(self) -> bool:
        return not self.notes


VOICES_A_STAFF = 4  # voices are numbered as notation programs do: 1-4 on the first staff, 5-8 on the second


def put_on_staff(event: Event, staff: int) -> Event:
    """The event on another staff of its part (counted from 1), with its notes and its voice's place on the staff."""
    voice = (staff - 1) * VOICES_A_STAFF + (event.voice - 1) % VOICES_A_STAFF + 1
    notes = tuple(replace(note, staff=staff) for note in event.notes)
    return replace(event, staff=staff, voice=voice, notes=notes)


@dataclass(frozen=True, slots=True)
class ClefChange:
    """A clef that holds from `onset` in its bar on, for one staff of the part."""

    onset: Fraction
    staff: int
    clef: Clef


class DirectionKind(Enum):
    """What words and signs over or under a staff are about."""

    WORDS = "words"
    TEMPO = "tempo"
    REHEARSAL = "rehearsal"
    DYNAMIC = "dynamic"
    WEDGE = "wedge"
    PEDAL = "pedal"
    SIGN = "sign"


DYNAMICS = frozenset(
    "p pp ppp pppp ppppp pppppp f ff fff ffff fffff ffffff mp mf sf sfp sfpp fp rf rfz sfz sffz fz n pf sfzp".split()
)
"""The dynamics that MusicXML 4.0 has an element for."""


class Wedge(Enum):
    """Where a hairpin begins or stops: the texts of directions of the kind WEDGE, and MusicXML's names for them."""

    CRESCENDO = "crescendo"
    DIMINUENDO = "diminuendo"
    STOP = "stop"


class Pedal(Enum):
    """What the foot does: the texts of directions of the kind PEDAL, and MusicXML's names for them."""

    START = "start"
    STOP = "stop"
    CHANGE = "change"


class Sign(Enum):
    """A place to go on from: the texts of directions of the kind SIGN, and MusicXML's names for them."""

    SEGNO = "segno"
    CODA = "coda"


class Jump(Enum):
    """Where to go on playing; the value is the attribute of MusicXML's `sound` for it."""

    DA_CAPO = "dacapo"
    DAL_SEGNO = "dalsegno"
    TO_CODA = "tocoda"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Metronome:
    """So many notes of a value, dotted or not, in a minute."""

    beat: NoteType
    dots: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Direction:
    """Words over or under a staff of the part, from `onset` in their bar on; `text` may be empty beside a metronome."""

    onset: Fraction
    staff: int
    kind: DirectionKind
    text: str
    above: bool = True
    metronome: Metronome | None = None
    jump: Jump | None = None


class HarmonyKind(Enum):
    """What a chord symbol adds to its root; the value is MusicXML's name for it."""

    MAJOR = "major"
    MINOR = "minor"
    AUGMENTED = "augmented"
    DIMINISHED = "diminished"
    DOMINANT = "dominant"
    MAJOR_7 = "major-seventh"
    MINOR_7 = "minor-seventh"
    DIMINISHED_7 = "diminished-seventh"
    AUGMENTED_7 = "augmented-seventh"
    HALF_DIMINISHED = "half-diminished"
    MAJOR_MINOR = "major-minor"
    MAJOR_6 = "major-sixth"
    MINOR_6 = "minor-sixth"
    DOMINANT_9 = "dominant-ninth"
    MAJOR_9 = "major-ninth"
    MINOR_9 = "minor-ninth"
    DOMINANT_11 = "dominant-11th"
    DOMINANT_13 = "dominant-13th"
    SUSPENDED_2 = "suspended-second"
    SUSPENDED_4 = "suspended-fourth"
    POWER = "power"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Harmony:
    """A chord symbol: its root and its bass, if it names one, as (step, alteration), and the `text` of its kind."""

    onset: Fraction
    staff: int
    root: tuple[str, int]
    kind: HarmonyKind
    text: str = ""
    bass: tuple[str, int] | None = None


class ShiftState(Enum):
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class OctaveShift:
    """One end of an octave line on a staff of the part; between its ends notes sound `octaves` higher than written.

    Pitches are sounding ones: the line only says how they are printed.
    """

    onset: Fraction
    staff: int
    octaves: int
    state: ShiftState


def order_of_shift(shift: OctaveShift) -> tuple[int, Fraction, bool, int]:
    """The order of writing: staff by staff, in time, ends before beginnings."""
    return shift.staff, shift.onset, shift.state is ShiftState.START, shift.octaves


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of one part. `clefs`, `key` and `time` say what changes here; the first bar says all of them.

    `duration` is how far the bar reaches; `number` is the printed order, counted from 1 (0 for a pickup). A bar whose
    voices do not add up carries its reasons in `doubts`, and in `strain` how many mistakes of the eye would explain it.
    `ending` is the number over a first or second ending that covers this bar. `shifts` are the ends of octave lines.
    """

    number: int
    duration: Fraction
    events: tuple[Event, ...] = ()
    clefs: tuple[ClefChange, ...] = ()
    key: Key | None = None
    time: Time | None = None
    left: BarStyle = BarStyle.REGULAR
    right: BarStyle = BarStyle.REGULAR
    repeat_start: bool = False
    repeat_end: bool = False
    ending: str | None = None
    ending_start: bool = False
    ending_stop: bool = False
    new_system: bool = False
    new_page: bool = False
    implicit: bool = False
    doubts: tuple[str, ...] = ()
    shifts: tuple[OctaveShift, ...] = ()
    strain: float = 0.0
    directions: tuple[Direction, ...] = ()
    harmonies: tuple[Harmony, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument: one or more staves, bar after bar; `abbreviation` names it in front of later systems."""

    id: str
    name: str
    staves: int
    bars: tuple[Bar, ...]
    abbreviation: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A piece of music, or as much of it as was read."""

    parts: tuple[Part, ...]
    title: str | None = None
    composer: str | None = None
    subtitle: str | None = None
    lyricist: str | None = None
