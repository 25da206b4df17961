"""What rare signs in margins teach: `python bench/margins.py BARE STREWN TEST --run FOLDER` trains twice and measures.

BARE and STREWN are the same pages of `leggio synth music`, with `--strewn 0` and without that option; TEST are other
pages, aged, of music that holds rare signs where they stand in music. Both nets begin from the one that ships, which is
made to forget the names of the rarest classes of BARE: those it has to learn anew, from the pages of its side alone.
(Its places and features stay, and they knew such signs from margins: the side without margins has that for nothing.)
A broken run goes on where it stopped. Results go to bench/results/margins.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from leggio.evaluate.detect import FEWEST, DetectReport
from leggio.evaluate.detect_sets import choose_nets, open_set
from leggio.evaluate.origin import commit, machine
from leggio.files import write_whole
from leggio.net import WEIGHTS, load_net
from leggio.synth.sample import list_samples
from leggio.train.batches import draw_batches
from leggio.train.export import export, make_card, write_card
from leggio.train.loop import Run, train
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Recipe, load_recipe
from leggio.train.start import start_from
from leggio.train.symbols import CLASSES, INKS

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "bench" / "results" / "margins.json"
RAREST = 30
_RATE = 5e-4  # a net that has learned loses its places at the 2e-3 at which a new one begins
_FORGOTTEN = "forgotten "  # before the name of a class on the card: a class that no net of ours has


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bare", type=Path)
    parser.add_argument("strewn", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="where both runs live")
    parser.add_argument("--side", choices=["bare", "strewn"], help="train this side alone, measure nothing")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--crop", type=int, default=256, help="pixels")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    bare, tested = count_classes(options.bare), count_classes(options.test)
    rarest = choose_rarest(bare, tested)
    start = options.run / "start.onnx"
    if not start.exists():
        forget(WEIGHTS / "symbols.onnx", set(rarest), start)
    sides = {"bare": options.bare, "strewn": options.strewn}
    for side in [options.side] if options.side else sides:
        learn(sides[side], options, options.run / side, start)
    if not options.side:
        reports = {side: measure(options.test, options.run / f"{side}.onnx") for side in sides}
        counts = {"bare": bare, "strewn": count_classes(options.strewn), "test": tested}
        report(reports, rarest, counts, options)


def count_classes(folder: Path) -> Counter[str]:
    return Counter(
        symbol["kind"] for path in list_samples(folder) for symbol in json.loads(path.read_text())["symbols"]
    )


def choose_rarest(bare: Counter[str], tested: Counter[str]) -> list[str]:
    """The classes that music alone shows least, yet at least once, of those that the test can judge."""
    known = [name for name in bare if bare[name] and tested[name] >= FEWEST]
    return sorted(known, key=lambda name: (bare[name], name))[:RAREST]


def forget(source: Path, names: set[str], target: Path) -> None:
    card = load_net(source).card
    classes = tuple(_FORGOTTEN + name if name in names else name for name in card.classes)
    write_card(source, replace(card, classes=classes, confidence=()), target)


def plan_run(options: argparse.Namespace) -> Recipe:
    plan = load_recipe(ROOT / "recipes" / "symbols.toml")
    schedule = replace(
        plan.schedule, steps=options.steps, warmup=options.steps // 10, cooldown=options.steps * 2 // 3,
        rate=_RATE, checkpoint=20, watch=10 * options.steps, average=0.98,
    )  # fmt: skip
    return replace(plan, crops=replace(plan.crops, size=options.crop), schedule=schedule)


def learn(samples: Path, options: argparse.Namespace, run: Path, start: Path) -> None:
    plan = plan_run(options)
    net = WatershedDetector(plan.architecture, len(CLASSES), len(INKS), plan.heads)
    if not (run / "last.pt").exists():
        batches = itertools.islice(draw_batches(samples, plan, workers=0), 6)
        start_from(
            net, start, tuple(kind.value for kind in CLASSES), INKS, (batch.image for batch in batches)
        )
    averaged = train(net, plan, Run(run, samples, 1, options.threads, None, None, print))
    assert isinstance(averaged, WatershedDetector)
    export(averaged, make_card(plan, {"step": float(options.steps)}), run.with_suffix(".onnx"))


def measure(test: Path, net: Path) -> DetectReport:
    pages = open_set(str(test), test)
    found = pages.measure(choose_nets(str(test), net), lambda *_: None)
    assert isinstance(found, DetectReport)
    return found


def report(
    reports: dict[str, DetectReport],
    rarest: list[str],
    counts: dict[str, Counter[str]],
    options: argparse.Namespace,
) -> None:
    scores = {
        side: {score.name: score.average_precision for score in found.result.classes}
        for side, found in reports.items()
    }
    print(f"{'class':28} {'bare':>7} {'strewn':>7} {'test':>5}   AP bare  AP strewn")
    for name in rarest:
        print(
            f"{name:28} {counts['bare'][name]:7} {counts['strewn'][name]:7} {counts['test'][name]:5}"
            f"   {scores['bare'].get(name) or 0:7.3f}  {scores['strewn'].get(name) or 0:9.3f}"
        )
    means = {side: fmean(scores[side].get(name) or 0.0 for name in rarest) for side in scores}
    print(f"mAP@.5 of the {len(rarest)} rarest: bare {means['bare']:.3f}, strewn {means['strewn']:.3f}")
    for side, found in reports.items():
        print(f"mAP@.5 of all classes, {side}: {found.map50}")
    content = {
        "steps": options.steps, "crop": options.crop, "rarest": {
            name: {
                "bare": counts["bare"][name], "strewn": counts["strewn"][name], "test": counts["test"][name],
                "ap50_bare": scores["bare"].get(name), "ap50_strewn": scores["strewn"].get(name),
            }
            for name in rarest
        },
        "map50_rarest": means, "map50": {side: found.map50 for side, found in reports.items()},
        "commit": commit(), "machine": machine(),
    }  # fmt: skip
    write_whole(RESULT, (json.dumps(content, indent=1) + "\n").encode())
    print(RESULT)


if __name__ == "__main__":
    main()
