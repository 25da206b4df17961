"""Newspaper pages with known articles. In: a JSON file. Out: a `NewsTruth`.

Two forms are read: leggio's own, `to_json(NewsTruth)`, and that of a corpus with one object a page,
`{width, height, blocks: [{bbox, type, role, unit_type, article, text, lines}]}`, where `article` is null for a block
that belongs to none. Its text is one string a block: it is dealt out to the lines by their widths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leggio.errors import InputError, LeggioError
from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, NewsTruth
from leggio.news.outline import draw_outline
from leggio.record import from_json
from leggio.synth.manifest import MANIFEST

_ROLES = {
    "headline": BlockKind.HEADING, "title": BlockKind.HEADING, "subheadline": BlockKind.HEADING,
    "overline": BlockKind.HEADING, "caption": BlockKind.CAPTION, "table": BlockKind.TABLE,
}  # fmt: skip
_TYPES = {"image": BlockKind.PICTURE, "separator": BlockKind.PICTURE}
_UNITS = {
    "title_section": ArticleKind.MASTHEAD,
    "advertisement": ArticleKind.ADVERTISEMENT,
    "publishing_stmt": ArticleKind.NOTICE,
}


def find_truths(folder: Path) -> list[Path]:
    """The JSON files of pages in a folder and in those below it, in order; manifests are none."""
    return sorted(path for path in folder.glob("**/*.json") if path.name != MANIFEST)


def load_truth(path: Path) -> NewsTruth:
    """Read the truth of one page. Raises InputError that says what is wrong with the file."""
    try:
        data = json.loads(path.read_text())
        return from_json(NewsTruth, data) if "layout" in data else read_page(data)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"The page {path} cannot be read: {error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} is no page with articles: write it as `leggio news --json` does."
        ) from error
    except LeggioError as error:
        raise InputError(f"{path}: {error}") from error


def read_page(data: Mapping[str, Any]) -> NewsTruth:
    """The page that the corpus form describes. Raises KeyError, TypeError or ValueError for anything else."""
    blocks: list[Block] = []
    members: dict[str, list[int]] = {}
    units: dict[str, str] = {}
    first_line = 0
    for number, entry in enumerate(data["blocks"]):
        blocks.append(_read_block(number, first_line, entry))
        first_line += len(blocks[-1].lines)
        if (name := entry["article"]) is not None:
            members.setdefault(name, []).append(number)
            units.setdefault(name, str(entry.get("unit_type")))
    layout = Layout(float(data["width"]), float(data["height"]), tuple(blocks))
    articles = [
        _make_article(number, _UNITS.get(units[name], ArticleKind.ARTICLE), ids, layout)
        for number, (name, ids) in enumerate(members.items())
    ]
    return NewsTruth(layout, tuple(articles))


def _read_block(number: int, first_line: int, entry: Mapping[str, Any]) -> Block:
    kind = _TYPES.get(entry["type"], _ROLES.get(entry.get("role") or "", BlockKind.TEXT))
    boxes = [Box(*map(float, line)) for line in entry["lines"]]
    texts = _deal_out(str(entry["text"]), boxes)
    lines = [
        Line(first_line + place, box, text)
        for place, (box, text) in enumerate(zip(boxes, texts, strict=True))
    ]
    return Block(number, kind, Box(*map(float, entry["bbox"])), tuple(lines))


def _deal_out(text: str, boxes: list[Box]) -> list[str]:
    """The words of a block on its lines: the text's own lines where they are as many, else by width."""
    rows = text.split("\n")
    if len(rows) == len(boxes):
        return rows
    words, total = text.split(), sum(box.width for box in boxes)
    letters, dealt, reached, texts = sum(map(len, words)), 0, 0.0, []
    for place, box in enumerate(boxes):
        reached += box.width
        line: list[str] = []
        last = place == len(boxes) - 1
        while words and (last or (dealt + len(words[0]) / 2) * total <= reached * letters):
            dealt += len(words[0])
            line.append(words.pop(0))
        texts.append(" ".join(line))
    return texts


def _make_article(number: int, kind: ArticleKind, ids: list[int], layout: Layout) -> Article:
    inside = set(ids)
    own = [layout.blocks[place].box for place in ids]
    others = [block.box for block in layout.blocks if block.id not in inside]
    heads = [layout.blocks[place] for place in ids if layout.blocks[place].kind is BlockKind.HEADING]
    headline = " ".join(heads[0].text.split()) if heads and kind is ArticleKind.ARTICLE else ""
    return Article(number, kind, tuple(ids), draw_outline(own, others), headline)
