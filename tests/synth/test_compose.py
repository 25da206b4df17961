"""Composed music is odd, but every bar of it adds up."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from leggio.music.musicxml import write_musicxml
from leggio.music.score import Bar
from leggio.synth.compose import compose
from leggio.synth.engrave import Layout, engrave


def measure_voices(bar: Bar) -> dict[int, Fraction]:
    """How long each voice of the bar sounds; fails where an event does not follow the one before it."""
    ends: dict[int, Fraction] = defaultdict(Fraction)
    for event in bar.events:
        assert event.onset == ends[event.voice]
        ends[event.voice] += event.duration
    return ends


@pytest.mark.parametrize("seed", range(20))
def test_every_voice_fills_its_bar(seed: int) -> None:
    (part,) = compose(np.random.default_rng(seed), bars=12).parts
    assert len(part.bars) == 12
    for bar in part.bars:
        ends = measure_voices(bar)
        assert {1, 5} <= ends.keys()
        assert set(ends.values()) == {bar.duration}


def test_the_same_seed_composes_the_same_piece() -> None:
    first, second, other = (compose(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


@pytest.mark.parametrize("seed", range(4))
def test_composed_music_can_be_engraved(seed: int) -> None:
    music = write_musicxml(compose(np.random.default_rng(seed), bars=8))
    page = next(engrave(music, Layout(space=8.0)))
    assert len(page.truth.symbols) > 50
    assert {staff.part for system in page.truth.systems for staff in system.staves} == {0}
