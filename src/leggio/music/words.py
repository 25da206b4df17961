"""Read the words of a page of music. In: its lettering, sorted. Out: `Text`s and rows of syllables, read by an engine.

Syllables are packed side by side onto crops, as many as a line of a book holds: a net for lines reads them together in
a third of the time that it takes for each alone, and spells them better.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.music.lettering import find_lettering
from leggio.music.letters import Lettering, join
from leggio.music.maps import Maps
from leggio.music.notation import Symbol, System, Text
from leggio.music.verses import Rows, VerseRow, sort_rows
from leggio.ocr import Engine, TextLine, Word

Grey = NDArray[np.uint8]

_PACKED = 22.0  # the width of a crop of packed syllables, in heights of its letters
_DOUBT = 1.15  # white less than so many times the row's may or may not part words
_WIDER = 1.6  # which an engine sees better where it is so much wider
_SHORT, _LIKE_SIZE = (
    5,
    1.4,
)  # lines of so few letters share a crop with others that are at most so much higher
_SURE = 0.7  # the least confidence of a syllable that speaks for its row
_LATIN, _MARKS = 0x250, "‘’‚“”„–—…‿"  # the first letter after the Latin ones, and what else stands in songs
_HOW = re.compile(
    r"(?:accel|rit|ritard|ritenuto|rall|cresc|crescendo|dim|dimin|dolce|colla|parte|voce|tempo|espr|espress|espressivo|"
    r"poco|molto|sempre|legato|leggiero|string|calando|marc|marcato|cantabile|piu|più|meno|mosso|[pfm]{1,3}|a|e)\W*",
    re.IGNORECASE,
)
_SHARED = 0.4  # of a lettering: a read word that covers more of two has them both in it
_HYPHEN = re.compile("[-\u2010\u2013=]+")
_GAP = 0.7  # the white between packed syllables, in heights of their letters: a wide space between words


@dataclass(frozen=True, slots=True)
class SungRow:
    """A row of syllables that was read; `dashes` are its hyphens and the lines that hold a syllable."""

    staff: int
    verse: int
    texts: tuple[Text, ...]
    dashes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """All words of a page: those that are sung, row by row, and other lines."""

    rows: tuple[SungRow, ...] = ()
    lines: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Pack:
    """Letterings on one crop; `spans` are the x ranges that each has there.

    `joined` says of each white between two whether it is as narrow as on the page: they may be one word.
    """

    crop: Grey
    words: tuple[Lettering, ...]
    spans: tuple[tuple[float, float], ...]
    joined: tuple[bool, ...]


def read_wording(
    image: Grey, maps: Maps, systems: Sequence[System], symbols: Sequence[Symbol], engine: Engine | None
) -> Wording:
    """All words of a page, `image` (height, width), 0 is ink; none where no engine is installed."""
    if engine is None:
        return Wording()
    return read_words(sort_rows(find_lettering(image, maps, systems, symbols), systems, symbols), engine)


def part_singers(systems: Sequence[System], wording: Wording) -> tuple[System, ...]:
    """The systems, with a staff over sung words as a part of its own, even if it was taken for the upper staff of two.

    One voice over one staff of an instrument looks like a piano until its words are read.
    """
    sung = {row.staff for row in wording.rows}
    places = {
        (len(system.staves), place)
        for system in systems
        for place, (staff, below) in enumerate(pairwise(system.staves))
        if staff.id in sung and staff.part == below.part
    }
    return tuple(_cut_parts(system, places) for system in systems)


def _cut_parts(system: System, places: set[tuple[int, int]]) -> System:
    if all(count != len(system.staves) for count, _ in places):
        return system
    part, staves = 0, []
    for place, staff in enumerate(system.staves):
        before = system.staves[place - 1] if place else staff
        part += staff.part != before.part or (len(system.staves), place - 1) in places
        staves.append(replace(staff, part=part))
    return replace(system, staves=tuple(staves))


def read_words(rows: Rows, engine: Engine) -> Wording:
    """What all lettering of a page says; what cannot be read is left out."""
    packed = [_pack(row) for row in rows.verses]
    packs = [pack for row in packed for pack in row] + _pack_lines(rows.lines)
    texts = _read_packs(packs, engine) if packs else {}
    sung = (
        SungRow(row.staff, row.verse, *_part([t for p in mine for w in p.words for t in texts[id(w)]], row.dashes))
        for row, mine in zip(rows.verses, packed, strict=True)
    )  # fmt: skip
    lines = (_join_texts(line, texts[id(line)]) for line in rows.lines if texts[id(line)])
    believed = [row for row in sung if _is_believed(row)]
    said = [_as_line(row.texts) for row in believed if _tells_how(row)]
    return Wording(_number_verses([row for row in believed if not _tells_how(row)]), (*lines, *said))


def _tells_how(row: SungRow) -> bool:
    """Whether a row tells how to play: its words are all of those that composers use for it."""
    return all(_HOW.fullmatch(text.text) for text in row.texts)


def _as_line(texts: Sequence[Text]) -> Text:
    box = texts[0].box
    for text in texts[1:]:
        box = box.union(text.box)
    return replace(texts[0], box=box, text=" ".join(text.text for text in texts))


def _number_verses(rows: Sequence[SungRow]) -> tuple[SungRow, ...]:
    """The rows of each staff counted anew, from the top."""
    counts: Counter[int] = Counter()
    numbered = []
    for row in sorted(rows, key=lambda row: (row.staff, row.verse)):
        counts[row.staff] += 1
        numbered.append(replace(row, verse=counts[row.staff]))
    return tuple(numbered)


def _is_believed(row: SungRow) -> bool:
    """Whether most of a row is letters of our alphabets, surely read: signs of music are read as anything."""
    good = [
        t for t in row.texts if t.confidence > _SURE and all(ord(c) < _LATIN or c in _MARKS for c in t.text)
    ]
    return len(good) > len(row.texts) / 2


def _read_packs(packs: Sequence[_Pack], engine: Engine) -> dict[int, tuple[Text, ...]]:
    """The words of every lettering; those that a crop of several leaves unclear are read again alone."""
    texts: dict[int, tuple[Text, ...]] = {}
    for pack, answer in zip(packs, engine.read_crops([pack.crop for pack in packs]), strict=True):
        texts.update(_deal_out(pack, answer))
    left = [word for pack in packs for word in pack.words if id(word) not in texts]
    if left:
        for word, answer in zip(left, engine.read_crops([word.crop for word in left]), strict=True):
            texts[id(word)] = tuple(_to_text(word, part, word.left) for part in answer.words)
    return texts


def _join_texts(line: Lettering, words: Sequence[Text]) -> Text:
    """A line of its words; long words weigh more in what is thought of it."""
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    return Text(line.box, " ".join(word.text for word in words), confidence, line.height, line.baseline)


def _pack_lines(lines: Sequence[Lettering]) -> list[_Pack]:
    """Lines on crops: short ones of like size together, as bar numbers are, all others alone."""
    packs = [_lay([line], [], line.height) for line in lines if len(line.letters) > _SHORT]
    group: list[Lettering] = []
    for line in sorted((line for line in lines if len(line.letters) <= _SHORT), key=lambda line: line.height):
        width = sum(each.box.width + _GAP * line.height for each in group)
        if group and (width > _PACKED * line.height or line.height > _LIKE_SIZE * group[0].height):
            packs.append(_lay(group, [_GAP * group[-1].height] * (len(group) - 1), group[-1].height))
            group = []
        group.append(line)
    if group:
        packs.append(_lay(group, [_GAP * group[-1].height] * (len(group) - 1), group[-1].height))
    return packs


def _pack(row: VerseRow) -> list[_Pack]:
    """The words of a row on as few crops as hold them.

    What surely parts words becomes a wide white of one size; where it is doubtful it is made wider, and the engine says
    whether it parts words.
    """
    height = float(np.median([word.height for word in row.words]))
    packs: list[_Pack] = []
    group: list[Lettering] = []
    gaps: list[float] = []
    for word in row.words:
        if group:
            gap = max(word.box.x0 - group[-1].box.x1, 0.0)
            sure = not row.white < gap < row.white * _DOUBT  # less white parts only what was cut at notes
            parts = sure or _is_hyphened(group[-1], word, row.dashes)
            if parts and sum(each.box.width for each in group) + sum(gaps) > _PACKED * height:
                packs.append(_lay(group, gaps, height))
                group, gaps = [], []
            else:
                gaps.append(_GAP * height if parts else gap * _WIDER)
        group.append(word)
    return [*packs, _lay(group, gaps, height)]


def _is_hyphened(before: Lettering, after: Lettering, dashes: Sequence[Box]) -> bool:
    return any(before.box.x1 - 1 <= dash.center.x <= after.box.x0 + 1 for dash in dashes)


def _lay(words: Sequence[Lettering], gaps: Sequence[float], height: float) -> _Pack:
    """Words side by side on one baseline, with so much white between their ink."""
    above = max(round(word.baseline) - word.top for word in words)
    below = max(word.top + word.crop.shape[0] - round(word.baseline) for word in words)
    width = sum(word.box.width for word in words) + sum(gaps) + height
    crop = np.full((above + below, round(width)), 255, np.uint8)
    spans = []
    x = height / 2
    for word, gap in zip(words, (*gaps, 0.0), strict=True):
        rows, columns = word.crop.shape
        y = above - (round(word.baseline) - word.top)
        left = round(x) - round(word.box.x0 - word.left)
        inside = max(0, -left), min(columns, crop.shape[1] - left)
        place = crop[y : y + rows, left + inside[0] : left + inside[1]]
        np.minimum(place, word.crop[:, inside[0] : inside[1]], out=place)
        spans.append((x, x + word.box.width))
        x += word.box.width + gap
    joined = tuple(gap < _GAP * height * 0.99 for gap in gaps)
    return _Pack(crop, tuple(words), tuple(spans), joined)


def _deal_out(pack: _Pack, answer: TextLine) -> dict[int, tuple[Text, ...]]:
    """The read words of each lettering, by their places; a word of several stands at the first of them.

    Letterings far apart that were read as one word are left out.
    """
    dealt: dict[int, list[Text]] = {id(word): [] for word in pack.words}
    for word in answer.words:
        covers = [min(word.box.x1, end) - max(word.box.x0, start) for start, end in pack.spans]
        most = max(range(len(covers)), key=covers.__getitem__)
        shares = zip(covers, pack.spans, strict=True)
        inside = [
            i
            for i, (cover, (start, end)) in enumerate(shares)
            if i == most or cover > _SHARED * (end - start)
        ]
        first, last = inside[0], inside[-1]
        if not all(pack.joined[first:last]):
            for place in inside:
                dealt.pop(id(pack.words[place]), None)
            continue
        shift = pack.words[first].box.x0 - pack.spans[first][0]
        whole = join(pack.words[first : last + 1])
        if (texts := dealt.get(id(pack.words[first]))) is not None:
            texts.append(_to_text(whole, word, shift))
    silent = {id(word) for word in pack.words} - _heard(pack, answer)
    return {key: tuple(texts) for key, texts in dealt.items() if texts or key not in silent}


def _heard(pack: _Pack, answer: TextLine) -> set[int]:
    """The letterings that some read word covers."""
    return {
        id(lettering)
        for lettering, (start, end) in zip(pack.words, pack.spans, strict=True)
        if any(min(word.box.x1, end) - max(word.box.x0, start) > 0 for word in answer.words)
    }


def _to_text(lettering: Lettering, word: Word, shift: float) -> Text:
    """A word that was read on a crop; `shift` leads from the crop to the page."""
    box, all_of_it = lettering.box, word.box
    x0, x1 = max(box.x0, all_of_it.x0 + shift), min(box.x1, all_of_it.x1 + shift)
    place = Box(x0, box.y0, max(x1, x0), box.y1)
    return Text(place, word.text, word.confidence, lettering.height, lettering.baseline)


def _part(texts: Sequence[Text], dashes: Sequence[Box]) -> tuple[tuple[Text, ...], tuple[Box, ...]]:
    """The syllables of words that were read with a hyphen, and all hyphens of the row."""
    parted: list[Text] = []
    hyphens = list(dashes)
    for text in texts:
        pieces = [piece for piece in _HYPHEN.split(text.text) if piece]
        letter = text.box.width / max(len(text.text), 1)
        x = text.box.x0
        for number, piece in enumerate(pieces):
            end = x + letter * len(piece)
            parted.append(replace(text, text=piece, box=Box(x, text.box.y0, end, text.box.y1)))
            if number + 1 < len(pieces) or text.text.endswith("-"):
                hyphens.append(Box(end, text.baseline - text.height / 2, end + letter, text.baseline))
            x = end + letter
    return tuple(parted), tuple(hyphens)
