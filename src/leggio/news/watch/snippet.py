"""The piece of a text in which most hits stand. In: a text and hits. Out: one line of it, and where the hits are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leggio.news.watch.match import Hit, Place

SNIPPET_LETTERS = 200  # two lines of a terminal, three of a feed reader


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text on one line; `marks` are the characters from .. to of hits in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def cut_snippet(text: str, hits: Sequence[Hit], letters: int = SNIPPET_LETTERS) -> Snippet:
    """The window of about so many letters with the most hits, the first of such; the beginning where there are none."""
    spans = [(hit.start, hit.end) for hit in hits if hit.place is Place.TEXT]
    inside = max(
        (
            [other for other in spans if start <= other[0] and other[1] <= start + letters]
            for start, _ in spans
        ),
        key=len,
        default=[],
    )
    first, last = (inside[0][0], inside[-1][1]) if inside else (0, 0)
    spare = max(letters - (last - first), 0)
    start = max(first - spare // 2, 0)
    end = min(start + max(letters, last - first), len(text))
    start, end = _widen(text, start, end)
    shown = "".join(" " if sign.isspace() else sign for sign in text[start:end])
    front, back = "… " if start > 0 else "", " …" if end < len(text) else ""
    shift = len(front) - start
    marks = tuple((a + shift, b + shift) for a, b in spans if start <= a and b <= end)
    return Snippet(f"{front}{shown}{back}", marks)


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """To whole words."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
