"""Read MusicXML into a score. In: the bytes of a partwise `.musicxml` or an `.mxl`. Out: a `Score`.

The opposite of `musicxml`: what that module writes comes back equal. Of other programs' files it takes what a `Score`
can hold, in the order of the file, and leaves the rest: fingerings, glissandi, layout.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count, zip_longest
from typing import TypeAlias, TypeVar

from lxml import etree

from leggio.errors import UnreadableFile
from leggio.music.directions import Direction, Harmony, OctaveShift, ShiftState, order_of_shift
from leggio.music.events import Event
from leggio.music.notes_in import read_chord_note, read_event, read_number, read_text
from leggio.music.score import Bar, BarStyle, Clef, ClefChange, ClefSign, Key, Part, Score, Time, TimeSymbol
from leggio.music.words_in import read_creator, read_direction, read_harmony, read_subtitle

Element: TypeAlias = etree._Element

# What a score has no word for becomes its nearest kin.
_STYLES = {style.value: style for style in BarStyle} | {
    "dotted": BarStyle.DASHED,
    "heavy": BarStyle.FINAL,
    "heavy-heavy": BarStyle.FINAL,
}
_SIGNS = {sign.value: sign for sign in ClefSign}
_SYMBOLS = {symbol.value: symbol for symbol in TimeSymbol}
_LINES = {ClefSign.G: 2, ClefSign.F: 4, ClefSign.C: 3, ClefSign.PERCUSSION: 3}


@dataclass
class _Reader:
    """What a part's bars hand on to the next one."""

    ids: Iterator[str]
    divisions: Fraction = Fraction(1)
    staves: int = 1
    number: int = 0
    ending: str | None = None
    octaves: dict[int, int] = field(default_factory=dict)


@dataclass
class _Draft:
    """A bar while it is read: `moment` is where the tape stands, `end` how far it came."""

    moment: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    events: list[Event] = field(default_factory=list)
    directions: list[Direction] = field(default_factory=list)
    harmonies: list[Harmony] = field(default_factory=list)
    bar: Bar = field(default_factory=lambda: Bar(0, Fraction(0)))

    def wind(self, time: Fraction) -> None:
        self.moment = max(Fraction(0), self.moment + time)
        self.end = max(self.end, self.moment)


def read_musicxml(data: bytes) -> Score:
    """The score in a `.musicxml` or `.mxl` file. Raises `UnreadableFile` where it is neither."""
    root = _parse_xml(_unpack(data) if data.startswith(b"PK") else data)
    if root.tag != "score-partwise":
        raise UnreadableFile(f"This XML is <{root.tag}>: export it again as partwise MusicXML.")
    try:
        parts = _read_parts(root)
    except (ValueError, ZeroDivisionError) as error:
        raise UnreadableFile(
            f"A value in this MusicXML cannot be right ({error}): export it again."
        ) from error
    return Score(
        _fill_empty_bars(parts),
        title=read_text(root, "work/work-title") or read_text(root, "movement-title"),
        composer=read_creator(root, "composer"),
        subtitle=read_subtitle(root),
        lyricist=read_creator(root, "lyricist"),
    )


def _unpack(archive: bytes) -> bytes:
    """The first document that an `.mxl` says it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            root = _parse_xml(file.read("META-INF/container.xml")).find(".//{*}rootfile")
            return file.read("" if root is None else root.get("full-path", ""))
    except (zipfile.BadZipFile, KeyError) as error:
        raise UnreadableFile(
            "This is no compressed MusicXML: export it again, as .mxl or .musicxml."
        ) from error


def _parse_xml(data: bytes) -> Element:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"This is no XML ({error}): export it again as MusicXML.") from error


def _fill_empty_bars(parts: list[Part]) -> tuple[Part, ...]:
    """Bars in which nothing moves last as long as in the other parts, or else as their time signature says."""
    lengths = [
        max(bar.duration for bar in column if bar) for column in zip_longest(*(part.bars for part in parts))
    ]
    filled = []
    for part in parts:
        bars, usual = [], Fraction(1)
        for bar, length in zip(part.bars, lengths, strict=False):
            usual = bar.time.duration if bar.time else usual
            bars.append(replace(bar, duration=bar.duration or length or usual))
        filled.append(replace(part, bars=tuple(bars)))
    return tuple(filled)


def _read_parts(root: Element) -> list[Part]:
    names = {
        part.get("id"): [(part.findtext(tag) or "").strip() for tag in ("part-name", "part-abbreviation")]
        for part in root.iter("score-part")
    }
    taken = {note.get("id") for note in root.iter("note")}
    ids = (name for name in map("n{}".format, count(1)) if name not in taken)
    parts = []
    for place, part in enumerate(root.findall("part"), 1):
        name = part.get("id") or f"P{place}"
        parts.append(_read_part(part, name, names.get(name, ["", ""]), ids))
    return parts


def _read_part(part: Element, part_id: str, names: Sequence[str], ids: Iterator[str]) -> Part:
    reader = _Reader(ids)
    bars = tuple(_read_bar(measure, reader) for measure in part.findall("measure"))
    staves = [note.staff for bar in bars for event in bar.events for note in event.notes]
    return Part(part_id, names[0], max([reader.staves, *staves]), bars, names[1])


def _read_bar(measure: Element, reader: _Reader) -> Bar:
    digits = re.search(r"\d+", measure.get("number", ""))
    reader.number = int(digits.group()) if digits else reader.number + 1
    draft = _Draft(bar=Bar(reader.number, Fraction(0), implicit=measure.get("implicit") == "yes"))
    for child in measure:
        match child.tag:
            case "note":
                _read_note(child, draft, reader)
            case "forward":
                draft.wind(_duration(child, reader))
            case "backup":
                draft.wind(-_duration(child, reader))
            case "attributes":
                draft.bar = _read_attributes(child, draft, reader)
            case "direction":
                draft.bar = _read_shift(child, draft, reader)
                _read_words(child, draft, reader)
            case "harmony":
                _read_words(child, draft, reader)
            case "barline":
                draft.bar = _read_barline(child, draft.bar, reader)
            case "print":
                new_page = child.get("new-page") == "yes"
                draft.bar = replace(draft.bar, new_system=child.get("new-system") == "yes", new_page=new_page)
    bar = replace(
        draft.bar, duration=draft.end, events=tuple(draft.events), clefs=_in_time(draft.bar.clefs),
        ending=reader.ending, directions=_in_time(draft.directions), harmonies=_in_time(draft.harmonies),
    )  # fmt: skip
    if bar.ending_stop:
        reader.ending = None
    return bar


_Placed = TypeVar("_Placed", ClefChange, Direction, Harmony)


def _in_time(marks: Iterable[_Placed]) -> tuple[_Placed, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.onset, mark.staff)))


def _read_words(element: Element, draft: _Draft, reader: _Reader) -> None:
    offset = Fraction(read_text(element, "offset") or 0) / (4 * reader.divisions)
    moment, staff = max(Fraction(0), draft.moment + offset), read_number(element, "staff", 1)
    if element.tag == "harmony":
        if harmony := read_harmony(element, moment, staff):
            draft.harmonies.append(harmony)
    elif direction := read_direction(element, moment, staff):
        draft.directions.append(direction)


def _read_attributes(element: Element, draft: _Draft, reader: _Reader) -> Bar:
    reader.divisions = Fraction(read_text(element, "divisions") or reader.divisions)
    reader.staves = max(reader.staves, read_number(element, "staves", 1))
    fifths = read_text(element, "key/fifths")
    clefs = tuple(
        ClefChange(draft.moment, int(clef.get("number", "1")), _read_clef(clef))
        for clef in element.findall("clef")
    )
    return replace(
        draft.bar,
        clefs=draft.bar.clefs + clefs,
        key=Key(int(fifths)) if fifths else draft.bar.key,
        time=_read_time(element.find("time")) or draft.bar.time,
    )


def _read_shift(direction: Element, draft: _Draft, reader: _Reader) -> Bar:
    """The bar with an end of an octave line, if the direction holds one; it may be written ahead of its moment."""
    shift = direction.find("direction-type/octave-shift")
    if shift is None or shift.get("type") not in ("up", "down", "stop"):
        return draft.bar
    staff, kind = read_number(direction, "staff", 1), shift.get("type")
    octaves = (int(shift.get("size", "8")) - 1) // 7
    if kind == "stop":
        octaves, state = reader.octaves.pop(staff, octaves), ShiftState.STOP
    else:
        octaves, state = octaves if kind == "down" else -octaves, ShiftState.START
        reader.octaves[staff] = octaves
    offset = Fraction(read_text(direction, "offset") or 0) / (4 * reader.divisions)
    ended = OctaveShift(max(Fraction(0), draft.moment + offset), staff, octaves, state)
    shifts = tuple(sorted((*draft.bar.shifts, ended), key=order_of_shift))
    return replace(draft.bar, shifts=shifts)


def _read_time(element: Element | None) -> Time | None:
    """A time signature; one like 3+2/8 or 2/4+3/8 as the sum of its parts."""
    pairs = (
        []
        if element is None
        else list(zip(element.findall("beats"), element.findall("beat-type"), strict=False))
    )
    beats = [sum(map(int, re.findall(r"\d+", above.text or ""))) for above, _ in pairs]
    units = [int(below.text or 4) for _, below in pairs]
    if element is None or not sum(beats):
        return None
    symbol = _SYMBOLS.get(element.get("symbol", ""), TimeSymbol.NUMBERS)
    unit = max(units)
    return Time(sum(count * unit // each for count, each in zip(beats, units, strict=True)), unit, symbol)


def _read_clef(element: Element) -> Clef:
    sign = _SIGNS.get(read_text(element, "sign") or "", ClefSign.PERCUSSION)
    return Clef(
        sign, read_number(element, "line", _LINES[sign]), read_number(element, "clef-octave-change", 0)
    )


def _read_barline(element: Element, bar: Bar, reader: _Reader) -> Bar:
    location = element.get("location", "right")
    style = _STYLES.get(read_text(element, "bar-style") or "", BarStyle.REGULAR)
    ending, repeat = element.find("ending"), element.find("repeat")
    has_ending_start = ending is not None and ending.get("type") == "start"
    has_ending_stop = ending is not None and ending.get("type") != "start"
    direction = "" if repeat is None else repeat.get("direction")
    if ending is not None and has_ending_start:
        reader.ending = ending.get("number")
    return replace(
        bar,
        left=style if location == "left" else bar.left,
        right=style if location == "right" else bar.right,
        repeat_start=bar.repeat_start or direction == "forward",
        repeat_end=bar.repeat_end or direction == "backward",
        ending_start=bar.ending_start or has_ending_start,
        ending_stop=bar.ending_stop or has_ending_stop,
    )


def _read_note(element: Element, draft: _Draft, reader: _Reader) -> None:
    if element.find("chord") is not None and draft.events:
        draft.events[-1] = read_chord_note(element, draft.events[-1], reader.ids)
        return
    duration = Fraction(0) if element.find("grace") is not None else _duration(element, reader)
    draft.events.append(read_event(element, draft.moment, duration, reader.ids))
    draft.wind(duration)


def _duration(element: Element, reader: _Reader) -> Fraction:
    return Fraction(read_text(element, "duration") or 0) / (4 * reader.divisions)
