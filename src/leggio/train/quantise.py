"""A net's convolutions in bytes. In: a net that `export` wrote, and pages. Out: the same net, nearly twice as fast.

Weights and what flows between convolutions become whole numbers of 7 and 8 bits: processors without VNNI add two
products in 16 bits, which 8-bit weights would overflow. The heads stay as they are: rounding them moves energy most.
How large numbers grow inside the net is seen on crops of pages, as in Jacob et al. (CVPR 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from leggio.music.maps import scale_page, to_ink
from leggio.net import load_net
from leggio.synth.sample import Sample
from leggio.train.export import write_card

_CROP = 512  # px of the net's input
_HEADS = ("/places/Conv", "/Conv", "/names.1/Conv")  # the convolutions of the heads, as torch names them
_SEED = 1


def quantise(source: Path, samples: Iterable[Sample], target: Path) -> None:
    """Write the net at `source` to `target` with convolutions in bytes; the file appears whole or not at all.

    One crop is taken of each sample. Raises InputError when the file is no net of ours.
    """
    card = load_net(source, threads=1).card
    with TemporaryDirectory() as folder:
        part = Path(folder) / "net.onnx"
        quantize_static(
            str(source), str(part), _Crops(cut_crops(samples, card.space, card.stride)),
            quant_format=QuantFormat.QDQ, op_types_to_quantize=["Conv", "Relu", "Add", "Resize"],
            per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            nodes_to_exclude=list(_HEADS), calibrate_method=CalibrationMethod.MinMax,
        )  # fmt: skip
        write_card(part, card, target)


def cut_crops(samples: Iterable[Sample], space: float, stride: int) -> Iterator[NDArray[np.float32]]:
    """A crop of each page at the staff space `space`, (1, 1, H, W), ink 1 and paper 0."""
    rng = np.random.default_rng(_SEED)
    for sample in samples:
        page = scale_page(sample.image, space / sample.truth.space, stride)
        top, left = (int(rng.integers(0, max(1, side - _CROP))) // stride * stride for side in page.shape)
        yield to_ink(page[top : top + _CROP, left : left + _CROP])


class _Crops(CalibrationDataReader):
    """Crops in the form that onnxruntime wants."""

    def __init__(self, crops: Iterator[NDArray[np.float32]]) -> None:
        self._crops = crops

    def get_next(self) -> dict[str, Any] | None:
        crop = next(self._crops, None)
        return None if crop is None else {"page": crop}
