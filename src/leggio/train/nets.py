"""The networks. In: page crops as tensors. Out: the maps of their heads."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from leggio.music.maps import LOGIT_STEP, LOGIT_ZERO, WATERLINE
from leggio.net import Cut
from leggio.train.recipe import Architecture, Heads, Sizes

SMALLEST = 0.05  # staff spaces: no symbol is narrower or lower


class Maps(NamedTuple):
    """Raw answers of the detector for input (batch, 1, H, W), H and W multiples of 16.

    `energy` (batch, levels, H/2, W/2) and `ink` (batch, kinds of ink, H/2, W/2) are logits; `classes`
    (batch, classes, H/4, W/4) are logits; `boxes` (batch, 2, H/4, W/4) are log(width), log(height) in staff spaces,
    or the width and height themselves where the heads are linear.
    """

    energy: Tensor
    ink: Tensor
    classes: Tensor
    boxes: Tensor


class ConvBlock(nn.Sequential):
    """Convolution, batch norm, ReLU. Every ReLU is its own module: guided backpropagation needs that."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, dilation, dilation, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )


class Residual(nn.Module):
    """Two convolutions beside a shortcut; the second one is dilated, to see further at the same cost."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.first = ConvBlock(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(width)
        )
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(x + self.second(self.first(x)))


class UNet(nn.Module):
    """A small U-Net over blocks of 2 x 2 pixels, whose deepest part sees further by dilation. The body of our nets."""

    def __init__(self, architecture: Architecture, views: int) -> None:
        super().__init__()
        a, b, c, d = architecture.widths
        self.enter = nn.Sequential(nn.PixelUnshuffle(2), ConvBlock(4 * views, a), ConvBlock(a, a))
        self.down2 = nn.Sequential(ConvBlock(a, b, 2), ConvBlock(b, b))
        self.down3 = nn.Sequential(ConvBlock(b, c, 2), ConvBlock(c, c), ConvBlock(c, c))
        deep = [Residual(d, 2 ** (1 + i % 3)) for i in range(architecture.deep_blocks)]
        self.down4 = nn.Sequential(ConvBlock(c, d, 2), *deep)
        self.up3, self.mix3 = nn.Conv2d(d, c, 1), nn.Sequential(ConvBlock(c, c), ConvBlock(c, c))
        self.up2, self.mix2 = nn.Conv2d(c, b, 1), nn.Sequential(ConvBlock(b, b), ConvBlock(b, b))
        self.up1, self.mix1 = nn.Conv2d(b, a, 1), ConvBlock(a, a)
        self.widen = nn.Upsample(scale_factor=2, mode="nearest")

    def deepen(self, x: Tensor) -> Tensor:
        """What is seen at a sixteenth, out of what is seen at an eighth."""
        return self.down4(x)

    def see(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What is seen at half and at a quarter of the resolution of `x`, (batch, views, H, W), multiples of 16."""
        e1 = self.enter(x)
        e2 = self.down2(e1)
        e3 = self.down3(e2)
        d3 = self.mix3(e3 + self.widen(self.up3(self.deepen(e3))))
        d2 = self.mix2(e2 + self.widen(self.up2(d3)))
        return self.mix1(e1 + self.widen(self.up1(d2))), d2


class WatershedDetector(UNet):
    """The Deep Watershed Detector (Tuggener et al., ISMIR 2018) on a small U-Net instead of RefineNet-101.

    The energy head and the ink head answer at half the input's resolution, the class and the box head at a quarter:
    a symbol's place needs more resolution than its name. The ink head marks what does not suit boxes: staff lines,
    stems, beams, bar lines, slurs, ledger lines, hairpins. `heads` says what the paper's three heads answer.
    """

    def __init__(
        self, architecture: Architecture, classes: int, inks: int, heads: Heads | None = None
    ) -> None:
        super().__init__(architecture, 1)
        self.heads = heads or Heads()
        a, b, *_ = architecture.widths
        self.places = nn.Conv2d(a, self.heads.energy_levels + inks, 1)
        self.names = nn.Sequential(
            ConvBlock(b, architecture.class_width), nn.Conv2d(architecture.class_width, classes + 2, 1)
        )
        self.inks = inks
        nn.init.constant_(self.places.bias, -3.0)  # nearly all of a page is no symbol's centre
        if self.heads.energy_levels > 1:
            nn.init.constant_(self.places.bias[:1], 3.0)  # so the lowest level is the likely one

    def forward(self, x: Tensor) -> Maps:
        half, quarter = self.see(x)
        places, names = self.places(half), self.names(quarter)
        levels = self.heads.energy_levels
        return Maps(places[:, :levels], places[:, levels:], names[:, :-2], names[:, -2:])


def read_energy(energy: Tensor, heads: Heads) -> Tensor:
    """Energy in [0, 1] out of the logits of `Maps`, (batch, 1, H, W): of several levels, the mean that is expected."""
    if heads.energy_levels == 1:
        return torch.sigmoid(energy)
    heights = torch.linspace(0, 1, heads.energy_levels, device=energy.device).view(1, -1, 1, 1)
    return (torch.softmax(energy.float(), 1) * heights).sum(1, keepdim=True)


def read_sizes(boxes: Tensor, heads: Heads) -> Tensor:
    """Width and height in staff spaces out of the boxes of `Maps`."""
    return torch.exp(boxes) if heads.boxes is Sizes.LOG else boxes.clamp(min=SMALLEST)


class ShippedDetector(nn.Module):
    """The detector as it ships: energy as a probability, ink maps and class logits in bytes, sizes in staff spaces.

    Only summits are ever named, so a net that is cut at its summits answers class and size just around energy that
    rises above the waterline, and 0 elsewhere: the names of all cells would take a quarter of the net's time. Classes
    stay logits (`leggio.music.maps`), for a softmax over all cells takes as long as the net itself.
    """

    def __init__(self, net: WatershedDetector) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        net, levels = self.net, self.net.heads.energy_levels
        half, quarter = net.see(x)
        places = net.places(half)
        energy = read_energy(places[:, :levels], net.heads)
        ink = (torch.sigmoid(places[:, levels:]) * 255).to(torch.uint8)
        if net.heads.cut is Cut.SUMMITS:
            classes, boxes = self._name_summits(energy, quarter)
        else:
            names = net.names(quarter)
            classes, boxes = _in_bytes(names[:, :-2]), read_sizes(names[:, -2:], net.heads)
        return energy, ink, classes, boxes

    def _name_summits(self, energy: Tensor, quarter: Tensor) -> tuple[Tensor, Tensor]:
        """Classes and sizes of one page, where a summit can be or touches the cell."""
        net, (height, width) = self.net, (quarter.shape[2], quarter.shape[3])
        summits = (functional.max_pool2d(energy, 2) > WATERLINE).float()
        rows, columns = (functional.max_pool2d(summits, 3, 1, 1)[0, 0] > 0).nonzero().unbind(1)
        rows, columns = (
            functional.pad(cells, (1, 0)) for cells in (rows, columns)
        )  # never none: cell 0 is one
        # The 3 x 3 cells around each, side by side, as an image that the head steps through in strides of 3.
        reach = torch.arange(3, device=energy.device)
        down, across = (rows[:, None] + reach).T, columns[:, None] + reach
        padded = functional.pad(quarter[0], (1, 1, 1, 1)).flatten(1)
        patches = padded[:, down[:, :, None] * (width + 2) + across].flatten(2)[None]
        block, last = net.names
        seen = block[2](block[1](functional.conv2d(patches, block[0].weight, stride=3)))
        named = last(seen)[0, :, 0]
        sizes = read_sizes(named[-2:], net.heads)
        flat = rows * width + columns
        return tuple(
            torch.zeros(len(values), height * width, dtype=values.dtype, device=values.device)
            .scatter(1, flat.expand(len(values), -1), values)
            .view(1, len(values), height, width)
            for values in (_in_bytes(named[:-2]), sizes)
        )


def _in_bytes(logits: Tensor) -> Tensor:
    return torch.clamp(torch.round(logits / LOGIT_STEP) + LOGIT_ZERO, 0, 255).to(torch.uint8)
