"""Which blocks make an article. In: weights of pairs of blocks. Out: the number of each block's part.

Correlation clustering: find the partition whose pairs in one part weigh most in sum. It is found greedily, two parts
at a time, and mended by moving single blocks while that helps; with tens of blocks this takes milliseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 20  # how often all blocks may move: two or three rounds are the rule

Weights = NDArray[np.float64]
Parts = NDArray[np.int64]


def part_blocks(weights: Weights) -> Parts:
    """The part of each block, (n,), numbered by their first blocks.

    `weights` (n, n) are symmetric; above 0 they speak for one part.
    """
    weights = weights.astype(np.float64, copy=True)
    np.fill_diagonal(weights, 0)
    return _number(_move_blocks(weights, _join_parts(weights)))


def _join_parts(weights: Weights) -> Parts:
    """Join the two parts that gain most from it for each pair of their blocks, until none gains."""
    count = len(weights)
    parts, sizes, sums = np.arange(count), np.ones(count), weights.copy()
    np.fill_diagonal(sums, -np.inf)
    while count > 1:
        gains = sums / (sizes[:, None] * sizes)
        one, other = divmod(int(gains.argmax()), count)
        if not gains[one, other] > 0:
            break
        sums[one] += sums[other]
        sums[:, one] = sums[one]
        sums[[one, other], [one, other]] = -np.inf
        sums[other] = sums[:, other] = -np.inf
        sizes[one] += sizes[other]
        parts[parts == other] = one
    return parts


def _move_blocks(weights: Weights, parts: Parts) -> Parts:
    """Move single blocks to the part where they gain most, or to one of their own, while the sum grows."""
    count = len(weights)
    for _ in range(_ROUNDS):
        moved = False
        for block in range(count):
            gains = np.bincount(parts, weights[block], minlength=count + 1)
            free = np.setdiff1d(np.arange(count + 1), parts)[0]  # a part without blocks: it gains nothing
            best = int(gains.argmax()) if gains.max() > 0 else int(free)
            if gains[best] > gains[parts[block]] + 1e-9:
                parts[block], moved = best, True
        if not moved:
            break
    return parts


def _number(parts: Parts) -> Parts:
    _, first, numbers = np.unique(parts, return_index=True, return_inverse=True)
    order: Parts = np.argsort(np.argsort(first))[numbers].astype(np.int64)
    return order
