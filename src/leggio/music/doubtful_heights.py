"""Heads that may be a step off. In: a `Scene`. Out: `Evidence`.

A head lies on a line or in the middle of a space; ruled lines bend, and paper shrinks, so a bar's worst head is
compared with those of the page's other bars. Beyond the staff, a ledger line goes through heads on lines and none
through heads in spaces.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median, median_low

from leggio.geometry import Point
from leggio.music.notation import Chord, Head, Staff, Stroke, StrokeKind
from leggio.music.trouble import Evidence, Scene, Sign

_TOP = 8  # position of the top line; the bottom one has 0
_FIRST_LEDGER = 10  # of the first ledger line above: its heads tell how far ledger lines lie
_ENOUGH = 6  # so many heads tell it
_USUAL = 0.1  # no page is taken for straighter than this: how far a bar's worst head lies off, in steps
_HARDLY = 0.05  # heads that lie so little further off than usual are not told: logarithm of the ratio
_THROUGH = 0.28  # a line whose middle is so near to a head's goes through it, staff spaces


def find_doubtful_heights(scene: Scene) -> Iterator[Evidence]:
    """Bars with a head between a line and a space, and bars with heads that their ledger lines contradict."""
    staves = {staff.id: staff for system in scene.notation.systems for staff in system.staves}
    stretch = _measure_stretch(scene, staves)
    worst: dict[int, tuple[float, Chord, Head]] = {}
    for chord in scene.notation.chords:
        place = scene.places.get(chord.id)
        if place is None or chord.staff not in scene.homes:
            continue
        for head in chord.heads:
            off = _measure_off(head, staves[chord.staff], stretch)
            if place not in worst or off > worst[place][0]:
                worst[place] = off, chord, head
    usual = max(median_low([off for off, _, _ in worst.values()] or [0.0]), _USUAL)
    for off, chord, head in worst.values():
        amount = math.log(max(off, _USUAL) / usual)
        if amount > _HARDLY:
            yield scene.tell(chord, Sign.PLACE, amount, "a head between a line and a space", (head.symbol,))
    yield from _contradicted(scene, staves)


def _measure_stretch(scene: Scene, staves: dict[int, Staff]) -> float:
    """How far ledger lines lie from the staff, 1 where they go on as the staff's own lines do."""
    found = [
        (staves[chord.staff].position_at(Point(head.x, head.y)) - _TOP) / (_FIRST_LEDGER - _TOP)
        for chord in scene.notation.chords
        for head in chord.heads
        if head.position == _FIRST_LEDGER
    ]
    return median(found) if len(found) >= _ENOUGH else 1.0


def _measure_off(head: Head, staff: Staff, stretch: float) -> float:
    """How far a head lies from the middle of its line or space, in steps."""
    seen = staff.position_at(Point(head.x, head.y))
    if seen > _TOP:
        seen = _TOP + (seen - _TOP) / stretch
    elif seen < 0:
        seen /= stretch
    return abs(seen - head.position)


def _contradicted(scene: Scene, staves: dict[int, Staff]) -> Iterator[Evidence]:
    """Bars with heads on ledger lines that have none, or in spaces where one goes through them."""
    ledgers = [stroke for stroke in scene.strokes if stroke.kind is StrokeKind.LEDGER]
    off: dict[tuple[int, int], list[tuple[Chord, Head]]] = {}
    for chord in scene.notation.chords:
        if chord.id not in scene.places or chord.staff not in scene.homes:
            continue
        for head in chord.heads:
            is_beyond = head.position > _TOP + 1 or head.position < -1
            if is_beyond and (head.position % 2 == 0) != _is_ruled(head, ledgers, staves[chord.staff].space):
                off.setdefault((scene.places[chord.id], chord.staff), []).append((chord, head))
    for found in off.values():
        ink = tuple(head.symbol for _, head in found)
        yield scene.tell(
            found[0][0], Sign.LEDGER, math.log1p(len(found)), "ledger lines contradict a head", ink
        )


def _is_ruled(head: Head, ledgers: list[Stroke], space: float) -> bool:
    return any(
        line.box.x0 < head.x < line.box.x1
        and abs((line.start.y + line.end.y) / 2 - head.y) < _THROUGH * space
        for line in ledgers
    )
