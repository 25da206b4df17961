"""What words are for shows in where they stand and in what they say."""

from __future__ import annotations

import pytest
from tests.music.drawing import SPACE, Sheet

from leggio.geometry import Box
from leggio.music.directions import Jump
from leggio.music.notation import SymbolKind as K
from leggio.music.notation import Text, TextMark
from leggio.music.notation import TextRole as R
from leggio.music.roles import read_tempo_number, tell_jump, tell_roles


def page() -> Sheet:
    """A song: a voice over a piano, in one system from 30 staff spaces down."""
    sheet = Sheet(110, 90)
    sheet.staff(30, left=12, right=100, part=0)
    sheet.staff(42, left=12, right=100, part=1)
    sheet.staff(52, left=12, right=100, part=1)
    return sheet


def line(text: str, x: float, baseline: float, height: float = 1.5, confidence: float = 0.95) -> Text:
    """A line that begins at `x`; letters are two thirds as wide as they are high."""
    box = Box(x, baseline - height, x + len(text) * height * 0.6, baseline).scale(SPACE)
    return Text(box, text, confidence, height * SPACE, baseline * SPACE)


def roles(*lines: Text, sheet: Sheet | None = None) -> list[R]:
    return [mark.role for mark in marks(*lines, sheet=sheet)]


def marks(*lines: Text, sheet: Sheet | None = None) -> tuple[TextMark, ...]:
    drawn = sheet or page()
    return tell_roles(lines, drawn.systems, drawn.symbols)


def title() -> Text:
    return line("Der Wanderer", 44, 8, 3.2)


def test_the_head_of_a_page_names_the_piece_and_its_people() -> None:
    found = roles(
        title(),
        line("Op. 4 Nr. 1", 51, 12, 1.8),
        line("Franz Schubert", 87, 16),
        line("Text von Schmidt", 12, 16),
    )
    assert found == [R.TITLE, R.SUBTITLE, R.COMPOSER, R.LYRICIST]


@pytest.mark.parametrize("words", ["Sehr langsam", "Allegro ma non troppo", "Très modéré", "Con moto"])
def test_words_over_the_beginning_are_its_tempo(words: str) -> None:
    (_, mark) = marks(title(), line(words, 14, 27))
    assert (mark.role, mark.staff, mark.above) == (R.TEMPO, 0, True)


def test_a_metronome_mark_knows_its_note() -> None:
    sheet = page()
    sheet.symbol(K.HEAD_HALF, 24, 26.5)
    (mark,) = marks(line("Andante (= 66)", 14, 27), sheet=sheet)
    assert (mark.role, mark.beat, read_tempo_number(mark.text.text)) == (R.TEMPO, K.REST_HALF, 66)


def test_a_number_behind_a_note_over_the_staff_is_a_metronome_mark_and_one_alone_is_none() -> None:
    sheet = page()
    sheet.symbol(K.HEAD_BLACK, 24, 26.5)
    beat, other = marks(line("92)", 26.5, 27), line("92", 60, 27), sheet=sheet)
    assert (beat.role, beat.beat, read_tempo_number(beat.text.text)) == (R.TEMPO, K.REST_QUARTER, 92)
    assert other.role is R.OTHER


def test_words_over_the_first_system_of_a_later_page_are_for_playing() -> None:
    assert roles(line("a tempo", 85, 27), line("dolce", 60, 27)) == [R.TEMPO, R.DIRECTION]


def test_who_stands_under_by_wrote_it_however_large() -> None:
    found = roles(line("Sonate", 50, 8, 3.0), line("von", 55, 11), line("W. A. Mozart", 44, 16, 3.4))
    assert found == [R.TITLE, R.OTHER, R.COMPOSER]


def test_a_number_far_over_the_first_staff_is_the_pages() -> None:
    assert roles(line("12", 12, 8)) == [R.OTHER]


def test_a_name_left_of_its_staff_is_a_parts() -> None:
    (mark,) = marks(line("Voice", 4, 33))
    assert (mark.role, mark.staff) == (R.PART_NAME, 0)


def test_words_between_the_staves_of_a_piano_belong_to_the_upper_one() -> None:
    (mark,) = marks(line("cresc.", 40, 49))
    assert (mark.role, mark.staff, mark.above) == (R.DIRECTION, 1, False)


def test_words_just_over_the_piano_are_the_pianos() -> None:
    (mark,) = marks(line("dolce", 40, 41))
    assert (mark.role, mark.staff, mark.above) == (R.DIRECTION, 1, True)


def test_a_number_at_the_beginning_of_a_system_counts_bars() -> None:
    assert roles(line("12", 12, 29, 1.2)) == [R.BAR_NUMBER]


def test_what_the_publisher_says_is_for_nobody_who_plays() -> None:
    assert roles(line("© 1912 Edition Peters", 40, 75), line("E. P. 4711", 40, 59)) == [
        R.OTHER,
        R.OTHER,
    ]


def test_one_letter_is_a_rehearsal_mark_and_many_are_chords() -> None:
    assert roles(line("A", 40, 28)) == [R.REHEARSAL]
    assert (
        roles(line("C", 20, 28), line("G7", 40, 28), line("Am", 60, 28), line("F", 80, 28)) == [R.CHORD] * 4
    )


def test_dirt_says_nothing() -> None:
    assert roles(line("l", 50, 28, confidence=0.5), line("日", 60, 28), line("~", 70, 28)) == []


@pytest.mark.parametrize(
    ("words", "jump"),
    [
        ("D.C. al Fine", Jump.DA_CAPO), ("Dal Segno", Jump.DAL_SEGNO), ("Fine", Jump.FINE), ("To Coda", Jump.TO_CODA),
        ("D. C. al Fine", Jump.DA_CAPO), ("D.S al Coda", Jump.DAL_SEGNO), ("fein", None), ("finely", None),
    ],
)  # fmt: skip
def test_words_lead_to_other_places(words: str, jump: Jump | None) -> None:
    assert tell_jump(words) is jump
