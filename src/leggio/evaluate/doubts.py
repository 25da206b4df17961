"""How well doubts point at what is wrong. In: readings and the truth of their pages. Out: bars with their signs.

A bar is wrong where a player would hear something else than the truth, or read a tie that is not there: in a part, some
note sounds at another moment, at another pitch (F sharp is not G flat) or for another time, is missed or invented, or a
tie begins elsewhere. Bars are aligned first (`leggio.evaluate.notes`), so one lost bar makes no other wrong. Voices,
stems, beams, slurs, words do not count, nor does the staff of a part: the left hand may be printed on the upper staff.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.evaluate.notes import CountedBar, align_bars, read_bars
from leggio.music.doubts import JUST_TOLD, WEIGHTS
from leggio.music.evidence import gather_evidence
from leggio.music.musicxml import write_musicxml
from leggio.music.read import Reading
from leggio.music.trouble import Sign

_STEPS, _RATE = 4000, 0.02  # of the fit, in logarithms of weights
# What a sign weighs before anything is known, and how strongly fitted weights are pulled there: by the square of the
# logarithm of weight / prior, against the log-likelihood of all bars. Without it, signs that are rare on pages of the
# factory, as grace notes are, get hardly any weight; left-out pages of the factory do as well with it as without.
_PRIOR, _PULL = 0.2, 1.0
_SMALLEST = 1e-4  # least sum of weights: the logarithm of a chance of 0 is endless


@dataclass(frozen=True, slots=True)
class JudgedBar:
    """A bar of an answer: how much of each sign stands in it, in the order of `Sign`, and whether it is wrong.

    `label` is the number of the true bar beside it, "" where there is none.
    """

    amounts: tuple[float, ...]
    is_wrong: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Heard:
    """Bars, and beside each what a player hears and which ties begin in it."""

    bars: tuple[CountedBar, ...]
    sounds: tuple[Counter[Hashable], ...]


def judge_bars(reading: Reading, truth: bytes) -> list[JudgedBar]:
    """All bars of a reading beside its true MusicXML; bars that the truth does not have are wrong."""
    score = reading.score
    amounts: list[Counter[Sign]] = [Counter() for _ in score.parts[0].bars]
    for evidence in gather_evidence(reading.notation, reading.symbols, reading.strokes, score):
        amounts[evidence.place][evidence.sign] += evidence.amount  # type: ignore[assignment]
    judged = judge_music(write_musicxml(score), truth)
    return [
        JudgedBar(tuple(float(row[sign]) for sign in Sign), is_wrong, label)
        for row, (is_wrong, label) in zip(amounts, judged, strict=True)
    ]


def judge_music(answer: bytes, truth: bytes) -> list[tuple[bool, str]]:
    """Of each bar of an answer, both as MusicXML, whether it is wrong, and the number of the true bar beside it."""
    true, found = _hear(truth), _hear(answer)
    true_place = {id(bar): place for place, bar in enumerate(true.bars)}
    beside = {id(b): a for a, b in align_bars(true.bars, found.bars) if b is not None}
    judged = []
    for bar, sounds in zip(found.bars, found.sounds, strict=True):
        other = beside[id(bar)]
        is_right = other is not None and true.sounds[true_place[id(other)]] == sounds
        judged.append((not is_right, other.label if other is not None else ""))
    return judged


def _hear(data: bytes) -> _Heard:
    bars = read_bars(data)
    root = etree.fromstring(data)
    owners: list[int] = []
    ties: list[Counter[Hashable]] = [Counter() for _ in bars]
    for number, part in enumerate(root.iterfind("part")):
        owners += [number] * max((int(staves.text or 1) for staves in part.iter("staves")), default=1)
        for place, measure in enumerate(part.iterfind("measure")):
            for note in measure.iterfind("note[tie]"):
                if any(tie.get("type") == "start" for tie in note.iterfind("tie")):
                    pitch = note.findtext("pitch/step"), note.findtext("pitch/octave")
                    ties[place]["tie", number, *pitch] += 1
    sounds = [
        Counter[Hashable]((owners[n.staff - 1], n.onset, n.pitch, n.duration) for n in bar.notes) + begun
        for bar, begun in zip(bars, ties, strict=True)
    ]
    return _Heard(bars, tuple(sounds))


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
    """The weights of the noisy or under which what happened is likeliest, given what signs weigh before.

    Signs that just tell their reason keep their weights. Ascent in the logarithms of the weights, with running means
    of the slope and its square as Adam's (Kingma and Ba, 2015).
    """
    signs = [sign for sign in Sign if sign not in JUST_TOLD]
    places = [place for place, sign in enumerate(Sign) if sign in signs]
    amounts = np.array([bar.amounts for bar in bars])[:, places]
    wrong = np.array([bar.is_wrong for bar in bars])
    logs, mean, square = (np.full(len(signs), start) for start in (math.log(_PRIOR), 0.0, 0.0))
    for step in range(1, _STEPS + 1):
        weights = np.exp(logs)
        total = np.maximum(amounts @ weights, _SMALLEST)
        # d log P / d total: 1 / (e^total - 1) where the bar is wrong, -1 where it is right.
        likelier = np.where(wrong, 1 / np.expm1(total), -1.0) @ amounts * weights
        slope = likelier - 2 * _PULL * (logs - math.log(_PRIOR))
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        logs = logs + _RATE * mean / (np.sqrt(square) + 1e-8) * (1 - step / _STEPS)
    fitted = dict(zip(signs, np.exp(logs).tolist(), strict=True))
    return {sign: float(fitted.get(sign, WEIGHTS[sign])) for sign in Sign}
