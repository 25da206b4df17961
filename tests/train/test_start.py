"""A run may go on from a net that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from leggio.errors import InputError

pytest.importorskip("torch")
import torch

from leggio.train.export import export, make_card
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Architecture, Recipe
from leggio.train.start import start_from
from leggio.train.symbols import CLASSES, INKS

pytestmark = pytest.mark.train
SMALL = Architecture((6, 8, 10, 12), 1, 8)
NAMES = tuple(kind.value for kind in CLASSES)


def make_net(architecture: Architecture = SMALL) -> WatershedDetector:
    """A net whose norms have seen something, so that folding them changes every weight."""
    torch.manual_seed(3)
    net = WatershedDetector(architecture, len(CLASSES), len(INKS))
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(4, 1, 96, 96))
    return net.eval()


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[WatershedDetector, Path]:
    net, path = make_net(), tmp_path / "small.onnx"
    export(net, make_card(Recipe("small", architecture=SMALL), {}), path)
    return net, path


def images() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.rand(4, 1, 96, 96, generator=generator) for _ in range(4)]


def test_a_started_net_answers_as_the_file_it_started_from(shipped: tuple[WatershedDetector, Path]) -> None:
    net, path = shipped
    started = WatershedDetector(SMALL, len(CLASSES), len(INKS))
    start_from(started, path, NAMES, INKS, images())
    page = images()[0]
    with torch.inference_mode():
        for old, new in zip(net(page), started.eval()(page), strict=True):
            torch.testing.assert_close(new, old, atol=2e-4, rtol=1e-3)


def test_a_started_net_answers_alike_while_it_trains(shipped: tuple[WatershedDetector, Path]) -> None:
    """Its norms carry the statistics of the pages: in training mode the answer is nearly the same."""
    net, path = shipped
    started = WatershedDetector(SMALL, len(CLASSES), len(INKS))
    start_from(started, path, NAMES, INKS, images())
    page = images()[1]
    with torch.no_grad():
        old, new = net(page).classes, started.train()(page).classes
    assert (old - new).abs().mean() < 0.15 * old.std()


def test_what_the_file_does_not_know_is_nearly_never_answered(
    shipped: tuple[WatershedDetector, Path],
) -> None:
    _, path = shipped
    started = WatershedDetector(SMALL, len(CLASSES) + 1, len(INKS) + 1)
    start_from(started, path, (*NAMES, "unheardOf"), (*INKS, "unheardOf"), images())
    with torch.inference_mode():
        maps = started.eval()(images()[0])
    assert torch.sigmoid(maps.ink[:, -1]).max() < 0.05
    assert maps.classes[:, -1].max() < -3


def test_a_net_of_another_architecture_is_refused(shipped: tuple[WatershedDetector, Path]) -> None:
    _, path = shipped
    other = WatershedDetector(Architecture((6, 8, 10, 16), 1, 8), len(CLASSES), len(INKS))
    with pytest.raises(InputError, match="architecture"):
        start_from(other, path, NAMES, INKS, images())
    deeper = WatershedDetector(Architecture((6, 8, 10, 12), 2, 8), len(CLASSES), len(INKS))
    with pytest.raises(InputError, match="do not fit"):
        start_from(deeper, path, NAMES, INKS, images())
