"""Fill a folder with samples. In: a function that makes the page of a number. Out: files, as `sample` writes them."""

from __future__ import annotations

import json
import multiprocessing
import signal
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import cv2

from leggio.errors import LeggioError
from leggio.record import Json
from leggio.synth.manifest import write_counts
from leggio.synth.sample import Sample, list_samples, save_sample


def find_missing(out: Path, pages: int) -> list[int]:
    """The numbers of the pages that a folder of `pages` samples still lacks."""
    return [number for number in range(pages) if not (out / f"{number:06d}.json").exists()]


def write_samples(
    out: Path, numbers: Sequence[int], make: Callable[[int], Sample], *, workers: int = 2
) -> Generator[Path, None, None]:
    """Write the sample `make(number)` for each number into a folder, and give the path of its JSON file.

    A page depends on its number alone, so a broken run goes on where it stopped. With one worker all is done in this
    process; more are processes of their own, and `make` must be picklable. When the iterator is closed, or on Ctrl-C,
    the pages that are being made are finished and no others begun. Raises LeggioError when a worker dies.
    """
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / f"{number:06d}" for number in numbers]
    if workers == 1:
        for number, path in zip(numbers, paths, strict=True):
            yield _write_one(make, number, path)
        return
    # Processes that start afresh: a fork would copy the locks of this one's threads.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    try:
        with _ctrl_c_ignored():
            jobs = [
                pool.submit(_write_one, make, number, path)
                for number, path in zip(numbers, paths, strict=True)
            ]
        for job in jobs:
            yield job.result()
    except BrokenProcessPool as error:
        raise LeggioError(
            "A process that makes pages was killed, most likely for want of memory: run again with fewer workers."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def write_manifest(out: Path, settings: Mapping[str, Json]) -> Path:
    """Write what a folder of samples holds as `manifest.json` beside the pages, and give its path.

    `settings` are those that repeat the folder: the seed and all that the pages depend on. Counted are the instances of
    each class over all pages, commonest first.
    """
    counts: Counter[str] = Counter()
    pages = list_samples(out)
    for path in pages:
        truth = json.loads(path.read_text())
        counts.update(thing["kind"] for group in ("symbols", "strokes") for thing in truth[group])
    return write_counts(out, settings, len(pages), {"classes": counts})


def _write_one(make: Callable[[int], Sample], number: int, path: Path) -> Path:
    cv2.setNumThreads(1)
    save_sample(make(number), path)
    return path.with_suffix(".json")


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """Processes started within ignore Ctrl-C, which a terminal sends to all of them; this one stops the others."""
    if threading.current_thread() is not threading.main_thread():  # where Python does not let signals be set
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
