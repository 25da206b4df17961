"""Learning curves as a picture. In: points of named curves. Out: an RGB image with a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Curves = dict[str, list[tuple[int, float]]]

_HEIGHT, _WIDTH = 600, 1000
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 30, 70, 50  # margins
_COLOURS = ((200, 40, 40), (40, 90, 200), (30, 130, 60), (170, 100, 0), (120, 40, 160), (90, 90, 90))
_GRID, _TEXT = (225, 225, 225), (60, 60, 60)
_LEAST = 1e-6  # a loss of 0 has no logarithm


def draw_curves(curves: Curves) -> NDArray[np.uint8]:
    """All curves in one frame, each with its name and its last value; (600, 1000, 3) uint8."""
    picture = np.full((_HEIGHT, _WIDTH, 3), 255, np.uint8)
    drawn = {name: points for name, points in curves.items() if points}
    if not drawn:
        _write(picture, "no points yet", (_LEFT, _HEIGHT // 2), _TEXT)
        return picture
    last = max(1, *(step for points in drawn.values() for step, _ in points))
    logs = [math.log10(max(value, _LEAST)) for points in drawn.values() for _, value in points]
    low, high = math.floor(min(logs)), max(math.floor(min(logs)) + 1, math.ceil(max(logs)))
    _draw_grid(picture, last, low, high)
    apart = min(220, (_WIDTH - _LEFT) // len(drawn))  # from one name to the next
    for number, (name, points) in enumerate(drawn.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [_place(step, value, last, low, high) for step, value in points]
        cv2.polylines(picture, [np.array(places, np.int32)], False, colour, 2, cv2.LINE_AA)
        cv2.circle(picture, places[-1], 3, colour, -1, cv2.LINE_AA)
        _write(picture, f"{name} {points[-1][1]:.3g}", (_LEFT + number * apart, _TOP - 30), colour)
    return picture


def _place(step: float, value: float, last: int, low: int, high: int) -> tuple[int, int]:
    right = _LEFT + step / last * (_WIDTH - _LEFT - _RIGHT)
    up = (math.log10(max(value, _LEAST)) - low) / (high - low)
    return round(right), round(_HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM))


def _draw_grid(picture: NDArray[np.uint8], last: int, low: int, high: int) -> None:
    """A level line for 1, 2 and 5 of each power of ten, an upright one for every round number of steps."""
    for power in range(low, high + 1):
        for digit in (1, 2, 5) if power < high else (1,):
            value = digit * 10.0**power
            (_, y) = _place(0, value, last, low, high)
            cv2.line(picture, (_LEFT, y), (_WIDTH - _RIGHT, y), _GRID, 1 if digit > 1 else 2)
            _write(picture, f"{value:g}", (12, y + 5), _TEXT)
    for step in range(0, last + 1, _round_step(last)):
        (x, y) = _place(step, 10.0**low, last, low, high)
        cv2.line(picture, (x, _TOP), (x, y), _GRID, 1)
        _write(picture, str(step), (x - 8 * len(str(step)) // 2, y + 25), _TEXT)


def _round_step(last: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 and so on that divides `last` steps into ten parts at most."""
    power = 10 ** max(0, math.floor(math.log10(last)) - 1)
    return next(digit * power for digit in (1, 2, 5, 10) if last / (digit * power) <= 10)


def _write(picture: NDArray[np.uint8], text: str, place: Sequence[int], colour: tuple[int, int, int]) -> None:
    cv2.putText(picture, text, tuple(place), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)
