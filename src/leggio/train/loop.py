"""The training loop, once for every net. In: a recipe and samples. Out: checkpoints, curves and an ONNX file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from leggio.train.batches import batches
from leggio.train.board import Board
from leggio.train.recipe import Recipe, Schedule
from leggio.train.symbols import Batch, losses


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run lives and what it may use. `watch` is called with the step and the averaged net."""

    folder: Path
    samples: Path
    workers: int = 1
    threads: int = 2
    seconds: float | None = None
    watch: Callable[[int, nn.Module, Board], None] | None = None


def rate_at(step: int, schedule: Schedule) -> float:
    """The learning rate of a step: warm up, stay, fall linearly to zero at the end."""
    rise = min(1.0, (step + 1) / schedule.warmup)
    fall = min(1.0, (schedule.steps - step) / max(1, schedule.cooldown))
    return schedule.rate * rise * max(0.0, fall)


def train(net: nn.Module, recipe: Recipe, run: Run) -> nn.Module:
    """Train `net` by its recipe, going on from the run's last checkpoint; gives the averaged net.

    Stops early, with a checkpoint, after `run.seconds` or on Ctrl-C.
    """
    torch.set_num_threads(run.threads)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device, memory_format=torch.channels_last)
    schedule = recipe.schedule
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(schedule.average), use_buffers=True)
    optimizer = torch.optim.AdamW(net.parameters(), schedule.rate, weight_decay=schedule.weight_decay)
    run.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = run.folder / "last.pt"
    step, means = 0, dict[str, float]()
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimizer.load_state_dict(state["optimizer"])
        step, means = state["step"], state["means"]
    board = Board(run.folder)

    def save() -> None:
        part = checkpoint.with_suffix(".part")
        state = {
            "net": net.state_dict(),
            "averaged": averaged.state_dict(),
            "optimizer": optimizer.state_dict(),
        }
        torch.save({**state, "step": step, "means": means}, part)
        os.replace(part, checkpoint)

    began = time.monotonic()
    try:
        for batch in batches(run.samples, recipe, workers=run.workers, start=step):
            if step >= schedule.steps or (run.seconds and time.monotonic() - began > run.seconds):
                break
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, schedule)
            values = _learn(net, optimizer, Batch(*(x.to(device) for x in batch)), means, device)
            averaged.update_parameters(net)
            step += 1
            board.add(step, values | {"rate": optimizer.param_groups[0]["lr"]}, time.monotonic() - began)
            if step % schedule.checkpoint == 0:
                save()
            if run.watch and step % schedule.watch == 0:
                run.watch(step, averaged.module, board)
    except KeyboardInterrupt:
        pass
    save()
    board.close()
    return averaged.module


def _learn(
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    means: dict[str, float],
    device: torch.device,
) -> dict[str, float]:
    """One step; each loss is divided by its running mean, as in the paper, so that none outweighs the others."""
    net.train()
    with torch.autocast(device.type, torch.bfloat16):
        maps = net(batch.image.to(memory_format=torch.channels_last))
    parts = losses(maps, batch)
    values = {name: float(part.detach()) for name, part in parts.items()}
    for name, value in values.items():
        means[name] = 0.98 * means.get(name, value) + 0.02 * value
    total = torch.stack([part / max(means[name], 1e-6) for name, part in parts.items()]).sum()
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(total)
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimizer.step()
    return values
