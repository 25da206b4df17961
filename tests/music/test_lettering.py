"""What is left of a page when its music is taken away: words, and the dashes between them."""

from __future__ import annotations

from tests.music.drawing import SPACE
from tests.music.lettered import Lettered

from leggio.music.lettering import find_lettering
from leggio.music.letters import Lettered as Found
from leggio.music.letters import join, split
from leggio.music.notation import SymbolKind as K


def find(sheet: Lettered) -> Found:
    return find_lettering(sheet.page().image, sheet.maps(), sheet.systems, sheet.symbols)


def song() -> Lettered:
    """A staff with three notes; the rest is for the test to write."""
    sheet = Lettered()
    sheet.staff(8)
    for x in (12, 22, 32):
        sheet.note(x, 3)
    return sheet


def lefts(found: Found) -> list[int]:
    return [round(word.box.x0 / SPACE) for word in sorted(found.words, key=lambda word: word.box.x0)]


def test_words_are_found_and_notes_slurs_and_beams_are_not() -> None:
    sheet = song()
    first, last = sheet.note(40, 7)[1], sheet.note(44, 7)[1]
    sheet.beam(first, last)
    sheet.slur((11, 6), (33, 6), bow=-1.5)
    sheet.write("Wald", 10, 16)
    sheet.write("und", 20, 16)
    assert lefts(find(sheet)) == [10, 20]


def test_a_word_knows_its_baseline_and_its_letters() -> None:
    sheet = song()
    sheet.write("Wald", 10, 16)
    (word,) = find(sheet).words
    assert abs(word.baseline - 16 * SPACE) < 3
    assert len(word.letters) == 4


def test_a_letter_that_was_taken_for_common_time_belongs_to_its_word() -> None:
    sheet = song()
    sheet.write("Clara", 20, 16)
    sheet.symbol(K.TIME_COMMON, 20.5, 15.45, size=(1.0, 1.3))
    (word,) = find(sheet).words
    assert round(word.box.x0 / SPACE) == 20
    assert len(word.letters) == 5


def test_a_dynamic_alone_is_no_word() -> None:
    sheet = song()
    sheet.write("p", 20, 15)
    sheet.symbol(K.DYNAMIC_P, 20.5, 15, size=(1.2, 2.0))
    assert find(sheet).words == ()


def test_a_hyphen_is_a_dash_and_parts_a_word() -> None:
    sheet = song()
    sheet.write("Wal", 10, 16)
    sheet.write("de", 13.1, 16)
    sheet.hyphen(12.55, 15.5, 0.5)
    found = find(sheet)
    assert lefts(found) == [10, 13]
    assert len(found.dashes) == 1


def test_the_crop_of_a_word_shows_nothing_but_the_word() -> None:
    sheet = song()
    sheet.write("Wald", 10, 16)
    sheet.slur((9, 16.45), (18, 16.45), bow=0.0)
    (word,) = find(sheet).words
    right = word.crop[:, int(word.box.x1 - word.left) + 2 :]
    assert (right > 128).all()


def test_a_word_that_is_split_and_joined_is_the_same_again() -> None:
    sheet = song()
    sheet.write("Wald", 10, 16)
    (word,) = find(sheet).words
    whites = sorted(b[0] - a[1] for a, b in zip(word.letters, word.letters[1:], strict=False))
    parts = split(word, whites[0] - 0.1)
    assert len(parts) == 4
    assert join(parts).letters == word.letters
    assert join(parts).box == word.box


def test_lines_that_touch_are_two_words() -> None:
    sheet = song()
    sheet.write("Wald", 10, 16)
    sheet.write("Feld", 10, 17.35)
    found = find(sheet)
    assert sorted(round(word.baseline / SPACE, 1) for word in found.words) == [16.0, 17.4]
