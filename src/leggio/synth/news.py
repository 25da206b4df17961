"""Newspaper pages to learn from, as geometry. In: a random generator. Out: `NewsTruth`: blocks, lines, rules, articles.

truth = sample_news(np.random.default_rng(7))
"""

from __future__ import annotations

import numpy as np

from leggio.news.layout import NewsTruth
from leggio.synth.news_draft import Draft, Slot, finish
from leggio.synth.news_flaws import flaw
from leggio.synth.news_head import set_cover, set_masthead, set_page_head
from leggio.synth.news_plan import Region, draw_columns, part
from leggio.synth.news_pour import Setter
from leggio.synth.news_region import fill_region
from leggio.synth.news_style import NewsStyle, draw_style

_BREATH = 0.8  # pitches between regions
_COVERS = 0.15  # how often a picture takes the whole page, where there are many pictures


def sample_news(rng: np.random.Generator, style: NewsStyle | None = None) -> NewsTruth:
    """A page drawn at random: boxes in pixels, no words. The ids of each article's blocks stand in reading order."""
    style = style or draw_style(rng)
    return finish(flaw(lay_out(style, rng), style, rng), style.skew)


def lay_out(style: NewsStyle, rng: np.random.Generator) -> Draft:
    """A page in this style before any program has seen it: straight, every block and rule in its place."""
    draft = Draft(style.width, style.height)
    setter = Setter(draft, style, rng)
    left, top, right, bottom = style.margins
    page = Slot(left, top, style.width - right, style.height - bottom)
    y = set_masthead(setter, page) if style.front else set_page_head(setter, page)
    page = page._replace(y0=y)
    if rng.random() < _COVERS * style.habits.pictures:
        set_cover(setter, page)
    elif style.habits.feuilleton:
        cut = page.y1 - page.height * float(rng.uniform(0.15, 0.4))
        _fill_area(setter, page._replace(y1=cut), style.columns, rng)
        draft.rules.append((page.x0, cut + 0.2 * style.pitch, page.x1, cut + 0.4 * style.pitch))
        count = max(1, style.columns - int(rng.integers(0, 2)))
        _fill_strip(setter, page._replace(y0=cut + _BREATH * style.pitch), count)
    else:
        _fill_area(setter, page, style.columns, rng)
    return draft


def _fill_area(setter: Setter, area: Slot, count: int, rng: np.random.Generator) -> None:
    """Part an area, fill its regions, and rule the borders between them."""
    style = setter.style
    columns = draw_columns(area.x0, area.x1, count, style.gutter)
    for region in part(Region(0, count, area.y0, area.y1), style, rng):
        inner = region._replace(y1=region.y1 - (_BREATH * style.pitch if region.y1 < area.y1 else 0))
        fill_region(setter, columns, inner)
        x0, x1 = columns[region.c0][0], columns[region.c1 - 1][1]
        thick = max(1.0, style.pitch * setter.between(0.04, 0.12))
        if region.y1 < area.y1 and setter.coin() < style.habits.cross_rules:
            y = region.y1 - 0.5 * _BREATH * style.pitch
            setter.draft.rules.append((x0, y, x1, y + thick))
        if region.c0 > 0 and setter.coin() < style.habits.column_rules:
            x = x0 - style.gutter / 2
            setter.draft.rules.append((x - thick / 2, region.y0, x + thick / 2, inner.y1))


def _fill_strip(setter: Setter, area: Slot, count: int) -> None:
    """The feuilleton: one article, more seldom some, over all columns of the strip."""
    columns = draw_columns(area.x0, area.x1, count, setter.style.gutter)
    fill_region(setter, columns, Region(0, count, area.y0, area.y1))
