"""Do doubts point at what is wrong?

`python bench/doubts.py [FOLDER] [--fit] [--judged FILE]` reads every case of a folder, a folder with page.png and
truth.musicxml each, and ranks all bars by their doubts: printed is the share of the wrong bars among the first 5, 10,
15, 30 % of all. With `--fit` it prints the weights of `leggio.music.doubts` that suit the folder best: take aged pages
of the factory (`bench/from_truth.py --aged`), never the pages that are measured on. `--judged` keeps the judged bars in
a file, and takes them from there the next time.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from leggio.evaluate.doubts import JudgedBar, fit_weights, judge_bars, share_found, weigh_bars
from leggio.evaluate.music import find_cases
from leggio.files import write_whole
from leggio.music.read import load_nets, read
from leggio.music.trouble import Sign
from leggio.page import PageFailure, open_pages

DEVELOPMENT_SCANS = Path(__file__).parents[1] / "../shared/data/scans-dev"
SHARES = (0.05, 0.10, 0.15, 0.30)
PRINTED_OTHERWISE = {
    "joplin-figleaf-p4": {"83"}, "joplin-mapleleaf-p2": {"46"}, "joplin-palmleaf-p2": {"23", "29", "45"},
    "joplin-peacherine-p2": {"33"}, "joplin-reflection-p2": {"54"},
}  # fmt: skip
"""Bars of the development pages whose truth is another edition's: the scan says what was read. They were found by
looking at every bar with one to three wrong notes on these pages, joplin-magnetic-p2 and joplin-something-p2."""

Judged = dict[str, list[JudgedBar]]
"""The bars of each page."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Rank bars by their doubts and see which are wrong.")
    parser.add_argument("folder", type=Path, nargs="?", default=DEVELOPMENT_SCANS)
    parser.add_argument("--fit", action="store_true", help="print the weights that suit these pages best")
    parser.add_argument("--judged", type=Path, help="a file for the judged bars")
    choice = parser.parse_args()
    if choice.judged and choice.judged.exists():
        judged = load_judged(choice.judged)
    else:
        judged = judge_folder(choice.folder)
        if choice.judged:
            pages = {page: [asdict(bar) for bar in bars] for page, bars in judged.items()}
            write_whole(choice.judged, json.dumps(pages).encode())
    show([bar for bars in judged.values() for bar in bars], choice.fit)
    known = [page for page in judged if page in PRINTED_OTHERWISE]
    if known:
        print("\nbars that are printed as they were read, whatever the truth says, taken as right:")
        show([bar for page, bars in judged.items() for bar in pardon(page, bars)], fit=False)


def judge_folder(folder: Path) -> Judged:
    nets, judged = load_nets(), {}
    for case in find_cases(folder):
        page = next(iter(open_pages(case / "page.png")))
        if isinstance(page, PageFailure):
            raise page.error
        judged[case.name] = judge_bars(read(page, nets), (case / "truth.musicxml").read_bytes())
    return judged


def load_judged(file: Path) -> Judged:
    return {
        page: [JudgedBar(tuple(bar["amounts"]), bar["is_wrong"], bar["label"]) for bar in bars]
        for page, bars in json.loads(file.read_bytes()).items()
    }


def pardon(page: str, bars: list[JudgedBar]) -> list[JudgedBar]:
    """The bars of a page, those that are printed otherwise than in the truth taken as right."""
    others = PRINTED_OTHERWISE.get(page, set())
    return [replace(bar, is_wrong=bar.is_wrong and bar.label not in others) for bar in bars]


def show(bars: list[JudgedBar], fit: bool) -> None:
    wrong = sum(bar.is_wrong for bar in bars)
    print(f"{len(bars)} bars, {wrong} of them wrong")
    if fit:
        weights = fit_weights(bars)
        print({sign.name: round(weight, 3) for sign, weight in weights.items()})
        chances = weigh_bars(bars, weights)
    else:
        chances = weigh_bars(bars)
    for share in SHARES:
        print(f"first {share:.0%}: {share_found(bars, chances, share):.3f} of the wrong bars")
    for place, sign in enumerate(Sign):
        alone = np.array([bar.amounts[place] for bar in bars])
        print(
            f"  {sign.value:10} alone, first 15%: {share_found(bars, alone, 0.15):.3f}; in {np.mean(alone > 0):.1%}"
        )
    said = [
        (chances >= low) & (chances < high) for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.01))
    ]
    for part in said:
        if part.any():
            told = float(chances[part].mean())
            true = float(np.mean([bar.is_wrong for bar, here in zip(bars, part, strict=True) if here]))
            print(f"  {int(part.sum())} bars doubted by {told:.2f} on average: {true:.2f} are wrong")


if __name__ == "__main__":
    main()
