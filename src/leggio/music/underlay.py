"""Syllables to the notes that they are sung on. In: rows of syllables that were read, systems, chords, ties, slurs.

Out: `LyricMark`s. A syllable is centred under its note, or begins under it where it lasts; the syllables of a row are
given to the notes of its staff in order, so that their distances together are the least (dynamic programming).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from leggio.geometry import Box
from leggio.music.notation import Chord, LyricMark, SlurMark, Staff, Syllabic, System, Text, Tie
from leggio.music.words import SungRow

# In staff spaces.
_COLUMN = 0.9  # chords nearer than this are sung on one syllable
_START = 0.6  # a note's middle from its left edge, under which a long syllable begins
_FARTHEST = 6.0  # a syllable so far from every note is sung on none
_LEAST_EXTENDER = 1.6  # the shortest line that holds a syllable
_REACH = 1.2  # such a line begins so near to its syllable's end
# What it costs to sing on a note, in staff spaces of distance.
_TIED = 2.0  # that a tie leads to
_SLURRED = 0.4  # in or at the end of a slur
_OVER = 0.3  # a note over a text is so far inside of it
_FEWEST = 5  # letters of two syllables that stood too close
_SEAM = re.compile(r"[^\W\d_A-ZÄÖÜÉ](?=[A-ZÄÖÜÉ])|[,;:!?.](?=\w)")  # where two words were joined
_SYLLABLE = re.compile(
    r"[aeiouyäöüéèêàôûù][^aeiouyäöüéèêàôûù]?(?=[bcdfghjklmnpqrstvwxzßç][aeiouyäöüéèêàôûù])", re.IGNORECASE
)
_CUT = 0.25  # syllables nearer than this were one word before they were cut apart at notes
_ELIDED = 1.5  # two syllables on one note are nearer than this
_UNDERTIE = "‿"
_VOWEL_END = re.compile(r"[aeiouyàèéìòù][,;:.!?]?$", re.IGNORECASE)
_VOWEL_START = re.compile(r"h?[aeiouyàèéìòù]", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}[.):]?\s*")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a syllable may be sung: a chord, where it stands, and what it costs besides the distance."""

    chord: int
    x: float
    cost: float


def lay_under(
    rows: Sequence[SungRow],
    systems: Sequence[System],
    chords: Sequence[Chord],
    ties: Sequence[Tie] = (),
    slurs: Sequence[SlurMark] = (),
) -> tuple[LyricMark, ...]:
    """Every syllable with its chord; hyphens and lines say how syllables hang together, across line breaks too."""
    staves = {staff.id: (staff, place) for s in systems for place, staff in enumerate(s.staves)}
    marks: list[LyricMark] = []
    open_words: dict[tuple[int, int], bool] = {}
    for row in sorted(rows, key=lambda row: (staves[row.staff][0].system, row.staff, row.verse)):
        staff, place = staves[row.staff]
        places = _find_places(staff, chords, ties, slurs)
        whole = _elide(_mend(_drop_number(row.texts), places, row.dashes, staff.space), places, staff.space)
        texts, parted = _part_at_places(whole, places, staff.space)
        homes = _assign(texts, places, staff.space)
        joined = [
            number in parted or _is_joined(a, b, row.dashes) for number, (a, b) in enumerate(pairwise(texts))
        ]
        begun = open_words.get((place, row.verse), False)
        goes_on = bool(texts) and any(_follows(texts[-1], dash) for dash in row.dashes)
        open_words[place, row.verse] = goes_on
        for number, (text, home) in enumerate(zip(texts, homes, strict=True)):
            before = joined[number - 1] if number else begun
            after = joined[number] if number < len(joined) else goes_on
            if home is not None:
                extends = any(_extends(text, dash, staff.space) for dash in row.dashes)
                marks.append(LyricMark(home, row.verse, text, _SYLLABICS[before, after], extends))
    return tuple(marks)


_SYLLABICS = {
    (False, False): Syllabic.SINGLE, (False, True): Syllabic.BEGIN, (True, True): Syllabic.MIDDLE,
    (True, False): Syllabic.END,
}  # fmt: skip


def _drop_number(texts: Sequence[Text]) -> list[Text]:
    """The syllables of a row without the number of its verse."""
    rest = list(texts)
    if rest and (number := _NUMBER.match(rest[0].text)):
        text = rest[0].text[number.end() :]
        width = rest[0].box.width * number.end() / len(rest[0].text)
        box = replace(rest[0].box, x0=rest[0].box.x0 + width)
        rest[:1] = [replace(rest[0], text=text, box=box)] if text else []
    return rest


def _part_at_places(
    texts: Sequence[Text], places: Sequence[_Place], space: float
) -> tuple[list[Text], set[int]]:
    """Syllables that stood too close to be read apart, parted where two notes stand over one text and none beside.

    Also the numbers of the syllables that go on in the next one, for all that is known.
    """
    parted: list[Text] = []
    goes_on: set[int] = set()
    for text, home in zip(texts, _assign(texts, places, space), strict=True):
        taken = [place for place in places if place.chord == home]
        after = places[places.index(taken[0]) + 1 :][:1] if taken else []
        cut = _find_cut(text, taken[0], after[0], space) if after else None
        if cut is None:
            parted.append(text)
            continue
        x = text.box.x0 + text.box.width * cut / len(text.text)
        if not _SEAM.match(text.text[cut - 1 : cut + 1]):
            goes_on.add(len(parted))
        parted.append(replace(text, text=text.text[:cut], box=replace(text.box, x1=x)))
        parted.append(replace(text, text=text.text[cut:], box=replace(text.box, x0=x)))
    return parted, goes_on


def _find_cut(text: Text, first: _Place, second: _Place, space: float) -> int | None:
    """Before which letter a text is cut that two notes are sung on: at a seam of two words, else between syllables."""
    box, letters = text.box, text.text
    if second.cost or not (box.x0 < second.x - _OVER * space and second.x + _OVER * space < box.x1):
        return None
    if first.x < box.x0 - _OVER * space or len(letters) < _FEWEST:
        return None
    seam = _SEAM.search(letters)
    if seam:
        return seam.start() + 1
    middle = ((first.x + second.x) / 2 - box.x0) / box.width * len(letters)
    cuts = [match.end() for match in _SYLLABLE.finditer(letters)]
    return min(cuts, key=lambda cut: abs(cut - middle), default=None)


def _mend(texts: Sequence[Text], places: Sequence[_Place], dashes: Sequence[Box], space: float) -> list[Text]:
    """Syllables that were cut apart where a tie or a slur leads on are one again."""
    costs = {place.chord: place.cost for place in places}
    mended: list[Text] = []
    for text, home in zip(texts, _assign(texts, places, space), strict=True):
        close = bool(mended) and text.box.x0 - mended[-1].box.x1 < _CUT * space
        held = home is None or costs[home] > 0
        if close and held and text.text[0].islower() and not _is_joined(mended[-1], text, dashes):
            box = mended[-1].box.union(text.box)
            mended[-1] = replace(mended[-1], text=mended[-1].text + text.text, box=box)
        else:
            mended.append(text)
    return mended


def _elide(texts: Sequence[Text], places: Sequence[_Place], space: float) -> list[Text]:
    """Two vowels sung on one note: a syllable without a note joins the one before it where both meet in vowels."""
    kept: list[Text] = []
    for text, home in zip(texts, _assign(texts, places, space), strict=True):
        if home is None and kept and _meet(kept[-1], text, space):
            box = kept[-1].box.union(text.box)
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text}{_UNDERTIE}{text.text}", box=box)
        else:
            kept.append(text)
    return kept


def _meet(before: Text, after: Text, space: float) -> bool:
    near = after.box.x0 - before.box.x1 < _ELIDED * space
    return near and bool(_VOWEL_END.search(before.text)) and bool(_VOWEL_START.match(after.text))


def _is_joined(before: Text, after: Text, dashes: Sequence[Box]) -> bool:
    """Whether a hyphen stands between two syllables."""
    return any(
        before.box.x1 - 2 <= dash.x0 + 2 and dash.x1 - 2 <= after.box.x0 + 2 and _is_hyphen(dash, before)
        for dash in dashes
    )


def _is_hyphen(dash: Box, text: Text) -> bool:
    """Short, and at half the height of small letters rather than on the baseline."""
    return dash.width < text.height * 1.1 and dash.center.y < text.baseline - text.height * 0.06


def _follows(text: Text, dash: Box) -> bool:
    return dash.x0 >= text.box.x1 - 2 and _is_hyphen(dash, text)


def _extends(text: Text, dash: Box, space: float) -> bool:
    """Whether a line on the baseline holds the syllable."""
    is_long = dash.width > _LEAST_EXTENDER * space or (
        dash.width > 0.8 * space and not _is_hyphen(dash, text)
    )
    return is_long and -0.3 * space < dash.x0 - text.box.x1 < _REACH * space


def _find_places(
    staff: Staff, chords: Sequence[Chord], ties: Sequence[Tie], slurs: Sequence[SlurMark]
) -> list[_Place]:
    """The columns of notes on a staff, from left to right."""
    tied = {tie.stop for tie in ties}
    mine = sorted((c for c in chords if c.staff == staff.id and not c.grace), key=lambda c: c.x)
    order = {chord.id: place for place, chord in enumerate(mine)}
    slurred = {
        chord.id
        for slur in slurs
        if slur.start in order and slur.stop in order
        for chord in mine[order[slur.start] + 1 : order[slur.stop] + 1]
    }
    places: list[_Place] = []
    for chord in mine:
        cost = _TIED if all(head.symbol in tied for head in chord.heads) else 0.0
        cost += _SLURRED if chord.id in slurred else 0.0
        if places and chord.x - places[-1].x < _COLUMN * staff.space:
            continue
        places.append(_Place(chord.id, chord.x, cost))
    return places


def _assign(texts: Sequence[Text], places: Sequence[_Place], space: float) -> list[int | None]:
    """The chord of each syllable; None where it is sung on none. Later syllables have later chords."""
    best = [0.0] * (len(places) + 1)  # the least cost of the syllables so far on the first n places
    choices: list[list[int]] = []
    for text in texts:
        row = [best[0] + _FARTHEST]
        choice = [-1]
        for place, spot in enumerate(places):
            options = (
                (row[place], choice[place]),  # on an earlier place
                (best[place + 1] + _FARTHEST, -1),  # on none
                (best[place] + _distance(text, spot, space), place),
            )
            cost, where = min(options)
            row.append(cost)
            choice.append(where)
        best = row
        choices.append(choice)
    homes: list[int | None] = []
    limit = len(places)
    for choice in reversed(choices):
        where = choice[limit]
        homes.append(places[where].chord if where >= 0 else None)
        limit = where if where >= 0 else limit
    return homes[::-1]


def _distance(text: Text, spot: _Place, space: float) -> float:
    centred = abs(text.box.center.x - spot.x)
    begun = abs(text.box.x0 + _START * space - spot.x) + 0.2 * space
    return min(centred, begun) / space + spot.cost
