"""Pages become one score: what goes on from page to page is not said again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.music.events import Event, Note, NoteType, Pitch
from leggio.music.join import join_scores
from leggio.music.score import Bar, Clef, ClefChange, ClefSign, Key, Part, Score, Time, TimeSymbol

TREBLE, BASS = Clef(ClefSign.G, 2), Clef(ClefSign.F, 4)
FOUR_FOUR, THREE_FOUR = Time(4, 4), Time(3, 4)


def bar(number: int, note: str = "n1", staff: int = 1) -> Bar:
    pitch = Pitch("C", 0, 4)
    event = Event(Fraction(0), Fraction(1), NoteType.WHOLE, 1, staff, (Note(note, pitch, staff=staff),))
    return Bar(number, Fraction(1), (event,))


def page(
    bars: int = 2, *, key: int = 0, time: Time = FOUR_FOUR, clef: Clef = TREBLE, widths: Sequence[int] = (1,),
    pickup: bool = False,
) -> Score:  # fmt: skip
    """A page as it is read: its first bar says clef, key and time."""
    parts = []
    for number, width in enumerate(widths):
        first = 0 if pickup else 1
        row = [bar(first + place, f"n{place}") for place in range(bars)]
        clefs = tuple(ClefChange(Fraction(0), staff + 1, clef) for staff in range(width))
        row[0] = replace(row[0], key=Key(key), time=time, clefs=clefs, implicit=pickup)
        parts.append(Part(f"P{number + 1}", "Piano" if width == 2 else "", width, tuple(row)))
    return Score(tuple(parts))


def first_of_second_page(first: Score, second: Score) -> Bar:
    return join_scores([first, second]).parts[0].bars[len(first.parts[0].bars)]


def sounding(part: Part) -> list[bool]:
    return [any(not event.is_rest for event in one.events) for one in part.bars]


def test_a_page_alone_is_its_own_score() -> None:
    assert join_scores([page(3)]) == page(3)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_bars_are_counted_on_from_page_to_page(counts: list[int]) -> None:
    bars = join_scores([page(count) for count in counts]).parts[0].bars
    assert [one.number for one in bars] == list(range(1, sum(counts) + 1))


def test_a_pickup_on_the_first_page_is_not_counted() -> None:
    bars = join_scores([page(2, pickup=True), page(2)]).parts[0].bars
    assert [(one.number, one.implicit) for one in bars] == [(0, True), (1, False), (2, False), (3, False)]


def test_a_short_bar_at_the_head_of_a_later_page_is_no_pickup() -> None:
    bars = join_scores([page(2), page(2, pickup=True)]).parts[0].bars
    assert [(one.number, one.implicit) for one in bars] == [(1, False), (2, False), (3, False), (4, False)]


def test_what_is_in_force_is_not_said_again() -> None:
    later = first_of_second_page(page(key=2, time=THREE_FOUR), page(key=2, time=THREE_FOUR))
    assert (later.key, later.time, later.clefs) == (None, None, ())


def test_what_changes_at_a_new_page_is_said() -> None:
    later = first_of_second_page(page(), page(key=-1, time=THREE_FOUR, clef=BASS))
    assert (later.key, later.time) == (Key(-1), THREE_FOUR)
    assert [change.clef for change in later.clefs] == [BASS]


def test_what_changed_within_the_first_page_is_in_force_on_the_second_one() -> None:
    first = page(3)
    (part,) = first.parts
    changed = replace(part.bars[1], key=Key(3), clefs=(ClefChange(Fraction(1, 2), 1, BASS),))
    first = Score((replace(part, bars=(part.bars[0], changed, part.bars[2])),))
    later = first_of_second_page(first, page(key=3, clef=BASS))
    assert (later.key, later.clefs) == (None, ())
    back = first_of_second_page(first, page(key=0, clef=TREBLE))
    assert back.key == Key(0)
    assert [change.clef for change in back.clefs] == [TREBLE]


def test_the_first_bar_of_a_later_page_says_that_it_begins_a_page() -> None:
    bars = join_scores([page(2), page(2)]).parts[0].bars
    assert [one.new_page for one in bars] == [False, False, True, False]
    assert bars[2].new_system


def test_no_note_id_comes_twice() -> None:
    joined = join_scores([page(2), page(2), page(2)])
    ids = [note.id for one in joined.parts[0].bars for event in one.events for note in event.notes]
    assert len(ids) == len(set(ids)) == 6


def test_a_part_that_a_page_lacks_rests_there() -> None:
    song, piano = page(2, widths=(1, 2)), page(3, widths=(2,))
    voice, hands = join_scores([song, piano]).parts
    assert (voice.staves, hands.staves) == (1, 2)
    assert sounding(voice) == [True, True, False, False, False]
    assert sounding(hands) == [True] * 5
    rest = voice.bars[2].events[0]
    assert rest.whole_bar
    assert rest.hidden


def test_a_part_may_begin_on_a_later_page() -> None:
    voice, hands = join_scores([page(2, widths=(2,)), page(2, widths=(1, 2))]).parts
    assert sounding(voice) == [False, False, True, True]
    assert sounding(hands) == [True] * 4


@pytest.mark.parametrize("widths", [(1,), (2,), (1, 2), (1, 1, 1)])
def test_every_part_has_a_bar_for_every_bar(widths: Sequence[int]) -> None:
    joined = join_scores([page(2, widths=widths), page(3), page(1, widths=widths)])
    assert [len(part.bars) for part in joined.parts] == [6] * len(widths)


def test_the_title_is_that_of_the_first_page() -> None:
    first, second = replace(page(), title="Die Forelle", composer="Schubert"), replace(page(), title="3")
    joined = join_scores([first, second])
    assert (joined.title, joined.composer) == ("Die Forelle", "Schubert")


# --- parts that are grouped differently from page to page


def system_page(widths: Sequence[int], bars: int = 2) -> Score:
    """A page on which every staff holds one note a bar, as many octaves high as the staff is from the bottom."""
    height = sum(widths)
    parts = []
    for number, width in enumerate(widths):
        clefs = tuple(ClefChange(Fraction(0), staff, TREBLE) for staff in range(1, width + 1))
        rows = []
        for place in range(bars):
            events = tuple(
                Event(
                    Fraction(0), Fraction(1), NoteType.WHOLE, 4 * (staff - 1) + 1, staff,
                    (Note(f"n{number}-{staff}-{place}", Pitch("C", 0, height + 1 - staff), staff=staff),),
                )
                for staff in range(1, width + 1)
            )  # fmt: skip
            rows.append(Bar(place + 1, Fraction(1), events, clefs=clefs if place == 0 else ()))
        rows[0] = replace(rows[0], key=Key(0), time=FOUR_FOUR)
        height -= width
        parts.append(Part(f"P{number + 1}", "", width, tuple(rows)))
    return Score(tuple(parts))


GROUPINGS = [
    ((1, 2), (1, 1, 1), (1, 2)),
    ((1, 1, 1), (1, 2), (1, 1, 1)),
    ((1, 2), (2, 2), (2, 2)),
    ((2, 2), (1, 2), (2, 2)),
    ((2,), (1, 1, 1), (1, 1, 1)),
    ((1, 1, 1), (2,), (1, 1, 1)),
    ((1, 1), (2,), (1, 1)),
    ((1, 2, 1), (2, 2), (1, 2, 1)),
]


@pytest.mark.parametrize(("first", "second", "wanted"), GROUPINGS)
def test_pages_of_different_parts_become_the_parts_of_the_fullest_page(
    first: Sequence[int], second: Sequence[int], wanted: Sequence[int]
) -> None:
    joined = join_scores([system_page(first), system_page(second)])
    assert [part.staves for part in joined.parts] == list(wanted)
    assert [len(part.bars) for part in joined.parts] == [4] * len(wanted)


@pytest.mark.parametrize(("first", "second", "wanted"), GROUPINGS)
def test_staves_of_pages_of_different_parts_are_matched_from_the_bottom(
    first: Sequence[int], second: Sequence[int], wanted: Sequence[int]
) -> None:
    joined = join_scores([system_page(first), system_page(second)])
    homes = [(part, staff) for part, width in enumerate(wanted) for staff in range(1, width + 1)][::-1]
    for place, count in [(place, sum(first if place < 2 else second)) for place in range(4)]:
        for from_bottom, (part, staff) in enumerate(homes):
            here = [event for event in joined.parts[part].bars[place].events if event.staff == staff]
            (event,) = here
            assert [note.pitch.octave for note in event.notes] == (
                [from_bottom + 1] if from_bottom < count else []
            )
            assert event.hidden == event.whole_bar == (from_bottom >= count)


@pytest.mark.parametrize(("first", "second", "wanted"), GROUPINGS)
def test_notes_that_move_to_another_staff_take_their_voice_and_clef_along(
    first: Sequence[int], second: Sequence[int], wanted: Sequence[int]
) -> None:
    joined = join_scores([system_page(first), system_page(second)])
    for part in joined.parts:
        events = [event for one in part.bars for event in one.events]
        assert all((event.voice - 1) // 4 + 1 == event.staff for event in events)
        assert all(note.staff == event.staff for event in events for note in event.notes)
        said = {(change.staff, change.clef) for one in part.bars for change in one.clefs}
        assert said == {(staff, TREBLE) for staff in range(1, part.staves + 1)}
    assert {one.key for part in joined.parts for one in part.bars[1:]} == {None}


def test_no_note_is_lost_or_doubled_where_the_parts_change() -> None:
    pages = [system_page(widths) for widths in ((1, 2), (1, 1, 1), (2, 2), (2,))]
    ids = [
        note.id for part in join_scores(pages).parts for one in part.bars for event in one.events
        for note in event.notes
    ]  # fmt: skip
    assert len(ids) == len(set(ids)) == 2 * (3 + 3 + 4 + 2)


def test_a_page_that_guesses_four_four_after_a_page_with_c_does_not_say_the_metre_again() -> None:
    common = Time(4, 4, TimeSymbol.COMMON)
    assert first_of_second_page(page(time=common), page(time=FOUR_FOUR)).time is None
    assert first_of_second_page(page(time=common), page(time=THREE_FOUR)).time == THREE_FOUR
