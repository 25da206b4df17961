"""Fill the regions of a newspaper page. In: a region and its columns. Out: articles in the draft, and column rules.

A region may have a notch: a corner, a side or a hole that a notice, a picture or another article takes, so that the
article around it is L-shaped, U-shaped, or goes on below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from leggio.synth import news_fill as fill
from leggio.synth.news_draft import Slot
from leggio.synth.news_plan import Region, draw_columns, take_slots
from leggio.synth.news_pour import Setter
from leggio.synth.news_style import Era

_BREATH = 0.8  # pitches of white between a notch and the text around it
_LOW = 12.0  # pitches: a lower region has no notch
_OWN_MEASURE = 0.15  # share of modern regions whose columns are wider or narrower than the page's
_LARGE = 160.0  # pitches of column: more than one article, as a rule
_FLOWING = {Era.BOOKISH: 0.85, Era.DENSE: 0.8, Era.POPULAR: 0.5, Era.MODULAR: 0.12, Era.CLASSIFIED: 0.8}
_RULE = 0.07  # pitches: how thick a column rule is


class _Way(Enum):
    """What fills a region."""

    STORY = 0
    FLOW = 1
    SHORTS = 2
    ADVERTISEMENTS = 3
    DISPLAY = 4


def fill_region(setter: Setter, columns: Sequence[tuple[float, float]], region: Region) -> None:
    """Fill one region with what its style has most of."""
    slots = take_slots(columns, region)
    if setter.style.era is Era.MODULAR and len(slots) > 1 and setter.coin() < _OWN_MEASURE:
        count = len(slots) + (1 if setter.coin() < 0.3 else -1)
        measure = draw_columns(slots[0].x0, slots[-1].x1, count, setter.style.gutter)
        slots = [Slot(x0, region.y0, x1, region.y1) for x0, x1 in measure]
    notch = None
    if region.height > _LOW * setter.pitch and setter.coin() < setter.style.habits.notices:
        slots, notch = _cut_notch(setter, slots)
    way = _choose(setter, len(slots), region.height / setter.pitch)
    if way is _Way.DISPLAY and notch is None:
        fill.fill_display(setter, Slot(slots[0].x0, region.y0, slots[-1].x1, region.y1))
        return
    if way in (_Way.STORY, _Way.DISPLAY):
        filled = fill.fill_story(setter, slots)
    elif way is _Way.FLOW:
        filled = fill.fill_flow(setter, slots, begun=setter.coin() < 0.15)
    elif way is _Way.SHORTS:
        filled = fill.fill_shorts(setter, slots)
    else:
        filled = fill.fill_advertisements(setter, slots)
    if notch is not None:
        _fill_notch(setter, notch, filled.article)
    rule_columns(setter, filled.slots)


def _choose(setter: Setter, columns: int, high: float) -> _Way:
    style, chance = setter.style, setter.coin()
    if chance < style.habits.ads:
        upright = columns > 1 and setter.coin() < (0.6 if style.era in (Era.MODULAR, Era.CLASSIFIED) else 0.3)
        return _Way.DISPLAY if upright else _Way.ADVERTISEMENTS
    if columns == 1 and setter.coin() < style.habits.shorts:
        return _Way.SHORTS
    flowing = _FLOWING[style.era] + (0.3 if columns * high > _LARGE else 0.0)
    return _Way.FLOW if setter.coin() < flowing else _Way.STORY


def _cut_notch(setter: Setter, slots: list[Slot]) -> tuple[list[Slot], Slot]:
    """Take a rectangle out of the slots: what is left of them in the order of reading, and the rectangle."""
    first = int(setter.coin() * len(slots))
    last = first + 1 + int(setter.coin() * min(3, len(slots) - first))
    if first == 0 and last == len(slots) and len(slots) > 1:
        first += 1
    y0, y1 = slots[0].y0, slots[0].y1
    height = (y1 - y0) * setter.between(0.18, 0.55)
    where = setter.coin()
    if where < 0.5:
        top = y1 - height
    elif where < 0.7 and first > 0:
        top = y0
    else:
        top = setter.between(y0 + 0.15 * (y1 - y0), y1 - height)
    breath = _BREATH * setter.pitch
    left: list[Slot] = []
    for number, slot in enumerate(slots):
        if not first <= number < last:
            left.append(slot)
            continue
        if top - breath - y0 > 2 * setter.pitch:
            left.append(slot._replace(y1=top - breath))
        if y1 - top - height - breath > 2 * setter.pitch:
            left.append(slot._replace(y0=top + height + breath))
    return left or slots, Slot(slots[first].x0, top, slots[last - 1].x1, top + height)


def _fill_notch(setter: Setter, notch: Slot, article: int | None) -> None:
    style, chance = setter.style, setter.coin()
    if chance < style.habits.pictures:
        own = article is None or setter.coin() < 0.2
        fill.fill_picture(setter, notch, setter.begin() if own or article is None else article)
    elif chance < style.habits.pictures + style.habits.ads * 0.6:
        fill.fill_display(setter, notch)
    elif setter.coin() < 0.7:
        fill.fill_notice(setter, notch)
    else:
        fill.fill_story(setter, [notch])


def rule_columns(setter: Setter, slots: Sequence[Slot]) -> None:
    """Rules in the gutters between slots, as far as there is a slot on both sides."""
    thick = max(1.0, _RULE * setter.pitch)
    for one in slots:
        for two in slots:
            gap = two.x0 - one.x1
            y0, y1 = max(one.y0, two.y0), min(one.y1, two.y1)
            beside = 0 < gap < 1.5 * setter.style.gutter and y1 - y0 > 2 * setter.pitch
            if beside and setter.coin() < setter.style.habits.column_rules:
                x = one.x1 + gap / 2
                setter.draft.rules.append((x - thick / 2, y0, x + thick / 2, y1))
