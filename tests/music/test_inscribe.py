"""Words find their event, their bar and their part in the score."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.music.lettered import text_at
from tests.music.spelling import SPACE, Spelling

from leggio.geometry import Box
from leggio.music.directions import Direction, DirectionKind, Jump, Metronome
from leggio.music.events import Lyric, NoteType
from leggio.music.events import Syllabic as Sung
from leggio.music.inscribe import inscribe_words
from leggio.music.interpret import interpret
from leggio.music.notation import LyricMark, Notation, Syllabic, SymbolKind, Text, TextMark
from leggio.music.notation import TextRole as R
from leggio.music.score import Score


def spelled() -> Notation:
    """Two bars of a voice over a piano."""
    spelling = Spelling(3, (0, 1, 1)).clef(SymbolKind.CLEF_G, 2).time(4, 4)
    for staff in (1, 2):
        spelling.clef(SymbolKind.CLEF_G, 2, staff=staff)
    for _ in range(2):
        spelling.bar("4:2 4:3 4:4 4:5", "1:2", "1:0")
    return spelling.notation()


def at_chord(notation: Notation, place: int, text: str) -> Text:
    """Words that begin over the chord of a place in the voice."""
    chord = [chord for chord in notation.chords if chord.staff == 0][place]
    return text_at(text, chord.x / SPACE, 3)


def read(notation: Notation, *texts: TextMark, lyrics: tuple[LyricMark, ...] = ()) -> Score:
    whole = replace(notation, texts=texts, lyrics=lyrics)
    return inscribe_words(interpret(whole), whole)


def test_a_syllable_comes_to_its_event() -> None:
    notation = spelled()
    chord = [chord for chord in notation.chords if chord.staff == 0][5]
    score = read(notation, lyrics=(LyricMark(chord.id, 2, text_at("de", 0, 0), Syllabic.END, True),))
    sung = [
        (bar.number, event.onset, event.lyrics)
        for bar in score.parts[0].bars
        for event in bar.events
        if event.lyrics
    ]
    assert sung == [(2, Fraction(1, 4), (Lyric(2, "de", Sung.END, True),))]


def test_a_pedal_sign_stands_in_the_middle_under_its_note() -> None:
    notation = spelled()
    chord = [chord for chord in notation.chords if chord.staff == 0][2]
    box = Box(chord.x - 2 * SPACE, 300, chord.x + 2 * SPACE, 340)
    mark = TextMark(R.PEDAL, Text(box, "start", 1.0, 40, 340), 2)
    score = read(notation, mark)
    assert [bar.directions for bar in score.parts[1].bars] == [
        (Direction(Fraction(1, 2), 2, DirectionKind.PEDAL, "start", above=False),), (),
    ]  # fmt: skip


def test_a_coda_to_leave_from_is_a_sign_that_jumps() -> None:
    notation = spelled()
    score = read(notation, TextMark(R.SIGN, at_chord(notation, 5, "to coda"), 0, above=True))
    assert score.parts[0].bars[1].directions == (
        Direction(Fraction(1, 4), 1, DirectionKind.SIGN, "coda", True, None, Jump.TO_CODA),
    )


def test_words_begin_with_the_note_that_they_stand_at() -> None:
    notation = spelled()
    score = read(notation, TextMark(R.DIRECTION, at_chord(notation, 6, "dolce"), 1))
    assert [bar.directions for bar in score.parts[1].bars] == [
        (), (Direction(Fraction(1, 2), 1, DirectionKind.WORDS, "dolce", above=False),),
    ]  # fmt: skip


def test_a_tempo_has_its_metronome() -> None:
    notation = spelled()
    tempo = TextMark(
        R.TEMPO, at_chord(notation, 0, "Andante (= 66)"), 0, above=True, beat=SymbolKind.REST_QUARTER
    )
    (direction,) = read(notation, tempo).parts[0].bars[0].directions
    assert (direction.text, direction.metronome) == ("Andante", Metronome(NoteType.QUARTER, 0, 66))


def test_chord_symbols_become_harmonies() -> None:
    notation = spelled()
    (harmony,) = (
        read(notation, TextMark(R.CHORD, at_chord(notation, 2, "G7"), 0, above=True))
        .parts[0]
        .bars[0]
        .harmonies
    )
    assert (harmony.onset, harmony.root, harmony.text) == (Fraction(1, 2), ("G", 0), "7")


def test_names_come_to_their_parts_and_titles_to_the_score() -> None:
    notation = spelled()
    far = Text(Box(0, 0, 1, 1), "Lied", 1.0, 1.0, 1.0)
    score = read(
        notation,
        TextMark(R.PART_NAME, replace(far, text="Gesang"), 0),
        TextMark(R.PART_NAME, replace(far, text="Klavier"), 2),
        TextMark(R.TITLE, far),
        TextMark(R.COMPOSER, replace(far, text="Fanny Hensel")),
    )
    assert [part.name for part in score.parts] == ["Gesang", "Klavier"]
    assert (score.title, score.composer) == ("Lied", "Fanny Hensel")


def test_bars_are_counted_on_from_the_numbers_that_systems_agree_on() -> None:
    spelling = Spelling(1).clef(SymbolKind.CLEF_G, 2).time(4, 4).bar("1:2").bar("1:3")
    notation = spelling.system().bar("1:2").notation()
    upper, lower = (system.staves[0].id for system in notation.systems)
    numbers = (
        TextMark(R.BAR_NUMBER, text_at("31", 1, 1), upper),
        TextMark(R.BAR_NUMBER, text_at("33", 1, 1), lower),
    )
    assert [bar.number for bar in read(notation, *numbers).parts[0].bars] == [31, 32, 33]
    assert [bar.number for bar in read(notation, numbers[1]).parts[0].bars] == [1, 2, 3]


def test_a_page_without_words_is_left_alone() -> None:
    notation = spelled()
    score = interpret(notation)
    assert inscribe_words(score, notation) is score
