"""Records of meaning: a score without pixels. Every note keeps the ids of the ink that it came from.

Times are `Fraction`s of a whole note. A score has parts, a part has bars, a bar has events (`events`: what one voice
does at one moment, a chord of one or more notes or a rest) and directions (`directions`: what stands over or under a
staff).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from leggio.music.directions import Direction, Harmony, OctaveShift
from leggio.music.events import Event


class ClefSign(Enum):
    G = "G"
    F = "F"
    C = "C"
    PERCUSSION = "percussion"


class TimeSymbol(Enum):
    NUMBERS = "numbers"
    COMMON = "common"
    CUT = "cut"


class BarStyle(Enum):
    """How a bar line looks; the value is MusicXML's name for it."""

    REGULAR = "regular"
    DOUBLE = "light-light"
    FINAL = "light-heavy"
    HEAVY_LIGHT = "heavy-light"
    DASHED = "dashed"
    NONE = "none"


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
class ClefChange:
    """A clef that holds from `onset` in its bar on, for one staff of the part."""

    onset: Fraction
    staff: int
    clef: Clef


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
