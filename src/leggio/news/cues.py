"""What the words of a block say about where articles begin and end. In: its text. Out: numbers.

The cues ask for letters, digits and marks, and for the months of four languages; no other word is known to them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

CUES = (
    "words known", "starts large", "starts small", "starts with digit", "starts with mark", "ends with stop",
    "ends with hyphen", "ends with comma", "capitals at first", "capitals", "digits", "dateline", "numbered",
    "words", "dash after first words", "dots",
)  # fmt: skip
"""Names of what `read_cues` gives, in order."""

_HEAD, _TAIL = 90, 4  # letters at the beginning and at the end of a block that are looked at
_MONTHS = (
    "jan|fe[bv]|m[aä]r[sz]?|apr|avr|ma[iy]|jun|juin|jul|juil|aug|ao[uû]t|se[pv]t|o[ck]t|nov|de[cz]|déc|"
    "gen|mag|giu|lug|ago|set|ott|dic"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}\b.{{0,14}}\b(?:{_MONTHS})|\b(?:{_MONTHS})[a-zä]*\.?\s{{0,2}}\d{{1,2}}\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\W{0,2}(?:\d{1,3}|[IVXL]{1,6})\s?[.)—-]")
_DASH = re.compile(r"^.{0,70}?[.,;]?\s?[—–=]{1,2}")


def read_cues(text: str) -> NDArray[np.float32]:
    """One number in [0, 1] for each of `CUES`; all are 0 without text."""
    text = " ".join(text.split())
    if not text:
        return np.zeros(len(CUES), np.float32)
    first, head, tail = text[0], text[:_HEAD], text[-_TAIL:]
    return np.array(
        (
            1.0,
            first.isupper(),
            first.islower(),
            first.isdigit(),
            not first.isalnum(),
            any(mark in tail for mark in ".!?"),
            text[-1] in "-¬=",
            text[-1] in ",;:",
            _share(str.isupper, [c for c in head[: _HEAD // 3] if c.isalpha()]),
            _share(str.isupper, [c for c in text if c.isalpha()]),
            _share(str.isdigit, [c for c in text if not c.isspace()]),
            _DATE.search(head) is not None,
            _NUMBERED.match(head) is not None,
            min(1.0, math.log1p(len(text)) / 8),
            _DASH.match(head) is not None,
            min(1.0, text.count("..") / 4),
        ),
        np.float32,
    )


def _share(test: Callable[[str], bool], letters: Sequence[str]) -> float:
    return sum(map(test, letters)) / max(1, len(letters))
