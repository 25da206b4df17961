"""Set type in columns. In: slots of a page and a style. Out: blocks and rules, added to a draft.

A `Setter` pours: what does not fit into a slot goes on at the top of the next one, until there is none left.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from leggio.news.layout import ArticleKind, BlockKind
from leggio.synth.news_draft import Draft, Edges, Manner, Setting, Slot
from leggio.synth.news_style import NewsStyle

_TALLEST = 0.6  # share of what is left of a column that its heading may take
_AROUND = 5  # lines: a shorter paragraph does not run around a picture
_ORPHAN = 2  # lines: a paragraph or heading goes to the next slot where fewer are left


class Setter:
    """Pours articles into slots; knows how far they are filled."""

    def __init__(self, draft: Draft, style: NewsStyle, rng: np.random.Generator) -> None:
        self.draft, self.style, self.rng = draft, style, rng
        self.pitch = style.pitch
        self.slots: Sequence[Slot] = ()
        self.place = 0
        self.y = 0.0
        self._coins: list[float] = []

    def coin(self) -> float:
        """A random number in [0, 1); drawn in heaps, which costs a fraction."""
        if not self._coins:
            self._coins = self.rng.random(512).tolist()
        return self._coins.pop()

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.coin()

    def enter(self, slots: Sequence[Slot]) -> None:
        """Begin to fill these slots, in this order."""
        self.slots = [
            slot for slot in slots if slot.y1 - slot.y0 > self.pitch and slot.x1 - slot.x0 > 2 * self.pitch
        ]
        self.place = 0
        self.draft.slots += 1
        self.y = self.slots[0].y0 if self.slots else 0.0

    def is_full(self) -> bool:
        return self.place >= len(self.slots)

    @property
    def slot(self) -> Slot:
        return self.slots[self.place]

    @property
    def room(self) -> float:
        """What is left of this slot, in pixels."""
        return self.slot.y1 - self.y

    def leave(self) -> None:
        """Go on at the top of the next slot."""
        self.place += 1
        self.draft.slots += 1
        if not self.is_full():
            self.y = self.slot.y0

    def skip(self, pitches: float) -> None:
        """Leave white; none at the top of a slot."""
        if not self.is_full() and self.y > self.slot.y0:
            self.y += pitches * self.pitch
            if self.room < self.pitch:
                self.leave()

    def set_paragraph(self, article: int, lines: int, kind: BlockKind = BlockKind.TEXT) -> None:
        """Running text: its first line indented, its last one short."""
        style, left, first = self.style, lines, True
        self.draft.paragraphs += 1
        while left > 0 and not self.is_full():
            fit = int(self.room / self.pitch)
            if fit < min(_ORPHAN, left):
                self.leave()
                continue
            count = min(left, fit)
            x0, x1 = self.slot.x0, self.slot.x1
            height = style.line * self.pitch
            made: list[Edges] = []
            for number in range(count):
                y = self.y + number * self.pitch
                made.append((x0, y, x1, y + height))
            indent = style.habits.indent * self.pitch
            if first and indent:
                made[0] = (min(x0 + indent, x1 - self.pitch), made[0][1], x1, made[0][3])
            if count == left and left > (not first):
                a, b, c, d = made[-1]
                made[-1] = (a, b, max(a + self.pitch, a + (c - a) * self.between(0.08, 1.1)), d)
                made[-1] = (a, b, min(made[-1][2], x1), d)
            portrait = None
            if count > _AROUND and self.coin() < style.habits.portraits:
                made, portrait = self._make_room(made)
            self._add(kind, article, made, Manner.RUNNING)
            if portrait:
                self.draft.add(BlockKind.PICTURE, article, [], portrait)
            self.y += count * self.pitch
            left -= count
            first = False

    def _make_room(self, lines: list[Edges]) -> tuple[list[Edges], Edges]:
        """Shorten all lines but the first and some last ones, and give the place that gets free beside them."""
        last = 1 + round(self.between(0.5, 1.0) * (len(lines) - 2))
        x0, x1 = self.slot.x0, self.slot.x1
        wide, white = (x1 - x0) * self.between(0.25, 0.6), 0.3 * self.pitch
        left = self.coin() < 0.5
        free = (x0, x0 + wide) if left else (x1 - wide, x1)
        short = (x0 + wide + white, x1) if left else (x0, x1 - wide - white)
        made = [
            (max(a, short[0]), b, min(c, short[1]) if not left else c, d)
            if 1 <= number < last
            else (a, b, c, d)
            for number, (a, b, c, d) in enumerate(lines)
        ]
        return made, (free[0], lines[1][1], free[1], lines[last - 1][3])

    def set_ragged(self, article: int, lines: int, kind: BlockKind = BlockKind.TEXT) -> None:
        """Lines that do not fill the column: verse, lists, centred lines, signatures."""
        how = self.coin()
        while lines > 0 and not self.is_full():
            count = min(lines, int(self.room / self.pitch))
            if count < 1:
                self.leave()
                continue
            ragged = [self._ragged(self.y + n * self.pitch, how) for n in range(count)]
            self._add(kind, article, ragged, Manner.SINGLE)
            self.y += count * self.pitch
            lines -= count

    def _ragged(self, y: float, how: float) -> Edges:
        x0, x1 = self.slot.x0, self.slot.x1
        width = (x1 - x0) * self.between(0.35, 0.9)
        if how < 0.5:
            left = x0 + (x1 - x0 - width) / 2
        elif how < 0.85:
            left = x0 + min((1 if self.coin() < 0.7 else 2) * self.pitch, x1 - x0 - width)
        else:
            left = x1 - width - self.pitch * self.coin()
        return left, y, left + width, y + self.style.line * self.pitch

    def set_table(self, article: int, rows: int) -> None:
        """Rows of words and figures: cells that are boxes of their own, as programs see them, or whole rows."""
        cells = 2 + int(self.coin() * 4)
        joined = self.coin() < 0.4
        cuts = [0.0, self.between(0.3, 0.55)]
        cuts += [cuts[1] + (1 - cuts[1]) * (n + 1) / (cells - 1) for n in range(cells - 1)]
        kind = BlockKind.TABLE if self.coin() < 0.6 else BlockKind.TEXT
        while rows > 0 and not self.is_full():
            count = min(rows, int(self.room / self.pitch))
            if count < 1:
                self.leave()
                continue
            made: list[Edges] = []
            for row in range(count):
                y = self.y + row * self.pitch
                made += self._row(y, cuts, joined)
            self._add(kind, article, made, Manner.CELLS)
            self.y += count * self.pitch
            rows -= count

    def _row(self, y: float, cuts: Sequence[float], joined: bool) -> list[Edges]:
        x0, wide, below = self.slot.x0, self.slot.width, y + self.style.line * self.pitch
        if joined:
            return [(x0, y, x0 + wide * self.between(0.9, 1.0), below)]
        row = [(x0, y, x0 + wide * cuts[1] * self.between(0.35, 0.95), below)]
        for left, right in pairwise(cuts[1:]):
            span = (right - left) * self.between(0.3, 0.8)
            if self.coin() < 0.93:
                row.append((x0 + wide * (right - span), y, x0 + wide * right, below))
        return row

    def set_heading(self, article: int, size: float, lines: int, *, fill: float = 0.0) -> None:
        """A heading in one column, `size` times as high as running text; at least `fill` of the column wide."""
        height = size * self.pitch
        need = lines * height + _ORPHAN * self.pitch
        if not self.is_full() and self.room < need and self.y > self.slot.y0:
            self.leave()
        if self.is_full() or lines * height > _TALLEST * self.room:
            return
        self.y = self.head(article, self.slot, self.y, size, lines, fill=fill)

    def head(
        self, article: int, span: Slot, y: float, size: float, lines: int, *, fill: float = 0.0
    ) -> float:
        """A heading centred (or on the left) in `span` at height `y`; gives the height below it."""
        kind = BlockKind.HEADING if self.coin() < self.style.segmenter.known else BlockKind.TEXT
        apart = lines > 1 and self.coin() < 0.3
        left = self.coin() < 0.1
        height = size * self.pitch
        made: list[Edges] = []
        for _ in range(lines):
            width = span.width * max(fill, self.between(0.25, 1.0))
            x0 = span.x0 if left else span.x0 + (span.width - width) / 2
            made.append((x0, y, x0 + width, y + height * self.style.line))
            y += height
        for group in [[line] for line in made] if apart else [made]:
            box = None
            if self.coin() < self.style.segmenter.wide:
                box = (span.x0, group[0][1], span.x1, group[-1][3])
            self.draft.add(kind, article, group, box, Setting(Manner.HEAD, height, (span.x0, span.x1)))
        return y

    def set_picture(self, article: int, ratio: float, caption: int) -> None:
        """A picture as wide as the column or nearly so, `ratio` times as high as wide, with lines of caption."""
        if self.is_full():
            return
        share = self.between(0.55, 1.0)
        height = min(ratio * share * self.slot.width, self.slot.height * 0.8)
        if self.room < height + caption * self.pitch:
            self.leave()
            if self.is_full() or self.room < height + caption * self.pitch:
                return
        x0 = self.slot.x0 + self.slot.width * (1 - share) / 2
        box = (x0, self.y, x0 + self.slot.width * share, self.y + height)
        self.draft.add(BlockKind.PICTURE, article, [], box)
        self.y += height + 0.3 * self.pitch
        if caption:
            called = BlockKind.CAPTION if self.coin() < 0.7 else BlockKind.TEXT
            if self.coin() < 0.5:
                self.set_ragged(article, caption, called)
            else:
                self.set_paragraph(article, caption, called)
            self.skip(0.4)

    def set_rule(self, share: float, above: float = 0.4) -> None:
        """A rule across a share of the column, or the white where one was."""
        self.skip(above)
        if self.is_full() or self.y <= self.slot.y0:
            return
        width = share * self.slot.width
        x0 = self.slot.x0 + (self.slot.width - width) / 2
        thick = self.pitch * self.between(0.03, 0.15)
        self.draft.rules.append((x0, self.y, x0 + width, self.y + max(1.0, thick)))
        self.skip(above)

    def _add(self, kind: BlockKind, article: int, lines: list[Edges], manner: Manner) -> None:
        box = None
        if self.coin() < self.style.segmenter.wide:
            box = (self.slot.x0, lines[0][1], self.slot.x1, lines[-1][3])
        setting = Setting(manner, self.pitch, (self.slot.x0, self.slot.x1), self.draft.paragraphs)
        self.draft.add(kind, article, lines, box, setting)

    def begin(self, kind: ArticleKind = ArticleKind.ARTICLE) -> int:
        return self.draft.begin(kind)
