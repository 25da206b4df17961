"""A run can be stopped at any time and goes on where it was."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from leggio.errors import LeggioError
from leggio.train.board import Board
from leggio.train.loop import Run, Training, rate_at, stage_at, train
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Optimizer, Recipe, Schedule, Stage
from leggio.train.symbols import CLASSES, INKS, Batch

SCHEDULES = st.builds(
    lambda steps, warmup, cooldown: Schedule(steps=steps, warmup=warmup, cooldown=cooldown),
    st.integers(100, 10_000),
    st.integers(1, 50),
    st.integers(0, 50),
)


def make_net(recipe: Recipe) -> WatershedDetector:
    return WatershedDetector(recipe.architecture, len(CLASSES), len(INKS))


def read_steps(folder: Path) -> list[int]:
    with (folder / "curves.csv").open() as file:
        return [int(row[0]) for row in csv.reader(file) if row[1] == "train/energy"]


def shorten(recipe: Recipe, steps: int) -> Recipe:
    return replace(recipe, schedule=replace(recipe.schedule, steps=steps))


# --- the learning rate


@given(SCHEDULES, st.floats(0, 1))
def test_the_rate_rises_stays_and_falls(schedule: Schedule, share: float) -> None:
    step = int(share * (schedule.steps - 1))
    rate, later = rate_at(step, schedule), rate_at(step + 1, schedule)
    assert 0 < rate <= schedule.rate
    if step < schedule.warmup - 1:
        assert later > rate
    elif step < schedule.steps - schedule.cooldown:
        assert rate == schedule.rate
    else:
        assert later < rate


@given(SCHEDULES)
def test_the_rate_is_nothing_when_all_steps_are_done(schedule: Schedule) -> None:
    assert rate_at(schedule.steps, schedule) == 0
    assert rate_at(schedule.steps + 10, schedule) == 0


# --- stages


def test_stages_follow_one_another_by_their_shares() -> None:
    stages = ((Stage.ENERGY, 20), (Stage.CLASS, 20), (Stage.BOX, 20), (Stage.ENERGY, 10), (Stage.ALL, 30))
    schedule = Schedule(steps=1000, stages=stages)
    seen = {step: stage_at(step, schedule).value for step in (0, 199, 200, 399, 400, 599, 600, 699, 700, 999)}
    assert list(seen.values()) == ["energy"] * 2 + ["class"] * 2 + ["box"] * 2 + ["energy"] * 2 + ["all"] * 2
    assert stage_at(1000, schedule) is Stage.ALL
    assert stage_at(0, Schedule()) is Stage.ALL


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_moves_its_own_head_and_the_ink_only(stage: Stage, paper: Recipe, batch: Batch) -> None:
    net = WatershedDetector(paper.architecture, len(CLASSES), len(INKS), paper.heads)
    schedule = replace(paper.schedule, optimizer=Optimizer.RMSPROP, stages=((stage, 1),))
    places, names = net.places.weight.detach().clone(), net.names[-1].weight.detach().clone()
    training = Training(net, schedule)
    values = [training.learn(batch) for _ in range(2)][-1]
    levels = paper.heads.energy_levels
    moved = {
        "energy": not torch.equal(places[:levels], net.places.weight[:levels]),
        "ink": not torch.equal(places[levels:], net.places.weight[levels:]),
        "class": not torch.equal(names[:-2], net.names[-1].weight[:-2]),
        "box": not torch.equal(names[-2:], net.names[-1].weight[-2:]),
    }
    wanted = set(moved) if stage is Stage.ALL else {stage.value, "ink"}
    assert {name for name, has_moved in moved.items() if has_moved} == wanted
    assert {"energy", "class", "box", "ink"} <= set(values)  # all are measured


# --- stopping and going on


def test_going_on_from_a_checkpoint_is_as_if_nothing_had_happened(
    recipe: Recipe, batch: Batch, tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    straight = Training(make_net(recipe), recipe.schedule)
    for _ in range(3):
        straight.learn(batch)
    straight.save(tmp_path / "last.pt")
    resumed = Training(make_net(recipe), recipe.schedule)
    resumed.load(tmp_path / "last.pt")
    assert resumed.step == 3
    assert resumed.means == straight.means
    assert [straight.learn(batch) for _ in range(2)] == [resumed.learn(batch) for _ in range(2)]
    for one, other in zip(
        straight.averaged.state_dict().values(), resumed.averaged.state_dict().values(), strict=True
    ):
        assert torch.equal(one, other)


def test_a_run_that_is_stopped_goes_on_at_its_next_step(
    recipe: Recipe, samples: Path, tmp_path: Path
) -> None:
    seen: list[int] = []

    def stop(step: int, net: nn.Module, board: Board) -> None:
        seen.append(step)
        raise KeyboardInterrupt

    folder = tmp_path / "run"
    lines: list[str] = []
    train(make_net(recipe), recipe, Run(folder, samples, workers=0, threads=1, watch=stop, say=lines.append))
    assert seen == [5]
    assert torch.load(folder / "last.pt", weights_only=True)["step"] == 5
    assert "goes on" in lines[-1]
    train(make_net(recipe), shorten(recipe, 20), Run(folder, samples, workers=0, threads=1, say=lines.append))
    assert torch.load(folder / "last.pt", weights_only=True)["step"] == 20
    assert read_steps(folder) == [20]
    assert lines[-1].startswith("step 20 ")


def test_a_run_stops_when_its_time_is_over(recipe: Recipe, samples: Path, tmp_path: Path) -> None:
    train(make_net(recipe), recipe, Run(tmp_path / "run", samples, workers=0, threads=1, seconds=0.0))
    assert torch.load(tmp_path / "run" / "last.pt", weights_only=True)["step"] == 0


def test_a_run_that_is_done_does_not_learn_more(recipe: Recipe, samples: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run", samples, workers=0, threads=1)
    first = train(make_net(recipe), shorten(recipe, 3), run)
    again = train(make_net(recipe), shorten(recipe, 3), run)
    assert torch.load(run.folder / "last.pt", weights_only=True)["step"] == 3
    for one, other in zip(first.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_checkpoints_are_written_on_the_way(
    recipe: Recipe, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []
    save = Training.save

    def note(training: Training, path: Path) -> None:
        saved.append(training.step)
        save(training, path)

    monkeypatch.setattr(Training, "save", note)
    train(make_net(recipe), shorten(recipe, 7), Run(tmp_path / "run", samples, workers=0, threads=1))
    assert saved == [3, 6, 7]
    assert not list((tmp_path / "run").glob("*.part"))


def test_crops_can_be_cut_by_a_process_of_their_own(recipe: Recipe, samples: Path, tmp_path: Path) -> None:
    train(make_net(recipe), shorten(recipe, 2), Run(tmp_path / "run", samples, workers=1, threads=1))
    assert torch.load(tmp_path / "run" / "last.pt", weights_only=True)["step"] == 2


def test_training_without_samples_says_how_to_make_some(recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(LeggioError, match="leggio synth music"):
        train(make_net(recipe), recipe, Run(tmp_path / "run", tmp_path, workers=0, threads=1))
