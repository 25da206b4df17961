"""Octave lines with both ends. In: the bars of a part, each bar's shifts in order. Out: bars whose lines end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leggio.music.directions import OctaveShift, ShiftState, order_of_shift
from leggio.music.score import Bar


def settle_shifts(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """`bars` without half octave lines; on a staff one line ends before the next one begins."""
    begun: dict[int, tuple[int, OctaveShift]] = {}
    kept: list[list[OctaveShift]] = [[] for _ in bars]
    for place, bar in enumerate(bars):
        for shift in sorted(bar.shifts, key=order_of_shift):
            is_start = shift.state is ShiftState.START
            if is_start and shift.octaves and shift.staff not in begun:
                begun[shift.staff] = place, shift
            elif not is_start and shift.staff in begun:
                first, start = begun.pop(shift.staff)
                kept[first].append(start)
                kept[place].append(replace(shift, octaves=start.octaves))
    return tuple(
        replace(bar, shifts=tuple(sorted(row, key=order_of_shift)))
        for bar, row in zip(bars, kept, strict=True)
    )
