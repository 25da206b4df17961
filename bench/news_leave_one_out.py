"""How well the net for links finds the articles of a newspaper that it did not learn from.

python bench/news_leave_one_out.py ../shared/data/news-dev --start runs/news-links-start --json left-out.json

For each newspaper of a folder a net learns by the recipe from all others, begun from a run that saw synthetic pages
alone. Then the shipped reader groups the true blocks of that newspaper's pages, told their kinds and not told them.
A newspaper whose run is done is not learned again, a run that was stopped goes on. `--card FILE` writes the means,
and a scale of confidence fitted on these pages, into the card of a net made alike:
RUNS/without-BLB-EZR/news-links.onnx is one, and what ships.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from leggio.evaluate.blocks import Blocks
from leggio.evaluate.calibrate import fit_scale
from leggio.evaluate.news import Case, NewsReport, PageRow, find_pages, group_true_blocks
from leggio.evaluate.news_metrics import count_page
from leggio.evaluate.origin import commit, machine
from leggio.net import Net, load_net
from leggio.news.articles import group
from leggio.train.export import write_card
from leggio.train.loop import Run
from leggio.train.news_links_pages import Shown
from leggio.train.news_links_run import find_outcomes, learn_links, read_step
from leggio.train.recipe import load_recipe

# Of these two whole pages or sections are marked as one article, which is wrong elsewhere. One net measures both.
NEVER_TAUGHT = ("BLB", "EZR")
WAYS = (Blocks.TRUTH, Blocks.BARE)

Outcomes = list[tuple[float, bool]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", type=Path, default=Path("recipes/news-links.toml"))
    parser.add_argument("--start", type=Path, required=True, help="the run that saw synthetic pages alone")
    parser.add_argument(
        "--found", type=Path, help="pages as the reader finds them, from leggio-train news-found"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs/news-left-out"), help="where the runs live")
    parser.add_argument("--only", nargs="*", help="newspapers; without, all")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where the figures go, after each newspaper")
    parser.add_argument("--card", type=Path, help="a net whose card takes means and scale")
    options = parser.parse_args()
    cases = find_pages(options.folder)
    papers = options.only or sorted({case.newspaper for case in cases})
    rows: dict[Blocks, list[PageRow]] = {way: [] for way in WAYS}
    outcomes: Outcomes = []
    pool: list[Shown] = []
    for paper in papers:
        began = process_time()
        net = learn_without(paper, options, pool)
        if net is None:
            return
        pages = [case for case in cases if case.newspaper == paper]
        for way in WAYS:
            rows[way] += measure(net, pages, way)
            show(paper, NewsReport(way, tuple(r for r in rows[way] if r.newspaper == paper)))
        outcomes += find_outcomes(net, (case.truth for case in pages))
        print(f"  {process_time() - began:.0f} s of processor time", flush=True)
        if options.json:
            options.json.write_text(json.dumps(tell(rows, outcomes), indent=1) + "\n")
    for way in WAYS:
        show("mean", NewsReport(way, tuple(rows[way])))
    if options.card:
        told = tell(rows, outcomes)
        measured = {"leave_one_newspaper_out": {way.value: told[way.value]["mean"] for way in WAYS}}
        shipped = load_net(options.card).card
        kept = {**json.loads(shipped.measured), **measured}
        card = replace(shipped, confidence=fit_scale(outcomes), measured=json.dumps(kept))
        write_card(options.card, card, options.card)


def learn_without(paper: str, options: argparse.Namespace, pool: list[Shown]) -> Net | None:
    """A net that has not seen a newspaper, or None where it was stopped before its end."""
    recipe = load_recipe(options.recipe)
    named = "-".join(NEVER_TAUGHT) if paper in NEVER_TAUGHT else paper
    folder = options.runs / f"without-{named}"
    run = Run(folder, options.folder, threads=options.threads, say=lambda line: None)
    file = learn_links(
        recipe, options.folder, run, options.start, {paper, *NEVER_TAUGHT}, pool, options.found
    )
    if (step := read_step(folder)) < recipe.schedule.steps:
        print(f"{paper}: stopped at step {step}; the same command goes on from here")
        return None
    return load_net(file, options.threads)


def measure(net: Net, cases: Sequence[Case], way: Blocks) -> list[PageRow]:
    reader = group_true_blocks(partial(group, regions=None, net=net), way)
    rows = []
    for case in cases:
        began = perf_counter()
        layout, articles = reader(case)
        seconds = perf_counter() - began
        rows.append(PageRow(case.name, case.newspaper, count_page(case.truth, layout, articles), seconds))
    return rows


def show(name: str, report: NewsReport) -> None:
    s = report.mean
    print(
        f"{name:32} {report.blocks.value:6} AS {s.as_f1:.3f}  B3 {s.b3:.3f}  DER {s.der:.3f}  "
        f"complete {s.completeness:.3f}  ARI {s.ari:.3f}",
        flush=True,
    )


def tell(rows: dict[Blocks, list[PageRow]], outcomes: Outcomes) -> dict[str, dict[str, object]]:
    """What the JSON file holds: a report each way, and the scale of confidence."""
    reports = {
        way.value: json.loads(NewsReport(way, tuple(rows[way]), commit(), machine()).to_json())
        for way in WAYS
    }
    return {**reports, "confidence": {"scale": fit_scale(outcomes) if outcomes else ()}}


if __name__ == "__main__":
    main()
