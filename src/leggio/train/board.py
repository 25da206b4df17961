"""Learning curves, always on: TensorBoard files, a CSV, and a PNG of the curves. In: named values. Out: files."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch.utils.tensorboard import SummaryWriter

_EVERY = 20  # steps between two points of a curve


class Board:
    """Keeps the running means of a run's values and writes them where people and programs look for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer = SummaryWriter(str(folder / "tensorboard"))
        self.sums: dict[str, float] = {}

    def add(self, step: int, values: dict[str, float], seconds: float) -> None:
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value / _EVERY
        if step % _EVERY == 0:
            self.put(step, {f"train/{name}": value for name, value in self.sums.items()})
            shown = " ".join(f"{name} {value:.4f}" for name, value in self.sums.items())
            print(f"step {step} {shown} {seconds:.0f} s", flush=True)
            self.sums.clear()

    def put(self, step: int, values: dict[str, float]) -> None:
        with (self.folder / "curves.csv").open("a", newline="") as file:
            csv.writer(file).writerows((step, name, f"{value:.6g}") for name, value in values.items())
        for name, value in values.items():
            self.writer.add_scalar(name, value, step)

    def show(self, step: int, name: str, picture: NDArray[np.uint8]) -> None:
        """Keep a picture (height, width, 3) RGB of what the net answers now."""
        self.writer.add_image(name, picture, step, dataformats="HWC")
        cv2.imwrite(str(self.folder / f"{name}.png"), picture[..., ::-1])

    def close(self) -> None:
        self.writer.close()
