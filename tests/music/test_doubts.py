"""Doubts point at the bars that a person should look at first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.music.doubts import Doubt, describe_doubt, find_doubts
from leggio.music.events import Accidental, Event, Note, NoteType, Pitch, Stem
from leggio.music.notation import (
    BarLine,
    Chord,
    Head,
    LineStyle,
    Notation,
    Staff,
    StemWay,
    Symbol,
    SymbolKind,
    System,
)
from leggio.music.score import Bar, Key, Part, Score, Time

SPACE = 20.0
STAFF = Staff(0, 0, 0, (0.0, 2000.0), tuple((100 + SPACE * k,) * 2 for k in range(5)), SPACE)
SYSTEM = System(0, (STAFF,), STAFF.box)
QUARTER = Fraction(1, 4)
LINE = BarLine(0, 1000.0, 999.0, 1001.0, LineStyle.SINGLE, False, False, 1.0)


def chord(number: int) -> Chord:
    """The quarter notes of two bars: numbers 0 to 3 before the bar line, 4 to 7 behind it."""
    x = 100.0 + 220 * number + (40 if number > 3 else 0)
    head = Head(number, SymbolKind.HEAD_BLACK, 1, x, 170.0, None, None, 1.0)
    return Chord(
        number, 0, x, (head,), 100 + number, StemWay.UP, 0, 0, 0, None, 0, False, (number, 100 + number), 1.0
    )


CHORDS = tuple(chord(number) for number in range(8))
NOTATION = Notation((SYSTEM,), (LINE,), CHORDS, (), (), (), (), (), ())
SYMBOLS = tuple(Symbol(c.id, SymbolKind.HEAD_BLACK, Box(c.x - 12, 160, c.x + 12, 180), 1.0) for c in CHORDS)


F4, G4 = Pitch("F", 0, 4), Pitch("G", 0, 4)


def event(number: int, beat: int, pitch: Pitch = F4) -> Event:
    note = Note(f"n{number}", pitch, ink=(number,))
    return Event(
        beat * QUARTER, QUARTER, NoteType.QUARTER, 1, 1, (note,), stem=Stem.UP, ink=(number, 100 + number)
    )  # fmt: skip


FIRST = Bar(1, Fraction(1), tuple(event(n, n) for n in range(4)), key=Key(0), time=Time(4, 4))
SECOND = Bar(2, Fraction(1), tuple(event(n, n - 4, G4) for n in range(4, 8)))


def doubts(
    first: Bar = FIRST,
    second: Bar = SECOND,
    symbols: tuple[Symbol, ...] = SYMBOLS,
    notation: Notation = NOTATION,
) -> tuple[Doubt, ...]:
    return find_doubts(notation, symbols, (), Score((Part("P1", "", 1, (first, second)),)))


def unsure(number: int, chance: float) -> tuple[Symbol, ...]:
    return tuple(replace(s, confidence=chance) if s.id == number else s for s in SYMBOLS)


def test_a_page_that_adds_up_and_is_sure_has_no_doubts() -> None:
    assert doubts() == ()


def test_a_bar_with_a_beat_too_few_says_so() -> None:
    (doubt,) = doubts(second=replace(SECOND, events=SECOND.events[:3]))
    assert (doubt.bar, doubt.part, doubt.staff) == (2, 1, 1)
    assert "3 of 4 beats" in doubt.reason
    assert set(doubt.ink) >= {4, 5, 6}


def test_a_value_that_was_changed_is_named_with_what_it_looks_like() -> None:
    longer = replace(SECOND.events[3], kind=NoteType.HALF, duration=2 * QUARTER)
    found = doubts(second=replace(SECOND, events=(*SECOND.events[:3], longer), duration=Fraction(5, 4)))
    assert any("looks like quarter, read half" in doubt.reason for doubt in found)


def test_a_head_that_the_net_doubts_makes_its_bar_doubtful() -> None:
    (doubt,) = doubts(symbols=unsure(5, 0.4))
    assert doubt.bar == 2
    assert "note head" in doubt.reason
    assert doubt.ink == (5,)


@given(st.floats(0.05, 0.6), st.floats(0.65, 0.8))
def test_the_less_sure_a_symbol_is_the_more_doubtful_is_its_bar(low: float, high: float) -> None:
    worse, better = doubts(symbols=unsure(5, low)), doubts(symbols=unsure(5, high))
    assert worse[0].score > (better[0].score if better else 0.0)
    assert 0 <= worse[0].score <= 1


def test_a_head_that_belongs_to_no_chord_is_told() -> None:
    stray = Symbol(99, SymbolKind.HEAD_BLACK, Box(300, 120, 324, 140), 1.0)
    (doubt,) = doubts(symbols=(*SYMBOLS, stray))
    assert doubt.bar == 1
    assert "belongs to nothing: note head" in doubt.reason


def test_neighbours_under_one_beam_that_disagree_are_told() -> None:
    def reasons(beams_between: int) -> str:
        first = replace(CHORDS[0], beam=1, beams_right=1)
        second = replace(CHORDS[1], beam=1, beams_left=beams_between)
        return doubts(notation=replace(NOTATION, chords=(first, second, *CHORDS[2:])))[0].reason

    assert "its beams disagree" not in reasons(1)
    assert "its beams disagree" in reasons(2)


def test_what_the_fit_gives_little_makes_no_bar_as_doubtful_as_a_rhythm_that_is_a_guess() -> None:
    found = doubts(first=replace(FIRST, strain=2.0), second=replace(SECOND, events=SECOND.events[:3]))
    assert [doubt.bar for doubt in found] == [1, 2]


def test_a_voice_that_waits_without_a_rest_is_told() -> None:
    (doubt,) = doubts(second=replace(SECOND, events=(SECOND.events[0], *SECOND.events[2:])))
    assert (doubt.bar, "a voice waits without a rest" in doubt.reason) == (2, True)
    assert 6 in doubt.ink


def test_a_note_far_from_its_key_is_told() -> None:
    odd = event(1, 1, Pitch("A", 2, 4))
    note = replace(odd.notes[0], accidental=Accidental.DOUBLE_SHARP)
    odd = replace(odd, notes=(note,))
    (doubt,) = doubts(first=replace(FIRST, events=(FIRST.events[0], odd, *FIRST.events[2:])))
    assert "A double sharp is rare in this key" in doubt.reason


def test_the_most_doubtful_bar_comes_first() -> None:
    short = replace(SECOND, events=SECOND.events[:2], strain=3.0)
    found = doubts(second=short, symbols=unsure(1, 0.85))
    assert found[0].bar == 2


def test_a_doubt_is_told_in_one_line_with_the_hand_that_plays() -> None:
    doubt = Doubt(0, 12, 1, 2, "3.5 of 4 beats", 0.62)
    piano = Score((Part("P1", "Piano", 2, ()),))
    song = Score((Part("P1", "Voice", 1, ()), Part("P2", "", 1, ())))
    assert describe_doubt(doubt, piano) == "bar 12, left hand: 3.5 of 4 beats (62%)"
    assert describe_doubt(replace(doubt, staff=1), song) == "bar 12, Voice: 3.5 of 4 beats (62%)"
    assert describe_doubt(replace(doubt, part=2, staff=1), song) == "bar 12, part 2: 3.5 of 4 beats (62%)"
