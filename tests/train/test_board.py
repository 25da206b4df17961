"""The curves of a run are whole, also when it was stopped and went on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leggio.train.board import Board
from leggio.train.curves import draw_curves


def read_rows(folder: Path) -> list[list[str]]:
    return [line.split(",") for line in (folder / "curves.csv").read_text().splitlines()]


def fill(board: Board, first: int, last: int) -> None:
    for step in range(first, last + 1):
        board.add(step, {"energy": float(step), "rate": 0.5}, 1.0)


def test_a_point_is_the_mean_of_the_steps_before_it(tmp_path: Path) -> None:
    lines: list[str] = []
    board = Board(tmp_path, say=lines.append)
    fill(board, 1, 40)
    board.close()
    assert read_rows(tmp_path) == [
        ["20", "train/energy", "10.5"], ["20", "train/rate", "0.5"],
        ["40", "train/energy", "30.5"], ["40", "train/rate", "0.5"],
    ]  # fmt: skip
    assert lines[0] == "step 20 energy 10.5000 rate 0.5000 1 s"


def test_a_run_that_goes_on_in_mid_interval_still_takes_the_mean(tmp_path: Path) -> None:
    board = Board(tmp_path, step=30)
    fill(board, 31, 40)
    board.close()
    assert read_rows(tmp_path)[0] == ["40", "train/energy", "35.5"]


def test_what_was_written_beyond_the_checkpoint_is_dropped(tmp_path: Path) -> None:
    board = Board(tmp_path)
    fill(board, 1, 60)
    board.close()
    board = Board(tmp_path, step=45)
    fill(board, 46, 60)
    board.close()
    steps = [int(row[0]) for row in read_rows(tmp_path) if row[1] == "train/energy"]
    assert steps == [20, 40, 60]
    assert read_rows(tmp_path)[-2] == ["60", "train/energy", "53"]


def test_curves_and_pictures_are_written(tmp_path: Path) -> None:
    board = Board(tmp_path)
    fill(board, 1, 40)
    board.draw()
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[..., 0] = 200  # red
    board.show(40, "answers", picture)
    board.close()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"curves.csv", "curves.png", "answers.png", "tensorboard"}
    with Image.open(tmp_path / "answers.png") as answers:
        assert answers.getpixel((0, 0)) == (200, 0, 0)
    events = list((tmp_path / "tensorboard").glob("events.out.tfevents*"))
    assert events
    assert b"train/energy" in events[0].read_bytes()


@pytest.mark.parametrize(
    "curves",
    [
        {},
        {"energy": []},
        {"energy": [(1, 0.5)]},
        {"energy": [(20, 0.0), (40, 0.0)]},
        {
            name: [(step, 10.0 / step) for step in range(1, 5000, 20)]
            for name in ("energy", "ink", "class", "box")
        },
    ],
)
def test_any_curves_can_be_drawn(curves: dict[str, list[tuple[int, float]]]) -> None:
    picture = draw_curves(curves)
    assert picture.shape == (600, 1000, 3)
    assert (picture < 255).any()


def test_a_loss_that_falls_is_drawn_falling() -> None:
    picture = draw_curves({"energy": [(0, 1.0), (100, 0.1)]})[80:540, 95:960].astype(int)
    rows, columns = np.nonzero(picture[..., 0] - picture[..., 2] > 100)
    assert rows[columns < 100].mean() < rows[columns > 760].mean() - 200
