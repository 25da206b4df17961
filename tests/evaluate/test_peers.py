"""Other people's measures, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leggio.evaluate.peers import MeasureFailed, correction_rate, edit_distances

Musicxml = Callable[..., bytes]


def save(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_score_against_itself_needs_no_correction(tmp_path: Path, musicxml: Musicxml) -> None:
    truth = save(tmp_path, "truth.musicxml", musicxml(["C4/1", "D4/1", "E4/2"]))
    assert correction_rate(truth, truth) == 0.0
    assert edit_distances(truth, truth) == (0.0, 0.0)


def test_a_missing_note_costs_two_of_three_for_each_note(tmp_path: Path, musicxml: Musicxml) -> None:
    """MCR charges 2 for typing a note; typing the page anew is 1 for each answered note and 2 for each true one."""
    truth = save(tmp_path, "truth.musicxml", musicxml(["C4/1", "D4/1", "E4/2"]))
    answer = save(tmp_path, "answer.musicxml", musicxml(["C4/1", "D4/1", "R/2"]))
    assert correction_rate(truth, answer) == pytest.approx(2 / (2 + 2 * 3))
    everything, notes = edit_distances(truth, answer)
    assert 0 < everything < 1
    assert 0 < notes < 1


def test_a_measure_that_takes_too_long_is_stopped(tmp_path: Path, musicxml: Musicxml) -> None:
    truth = save(tmp_path, "truth.musicxml", musicxml(["C4/4"]))
    with pytest.raises(MeasureFailed, match="ned took longer than"):
        edit_distances(truth, truth, time_limit=0.01)


def test_a_measure_that_crashes_says_why(tmp_path: Path, musicxml: Musicxml) -> None:
    truth = save(tmp_path, "truth.musicxml", musicxml(["C4/4"]))
    broken = save(tmp_path, "broken.musicxml", b"not XML")
    with pytest.raises(MeasureFailed, match="ned failed"):
        edit_distances(truth, broken)
