"""Doubts are good where the wrong bars come first; their weights are learned from pages with known truth."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.evaluate.doubts import JudgedBar, fit_weights, judge_music, share_found, weigh_bars
from leggio.music.doubts import JUST_TOLD, WEIGHTS
from leggio.music.trouble import Sign


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
    true = np.array([WEIGHTS[s] if s in JUST_TOLD else (0.6, 0.1, 0.3)[n % 3] for n, s in enumerate(Sign)])
    amounts = rng.poisson(0.1, (12000, len(Sign))).astype(float)
    wrong = rng.random(12000) < 1 - np.exp(-amounts @ true)
    bars = [JudgedBar(tuple(row), bool(is_wrong)) for row, is_wrong in zip(amounts, wrong, strict=True)]
    found = np.array(list(fit_weights(bars).values()))
    assert found == pytest.approx(true, abs=0.1)


def test_a_sign_that_never_stood_anywhere_weighs_what_it_did_before() -> None:
    rng = np.random.default_rng(1)
    bars = [bar(bool(is_wrong), strain=1.0) for is_wrong in rng.random(2000) < 0.5]
    found = fit_weights(bars)
    assert found[Sign.STRAIN] == pytest.approx(np.log(2), abs=0.1)
    assert found[Sign.GRACE] == pytest.approx(fit_weights(bars[:10])[Sign.GRACE])


BAR = b"""<measure number="7"><attributes><divisions>1</divisions><staves>2</staves></attributes>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>2</duration><tie type="start"/>
<voice>1</voice><stem>up</stem><staff>1</staff></note>
<note><pitch><step>E</step><octave>4</octave></pitch><duration>2</duration><voice>1</voice><staff>1</staff></note>
</measure>"""


def music(*measures: bytes) -> bytes:
    return b'<score-partwise><part id="P1">' + b"".join(measures) + b"</part></score-partwise>"


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (b"<stem>up</stem>", b""),
        (b"<voice>1</voice>", b"<voice>3</voice>"),
        (b"<staff>1</staff>", b"<staff>2</staff>"),
    ],
)
def test_stems_voices_and_the_staff_of_a_part_make_no_bar_wrong(said: bytes, answered: bytes) -> None:
    assert judge_music(music(BAR.replace(said, answered)), music(BAR)) == [(False, "7")]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (b"<step>E</step>", b"<step>F</step>"),
        (b"<step>E</step>", b"<step>E</step><alter>-1</alter>"),
        (b"<duration>2</duration><voice>", b"<duration>1</duration><voice>"),
        (b'<tie type="start"/>', b""),
    ],
)
def test_another_pitch_accidental_duration_or_tie_makes_a_bar_wrong(said: bytes, answered: bytes) -> None:
    assert judge_music(music(BAR.replace(said, answered)), music(BAR)) == [(True, "7")]


def test_an_invented_bar_is_wrong_and_makes_no_other_wrong() -> None:
    other = BAR.replace(b"<step>E</step>", b"<step>G</step>")
    assert judge_music(music(other, BAR), music(BAR)) == [(True, ""), (False, "7")]
