"""How well music is read: every case of a folder read and measured against its truth.

A case is a folder with `page.png` and `truth.musicxml`; its name is its id. A page that fails (no answer, an answer
that breaks the MusicXML schema) counts as error 1 and not as absent. Figures: see `leggio.evaluate.music_metrics`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeAlias

from leggio.errors import LeggioError, NothingToRead
from leggio.evaluate.music_metrics import ALL_METRICS, AnswerScore, Metric, failed_score, score_answer
from leggio.evaluate.origin import commit, machine
from leggio.evaluate.peers import TIME_LIMIT
from leggio.files import write_whole
from leggio.record import to_json

Reader: TypeAlias = Callable[[Path], bytes]
"""From the file of a page to MusicXML; raises `LeggioError` where there is no answer."""


@dataclass(frozen=True, slots=True)
class PageScore:
    """The figures of one page, as in `AnswerScore`; `seconds` is the reader's time, file to MusicXML."""

    id: str
    mcr: float | None
    ned: float | None
    ned_notes: float | None
    note_precision: float | None
    note_recall: float | None
    valid: bool
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Medians:
    """The medians over all pages, failed ones included; None for what was not measured."""

    mcr: float | None
    ned: float | None
    ned_notes: float | None
    note_precision: float | None
    note_recall: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """All pages of a run, in the order of their ids, and where the run took place."""

    pages: tuple[PageScore, ...]
    commit: str | None = None
    machine: str | None = None

    @property
    def median(self) -> Medians:
        return Medians(**{column.name: self._median(column.name) for column in fields(Medians)})

    @property
    def valid(self) -> int:
        """How many pages have an answer that passes the schema."""
        return sum(page.valid for page in self.pages)

    def to_json(self) -> str:
        """`{"pages": [{"id", "mcr", ...}], "median": {...}}` with the commit and the machine."""
        content = {
            "pages": to_json(self.pages),
            "median": to_json(self.median),
            "commit": self.commit,
            "machine": self.machine,
        }
        return json.dumps(content, indent=1) + "\n"

    def _median(self, name: str) -> float | None:
        values = [value for page in self.pages if (value := getattr(page, name)) is not None]
        return median(values) if values else None


def evaluate_folder(
    folder: Path,
    *,
    reader: Reader | None = None,
    on_row: Callable[[PageScore], None] = lambda row: None,
    metrics: Collection[Metric] = ALL_METRICS,
    limit: int | None = None,
    time_limit: float = TIME_LIMIT,
    keep: Path | None = None,
) -> Report:
    """Read and measure every case under `folder`, at most `limit` of them.

    `reader` is leggio's own where none is given; `on_row` hears of each page as soon as it is measured; the answers
    are kept as `keep/ID.musicxml`. Raises `NothingToRead` for a folder without cases.
    """
    cases = find_cases(folder)[:limit]
    reader = reader or music_reader()
    pages = []
    for case in cases:
        pages.append(_evaluate_case(case, reader, metrics, time_limit, keep))
        on_row(pages[-1])
    return Report(tuple(pages), commit(), machine())


def find_cases(folder: Path) -> Sequence[Path]:
    """The case folders under `folder`, by name. Raises `NothingToRead` where there is none."""
    cases = sorted(
        page.parent for page in folder.glob("*/page.png") if (page.parent / "truth.musicxml").is_file()
    )
    if not cases:
        raise NothingToRead(
            f"{folder} holds no cases: give a folder of folders with page.png and truth.musicxml each."
        )
    return cases


def music_reader() -> Reader:
    """leggio's own reader, its nets loaded once."""
    # Imported here so that answers written before, or by another reader, are measured without any net.
    from leggio.music.musicxml import write_musicxml
    from leggio.music.read import load_nets, read_file

    nets = load_nets()

    def read_page(path: Path) -> bytes:
        reading = read_file(path, nets)
        if reading.score is None:
            raise NothingToRead("; ".join(map(str, reading.failures)) or "no music was found")
        return write_musicxml(reading.score)

    return read_page


def _evaluate_case(
    case: Path, reader: Reader, metrics: Collection[Metric], time_limit: float, keep: Path | None
) -> PageScore:
    start = perf_counter()
    answer, problem = _try_to_read(case / "page.png", reader)
    seconds = perf_counter() - start
    if answer is None:
        return _page_score(case.name, seconds, failed_score(problem, metrics))
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        write_whole(keep / f"{case.name}.musicxml", answer)
    score = score_answer(case / "truth.musicxml", answer, metrics=metrics, time_limit=time_limit)
    if not score.valid:
        score = failed_score(score.error or "not valid", metrics)
    return _page_score(case.name, seconds, score)


def _try_to_read(page: Path, reader: Reader) -> tuple[bytes | None, str]:
    try:
        return reader(page), ""
    except LeggioError as problem:
        return None, str(problem)
    except Exception as problem:  # A crash is a result too, and must not take the other pages with it.
        return None, f"crashed: {type(problem).__name__}: {problem}"


def _page_score(name: str, seconds: float, score: AnswerScore) -> PageScore:
    return PageScore(id=name, seconds=round(seconds, 3), **asdict(score))
