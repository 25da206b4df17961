"""What is wrong with an answer, note by note and in musical words: missed, invented, wrong in pitch, in duration, ...

In go the bars of truth and answer (`leggio.evaluate.notes`), aligned as for precision and recall. Of each pair of
bars the matching notes are set aside; what is left is paired by what it still has in common, in the order of
`_LIKENESSES`; what then stays alone was missed or invented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from leggio.evaluate.notes import CountedBar, CountedNote, align_bars


class Kind(Enum):
    """How one note differs; the value is the word for it."""

    DURATION = "wrong duration"
    ACCIDENTAL = "wrong accidental"
    ONSET = "wrong onset"
    PITCH = "wrong pitch"
    RHYTHM = "wrong onset and duration"
    STAFF = "wrong staff"
    MISSED = "missed"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Difference:
    """One note that is wrong: as it truly is (None: invented) and as it was answered (None: missed)."""

    kind: Kind
    true: CountedNote | None
    found: CountedNote | None

    @property
    def place(self) -> tuple[int, Fraction, int]:
        """Staff, onset and height of the true note, or of the invented one: the order on the page."""
        note = self.true or self.found
        assert note is not None
        return note.staff, note.onset, note.height


@dataclass(frozen=True, slots=True)
class BarDifferences:
    """One bar of the truth beside one of the answer (None: lost or invented) and the notes that differ."""

    true: CountedBar | None
    found: CountedBar | None
    notes: tuple[Difference, ...]


Pair: TypeAlias = tuple[CountedNote, CountedNote]


def find_differences(truth: Sequence[CountedBar], answer: Sequence[CountedBar]) -> tuple[BarDifferences, ...]:
    """Every pair of aligned bars, those without a difference too, in order."""
    return tuple(_compare(true, found) for true, found in align_bars(truth, answer))


def count_kinds(bars: Sequence[BarDifferences]) -> Counter[Kind]:
    """How often each kind of difference occurs."""
    return Counter(difference.kind for bar in bars for difference in bar.notes)


def _compare(true: CountedBar | None, found: CountedBar | None) -> BarDifferences:
    true_notes, found_notes = Counter(true.notes if true else ()), Counter(found.notes if found else ())
    missing = sorted((true_notes - found_notes).elements())
    extra = sorted((found_notes - true_notes).elements())
    differences = []
    for kind, likeness in _LIKENESSES:
        for pair in _pair(missing, extra, likeness):
            differences.append(Difference(kind, *pair))
    differences += [Difference(Kind.MISSED, note, None) for note in missing]
    differences += [Difference(Kind.INVENTED, None, note) for note in extra]
    return BarDifferences(true, found, tuple(sorted(differences, key=lambda difference: difference.place)))


_LIKENESSES: tuple[tuple[Kind, Callable[[CountedNote], Hashable]], ...] = (
    (Kind.DURATION, lambda note: (note.staff, note.onset, note.pitch)),
    (Kind.ACCIDENTAL, lambda note: (note.staff, note.onset, note.duration, note.height)),
    (Kind.ONSET, lambda note: (note.staff, note.pitch, note.duration)),
    (Kind.STAFF, lambda note: (note.onset, note.pitch, note.duration)),
    (Kind.PITCH, lambda note: (note.staff, note.onset, note.duration)),
    (Kind.RHYTHM, lambda note: (note.staff, note.pitch)),
)
"""What two notes that do not match must still share to be called the same note, wrong in one thing."""


def _pair(
    missing: list[CountedNote], extra: list[CountedNote], likeness: Callable[[CountedNote], Hashable]
) -> Iterator[Pair]:
    """Take the pairs that are alike out of both lists, the nearest pairs first."""
    alike = [(true, found) for true in missing for found in extra if likeness(true) == likeness(found)]
    for true, found in sorted(alike, key=lambda pair: _distance(*pair)):
        if true in missing and found in extra:
            missing.remove(true)
            extra.remove(found)
            yield true, found


def _distance(true: CountedNote, found: CountedNote) -> tuple[Fraction, int]:
    return abs(true.onset - found.onset), abs(true.height - found.height)


def describe(difference: Difference, beat_type: int) -> str:
    """A sentence about one note; beats count from 1 in notes of 1/`beat_type`."""
    true, found = difference.true, difference.found
    if true is None or found is None:
        note = true or found
        assert note is not None
        return f"{_at(note, beat_type)}: {difference.kind.value} {_note(note)}"
    answer = {
        Kind.DURATION: length_name(found.duration),
        Kind.ACCIDENTAL: pitch_name(found),
        Kind.PITCH: pitch_name(found),
        Kind.ONSET: f"on beat {beat_name(found.onset, beat_type)}",
        Kind.RHYTHM: f"{length_name(found.duration)} on beat {beat_name(found.onset, beat_type)}",
        Kind.STAFF: f"on staff {found.staff}",
    }[difference.kind]
    return f"{_at(true, beat_type)}: {difference.kind.value} {_note(true)}, read {answer}"


def _at(note: CountedNote, beat_type: int) -> str:
    return f"staff {note.staff} beat {beat_name(note.onset, beat_type)}"


def _note(note: CountedNote) -> str:
    return f"{pitch_name(note)} {length_name(note.duration)}"


def pitch_name(note: CountedNote) -> str:
    """A pitch in letters: `C4` is middle C, `F#5`, `Bb3`, `Ebb4`, `Cx5`."""
    alteration = {2: "x", 1: "#", 0: "", -1: "b", -2: "bb"}.get(note.alter, f"({note.alter:+})")
    return f"{note.step}{alteration}{note.octave}"


def beat_name(onset: Fraction, beat_type: int) -> str:
    """The beat on which something starts: `1`, `2`, `2+1/3`."""
    beat, rest = divmod(onset * beat_type, 1)
    return f"{beat + 1}+{rest}" if rest else str(beat + 1)


def length_name(length: Fraction) -> str:
    """A length in words: `quarter`, `dotted eighth`, `triplet eighth`; other lengths as a fraction of a whole note."""
    for factor, word in _FACTORS:
        name = _LENGTHS.get(length / factor)
        if name:
            return f"{word}{name}"
    return "grace note" if length == 0 else f"{length} of a whole"


_FACTORS = (
    (Fraction(1), ""),
    (Fraction(3, 2), "dotted "),
    (Fraction(7, 4), "double-dotted "),
    (Fraction(2, 3), "triplet "),
    (Fraction(4, 5), "quintuplet "),
)
_LENGTHS = {
    Fraction(2): "breve",
    Fraction(1): "whole",
    Fraction(1, 2): "half",
    Fraction(1, 4): "quarter",
    Fraction(1, 8): "eighth",
    Fraction(1, 16): "16th",
    Fraction(1, 32): "32nd",
    Fraction(1, 64): "64th",
    Fraction(1, 128): "128th",
}
