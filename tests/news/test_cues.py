"""What words say about the ends of an article."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.news.cues import CUES, compare_around, compare_words, read_cues


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


def test_rare_words_that_two_blocks_share_bring_them_together() -> None:
    alike = compare_words(["the steamer Batavia sank", "crew of the Batavia saved", "wheat was the dearest"])
    assert alike[0, 1] > alike[0, 2]
    assert np.allclose(alike, alike.T)


def test_texts_without_a_common_word_are_not_alike() -> None:
    assert compare_words(["steamer sank", "wheat dearer", ""]).max() == pytest.approx(0, abs=1e-6)


def test_a_break_is_where_other_words_begin() -> None:
    ship, corn = "steamer Batavia sank crew", "wheat barley dearer market"
    around = compare_around([ship, ship, "Heading", ship, corn, corn, corn])
    assert around[2] > 0.4 > around[4]
    assert around[0] == 0


def test_nothing_is_around_a_page_without_words() -> None:
    assert compare_around(["", "", ""]).max() == pytest.approx(0, abs=1e-6)
