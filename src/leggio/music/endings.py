"""First and second endings: a bracket over bars, with a number. In: systems, bar lines, symbols, words, the net's maps.

Out: `Ending`s, and the symbols and words without those that belong to one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from leggio.geometry import Box
from leggio.music.level_lines import LevelLine, trace_lines
from leggio.music.maps import Maps
from leggio.music.notation import (
    BarLine,
    Ending,
    LineStyle,
    Symbol,
    SymbolKind,
    System,
    Text,
    TextMark,
    TextRole,
)

# In staff spaces.
_AT_LINE = 3.0  # a bracket begins and ends so near to a bar line: rounded corners make its level part short
_HEAD = 14.0  # and at the head of a system behind clef, key and metre, which take at most so much of a staff
_UNDER, _OVER = 3.5, 1.2  # its number stands at most so far under and over its line
_BESIDE = 1.0  # and at most so far outside of it
_TOUCH = 4.0  # two endings of one repeat are at most so far apart: the heavy bar line is between them

_SIGNS = 2  # of three must speak for an ending: a hook, a repeat's end, a number or another ending beside it
_DIGIT = 0.12  # the least confidence of a digit that stands where an ending's number stands
_SURE_TEXT = 0.8  # and of a number that was read as a word
_NUMBERS = re.compile(r"[1-9](?:[\s.,\-–]+[1-9])*[\s.,]*")
_DIGITS = {
    kind: kind.value[-1]
    for kind in SymbolKind
    if re.fullmatch(r"(tuplet|fingering|timeSig)[1-9]", kind.value)
}
_LONGEST = 3  # letters: longer words under a bracket say something else
_NO_WORDS = (TextRole.ENDING, TextRole.OTHER, TextRole.DIRECTION, TextRole.REHEARSAL, TextRole.CHORD)


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A level line that reaches from bar line to bar line (None at the edges of the system).

    `is_last`: no bar of its system comes after it.
    """

    system: System
    line: LevelLine
    before: BarLine | None
    after: BarLine | None
    is_last: bool

    @property
    def space(self) -> float:
        return self.system.staves[0].space

    @property
    def left(self) -> float:
        return self.before.x if self.before else self.system.staves[0].xs[0]

    @property
    def right(self) -> float:
        return self.after.x if self.after else self.system.staves[0].xs[-1]

    @property
    def y(self) -> float:
        return self.system.staves[0].line_at(0, self.line.left) - self.line.height * self.space

    @property
    def number_area(self) -> Box:
        return _number_area(self.line.left, self.line.right, self.y, self.space)

    @property
    def begins_at_repeat(self) -> bool:
        return self.before is not None and self.before.dots_left

    @property
    def ends_at_repeat(self) -> bool:
        return self.after is not None and self.after.dots_left


def read_endings(
    systems: Sequence[System],
    barlines: Sequence[BarLine],
    symbols: Sequence[Symbol],
    lines: Sequence[Text],
    maps: Maps,
) -> tuple[Ending, ...]:
    """The endings of a page, from top to bottom and from left to right.

    A line over the top staff is one where it reaches from bar line to bar line and two of three signs speak for it: a
    hook at an end, the end of a repeat beside it, a number or another ending. The number follows from the ending right
    before it, else from what was read and from the repeat.
    """
    found: list[tuple[_Bracket, Ending]] = []
    for place, system in enumerate(systems):
        here = [line for line in barlines if line.system == system.id]
        ceiling = systems[place - 1].box.y1 if place else 0.0
        cuts = [line.x for line in here if line.style is not LineStyle.SINGLE]
        brackets = (_fit(line, system, here) for line in trace_lines(system, ceiling, cuts, maps))
        for bracket in (bracket for bracket in brackets if bracket is not None):
            before = found[-1] if found and _follows(found[-1][0], bracket, systems) else None
            ending = _tell_ending(bracket, before, _read_number(bracket, symbols, lines))
            if ending is not None:
                if before is not None and not ending.is_opened:
                    found[-1] = before[0], replace(before[1], is_closed=False)
                found.append((bracket, ending))
    return tuple(ending for _, ending in found)


def _fit(line: LevelLine, system: System, barlines: Sequence[BarLine]) -> _Bracket | None:
    """The bracket that a line is; None where it does not reach from bar line to bar line."""
    staff = system.staves[0]
    near = _AT_LINE * staff.space
    before = min(barlines, key=lambda b: abs(b.right - line.left), default=None)
    after = min(barlines, key=lambda b: abs(b.left - line.right), default=None)
    if before is None or abs(before.right - line.left) > near:
        if line.left > staff.xs[0] + _HEAD * staff.space or any(b.x < line.left for b in barlines):
            return None
        before = None
    if after is None or abs(after.left - line.right) > near:
        if line.right < staff.xs[-1] - near:
            return None
        after = None
    if before is not None and before is after:
        return None
    is_last = after is None or after.x == max(line.x for line in barlines)
    return _Bracket(system, line, before, after, is_last)


def _follows(bracket: _Bracket, other: _Bracket, systems: Sequence[System]) -> bool:
    """Whether the second bracket begins where the first one ends, beside it or at the head of the next system."""
    if bracket.system is other.system:
        return abs(other.line.left - bracket.line.right) < _TOUCH * bracket.space
    is_next = systems.index(other.system) == systems.index(bracket.system) + 1
    return is_next and bracket.is_last and other.before is None


def _tell_ending(
    bracket: _Bracket, before: tuple[_Bracket, Ending] | None, read: str | None
) -> Ending | None:
    """The ending that a bracket is, by the one right before it, if any, and by the number that was read under it."""
    line = bracket.line
    draft = Ending(bracket.system.id, bracket.left, bracket.right, bracket.y, "")
    is_broken = (
        before is not None
        and before[0].system is not bracket.system
        and not (before[0].line.hooked_right or before[0].ends_at_repeat)
    )
    if before is not None and is_broken and read is None:
        return replace(draft, numbers=before[1].numbers, is_opened=False)
    hooked = line.hooked_left or line.hooked_right
    at_repeat = bracket.ends_at_repeat or bracket.begins_at_repeat
    at_repeat = at_repeat or (before is not None and before[0].ends_at_repeat)
    signs = (hooked, at_repeat, read is not None or before is not None)
    if sum(signs) < _SIGNS:
        return None
    return replace(draft, numbers=_count(bracket, before[1] if before and not is_broken else None, read))


def _count(bracket: _Bracket, before: Ending | None, read: str | None) -> str:
    """The numbers of an ending: what was read, where it can be."""
    if before is not None:
        wanted = str(int(before.numbers[-1]) + 1)
    elif bracket.begins_at_repeat:
        wanted = read if read is not None and read[0] != "1" else "2"
    elif bracket.ends_at_repeat:
        wanted = "1"
    else:
        wanted = read or "1"
    return read if read is not None and read[0] == wanted[0] else wanted


def _read_number(bracket: _Bracket, symbols: Sequence[Symbol], lines: Sequence[Text]) -> str | None:
    """What was read under a bracket, as in "1" or "1, 2"; else the digit nearest to its left end that the net saw."""
    area = bracket.number_area
    words = [text for text in lines if area.contains(text.box.center) and text.confidence > _SURE_TEXT]
    said = [text.text for text in words if _NUMBERS.fullmatch(text.text)]
    if said:
        return ", ".join(re.findall(r"[1-9]", said[0]))
    digits = [
        symbol
        for symbol in symbols
        if symbol.kind in _DIGITS and symbol.confidence > _DIGIT and area.contains(symbol.box.center)
    ]
    nearest = min(digits, key=lambda symbol: symbol.box.x0 - 20 * symbol.confidence, default=None)
    return _DIGITS[nearest.kind] if nearest is not None else None


def strip_numbers(
    symbols: Sequence[Symbol], texts: Sequence[TextMark], endings: Sequence[Ending], systems: Sequence[System]
) -> tuple[tuple[Symbol, ...], tuple[TextMark, ...]]:
    """Symbols and words without the numbers of endings and what was read into their brackets."""
    spaces = {system.id: system.staves[0].space for system in systems}
    areas = [_number_area(e.left, e.right, e.y, spaces[e.system]) for e in endings]

    def is_number(box: Box) -> bool:
        return any(area.contains(box.center) for area in areas)

    kept = tuple(symbol for symbol in symbols if symbol.kind not in _DIGITS or not is_number(symbol.box))
    said = tuple(
        mark
        for mark in texts
        if mark.role not in _NO_WORDS or len(mark.text.text) > _LONGEST or not is_number(mark.text.box)
    )
    return kept, said


def _number_area(left: float, right: float, y: float, space: float) -> Box:
    return Box(left - _BESIDE * space, y - _OVER * space, right + _BESIDE * space, y + _UNDER * space)
