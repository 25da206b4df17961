"""Several pages to one score. In: scores of pages in order. Out: one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music.directions import Direction, Harmony, OctaveShift, order_of_shift
from leggio.music.events import Event, NoteType, put_on_staff
from leggio.music.score import Bar, ClefChange, Part, Score


def join_scores(scores: Sequence[Score]) -> Score:
    """Pages one after the other: bars are counted on, keys, metres and clefs that go on are not said again.

    Parts are matched from the bottom, as systems are; a part that a page lacks rests there. Note ids get the page's
    number in front, so that none comes twice.
    """
    if len(scores) == 1:
        return scores[0]
    best = max(scores, key=lambda score: sum(part.staves for part in score.parts))
    rows: list[list[Bar]] = [[] for _ in best.parts]
    count = 0
    for number, score in enumerate(scores):
        regrouped = _regroup(score, [part.staves for part in best.parts])
        for index, row in enumerate(rows):
            for place, bar in enumerate(regrouped[index]):
                moved = _rename(bar, number)
                moved = replace(moved, number=count + place + 1, implicit=bar.implicit and number == 0)
                if place == 0 and number:
                    moved = _continue(replace(moved, new_page=True, new_system=True), row)
                row.append(moved)
        count += len(regrouped[0])
    if rows[0] and rows[0][0].implicit:
        rows = [[replace(bar, number=bar.number - 1) for bar in row] for row in rows]
    parts = tuple(
        replace(_name_part(part, index, scores), bars=tuple(row))
        for index, (part, row) in enumerate(zip(best.parts, rows, strict=True))
    )
    return replace(scores[0], parts=parts)


def _name_part(part: Part, index: int, scores: Sequence[Score]) -> Part:
    """The part with the first name that a page with as many parts gives it: later pages often abbreviate it."""
    alike = [score.parts[index] for score in scores if index < len(score.parts)]
    alike = [other for other in alike if other.staves == part.staves]
    named = next((other for other in alike if other.name and other.abbreviation), None)
    named = named or next((other for other in alike if other.name), part)
    return replace(part, name=named.name, abbreviation=named.abbreviation)


def _regroup(score: Score, widths: Sequence[int]) -> list[list[Bar]]:
    """The bars of a page for parts of so many staves each: staves are matched from the bottom up."""
    if [part.staves for part in score.parts] == list(widths):
        return [list(part.bars) for part in score.parts]
    homes = [(part, staff) for part, width in enumerate(widths) for staff in range(1, width + 1)]
    places = [
        (part, staff) for part, source in enumerate(score.parts) for staff in range(1, source.staves + 1)
    ]
    home_of = dict(zip(places[::-1], homes[::-1], strict=False))
    length = max(len(part.bars) for part in score.parts)
    return [
        [_gather(score, place, part, width, home_of) for place in range(length)]
        for part, width in enumerate(widths)
    ]


def _gather(
    score: Score, place: int, part: int, width: int, home_of: dict[tuple[int, int], tuple[int, int]]
) -> Bar:
    """One bar of one part, from whatever parts of the page its staves were in."""
    events: list[Event] = []
    clefs: list[ClefChange] = []
    shifts: list[OctaveShift] = []
    directions: list[Direction] = []
    harmonies: list[Harmony] = []
    frame = next(source.bars[place] for source in score.parts if place < len(source.bars))
    for number, source in enumerate(score.parts):
        if place >= len(source.bars):
            continue
        bar = source.bars[place]
        for event in bar.events:
            home = home_of.get((number, event.staff))
            if home and home[0] == part:
                events.append(put_on_staff(event, home[1]))
        for change in bar.clefs:
            home = home_of.get((number, change.staff))
            if home and home[0] == part:
                clefs.append(replace(change, staff=home[1]))
        for shift in bar.shifts:
            home = home_of.get((number, shift.staff))
            if home and home[0] == part:
                shifts.append(replace(shift, staff=home[1]))
        directions += [
            replace(direction, staff=home[1])
            for direction in bar.directions
            if (home := home_of.get((number, direction.staff))) and home[0] == part
        ]
        harmonies += [
            replace(harmony, staff=home[1])
            for harmony in bar.harmonies
            if (home := home_of.get((number, harmony.staff))) and home[0] == part
        ]
    for staff in range(1, width + 1):
        if not any(event.staff == staff for event in events):
            rest = Event(Fraction(0), frame.duration, NoteType.WHOLE, 1, 1, whole_bar=True, hidden=True)
            events.append(put_on_staff(rest, staff))
    return replace(
        frame, events=tuple(events), clefs=tuple(clefs), shifts=tuple(sorted(shifts, key=order_of_shift)),
        directions=tuple(directions), harmonies=tuple(harmonies),
    )  # fmt: skip


def _rename(bar: Bar, page: int) -> Bar:
    if page == 0:
        return bar
    events = tuple(
        replace(event, notes=tuple(replace(note, id=f"p{page + 1}{note.id}") for note in event.notes))
        for event in bar.events
    )
    return replace(bar, events=events)


def _continue(bar: Bar, row: Sequence[Bar]) -> Bar:
    """The first bar of a later page without what is already in force."""
    key = next((b.key for b in reversed(row) if b.key), None)
    time = next((b.time for b in reversed(row) if b.time), None)
    clefs = {}
    for before in row:
        for change in before.clefs:
            clefs[change.staff] = change.clef
    return replace(
        bar,
        key=None if bar.key == key else bar.key,
        time=None if bar.time and time and bar.time.duration == time.duration else bar.time,
        clefs=tuple(c for c in bar.clefs if c.onset or clefs.get(c.staff) != c.clef),
    )
