"""Learning curves, always on. In: named values. Out, in the run's folder: `curves.csv`, `curves.png`, pictures of what
the net answers, and the same for TensorBoard in `tensorboard/`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch.utils.tensorboard import SummaryWriter

from leggio.files import write_whole
from leggio.train.curves import Curves, draw_curves

_EVERY = 20  # steps between two points of a curve
_TRAINED = "train/"
_NO_LOSSES = ("rate",)  # values of a step that are no losses


class Board:
    """Keeps the running means of a run's values and writes them where people and programs look for them.

    `step` is where the run goes on: what an earlier try wrote beyond its last checkpoint is dropped.
    """

    def __init__(self, folder: Path, step: int = 0, say: Callable[[str], None] = lambda line: None) -> None:
        self.folder = folder
        self.say = say
        self.writer = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1)
        self.values: dict[str, list[float]] = {}
        self._table = folder / "curves.csv"
        self._rows = [row for row in _read_rows(self._table) if row[0] <= step]
        write_whole(self._table, _write_rows(self._rows))

    def add(self, step: int, values: Mapping[str, float], seconds: float) -> None:
        """Take in the values of one step; every so often their means become points of the curves."""
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)
        if step % _EVERY == 0:
            means = {name: sum(kept) / len(kept) for name, kept in self.values.items()}
            self.put(step, {f"{_TRAINED}{name}": mean for name, mean in means.items()})
            shown = " ".join(f"{name} {mean:.4f}" for name, mean in means.items())
            self.say(f"step {step} {shown} {seconds:.0f} s")
            self.values.clear()

    def put(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to each of the named curves."""
        rows = [(step, name, value) for name, value in values.items()]
        self._rows += rows
        with self._table.open("ab") as file:
            file.write(_write_rows(rows))
        for name, value in values.items():
            self.writer.add_scalar(name, value, step)

    def draw(self) -> None:
        """Draw the losses so far into `curves.png`."""
        curves: Curves = {}
        for step, name, value in self._rows:
            if name.startswith(_TRAINED) and name.removeprefix(_TRAINED) not in _NO_LOSSES:
                curves.setdefault(name.removeprefix(_TRAINED), []).append((step, value))
        self._save("curves", draw_curves(curves))

    def show(self, step: int, name: str, picture: NDArray[np.uint8]) -> None:
        """Keep a picture (height, width, 3) RGB of what the net is now."""
        self.writer.add_image(name, picture, step, dataformats="HWC")
        self._save(name, picture)

    def close(self) -> None:
        self.writer.close()

    def _save(self, name: str, picture: NDArray[np.uint8]) -> None:
        _, coded = cv2.imencode(".png", picture[..., ::-1])
        write_whole(self.folder / f"{name}.png", coded.tobytes())


def _write_rows(rows: Iterable[tuple[int, str, float]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows((step, name, f"{value:.6g}") for step, name, value in rows)
    return text.getvalue().encode()


def _read_rows(path: Path) -> list[tuple[int, str, float]]:
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [(int(step), name, float(value)) for step, name, value in csv.reader(file)]
