"""Small notes are cue notes where a bar has no others, and where they sound with others."""

from __future__ import annotations

from dataclasses import replace

from tests.music.drawing import SPACE
from tests.music.written import Written

from leggio.music.cues import tell_cues
from leggio.music.notation import BarLine, LineStyle


def told(*rows: tuple[float, bool], staff: int = 0) -> list[tuple[bool, bool]]:
    """Of chords at an x, small or not, in two bars with a line at 30: whether each is a grace note and a cue note."""
    sheet = Written()
    sheet.staff(8)
    for x, small in rows:
        sheet.chord(x, 4, grace=small)
    line = BarLine(0, 30 * SPACE, 30 * SPACE, 30 * SPACE, LineStyle.SINGLE, False, False, 0.9)
    return [(chord.grace, chord.cue) for chord in tell_cues(sheet.systems, (line,), sheet.chords)]


GRACE, CUE, PLAIN = (True, False), (False, True), (False, False)


def test_a_bar_of_small_notes_is_a_bar_of_cue_notes() -> None:
    assert told((10, True), (15, True), (35, False)) == [CUE, CUE, PLAIN]


def test_small_notes_before_a_note_of_full_size_are_grace_notes() -> None:
    assert told((10, True), (12, True), (14, False), (35, False)) == [GRACE, GRACE, PLAIN, PLAIN]


def test_one_small_note_alone_stays_a_grace_note() -> None:
    assert told((10, True), (35, False)) == [GRACE, PLAIN]


def test_a_small_note_in_the_column_of_a_large_one_is_a_second_voice() -> None:
    assert told((10.3, True), (10, False), (18.5, True), (20, False)) == [CUE, PLAIN, GRACE, PLAIN]


def test_another_staff_has_bars_of_its_own() -> None:
    sheet = Written()
    sheet.staff(4)
    sheet.staff(14)
    sheet.chord(10, 4, grace=True)
    sheet.chord(14, 4, grace=True)
    sheet.chord(10, 4, staff=1)
    chords = tell_cues(sheet.systems, (), sheet.chords)
    assert [chord.cue for chord in chords] == [True, True, False]
    assert chords[0] == replace(sheet.chords[0], grace=False, cue=True)
