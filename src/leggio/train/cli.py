"""The command `leggio-train`. In: a recipe and a folder of samples. Out: checkpoints, curves, an ONNX file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from leggio.errors import InputError, LeggioError
from leggio.train.export import export, make_card
from leggio.train.loop import Run, Training, train
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Recipe, load_recipe
from leggio.train.symbols import CLASSES, INKS
from leggio.train.watch import Watch

app = typer.Typer(
    name="leggio-train", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Train leggio's nets.",
)  # fmt: skip


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
    with _plain_errors():
        plan = load_recipe(recipe)
        seconds = None if minutes is None else minutes * 60
        watch = Watch(samples, plan)
        train(_make_net(plan), plan, Run(run, samples, workers, threads, seconds, watch, typer.echo))
        _export_last(plan, run, run / f"{plan.name}.onnx")


@app.command(name="export")
def export_checkpoint(
    recipe: Annotated[Path, typer.Argument(help="The recipe of the run.")],
    run: Annotated[Path, typer.Option(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
) -> None:
    """Export the last checkpoint of a run, also while it is still training."""
    with _plain_errors():
        _export_last(load_recipe(recipe), run, out)


def main() -> None:
    app()


def _make_net(recipe: Recipe) -> WatershedDetector:
    return WatershedDetector(recipe.architecture, len(CLASSES), len(INKS))


def _export_last(recipe: Recipe, run: Path, out: Path) -> None:
    training = Training(_make_net(recipe), recipe.schedule)
    if not (run / "last.pt").exists():
        raise InputError(f"There is no checkpoint in {run}: train first, or name another run.")
    training.load(run / "last.pt")
    export(training.averaged.module, make_card(recipe, {"step": float(training.step)}), out)
    typer.echo(f"wrote {out}, step {training.step}")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What the user can mend ends the command with its sentence."""
    try:
        yield
    except LeggioError as error:
        typer.echo(f"leggio-train: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    main()
