"""Where a person should look first. In: what was seen on a page and the score read from it. Out: ranked `Doubt`s.

Signs of trouble are counted on each staff of each bar: beats that are missing, values that were changed so that the bar
adds up, symbols that the net is unsure of, symbols that belong to nothing, a number of voices unlike the other bars',
accidentals far from the key. Each sign is taken for a cause of its own: the chance that a bar is wrong is
1 - exp(-sum of weight x count), a noisy or. The weights were fitted on aged pages of the factory (`bench/doubts.py`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

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
from leggio.music.score import Bar, Event, Key, NoteType, Score, Time
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """One staff of one bar that may be wrong.

    `system` counts from 0, `bar` is the bar's printed number, `part` and `staff` count from 1. `score` is the chance in
    [0, 1] that something is wrong there, `reason` why in musical words, `ink` the ids of what it is about.
    """

    system: int
    bar: int
    part: int
    staff: int
    reason: str
    score: float
    ink: tuple[int, ...] = ()


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


WEIGHTS = {
    Sign.BEATS: 0.08, Sign.STRAIN: 0.17, Sign.CHANGED: 0.91, Sign.UNSURE: 0.17, Sign.LOOSE: 0.044, Sign.VOICES: 0.032,
    Sign.FAR: 0.02, Sign.OCTAVE: 0.56,
}  # fmt: skip
_HANDS = 2  # staves of a part that two hands play
_LEAST = 0.015  # doubts of a lower score are not told
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


def find_doubts(
    notation: Notation, symbols: Sequence[Symbol], strokes: Sequence[Stroke], score: Score
) -> tuple[Doubt, ...]:
    """The doubts of a page, the most doubtful bars first; confidences of `symbols` are chances."""
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    found: dict[tuple[int, int, int], list[Evidence]] = defaultdict(list)
    for evidence in gather_evidence(notation, symbols, strokes, score):
        found[evidence.place, evidence.part, evidence.staff].append(evidence)
    totals: dict[int, float] = defaultdict(float)
    for (place, _, _), row in found.items():
        totals[place] += sum(map(_weigh, row))
    doubts = []
    for (place, part, staff), row in found.items():
        row.sort(key=_weigh, reverse=True)
        chance = 1 - math.exp(-sum(map(_weigh, row)))
        bar = score.parts[0].bars[place]
        if chance >= _LEAST:
            reasons = "; ".join(dict.fromkeys(e.reason for e in row if _weigh(e) > 0))
            ink = tuple(dict.fromkeys(i for e in row for i in e.ink))
            doubt = Doubt(spans[place].system.id, bar.number, part, staff, reasons, round(chance, 3), ink)
            doubts.append((totals[place], doubt))
    doubts.sort(key=lambda pair: (-pair[0], pair[1].bar, -pair[1].score))
    return tuple(doubt for _, doubt in doubts)


def describe_doubt(doubt: Doubt, score: Score) -> str:
    """A doubt in one line: `bar 12, left hand: 3.5 of 4 beats (62%)`; hands for a part of two staves."""
    part = score.parts[doubt.part - 1] if doubt.part <= len(score.parts) else None
    if part is not None and part.staves == _HANDS:
        where = "right hand" if doubt.staff == 1 else "left hand"
        where = f"{part.name or f'part {doubt.part}'}, {where}" if len(score.parts) > 1 else where
    else:
        where = (part.name if part is not None else "") or f"part {doubt.part}"
        where += f", staff {doubt.staff}" if part is not None and part.staves > 1 else ""
    return f"bar {doubt.bar}, {where}: {doubt.reason} ({doubt.score:.0%})"


def _weigh(evidence: Evidence) -> float:
    return WEIGHTS[evidence.sign] * evidence.amount


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
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    usual = _usual_voices(score)
    time, key = Time(4, 4), Key(0)
    for place, span in enumerate(spans):
        bars = [part.bars[place] for part in score.parts]
        time, key = bars[0].time or time, bars[0].key or key
        near = [s for s in symbols if span.left <= s.box.center.x < span.right]
        for staff, part, number in _homes(span, score):
            bar = bars[part]
            events = [event for event in bar.events if event.staff == number and not event.hidden]
            here = (place, part + 1, number)
            for sign, amount, reason, ink in (
                *_beats(events, bar, time),
                *_changes(events, written),
                *_strain(bar, len(span.system.staves)),
                *_unsure(span, staff, near),
                *_loose(span, staff, near, strokes, used, notation),
                *_voices(events, usual[part, number]),
                *_far(events, key),
                *_octave(span, staff, symbols, notation),
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
    """Notes and rests that got another value than the one they seem to have."""
    for event in events:
        mark = next((written[i] for i in event.ink if i in written), None)
        if mark is None or event.grace:
            continue
        seen = make_item(mark, 0).choices[0]
        if (seen.halvings, seen.dots) != (_halvings(event.kind), event.dots):
            reason = f"looks like {_name(seen.halvings, seen.dots)}, read {_name(_halvings(event.kind), event.dots)}"
            yield Sign.CHANGED, 1.0, reason, event.ink


def _halvings(kind: NoteType) -> int:
    return list(NoteType).index(kind) - 1


def _name(halvings: int, dots: int) -> str:
    kinds = [kind.value for kind in NoteType]
    return ("dotted " if dots else "") + kinds[min(max(halvings + 1, 0), len(kinds) - 1)]


def _strain(bar: Bar, staves: int) -> list[_Found]:
    """A bar whose voices could not be told apart without contradictions."""
    over = max(0.0, bar.strain - DOUBTFUL) / staves
    return [(Sign.STRAIN, over, "the voices do not line up", ())] if over else []


def _octave(span: Span, staff: Staff, symbols: Sequence[Symbol], notation: Notation) -> list[_Found]:
    """An 8 without a line: nothing tells which notes behind it sound higher than written."""
    read = {line.symbol for line in notation.octaves}
    loose = [
        s
        for s in symbols
        if s.kind in _EIGHTS and s.id not in read and s.confidence > _SEEN and s.box.x0 < span.right
        and _away(staff, s) < _REACH and staff is min(span.system.staves, key=lambda other: _away(other, s))
    ]  # fmt: skip
    amount = max((s.confidence for s in loose), default=0.0)
    return [(Sign.OCTAVE, amount, "an 8 without its line", tuple(s.id for s in loose))] if loose else []


def _in_bar(span: Span, staff: Staff, symbol: Symbol) -> bool:
    centre = symbol.box.center
    if not span.left <= centre.x < span.right:
        return False
    return staff is min(span.system.staves, key=lambda s: _away(s, symbol)) and _away(staff, symbol) < _REACH


def _away(staff: Staff, symbol: Symbol) -> float:
    centre = symbol.box.center
    top, bottom = staff.line_at(0, centre.x), staff.line_at(4, centre.x)
    return max(top - centre.y, centre.y - bottom, 0.0) / staff.space


def _unsure(span: Span, staff: Staff, symbols: Sequence[Symbol]) -> list[_Found]:
    """The symbols that the net doubts; the least sure one counts, as it tells more than the sum of all."""
    here = [s for s in symbols if s.kind in _WEIGHED and _in_bar(span, staff, s)]
    worst = min((s.confidence for s in here), default=1.0)
    if worst >= 1.0:
        return []
    amount = -math.log(max(worst, _LEAST_CHANCE))
    doubted = sorted((s for s in here if s.confidence < _DOUBTED), key=lambda s: s.confidence)
    names = Counter(_word(s.kind) for s in doubted)
    text = ", ".join(f"{count} {name}" if count > 1 else name for name, count in names.items())
    return [(Sign.UNSURE, amount, f"hard to see: {text or 'small signs'}", tuple(s.id for s in doubted))]


def _word(kind: SymbolKind) -> str:
    if kind in HEADS:
        return "note head"
    if kind in RESTS:
        return "rest"
    if kind in ACCIDENTALS:
        return "accidental"
    return "flag" if kind in _FLAGS else "dot"


def _loose(
    span: Span, staff: Staff, symbols: Sequence[Symbol], strokes: Sequence[Stroke], used: set[int],
    notation: Notation,
) -> list[_Found]:  # fmt: skip
    """Heads, accidentals, flags and stems that belong to nothing, each as likely as it is there at all."""
    found: list[tuple[str, float, int]] = []
    chords = [c for c in notation.chords if c.staff == staff.id and span.left <= c.x < span.right]
    for symbol in symbols:
        if symbol.id in used or not _in_bar(span, staff, symbol):
            continue
        if symbol.kind in HEADS or symbol.kind in _FLAGS or symbol.kind in RESTS:
            found.append((_word(symbol.kind), symbol.confidence, symbol.id))
        elif symbol.kind in ACCIDENTALS:
            x = symbol.box.center.x
            if any(0 < c.x - x < _BEFORE * staff.space for c in chords):
                found.append(("accidental", symbol.confidence, symbol.id))
    for stroke in strokes:
        middle = stroke.box.center
        is_long = stroke.kind is StrokeKind.STEM and stroke.box.height > _LONG_STEM * staff.space
        on_staff = staff.line_at(0, middle.x) < middle.y < staff.line_at(4, middle.x)
        if is_long and on_staff and span.left < middle.x < span.right and stroke.id not in used:
            found.append(("stem", stroke.confidence, stroke.id))
    if not found:
        return []
    names = ", ".join(dict.fromkeys(name for name, _, _ in found))
    return [
        (Sign.LOOSE, sum(c for _, c, _ in found), f"belongs to nothing: {names}", tuple(i for *_, i in found))
    ]


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
