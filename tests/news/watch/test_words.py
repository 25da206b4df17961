"""Words are whole, and all spellings of one word share a form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.news.watch.words import Language, find_forms, fold, split_words


def spell(text: str) -> list[str]:
    return [token.text for token in split_words(text)]


def same(one: str, other: str, *languages: Language) -> bool:
    return bool(
        find_forms(one, languages or tuple(Language)) & find_forms(other, languages or tuple(Language))
    )


def test_a_word_parted_at_a_line_end_is_whole() -> None:
    assert spell("Die Gemein-\nderätin und die Ge⸗\nmeinde und das Rat¬\nhaus") == [
        "Die", "Gemeinderätin", "und", "die", "Gemeinde", "und", "das", "Rathaus",
    ]  # fmt: skip


def test_a_word_goes_on_in_the_next_block() -> None:
    assert spell("am Ende der Spal-\n\nte") == ["am", "Ende", "der", "Spalte"]


def test_a_compound_of_two_names_stays_two_words_at_a_line_end() -> None:
    assert spell("Nordrhein-\nWestfalen") == ["Nordrhein", "Westfalen"]


def test_in_capitals_a_hyphen_at_a_line_end_may_be_either() -> None:
    tokens = split_words("GEMEIN-\nDERAT TAGT")
    assert [(token.text, token.first, token.last) for token in tokens] == [
        ("GEMEIN", 0, 0), ("DERAT", 1, 1), ("GEMEINDERAT", 0, 1), ("TAGT", 2, 2),
    ]  # fmt: skip


def test_a_suspended_hyphen_joins_nothing() -> None:
    assert spell("Vor-\nund Nachteile") == ["Vor", "und", "Nachteile"]


def test_a_dash_between_words_joins_nothing() -> None:
    assert spell("Basel - eine Stadt") == ["Basel", "eine", "Stadt"]


def test_letters_with_stops_are_one_word() -> None:
    assert spell("Nestlé S.A. und z.B. Bern.") == ["Nestlé", "SA", "und", "zB", "Bern"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Häuser", "Haus"), ("Häuser", "Haeuser"), ("Häuser", "Hauser"), ("Müller", "Mueller"),
        ("Straße", "Strassen"), ("journaux", "journal"), ("élections", "ELECTION"), ("running", "runs"),
        ("Preiſe", "Preis"), ("ﬂießend", "fliessende"), ("Präsidenten", "Präsident"), ("œuvre", "oeuvres"),
    ],
)  # fmt: skip
def test_spellings_and_inflections_of_a_word_are_the_same_word(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Bern", "Bernina"), ("neue", "neun"), ("AG", "AGS"), ("1999", "1998")]
)
def test_other_words_are_other_words(one: str, other: str) -> None:
    assert not same(one, other)


def test_only_the_languages_that_are_asked_for_inflect() -> None:
    assert same("journaux", "journal", Language.FRENCH)
    assert not same("journaux", "journal", Language.GERMAN)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_folding_a_folded_word_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(alphabet="aBü-ſß. \n'\u00ad¬=1", max_size=60))
def test_tokens_stand_in_order_inside_their_text(text: str) -> None:
    tokens = split_words(text)
    assert all(0 <= token.start < token.end <= len(text) and token.first <= token.last for token in tokens)
    starts = [token.first for token in tokens if token.first == token.last]
    assert starts == list(range(len(starts)))
