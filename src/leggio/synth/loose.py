"""A sign on its own. In: its kind and a music font of Verovio's. Out: the parts that it is drawn of, around the origin.

Most signs are one glyph. Some only stand with another one, which is then drawn and named too: the 8 of an octave clef,
the stroke through the flag of a grace note. What a font lacks is drawn in Bravura, which has nearly everything; no font
of Verovio's has fingerings, which many engravers print in the figures of metres.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import verovio
from lxml import etree
from numpy.typing import NDArray

from leggio.music.notation import SymbolKind
from leggio.synth.glyphs import list_glyphs, shrink_kind
from leggio.synth.outlines import bound, flatten_path, move_points, read_transform
from leggio.synth.sample import Contours

Part: TypeAlias = tuple[SymbolKind, Contours]

_EM = 4.0  # staff spaces in an em of a SMuFL font
_SMALL = 0.68  # size of signs before grace and cue notes
_CLEF_FIGURE = 0.55  # size of the figure at an octave clef against one of a metre
_WIGGLES = (3, 16)  # pieces of a trill's line
_WIGGLE, _DIGITS = 0xEAA4, 0xE080  # code points: a piece of a trill's line, the figure 0 of a metre
# Signs that the fonts have no glyph for, as corners in staff spaces.
_H_BAR = (
    (0, -1), (0.2, -1), (0.2, -0.3), (5.8, -0.3), (5.8, -1), (6, -1), (6, 1), (5.8, 1), (5.8, 0.3), (0.2, 0.3),
    (0.2, 1), (0, 1),
)  # fmt: skip
_SLASH = ((-0.7, 1.5), (-0.6, 1.65), (1.0, 0.35), (0.9, 0.2))  # through a flag whose stem ends at the origin
_FALLBACK = "Bravura"
_FINGERING = (0.5, 0.65)  # size of a fingering against a figure of a metre
_FIGURES: Mapping[SymbolKind, tuple[int, ...]] = {SymbolKind.CLEF_8: (8,), SymbolKind.CLEF_15: (1, 5)}


def draw_sign(kind: SymbolKind, font: str, space: float, rng: np.random.Generator) -> tuple[Part, ...]:
    """The parts of one sign, in pixels for a staff space of `space`; () where no font has a glyph for it."""
    return _draw(kind, font, space, rng) or _draw(kind, _FALLBACK, space, rng)


def _draw(kind: SymbolKind, font: str, space: float, rng: np.random.Generator) -> tuple[Part, ...]:
    if kind is SymbolKind.REST_H_BAR:
        return ((kind, _corners(_H_BAR, space * rng.uniform(0.9, 1.1))),)
    scale = space / 1000 * _EM * rng.uniform(0.92, 1.08)
    if kind in _FIGURES:
        return _draw_octave_clef(kind, font, scale, rng)
    if kind is SymbolKind.TRILL_LINE:
        return _draw_wiggle(font, scale, rng)
    if kind.value.startswith("fingering"):
        figure = SymbolKind(kind.value.replace("fingering", "timeSig"))
        drawn = _draw_glyph(figure, font, scale * rng.uniform(*_FINGERING), rng)
        return ((kind, drawn),) if drawn else ()
    full = find_full_size(kind)
    if kind is SymbolKind.GRACE_SLASH:
        flag = _draw_glyph(SymbolKind.FLAG_8_UP, font, scale * _SMALL, rng)
        return ((SymbolKind.FLAG_8_UP_SMALL, flag), (kind, _corners(_SLASH, space * _SMALL))) if flag else ()
    drawn = _draw_glyph(full, font, scale * (1.0 if kind is full else _SMALL), rng)
    return ((kind, drawn),) if drawn else ()


def find_full_size(kind: SymbolKind) -> SymbolKind:
    """The kind of which this one is the small form; itself where it is none."""
    return next((full for full in SymbolKind if full is not kind and shrink_kind(full) is kind), kind)


def _draw_glyph(kind: SymbolKind, font: str, scale: float, rng: np.random.Generator) -> Contours:
    glyphs = [points for points in (_load_glyph(font, code) for code in list_glyphs(kind)) if points]
    return _scaled(glyphs[int(rng.integers(len(glyphs)))], scale) if glyphs else ()


def _draw_octave_clef(
    kind: SymbolKind, font: str, scale: float, rng: np.random.Generator
) -> tuple[Part, ...]:
    """A clef with its figure above or below it, in the middle."""
    base = SymbolKind.CLEF_G if rng.random() < 0.6 else SymbolKind.CLEF_F
    clef = _draw_glyph(base, font, scale, rng)
    figures = _draw_row(
        [_load_glyph(font, _DIGITS + figure) for figure in _FIGURES[kind]], scale * _CLEF_FIGURE
    )
    if not clef or not figures:
        return ()
    around, box = bound(clef), bound(figures)
    below = rng.random() < 0.6
    y = around.y1 - box.y0 if below else around.y0 - box.y1
    move = np.array([around.center.x - box.center.x, y], np.float32)
    return (base, clef), (kind, tuple(contour + move for contour in figures))


def _draw_wiggle(font: str, scale: float, rng: np.random.Generator) -> tuple[Part, ...]:
    row = _draw_row([_load_glyph(font, _WIGGLE)] * int(rng.integers(*_WIGGLES)), scale)
    return ((SymbolKind.TRILL_LINE, row),) if row else ()


def _draw_row(glyphs: list[tuple[NDArray[np.float64], ...]], scale: float) -> Contours:
    """Glyphs side by side, each where the one before it ends."""
    row: list[NDArray[np.float32]] = []
    end = 0.0
    for glyph in glyphs:
        if not glyph:
            return ()
        drawn = _scaled(glyph, scale)
        box = bound(drawn)
        row += [contour + np.array([end - box.x0, 0], np.float32) for contour in drawn]
        end += box.width
    return tuple(row)


def _corners(corners: tuple[tuple[float, float], ...], size: float) -> Contours:
    return ((np.array(corners) * size).astype(np.float32),)


def _scaled(contours: tuple[NDArray[np.float64], ...], scale: float) -> Contours:
    return tuple((contour * scale).astype(np.float32) for contour in contours)


@functools.cache
def _load_glyph(font: str, code_point: int) -> tuple[NDArray[np.float64], ...]:
    """The outline of a glyph of a Verovio font in thousandths of an em, y down; empty where the font lacks it."""
    path = Path(verovio.__file__).parent / "data" / font / f"{code_point:04X}.xml"
    if not path.exists():
        return ()
    contours = []
    for drawn in etree.fromstring(path.read_bytes()).iter("path"):
        flip = read_transform(drawn.get("transform"))
        contours += [
            move_points(flip, contour).astype(np.float64) for contour in flatten_path(drawn.get("d") or "")
        ]
    return tuple(contours)
