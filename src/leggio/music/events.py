"""What one voice does at one moment: chords of notes, rests, and all that is printed at them.

Times are `Fraction`s of a whole note. Every note keeps the ids of the ink that it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction


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
