"""What words say about the ends of an article."""

from __future__ import annotations

import pytest

from leggio.news.cues import CUES, read_cues


def cue(name: str, text: str) -> float:
    return float(read_cues(text)[CUES.index(name)])


def test_no_text_gives_no_cue() -> None:
    assert not read_cues("  \n").any()


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("starts large", "The king", "the king"),
        ("starts small", "sozialen Verbrüderung", "Soziale"),
        ("starts with digit", "12 hommes", "Douze"),
        ("starts with mark", "— On écrit", "On écrit"),
        ("ends with stop", "is dead.", "is dead"),
        ("ends with hyphen", "ver-", "ver."),
        ("ends with comma", "and then,", "and then"),
        ("dateline", "PARIS, 12 avril. — On", "Paris est une ville"),
        ("dateline", "London, Nov. 23. The", "London is large"),
        ("dateline", "Bern, den 3. März", "Bern hat 3 Brücken"),
        ("numbered", "IV. Of the navy", "Navy of"),
        ("dash after first words", "Hamburg. — Das Schiff", "Das Schiff fuhr ab"),
    ],
)
def test_a_cue_tells_one_text_from_another(name: str, yes: str, no: str) -> None:
    assert (cue(name, yes), cue(name, no)) == (1, 0)


def test_capitals_are_a_share_of_the_letters() -> None:
    assert cue("capitals", "FIRE at sea") == pytest.approx(4 / 9)
