"""Hairpins have two ends, and those of two staves have numbers of their own."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from leggio.music.directions import Direction, DirectionKind, Wedge
from leggio.music.musicxml import write_musicxml
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Bar, Part, Score
from leggio.music.settle import settle
from leggio.music.settle_hairpins import settle_hairpins

BEAT = Fraction(1, 4)
CRESCENDO, STOP = Wedge.CRESCENDO, Wedge.STOP


def mark(beat: int, wedge: Wedge, staff: int = 1) -> Direction:
    return Direction(beat * BEAT, staff, DirectionKind.WEDGE, wedge.value, above=False)


def bars_of(*rows: list[Direction]) -> tuple[Bar, ...]:
    return tuple(
        Bar(number, 4 * BEAT, directions=tuple(sorted(row, key=lambda d: (d.onset, d.staff))))
        for number, row in enumerate(rows, 1)
    )


def test_half_a_hairpin_is_dropped() -> None:
    first, last = mark(1, CRESCENDO), mark(2, STOP)
    bars = settle_hairpins(bars_of([mark(0, STOP), first], [last, mark(3, CRESCENDO)]))
    assert [bar.directions for bar in bars] == [(first,), (last,)]


def test_one_ends_before_the_next_begins_at_the_same_moment() -> None:
    row = [mark(0, CRESCENDO), mark(2, Wedge.DIMINUENDO), mark(2, STOP), mark(3, STOP)]
    assert settle_hairpins(bars_of(row))[0].directions == tuple(row)


def test_words_stay_where_they_are() -> None:
    words = Direction(BEAT, 1, DirectionKind.WORDS, "dolce")
    assert settle_hairpins(bars_of([words, mark(2, STOP)]))[0].directions == (words,)


def test_hairpins_of_two_staves_differ_in_number() -> None:
    row = [mark(0, CRESCENDO), mark(1, CRESCENDO, 2), mark(2, STOP), mark(3, STOP, 2)]
    document = etree.fromstring(write_musicxml(Score((Part("P1", "", 2, bars_of(row)),))))
    found = sorted((wedge.get("number"), wedge.get("type")) for wedge in document.iter("wedge"))
    assert found == [("1", "crescendo"), ("1", "stop"), ("2", "crescendo"), ("2", "stop")]


marks = st.builds(mark, st.integers(0, 4), st.sampled_from(Wedge), st.integers(1, 2))


@given(st.lists(st.lists(marks, max_size=5), min_size=1, max_size=3))
def test_on_every_staff_beginnings_and_ends_take_turns_and_come_back(rows: list[list[Direction]]) -> None:
    score = settle(Score((Part("P1", "", 2, bars_of(*rows)),)))
    assert settle(score) == score
    for staff in (1, 2):
        open_ends = 0
        for bar in score.parts[0].bars:
            begun = sum((-1 if d.text == STOP.value else 1) for d in bar.directions if d.staff == staff)
            open_ends += begun
            assert open_ends in (0, 1)
        assert open_ends == 0
    assert read_musicxml(write_musicxml(score)) == score
