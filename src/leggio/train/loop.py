"""The training loop, once for every net. In: a net, a recipe and samples. Out: checkpoints and learning curves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from leggio.train.batches import draw_batches
from leggio.train.board import Board
from leggio.train.recipe import Optimizer, Recipe, Schedule, Stage
from leggio.train.symbols import losses as symbol_losses

# A batch is a named tuple of tensors whose first is `image`; answers are whatever the net gives.
Losses = Callable[[Any, Any], dict[str, Tensor]]

_PART = 0.02  # what one step adds to the running mean of each loss
_STEEPEST = 5.0  # longest gradient that is followed in full
_MOMENTUM = 0.9  # of SGD


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run lives and what it may use.

    `watch` is called with the step and the averaged net every `Schedule.watch` steps, `say` with a line of progress.
    """

    folder: Path
    samples: Path
    workers: int = 1
    threads: int = 2
    seconds: float | None = None
    watch: Callable[[int, nn.Module, Board], None] | None = None
    say: Callable[[str], None] = lambda line: None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a net learns: endless batches from a step on, and by how much its answers to one are wrong."""

    batches: Callable[[int], Iterator[Any]]
    losses: Losses


class Training:
    """All that changes while a net learns, which is what a checkpoint keeps. Without `losses`, symbols are learned."""

    def __init__(self, net: Any, schedule: Schedule, losses: Losses | None = None) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.schedule = schedule
        self.net = net.to(self.device, memory_format=torch.channels_last)
        average = get_ema_multi_avg_fn(schedule.average)
        self.averaged = AveragedModel(self.net, multi_avg_fn=average, use_buffers=True)
        self.losses = losses or (lambda maps, batch: symbol_losses(maps, batch, net.heads))
        self.optimizer = _make_optimizer(self.net, schedule)
        self.step = 0
        self.means: dict[str, float] = {}

    def save(self, path: Path) -> None:
        """Write a checkpoint; the file appears whole or not at all."""
        part = path.with_suffix(".part")
        parts = {"net": self.net, "averaged": self.averaged, "optimizer": self.optimizer}
        states = {name: part.state_dict() for name, part in parts.items()}
        torch.save({**states, "step": self.step, "means": self.means}, part)
        part.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.means = state["step"], state["means"]

    def learn(self, batch: Any) -> dict[str, float]:
        """Take one step and give its losses.

        Each loss is divided by its running mean, as in the watershed paper, unless the schedule wants no balance. Those
        that the stage does not learn from are measured all the same.
        """
        rate = rate_at(self.step, self.schedule)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = type(batch)(*(array.to(self.device) for array in batch))
        self.net.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=_has_bfloat16(self.device)):
            maps = self.net(batch.image.to(memory_format=torch.channels_last))
        parts = self.losses(maps, batch)
        values = {name: float(part.detach()) for name, part in parts.items()}
        for name, value in values.items():
            self.means[name] = (1 - _PART) * self.means.get(name, value) + _PART * value
        stage = stage_at(self.step, self.schedule)
        scales = {name: max(self.means[name], 1e-6) if self.schedule.balance else 1.0 for name in parts}
        total = torch.stack(
            [part / scales[name] for name, part in parts.items() if _learns(stage, name)]
        ).sum()
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        nn.utils.clip_grad_norm_(self.net.parameters(), _STEEPEST)
        self.optimizer.step()
        self.averaged.update_parameters(self.net)
        self.step += 1
        return values | {"rate": rate}


def _make_optimizer(net: nn.Module, schedule: Schedule) -> torch.optim.Optimizer:
    if schedule.optimizer is Optimizer.SGD:
        return torch.optim.SGD(
            net.parameters(), schedule.rate, _MOMENTUM, weight_decay=schedule.weight_decay, nesterov=True
        )
    kind = torch.optim.AdamW if schedule.optimizer is Optimizer.ADAMW else torch.optim.RMSprop
    return kind(net.parameters(), schedule.rate, weight_decay=schedule.weight_decay)


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the device reckons in bfloat16 itself: a processor that has to imitate it takes five times as long."""
    return device.type == "cuda" or bool(
        torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    )


def rate_at(step: int, schedule: Schedule) -> float:
    """The learning rate of a step: warm up, stay, fall linearly to zero at the end."""
    rise = min(1.0, (step + 1) / schedule.warmup)
    fall = min(1.0, (schedule.steps - step) / max(1, schedule.cooldown))
    return schedule.rate * rise * max(0.0, fall)


def stage_at(step: int, schedule: Schedule) -> Stage:
    """Which losses a step learns from: all, unless the schedule has stages."""
    total, end = sum(share for _, share in schedule.stages), 0
    for stage, share in schedule.stages:
        end += share
        if step * total < end * schedule.steps:
            return stage
    return Stage.ALL


def _learns(stage: Stage, loss: str) -> bool:
    """The ink head is not the paper's but the reader's, which needs staves and stems: it learns in every stage."""
    return stage is Stage.ALL or loss in (stage.value, "ink")


def train(net: Any, recipe: Recipe, run: Run, lesson: Lesson | None = None) -> nn.Module:
    """Train `net` by its recipe, going on from the run's last checkpoint; gives the averaged net.

    Without a `lesson`, it learns symbols from crops of the run's samples.

    Stops early, with a checkpoint, after `run.seconds` or on Ctrl-C. Raises LeggioError when there are no samples.
    """
    torch.set_num_threads(run.threads)
    torch.manual_seed(recipe.seed)
    run.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = run.folder / "last.pt"
    training = Training(net, recipe.schedule, lesson.losses if lesson else None)
    if checkpoint.exists():
        training.load(checkpoint)
    board = Board(run.folder, training.step, run.say)
    try:
        batches = (
            lesson.batches(training.step)
            if lesson
            else draw_batches(run.samples, recipe, workers=run.workers, start=training.step)
        )
        _learn_all(training, batches, run, board, checkpoint)
    except KeyboardInterrupt:
        run.say("stopped; the same command goes on from here")
    training.save(checkpoint)
    board.draw()
    board.close()
    return training.averaged.module


def _learn_all(training: Training, batches: Iterator[Any], run: Run, board: Board, checkpoint: Path) -> None:
    schedule = training.schedule
    began = time.monotonic()
    while training.step < schedule.steps:
        if run.seconds is not None and time.monotonic() - began > run.seconds:
            break
        values = training.learn(next(batches))
        board.add(training.step, values, time.monotonic() - began)
        if training.step % schedule.checkpoint == 0:
            training.save(checkpoint)
        if training.step % schedule.watch == 0:
            board.draw()
            if run.watch:
                run.watch(training.step, training.averaged.module, board)
