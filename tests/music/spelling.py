"""Notation spelled by hand: what would be linked on a page, bar by bar, without any ink.

A voice is spelled as words such as `4:2` (a quarter note on the bottom line but one), `8.:3#` (a dotted quaver with a
sharp), `2:0,4` (a chord of two halves), `4:r` (a rest), `4:2~` (tied to the next one), `g8:5` (a grace note). `8t:`
and `4t:` last two thirds. Words from `[` to `]` hang on one beam; a number before `[` is printed over it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from leggio.geometry import Box
from leggio.music.notation import (
    BarLine,
    Chord,
    ClefMark,
    Head,
    KeyMark,
    LineStyle,
    Notation,
    Rest,
    Staff,
    StemWay,
    SymbolKind,
    System,
    Tie,
    TimeMark,
    TupletMark,
)

SPACE = 20.0
K = SymbolKind

_WORD = re.compile(
    r"(?P<open>\d*\[)?(?P<grace>g)?(?P<value>\d+)(?P<dots>\.*)(?P<third>t)?:(?P<heads>[^~\]]+)(?P<tie>~)?(?P<close>\])?"
)
_HEAD = re.compile(r"(-?\d+)(##|bb|[#bn])?")
_HALVINGS = {"0": -1, "1": 0, "2": 1, "4": 2, "8": 3, "16": 4, "32": 5, "64": 6}
_ACCIDENTALS = {
    "#": K.SHARP, "b": K.FLAT, "n": K.NATURAL, "##": K.DOUBLE_SHARP, "bb": K.DOUBLE_FLAT, None: None,
}  # fmt: skip
_RESTS = {
    -1: K.REST_DOUBLE_WHOLE, 0: K.REST_WHOLE, 1: K.REST_HALF, 2: K.REST_QUARTER, 3: K.REST_8, 4: K.REST_16,
    5: K.REST_32, 6: K.REST_64,
}  # fmt: skip
_HEAD_KINDS = {-1: K.HEAD_DOUBLE_WHOLE, 0: K.HEAD_WHOLE, 1: K.HEAD_HALF}
_COLUMN = 3.0  # staff spaces from one column to the next
_HEADROOM = 14.0  # staff spaces at the head of a system, for clefs and keys
_SYSTEM = 40.0  # staff spaces from one system down to the next


@dataclass(slots=True)
class Spelling:
    """A page that is spelled; `staves` is how many staves each system has, `parts` which of them belong together."""

    staves: int = 1
    parts: tuple[int, ...] = ()
    systems: list[System] = field(default_factory=list)
    barlines: list[BarLine] = field(default_factory=list)
    chords: list[Chord] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    clefs: list[ClefMark] = field(default_factory=list)
    keys: list[KeyMark] = field(default_factory=list)
    times: list[TimeMark] = field(default_factory=list)
    tuplets: list[TupletMark] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    x: float = 0.0
    last: int = 0
    open_ties: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system(self.staves, self.parts)

    def system(self, staves: int = 0, parts: Sequence[int] = ()) -> Spelling:
        """Begin a system; as many staves as in the first one where nothing else is said."""
        count = staves or self.staves
        belongs = list(parts) or ([0] * count if count == 2 else list(range(count)))
        first = sum(len(system.staves) for system in self.systems)
        top = len(self.systems) * _SYSTEM * SPACE + 100
        members = []
        for place in range(count):
            y = top + place * 11 * SPACE
            lines = tuple((y + line * SPACE, y + line * SPACE) for line in range(5))
            members.append(
                Staff(first + place, len(self.systems), belongs[place], (0.0, 20_000.0), lines, SPACE)
            )
        box = Box(0, top, 20_000, top + ((count - 1) * 11 + 4) * SPACE)
        self.systems.append(System(len(self.systems), tuple(members), box))
        self.x = _HEADROOM
        return self

    def clef(
        self, kind: SymbolKind, position: int, staff: int = 0, octave: int = 0, x: float = 1.5
    ) -> Spelling:
        """A clef at the head of the system."""
        self.clefs.append(ClefMark(self._id(staff), x * SPACE, kind, position, octave, self._next(), 0.9))
        return self

    def key(self, fifths: int, *staves: int) -> Spelling:
        """A key signature before the next bar, on all staves where none are named."""
        x = 5.0 if self.x == _HEADROOM else self.x + 0.5
        for staff in staves or range(len(self.systems[-1].staves)):
            self.keys.append(KeyMark(self._id(staff), x * SPACE, fifths, 0.9))
        return self

    def time(self, beats: int, beat_type: int, symbol: SymbolKind | None = None, *staves: int) -> Spelling:
        """A time signature before the next bar, on all staves where none are named."""
        x = 12.0 if self.x == _HEADROOM else self.x + 2.5
        for staff in staves or range(len(self.systems[-1].staves)):
            self.times.append(TimeMark(self._id(staff), x * SPACE, beats, beat_type, symbol, 0.9))
        return self

    def bar(
        self,
        *staves: str,
        style: LineStyle | None = LineStyle.SINGLE,
        dots_left: bool = False,
        dots_right: bool = False,
    ) -> Spelling:
        """A bar: one text a staff, its voices parted by `|`; without a `style` no line ends it."""
        rows = [
            (staff, voice, (StemWay.UP, StemWay.DOWN)[voice % 2] if "|" in text else None, _parse(words))
            for staff, text in enumerate(staves)
            for voice, words in enumerate(text.split("|"))
        ]
        left = self.x + _COLUMN + (2.5 if self.x > _HEADROOM else 0.0)
        onsets = sorted({onset for *_, row in rows for _, onset in row})
        for staff, voice, way, row in rows:
            self._spell_voice(
                staff, voice, way, [(word, left + _COLUMN * onsets.index(o)) for word, o in row]
            )
        self.x = left + _COLUMN * len(onsets)
        if style:
            middle = self.x * SPACE
            self.barlines.append(
                BarLine(
                    len(self.systems) - 1, middle, middle - 2, middle + 2, style, dots_left, dots_right, 0.9
                )
            )
        return self

    def notation(self) -> Notation:
        return Notation(
            tuple(self.systems), tuple(self.barlines), tuple(sorted(self.chords, key=lambda c: c.x)),
            tuple(sorted(self.rests, key=lambda r: r.x)), tuple(self.clefs), tuple(self.keys), tuple(self.times),
            tuple(self.tuplets), tuple(self.ties),
        )  # fmt: skip

    def _spell_voice(
        self, staff: int, voice: int, way: StemWay | None, row: Sequence[tuple[re.Match[str], float]]
    ) -> None:
        beam: int | None = None
        members: list[int] = []
        for word, x in row:
            if word["open"]:
                beam, members = self._next(), []
                if word["open"] != "[":
                    self._number_beam(staff, int(word["open"][:-1]), x)
            if word["heads"] == "r":
                self._spell_rest(staff, word, x)
            else:
                members.append(len(self.chords))
                self._spell_chord(staff, voice, word, x, way, beam)
            if word["close"]:
                self._count_beams(members)
                beam = None

    def _spell_rest(self, staff: int, word: re.Match[str], x: float) -> None:
        kind, dots = _RESTS[_HALVINGS[word["value"]]], len(word["dots"])
        self.rests.append(Rest(self._next(), self._id(staff), x * SPACE, 4.0, kind, dots, self._next(), 0.9))

    def _number_beam(self, staff: int, number: int, x: float) -> None:
        y = self.systems[-1].staves[staff].lines[0][0] - 2 * SPACE
        self.tuplets.append(TupletMark(self._id(staff), (x + _COLUMN) * SPACE, y, number, 0.9))

    def _spell_chord(
        self, staff: int, voice: int, word: re.Match[str], x: float, way: StemWay | None, beam: int | None
    ) -> None:
        grace, halvings = bool(word["grace"]), _HALVINGS[word["value"]]
        heads = []
        for text in word["heads"].split(","):
            match = _HEAD.fullmatch(text)
            assert match, f"{text} is not a head"
            position, sign = int(match[1]), _ACCIDENTALS[match[2]]
            kind = K.HEAD_BLACK_SMALL if grace else _HEAD_KINDS.get(halvings, K.HEAD_BLACK)
            y = self.systems[-1].staves[staff].lines[4][0] - position * SPACE / 2
            symbol = self._next()
            heads.append(
                Head(symbol, kind, position, x * SPACE, y, sign, self._next() if sign else None, 0.9)
            )
            self._tie(staff, voice, position, symbol, bool(word["tie"]))
        stem = None if halvings < 1 else self._next()
        shown = way or (StemWay.UP if heads[0].position < 4 else StemWay.DOWN)
        self.chords.append(
            Chord(
                self._next(), self._id(staff), (x - (1.5 if grace else 0)) * SPACE, tuple(heads), stem,
                None if stem is None else shown, max(halvings - 2, 0), 0, 0, beam,
                len(word["dots"]), grace, tuple(head.symbol for head in heads), 0.9,
            )
        )  # fmt: skip

    def _tie(self, staff: int, voice: int, position: int, symbol: int, goes_on: bool) -> None:
        before = self.open_ties.pop((staff, voice, position), None)
        if before is not None:
            self.ties.append(Tie(before, symbol, self._next()))
        if goes_on:
            self.open_ties[staff, voice, position] = symbol

    def _count_beams(self, members: Sequence[int]) -> None:
        """Give each stem of a beam its beams on both sides; what no neighbour shares is a hook."""
        tails = [self.chords[i].flags for i in members]
        for place, i in enumerate(members):
            left = min(tails[place - 1], tails[place]) if place else 0
            right = min(tails[place + 1], tails[place]) if place + 1 < len(members) else 0
            if max(left, right) < tails[place]:
                left, right = (left, tails[place]) if not place else (tails[place], right)
            self.chords[i] = replace(self.chords[i], flags=0, beams_left=left, beams_right=right)

    def _id(self, staff: int) -> int:
        return self.systems[-1].staves[staff].id

    def _next(self) -> int:
        self.last += 1
        return self.last


def _parse(voice: str) -> list[tuple[re.Match[str], Fraction]]:
    """The words of a voice, each with its onset."""
    row = []
    time = Fraction(0)
    for text in voice.split():
        word = _WORD.fullmatch(text)
        assert word, f"{text} is not a word of notation"
        row.append((word, time))
        time += _length(word)
    return row


def _length(word: re.Match[str]) -> Fraction:
    if word["grace"]:
        return Fraction(0)
    base = Fraction(2, 1 << (_HALVINGS[word["value"]] + 1))
    return base * (2 - Fraction(1, 2 ** len(word["dots"]))) * (Fraction(2, 3) if word["third"] else 1)
