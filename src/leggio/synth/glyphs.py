"""Which symbol each SMuFL glyph is. In: a code point of an engraver's drawing. Out: the kinds that it shows.

Code points: the SMuFL 1.4 specification (w3.org/2021/03/smufl14).
"""

from __future__ import annotations

from leggio.music.notation import SymbolKind as K

_SINGLE: dict[int, K] = {
    0xE044: K.REPEAT_DOT, 0xE047: K.SEGNO, 0xE048: K.CODA, 0xE049: K.CODA,
    0xE050: K.CLEF_G, 0xE05C: K.CLEF_C, 0xE062: K.CLEF_F, 0xE069: K.CLEF_PERCUSSION, 0xE06A: K.CLEF_PERCUSSION,
    0xE06D: K.CLEF_TAB, 0xE06E: K.CLEF_TAB, 0xE07A: K.CLEF_G, 0xE07B: K.CLEF_C, 0xE07C: K.CLEF_F,
    0xE07D: K.CLEF_8, 0xE07E: K.CLEF_15,
    0xE08A: K.TIME_COMMON, 0xE08B: K.TIME_CUT,
    0xE0A0: K.HEAD_DOUBLE_WHOLE, 0xE0A2: K.HEAD_WHOLE, 0xE0A3: K.HEAD_HALF, 0xE0A4: K.HEAD_BLACK,
    0xE0A7: K.HEAD_X, 0xE0A8: K.HEAD_X, 0xE0A9: K.HEAD_X, 0xE0B3: K.HEAD_CIRCLE_X, 0xE0B5: K.HEAD_CIRCLE_X,
    0xE0B6: K.HEAD_CIRCLE_X, 0xE0D8: K.HEAD_DIAMOND_HALF, 0xE0D9: K.HEAD_DIAMOND_HALF, 0xE0DA: K.HEAD_DIAMOND_HALF,
    0xE0DB: K.HEAD_DIAMOND, 0xE0DC: K.HEAD_DIAMOND, 0xE0DD: K.HEAD_DIAMOND_HALF, 0xE0DE: K.HEAD_DIAMOND_HALF,
    0xE100: K.HEAD_SLASH, 0xE101: K.HEAD_SLASH, 0xE102: K.HEAD_SLASH, 0xE103: K.HEAD_SLASH,
    0xE220: K.TREMOLO_1, 0xE221: K.TREMOLO_2, 0xE222: K.TREMOLO_3, 0xE223: K.TREMOLO_4,
    0xE240: K.FLAG_8_UP, 0xE241: K.FLAG_8_DOWN, 0xE242: K.FLAG_16_UP, 0xE243: K.FLAG_16_DOWN,
    0xE244: K.FLAG_32_UP, 0xE245: K.FLAG_32_DOWN, 0xE246: K.FLAG_64_UP, 0xE247: K.FLAG_64_DOWN,
    0xE248: K.FLAG_128_UP, 0xE249: K.FLAG_128_DOWN,
    0xE260: K.FLAT, 0xE261: K.NATURAL, 0xE262: K.SHARP, 0xE263: K.DOUBLE_SHARP, 0xE264: K.DOUBLE_FLAT,
    0xE26A: K.PARENTHESIS_LEFT, 0xE26B: K.PARENTHESIS_RIGHT, 0xE280: K.QUARTER_FLAT, 0xE281: K.THREE_QUARTERS_FLAT,
    0xE282: K.QUARTER_SHARP, 0xE283: K.THREE_QUARTERS_SHARP,
    0xE4A0: K.ACCENT, 0xE4A1: K.ACCENT, 0xE4A2: K.STACCATO, 0xE4A3: K.STACCATO,
    0xE4A4: K.TENUTO, 0xE4A5: K.TENUTO, 0xE4A6: K.STACCATISSIMO, 0xE4A7: K.STACCATISSIMO,
    0xE4A8: K.STACCATISSIMO, 0xE4A9: K.STACCATISSIMO, 0xE4AC: K.MARCATO, 0xE4AD: K.MARCATO,
    0xE4C0: K.FERMATA_ABOVE, 0xE4C1: K.FERMATA_BELOW, 0xE4C4: K.FERMATA_SHORT, 0xE4C5: K.FERMATA_SHORT,
    0xE4C6: K.FERMATA_LONG, 0xE4C7: K.FERMATA_LONG, 0xE4CE: K.BREATH, 0xE4D1: K.CAESURA, 0xE4E1: K.REST_LONGA,
    0xE4E2: K.REST_DOUBLE_WHOLE, 0xE4E3: K.REST_WHOLE, 0xE4E4: K.REST_HALF, 0xE4E5: K.REST_QUARTER,
    0xE4E6: K.REST_8, 0xE4E7: K.REST_16, 0xE4E8: K.REST_32, 0xE4E9: K.REST_64, 0xE4EA: K.REST_128,
    0xE4EB: K.REST_256, 0xE500: K.REPEAT_BAR, 0xE501: K.REPEAT_2_BARS,
    0xE4F4: K.REST_WHOLE, 0xE4F5: K.REST_HALF,
    0xE510: K.OTTAVA, 0xE511: K.OTTAVA, 0xE512: K.OTTAVA, 0xE513: K.OTTAVA, 0xE51C: K.OTTAVA,
    0xE514: K.QUINDICESIMA, 0xE515: K.QUINDICESIMA, 0xE516: K.QUINDICESIMA, 0xE51D: K.QUINDICESIMA,
    0xE520: K.DYNAMIC_P, 0xE521: K.DYNAMIC_M, 0xE522: K.DYNAMIC_F, 0xE523: K.DYNAMIC_R,
    0xE524: K.DYNAMIC_S, 0xE525: K.DYNAMIC_Z, 0xE526: K.DYNAMIC_N,
    0xE560: K.GRACE_SLASH, 0xE561: K.GRACE_SLASH, 0xE564: K.GRACE_SLASH, 0xE565: K.GRACE_SLASH,
    0xE566: K.TRILL, 0xE567: K.TURN, 0xE568: K.TURN_INVERTED, 0xE56C: K.SHORT_TRILL, 0xE56D: K.MORDENT,
    0xE56E: K.TREMBLEMENT, 0xE5E5: K.LEFT_PIZZICATO, 0xE610: K.DOWN_BOW, 0xE611: K.DOWN_BOW, 0xE612: K.UP_BOW,
    0xE613: K.UP_BOW, 0xE614: K.HARMONIC, 0xE630: K.SNAP_PIZZICATO, 0xE631: K.SNAP_PIZZICATO,
    0xE633: K.LEFT_PIZZICATO,
    0xE650: K.PEDAL, 0xE655: K.PEDAL_UP, 0xEAA9: K.ARPEGGIO, 0xEAAA: K.ARPEGGIO,
    **{0xE080 + digit: K(f"timeSig{digit}") for digit in range(10)},
    **{0xE880 + digit: K(f"tuplet{digit}") for digit in range(10)},
    **{0xED10 + digit: K(f"fingering{digit}") for digit in range(6)},
}  # fmt: skip

_LETTERS: dict[int, str] = {
    0xE527: "pppppp", 0xE528: "ppppp", 0xE529: "pppp", 0xE52A: "ppp", 0xE52B: "pp", 0xE52C: "mp",
    0xE52D: "mf", 0xE52F: "ff", 0xE530: "fff", 0xE531: "ffff", 0xE534: "fp", 0xE535: "fz",
    0xE536: "sf", 0xE537: "sfp", 0xE538: "sfpp", 0xE539: "sfz", 0xE53B: "sffz", 0xE53C: "rf", 0xE53D: "rfz",
}  # fmt: skip

# Clefs with an 8 or a 15 in the same glyph, and whether that stands below.
_OCTAVE_CLEFS: dict[int, tuple[K, K, bool]] = {
    0xE051: (K.CLEF_G, K.CLEF_15, True), 0xE052: (K.CLEF_G, K.CLEF_8, True), 0xE053: (K.CLEF_G, K.CLEF_8, False),
    0xE054: (K.CLEF_G, K.CLEF_15, False), 0xE05D: (K.CLEF_C, K.CLEF_8, True), 0xE063: (K.CLEF_F, K.CLEF_15, True),
    0xE064: (K.CLEF_F, K.CLEF_8, True), 0xE065: (K.CLEF_F, K.CLEF_8, False), 0xE066: (K.CLEF_F, K.CLEF_15, False),
}  # fmt: skip

# How wide a dynamic letter is beside the others: m is broad, s and z and r are narrow.
_LETTER_WIDTHS = {"p": 1.0, "m": 1.45, "f": 0.95, "r": 0.7, "s": 0.65, "z": 0.75}

_SMALL = {
    K.HEAD_BLACK: K.HEAD_BLACK_SMALL,
    K.HEAD_HALF: K.HEAD_HALF_SMALL,
    K.HEAD_WHOLE: K.HEAD_WHOLE_SMALL,
    K.FLAG_8_UP: K.FLAG_8_UP_SMALL,
    K.FLAG_8_DOWN: K.FLAG_8_DOWN_SMALL,
    K.FLAG_16_UP: K.FLAG_16_UP_SMALL,
    K.FLAG_16_DOWN: K.FLAG_16_DOWN_SMALL,
    K.FLAT: K.FLAT_SMALL,
    K.NATURAL: K.NATURAL_SMALL,
    K.SHARP: K.SHARP_SMALL,
}


def name_octave_clef(code_point: int) -> tuple[K, K, bool] | None:
    """The clef and the figure of an octave clef, and whether the figure stands below; None for other glyphs."""
    return _OCTAVE_CLEFS.get(code_point)


def shrink_kind(kind: K) -> K:
    """What a sign of this kind is called before grace and cue notes, where it has a name of its own there."""
    return _SMALL.get(kind, kind)


def list_glyphs(kind: K) -> tuple[int, ...]:
    """The code points that show this kind alone."""
    return tuple(code_point for code_point, shown in _SINGLE.items() if shown is kind)


def name_glyph(code_point: int, small: bool) -> tuple[tuple[K, float], ...]:
    """The kinds that one glyph shows from left to right, each with its share of the width; empty if unknown.

    A dynamic such as mf is one glyph and two symbols. `small` glyphs are those of grace notes and cues.
    """
    if code_point in _LETTERS:
        letters = _LETTERS[code_point]
        total = sum(_LETTER_WIDTHS[letter] for letter in letters)
        return tuple((K(f"dynamic{letter.upper()}"), _LETTER_WIDTHS[letter] / total) for letter in letters)
    kind = _SINGLE.get(code_point)
    if kind is None:
        return ()
    return ((_SMALL.get(kind, kind) if small else kind, 1.0),)
