"""Printed lines become running text, and each word keeps its ink."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.news.export.prose import gather_prose, join_hyphened, place_words, split_hyphen
from leggio.news.layout import Block, BlockKind, Line
from leggio.ocr import Word


def line(text: str, number: int = 0, x: float = 0) -> Line:
    return Line(number, Box(x, number * 30, 300, number * 30 + 20), text)


def block(*texts: str, id: int = 0, kind: BlockKind = BlockKind.TEXT) -> Block:
    return Block(id, kind, Box(0, 0, 300, 400), tuple(line(text, i) for i, text in enumerate(texts)))


@pytest.mark.parametrize("hyphen", ["-", "¬", "⸗", "=", "\u00ad", "‐"])
def test_a_parted_word_is_joined_whatever_its_hyphen(hyphen: str) -> None:
    (paragraph,) = gather_prose([block(f"die Groß{hyphen}", "mächte tagen")])
    assert paragraph.text == "die Großmächte tagen"


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("Nord-", "Amerika", "Nord-Amerika"),
        ("1840-", "41", "1840-41"),
        ("GROSS-", "MÄCHTE", "GROSSMÄCHTE"),
        ("Waſ-", "ſer", "Waſſer"),
        ("Ein-", "und", None),
        ("Ein-", "Und,", None),
        ("-", "mächte", None),
        ("Großmächte", "tagen", None),
        ("Groß-", "„mächte", None),
        ("", "", None),
    ],
)
def test_only_what_a_printer_parted_is_joined(first: str, second: str, word: str | None) -> None:
    assert join_hyphened(first, second) == word


def test_a_dash_is_no_hyphen() -> None:
    assert split_hyphen("—") == ("—", "")
    assert split_hyphen("-") == ("-", "")


def test_a_parted_word_keeps_the_ink_of_both_halves() -> None:
    halves = Word(Box(250, 0, 300, 20), "Groß-"), Word(Box(0, 30, 60, 50), "mächte")
    lines = tuple(Line(i, word.box, word.text, (word,)) for i, word in enumerate(halves))
    (paragraph,) = gather_prose([Block(0, BlockKind.TEXT, Box(0, 0, 300, 50), lines)])
    assert paragraph.tokens[0].words == halves


def test_text_that_goes_on_in_the_next_column_is_one_paragraph() -> None:
    (paragraph,) = gather_prose([block("der Bau der Eisen-"), block("bahn beginnt.", id=1)])
    assert paragraph.text == "der Bau der Eisenbahn beginnt."
    assert paragraph.blocks == (0, 1)


def test_a_picture_with_its_caption_does_not_interrupt_a_paragraph() -> None:
    picture = Block(1, BlockKind.PICTURE, Box(0, 0, 10, 10))
    blocks = [block("der Bau der"), picture, block("Der Bahnhof", id=2, kind=BlockKind.CAPTION)]
    texts = [paragraph.text for paragraph in gather_prose([*blocks, block("neuen Bahn.", id=3)])]
    assert texts == ["der Bau der neuen Bahn.", "Der Bahnhof"]


def test_a_heading_ends_the_paragraph_before_it() -> None:
    blocks = [block("der Bau der"), block("Wien", id=1, kind=BlockKind.HEADING), block("neuen Bahn.", id=2)]
    assert len(gather_prose(blocks)) == 3


def test_a_full_stop_at_the_end_of_a_column_ends_the_paragraph() -> None:
    assert len(gather_prose([block("Er ging."), block("sodann kam er.", id=1)])) == 2


def test_an_indented_line_begins_a_paragraph_even_in_a_leaning_column() -> None:
    lines = (
        line("Eins", 0, 15),
        line("zwei", 1, 4),
        line("drei", 2, 8),
        line("Vier", 3, 32),
        line("fünf", 4, 16),
    )
    texts = [p.text for p in gather_prose([Block(0, BlockKind.TEXT, Box(0, 0, 300, 200), lines)])]
    assert texts == ["Eins zwei drei", "Vier fünf"]


def test_each_line_of_a_table_stands_alone() -> None:
    table = block("Weizen 12 Fr.", "Roggen 9 Fr.", kind=BlockKind.TABLE)
    assert [p.text for p in gather_prose([table])] == ["Weizen 12 Fr.", "Roggen 9 Fr."]


def test_blocks_without_text_give_no_paragraphs() -> None:
    assert gather_prose([block(), block("", "  "), Block(1, BlockKind.PICTURE, Box(0, 0, 9, 9))]) == ()


def test_corrected_text_borrows_places_only_from_as_many_words() -> None:
    words = (Word(Box(0, 0, 50, 20), "Grosz"), Word(Box(60, 0, 99, 20), "Rat"))
    corrected = Line(0, Box(0, 0, 99, 20), "Großer Rat", words)
    assert [(text, word) for text, word in place_words(corrected)] == [
        ("Großer", words[0]),
        ("Rat", words[1]),
    ]
    other = Line(0, Box(0, 0, 99, 20), "Großrat", words)
    assert place_words(other) == (("Großrat", None),)


def test_a_line_known_by_its_words_alone_reads_like_its_text() -> None:
    words = (Word(Box(0, 0, 50, 20), "Der"), Word(Box(60, 0, 99, 20), "Rat"))
    (paragraph,) = gather_prose(
        [Block(0, BlockKind.TEXT, Box(0, 0, 99, 20), (Line(0, Box(0, 0, 99, 20), "", words),))]
    )
    assert paragraph.text == "Der Rat"


@given(st.lists(st.lists(st.text("aBcſß-=.,„", min_size=1, max_size=6), min_size=1, max_size=5), max_size=6))
def test_no_letter_is_lost_or_made_up(lines: list[list[str]]) -> None:
    (kept,) = ["".join(p.text for p in gather_prose([block(*map(" ".join, lines))]))]
    letters = [sign for sign in kept if sign not in "-= "]
    assert letters == [sign for words in lines for word in words for sign in word if sign not in "-= "]
