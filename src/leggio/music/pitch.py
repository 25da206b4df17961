"""Heads to notes. In: a chord, the clef and what is in force. Out: pitches with their accidentals and ties."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.music import score as s
from leggio.music.events import Accidental, Note, Pitch
from leggio.music.notation import Chord, Head, Notation
from leggio.music.notation import SymbolKind as K
from leggio.music.signatures import Context

_REFERENCE = {
    s.ClefSign.G: 4 * 7 + 4,
    s.ClefSign.F: 3 * 7 + 3,
    s.ClefSign.C: 4 * 7,
    s.ClefSign.PERCUSSION: 4 * 7 + 4,
}
_ACCIDENTALS = {
    K.FLAT: (Accidental.FLAT, -1), K.SHARP: (Accidental.SHARP, 1), K.NATURAL: (Accidental.NATURAL, 0),
    K.DOUBLE_SHARP: (Accidental.DOUBLE_SHARP, 2), K.DOUBLE_FLAT: (Accidental.DOUBLE_FLAT, -2),
}  # fmt: skip
_SHARP_STEPS = "FCGDAEB"


def make_notes(
    chord: Chord, staff: int, clefs: Sequence[tuple[float, s.Clef]], context: Context, notation: Notation
) -> tuple[Note, ...]:
    clef = [clef for x, clef in clefs if x <= chord.x][-1]
    starts = {tie.start for tie in notation.ties}
    stops = {tie.stop: tie.start for tie in notation.ties}
    notes = []
    for head in chord.heads:
        pitch = _pitch(head, clef, staff, context, stops, _octaves(chord, notation))
        if head.symbol in starts:
            context.tied[head.symbol] = pitch
        accidental = _ACCIDENTALS[head.accidental][0] if head.accidental else None
        ink = (head.symbol, *((head.accidental_symbol,) if head.accidental_symbol is not None else ()))
        tied = head.symbol in stops and context.tied.get(stops[head.symbol]) == pitch
        notes.append(
            Note(
                _name(head, context),
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


def _name(head: Head, context: Context) -> str:
    """The id of a head's note; a head that two voices share makes two."""
    name = f"n{head.symbol}" + ("b" if head.symbol in context.named else "")
    context.named.add(head.symbol)
    return name


def _without_unisons(notes: Sequence[Note]) -> tuple[Note, ...]:
    kept: dict[Pitch, Note] = {}
    for note in notes:
        kept.setdefault(note.pitch, note)
    return tuple(kept.values())


def _octaves(chord: Chord, notation: Notation) -> int:
    """How many octaves higher than written a chord sounds."""
    return sum(
        line.octaves
        for line in notation.octaves
        if line.staff == chord.staff and line.left <= chord.x <= line.right
    )


def _pitch(
    head: Head, clef: s.Clef, staff: int, context: Context, stops: dict[int, int], octaves: int
) -> Pitch:
    """The pitch of a head: clef and height give the step; key, bar and the printed accidental its alteration."""
    steps = _REFERENCE[clef.sign] + 7 * clef.octave + head.position - 2 * (clef.line - 1)
    octave, step = divmod(steps, 7)
    name = "CDEFGAB"[step]
    octave += octaves
    if head.accidental:
        alter = _ACCIDENTALS[head.accidental][1]
        context.alters[staff, steps] = alter
        return Pitch(name, alter, octave)
    before = context.tied.get(stops.get(head.symbol, -1))
    if before and (before.step, before.octave) == (name, octave):
        return before
    return Pitch(name, context.alters.get((staff, steps), _key_alter(name, context.key)), octave)


def _key_alter(step: str, key: s.Key) -> int:
    if key.fifths > 0:
        return int(step in _SHARP_STEPS[: key.fifths])
    return -int(step in _SHARP_STEPS[::-1][: -key.fifths]) if key.fifths else 0
