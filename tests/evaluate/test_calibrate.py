"""A scale turns raw confidences into chances to be right."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.evaluate.calibrate import fit_scale


def outcomes(chance_at: float, seed: int = 0, count: int = 20_000) -> list[tuple[float, bool]]:
    """Answers that are right with the chance raw ** chance_at."""
    rng = np.random.default_rng(seed)
    raw = rng.random(count)
    return [(float(x), bool(rng.random() < x**chance_at)) for x in raw]


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_on_the_scale_confidence_is_the_chance_to_be_right(power: float) -> None:
    xs, ys = np.array(fit_scale(outcomes(power))).T
    raw = np.linspace(0.1, 0.95, 18)
    np.testing.assert_allclose(np.interp(raw, xs, ys), raw**power, atol=0.06)


def test_an_answer_that_is_always_right_is_sure() -> None:
    xs, ys = np.array(fit_scale([(0.4, True)] * 50 + [(0.9, True)] * 50)).T
    assert np.interp(0.9, xs, ys) == 1.0
    assert np.interp(0.0, xs, ys) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_a_scale_never_falls_and_stays_within_0_and_1(found: list[tuple[float, bool]]) -> None:
    knots = fit_scale(found)
    assert knots[0] == (0.0, 0.0)
    assert knots[-1][0] == 1.0
    for (x0, y0), (x1, y1) in pairwise(knots):
        assert x0 <= x1
        assert 0 <= y0 <= y1 <= 1


def test_nothing_found_gives_no_scale() -> None:
    with pytest.raises(ValueError, match="nothing was found"):
        fit_scale([])
