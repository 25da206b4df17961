"""Doubts are good where the wrong bars come first; their weights are learned from pages with known truth."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.evaluate.doubts import JudgedBar, fit_weights, share_found, weigh_bars
from leggio.music.doubts import Sign


def bar(is_wrong: bool, **amounts: float) -> JudgedBar:
    return JudgedBar(tuple(amounts.get(sign.value, 0.0) for sign in Sign), is_wrong)


def test_all_wrong_bars_in_front_are_all_found() -> None:
    bars = [bar(True, beats=1.0), *(bar(False) for _ in range(9))]
    assert share_found(bars, weigh_bars(bars), 0.1) == pytest.approx(1.0)


def test_bars_of_one_chance_count_evenly() -> None:
    bars = [bar(True), *(bar(False) for _ in range(9))]
    assert share_found(bars, weigh_bars(bars), 0.3) == pytest.approx(0.3)


def test_a_chance_grows_with_each_sign_and_stays_below_one() -> None:
    chances = weigh_bars([bar(False), bar(False, beats=1.0), bar(False, beats=1.0, changed=2.0)])
    assert 0 == chances[0] < chances[1] < chances[2] < 1


def test_weights_are_found_again_from_bars_that_they_made() -> None:
    rng = np.random.default_rng(0)
    true = np.array([0.9, 0.0, 0.4, 0.2, 0.0, 0.0, 0.0, 0.3])
    amounts = rng.poisson(0.5, (4000, len(Sign))).astype(float)
    wrong = rng.random(4000) < 1 - np.exp(-amounts @ true)
    bars = [JudgedBar(tuple(row), bool(is_wrong)) for row, is_wrong in zip(amounts, wrong, strict=True)]
    found = np.array(list(fit_weights(bars).values()))
    assert found == pytest.approx(true, abs=0.08)
