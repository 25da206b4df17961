"""Endless batches of newspaper pages for the net that links blocks. In: a recipe, known pages or none. Out: batches.

Pages are sampled on the fly. Known pages come as they are, varied, or as a new page made of their articles; how many,
the recipe's `sheets.typeset` says. What a reader may not know of a page is hidden from the net now and then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.evaluate.news_truth import load_truth
from leggio.news.evidence import HEAD, WIDTH, gather_evidence, hide
from leggio.news.layout import NewsTruth
from leggio.news.links import ARTICLE_KINDS
from leggio.synth.news import sample_news
from leggio.synth.news_rearrange import rearrange
from leggio.train.loop import Lesson
from leggio.train.news_links import LinkBatch, losses
from leggio.train.news_vary import vary_page
from leggio.train.recipe import Recipe

_HIDDEN = {"rules": 0.5, "kinds": 0.5, "text": 0.35}  # shares of pages on which these are not known
_CELLS = 26_000  # pairs of a batch: as many pages as this holds, of about the same size
_MOST_PAGES = 12
_BLOCKS = (4, 170)  # a page with fewer asks nothing, one with more takes too long
_POOL = 600  # pages in memory; describing one takes ten times as long as showing it once more
_NEW = 0.15  # share of pages that are new, once the pool is full
_REARRANGED = 0.3  # share of known pages that become new pages made of their articles
_AS_IS = 0.25  # share of the others that stay as they are


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A page as the net sees it: its evidence, and the article and kind of each block, -1 where not known."""

    table: NDArray[np.float32]
    articles: NDArray[np.int64]
    kinds: NDArray[np.int64]


def make_lesson(recipe: Recipe, samples: Path | None) -> Lesson:
    """What the net learns. Raises InputError where the folder `samples` holds no page with articles."""
    known = load_known(samples) if samples else ()

    def draw(start: int) -> Iterator[LinkBatch]:
        return draw_batches(known, recipe, np.random.default_rng([recipe.seed, start]))

    return Lesson(draw, losses)


def load_known(folder: Path) -> tuple[NewsTruth, ...]:
    """The pages with articles in a folder and those below it. Raises InputError where there is none."""
    truths = [load_truth(path) for path in sorted(folder.glob("**/*.json"))]
    if not (marked := tuple(truth for truth in truths if truth.articles)):
        raise InputError(
            f"{folder} has no newspaper pages with articles: name another folder, or leave it out."
        )
    return marked


def draw_batches(known: Sequence[NewsTruth], recipe: Recipe, rng: np.random.Generator) -> Iterator[LinkBatch]:
    """Batches of pages that together have about `_CELLS` pairs of blocks."""
    pool: list[Described] = []
    while True:
        chosen: list[Described] = []
        while len(chosen) < _MOST_PAGES:
            page = _draw_page(pool, known, recipe.sheets.typeset, rng)
            widest = max(len(p.articles) for p in (*chosen, page))
            if chosen and widest**2 * (len(chosen) + 1) > _CELLS:
                break
            chosen.append(page)
        yield lay_together([_hide_some(page, rng) for page in chosen])


def describe(truth: NewsTruth) -> Described:
    """What the net sees of a page, and what it should say."""
    evidence = gather_evidence(truth.layout)
    articles = {block: number for number, article in enumerate(truth.articles) for block in article.blocks}
    kinds = {
        block: ARTICLE_KINDS.index(article.kind) for article in truth.articles for block in article.blocks
    }
    return Described(
        evidence.table,
        np.array([articles.get(id, -1) for id in evidence.ids], np.int64),
        np.array([kinds.get(id, -1) for id in evidence.ids], np.int64),
    )


def lay_together(pages: Sequence[Described]) -> LinkBatch:
    """Pages of different numbers of blocks in one batch."""
    count, most = len(pages), max(len(page.articles) for page in pages)
    table = np.zeros((count, most, HEAD + most, WIDTH), np.float32)
    articles, kinds = (np.full((count, most), -1, np.int64) for _ in range(2))
    for number, page in enumerate(pages):
        blocks = len(page.articles)
        table[number, :blocks, : HEAD + blocks] = page.table
        articles[number, :blocks], kinds[number, :blocks] = page.articles, page.kinds
    return LinkBatch(*(torch.from_numpy(array) for array in (table, articles, kinds)))


def _draw_page(
    pool: list[Described], known: Sequence[NewsTruth], share: float, rng: np.random.Generator
) -> Described:
    """A page of the pool, or a new one, which takes the place of another where the pool is full."""
    if len(pool) == _POOL and rng.random() > _NEW:
        return pool[int(rng.integers(_POOL))]
    page = describe(_make_page(known, share, rng))
    if len(pool) < _POOL:
        pool.append(page)
    else:
        pool[int(rng.integers(_POOL))] = page
    return page


def _make_page(known: Sequence[NewsTruth], share: float, rng: np.random.Generator) -> NewsTruth:
    while True:
        truth = _vary_known(known, rng) if known and rng.random() < share else sample_news(rng)
        if _BLOCKS[0] <= len(truth.layout.blocks) <= _BLOCKS[1] and truth.articles:
            return truth


def _vary_known(known: Sequence[NewsTruth], rng: np.random.Generator) -> NewsTruth:
    if rng.random() < _REARRANGED:
        return rearrange(known, rng)
    truth = known[int(rng.integers(len(known)))]
    return truth if rng.random() < _AS_IS else vary_page(truth, rng)


def _hide_some(page: Described, rng: np.random.Generator) -> Described:
    hidden = {name: bool(rng.random() < share) for name, share in _HIDDEN.items()}
    return Described(hide(page.table, **hidden), page.articles, page.kinds)
