"""Chord symbols. In: a word such as C7, F#m7b5 or Bb/D. Out: a `Harmony` without a moment, or None."""

from __future__ import annotations

import re
from fractions import Fraction

from leggio.music.directions import Harmony
from leggio.music.directions import HarmonyKind as H

_STEP = r"([A-G])([#♯b♭]?)"
_ALTERS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_KINDS = {
    "": H.MAJOR, "maj": H.MAJOR, "m": H.MINOR, "min": H.MINOR, "mi": H.MINOR, "-": H.MINOR, "+": H.AUGMENTED,
    "aug": H.AUGMENTED, "dim": H.DIMINISHED, "°": H.DIMINISHED, "o": H.DIMINISHED, "7": H.DOMINANT,
    "maj7": H.MAJOR_7, "Maj7": H.MAJOR_7, "M7": H.MAJOR_7, "Δ": H.MAJOR_7, "j7": H.MAJOR_7, "m7": H.MINOR_7,
    "min7": H.MINOR_7, "mi7": H.MINOR_7, "-7": H.MINOR_7, "dim7": H.DIMINISHED_7, "°7": H.DIMINISHED_7,
    "o7": H.DIMINISHED_7, "+7": H.AUGMENTED_7, "aug7": H.AUGMENTED_7, "7#5": H.AUGMENTED_7, "m7b5": H.HALF_DIMINISHED,
    "m7♭5": H.HALF_DIMINISHED, "ø": H.HALF_DIMINISHED, "ø7": H.HALF_DIMINISHED, "mM7": H.MAJOR_MINOR,
    "m(maj7)": H.MAJOR_MINOR, "6": H.MAJOR_6, "m6": H.MINOR_6, "9": H.DOMINANT_9, "maj9": H.MAJOR_9, "m9": H.MINOR_9,
    "11": H.DOMINANT_11, "13": H.DOMINANT_13, "sus2": H.SUSPENDED_2, "sus4": H.SUSPENDED_4, "sus": H.SUSPENDED_4,
    "5": H.POWER, "add9": H.OTHER, "7sus4": H.OTHER, "7b9": H.OTHER, "7#9": H.OTHER, "69": H.OTHER, "6/9": H.OTHER,
}  # fmt: skip
_SYMBOL = re.compile(
    rf"{_STEP}({'|'.join(re.escape(kind) for kind in sorted(_KINDS, key=len, reverse=True))})(?:/{_STEP})?"
)


def parse_chord(text: str) -> Harmony | None:
    """The chord that a symbol names, at moment 0 on staff 1; None for any other word."""
    match = _SYMBOL.fullmatch(text.strip())
    if match is None:
        return None
    step, sign, kind, bass, bass_sign = match.groups()
    return Harmony(
        Fraction(0),
        1,
        (step, _ALTERS[sign]),
        _KINDS[kind],
        kind,
        (bass, _ALTERS[bass_sign]) if bass else None,
    )
