"""Each glyph has its name."""

from __future__ import annotations

import pytest

from leggio.music.notation import SymbolKind
from leggio.synth.glyphs import name_glyph

K = SymbolKind


@pytest.mark.parametrize(
    ("code_point", "kind"),
    [
        (0xE050, K.CLEF_G), (0xE062, K.CLEF_F), (0xE0A4, K.HEAD_BLACK), (0xE084, K.TIME_4), (0xE262, K.SHARP),
        (0xE240, K.FLAG_8_UP), (0xE4E5, K.REST_QUARTER), (0xE883, K.TUPLET_3), (0xED15, K.FINGERING_5),
    ],
)  # fmt: skip
def test_a_glyph_is_one_symbol(code_point: int, kind: SymbolKind) -> None:
    assert name_glyph(code_point, small=False) == ((kind, 1.0),)


def test_small_heads_flags_and_accidentals_are_kinds_of_their_own() -> None:
    assert name_glyph(0xE0A4, small=True) == ((K.HEAD_BLACK_SMALL, 1.0),)
    assert name_glyph(0xE240, small=True) == ((K.FLAG_8_UP_SMALL, 1.0),)
    assert name_glyph(0xE262, small=True) == ((K.SHARP_SMALL, 1.0),)
    assert name_glyph(0xE263, small=True) == ((K.DOUBLE_SHARP, 1.0),)


def test_a_dynamic_is_a_symbol_for_each_letter() -> None:
    letters = name_glyph(0xE539, small=False)  # sfz
    assert [kind for kind, _ in letters] == [K.DYNAMIC_S, K.DYNAMIC_F, K.DYNAMIC_Z]
    assert sum(share for _, share in letters) == pytest.approx(1)


def test_a_glyph_that_is_no_symbol_has_no_name() -> None:
    assert name_glyph(0xE000, small=False) == ()
