"""Write words as MusicXML 4.0: lyrics, directions, chord symbols, titles, names. In: records of a score. Out: elements.

Elements are added to those of the document that is being written, in the order of the schema.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from lxml import etree

from leggio.markup import clean_text
from leggio.music.directions import DYNAMICS, Direction, DirectionKind, Harmony, Jump, Metronome
from leggio.music.events import Event, Lyric
from leggio.music.score import Part, Score

Element: TypeAlias = etree._Element

_LINES = 6  # numbers that programs know: as many as MusicXML had before its version 4
_JUMPS = {Jump.DA_CAPO: "yes", Jump.DAL_SEGNO: "segno", Jump.TO_CODA: "coda", Jump.FINE: "yes"}


def add(parent: Element, tag: str, text: object = None, **attributes: str) -> Element:
    """A new last child; an underscore in an attribute's name stands for a hyphen."""
    element = etree.SubElement(
        parent, tag, {key.replace("_", "-"): value for key, value in attributes.items()}
    )
    if text is not None:
        element.text = clean_text(str(text))
    return element


def write_creators(identification: Element, score: Score) -> None:
    for kind, name in (("composer", score.composer), ("lyricist", score.lyricist)):
        if name:
            add(identification, "creator", name, type=kind)


def write_credits(root: Element, score: Score) -> None:
    """What stands at the head of the first page, for programs that print it from there."""
    heads = (
        ("title", score.title), ("subtitle", score.subtitle), ("composer", score.composer),
        ("lyricist", score.lyricist),
    )  # fmt: skip
    for kind, text in heads if score.subtitle else ():
        if text:
            credit = add(root, "credit", page="1")
            add(credit, "credit-type", kind)
            add(credit, "credit-words", text)


def write_part_names(score_part: Element, part: Part) -> None:
    add(score_part, "part-name", part.name)
    if part.abbreviation:
        add(score_part, "part-abbreviation", part.abbreviation)


def write_lyrics(note: Element, event: Event) -> None:
    for lyric in event.lyrics:
        _write_lyric(note, lyric)


def _write_lyric(note: Element, lyric: Lyric) -> None:
    element = add(note, "lyric", number=str(lyric.verse))
    add(element, "syllabic", lyric.syllabic.value)
    add(element, "text", lyric.text)
    if lyric.extends:
        add(element, "extend")


def write_direction(measure: Element, direction: Direction, staves: int) -> None:
    element = add(measure, "direction", placement="above" if direction.above else "below")
    if direction.text:
        kind = add(element, "direction-type")
        if direction.kind is DirectionKind.REHEARSAL:
            add(kind, "rehearsal", direction.text)
        elif direction.kind is DirectionKind.WEDGE:
            add(kind, "wedge", type=direction.text, number=str(number_of_line(direction.staff)))
        elif direction.kind is DirectionKind.PEDAL:
            add(kind, "pedal", type=direction.text, line="no", sign="yes")
        elif direction.kind is DirectionKind.SIGN:
            add(kind, direction.text)
        elif direction.kind is DirectionKind.DYNAMIC:
            _write_dynamic(add(kind, "dynamics"), direction.text)
        elif direction.kind is DirectionKind.TEMPO:
            add(kind, "words", direction.text, font_weight="bold")
        else:
            add(kind, "words", direction.text)
    if direction.metronome:
        _write_metronome(add(element, "direction-type"), direction.metronome)
    if staves > 1:
        add(element, "staff", direction.staff)
    _write_sound(element, direction)


def number_of_line(staff: int) -> int:
    """The number that tells hairpins and octave lines apart while they overlap: on a staff they take turns."""
    return min(staff, _LINES)


def _write_dynamic(parent: Element, text: str) -> None:
    if text in DYNAMICS:
        add(parent, text)
    else:
        add(parent, "other-dynamics", text)


def _write_metronome(parent: Element, mark: Metronome) -> None:
    element = add(parent, "metronome")
    add(element, "beat-unit", mark.beat.value)
    for _ in range(mark.dots):
        add(element, "beat-unit-dot")
    add(element, "per-minute", mark.per_minute)


def _write_sound(element: Element, direction: Direction) -> None:
    attributes = {}
    if direction.jump:
        attributes[direction.jump.value] = _JUMPS[direction.jump]
    elif direction.kind is DirectionKind.SIGN:
        attributes[direction.text] = direction.text  # jumps name the place by it
    if mark := direction.metronome:
        quarters = mark.per_minute * mark.beat.duration * 4 * (2 - Fraction(1, 2**mark.dots))
        attributes["tempo"] = f"{float(quarters):g}"
    if attributes:
        add(element, "sound", **attributes)


def write_harmony(measure: Element, harmony: Harmony, staves: int) -> None:
    element = add(measure, "harmony")
    _write_step(add(element, "root"), "root", harmony.root)
    kind = add(element, "kind", harmony.kind.value)
    if harmony.text:
        kind.set("text", clean_text(harmony.text))
    if harmony.bass:
        _write_step(add(element, "bass"), "bass", harmony.bass)
    if staves > 1:
        add(element, "staff", harmony.staff)


def _write_step(element: Element, name: str, step: tuple[str, int]) -> None:
    add(element, f"{name}-step", step[0])
    if step[1]:
        add(element, f"{name}-alter", step[1])
