"""What the words of a block say about where articles begin and end. In: its text. Out: numbers.

The cues ask for letters, digits and marks, and for the months of four languages; no other word is known to them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

CUES = (
    "words known", "starts large", "starts small", "starts with digit", "starts with mark", "ends with stop",
    "ends with hyphen", "ends with comma", "capitals at first", "capitals", "digits", "dateline", "numbered",
    "words", "dash after first words", "dots",
)  # fmt: skip
"""Names of what `read_cues` gives, in order."""

_HEAD, _TAIL = 90, 4  # letters at the beginning and at the end of a block that are looked at
_FEWEST = 3  # letters that a word needs to be told from others
_AROUND = 3  # blocks before a block, and behind it, whose words are compared
_MONTHS = (
    "jan|fe[bv]|m[aä]r[sz]?|apr|avr|ma[iy]|jun|juin|jul|juil|aug|ao[uû]t|se[pv]t|o[ck]t|nov|de[cz]|déc|"
    "gen|mag|giu|lug|ago|set|ott|dic"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}\b.{{0,14}}\b(?:{_MONTHS})|\b(?:{_MONTHS})[a-zä]*\.?\s{{0,2}}\d{{1,2}}\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\W{0,2}(?:\d{1,3}|[IVXL]{1,6})\s?[.)—-]")
_DASH = re.compile(r"^.{0,70}?[.,;]?\s?[—–=]{1,2}")
_WORD = re.compile(r"[^\W\d_]+")


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


def compare_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n, n) how many of their words two blocks share, rare ones counting more: cosine of tf-idf over this page."""
    table = _weigh_words(texts)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    alike: NDArray[np.float32] = (table[:, :-1] @ table[:, :-1].T).astype(np.float32)
    return alike


def compare_around(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n,) how many of their words the blocks just before each block share with it and those just behind it.

    The same cosine, of some blocks together: what goes on under a heading speaks of what was spoken of above it
    (TextTiling, Hearst 1997). 0 for the first block and where there are no words.
    """
    table, alike = _weigh_words(texts), np.zeros(len(texts), np.float32)
    for block in range(1, len(texts)):
        before = table[max(0, block - _AROUND) : block].sum(axis=0)
        behind = table[block : block + 1 + _AROUND].sum(axis=0)
        alike[block] = before[:-1] @ behind[:-1] / (np.linalg.norm(before) * np.linalg.norm(behind))
    return alike


def _weigh_words(texts: Sequence[str]) -> NDArray[np.float64]:
    """(n, words + 1) tf-idf of the words that stand in two blocks of the page or more."""
    bags = [_count_words(text) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    known = {word: place for place, word in enumerate(w for w, count in spread.items() if count > 1)}
    table = np.zeros((len(texts), len(known) + 1))
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            if word in known:
                table[row, known[word]] = (1 + math.log(count)) * math.log(len(texts) / spread[word])
        table[row, -1] = 1e-6  # so that a block without words has a length
    return table


@cache
def _count_words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text) if len(word) > _FEWEST)


def _share(test: Callable[[str], bool], letters: Sequence[str]) -> float:
    return sum(map(test, letters)) / max(1, len(letters))
