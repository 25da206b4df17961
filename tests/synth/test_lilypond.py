"""LilyPond's pages hold what the music holds, and each sign lies on its ink."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from leggio.errors import MissingExtra
from leggio.music.notation import StrokeKind, SymbolKind
from leggio.synth import lilypond
from leggio.synth.lilypond import (
    LilyLayout,
    count_bars,
    engrave_lilypond,
    find_lilypond,
    random_lily_layout,
)
from leggio.synth.lilypond_glyphs import name_lilypond_glyph, name_path, read_glyph_names
from leggio.synth.music import cut_music
from leggio.synth.sample import Sample

K, S = SymbolKind, StrokeKind
# As in test_engrave.py, but that LilyPond writes a changed time once more after a grace note of the other staff, and
# joins a grace note to the next one by a slur.
LITTLE_SYMBOLS = {
    K.BRACE: 1, K.CLEF_G: 1, K.CLEF_F: 1, K.SHARP: 4, K.TIME_3: 2, K.TIME_4: 2, K.TIME_COMMON: 4,
    K.HEAD_BLACK: 11, K.HEAD_HALF: 3, K.HEAD_WHOLE: 2, K.HEAD_BLACK_SMALL: 1,
    K.FLAG_8_UP: 1, K.FLAG_8_DOWN: 1, K.FLAG_8_UP_SMALL: 1, K.GRACE_SLASH: 1,
    K.NATURAL: 1, K.FLAT: 1, K.DOT: 2, K.REST_QUARTER: 2, K.REST_8: 1, K.REST_WHOLE: 1, K.REPEAT_DOT: 4,
}  # fmt: skip
LITTLE_STROKES = {S.STEM: 14, S.BEAM: 3, S.BARLINE: 6, S.TIE: 1, S.LEDGER: 2, S.SLUR: 1}
SPACE = 20.0


@pytest.fixture(scope="module")
def lily_page(little_score: bytes) -> Sample:
    """The little score on one system."""
    if find_lilypond() is None:
        pytest.skip("LilyPond is not installed")
    return next(engrave_lilypond(little_score, LilyLayout(space=SPACE, page_width=90, page_height=40)))


def make_score(bars: int) -> etree._Element:
    """One part whose first bar has the key and clef, and a new clef in the second."""
    first = "<attributes><divisions>1</divisions><key><fifths>3</fifths></key><clef><sign>G</sign></clef></attributes>"
    second = "<attributes><clef><sign>F</sign></clef></attributes>"
    heads = {1: first, 2: second}
    measures = "".join(
        f'<measure number="{n}">{heads.get(n, "")}<note/><note/></measure>' for n in range(1, bars + 1)
    )
    return etree.fromstring(f"<score-partwise><part>{measures}</part></score-partwise>")


def test_every_sign_of_the_music_is_on_lilyponds_page_and_no_other_is(lily_page: Sample) -> None:
    assert Counter(symbol.kind for symbol in lily_page.truth.symbols) == LITTLE_SYMBOLS
    assert Counter(stroke.kind for stroke in lily_page.truth.strokes) == LITTLE_STROKES


def test_every_box_is_as_large_as_its_ink(lily_page: Sample) -> None:
    """Nothing touches a rest, a clef's sides or a whole note's ends but staff lines, so the ink's columns show them."""
    apart = (K.REST_QUARTER, K.REST_8, K.CLEF_F, K.TIME_3, K.FLAT, K.HEAD_WHOLE)
    (system,) = lily_page.truth.systems
    half = lily_page.truth.line_width / 2 + 1
    dark = lily_page.image < 128
    for staff in system.staves:
        for ys in staff.lines:
            dark[round(ys[0] - half) : round(ys[0] + half), :] = False
    for symbol in lily_page.truth.symbols:
        if symbol.kind in apart:
            box = symbol.box
            x0, x1 = round(box.x0) - 6, round(box.x1) + 6
            columns = np.flatnonzero(dark[round(box.y0) : round(box.y1), x0:x1].any(axis=0)) + x0
            # What stands near may reach into the margin; the ink of the sign itself may not leave its box.
            own = columns[(columns >= box.x0 - 2) & (columns <= box.x1 + 1)]
            assert own.min() == pytest.approx(box.x0, abs=1.6), symbol
            assert own.max() + 1 == pytest.approx(box.x1, abs=1.6), symbol


def test_the_ink_of_every_stroke_is_dark(lily_page: Sample) -> None:
    for stroke in lily_page.truth.strokes:
        if stroke.kind in (S.STEM, S.BEAM, S.BARLINE, S.LEDGER):
            x, y = (stroke.start.x + stroke.end.x) / 2, (stroke.start.y + stroke.end.y) / 2
            assert lily_page.image[int(y), int(x)] < 128, stroke


def test_staves_under_one_brace_are_one_part_and_a_staff_space_is_as_asked_for(lily_page: Sample) -> None:
    (system,) = lily_page.truth.systems
    assert [staff.part for staff in system.staves] == [0, 0]
    assert [staff.space for staff in system.staves] == pytest.approx([SPACE, SPACE], abs=0.01)


def test_a_bar_line_of_lilyponds_is_one_stroke_through_both_staves(lily_page: Sample) -> None:
    (system,) = lily_page.truth.systems
    for stroke in lily_page.truth.strokes:
        if stroke.kind is S.BARLINE:
            assert stroke.start.y == pytest.approx(system.box.y0, abs=2)
            assert stroke.end.y == pytest.approx(system.box.y1, abs=2)


def test_the_mask_is_as_large_as_the_page(lily_page: Sample) -> None:
    assert lily_page.mask.shape == lily_page.image.shape
    assert (lily_page.mask > 0).sum() == pytest.approx((lily_page.image < 128).sum(), rel=0.35)


def test_what_is_not_music_is_a_value_error() -> None:
    if find_lilypond() is None:
        pytest.skip("LilyPond is not installed")
    with pytest.raises(ValueError, match="not MusicXML"):
        next(engrave_lilypond(b"no music", LilyLayout()))


def test_a_missing_lilypond_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lilypond, "find_lilypond", lambda: None)
    with pytest.raises(MissingExtra, match="install lilypond"):
        next(engrave_lilypond(b"", LilyLayout()))


def test_music_that_is_cut_keeps_its_key_and_its_last_clef() -> None:
    score = make_score(6)
    cut_music(score, bars=2, start=3)
    measures = score.findall(".//measure")
    assert [measure.get("number") for measure in measures] == ["4", "5"]
    assert measures[0].findtext("attributes/key/fifths") == "3"
    assert measures[0].findtext("attributes/clef/sign") == "F"
    tags = [child.tag for child in measures[0].findall("attributes/*")]
    assert tags == ["divisions", "key", "clef"]


def test_music_that_is_short_is_not_cut() -> None:
    score = make_score(3)
    cut_music(score, bars=10)
    assert len(score.findall(".//measure")) == 3
    assert len(score.findall(".//attributes")) == 2


def test_bars_are_counted_until_their_notes_are_too_many() -> None:
    assert count_bars(make_score(6), notes=7) == 3
    assert count_bars(make_score(6), notes=1) == 1


@pytest.mark.parametrize(
    ("grob", "glyph", "small", "kind"),
    [
        ("NoteHead", "noteheads.s2", False, K.HEAD_BLACK),
        ("NoteHead", "noteheads.s2", True, K.HEAD_BLACK_SMALL),
        ("Clef", "clefs.F_change", True, K.CLEF_F),
        ("TimeSignature", "three", False, K.TIME_3),
        ("Fingering", "fattened.fixedwidth.three", True, K.FINGERING_3),
        ("Fingering", "nine", False, None),
        ("BarNumber", "three", False, None),
        ("BarLine", "dots.dot", False, K.REPEAT_DOT),
        ("Dots", "dots.dot", False, K.DOT),
    ],
)
def test_a_glyph_means_what_its_grob_makes_of_it(
    grob: str, glyph: str, small: bool, kind: SymbolKind | None
) -> None:
    assert name_lilypond_glyph(grob, glyph, small) is kind


def test_a_glyph_is_known_by_its_path_however_that_is_spaced(tmp_path: Path) -> None:
    folder = tmp_path / "2.24.1" / "fonts" / "svg"
    folder.mkdir(parents=True)
    (folder / "emmentaler-20.svg").write_text(
        '<glyph glyph-name="dots.dot" unicode="a"\nd="M0 0c0 31\n25 56z" />'
    )
    names = read_glyph_names(tmp_path)
    assert name_path("M0 0c0 31 25  56z", names) == "dots.dot"
    assert name_path("M1 0z", names) is None


def test_the_same_seed_gives_the_same_house_style() -> None:
    first, again, other = (random_lily_layout(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other
