"""The head of a newspaper page. In: a setter and the page's frame. Out: blocks in the draft, the height below it."""

from __future__ import annotations

from leggio.news.layout import ArticleKind, BlockKind
from leggio.synth.news_draft import NOWHERE, Manner, Setting, Slot
from leggio.synth.news_pour import Setter


def set_page_head(setter: Setter, page: Slot) -> float:
    """The line above a page that is not the first: number, name, date; perhaps a rule below. Gives the height below."""
    if setter.coin() < 0.2:
        return page.y0
    pitch, article = setter.pitch, NOWHERE
    if setter.coin() < 0.4:
        article = setter.begin(ArticleKind.MASTHEAD)
    height = pitch * setter.between(0.8, 1.4)
    for left, right in ((0.0, 0.12), (0.35, 0.65), (0.8, 1.0)):
        if setter.coin() < 0.6:
            x0, x1 = (page.x0 + share * page.width for share in (left, right))
            wide = (x1 - x0) * setter.between(0.3, 1.0)
            x0 = x0 if left == 0 else x1 - wide if right == 1 else (x0 + x1 - wide) / 2
            line = (x0, page.y0, x0 + wide, page.y0 + height)
            setter.draft.add(
                BlockKind.TEXT, article, [line], setting=Setting(Manner.SINGLE, height, (x0, x0 + wide))
            )
    return _rule_below(setter, page, page.y0 + height)


def set_masthead(setter: Setter, page: Slot) -> float:
    """The name of the newspaper and what stands around it; gives the height below."""
    pitch, article = setter.pitch, setter.begin(ArticleKind.MASTHEAD)
    y, ears = page.y0, setter.coin() < 0.4
    if setter.coin() < 0.4:
        y = _set_dateline(setter, page, article, y)
    inner = page._replace(x0=page.x0 + 0.22 * page.width, x1=page.x1 - 0.22 * page.width) if ears else page
    high = page.width * setter.between(0.03, 0.12)
    wide = inner.width * setter.between(0.4, 1.0)
    name = (inner.x0 + (inner.width - wide) / 2, y, inner.x0 + (inner.width + wide) / 2, y + high)
    drawn = setter.coin() < 0.25
    kind = BlockKind.HEADING if setter.coin() < setter.style.segmenter.known else BlockKind.TEXT
    if drawn:
        setter.draft.add(BlockKind.PICTURE, article, [], name)
    else:
        setting = Setting(Manner.NAME, high, (inner.x0, inner.x1))
        setter.draft.add(kind, article, [name], setting=setting)
    if ears:
        for x0, x1 in ((page.x0, inner.x0), (inner.x1, page.x1)):
            if setter.coin() < 0.8:
                own = article if setter.coin() < 0.6 else setter.begin(ArticleKind.NOTICE)
                setter.enter([Slot(x0 + pitch, y, x1 - pitch, y + high)])
                setter.set_ragged(own, 3 + int(6 * setter.coin()))
    y += high + pitch * setter.between(0.3, 1.2)
    for _ in range(int(setter.coin() * 4)):
        y = _set_dateline(setter, page, article, y)
    return _rule_below(setter, page, y)


def set_cover(setter: Setter, page: Slot) -> None:
    """One picture over the whole page, a heading and some lines below it."""
    article, pitch = setter.begin(), setter.pitch
    text = page.y1 - pitch * setter.between(2, 9)
    setter.draft.add(BlockKind.PICTURE, article, [], (page.x0, page.y0, page.x1, text - pitch))
    setter.enter([page._replace(y0=text)])
    if setter.coin() < 0.7:
        setter.set_heading(article, setter.between(1, 2), 1)
    setter.set_ragged(article, int(setter.between(1, 6)))


def _set_dateline(setter: Setter, page: Slot, article: int, y: float) -> float:
    """One to three boxes in a row: number, place and day, price."""
    pitch, cells = setter.pitch, 1 + int(setter.coin() * 3)
    lines = 1 + int(setter.coin() * setter.coin() * 5)
    below = y
    for cell in range(cells):
        x0 = page.x0 + page.width * cell / cells
        setter.enter([Slot(x0, y, x0 + page.width / cells - pitch, y + (lines + 0.5) * pitch)])
        setter.set_ragged(article, lines)
        below = y + lines * pitch
    if setter.coin() < 0.5:
        return _rule_below(setter, page, below)
    return below + pitch * setter.between(0.2, 1.0)


def _rule_below(setter: Setter, page: Slot, y: float) -> float:
    pitch = setter.pitch
    y += pitch * setter.between(0.2, 0.7)
    if setter.coin() < 0.6:
        setter.draft.rules.append((page.x0, y, page.x1, y + max(1.0, pitch * setter.between(0.05, 0.3))))
        y += pitch * setter.between(0.2, 1.0)
    return y
