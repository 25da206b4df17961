"""Put rare signs where they can musically stand. In: MusicXML. Out: the same music with more of what songs lack.

Bows, harmonics, breath marks, tremolos, arpeggios, odd heads, quarter tones, cue notes, dynamics, hairpins, pedals,
octave lines, endings, segno and coda, clefs and metres that change. How many a piece gets is drawn per piece: most
editions have few kinds and many of each.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from lxml import etree

Rng: TypeAlias = np.random.Generator
Element: TypeAlias = etree._Element

_DYNAMICS = (
    "p", "f", "mp", "mf", "pp", "ff", "ppp", "fff", "sf", "sfz", "fz", "fp", "rf", "rfz", "sffz", "sfp", "n",
)  # fmt: skip
_TECHNICAL = ("up-bow", "down-bow", "harmonic", "snap-pizzicato", "stopped")
_HEADS = ("x", "diamond", "slash", "circle-x", "diamond")
_QUARTERS = ("quarter-flat", "quarter-sharp", "three-quarters-flat", "three-quarters-sharp")
_METRES = (
    (2, 2),
    (3, 2),
    (5, 8),
    (7, 8),
    (9, 8),
    (6, 4),
    (5, 4),
    (6, 8),
    (3, 8),
    (2, 4),
    (3, 4),
    (12, 16),
    (10, 8),
)


def add_rarities(root: Element, rng: Rng, *, plenty: float = 1.0) -> None:
    """Change the music in place; `plenty` scales how often each kind of sign is drawn, 0 leaves it as it is.

    Durations and pitches stay; time signatures change in sign only, so bars may not add up: a page of signs to be
    found, not music to be read.
    """
    for chance, add in _KINDS:
        if rng.random() < chance * plenty:
            for part in root.findall("part"):
                add(part, rng)


def notations_of(note: Element) -> Element:
    """The note's `notations`, made where it has none: before the lyrics, as the schema wants."""
    found = note.find("notations")
    if found is None:
        found = etree.Element("notations")
        lyric = note.find("lyric")
        if lyric is None:
            note.append(found)
        else:
            lyric.addprevious(found)
    return found


def _notes(part: Element) -> list[Element]:
    """Notes that begin a chord, no grace notes and no rests."""
    return [
        note
        for note in part.iter("note")
        if note.find("pitch") is not None and note.find("chord") is None and note.find("grace") is None
    ]


def _some(notes: Sequence[Element], rng: Rng, most: float) -> list[Element]:
    """A share of the notes, at most `most`."""
    share = rng.uniform(0.01, most)
    return [note for note in notes if rng.random() < share]


def _mark(note: Element, group: str, name: str, text: str | None = None, **attributes: str) -> None:
    holder = etree.SubElement(notations_of(note), group)
    mark = etree.SubElement(holder, name, attributes)
    mark.text = text


def _add_technical(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.15):
        _mark(note, "technical", str(rng.choice(_TECHNICAL)))


def _add_breaths(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.06):
        _mark(note, "articulations", str(rng.choice(["breath-mark", "caesura"])))


def _add_fermatas(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.05):
        shape = str(rng.choice(["normal", "normal", "angled", "square"]))
        kind = str(rng.choice(["upright", "inverted"]))
        etree.SubElement(notations_of(note), "fermata", type=kind).text = shape


def _add_tremolos(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.12):
        if note.findtext("type") in ("half", "quarter", "eighth", "whole"):
            _mark(note, "ornaments", "tremolo", str(rng.integers(1, 5)), type="single")


def _add_trills(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.06):
        holder = etree.SubElement(notations_of(note), "ornaments")
        etree.SubElement(holder, "trill-mark")
        if rng.random() < 0.5:
            etree.SubElement(holder, "wavy-line", type="start", number="1")
            etree.SubElement(holder, "wavy-line", type="stop", number="1")


def _add_arpeggios(part: Element, rng: Rng) -> None:
    """On whole chords: a chord's further notes follow its first one."""
    share = rng.uniform(0.02, 0.4)
    spread = False
    for note in part.iter("note"):
        if note.find("rest") is not None or note.find("grace") is not None:
            continue
        if note.find("chord") is None:
            following = note.getnext()
            spread = following is not None and following.find("chord") is not None and rng.random() < share
        if spread:
            etree.SubElement(notations_of(note), "arpeggiate")


def _add_heads(part: Element, rng: Rng) -> None:
    kind = str(rng.choice(_HEADS))
    for note in _some(_notes(part), rng, 0.3):
        _insert_after_type(note, "notehead", kind)


def _add_quarter_tones(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.12):
        if note.find("accidental") is None:
            _insert_after_type(note, "accidental", str(rng.choice(_QUARTERS)))


def _add_parentheses(part: Element, rng: Rng) -> None:
    for note in part.iter("note"):
        accidental = note.find("accidental")
        if accidental is not None and rng.random() < 0.4:
            accidental.set("parentheses", "yes")


def _add_courtesies(part: Element, rng: Rng) -> None:
    """Accidentals that nothing asks for, as printed in old editions: many of all kinds, double ones too."""
    names = ["sharp", "flat", "natural", "double-sharp", "flat-flat"]
    for note in _some(_notes(part), rng, 0.25):
        if note.find("accidental") is None:
            _insert_after_type(note, "accidental", str(rng.choice(names, p=[0.25, 0.25, 0.25, 0.13, 0.12])))


def _insert_after_type(note: Element, name: str, text: str) -> None:
    """The schema's order: type, dot, accidental, time-modification, stem, notehead, staff, beam."""
    before = ("type", "dot", "accidental") + (("time-modification", "stem") if name == "notehead" else ())
    places = [child for child in note if child.tag in before]
    if places:
        made = etree.Element(name)
        made.text = text
        places[-1].addnext(made)


def _direction(name: str, placement: str, **attributes: str) -> tuple[Element, Element]:
    """A `direction` with one thing in it, and that thing."""
    direction = etree.Element("direction", placement=placement)
    holder = etree.SubElement(direction, "direction-type")
    return direction, etree.SubElement(holder, name, attributes)


def _add_dynamics(part: Element, rng: Rng) -> None:
    for note in _some(_notes(part), rng, 0.12):
        direction, holder = _direction("dynamics", str(rng.choice(["below", "below", "above"])))
        etree.SubElement(holder, str(rng.choice(_DYNAMICS)))
        note.addprevious(direction)


def _add_wedges(part: Element, rng: Rng) -> None:
    for first, last in _spans(part, rng):
        kind = str(rng.choice(["crescendo", "diminuendo"]))
        first.addprevious(_direction("wedge", "below", type=kind)[0])
        last.addnext(_direction("wedge", "below", type="stop")[0])


def _add_pedals(part: Element, rng: Rng) -> None:
    for first, last in _spans(part, rng):
        first.addprevious(_direction("pedal", "below", type="start", sign="yes", line="no")[0])
        last.addnext(_direction("pedal", "below", type="stop", sign="yes", line="no")[0])


def _add_octaves(part: Element, rng: Rng) -> None:
    for first, last in _spans(part, rng):
        size = "15" if rng.random() < 0.3 else "8"
        way, place = ("down", "above") if rng.random() < 0.6 else ("up", "below")
        first.addprevious(_direction("octave-shift", place, type=way, size=size)[0])
        last.addnext(_direction("octave-shift", place, type="stop", size=size)[0])


def _spans(part: Element, rng: Rng) -> list[tuple[Element, Element]]:
    """The first and the last note of some stretches of one voice, within a bar each."""
    share = rng.uniform(0.05, 0.3)
    found = []
    for measure in part.findall("measure"):
        voices: dict[str, list[Element]] = {}
        for note in _notes(measure):
            voices.setdefault(note.findtext("voice") or "", []).append(note)
        for notes in voices.values():
            if len(notes) >= 3 and rng.random() < share:
                a, b = sorted(rng.choice(len(notes), 2, replace=False))
                found.append((notes[a], notes[b]))
    return found


def _add_signs(part: Element, rng: Rng) -> None:
    for measure in part.findall("measure")[1:]:
        if rng.random() < 0.08:
            measure.insert(0, _direction(str(rng.choice(["segno", "coda"])), "above")[0])


def _add_repeats(part: Element, rng: Rng) -> None:
    """Repeats, some with endings over the bars around them."""
    measures = part.findall("measure")
    # Every part of a score repeats alike: the places come from the bar's number alone.
    period = 4 + len(measures) % 5
    for number in range(period, len(measures) - 1, period):
        first, second = measures[number - 1], measures[number]
        for measure in (first, second):
            for barline in measure.findall("barline"):
                measure.remove(barline)
        with_endings = number // period % 2 == 1
        if with_endings:
            opening = _barline("left")
            first.insert(0, opening)
            etree.SubElement(opening, "ending", number="1", type="start").text = "1."
        closing = _barline("right", "light-heavy")
        if with_endings:
            etree.SubElement(closing, "ending", number="1", type="stop")
        etree.SubElement(closing, "repeat", direction="backward")
        first.append(closing)
        opening = _barline("left")
        if with_endings:
            etree.SubElement(opening, "ending", number="2", type="start").text = "2."
            ending = _barline("right")
            etree.SubElement(ending, "ending", number="2", type="discontinue")
            second.append(ending)
        else:
            etree.SubElement(opening, "bar-style").text = "heavy-light"
            etree.SubElement(opening, "repeat", direction="forward")
        second.insert(0, opening)


def _barline(location: str, style: str | None = None) -> Element:
    barline = etree.Element("barline", location=location)
    if style is not None:
        etree.SubElement(barline, "bar-style").text = style
    return barline


def _add_metres(part: Element, rng: Rng) -> None:
    for measure in part.findall("measure")[1:]:
        if rng.random() < 0.12:
            beats, unit = _METRES[int(rng.integers(len(_METRES)))]
            attributes = _attributes(measure)
            for old in attributes.findall("time"):
                attributes.remove(old)
            time = etree.Element("time")
            etree.SubElement(time, "beats").text = str(beats)
            etree.SubElement(time, "beat-type").text = str(unit)
            _put_attribute(attributes, time, ("divisions", "key"))


def _add_clefs(part: Element, rng: Rng) -> None:
    """Clefs that change the sign only: octave clefs, C clefs, percussion and tablature."""
    clefs = [("C", 3, 0), ("C", 4, 0), ("C", 1, 0), ("G", 2, -1), ("G", 2, 1), ("F", 4, -1), ("F", 4, 0), ("G", 2, 0),
             ("G", 2, 2), ("percussion", 2, 0), ("TAB", 5, 0)]  # fmt: skip
    staves = int(part.findtext(".//staves") or 1)
    for measure in part.findall("measure")[1:]:
        if rng.random() < 0.12:
            sign, line, octave = clefs[int(rng.choice(len(clefs), p=[*[0.1] * 8, 0.05, 0.1, 0.05]))]
            clef = etree.Element("clef", number=str(rng.integers(1, staves + 1)))
            etree.SubElement(clef, "sign").text = sign
            etree.SubElement(clef, "line").text = str(line)
            if octave:
                etree.SubElement(clef, "clef-octave-change").text = str(octave)
            _put_attribute(
                _attributes(measure), clef, ("divisions", "key", "time", "staves", "part-symbol", "clef")
            )


def _add_keys(part: Element, rng: Rng) -> None:
    measures = part.findall("measure")
    # All parts change together.
    shared = np.random.default_rng(len(measures))
    for measure in measures[1:]:
        if shared.random() < 0.12:
            attributes = _attributes(measure)
            for old in attributes.findall("key"):
                attributes.remove(old)
            key = etree.Element("key")
            etree.SubElement(key, "fifths").text = str(shared.integers(-7, 8))
            _put_attribute(attributes, key, ("divisions",))


def _attributes(measure: Element) -> Element:
    found = measure.find("attributes")
    if found is None:
        found = etree.Element("attributes")
        measure.insert(0, found)
    return found


def _put_attribute(attributes: Element, made: Element, before: Sequence[str]) -> None:
    places = [child for child in attributes if child.tag in before]
    if places:
        places[-1].addnext(made)
    else:
        attributes.insert(0, made)


def _add_cues(part: Element, rng: Rng) -> None:
    """Whole bars in small print."""
    for measure in part.findall("measure"):
        if rng.random() < 0.15:
            for note in measure.findall("note"):
                kind = note.find("type")
                if kind is not None and note.find("grace") is None:
                    kind.set("size", "cue")


def _add_bar_repeats(part: Element, rng: Rng) -> None:
    """Bars that only say that the one before is played again."""
    measures = part.findall("measure")
    for measure, following in itertools.pairwise(measures[1:]):
        if rng.random() < 0.06 and measure.find("attributes") is None:
            for place, kind in ((measure, "start"), (following, "stop")):
                style = etree.SubElement(_attributes(place), "measure-style")
                etree.SubElement(style, "measure-repeat", type=kind).text = "1"


# How likely a piece is to get each kind of sign.
_KINDS: tuple[tuple[float, Callable[[Element, Rng], None]], ...] = (
    (0.12, _add_technical), (0.12, _add_breaths), (0.15, _add_fermatas), (0.12, _add_tremolos), (0.15, _add_trills),
    (0.25, _add_arpeggios), (0.10, _add_heads), (0.06, _add_quarter_tones), (0.10, _add_parentheses),
    (0.30, _add_courtesies), (0.40, _add_dynamics), (0.35, _add_wedges), (0.18, _add_pedals), (0.15, _add_octaves),
    (0.10, _add_signs), (0.30, _add_repeats), (0.20, _add_metres), (0.25, _add_clefs), (0.2, _add_keys),
    (0.10, _add_cues), (0.05, _add_bar_repeats),
)  # fmt: skip
