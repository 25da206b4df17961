"""Detection measured on pages whose every symbol is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from typer.testing import CliRunner

from leggio.cli import app
from leggio.evaluate import detect
from leggio.evaluate.detect import (
    FALSE,
    FEWEST,
    HIT,
    MISSED,
    Answer,
    DetectReport,
    draw_things,
    evaluate_samples,
    look,
)
from leggio.evaluate.match import ClassReport, ClassScore, PageThings, Thing
from leggio.geometry import Box, Point
from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind
from leggio.music.read import Nets, load_nets
from leggio.net import Card
from leggio.page import Page
from leggio.synth.engrave import Layout, engrave
from leggio.synth.sample import Sample, Truth, save_sample

SPACE = 20.0


def head(number: int, x: float, confidence: float = 1.0) -> Symbol:
    return Symbol(number, SymbolKind.HEAD_BLACK, Box(x, 100, x + 24, 120), confidence)


def stroke(number: int, kind: StrokeKind, x: float, y: float = 40.0, confidence: float = 1.0) -> Stroke:
    """A level line of 80 px, 2 px thick."""
    return Stroke(number, kind, Point(x, y), Point(x + 80, y), 2.0, Box(x, y - 1, x + 80, y + 1), confidence)


def page(*truth: Symbol | Stroke) -> Sample:
    symbols = tuple(thing for thing in truth if isinstance(thing, Symbol))
    strokes = tuple(thing for thing in truth if isinstance(thing, Stroke))
    blank = np.full((200, 400), 255, np.uint8)
    return Sample(blank, blank.astype(np.uint16), Truth(symbols, strokes, (), SPACE, 2.0))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """What the detector says of one page after the other."""
    said: list[Answer] = []
    monkeypatch.setattr(detect, "look", lambda page, nets: said.pop(0))
    return said


def nets(*inks: str) -> Nets:
    card = Card("fake", ("noteheadBlack",), inks, SPACE, 16, "CC0-1.0")
    only = SimpleNamespace(card=card)
    return cast(Nets, SimpleNamespace(symbols=only, hand=None, writing=None))


def measure(*samples: Sample, inks: tuple[str, ...] = ("slur", "beam")) -> DetectReport:
    names = (f"page {number}" for number in range(len(samples)))
    return evaluate_samples(zip(names, samples, strict=False), nets(*inks), name="two pages")


def scores(report: DetectReport) -> dict[str, tuple[int, float]]:
    return {score.name: (score.truth, score.average_precision) for score in report.result.classes}


def test_symbols_and_strokes_are_measured_over_all_pages(answers: list[Answer]) -> None:
    """Heads: a false one at 0.9 comes before the right one at 0.8. Slurs: one of two is found, 3 px off."""
    answers += [
        Answer((head(0, 10, 0.8),), (stroke(1, StrokeKind.SLUR, 10, 43.0),), 3.0),
        Answer((head(0, 200, 0.9),), (), 1.0),
    ]
    report = measure(page(head(0, 10), stroke(1, StrokeKind.SLUR, 10)), page(stroke(0, StrokeKind.TIE, 200)))
    assert scores(report) == {"noteheadBlack": (1, 0.5), "slur": (2, 0.5)}
    assert (report.pages, report.seconds) == (2, 2.0)
    # Strokes have no part in calibration: 0.8 and right, 0.9 and wrong.
    assert report.calibration == pytest.approx((0.2 + 0.9) / 2)


def test_a_thin_stroke_farther_off_than_a_third_of_its_widened_box_is_missed(answers: list[Answer]) -> None:
    """Both are widened to 10 px: 3 px off leaves an IoU of 7/13, 4 px one of 6/14."""
    for y in (43.0, 44.0):
        answers.append(Answer((), (stroke(0, StrokeKind.BEAM, 10, y),), 1.0))
        report = measure(page(stroke(0, StrokeKind.BEAM, 10)))
        assert scores(report) == {"beam": (1, 1.0 if y == 43.0 else 0.0)}


def test_strokes_that_the_net_has_no_ink_for_are_left_out(answers: list[Answer]) -> None:
    answers.append(Answer((), (), 1.0))
    truth = page(stroke(0, StrokeKind.BRACKET, 10), stroke(1, StrokeKind.TIE, 200))
    assert scores(measure(truth, inks=("slur",))) == {"slur": (1, 0.0)}


def test_a_page_without_staves_has_no_symbols() -> None:
    answer = look(Page(np.full((400, 300), 255, np.uint8), "blank.png"), nets())
    assert (answer.symbols, answer.strokes) == ((), ())


def test_means_are_over_frequent_classes_and_the_json_says_what_was_widened() -> None:
    classes = (
        ClassScore("clefG", 0, 1, 0, 0.0),
        ClassScore("noteheadBlack", FEWEST, 1, 1, 0.9),
        ClassScore("noteheadHalf", FEWEST, 1, 1, 0.7),
        ClassScore("noteheadWhole", FEWEST - 1, 1, 1, 0.1),
        ClassScore("stem", FEWEST, 1, 1, 0.5),
    )
    report = DetectReport("aged", 3, ClassReport(classes), 0.05, 1.23456, "abc", "a processor")
    content = json.loads(report.to_json())
    assert content.pop("map50") == pytest.approx(0.7)
    assert content.pop("groups") == {
        "heads": 0.8, "rests": None, "accidentals": None, "clefs": None, "flags": None, "timeDigits": None,
    }  # fmt: skip
    assert "thinner than half a staff space were widened" in content.pop("note")
    assert content.pop("classes") == {
        "noteheadBlack": {"ap50": 0.9, "count": 20},
        "noteheadHalf": {"ap50": 0.7, "count": 20},
        "noteheadWhole": {"ap50": 0.1, "count": 19},
        "stem": {"ap50": 0.5, "count": 20},
    }
    assert content == {
        "set": "aged", "pages": 3, "invented": {"clefG": 1}, "ece": 0.05, "seconds": 1.2346,
        "commit": "abc", "machine": "a processor",
    }  # fmt: skip


def test_hits_are_drawn_green_false_ones_red_and_missed_ones_blue() -> None:
    def thing(x: float) -> Thing:
        return Thing("noteheadBlack", Box(x, 100, x + 24, 120), 0.9)

    things = PageThings((thing(10), thing(100)), (thing(10), thing(200)), SPACE)
    picture = draw_things(np.full((200, 400), 255, np.uint8), things)
    corners = [tuple(int(value) for value in picture[120, x]) for x in (10, 200, 100)]
    assert corners == [HIT, FALSE, MISSED]


def test_the_command_measures_a_folder_of_samples(tmp_path: Path, musicxml: Callable[..., bytes]) -> None:
    bars = [["C5/1", "E5+G5/1", "R/1", "F#4/1"], ["A4/2", "R/2"]] * 4
    layout = Layout(space=SPACE, options=(("adjustPageHeight", True), ("header", "none")))
    sample = next(engrave(musicxml(*bars), layout))
    (tmp_path / "samples").mkdir()
    save_sample(sample, tmp_path / "samples" / "000000")
    figures = tmp_path / "figures.json"
    arguments = ["eval", "detect", str(tmp_path / "samples"), "--json", str(figures), "--draw", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "half a staff space" in " ".join(result.stdout.split())
    assert (tmp_path / "000000.png").exists()
    content = json.loads(figures.read_text())
    truth = [symbol.kind for symbol in sample.truth.symbols]
    assert content["pages"] == 1
    assert content["classes"]["noteheadBlack"]["count"] == truth.count(SymbolKind.HEAD_BLACK)
    assert content["classes"]["noteheadBlack"]["ap50"] > 0.9
    assert content["classes"]["stem"]["ap50"] > 0.8
    assert content["seconds"] > 0


def test_a_set_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "detect", str(tmp_path)])
    assert result.exit_code == 1
    assert "lilypond, aged, muscima, scans" in result.stderr


@pytest.mark.parametrize("name", ["muscima", "scans"])
def test_data_that_is_not_there_is_named_with_the_option_that_mends_it(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "detect", name, "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "--data" in result.stderr


def test_the_shipped_net_has_every_ink_but_perhaps_brackets() -> None:
    inks = set(load_nets().symbols.card.inks)
    assert {"stem", "beam", "barline", "slur", "hairpin", "ledgerLine"} <= inks
