"""What nets for newspapers see while they learn. In: a net and a few pages that stay the same. Out: a picture.

`answers.png` shows, a row a page: what the net is shown, what it should answer, what it answers. Articles are grey,
headings green, pictures blue, advertisements yellow, and borders red; of the net of 2017, background alone, in red.
Of the net that sees print, lines are grey, headings green, pictures blue, rules black, gutters yellow, borders red.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leggio.draw_print import lay_colours
from leggio.news.print_maps import PRINT
from leggio.news.views import MAPS
from leggio.synth.news import sample_news
from leggio.train.board import Board
from leggio.train.news_nets import NewsMaps
from leggio.train.news_pages import Sheet, prepare_sheet
from leggio.train.news_print import cut_print, find_pictured, load_printed
from leggio.train.recipe import Kind, Recipe

_PAGES = 4
_SEED = 2017
_COLOURS = dict(
    zip(MAPS, ((150, 150, 150), (220, 0, 0), (0, 150, 60), (0, 90, 255), (230, 200, 0)), strict=True)
)

Picture = NDArray[np.uint8]


class NewsWatch:
    """Draws what the net answers to the same few pages every time; it is called by the training loop."""

    def __init__(self, recipe: Recipe) -> None:
        self.old = recipe.net is Kind.NEWS_2017
        self.images, self.targets = [], []
        last = recipe.schedule.steps
        for page in range(_PAGES):
            rng = np.random.default_rng([_SEED, page])
            arrays = prepare_sheet(Sheet(sample_news(rng)), recipe, last, rng)
            self.images.append(np.asarray(arrays[0], np.float32))
            self.targets.append(np.asarray(arrays[1], np.float32))

    def __call__(self, step: int, net: nn.Module, board: Board) -> None:
        board.show(step, "answers", self.draw_answers(net))

    def draw_answers(self, net: nn.Module) -> Picture:
        """(height, width, 3) RGB."""
        return _draw_rows(net, zip(self.images, self.targets, strict=True), self._show, self.colour)

    def _show(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.maximum(0.6 * image[0], image[1])

    def colour(self, maps: NDArray[np.float32], image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Maps (n, h, w) in [0, 1] as colours, at the size of `image` (views, H, W)."""
        picture = np.full((*image.shape[1:], 3), 255, np.float32)
        names = ("border",) if self.old else ("article", "advertisement", "heading", "picture", "border")
        for name in names:
            plane = maps[0 if self.old else MAPS.index(name)]
            share = 0.8 * cv2.resize(plane, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)[..., None]
            picture += share * (np.array(_COLOURS[name], np.float32) - picture)
        return picture


class PrintWatch:
    """The same for the net that sees print, on crops of the first pages of a folder."""

    def __init__(self, samples: Path, recipe: Recipe) -> None:
        self.crops = []
        for number, path in enumerate(find_pictured(samples)[:_PAGES]):
            page, rng = load_printed(path), np.random.default_rng([_SEED, number])
            self.crops.append(cut_print(page, page, recipe.prints, rng))

    def __call__(self, step: int, net: nn.Module, board: Board) -> None:
        board.show(step, "answers", self.draw_answers(net))

    def draw_answers(self, net: nn.Module) -> Picture:
        """(height, width, 3) RGB."""
        return _draw_rows(net, self.crops, lambda image: image[0], _colour_print)


def _draw_rows(
    net: nn.Module,
    pages: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
    show: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    colour: Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.generic]],
) -> Picture:
    """A row for each page: how dark it is shown, its target and the net's answer in colours."""
    before, device = net.training, next(net.parameters()).device
    net.eval()
    rows = []
    for image, target in pages:
        with torch.inference_mode():
            answer = net(torch.from_numpy(image)[None].to(device))
        areas: Tensor = answer.areas if isinstance(answer, NewsMaps) else answer
        chances = torch.sigmoid(areas)[0].float().cpu().numpy()
        shown = np.repeat(255 - 255 * show(image)[..., None], 3, 2)
        rows.append(np.concatenate([shown, *(colour(maps, image) for maps in (target, chances))], axis=1))
    net.train(before)
    return np.concatenate(rows).clip(0, 255).astype(np.uint8)


def _colour_print(maps: NDArray[np.float32], image: NDArray[np.float32]) -> NDArray[np.uint8]:
    return lay_colours(np.full((*image.shape[1:], 3), 255, np.float32), PRINT, maps)
