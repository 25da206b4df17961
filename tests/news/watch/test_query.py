"""Queries say what they mean, and errors show where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.news.watch.query import And, Near, Not, Or, Phrase, Query, QueryError, Term, parse_query


def word(text: str, headline: bool = False, prefix: bool = False, exact: bool = False) -> Phrase:
    return Phrase((Term(text, prefix, exact),), headline)


A, B, C = word("aa"), word("bb"), word("cc")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("aa", A),
        ("aa bb", And((A, B))),
        ("aa AND bb OR cc", Or((And((A, B)), C))),
        ("aa AND (bb OR cc)", And((A, Or((B, C))))),
        ("aa AND NOT bb NEAR/5 cc", And((A, Not(Near(B, C, 5))))),
        ("aa NOT bb", And((A, Not(B)))),
        ("aa OR bb OR cc", Or((A, B, C))),
        ("(aa OR bb) NEAR/2 cc", Near(Or((A, B)), C, 2)),
        ('"aa bb*"', Phrase((Term("aa"), Term("bb", prefix=True)))),
        ("„aa bb“", Phrase((Term("aa"), Term("bb")))),
        ("aa*", word("aa", prefix=True)),
        ("=Aa", word("Aa", exact=True)),
        ("headline:aa bb", And((word("aa", headline=True), B))),
        ("headline:(aa OR bb)", Or((word("aa", headline=True), word("bb", headline=True)))),
        ("aa or bb", And((A, word("or"), B))),
        ('"OR"', word("OR")),
        ("E-Mail", Or((Phrase((Term("E"), Term("Mail"))), word("EMail")))),
        ("S.A.", word("SA")),
    ],
)
def test_a_query_means(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", 0, "empty"),
        ("(aa", 0, "never closed"),
        ("aa) bb", 2, "without its ("),
        ("aa AND", 6, "too early"),
        ("aa AND OR bb", 7, "OR needs a word"),
        ("titel:aa", 0, "no field titel"),
        ("aa NEAR bb", 3, "NEAR needs a number"),
        ("aa NEAR/x bb", 3, "NEAR needs a number"),
        ("(aa AND bb) NEAR/3 cc", 0, "take AND and NOT out"),
        ("aa NEAR/3 (bb NOT cc)", 10, "take AND and NOT out"),
        ("NOT aa", 0, "Here nothing has to be there"),
        ("aa OR NOT bb", 6, "Here nothing has to be there"),
        ('aa "bb', 3, "never closed"),
        ("aa b*", 3, "2 letters"),
        ("aa *b", 3, "stands behind"),
        ("aa ac*me", 5, "stands behind"),
        ("aa AND !?", 7, "no letter"),
        ("headline: AND", 10, "there should be a word"),
        ("12:30", 2, "means nothing here"),
        ("(" * 60 + "aa" + ")" * 60, 50, "More than 50"),
    ],
)
def test_an_error_points_at_its_place(text: str, place: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    sentence, line, arrow = str(caught.value).split("\n")
    assert says in sentence
    assert line == f"  {text}"
    assert arrow == f"  {' ' * place}^"


@given(st.text(alphabet='ab "()*:=/5ANDORTEheadline-', max_size=40))
def test_any_text_is_a_query_or_an_error_with_a_place(text: str) -> None:
    place = find_error(text)
    assert place is None or 0 <= place <= len(text)


def find_error(text: str) -> int | None:
    try:
        parse_query(text)
    except QueryError as error:
        return error.place
    return None
