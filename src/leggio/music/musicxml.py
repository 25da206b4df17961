"""Write a score as MusicXML 4.0, and through Verovio as MEI or MIDI. In: a `Score`. Out: bytes.

The file is valid whatever the score holds, since that is settled first; elements come in the order of the schema.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any, TypeAlias

import verovio
from lxml import etree

from leggio import __version__
from leggio.errors import LeggioError
from leggio.music.directions import Direction, Harmony, OctaveShift, ShiftState
from leggio.music.events import Event
from leggio.music.notes_out import write_event
from leggio.music.score import Bar, BarStyle, ClefChange, Key, Part, Score, Time, TimeSymbol
from leggio.music.settle import settle
from leggio.music.words_out import (
    add,
    number_of_line,
    write_creators,
    write_credits,
    write_direction,
    write_harmony,
    write_part_names,
)

Element: TypeAlias = etree._Element
_Mark: TypeAlias = OctaveShift | ClefChange | Harmony | Direction

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_MEDIA_TYPE = "application/vnd.recordare.musicxml"
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path="score.musicxml" media-type="{_MEDIA_TYPE}+xml"/>
  </rootfiles>
</container>
"""


def write_musicxml(score: Score) -> bytes:
    """The whole score as one partwise MusicXML 4.0 document."""
    root = etree.Element("score-partwise", version="4.0")
    _write_header(root, score)
    write_credits(root, score)
    part_list = add(root, "part-list")
    names = _Names()
    for part in settle(score).parts:
        name = names.take(part.id)
        score_part = add(part_list, "score-part", id=name)
        write_part_names(score_part, part)
        instrument = add(score_part, "score-instrument", id=names.take(f"{name}-instrument"))
        add(instrument, "instrument-name", part.name)  # MuseScore complains of parts without an instrument
        _write_part(add(root, "part", id=name), part, names)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=_DOCTYPE) + b"\n"


def write_mxl(score: Score) -> bytes:
    """The same document compressed, as notation programs exchange it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), _MEDIA_TYPE)  # first and uncompressed, as the format asks
        for name, data in (
            ("META-INF/container.xml", _CONTAINER.encode()),
            ("score.musicxml", write_musicxml(score)),
        ):
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def write_mei(score: Score) -> bytes:
    """The score in the format of the Music Encoding Initiative; its notes keep their ids.

    Verovio's time stamp is left out, so that the same score gives the same file.
    """
    return re.sub(r' isodate="[^"]*"', "", str(_load_verovio(score).getMEI()), count=1).encode()


def write_midi(score: Score) -> bytes:
    """The score as it sounds, a standard MIDI file."""
    return base64.b64decode(_load_verovio(score).renderToMIDI())


def _load_verovio(score: Score) -> Any:
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({"xmlIdSeed": 1})  # the ids that Verovio makes up are the same at every run
    if not toolkit.loadData(write_musicxml(score).decode()):
        raise LeggioError("Verovio cannot load this score: write it as MusicXML instead.")
    return toolkit


class _Names:
    """Hands out `id`s: names without colons that occur once in a document."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        stem = re.sub(r"[^\w.-]", "_", wanted, flags=re.ASCII)
        if not re.match(r"[A-Za-z_]", stem):
            stem = f"n{stem}"
        name, copy = stem, 1
        while name in self._taken:
            copy += 1
            name = f"{stem}-{copy}"
        self._taken.add(name)
        return name


class _Bar:
    """A bar being written. MusicXML is a tape: every note moves it on, and it can be wound to any moment."""

    def __init__(self, element: Element, divisions: int, staves: int, names: _Names) -> None:
        self.element, self.divisions, self.staves, self.names = element, divisions, staves, names
        self.moment = Fraction(0)

    def wind(self, moment: Fraction) -> None:
        if moment != self.moment:
            winding = add(self.element, "forward" if moment > self.moment else "backup")
            add(winding, "duration", self.count_divisions(abs(moment - self.moment)))
            self.moment = moment

    def count_divisions(self, time: Fraction) -> int:
        return int(time * 4 * self.divisions)


def _write_header(root: Element, score: Score) -> None:
    if score.title:
        add(add(root, "work"), "work-title", score.title)
    identification = add(root, "identification")
    write_creators(identification, score)
    encoding = add(identification, "encoding")
    add(encoding, "software", f"leggio {__version__}")
    for element in ("accidental", "beam", "stem"):
        add(encoding, "supports", type="yes", element=element)
    for attribute in ("new-page", "new-system"):
        add(encoding, "supports", type="yes", element="print", attribute=attribute, value="yes")


def _write_part(element: Element, part: Part, names: _Names) -> None:
    times = [bar.duration for bar in part.bars]
    for bar in part.bars:
        marks: tuple[_Mark, ...] = (*bar.clefs, *bar.shifts, *bar.directions, *bar.harmonies)
        times += [mark.onset for mark in marks]
    times += [time for bar in part.bars for event in bar.events for time in (event.onset, event.duration)]
    divisions = lcm(*((time * 4).denominator for time in times))
    for place, bar in enumerate(part.bars):
        measure = add(element, "measure", number=str(bar.number))
        if bar.implicit:
            measure.set("implicit", "yes")
        _write_bar(_Bar(measure, divisions, part.staves, names), bar, is_first=place == 0)


def _write_bar(out: _Bar, bar: Bar, is_first: bool) -> None:
    if bar.new_system or bar.new_page:
        breaks = {"new_system": bar.new_system, "new_page": bar.new_page}
        add(out.element, "print", **{name: "yes" for name, is_here in breaks.items() if is_here})
    _write_barline(out.element, bar, "left")
    _write_attributes(out, bar, is_first)
    changes: dict[int, list[_Mark]] = defaultdict(list)
    all_marks: tuple[_Mark, ...] = (*bar.shifts, *bar.clefs, *bar.harmonies, *bar.directions)
    for mark in all_marks:
        if mark.onset > 0 or not isinstance(mark, ClefChange):
            changes[mark.staff].append(mark)
    for _, voice in groupby(bar.events, key=lambda event: event.voice):
        events = list(voice)
        _write_voice(out, [*changes.pop(events[0].staff, ()), *events])
    for rest in changes.values():  # of staves without any event
        _write_voice(out, rest)
    out.wind(bar.duration)
    _write_barline(out.element, bar, "right")


def _write_voice(out: _Bar, items: Sequence[_Mark | Event]) -> None:
    out.wind(Fraction(0))
    for item in sorted(
        items, key=lambda item: item.onset
    ):  # stable: a clef stands before the note that it is for
        out.wind(item.onset)
        match item:
            case Event():
                length = out.count_divisions(item.duration)
                write_event(out.element, item, out.staves, length, out.names.take)
                out.moment += item.duration
            case OctaveShift():
                _write_shift(out, item)
            case ClefChange():
                _write_clef(add(out.element, "attributes"), item, out.staves)
            case Harmony():
                write_harmony(out.element, item, out.staves)
            case Direction():
                write_direction(out.element, item, out.staves)


def _write_shift(out: _Bar, shift: OctaveShift) -> None:
    """One end of an octave line; MusicXML says which way the written notes were moved."""
    direction = add(out.element, "direction", placement="above" if shift.octaves > 0 else "below")
    way = "down" if shift.octaves > 0 else "up"
    add(
        add(direction, "direction-type"),
        "octave-shift",
        type=way if shift.state is ShiftState.START else "stop",
        size=str(7 * abs(shift.octaves) + 1),
        number=str(number_of_line(shift.staff)),
    )
    if out.staves > 1:
        add(direction, "staff", shift.staff)


def _write_barline(measure: Element, bar: Bar, location: str) -> None:
    is_left = location == "left"
    style = bar.left if is_left else bar.right
    has_repeat = bar.repeat_start if is_left else bar.repeat_end
    numbers = re.findall(r"[1-9]\d*", bar.ending or "")
    has_ending = bool(numbers) and (bar.ending_start if is_left else bar.ending_stop)
    if style is BarStyle.REGULAR and not has_repeat and not has_ending:
        return
    barline = add(measure, "barline", location=location)
    if style is not BarStyle.REGULAR:
        add(barline, "bar-style", style.value)
    if has_ending:
        add(barline, "ending", number=", ".join(numbers), type="start" if is_left else "stop")
    if has_repeat:
        add(barline, "repeat", direction="forward" if is_left else "backward")


def _write_attributes(out: _Bar, bar: Bar, is_first: bool) -> None:
    clefs = [change for change in bar.clefs if change.onset == 0]
    if not (is_first or bar.key or bar.time or clefs):
        return
    attributes = add(out.element, "attributes")
    if is_first:
        add(attributes, "divisions", out.divisions)
    if bar.key:
        _write_key(attributes, bar.key)
    if bar.time:
        _write_time(attributes, bar.time)
    if is_first and out.staves > 1:
        add(attributes, "staves", out.staves)
    for change in clefs:
        _write_clef(attributes, change, out.staves)


def _write_key(attributes: Element, key: Key) -> None:
    add(add(attributes, "key"), "fifths", key.fifths)


def _write_time(attributes: Element, time: Time) -> None:
    element = add(attributes, "time")
    if time.symbol is not TimeSymbol.NUMBERS:
        element.set("symbol", time.symbol.value)
    add(element, "beats", time.beats)
    add(element, "beat-type", time.beat_type)


def _write_clef(attributes: Element, change: ClefChange, staves: int) -> None:
    element = add(attributes, "clef")
    if staves > 1:
        element.set("number", str(change.staff))
    add(element, "sign", change.clef.sign.value)
    add(element, "line", change.clef.line)
    if change.clef.octave:
        add(element, "clef-octave-change", change.clef.octave)
