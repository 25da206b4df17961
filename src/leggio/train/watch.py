"""What a net in training sees. In: the net and a few crops that stay the same. Out: pictures on the board.

`answers.png` shows, a row a crop, the crop, its targets and the net's answers: symbol energy in red, each kind of ink
in a colour of its own. `filters.png` shows what the first layer looks for.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from leggio.synth.sample import load_sample
from leggio.train.batches import find_samples
from leggio.train.board import Board
from leggio.train.crops import class_weights, cut_crop, prepare
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Recipe

_CROPS = 4
_ENERGY = (255, 0, 0)
# In the order of `symbols.INKS`: staff lines, stems, beams, bar lines, slurs, ledger lines, hairpins.
_INKS = (
    (0, 160, 0), (0, 90, 255), (190, 0, 190), (0, 190, 220), (255, 140, 0), (120, 80, 20), (230, 190, 0),
)  # fmt: skip
_GAP = 8  # pixels between two panels
_ZOOM = 12  # how large a pixel of a filter is drawn

Gray = NDArray[np.float32]
Picture = NDArray[np.uint8]


class Watch:
    """Draws what the net answers to the same few crops every time; it is called by the training loop."""

    def __init__(self, samples: Path, recipe: Recipe) -> None:
        paths = find_samples(samples)
        pages = [prepare(load_sample(path)) for path in paths[:: -(-len(paths) // _CROPS)]]
        rng = np.random.default_rng(recipe.seed)
        weights = class_weights(pages)
        crops = [cut_crop(page, recipe.crops, weights, rng) for page in pages]
        self.images, self.energy, self.ink = (
            np.stack(arrays) for arrays in list(zip(*crops, strict=True))[:3]
        )

    def __call__(self, step: int, net: nn.Module, board: Board) -> None:
        board.show(step, "answers", self.draw_answers(net))
        if isinstance(net, WatershedDetector):
            board.show(step, "filters", draw_filters(net))

    def draw_answers(self, net: nn.Module) -> Picture:
        """(height, width, 3) RGB: crop, targets and answers side by side, a row a crop."""
        before, device = net.training, next(net.parameters()).device
        net.eval()
        with torch.inference_mode():
            maps = net(torch.from_numpy(self.images).to(device))
            energy, ink = (torch.sigmoid(head).float().cpu().numpy() for head in (maps.energy, maps.ink))
        net.train(before)
        rows = []
        for number, image in enumerate(self.images[:, 0]):
            truth = lay_over(image, self.energy[number, 0], self.ink[number])
            answer = lay_over(image, energy[number, 0], ink[number])
            nothing = np.zeros_like(energy[number, 0])
            rows.append(_join([lay_over(image, nothing, ()), truth, answer], axis=1))
        return _join(rows, axis=0)


def lay_over(image: Gray, energy: Gray, ink: NDArray[np.float32] | tuple[Gray, ...]) -> Picture:
    """A crop in grey, its maps in colour. `image` is (S, S) with 1 = ink, the maps are in [0, 1] at half the size."""
    size = (image.shape[1], image.shape[0])
    picture = np.repeat(255 - 130 * image[..., None], 3, axis=2)
    layers = [(plane, colour, 0.7) for plane, colour in zip(ink, _INKS, strict=False)]
    for plane, colour, strength in [*layers, (energy, _ENERGY, 0.9)]:
        share = strength * cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)[..., None]
        picture = picture * (1 - share) + np.array(colour, np.float32) * share
    return np.clip(picture, 0, 255).astype(np.uint8)


def draw_filters(net: WatershedDetector) -> Picture:
    """The filters of the first layer as patches of page, dark where they want ink; (height, width, 3) RGB.

    The layer works on blocks of 2 x 2 pixels in 4 channels, so its 3 x 3 filters see 6 x 6 pixels.
    """
    weights = next(net.enter.parameters()).detach().float().cpu()
    patches = nn.functional.pixel_shuffle(weights, 2)[:, 0].numpy()
    tiles = []
    for patch in patches / np.abs(patches).max(axis=(1, 2), keepdims=True).clip(1e-9):
        grey = (127.5 - 127.5 * patch).astype(np.uint8)
        large = cv2.resize(grey, None, fx=_ZOOM, fy=_ZOOM, interpolation=cv2.INTER_NEAREST)
        tiles.append(np.repeat(large[..., None], 3, axis=2))
    columns = max(1, round(len(tiles) ** 0.5))
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % columns)
    rows = [_join(tiles[start : start + columns], axis=1) for start in range(0, len(tiles), columns)]
    return _join(rows, axis=0)


def _join(pictures: list[Picture], axis: int) -> Picture:
    """Pictures in a row (axis 1) or one below another (axis 0), with white gaps between."""
    shape = list(pictures[0].shape)
    shape[axis] = _GAP
    gap = np.full(shape, 255, np.uint8)
    parts = [part for picture in pictures for part in (picture, gap)][:-1]
    return np.concatenate(parts, axis=axis)
