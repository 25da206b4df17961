"""Write the copy for a page that is laid out. In: a draft, typefaces and a writer. Out: `Order`s for the typesetter.

A paragraph is ordered twice: first with more text than it needs, to see where its last line begins; then with a last
sentence that ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from leggio.news.layout import ArticleKind, BlockKind
from leggio.synth.news_draft import NOWHERE, Draft, DraftBlock, Edges, Manner, Setting
from leggio.synth.news_galley import Align, Copy, Galley, Row, Type, count_letters
from leggio.synth.news_prose import Writer, shorten
from leggio.synth.news_words import Topic

_LETTER = 0.5  # width of a letter in ems, about
_NARROW = 0.36  # the same of the narrowest face: text measured with it is never too short
_SPARE = 2  # lines of text ordered beyond what is wanted
_LAST = (0.25, 0.8)  # share of its measure that the last line of a paragraph fills
_SHORTEST = 22  # letters of a last sentence
_SPACES = 1.17  # letters with spaces to letters without
_HEAD = 0.86  # em of a heading in its pitches

_BODY = (
    "TeX Gyre Termes", "TeX Gyre Schola", "TeX Gyre Bonum", "TeX Gyre Pagella", "Libertinus Serif", "FreeSerif",
    "New Computer Modern", "DejaVu Serif", "Liberation Serif", "C059", "P052", "Nimbus Roman", "URW Bookman",
)  # fmt: skip
_HEADS = (
    *_BODY,
    "TeX Gyre Heros",
    "TeX Gyre Heros Cn",
    "Liberation Sans Narrow",
    "TeX Gyre Adventor",
    "FreeSans",
)
_NAMES = (
    "TeX Gyre Chorus", "TeX Gyre Bonum", "C059", "P052", "TeX Gyre Schola", "URW Bookman", "Z003", "Libertinus Serif",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """The typefaces of a newspaper, and how tight they are set: `lead` is a pitch in ems."""

    body: str
    heads: str
    name: str
    bold: bool
    lead: float
    capitals: bool = False  # headings in capitals


@dataclass(frozen=True, slots=True)
class Order:
    """Copy for blocks of the draft, by their numbers: a paragraph may go on through several."""

    blocks: tuple[int, ...]
    copy: Copy
    sentences: tuple[str, ...] = ()
    article: int = NOWHERE


def draw_face(rng: np.random.Generator) -> Face:
    """Typefaces drawn at random; typst takes its own where one is not installed."""
    body = _BODY[int(rng.integers(len(_BODY)))]
    heads = body if rng.random() < 0.4 else _HEADS[int(rng.integers(len(_HEADS)))]
    name = _NAMES[int(rng.integers(len(_NAMES)))]
    return Face(
        body, heads, name, bool(rng.random() < 0.6), float(rng.uniform(1.04, 1.25)), bool(rng.random() < 0.15)
    )


class Copywriter:
    """Knows what each article is about."""

    def __init__(self, draft: Draft, face: Face, writer: Writer, rng: np.random.Generator) -> None:
        self.draft, self.face, self.writer, self.rng = draft, face, writer, rng
        self._topics: dict[int, Topic] = {}
        self._heads: dict[int, str] = {}

    def write_orders(self) -> list[Order]:
        """An order for each paragraph, heading, list and table of the draft, in the order of its blocks."""
        return [self._order(list(group)) for group in self._group()]

    def end_paragraph(self, order: Order, trial: Galley) -> Order:
        """The same order with a text that ends on its last line, as `trial`, with more text, shows where that is."""
        copy, lines = order.copy, order.copy.lines
        start = count_letters(trial, lines - 1, copy.text)
        measure = start / (lines - 1) if lines > 1 else copy.width / copy.type.size / _LETTER / _SPACES
        wanted = start + measure * float(self.rng.uniform(*_LAST))
        ends = [0, *accumulate(len("".join(sentence.split())) for sentence in order.sentences)]
        kept = max(number for number, end in enumerate(ends) if end <= max(0.0, wanted - _SHORTEST))
        room = (start + 0.93 * measure - ends[kept]) * _SPACES
        closing = self._write_closing(order.article, round((wanted - ends[kept]) * _SPACES), int(room))
        return replace(order, copy=replace(copy, text=" ".join([*order.sentences[:kept], closing])))

    def _write_closing(self, article: int, letters: int, room: int) -> str:
        if self._is_advertisement(article):
            return f"{self.writer.write_line(max(4, min(letters, room) - 1))}."
        return self.writer.write_closing(self._topic(article), letters, room)

    def _topic(self, article: int) -> Topic:
        if article not in self._topics:
            self._topics[article] = self.writer.choose_topic()
        return self._topics[article]

    def _is_advertisement(self, article: int) -> bool:
        return article != NOWHERE and self.draft.kinds[article] is ArticleKind.ADVERTISEMENT

    def _group(self) -> Iterator[list[int]]:
        """The numbers of the blocks that are set together: the parts of a paragraph, else each alone."""
        group: list[int] = []
        for number, block in enumerate(self.draft.blocks):
            if block.setting is None:
                continue
            if group and not _goes_on(self.draft.blocks[group[-1]], block):
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def _order(self, group: list[int]) -> Order:
        block = self.draft.blocks[group[0]]
        setting = block.setting
        assert setting is not None
        if setting.manner is Manner.RUNNING:
            return self._order_paragraph(group, block, setting)
        left, top = setting.column[0], block.lines[0][1]
        lines = [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in block.lines]
        width = setting.column[1] - left
        kind, scale = _TYPES[setting.manner]
        font = {Manner.NAME: self.face.name, Manner.HEAD: self.face.heads}.get(setting.manner, self.face.body)
        size = setting.pitch * (scale or 1 / self.face.lead)
        rows = tuple(self._write_row(block, setting.manner, line, width, size) for line in lines)
        bold = kind and self.face.bold
        return Order(tuple(group), Copy(Type(font, size, bold), width, setting.pitch, len(rows), rows=rows))

    def _order_paragraph(self, group: list[int], block: DraftBlock, setting: Setting) -> Order:
        lines = sum(len(self.draft.blocks[number].lines) for number in group)
        width, size = setting.column[1] - setting.column[0], setting.pitch / self.face.lead
        letters = int((lines + _SPARE) * width / size / _NARROW)
        if self._is_advertisement(block.article):
            sentences = self.writer.write_advertisement(letters)
        else:
            sentences = self.writer.write_sentences(self._topic(block.article), letters)
        indent = max(0.0, block.lines[0][0] - setting.column[0])
        type_ = Type(self.face.body, size)
        copy = Copy(type_, width, setting.pitch, lines, " ".join(sentences), indent)
        return Order(tuple(group), copy, tuple(sentences), block.article)

    def _write_row(self, block: DraftBlock, manner: Manner, line: Edges, width: float, size: float) -> Row:
        x0, y0, x1, _ = line
        letters = max(3, int((x1 - x0) / size / _LETTER))
        if manner is Manner.CELLS:
            first = x0 < 1
            text = (
                self._write_cell(letters, whole=x1 - x0 > 0.88 * width)
                if first
                else self.writer.write_figure(letters)
            )
            return Row(text, x0, x1, y0, Align.LEFT if first else Align.RIGHT)
        text = self._write_text(block, manner, letters)
        if abs(x0 + x1 - width) < 2:
            return Row(text, 0.0, width, y0, Align.CENTER)
        return Row(text, x0, width, y0) if x0 < 0.3 * width else Row(text, 0.0, x1, y0, Align.RIGHT)

    def _write_text(self, block: DraftBlock, manner: Manner, letters: int) -> str:
        """One line that stands alone."""
        article, writer = block.article, self.writer
        kind = ArticleKind.ARTICLE if article == NOWHERE else self.draft.kinds[article]
        if manner is Manner.NAME:
            return writer.pick(writer.words.papers)
        if kind is ArticleKind.MASTHEAD or (article == NOWHERE and manner is Manner.SINGLE):
            return writer.write_dateline()
        if manner is Manner.HEAD:
            text = self._write_head(kind, article, letters)
            return text.upper() if self.face.capitals else text
        if kind is ArticleKind.ADVERTISEMENT:
            return writer.write_line(letters)
        if block.kind is BlockKind.CAPTION:
            return writer.write_headline(self._topic(article), letters)
        return shorten(writer.write_sentence(self._topic(article)), letters)

    def _write_head(self, kind: ArticleKind, article: int, letters: int) -> str:
        words = self.writer.words
        if kind is ArticleKind.ADVERTISEMENT:
            return self.writer.pick(words.goods if self.rng.random() < 0.6 else words.names)
        if kind is ArticleKind.NOTICE and self.rng.random() < 0.7:
            return self.writer.pick(words.notices)
        last = self._heads.get(article, "")
        self._heads[article] = self.writer.write_headline(self._topic(article), letters, last)
        return self._heads[article]

    def _write_cell(self, letters: int, *, whole: bool) -> str:
        """What a row is about; a whole row has dots and a figure behind it."""
        text = self.writer.write_item(letters)
        if not whole:
            return text
        figure = self.writer.write_figure(6)
        return f"{text} {'. ' * max(1, (letters - len(text) - len(figure)) // 2)}{figure}"


# Whether a manner may be bold, and its em in pitches; 0 that of running text.
_TYPES = {
    Manner.SINGLE: (False, 0.0),
    Manner.CELLS: (False, 0.0),
    Manner.HEAD: (True, _HEAD),
    Manner.NAME: (False, 0.95),
}


def _goes_on(one: DraftBlock, two: DraftBlock) -> bool:
    """Do both blocks hold parts of one paragraph, set in columns of one width?"""
    if (
        one.setting is None
        or two.setting is None
        or Manner.RUNNING not in (one.setting.manner, two.setting.manner)
    ):
        return False
    widths = [right - left for left, right in (one.setting.column, two.setting.column)]
    same = one.setting.paragraph == two.setting.paragraph and one.setting.manner is two.setting.manner
    return same and abs(widths[0] - widths[1]) < 1
