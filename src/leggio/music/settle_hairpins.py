"""Hairpins with both ends. In: the bars of a part, each bar's directions in time. Out: bars without half hairpins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from leggio.music.directions import Direction, DirectionKind, Wedge
from leggio.music.score import Bar


def settle_hairpins(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """`bars` with hairpins that take turns: on a staff one ends before the next one begins."""
    begun: dict[int, tuple[int, int]] = {}  # by staff, the bar and the place in it where a hairpin begins
    kept: set[tuple[int, int]] = set()
    for number, bar in enumerate(bars):
        wedges = [place for place, mark in enumerate(bar.directions) if mark.kind is DirectionKind.WEDGE]
        for _, moment in groupby(wedges, key=lambda place: _moment(bar.directions[place])):
            waiting = list(moment)
            while (place := _find_next(bar, waiting, begun)) is not None:
                waiting.remove(place)
                staff = bar.directions[place].staff
                if staff in begun:
                    kept |= {begun.pop(staff), (number, place)}
                else:
                    begun[staff] = number, place
    return tuple(
        replace(
            bar,
            directions=tuple(
                mark
                for place, mark in enumerate(bar.directions)
                if mark.kind is not DirectionKind.WEDGE or (number, place) in kept
            ),
        )
        for number, bar in enumerate(bars)
    )


def _moment(mark: Direction) -> tuple[object, int]:
    return mark.onset, mark.staff


def _find_next(bar: Bar, waiting: Sequence[int], begun: dict[int, tuple[int, int]]) -> int | None:
    """The first end that is wanted on its staff, or the first beginning where none has begun."""
    for place in waiting:
        mark = bar.directions[place]
        if (mark.text == Wedge.STOP.value) == (mark.staff in begun):
            return place
    return None
