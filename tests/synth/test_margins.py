"""Loose signs stand on empty paper, and the truth knows each of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from leggio.music.notation import SymbolKind
from leggio.synth.engrave import FONTS
from leggio.synth.loose import draw_sign
from leggio.synth.margins import strew_signs
from leggio.synth.outlines import bound
from leggio.synth.sample import STAFF_BIT, SYMBOL_BIT, Sample, Truth, draw_mask

SPACE = 20.0


def blank_page(height: int = 1200, width: int = 1000) -> Sample:
    paper = np.full((height, width), 255, np.uint8)
    return Sample(paper, np.zeros(paper.shape, np.uint16), Truth((), (), (), SPACE, 2.0))


@pytest.mark.parametrize("font", FONTS)
def test_every_loose_sign_is_inked_where_the_truth_says(font: str) -> None:
    page = strew_signs(blank_page(), font, np.random.default_rng(1))
    assert len(page.truth.symbols) > 8
    for symbol in page.truth.symbols:
        box = symbol.box
        rows, columns = slice(int(box.y0), int(box.y1) + 1), slice(int(box.x0), int(box.x1) + 1)
        assert (page.image[rows, columns] < 128).any(), symbol.kind
        assert (page.mask[rows, columns] & SYMBOL_BIT).any(), symbol.kind
        assert box.x0 >= 0 <= box.y0
        assert box.x1 <= page.image.shape[1]
        assert box.y1 <= page.image.shape[0]


def test_the_music_of_the_page_stays_as_it_was(little_page: Sample) -> None:
    strewn = strew_signs(little_page, "Leipzig", np.random.default_rng(2))
    ink = little_page.image < 255
    assert (strewn.image[ink] == little_page.image[ink]).all()
    assert (strewn.mask[ink] == little_page.mask[ink]).all()
    before = len(little_page.truth.symbols)
    assert strewn.truth.symbols[:before] == little_page.truth.symbols
    assert strewn.truth.strokes == little_page.truth.strokes
    assert strewn.truth.systems == little_page.truth.systems


def test_loose_signs_do_not_touch_each_other() -> None:
    page = strew_signs(blank_page(500, 500), "Bravura", np.random.default_rng(3), most=200)
    # An octave clef has its figure, and a grace note's flag its stroke, on purpose.
    partners = (SymbolKind.CLEF_8, SymbolKind.CLEF_15, SymbolKind.GRACE_SLASH)
    boxes = [symbol.box for symbol in page.truth.symbols if symbol.kind not in partners]
    for place, box in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert box.intersection(other) == 0


def test_the_outline_of_each_sign_is_kept_under_its_id(little_page: Sample) -> None:
    page = strew_signs(little_page, "Leland", np.random.default_rng(4))
    mask = draw_mask(page.truth, page.outlines, (page.image.shape[0], page.image.shape[1]))
    loose = page.truth.symbols[len(little_page.truth.symbols) :]
    assert loose
    for symbol in loose:
        centre = page.outlines[symbol.id][0].mean(axis=0)
        assert symbol.box.x0 <= centre[0] <= symbol.box.x1
        rows = slice(int(symbol.box.y0), int(symbol.box.y1) + 1)
        columns = slice(int(symbol.box.x0), int(symbol.box.x1) + 1)
        assert (mask[rows, columns] & SYMBOL_BIT).any()


def test_rare_signs_are_strewn_more_often_than_common_ones() -> None:
    counts: Counter[SymbolKind] = Counter()
    for seed in range(30):
        page = strew_signs(blank_page(600, 600), "Bravura", np.random.default_rng(seed))
        counts.update(symbol.kind for symbol in page.truth.symbols)
    rare = [
        counts[kind] for kind in (SymbolKind.REST_64, SymbolKind.CODA, SymbolKind.TIME_7, SymbolKind.CAESURA)
    ]
    assert min(rare) > 0
    assert np.mean(rare) > 2 * np.mean([counts[SymbolKind.HEAD_BLACK], counts[SymbolKind.SHARP]])


def test_a_piece_of_staff_under_a_sign_is_ink_but_no_staff() -> None:
    page = strew_signs(blank_page(), "Leipzig", np.random.default_rng(5))
    assert (page.mask & STAFF_BIT).any()
    assert page.truth.systems == ()


def test_a_page_without_room_gets_no_signs() -> None:
    black = Sample(
        np.zeros((300, 300), np.uint8), np.zeros((300, 300), np.uint16), Truth((), (), (), SPACE, 2.0)
    )
    assert strew_signs(black, "Leipzig", np.random.default_rng(0)).truth.symbols == ()


@pytest.mark.parametrize("kind", [SymbolKind.CLEF_8, SymbolKind.CLEF_15, SymbolKind.GRACE_SLASH])
def test_a_sign_that_cannot_stand_alone_comes_with_its_partner(kind: SymbolKind) -> None:
    first, second = draw_sign(kind, "Bravura", SPACE, np.random.default_rng(0))
    assert second[0] is kind
    assert first[0] in (SymbolKind.CLEF_G, SymbolKind.CLEF_F, SymbolKind.FLAG_8_UP_SMALL)
    gap = SPACE / 2
    assert bound(first[1]).grow(gap, gap).intersection(bound(second[1])) > 0


def test_a_trill_line_is_as_long_as_its_pieces() -> None:
    (kind, row), *others = draw_sign(SymbolKind.TRILL_LINE, "Leipzig", SPACE, np.random.default_rng(1))
    assert kind is SymbolKind.TRILL_LINE
    assert not others
    assert bound(row).width > 2 * bound(row).height


def test_a_sign_that_no_font_has_is_nothing() -> None:
    assert draw_sign(SymbolKind.DOT, "Gootville", SPACE, np.random.default_rng(0)) == ()


@pytest.mark.parametrize("font", FONTS)
def test_every_sign_of_a_glyph_can_be_drawn_whatever_the_font_lacks(font: str) -> None:
    never_alone = (SymbolKind.BRACE, SymbolKind.BRACKET, SymbolKind.ARPEGGIO, SymbolKind.DOT)
    for kind in SymbolKind:
        if kind not in never_alone:
            parts = draw_sign(kind, font, SPACE, np.random.default_rng(5))
            assert kind in [named for named, _ in parts], kind


def test_a_fingering_is_smaller_than_a_figure_of_a_metre() -> None:
    ((_, fingering),) = draw_sign(SymbolKind.FINGERING_3, "Leland", SPACE, np.random.default_rng(6))
    ((_, figure),) = draw_sign(SymbolKind.TIME_3, "Leland", SPACE, np.random.default_rng(6))
    assert 0.4 < bound(fingering).height / bound(figure).height < 0.8
