"""How well music is read: `python bench/music.py [FOLDER] [--name NAME]` measures and writes bench/results/NAME.json.

FOLDER holds case folders with page.png and truth.musicxml. `--metrics mcr,notes` leaves the slow OMR-NED out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from leggio.evaluate.music import evaluate_folder
from leggio.evaluate.music_metrics import ALL_METRICS, parse_metrics
from leggio.evaluate.report import MusicRows
from leggio.files import write_whole

RESULTS = Path(__file__).parent / "results"
DEVELOPMENT_SCANS = Path(__file__).parents[1] / "../shared/data/scans-dev"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well music is read.")
    parser.add_argument("folder", type=Path, nargs="?", default=DEVELOPMENT_SCANS)
    parser.add_argument("--name", help="of the result; the folder's name if not given")
    parser.add_argument("--metrics", type=parse_metrics, default=ALL_METRICS, help="of mcr,notes,ned")
    parser.add_argument("--limit", type=int, help="only the first pages")
    parser.add_argument("--keep", type=Path, help="a folder for the answers, as ID.musicxml")
    choice = parser.parse_args()

    rows = MusicRows(Console())
    report = evaluate_folder(
        choice.folder, on_row=rows.print_page, metrics=choice.metrics, limit=choice.limit, keep=choice.keep
    )
    rows.print_medians(report)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{choice.name or choice.folder.resolve().name}.json"
    write_whole(target, report.to_json().encode())
    print(target)


if __name__ == "__main__":
    main()
