"""Blocks to articles. In: a layout, what a net saw in the picture, the net that links blocks. Out: `Article`s.

Evidence for every pair of blocks, then the partition that it speaks for most; then, for each article, the order of its
blocks, its headline, its kind, its outline and the chance that it is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from statistics import median

import numpy as np
from numpy.typing import NDArray

from leggio.net import Net
from leggio.news.evidence import Evidence, gather_evidence
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, strip_kinds
from leggio.news.links import ARTICLE_KINDS, Links, Logits, ask_links, weigh_pairs
from leggio.news.order import order_blocks
from leggio.news.outline import draw_outline
from leggio.news.partition import Parts, part_blocks
from leggio.news.print_maps import PrintMaps
from leggio.news.regions import Regions

_SEEN = 0.15  # weight of what the picture says of a pair: more did harm where it was measured (docs/LOG.md)
_SOON = 4  # blocks apart in reading order up to which the picture is asked: farther ones are many, and it knows little
_LEAST = 0.02  # chance below which the picture is not believed
_LOUD = 1.25  # how much higher than the page's lines a headline's are, where no block is called a heading
_HEADLINE = 4  # lines that a headline has at most, where no block is called a heading


def group(
    layout: Layout,
    regions: Regions | None = None,
    net: Net | None = None,
    *,
    named: bool = True,
    seen: PrintMaps | None = None,
) -> tuple[Article, ...]:
    """The articles of a page, in reading order; every block is in one.

    `seen` is what a net saw of the page's print, in the layout's pixels. Without `regions` only the layout speaks,
    without `net` only a rule about headings (see `leggio.news.links`). The confidence is read off the scale of the
    net's card; without one it is raw. Blocks are `named` where somebody said which are headings; kinds told by the
    print alone are no evidence that the net does not have already.
    """
    if not layout.blocks:
        return ()
    evidence = gather_evidence(layout if named else strip_kinds(layout), seen)
    links = ask_links(evidence, net)
    weights = weigh_pairs(links, named=named) + _weigh_regions(layout, evidence, regions)
    known = {block.id: block for block in layout.blocks}
    parts = _seat_headings(part_blocks(weights), [known[id] for id in evidence.ids], links)
    sureness = _tell_chances(measure_sureness(parts, weights), net)
    body = _measure_body(layout.blocks)
    articles = []
    for number, chance in enumerate(sureness):
        places = np.flatnonzero(parts == number)
        blocks = order_blocks([known[evidence.ids[place]] for place in places])
        kind = ARTICLE_KINDS[int(links.kinds[places].mean(axis=0).argmax())]
        inside = {block.id for block in blocks}
        others = [block.box for block in layout.blocks if block.id not in inside]
        outline = draw_outline([block.box for block in blocks], others)
        ids = tuple(block.id for block in blocks)
        articles.append(Article(number, kind, ids, outline, find_headline(blocks, body), float(chance)))
    return tuple(articles)


def _seat_headings(parts: Parts, blocks: Sequence[Block], links: Links) -> Parts:
    """The parts, without those of headings alone: each joins what stands nearest under it, for it heads something.

    A masthead heads the whole page and stays by itself.
    """
    seated = parts.copy()
    for number in range(int(parts.max()) + 1):
        places = [int(place) for place in np.flatnonzero(parts == number)]
        masthead = ARTICLE_KINDS[int(links.kinds[places].mean(axis=0).argmax())] is ArticleKind.MASTHEAD
        if masthead or any(blocks[place].kind is not BlockKind.HEADING for place in places):
            continue
        low = max((blocks[place].box for place in places), key=lambda box: box.y1)
        under = [
            place for place, block in enumerate(blocks)
            if block.box.center.y > low.y1 and block.box.x0 < low.x1 and block.box.x1 > low.x0
        ]  # fmt: skip
        if under:
            nearest = min(under, key=lambda place: (blocks[place].box.y0, blocks[place].box.x0))
            seated[seated == seated[places[0]]] = seated[nearest]
    return np.unique(seated, return_inverse=True)[1]


def measure_sureness(parts: Parts, weights: Logits) -> NDArray[np.float64]:
    """(parts,) raw confidence in [0, 1]: how surely the blocks of a part belong together and no other part with them.

    It is the smaller of two chances: of the loosest block to be inside, and of the nearest part to be outside.
    """
    count = int(parts.max()) + 1
    member = parts[None] == np.arange(count)[:, None]
    sizes = member.sum(axis=1)
    free = weights.copy()
    np.fill_diagonal(free, 0)
    pull = member @ free / np.maximum(member.sum(1, keepdims=True), 1)
    own = np.where(member, pull * (sizes / np.maximum(sizes - 1, 1))[:, None], np.inf)
    inside = np.where(sizes > 1, own.min(axis=1), np.inf)
    between = (member @ free @ member.T) / (sizes[:, None] * sizes)
    np.fill_diagonal(between, -np.inf)
    outside = -between.max(axis=1)
    logits = np.clip(np.minimum(inside, outside), -20, 20)
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return chances


def find_headline(blocks: Sequence[Block], body: float) -> str:
    """The words of the headings with which an article begins.

    `body` is the height of a line of running text, in pixels. Where no block is called a heading, short blocks in
    larger type are taken for it.
    """
    named = any(block.kind is BlockKind.HEADING for block in blocks)
    first = [block for block in blocks if block.kind is not BlockKind.PICTURE]
    heads = takewhile(lambda block: _is_heading(block, named, body), first)
    return " ".join(word for block in heads for word in block.text.split())


def _is_heading(block: Block, named: bool, body: float) -> bool:
    if named:
        return block.kind is BlockKind.HEADING
    heights = [line.box.height for line in block.lines]
    return 0 < len(heights) <= _HEADLINE and median(heights) > _LOUD * body


def _measure_body(blocks: Sequence[Block]) -> float:
    heights = [line.box.height for block in blocks for line in block.lines]
    return median(heights) if heights else 0.0


def _weigh_regions(layout: Layout, evidence: Evidence, regions: Regions | None) -> Logits:
    """Log-odds of what the picture says of blocks that are read one soon after the other; 0 without a picture."""
    count = len(evidence.ids)
    if regions is None:
        return np.zeros((count, count))
    known = {block.id: block for block in layout.blocks}
    blocks = [known[id] for id in evidence.ids]
    chances = regions.same_articles(blocks).clip(_LEAST, 1 - _LEAST)
    places = np.arange(count)
    soon = (abs(places[:, None] - places) <= _SOON) & (places[:, None] != places)
    return np.asarray(np.where(soon, _SEEN * np.log(chances / (1 - chances)), 0.0))


def _tell_chances(raw: NDArray[np.float64], net: Net | None) -> NDArray[np.float64]:
    if net is None or not net.card.confidence:
        return raw
    told, chances = zip(*net.card.confidence, strict=True)
    read: NDArray[np.float64] = np.interp(raw, told, chances)
    return read
