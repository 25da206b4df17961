"""Which symbol each glyph of LilyPond's music font is. In: the path that draws it, its grob. Out: its kind.

LilyPond's SVG back end copies outlines from its SVG fonts letter by letter, so a glyph is known by its path. Names:
"The Emmentaler font" in the appendix of LilyPond's notation manual.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from leggio.music.notation import SymbolKind as K
from leggio.synth.glyphs import shrink_kind


@functools.cache
def read_glyph_names(fonts: Path) -> Mapping[str, str]:
    """The name of each glyph of Emmentaler by its path, for all cuts; glyphs that look alike have one name."""
    names: dict[str, str] = {}
    for font in sorted(fonts.glob("*/fonts/svg/emmentaler-*.svg")):
        for name, path in re.findall(r'glyph-name="([^"]*)"[^>]*?\sd="([^"]*)"', font.read_text("utf-8")):
            names.setdefault(_tidy(path), name)
    return names


def name_path(path: str, names: Mapping[str, str]) -> str | None:
    """The glyph that an SVG path draws; None where it is no glyph of the music font."""
    return names.get(_tidy(path))


def _tidy(path: str) -> str:
    return " ".join(path.split())


_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT_KINDS = {"TimeSignature": "timeSig", "MultiMeasureRestNumber": "timeSig", "Fingering": "fingering"}
_VARIANT = re.compile(r"^(fattened\.|fixedwidth\.)+|(_change|\.figbass|\.alt|\.arrow\w+)$")
_GLYPHS: dict[str, K] = {
    "clefs.G": K.CLEF_G, "clefs.GG": K.CLEF_G, "clefs.tenorG": K.CLEF_G, "clefs.F": K.CLEF_F, "clefs.C": K.CLEF_C,
    "clefs.varC": K.CLEF_C, "clefs.percussion": K.CLEF_PERCUSSION, "clefs.varpercussion": K.CLEF_PERCUSSION,
    "clefs.tab": K.CLEF_TAB, "timesig.C44": K.TIME_COMMON, "timesig.C22": K.TIME_CUT,
    "noteheads.uM2": K.HEAD_DOUBLE_WHOLE, "noteheads.dM2": K.HEAD_DOUBLE_WHOLE,
    "noteheads.sM1": K.HEAD_DOUBLE_WHOLE, "noteheads.s0": K.HEAD_WHOLE, "noteheads.s1": K.HEAD_HALF,
    "noteheads.s2": K.HEAD_BLACK, "noteheads.s0harmonic": K.HEAD_DIAMOND_HALF,
    "noteheads.s2harmonic": K.HEAD_DIAMOND, "noteheads.s0diamond": K.HEAD_DIAMOND_HALF,
    "noteheads.s1diamond": K.HEAD_DIAMOND_HALF, "noteheads.s2diamond": K.HEAD_DIAMOND,
    "noteheads.s0cross": K.HEAD_X, "noteheads.s1cross": K.HEAD_X, "noteheads.s2cross": K.HEAD_X,
    "noteheads.s2xcircle": K.HEAD_CIRCLE_X,
    "flags.u3": K.FLAG_8_UP, "flags.u4": K.FLAG_16_UP, "flags.u5": K.FLAG_32_UP, "flags.u6": K.FLAG_64_UP,
    "flags.u7": K.FLAG_128_UP, "flags.d3": K.FLAG_8_DOWN, "flags.d4": K.FLAG_16_DOWN, "flags.d5": K.FLAG_32_DOWN,
    "flags.d6": K.FLAG_64_DOWN, "flags.d7": K.FLAG_128_DOWN,
    "flags.ugrace": K.GRACE_SLASH, "flags.dgrace": K.GRACE_SLASH,
    "rests.M2": K.REST_LONGA, "rests.M1": K.REST_DOUBLE_WHOLE, "rests.M1o": K.REST_DOUBLE_WHOLE,
    "rests.0": K.REST_WHOLE, "rests.0o": K.REST_WHOLE, "rests.1": K.REST_HALF, "rests.1o": K.REST_HALF,
    "rests.2": K.REST_QUARTER, "rests.2classical": K.REST_QUARTER, "rests.2z": K.REST_QUARTER,
    "rests.3": K.REST_8, "rests.4": K.REST_16, "rests.5": K.REST_32, "rests.6": K.REST_64, "rests.7": K.REST_128,
    "rests.8": K.REST_256,
    "accidentals.flat": K.FLAT, "accidentals.natural": K.NATURAL, "accidentals.sharp": K.SHARP,
    "accidentals.doublesharp": K.DOUBLE_SHARP, "accidentals.flatflat": K.DOUBLE_FLAT,
    "accidentals.mirroredflat": K.QUARTER_FLAT, "accidentals.mirroredflat.flat": K.THREE_QUARTERS_FLAT,
    "accidentals.sharp.slashslash.stem": K.QUARTER_SHARP,
    "accidentals.sharp.slashslash.stemstemstem": K.THREE_QUARTERS_SHARP,
    "accidentals.leftparen": K.PARENTHESIS_LEFT, "accidentals.rightparen": K.PARENTHESIS_RIGHT,
    "dots.dot": K.DOT, "scripts.staccato": K.STACCATO, "scripts.tenuto": K.TENUTO, "scripts.sforzato": K.ACCENT,
    "scripts.ustaccatissimo": K.STACCATISSIMO, "scripts.dstaccatissimo": K.STACCATISSIMO,
    "scripts.umarcato": K.MARCATO, "scripts.dmarcato": K.MARCATO, "scripts.upbow": K.UP_BOW,
    "scripts.downbow": K.DOWN_BOW, "scripts.flageolet": K.HARMONIC, "scripts.open": K.HARMONIC,
    "scripts.stopped": K.LEFT_PIZZICATO, "scripts.snappizzicato": K.SNAP_PIZZICATO,
    "scripts.ufermata": K.FERMATA_ABOVE, "scripts.dfermata": K.FERMATA_BELOW,
    "scripts.ushortfermata": K.FERMATA_SHORT, "scripts.ulongfermata": K.FERMATA_LONG,
    "scripts.rcomma": K.BREATH, "scripts.caesura.straight": K.CAESURA, "scripts.caesura.curved": K.CAESURA,
    "scripts.trill": K.TRILL, "scripts.turn": K.TURN, "scripts.reverseturn": K.TURN_INVERTED,
    "scripts.prall": K.SHORT_TRILL, "scripts.mordent": K.MORDENT, "scripts.prallprall": K.TREMBLEMENT,
    "scripts.segno": K.SEGNO, "scripts.coda": K.CODA, "pedal.Ped": K.PEDAL, "pedal.*": K.PEDAL_UP,
    **{letter: K(f"dynamic{letter.upper()}") for letter in "pmfszrn"},
}  # fmt: skip
_VALUES = frozenset(kind.value for kind in K)


def name_lilypond_glyph(grob: str, glyph: str, small: bool) -> K | None:
    """The kind of a glyph: a digit may be of a time signature or a fingering, a dot of a note or a bar line.

    `small` glyphs are those of grace notes and cues. None where no kind fits.
    """
    name = _VARIANT.sub("", glyph)
    if name in _DIGITS:
        value = f"{_DIGIT_KINDS.get(grob, 'none')}{_DIGITS.index(name)}"
        return K(value) if value in _VALUES else None
    if name == "dots.dot" and grob in ("BarLine", "SpanBar"):
        return K.REPEAT_DOT
    kind = _GLYPHS.get(name)
    return shrink_kind(kind) if kind is not None and small else kind
