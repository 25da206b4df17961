"""What stands over or under a staff: words, dynamics, hairpins, pedals, signs, chord symbols, octave lines.

Each has its moment in a bar, a `Fraction` of a whole note, and its staff in the part, counted from 1 at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from leggio.music.events import NoteType


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
    """What the foot does: the texts of directions of the kind PEDAL, and MusicXML's names for them.

    A pedal that is taken anew starts again; its stop may be missing.
    """

    START = "start"
    STOP = "stop"


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
