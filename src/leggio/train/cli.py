"""The command `leggio-train`. In: a recipe and a folder of samples. Out: checkpoints, curves, an ONNX file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from leggio.errors import InputError, LeggioError
from leggio.news.regions import OFFSETS
from leggio.synth.sample import find_samples, load_sample
from leggio.train.batches import draw_batches
from leggio.train.calibrate import calibrate
from leggio.train.export import (
    export,
    export_news,
    export_print,
    make_card,
    make_news_card,
    make_print_card,
)
from leggio.train.loop import Run, Training, train
from leggio.train.nets import WatershedDetector
from leggio.train.news_found import find_pages_again
from leggio.train.news_links_run import average_runs, learn_links
from leggio.train.news_nets import News2017, NewsNet, PrintNet
from leggio.train.news_pages import make_lesson
from leggio.train.news_print import make_print_lesson
from leggio.train.news_watch import NewsWatch, PrintWatch
from leggio.train.quantise import quantise
from leggio.train.recipe import Kind, Recipe, load_recipe
from leggio.train.start import start_from
from leggio.train.symbols import CLASSES, INKS
from leggio.train.watch import Watch

_MEASURED = 6  # batches that a started net's norms are measured on

app = typer.Typer(
    name="leggio-train", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Train leggio's nets.",
)  # fmt: skip

RecipeFile = Annotated[Path, typer.Argument(help="The recipe, a TOML file.")]
RunFolder = Annotated[Path, typer.Option(help="Where the run lives; an unfinished one goes on.")]
NewsSamples = Annotated[
    Path | None, typer.Option(help="A folder of newspaper pages; without one, all pages are sampled.")
]
Minutes = Annotated[float | None, typer.Option(help="Stop, with a checkpoint, after so long.")]
PageWorkers = Annotated[int, typer.Option(help="Processes that draw pages.")]
Threads = Annotated[int, typer.Option(help="Threads that train.")]


@app.command()
def symbols(
    recipe: RecipeFile,
    samples: Annotated[Path, typer.Option(help="A folder that `leggio synth music` wrote.")],
    run: RunFolder,
    minutes: Minutes = None,
    start: Annotated[
        Path | None, typer.Option(help="An ONNX file of this architecture that a new run begins from.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that cut crops.")] = 1,
    threads: Threads = 2,
) -> None:
    """Train the symbol detector, or go on with it, and export what it is now."""
    with _plain_errors():
        plan = _load_plan(recipe, Kind.SYMBOLS)
        watch = Watch(samples, plan)
        net = WatershedDetector(plan.architecture, len(CLASSES), len(INKS), plan.heads)
        if start is not None and not (run / "last.pt").exists():
            names = tuple(kind.value for kind in CLASSES)
            batches = draw_batches(samples, plan, workers=0)
            start_from(
                net, start, names, INKS, (batch.image for batch in itertools.islice(batches, _MEASURED))
            )
            typer.echo(f"beginning from {start}")
        settings = replace(_plan_run(run, workers, threads, minutes), samples=samples, watch=watch)
        train(net, plan, settings)
        _export_last(plan, run, run / f"{plan.name}.onnx")


@app.command()
def news(
    recipe: RecipeFile,
    run: RunFolder,
    samples: NewsSamples = None,
    minutes: Minutes = None,
    workers: PageWorkers = 1,
    threads: Threads = 2,
) -> None:
    """Train today's net for newspapers, or go on with it, and export what it is now."""
    _learn_news(recipe, Kind.NEWS, samples, _plan_run(run, workers, threads, minutes))


@app.command(name="news-2017")
def news_2017(
    recipe: RecipeFile,
    run: RunFolder,
    samples: NewsSamples = None,
    minutes: Minutes = None,
    workers: PageWorkers = 1,
    threads: Threads = 2,
) -> None:
    """Train the network of Meier et al. (ICDAR 2017), or go on with it, and export what it is now."""
    _learn_news(recipe, Kind.NEWS_2017, samples, _plan_run(run, workers, threads, minutes))


@app.command(name="news-print")
def news_print(
    recipe: RecipeFile,
    samples: Annotated[Path, typer.Option(help="A folder of typeset newspaper pages with their pictures.")],
    run: RunFolder,
    minutes: Minutes = None,
    workers: PageWorkers = 1,
    threads: Threads = 2,
) -> None:
    """Train the net that sees lines, gutters and rules of newspapers, or go on with it, and export what it is now."""
    with _plain_errors():
        plan = _load_plan(recipe, Kind.NEWS_PRINT)
        lesson = make_print_lesson(plan, samples, workers)
        settings = replace(_plan_run(run, workers, threads, minutes), watch=PrintWatch(samples, plan))
        train(PrintNet(plan.architecture), plan, settings, lesson)
        _export_last(plan, run, run / f"{plan.name}.onnx")


@app.command(name="news-links")
def news_links(
    recipe: RecipeFile,
    run: RunFolder,
    samples: NewsSamples = None,
    minutes: Minutes = None,
    start: Annotated[
        Path | None, typer.Option(help="The folder of another run, whose net a new run begins from.")
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="A newspaper among the samples that teaches nothing; may be repeated."),
    ] = None,
    found: Annotated[
        Path | None, typer.Option(help="A folder of pages as the reader finds them, from news-found.")
    ] = None,
    threads: Threads = 2,
) -> None:
    """Train the net that links blocks of newspapers to articles, or go on with it, and export what it is now."""
    with _plain_errors():
        plan = _load_plan(recipe, Kind.NEWS_LINKS)
        settings = _plan_run(run, 0, threads, minutes)
        typer.echo(f"wrote {learn_links(plan, samples, settings, start, leave_out or (), found=found)}")


@app.command(name="news-links-mean")
def news_links_mean(
    recipe: Annotated[Path, typer.Argument(help="The recipe of the runs.")],
    runs: Annotated[
        list[Path], typer.Argument(help="Folders of runs that began from one another, or the same one.")
    ],
    out: Annotated[
        Path, typer.Option(help="The folder for the net and its weights, which another run may start from.")
    ],
) -> None:
    """Export the mean of the weights of several runs of news-links: as good as asking all, at the price of one."""
    with _plain_errors():
        typer.echo(f"wrote {average_runs(_load_plan(recipe, Kind.NEWS_LINKS), runs, out)}")


@app.command(name="quantise")
def quantise_net(
    source: Annotated[Path, typer.Argument(help="The ONNX file of a net for music.")],
    samples: Annotated[
        Path, typer.Argument(help="A folder of samples; a crop of some of them is looked at.")
    ],
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
    pages: Annotated[int, typer.Option(help="How many samples.", min=1)] = 48,
) -> None:
    """Write a net anew with convolutions in bytes: a quarter of the size, about half of the time."""
    with _plain_errors():
        quantise(source, map(load_sample, find_samples(samples)[:pages]), out)
        typer.echo(f"wrote {out}")


@app.command(name="news-found")
def news_found(
    samples: Annotated[Path, typer.Argument(help="A folder of newspaper pages with pictures and truth.")],
    out: Annotated[Path, typer.Option(help="The folder to write into; a broken run goes on.")],
) -> None:
    """Write pages anew with the blocks that the reader finds in their pictures, for news-links to learn from."""
    with _plain_errors():
        found = sum(page is not None for page in find_pages_again(samples, out))
        typer.echo(f"wrote {found} pages to {out}")


@app.command(name="export")
def export_checkpoint(
    recipe: Annotated[Path, typer.Argument(help="The recipe of the run.")],
    run: Annotated[Path, typer.Option(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
) -> None:
    """Export the last checkpoint of a run, also while it is still training."""
    with _plain_errors():
        _export_last(load_recipe(recipe), run, out)


@app.command(name="calibrate")
def calibrate_net(
    net: Annotated[Path, typer.Argument(help="The ONNX file, whose card is written anew.")],
    samples: Annotated[Path, typer.Option(help="Samples that the net has not learned from.")],
    aged: Annotated[
        bool,
        typer.Option("--aged/--as-is", help="Lay the pages askew and age them, or take them as they are."),
    ] = True,
) -> None:
    """Measure how often the net is right at each confidence, and let it tell that instead of the raw one."""
    with _plain_errors():
        card = calibrate(net, (load_sample(path) for path in find_samples(samples)), aged=aged)
        typer.echo(
            f"wrote {net}: " + ", ".join(f"{raw:.2f} > {chance:.2f}" for raw, chance in card.confidence)
        )


def main() -> None:
    app()


def _load_plan(path: Path, kind: Kind) -> Recipe:
    plan = load_recipe(path)
    if plan.net is not kind:
        raise InputError(
            f"{path} is a recipe for another net: train it with `leggio-train {plan.net} {path}`."
        )
    return plan


def _plan_run(folder: Path, workers: int, threads: int, minutes: float | None) -> Run:
    return Run(folder, folder, workers, threads, None if minutes is None else minutes * 60, say=typer.echo)


def _learn_news(recipe: Path, kind: Kind, samples: Path | None, run: Run) -> None:
    """Train a net that looks at newspaper pages, and export it."""
    with _plain_errors():
        plan = _load_plan(recipe, kind)
        lesson = make_lesson(plan, samples, run.workers)
        train(_make_news_net(plan), plan, replace(run, watch=NewsWatch(plan)), lesson)
        _export_last(plan, run.folder, run.folder / f"{plan.name}.onnx")


def _make_news_net(plan: Recipe) -> NewsNet | News2017:
    return NewsNet(plan.architecture, len(OFFSETS)) if plan.net is Kind.NEWS else News2017()


def _export_last(recipe: Recipe, run: Path, out: Path) -> None:
    if not (run / "last.pt").exists():
        raise InputError(f"There is no checkpoint in {run}: train first, or name another run.")
    if recipe.net is Kind.NEWS_LINKS:
        raise InputError("A run of news-links exports by itself: its file lies in the run's folder.")
    if recipe.net is Kind.SYMBOLS:
        detector = WatershedDetector(recipe.architecture, len(CLASSES), len(INKS), recipe.heads)
        training = Training(detector, recipe.schedule)
        training.load(run / "last.pt")
        export(training.averaged.module, make_card(recipe, {"step": float(training.step)}), out)
    elif recipe.net is Kind.NEWS_PRINT:
        training = Training(PrintNet(recipe.architecture), recipe.schedule)
        training.load(run / "last.pt")
        export_print(training.averaged.module, make_print_card(recipe, {"step": float(training.step)}), out)
    else:
        training = Training(_make_news_net(recipe), recipe.schedule)
        training.load(run / "last.pt")
        export_news(training.averaged.module, make_news_card(recipe, {"step": float(training.step)}), out)
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
