"""Several pages to one score. In: scores of pages in order. Out: one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music.score import Bar, Event, NoteType, Part, Score


def join_scores(scores: Sequence[Score]) -> Score:
    """Pages one after the other: bars are counted on, keys, metres and clefs that go on are not said again.

    Parts are matched from the bottom, as systems are; a part that a page lacks rests there. Note ids get the page's
    number in front, so that none comes twice.
    """
    if len(scores) == 1:
        return scores[0]
    widths = [
        part.staves for part in max(scores, key=lambda score: sum(part.staves for part in score.parts)).parts
    ]
    rows: list[list[Bar]] = [[] for _ in widths]
    count = 0
    for number, score in enumerate(scores):
        missing = len(widths) - len(score.parts)
        length = max(len(part.bars) for part in score.parts)
        frame = score.parts[0].bars
        for index, row in enumerate(rows):
            source = (
                score.parts[index - missing].bars
                if index >= missing
                else tuple(_resting(bar) for bar in frame)
            )
            for place, bar in enumerate(source):
                moved = _rename(bar, number)
                moved = replace(moved, number=count + place + 1, implicit=bar.implicit and number == 0)
                if place == 0 and number:
                    moved = _continue(replace(moved, new_page=True, new_system=True), row)
                row.append(moved)
        count += length
    if rows[0] and rows[0][0].implicit:
        rows = [[replace(bar, number=bar.number - 1) for bar in row] for row in rows]
    best = max(scores, key=lambda score: len(score.parts))
    parts = tuple(
        Part(part.id, part.name, part.staves, tuple(row)) for part, row in zip(best.parts, rows, strict=True)
    )
    return Score(parts, scores[0].title, scores[0].composer)


def _resting(bar: Bar) -> Bar:
    rest = Event(Fraction(0), bar.duration, NoteType.WHOLE, 1, 1, whole_bar=True, hidden=True)
    return replace(bar, events=(rest,), clefs=())


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
        time=None if bar.time == time else bar.time,
        clefs=tuple(c for c in bar.clefs if c.onset or clefs.get(c.staff) != c.clef),
    )
