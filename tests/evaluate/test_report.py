"""The table for people."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from leggio.evaluate.music import PageScore, Report
from leggio.evaluate.report import MusicRows

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
