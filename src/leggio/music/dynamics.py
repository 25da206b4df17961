"""Dynamics: letters side by side are one mark, such as pp or sfz. In: systems, symbols. Out: a `TextMark` for each."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Box
from leggio.music.directions import DYNAMICS
from leggio.music.homes import find_home
from leggio.music.notation import Symbol, SymbolKind, System, Text, TextMark, TextRole

_LETTERS = {
    SymbolKind.DYNAMIC_P: "p", SymbolKind.DYNAMIC_M: "m", SymbolKind.DYNAMIC_F: "f", SymbolKind.DYNAMIC_S: "s",
    SymbolKind.DYNAMIC_Z: "z", SymbolKind.DYNAMIC_R: "r", SymbolKind.DYNAMIC_N: "n",
}  # fmt: skip
_SURE = 0.35  # lowest confidence of a letter: what is seen in titles and between words is mostly below
_GAP = 0.6  # from one letter to the next, staff spaces; italics reach over each other
_BESIDE = 0.5  # share of the lower letter's height that lies beside the other one
_FURTHEST = 7.0  # from a staff's outer line to its dynamics, staff spaces


def read_dynamics(systems: Sequence[System], symbols: Sequence[Symbol]) -> tuple[TextMark, ...]:
    """The dynamics of a page, each at the staff that it stands nearest to; between two staves, below the upper one.

    Letters that spell no dynamic are left out.
    """
    marks = []
    for group in _join_letters(systems, symbols):
        word = "".join(_LETTERS[symbol.kind] for symbol in group)
        box = group[0].box
        for symbol in group[1:]:
            box = box.union(symbol.box)
        home = find_home(box, systems, _FURTHEST)
        if word in DYNAMICS and home is not None:
            sureness = min(symbol.confidence for symbol in group)
            text = Text(box, word, sureness, box.height, box.y1)
            marks.append(TextMark(TextRole.DYNAMIC, text, home[0].id, home[1]))
    return tuple(marks)


def _join_letters(systems: Sequence[System], symbols: Sequence[Symbol]) -> list[list[Symbol]]:
    spaces = [staff.space for system in systems for staff in system.staves]
    letters = sorted(
        (s for s in symbols if s.kind in _LETTERS and s.confidence > _SURE), key=lambda s: s.box.x0
    )
    groups: list[list[Symbol]] = []
    for letter in letters:
        near = next(
            (group for group in groups[::-1] if _goes_on(group[-1].box, letter.box, min(spaces))), None
        )
        if near is None:
            groups.append([letter])
        else:
            near.append(letter)
    return groups


def _goes_on(letter: Box, after: Box, space: float) -> bool:
    beside = min(letter.y1, after.y1) - max(letter.y0, after.y0)
    return after.x0 - letter.x1 < _GAP * space and beside > _BESIDE * min(letter.height, after.height)
