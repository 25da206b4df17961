"""What is wrong with an answer, in musical words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from leggio.evaluate.differences import (
    BarDifferences,
    Kind,
    beat_name,
    count_kinds,
    describe,
    find_differences,
    length_name,
)
from leggio.evaluate.notes import read_bars

Musicxml = Callable[..., bytes]


def differences(truth: bytes, answer: bytes) -> tuple[BarDifferences, ...]:
    return find_differences(read_bars(truth), read_bars(answer))


def sentences(truth: bytes, answer: bytes) -> list[str]:
    return [describe(difference, 4) for bar in differences(truth, answer) for difference in bar.notes]


@pytest.mark.parametrize(
    ("truth", "answer", "sentence"),
    [
        (["C4/1"], ["C4/2"], "staff 1 beat 1: wrong duration C4 quarter, read half"),
        (["F#4/1"], ["F4/1"], "staff 1 beat 1: wrong accidental F#4 quarter, read F4"),
        (["C4/1"], ["E4/1"], "staff 1 beat 1: wrong pitch C4 quarter, read E4"),
        (["C4/1"], ["R/1", "C4/1"], "staff 1 beat 1: wrong onset C4 quarter, read on beat 2"),
        (
            ["C4/1"],
            ["R/1", "C4/2"],
            "staff 1 beat 1: wrong onset and duration C4 quarter, read half on beat 2",
        ),
        (["R/1", "Bb3/1"], ["R/1"], "staff 1 beat 2: missed Bb3 quarter"),
        (["R/1"], ["R/1", "Bb3/1"], "staff 1 beat 2: invented Bb3 quarter"),
    ],
)
def test_each_difference_is_told_in_a_sentence(
    musicxml: Musicxml, truth: list[str], answer: list[str], sentence: str
) -> None:
    assert sentences(musicxml(truth), musicxml(answer)) == [sentence]


def test_a_note_on_another_staff_is_told(musicxml: Musicxml) -> None:
    found = sentences(musicxml(["C4/1"], staff=1), musicxml(["C4/1"], staff=2))
    assert found == ["staff 1 beat 1: wrong staff C4 quarter, read on staff 2"]


def test_notes_that_match_are_not_differences(musicxml: Musicxml) -> None:
    song = musicxml(["C4+E4/1", "D4/1"])
    (bar,) = differences(song, song)
    assert bar.notes == ()


def test_in_a_chord_the_nearest_pitches_belong_together(musicxml: Musicxml) -> None:
    found = sentences(musicxml(["C4+G4/1"]), musicxml(["D4+A4/1"]))
    assert found == [
        "staff 1 beat 1: wrong pitch C4 quarter, read D4",
        "staff 1 beat 1: wrong pitch G4 quarter, read A4",
    ]


def test_a_lost_bar_counts_its_notes_as_missed(musicxml: Musicxml) -> None:
    bars = differences(musicxml(["C4/4"], ["D4/2", "E4/2"], ["F4/4"]), musicxml(["C4/4"], ["F4/4"]))
    assert bars[1].found is None
    assert count_kinds(bars) == {Kind.MISSED: 2}


@pytest.mark.parametrize(
    ("length", "name"),
    [
        (Fraction(1, 4), "quarter"),
        (Fraction(3, 16), "dotted eighth"),
        (Fraction(7, 16), "double-dotted quarter"),
        (Fraction(1, 12), "triplet eighth"),
        (Fraction(1, 20), "quintuplet 16th"),
        (Fraction(0), "grace note"),
        (Fraction(5, 16), "5/16 of a whole"),
    ],
)
def test_lengths_have_names(length: Fraction, name: str) -> None:
    assert length_name(length) == name


def test_beats_count_from_one_in_the_unit_of_the_metre() -> None:
    assert beat_name(Fraction(1, 4), 4) == "2"
    assert beat_name(Fraction(1, 4), 8) == "3"
    assert beat_name(Fraction(1, 3), 4) == "2+1/3"
