"""Fill a region of a newspaper page. In: a setter and slots. Out: articles, headings and rules in its draft.

A story fills a region alone; a flow pours many articles through its columns; short news, notices, tables and
advertisements each have their own way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from leggio.news.layout import ArticleKind, BlockKind
from leggio.synth.news_draft import NOWHERE, Draft, Slot
from leggio.synth.news_pour import Setter

_SHORTEST = 3.0  # pitches: what is lower stays white
_DEEP = 9.0  # pitches: only above so much text a heading spreads over several columns
_ENDLESS = 10_000  # lines: more than any page takes


class Filled(NamedTuple):
    """What was filled: the slots below a heading that spreads over them, and the article where it is but one."""

    slots: list[Slot]
    article: int | None = None


def fill_story(setter: Setter, slots: Sequence[Slot]) -> Filled:
    """One article that fills its slots, its heading over one column or over all that begin at the top."""
    style, slots = setter.style, list(slots)
    article = setter.begin()
    titled = setter.coin() < style.habits.titled
    top = _find_top(setter, slots)
    deep = min(slot.height for slot in top) > _DEEP * setter.pitch
    spread = titled and deep and len(top) > 1 and setter.coin() < style.habits.spread
    if spread:
        y = _head_spread(setter, article, _span(top), len(top))
        slots = [slot._replace(y0=y) if slot in top else slot for slot in slots]
    setter.enter(slots)
    if titled and not spread:
        _head_column(setter, article, setter.between(1.0, 1.0 + style.habits.loud))
    elif not spread and setter.coin() < 0.3:
        setter.set_ragged(article, 1)
    fill_body(setter, article, _ENDLESS)
    return Filled(slots, article)


def _find_top(setter: Setter, slots: Sequence[Slot]) -> list[Slot]:
    """The slots side by side at the top, from the first one on, with nothing between them."""
    top = [slots[0]]
    for slot in slots[1:]:
        if slot.y0 == top[0].y0 and 0 < slot.x0 - top[-1].x1 < 2 * setter.style.gutter:
            top.append(slot)
    return top


def _span(top: Sequence[Slot]) -> Slot:
    """What slots side by side take together, as deep as the least deep of them."""
    return Slot(top[0].x0, top[0].y0, top[-1].x1, min(slot.y1 for slot in top))


def _head_spread(setter: Setter, article: int, span: Slot, columns: int) -> float:
    """Kicker, headline and lines below it, over several columns; gives the height where the text begins."""
    draw, style, y = setter.coin, setter.style, span.y0
    room = 0.4 * span.height
    if draw() < 0.3:
        y = setter.head(article, span, y, setter.between(1.0, 1.5), 1)
    size = min(
        setter.between(1.4, 1.6 + 1.2 * style.habits.loud * math.sqrt(columns)), room / setter.pitch / 2
    )
    y = setter.head(article, span, y, max(1.2, size), 1 + int(draw() * 1.9), fill=setter.between(0, 0.8))
    if draw() < 0.45:
        y += setter.between(0, 0.5) * setter.pitch
        y = setter.head(article, span, y, setter.between(1.0, 1.9), 1 + int(draw() * 2.5))
    if draw() < 0.2:
        y = _set_lead(setter, article, span, y)
    return min(y + setter.between(0.1, 0.9) * setter.pitch, span.y1)


def _set_lead(setter: Setter, article: int, span: Slot, y: float) -> float:
    """A paragraph in larger letters over all columns."""
    pitch = setter.pitch
    setter.pitch = pitch * setter.between(1.1, 1.4)
    setter.enter([span._replace(y0=y + 0.3 * pitch)])
    setter.set_paragraph(article, 2 + int(3 * setter.coin()))
    below = span.y1 if setter.is_full() else setter.y
    setter.pitch = pitch
    return below


def _head_column(setter: Setter, article: int, size: float) -> None:
    """A heading in one column: perhaps a kicker, lines of it, a short rule, a dateline."""
    if setter.coin() < 0.15:
        setter.set_heading(article, 1.0, 1)
    setter.set_heading(article, max(0.9, size), 1 + int(setter.coin() * setter.coin() * 3.5))
    if setter.coin() < 0.2:
        setter.set_rule(setter.between(0.08, 0.25), 0.3)
    if setter.coin() < 0.25:
        setter.set_heading(article, 1.0, 1 + int(setter.coin() * 2))
    if setter.coin() < 0.12:
        setter.set_ragged(article, 1)
    setter.skip(setter.between(0, 0.5))


def fill_body(setter: Setter, article: int, lines: int) -> None:
    """About so many lines of text: paragraphs, with subheadings, verse, tables, pictures and a signature between."""
    style = setter.style
    verse = setter.coin() < 0.04
    parted = setter.coin() < style.habits.parted
    while lines > 0 and not setter.is_full():
        count = max(1, min(lines, round(-style.habits.paragraph * math.log(1 - setter.coin()) + 1)))
        if verse:
            setter.set_ragged(article, count)
            setter.skip(0.6)
        else:
            setter.set_paragraph(article, count)
        lines -= count
        if lines < 4 or setter.is_full():
            continue
        setter.skip(style.habits.gap)
        if parted and setter.coin() < 0.4:
            setter.set_rule(setter.between(0.05, 0.3), setter.between(0.2, 0.6))
            if setter.is_full():
                break
        chance = setter.coin()
        if chance < style.habits.crossheads:
            size, above, below = style.habits.crosshead
            setter.skip(above)
            setter.set_heading(article, size, 1 + (setter.coin() < 0.1))
            setter.skip(below)
        elif chance < style.habits.crossheads + 0.02 * (1 + 3 * style.habits.pictures):
            if setter.coin() < style.habits.pictures:
                setter.set_picture(article, setter.between(0.5, 1.6), int(setter.coin() * 3))
            elif setter.coin() < 0.5:
                rows = 3 + int(setter.coin() * 15)
                setter.set_table(article, rows)
                lines -= rows
    if setter.coin() < 0.25 and not setter.is_full() and setter.room > 2 * setter.pitch:
        setter.set_ragged(article, 1)


def fill_flow(setter: Setter, slots: Sequence[Slot], *, begun: bool = False) -> Filled:
    """Articles one after the other, from column to column; `begun`: the first goes on from elsewhere.

    A heading over several columns may stand above: then the next articles begin beneath it, in the middle of a column.
    """
    style, slots = setter.style, list(slots)
    top = _find_top(setter, slots)
    article = None
    if len(top) > 1 and setter.coin() < 0.35 * style.habits.spread:
        over = min(len(top), 2 + int(setter.coin() * len(top)))
        article = setter.begin()
        y = _head_spread(setter, article, _span(top[:over]), over)
        slots = [slot._replace(y0=y) if slot in top[:over] else slot for slot in slots]
    setter.enter(slots)
    usual = max(style.habits.paragraph, 6) * setter.between(1.5, 10)
    while not setter.is_full():
        headed = article is not None or begun
        article = setter.begin() if article is None else article
        if not headed:
            _begin_article(setter, article)
        length = max(
            3, round(usual * math.exp(1.1 * (setter.coin() + setter.coin() + setter.coin() - 1.5) * 2))
        )
        fill_body(setter, article, length)
        if setter.is_full():
            break
        begun, article = False, None
        _part_articles(setter)
    return Filled(slots)


def _begin_article(setter: Setter, article: int) -> None:
    style = setter.style
    if setter.coin() < style.habits.titled:
        _head_column(setter, article, setter.between(0.9, 1.0 + 0.6 * style.habits.loud))
    elif setter.coin() < 0.2:
        setter.set_ragged(article, 1)


def _part_articles(setter: Setter) -> None:
    if setter.coin() < setter.style.habits.cross_rules:
        setter.set_rule(1.0 if setter.coin() < 0.4 else setter.between(0.1, 0.45), setter.between(0.3, 0.9))
    else:
        setter.skip(setter.between(0.2, 2.0))


def fill_shorts(setter: Setter, slots: Sequence[Slot]) -> Filled:
    """Many tiny articles: parted by short rules, by a dash, by a small heading, or by nothing but an indent."""
    setter.enter(slots)
    way, one = setter.coin(), setter.coin() < 0.2
    usual = setter.between(2, 12)
    rubric = setter.begin() if one else NOWHERE
    if setter.coin() < 0.6:
        setter.set_heading(rubric, setter.between(1.2, 1.2 + setter.style.habits.loud), 1)
        setter.skip(setter.between(0.2, 0.8))
    while not setter.is_full():
        article = rubric if one else setter.begin()
        if way < 0.3:
            setter.set_heading(article, setter.between(0.9, 1.2), 1)
        for _ in range(1 + (setter.coin() < 0.2)):
            setter.set_paragraph(article, max(1, round(usual * setter.between(0.3, 1.8))))
        if way < 0.3:
            setter.skip(0.4)
        elif way < 0.6:
            setter.set_rule(setter.between(0.1, 0.3), setter.between(0.2, 0.6))
        elif way < 0.8:
            setter.skip(setter.between(0.3, 1.0))
    return Filled(list(slots))


def fill_advertisements(setter: Setter, slots: Sequence[Slot]) -> Filled:
    """Small advertisements below each other, each with type of its own."""
    pitch = setter.pitch
    usual = setter.between(5, 40)
    for slot in slots:
        y = slot.y0
        while slot.y1 - y > _SHORTEST * pitch:
            height = pitch * usual * math.exp(setter.between(-1.0, 0.8))
            height = height if slot.y1 - y - height > _SHORTEST * pitch else slot.y1 - y
            set_advertisement(setter, Slot(slot.x0, y, slot.x1, min(y + height, slot.y1) - 0.5 * pitch))
            y += height
            if setter.coin() < 0.85 and y < slot.y1:
                setter.draft.rules.append((slot.x0, y - 0.3 * pitch, slot.x1, y - 0.2 * pitch))
    return Filled(list(slots))


def set_advertisement(setter: Setter, slot: Slot, *, framed: bool = False) -> None:
    """One advertisement in a slot, with or without a frame: odd sizes, a picture, centred lines, small print."""
    pitch, article = setter.pitch, setter.begin(ArticleKind.ADVERTISEMENT)
    if framed or setter.coin() < 0.3:
        slot = frame(setter.draft, slot, 0.4 * pitch)
    setter.enter([slot])
    if setter.coin() < 0.12:
        setter.set_picture(article, setter.between(0.3, 1.0), 0)
    while not setter.is_full() and setter.room > pitch:
        way = setter.coin()
        if way < 0.35:
            setter.set_heading(article, setter.between(1, min(5.0, 1 + slot.width / pitch / 8)), 1)
        elif way < 0.55:
            setter.set_ragged(article, 1 + int(4 * setter.coin()))
        elif way < 0.93:
            setter.pitch = pitch * setter.between(0.65, 1.2)
            setter.set_paragraph(article, 1 + int(9 * setter.coin()))
            setter.pitch = pitch
        elif setter.coin() < 0.5:
            setter.set_table(article, 2 + int(6 * setter.coin()))
        setter.skip(setter.between(0, 1.0))


def fill_display(setter: Setter, slot: Slot, depth: int = 0) -> None:
    """Display advertisements: a rectangle cut without regard to columns, an advertisement in each part."""
    pitch = setter.pitch
    wide, high = slot.width / pitch, slot.height / pitch
    can_upright, can_level = wide > 24, high > 14
    if (
        (can_upright or can_level)
        and depth < 7
        and setter.coin() < 0.3 + 0.02 * max(wide, high) / (1 + 0.2 * depth)
    ):
        share, gap = setter.between(0.3, 0.7), setter.between(0.4, 1.2) * pitch
        if can_upright and (not can_level or setter.coin() < wide / (wide + high)):
            x = slot.x0 + share * slot.width
            parts = slot._replace(x1=x - gap / 2), slot._replace(x0=x + gap / 2)
        else:
            y = slot.y0 + share * slot.height
            parts = slot._replace(y1=y - gap / 2), slot._replace(y0=y + gap / 2)
        for piece in parts:
            fill_display(setter, piece, depth + 1)
        return
    if slot.height > _SHORTEST * pitch:
        set_advertisement(setter, frame(setter.draft, slot, 0.5 * pitch) if setter.coin() < 0.6 else slot)


def fill_notice(setter: Setter, slot: Slot, *, framed: bool = False) -> None:
    """A boxed notice: a frame of rules, often, around a heading and some lines; or a picture of somebody's article."""
    slot = (
        frame(setter.draft, slot, setter.between(0.4, 1.0) * setter.pitch)
        if framed or setter.coin() < 0.8
        else slot
    )
    if slot.height < _SHORTEST * setter.pitch or slot.width < 4 * setter.pitch:
        return
    article = setter.begin(ArticleKind.NOTICE)
    setter.enter([slot])
    if setter.coin() < 0.8:
        setter.set_heading(article, setter.between(1.0, 2.5), 1 + (setter.coin() < 0.2))
    if setter.coin() < 0.25:
        setter.set_ragged(article, 100)
    else:
        fill_body(setter, article, _ENDLESS)


def fill_picture(setter: Setter, slot: Slot, article: int, *, caption: int | None = None) -> None:
    """A picture over the slot, lines of caption below it: so many, or some."""
    caption = int(setter.coin() * 3) if caption is None else caption
    below = slot.y1 - (caption + 0.6) * setter.pitch
    if below - slot.y0 < 2 * setter.pitch:
        return
    setter.draft.slots += 1
    setter.draft.add(BlockKind.PICTURE, article, [], (slot.x0, slot.y0, slot.x1, below))
    if caption:
        setter.enter([slot._replace(y0=below + 0.3 * setter.pitch, y1=slot.y1 + 1)])
        called = BlockKind.CAPTION if setter.coin() < 0.7 else BlockKind.TEXT
        if setter.coin() < 0.5:
            setter.set_paragraph(article, caption, called)
        else:
            setter.set_ragged(article, caption, called)


def frame(draft: Draft, slot: Slot, inner: float) -> Slot:
    """Draw four rules around a slot; gives what is left inside."""
    thick = max(1.0, inner * 0.15)
    draft.rules += [
        (slot.x0, slot.y0, slot.x1, slot.y0 + thick), (slot.x0, slot.y1 - thick, slot.x1, slot.y1),
        (slot.x0, slot.y0, slot.x0 + thick, slot.y1), (slot.x1 - thick, slot.y0, slot.x1, slot.y1),
    ]  # fmt: skip
    return Slot(slot.x0 + inner, slot.y0 + inner, slot.x1 - inner, slot.y1 - inner)
