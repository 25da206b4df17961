"""Letters on a page of music: what is left when all that is music is taken away.

In: a page, the net's maps, systems and symbols. Out: `Lettering`s, letters close enough to be one word or syllable,
and the dashes between them; nothing is read yet. Ink is looked at in the net's scale, where a staff space is always
the same number of pixels; crops are cut from the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.letters import Grey, Lettered, Lettering
from leggio.music.maps import Maps
from leggio.music.notation import HEADS, RESTS, Symbol, System
from leggio.music.notation import SymbolKind as K

Ids = NDArray[np.int64]

# All lengths are in staff spaces. Letters of songs are 0.9 to 1.3 high without ascenders, titles up to 4.5 with them.
_BAND = 0.35  # beyond the outer lines: ink that reaches into it belongs to the staff
_STROKE = 2.2  # music's strokes are longer than this, letters' are not
_TALLEST, _WIDEST = 5.5, 14.0  # a letter of a title; a word in bold type whose letters run together
_SPECK = 0.18  # less is dust, or the dot of an i that dust cannot be told from
_THIN = 0.4  # what is lower than this and longer than a dot is a dash
_DASH = 0.35  # the shortest dash
_EQUALS = (
    1.5,
    0.7,
)  # the greatest width of an equals sign, and of its halves' distance; ledger lines are 1 apart
_FAR = 4.5  # so far from every system there are no symbols: a large S is no segno there
_RULE = 3.2  # upright lines longer than this are no letters
_JOIN, _STACK = 0.36, 0.30  # letters of a word are nearer than this; so are dots and accents above them
_LARGE, _JOIN_LARGE, _STACK_LARGE = (
    2.6,
    0.55,
    0.75,
)  # letters so high are set wider, their accents stand higher
_LETTER = 0.5  # small letters are so high at least as tall ones; apostrophes and accents are lower
_LINES = 0.9  # feet of letters of one line differ by less: tails of g and y hang so far at most
_ACCENT = 0.25  # accents stand at most so far over a word, in shares of its height
_LOWEST = 0.55  # a word's tallest letter is at least so high
_AIR = 0.25  # white around a crop

_INK = 0.45  # of the way from paper to black: darker is ink
_PAPER = 3.0  # staff spaces around, in which the paper's white is looked for
_FAINT = 40  # the least difference between paper and ink, of 255
_SURE = 110  # of 255: ink maps above this are ink
_COVERED = 0.55  # so much of a letter under a symbol's box makes it one

_LEAST_SYMBOL = 0.3  # raw confidence from which a symbol hides letters
_SURE_SYMBOL, _SURE_HEAD = (
    0.75,
    0.6,
)  # and from which one that no letter resembles is never taken for a letter
# What no letter resembles.
_LEVELS = {
    **dict.fromkeys((*HEADS, *RESTS), _SURE_HEAD), K.PEDAL: _LEAST_SYMBOL, K.PEDAL_UP: _LEAST_SYMBOL,
}  # fmt: skip
# What the net sees in letters and in their dots, commas and dashes.
_LETTERLIKE = frozenset(
    kind for kind in K if kind.value.startswith(("timeSig", "dynamic", "tuplet", "fingering", "accidentalParens"))
) | {
    K.DOT, K.REPEAT_DOT, K.STACCATO, K.STACCATISSIMO, K.TENUTO, K.CLEF_8, K.CLEF_15, K.BREATH, K.OTTAVA, K.TRILL,
    K.QUINDICESIMA, K.ACCENT, K.MARCATO, K.REST_WHOLE, K.REST_HALF,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Connected ink: a picture of numbers and, for each number, (x, y, width, height, area)."""

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    space: float

    @property
    def width(self) -> NDArray[np.float64]:
        return np.asarray(self.stats[:, 2] / self.space)

    @property
    def height(self) -> NDArray[np.float64]:
        return np.asarray(self.stats[:, 3] / self.space)

    def window(self, number: int) -> tuple[slice, slice]:
        """The rows and columns that a piece lies in."""
        x, y, width, height, _ = self.stats[number]
        return slice(y, y + height), slice(x, x + width)

    def draw(self, numbers: Ids) -> Grey:
        """A picture of some pieces, 1 on 0: of the whole page, most of which holds none of them."""
        picture = np.zeros(self.labels.shape, np.uint8)
        for number in numbers.tolist():
            window = self.window(number)
            picture[window] |= self.labels[window] == number
        return picture


def find_lettering(image: Grey, maps: Maps, systems: Sequence[System], symbols: Sequence[Symbol]) -> Lettered:
    """The words of a page, unread, and its dashes. `image` is the page, (height, width), 0 is ink."""
    scaled = _scale(image, maps)
    ink = find_ink(scaled, maps.space)
    band = _draw_band(systems, maps, scaled.shape)
    ink[(band > 0) | (_long_strokes(maps, scaled.shape) > 0)] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    pieces = _Pieces(labels, stats, maps.space)
    music, doubtful = _tell_music(pieces, symbols, systems, maps, _touching(pieces, band))
    dash = _tell_dashes(pieces) & ~music
    dash &= ~_tell_equals(pieces, dash)
    letter = _tell_letters(pieces) & ~music & ~dash
    chosen = _choose_letters(pieces, letter & ~doubtful, letter & doubtful)
    lines = [line for ids in _join_letters(pieces, chosen) for line in _split_lines(pieces, ids)]
    words = _take_in_dots(pieces, lines)
    parts = (part for ids in words for part in _split_at_dashes(pieces, ids, np.flatnonzero(dash)))
    found = _cut_words(image, pieces, parts, maps.scale)
    alone = _cut_words(image, pieces, _join_letters(pieces, letter & doubtful & ~chosen), maps.scale)
    boxes = (_bound(pieces.stats[[number]]).scale(1 / maps.scale) for number in np.flatnonzero(dash))
    return Lettered(found, tuple(boxes), alone)


def find_ink(image: Grey, space: float) -> Grey:
    """Ink as 1 and paper as 0, each pixel against the paper around it, so that stains and shadows do not count."""
    size = max(3, round(_PAPER * space / 4) | 1)
    quarter = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(quarter, np.ones((size, size), np.uint8)), (size, size))
    paper = cv2.resize(paper, (image.shape[1], image.shape[0]))
    level, _ = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    black = float(np.median(image[image <= level]))
    wanted = _INK * np.maximum(paper.astype(np.float32) - black, _FAINT)
    return np.asarray(cv2.subtract(paper, image) > wanted, np.uint8)


def _scale(image: Grey, maps: Maps) -> Grey:
    height, width = (max(1, round(side * maps.scale)) for side in image.shape)
    way = cv2.INTER_AREA if maps.scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), np.uint8)


def _draw_band(systems: Sequence[System], maps: Maps, shape: tuple[int, ...]) -> Grey:
    """All staves, from a little above to a little below their lines."""
    band = np.zeros(shape, np.uint8)
    margin = _BAND * maps.space
    for staff in (staff for system in systems for staff in system.staves):
        xs = np.asarray(staff.xs) * maps.scale
        top = np.stack([xs, np.asarray(staff.lines[0]) * maps.scale - margin], axis=1)
        bottom = np.stack([xs, np.asarray(staff.lines[-1]) * maps.scale + margin], axis=1)
        cv2.fillPoly(band, [np.concatenate([top, bottom[::-1]]).round().astype(np.int32)], 1)
    return band


def _long_strokes(maps: Maps, shape: tuple[int, ...]) -> Grey:
    """Ink of strokes that are too long for letters."""
    strokes = np.zeros(maps.dark.shape, np.uint8)
    for name in maps.inks:
        if name != "staffLine":
            strokes |= maps.ink_of(name) > _SURE
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    is_long = np.maximum(stats[:, 2], stats[:, 3]) > _STROKE * maps.cells_per_space
    is_long[0] = False
    grown = cv2.dilate(is_long.astype(np.uint8)[labels], np.ones((3, 3), np.uint8))
    double = cv2.resize(grown, (grown.shape[1] * 2, grown.shape[0] * 2), interpolation=cv2.INTER_NEAREST)
    return np.asarray(double[: shape[0], : shape[1]], np.uint8)


def _touching(pieces: _Pieces, band: Grey) -> NDArray[np.bool_]:
    """Which pieces reach a staff."""
    edge = (cv2.dilate(band, np.ones((3, 3), np.uint8)) > 0) & (band == 0)
    touching = np.zeros(len(pieces.stats), np.bool_)
    touching[np.unique(pieces.labels[edge])] = True
    return touching


def _tell_music(
    pieces: _Pieces,
    symbols: Sequence[Symbol],
    systems: Sequence[System],
    maps: Maps,
    touching: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pieces are music, and which may be letters that were taken for symbols, as all are far from any system."""
    reach = _FAR * systems[0].staves[0].space
    sure = np.zeros(len(pieces.stats))
    doubtful = np.zeros(len(pieces.stats))
    for symbol in symbols:
        far = all(not s.box.grow(reach, reach).contains(symbol.box.center) for s in systems)
        if symbol.confidence < _LEAST_SYMBOL or far:
            continue
        covered = _covered(pieces, symbol.box.scale(maps.scale))
        level = _LEVELS.get(symbol.kind, _SURE_SYMBOL)
        is_sure = symbol.kind not in _LETTERLIKE and symbol.confidence > level
        (sure if is_sure else doubtful)[:] += covered
    area = np.maximum(pieces.stats[:, 4], 1)
    return touching | (sure / area > _COVERED), doubtful / area > _COVERED


def _covered(pieces: _Pieces, box: Box) -> NDArray[np.int64]:
    """How many pixels of each piece lie in a box."""
    rows = slice(max(0, int(box.y0) - 1), int(box.y1) + 2)
    columns = slice(max(0, int(box.x0) - 1), int(box.x1) + 2)
    return np.bincount(pieces.labels[rows, columns].ravel(), minlength=len(pieces.stats))


def _tell_dashes(pieces: _Pieces) -> NDArray[np.bool_]:
    """Low and long: hyphens and extenders."""
    return (pieces.height < _THIN) & (pieces.width > _DASH) & (pieces.width > 1.6 * pieces.height)


def _tell_equals(pieces: _Pieces, dash: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which dashes are the halves of an equals sign: two of one width, one close over the other."""
    found = np.zeros(len(dash), np.bool_)
    short = np.flatnonzero(dash & (pieces.width < _EQUALS[0]))
    x, y, width = (pieces.stats[short, column] / pieces.space for column in range(3))
    for place, number in enumerate(short):
        level = (np.abs(x - x[place]) < _THIN) & (np.abs(width - width[place]) < _THIN)
        near = level & (np.abs(y - y[place]) < _EQUALS[1]) & (y != y[place])
        found[number] = bool(near.any())
    return found


def _tell_letters(pieces: _Pieces) -> NDArray[np.bool_]:
    width, height = pieces.width, pieces.height
    fits = (height < _TALLEST) & (width < _WIDEST) & (np.maximum(width, height) > _SPECK)
    rule = (height > _RULE) & (width < _THIN)
    fits[0] = False  # the paper
    return np.asarray(fits & ~rule)


def _choose_letters(
    pieces: _Pieces, letter: NDArray[np.bool_], doubtful: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """All sure letters, and the doubtful ones that stand beside letters as letters do."""
    chosen = letter.copy()
    for _ in range(3):  # a chain of three letters taken for symbols is as long as they come
        grown = _grow(pieces, chosen, 2.0)
        more = np.zeros(len(chosen), np.bool_)
        for number in np.flatnonzero(doubtful & ~chosen).tolist():
            window = pieces.window(number)
            more[number] = (grown[window][pieces.labels[window] == number] > 0).any()
        if not more.any():
            break
        chosen |= more
    return chosen


def _join_letters(pieces: _Pieces, chosen: NDArray[np.bool_]) -> list[Ids]:
    """The pieces of each word."""
    _, labels, _, _ = cv2.connectedComponentsWithStats(_grow(pieces, chosen), connectivity=8)
    ids = np.flatnonzero(chosen)
    homes = [_home(pieces, labels, int(number)) for number in ids]
    order = np.argsort(homes, kind="stable")
    cuts = np.flatnonzero(np.diff(np.asarray(homes, np.int64)[order])) + 1
    return [group for group in np.split(ids[order], cuts) if len(group)]


def _split_lines(pieces: _Pieces, ids: Ids) -> list[Ids]:
    """The lines of words that touch words of the next line: letters whose feet stand clearly lower begin a line."""
    feet = pieces.stats[ids, 1] + pieces.stats[ids, 3]
    heights = pieces.height[ids]
    high = heights > max(_LOWEST, _LETTER * heights.max())
    levels = np.sort(feet[high])
    cuts = levels[1:][np.diff(levels) > _LINES * pieces.space]
    if not len(cuts):
        return [ids]
    # What is low, as dots and commas are, goes with the line whose letters' feet are next under its middle.
    middles = pieces.stats[ids, 1] + pieces.stats[ids, 3] / 2
    places = np.where(high, np.searchsorted(cuts, feet, side="right"), 0)
    tops = [levels[0], *cuts]
    for place in np.flatnonzero(~high):
        below = [line for line, top in enumerate(tops) if top > middles[place]]
        places[place] = below[0] if below else len(tops) - 1
    return [ids[places == line] for line in range(len(tops)) if (places == line).any()]


def _take_in_dots(pieces: _Pieces, words: Sequence[Ids]) -> list[Ids]:
    """Words with the dots and accents that stand in the height of their tall letters, far from their own letter."""
    boxes = [_bound(pieces.stats[ids]) for ids in words]
    is_low = [pieces.height[ids].max() < _LOWEST for ids in words]
    taken: dict[int, list[Ids]] = {}
    for place, box in enumerate(boxes):
        if not is_low[place]:
            continue
        for home, other in enumerate(boxes):
            room = Box(other.x0, other.y0 - _ACCENT * other.height, other.x1, other.y1)
            if not is_low[home] and room.contains(box.center):
                taken.setdefault(home, []).append(words[place])
                break
    return [
        np.concatenate([ids, *taken.get(place, [])]) for place, ids in enumerate(words) if not is_low[place]
    ]


def _grow(pieces: _Pieces, chosen: NDArray[np.bool_], times: float = 1.0) -> Grey:
    """The chosen pieces, grown until the letters of one word meet; large type is set wider.

    `times` 2 makes one piece reach as far alone as two do that grow towards each other.
    """
    space = pieces.space
    grown = np.zeros(pieces.labels.shape, np.uint8)
    sizes = ((0.0, _LARGE, _JOIN, _STACK), (_LARGE, _TALLEST, _JOIN_LARGE, _STACK_LARGE))
    for low, high, gap, stack in sizes:
        these = chosen & (pieces.height >= low) & (pieces.height < high)
        if these.any():
            kernel = np.ones((round(stack * space) | 1, round(gap * times * space) | 1), np.uint8)
            grown |= cv2.dilate(pieces.draw(np.flatnonzero(these)), kernel)
    return grown


def _split_at_dashes(pieces: _Pieces, ids: Ids, dashes: Ids) -> list[Ids]:
    """The pieces of a word on both sides of each hyphen in it."""
    box = _bound(pieces.stats[ids])
    x, y, width, height = (pieces.stats[dashes, column] for column in range(4))
    middle = y + height / 2
    inside = (x > box.x0) & (x + width < box.x1) & (middle > box.y0 + box.height / 4) & (middle < box.y1)
    cuts = np.sort((x + width / 2)[inside])
    middles = pieces.stats[ids, 0] + pieces.stats[ids, 2] / 2
    places = np.searchsorted(cuts, middles)
    return [ids[places == place] for place in range(len(cuts) + 1) if (places == place).any()]


def _home(pieces: _Pieces, labels: NDArray[np.int32], number: int) -> int:
    """The number of the grown word that holds a piece."""
    window = pieces.window(number)
    return int(labels[window][pieces.labels[window] == number][0])


def _bound(stats: NDArray[np.int32]) -> Box:
    x0, y0 = stats[:, 0].min(), stats[:, 1].min()
    x1, y1 = (stats[:, 0] + stats[:, 2]).max(), (stats[:, 1] + stats[:, 3]).max()
    return Box(float(x0), float(y0), float(x1), float(y1))


def _cut_words(image: Grey, pieces: _Pieces, words: Iterable[Ids], scale: float) -> tuple[Lettering, ...]:
    found = (_cut_word(image, pieces, ids, scale) for ids in words)
    return tuple(word for word in found if word is not None)


def _cut_word(image: Grey, pieces: _Pieces, ids: Ids, scale: float) -> Lettering | None:
    """A word with its crop; None where nothing in it is as high as a letter."""
    stats = pieces.stats[ids]
    high = stats[stats[:, 3] > _LOWEST * pieces.space]
    if not len(high):
        return None
    box = _bound(stats)
    frame = box.grow(_AIR * pieces.space, _AIR * pieces.space)
    rows, columns = (
        _reach(frame.y0, frame.y1, image.shape[0] * scale),
        _reach(frame.x0, frame.x1, image.shape[1] * scale),
    )
    mine = np.isin(pieces.labels[slice(*rows), slice(*columns)], ids).astype(np.uint8)
    left, top = round(columns[0] / scale), round(rows[0] / scale)
    crop = image[top : round(rows[1] / scale), left : round(columns[1] / scale)].copy()
    seen = cv2.resize(
        cv2.dilate(mine, np.ones((3, 3), np.uint8)),
        (crop.shape[1], crop.shape[0]),
        interpolation=cv2.INTER_NEAREST,
    )
    crop[seen == 0] = 255
    bottoms = np.median(high[:, 1] + high[:, 3])
    return Lettering(
        box.scale(1 / scale), float(bottoms) / scale, float(high[:, 3].max()) / scale,
        _letters(stats, pieces.space, scale), crop, left, top,
    )  # fmt: skip


def _letters(stats: NDArray[np.int32], space: float, scale: float) -> tuple[tuple[float, float], ...]:
    """From where to where each letter reaches; accents belong to theirs, commas and dots to the letter before."""
    letters: list[list[float]] = []
    for x, _, width, height, _ in sorted(stats.tolist()):
        near = letters[-1][1] + (_JOIN * space if height < _LOWEST * space else 0.0) if letters else x
        if x < near:
            letters[-1][1] = max(letters[-1][1], x + width)
        else:
            letters.append([x, x + width])
    return tuple((start / scale, end / scale) for start, end in letters)


def _reach(start: float, stop: float, limit: float) -> tuple[int, int]:
    return max(0, int(start)), min(int(limit), int(np.ceil(stop)))
