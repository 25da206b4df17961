"""What each line of words on a page of music is for. In: lines that were read, systems, symbols. Out: `TextMark`s.

The place decides first: left of a system stand names of parts, above the first one titles and people, over a staff
tempi and signs for finding one's way, between staves what tells how to play. What a line says decides the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from leggio.geometry import Box
from leggio.music.chord_names import parse_chord
from leggio.music.directions import Jump
from leggio.music.notation import HEADS, Staff, Symbol, SymbolKind, System, Text, TextMark, TextRole

# Confidence from which on a line is believed; words of one or two letters are too easily read into dirt.
_BELIEVED, _BELIEVED_SHORT = 0.6, 0.85
# In staff spaces.
_HIGH_TITLE = 2.4  # the least height of a title's tallest letter
_TEMPO_REACH = 9.0  # a tempo stands at most so far above its staff
_FOOT = 5.5  # from there on under the last system words belong to the page's foot
_BEFORE_NUMBER = 3.5  # a metronome's note stands so near before what was read
_CLEAR = 2.0  # and so high above the staff
_LETTER_HIGH = 1.4  # a rehearsal letter is at least so high
_NUMBER_REACH = 4.5  # a bar's number stands at most so far above its staff, a page's number further
_LEFT, _RIGHT = 0.4, 0.6  # shares of the page's width: where people's names at the sides end and begin
_FEW_CHORDS = 4  # so many chord symbols on a page are chord symbols, fewer may be single letters

_TEMPI = re.compile(
    r"\b(adagi|allegr|andant|anim|appassion|assai|bewegt|breit|comodo|con moto|doppio|einfach|etwas|feierlich|feurig|"
    r"frisch|fröhlich|fließend|fliessend|gehend|gemächlich|gemessen|getragen|grave|grazios|heftig|heiter|innig|kräftig|"
    r"langsam|larg|lebhaft|leicht|leidenschaft|leise|lent|lieblich|lustig|maestos|mäßig|mässig|massig|moderat|modéré|"
    r"mouv|munter|nicht|presto|prestissimo|quick|rasch|ruhig|sanft|schnell|sehr|slow|smoothly|sostenuto|tempo|tendrement|"
    r"très|tranquil|triste|valse|vite|vif|vivac|vivo|walzer|zart|ziemlich|zögernd|moins|modérément|animé|calme|lively|"
    r"gently|moderately|brightly|with|marcia|scherz|rubato|simply)",
    re.IGNORECASE,
)
_METRONOME = re.compile(r"[=＝]\s*(?:ca?\.?\s*)?(\d{2,3})|\s(\d{2,3})\)$")
_BARE_NUMBER = re.compile(r"\(?(\d{2,3})\)?")  # what engines read where the note and = are no letters to them
_JUMPS = re.compile(r"\b(D\.\s?[CS]\b|D\s?[CS]\.|da capo|dal segno|fine\b|to coda|al coda)", re.IGNORECASE)
_LEGAL = re.compile(
    r"©|\(C\)|copyright|creative commons|openscore|CC0|CCO|rights reserved|verlag|edition|imslp|stich und|druck von|"
    r"ausgegeben|engrav|printed|proprie|\b1[789]\d\d\b|^(?:[A-Z]\.? ?){1,6}\d{2,5}\W*$",
    re.IGNORECASE,
)
_BY = re.compile(r"(von|by|par|di|de|da|musik von|music by|musique de)\W*", re.IGNORECASE)
_PEDAL = re.compile(r"[RPGBNF℞]?[eo]?d\W*")  # how engines read the sign for the pedal
_ENDING = re.compile(r"\d(?:\s*[.,]\s*\d?)*\.")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LYRICIST = re.compile(r"^(words|text|worte|gedicht|paroles|poésie|poem|dichtung|parole)\b", re.IGNORECASE)


def tell_roles(
    lines: Sequence[Text], systems: Sequence[System], symbols: Sequence[Symbol]
) -> tuple[TextMark, ...]:
    """What the lines of a page are for; unbelievable ones are left out."""
    pedals = [s.box.center for s in symbols if s.kind in (SymbolKind.PEDAL, SymbolKind.PEDAL_UP)]
    believed = [
        line for line in lines
        if _is_believed(line) and not _PEDAL.fullmatch(line.text) and not any(map(line.box.contains, pedals))
    ]  # fmt: skip
    has_chords = sum(parse_chord(line.text) is not None for line in believed) >= _FEW_CHORDS
    head = [line for line in believed if _is_at_head(line, systems)]
    marks = list(_tell_head(head, systems, symbols, has_chords))
    for line in believed:
        if line not in head:
            marks.append(_tell_line(line, systems, symbols, has_chords))
    return tuple(marks)


def _is_believed(line: Text) -> bool:
    letters = sum(char.isalnum() for char in line.text)
    latin = all(ord(char) < 0x250 or char in "♯♭♩♪°’‘“”„–—…Δø" for char in line.text)
    wanted = _BELIEVED if letters > 2 else _BELIEVED_SHORT
    return latin and letters > 0 and line.confidence >= wanted


def _is_at_head(line: Text, systems: Sequence[System]) -> bool:
    return line.box.center.y < min(system.box.y0 for system in systems)


def _tell_head(
    lines: Sequence[Text], systems: Sequence[System], symbols: Sequence[Symbol], has_chords: bool
) -> Sequence[TextMark]:
    """The lines above the first system: the largest in the middle is the title, what follows it the subtitle."""
    first = min(systems, key=lambda system: system.box.y0)
    staff = first.staves[0]
    space, width = staff.space, first.box.x1 - first.box.x0
    titles = [
        line for line in lines
        if line.height > _HIGH_TITLE * space and _share(line.box, first.box) and _WORD.search(line.text)
    ]  # fmt: skip
    signed = [line for line in lines if any(_is_signed(line, by) for by in lines)]
    titles = [line for line in titles if line not in signed]
    title = max(titles, key=lambda line: (round(line.height / space), -line.box.y0), default=None)
    marks: list[TextMark] = []
    for line in lines:
        above = staff.line_at(0, line.box.center.x) - line.baseline
        starts_left = line.box.x0 < first.box.x0 + 0.35 * width
        tempo = _METRONOME.search(line.text) or (_TEMPI.search(line.text) and above < _TEMPO_REACH * space)
        is_chord = has_chords and parse_chord(line.text)
        if _LEGAL.search(line.text) or is_chord or not (_WORD.search(line.text) or tempo):
            marks.append(_tell_line(line, systems, symbols, has_chords))
        elif line in signed:
            marks.append(TextMark(TextRole.COMPOSER, line))
        elif _BY.fullmatch(line.text) or (title and line.baseline < title.baseline - title.height / 3):
            marks.append(TextMark(TextRole.OTHER, line))
        elif line is title:
            marks.append(TextMark(TextRole.TITLE, line))
        elif tempo and starts_left:
            marks.append(_as_tempo(line, staff, symbols))
        elif (
            title is not None and _share(line.box, first.box) and line.box.y0 > title.baseline - title.height
        ):
            below_title = above > _TEMPO_REACH * space / 2
            marks.append(
                TextMark(TextRole.SUBTITLE, line) if below_title else _as_words(line, staff, above=True)
            )
        elif title is not None and line.box.x0 > first.box.x0 + _RIGHT * width:
            marks.append(
                TextMark(TextRole.LYRICIST if _LYRICIST.search(line.text) else TextRole.COMPOSER, line)
            )
        elif line.box.x1 < first.box.x0 + _LEFT * width and title is not None and above > 4 * space:
            marks.append(TextMark(TextRole.LYRICIST, line))
        elif above < _TEMPO_REACH * space and line.height < _HIGH_TITLE * space:
            is_tempo = tempo or (starts_left and title is not None)
            marks.append(_as_tempo(line, staff, symbols) if is_tempo else _as_words(line, staff, above=True))
        else:
            marks.append(TextMark(TextRole.OTHER, line))
    return marks


def _is_signed(line: Text, by: Text) -> bool:
    """Whether a line names somebody: it stands right under one that says "by"."""
    below = 0 < line.baseline - by.baseline < 3 * line.height + by.height
    return bool(_BY.fullmatch(by.text)) and below and line.box.x0 < by.box.center.x < line.box.x1


def _share(box: Box, system: Box) -> bool:
    """Whether a line stands in the middle of the page."""
    return abs(box.center.x - system.center.x) < 0.12 * system.width


def _tell_line(
    line: Text, systems: Sequence[System], symbols: Sequence[Symbol], has_chords: bool
) -> TextMark:
    """What a line beside, between or over staves is for."""
    system = min(systems, key=lambda s: max(s.box.y0 - line.box.center.y, line.box.center.y - s.box.y1, 0.0))
    staff, above = _staff_of(line, system)
    space = staff.space
    beyond = line.box.y0 - system.box.y1 if not above else 0.0
    words = _WORD.search(line.text)
    if _LEGAL.search(line.text) or beyond > _FOOT * space:
        return TextMark(TextRole.OTHER, line)
    inside = system.box.y0 - 2 * space < line.box.center.y < system.box.y1 + 2 * space
    if inside and line.box.x1 < system.box.x0 + 0.5 * space:
        return TextMark(TextRole.PART_NAME, line, staff.id) if words else TextMark(TextRole.OTHER, line)
    at_top = above and staff is system.staves[0]
    if at_top and _BARE_NUMBER.fullmatch(line.text) and _has_beat_before(line, staff, symbols):
        return _as_tempo(line, staff, symbols)
    if line.text.isdigit():
        near = staff.line_at(0, line.box.center.x) - line.baseline < _NUMBER_REACH * space
        at_start = near and line.box.x0 < system.box.x0 + 4 * space
        return TextMark(TextRole.BAR_NUMBER if at_top and at_start else TextRole.OTHER, line, staff.id, above)
    if above and _ENDING.fullmatch(line.text):
        return TextMark(TextRole.ENDING, line, staff.id, above)
    if has_chords and above and parse_chord(line.text):
        return TextMark(TextRole.CHORD, line, staff.id, above)
    if at_top and re.fullmatch(r"[A-Z]{1,2}", line.text) and line.height > _LETTER_HIGH * space:
        return TextMark(TextRole.REHEARSAL, line, staff.id, above)
    if at_top and (_METRONOME.search(line.text) or (words and _TEMPI.search(line.text))):
        return _as_tempo(line, staff, symbols)
    return _as_words(line, staff, above) if words else TextMark(TextRole.OTHER, line, staff.id, above)


def _as_words(line: Text, staff: Staff, above: bool) -> TextMark:
    return TextMark(TextRole.DIRECTION, line, staff.id, above)


def _as_tempo(line: Text, staff: Staff, symbols: Sequence[Symbol]) -> TextMark:
    """A tempo, with the note value of its metronome mark: the head that stands before or inside what was read."""
    mark = TextMark(TextRole.TEMPO, line, staff.id, above=True)
    if not (_METRONOME.search(line.text) or _BARE_NUMBER.fullmatch(line.text)):
        return mark
    near = line.box.grow(_BEFORE_NUMBER * staff.space, 0.8 * staff.space)
    heads = [s for s in symbols if s.kind in HEADS and near.contains(s.box.center)]
    if not heads:
        return mark
    beat = max(heads, key=lambda symbol: symbol.confidence)
    dots = sum(
        s.kind is SymbolKind.DOT
        and 0 < (s.box.center.x - beat.box.x1) / staff.space < 1.2
        and abs(s.box.center.y - beat.box.center.y) < 0.8 * staff.space
        for s in symbols
    )
    return replace(mark, beat=_beat_of(beat, symbols, staff.space), dots=min(dots, 1))


def _has_beat_before(line: Text, staff: Staff, symbols: Sequence[Symbol]) -> bool:
    """Whether a head stands on a number's height before it, over the staff: then it is a metronome's."""
    return any(
        0 < line.box.x0 - s.box.x1 < _BEFORE_NUMBER * staff.space
        and abs(s.box.center.y - line.box.center.y) < staff.space
        and staff.line_at(0, s.box.center.x) - s.box.center.y > _CLEAR * staff.space
        for s in symbols
        if s.kind in HEADS
    )


def _beat_of(head: Symbol, symbols: Sequence[Symbol], space: float) -> SymbolKind:
    """The note value as a rest of it would be named by: a flag near the head makes it an eighth."""
    reach = head.box.grow(1.5 * space, 4 * space)
    if any(s.kind.value.startswith("flag8th") and reach.contains(s.box.center) for s in symbols):
        return SymbolKind.REST_8
    hollow = head.kind.value.startswith("noteheadHalf")
    whole = head.kind.value.startswith("noteheadWhole")
    return SymbolKind.REST_WHOLE if whole else SymbolKind.REST_HALF if hollow else SymbolKind.REST_QUARTER


def _staff_of(line: Text, system: System) -> tuple[Staff, bool]:
    """The staff that a line belongs to, and whether it stands above it.

    Between two staves of one part it is the upper one's; else the nearest one's.
    """
    x, y = line.box.center.x, line.box.center.y
    above = [staff for staff in system.staves if staff.line_at(4, x) < y]
    below = [staff for staff in system.staves if staff.line_at(0, x) > y]
    if not above:
        return system.staves[0], True
    if not below:
        return above[-1], False
    upper, lower = above[-1], below[0]
    if upper.part == lower.part:
        return upper, False
    is_nearer_below = lower.line_at(0, x) - line.box.y1 < line.box.y0 - upper.line_at(4, x)
    return (lower, True) if is_nearer_below else (upper, False)


def read_tempo_number(text: str) -> int | None:
    """The number of a metronome mark."""
    match = _METRONOME.search(text)
    bare = _BARE_NUMBER.fullmatch(text)
    return int(match.group(1) or match.group(2)) if match else int(bare.group(1)) if bare else None


def tell_jump(text: str) -> Jump | None:
    """Where words tell players to go on, if they do."""
    match = _JUMPS.search(text)
    if match is None:
        return None
    said = match.group(1).lower().replace(" ", "")
    if said.startswith(("d.c", "dc", "dacapo")):
        return Jump.DA_CAPO
    if said.startswith(("d.s", "ds", "dalsegno")):
        return Jump.DAL_SEGNO
    return Jump.FINE if said == "fine" else Jump.TO_CODA if said == "tocoda" else None
