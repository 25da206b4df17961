"""Watch a folder: the main path. In: files that appear. Out: an archive that knows them, a clipping for each match."""

from __future__ import annotations

import hashlib
import itertools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leggio.errors import InputError, LeggioError, MissingExtra
from leggio.news.watch.archive import Archive, SeenFile, add_issue, format_time, write_failure
from leggio.news.watch.deliver import Deliverer, Event, EventKind
from leggio.news.watch.outbox import Plan, add_matches
from leggio.news.watch.printed import FileReading, StoredArticle, choose_blocks, compose_text
from leggio.news.watch.subjects import Matcher
from leggio.page import PDF_SUFFIX, PICTURE_SUFFIXES, PageFailure

# So often a file may end the process that reads it (out of memory, a decoder that crashes) before it is put aside.
MAX_CRASHES = 5
BATCH = 100  # articles a transaction when the archive is asked again
SETTLE_S = 2.0  # a file whose size and time stay the same for so long has arrived

ReadFile = Callable[[Path], FileReading]


@dataclass(frozen=True, slots=True)
class _Look:
    """How a file looked, and since when."""

    size: int
    modified: int
    since: float


class Watcher:
    """Takes in what is new in a folder, one file after the other, and delivers what matches.

    `read` reads a file or raises LeggioError; `plan` says where the clippings of a subject go. The archive belongs to
    this process alone (`hold_archive`). Raises InputError where there is no such folder.
    """

    def __init__(
        self, archive: Archive, folder: Path, read: ReadFile, matcher: Matcher, plan: Plan, deliverer: Deliverer,
        settle_s: float = SETTLE_S, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        if not folder.is_dir():
            raise InputError(f"There is no folder {folder} to watch: make it, or check how it is spelled.")
        self.archive = archive
        self.folder = (
            folder.absolute()
        )  # what is remembered of a file should not depend on where leggio was started
        self._read = read
        self._matcher = matcher
        self._plan = plan
        self._deliverer = deliverer
        self.settle_s = settle_s
        self._clock = clock
        self._looks: dict[Path, _Look] = {}
        self._refused: dict[Path, int] = {}

    @property
    def waiting(self) -> bool:
        """Whether files are there that have not stopped growing yet."""
        return bool(self._looks)

    def step(self) -> Iterator[Event]:
        """Deliver what is left over, then take in each file that has arrived since, and deliver what it brings."""
        yield from self._deliverer.deliver()
        suspects = []
        for path, look in self._find_arrived():
            try:
                file = SeenFile(str(path), look.size, look.modified, hash_file(path))
            except OSError as error:
                yield from self._refuse(path, look, error)
                continue
            if self.archive.count_crashes(file.hash):
                suspects.append(file)
            else:
                yield from self._take_in(file)
        for file in suspects:  # last, so that a file that ends the process keeps no other one waiting
            yield from self._take_in(file)
        yield from self._deliverer.deliver_feeds()

    def _find_arrived(self) -> list[tuple[Path, _Look]]:
        """Files that are new or changed and have stopped growing."""
        before, self._looks = self._looks, {}
        arrived = []
        for path in list_files(self.folder, self._deliverer.out.absolute()):
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed
                continue
            size, modified = stat.st_size, stat.st_mtime_ns
            if self.archive.is_seen(str(path), size, modified):
                continue
            look = before.get(path)
            if look is None or (look.size, look.modified) != (size, modified):
                look = _Look(size, modified, time.monotonic())
            if time.monotonic() - look.since >= self.settle_s:
                arrived.append((path, look))
            else:
                self._looks[path] = look
        return arrived

    def _refuse(self, path: Path, look: _Look, error: OSError) -> Iterator[Event]:
        """A file that may not be opened: said once, tried at each step, for somebody may allow it."""
        if self._refused.get(path) != look.modified:
            self._refused[path] = look.modified
            reason = (error.strerror or str(error)).lower()
            yield Event(EventKind.FAILED, f"{path} cannot be opened ({reason}): allow leggio to read it.")

    def _take_in(self, file: SeenFile) -> Iterator[Event]:
        known = self.archive.find_issue(file.hash)
        if known is not None:
            self.archive.mark_seen(file)
            if known != file.path:
                yield Event(
                    EventKind.COPY, f"{file.path} is a copy of {known}, which was read: it is not read again."
                )
        elif self.archive.has_failed(file.hash):
            self.archive.mark_seen(file)
        elif self.archive.count_start(file.hash) >= MAX_CRASHES:
            yield self._give_up(
                file,
                f"Reading {file.path} ended leggio {MAX_CRASHES} times: scan or export it again, smaller.",
            )
        else:
            yield from self._read_file(file)
            yield from self._deliverer.deliver_folders()
            yield from self._deliverer.deliver_webhooks()

    def _read_file(self, file: SeenFile) -> Iterator[Event]:
        path = Path(file.path)
        try:
            reading = self._read(path)
            _raise_missing(reading.failures)
            stat = path.stat()
        except MissingExtra:  # that is no fault of the file, and would be said of each one
            self.archive.forget_start(file.hash)
            raise
        except LeggioError as error:
            yield self._give_up(file, str(error))
            return
        except (OSError, KeyboardInterrupt) as error:  # gone, or told to stop: that is no crash
            self.archive.forget_start(file.hash)
            if isinstance(error, OSError):
                return
            raise
        if (stat.st_size, stat.st_mtime_ns) != (file.size, file.modified):
            self.archive.forget_start(file.hash)
            return  # it grew while it was read: the next step sees it anew
        if not reading.readings and not reading.failures:
            yield self._give_up(file, f"There is no page in {file.path}: scan or export it again.")
            return
        found = [
            self._matcher.match(
                article.kind, article.headline, compose_text(choose_blocks(page.layout, article))
            )
            for page in reading.readings
            for article in page.articles
        ]
        now = format_time(self._clock())
        with self.archive.transaction() as connection:
            numbers = add_issue(self.archive, connection, file, reading, now)
            for number, matches in zip(numbers, found, strict=True):
                add_matches(connection, number, matches, self._plan, now)
        clippings = sum(map(len, found))
        yield Event(
            EventKind.READ,
            f"{file.path}: {len(reading.readings)} pages, {len(found)} articles, {clippings} clippings",
        )
        for failure in reading.failures:
            yield Event(EventKind.FAILED, str(failure.error))

    def _give_up(self, file: SeenFile, sentence: str) -> Event:
        with self.archive.transaction() as connection:
            write_failure(connection, file, 0, sentence, format_time(self._clock()))
        return Event(EventKind.FAILED, sentence)


def watch(watcher: Watcher, interval_s: float, once: bool = False) -> Iterator[Event]:
    """Look into the folder each `interval_s` seconds, for ever; `once`: until all that is there has been taken in."""
    while True:
        yield from watcher.step()
        if once and not watcher.waiting:
            return
        time.sleep(min(interval_s, watcher.settle_s) if watcher.waiting else interval_s)


def match_again(
    archive: Archive, matcher: Matcher, plan: Plan, clock: Callable[[], float] = time.time
) -> int:
    """Ask all articles of the archive for the subjects of `matcher`. How many new clippings wait to be delivered.

    An article that has answered a subject before answers it no second time, so this may be stopped and run again.
    """
    new = 0
    for batch in _batches(archive.walk_articles()):
        found = [
            matcher.match(printed.article.kind, printed.article.headline, printed.text) for printed in batch
        ]
        now = format_time(clock())
        with archive.transaction() as connection:
            for printed, matches in zip(batch, found, strict=True):
                new += add_matches(connection, printed.id, matches, plan, now)
    return new


def _raise_missing(failures: Sequence[PageFailure]) -> None:
    """Raises the MissingExtra that a page failed for, where there is one."""
    for failure in failures:
        if isinstance(failure.error, MissingExtra):
            raise failure.error


def _batches(articles: Iterator[StoredArticle]) -> Iterator[list[StoredArticle]]:
    while batch := list(itertools.islice(articles, BATCH)):
        yield batch


def list_files(folder: Path, out: Path) -> list[Path]:
    """The pictures and PDFs in a folder and the folders inside it; hidden ones, and what leggio wrote, are left out."""
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and Path(parent, name) != out]
        files += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and Path(name).suffix.lower() in {*PICTURE_SUFFIXES, PDF_SUFFIX}
        ]
    return sorted(files)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's content in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
