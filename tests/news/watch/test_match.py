"""An article answers a query exactly where a reader would say so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.news.watch.press import find, find_hits

from leggio.news.misread import count_misread
from leggio.news.watch.match import Hit, Place, Way
from leggio.news.watch.words import Language

TEXT = "Der Präsident der Neuen Zürcher Zeitung trat zurück. Die Gemein-\nderätin schwieg dazu in Bern."


def test_a_word_is_found_in_its_other_forms_and_over_a_line_end() -> None:
    assert find("Präsidenten", TEXT) == ["Präsident"]
    assert find_hits("gemeinderätin", TEXT) == (Hit(Place.TEXT, 57, 72, "Gemeinderätin"),)


def test_a_phrase_stands_side_by_side() -> None:
    assert find('"neue zürcher zeitung"', TEXT) == ["Neuen", "Zürcher", "Zeitung"]
    assert find('"neue zeitung"', TEXT) is None


def test_a_phrase_goes_on_behind_a_word_that_a_line_end_may_part() -> None:
    assert find('"gemeinderat tagt"', "GEMEIN-\nDERAT TAGT") == ["GEMEINDERAT", "TAGT"]
    assert find('"acme ag tagt"', "ACME-\nAG TAGT") == ["ACME", "AG", "TAGT"]


def test_and_or_not() -> None:
    assert find("bern AND präsident", TEXT) == ["Präsident", "Bern"]
    assert find("bern AND basel", TEXT) is None
    assert find("basel OR bern", TEXT) == ["Bern"]
    assert find("bern AND NOT präsident", TEXT) is None
    assert find("bern AND NOT basel", TEXT) == ["Bern"]
    assert find("bern AND (basel OR NOT genf)", TEXT) == ["Bern"]


def test_near_counts_the_words_between_in_either_order() -> None:
    assert find("präsident NEAR/1 neue", TEXT) == ["Präsident", "Neuen"]
    assert find("neue NEAR/1 präsident", TEXT) == ["Präsident", "Neuen"]
    assert find("präsident NEAR/0 neue", TEXT) is None
    assert find('"neue zürcher zeitung" NEAR/1 zurück', TEXT) == ["Neuen", "Zürcher", "Zeitung", "zurück"]
    assert find("bern NEAR/5 bern", TEXT) is None


def test_near_does_not_reach_from_the_headline_into_the_text() -> None:
    assert find("haus NEAR/9 bern", "Bern", headline="Das Haus") is None
    assert find("haus AND bern", "Bern", headline="Das Haus") == ["Haus", "Bern"]


def test_the_headline_can_be_asked_alone() -> None:
    assert find("headline:bern", TEXT, headline="Wirbel in Zürich") is None
    assert find("headline:zürich", TEXT, headline="Wirbel in Zürich") == ["Zürich"]


def test_a_prefix_finds_what_begins_so() -> None:
    assert find("gemeinder*", TEXT) == ["Gemeinderätin"]
    assert find("gemeinder", TEXT) is None
    assert find("müll*", "Mueller und Müllerin") == ["Mueller", "Müllerin"]


def test_an_exact_word_is_spelled_so() -> None:
    assert find("=Bauer", "Der Bauer und die Bauern bauen") == ["Bauer"]
    assert find("=bauer", "Der Bauer") is None
    assert find("=Weſt", "Im West") == ["West"]


def test_a_compound_with_a_hyphen_is_found_in_one_piece_too() -> None:
    assert find("peut-être", "C'est peut-\nêtre vrai, peut-être") == ["peutêtre", "peut", "être"]


def test_reading_errors_are_forgiven_only_where_asked_for_and_in_long_words() -> None:
    assert find("chemiekonzern", "Ein Cherniekonzern") is None
    assert find("chemiekonzern", "Ein Cherniekonzern", way=Way(fuzzy=1)) == ["Cherniekonzern"]
    assert find("chemiekonzern", "Ein Cherniekonzem", way=Way(fuzzy=1)) is None
    assert find("chemiekonzern", "Ein Cherniekonzem", way=Way(fuzzy=2)) == ["Cherniekonzem"]
    assert find("zeit", "Ein Zelt", way=Way(fuzzy=1)) is None


def test_only_the_languages_of_a_subject_inflect() -> None:
    assert find("journal", "les journaux", way=Way((Language.GERMAN,))) is None
    assert find("journal", "les journaux", way=Way((Language.FRENCH,))) == ["journaux"]
    assert find("journal", "le JOURNAL", way=Way(())) == ["JOURNAL"]


@given(
    st.text("mrncldw", min_size=6, max_size=9), st.text("mrncldw", min_size=6, max_size=9), st.integers(1, 2)
)
def test_all_words_within_the_errors_that_are_forgiven_are_found(wanted: str, read: str, fuzzy: int) -> None:
    found = find(wanted, f"wort {read} wort", way=Way((), fuzzy)) == [read]
    assert found == (count_misread(wanted, read, fuzzy) <= fuzzy)
