"""Lines that say where an article goes on, or whence it comes."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.news.notices import ANY_PAGE, NEXT_PAGE, find_onward, find_origin, promises_more
from leggio.synth.news_notices import WORDINGS
from leggio.synth.news_words import Language

TEXT = "The Batavia left the harbour of Rotterdam with two hundred"


def leads_to(notice: str) -> int | None:
    found = find_onward(f"{TEXT}\n{notice}")
    return None if found is None else found.page


@pytest.mark.parametrize("language", Language)
def test_every_notice_that_newspapers_print_leads_to_its_page_and_back(language: Language) -> None:
    rng = np.random.default_rng(1)
    for page in [*range(1, 9)] * 12:
        onward = find_onward(f"{TEXT}\n{WORDINGS[language].go_on(page, 'STORM AT SEA', rng)}")
        origin = find_origin(f"{WORDINGS[language].come_from(page, rng)}\n{TEXT}")
        assert onward is not None
        assert origin is not None
        assert (onward.page, onward.text) == (page, TEXT)
        assert (origin.page, origin.text) == (page, TEXT)


@pytest.mark.parametrize("language", Language)
def test_what_goes_on_in_another_issue_leads_to_no_page_of_this_one(language: Language) -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        later = f"{TEXT}.\n{WORDINGS[language].later(rng)}"
        assert promises_more(later)
        assert find_onward(later) is None
        assert find_origin(f"{WORDINGS[language].earlier(rng)}\n{TEXT}") is None


@pytest.mark.parametrize(
    "notice", ["Foitsetzung anf Seite 3", "(Sulte à la 3e pagc.)", "Contlnued on paqe 3"]
)
def test_a_notice_is_read_with_letters_misread(notice: str) -> None:
    assert leads_to(notice) == 3


def test_a_page_named_in_passing_is_no_sure_notice() -> None:
    found = find_onward(f"{TEXT}\nSee STORM, page 3")
    assert found is not None
    assert not found.sure
    assert found.page == 3


def test_the_next_page_and_a_page_that_is_not_told_are_notices_too() -> None:
    assert leads_to("Fortsetzung auf der nächsten Seite") == NEXT_PAGE
    assert leads_to("(Suite page .)") == ANY_PAGE


@pytest.mark.parametrize("line", ["", "He turned the last page.", "Il lut la suite.", "Der Schluß war gut."])
def test_words_of_a_story_are_no_notice(line: str) -> None:
    assert leads_to(line) is None
    assert not promises_more(f"{TEXT}\n{line}")
