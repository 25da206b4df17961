"""What is wrong with the answers, to find the weakest step of reading.

`python bench/error_kinds.py ANSWER.musicxml TRUTH.musicxml` prints the differences bar by bar in musical words, and
what the MCR is made of. `python bench/error_kinds.py ANSWERS CASES` prints a row for each page, the worst first:
ANSWERS holds ID.musicxml (from `bench/music.py --keep ANSWERS`), CASES holds ID/truth.musicxml.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import mcr
from rich.console import Console
from rich.table import Table

from leggio.evaluate.differences import BarDifferences, Kind, count_kinds, describe, find_differences
from leggio.evaluate.notes import CountedBar, compare_notes, read_bars

TABLE_WIDTH = 130
"""Characters: what the widest row needs, in a log as on a screen."""


def main() -> None:
    parser = argparse.ArgumentParser(description="What is wrong with an answer, or with a folder of them.")
    parser.add_argument("answer", type=Path, help="ANSWER.musicxml, or a folder of ID.musicxml")
    parser.add_argument("truth", type=Path, help="TRUTH.musicxml, or a folder of ID/truth.musicxml")
    choice = parser.parse_args()
    if choice.answer.is_dir():
        show_folder(choice.answer, choice.truth)
    else:
        show_answer(choice.answer, choice.truth)


def show_answer(answer: Path, truth: Path) -> None:
    """One page, bar by bar, then the sums."""
    true_bars, found_bars = read_bars(truth.read_bytes()), read_bars(answer.read_bytes())
    bars = find_differences(true_bars, found_bars)
    for line in describe_bars(bars):
        print(line)
    print()
    for kind, count in count_kinds(bars).most_common():
        print(f"{count:5} {kind.value}")
    notes = compare_notes(true_bars, found_bars)
    print(f"{notes.shared} of {notes.truth} true notes right, {notes.answer} answered: ", end="")
    print(f"precision {notes.precision:.3f}, recall {notes.recall:.3f}")
    parts = correction_parts(answer, truth)
    print(f"MCR {sum(parts.values()):.3f} = " + " + ".join(f"{parts[name]:.3f} {name}" for name in parts))


def describe_bars(bars: tuple[BarDifferences, ...]) -> Iterator[str]:
    """A heading for each bar with differences (counted on the page from 1), a line for each of them.

    Clefs, key and time are reported where they start to differ, not in every bar that follows.
    """
    nothing = BarDifferences(None, None, ())
    place = 0
    for before, bar in pairwise((nothing, *bars)):
        place += bar.true is not None
        beat_type = bar.true.time[1] if bar.true and bar.true.time else 4
        known = _signature_differences(before)
        lines = [line for line in _signature_differences(bar) if line not in known]
        lines += [describe(difference, beat_type) for difference in bar.notes]
        if bar.found is None:
            yield f"bar {place} (measure {_label(bar.true)}): lost, {len(bar.notes)} notes"
        elif bar.true is None:
            yield f"after bar {place}: measure {_label(bar.found)} of the answer is invented, {len(bar.notes)} notes"
        elif lines:
            yield f"bar {place} (measure {_label(bar.true)}, of the answer {_label(bar.found)})"
            yield from (f"    {line}" for line in lines)


def _signature_differences(bar: BarDifferences) -> list[str]:
    true, found = bar.true, bar.found
    if true is None or found is None:
        return []
    clefs = [
        f"clef of staff {staff} is {clef}, read {answer}"
        for staff, (clef, answer) in enumerate(zip(true.clefs, found.clefs, strict=False), start=1)
        if clef != answer
    ]
    counts = len(true.clefs), len(found.clefs)
    staves = [f"{counts[0]} staves, read {counts[1]}"] if counts[0] != counts[1] else []
    key = [f"key is {_key(true)}, read {_key(found)}"] if true.key != found.key else []
    time = [f"time is {_time(true)}, read {_time(found)}"] if true.time != found.time else []
    return staves + clefs + key + time


def _label(bar: CountedBar | None) -> str:
    return bar.label if bar else "-"


def _key(bar: CountedBar) -> str:
    if not bar.key:
        return "without signs"
    return f"{abs(bar.key)} {'sharps' if bar.key > 0 else 'flats'}"


def _time(bar: CountedBar) -> str:
    return "/".join(map(str, bar.time)) if bar.time else "none"


def correction_parts(answer: Path, truth: Path) -> Counter[str]:
    """The MCR as a sum: what missing and invented notes, pitches, durations, ... add to it, the largest first."""
    texts = [path.read_text(encoding="utf-8") for path in (answer, truth)]
    result = mcr.score(*texts, pred_format="musicxml", ref_format="musicxml")
    costs: Counter[str] = Counter()
    for bar in result.per_measure_diagnostics:
        for event in bar["event_details"]:
            costs.update(_event_costs(event))
    whole = result.pred_event_count + 2 * result.ref_event_count
    return Counter({name: cost / whole for name, cost in costs.most_common()})


def _event_costs(event: dict[str, Any]) -> dict[str, int]:
    """The cost of one event of mcr's, by cause; a note on another staff costs 2 there."""
    found, true = event["pred"], event["ref"]
    if not found or not true:
        return {"notes missing" if true else "notes invented": event["cost"]}
    notation = event["notation_cost"]
    costs = {
        "slurs, articulation, ornaments": notation,
        "pitch": int(found["midi_pitch"] != true["midi_pitch"]),
        "duration": int(found["duration"] != true["duration"]),
    }
    return {**costs, "staff or grace": event["cost"] - sum(costs.values())}


def _heading(kind: Kind) -> str:
    return kind.value.removeprefix("wrong ")


def show_folder(answers: Path, cases: Path) -> None:
    """A row for each page with the counts of each kind, the page with the most mistakes first."""
    table = Table(box=None, pad_edge=False)
    for heading in ("page", "notes", "bars", *map(_heading, Kind)):
        left = heading == "page"
        table.add_column(heading, justify="left" if left else "right", min_width=24 if left else 0)
    rows = []
    for truth in sorted(cases.glob("*/truth.musicxml")):
        answer = answers / f"{truth.parent.name}.musicxml"
        true_bars = read_bars(truth.read_bytes())
        found_bars = read_bars(answer.read_bytes()) if answer.exists() else ()
        kinds = count_kinds(find_differences(true_bars, found_bars))
        notes = sum(len(bar.notes) for bar in true_bars)
        rows.append((truth.parent.name, notes, f"{len(found_bars)}/{len(true_bars)}", kinds))
    for name, notes, bars, kinds in sorted(rows, key=lambda row: -row[3].total() / max(row[1], 1)):
        table.add_row(name, str(notes), bars, *(str(kinds[kind]) for kind in Kind))
    table.add_section()
    total = sum((kinds for *_, kinds in rows), Counter[Kind]())
    table.add_row(
        "all", str(sum(row[1] for row in rows)), "", *(str(total[kind]) for kind in Kind), style="bold"
    )
    Console(width=TABLE_WIDTH).print(table)


if __name__ == "__main__":
    main()
