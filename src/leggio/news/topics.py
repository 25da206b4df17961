"""How alike the words of a page's blocks are. In: their texts, in reading order. Out: `Topics`.

All likeness is the cosine of tf-idf over the page, in [0, 1]: rare words count more. Short blocks share few words even
where they speak of one thing, so it is also taken of several together (TextTiling, Hearst 1997), and by way of a third:
two blocks that are both like others are alike.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_FEWEST = 3  # letters that a word needs to be told from others
_AROUND = 3  # blocks before a block, and behind it, whose words are compared
_BESIDE = 2  # the same, by way of others
_NEAR, _FAR = (
    300,
    800,
)  # letters before a block, and from it on, whose words are compared: a paragraph, a column
_WORD = re.compile(r"[^\W\d_]+")

Values = NDArray[np.float64]
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """For n blocks: `shared` and `twice` (n, n), how alike two are, the latter by way of third ones.

    The others (n,) compare what stands before each block with what begins with it: `around` three blocks, `beside` two,
    by way of others, `near` and `far` some 300 and 800 letters. All are 0 where there are no words.
    """

    shared: Numbers
    twice: Numbers
    around: Numbers
    beside: Numbers
    near: Numbers
    far: Numbers


def compare_words(texts: Sequence[str]) -> Numbers:
    """(n, n) how many of their words two texts share, rare ones counting more: `Topics.shared` alone."""
    return _share_words(_weigh_words(texts)).astype(np.float32)


def compare_topics(texts: Sequence[str]) -> Topics:
    """Compare the words of all blocks of a page."""
    table = _weigh_words(texts)
    count, places = len(texts), np.arange(len(texts))
    shared = _share_words(table)
    worded = table[:, :-1].any(axis=1)
    alike = np.where(np.eye(count, dtype=bool), 1.0, shared)
    twice = alike @ alike
    length = np.sqrt(np.diagonal(twice))
    twice = twice / np.outer(length, length) * np.outer(worded, worded)
    letters = np.concatenate([[0], np.cumsum([len(text) for text in texts])])

    def reach(limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        first = np.searchsorted(letters, letters[:-1] - limit, "right") - 1
        end = np.searchsorted(letters, letters[:-1] + limit)
        return np.maximum(first, 0), np.minimum(end, count)

    return Topics(
        shared.astype(np.float32),
        twice.astype(np.float32),
        _compare_sides(table, places - _AROUND, places + 1 + _AROUND),
        _compare_sides(alike @ table, places - _BESIDE, places + _BESIDE),
        _compare_sides(table, *reach(_NEAR)),
        _compare_sides(table, *reach(_FAR)),
    )


def _share_words(table: Values) -> Values:
    """(n, n) the cosine of each two rows of words."""
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    alike: Values = unit[:, :-1] @ unit[:, :-1].T
    return alike


def _compare_sides(table: Values, first: NDArray[np.int64], end: NDArray[np.int64]) -> Numbers:
    """(n,): the blocks from `first` to just before each one against it and those that follow, up to `end`."""
    count = len(table)
    sums = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
    before = sums[:-1] - sums[np.maximum(first, 0)]
    behind = sums[np.minimum(end, count)] - sums[:-1]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(behind, axis=1)
    products = (before[:, :-1] * behind[:, :-1]).sum(axis=1)
    alike: Values = np.divide(products, lengths, out=np.zeros(count), where=lengths > 0)
    return alike.astype(np.float32)


def _weigh_words(texts: Sequence[str]) -> Values:
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
