"""What an encoding says is printed on the page, as numbers: note heads, rests, accidentals, clefs, bar lines.

In: MusicXML bytes. Out: a `PrintedBar` for each bar, and what a line of bars prints. This parser belongs to the measure
alone, like that of `notes`, so that reader and measure cannot be wrong together.

Taken to be printed: the filled heads of notes up to a quarter, grace notes too, and rests, where they are not hidden;
in unison two voices share one head, at the same time and height one rest. `<accidental>` and `<accidental-mark>`. A
clef and the key on every staff at the head of each line. A change of clef or key where it stands, and at the end of the
line before if a line begins with it; a change of key prints naturals for what it cancels, as engravers of the time did.
A bar line ends each bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeAlias

from lxml import etree

from leggio.errors import UnreadableFile

_MUSIC = frozenset({"note", "backup", "forward"})
_HEIGHTS = (
    "pitch/step", "pitch/alter", "pitch/octave", "unpitched/display-step", "unpitched/display-octave",
    "rest/display-step", "rest/display-octave",
)  # fmt: skip
_FILLED = frozenset({"quarter", "eighth", "16th", "32nd", "64th", "128th", "256th"})

Element: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True)
class SymbolCounts:
    """How many of each there are."""

    filled_heads: int = 0
    rests: int = 0
    accidentals: int = 0
    clefs: int = 0
    bar_lines: int = 0

    def __add__(self, other: SymbolCounts) -> SymbolCounts:
        return SymbolCounts(*(mine + theirs for mine, theirs in zip(self.row, other.row, strict=True)))

    @property
    def row(self) -> tuple[int, ...]:
        return tuple(getattr(self, column.name) for column in fields(self))


@dataclass(frozen=True, slots=True)
class PrintedBar:
    """One bar of all parts.

    `inside` is what it prints wherever it stands; its bar line on the right is among it. `change` is what a new clef or
    key before its first note prints, `signature` what is printed if a line begins with it.
    """

    inside: SymbolCounts
    change: SymbolCounts
    signature: SymbolCounts

    def __add__(self, other: PrintedBar) -> PrintedBar:
        """The same bar of another part; the bar line goes through both."""
        inside = replace(self.inside + other.inside, bar_lines=1)
        return PrintedBar(inside, self.change + other.change, self.signature + other.signature)


def read_printed(data: bytes) -> list[PrintedBar]:
    """The bars of a MusicXML file, all parts together. Raises UnreadableFile for anything else."""
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"This is not MusicXML ({error}): write it anew.") from error
    bars: list[PrintedBar] = []
    for part in root.iterfind("part"):
        reader = _PartReader()
        for place, measure in enumerate(part.iterfind("measure")):
            bar = reader.read_bar(measure)
            if place < len(bars):
                bars[place] += bar
            else:
                bars.append(bar)
    if not bars:
        raise UnreadableFile("This MusicXML holds no bars: give the truth of a page with music.")
    return bars


def count_line(bars: Sequence[PrintedBar], following: PrintedBar | None = None) -> SymbolCounts:
    """What a line with these bars prints; `following` begins the next line, which announces its changes."""
    if not bars:
        return SymbolCounts()
    total = bars[0].signature
    for place, bar in enumerate(bars):
        total += bar.inside if place == 0 else bar.inside + bar.change
    return total + following.change if following else total


@dataclass(slots=True)
class _PartReader:
    """Reads one part bar by bar; what holds on from bar to bar is kept here. Times are in divisions of a quarter."""

    staves: int = 1
    fifths: int = 0
    clefs: dict[int, str] = field(default_factory=dict)

    def read_bar(self, measure: Element) -> PrintedBar:
        children = list(measure)
        start = next((place for place, child in enumerate(children) if child.tag in _MUSIC), len(children))
        change = self._read_attributes(children[:start])
        signature = SymbolCounts(accidentals=abs(self.fifths) * self.staves, clefs=self.staves)
        inside = self._read_attributes(children[start:]) + _count_notes(children) + SymbolCounts(bar_lines=1)
        return PrintedBar(inside, change, signature)

    def _read_attributes(self, children: Sequence[Element]) -> SymbolCounts:
        """The clefs and keys that differ from those in force; they are in force from here on."""
        accidentals, clefs = 0, 0
        for attributes in (child for child in children if child.tag == "attributes"):
            self.staves = int(attributes.findtext("staves", str(self.staves)))
            fifths = int(attributes.findtext("key/fifths", str(self.fifths)))
            if fifths != self.fifths:
                accidentals += count_key_change(self.fifths, fifths) * self.staves
                self.fifths = fifths
            for clef in attributes.iterfind("clef"):
                staff = int(clef.get("number", "1"))
                name = " ".join(str(sign.text) for sign in clef)
                clefs += self.clefs.get(staff) != name
                self.clefs[staff] = name
        return SymbolCounts(accidentals=accidentals, clefs=clefs)


def count_key_change(before: int, after: int) -> int:
    """The signs of a change of key, in fifths: naturals for what is cancelled, then the new key."""
    kept = min(abs(before), abs(after)) if before * after > 0 else 0
    return abs(before) - kept + abs(after)


def _count_notes(children: Sequence[Element]) -> SymbolCounts:
    heads: set[tuple[object, ...]] = set()
    rests: set[tuple[object, ...]] = set()
    accidentals = 0
    now = onset = 0.0
    for child in children:
        duration = float(child.findtext("duration", "0"))
        if child.tag == "backup":
            now -= duration
        elif child.tag == "forward":
            now += duration
        elif child.tag == "note":
            if child.find("chord") is None:
                onset = now
                now += duration
            if child.get("print-object") == "no":
                continue
            accidentals += len(child.findall("accidental")) + len(child.findall(".//accidental-mark"))
            if child.find("rest") is not None:
                rests.add((child.findtext("type"), *_name_place(child, onset)))
            elif child.findtext("type") in _FILLED:
                heads.add(_name_place(child, onset))
    return SymbolCounts(len(heads), len(rests), accidentals)


def _name_place(note: Element, onset: float) -> tuple[object, ...]:
    """What two voices must have in common to share one head or rest; grace notes share none."""
    if note.find("grace") is not None:
        return (note,)
    height = tuple(note.findtext(path) for path in _HEIGHTS)
    return note.findtext("staff"), onset, height, len(note.findall("dot"))
