"""Straight ways between blocks that face each other. In: a map, boxes in its cells. Out: what is highest on the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WAYS = 5  # ways between two blocks along which a border is looked for
_LOOKS = 48  # places along such a way; a border is three cells wide, so one between neighbours is never stepped over


def find_highest(plane: NDArray[np.generic], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): the mean over ways of the highest value from one box to another, not a number where no way leads.

    `plane` is (height, width), `edges` (n, 4) are x0, y0, x1, y1 of boxes in its cells. Ways lead straight across where
    boxes face each other: down, and to the right for boxes that do not overlap.
    """
    found = np.full((len(edges), len(edges)), np.nan)
    for across in (0, 1):
        pairs, ways = _find_ways(edges if across == 0 else edges[:, [1, 0, 3, 2]])
        x, y = (ways[..., across], ways[..., 1 - across])
        rows = y.astype(int).clip(0, plane.shape[0] - 1)
        columns = x.astype(int).clip(0, plane.shape[1] - 1)
        highest = plane[rows, columns].max(axis=2).mean(axis=1)
        unset = np.isnan(found[pairs[:, 0], pairs[:, 1]])
        found[pairs[unset, 0], pairs[unset, 1]] = highest[unset]
        found[pairs[unset, 1], pairs[unset, 0]] = highest[unset]
    return found


def _find_ways(edges: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ways straight down from each box (x0, y0, x1, y1) to each one below that faces it: pairs (m, 2) and places along
    the ways (m, ways, places, 2), each as x and y.
    """
    left = np.maximum(edges[:, None, 0], edges[None, :, 0])
    right = np.minimum(edges[:, None, 2], edges[None, :, 2])
    middles = (edges[:, 1] + edges[:, 3]) / 2
    pairs = np.argwhere((right > left) & (middles[:, None] < middles[None]))
    one, two = pairs[:, 0], pairs[:, 1]
    shares = (np.arange(_WAYS) + 0.5) / _WAYS
    x = left[one, two, None] + shares * (right - left)[one, two, None]
    start, end = edges[one, 3], edges[two, 1]
    y = start[:, None] + np.linspace(0, 1, _LOOKS) * (end - start)[:, None]
    shape = (len(pairs), _WAYS, _LOOKS)
    return pairs, np.stack([np.broadcast_to(x[..., None], shape), np.broadcast_to(y[:, None], shape)], axis=3)
