"""What a page says twice is likelier to be right."""

from __future__ import annotations

from dataclasses import replace

from tests.music.quarters import melody, scene, score_of

from leggio.music.echoes import find_echoes
from leggio.music.evidence import gather_evidence
from leggio.music.score import Part, Score
from leggio.music.trouble import Sign

TWICE = melody(0, 1, 2, 3, 0, 1, 2, 3)
OTHER = melody(0, 1, 2, 3, 0, 1, 2, 4)


def test_bars_that_sound_alike_are_echoes_and_others_are_not() -> None:
    assert find_echoes(score_of(TWICE)) == {0, 1}
    assert find_echoes(score_of(OTHER)) == set()


def test_a_bar_is_an_echo_only_if_all_its_staves_are() -> None:
    def both(lower: Score) -> Score:
        return Score((*score_of(TWICE).parts, replace(lower.parts[0], id="P2")))

    assert find_echoes(both(score_of(TWICE))) == {0, 1}
    assert find_echoes(both(score_of(OTHER))) == set()


def test_an_empty_bar_echoes_nothing() -> None:
    bars = tuple(replace(bar, events=()) for bar in score_of(TWICE).parts[0].bars)
    assert find_echoes(Score((Part("P1", "", 1, bars),))) == set()


def test_a_sign_tells_less_in_a_bar_that_another_one_repeats() -> None:
    def strain(read: Score) -> float:
        bars = read.parts[0].bars
        strained = Score((replace(read.parts[0], bars=(replace(bars[0], strain=2.0), bars[1])),))
        seen = gather_evidence(scene(TWICE).notation, (), (), strained)
        return sum(evidence.amount for evidence in seen if evidence.sign is Sign.STRAIN)

    assert 0 < strain(score_of(TWICE)) < strain(score_of(OTHER))
