"""How sure a net may say it is. In: what was found, right or wrong, with its raw confidence. Out: a scale of knots.

Isotonic regression (Zadrozny & Elkan, KDD 2002): the share of right answers as a rising function of raw confidence. The
scale travels in the net's card; `leggio.music.symbols` reads confidences off it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_BINS = 60  # of equally many answers; neighbours that fall are merged
_KNOTS = 16  # at most: more would follow the noise of the pages


def fit_scale(outcomes: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """Knots (raw confidence, chance to be right), both rising, from (0, 0) on; at least two.

    `outcomes` are raw confidence and whether the answer was right. Raises ValueError without any.
    """
    if not outcomes:
        raise ValueError("nothing was found that a scale could be fitted to")
    raw, right = np.array(sorted(outcomes), np.float64).T
    bins = np.array_split(np.arange(len(raw)), min(_BINS, len(raw)))
    groups = [(float(raw[part].mean()), float(right[part].mean()), float(len(part))) for part in bins]
    rising: list[tuple[float, float, float]] = []
    for group in groups:
        rising.append(group)
        while len(rising) > 1 and rising[-2][1] >= rising[-1][1]:  # pool adjacent violators
            (x0, y0, n0), (x1, y1, n1) = rising[-2:]
            total = n0 + n1
            rising[-2:] = [((x0 * n0 + x1 * n1) / total, (y0 * n0 + y1 * n1) / total, total)]
    chosen = np.unique(np.linspace(0, len(rising) - 1, _KNOTS).round().astype(int))
    knots = [(0.0, 0.0), *((rising[place][0], rising[place][1]) for place in chosen)]
    if knots[-1][0] < 1.0:
        knots.append((1.0, knots[-1][1]))
    return tuple((round(x, 4), round(y, 4)) for x, y in knots)
