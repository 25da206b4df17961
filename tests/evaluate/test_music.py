"""A folder of cases, read by a fake reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from leggio.errors import NothingToRead
from leggio.evaluate.music import Medians, PageScore, Report, evaluate_folder
from leggio.evaluate.music_metrics import Metric

Musicxml = Callable[..., bytes]

QUICK = frozenset({Metric.MCR, Metric.NOTES})
FIGURES = ("mcr", "ned", "ned_notes", "note_precision", "note_recall", "valid")


@pytest.fixture
def cases(tmp_path: Path, musicxml: Musicxml) -> Path:
    """Three pages, `a`, `b` and `c`, of two bars each; and a folder that is no case."""
    for name, last in (("a", "C4/4"), ("b", "D4/4"), ("c", "E4/4")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.png").write_bytes(name.encode())
        (tmp_path / name / "truth.musicxml").write_bytes(musicxml(["F4/2", "G4/2"], [last]))
    (tmp_path / "notes").mkdir()
    return tmp_path


def perfect(page: Path) -> bytes:
    return (page.parent / "truth.musicxml").read_bytes()


def figures(page: PageScore) -> tuple[object, ...]:
    return tuple(getattr(page, name) for name in FIGURES)


def test_every_case_gets_a_row_in_the_order_of_its_name(cases: Path) -> None:
    rows: list[PageScore] = []
    report = evaluate_folder(cases, reader=perfect, on_row=rows.append, metrics=QUICK)
    assert [page.id for page in report.pages] == ["a", "b", "c"]
    assert tuple(rows) == report.pages
    assert all(figures(page) == (0.0, None, None, 1.0, 1.0, True) for page in report.pages)


def test_all_figures_of_a_perfect_page_are_perfect(cases: Path) -> None:
    (page,) = evaluate_folder(cases, reader=perfect, limit=1).pages
    assert figures(page) == (0.0, 0.0, 0.0, 1.0, 1.0, True)
    assert page.error is None
    assert page.seconds >= 0


def fail_on_b(problem: Exception) -> Callable[[Path], bytes]:
    def read(page: Path) -> bytes:
        if page.parent.name == "b":
            raise problem
        return perfect(page)

    return read


def test_a_page_without_an_answer_counts_as_error_one_and_not_as_absent(cases: Path) -> None:
    reader = fail_on_b(NothingToRead("There is no staff on this page: scan another one."))
    report = evaluate_folder(cases, reader=reader, metrics=frozenset({Metric.MCR, Metric.NOTES}))
    assert figures(report.pages[1]) == (1.0, None, None, 0.0, 0.0, False)
    assert report.pages[1].error == "There is no staff on this page: scan another one."
    assert report.valid == 2


def test_a_reader_that_crashes_loses_one_page_and_not_the_run(cases: Path) -> None:
    report = evaluate_folder(cases, reader=fail_on_b(ZeroDivisionError("by zero")), metrics={Metric.NOTES})
    assert [page.note_recall for page in report.pages] == [1.0, 0.0, 1.0]
    assert report.pages[1].error == "crashed: ZeroDivisionError: by zero"


def test_an_answer_that_breaks_the_schema_counts_as_error_one(cases: Path) -> None:
    def read(page: Path) -> bytes:
        return perfect(page).replace(b"<voice>1</voice>", b"<loudness/>")

    (page,) = evaluate_folder(cases, reader=read, metrics={Metric.NOTES}, limit=1).pages
    assert figures(page) == (None, None, None, 0.0, 0.0, False)


def test_answers_are_kept_where_asked(cases: Path, tmp_path: Path) -> None:
    evaluate_folder(cases, reader=perfect, metrics={Metric.NOTES}, limit=1, keep=tmp_path / "answers")
    assert (tmp_path / "answers" / "a.musicxml").read_bytes() == perfect(cases / "a" / "page.png")


def test_a_folder_without_cases_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match="holds no cases"):
        evaluate_folder(tmp_path, reader=perfect)


def test_medians_count_failed_pages_and_leave_out_what_was_not_measured() -> None:
    pages = (
        PageScore("a", 0.1, None, None, 0.9, 0.8, valid=True, seconds=2.0),
        PageScore("b", 1.0, None, None, 0.0, 0.0, valid=False, seconds=1.0, error="lost"),
        PageScore("c", 0.3, None, None, 0.7, 0.6, valid=True, seconds=6.0),
    )
    assert Report(pages).median == Medians(0.3, None, None, 0.7, 0.6, seconds=2.0)


def test_the_json_has_a_row_for_each_page_and_the_medians() -> None:
    page = PageScore("a", 0.1, 0.2, 0.3, 0.9, 0.8, valid=True, seconds=2.5)
    row = {
        "mcr": 0.1,
        "ned": 0.2,
        "ned_notes": 0.3,
        "note_precision": 0.9,
        "note_recall": 0.8,
        "seconds": 2.5,
    }
    assert json.loads(Report((page,), commit="abc", machine="a processor, 2 cores").to_json()) == {
        "pages": [{"id": "a", **row, "valid": True, "error": None}],
        "median": row,
        "commit": "abc",
        "machine": "a processor, 2 cores",
    }
