"""Endless newspaper pages for training. In: a recipe, and a folder of pages or none. Out: batches.

Pages are sampled on the fly; where there is a folder, the recipe says how many come out of it instead.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from leggio.errors import InputError
from leggio.evaluate.news_truth import load_truth
from leggio.news.layout import NewsTruth
from leggio.news.views import Plane, draw_views, draw_views_2017, show_image
from leggio.synth.manifest import list_pages
from leggio.synth.news import sample_news
from leggio.train import news, news_2017
from leggio.train.batches import load_batches
from leggio.train.loop import Lesson
from leggio.train.news_grey import imitate_grey
from leggio.train.news_spoil import draw_frame, forget_articles, spoil_layout
from leggio.train.recipe import Kind, Recipe

_PICTURES = (".png", ".jpg")

Arrays = tuple[NDArray[np.generic], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page to learn from: its truth and, where it has one, its picture (height, width), 0 is ink."""

    truth: NewsTruth
    image: NDArray[np.uint8] | None = None


def make_lesson(recipe: Recipe, samples: Path | None, workers: int) -> Lesson:
    """What a net for newspapers learns. Raises InputError where the folder `samples` holds no page."""
    paths = find_sheets(samples) if samples else ()
    old = recipe.net is Kind.NEWS_2017

    def draw(start: int) -> Iterator[news.Batch | news_2017.Batch]:
        stream = SheetStream(paths, recipe, start, max(1, workers))
        for arrays in load_batches(stream, recipe.schedule.batch, workers):
            yield news_2017.Batch(*arrays) if old else news.Batch(*arrays)

    return Lesson(draw, news_2017.losses if old else news.losses)


def find_sheets(folder: Path) -> tuple[Path, ...]:
    """The pages of a folder: JSON files of truth, each beside a picture of its name or none. Raises InputError."""
    paths = tuple(list_pages(folder))
    if not paths:
        raise InputError(
            f"There are no newspaper pages in {folder}: leave --samples out, or name another folder."
        )
    return paths


def load_sheet(path: Path) -> Sheet:
    """A page of a folder. Raises InputError."""
    picture = next((path.with_suffix(end) for end in _PICTURES if path.with_suffix(end).exists()), None)
    image = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE) if picture else None
    return Sheet(load_truth(path), None if image is None else image.astype(np.uint8))


class SheetStream(IterableDataset[tuple[torch.Tensor, ...]]):
    """Pages without end. Each worker draws its own sequence from the recipe's seed, and knows at which step it is."""

    def __init__(self, paths: tuple[Path, ...], recipe: Recipe, start: int, workers: int) -> None:
        self.paths, self.recipe, self.start, self.workers = paths, recipe, start, workers

    def __iter__(self) -> Iterator[tuple[torch.Tensor, ...]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        worker = info.id if info else 0
        rng = np.random.default_rng([self.recipe.seed, self.start, worker])
        for count in itertools.count():
            step = self.start + worker + self.workers * (count // self.recipe.schedule.batch)
            sheet = _choose(self.paths, self.recipe.sheets.typeset, rng)
            arrays = prepare_sheet(sheet, self.recipe, step, rng)
            yield tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays)


def _choose(paths: tuple[Path, ...], typeset: float, rng: np.random.Generator) -> Sheet:
    if paths and rng.random() < typeset:
        return load_sheet(paths[int(rng.integers(len(paths)))])
    return Sheet(sample_news(rng))


def prepare_sheet(sheet: Sheet, recipe: Recipe, step: int, rng: np.random.Generator) -> Arrays:
    """A page as the net sees it at a step of the recipe, with its targets: a `Batch` without its first axis."""
    sheets = recipe.sheets
    truth = sheet.truth
    if step < sheets.partial_until * recipe.schedule.steps and rng.random() < sheets.partial:
        truth = forget_articles(truth, rng)
    frame = draw_frame(truth.layout, sheets, rng)
    layout = spoil_layout(truth.layout, rng) if rng.random() < sheets.spoil else truth.layout
    grey = imitate_grey(truth.layout, frame, rng) if sheet.image is None else show_image(sheet.image, frame)
    if recipe.net is Kind.NEWS_2017:
        views = draw_views_2017(None, layout, frame)
        views[0] = grey
        if truth.partial:
            views = news_2017.whiten_unknown(views, truth, frame)
        return views, news_2017.draw_background(truth, frame)
    views = _hide(draw_views(None, layout, frame), grey, rng.random(), recipe)
    return views, *news.draw_targets(truth, frame, sheets.pairs, rng)


def _hide(views: Plane, grey: Plane, coin: float, recipe: Recipe) -> Plane:
    """Hide the picture, or all but the picture, of some pages, so that the net learns to do with either."""
    blind, bare = recipe.sheets.blind, recipe.sheets.bare
    if coin >= blind:
        views[0] = grey
    if coin >= 1 - bare:
        views[1:] = 0
    return views
