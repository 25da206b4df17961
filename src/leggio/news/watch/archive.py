"""The archive: one SQLite file with all that was read, what it answered, and what has still to be delivered.

It is written by one process at a time and read by any number beside it. Everything that belongs together is written in
one transaction, so a process may be killed at any moment: the archive then holds all of it or nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leggio.errors import InputError, LeggioError
from leggio.news.layout import Article, Block
from leggio.news.watch.printed import FileReading, Source, StoredArticle, choose_blocks, compose_text
from leggio.news.watch.schema import MIGRATIONS, migrate, read_version
from leggio.news.watch.words import fold, index_word, split_words
from leggio.record import from_json, to_json

BUSY_S = (
    30.0  # a transaction of another process takes milliseconds; a full disk or a sleeping one takes longer
)

_DATE = re.compile(r"(?<!\d)((?:1[6-9]|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_SELECT_ARTICLE = """
    SELECT a.id, i.name, i.date, i.path, i.hash, p.number, p.width, p.height, p.dpi, a.article, a.blocks, a.text
    FROM articles a JOIN pages p ON p.id = a.page JOIN issues i ON i.id = p.issue"""


class ArchiveBusy(LeggioError):
    """Another process watches with this archive."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of the watched folder: its size in bytes, when it was changed (ns), and the SHA-256 of its content."""

    path: str
    size: int
    modified: int
    hash: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A page, or with page 0 a file, that could not be read, and the sentence that says why."""

    path: str
    page: int
    sentence: str
    time: str


@dataclass(frozen=True, slots=True)
class _Stored:
    """The records of an article as the archive keeps them."""

    article: Article
    blocks: tuple[Block, ...]


class Archive:
    """An open archive. Use it with `with`, or close it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside becomes visible and durable together, or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def is_seen(self, path: str, size: int, modified: int) -> bool:
        """Whether a file of this name was dealt with and looks unchanged."""
        row = self.connection.execute("SELECT size, modified FROM files WHERE path = ?", (path,)).fetchone()
        return bool(row == (size, modified))

    def find_issue(self, file_hash: str) -> str | None:
        """The path of a file with the same content whose pages were read; None where there is none."""
        row = self.connection.execute("SELECT path FROM issues WHERE hash = ?", (file_hash,)).fetchone()
        return None if row is None else str(row[0])

    def has_failed(self, file_hash: str) -> bool:
        """Whether a file with the same content gave no page at all."""
        row = self.connection.execute(
            "SELECT 1 FROM failures WHERE hash = ? AND hash NOT IN (SELECT hash FROM issues)", (file_hash,)
        ).fetchone()
        return row is not None

    def mark_seen(self, file: SeenFile) -> None:
        """Remember a file that needs no reading; where its pages are no longer at their old place, they are here."""
        with self.transaction() as connection:
            _write_file(connection, file)
            row = connection.execute(
                "SELECT i.path, f.hash FROM issues i LEFT JOIN files f ON f.path = i.path WHERE i.hash = ?",
                (file.hash,),
            ).fetchone()
            if row is not None and (row[1] != file.hash or not Path(row[0]).is_file()):
                connection.execute("UPDATE issues SET path = ? WHERE hash = ?", (file.path, file.hash))

    def count_start(self, file_hash: str) -> int:
        """Note that a file is about to be read, and say how often reading it was begun and never ended before."""
        row = self.connection.execute("SELECT count FROM crashes WHERE hash = ?", (file_hash,)).fetchone()
        crashes = 0 if row is None else int(row[0])
        self.connection.execute("INSERT OR REPLACE INTO crashes VALUES (?, ?)", (file_hash, crashes + 1))
        return crashes

    def forget_start(self, file_hash: str) -> None:
        """Take back `count_start`: the reading was stopped on purpose."""
        self.connection.execute("UPDATE crashes SET count = count - 1 WHERE hash = ?", (file_hash,))

    def count_crashes(self, file_hash: str) -> int:
        """How often reading this content was begun and never ended."""
        row = self.connection.execute("SELECT count FROM crashes WHERE hash = ?", (file_hash,)).fetchone()
        return 0 if row is None else int(row[0])

    def list_failures(self) -> tuple[Failure, ...]:
        """What could not be read, the oldest first."""
        rows = self.connection.execute(
            "SELECT path, page, sentence, time FROM failures ORDER BY time, path, page"
        )
        return tuple(Failure(*row) for row in rows)

    def load_article(self, number: int) -> StoredArticle:
        """The article with this id. Raises KeyError."""
        row = self.connection.execute(f"{_SELECT_ARTICLE} WHERE a.id = ?", (number,)).fetchone()
        if row is None:
            raise KeyError(number)
        return _read_article(row)

    def walk_articles(self, after: int = 0) -> Iterator[StoredArticle]:
        """All articles in the order in which they were read, from the one behind `after` on; one at a time."""
        query = f"{_SELECT_ARTICLE} WHERE a.id > ? ORDER BY a.id LIMIT 1"
        while (row := self.connection.execute(query, (after,)).fetchone()) is not None:
            article = _read_article(row)
            yield article
            after = article.id

    def count(self, table: str) -> int:
        """How many rows one of the tables has: issues, pages, articles, matches, deliveries, failures."""
        if table not in ("issues", "pages", "articles", "matches", "deliveries", "failures"):
            raise ValueError(table)
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def open_archive(path: Path) -> Archive:
    """Open an archive to write; make it where there is none, bring it to the newest version. Raises LeggioError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, "rwc")
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, str(path))
    except (sqlite3.Error, OSError) as error:
        raise _not_an_archive(path, error) from error
    return Archive(connection, path)


def read_archive(path: Path) -> Archive:
    """Open an archive to read, also while another process writes it. Raises LeggioError."""
    if not path.is_file():
        raise InputError(f"There is no archive {path}: check how it is spelled, or let leggio watch make it.")
    try:
        connection = _connect(path, "rw")
        connection.execute("PRAGMA query_only = 1")
        version = read_version(connection)
    except sqlite3.Error as error:
        raise _not_an_archive(path, error) from error
    if version != len(MIGRATIONS):
        connection.close()
        which = "a newer leggio: upgrade this one" if version else "no leggio yet: let leggio watch fill it"
        if 0 < version < len(MIGRATIONS):
            which = "an older leggio: open it once with leggio watch"
        raise LeggioError(f"{path} was made by {which}.")
    return Archive(connection, path)


@contextmanager
def hold_archive(path: Path, wait_s: float = 10.0) -> Iterator[None]:
    """Be the only one who watches with this archive.

    Raises ArchiveBusy where another process stays longer than `wait_s`.

    The lock is a second SQLite file, locked as SQLite locks: it works on each system, and ends with its process even if
    that is killed.
    """
    beside = path.with_name(f"{path.name}.lock")
    with closing(_lock(beside, path, wait_s)):
        yield


def add_issue(
    archive: Archive, connection: sqlite3.Connection, file: SeenFile, reading: FileReading, now: str
) -> tuple[int, ...]:
    """Write all pages of a file, inside a transaction; the ids of their articles, in the order of the reading.

    Pages that failed are written with their sentences. Nothing of a file that is there already is written again.
    """
    _write_file(connection, file)
    connection.execute("DELETE FROM crashes WHERE hash = ?", (file.hash,))
    for failure in reading.failures:
        write_failure(connection, file, failure.number, str(failure.error), now)
    if not reading.readings or archive.find_issue(file.hash) is not None:
        return ()
    path = Path(file.path)
    issue = connection.execute(
        "INSERT INTO issues (hash, name, date, path, received) VALUES (?, ?, ?, ?, ?)",
        (file.hash, path.stem, find_date(path) or now[:10], file.path, now),
    ).lastrowid
    numbers: list[int] = []
    for page in reading.readings:
        label = page.page.label
        row = connection.execute(
            "INSERT INTO pages (issue, number, width, height, dpi) VALUES (?, ?, ?, ?, ?)",
            (issue, label.number, label.width, label.height, label.dpi),
        ).lastrowid
        for article in page.articles:
            blocks = choose_blocks(page.layout, article)
            numbers.append(
                _write_article(connection, row, article, json.dumps(to_json(blocks)), compose_text(blocks))
            )
    return tuple(numbers)


def write_failure(connection: sqlite3.Connection, file: SeenFile, page: int, sentence: str, now: str) -> None:
    """Note that a page, or with page 0 the whole file, could not be read; it is tried again when the file changes."""
    _write_file(connection, file)
    connection.execute("DELETE FROM crashes WHERE hash = ?", (file.hash,))
    connection.execute(
        "INSERT OR REPLACE INTO failures (hash, page, path, sentence, time) VALUES (?, ?, ?, ?, ?)",
        (file.hash, page, file.path, sentence, now),
    )


def find_date(path: Path) -> str | None:
    """The day that a file's or folder's name tells, as 2026-11-25; None where there is none."""
    for name in (path.stem, path.parent.name):
        if found := _DATE.search(name):
            return "-".join(found.groups())
    return None


def format_time(seconds: float) -> str:
    """Seconds since 1970 as RFC 3339 writes them, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_S, isolation_level=None
    )
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA synchronous = FULL")  # what was delivered stays so when the power fails
    return connection


def _lock(beside: Path, path: Path, wait_s: float) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(beside, timeout=wait_s, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise _not_an_archive(beside, error) from error
        raise ArchiveBusy(
            f"Another leggio watch works with {path}: stop that one, or give this one an archive of its own."
        ) from error
    except (sqlite3.Error, OSError) as error:
        raise _not_an_archive(beside, error) from error
    return lock


def _write_file(connection: sqlite3.Connection, file: SeenFile) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO files (path, size, modified, hash) VALUES (?, ?, ?, ?)",
        (file.path, file.size, file.modified, file.hash),
    )


def _write_article(
    connection: sqlite3.Connection, page: int | None, article: Article, blocks: str, text: str
) -> int:
    number = connection.execute(
        "INSERT INTO articles (page, number, kind, headline, text, confidence, article, blocks)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            page, article.id, article.kind.value, article.headline, text, article.confidence,
            json.dumps(to_json(article)), blocks,
        ),
    ).lastrowid  # fmt: skip
    assert number is not None  # SQLite gives each row that is inserted a number
    headline, body = ([token.text for token in split_words(part)] for part in (article.headline, text))
    connection.execute(
        "INSERT INTO words (rowid, headline, text) VALUES (?, ?, ?)",
        (number, " ".join(map(fold, headline)), " ".join(map(fold, body))),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO forms VALUES (?, ?)",
        {(key, fold(word)) for word in {*headline, *body} for key in index_word(word)},
    )
    return number


def _read_article(row: tuple[Any, ...]) -> StoredArticle:
    number, issue, date, path, file_hash, page, width, height, dpi, article, blocks, text = row
    source = Source(issue, date, path, file_hash, page, width, height, dpi)
    stored = from_json(_Stored, {"article": json.loads(article), "blocks": json.loads(blocks)})
    return StoredArticle(number, source, stored.article, stored.blocks, text)


def _not_an_archive(path: Path, error: Exception) -> LeggioError:
    return InputError(
        f"{path} cannot be used as an archive ({error}): name another file, on a disk of this machine with room on it."
    )
