"""One trained net: an ONNX session with its card. In: arrays. Out: arrays. No torch."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from leggio.errors import InputError
from leggio.record import from_json, to_json

CARD_KEY = "leggio.card"
WEIGHTS = Path(__file__).parent / "weights"
_NO_NET = (
    onnx_errors.Fail, onnx_errors.InvalidArgument, onnx_errors.InvalidGraph, onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
)  # fmt: skip


class Cut(StrEnum):
    """How energy is cut into symbols: at its summits, or at one height, where what hangs together is one symbol."""

    SUMMITS = "summits"
    COMPONENTS = "components"


@dataclass(frozen=True, slots=True)
class Card:
    """What a net's caller must know. `space` is the staff space in pixels that it wants, `stride` its padding.

    A net for newspapers answers `classes` as maps and asks for `views` of a page, one a channel, at a `size` (height,
    width) of its own; it has no inks and no staff space. A net for music has one view, the ink, and any size.
    `cut` is how its symbols are told apart; cards written before it was a question mean summits.
    `confidence` are knots (raw confidence of a symbol, its chance to be right); without any, raw is what is told.
    `recipe` and `measured` are JSON texts for people: how it was trained and how good it was found to be.
    """

    name: str
    classes: tuple[str, ...]
    inks: tuple[str, ...]
    space: float
    stride: int
    licence: str
    recipe: str = "{}"
    measured: str = "{}"
    cut: Cut = Cut.SUMMITS
    confidence: tuple[tuple[float, float], ...] = ()
    views: tuple[str, ...] = ("ink",)
    size: tuple[int, int] | None = None

    def to_text(self) -> str:
        return json.dumps(to_json(self))


@dataclass(frozen=True, slots=True)
class Net:
    """A net ready to run, on `at_once` pages together."""

    card: Card
    session: onnxruntime.InferenceSession
    at_once: int = 1

    def __call__(self, page: NDArray[np.float32]) -> tuple[NDArray[np.generic], ...]:
        """Run the net on (1, views, H, W) float32, ink 1 and paper 0, H and W multiples of the card's stride."""
        return tuple(self.session.run(None, {"page": page}))

    def run_each(self, pages: Sequence[NDArray[np.float32]]) -> list[tuple[NDArray[np.generic], ...]]:
        """What the net answers to each of several pages or strips of one."""
        with ThreadPoolExecutor(self.at_once) as pool:
            return list(pool.map(self, pages))


def load_net(path: Path, threads: int = 0, at_once: int = 1) -> Net:
    """Open an ONNX file with its card; `threads` 0 means one for each core. Raises InputError for any other file.

    A net that runs on pages `at_once` gives each its share of the threads: they need not wait for each other after
    every layer.
    """
    threads = threads or os.cpu_count() or 1
    at_once = min(at_once, threads)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads // at_once
    options.enable_mem_pattern = False  # it keeps memory for each size of page, 0.15 GB for one of A4
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _NO_NET as error:
        raise InputError(
            f"{path} is not a net that can be opened: install leggio anew or train one."
        ) from error
    card = session.get_modelmeta().custom_metadata_map.get(CARD_KEY)
    if card is None:
        raise InputError(f"{path} is a net without leggio's card: write it with `leggio-train export`.")
    return Net(from_json(Card, json.loads(card)), session, at_once)
