"""The main path: from pages to scores, with every answer on the way, whatever happens to single pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.music.drawing import CARD, NET_SPACE, SPACE, Answers, Sheet, fake_net, net_of
from tests.music.lettered import FakeEngine, Lettered

from leggio.errors import NothingToRead, UnreadableFile
from leggio.music.notation import StemWay, SymbolKind
from leggio.music.read import Nets, Reading, Writing, read, read_file, read_files, read_pages
from leggio.music.score import ClefSign, Key, Score, Time
from leggio.net import Net
from leggio.page import Page, PageFailure

K = SymbolKind
UP, DOWN = StemWay.UP, StemWay.DOWN


def melody() -> Sheet:
    """Two bars in G major and 2/4: G4 and a pair of quavers, then F sharp 5."""
    sheet = Sheet()
    sheet.staff(11)
    sheet.barline(3)
    sheet.sign(K.CLEF_G, 4.6, 2)
    sheet.sign(K.SHARP, 7.5, 8)
    sheet.sign(K.TIME_2, 10, 6, size=(1.2, 2))
    sheet.sign(K.TIME_4, 10, 2, size=(1.2, 2))
    sheet.note(15, 2)
    first, last = sheet.note(19, 3)[1], sheet.note(23, 4)[1]
    sheet.beam(first, last)
    sheet.barline(27)
    sheet.note(32, 8, DOWN, K.HEAD_HALF)
    sheet.barline(56.2)
    sheet.barline(57, thickness=0.7)
    return sheet


def pitches(score: Score) -> list[list[str]]:
    return [
        [
            f"{note.pitch.step}{'#' * note.pitch.alter}{note.pitch.octave}"
            for event in bar.events
            for note in event.notes
        ]
        for bar in score.parts[0].bars
    ]


def blank() -> Sheet:
    return Sheet(60, 26)


def nets(*sheets: Sheet) -> Nets:
    return Nets(net_of(*sheets))


def save(path: Path, *pages: Page) -> Path:
    first, *others = (Image.fromarray(page.image) for page in pages)
    first.save(path, save_all=True, append_images=others)
    return path


# --- one page


def test_a_page_is_read_from_its_pixels_to_its_meaning() -> None:
    score = read(melody().page(), nets(melody())).score
    first = score.parts[0].bars[0]
    assert pitches(score) == [["G4", "A4", "B4"], ["F#5"]]
    assert (first.key, first.time) == (Key(1), Time(2, 4))
    assert [change.clef.sign for change in first.clefs] == [ClefSign.G]
    assert not any(bar.doubts for bar in score.parts[0].bars)


def test_a_reading_keeps_every_answer_on_the_way() -> None:
    sheet = melody()
    page = sheet.page()
    reading = read(page, nets(sheet))
    assert reading.page is page
    assert len(reading.systems) == 1
    assert len(reading.symbols) == len(sheet.symbols)
    assert len(reading.notation.chords) == 4
    assert len(reading.notation.barlines) == 2
    ids = [*(symbol.id for symbol in reading.symbols), *(stroke.id for stroke in reading.strokes)]
    assert len(ids) == len(set(ids))


def test_every_note_leads_back_to_the_ink_that_it_came_from() -> None:
    reading = read(melody().page(), nets(melody()))
    ink = {symbol.id: symbol for symbol in reading.symbols}
    notes = [note for bar in reading.score.parts[0].bars for event in bar.events for note in event.notes]
    heads = [ink[note.ink[0]] for note in notes]
    assert [round(head.box.center.x / SPACE) for head in heads] == [15, 19, 23, 32]


def test_the_same_page_is_read_the_same_again() -> None:
    readings = [read(melody().page(), nets(melody())) for _ in range(2)]
    assert readings[0].notation == readings[1].notation
    assert readings[0].score == readings[1].score


def test_a_page_without_staves_has_nothing_to_read() -> None:
    with pytest.raises(NothingToRead, match=r"page 7 of letter\.png"):
        read(blank().page("letter.png", 7), nets(blank()))


def test_a_page_on_which_the_net_sees_no_staff_has_nothing_to_read() -> None:
    with pytest.raises(NothingToRead, match="No staff"):
        read(melody().page(), nets(blank()))


def test_staves_without_anything_on_them_are_read() -> None:
    sheet = Sheet()
    sheet.staff(11)
    reading = read(sheet.page(), nets(sheet))
    assert len(reading.systems) == 1
    assert reading.score.parts[0].bars == ()


def test_staves_of_another_size_than_was_measured_are_looked_at_again_at_their_own() -> None:
    measured, seen = Sheet(), Sheet()
    measured.staff(11)
    seen.staff(11, spread=1.1)
    widths: list[int] = []

    def net(page: NDArray[np.float32]) -> Answers:
        widths.append(page.shape[3])
        return seen.answers((page.shape[2], page.shape[3]))

    read(measured.page(), Nets(fake_net(net)))
    wanted = [1200 * NET_SPACE / space for space in (SPACE, 1.1 * SPACE)]
    assert widths == pytest.approx(wanted, abs=20)


def test_staves_of_the_measured_size_are_looked_at_once() -> None:
    sheet, calls = melody(), []

    def net(page: NDArray[np.float32]) -> Answers:
        calls.append(page.shape)
        return sheet.answers((page.shape[2], page.shape[3]))

    read(sheet.page(), Nets(fake_net(net)))
    assert len(calls) == 1


# --- print or handwriting


def stave() -> Sheet:
    """A staff on which this net sees no head."""
    sheet = Sheet()
    sheet.staff(11)
    return sheet


def counting(sheet: Sheet, calls: list[str], name: str) -> Net:
    def net(page: NDArray[np.float32]) -> Answers:
        calls.append(name)
        return sheet.answers((page.shape[2], page.shape[3]))

    sure = replace(CARD, confidence=((0.0, 0.0), (0.4, 1.0), (1.0, 1.0)))
    return fake_net(net, sure)


def test_a_page_that_the_net_for_print_is_sure_of_is_never_shown_to_the_other() -> None:
    calls: list[str] = []
    print_net, hand_net = counting(melody(), calls, "print"), counting(melody(), calls, "hand")
    read(melody().page(), Nets(print_net, hand_net))
    assert calls == ["print"]


def test_a_page_on_which_print_sees_no_head_is_read_as_handwriting_if_that_net_does() -> None:
    calls: list[str] = []
    print_net, hand_net = counting(stave(), calls, "print"), counting(melody(), calls, "hand")
    reading = read(melody().page(), Nets(print_net, hand_net))
    assert calls == ["print", "hand"]
    assert pitches(reading.score) == [["G4", "A4", "B4"], ["F#5"]]


def test_where_both_nets_are_lost_print_has_the_last_word() -> None:
    reading = read(stave().page(), Nets(net_of(stave()), net_of(stave())))
    assert reading.score.parts[0].bars == ()


@pytest.mark.parametrize(("writing", "called"), [(Writing.PRINT, "print"), (Writing.HAND, "hand")])
def test_a_page_may_be_said_to_be_print_or_handwriting(writing: Writing, called: str) -> None:
    calls: list[str] = []
    print_net, hand_net = counting(stave(), calls, "print"), counting(stave(), calls, "hand")
    read(stave().page(), Nets(print_net, hand_net, writing))
    assert calls == [called]


# --- files


def test_the_pages_of_a_file_become_one_score(tmp_path: Path) -> None:
    path = save(tmp_path / "two.tiff", melody().page(), melody().page())
    reading = read_file(path, nets(melody()))
    assert reading.score
    assert pitches(reading.score) == [["G4", "A4", "B4"], ["F#5"]] * 2
    assert [bar.number for bar in reading.score.parts[0].bars] == [1, 2, 3, 4]
    assert [one.page.number for one in reading.readings] == [1, 2]


def test_one_bad_page_of_a_file_never_loses_the_others(tmp_path: Path) -> None:
    path = save(tmp_path / "three.tiff", melody().page(), blank().page(), melody().page())
    reading = read_file(path, nets(melody()))
    assert [one.page.number for one in reading.readings] == [1, 3]
    (failure,) = reading.failures
    assert (failure.source, failure.number) == (str(path), 2)
    assert isinstance(failure.error, NothingToRead)
    assert reading.score
    assert len(reading.score.parts[0].bars) == 4


def test_a_file_without_a_page_of_music_has_no_score(tmp_path: Path) -> None:
    path = save(tmp_path / "letter.tiff", blank().page(), blank().page())
    reading = read_file(path, nets(melody()))
    assert reading.score is None
    assert reading.readings == ()
    assert [failure.number for failure in reading.failures] == [1, 2]


def test_a_file_that_is_no_picture_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "no.png"
    path.write_bytes(b"no picture at all")
    reading = read_file(path, nets(melody()))
    assert reading.score is None
    assert isinstance(reading.failures[0].error, UnreadableFile)


def test_it_is_said_when_a_page_is_done(tmp_path: Path) -> None:
    path = save(tmp_path / "three.tiff", melody().page(), blank().page(), melody().page())
    done: list[int] = []
    read_file(path, nets(melody()), on_page=done.append)
    assert done == [1, 2, 3]


def test_pages_come_one_by_one_as_they_are_read(tmp_path: Path) -> None:
    path = save(tmp_path / "two.tiff", melody().page(), blank().page())
    pages = read_pages(path, nets(melody()))
    assert isinstance(next(pages), Reading)
    assert isinstance(next(pages), PageFailure)
    with pytest.raises(StopIteration):
        next(pages)


def test_files_read_in_one_go_are_read_as_each_alone(tmp_path: Path) -> None:
    two = save(tmp_path / "two.tiff", melody().page(), melody().page())
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture at all")
    paths = [
        two,
        broken,
        save(tmp_path / "letter.png", blank().page()),
        save(tmp_path / "one.png", melody().page()),
    ]
    done: list[int] = []
    together = list(read_files(paths, nets(melody()), on_page=done.append))
    alone = [read_file(path, nets(melody())) for path in paths]
    assert done == [1, 2, 1, 1, 1]
    assert [one.score for one in together] == [one.score for one in alone]
    assert [[str(f.error) for f in one.failures] for one in together] == [
        [str(f.error) for f in one.failures] for one in alone
    ]


class _Eye:
    """A net that says when it is shown its second page, and may be held there."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.pages = 0
        self.at_second, self.go_on = Event(), Event()

    def __call__(self, page: NDArray[np.float32]) -> Answers:
        self.pages += 1
        if self.pages == 2:
            self.at_second.set()
            assert self.go_on.wait(60)
        return self.sheet.answers((page.shape[2], page.shape[3]))


def test_while_a_page_is_read_the_net_looks_at_the_next_one_and_no_further(tmp_path: Path) -> None:
    eye = _Eye(melody())
    files = [save(tmp_path / f"{name}.png", melody().page()) for name in "abcd"]
    readings = read_files(files, Nets(fake_net(eye)))
    assert next(readings).score is not None  # though the net is held at the second page
    assert eye.at_second.wait(60)
    assert eye.pages == 2
    eye.go_on.set()
    assert len(list(readings)) == 3


def test_whoever_stops_reading_does_not_wait_for_the_net(tmp_path: Path) -> None:
    eye = _Eye(melody())
    pages = read_files(
        [save(tmp_path / f"{name}.png", melody().page()) for name in "abc"], Nets(fake_net(eye))
    )
    next(pages)
    assert eye.at_second.wait(60)
    pages.close()
    assert not eye.go_on.is_set()
    eye.go_on.set()
    assert eye.pages == 2


def test_words_are_read_where_there_is_an_engine_and_a_page_is_read_without_one() -> None:
    sheet = Lettered(60, 30)
    sheet.staff(9)
    sheet.barline(3)
    sheet.sign(K.CLEF_G, 4.6, 2)
    for x, word in ((12, "mein"), (22, "Herz"), (32, "singt")):
        sheet.note(x, 3)
        sheet.write(word, x - 1, 17)
    sheet.barline(56.8)
    engine = FakeEngine("mein", "Herz", "singt")
    with_words = read(sheet.page(), replace(nets(sheet), words=engine)).score.parts[0].bars[0]
    without = read(sheet.page(), nets(sheet)).score.parts[0].bars[0]
    assert [lyric.text for event in with_words.events for lyric in event.lyrics] == ["mein", "Herz", "singt"]
    assert replace(with_words, events=tuple(replace(e, lyrics=()) for e in with_words.events)) == without
