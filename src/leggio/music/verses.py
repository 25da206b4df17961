"""Which words are sung. In: a page's lettering, its systems and symbols. Out: rows of syllables, and all other lines.

Words under a staff whose baselines agree are a row; a row is sung where its words are many, stand under notes or have
hyphens between them, or where the same staff has such a row in another system. All other words are joined into lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from leggio.geometry import Box
from leggio.music.letters import Lettered, Lettering, cut, join, split
from leggio.music.notation import HEADS, Staff, Symbol, System

# In staff spaces unless it says otherwise.
_SAME_ROW = 0.55  # baselines of one row differ by less
_LOWEST_ROW = 9.0  # under the last staff of a system: from there on words belong to the page's foot
_UNDER = 1.3  # a syllable's middle or start is so near to its note
_TALLEST = 2.9  # letters of sung words are lower
# Words: with few there must be another sign; many are sung even between the staves of a piano.
_FEW, _SOME, _MANY = 2, 4, 6
_ALIGNED, _HALF_ALIGNED = 0.7, 0.5  # the share of a row's words that stand under notes, of few and of some
# Rows of several systems at like distances from their staves: where one is already sung here, and where none is.
_SAME_PLACE, _OTHER_PLACE = 0.8, 2.8
# White between letters and words of a row: at least so much parts words, and clearly more than the usual white.
_LEAST_WHITE, _TIMES, _MORE_WHITE = 0.27, 1.25, 0.06
_MOST_WHITE = 0.75  # what is wider parts words in every type
_FEW_WHITES = 8  # fewer say nothing of the usual white
_STANDS_OUT = (
    0.06  # the white between two syllables that stand too close is so much wider than the usual one,
)
_CLOSEST = 0.5  # is at least so much of the white that parts words,
_CLOSE = 0.3  # and so far from the notes at most that it is not between
_ALIKE = (0.5, 1.5)  # a letter that may be music is sung where it has the height of its row's words, about
_ADOPTED = 0.3  # and stands on their baseline, about
_BESIDE = 8.0  # not further than this from them
_WORD_GAP = 1.1  # the white between two words of a line, in heights of its letters
_NARROW = 0.3  # a letter alone is wider, in shares of its height
_MOST_LINES = 100  # a page of music with more has dirt; each costs time
_SAME_LINE = 0.4  # baselines of one line differ by less, in heights of its letters
_SAME_SIZE = 2.2  # and its tallest letters by less than this factor


@dataclass(frozen=True, slots=True, eq=False)
class VerseRow:
    """The syllables of one verse under one staff, from left to right; `verse` counts from 1 at the top.

    `white` is the least white between two of them, in pixels.
    """

    staff: int
    verse: int
    words: tuple[Lettering, ...]
    dashes: tuple[Box, ...]
    white: float


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All lettering of a page, sorted: what is sung, and other lines."""

    verses: tuple[VerseRow, ...]
    lines: tuple[Lettering, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Words of one baseline under a staff; `depth` is how far below its bottom line."""

    staff: Staff
    place: tuple[int, int]  # of the staff, counted from the top and from the bottom of its system
    several: bool  # the staff's part has several staves, as a piano's
    depth: float
    words: tuple[Lettering, ...]
    dashes: tuple[Box, ...]
    white: float
    heads: tuple[float, ...]


def sort_rows(lettered: Lettered, systems: Sequence[System], symbols: Sequence[Symbol]) -> Rows:
    """Tell what is sung from what is not."""
    rows = [row for system in systems for row in _system_rows(system, lettered, symbols)]
    sure = [row for row in rows if _is_sung(row)]
    singing = {row.staff.id for row in sure}
    reach = {True: _SAME_PLACE, False: _OTHER_PLACE}
    sung = [
        row for row in rows
        if row in sure or any(_is_like(row, other, reach[row.staff.id in singing]) for other in sure)
    ]  # fmt: skip
    verses = []
    for _, group in groupby(sung, key=lambda row: row.staff.id):
        for verse, row in enumerate(sorted(group, key=lambda row: row.depth), 1):
            words = _adopt(row, lettered.doubtful)
            verses.append(VerseRow(row.staff.id, verse, words, row.dashes, row.white))
    rest = [word for word in lettered.words if not any(_holds(row, word) for row in verses)]
    return Rows(tuple(verses), _keep_likely([join(line) for line in _join_lines(rest)]))


def _keep_likely(lines: Sequence[Lettering]) -> tuple[Lettering, ...]:
    """The lines without upright strokes that stand alone, pieces of music or of the page's edge; at most so many."""
    likely = [line for line in lines if len(line.letters) > 1 or line.box.width > _NARROW * line.box.height]
    return tuple(sorted(likely, key=lambda line: -len(line.letters))[:_MOST_LINES])


def _adopt(row: _Row, doubtful: Sequence[Lettering]) -> tuple[Lettering, ...]:
    """The row's words with letters alone, such as a and O, that were taken for signs of music."""
    height = median(word.height for word in row.words)
    reach = _BESIDE * row.staff.space
    adopted = [
        letter for letter in doubtful
        if row.words[0].box.x0 - reach < letter.box.x0 < row.words[-1].box.x1 + reach
        and abs(_depth(letter, row.staff) - row.depth) < _ADOPTED
        and _ALIKE[0] * height < letter.height < _ALIKE[1] * height
        and not any(word.box.intersection(letter.box) > 0 for word in row.words)
    ]  # fmt: skip
    return tuple(sorted((*row.words, *adopted), key=lambda word: word.box.x0))


def _holds(row: VerseRow, word: Lettering) -> bool:
    return any(mine.box.intersection(word.box) > 0 for mine in row.words)


def _system_rows(system: System, lettered: Lettered, symbols: Sequence[Symbol]) -> list[_Row]:
    rows: list[_Row] = []
    for place, staff in enumerate(system.staves):
        below = system.staves[place + 1] if place + 1 < len(system.staves) else None
        words = [word for word in lettered.words if _is_under(word, staff, below)]
        dashes = [dash for dash in lettered.dashes if _hangs_under(dash, staff, below)]
        heads = _heads_on(staff, symbols)
        several = sum(other.part == staff.part for other in system.staves) > 1
        for group in _group_by_depth(words, staff):
            depth = median(_depth(word, staff) for word in group)
            mine = tuple(dash for dash in dashes if _is_between(dash, depth, staff))
            in_order = sorted(group, key=lambda word: word.box.x0)
            white = _measure_white(in_order, staff.space)
            rows.append(
                _Row(
                    staff, (place, len(system.staves) - place), several,
                    depth, _part_at_notes(_part_words(in_order, mine, white), heads, white, staff.space), mine,
                    white, heads,
                )
            )  # fmt: skip
    return rows


def _depth(word: Lettering, staff: Staff) -> float:
    """How far a word's baseline lies below the staff, in staff spaces."""
    return (word.baseline - staff.line_at(4, word.box.center.x)) / staff.space


def _is_under(word: Lettering, staff: Staff, below: Staff | None) -> bool:
    inside = staff.box.x0 - 2 * staff.space < word.box.center.x < staff.box.x1 + 2 * staff.space
    return inside and word.height < _TALLEST * staff.space and _hangs_under(word.box, staff, below)


def _hangs_under(box: Box, staff: Staff, below: Staff | None) -> bool:
    x, y = box.center.x, box.center.y
    end = below.line_at(0, x) if below else staff.line_at(4, x) + _LOWEST_ROW * staff.space
    return staff.line_at(4, x) < y < end


def _is_between(dash: Box, depth: float, staff: Staff) -> bool:
    """Whether a dash stands in the row of this depth: on its baseline or at half the height of its letters."""
    off = (dash.center.y - staff.line_at(4, dash.center.x)) / staff.space - depth
    return -1.1 < off < 0.6


def _heads_on(staff: Staff, symbols: Sequence[Symbol]) -> tuple[float, ...]:
    near = (s.box.center for s in symbols if s.kind in HEADS and s.confidence > 0.3)
    return tuple(sorted(point.x for point in near if -7 < staff.position_at(point) < 15))


def _group_by_depth(words: Sequence[Lettering], staff: Staff) -> list[list[Lettering]]:
    """Words of like depth; the longest rows take their words first."""
    left = sorted(words, key=lambda word: _depth(word, staff))
    groups: list[list[Lettering]] = []
    while left:
        reach = [
            [w for w in left if abs(_depth(w, staff) - _depth(word, staff)) < _SAME_ROW] for word in left
        ]
        best = max(reach, key=len)
        groups.append(best)
        taken = {id(word) for word in best}
        left = [word for word in left if id(word) not in taken]
    return groups


def _measure_white(words: Sequence[Lettering], space: float) -> float:
    """The white that begins to part words of a row, in pixels: clearly more than that between most letters.

    Type is set wide or narrow, and syllables stand close where notes do, so no fixed white serves.
    """
    letters = [letter for word in words for letter in word.letters]
    whites = [max(after[0] - before[1], 0.0) / space for before, after in pairwise(letters)]
    near = [white for white in whites if white < _MOST_WHITE]
    usual = median(near) if len(near) >= _FEW_WHITES else 0.0
    return max(_LEAST_WHITE, usual * _TIMES + _MORE_WHITE) * space


def _part_words(words: Sequence[Lettering], dashes: Sequence[Box], white: float) -> tuple[Lettering, ...]:
    """The row's words anew, with more than `white` or a hyphen between any two."""
    groups: list[list[Lettering]] = []
    for word in (part for whole in words for part in split(whole, white)):
        if groups:
            before = groups[-1][-1].box.x1
            hyphened = any(before - 1 <= dash.center.x <= word.box.x0 + 1 for dash in dashes)
            if word.box.x0 - before <= white and not hyphened:
                groups[-1].append(word)
                continue
        groups.append([word])
    return tuple(join(group) for group in groups)


def _part_at_notes(
    words: Sequence[Lettering], heads: Sequence[float], white: float, space: float
) -> tuple[Lettering, ...]:
    """A word that reaches under several notes is parted between each two at the widest white, if that stands out."""
    parted: list[Lettering] = []
    for word in words:
        under = [head for head in heads if word.box.x0 < head < word.box.x1]
        whites = [(max(b[0] - a[1], 0.0), (a[1] + b[0]) / 2) for a, b in pairwise(word.letters)]
        usual = median(wide for wide, _ in whites) if whites else 0.0
        cuts = []
        for before, after in pairwise(under):
            between = [
                (wide, x) for wide, x in whites if before - _CLOSE * space < x < after + _CLOSE * space
            ]
            widest, x = max(between, default=(0.0, 0.0))
            if widest > max(usual + _STANDS_OUT * space, _CLOSEST * white):
                cuts.append(x)
        parted += cut(word, cuts)
    return tuple(parted)


def _is_sung(row: _Row) -> bool:
    """Whether a row is surely sung, by itself."""
    count, aligned = len(row.words), _share_aligned(row)
    if row.several:
        return count >= _MANY and aligned >= _ALIGNED and len(row.dashes) >= 2
    hyphens = sum(_joins(dash, row.words) for dash in row.dashes)
    if count >= _SOME:
        return aligned >= _HALF_ALIGNED
    return aligned >= _ALIGNED and (count > _FEW or (count >= _FEW and hyphens > 0))


def _share_aligned(row: _Row) -> float:
    return sum(_is_aligned(word, row.heads, row.staff.space) for word in row.words) / len(row.words)


def _is_aligned(word: Lettering, heads: Sequence[float], space: float) -> bool:
    places = (word.box.center.x, word.box.x0 + space / 2)
    return any(abs(head - place) < _UNDER * space for head in heads for place in places)


def _joins(dash: Box, words: Sequence[Lettering]) -> bool:
    before = any(word.box.x1 <= dash.x0 + 1 for word in words)
    return before and any(word.box.x0 >= dash.x1 - 1 for word in words)


def _is_like(row: _Row, sure: _Row, reach: float) -> bool:
    """Whether a row stands where another system has a sung one."""
    same_staff = row.place[0] == sure.place[0] or row.place[1] == sure.place[1]
    like = same_staff and row.several == sure.several and abs(row.depth - sure.depth) < reach
    return like and _share_aligned(row) >= _HALF_ALIGNED


def _join_lines(words: Sequence[Lettering]) -> list[tuple[Lettering, ...]]:
    """Words that follow one another on one line."""
    lines: list[list[Lettering]] = []
    for word in sorted(words, key=lambda word: word.box.x0):
        fitting = [line for line in lines if _follows(word, line)]
        if fitting:
            min(fitting, key=lambda line: word.box.x0 - line[-1].box.x1).append(word)
        else:
            lines.append([word])
    return [tuple(line) for line in lines]


def _follows(word: Lettering, line: Sequence[Lettering]) -> bool:
    last = line[-1]
    high, low = max(word.height, last.height), min(word.height, last.height)
    gap = word.box.x0 - max(each.box.x1 for each in line)
    level = abs(word.baseline - last.baseline) < _SAME_LINE * high
    return level and gap < _WORD_GAP * high and high < _SAME_SIZE * low
