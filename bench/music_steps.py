"""How long each step of reading music takes: `python bench/music_steps.py [FOLDER]` prints a table and writes it down.

Pages are read by `leggio.music.read.read` itself: whatever functions that module takes from others are timed where it
calls them, so what is measured is what runs. A step is a row of the table below; functions that are in no row are
"other", as is what `read` does between its calls. What runs beside is not counted but where it is waited for: words are
read beside strokes, and their row is what is left of them. Figures are medians over pages, shares of the median total.
The clock is the wall's; on a machine that does other work take `--cpu --threads 1`: seconds of the processor, all steps
one after the other. The first page is read once more before the clock starts, because the engine for words opens its
nets on its first page. At last all files are read in one go, as the command does, where the net looks ahead.
"""

from __future__ import annotations

import argparse
import functools
import json
import platform
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import FunctionType
from typing import Any

import leggio.music.read as reader
from leggio.cli.memory import give_back_memory
from leggio.evaluate.music import find_cases
from leggio.evaluate.origin import commit, machine
from leggio.files import write_whole
from leggio.music.musicxml import write_musicxml
from leggio.page import PageFailure, open_pages

RESULTS = Path(__file__).parent / "results"
DEVELOPMENT_SCANS = Path(__file__).parents[1] / "../shared/data/scans-dev"

OPEN, WORDS, WRITE, OTHER = "open page", "words", "write", "other"
STEPS = {
    "net": ("maps.run_net",),
    "staves": ("maps.measure_space", "staves"),
    "symbols, strokes": ("symbols",),
    WORDS: ("words", "roles", "erase", "underlay", "inscribe"),
    "bars, signs": ("bars", "signs", "endings", "repeats", "waymarks"),
    "chords": ("graph", "cues", "tremolos"),
    "marks, curves": ("dynamics", "hairpins", "octaves", "outline", "marks", "slurs", "ties", "pedals"),
    "interpret": ("interpret",),
    "doubts": ("doubts",),
}  # fmt: skip
"""Modules of `leggio.music`, or single functions of them, by step."""
ORDER = (OPEN, *STEPS, OTHER, WRITE)


class Stopwatch:
    """Seconds by step; a step that runs inside of another one stops the outer one's clock.

    One thread is watched, the one that made the watch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._thread = threading.get_ident()
        self._running = [OTHER]
        self._since = clock()
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if threading.get_ident() != self._thread:
            yield
            return
        self._charge()
        self._running.append(name)
        try:
            yield
        finally:
            self._charge()
            self._running.pop()

    def restart(self) -> None:
        self._since = self._clock()
        self.seconds.clear()

    def _charge(self) -> None:
        now = self._clock()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now


def main() -> None:
    parser = argparse.ArgumentParser(description="Time each step of reading music.")
    parser.add_argument("folder", type=Path, nargs="?", default=DEVELOPMENT_SCANS)
    parser.add_argument("--threads", type=int, default=0, help="of the nets; 0 is one for each core")
    parser.add_argument(
        "--cpu", action="store_true", help="seconds of the processor, not of the wall's clock"
    )
    parser.add_argument("--limit", type=int, help="only the first pages")
    parser.add_argument("--out", type=Path, default=RESULTS / "music-steps.json")
    choice = parser.parse_args()
    give_back_memory()  # as the command does
    watch = Stopwatch(time.process_time if choice.cpu else time.perf_counter)
    time_steps(watch)
    vars(reader)["ThreadPoolExecutor"] = AtOnce if choice.cpu else _beside(watch)
    nets = reader.load_nets(choice.threads)
    files = [case / "page.png" for case in find_cases(choice.folder)][: choice.limit]
    pages = {file.parent.name: read_timed(file, nets, watch) for file in [files[0], *files]}
    in_one_go = None if choice.cpu else round(time_folder(files, nets), 4)
    report = sum_up(pages) | {
        "in_one_go": in_one_go,
        "clock": "cpu" if choice.cpu else "wall", "threads": choice.threads, "commit": commit(), "machine": machine(),
    }  # fmt: skip
    show(report)
    choice.out.parent.mkdir(exist_ok=True)
    write_whole(choice.out, json.dumps(report, indent=1).encode())
    print(choice.out)


class AtOnce(ThreadPoolExecutor):
    """No thread at all: what is handed in is done before anything else, so that seconds of the processor add up."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(task(*arguments, **named))
        return done


def _beside(watch: Stopwatch) -> type[ThreadPoolExecutor]:
    """Threads whose end is waited for as a part of reading words: nothing else runs beside."""

    class Beside(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            with watch.step(WORDS):
                super().shutdown(wait, cancel_futures=cancel_futures)

    return Beside


def time_steps(watch: Stopwatch) -> None:
    """Put a clock around every function that the reader takes from another module of ours."""
    for name, value in vars(reader).items():
        if isinstance(value, FunctionType) and _is_step(value.__module__):
            setattr(reader, name, _timed(value, find_step(value), watch))


def _is_step(module: str) -> bool:
    return module.startswith("leggio.music.") and module != reader.__name__


def find_step(function: Callable[..., Any]) -> str:
    """The step that a function belongs to."""
    module = function.__module__.removeprefix("leggio.music.")
    places = {place: step for step, row in STEPS.items() for place in row}
    return places.get(f"{module}.{function.__name__}", places.get(module, OTHER))


def _timed(function: Callable[..., Any], step: str, watch: Stopwatch) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        with watch.step(step):
            return function(*arguments, **named)

    return timed


def read_timed(file: Path, nets: reader.Nets, watch: Stopwatch) -> dict[str, float]:
    """The seconds of each step for one page, from its file to its MusicXML."""
    watch.restart()
    with watch.step(OPEN):
        page = next(iter(open_pages(file)))
    if isinstance(page, PageFailure):
        raise page.error
    reading = reader.read(page, nets)
    with watch.step(WRITE):
        write_musicxml(reading.score)
    return dict(watch.seconds)


def time_folder(files: Sequence[Path], nets: reader.Nets) -> float:
    """Seconds a page of files that are read in one go, each written as MusicXML."""
    start = time.perf_counter()
    for reading in reader.read_files(files, nets):
        if reading.score is not None:
            write_musicxml(reading.score)
    return (time.perf_counter() - start) / len(files)


def sum_up(pages: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Medians over pages, with every page's figures."""
    total = median(sum(page.values()) for page in pages.values())
    rows = {step: median(page.get(step, 0.0) for page in pages.values()) for step in ORDER}
    return {
        "pages": {name: {step: round(s, 4) for step, s in page.items()} for name, page in pages.items()},
        "median": {step: round(seconds, 4) for step, seconds in rows.items()},
        "total": round(total, 4),
        "peak_memory_mb": round(_peak_memory() / 2**20),
    }


def _peak_memory() -> int:
    """The most bytes that this process has held."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def show(report: dict[str, Any]) -> None:
    for step, seconds in report["median"].items():
        print(f"{step:18} {seconds:6.2f} s {seconds / report['total']:5.0%}")
    count, clock, memory = len(report["pages"]), report["clock"], report["peak_memory_mb"]
    print(f"{f'median of {count}':18} {report['total']:6.2f} s  by the {clock} clock; at most {memory} MB")
    if report["in_one_go"] is not None:
        print(f"{'a page in one go':18} {report['in_one_go']:6.2f} s")


if __name__ == "__main__":
    main()
