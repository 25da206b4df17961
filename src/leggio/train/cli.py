"""The command `leggio-train`. In: a recipe and a folder of samples. Out: checkpoints, curves, an ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from leggio.train.export import export, make_card
from leggio.train.loop import Run, train
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import load_recipe
from leggio.train.symbols import CLASSES, INKS

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Train leggio's nets.")


@app.command()
def symbols(
    recipe: Annotated[Path, typer.Argument(help="The recipe, a TOML file.")],
    samples: Annotated[Path, typer.Option(help="A folder that `leggio synth music` wrote.")],
    run: Annotated[Path, typer.Option(help="Where the run lives; an unfinished one goes on.")],
    minutes: Annotated[float | None, typer.Option(help="Stop, with a checkpoint, after so long.")] = None,
    workers: Annotated[int, typer.Option(help="Processes that cut crops.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads that train.")] = 2,
) -> None:
    """Train the symbol detector, or go on with it, and export what it is now."""
    plan = load_recipe(recipe)
    net = WatershedDetector(plan.architecture, len(CLASSES), len(INKS))
    seconds = minutes * 60 if minutes else None
    averaged = train(net, plan, Run(run, samples, workers, threads, seconds))
    export(averaged, make_card(plan, {}), run / f"{plan.name}.onnx")
    typer.echo(f"wrote {run / plan.name}.onnx")


@app.command(name="export")
def export_checkpoint(
    recipe: Annotated[Path, typer.Argument(help="The recipe of the run.")],
    run: Annotated[Path, typer.Option(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
) -> None:
    """Export the last checkpoint of a run, also while it is still training."""
    plan = load_recipe(recipe)
    net = WatershedDetector(plan.architecture, len(CLASSES), len(INKS))
    averaged = torch.optim.swa_utils.AveragedModel(net)
    state = torch.load(run / "last.pt", map_location="cpu", weights_only=True)
    averaged.load_state_dict(state["averaged"])
    export(averaged.module, make_card(plan, {"step": float(state["step"])}), out)
    typer.echo(f"wrote {out}, step {state['step']}")


def main() -> None:
    app()
