"""How well doubts point at what is wrong. In: readings and the truth of their pages. Out: bars with their signs.

A bar is wrong where its notes are not those of the truth (`leggio.evaluate.notes`: staff, onset, pitch, duration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.evaluate.notes import align_bars, read_bars
from leggio.music.doubts import WEIGHTS, Sign, gather_evidence
from leggio.music.musicxml import write_musicxml
from leggio.music.read import Reading

_STEPS, _RATE = 4000, 0.02  # of the fit
_SMALLEST = 1e-4  # least sum of weights: the logarithm of a chance of 0 is endless


@dataclass(frozen=True, slots=True)
class JudgedBar:
    """A bar of an answer: how much of each sign stands in it, in the order of `Sign`, and whether it is wrong."""

    amounts: tuple[float, ...]
    is_wrong: bool


def judge_bars(reading: Reading, truth: bytes) -> list[JudgedBar]:
    """All bars of a reading beside its true MusicXML; bars that the truth does not have are wrong."""
    score = reading.score
    amounts: list[Counter[Sign]] = [Counter() for _ in score.parts[0].bars]
    for evidence in gather_evidence(reading.notation, reading.symbols, reading.strokes, score):
        amounts[evidence.place][evidence.sign] += evidence.amount  # type: ignore[assignment]
    answer = read_bars(write_musicxml(score))
    right = {
        id(found)
        for true, found in align_bars(read_bars(truth), answer)
        if true is not None and found is not None and Counter(true.notes) == Counter(found.notes)
    }
    return [
        JudgedBar(tuple(float(row[sign]) for sign in Sign), id(found) not in right)
        for row, found in zip(amounts, answer, strict=True)
    ]


def weigh_bars(bars: Sequence[JudgedBar], weights: Mapping[Sign, float] = WEIGHTS) -> NDArray[np.float64]:
    """The chance that each bar is wrong, (bars,), by the noisy or of its signs."""
    factors = np.array([weights[sign] for sign in Sign])
    return np.asarray(1 - np.exp(-np.array([bar.amounts for bar in bars]) @ factors))


def share_found(bars: Sequence[JudgedBar], chances: NDArray[np.float64], share: float) -> float:
    """Of all wrong bars, how many are in the most doubtful `share` of bars; bars of one chance count evenly."""
    wrong = np.array([bar.is_wrong for bar in bars], float)
    if not wrong.sum():
        return 1.0
    room, found = share * len(bars), 0.0
    for chance in np.unique(chances)[::-1]:
        tied = chances == chance
        taken = min(room, float(tied.sum()))
        found += float(wrong[tied].mean()) * taken
        room -= taken
    return found / float(wrong.sum())


def fit_weights(bars: Sequence[JudgedBar]) -> dict[Sign, float]:
    """The weights under which what happened is likeliest, none below 0: ascent of the likelihood of the noisy or."""
    amounts = np.array([bar.amounts for bar in bars])
    wrong = np.array([bar.is_wrong for bar in bars])
    weights, mean, square = np.full(len(Sign), 0.3), np.zeros(len(Sign)), np.zeros(len(Sign))
    for step in range(1, _STEPS + 1):
        total = np.maximum(amounts @ weights, _SMALLEST)
        # d log P / d total: 1 / (e^total - 1) where the bar is wrong, -1 where it is right.
        slope = np.where(wrong, 1 / np.expm1(total), -1.0) @ amounts / len(bars)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = np.maximum(weights + _RATE * mean / (np.sqrt(square) + 1e-8) * (1 - step / _STEPS), 0.0)
    return {sign: float(weight) for sign, weight in zip(Sign, weights, strict=True)}
