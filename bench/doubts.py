"""Do doubts point at what is wrong?

`python bench/doubts.py [FOLDER] [--fit]` reads every case of a folder, a folder with page.png and truth.musicxml each,
and ranks all bars by their doubts: printed is the share of the wrong bars among the first 5, 10, 15, 30 % of all. With
`--fit` it prints the weights of `leggio.music.doubts` that suit the folder best: take aged pages of the factory
(`bench/from_truth.py --aged`), never the pages that are measured on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from leggio.evaluate.doubts import JudgedBar, fit_weights, judge_bars, share_found, weigh_bars
from leggio.evaluate.music import find_cases
from leggio.music.doubts import Sign
from leggio.music.read import load_nets, read
from leggio.page import PageFailure, open_pages

DEVELOPMENT_SCANS = Path(__file__).parents[1] / "../shared/data/scans-dev"
SHARES = (0.05, 0.10, 0.15, 0.30)


def main() -> None:
    parser = argparse.ArgumentParser(description="Rank bars by their doubts and see which are wrong.")
    parser.add_argument("folder", type=Path, nargs="?", default=DEVELOPMENT_SCANS)
    parser.add_argument("--fit", action="store_true", help="print the weights that suit these pages best")
    choice = parser.parse_args()
    nets, bars = load_nets(), []
    for case in find_cases(choice.folder):
        page = next(iter(open_pages(case / "page.png")))
        if isinstance(page, PageFailure):
            raise page.error
        bars += judge_bars(read(page, nets), (case / "truth.musicxml").read_bytes())
    show(bars, choice.fit)


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
            f"  {sign.value:8} alone, first 15%: {share_found(bars, alone, 0.15):.3f}; in {np.mean(alone > 0):.1%}"
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
