"""What the net saw in letters is taken away, what is music stays."""

from __future__ import annotations

from tests.music.drawing import SPACE, Sheet
from tests.music.lettered import text_at

from leggio.geometry import Box
from leggio.music.erase import erase_letters
from leggio.music.notation import SymbolKind as K
from leggio.music.notation import TextMark, TextRole
from leggio.music.words import SungRow, Wording


def test_common_time_in_a_title_is_taken_away_and_on_the_staff_kept() -> None:
    sheet = Sheet()
    sheet.staff(14)
    real = sheet.sign(K.TIME_COMMON, 8, 4)
    sheet.symbol(K.TIME_COMMON, 21, 4.3)
    title = TextMark(TextRole.TITLE, text_at("Claire", 20, 5))
    symbols, _ = erase_letters(sheet.symbols, sheet.strokes, Wording(), [title], sheet.systems)
    assert symbols == (real,)


def test_a_hyphen_is_no_tenuto_and_an_extender_no_tie() -> None:
    sheet = Sheet()
    sheet.staff(8)
    note, stem = sheet.note(10, 3)
    sheet.symbol(K.TENUTO, 14, 15.5)
    sheet.slur((20, 16), (28, 16), bow=0.0)
    dashes = tuple(box.scale(SPACE) for box in (Box(13.6, 15.4, 14.4, 15.6), Box(20, 15.9, 28, 16.1)))
    wording = Wording((SungRow(0, 1, (), dashes),))
    symbols, strokes = erase_letters(sheet.symbols, sheet.strokes, wording, [], sheet.systems)
    assert (symbols, strokes) == ((note,), (stem,))


def test_the_note_of_a_metronome_mark_is_not_played() -> None:
    sheet = Sheet()
    sheet.staff(14)
    sheet.symbol(K.HEAD_BLACK, 18, 9.6)
    sheet.stem(sheet.symbols[-1], length=2.2)
    tempo = TextMark(TextRole.TEMPO, text_at("= 66", 20, 10), 0, above=True, beat=K.REST_QUARTER)
    symbols, strokes = erase_letters(sheet.symbols, sheet.strokes, Wording(), [tempo], sheet.systems)
    assert (symbols, strokes) == ((), ())
