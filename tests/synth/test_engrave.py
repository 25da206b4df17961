"""What the engraver says is on the page is on the page, and nothing else is."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest
from lxml import etree

from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind
from leggio.synth.engrave import FONTS, Layout, engrave
from leggio.synth.sample import STAFF_BIT, STROKE_BITS, SYMBOL_BIT, Sample

K, S = SymbolKind, StrokeKind
ONE_SYSTEM = (("breaks", "none"), ("adjustPageWidth", True), ("adjustPageHeight", True), ("header", "none"))

# Counted by hand from the little score of conftest.py.
LITTLE_SYMBOLS = {
    K.BRACE: 1, K.CLEF_G: 1, K.CLEF_F: 1, K.SHARP: 4, K.TIME_3: 2, K.TIME_4: 2, K.TIME_COMMON: 2,
    K.HEAD_BLACK: 11, K.HEAD_HALF: 3, K.HEAD_WHOLE: 2, K.HEAD_BLACK_SMALL: 1,
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_8_UP_SMALL: 1, K.GRACE_SLASH: 1,
    K.NATURAL: 1, K.FLAT: 1, K.DOT: 2, K.REST_QUARTER: 2, K.REST_8: 1, K.REST_WHOLE: 1, K.REPEAT_DOT: 4,
}  # fmt: skip
LITTLE_STROKES = {S.STEM: 14, S.BEAM: 3, S.BARLINE: 6, S.TIE: 1, S.LEDGER: 2}


def count_symbols(page: Sample) -> Counter[SymbolKind]:
    return Counter(symbol.kind for symbol in page.truth.symbols)


def list_records(page: Sample) -> list[Symbol | Stroke]:
    return [*page.truth.symbols, *page.truth.strokes]


def engrave_one(music: bytes, font: str = "Leipzig", space: float = 20.0) -> Sample:
    return next(engrave(music, Layout(font, space=space, options=ONE_SYSTEM)))


@pytest.mark.parametrize("font", FONTS)
def test_every_sign_of_the_music_is_in_the_truth_and_no_other_is(little_score: bytes, font: str) -> None:
    page = engrave_one(little_score, font)
    assert count_symbols(page) == LITTLE_SYMBOLS
    assert Counter(stroke.kind for stroke in page.truth.strokes) == LITTLE_STROKES


def test_every_font_draws_another_page(little_score: bytes) -> None:
    pages = [engrave_one(little_score, font).image.tobytes() for font in FONTS]
    assert len(set(pages)) == len(FONTS)


def test_every_note_head_of_the_music_is_on_the_page(little_score: bytes, little_page: Sample) -> None:
    notes = [note for note in etree.fromstring(little_score).iter("note") if note.find("rest") is None]
    heads = {"whole": K.HEAD_WHOLE, "half": K.HEAD_HALF}
    wanted = Counter(
        K.HEAD_BLACK_SMALL if note.find("grace") is not None
        else heads.get(note.findtext("type") or "", K.HEAD_BLACK)
        for note in notes
    )  # fmt: skip
    found = count_symbols(little_page)
    assert {kind: found[kind] for kind in K if kind.value.startswith("notehead") and found[kind]} == wanted


def test_ids_are_unique_on_a_page(little_page: Sample) -> None:
    ids = [record.id for record in list_records(little_page)]
    assert len(set(ids)) == len(ids)


def test_strokes_run_down_or_to_the_right(little_page: Sample) -> None:
    for stroke in little_page.truth.strokes:
        if stroke.kind in (S.STEM, S.BARLINE):
            assert stroke.start.y < stroke.end.y
        else:
            assert stroke.start.x < stroke.end.x


def test_a_bar_line_is_one_stroke_through_both_staves(little_page: Sample) -> None:
    (system,) = little_page.truth.systems
    for stroke in little_page.truth.strokes:
        if stroke.kind is S.BARLINE:
            assert stroke.start.y == pytest.approx(system.box.y0, abs=2)
            assert stroke.end.y == pytest.approx(system.box.y1, abs=2)


def test_an_inner_beam_is_one_stroke_over_all_its_stems(little_page: Sample) -> None:
    beams = [stroke for stroke in little_page.truth.strokes if stroke.kind is S.BEAM]
    inner, outer = sorted(beams, key=lambda beam: beam.end.x)[1:]
    assert inner.start.x == pytest.approx(outer.start.x)
    assert inner.end.x == pytest.approx(outer.end.x)


# --- the page and its truth


@pytest.mark.parametrize("font", FONTS)
def test_every_box_covers_ink(little_score: bytes, font: str) -> None:
    page = engrave_one(little_score, font)
    for record in list_records(page):
        box = record.box
        inside = page.image[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
        assert (inside < 128).mean() > 0.05, record.kind


def test_no_ink_of_a_symbol_lies_outside_its_box(little_page: Sample) -> None:
    """The boxes are those of the ink: where symbols stand, the mask says so, and nowhere else."""
    outside = (little_page.mask & SYMBOL_BIT) > 0
    for symbol in little_page.truth.symbols:
        box = symbol.box
        outside[int(box.y0) - 1 : int(box.y1) + 2, int(box.x0) - 1 : int(box.x1) + 2] = False
    assert not outside.any()


@pytest.mark.parametrize("space", [12.0, 20.0, 24.0, 33.3])
def test_the_mask_marks_the_ink_of_a_clean_page_to_the_pixel(little_score: bytes, space: float) -> None:
    page = engrave_one(little_score, space=space)
    ink, marked = page.image < 128, page.mask > 0
    near_ink = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert page.mask.shape == page.image.shape
    assert marked[ink].mean() > 0.98
    assert near_ink[marked].mean() > 0.99


def test_the_mask_is_not_shifted_against_the_page(little_score: bytes) -> None:
    page = engrave_one(little_score, space=24.0)
    for dot in (symbol for symbol in page.truth.symbols if symbol.kind is K.REPEAT_DOT):
        left, top = int(dot.box.x0) - 3, int(dot.box.y0) - 3
        rows, columns = np.nonzero(page.mask[top : top + 20, left : left + 20] & SYMBOL_BIT)
        assert top + rows.mean() + 0.5 == pytest.approx(dot.box.center.y, abs=0.2)
        assert left + columns.mean() + 0.5 == pytest.approx(dot.box.center.x, abs=0.2)


def test_each_kind_of_ink_has_its_own_bit(little_page: Sample) -> None:
    bits = [STAFF_BIT, *STROKE_BITS.values(), SYMBOL_BIT]
    assert len(set(bits)) == len(bits) - 1 == len(STROKE_BITS) + 1  # a tie is drawn as a slur is
    for kind in LITTLE_STROKES:
        stroke = next(stroke for stroke in little_page.truth.strokes if stroke.kind is kind)
        place = stroke.box.center
        if kind is S.TIE:  # the middle of its box lies between the curve's ends and its belly
            continue
        assert little_page.mask[int(place.y), int(place.x)] & STROKE_BITS[kind], kind


def test_the_staff_lines_are_where_the_truth_says(little_page: Sample) -> None:
    truth = little_page.truth
    for staff in truth.systems[0].staves:
        assert staff.space == pytest.approx(truth.space, rel=0.02)
        for line in range(5):
            y = int(staff.line_at(line, staff.xs[0]))
            row = little_page.image[y, int(staff.xs[0]) + 1 : int(staff.xs[-1]) - 1]
            assert (row < 200).mean() > 0.99


def test_a_staff_space_is_as_large_as_asked_for(little_score: bytes) -> None:
    for space in (10.0, 31.7):
        page = engrave_one(little_score, space=space)
        assert page.truth.space == space
        assert page.truth.systems[0].staves[0].space == pytest.approx(space, rel=0.01)


# --- systems and parts


def write_parts(staves: list[int], bars: int = 1) -> bytes:
    """A score with a part for each number of staves, full of whole notes."""
    names = "".join(f'<score-part id="P{i}"><part-name/></score-part>' for i in range(len(staves)))
    parts = "".join(
        f'<part id="P{i}">{"".join(write_bar(bar, count) for bar in range(bars))}</part>'
        for i, count in enumerate(staves)
    )
    return f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>".encode()


def write_bar(number: int, staves: int) -> str:
    notes = "<backup><duration>4</duration></backup>".join(
        "<note><pitch><step>B</step><octave>4</octave></pitch><duration>4</duration>"
        f"<voice>{staff + 1}</voice><type>whole</type><staff>{staff + 1}</staff></note>"
        for staff in range(staves)
    )
    start = (
        "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"
        f"<staves>{staves}</staves></attributes>"
    )
    return f'<measure number="{number + 1}">{start if number == 0 else ""}{notes}</measure>'


@pytest.mark.parametrize("space", [12.0, 24.0, 40.0])
def test_a_brace_makes_one_part_of_its_staves(space: float) -> None:
    page = engrave_one(write_parts([1, 2, 1]), space=space)
    (system,) = page.truth.systems
    assert [staff.part for staff in system.staves] == [0, 1, 1, 2]
    assert count_symbols(page)[K.BRACE] == 1


def test_staves_and_systems_are_counted_from_top_to_bottom() -> None:
    options = (("pageWidth", 900), ("pageHeight", 2000), ("header", "none"))
    page = next(engrave(write_parts([1, 2], bars=24), Layout(space=12.0, options=options)))
    systems = page.truth.systems
    assert len(systems) > 1
    assert [system.id for system in systems] == list(range(len(systems)))
    assert [[staff.part for staff in system.staves] for system in systems] == [[0, 1, 1]] * len(systems)
    staves = [staff for system in systems for staff in system.staves]
    assert [staff.system for staff in staves] == [system.id for system in systems for _ in system.staves]
    tops = [staff.box.y0 for staff in staves]
    assert tops == sorted(tops)
    for system in systems:
        assert all(system.box.union(staff.box) == system.box for staff in system.staves)


# --- pages


def test_pages_come_one_by_one_and_can_be_passed_over() -> None:
    music = write_parts([1], bars=60)
    layout = Layout(space=10.0, options=(("pageWidth", 900), ("pageHeight", 600), ("header", "none")))
    pages = list(engrave(music, layout))
    assert len(pages) > 2
    second = next(engrave(music, layout, skip=1))
    assert np.array_equal(second.image, pages[1].image)
    assert second.truth == pages[1].truth
    assert len(list(engrave(music, layout, pages=2))) == 2
    assert len(list(engrave(music, layout, skip=100))) == 1


def test_the_same_music_gives_the_same_page(little_score: bytes, little_page: Sample) -> None:
    again = engrave_one(little_score)
    assert np.array_equal(again.image, little_page.image)
    assert np.array_equal(again.mask, little_page.mask)
    assert again.truth == little_page.truth


def test_what_is_no_music_is_refused() -> None:
    with pytest.raises(ValueError, match="Verovio"):
        next(engrave(b"a shopping list", Layout()))
