"""How good one answer is: MusicXML against the true MusicXML of the same page.

As a command: `python -m leggio.evaluate.music_metrics TRUTH ANSWER [--metrics mcr,notes,ned]` prints JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from leggio.errors import UnreadableFile
from leggio.evaluate.notes import compare_notes, read_bars
from leggio.evaluate.peers import TIME_LIMIT, MeasureFailed, correction_rate, edit_distances
from leggio.evaluate.schema import schema_errors
from leggio.record import to_json


class Metric(Enum):
    """What can be measured; OMR-NED takes most of the time, the other two well under a second a page."""

    MCR = "mcr"
    NOTES = "notes"
    NED = "ned"


ALL_METRICS = frozenset(Metric)


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """The figures of one answer; None where one was not asked for. `error` says why a figure is the worst one.

    `mcr`, `ned` (all objects) and `ned_notes` (notes and rests) are error rates, 0 is perfect; `note_precision` and
    `note_recall` are shares, 1 is perfect. `valid`: the answer passes the MusicXML 4.0 schema.
    """

    mcr: float | None
    ned: float | None
    ned_notes: float | None
    note_precision: float | None
    note_recall: float | None
    valid: bool
    error: str | None = None


def failed_score(error: str, metrics: Collection[Metric] = ALL_METRICS) -> AnswerScore:
    """The score of a page without a usable answer: every error rate 1, nothing found."""
    worst = 1.0 if Metric.MCR in metrics else None
    distance = 1.0 if Metric.NED in metrics else None
    found = 0.0 if Metric.NOTES in metrics else None
    return AnswerScore(worst, distance, distance, found, found, valid=False, error=error)


def score_answer(
    truth: bytes | Path,
    answer: bytes | Path,
    *,
    metrics: Collection[Metric] = ALL_METRICS,
    time_limit: float = TIME_LIMIT,
) -> AnswerScore:
    """Measure one answer.

    A measure that crashes or takes longer than `time_limit` seconds counts as error 1 and is named in `error`. An
    answer that breaks the schema is measured all the same, with `valid` False; one that is not XML fails in everything.
    Raises `UnreadableFile` if the truth is not MusicXML.
    """
    truth, answer = _bytes(truth), _bytes(answer)
    true_bars = read_bars(truth)
    try:
        found_bars = read_bars(answer)
    except UnreadableFile as problem:
        return failed_score(f"no MusicXML: {problem}", metrics)
    faults = schema_errors(answer)
    score = AnswerScore(
        None, None, None, None, None, not faults, f"not valid: {faults[0]}" if faults else None
    )
    if Metric.NOTES in metrics:
        agreement = compare_notes(true_bars, found_bars)
        score = replace(score, note_precision=agreement.precision, note_recall=agreement.recall)
    with TemporaryDirectory() as name:
        files = Path(name, "truth.musicxml"), Path(name, "answer.musicxml")
        files[0].write_bytes(truth)
        files[1].write_bytes(answer)
        return _add_peers(score, files, metrics, time_limit)


def _add_peers(
    score: AnswerScore, files: tuple[Path, Path], metrics: Collection[Metric], time_limit: float
) -> AnswerScore:
    reasons = [score.error] if score.error else []
    if Metric.MCR in metrics:
        try:
            score = replace(score, mcr=correction_rate(*files, time_limit=time_limit))
        except MeasureFailed as problem:
            score = replace(score, mcr=1.0)
            reasons.append(str(problem))
    if Metric.NED in metrics:
        try:
            everything, notes = edit_distances(*files, time_limit=time_limit)
            score = replace(score, ned=everything, ned_notes=notes)
        except MeasureFailed as problem:
            score = replace(score, ned=1.0, ned_notes=1.0)
            reasons.append(str(problem))
    return replace(score, error="; ".join(reasons) or None)


def parse_metrics(names: str) -> frozenset[Metric]:
    """Metrics from their names between commas, as in `mcr,notes`; raises `ValueError` for an unknown name."""
    return frozenset(Metric(name.strip()) for name in names.split(","))


def _bytes(source: bytes | Path) -> bytes:
    return source.read_bytes() if isinstance(source, Path) else source


def main() -> None:
    parser = argparse.ArgumentParser(prog="leggio.evaluate.music_metrics", description="Measure one answer.")
    parser.add_argument("truth", type=Path)
    parser.add_argument("answer", type=Path)
    parser.add_argument("--metrics", type=parse_metrics, default=ALL_METRICS, help="of mcr,notes,ned")
    parser.add_argument("--time-limit", type=float, default=TIME_LIMIT, help="seconds for one metric")
    choice = parser.parse_args()
    score = score_answer(choice.truth, choice.answer, metrics=choice.metrics, time_limit=choice.time_limit)
    sys.stdout.write(json.dumps(to_json(score), indent=1) + "\n")


if __name__ == "__main__":
    main()
