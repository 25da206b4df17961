"""The metre of a page that prints none. In: notation. Out: the time that most bars add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from leggio.music import score as s
from leggio.music.items import make_item
from leggio.music.notation import Chord, Notation, Rest
from leggio.music.notation import SymbolKind as K
from leggio.music.rhythm import find_columns
from leggio.music.spans import Span, chords_in, marks_in


def guess_metre(spans: Sequence[Span], notation: Notation) -> s.Time | None:
    """The metre that most staves of most bars add up to, when each is read as one voice."""
    sums: Counter[Fraction] = Counter()
    threes = 0
    for span in spans:
        for staff in span.system.staves:
            marks = marks_in(span, staff, notation)
            items = [make_item(mark, 0) for mark in marks]
            if len(marks) == 1 and isinstance(marks[0], Rest) and marks[0].kind is K.REST_WHOLE:
                continue
            if items and len(find_columns(items, staff.space)) == len(items):
                sums[sum((item.choices[0].duration for item in items), Fraction(0))] += 1
        threes += _count_threes(chords_in(span, notation))
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
            totals[key] = totals.get(key, Fraction(0)) + make_item(chord, 0).choices[0].duration
    threes = sum(total == Fraction(3, 8) for total in totals.values())
    return threes - sum(total in (Fraction(1, 4), Fraction(1, 2)) for total in totals.values())
