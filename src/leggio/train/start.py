"""Go on from a net that ships. In: an ONNX file of ours and a new detector. Out: the detector with what the file knows.

An exported net has its batch norms folded into its convolutions. They are unfolded here: each norm is set to the mean
and the deviation that a few batches show, and to the scale and shift that undo them, so that the net answers as the
file does and yet learns like any other. Symbols and kinds of ink that the file does not know begin from nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leggio.errors import InputError
from leggio.net import load_net
from leggio.record import from_json
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Heads

_UNKNOWN = -4.0  # bias of what the file does not know: nearly never
_NEW_WEIGHT = 0.01  # deviation of the weights of what the file does not know

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """The names of a head's channels, in order; the same name is the same channel in file and net."""

    places: tuple[str, ...]
    names: tuple[str, ...]


def start_from(
    net: WatershedDetector,
    path: Path,
    classes: tuple[str, ...],
    inks: tuple[str, ...],
    images: Iterable[Tensor],
) -> None:
    """Give `net` the weights of the ONNX file at `path`.

    `classes` and `inks` are the net's own; `images` are a few batches of crops, (batch, 1, S, S) with 1 = ink, from
    which the batch norms are measured. Raises InputError where the file is not ours or of another architecture.
    """
    card = load_net(path).card
    file = _name_rows(card.classes, card.inks, from_json(Heads, json.loads(card.recipe).get("heads", {})))
    own = _name_rows(classes, inks, net.heads)
    kernels = _read_convolutions(path)
    modules = [module for module in _in_order(net) if isinstance(module, nn.Conv2d)]
    if len(kernels) != len(modules):
        raise InputError(
            f"{path} has {len(kernels)} convolutions and the recipe's net {len(modules)}: they do not fit."
        )
    norms = _norms_after(net)
    for conv, (weight, bias) in zip(modules, kernels, strict=True):
        if conv is net.places:
            weight, bias = _choose_rows(weight, bias, file.places, own.places)
        elif conv is net.names[-1]:
            weight, bias = _choose_rows(weight, bias, file.names, own.names)
        if conv.weight.shape != weight.shape:
            raise InputError(f"{path} was trained with another [architecture] than this recipe's.")
        with torch.no_grad():
            conv.weight.copy_(torch.from_numpy(weight))
            norms.get(conv, conv).bias.copy_(torch.from_numpy(bias))
    _unfold(net, list(norms.values()), images)


def _name_rows(classes: tuple[str, ...], inks: tuple[str, ...], heads: Heads) -> Rows:
    """What each channel means: energy and sizes of other heads are told in another way, so they are not the same."""
    levels = range(heads.energy_levels)
    energy = tuple(f"energy {level} of {heads.energy_levels}" for level in levels)
    return Rows((*energy, *inks), (*classes, f"{heads.boxes} width", f"{heads.boxes} height"))


def _read_convolutions(path: Path) -> list[tuple[Array, Array]]:
    """Kernel and bias of every convolution of the file, in the order in which they run."""
    graph = onnx.load(str(path)).graph
    arrays = {array.name: onnx.numpy_helper.to_array(array) for array in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    return [(arrays[node.input[1]].copy(), arrays[node.input[2]].copy()) for node in convolutions]


def _in_order(net: nn.Module) -> list[nn.Module]:
    """The net's innermost modules in the order in which they run."""
    order: list[nn.Module] = []
    hooks = [
        module.register_forward_hook(lambda module, _in, _out: order.append(module))
        for module in net.modules()
        if not list(module.children())
    ]
    before = net.training
    net.eval()
    with torch.inference_mode():
        net(torch.zeros(1, 1, 64, 64))
    net.train(before)
    for hook in hooks:
        hook.remove()
    return order


def _norms_after(net: nn.Module) -> dict[nn.Module, nn.BatchNorm2d]:
    """The batch norm that follows each convolution, where one does."""
    return {
        first: second
        for first, second in pairwise(_in_order(net))
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d)
    }


def _choose_rows(
    weight: Array, bias: Array, have: tuple[str, ...], want: tuple[str, ...]
) -> tuple[Array, Array]:
    """The channels `want` of a head that has the channels `have`."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, _NEW_WEIGHT, (len(want), *weight.shape[1:])).astype(np.float32)
    biases = np.full(len(want), _UNKNOWN, np.float32)
    for row, name in enumerate(want):
        if name in have:
            rows[row], biases[row] = weight[have.index(name)], bias[have.index(name)]
    return rows, biases


def _unfold(net: nn.Module, norms: list[nn.BatchNorm2d], images: Iterable[Tensor]) -> None:
    """Set each norm to what its channels show, without changing what the net answers."""
    sums = [torch.zeros(3, norm.num_features, dtype=torch.float64) for norm in norms]

    def watch(place: int, x: Tensor) -> None:
        flat = x.detach().double().transpose(0, 1).flatten(1)
        sums[place] += torch.stack(
            [flat.sum(1), flat.square().sum(1), torch.full_like(flat[:, 0], flat.shape[1])]
        )

    hooks = []
    for place, norm in enumerate(norms):
        with torch.no_grad():  # a norm that does nothing but add the folded bias
            norm.weight.fill_(1.0).mul_((1 + norm.eps) ** 0.5)
            norm.running_mean.zero_()
            norm.running_var.fill_(1.0)
        hooks.append(norm.register_forward_pre_hook(lambda _norm, args, place=place: watch(place, args[0])))
    before = net.training
    net.eval()
    with torch.inference_mode():
        for image in images:
            net(image)
    net.train(before)
    for hook in hooks:
        hook.remove()
    for norm, (total, squares, count) in zip(norms, sums, strict=True):
        mean = (total / count).float()
        variance = (squares / count).float() - mean.square()
        with torch.no_grad():
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance.clamp(min=0))
            norm.weight.copy_((norm.running_var + norm.eps).sqrt())
            norm.bias += mean
