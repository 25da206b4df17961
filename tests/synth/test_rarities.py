"""Rare signs are put into music that stays engravable."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from lxml import etree

from leggio.music.musicxml import write_musicxml
from leggio.music.notation import StrokeKind, SymbolKind
from leggio.synth.compose import compose
from leggio.synth.engrave import Layout, engrave
from leggio.synth.rarities import add_rarities

K = SymbolKind


def piece(seed: int) -> etree._Element:
    return etree.fromstring(write_musicxml(compose(np.random.default_rng(seed), bars=10)))


def plenty(seed: int) -> etree._Element:
    music = piece(seed)
    add_rarities(music, np.random.default_rng(seed), plenty=10)
    return music


def test_no_plenty_leaves_the_music_as_it_is() -> None:
    music = piece(1)
    before = etree.tostring(music)
    add_rarities(music, np.random.default_rng(1), plenty=0)
    assert etree.tostring(music) == before


def test_the_same_seed_gives_the_same_music() -> None:
    assert etree.tostring(plenty(3)) == etree.tostring(plenty(3))


def test_pitches_and_durations_stay() -> None:
    def sounds(music: etree._Element) -> list[tuple[str | None, ...]]:
        fields = ("pitch/step", "pitch/octave", "duration")
        return [tuple(note.findtext(field) for field in fields) for note in music.iter("note")]

    assert sounds(plenty(2)) == sounds(piece(2))


def test_signs_that_songs_lack_are_on_the_page() -> None:
    symbols: Counter[SymbolKind] = Counter()
    strokes: Counter[StrokeKind] = Counter()
    for seed in range(6):
        for page in engrave(etree.tostring(plenty(seed)), Layout(space=12.0), pages=4):
            symbols.update(symbol.kind for symbol in page.truth.symbols)
            strokes.update(stroke.kind for stroke in page.truth.strokes)
    for kind in (
        K.UP_BOW, K.DOWN_BOW, K.HARMONIC, K.SNAP_PIZZICATO, K.BREATH, K.CAESURA, K.TREMOLO_1, K.TREMOLO_3, K.TRILL,
        K.ARPEGGIO, K.QUARTER_SHARP, K.THREE_QUARTERS_FLAT, K.PARENTHESIS_LEFT, K.DOUBLE_SHARP, K.DOUBLE_FLAT,
        K.DYNAMIC_Z, K.PEDAL, K.PEDAL_UP, K.OTTAVA, K.SEGNO, K.CODA, K.REPEAT_DOT, K.CLEF_8, K.CLEF_C, K.REPEAT_BAR,
        K.HEAD_BLACK_SMALL, K.FERMATA_SHORT, K.FERMATA_LONG, K.TRILL_LINE,
    ):  # fmt: skip
        assert symbols[kind] > 0, kind
    assert symbols[K.PARENTHESIS_LEFT] == symbols[K.PARENTHESIS_RIGHT]
    assert strokes[StrokeKind.HAIRPIN] > 0
    assert strokes[StrokeKind.BRACKET] > 0


@pytest.mark.parametrize("sign", ["C", "G", "F"])
def test_an_octave_clef_is_a_clef_and_its_figure(sign: str) -> None:
    music = piece(4)
    clef = next(clef for clef in music.iter("clef"))
    for child, text in (("sign", sign), ("line", {"G": "2", "F": "4", "C": "3"}[sign])):
        found = clef.find(child)
        assert found is not None
        found.text = text
    etree.SubElement(clef, "clef-octave-change").text = "-1"
    page = next(engrave(etree.tostring(music), Layout("Bravura", space=20.0)))
    eights = [symbol for symbol in page.truth.symbols if symbol.kind is K.CLEF_8]
    assert eights
    for eight in eights:
        near = [
            s
            for s in page.truth.symbols
            if s.kind.value == f"clef{sign}" and abs(s.box.x0 - eight.box.x0) < 40
        ]
        clef_above = min(near, key=lambda s: abs(s.box.y1 - eight.box.y0))
        assert eight.box.height < 0.35 * clef_above.box.height
        assert eight.box.center.y > clef_above.box.center.y
        assert clef_above.box.y1 <= eight.box.y0 + 1
