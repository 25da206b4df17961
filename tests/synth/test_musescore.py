"""What MuseScore draws is in the truth by its name, and nothing else is."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from leggio.errors import MissingExtra
from leggio.music.notation import StrokeKind, SymbolKind
from leggio.synth import musescore
from leggio.synth.musescore import (
    MUSIC_FONTS,
    EngravedPage,
    MuseScoreLayout,
    engrave_musescore,
    engrave_pages,
    find_musescore,
    random_layout,
    write_style,
)
from leggio.synth.musescore_glyphs import Chart, learn_chart, read_outlines, write_chart
from leggio.synth.musescore_ink import read_ink
from leggio.synth.musescore_lines import Line, cut_dashes, join_lines, thicken, trace_curve

K, S = SymbolKind, StrokeKind
needs_musescore = pytest.mark.skipif(find_musescore() is None, reason="MuseScore 3 is not installed")

# As for Verovio (test_engrave.py): counted by hand from the little score of conftest.py.
LITTLE_SYMBOLS = {
    K.BRACE: 1, K.CLEF_G: 1, K.CLEF_F: 1, K.SHARP: 4, K.TIME_3: 2, K.TIME_4: 2, K.TIME_COMMON: 2,
    K.HEAD_BLACK: 11, K.HEAD_HALF: 3, K.HEAD_WHOLE: 2, K.HEAD_BLACK_SMALL: 1,
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_8_UP_SMALL: 1, K.GRACE_SLASH: 1,
    K.NATURAL: 1, K.FLAT: 1, K.DOT: 2, K.REST_QUARTER: 2, K.REST_8: 1, K.REST_WHOLE: 1, K.REPEAT_DOT: 4,
}  # fmt: skip
LITTLE_STROKES = {S.STEM: 14, S.BEAM: 3, S.BARLINE: 6, S.TIE: 1, S.LEDGER: 2}

# A made-up font: a triangle for a clef, a square with a hole for a half rest, a narrow box for the p of a dynamic.
TRIANGLE = "M0,0 L40,20 L0,20"
RING = "M0,0 L10,0 L10,10 L0,10 M2,2 L8,2 L8,8 L2,8"
BOX = "M0,0 C0,1 0,2 0,30 L10,30 L10,0"


SHAPES = {"gClef": TRIANGLE, "restHalf": RING, "restWhole": RING, "dynamicPiano": BOX, "noteheadBlack": RING}


def draw_svg(*shapes: str) -> etree._Element:
    lines = (
        f'<polyline class="StaffLines" stroke-width="2" points="0,{y} 900,{y}"/>' for y in range(100, 201, 25)
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 500">{"".join((*lines, *shapes))}</svg>'
    )
    return etree.fromstring(drawing)


def draw_path(name: str, path: str, x: float = 0, y: float = 0, scale: float = 1.0) -> str:
    return f'<path class="{name}" transform="matrix({scale},0,0,{scale},{x},{y})" d="{path}"/>'


@pytest.fixture(scope="module")
def chart() -> Chart:
    """What the made-up font teaches: each sign of the chart is drawn in the colour that the chart asks for."""
    shapes = []
    for element in etree.fromstring(write_chart("serif")).iter("Symbol", "StaffText"):
        name, color = element.findtext("name"), element.find("color")
        if name in SHAPES and color is not None:
            fill = "#" + "".join(f"{int(color.get(key) or 0):02x}" for key in "rgb")
            shapes.append(f'<path class="{element.tag}" fill="{fill}" d="{SHAPES[name]}"/>')
    return learn_chart([draw_svg(*shapes)], "serif")


def list_kinds(page: etree._Element, chart: Chart) -> list[SymbolKind]:
    return [symbol.kind for symbol in read_ink(page, chart, 25.0).ink.symbols]


# --- the chart


@settings(max_examples=30)
@given(x=st.floats(-1e3, 1e3), y=st.floats(-1e3, 1e3), scale=st.floats(0.1, 10))
def test_a_glyph_is_known_at_any_place_and_size(chart: Chart, x: float, y: float, scale: float) -> None:
    page = draw_svg(draw_path("Clef", TRIANGLE, x, y, scale))
    assert list_kinds(page, chart) == [K.CLEF_G]


def test_a_glyph_of_another_shape_is_counted_and_named_not_guessed(chart: Chart) -> None:
    page = draw_svg(draw_path("Clef", "M0,0 L40,20 L10,20"), draw_path("Clef", RING))
    read = read_ink(page, chart, 25.0)
    assert read.ink.symbols == ()
    assert len(read.unknown) == 2
    assert all(name.startswith("Clef ") for name in read.unknown)


def test_a_glyph_is_only_what_its_class_can_be(chart: Chart) -> None:
    page = draw_svg(draw_path("Note", RING, 50, 100), draw_path("Note", TRIANGLE, 90, 100))
    read = read_ink(page, chart, 25.0)
    assert [symbol.kind for symbol in read.ink.symbols] == [K.HEAD_BLACK]
    assert sum(read.unknown.values()) == 1


def test_a_head_of_a_grace_note_is_small(chart: Chart) -> None:
    page = draw_svg(draw_path("Note", RING, 50, 100), draw_path("Note", RING, 90, 100, 0.7))
    assert list_kinds(page, chart) == [K.HEAD_BLACK, K.HEAD_BLACK_SMALL]


def test_a_rest_that_hangs_from_a_line_is_a_whole_one_and_one_that_stands_on_it_a_half(chart: Chart) -> None:
    hanging, standing = draw_path("Rest", RING, 50, 125.5), draw_path("Rest", RING, 90, 139.5)
    assert list_kinds(draw_svg(hanging), chart) == [K.REST_WHOLE]
    assert list_kinds(draw_svg(standing), chart) == [K.REST_HALF]


def test_the_letters_of_a_dynamic_in_one_path_are_symbols_one_by_one(chart: Chart) -> None:
    moved = "M30,0 C30,1 30,2 30,30 L40,30 L40,0"
    page = draw_svg(draw_path("Dynamic", f"{BOX} {moved}", 50, 300))
    boxes = [symbol.box.x0 for symbol in read_ink(page, chart, 25.0).ink.symbols]
    assert list_kinds(page, chart) == [K.DYNAMIC_P, K.DYNAMIC_P]
    assert boxes == pytest.approx([50, 80])


def test_a_dynamic_in_words_is_no_unknown_sign(chart: Chart) -> None:
    read = read_ink(draw_svg(draw_path("Dynamic", TRIANGLE)), chart, 25.0)
    assert not read.ink.symbols
    assert not read.unknown


def test_ink_that_is_drawn_twice_at_one_place_is_there_once(chart: Chart) -> None:
    page = draw_svg(draw_path("Note", RING, 50, 100), draw_path("Note", RING, 50, 100))
    assert list_kinds(page, chart) == [K.HEAD_BLACK]


def test_every_command_of_a_path_keeps_its_points() -> None:
    ring, box = read_outlines(RING)[1], read_outlines(BOX)[0]
    assert (ring.commands, ring.points.tolist()) == ("MLLL", [[2, 2], [8, 2], [8, 8], [2, 8]])
    assert (box.commands, len(box.points)) == ("MCLL", 6)


# --- lines


def line(*points: tuple[float, float], width: float = 2.0, cap: float = 0.0) -> Line:
    return Line(np.array(points, np.float64), width, cap)


def test_bar_lines_of_neighbouring_staves_become_one() -> None:
    upper, lower = line((5, 0), (5, 101)), line((5, 100), (5, 200))
    (joined,) = join_lines([lower, upper])
    assert joined.points.tolist() == [[5, 0], [5, 200]]
    assert len(join_lines([upper, line((5, 104), (5, 200))])) == 2


def test_the_hook_of_a_bracket_belongs_to_it() -> None:
    (joined,) = join_lines([line((0, 0), (50, 0)), line((50, 10), (50, 0))])
    assert sorted(joined.points.tolist()) == [[0, 0], [50, 0], [50, 10]]


def test_a_thick_line_is_as_wide_as_its_pen_and_its_corner_is_filled_once() -> None:
    bent = thicken(line((0, 0), (50, 0), (50, 30), width=4))
    assert cv2.contourArea(bent) == pytest.approx(52 * 4 + 28 * 4)
    capped = thicken(line((0, 0), (50, 0), width=4, cap=2))
    assert cv2.contourArea(capped) == pytest.approx(54 * 4)


def test_dashes_cover_their_share_of_a_line() -> None:
    dashes = cut_dashes(Line(np.array([[0.0, 0.0], [100.0, 0.0]]), 2.0, 0.0, (6.0, 4.0)))
    assert sum(cv2.contourArea(dash) for dash in dashes) == pytest.approx(100 * 0.6 * 2)


@pytest.mark.parametrize("up", [True, False])
def test_a_slur_is_as_thick_as_its_belly_and_its_pen(up: bool) -> None:
    sign = -1 if up else 1
    inner, outer = 40.0 * sign, 48.0 * sign
    handles = [(0, 0), (30, outer), (70, outer), (100, 0), (70, inner), (30, inner), (0, 0)]
    curve = trace_curve(np.array(handles, np.float64), pen=2.0)
    assert curve.thickness == pytest.approx(8 * 0.75 + 2)
    assert curve.bow == pytest.approx(sign * 33.0)
    assert np.abs(curve.contour[:, 1]).max() == pytest.approx(37, abs=0.1)
    assert cv2.contourArea(curve.contour) > cv2.contourArea(
        trace_curve(np.array(handles, np.float64), 0.0).contour
    )


# --- the program


def test_without_the_program_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(musescore, "find_musescore", lambda: None)
    with pytest.raises(MissingExtra, match="musescore3"):
        next(engrave_musescore(b"", MuseScoreLayout()))


@pytest.mark.parametrize("seed", range(5))
def test_a_random_layout_is_a_style_that_musescore_reads(seed: int) -> None:
    layout = random_layout(np.random.default_rng(seed), 20.0)
    assert layout == random_layout(np.random.default_rng(seed), 20.0)
    style = etree.fromstring(write_style(layout)).find("Style")
    assert style is not None
    assert style.findtext("musicalSymbolFont") in MUSIC_FONTS
    printed = float(style.findtext("pagePrintableWidth") or 0)
    assert 0 < printed < float(style.findtext("pageWidth") or 0)


@pytest.fixture(scope="module", params=["Emmentaler", "Gonville"])
def little(request: pytest.FixtureRequest, little_score: bytes) -> EngravedPage:
    layout = MuseScoreLayout(request.param, space=20.0, width=90.0, height=60.0)
    (page,) = engrave_pages(little_score, layout)
    return page


@needs_musescore
def test_every_sign_of_the_music_is_in_the_truth_and_no_other_is(little: EngravedPage) -> None:
    truth = little.sample.truth
    assert not little.unknown
    assert Counter(symbol.kind for symbol in truth.symbols) == LITTLE_SYMBOLS
    assert Counter(stroke.kind for stroke in truth.strokes) == LITTLE_STROKES
    assert [[staff.part for staff in system.staves] for system in truth.systems] == [[0, 0]]
    assert truth.systems[0].staves[0].space == pytest.approx(20.0, rel=0.01)


@needs_musescore
def test_the_mask_marks_the_ink_of_the_page_to_the_pixel(little: EngravedPage) -> None:
    sample = little.sample
    right = int(sample.truth.systems[0].box.x0 - 25)  # the name of the part stands before the system
    ink, marked = sample.image < 128, sample.mask > 0
    near_ink = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert marked[:, right:][ink[:, right:]].mean() > 0.98
    assert near_ink[marked].mean() > 0.98


@needs_musescore
def test_strokes_run_down_or_to_the_right_and_ids_name_outlines(little: EngravedPage) -> None:
    sample = little.sample
    for stroke in sample.truth.strokes:
        if stroke.kind in (S.STEM, S.BARLINE):
            assert stroke.start.y < stroke.end.y
        else:
            assert stroke.start.x < stroke.end.x
    ids = [*(symbol.id for symbol in sample.truth.symbols), *(stroke.id for stroke in sample.truth.strokes)]
    assert sorted(ids) == list(range(len(sample.outlines)))


@needs_musescore
def test_what_is_no_music_is_refused() -> None:
    with pytest.raises(ValueError, match="MusicXML"):
        next(engrave_musescore(b"a shopping list", MuseScoreLayout()))
