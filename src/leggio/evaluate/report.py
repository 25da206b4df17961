"""The figures of a run as a table for people. Of reading: one row a page as soon as it is measured, the medians at the
end. Of detection: one row a class.

"Notes right" is the precision of notes, "notes found" their recall.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leggio.evaluate.counts import CountReport
from leggio.evaluate.detect import FEWEST, NOTE, DetectReport
from leggio.evaluate.music import Medians, PageScore, Report
from leggio.evaluate.news import NewsReport


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table: its heading, its width in characters and the digits after the point."""

    name: str
    heading: str
    width: int
    digits: int = 3


_FIGURES = (
    _Column("mcr", "MCR", 6),
    _Column("ned", "NED", 6),
    _Column("ned_notes", "NED of notes", 6),
    _Column("note_precision", "notes right", 6),
    _Column("note_recall", "notes found", 6),
    _Column("seconds", "seconds", 7, digits=1),
)
_ID_WIDTH = 22


class MusicRows:
    """Prints a run while it goes on: `print_page` for every page, `print_medians` once at the end.

    Every row is a table of its own with fixed widths, so that rows line up on a screen and in a log alike.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = False

    def print_page(self, page: PageScore) -> None:
        table = _table(with_heading=not self._started)
        _add_page(table, page)
        self._console.print(table)
        if page.error:
            self._console.print(Text(f"  {page.error}", style="red"))
        self._started = True

    def print_medians(self, report: Report) -> None:
        table = _table(with_heading=not self._started)
        _add_medians(table, report)
        self._console.print(table)


def print_detection(console: Console, report: DetectReport | CountReport) -> None:
    """The whole run: a row for each class or each kind that was counted, and what holds for all of it."""
    seconds = f"{_show(report.seconds, 2)} s a page (median of the detector)."
    if isinstance(report, CountReport):
        console.print(_count_table(report))
        console.print(Text(f"{report.set}: {report.pages} pages, {len(report.systems)} systems, {seconds}"))
    else:
        console.print(_class_table(report))
        console.print(Text(f"{report.set}: {report.pages} pages, {seconds}"))
        console.print(Text(f"{NOTE} Means are over classes with at least {FEWEST} true instances."))


def print_news(console: Console, report: NewsReport) -> None:
    """A row for each newspaper, the mean over newspapers, and how long a page takes."""
    table = _figure_table("newspaper", "AS F1@.5", "B-cubed", "DER", "completeness", "mIoU", "ARI", "kinds")
    rows = [*report.newspapers.items(), (f"mean of {len(report.newspapers)}", report.mean)]
    for name, s in rows:
        figures = (s.as_f1, s.b3, s.der, s.completeness, s.miou, s.ari, s.kinds)
        table.add_row(
            name, *(_show(figure, 3) for figure in figures), style="" if s is not rows[-1][1] else "bold"
        )
    console.print(table)
    lost = sum(page.error is not None for page in report.pages)
    console.print(
        Text(f"{len(report.pages)} pages, {lost} not read, {_show(report.seconds, 2)} s a page (median).")
    )


def _class_table(report: DetectReport) -> Table:
    table = _figure_table("class", "true", "AP@.5")
    for score in report.result.classes:
        if score.truth:
            table.add_row(score.name, str(score.truth), _show(score.average_precision, 3))
    table.add_section()
    for name, value in report.groups:
        table.add_row(f"mean of {name}", "", _show(value, 3))
    table.add_row("mean of all classes (mAP@.5)", "", _show(report.map50, 3), style="bold")
    table.add_row("calibration error of symbols", "", _show(report.calibration, 3))
    return table


def _count_table(report: CountReport) -> Table:
    table = _figure_table("counted", "true", "found", "F1")
    for row in report.rows:
        table.add_row(row.name, str(row.truth), str(row.found), _show(row.f1, 3))
    return table


def _figure_table(name: str, *figures: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(name)
    for figure in figures:
        table.add_column(figure, justify="right")
    return table


def _table(*, with_heading: bool) -> Table:
    table = Table(box=None, show_header=with_heading, pad_edge=False)
    table.add_column("page", width=_ID_WIDTH, no_wrap=True)
    for column in _FIGURES:
        table.add_column(column.heading, width=column.width, justify="right")
    table.add_column("valid", width=7)
    return table


def _add_page(table: Table, page: PageScore) -> None:
    table.add_row(Text(page.id), *_figures(page), Text("yes") if page.valid else Text("no", style="red"))


def _add_medians(table: Table, report: Report) -> None:
    count = len(report.pages)
    table.add_row(f"median of {count}", *_figures(report.median), f"{report.valid}/{count}", style="bold")


def _figures(row: PageScore | Medians) -> list[str]:
    return [_show(getattr(row, column.name), column.digits) for column in _FIGURES]


def _show(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
