"""From ink to meaning: pitches, durations, bars and parts. In: `Notation`. Out: `Score`.

Each bar of a system is solved over all its staves at once (`rhythm.solve_bar`); keys, clefs and metres are carried
from bar to bar and from system to system as a reader carries them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from leggio.music import score as s
from leggio.music.dress import dress_event
from leggio.music.notation import (
    BarLine,
    Chord,
    ClefMark,
    Head,
    LineStyle,
    Notation,
    Rest,
    Staff,
    StemWay,
    System,
    TupletMark,
)  # fmt: skip
from leggio.music.notation import (
    SymbolKind as K,
)
from leggio.music.rhythm import DOUBTFUL, Choice, Group, Item, Placement, Solution, find_columns, solve_bar

_SIGNS = {
    K.CLEF_G: s.ClefSign.G,
    K.CLEF_F: s.ClefSign.F,
    K.CLEF_C: s.ClefSign.C,
    K.CLEF_PERCUSSION: s.ClefSign.PERCUSSION,
}
_REFERENCE = {
    s.ClefSign.G: 4 * 7 + 4,
    s.ClefSign.F: 3 * 7 + 3,
    s.ClefSign.C: 4 * 7,
    s.ClefSign.PERCUSSION: 4 * 7 + 4,
}
_ACCIDENTALS = {
    K.FLAT: (s.Accidental.FLAT, -1), K.SHARP: (s.Accidental.SHARP, 1), K.NATURAL: (s.Accidental.NATURAL, 0),
    K.DOUBLE_SHARP: (s.Accidental.DOUBLE_SHARP, 2), K.DOUBLE_FLAT: (s.Accidental.DOUBLE_FLAT, -2),
}  # fmt: skip
_REST_HALVINGS = {
    K.REST_DOUBLE_WHOLE: -1, K.REST_WHOLE: 0, K.REST_HALF: 1, K.REST_QUARTER: 2, K.REST_8: 3, K.REST_16: 4,
    K.REST_32: 5, K.REST_64: 6, K.REST_128: 7,
}  # fmt: skip
_KINDS = {place - 1: kind for place, kind in enumerate(s.NoteType)}
_SHARP_STEPS = "FCGDAEB"
_NORMAL = {2: 3, 3: 2, 4: 3, 5: 4, 6: 4, 7: 4, 8: 6, 9: 8}
_STYLES = {
    LineStyle.SINGLE: s.BarStyle.REGULAR, LineStyle.DOUBLE: s.BarStyle.DOUBLE, LineStyle.FINAL: s.BarStyle.FINAL,
    LineStyle.HEAVY: s.BarStyle.HEAVY_LIGHT,
}  # fmt: skip
_VOICES_A_STAFF = 4  # voices are numbered as notation programs do: 1-4 on the first staff, 5-8 on the second

Mark = Chord | Rest


@dataclass(frozen=True, slots=True)
class _Span:
    """One bar on the page: its system, the x range, and the bar line that ends it (None at the page's edge)."""

    system: System
    left: float
    right: float
    before: BarLine | None
    after: BarLine | None
    first: bool


@dataclass(slots=True)
class _Context:
    """What is in force while bars are read: one clef a staff (counted through the system), key and metre."""

    clefs: dict[int, s.Clef] = field(default_factory=dict)
    key: s.Key = field(default_factory=lambda: s.Key(0))
    time: s.Time | None = None
    alters: dict[tuple[int, int], int] = field(default_factory=dict)
    tied: dict[int, s.Pitch] = field(default_factory=dict)


def interpret(notation: Notation) -> s.Score:
    """The score of one page."""
    spans = [span for system in notation.systems for span in _spans(system, notation)]
    metre = _guess_metre(spans, notation)
    widths = _part_widths(notation.systems)
    context = _Context()
    bars: list[list[s.Bar]] = [[] for _ in widths]
    if not notation.times:
        context.time = metre
    for span in spans:
        for part, bar in enumerate(
            _read_bar(span, notation, context, metre, widths, number=len(bars[0]) + 1)
        ):
            bars[part].append(bar)
    _number_pickup(bars)
    names = [("Piano" if width == 2 else "") for width in widths]
    parts = tuple(
        s.Part(f"P{i + 1}", name, width, tuple(row))
        for i, (width, name, row) in enumerate(zip(widths, names, bars, strict=True))
    )
    return s.Score(parts)


def _number_pickup(bars: list[list[s.Bar]]) -> None:
    """A short first bar is a pickup: it is not counted."""
    first = bars[0][0] if bars and bars[0] else None
    if first and first.time and first.duration < first.time.duration:
        for row in bars:
            row[0] = replace(row[0], implicit=True)
            row[:] = [replace(bar, number=bar.number - 1) for bar in row]


def _part_widths(systems: Sequence[System]) -> list[int]:
    """How many staves each part has: as in the system with the most staves."""
    if not systems:
        return [1]
    largest = max(systems, key=lambda system: len(system.staves))
    counts = Counter(staff.part for staff in largest.staves)
    return [counts[part] for part in sorted(counts)]


def _spans(system: System, notation: Notation) -> list[_Span]:
    """The bars of a system; what stands after the last bar line is a bar only if it holds a note or a rest."""
    lines = sorted((b for b in notation.barlines if b.system == system.id), key=lambda b: b.x)
    staves = {staff.id for staff in system.staves}
    chords = [chord.x for chord in notation.chords if chord.staff in staves]
    places = chords + [rest.x for rest in notation.rests if rest.staff in staves]
    spans: list[_Span] = []
    left, before = system.box.x0 - 2 * system.staves[0].space, None
    for line in [*lines, None]:
        right = line.x if line else system.box.x1 + 3 * system.staves[0].space
        if any(left <= x < right for x in places):
            spans.append(_Span(system, left, right, before, line, not spans))
        left, before = right, line
    return spans


def _guess_metre(spans: Sequence[_Span], notation: Notation) -> s.Time | None:
    """The metre that most staves of most bars add up to, when each is read as one voice."""
    sums: Counter[Fraction] = Counter()
    threes = 0
    for span in spans:
        for staff in span.system.staves:
            marks = _marks(span, staff, notation)
            items = [_item(mark, 0) for mark in marks]
            if len(marks) == 1 and isinstance(marks[0], Rest) and marks[0].kind is K.REST_WHOLE:
                continue
            if items and len(find_columns(items, staff.space)) == len(items):
                sums[sum((item.choices[0].duration for item in items), Fraction(0))] += 1
        threes += _count_threes(_chords(span, notation))
    if not sums:
        return None
    length = max(sums, key=lambda total: (sums[total], total == 1, total))
    table = {
        Fraction(3, 4): (6, 8) if threes > 0 else (3, 4),
        Fraction(1): (4, 4),
        Fraction(1, 2): (2, 4),
        Fraction(3, 2): (3, 2),
    }
    beats, unit = table.get(length, (length.numerator, length.denominator))
    while unit < 8 and length not in table:
        beats, unit = beats * 2, unit * 2
    return s.Time(beats, unit) if unit in (1, 2, 4, 8, 16, 32) else None


def _count_threes(chords: Sequence[Chord]) -> int:
    """Beam groups that last three eighths, less those that last a quarter or a half: what tells 6/8 from 3/4."""
    totals: dict[tuple[int, int], Fraction] = {}
    for chord in chords:
        if chord.beam is not None and chord.beams:
            key = (chord.staff, chord.beam)
            totals[key] = totals.get(key, Fraction(0)) + _item(chord, 0).choices[0].duration
    threes = sum(total == Fraction(3, 8) for total in totals.values())
    return threes - sum(total in (Fraction(1, 4), Fraction(1, 2)) for total in totals.values())


def _chords(span: _Span, notation: Notation) -> list[Chord]:
    staves = {staff.id for staff in span.system.staves}
    return [c for c in notation.chords if c.staff in staves and span.left <= c.x < span.right]


def _marks(span: _Span, staff: Staff, notation: Notation) -> list[Mark]:
    """Chords and rests of one staff in one bar, grace notes left out, from left to right."""
    chords = [
        c for c in notation.chords if c.staff == staff.id and span.left <= c.x < span.right and not c.grace
    ]
    rests = [r for r in notation.rests if r.staff == staff.id and span.left <= r.x < span.right]
    return sorted([*chords, *rests], key=lambda mark: mark.x)


def _duration(halvings: int, dots: int) -> Fraction:
    base = Fraction(1, 2**halvings) if halvings >= 0 else Fraction(2)
    return base * (2 - Fraction(1, 2**dots))


def _item(mark: Mark, staff: int, group: int | None = None) -> Item:
    """A chord or rest with the durations that it may have: as it looks first, then likely slips of the eye."""
    if isinstance(mark, Rest):
        halvings = _REST_HALVINGS[mark.kind]
        options = [(halvings, mark.dots, 0.0), (halvings, 1 - min(mark.dots, 1), 1.4)]
        if halvings >= 3:
            options += [(halvings + 1, mark.dots, 1.5), (halvings - 1, mark.dots, 1.5)]
        elif halvings in (0, 1):
            options += [(1 - halvings, mark.dots, 0.9)]
        else:
            options += [(3, mark.dots, 1.8)]
        return Item(staff, mark.x, _choices(options), None, (), group)
    half = sum(head.kind in (K.HEAD_HALF, K.HEAD_HALF_SMALL) for head in mark.heads) * 2 >= len(mark.heads)
    tails = max(mark.beams, mark.flags)
    if any(head.kind is K.HEAD_DOUBLE_WHOLE for head in mark.heads):
        halvings = -1
    elif mark.stem is None and any(head.kind is K.HEAD_WHOLE for head in mark.heads):
        halvings = 0
    else:
        halvings = 2 + tails if not half or tails else 1
    options = [(halvings, mark.dots, 0.0), (halvings, 1 - min(mark.dots, 1), 1.1)]
    if halvings > 2:
        options += [(halvings + 1, mark.dots, 1.4), (halvings - 1, mark.dots, 1.4)]
    elif halvings == 2:
        options += [(3, mark.dots, 1.4), (1, mark.dots, 1.6)]
    elif halvings == 1:
        options += [(2, mark.dots, 1.3)]
    way = mark.way if mark.stem is not None else None
    return Item(staff, mark.x, _choices(options), way, tuple(head.position for head in mark.heads), group)


def _choices(options: Sequence[tuple[int, int, float]]) -> tuple[Choice, ...]:
    return tuple(Choice(_duration(halvings, dots), cost, dots, halvings) for halvings, dots, cost in options)


def _read_bar(
    span: _Span,
    notation: Notation,
    context: _Context,
    metre: s.Time | None,
    widths: Sequence[int],
    number: int,
) -> list[s.Bar]:
    """One bar of every part."""
    new_key = _read_key(span, notation, context)
    new_time = _read_time(span, notation, context)
    new_clefs = _open_clefs(span, notation, context)
    if number == 1:
        context.time = context.time or metre or s.Time(4, 4)
        new_time, new_key = context.time, context.key
    whole, marks, groups, items = _collect(span, notation)
    length = context.time.duration if context.time else None
    solution = solve_bar(items, groups, len(span.system.staves), span.system.staves[0].space, length)
    events = _events(span, notation, context, marks, groups, solution)
    changes = new_clefs + _clef_changes(span, notation, marks, solution, context)
    context.alters.clear()
    return _share_out(
        span, events, changes, whole, widths,
        s.Bar(
            number, solution.length, key=new_key, time=new_time, new_system=span.first and number > 1,
            right=_STYLES[span.after.style] if span.after else s.BarStyle.REGULAR,
            repeat_start=bool(span.before and span.before.dots_right),
            repeat_end=bool(span.after and span.after.dots_left), doubts=_doubts(solution, context.time),
        ),
    )  # fmt: skip


def _doubts(solution: Solution, time: s.Time | None) -> tuple[str, ...]:
    """Why a person should look at this bar, in musical words."""
    if solution.cost <= DOUBTFUL or time is None:
        return ()
    return (f"what is written does not add up to {time.beats}/{time.beat_type} in every voice",)


def _collect(span: _Span, notation: Notation) -> tuple[set[int], list[Mark], list[Group], list[Item]]:
    """What the solver needs: staves that rest all bar, the other chords and rests, and possible tuplets."""
    whole: set[int] = set()
    marks: list[Mark] = []
    groups: list[Group] = []
    items: list[Item] = []
    for index, staff in enumerate(span.system.staves):
        row = _marks(span, staff, notation)
        if len(row) == 1 and isinstance(row[0], Rest) and row[0].kind in (K.REST_WHOLE, K.REST_DOUBLE_WHOLE):
            whole.add(index)
            continue
        membership = _find_groups(row, staff, notation.tuplets, groups)
        for mark in row:
            marks.append(mark)
            items.append(_item(mark, index, membership.get(mark.id)))
    return whole, marks, groups, items


def _find_groups(
    row: Sequence[Mark], staff: Staff, tuplets: Sequence[TupletMark], groups: list[Group]
) -> dict[int, int]:
    """Beamed chords that may be a tuplet: a number stands near them, or there are three or six of them."""
    membership: dict[int, int] = {}
    beams: dict[int, list[Chord]] = {}
    for mark in row:
        if isinstance(mark, Chord) and mark.beam is not None and mark.beams:
            beams.setdefault(mark.beam, []).append(mark)
    for chords in beams.values():
        left, right = chords[0].x, chords[-1].x
        inside: list[Mark] = [m for m in row if left <= m.x <= right and (m in chords or isinstance(m, Rest))]
        if len(inside) % 3 == 2:
            inside = _with_rest(inside, row, membership)
        near = [
            t
            for t in tuplets
            if left - 3 * staff.space < t.x < right + staff.space
            and any(abs(t.y - head.y) < 6 * staff.space for c in chords for head in c.heads)
        ]
        number = max(near, key=lambda t: t.confidence).number if near else None
        group = _group(number, len(inside), even=len({c.beams for c in chords}) == 1)
        if group:
            for mark in inside:
                membership[mark.id] = len(groups)
            groups.append(group)
    return membership


def _group(number: int | None, count: int, even: bool) -> Group | None:
    """What tuplet `count` items may be that a number stands near (None where there is none); `even` ones look alike.

    Three or six even items may be triplets without a number; a six over six items is two triplets.
    """
    if number in (3, 6) and (even or count >= 3) and count >= 2:
        return Group(3, 2, 0.3, 0.1)
    if number in _NORMAL and number > 4 and count in (number, number - 1):
        return Group(number, _NORMAL[number], 0.3, 0.1)
    if even and count and count % 3 == 0:
        return Group(3, 2, 0.7 if number else 1.2, 0.0)
    return None


def _with_rest(group: list[Mark], row: Sequence[Mark], membership: dict[int, int]) -> list[Mark]:
    """Beamed chords with the rest of their own value that stands before or after them, if there is one.

    One chord of another voice may stand between.
    """
    at = row.index(group[0])
    end = row.index(group[-1]) + 1
    value = _item(group[0], 0).choices[0].duration
    for near, leads in ((row[max(0, at - 2) : at][::-1], True), (row[end : end + 2], False)):
        for rest in near:
            fits = isinstance(rest, Rest) and _item(rest, 0).choices[0].duration == value
            if fits and rest.id not in membership:
                return [rest, *group] if leads else [*group, rest]
    return group


def _read_key(span: _Span, notation: Notation, context: _Context) -> s.Key | None:
    """The key signature at the start of a bar, if the staves agree on one that is new."""
    answers = []
    space = span.system.staves[0].space
    for staff in span.system.staves:
        first = min(
            (c.x for c in notation.chords if c.staff == staff.id and c.x > span.left), default=span.right
        )
        limit = min(first, span.right) if span.first else span.left + 3 * space
        start = span.system.box.x0 if span.first else span.left
        found = [k for k in notation.keys if k.staff == staff.id and start - space < k.x < limit]
        answers.append(found[-1].fifths if found else None)
    seen = [answer for answer in answers if answer is not None]
    if not span.first and (len(set(seen)) != 1 or len(seen) < len(answers)):
        return None
    counts = Counter(answer if answer is not None else 0 for answer in answers)
    best, votes = counts.most_common(1)[0]
    if len(counts) > 1 and votes * 2 <= len(answers):
        # The staves disagree: the key in force wins, then the longer signature (an accidental is missed, not invented).
        best = context.key.fifths if context.key.fifths in counts else max(counts, key=abs)
    if best == context.key.fifths:
        return None
    context.key = s.Key(best)
    return context.key


def _read_time(span: _Span, notation: Notation, context: _Context) -> s.Time | None:
    """The time signature at the start of a bar: the surest one of its staves."""
    staves = {staff.id for staff in span.system.staves}
    start = span.system.box.x0 if span.first else span.left
    reach = start + (30 if span.first else 12) * span.system.staves[0].space
    found = [t for t in notation.times if t.staff in staves and start < t.x < min(span.right, reach)]
    if not found:
        return None
    counts: Counter[tuple[int, int, K | None]] = Counter()
    for mark in found:
        counts[mark.beats, mark.beat_type, mark.symbol] += round(mark.confidence * 100)
    (beats, beat_type, symbol), weight = counts.most_common(1)[0]
    if not span.first and (len(found) * 2 < len(staves) or weight < 60):
        return None
    shown = {None: s.TimeSymbol.NUMBERS, K.TIME_COMMON: s.TimeSymbol.COMMON, K.TIME_CUT: s.TimeSymbol.CUT}[
        symbol
    ]
    time = s.Time(beats, beat_type, shown)
    if time == context.time:
        return None
    context.time = time
    return time


def _clef(mark: ClefMark) -> s.Clef:
    return s.Clef(_SIGNS[mark.kind], mark.position // 2 + 1, mark.octave)


def _open_clefs(span: _Span, notation: Notation, context: _Context) -> list[tuple[int, Fraction, s.Clef]]:
    """Clefs at the head of a system, as (staff, onset, clef) where they change something."""
    if not span.first:
        return []
    changes = []
    for index, staff in enumerate(span.system.staves):
        first = min((m.x for m in _marks(span, staff, notation)), default=span.right)
        limit = min(first, staff.xs[0] + 8 * staff.space)
        found = [c for c in notation.clefs if c.staff == staff.id and c.x < limit]
        default = (
            s.Clef(s.ClefSign.F, 4)
            if index and index == len(span.system.staves) - 1
            else s.Clef(s.ClefSign.G, 2)
        )
        clef = _clef(found[0]) if found else context.clefs.get(index, default)
        if context.clefs.get(index) != clef:
            changes.append((index, Fraction(0), clef))
        context.clefs[index] = clef
    return changes


def _later_clefs(span: _Span, staff: Staff, notation: Notation) -> list[ClefMark]:
    """Clefs inside a bar, those at the head of the system left out."""
    start = staff.xs[0] + 8 * staff.space if span.first else span.left
    return [c for c in notation.clefs if c.staff == staff.id and max(start, span.left) <= c.x < span.right]


def _clef_changes(
    span: _Span, notation: Notation, marks: Sequence[Mark], solution: Solution, context: _Context
) -> list[tuple[int, Fraction, s.Clef]]:
    changes = []
    for index, staff in enumerate(span.system.staves):
        for clef in _later_clefs(span, staff, notation):
            later = [
                placed.onset
                for mark, placed in zip(marks, solution.placements, strict=True)
                if mark.staff == staff.id and mark.x > clef.x
            ]
            changes.append((index, min(later, default=solution.length), _clef(clef)))
            context.clefs[index] = _clef(clef)
    return changes


def _events(
    span: _Span,
    notation: Notation,
    context: _Context,
    marks: Sequence[Mark],
    groups: Sequence[Group],
    solution: Solution,
) -> list[tuple[int, s.Event]]:
    """Events with the index of their staff in the system, in the order of the page."""
    index = {staff.id: i for i, staff in enumerate(span.system.staves)}
    clefs = {
        i: _clef_row(span, staff, notation, context.clefs[i]) for i, staff in enumerate(span.system.staves)
    }
    events: list[tuple[int, s.Event]] = []
    placed = sorted(zip(marks, solution.placements, strict=True), key=lambda pair: pair[0].x)
    graces = [c for c in _chords(span, notation) if c.grace]
    for mark, placement in placed:
        i = index[mark.staff]
        for grace in [g for g in graces if index[g.staff] == i and g.x < mark.x and isinstance(mark, Chord)]:
            graces.remove(grace)
            notes = _notes(grace, i, clefs[i], context, notation)
            events.append((i, dress_event(_grace(grace, notes, placement, i), grace.id, notation)))
        notes = _notes(mark, i, clefs[i], context, notation) if isinstance(mark, Chord) else ()
        events.append((i, dress_event(_event(mark, notes, placement, i), mark.id, notation)))
    events = _mark_tuplets(events, [m.id for m, _ in placed], marks, groups, solution)
    return _beam(events, [m for m, _ in placed])


def _clef_row(span: _Span, staff: Staff, notation: Notation, clef: s.Clef) -> list[tuple[float, s.Clef]]:
    """From which x on which clef holds."""
    return [(float("-inf"), clef), *((c.x, _clef(c)) for c in _later_clefs(span, staff, notation))]


def _grace(chord: Chord, notes: tuple[s.Note, ...], placement: Placement, staff: int) -> s.Event:
    halvings = 2 + max(chord.beams, chord.flags, 1)
    return s.Event(
        placement.onset, Fraction(0), _KINDS[halvings], _voice(staff, placement.voice), staff + 1, notes,
        stem=s.Stem.UP, grace=True, ink=chord.ink, confidence=chord.confidence,
    )  # fmt: skip


def _voice(staff: int, voice: int) -> int:
    return staff * _VOICES_A_STAFF + voice + 1


def _event(mark: Mark, notes: tuple[s.Note, ...], placement: Placement, staff: int) -> s.Event:
    stem = None
    if isinstance(mark, Chord) and mark.way is not None:
        stem = s.Stem.UP if mark.way is StemWay.UP else s.Stem.DOWN
    return s.Event(
        placement.onset, placement.duration, _KINDS[min(placement.choice.halvings, 7)], _voice(staff, placement.voice),
        staff + 1, notes, placement.choice.dots, stem=stem,
        ink=mark.ink if isinstance(mark, Chord) else (mark.symbol,), confidence=mark.confidence,
    )  # fmt: skip


def _notes(
    chord: Chord, staff: int, clefs: Sequence[tuple[float, s.Clef]], context: _Context, notation: Notation
) -> tuple[s.Note, ...]:
    clef = [clef for x, clef in clefs if x <= chord.x][-1]
    starts = {tie.start for tie in notation.ties}
    stops = {tie.stop: tie.start for tie in notation.ties}
    notes = []
    for head in chord.heads:
        pitch = _pitch(head, clef, staff, context, stops)
        if head.symbol in starts:
            context.tied[head.symbol] = pitch
        accidental = _ACCIDENTALS[head.accidental][0] if head.accidental else None
        ink = (head.symbol, *((head.accidental_symbol,) if head.accidental_symbol is not None else ()))
        tied = head.symbol in stops and context.tied.get(stops[head.symbol]) == pitch
        notes.append(
            s.Note(
                f"n{head.symbol}",
                pitch,
                accidental,
                head.symbol in starts,
                tied,
                staff + 1,
                ink,
                head.confidence,
            )
        )
    return _without_unisons(notes)


def _without_unisons(notes: Sequence[s.Note]) -> tuple[s.Note, ...]:
    kept: dict[tuple[str, int], s.Note] = {}
    for note in notes:
        kept.setdefault((note.pitch.step, note.pitch.octave), note)
    return tuple(kept.values())


def _pitch(head: Head, clef: s.Clef, staff: int, context: _Context, stops: dict[int, int]) -> s.Pitch:
    """The pitch of a head: clef and height give the step; key, bar and the printed accidental its alteration."""
    steps = _REFERENCE[clef.sign] + 7 * clef.octave + head.position - 2 * (clef.line - 1)
    octave, step = divmod(steps, 7)
    name = "CDEFGAB"[step]
    if head.accidental:
        alter = _ACCIDENTALS[head.accidental][1]
        context.alters[staff, steps] = alter
        return s.Pitch(name, alter, octave)
    before = context.tied.get(stops.get(head.symbol, -1))
    if before and (before.step, before.octave) == (name, octave):
        return before
    return s.Pitch(name, context.alters.get((staff, steps), _key_alter(name, context.key)), octave)


def _key_alter(step: str, key: s.Key) -> int:
    if key.fifths > 0:
        return int(step in _SHARP_STEPS[: key.fifths])
    return -int(step in _SHARP_STEPS[::-1][: -key.fifths]) if key.fifths else 0


def _mark_tuplets(
    events: list[tuple[int, s.Event]],
    order: Sequence[int],
    marks: Sequence[Mark],
    groups: Sequence[Group],
    solution: Solution,
) -> list[tuple[int, s.Event]]:
    """Give the events of a tuplet their ratio, and the first and the last one their bracket's ends."""
    ratio: dict[int, Fraction] = {}
    for mark, placement in zip(marks, solution.placements, strict=True):
        if placement.tuplet:
            ratio[mark.id] = placement.duration / placement.choice.duration
    plain = [i for i, (_, event) in enumerate(events) if not event.grace]
    result = list(events)
    running: dict[int, list[int]] = {}
    for i, mark_id in zip(plain, order, strict=True):
        if mark_id not in ratio:
            continue
        staff, event = events[i]
        share = ratio[mark_id]
        tuplet = s.Tuplet(share.denominator, share.numerator)
        if tuplet.actual == 3 and tuplet.normal == 2:
            pass
        result[i] = (staff, replace(event, tuplet=tuplet))
        running.setdefault(event.voice, []).append(i)
    for members in running.values():
        _bracket(result, members)
    return result


def _bracket(events: list[tuple[int, s.Event]], members: Sequence[int]) -> None:
    """Mark where each tuplet of a voice starts and stops: a tuplet is full when it lasts `normal` of its first note."""
    begun: int | None = None
    total, full = Fraction(0), Fraction(0)
    for i in members:
        staff, event = events[i]
        tuplet = event.tuplet
        if tuplet is None:
            continue
        if begun is None:
            begun, total, full = i, Fraction(0), tuplet.normal * event.kind.duration
            events[i] = (staff, replace(event, tuplet=replace(tuplet, state=s.TupletState.START)))
        total += event.duration
        if total >= full and begun != i:
            events[i] = (staff, replace(event, tuplet=replace(tuplet, state=s.TupletState.STOP)))
            begun = None


def _beam(events: list[tuple[int, s.Event]], marks: Sequence[Mark]) -> list[tuple[int, s.Event]]:
    """Say of every beamed chord where its beams begin, go on and end."""
    rows: dict[tuple[int, int], list[int]] = {}
    plain = [i for i, (_, event) in enumerate(events) if not event.grace]
    chords: dict[int, Chord] = {}
    for i, mark in zip(plain, marks, strict=True):
        if isinstance(mark, Chord) and mark.beam is not None and mark.beams:
            chords[i] = mark
            rows.setdefault((mark.beam, events[i][1].voice), []).append(i)
    result = list(events)
    for row in rows.values():
        if len(row) < 2:
            continue
        counts = [max(events[i][1].kind.duration.denominator.bit_length() - 3, 0) for i in row]
        for place, i in enumerate(row):
            staff, event = events[i]
            result[i] = (staff, replace(event, beams=_states(counts, place, [chords[j] for j in row])))
    return result


def _states(counts: Sequence[int], place: int, row: Sequence[Chord]) -> tuple[s.BeamState, ...]:
    states = []
    last = len(row) - 1
    for level in range(1, counts[place] + 1):
        before = place > 0 and counts[place - 1] >= level and (level == 1 or _joined(row, place - 1, level))
        after = place < last and counts[place + 1] >= level and (level == 1 or _joined(row, place, level))
        if before and after:
            states.append(s.BeamState.CONTINUE)
        elif before:
            states.append(s.BeamState.END)
        elif after:
            states.append(s.BeamState.BEGIN)
        elif place < last and (place == 0 or row[place].beams_right >= level):
            states.append(s.BeamState.FORWARD_HOOK)
        else:
            states.append(s.BeamState.BACKWARD_HOOK)
    return tuple(states)


def _joined(row: Sequence[Chord], place: int, level: int) -> bool:
    """Whether a beam of this level runs from one chord to the next: either side shows it."""
    return row[place].beams_right >= level or row[place + 1].beams_left >= level


def _share_out(
    span: _Span, events: Sequence[tuple[int, s.Event]], changes: Sequence[tuple[int, Fraction, s.Clef]],
    whole: set[int], widths: Sequence[int], frame: s.Bar,
) -> list[s.Bar]:  # fmt: skip
    """One bar for every part, with the events of its staves; a staff without any rests all bar."""
    offset = sum(widths) - len(span.system.staves)  # a smaller system is taken to be the lower staves
    bars = []
    first = 0
    for width in widths:
        staves = range(first - offset, first - offset + width)
        moved = [_onto(event, staff - staves.start) for staff, event in events if staff in staves]
        for staff in staves:
            here = staff - staves.start
            if not any(event.staff == here + 1 and not event.grace for event in moved):
                moved.append(
                    s.Event(
                        Fraction(0), frame.duration, s.NoteType.WHOLE, _voice(here, 0), here + 1, whole_bar=True,
                        hidden=staff not in whole,
                    )
                )  # fmt: skip
        clefs = tuple(
            s.ClefChange(onset, staff - staves.start + 1, clef)
            for staff, onset, clef in changes
            if staff in staves
        )
        bars.append(replace(frame, events=tuple(moved), clefs=clefs))
        first += width
    return bars


def _onto(event: s.Event, staff: int) -> s.Event:
    """The event moved to a staff of its part, counted from 0, with its voice and its notes."""
    voice = (event.voice - 1) % _VOICES_A_STAFF
    notes = tuple(replace(note, staff=staff + 1) for note in event.notes)
    return replace(event, staff=staff + 1, voice=_voice(staff, voice), notes=notes)
