"""`leggio watch` and `leggio search`: clippings of what newspapers print about a subject, and what they printed."""

from __future__ import annotations

import datetime
import json
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from leggio.cli.engine import EngineName, Languages, load_engine
from leggio.cli.output import SOME_FAILED, WRONG_USE, complain, extra, plain_errors
from leggio.errors import LeggioError
from leggio.record import to_json

if TYPE_CHECKING:  # the commands import what they need themselves, so that `leggio --help` answers at once
    from collections.abc import Iterable
    from types import FrameType

    from leggio.news.watch.deliver import Event
    from leggio.news.watch.outbox import Plan
    from leggio.news.watch.search import Found
    from leggio.news.watch.sheets import SheetWriter
    from leggio.news.watch.subjects import Matcher, Subject
    from leggio.news.watch.watch import ReadFile

LOCK_WAIT_S = 10.0  # a watch that is being restarted is gone sooner


def watch_folder(
    archive: Annotated[
        Path, typer.Option(metavar="FILE", help="The archive; made where there is none.", dir_okay=False)
    ],
    subjects: Annotated[
        Path,
        typer.Option(metavar="FILE", help="What to look for, in TOML: see docs/watch.md.", dir_okay=False),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The folder for clippings and feeds.", file_okay=False)
    ],
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where pictures and PDFs of pages arrive.")
    ] = None,
    feed: Annotated[
        bool, typer.Option("--feed", help="Write an Atom feed for each subject and for all.")
    ] = False,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Post each clipping to this address as JSON.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop when all that is there has been read.")] = False,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds from one look to the next.")] = 10.0,
    settle: Annotated[
        float, typer.Option(min=0.0, help="Seconds that a file must stay the same before it is read.")
    ] = 2.0,
    engine: EngineName = None,
    languages: Languages = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Write clip sheets as PDF too; needs Typst.")] = False,
    again: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SUBJECT",
            help="Ask the whole archive for this subject, and stop; may be given several times.",
        ),
    ] = None,
) -> None:
    """Read each page that arrives in a folder, once, and make a clipping of each article that answers a subject."""
    from leggio.news.watch.deliver import plan_targets
    from leggio.news.watch.subjects import load_subjects

    with plain_errors(WRONG_USE):
        chosen = load_subjects(subjects)
        if webhook is not None and not webhook.startswith(("http://", "https://")):
            raise LeggioError(
                f"{webhook} is no address of a webhook: write one that begins with https:// or http://."
            )
        targets = {subject.name: plan_targets(subject, feed, webhook) for subject in chosen}
        if again:
            chosen = _choose(chosen, again, subjects)
        elif folder is None:
            raise LeggioError("There is no folder to watch: name one, or a subject with --again.")
    signal.signal(signal.SIGTERM, _stop)
    with plain_errors(), extra("news"):
        if folder is None or again:
            _ask_again(archive, chosen, targets.__getitem__, out, pdf)
            return
        read = _load_reader(engine, languages)
        pace = _Pace(interval, settle, once)
        failed = _watch(archive, folder, read, chosen, targets.__getitem__, out, pdf, pace)
    if once and failed:
        raise typer.Exit(SOME_FAILED)


def search_archive(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="An archive of leggio watch.")],
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="A query, as subjects have: see docs/watch.md.")
    ],
    limit: Annotated[int, typer.Option(min=1, help="At most so many articles.")] = 20,
    since: Annotated[
        str, typer.Option(metavar="DAY", help="Only issues from this day on, such as 2026-11-25.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Only issues up to this day.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Search all that was read, the best first."""
    from leggio.news.watch.archive import read_archive
    from leggio.news.watch.search import search

    with plain_errors(WRONG_USE), extra("news"), read_archive(archive) as opened:
        found = search(opened, query, limit, _check_day(since), _check_day(until))
    if as_json:
        print(json.dumps([to_json(each) for each in found], ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    for each in found:
        _print_found(console, each)
    if not found:
        complain(f"Nothing in {archive} answers {query}.")


@dataclass(frozen=True, slots=True)
class _Pace:
    """How often to look, how long a file must rest, in seconds; and whether to stop when all is read."""

    interval: float
    settle: float
    once: bool


def _watch(
    archive: Path, folder: Path, read: ReadFile, chosen: tuple[Subject, ...], plan: Plan, out: Path, pdf: bool,
    pace: _Pace,
) -> int:  # fmt: skip
    """Watch until all is read or somebody stops it. How many files, pages and deliveries failed."""
    from leggio.news.watch.archive import hold_archive, open_archive
    from leggio.news.watch.deliver import Deliverer
    from leggio.news.watch.watch import Watcher, watch

    failed = 0
    with hold_archive(archive, LOCK_WAIT_S), open_archive(archive) as opened:
        deliverer = Deliverer(opened, out, _make_sheets(pdf), time.time)
        watcher = Watcher(opened, folder, read, _make_matcher(chosen), plan, deliverer, pace.settle)
        try:
            failed += _print_events(watch(watcher, pace.interval, pace.once))
        except _Stopped:
            complain("stopped; what was begun is taken up at the next start.")
    return failed


def _ask_again(archive: Path, chosen: tuple[Subject, ...], plan: Plan, out: Path, pdf: bool) -> None:
    """Ask the archive, and deliver what is new, unless another process is there to do so."""
    from leggio.news.watch.archive import ArchiveBusy, hold_archive, open_archive, read_archive
    from leggio.news.watch.deliver import Deliverer
    from leggio.news.watch.watch import match_again

    with read_archive(archive):  # a slip in its name should not make a new one
        pass
    with open_archive(archive) as opened:
        new = match_again(opened, _make_matcher(chosen), plan)
        complain(f"{new} new clippings.")
        try:
            with hold_archive(archive, wait_s=0.5):
                _print_events(Deliverer(opened, out, _make_sheets(pdf), time.time).deliver())
        except ArchiveBusy:
            complain("The leggio watch that works with this archive delivers them at its next look.")


def _load_reader(engine: str | None, languages: str) -> ReadFile:
    from leggio.news.read import load_nets, read_file

    nets = load_nets()
    chosen = load_engine(engine, languages)
    return lambda path: read_file(path, nets, chosen)


def _make_sheets(pdf: bool) -> SheetWriter:
    from leggio.news.read import make_upright
    from leggio.news.watch.sheets import SheetWriter

    return SheetWriter(pdf, lambda page: make_upright(page)[0])


def _make_matcher(chosen: tuple[Subject, ...]) -> Matcher:
    from leggio.news.watch.meaning import load_embedder
    from leggio.news.watch.subjects import Matcher

    meant = any(subject.entry.meaning for subject in chosen)
    return Matcher(chosen, load_embedder() if meant else None)


def _choose(chosen: tuple[Subject, ...], names: list[str], source: Path) -> tuple[Subject, ...]:
    known = {subject.name: subject for subject in chosen}
    for name in names:
        if name not in known:
            raise LeggioError(
                f"There is no subject {name} in {source}, only {', '.join(known)}: name one of them."
            )
    return tuple(known[name] for name in dict.fromkeys(names))


def _print_events(events: Iterable[Event]) -> int:
    """What was written on stdout, all else on stderr, at once. How much failed."""
    from leggio.news.watch.deliver import EventKind

    failed = 0
    for event in events:
        if event.kind is EventKind.CLIPPED:
            print(event.path, flush=True)
        else:
            complain(event.sentence)
            sys.stderr.flush()
        failed += event.kind in (EventKind.FAILED, EventKind.REFUSED)
    return failed


def _print_found(console: Console, found: Found) -> None:
    source, snippet = found.printed.source, found.snippet
    console.print(Text(found.printed.article.headline.replace("\n", " ") or "without headline", style="bold"))
    console.print(Text(f"{source.issue}, {source.date}, page {source.page} ({source.path})", style="dim"))
    text = Text(snippet.text)
    for start, end in snippet.marks:
        text.stylize("bold yellow", start, end)
    console.print(text, end="\n\n")


def _check_day(day: str) -> str:
    try:
        return datetime.date.fromisoformat(day).isoformat() if day else ""
    except ValueError as error:
        raise LeggioError(f"{day} is not a day: write it as 2026-11-25.") from error


class _Stopped(KeyboardInterrupt):
    """The system asks the process to end."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped
