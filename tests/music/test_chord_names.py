"""Chord symbols name a root, a kind and sometimes a bass."""

from __future__ import annotations

import pytest

from leggio.music.chord_names import parse_chord
from leggio.music.directions import HarmonyKind as H


@pytest.mark.parametrize(
    ("text", "root", "kind", "bass"),
    [
        ("C", ("C", 0), H.MAJOR, None), ("Gm", ("G", 0), H.MINOR, None), ("F#m7b5", ("F", 1), H.HALF_DIMINISHED, None),
        ("B♭7", ("B", -1), H.DOMINANT, None), ("Bbmaj7", ("B", -1), H.MAJOR_7, None),
        ("D/F#", ("D", 0), H.MAJOR, ("F", 1)), ("Edim", ("E", 0), H.DIMINISHED, None),
        ("Asus4", ("A", 0), H.SUSPENDED_4, None),
    ],
)  # fmt: skip
def test_a_symbol_is_understood(
    text: str, root: tuple[str, int], kind: H, bass: tuple[str, int] | None
) -> None:
    chord = parse_chord(text)
    assert chord is not None
    assert (chord.root, chord.kind, chord.bass) == (root, kind, bass)


@pytest.mark.parametrize("text", ["", "H", "Dolce", "Fine", "c", "C77", "Am/", "Adagio"])
def test_other_words_are_no_chords(text: str) -> None:
    assert parse_chord(text) is None
