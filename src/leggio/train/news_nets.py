"""The networks for newspapers: that of 2017 and today's. In: views of pages as tensors. Out: maps."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from leggio.news.print_maps import PRINT
from leggio.news.views import MAPS, VIEWS
from leggio.train.nets import ConvBlock, UNet
from leggio.train.recipe import Architecture

MARKS = 12  # length of the vector that says which article a cell belongs to
NEWS_HEADS = ("areas", "marks", "near")
SURENESS = (
    4.0  # two cells with equal vectors are of one article with sigmoid(4), 98 %; at distance 1 it is 50 %
)


class Stage2017(nn.Sequential):
    """Dropout, then convolutions with batch norm and ReLU: (kernel, outputs) each."""

    def __init__(self, drop: float, inputs: int, *layers: tuple[int, int]) -> None:
        parts: list[nn.Module] = [nn.Dropout(drop)] if drop else []
        for kernel, outputs in layers:
            parts += [
                nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            ]  # fmt: skip
            inputs = outputs
        super().__init__(*parts)


class News2017(nn.Module):
    """The network of Meier, Stadelmann, Stampfli, Arnold & Cieliebak, ICDAR 2017, layer by layer.

    In: (batch, 2, 256, 256), grey page and OCR view, 1 is ink. Out: logits (batch, 1, 256, 256) of "background or
    border between articles". The paper counts 1,435,065 parameters: all weights, the biases of the transposed and the
    sigmoid convolutions, and four values for each channel of a batch norm (scale, shift, running mean and variance).
    """

    def __init__(self) -> None:
        super().__init__()
        self.down3 = nn.Sequential(
            Stage2017(0.3, 2, (5, 32), (3, 16)), nn.MaxPool2d(2),
            Stage2017(0.3, 16, (5, 16), (3, 16)), nn.MaxPool2d(2),
            Stage2017(0.5, 16, (3, 16), (3, 16)), nn.MaxPool2d(2),
        )  # fmt: skip
        self.down4 = nn.Sequential(Stage2017(0.5, 16, (3, 64), (3, 64)), nn.MaxPool2d(2))
        self.down5 = nn.Sequential(Stage2017(0.5, 64, (3, 64), (3, 128)), nn.MaxPool2d(2))
        self.down6 = nn.Sequential(
            Stage2017(0.3, 128, (3, 128), (3, 256)), nn.MaxPool2d(2), Stage2017(0.3, 256, (3, 256))
        )
        self.up5 = nn.ConvTranspose2d(256, 128, 2, 2)
        self.up4 = nn.ConvTranspose2d(128, 64, 2, 2)
        self.up3 = nn.ConvTranspose2d(64, 16, 2, 2)
        self.up1 = nn.ConvTranspose2d(16, 16, 4, 4)
        self.refine = nn.Sequential(
            Stage2017(0.0, 16, (5, 32), (5, 32)), nn.Conv2d(32, 8, 1), nn.Sigmoid(),
            Stage2017(0.3, 8, (5, 32), (3, 16)), nn.Conv2d(16, 1, 1),
        )  # fmt: skip
        self.widen = nn.Upsample(scale_factor=2, mode="nearest")

    def forward(self, x: Tensor) -> Tensor:
        pool3 = self.down3(x)
        pool4 = self.down4(pool3)
        pool5 = self.down5(pool4)
        x = self.up5(self.down6(pool5)) + pool5
        x = self.up4(x) + pool4
        x = self.up3(x) + pool3
        return self.widen(self.refine(self.up1(x)))


def count_values(net: nn.Module) -> int:
    """How many numbers a net consists of, the running means and variances of its batch norms among them."""
    buffers = [value for name, value in net.named_buffers() if "running_" in name]
    return sum(value.numel() for value in [*net.parameters(), *buffers])


class NewsMaps(NamedTuple):
    """Raw answers of today's net for input (batch, views, H, W), H and W multiples of 32.

    `areas` (batch, maps, H/2, W/2) are logits; `marks` (batch, MARKS, H/4, W/4) are vectors, near to each other in
    cells of one article; `near` (batch, offsets, H/4, W/4) are logits: is the cell at the offset of the same article?
    """

    areas: Tensor
    marks: Tensor
    near: Tensor


class NewsNet(UNet):
    """Today's net for newspapers: a small U-Net that sees a whole page at once.

    It works on blocks of 4 x 4 pixels, a line of small type, so that its deepest cells are few and see the whole page;
    they know where on the page they are, since the vectors of two columns that look alike must differ.
    """

    def __init__(self, architecture: Architecture, offsets: int) -> None:
        super().__init__(architecture, 4 * len(VIEWS))
        a, _, _, d = architecture.widths
        self.fold, self.unfold = nn.PixelUnshuffle(2), nn.PixelShuffle(2)
        self.locate = nn.Conv2d(2, d, 1, bias=False)
        self.areas = nn.Conv2d(a, 4 * len(MAPS), 1)
        self.group = nn.Sequential(
            ConvBlock(a, architecture.class_width), nn.Conv2d(architecture.class_width, MARKS + offsets, 1)
        )

    def deepen(self, x: Tensor) -> Tensor:
        first, *rest = self.down4
        x = first(x)
        sides = [torch.linspace(-1, 1, side, device=x.device) for side in x.shape[2:]]
        x = x + self.locate(torch.stack(torch.meshgrid(*sides, indexing="ij"))[None])
        for part in rest:
            x = part(x)
        return x

    def forward(self, x: Tensor) -> NewsMaps:
        quarter, _ = self.see(self.fold(x))
        grouped = self.group(quarter)
        return NewsMaps(self.unfold(self.areas(quarter)), grouped[:, :MARKS], grouped[:, MARKS:])


class PrintNet(UNet):
    """The net that sees print: a small U-Net over blocks of 4 x 4 pixels, each as high as a small letter.

    In: (batch, 1, H, W), multiples of 32, 1 is ink. Out: logits (batch, maps of `PRINT`, H/2, W/2).
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture, 4)
        self.fold, self.unfold = nn.PixelUnshuffle(2), nn.PixelShuffle(2)
        self.areas = nn.Conv2d(architecture.widths[0], 4 * len(PRINT), 1)
        nn.init.constant_(self.areas.bias, -2.0)

    def forward(self, x: Tensor) -> Tensor:
        quarter, _ = self.see(self.fold(x))
        return self.unfold(self.areas(quarter))


class ShippedPrint(nn.Module):
    """The net that sees print as it ships: chances in bytes, which a large page has millions of."""

    def __init__(self, net: PrintNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        return (torch.sigmoid(self.net(x)) * 255 + 0.5).to(torch.uint8)


class ShippedNews(nn.Module):
    """A net for newspapers as it ships: chances instead of logits."""

    def __init__(self, net: NewsNet | News2017) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        answer = self.net(x)
        if isinstance(answer, NewsMaps):
            return torch.sigmoid(answer.areas), answer.marks, torch.sigmoid(answer.near)
        return (torch.sigmoid(answer),)
