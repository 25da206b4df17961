"""Ties have two ends, and programs that read the file find both."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import verovio
from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.music.events import Event, Note, NoteType, Pitch
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Bar, Part, Score
from leggio.music.settle import settle
from leggio.music.settle_ties import settle_ties

BEAT = Fraction(1, 4)


def note(beat: int, step: str = "C", ties: str = "", voice: int = 1, alter: int = 0) -> Event:
    """A quarter note; `ties` are of the letters s (a tie starts here) and e (one ends here)."""
    head = Note(f"{step}{beat}{voice}", Pitch(step, alter, 4), tie_start="s" in ties, tie_stop="e" in ties)
    return Event(beat * BEAT, BEAT, NoteType.QUARTER, voice, 1, (head,))


def grace(event: Event) -> Event:
    return replace(event, grace=True, duration=Fraction(0))


def score_of(*rows: tuple[Event, ...]) -> Score:
    bars = tuple(Bar(number, 4 * BEAT, row) for number, row in enumerate(rows, 1))
    return Score((Part("P1", "", 1, bars),))


def ties_of(bars: tuple[Bar, ...]) -> list[str]:
    """The ties at each note, in the order of writing."""
    notes = (head for bar in bars for event in bar.events for head in event.notes)
    return ["s" * head.tie_start + "e" * head.tie_stop for head in notes]


def settled(*rows: tuple[Event, ...]) -> list[str]:
    return ties_of(settle(score_of(*rows)).parts[0].bars)


def test_a_tie_to_another_pitch_is_dropped() -> None:
    assert settled((note(0, "C", "s"), note(1, "D", "e"))) == ["", ""]
    assert settled((note(0, "C", "s"), note(1, "C", "e", alter=1))) == ["", ""]


def test_a_tie_without_its_other_end_is_dropped() -> None:
    assert settled((note(0, "C", "s"), note(1, "C")), (note(0, "D", "e"), note(3, "D", "s"))) == [""] * 4


def test_a_tie_over_a_bar_line_and_on_stays() -> None:
    assert settled((note(3, "C", "s"),), (note(0, "C", "se"), note(1, "C", "e"))) == ["s", "se", "e"]


def test_a_tie_over_two_bar_lines_is_dropped() -> None:
    assert settled((note(3, "C", "s"),), (note(0, "D"),), (note(0, "C", "e"),)) == ["", "", ""]


def test_of_two_starts_the_one_that_meets_the_stop_has_the_tie() -> None:
    long = replace(note(0, "C", "s", voice=2), duration=2 * BEAT, kind=NoteType.HALF)
    assert settled((note(0, "C", "s"), note(2, "C", "e"), long)) == ["s", "", "e"]


def test_a_second_ending_goes_on_from_where_the_first_one_does() -> None:
    before, first, second = (
        Bar(number, 4 * BEAT, (event,))
        for number, event in enumerate((note(3, "C", "s"), note(0, "C", "e"), note(0, "C", "e")), 1)
    )
    first = replace(first, ending="1", ending_start=True, ending_stop=True, repeat_end=True)
    second = replace(second, ending="2", ending_start=True, ending_stop=True)
    assert ties_of(settle_ties((before, first, second))) == ["s", "e", "e"]


def test_a_grace_note_is_tied_in_its_own_voice_only() -> None:
    own = (grace(note(0, "C", "s")), note(0, "C", "e"))
    other = (grace(note(0, "C", "s")), note(0, "D"), note(0, "C", "e", voice=2))
    assert settled(own) == ["s", "e"]
    assert settled(other) == ["", "", ""]


def test_the_voice_that_a_tie_starts_in_is_written_first() -> None:
    bars = settle(score_of((note(1, "C", "e"), note(0, "C", "s", voice=2)))).parts[0].bars
    assert [event.voice for event in bars[0].events] == [2, 1]


def test_of_two_ties_to_and_fro_the_one_that_meets_stays() -> None:
    there = note(0, "C", "s"), note(1, "C", "e", voice=2)
    back = note(0, "E", "s", voice=2), note(2, "E", "e")
    kept = {event.notes[0].id for event in settle(score_of((*there, *back))).parts[0].bars[0].events
            if event.notes[0].tie_start or event.notes[0].tie_stop}  # fmt: skip
    assert kept == {"C01", "C12"}


heads = st.builds(
    note, st.integers(0, 3), st.sampled_from("CD"), st.sampled_from(("", "s", "e", "se")), st.integers(1, 3)
)
rows = st.lists(st.lists(heads, max_size=5).map(tuple), min_size=1, max_size=3)


@given(rows)
@settings(max_examples=60, deadline=None)
def test_every_tie_that_stays_has_two_ends(found: list[tuple[Event, ...]]) -> None:
    score = settle(score_of(*found))
    assert settle(score) == score
    count = "".join(ties_of(score.parts[0].bars))
    assert count.count("s") == count.count("e")


@pytest.mark.parametrize(
    "found",
    [
        ((note(0, "C", "s"), note(1, "D", "e")),),
        ((note(3, "C", "s"),),),
        ((note(1, "C", "e"), note(0, "C", "s", voice=2)),),
        ((grace(note(0, "C", "s")), note(0, "D"), note(0, "C", "e", voice=2)),),
        ((note(0, "C", "s"), note(1, "C", "e", voice=2), note(0, "E", "s", voice=2), note(2, "E", "e")),),
    ],
)
def test_verovio_leaves_no_tie_open(
    found: tuple[tuple[Event, ...], ...], capfd: pytest.CaptureFixture[str]
) -> None:
    verovio.enableLog(verovio.LOG_WARNING)
    assert verovio.toolkit().loadData(write_musicxml(score_of(*found)).decode())
    verovio.enableLog(verovio.LOG_OFF)
    assert "ties left open" not in capfd.readouterr().err


def test_ties_come_back_from_the_file() -> None:
    score = settle(score_of((note(1, "C", "e"), note(0, "C", "s", voice=2)), (note(0, "C"),)))
    again = read_musicxml(write_musicxml(score))
    assert ties_of(again.parts[0].bars) == ties_of(score.parts[0].bars) == ["s", "e", ""]
