"""Endless training batches. In: a folder of samples. Out: aged crops with their targets, drawn anew every time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from leggio.synth.sample import find_samples, load_sample
from leggio.train.crops import Page, class_weights, cut_crop, prepare
from leggio.train.recipe import Crops, Recipe
from leggio.train.symbols import Batch

_KEPT = 240  # pages in memory, about 20 MB each
_CHANGE = 6  # crops between two changes: loading a page costs about as much as cutting two crops


class CropStream(IterableDataset[tuple[torch.Tensor, ...]]):
    """Crops of random pages, without end. Each worker draws its own sequence from the recipe's seed."""

    def __init__(self, folder: Path, recipe: Recipe, start: int) -> None:
        self.paths = find_samples(folder)
        self.recipe = recipe
        self.start = start

    def __iter__(self) -> Iterator[tuple[torch.Tensor, ...]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        rng = np.random.default_rng([self.recipe.seed, self.start, info.id if info else 0])
        yield from _draw_crops(self.paths, self.recipe, rng)


def _draw_crops(
    paths: list[Path], recipe: Recipe, rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, ...]]:
    """Crops of the pages in memory; where the folder holds more, one page is changed for another now and then."""
    order = list(rng.permutation(len(paths)))
    pages = [_load(paths[place]) for place in order[:_KEPT]]
    waiting = order[_KEPT:]
    weights, chances = _weigh(pages, recipe.crops)
    for count in itertools.count(1):
        page = pages[int(rng.choice(len(pages), p=chances))]
        arrays = cut_crop(page, recipe.crops, weights, rng)
        yield tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays)
        if waiting and count % _CHANGE == 0:
            place = int(rng.integers(len(pages)))
            waiting.append(order[place])
            order[place] = waiting.pop(0)
            pages[place] = _load(paths[order[place]])
            weights, chances = _weigh(pages, recipe.crops)


def _load(path: Path) -> Page:
    return prepare(load_sample(path))


def _weigh(pages: list[Page], crops: Crops) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weight of each class, and how likely each page is to be cut from.

    Pages with rare symbols come up more often, once by chance, once by the rarest thing on them; a recipe that looks
    for nothing rare draws pages evenly.
    """
    weights = class_weights(pages)
    if crops.rare == 0:
        return weights, np.full(len(pages), 1 / len(pages))
    rarity = np.array([weights[page.classes].max(initial=0.0) for page in pages])
    return weights, 0.5 / len(pages) + 0.5 * rarity / rarity.sum()


def draw_batches(folder: Path, recipe: Recipe, *, workers: int, start: int = 0) -> Iterator[Batch]:
    """Batches of the recipe's size; `start` is the step at which training goes on, so crops are not repeated."""
    stream = CropStream(folder, recipe, start)
    for image, energy, ink, classes, boxes in load_batches(stream, recipe.schedule.batch, workers):
        yield Batch(image, energy, ink, classes.long(), boxes)


def load_batches(
    stream: IterableDataset[tuple[torch.Tensor, ...]], size: int, workers: int
) -> Iterator[list[torch.Tensor]]:
    """What a stream gives, stacked `size` at a time, by processes of its own or, with no workers, by this one."""
    loader = DataLoader(
        stream,
        size,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        # A forked worker would inherit OpenCV's and torch's locked thread pools and wait for ever.
        multiprocessing_context="spawn" if workers else None,
    )
    yield from loader
