"""How far two words are from each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.news.misread import count_misread


def levenshtein(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, above = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
    return row[-1]


@given(st.text("abx", max_size=8), st.text("abx", max_size=8), st.integers(0, 3))
def test_reading_errors_are_counted_as_edits(one: str, other: str, limit: int) -> None:
    assert count_misread(one, other, limit) == min(levenshtein(one, other), limit + 1)


@given(st.text("mrncldwvhi", max_size=8), st.text("mrncldwvhi", max_size=8), st.integers(0, 3))
def test_counting_to_a_limit_is_counting(one: str, other: str, limit: int) -> None:
    assert count_misread(one, other, limit) == min(count_misread(one, other, 20), limit + 1)
    assert count_misread(one, other, 20) <= levenshtein(one, other)


@pytest.mark.parametrize(("wanted", "read"), [("modern", "modem"), ("dach", "clach"), ("wasser", "vvasser")])
def test_one_letter_taken_for_two_is_one_error(wanted: str, read: str) -> None:
    assert count_misread(wanted, read, 2) == 1
