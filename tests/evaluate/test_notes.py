"""Counting notes: what a match is, and how bars are aligned."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from leggio.errors import UnreadableFile
from leggio.evaluate.notes import Agreement, CountedBar, CountedNote, align_bars, compare_notes, read_bars

Musicxml = Callable[..., bytes]

SONG = (["C4/1", "D4/1", "E4/2"], ["F4/2", "G4/2"], ["A4/1", "B4/1", "C5/2"], ["D5/4"])


def agreement(truth: bytes, answer: bytes) -> tuple[int, int, int]:
    counts = compare_notes(read_bars(truth), read_bars(answer))
    return counts.shared, counts.truth, counts.answer


def test_a_score_agrees_with_itself(musicxml: Musicxml) -> None:
    song = read_bars(musicxml(*SONG))
    assert compare_notes(song, song) == Agreement(shared=9, truth=9, answer=9)


def test_onsets_are_counted_in_whole_notes_from_the_start_of_the_bar(musicxml: Musicxml) -> None:
    (bar,) = read_bars(musicxml(["R/2", "F#4+A4/1"]))
    assert bar == CountedBar(
        label="1",
        notes=(
            CountedNote(1, Fraction(1, 2), 4, "A", 0, Fraction(1, 4)),
            CountedNote(1, Fraction(1, 2), 4, "F", 1, Fraction(1, 4)),
        ),
        clefs=("G2", "F4"),
        key=0,
        time=(4, 4),
    )


def test_a_second_voice_goes_back_to_the_start_of_the_bar(musicxml: Musicxml) -> None:
    backup = b"<backup><duration>4</duration></backup>"
    two_voices = musicxml(["C4/4", "E4/4"]).replace(b"</note><note>", b"</note>" + backup + b"<note>")
    assert {note.onset for note in read_bars(two_voices)[0].notes} == {Fraction(0)}


@pytest.mark.parametrize(
    ("answer", "what"),
    [("C#4/1", "alteration"), ("C5/1", "octave"), ("D4/1", "step"), ("C4/2", "duration")],
)
def test_a_note_must_agree_in_everything(musicxml: Musicxml, answer: str, what: str) -> None:
    assert agreement(musicxml(["C4/1"]), musicxml([answer])) == (0, 1, 1), what


def test_a_note_on_another_staff_or_beat_is_no_match(musicxml: Musicxml) -> None:
    assert agreement(musicxml(["C4/1"], staff=1), musicxml(["C4/1"], staff=2)) == (0, 1, 1)
    assert agreement(musicxml(["C4/1"]), musicxml(["R/1", "C4/1"])) == (0, 1, 1)


def test_the_same_sound_spelled_otherwise_is_no_match(musicxml: Musicxml) -> None:
    assert agreement(musicxml(["F#4/1"]), musicxml(["Gb4/1"])) == (0, 1, 1)


def test_two_equal_heads_need_two_in_the_answer(musicxml: Musicxml) -> None:
    assert agreement(musicxml(["C4+C4/1"]), musicxml(["C4/1"])) == (1, 2, 1)


def test_hidden_notes_and_rests_do_not_count(musicxml: Musicxml) -> None:
    hidden = musicxml(["R/1", "C4/1"]).replace(b"<note><pitch>", b'<note print-object="no"><pitch>')
    assert read_bars(hidden)[0].notes == ()


def test_a_grace_note_lasts_nothing_and_shifts_nothing(musicxml: Musicxml) -> None:
    plain = musicxml(["D4/1", "C4/1"])
    grace = plain.replace(b"<note><pitch><step>D", b"<note><grace/><pitch><step>D")
    grace = grace.replace(b"<duration>1</duration>", b"", 1)
    durations = [(note.step, note.onset, note.duration) for note in read_bars(grace)[0].notes]
    assert durations == [("C", Fraction(0), Fraction(1, 4)), ("D", Fraction(0), Fraction(0))]


def test_staves_count_on_through_the_parts(musicxml: Musicxml) -> None:
    """Two parts of one staff and one part of two staves are the same ink."""
    part = musicxml(["C4/1"]).replace(b"<staves>2</staves>", b"")
    start, end = part.index(b'<part id="P1">'), part.index(b"</score-partwise>")
    second = part[start:end].replace(b"P1", b"P2")
    bars = read_bars(part[:end] + second + part[end:])
    assert [note.staff for note in bars[0].notes] == [1, 2]


def test_one_lost_bar_does_not_shift_the_others(musicxml: Musicxml) -> None:
    assert agreement(musicxml(*SONG), musicxml(SONG[0], *SONG[2:])) == (7, 9, 7)


def test_one_invented_bar_does_not_shift_the_others(musicxml: Musicxml) -> None:
    assert agreement(musicxml(*SONG), musicxml(SONG[0], ["G5/4"], *SONG[1:])) == (9, 9, 10)


def test_a_lost_bar_stands_beside_nothing(musicxml: Musicxml) -> None:
    truth, answer = read_bars(musicxml(*SONG)), read_bars(musicxml(SONG[0], *SONG[2:]))
    assert align_bars(truth, answer) == [
        (truth[0], answer[0]),
        (truth[1], None),
        (truth[2], answer[1]),
        (truth[3], answer[2]),
    ]


def test_a_bar_with_wrong_durations_finds_its_place_by_its_pitches(musicxml: Musicxml) -> None:
    truth = read_bars(musicxml(["C4/1", "D4/1"], ["E4/1", "F4/1"]))
    answer = read_bars(musicxml(["E4/2", "F4/2"]))
    assert align_bars(truth, answer) == [(truth[0], None), (truth[1], answer[0])]


def test_bars_with_nothing_in_common_stay_side_by_side(musicxml: Musicxml) -> None:
    truth, answer = read_bars(musicxml(["C4/1"], ["D4/1"])), read_bars(musicxml(["E5/1"], ["F5/1"]))
    assert align_bars(truth, answer) == list(zip(truth, answer, strict=True))


def test_an_answer_without_notes_has_precision_and_recall_zero() -> None:
    assert (Agreement(0, 9, 0).precision, Agreement(0, 9, 0).recall) == (0.0, 0.0)


def test_silence_agrees_with_silence() -> None:
    assert (Agreement(0, 0, 0).precision, Agreement(0, 0, 0).recall) == (1.0, 1.0)


@pytest.mark.parametrize(
    "data", [b"", b"not XML", b"<score-timewise/>", b"<html/>", b"<score-partwise><part><measure>"]
)
def test_what_is_not_musicxml_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="This is"):
        read_bars(data)


def test_a_bad_number_is_refused_with_a_sentence(musicxml: Musicxml) -> None:
    with pytest.raises(UnreadableFile, match="bad number"):
        read_bars(musicxml(["C4/1"]).replace(b"<divisions>1<", b"<divisions>many<"))
