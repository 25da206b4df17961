"""The figures of one answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leggio.errors import UnreadableFile
from leggio.evaluate.music_metrics import AnswerScore, Metric, failed_score, main, parse_metrics, score_answer

Musicxml = Callable[..., bytes]

QUICK = frozenset({Metric.MCR, Metric.NOTES})


def test_the_truth_is_a_perfect_answer(musicxml: Musicxml) -> None:
    truth = musicxml(["C4/1", "D4/1", "E4/2"], ["F4/4"])
    assert score_answer(truth, truth) == AnswerScore(0.0, 0.0, 0.0, 1.0, 1.0, valid=True, error=None)


def test_figures_that_were_not_asked_for_are_none(musicxml: Musicxml) -> None:
    truth = musicxml(["C4/4"])
    score = score_answer(truth, truth, metrics={Metric.NOTES})
    assert score == AnswerScore(None, None, None, 1.0, 1.0, valid=True)


def test_precision_and_recall_tell_invented_from_missed(musicxml: Musicxml) -> None:
    truth, answer = musicxml(["C4/1", "D4/1"]), musicxml(["C4+E4/1", "D4+F4/1"])
    score = score_answer(truth, answer, metrics={Metric.NOTES})
    assert (score.note_precision, score.note_recall) == (0.5, 1.0)


def test_an_answer_that_is_not_xml_fails_in_everything(musicxml: Musicxml) -> None:
    score = score_answer(musicxml(["C4/4"]), b"not XML")
    assert score == AnswerScore(1.0, 1.0, 1.0, 0.0, 0.0, valid=False, error=score.error)
    assert score.error is not None
    assert "not MusicXML" in score.error


def test_an_answer_that_breaks_the_schema_is_measured_and_not_valid(musicxml: Musicxml) -> None:
    truth = musicxml(["C4/4"])
    wrong = truth.replace(b"<voice>1</voice>", b"<loudness/>")
    score = score_answer(truth, wrong, metrics={Metric.NOTES})
    assert not score.valid
    assert score.note_recall == 1.0
    assert score.error is not None
    assert score.error.startswith("not valid")


def test_a_measure_that_runs_out_of_time_counts_as_error_one(musicxml: Musicxml) -> None:
    truth = musicxml(["C4/4"])
    score = score_answer(truth, truth, time_limit=0.01)
    assert (score.mcr, score.ned, score.ned_notes, score.note_precision) == (1.0, 1.0, 1.0, 1.0)
    assert score.error == "mcr took longer than 0 s; ned took longer than 0 s"


def test_a_truth_that_cannot_be_read_is_an_error_of_the_user(musicxml: Musicxml) -> None:
    with pytest.raises(UnreadableFile):
        score_answer(b"not XML", musicxml(["C4/4"]))


def test_a_failed_page_has_the_worst_of_each_figure_asked_for() -> None:
    assert failed_score("lost") == AnswerScore(1.0, 1.0, 1.0, 0.0, 0.0, valid=False, error="lost")
    assert failed_score("lost", QUICK) == AnswerScore(1.0, None, None, 0.0, 0.0, valid=False, error="lost")


def test_metrics_are_named_between_commas() -> None:
    assert parse_metrics("mcr, notes") == QUICK
    with pytest.raises(ValueError, match="speed"):
        parse_metrics("mcr,speed")


def test_the_command_prints_json(
    tmp_path: Path, musicxml: Musicxml, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth.musicxml"
    truth.write_bytes(musicxml(["C4/4"]))
    monkeypatch.setattr(sys, "argv", ["music_metrics", str(truth), str(truth), "--metrics", "mcr,notes"])
    main()
    figures = json.loads(capsys.readouterr().out)
    assert figures == {
        "mcr": 0.0,
        "ned": None,
        "ned_notes": None,
        "note_precision": 1.0,
        "note_recall": 1.0,
        "valid": True,
        "error": None,
    }
