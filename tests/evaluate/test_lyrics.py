"""Lyrics are measured by their letters and by the notes that they are sung on."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.evaluate.lyrics import compare_lyrics, count_edits
from leggio.music.events import Event, Lyric, Note, NoteType, Pitch
from leggio.music.score import Bar, Part, Score

QUARTER = Fraction(1, 4)
words = st.text("abcd ", max_size=12)


def song(*syllables: str | None, verse: int = 1) -> Score:
    """A bar of quarters, rising; None is a note that nothing is sung on."""
    events = tuple(
        Event(
            place * QUARTER, QUARTER, NoteType.QUARTER, 1, 1, (Note(f"n{place}", Pitch("CDEFGAB"[place], 0, 4)),),
            lyrics=(Lyric(verse, text),) if text else (),
        )
        for place, text in enumerate(syllables)
    )  # fmt: skip
    return Score((Part("P1", "", 1, (Bar(1, QUARTER * len(syllables), events),)),))


def test_the_truth_is_without_fault() -> None:
    score = compare_lyrics(song("mein", "Herz"), song("mein", "Herz"))
    assert (score.error_rate, score.share_right) == (0, 1)


def test_letters_are_counted_and_a_misread_syllable_still_sits_right() -> None:
    score = compare_lyrics(song("mein", "Herz"), song("mein", "Hexz"))
    assert (score.edits, score.letters, score.right) == (1, 9, 2)


def test_a_syllable_on_another_note_is_wrong() -> None:
    score = compare_lyrics(song("mein", "Herz", None), song("mein", None, "Herz"))
    assert (score.edits, score.right, score.syllables) == (0, 1, 2)


def test_lyrics_that_were_not_read_are_all_wrong() -> None:
    score = compare_lyrics(song("mein", "Herz"), song(None, None))
    assert (score.error_rate, score.share_right) == (1, 0)


def test_the_number_of_a_verse_and_kinds_of_apostrophes_make_no_difference() -> None:
    assert compare_lyrics(song("1. lieb’", verse=3), song("lieb'")).edits == 0


@pytest.mark.parametrize(
    ("a", "b", "edits"), [("Wald", "Wald", 0), ("Wald", "Waid", 1), ("", "ach", 3), ("kitten", "sitting", 3)]
)
def test_edits_are_counted(a: str, b: str, edits: int) -> None:
    assert count_edits(a, b) == edits


@given(words, words, words)
def test_edits_are_a_distance(a: str, b: str, c: str) -> None:
    assert count_edits(a, b) == count_edits(b, a)
    assert (count_edits(a, b) == 0) == (a == b)
    assert count_edits(a, c) <= count_edits(a, b) + count_edits(b, c)
