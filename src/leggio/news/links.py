"""How surely two blocks of a page are of one article. In: evidence and a net, or none. Out: `Links`.

Without a net a simple rule speaks: in reading order, an article begins at every block in larger type than the text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.net import Net
from leggio.news.evidence import BLOCK_FEATURES, HEAD, Evidence, choose_features
from leggio.news.layout import ArticleKind, BlockKind

ARTICLE_KINDS = tuple(ArticleKind)
"""The kinds of article that the net tells apart, in the order of its answers."""

_LOUD = 0.14  # log size from which a block is taken for a heading: 15 % larger than running text
_CALM = 4 / 8  # what "lines" is at most for a heading, log1p(lines) / 2 of about two lines
# All chosen on the development pages, by nets that had not seen the newspaper at hand.
_BREAKS, _SHARPER = 0.4, 1.3  # weight of `breaks` in what speaks for a beginning, and factor of all log-odds
_FOUND_BREAKS, _FOUND_SHARPER = 0.2, 1.0  # the same for blocks found in a picture, chosen on typeset pages
_FOUND_START = (
    -0.3
)  # and log-odds that each of them has for a beginning: there are many, and few begin anything
# For a block that is called a heading: the net learned from pages with many a wrong name. With 0 instead typeset pages,
# where headings stand inside articles too, gain .035 AS; newspapers with known headings lose as much.
_HEADED = 2.0
_LEAST = 1e-4  # chance below which nothing is told apart any more
_SURE = 2.0  # log-odds that the rule gives itself

Logits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Links:
    """For n blocks in reading order, what speaks for each to begin an article or to go on with one.

    `starts` (n,), for beginning one; `follows` (n, n), in the same scale, for the row's block going on after the
    column's, which is read before; `kinds` (n, ARTICLE_KINDS) chances; `breaks` (n,), log-odds of being of another
    article than the block before, by near neighbours alone.
    """

    starts: Logits
    follows: Logits
    kinds: Logits
    breaks: Logits


def ask_links(evidence: Evidence, net: Net | None) -> Links:
    """Ask the net about all pairs of blocks of a page, or the rule where there is no net."""
    if net is None:
        return _guess_links(evidence)
    table = evidence.table
    if net.card.classes:  # a net that names its features may have learned from fewer than there are today
        table = choose_features(table, net.card.classes, net.card.views)
    starts, follows, kinds, breaks = (np.asarray(a[0], np.float64) for a in net(table[None]))
    chances = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    starts = starts + _HEADED * _find_first_headings(evidence)
    return Links(starts, follows, chances / chances.sum(axis=1, keepdims=True), breaks)


def weigh_pairs(links: Links, *, named: bool = True) -> Logits:
    """(n, n) the log-odds that two blocks are of one article, symmetric; `named` blocks are not found in a picture.

    What each block follows makes trees, what begins an article is a root; two blocks are of one article as likely as
    chance puts them into one tree. What breaks off from the block before speaks for a root too.
    """
    breaks, sharper, start = (
        (_BREAKS, _SHARPER, 0.0) if named else (_FOUND_BREAKS, _FOUND_SHARPER, _FOUND_START)
    )
    starts = sharper * (links.starts + breaks * links.breaks) + start
    chances = np.clip(share_trees(starts, sharper * links.follows), _LEAST, 1 - _LEAST)
    return np.log(chances / (1 - chances))


def share_trees(starts: Logits, follows: Logits) -> Logits:
    """(n, n) the chance that two blocks are in one tree where each block begins one or hangs on one before it."""
    count = len(starts)
    shared = np.eye(count)
    for block in range(1, count):
        choices = np.concatenate([[starts[block]], follows[block, :block]])
        chances = np.exp(choices - choices.max())
        row = chances[1:] / chances.sum() @ shared[:block, :block]
        shared[block, :block] = shared[:block, block] = row
    return shared


def _find_first_headings(evidence: Evidence) -> NDArray[np.bool_]:
    """(n,) which blocks are called headings, the block before not."""
    blocks = evidence.table[:, :HEAD].reshape(len(evidence.ids), -1)
    heading: NDArray[np.bool_] = blocks[:, BLOCK_FEATURES.index(BlockKind.HEADING.value)] > 0
    first: NDArray[np.bool_] = heading & ~np.concatenate([[False], heading[:-1]])
    return first


def _guess_links(evidence: Evidence) -> Links:
    blocks = evidence.table[:, :HEAD].reshape(len(evidence.ids), -1)
    heading = blocks[:, BLOCK_FEATURES.index(BlockKind.HEADING.value)] > 0
    loud = (blocks[:, BLOCK_FEATURES.index("size")] > _LOUD) & (
        blocks[:, BLOCK_FEATURES.index("lines")] < _CALM
    )
    known = blocks[:, BLOCK_FEATURES.index("kinds known")].any()
    head = heading if known else loud
    starts = head & ~np.concatenate([[False], head[:-1]])
    runs = np.cumsum(starts)
    begins = np.where(np.concatenate([[True], np.diff(runs) > 0]), _SURE, -_SURE)
    follows = np.where(runs[:, None] == runs, _SURE, -_SURE)
    kinds = np.zeros((len(runs), len(ARTICLE_KINDS)))
    kinds[:, ARTICLE_KINDS.index(ArticleKind.ARTICLE)] = 1
    return Links(begins, follows, kinds, begins)
