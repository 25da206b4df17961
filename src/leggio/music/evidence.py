"""Signs of trouble on each staff of each bar. In: what was seen on a page and the score read from it. Out: `Evidence`.

Beats that are missing, values that were changed so that the bar adds up, contradictions of its voices, neighbours under
one beam that disagree, symbols that the net is unsure of, symbols that belong to nothing, small notes, a number of
voices unlike the other bars', accidentals far from the key. Amounts that can grow large go in by the logarithm of
1 + amount: the first slip of a bar tells most.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from leggio.geometry import Point
from leggio.music.events import Event, NoteType
from leggio.music.items import make_item
from leggio.music.notation import (
    ACCIDENTALS,
    HEADS,
    RESTS,
    Chord,
    Notation,
    Staff,
    Stroke,
    StrokeKind,
    Symbol,
    SymbolKind,
)
from leggio.music.rhythm import DOUBTFUL
from leggio.music.score import Bar, Key, Score, Time
from leggio.music.spans import Mark, Span, find_spans


class Sign(Enum):
    """What makes a bar doubtful."""

    BEATS = "beats"
    STRAIN = "strain"
    CHANGED = "changed"
    UNSURE = "unsure"
    LOOSE = "loose"
    VOICES = "voices"
    FAR = "far"
    OCTAVE = "octave"
    BEAMS = "beams"
    GRACE = "grace"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of a sign stands on one staff of one bar; `place` is the bar's place in the score."""

    place: int
    part: int
    staff: int
    sign: Sign
    amount: float
    reason: str
    ink: tuple[int, ...] = ()


_DOUBTED = 0.9  # symbols of a lower chance are named
_FLAGS = tuple(kind for kind in SymbolKind if kind.value.startswith("flag"))
_WEIGHED = frozenset((*HEADS, *RESTS, *ACCIDENTALS, *_FLAGS, SymbolKind.DOT))
_EIGHTS = (SymbolKind.OTTAVA, SymbolKind.QUINDICESIMA)
_SEEN = 0.3  # an 8 of a lower chance is not believed
_LEAST_CHANCE = 0.02  # no symbol is doubted more than this
_REACH = 7.0  # a symbol belongs to a staff at most so far away, staff spaces
_LONG_STEM = 2.2  # a stem without any head is told if it is so long, staff spaces
_BEFORE = 4.2  # an accidental stands at most so far before its head, staff spaces
_FAR_FIFTHS = 6  # a note so many fifths from the middle of its key is rare
_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}


def gather_evidence(
    notation: Notation, symbols: Sequence[Symbol], strokes: Sequence[Stroke], score: Score
) -> Iterator[Evidence]:
    """All signs of trouble, bar by bar and staff by staff."""
    written: dict[int, Mark] = {}
    marks: list[Mark] = [*notation.chords, *notation.rests]
    for mark in marks:
        symbols_of = [head.symbol for head in mark.heads] if isinstance(mark, Chord) else [mark.symbol]
        written |= dict.fromkeys(symbols_of, mark)
    used = _used_ink(notation)
    stems = [s for s in strokes if s.kind is StrokeKind.STEM and s.id not in used]
    eights = [s for s in symbols if s.kind in _EIGHTS]
    places = [(symbol, symbol.box.center) for symbol in symbols]
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    usual = _usual_voices(score)
    time, key = Time(4, 4), Key(0)
    for place, span in enumerate(spans):
        bars = [part.bars[place] for part in score.parts]
        time, key = bars[0].time or time, bars[0].key or key
        near = _find_near(span, places)
        for staff, part, number in _homes(span, score):
            bar = bars[part]
            events = [event for event in bar.events if event.staff == number and not event.hidden]
            here = (place, part + 1, number)
            for sign, amount, reason, ink in (
                *_beats(events, bar, time),
                *_changes(events, written),
                *_strain(bar, len(span.system.staves)),
                *_unsure(near[staff.id]),
                *_loose(span, staff, near[staff.id], stems, used, notation),
                *_voices(events, usual[part, number]),
                *_far(events, key),
                *_octave(span, staff, eights, notation),
                *_beams(_find_chords(span, staff, notation)),
                *_graces(events),
            ):
                yield Evidence(*here, sign, amount, reason, ink)


_Found = tuple[Sign, float, str, tuple[int, ...]]


def _homes(span: Span, score: Score) -> list[tuple[Staff, int, int]]:
    """The staves of a system, each with its part (from 0) and its number there (from 1); systems lack upper staves."""
    homes = [(p, n) for p, part in enumerate(score.parts) for n in range(1, part.staves + 1)]
    staves = span.system.staves
    return [(staff, *home) for staff, home in zip(staves, homes[len(homes) - len(staves) :], strict=False)]


def _used_ink(notation: Notation) -> set[int]:
    used = {i for chord in notation.chords for i in chord.ink} | {rest.symbol for rest in notation.rests}
    return used | {mark.symbol for mark in notation.marks} | {clef.symbol for clef in notation.clefs}


def _beats(events: Sequence[Event], bar: Bar, time: Time) -> list[_Found]:
    """A staff whose first voice does not fill the bar, or runs over its end."""
    sounding = [event for event in events if not event.grace]
    if not sounding or bar.implicit:
        return []
    lowest = min(event.voice for event in sounding)
    voice = [event for event in sounding if event.voice == lowest]
    total = sum((event.duration for event in voice), Fraction(0))
    if total == bar.duration:
        return []
    beats = f"{_number(total * time.beat_type)} of {time.beats} beats"
    return [(Sign.BEATS, 1.0, beats, tuple(i for event in voice for i in event.ink))]


def _number(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _changes(events: Sequence[Event], written: Mapping[int, Mark]) -> Iterator[_Found]:
    """Notes and rests that got another value than the one they seem to have; each further one tells less."""
    count = 0
    for event in events:
        mark = next((written[i] for i in event.ink if i in written), None)
        if mark is None or event.grace:
            continue
        seen = make_item(mark, 0).choices[0]
        if (seen.halvings, seen.dots) != (_halvings(event.kind), event.dots):
            reason = f"looks like {_name(seen.halvings, seen.dots)}, read {_name(_halvings(event.kind), event.dots)}"
            count += 1
            yield Sign.CHANGED, math.log1p(count) - math.log1p(count - 1), reason, event.ink


def _halvings(kind: NoteType) -> int:
    return list(NoteType).index(kind) - 1


def _name(halvings: int, dots: int) -> str:
    kinds = [kind.value for kind in NoteType]
    return ("dotted " if dots else "") + kinds[min(max(halvings + 1, 0), len(kinds) - 1)]


def _strain(bar: Bar, staves: int) -> list[_Found]:
    """A bar whose rhythm is a guess, or whose voices could not be told apart without contradictions."""
    if not bar.strain:
        return []
    reason = "the voices do not line up" if bar.strain > DOUBTFUL else "the rhythm is a guess"
    return [(Sign.STRAIN, math.log1p(bar.strain) / staves, reason, ())]


def _octave(span: Span, staff: Staff, eights: Sequence[Symbol], notation: Notation) -> list[_Found]:
    """An 8 without a line: nothing tells which notes behind it sound higher than written."""
    read = {line.symbol for line in notation.octaves}
    loose = [
        s
        for s in eights
        if s.id not in read and s.confidence > _SEEN and s.box.x0 < span.right
        and _away(staff, s) < _REACH and staff is min(span.system.staves, key=lambda other: _away(other, s))
    ]  # fmt: skip
    amount = max((s.confidence for s in loose), default=0.0)
    return [(Sign.OCTAVE, amount, "an 8 without its line", tuple(s.id for s in loose))] if loose else []


def _find_near(span: Span, places: Sequence[tuple[Symbol, Point]]) -> dict[int, list[Symbol]]:
    """The symbols in a bar by the id of the staff that each is nearest to; `places` are all of the page's."""
    staves = span.system.staves
    near: dict[int, list[Symbol]] = {staff.id: [] for staff in staves}
    reach = max(staff.space for staff in staves) * _REACH
    top, bottom = staves[0].box.y0 - reach, staves[-1].box.y1 + reach
    for symbol, centre in places:
        if span.left <= centre.x < span.right and top < centre.y < bottom:
            away, _, staff = min((_away(staff, symbol), place, staff) for place, staff in enumerate(staves))
            if away < _REACH:
                near[staff.id].append(symbol)
    return near


def _find_chords(span: Span, staff: Staff, notation: Notation) -> list[Chord]:
    return [c for c in notation.chords if c.staff == staff.id and span.left <= c.x < span.right]


def _away(staff: Staff, symbol: Symbol) -> float:
    centre = symbol.box.center
    top, bottom = staff.line_at(0, centre.x), staff.line_at(4, centre.x)
    return max(top - centre.y, centre.y - bottom, 0.0) / staff.space


def _unsure(symbols: Sequence[Symbol]) -> list[_Found]:
    """The symbols that the net doubts."""
    here = [s for s in symbols if s.kind in _WEIGHED]
    total = sum(-math.log(max(s.confidence, _LEAST_CHANCE)) for s in here if s.confidence < 1)
    if not total:
        return []
    doubted = sorted((s for s in here if s.confidence < _DOUBTED), key=lambda s: s.confidence)
    names = Counter(_word(s.kind) for s in doubted)
    text = ", ".join(f"{count} {name}" if count > 1 else name for name, count in names.items())
    ink = tuple(s.id for s in doubted)
    return [(Sign.UNSURE, math.log1p(total), f"hard to see: {text or 'small signs'}", ink)]


def _word(kind: SymbolKind) -> str:
    if kind in HEADS:
        return "note head"
    if kind in RESTS:
        return "rest"
    if kind in ACCIDENTALS:
        return "accidental"
    return "flag" if kind in _FLAGS else "dot"


def _loose(
    span: Span, staff: Staff, symbols: Sequence[Symbol], stems: Sequence[Stroke], used: set[int],
    notation: Notation,
) -> list[_Found]:  # fmt: skip
    """Heads, accidentals, flags and stems that belong to nothing, each as likely as it is there at all."""
    found: list[tuple[str, float, int]] = []
    chords = _find_chords(span, staff, notation)
    for symbol in symbols:
        if symbol.id in used:
            continue
        if symbol.kind in HEADS or symbol.kind in _FLAGS or symbol.kind in RESTS:
            found.append((_word(symbol.kind), symbol.confidence, symbol.id))
        elif symbol.kind in ACCIDENTALS:
            x = symbol.box.center.x
            if any(0 < c.x - x < _BEFORE * staff.space for c in chords):
                found.append(("accidental", symbol.confidence, symbol.id))
    for stem in stems:
        middle = stem.box.center
        is_long = stem.box.height > _LONG_STEM * staff.space
        if not is_long or not span.left < middle.x < span.right:
            continue
        if staff.line_at(0, middle.x) < middle.y < staff.line_at(4, middle.x):
            found.append(("stem", stem.confidence, stem.id))
    if not found:
        return []
    names = ", ".join(dict.fromkeys(name for name, _, _ in found))
    amount = math.log1p(sum(confidence for _, confidence, _ in found))
    return [(Sign.LOOSE, amount, f"belongs to nothing: {names}", tuple(i for *_, i in found))]


def _beams(chords: Sequence[Chord]) -> list[_Found]:
    """Neighbours under one beam that disagree how many beams there are between them, and beams that lead nowhere."""
    groups: dict[int, list[Chord]] = defaultdict(list)
    for chord in sorted(chords, key=lambda chord: chord.x):
        if chord.beam is not None:
            groups[chord.beam].append(chord)
    off, ink = 0, set[int]()
    for row in groups.values():
        sides = [(0, row[0].beams_left), *((a.beams_right, b.beams_left) for a, b in pairwise(row))]
        gaps = [abs(left - right) for left, right in [*sides, (row[-1].beams_right, 0)]]
        off += sum(gaps)
        ink |= {i for chord in row for i in chord.ink} if any(gaps) else set()
    return [(Sign.BEAMS, math.log1p(off), "its beams disagree", tuple(sorted(ink)))] if off else []


def _graces(events: Sequence[Event]) -> list[_Found]:
    """Small notes: they and their accidentals are missed more easily than large ones."""
    small = [event for event in events if event.grace]
    ink = tuple(i for event in small for i in event.ink)
    return [(Sign.GRACE, math.log1p(len(small)), "grace notes", ink)] if small else []


def _usual_voices(score: Score) -> dict[tuple[int, int], int]:
    """How many voices most bars of each staff have."""
    usual = {}
    for number, part in enumerate(score.parts):
        for staff in range(1, part.staves + 1):
            counts = Counter(
                len({event.voice for event in bar.events if event.staff == staff and not event.grace})
                for bar in part.bars
            )
            usual[number, staff] = counts.most_common(1)[0][0] if counts else 1
    return usual


def _voices(events: Sequence[Event], usual: int) -> list[_Found]:
    count = len({event.voice for event in events if not event.grace})
    if count <= max(usual, 1):
        return []
    return [(Sign.VOICES, float(count - usual), f"{count} voices where other bars have {usual}", ())]


def _far(events: Sequence[Event], key: Key) -> Iterator[_Found]:
    """Notes that are rare in their key: an accidental, or a clef, may have been misread."""
    for event in events:
        for note in event.notes:
            fifths = _FIFTHS[note.pitch.step] + 7 * note.pitch.alter - key.fifths - 2
            if abs(fifths) > _FAR_FIFTHS:
                yield (
                    Sign.FAR,
                    1.0,
                    f"a {_pitch_name(note.pitch.step, note.pitch.alter)} is rare in this key",
                    note.ink,
                )


def _pitch_name(step: str, alter: int) -> str:
    return step + {2: " double sharp", 1: " sharp", 0: "", -1: " flat", -2: " double flat"}.get(alter, "")
