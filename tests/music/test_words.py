"""Words are sorted into verses and lines and read, few crops for many words."""

from __future__ import annotations

from tests.music.lettered import FakeEngine, Lettered

from leggio.music.words import SungRow, Wording, part_singers, read_wording


def song(*syllables: str, verses: int = 1, staves: int = 1, part: int = 0) -> Lettered:
    """Syllables under the notes of a staff, all verses alike."""
    sheet = Lettered(80, 34)
    sheet.staff(8, right=77)
    if staves == 2:
        sheet.staff(22, right=77, part=part)
    for place, syllable in enumerate(syllables):
        x = 8 + 7 * place
        sheet.note(x + 1, 3)
        for verse in range(verses):
            sheet.write(syllable, x, 16 + 2.4 * verse)
    return sheet


def read(sheet: Lettered, *words: str) -> Wording:
    return read_wording(sheet.page().image, sheet.maps(), sheet.systems, sheet.symbols, FakeEngine(*words))


def sung(wording: Wording) -> list[list[str]]:
    return [[text.text for text in row.texts] for row in wording.rows]


def test_words_under_notes_are_sung() -> None:
    assert sung(read(song("mein", "Herz", "ist", "weit"), "mein", "Herz", "ist", "weit")) == [
        ["mein", "Herz", "ist", "weit"]
    ]


def test_rows_one_under_the_other_are_verses() -> None:
    wording = read(song("mein", "Herz", "ist", "weit", verses=2), "mein", "Herz", "ist", "weit")
    assert [row.verse for row in wording.rows] == [1, 2]


def test_a_lone_word_under_a_staff_is_not_sung() -> None:
    sheet = song()
    sheet.note(20, 3)
    sheet.write("dolce", 30, 16)
    wording = read(sheet, "dolce")
    assert wording.rows == ()
    assert [line.text for line in wording.lines] == ["dolce"]


def test_words_between_the_staves_of_a_piano_are_not_sung() -> None:
    sheet = song("poco", "a", "poco", staves=2)
    assert read(sheet, "poco", "a").rows == ()


def test_hyphens_of_a_row_are_kept() -> None:
    sheet = song("Wal", "de", "gern")
    sheet.hyphen(12, 15.5)
    assert len(read(sheet, "Wal", "de", "gern").rows[0].dashes) == 1


def test_many_syllables_are_read_on_few_crops() -> None:
    syllables = "ach du mein lie bes Herz so weit".split()
    engine = FakeEngine(*syllables)
    sheet = song(*syllables)
    read_wording(sheet.page().image, sheet.maps(), sheet.systems, sheet.symbols, engine)
    assert engine.crops <= 3


def test_without_an_engine_there_are_no_words() -> None:
    sheet = song("mein", "Herz", "ist", "weit")
    assert read_wording(sheet.page().image, sheet.maps(), sheet.systems, sheet.symbols, None) == Wording()


def test_a_staff_over_sung_words_is_a_part_of_its_own() -> None:
    sheet = song(staves=2, part=0)
    wording = Wording((SungRow(0, 1, (), ()),))
    assert [staff.part for staff in part_singers(sheet.systems, wording)[0].staves] == [0, 1]
    assert part_singers(sheet.systems, Wording()) == sheet.systems


def test_words_that_tell_how_to_play_are_not_sung_wherever_they_stand() -> None:
    wording = read(song("poco", "rit", "a", "tempo"), "poco", "rit", "a", "tempo")
    assert wording.rows == ()
    assert [line.text for line in wording.lines] == ["poco rit a tempo"]
