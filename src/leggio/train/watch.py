"""What a net in training sees. In: the net and a few crops that stay the same. Out: pictures on the board.

`answers.png` shows, a row a crop, the crop, its targets and the net's answers: symbol energy in red, each kind of ink
in a colour of its own. `worst.png` shows the same of the crops that cost the net most, with what it got wrong written
beside them. `filters.png` shows what the first layer looks for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from leggio.synth.sample import find_samples, load_sample
from leggio.train.board import Board
from leggio.train.crops import class_weights, cut_crop, prepare
from leggio.train.nets import Maps, WatershedDetector, read_energy
from leggio.train.recipe import Recipe
from leggio.train.symbols import CLASSES, Batch, losses

_CROPS = 24  # each of a page of its own; the net needs about 5 seconds for them on two cores
_SHOWN = 4  # rows of a picture
_AT_ONCE = 4  # crops that go through the net together
_LINE = 16  # pixels from one line of writing to the next
_TOLD = 12  # names got wrong that are written beside a crop, those with most cells first
_ENERGY = (255, 0, 0)
# In the order of `symbols.INKS`: staff lines, stems, beams, bar lines, slurs, ledger lines, hairpins.
_INKS = (
    (0, 160, 0), (0, 90, 255), (190, 0, 190), (0, 190, 220), (255, 140, 0), (120, 80, 20), (230, 190, 0),
)  # fmt: skip
_LOSSES = ("energy", "class", "box", "ink")
_GAP = 8  # pixels between two panels
_ZOOM = 12  # how large a pixel of a filter is drawn

Gray = NDArray[np.float32]
Picture = NDArray[np.uint8]


class Watch:
    """Draws what the net answers to the same few crops every time; it is called by the training loop."""

    def __init__(self, samples: Path, recipe: Recipe) -> None:
        paths = find_samples(samples)
        paths = paths[:: -(-len(paths) // _CROPS)]
        rng = np.random.default_rng(recipe.seed)
        crops = []
        for path in paths:  # one page in memory at a time
            page = prepare(load_sample(path))
            crops.append(cut_crop(page, recipe.crops, class_weights([page]), rng))
        image, energy, ink, classes, boxes = (
            torch.from_numpy(np.stack(arrays)) for arrays in zip(*crops, strict=True)
        )
        self.names = [path.stem for path in paths]
        self.batch = Batch(image, energy, ink, classes.long(), boxes)
        self.heads = recipe.heads

    def __call__(self, step: int, net: nn.Module, board: Board) -> None:
        maps = self.answer(net)
        board.show(step, "answers", self.draw_answers(maps))
        board.show(step, "worst", self.draw_worst(maps))
        if isinstance(net, WatershedDetector):
            board.show(step, "filters", draw_filters(net))

    def answer(self, net: nn.Module) -> Maps:
        """What the net answers to all crops."""
        before, device = net.training, next(net.parameters()).device
        net.eval()
        with torch.inference_mode():
            parts = [net(images.to(device)) for images in self.batch.image.split(_AT_ONCE)]
        net.train(before)
        return Maps(*(torch.cat(heads).float().cpu() for heads in zip(*parts, strict=True)))

    def draw_answers(self, maps: Maps) -> Picture:
        """(height, width, 3) RGB: crop, targets and answers side by side, a row for some crops that stay the same."""
        return _join([self._draw_row(maps, number) for number in self._spread()], axis=0)

    def draw_worst(self, maps: Maps) -> Picture:
        """The rows of the crops that cost most, the worst first, and beside each its page, losses and wrong names."""
        costs = self.measure(maps)
        rows = []
        for number in np.argsort(-costs.sum(axis=1), kind="stable")[:_SHOWN]:
            row = self._draw_row(maps, int(number))
            told = [f"page {self.names[number]}"]
            told += [f"{name} {cost:.1f} x mean" for name, cost in zip(_LOSSES, costs[number], strict=True)]
            told += ["", *self.tell_wrong_names(maps, int(number))]
            rows.append(_join([row, _write(told, row.shape[0])], axis=1))
        return _join(rows, axis=0)

    def measure(self, maps: Maps) -> NDArray[np.float64]:
        """(crops, losses): each loss of each crop as a multiple of its mean over the crops, so that all count alike."""
        values = []
        for number in range(len(self.names)):
            only = slice(number, number + 1)
            parts = losses(
                Maps(*(head[only] for head in maps)), Batch(*(a[only] for a in self.batch)), self.heads
            )
            values.append([float(parts[name]) for name in _LOSSES])
        costs = np.array(values)
        return costs / costs.mean(axis=0).clip(1e-9)

    def tell_wrong_names(self, maps: Maps, number: int) -> list[str]:
        """What the net calls symbols of a crop wrongly, and in how many cells, most cells first."""
        truth, answers = self.batch.classes[number], maps.classes[number].argmax(0)
        wrong = (truth >= 0) & (truth != answers)
        pairs = Counter(zip(truth[wrong].tolist(), answers[wrong].tolist(), strict=True))
        return [
            f"{CLASSES[was].value} read as {CLASSES[said].value}, {cells}"
            for (was, said), cells in pairs.most_common(_TOLD)
        ]

    def _spread(self) -> Sequence[int]:
        return range(0, len(self.names), -(-len(self.names) // _SHOWN))

    def _draw_row(self, maps: Maps, number: int) -> Picture:
        image = self.batch.image[number, 0].numpy()
        energy = read_energy(maps.energy[number : number + 1], self.heads)[0, 0].numpy()
        truth = lay_over(image, self.batch.energy[number, 0].numpy(), self.batch.ink[number].numpy())
        answer = lay_over(image, energy, torch.sigmoid(maps.ink[number]).numpy())
        return _join([lay_over(image, np.zeros_like(energy), ()), truth, answer], axis=1)


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


def _write(lines: list[str], size: int) -> Picture:
    """Lines of text in black on a white square; what does not fit is cut off."""
    picture = np.full((size, size, 3), 255, np.uint8)
    for number, line in enumerate(lines, start=1):
        cv2.putText(
            picture, line, (2, number * _LINE), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA
        )
    return picture


def _join(pictures: list[Picture], axis: int) -> Picture:
    """Pictures in a row (axis 1) or one below another (axis 0), with white gaps between."""
    shape = list(pictures[0].shape)
    shape[axis] = _GAP
    gap = np.full(shape, 255, np.uint8)
    parts = [part for picture in pictures for part in (picture, gap)][:-1]
    return np.concatenate(parts, axis=axis)
