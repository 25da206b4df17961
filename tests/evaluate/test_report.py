"""The table for people."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from leggio.evaluate.counts import CountReport, SystemCounts
from leggio.evaluate.detect import FEWEST, DetectReport
from leggio.evaluate.match import ClassReport, ClassScore
from leggio.evaluate.music import PageScore, Report
from leggio.evaluate.printed import SymbolCounts
from leggio.evaluate.report import MusicRows, print_detection

GOOD = PageScore("joplin-mapleleaf-p2", 0.1234, 0.2, 0.3, 0.9, 0.8, valid=True, seconds=2.54)
LOST = PageScore("scarlatti-[1]", 1.0, None, None, 0.0, 0.0, valid=False, seconds=0.5, error="no staff")


def test_rows_come_one_by_one_under_one_heading_and_line_up() -> None:
    output = StringIO()
    rows = MusicRows(Console(file=output, width=80))
    rows.print_page(GOOD)
    first = output.getvalue().splitlines()
    rows.print_page(LOST)
    rows.print_medians(Report((GOOD, LOST)))
    *heading, good, lost, error, medians = output.getvalue().splitlines()
    assert first == [*heading, good]
    assert (
        " ".join(" ".join(heading).split())
        == "NED of notes notes page MCR NED notes right found seconds valid"
    )
    assert good.split() == ["joplin-mapleleaf-p2", "0.123", "0.200", "0.300", "0.900", "0.800", "2.5", "yes"]
    assert lost.split() == ["scarlatti-[1]", "1.000", "-", "-", "0.000", "0.000", "0.5", "no"]
    assert error.strip() == "no staff"
    assert " ".join(medians.split()) == "median of 2 0.562 0.200 0.300 0.450 0.400 1.5 1/2"
    assert good.index("0.123") == lost.index("1.000") == medians.index("0.562")


def test_detection_has_a_row_for_each_class_and_says_what_was_widened() -> None:
    output = StringIO()
    classes = (ClassScore("clefG", 0, 1, 0, 0.0), ClassScore("noteheadBlack", FEWEST, 1, 1, 0.9))
    report = DetectReport("aged", 3, ClassReport(classes), 0.05, 1.234)
    print_detection(Console(file=output, width=100), report)
    rows = [" ".join(line.split()) for line in output.getvalue().splitlines()]
    assert "noteheadBlack 20 0.900" in rows
    assert "mean of heads 0.900" in rows
    assert "mean of rests -" in rows
    assert not any(row.startswith("clefG") for row in rows)
    assert "aged: 3 pages, 1.23 s a page (median of the detector)." in rows
    assert "thinner than half a staff space" in " ".join(rows)


def test_counts_have_a_row_for_each_kind() -> None:
    output = StringIO()
    system = SystemCounts(SymbolCounts(filled_heads=12), SymbolCounts(filled_heads=10))
    print_detection(Console(file=output, width=100), CountReport("scans", 1, (system,), 2.0))
    rows = [" ".join(line.split()) for line in output.getvalue().splitlines()]
    assert "filledHeads 12 10 0.909" in rows
    assert "rests 0 0 -" in rows
    assert "scans: 1 pages, 1 systems, 2.00 s a page (median of the detector)." in rows
