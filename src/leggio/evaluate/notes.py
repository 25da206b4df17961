"""The notes of a MusicXML file, bar by bar, and how well two files agree on them: precision and recall.

In go MusicXML bytes, out come `CountedBar`s. This parser belongs to the measure alone and shares nothing with the
reader, so that the two cannot be wrong together.

What counts as a note: every printed head of every part, tied ones and grace notes too; rests and hidden notes
(`print-object="no"`) do not count. What counts as a match: a note of the truth and one of the answer, in bars that
are aligned with each other, with the same staff (staves are counted through all parts from the top), the same onset
in the bar, the same spelled pitch (step, alteration, octave: F sharp is not G flat) and the same sounding duration
(a tied note lasts as long as its own head, a grace note 0). Voices, stems and beams are not compared. Notes are a
multiset: two equal heads on one staff (two voices in unison) need two in the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from lxml import etree

from leggio.errors import UnreadableFile

Element: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True, order=True)
class CountedNote:
    """One printed head. `onset` is counted from the start of the bar; times are fractions of a whole note."""

    staff: int
    onset: Fraction
    octave: int
    step: str
    alter: int
    duration: Fraction

    @property
    def pitch(self) -> tuple[str, int, int]:
        return self.step, self.alter, self.octave

    @property
    def height(self) -> int:
        """The place on the staff: diatonic steps above C0."""
        return 7 * self.octave + "CDEFGAB".index(self.step)


@dataclass(frozen=True, slots=True)
class CountedBar:
    """One bar of all parts. `key` and `time` are of the top part; `clefs` hold at the bar's start, one a staff."""

    label: str
    notes: tuple[CountedNote, ...]
    clefs: tuple[str, ...] = ()
    key: int | None = None
    time: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many notes two files share, and how many each of them has."""

    shared: int
    truth: int
    answer: int

    @property
    def precision(self) -> float:
        """The share of the answer's notes that are in the truth; 0 without any note, 1 if the truth has none too."""
        return self._share(self.answer)

    @property
    def recall(self) -> float:
        """The share of the truth's notes that are in the answer."""
        return self._share(self.truth)

    def _share(self, count: int) -> float:
        if count:
            return self.shared / count
        return 1.0 if self.truth == self.answer else 0.0


def compare_notes(truth: Sequence[CountedBar], answer: Sequence[CountedBar]) -> Agreement:
    """The notes that match, over bars aligned so that the most music agrees."""
    shared = sum(
        (Counter(true.notes) & Counter(found.notes)).total()
        for true, found in align_bars(truth, answer)
        if true is not None and found is not None
    )
    return Agreement(shared, _count(truth), _count(answer))


def align_bars(
    truth: Sequence[CountedBar], answer: Sequence[CountedBar]
) -> list[tuple[CountedBar | None, CountedBar | None]]:
    """Bars of the truth beside bars of the answer, in order; None stands beside a lost or an invented bar.

    Dynamic programming: the alignment with the largest sum of `_likeness`, so that one lost bar does not shift all
    others. Among equals, bars stay paired rather than alone.
    """
    best = [[0] * (len(answer) + 1) for _ in range(len(truth) + 1)]
    likeness = [[_likeness(true, found) for found in answer] for true in truth]
    for row in range(1, len(truth) + 1):
        for column in range(1, len(answer) + 1):
            paired = best[row - 1][column - 1] + likeness[row - 1][column - 1]
            best[row][column] = max(paired, best[row - 1][column], best[row][column - 1])
    return list(reversed(list(_walk_back(truth, answer, best, likeness))))


def _walk_back(
    truth: Sequence[CountedBar],
    answer: Sequence[CountedBar],
    best: list[list[int]],
    likeness: list[list[int]],
) -> Iterator[tuple[CountedBar | None, CountedBar | None]]:
    row, column = len(truth), len(answer)
    while row or column:
        both = row and column
        if both and best[row][column] == best[row - 1][column - 1] + likeness[row - 1][column - 1]:
            row, column = row - 1, column - 1
            yield truth[row], answer[column]
        elif row and (not column or best[row][column] == best[row - 1][column]):
            row -= 1
            yield truth[row], None
        else:
            column -= 1
            yield None, answer[column]


def _likeness(true: CountedBar, found: CountedBar) -> int:
    """Matching notes, plus notes of the same staff and pitch: a bar with a wrong rhythm still knows its place."""
    exact = Counter(true.notes) & Counter(found.notes)
    pitches = _heads(true) & _heads(found)
    return exact.total() + pitches.total()


def _heads(bar: CountedBar) -> Counter[tuple[Hashable, ...]]:
    return Counter((note.staff, *note.pitch) for note in bar.notes)


def _count(bars: Sequence[CountedBar]) -> int:
    return sum(len(bar.notes) for bar in bars)


def read_bars(data: bytes) -> tuple[CountedBar, ...]:
    """The bars of a partwise MusicXML file; bars of several parts are merged by their place in the file.

    Raises `UnreadableFile` for bytes that are not MusicXML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise UnreadableFile(f"This is not MusicXML ({problem}): write the file anew.") from problem
    if root.tag != "score-partwise":
        raise UnreadableFile(f"This is <{root.tag}>, not partwise MusicXML: export it as score-partwise.")
    try:
        parts = _read_parts(root)
    except (ValueError, ZeroDivisionError) as problem:
        raise UnreadableFile(
            f"This MusicXML holds a bad number ({problem}): write the file anew."
        ) from problem
    length = max(map(len, parts), default=0)
    return tuple(_merge([part[place] for part in parts if place < len(part)]) for place in range(length))


def _read_parts(root: Element) -> list[list[CountedBar]]:
    parts = []
    staves = 0
    for part in root.iterfind("part"):
        state = _Part(first_staff=staves + 1)
        parts.append([state.read_bar(measure) for measure in part.iterfind("measure")])
        staves += state.staves
    return parts


def _merge(bars: Sequence[CountedBar]) -> CountedBar:
    """One bar out of the same bar of all parts."""
    notes = tuple(sorted(note for bar in bars for note in bar.notes))
    clefs = tuple(clef for bar in bars for clef in bar.clefs)
    return CountedBar(bars[0].label, notes, clefs, bars[0].key, bars[0].time)


@dataclass(slots=True)
class _Part:
    """What a MusicXML part carries from bar to bar while it is read. Times in here are fractions of a whole note."""

    first_staff: int
    staves: int = 1
    divisions: int = 1
    key: int | None = None
    time: tuple[int, int] | None = None
    clefs: dict[int, str] = field(default_factory=dict)
    now: Fraction = Fraction(0)
    chord_onset: Fraction = Fraction(0)

    def read_bar(self, measure: Element) -> CountedBar:
        self.now = self.chord_onset = Fraction(0)
        notes: list[CountedNote] = []
        opening: tuple[str, ...] | None = None
        for child in measure:
            if child.tag == "attributes":
                self._read_attributes(child)
            elif child.tag == "backup":
                self.now -= self._duration(child)
            elif child.tag == "forward":
                self.now += self._duration(child)
            elif child.tag == "note":
                opening = opening or self._clef_names()
                notes.extend(self._read_note(child))
        opening = opening or self._clef_names()
        return CountedBar(measure.get("number", ""), tuple(notes), opening, self.key, self.time)

    def _read_attributes(self, attributes: Element) -> None:
        self.divisions = _number(attributes, "divisions") or self.divisions
        self.staves = _number(attributes, "staves") or self.staves
        key = _number(attributes, "key/fifths")
        self.key = self.key if key is None else key
        beats, beat_type = _number(attributes, "time/beats"), _number(attributes, "time/beat-type")
        self.time = (beats, beat_type) if beats and beat_type else self.time
        for clef in attributes.iterfind("clef"):
            octaves = _number(clef, "clef-octave-change")
            name = clef.findtext("sign", "") + clef.findtext("line", "")
            self.clefs[int(clef.get("number", "1"))] = f"{name}{8 * octaves:+}" if octaves else name

    def _clef_names(self) -> tuple[str, ...]:
        return tuple(self.clefs.get(staff, "?") for staff in range(1, self.staves + 1))

    def _read_note(self, note: Element) -> Iterator[CountedNote]:
        duration = self._duration(note)
        if note.find("chord") is None:
            self.chord_onset = self.now
            self.now += duration
        pitch = note.find("pitch") if note.find("pitch") is not None else note.find("unpitched")
        if pitch is None or note.get("print-object") == "no":
            return
        yield CountedNote(
            staff=self.first_staff - 1 + (_number(note, "staff") or 1),
            onset=self.chord_onset,
            octave=_number(pitch, "octave") or _number(pitch, "display-octave") or 0,
            step=pitch.findtext("step") or pitch.findtext("display-step") or "C",
            alter=_number(pitch, "alter") or 0,
            duration=duration,
        )

    def _duration(self, element: Element) -> Fraction:
        quarters = Fraction(element.findtext("duration", "0")) / self.divisions
        return quarters / 4


def _number(element: Element, path: str) -> int | None:
    """The whole number at `path`, None where there is none; quarter tones are cut off."""
    text = element.findtext(path)
    return int(float(text)) if text else None
