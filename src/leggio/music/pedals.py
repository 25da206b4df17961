"""Pedal marks: where the foot goes down and up. In: systems, symbols, words. Out: a `TextMark` for each.

The sign for the pedal is letters in a fancy hand: sometimes the net knows it, sometimes the engine for words reads it,
mostly as "Red.". Where it stands says the rest: below an instrument's lowest staff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from leggio.geometry import Box
from leggio.music.directions import Pedal
from leggio.music.homes import find_home
from leggio.music.notation import Staff, Symbol, SymbolKind, System, Text, TextMark, TextRole

K = SymbolKind

_LEVEL = 0.2  # lowest confidence of a sign: the net doubts them all, but little else looks like them below a system
_ALONE = 0.5  # and of one that no word and no star in its row speak for
_WORD = re.compile(r"[^A-Za-z]*[RPBLF℞][eo]d\b\W*")  # mostly "Red."
_STAR = re.compile(r"[^A-Za-z0-9.,;:()\-–'\"]")  # engines read the star as any sign of any script
_SURE_WORD = 0.6
# In staff spaces.
_FURTHEST = 12.0  # from a staff to the pedal marks below it
_NEAREST = 0.4  # and their middle is at least so far below its lowest line
_STAR_WIDTH = 2.0  # a star is about so wide
_NARROWEST, _WIDEST = 0.8, 2.8  # at least and at most so wide: less is the full stop of the sign
_SIGN_WIDTH, _WIDEST_SIGN = 3.5, 4.6  # a sign is so wide; a wider word was read with the star before it
_SAME = 1.5  # two signs nearer than this are one that was seen and read
_ROW = 5.0  # the signs of one system stand within so much of one height


def read_pedals(
    systems: Sequence[System], symbols: Sequence[Symbol], lines: Sequence[Text]
) -> tuple[TextMark, ...]:
    """The pedal marks of a page, system by system from left to right; each at the staff above it.

    A star without a sign before it in its row is none.
    """
    marks: list[TextMark] = []
    for system in systems:
        for staff in _lowest_staves(system):
            words, stars = _read_words(lines, staff.space)
            read, seen = (_below(staff, system, boxes, systems) for boxes in (words, _see(symbols, K.PEDAL)))
            up = _below(staff, system, [*_see(symbols, K.PEDAL_UP), *stars], systems)
            sure = _below(staff, system, _see(symbols, K.PEDAL, _ALONE), systems)
            if not (read or sure or any(_in_row(star, sign, staff) for star in up for sign in seen)):
                continue
            down = _distinct([*read, *seen], staff.space)
            up = [box for box in up if not any(sign.contains(box.center) for sign in down)]
            up = [box for box in up if any(_in_row(box, sign, staff) for sign in down)]
            placed = [(box, Pedal.START) for box in down] + [
                (box, Pedal.STOP) for box in _distinct(up, staff.space)
            ]
            placed.sort(key=lambda pair: pair[0].x0)
            marks += [_mark(box, pedal, staff) for box, pedal in placed]
    return tuple(marks)


def _mark(box: Box, pedal: Pedal, staff: Staff) -> TextMark:
    text = Text(box, pedal.value, 1.0, box.height, box.y1)
    return TextMark(TextRole.PEDAL, text, staff.id, above=False)


def _see(symbols: Sequence[Symbol], kind: SymbolKind, level: float = _LEVEL) -> list[Box]:
    return [symbol.box for symbol in symbols if symbol.kind is kind and symbol.confidence > level]


def _read_words(lines: Sequence[Text], space: float) -> tuple[list[Box], list[Box]]:
    """The signs and the stars among words; a star may have been read with the sign behind it."""
    signs, stars = [], []
    for line in lines:
        said, box = line.text.strip(), line.box
        match = _WORD.fullmatch(said)
        if match and line.confidence > _SURE_WORD:
            is_wide = box.width > _WIDEST_SIGN * space
            left = max(box.x0, box.x1 - _SIGN_WIDTH * space) if is_wide else box.x0
            signs.append(replace(box, x0=left))
            if is_wide:
                stars.append(replace(box, x1=min(left, box.x0 + _STAR_WIDTH * space)))
        elif len(said) == 1 and _STAR.fullmatch(said):
            stars.append(box)
    return signs, stars


def _lowest_staves(system: System) -> list[Staff]:
    """The lowest staff of each part."""
    return list({staff.part: staff for staff in system.staves}.values())


def _below(staff: Staff, system: System, boxes: Sequence[Box], systems: Sequence[System]) -> list[Box]:
    """The boxes that stand under a staff of a system."""
    found = []
    for box in boxes:
        home = find_home(box, systems, _FURTHEST)
        under = box.center.y - staff.line_at(4, box.center.x) > _NEAREST * staff.space
        if home == (staff, False) and under and system.box.x0 < box.x1:
            found.append(box)
    return found


def _distinct(boxes: Sequence[Box], space: float) -> list[Box]:
    """Each sign once, from left to right."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x0):
        if kept and box.x0 - kept[-1].x0 < _SAME * space:
            continue
        kept.append(box)
    return kept


def _in_row(star: Box, sign: Box, staff: Staff) -> bool:
    """Whether a star stands right of a sign and at about its height; the staff may lie askew."""
    lean = staff.line_at(4, star.center.x) - staff.line_at(4, sign.center.x)
    level = abs(star.center.y - sign.center.y - lean) < _ROW * staff.space
    return star.center.x > sign.x1 and _NARROWEST < star.width / staff.space < _WIDEST and level
