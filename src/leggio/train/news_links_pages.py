"""Endless batches of newspaper pages for the net that links blocks. In: a recipe, known pages or none. Out: batches.

Pages are sampled on the fly, with words or without. Known pages come as they are, varied, or as a new page made of
their articles; how many, the recipe's `sheets.typeset` says. Pages as the reader finds them (`news_found`) come by
`sheets.found`; `sheets.again` of the others get blocks such as the reader makes (`news_again`). What a reader may not
know of a page is hidden from the net now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.evaluate.news import Case
from leggio.evaluate.news_truth import find_truths, load_truth
from leggio.news.evidence import HEAD, WIDTH, gather_evidence, hide
from leggio.news.layout import NewsTruth, strip_kinds
from leggio.news.links import ARTICLE_KINDS
from leggio.news.print_maps import MAPS_SUFFIX, PrintMaps, load_maps
from leggio.synth.news import sample_news
from leggio.synth.news_rearrange import rearrange
from leggio.synth.news_worded import sample_worded
from leggio.train.loop import Lesson
from leggio.train.news_again import estrange, find_anew
from leggio.train.news_found import misread_page
from leggio.train.news_links import LinkBatch, losses
from leggio.train.news_vary import vary_page
from leggio.train.recipe import Recipe, Sheets

# Shares of pages on which these are not known.
_HIDDEN = {"rules": 0.5, "kinds": 0.5, "text": 0.2, "seen": 0.1}
_CELLS = 26_000  # pairs of a batch: as many pages as this holds, of about the same size
_MOST_PAGES = 12
_BLOCKS = (4, 280)  # a page with fewer asks nothing, one with more takes too long
_POOL = 240  # pages in memory; describing one takes ten times as long as showing it once more
_NEW = 0.15  # share of pages that are new, once the pool is full
_REARRANGED = 0.3  # share of known pages that become new pages made of their articles
_MIXED = 2  # newspapers whose articles make one new page, at most
_AS_IS = 0.25  # share of the others that stay as they are
_STRANGE = 0.25  # share of synthetic pages that lose a share of the words that their blocks have in common
_BADLY_READ = 0.15  # share of synthetic pages that OCR reads badly, as it does worn print
_BAD = (0.05, 0.6)  # share of their letters that it takes for others
_FOUND_AS_IS = 0.8  # share of found pages that stay as they are
_WORDED = 0.5  # share of sampled pages that have words
_WORDED_AS_IS = 0.6  # share of those that stay as they are laid out, as no segmenter would find them


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A page as the net sees it: its evidence, and the article and kind of each block, -1 where not known."""

    table: NDArray[np.float32]
    articles: NDArray[np.int64]
    kinds: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A page to learn from, and the newspapers that it is made of: none where it is sampled."""

    page: Described
    newspapers: frozenset[str]


def make_lesson(
    recipe: Recipe,
    samples: Path | None,
    leave_out: Collection[str] = (),
    pool: list[Shown] | None = None,
    found: Path | None = None,
) -> Lesson:
    """What the net learns: not from the newspapers `leave_out`.

    Lessons that are given the same `pool` share the pages that they have described. Raises InputError where the folder
    `samples` holds no other page with articles, or not a newspaper to leave out, and where `found` holds no page.
    """
    known = load_known(samples, leave_out) if samples else ()
    again = find_truths(found) if found else []
    if found and not again:
        raise InputError(f"{found} holds no pages: make them with `leggio-train news-found`.")

    def draw(start: int) -> Iterator[LinkBatch]:
        rng = np.random.default_rng([recipe.seed, start])
        return draw_batches(known, recipe, rng, [] if pool is None else pool, leave_out, again)

    return Lesson(draw, losses)


def load_known(folder: Path, leave_out: Collection[str] = ()) -> tuple[Case, ...]:
    """The pages with articles in a folder and those below it, but for some newspapers.

    Raises InputError where there is none, and for a newspaper to leave out that is not there.
    """
    cases = [Case(path.stem, load_truth(path), None) for path in find_truths(folder)]
    papers = {case.newspaper for case in cases if case.truth.articles}
    if missing := sorted(set(leave_out) - papers):
        raise InputError(
            f"{folder} has no newspaper {missing[0]} to leave out: name one of {', '.join(sorted(papers))}."
        )
    known = tuple(case for case in cases if case.truth.articles and case.newspaper not in leave_out)
    if not known:
        raise InputError(
            f"{folder} has no newspaper pages with articles: name another folder, or leave it out."
        )
    return known


def draw_batches(
    known: Sequence[Case],
    recipe: Recipe,
    rng: np.random.Generator,
    pool: list[Shown],
    leave_out: Collection[str] = (),
    found: Sequence[Path] = (),
) -> Iterator[LinkBatch]:
    """Batches of pages that the recipe wants, made on the fly or taken from the pool, which grows.

    `found` are files of pages as the reader finds them.
    """
    fit = [shown for shown in pool if not shown.newspapers & set(leave_out)]

    def draw() -> Described:
        if len(fit) >= _POOL and rng.random() > _NEW:
            return fit[int(rng.integers(len(fit)))].page
        shown = _make_page(known, found, recipe.sheets, rng)
        if len(fit) >= _POOL:
            worn = fit.pop(int(rng.integers(len(fit))))
            pool[:] = [other for other in pool if other is not worn]
        fit.append(shown)
        pool.append(shown)
        return shown.page

    return batch_pages(draw, rng)


def batch_pages(draw: Callable[[], Described], rng: np.random.Generator) -> Iterator[LinkBatch]:
    """Batches of drawn pages that together have about `_CELLS` pairs of blocks; what a reader may lack is hidden."""
    chosen: list[Described] = []
    while True:
        page = draw()
        widest = max(len(p.articles) for p in (*chosen, page))
        if len(chosen) == _MOST_PAGES or (chosen and widest**2 * (len(chosen) + 1) > _CELLS):
            yield lay_together([_hide_some(one, rng) for one in chosen])
            chosen = []
        chosen.append(page)


def describe(truth: NewsTruth, seen: PrintMaps | None = None) -> Described:
    """What the net sees of a page, and what it should say; `seen` is what another net saw of the page's print."""
    evidence = gather_evidence(truth.layout, seen)
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


def _make_page(
    known: Sequence[Case], found: Sequence[Path], sheets: Sheets, rng: np.random.Generator
) -> Shown:
    while True:
        chance = rng.random()
        maps: PrintMaps | None = None
        newspapers: frozenset[str] = frozenset()
        seen = bool(found) and chance >= 1 - sheets.found
        if known and chance < sheets.typeset:
            truth, newspapers = _vary_known(known, rng)
        else:
            truth, maps = _take_found(found, rng) if seen else (_sample(rng), None)
            if rng.random() < _STRANGE:
                truth = replace(truth, layout=estrange(truth.layout, float(rng.random()), rng))
            if rng.random() < _BADLY_READ:
                share = float(rng.uniform(*_BAD))
                truth = replace(truth, layout=misread_page(truth.layout, share, rng))
        again = not seen and rng.random() < sheets.again
        if again:
            truth = find_anew(truth, rng)
        if seen or again:  # what a reader calls a heading is no evidence: no kinds
            truth = replace(truth, layout=strip_kinds(truth.layout))
        if _BLOCKS[0] <= len(truth.layout.blocks) <= _BLOCKS[1] and truth.articles:
            return Shown(describe(truth, maps), newspapers)


def _sample(rng: np.random.Generator) -> NewsTruth:
    if rng.random() >= _WORDED:
        return sample_news(rng)
    truth = sample_worded(rng)
    return truth if rng.random() < _WORDED_AS_IS else vary_page(truth, rng)


def _take_found(found: Sequence[Path], rng: np.random.Generator) -> tuple[NewsTruth, PrintMaps | None]:
    """A page as the reader finds it with what a net saw of it, where that is kept; or varied, and not seen."""
    path = found[int(rng.integers(len(found)))]
    truth = load_truth(path)
    if rng.random() >= _FOUND_AS_IS:
        return vary_page(truth, rng), None
    maps = path.with_suffix(MAPS_SUFFIX)
    return truth, load_maps(maps) if maps.exists() else None


def _vary_known(known: Sequence[Case], rng: np.random.Generator) -> tuple[NewsTruth, frozenset[str]]:
    """A known page, as it is or varied, or a new one of the articles of its newspaper and others."""
    case = known[int(rng.integers(len(known)))]
    if rng.random() < _REARRANGED:
        papers = {case.newspaper} | {
            known[int(n)].newspaper for n in rng.integers(len(known), size=_MIXED - 1)
        }
        truths = [other.truth for other in known if other.newspaper in papers]
        return rearrange(truths, rng), frozenset(papers)
    truth = case.truth
    return truth if rng.random() < _AS_IS else vary_page(truth, rng), frozenset({case.newspaper})


def _hide_some(page: Described, rng: np.random.Generator) -> Described:
    hidden = {name: bool(rng.random() < share) for name, share in _HIDDEN.items()}
    return Described(hide(page.table, **hidden), page.articles, page.kinds)
