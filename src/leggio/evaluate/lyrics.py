"""How well lyrics are read: letters, and whether each syllable is sung on its note. In: two scores. Out: `LyricScore`.

All syllables of a verse, in the order of the music, make one text; verses follow one another. Letters are compared by
their edit distance. Syllables are paired where the least number of edits pairs like ones; a paired one sits right where
its note is in the same bar and has the same moment or the same pitch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

import numpy as np

from leggio.music.events import Lyric, Pitch
from leggio.music.score import Score

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\xa0": " "}
)
_NUMBER = re.compile(r"^\d{1,2}\.\s*")
_LIKE = 0.5  # syllables that share so much of their letters are the same one, misread


@dataclass(frozen=True, slots=True)
class LyricScore:
    """Letters of the truth and edits that lead from the answer to them; syllables of the truth and those sung right."""

    letters: int
    edits: int
    syllables: int
    right: int

    @property
    def error_rate(self) -> float:
        """Edits for each letter of the truth."""
        return self.edits / self.letters if self.letters else float(self.edits > 0)

    @property
    def share_right(self) -> float:
        return self.right / self.syllables if self.syllables else 1.0


@dataclass(frozen=True, slots=True)
class _Sung:
    text: str
    bar: int
    onset: Fraction
    pitch: Pitch


def compare_lyrics(truth: Score, answer: Score) -> LyricScore:
    """The lyrics of an answer against the true ones."""
    true_verses, found_verses = _verses(truth), _verses(answer)
    edits = letters = syllables = right = 0
    for verse in sorted(true_verses.keys() | found_verses.keys()):
        true, found = true_verses.get(verse, []), found_verses.get(verse, [])
        true_text, found_text = (" ".join(s.text for s in sung) for sung in (true, found))
        letters += len(true_text)
        edits += count_edits(true_text, found_text)
        syllables += len(true)
        right += sum(_is_right(a, b) for a, b in _pair(true, found))
    return LyricScore(letters, edits, syllables, right)


def _verses(score: Score) -> dict[tuple[int, int], list[_Sung]]:
    """Syllables by part, counted among those that sing, and verse, counted among those of the part."""
    verses: dict[tuple[int, int], list[_Sung]] = {}
    singing = 0
    for part in score.parts:
        found: list[tuple[int, Fraction, Lyric, Pitch]] = sorted(
            (
                (place, event.onset, lyric, event.notes[0].pitch)
                for place, bar in enumerate(part.bars)
                for event in bar.events
                for lyric in event.lyrics
                if event.notes
            ),
            key=lambda entry: entry[:2],
        )
        ranks = {verse: rank for rank, verse in enumerate(sorted({entry[2].verse for entry in found}), 1)}
        for bar, onset, lyric, pitch in found:
            text = _NUMBER.sub("", lyric.text.translate(_SAME).strip())
            if text:
                verses.setdefault((singing, ranks[lyric.verse]), []).append(_Sung(text, bar, onset, pitch))
        singing += bool(found)
    return verses


def _is_right(true: _Sung, found: _Sung) -> bool:
    return true.bar == found.bar and (true.onset == found.onset or true.pitch == found.pitch)


def _pair(true: Sequence[_Sung], found: Sequence[_Sung]) -> list[tuple[_Sung, _Sung]]:
    """Syllables that are the same, in order; between two equal ones those that are alike."""
    matcher = SequenceMatcher(None, [s.text for s in true], [s.text for s in found], autojunk=False)
    pairs = []
    for kind, i, j, k, end in matcher.get_opcodes():
        if kind == "equal":
            pairs += list(zip(true[i:j], found[k:end], strict=True))
        elif kind == "replace":
            pairs += [
                (a, b) for a, b in zip(true[i:j], found[k:end], strict=False) if _is_like(a.text, b.text)
            ]
    return pairs


def _is_like(a: str, b: str) -> bool:
    return count_edits(a, b) <= (1 - _LIKE) * max(len(a), len(b))


def count_edits(a: str, b: str) -> int:
    """Letters to put in, to take out or to change that lead from one text to the other (Levenshtein, 1965)."""
    if not a or not b:
        return max(len(a), len(b))
    letters = np.array([ord(char) for char in b])
    row = np.arange(len(b) + 1)
    for number, char in enumerate(a, 1):
        changed = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + (letters != ord(char)))])
        # What is put in costs one a letter: the least of all ways that begin further left.
        row = np.minimum.accumulate(changed - np.arange(len(changed))) + np.arange(len(changed))
    return int(row[-1])
