"""Octave lines have two ends, and come back from MusicXML as they were written."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from leggio.music.directions import OctaveShift, ShiftState
from leggio.music.events import Event, Note, NoteType, Pitch
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Bar, Part, Score
from leggio.music.settle import settle
from leggio.music.settle_shifts import settle_shifts

QUARTER = Fraction(1, 4)
START, STOP = ShiftState.START, ShiftState.STOP

shifts = st.builds(
    OctaveShift, st.integers(0, 4).map(lambda beat: beat * QUARTER), st.integers(1, 2),
    st.sampled_from((-2, -1, 1, 2)), st.sampled_from(ShiftState),
)  # fmt: skip


def bar(number: int, ends: tuple[OctaveShift, ...]) -> Bar:
    events = tuple(
        Event(beat * QUARTER, QUARTER, NoteType.QUARTER, 1 + 4 * staff, staff + 1,
              (Note(f"n{number}-{staff}-{beat}", Pitch("C", 0, 4), staff=staff + 1),))
        for staff in range(2)
        for beat in range(4)
    )  # fmt: skip
    return Bar(number, Fraction(1), events, shifts=ends)


@given(st.lists(st.lists(shifts, max_size=4).map(tuple), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_settled_octave_lines_come_back_equal_and_stay_settled(rows: list[tuple[OctaveShift, ...]]) -> None:
    bars = tuple(bar(number, ends) for number, ends in enumerate(rows, 1))
    settled = settle(Score((Part("P1", "", 2, bars),)))
    assert settle(settled) == settled
    again = read_musicxml(write_musicxml(settled))
    assert [b.shifts for b in again.parts[0].bars] == [b.shifts for b in settled.parts[0].bars]


@given(st.lists(st.lists(shifts, max_size=4).map(tuple), min_size=1, max_size=3))
def test_on_every_staff_beginnings_and_ends_take_turns(rows: list[tuple[OctaveShift, ...]]) -> None:
    settled = settle_shifts([bar(number, ends) for number, ends in enumerate(rows, 1)])
    for staff in (1, 2):
        states = [s.state for b in settled for s in b.shifts if s.staff == staff]
        assert states == [START, STOP] * (len(states) // 2)


def test_a_line_over_two_bars_keeps_its_size_to_the_end() -> None:
    first = bar(1, (OctaveShift(QUARTER, 1, 2, START),))
    last = bar(2, (OctaveShift(QUARTER, 1, 1, STOP),))
    settled = settle_shifts([first, last])
    assert [(s.octaves, s.state) for b in settled for s in b.shifts] == [(2, START), (2, STOP)]


def test_half_an_octave_line_is_dropped() -> None:
    assert settle_shifts([bar(1, (OctaveShift(QUARTER, 1, 1, STOP),))])[0].shifts == ()
    assert settle_shifts([bar(1, (OctaveShift(QUARTER, 1, 1, START),))])[0].shifts == ()
