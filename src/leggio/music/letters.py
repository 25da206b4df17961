"""Letters that stand close together, and how they are joined and parted. Records of ink, in page pixels; all unread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """Letters that stand close together, in page pixels.

    `box` bounds their ink; `baseline` is the y that most of them stand on, `height` that of the tallest one, `letters`
    where each begins and ends in x. `crop` is the page around them with all other ink wiped out, its upper left corner
    at `left`, `top`.
    """

    box: Box
    baseline: float
    height: float
    letters: tuple[tuple[float, float], ...]
    crop: Grey
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Lettered:
    """All letters of a page, and its dashes: hyphens between syllables, and the lines that hold one.

    `doubtful` are letters or signs of music that stand alone: only their neighbours can tell.
    """

    words: tuple[Lettering, ...]
    dashes: tuple[Box, ...]
    doubtful: tuple[Lettering, ...] = ()


def join(words: Sequence[Lettering]) -> Lettering:
    """Several words, from left to right, as one; each stays where it stands."""
    left, top = min(word.left for word in words), min(word.top for word in words)
    right = max(word.left + word.crop.shape[1] for word in words)
    bottom = max(word.top + word.crop.shape[0] for word in words)
    sheet = np.full((bottom - top, right - left), 255, np.uint8)
    for word in words:
        height, width = word.crop.shape
        place = sheet[word.top - top :, word.left - left :][:height, :width]
        np.minimum(place, word.crop, out=place)
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return Lettering(
        box, float(np.median([word.baseline for word in words])), max(word.height for word in words),
        tuple(letter for word in words for letter in word.letters), sheet, left, top,
    )  # fmt: skip


def split(word: Lettering, level: float) -> list[Lettering]:
    """A word's parts with more than `level` pixels of white between them."""
    groups: list[list[tuple[float, float]]] = []
    for letter in word.letters:
        if groups and letter[0] - groups[-1][-1][1] <= level:
            groups[-1].append(letter)
        else:
            groups.append([letter])
    if len(groups) == 1:
        return [word]
    return [_take(word, group) for group in groups]


def cut(word: Lettering, places: Sequence[float]) -> list[Lettering]:
    """A word's parts left and right of each of some places, x in pixels, that lie between its letters."""
    groups: dict[int, list[tuple[float, float]]] = {}
    for letter in word.letters:
        groups.setdefault(sum(place <= letter[0] for place in places), []).append(letter)
    return [word] if len(groups) == 1 else [_take(word, group) for group in groups.values()]


def _take(word: Lettering, letters: Sequence[tuple[float, float]]) -> Lettering:
    """Some neighbouring letters of a word as a word of their own, with half of the white around them."""
    before = [end for _, end in word.letters if end <= letters[0][0]]
    after = [start for start, _ in word.letters if start >= letters[-1][1]]
    columns = word.crop.shape[1]
    start = round((before[-1] + letters[0][0]) / 2) - word.left if before else 0
    stop = round((after[0] + letters[-1][1]) / 2) - word.left if after else columns
    box = Box(letters[0][0], word.box.y0, letters[-1][1], word.box.y1)
    return replace(
        word, box=box, letters=tuple(letters), crop=word.crop[:, start:stop], left=word.left + start
    )
