"""Syllables come to the notes that they are sung on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.music.drawing import SPACE
from tests.music.lettered import text_at
from tests.music.written import Written

from leggio.geometry import Box
from leggio.music.notation import LyricMark, SlurMark, Syllabic, Text, Tie
from leggio.music.underlay import lay_under
from leggio.music.words import SungRow


def staff_of_notes(*xs: float) -> Written:
    sheet = Written(80, 60)
    sheet.staff(8, right=77)
    for x in xs:
        sheet.chord(x, 3)
    return sheet


def row(*texts: Text, dashes: Sequence[Box] = (), verse: int = 1, staff: int = 0) -> SungRow:
    return SungRow(staff, verse, texts, tuple(dashes))


def under(text: str, x: float, width: float | None = None) -> Text:
    """A syllable centred under a note at `x`."""
    wide = 0.9 * len(text) if width is None else width
    return text_at(text, x - wide / 2, 16, wide)


def dash(x0: float, x1: float, y: float = 15.5) -> Box:
    return Box(x0 * SPACE, y * SPACE, x1 * SPACE, (y + 0.15) * SPACE)


def lay(
    sheet: Written, *rows: SungRow, ties: Sequence[Tie] = (), slurs: Sequence[SlurMark] = ()
) -> list[tuple[str, int]]:
    return [(m.text.text, m.chord) for m in marks(sheet, *rows, ties=ties, slurs=slurs)]


def marks(
    sheet: Written, *rows: SungRow, ties: Sequence[Tie] = (), slurs: Sequence[SlurMark] = ()
) -> tuple[LyricMark, ...]:
    return lay_under(rows, sheet.systems, sheet.chords, ties, slurs)


def test_each_syllable_is_sung_on_the_note_over_it() -> None:
    sheet = staff_of_notes(10, 20, 30, 40)
    assert lay(sheet, row(under("mein", 10), under("Herz", 30), under("singt", 40))) == [
        ("mein", 0), ("Herz", 2), ("singt", 3),
    ]  # fmt: skip


def test_two_syllables_never_share_a_note() -> None:
    sheet = staff_of_notes(10, 13)
    assert lay(sheet, row(under("so", 9.4), under("gern", 11.4))) == [("so", 0), ("gern", 1)]


def test_a_note_that_is_tied_to_is_not_sung_anew() -> None:
    sheet = staff_of_notes(10, 14, 18)
    heads = [chord.heads[0].symbol for chord in sheet.chords]
    tie = Tie(heads[0], heads[1], 99)
    assert lay(sheet, row(under("Herz", 10), under("mein", 15.6)), ties=[tie]) == [("Herz", 0), ("mein", 2)]


def test_a_long_syllable_begins_under_its_first_note() -> None:
    sheet = staff_of_notes(10, 12, 14, 30)
    slur = SlurMark(0, 2, (99,))
    assert lay(sheet, row(text_at("Schmerz", 9.4, 16), under("ach", 30)), slurs=[slur]) == [
        ("Schmerz", 0),
        ("ach", 3),
    ]


def test_hyphens_say_where_words_begin_and_end() -> None:
    sheet = staff_of_notes(10, 20, 30, 40)
    words = row(
        under("Vö", 10), under("ge", 20), under("lein", 30), under("singt", 40),
        dashes=[dash(14, 14.7), dash(24, 24.7)],
    )  # fmt: skip
    assert [mark.syllabic for mark in marks(sheet, words)] == [
        Syllabic.BEGIN, Syllabic.MIDDLE, Syllabic.END, Syllabic.SINGLE,
    ]  # fmt: skip


def test_a_word_goes_on_in_the_next_system() -> None:
    sheet = Written(80, 60)
    sheet.staff(8, right=77)
    sheet.staff(38, right=77, system=1)
    sheet.chord(60, 3)
    sheet.chord(10, 3, staff=1)
    first = row(under("Wal", 60), dashes=[dash(64, 64.7)])
    second = row(text_at("de", 9, 46), staff=1)
    assert [mark.syllabic for mark in marks(sheet, first, second)] == [Syllabic.BEGIN, Syllabic.END]


def test_a_line_on_the_baseline_holds_its_syllable() -> None:
    sheet = staff_of_notes(10, 20)
    held = row(under("ach", 10), dashes=[dash(11.6, 18, 15.95)])
    assert [(mark.extends, mark.syllabic) for mark in marks(sheet, held)] == [(True, Syllabic.SINGLE)]


@pytest.mark.parametrize("number", ["1.", "2. ", "1"])
def test_the_number_of_a_verse_is_not_sung(number: str) -> None:
    sheet = staff_of_notes(10, 20)
    texts = row(text_at(number.strip(), 6, 16), under("Es", 10), under("war", 20))
    assert lay(sheet, texts) == [("Es", 0), ("war", 1)]


def test_syllables_that_were_read_as_one_are_parted_at_two_notes() -> None:
    sheet = staff_of_notes(10, 13, 30)
    assert lay(sheet, row(text_at("derHerr", 9, 16, 6.5), under("ist", 30))) == [
        ("der", 0),
        ("Herr", 1),
        ("ist", 2),
    ]
    assert lay(sheet, row(text_at("kommen", 9, 16, 6.0), under("wir", 30))) == [
        ("kom", 0),
        ("men", 1),
        ("wir", 2),
    ]


def test_a_syllable_over_a_slur_is_not_parted() -> None:
    sheet = staff_of_notes(10, 13, 30)
    slur = SlurMark(0, 1, (99,))
    assert lay(sheet, row(text_at("kommen", 9, 16, 6.0), under("wir", 30)), slurs=[slur]) == [
        ("kommen", 0),
        ("wir", 2),
    ]


def test_two_vowels_are_sung_on_one_note() -> None:
    sheet = staff_of_notes(10, 30)
    texts = row(text_at("tua", 9, 16, 2.4), text_at("E", 12, 16, 1.0), under("lo", 30))
    assert lay(sheet, texts) == [("tua‿E", 0), ("lo", 1)]


def test_a_syllable_far_from_every_note_is_left_out() -> None:
    assert lay(staff_of_notes(10), row(under("ach", 10), under("weit", 60))) == [("ach", 0)]
