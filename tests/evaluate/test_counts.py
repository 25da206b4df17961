"""Counting symbols of scans against an encoding."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from leggio.errors import UnreadableFile
from leggio.evaluate.counts import (
    CountReport,
    SystemCounts,
    count_found,
    count_lines,
    evaluate_scans,
    find_reaches,
    place_bars,
)
from leggio.evaluate.notes import read_bars
from leggio.evaluate.printed import SymbolCounts, count_key_change, count_line, read_printed
from leggio.geometry import Box
from leggio.music.notation import BarLine, LineStyle, Notation, Rest, Staff, Symbol, SymbolKind, System
from leggio.music.read import load_nets
from leggio.synth.engrave import Layout, engrave

Musicxml = Callable[..., bytes]


def total(data: bytes) -> SymbolCounts:
    return count_line(read_printed(data))


# --- what an encoding prints


def test_filled_heads_rests_clefs_and_bar_lines_are_counted(musicxml: Musicxml) -> None:
    score = musicxml(["C4+E4/1", "R/1", "D4/2"], ["E4/4"])
    assert total(score) == SymbolCounts(filled_heads=2, rests=1, clefs=2, bar_lines=2)


def test_hidden_notes_and_rests_are_not_printed(musicxml: Musicxml) -> None:
    score = musicxml(["R/1", "C4/1"]).replace(b"<note>", b'<note print-object="no">')
    assert total(score) == SymbolCounts(clefs=2, bar_lines=1)


def test_two_voices_share_a_head_in_unison_and_a_rest_at_the_same_time(musicxml: Musicxml) -> None:
    back = b"<backup><duration>2</duration></backup>"
    for bar in (["C4/1", "R/1"], ["R/1", "C4/1"]):
        first = musicxml([*bar, *bar])
        half = first.index(b"<note>", first.index(b"<note>", first.index(b"<note>") + 1) + 1)
        both = first[:half] + back + first[half:]
        assert total(both) == SymbolCounts(filled_heads=1, rests=1, clefs=2, bar_lines=1)
        assert total(first) == SymbolCounts(filled_heads=2, rests=2, clefs=2, bar_lines=1)


def test_grace_notes_are_heads_of_their_own(musicxml: Musicxml) -> None:
    plain = musicxml(["C4/1", "C4/1"])
    grace = plain.replace(b"<note><pitch>", b"<note><grace/><pitch>", 1).replace(
        b"<duration>1</duration>", b"", 1
    )
    assert total(grace).filled_heads == 2


def test_accidentals_are_those_that_are_written(musicxml: Musicxml) -> None:
    score = musicxml(["F#4/1", "F#4/1"])
    written = score.replace(b"</type>", b"</type><accidental>sharp</accidental>", 1)
    assert (total(score).accidentals, total(written).accidentals) == (0, 1)


def test_every_line_begins_with_the_key_on_both_staves(musicxml: Musicxml) -> None:
    score = musicxml(["C4/4"], ["D4/4"], ["E4/4"]).replace(b"<fifths>0<", b"<fifths>-3<")
    bars = read_printed(score)
    assert count_line(bars) == SymbolCounts(accidentals=6, clefs=2, bar_lines=3)
    assert count_lines(bars, [0, 0, 1], [0, 1]) == [
        SymbolCounts(accidentals=6, clefs=2, bar_lines=2),
        SymbolCounts(accidentals=6, clefs=2, bar_lines=1),
    ]


CHANGE = (
    b'<measure number="2"><attributes><key><fifths>1</fifths></key>'
    b'<clef number="2"><sign>G</sign><line>2</line></clef></attributes>'
)


def test_a_change_is_printed_once_within_a_line_and_announced_before_the_next(musicxml: Musicxml) -> None:
    """From two flats to one sharp: two naturals and a sharp on each of two staves; one new clef."""
    score = musicxml(["C4/4"], ["D4/4"]).replace(b"<fifths>0<", b"<fifths>-2<")
    bars = read_printed(score.replace(b'<measure number="2">', CHANGE))
    assert count_lines(bars, [0, 0], [0]) == [SymbolCounts(accidentals=4 + 6, clefs=3, bar_lines=2)]
    assert count_lines(bars, [0, 1], [0, 1]) == [
        SymbolCounts(accidentals=4 + 6, clefs=3, bar_lines=1),
        SymbolCounts(accidentals=2, clefs=2, bar_lines=1),
    ]


def test_a_clef_that_is_in_force_is_not_printed_again_and_one_in_a_bar_is(musicxml: Musicxml) -> None:
    score = musicxml(["C4/2", "D4/2"])
    half = score.rindex(b"<note>")
    for sign, clefs in ((b"F", 2), (b"C", 3)):
        clef = b'<attributes><clef number="2"><sign>' + sign + b"</sign><line>4</line></clef></attributes>"
        assert total(score[:half] + clef + score[half:]).clefs == clefs


@pytest.mark.parametrize(
    ("before", "after", "signs"), [(0, 3, 3), (3, 0, 3), (3, 1, 3), (1, 3, 3), (-2, 1, 3), (2, 2, 2)]
)
def test_a_new_key_cancels_what_the_old_one_had(before: int, after: int, signs: int) -> None:
    assert count_key_change(before, after) == signs


def test_parts_add_up_and_share_their_bar_lines(musicxml: Musicxml) -> None:
    score = musicxml(["C4/1", "R/1"])
    start, end = score.index(b'<part id="P1">'), score.index(b"</score-partwise>")
    both = score[:end] + score[start:end] + score[end:]
    assert total(both) == SymbolCounts(filled_heads=2, rests=2, clefs=4, bar_lines=1)


@pytest.mark.parametrize("data", [b"", b"no XML", b"<score-partwise/>"])
def test_what_holds_no_music_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_printed(data)


# --- which system a bar lies in


def test_bars_lie_in_the_system_of_the_bar_that_was_read(musicxml: Musicxml) -> None:
    """Of five bars the second and the fourth were not read: they stay with the bar before them."""
    song = [["C4/1"], ["D4/1"], ["E4/1"], ["F4/1"], ["G4/1"]]
    truth, answer = read_bars(musicxml(*song)), read_bars(musicxml(song[0], song[2], song[4]))
    assert place_bars(truth, answer, [0, 1, 2]) == [0, 0, 1, 1, 2]


def test_nothing_read_puts_all_bars_into_one_system(musicxml: Musicxml) -> None:
    assert place_bars(read_bars(musicxml(["C4/1"], ["D4/1"])), [], []) == [0, 0]


# --- what is found


def system(number: int, top: float) -> System:
    staff = Staff(number, number, 0, (100.0, 900.0), tuple((top + 10 * k,) * 2 for k in range(5)), 10.0)
    return System(number, (staff,), staff.box)


def symbol(kind: SymbolKind, x: float, y: float, confidence: float = 0.9) -> Symbol:
    return Symbol(0, kind, Box(x - 5, y - 5, x + 5, y + 5), confidence)


def line(number: int, x: float) -> BarLine:
    return BarLine(number, x, x - 1, x + 1, LineStyle.SINGLE, False, False, 0.9)


def rest(staff: int, x: float) -> Rest:
    return Rest(0, staff, x, 4.0, SymbolKind.REST_QUARTER, 0, 0, 0.9)


NOTATION = Notation(
    (system(0, 200), system(1, 400)), (line(0, 500), line(0, 900), line(1, 180), line(1, 800)),
    (), (rest(0, 300), rest(0, 600), rest(1, 400)), (), (), (), (), (),
)  # fmt: skip


def test_systems_share_the_gap_between_them() -> None:
    above, below = find_reaches(NOTATION.systems)
    assert above == Box(80, 120, 920, 320)
    assert below == Box(80, 320, 920, 520)


def test_sure_symbols_in_reach_count_and_a_line_that_opens_a_repeat_does_not() -> None:
    symbols = [
        symbol(SymbolKind.HEAD_BLACK, 300, 319), symbol(SymbolKind.HEAD_BLACK, 300, 321),
        symbol(SymbolKind.HEAD_BLACK_SMALL, 350, 321), symbol(SymbolKind.HEAD_HALF, 380, 321),
        symbol(SymbolKind.REST_8, 300, 420, 0.49), symbol(SymbolKind.REST_8, 310, 420, 0.51),
        symbol(SymbolKind.CLEF_G, 110, 220), symbol(SymbolKind.CLEF_8, 110, 260),
        symbol(SymbolKind.SHARP_SMALL, 300, 420), symbol(SymbolKind.SHARP, 20, 420),
    ]  # fmt: skip
    assert count_found(NOTATION, symbols) == [
        SymbolCounts(filled_heads=1, clefs=1, bar_lines=2),
        SymbolCounts(filled_heads=2, rests=1, accidentals=1, bar_lines=1),
    ]


def test_what_the_last_line_announces_is_left_out_but_not_notes_behind_a_lost_bar_line() -> None:
    signs = [symbol(SymbolKind.SHARP, 850, 220), symbol(SymbolKind.SHARP, 850, 420)]
    shown = [counts.accidentals for counts in count_found(NOTATION, signs)]
    assert shown == [1, 0]
    notes_behind = replace(NOTATION, rests=(*NOTATION.rests, rest(1, 860)))
    assert [counts.accidentals for counts in count_found(notes_behind, signs)] == [1, 1]


# --- the figures


def test_f1_takes_the_smaller_count_of_each_system_as_right() -> None:
    """Heads: 10 of 12, then 5 of 4: 14 right of 16 true and 15 found."""
    report = CountReport(
        "scans",
        1,
        (
            SystemCounts(SymbolCounts(filled_heads=12, clefs=2), SymbolCounts(filled_heads=10, clefs=2)),
            SystemCounts(SymbolCounts(filled_heads=4, clefs=2), SymbolCounts(filled_heads=5, clefs=1)),
        ),
        2.0,
    )
    content = json.loads(report.to_json())
    assert content["counts"]["filledHeads"] == {"truth": 16, "found": 15, "right": 14}
    assert content["f1"] == {
        "filledHeads": round(28 / 31, 4), "rests": None, "accidentals": None,
        "clefs": round(6 / 7, 4), "barLines": None,
    }  # fmt: skip
    assert (content["systems"], content["pages"], content["seconds"]) == (2, 1, 2.0)


def test_an_engraved_page_has_the_counts_of_its_encoding(tmp_path: Path, musicxml: Musicxml) -> None:
    score = musicxml(*[["C5/1", "E5+G5/1", "R/1", "F4/1"], ["A4/2", "R/2"]] * 4).replace(
        b"<fifths>0<", b"<fifths>2<"
    )
    layout = Layout(space=20.0, options=(("adjustPageHeight", True), ("header", "none")))
    case = tmp_path / "case"
    case.mkdir()
    cv2.imwrite(str(case / "page.png"), next(engrave(score, layout)).image)
    (case / "truth.musicxml").write_bytes(score)
    heard: list[str] = []
    report = evaluate_scans(
        [case], load_nets(1), lambda name, draw: heard.append(f"{name} {draw().ndim}"), name="one"
    )
    assert heard == ["case 3"]
    rows = {row.name: (row.truth, row.found) for row in report.rows}
    assert rows["filledHeads"] == (16, 16)
    assert rows["barLines"] == (8, 8)
    assert len(report.systems) > 1
    assert rows["clefs"] == (2 * len(report.systems), 2 * len(report.systems))
    assert rows["accidentals"] == (4 * len(report.systems), 4 * len(report.systems))
