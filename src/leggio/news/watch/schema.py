"""The tables of an archive, as steps from one version to the next. In: a connection. Out: the newest version of it.

A step that was once released never changes; a new one is added behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from leggio.errors import LeggioError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # An issue is one file by its content; `path` is where that content was seen last.
        """CREATE TABLE issues (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
           date TEXT NOT NULL, path TEXT NOT NULL, received TEXT NOT NULL)""",
        """CREATE TABLE pages (id INTEGER PRIMARY KEY, issue INTEGER NOT NULL REFERENCES issues(id),
           number INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, dpi REAL,
           UNIQUE (issue, number))""",
        # `article` and `blocks` are the reader's records as JSON: a clipping can be cut without reading again.
        """CREATE TABLE articles (id INTEGER PRIMARY KEY, page INTEGER NOT NULL REFERENCES pages(id),
           number INTEGER NOT NULL, kind TEXT NOT NULL, headline TEXT NOT NULL, text TEXT NOT NULL,
           confidence REAL NOT NULL, article TEXT NOT NULL, blocks TEXT NOT NULL, UNIQUE (page, number))""",
        # Folded words alone: the text stands in `articles`, and folded words need no folding by SQLite.
        """CREATE VIRTUAL TABLE words USING fts5(headline, text, content = '',
           tokenize = "unicode61 remove_diacritics 0")""",
        "CREATE TABLE forms (form TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (form, word)) WITHOUT ROWID",
        """CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
           hash TEXT NOT NULL)""",
        "CREATE TABLE crashes (hash TEXT PRIMARY KEY, count INTEGER NOT NULL)",
        """CREATE TABLE failures (hash TEXT NOT NULL, page INTEGER NOT NULL, path TEXT NOT NULL,
           sentence TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (hash, page))""",
        """CREATE TABLE matches (id TEXT PRIMARY KEY, subject TEXT NOT NULL,
           article INTEGER NOT NULL REFERENCES articles(id), hits TEXT NOT NULL, closeness REAL,
           time TEXT NOT NULL, UNIQUE (subject, article))""",
        # The outbox: one row for each match and each place that it has to reach, written together with the match.
        """CREATE TABLE deliveries (id TEXT PRIMARY KEY, match TEXT NOT NULL REFERENCES matches(id),
           channel TEXT NOT NULL, target TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
           due REAL NOT NULL DEFAULT 0, done TEXT, error TEXT, UNIQUE (match, channel, target))""",
        "CREATE INDEX pending ON deliveries (channel, due) WHERE done IS NULL",
        "CREATE INDEX delivered ON deliveries (match)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)


def migrate(
    connection: sqlite3.Connection, name: str, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> None:
    """Bring the archive `name` to the newest version, each step whole or not at all. Raises LeggioError."""
    if read_version(connection) > len(migrations):
        raise LeggioError(f"{name} was made by a newer leggio: upgrade this one to work with it.")
    while (version := read_version(connection)) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if read_version(connection) == version:  # else another process was faster
                for statement in migrations[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def read_version(connection: sqlite3.Connection) -> int:
    """The version of an archive; 0 where there are no tables yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
