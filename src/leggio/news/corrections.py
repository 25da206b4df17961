"""What a person corrected is truth to learn from. In: corrected pages as JSON. Out: partly marked `NewsTruth`s.

A page is corrected in the JSON that the reader wrote: blocks are moved from article to article, articles parted or put
together. Each article that is right then gets `"correct": true`; a page whose every block is where it belongs gets
`"complete": true`. Outlines need no care: they are drawn anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from leggio.errors import InputError, LeggioError
from leggio.news.layout import Article, Layout, NewsTruth
from leggio.news.outline import draw_outline
from leggio.record import from_json

_CORRECT = "correct"
_COMPLETE = "complete"


def load_corrections(path: Path) -> tuple[NewsTruth, ...]:
    """The corrected pages of a file that holds a page or an issue; pages without a mark are left out.

    Raises InputError that says what is wrong with the file, or that nothing in it is marked.
    """
    try:
        data = json.loads(path.read_text())
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"The page {path} cannot be read: {error}.") from error
    pages = data.get("pages", [data]) if isinstance(data, Mapping) else [data]
    try:
        truths = [truth for page in pages if (truth := read_correction(page)) is not None]
    except LeggioError as error:
        raise InputError(f"{path}: {error}") from error
    if not truths:
        raise InputError(f'{path} has no article marked: put "{_CORRECT}": true into each that is right.')
    return tuple(truths)


def read_correction(page: object) -> NewsTruth | None:
    """The truth that one corrected page holds, `partial` unless the page is complete; None where nothing is marked.

    Raises LeggioError where the page is none, a block does not exist, or is in two articles that are right.
    """
    if not isinstance(page, Mapping) or not {"layout", "articles"} <= page.keys():
        raise LeggioError(
            "A corrected page has a layout and articles: start from what `leggio news --json` wrote."
        )
    layout = from_json(Layout, page["layout"])
    complete = page.get(_COMPLETE) is True
    entries = [entry for entry in page["articles"] if complete or entry.get(_CORRECT) is True]
    articles = [from_json(Article, {k: v for k, v in entry.items() if k != _CORRECT}) for entry in entries]
    articles = [article for article in articles if article.blocks]
    if not articles:
        return None
    _check(articles, layout)
    return NewsTruth(layout, tuple(_tidy(articles, layout)), partial=not complete)


def _check(articles: list[Article], layout: Layout) -> None:
    known = {block.id for block in layout.blocks}
    for block, times in Counter(id for article in articles for id in article.blocks).items():
        if block not in known:
            raise LeggioError(f"There is no block {block} on the page: take it out of its article.")
        if times > 1:
            raise LeggioError(f"Block {block} is in {times} articles: leave it in one.")


def _tidy(articles: list[Article], layout: Layout) -> list[Article]:
    """The articles numbered anew, certain, with outlines that fit their blocks."""
    boxes = {block.id: block.box for block in layout.blocks}
    tidied = []
    for number, article in enumerate(articles):
        inside = set(article.blocks)
        others = [box for id, box in boxes.items() if id not in inside]
        outline = draw_outline([boxes[id] for id in article.blocks], others)
        tidied.append(replace(article, id=number, polygon=outline, confidence=1.0))
    return tidied
