"""Take away what was found in letters. In: symbols, strokes and the words of a page. Out: those that are music.

A net that looks for symbols sees common time in a C or an e, staccato dots over i, tenuto marks in hyphens; and the
note of a metronome mark is a note, but none to play.
"""

from __future__ import annotations

from collections.abc import Sequence

from leggio.geometry import Box
from leggio.music.notation import Stroke, StrokeKind, Symbol, System, TextMark, TextRole
from leggio.music.words import Wording

_AROUND = 0.15  # staff spaces around letters that are theirs
_ALONG = 0.5  # and around a dash
_BEAT = (
    3.5,
    2.5,
)  # how far before its number and how high the note of a metronome mark reaches, in staff spaces
_LONG_TEXT = 6  # letters, from which on even words of no use are words
_LONG = (StrokeKind.BARLINE, StrokeKind.HAIRPIN)  # never letters


def erase_letters(
    symbols: Sequence[Symbol],
    strokes: Sequence[Stroke],
    wording: Wording,
    texts: Sequence[TextMark],
    systems: Sequence[System],
) -> tuple[tuple[Symbol, ...], tuple[Stroke, ...]]:
    """The symbols and strokes that are no letters, dashes or notes of a metronome mark."""
    space = systems[0].staves[0].space
    around = _AROUND * space
    letters = [text.box.grow(around, around) for row in wording.rows for text in row.texts]
    letters += [mark.text.box.grow(around, around) for mark in texts if _says_something(mark)]
    letters += [_beat_box(mark, space) for mark in texts if mark.role is TextRole.TEMPO and mark.beat]
    dashes = [dash.grow(_ALONG * space, _ALONG * space) for row in wording.rows for dash in row.dashes]
    areas = [*letters, *dashes]
    kept_symbols = tuple(s for s in symbols if not any(area.contains(s.box.center) for area in areas))
    kept_strokes = tuple(s for s in strokes if s.kind in _LONG or not any(_lies_in(s.box, a) for a in areas))
    return kept_symbols, kept_strokes


def _says_something(mark: TextMark) -> bool:
    """Whether words are surely words: what has no use and is short may be music that was read."""
    return mark.role not in (TextRole.OTHER, TextRole.REHEARSAL) or len(mark.text.text) >= _LONG_TEXT


def _beat_box(mark: TextMark, space: float) -> Box:
    """Where the note of a metronome mark stands: before the number, or among the words."""
    box = mark.text.box
    return Box(box.x0 - _BEAT[0] * space, box.y0 - _BEAT[1] / 2 * space, box.x1, box.y1 + space / 2)


def _lies_in(box: Box, area: Box) -> bool:
    return area.x0 <= box.x0 and box.x1 <= area.x1 and area.y0 <= box.y0 and box.y1 <= area.y1
