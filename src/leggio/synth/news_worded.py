"""Newspaper pages with words but without type. In: a random generator. Out: `NewsTruth`s.

They cost a tenth of what typeset pages do: the page is laid out and its copy written as for the typesetter, then the
words of each paragraph are dealt out to its lines by their lengths. No word has a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from leggio.news.layout import NewsTruth
from leggio.synth.news import lay_out
from leggio.synth.news_copy import Copywriter, Order, draw_face
from leggio.synth.news_draft import Draft, finish
from leggio.synth.news_prose import Writer
from leggio.synth.news_style import NewsStyle, draw_style
from leggio.synth.news_words import Language

_LETTER = 0.44  # width of a letter with its share of spaces, in ems
_SPARE = 3  # letters of room that no word is looked for


def sample_worded(rng: np.random.Generator, style: NewsStyle | None = None) -> NewsTruth:
    """A page drawn at random, as it was laid out: paragraphs are blocks; every line has its text."""
    style = style or draw_style(rng)
    draft = lay_out(style, rng)
    language = list(Language)[int(rng.integers(len(Language)))]
    orders = Copywriter(draft, draw_face(rng), Writer(language, rng), rng).write_orders()
    texts = {number: lines for order in orders for number, lines in _deal(draft, order)}
    truth = finish(draft, style.skew)
    blocks = tuple(
        replace(
            block,
            lines=tuple(
                replace(line, text=text)
                for line, text in zip(block.lines, texts.get(block.id, [""] * len(block.lines)), strict=True)
            ),
        )
        for block in truth.layout.blocks
    )
    return replace(truth, layout=replace(truth.layout, blocks=blocks))


def _deal(draft: Draft, order: Order) -> Iterator[tuple[int, list[str]]]:
    """The lines of text of each block of an order."""
    if not order.copy.text:
        rows = iter(order.copy.rows)
        for number in order.blocks:
            yield number, [next(rows).text for _ in draft.blocks[number].lines]
        return
    widths = [x1 - x0 for number in order.blocks for x0, _, x1, _ in draft.blocks[number].lines]
    dealt = iter(_break_lines(order, widths))
    for number in order.blocks:
        yield number, [next(dealt) for _ in draft.blocks[number].lines]


def _break_lines(order: Order, widths: list[float]) -> list[str]:
    """Whole words to each line, as many letters as its length has room for; the last line ends with a stop."""
    letter = order.copy.type.size * _LETTER
    words = iter(order.copy.text.split())
    lines = []
    for width in widths:
        room, line = width / letter, ""
        while len(line) < room - _SPARE and (word := next(words, "")):
            line = f"{line} {word}".strip()
        lines.append(line)
    lines[-1] = lines[-1].rstrip(".,;:- ") + "."
    return lines
