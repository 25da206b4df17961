"""Other people's measures: MCR (`mcr-metric`) and OMR-NED (`musicdiff`), each in a process of its own.

In go two MusicXML files, out come error rates: 0 is a perfect answer. A child process means that a measure that
hangs, crashes or eats the memory costs one page its figure and never stops a run over many pages. Run as a module,
this file is that child: `python -m leggio.evaluate.peers MEASURE TRUTH ANSWER` prints JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leggio.errors import MissingExtra

TIME_LIMIT = 120.0
"""Seconds for one measure of one page. musicdiff takes 2 to 20 s for a page, far longer where bars do not line up."""

_SOURCE = Path(__file__).parents[2]


class MeasureFailed(Exception):
    """A measure gave no figure for a page; the text says why."""


def correction_rate(truth: Path, answer: Path, *, time_limit: float = TIME_LIMIT) -> float:
    """MCR: the share of the effort of typing the page anew that mending the answer takes, in [0, 1].

    It counts pitch, duration, staff, grace notes, slurs, articulation and ornaments; not beams, words or signatures.
    Source: T. Hornbogen, "Measure for Measure", ISMIR 2026. Raises `MeasureFailed`.
    """
    return _in_child("mcr", truth, answer, time_limit)[0]


def edit_distances(truth: Path, answer: Path, *, time_limit: float = TIME_LIMIT) -> tuple[float, float]:
    """OMR-NED on all objects, and on notes and rests alone: edits over the symbols of both scores, in [0, 1].

    musicdiff's detail levels `AllObjects` (its default) and `NotesAndRests`. Raises `MeasureFailed`.
    """
    everything, notes = _in_child("ned", truth, answer, time_limit)
    return everything, notes


def _in_child(measure: str, truth: Path, answer: Path, time_limit: float) -> list[float]:
    command = [sys.executable, "-m", "leggio.evaluate.peers", measure, str(truth), str(answer)]
    paths = [str(_SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=time_limit)
    except subprocess.TimeoutExpired:
        raise MeasureFailed(f"{measure} took longer than {time_limit:.0f} s") from None
    if done.returncode == _MISSING:
        raise MissingExtra(done.stderr.strip())
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise MeasureFailed(f"{measure} failed: {last_line}")
    # The packages may print notices of their own: the figures are the last line.
    figures: list[float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


_MISSING = 3
"""Exit code of the child where the measure's package is not installed."""


def _mcr(truth: Path, answer: Path) -> list[float]:
    mcr = _package("mcr")
    texts = (path.read_text(encoding="utf-8") for path in (answer, truth))
    result = mcr.score(*texts, pred_format="musicxml", ref_format="musicxml")
    return [float(result.mcr)]


def _ned(truth: Path, answer: Path) -> list[float]:
    """As `musicdiff --output omrned` computes it, with each file parsed once for both levels of detail."""
    converter21, music21, musicdiff = (_package(name) for name in ("converter21", "music21", "musicdiff"))
    annotation, comparison = _package("musicdiff.annotation"), _package("musicdiff.comparison")
    visualization = _package("musicdiff.visualization")
    converter21.register()
    scores = [music21.converter.parse(path, format="musicxml", forceSource=True) for path in (answer, truth)]
    rates = []
    for detail in (musicdiff.DetailLevel.AllObjects, musicdiff.DetailLevel.NotesAndRests):
        found, true = (annotation.AnnScore(score, detail) for score in scores)
        _, distance = comparison.Comparison.annotated_scores_diff(found, true)
        sizes = found.notation_size(), true.notation_size()
        rates.append(float(visualization.Visualization.get_omr_ned(distance, *sizes)))
    return rates


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        missing = problem.name or name
        raise MissingExtra(
            f"Measuring needs the package {missing}: install leggio[eval] and try again."
        ) from problem


def main(arguments: Sequence[str]) -> int:
    """The child process: the figures of one measure as a JSON list on standard output."""
    measure, truth, answer = arguments
    try:
        figures = {"mcr": _mcr, "ned": _ned}[measure](Path(truth), Path(answer))
    except MissingExtra as problem:
        sys.stderr.write(f"{problem}\n")
        return _MISSING
    sys.stdout.write(f"{json.dumps(figures)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
