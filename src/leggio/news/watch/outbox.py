"""The outbox: matches, and for each of them the places that it has still to reach. In and out: rows of the archive.

A match and its deliveries are written in the transaction of its article. A delivery is done when it says so here: after
a crash in between it is made again, under the same key.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from leggio.news.watch.archive import Archive
from leggio.news.watch.match import Hit
from leggio.news.watch.printed import Clipping, Source
from leggio.news.watch.subjects import Match
from leggio.record import from_json, to_json

ID_LETTERS = 32  # of SHA-256 in hexadecimal: 128 bits, as a UUID has


class Channel(Enum):
    """A way on which a clipping leaves."""

    FOLDER = "folder"
    FEED = "feed"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Target:
    """A place that clippings go to; `address` is a webhook's URL, else empty."""

    channel: Channel
    address: str = ""


Plan = Callable[[str], Sequence[Target]]  # from a subject's name to where its clippings go


@dataclass(frozen=True, slots=True)
class Delivery:
    """A clipping on its way to one place. `id` is the same each time that it is tried."""

    id: str
    clipping: str
    subject: str
    target: Target
    attempts: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says about a clipping."""

    id: str
    subject: str
    time: str
    closeness: float | None
    hits: tuple[Hit, ...]
    headline: str
    text: str
    number: int
    source: Source


@dataclass(frozen=True, slots=True)
class _Hits:
    hits: tuple[Hit, ...]


def name_id(*parts: str) -> str:
    """An id that depends on nothing but these parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:ID_LETTERS]


def add_matches(
    connection: sqlite3.Connection, article: int, matches: Sequence[Match], plan: Plan, now: str
) -> int:
    """Write the matches of an article with their deliveries, inside a transaction. How many were new."""
    file_hash, page, number = connection.execute(
        "SELECT i.hash, p.number, a.number FROM articles a JOIN pages p ON p.id = a.page"
        " JOIN issues i ON i.id = p.issue WHERE a.id = ?",
        (article,),
    ).fetchone()
    new = 0
    for match in matches:
        clipping = name_id(match.subject, file_hash, str(page), str(number))
        new += connection.execute(
            "INSERT OR IGNORE INTO matches (id, subject, article, hits, closeness, time) VALUES (?, ?, ?, ?, ?, ?)",
            (clipping, match.subject, article, json.dumps(to_json(match.hits)), match.closeness, now),
        ).rowcount
        connection.executemany(
            "INSERT OR IGNORE INTO deliveries (id, match, channel, target) VALUES (?, ?, ?, ?)",
            [
                (name_id(clipping, channel, address), clipping, channel, address)
                for channel, address in ((to.channel.value, to.address) for to in plan(match.subject))
            ],
        )  # fmt: skip
    return new


def list_due(archive: Archive, channel: Channel, now: float) -> Iterator[Delivery]:
    """The deliveries of one kind that may be tried at `now` (seconds since 1970), the oldest first."""
    last = 0
    while True:  # one at a time: what becomes of one may put off others
        row = archive.connection.execute(
            "SELECT d.rowid, d.id, m.id, m.subject, d.target, d.attempts FROM deliveries d"
            " JOIN matches m ON m.id = d.match"
            " WHERE d.channel = ? AND d.done IS NULL AND d.due <= ? AND d.rowid > ? ORDER BY d.rowid LIMIT 1",
            (channel.value, now, last),
        ).fetchone()
        if row is None:
            return
        last, number, clipping, subject, address, attempts = row
        yield Delivery(number, clipping, subject, Target(channel, address), attempts)


def finish(archive: Archive, deliveries: Sequence[Delivery], now: str) -> None:
    """Note that deliveries have arrived."""
    with archive.transaction() as connection:
        connection.executemany(
            "UPDATE deliveries SET done = ?, error = NULL, attempts = attempts + 1 WHERE id = ?",
            [(now, delivery.id) for delivery in deliveries],
        )


def postpone(archive: Archive, delivery: Delivery, due: float, sentence: str, others_too: bool) -> None:
    """Try a delivery again at `due`, not before; `others_too`: nor any other one to the same address."""
    with archive.transaction() as connection:
        connection.execute(
            "UPDATE deliveries SET attempts = attempts + 1, due = ?, error = ? WHERE id = ?",
            (due, sentence, delivery.id),
        )
        if others_too:
            connection.execute(
                "UPDATE deliveries SET due = ? WHERE channel = ? AND target = ? AND done IS NULL AND due < ?",
                (due, delivery.target.channel.value, delivery.target.address, due),
            )


def count_waiting(archive: Archive) -> dict[Channel, int]:
    """How many deliveries of each kind have not arrived yet."""
    rows = archive.connection.execute(
        "SELECT channel, count(*) FROM deliveries WHERE done IS NULL GROUP BY channel"
    )
    return {Channel(channel): count for channel, count in rows}


def load_clipping(archive: Archive, number: str) -> Clipping:
    """The clipping with this id. Raises KeyError."""
    row = archive.connection.execute(
        "SELECT subject, time, hits, closeness, article FROM matches WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise KeyError(number)
    subject, time, hits, closeness, article = row
    return Clipping(number, subject, time, _read_hits(hits), closeness, archive.load_article(article))


def list_entries(archive: Archive, subject: str | None, limit: int) -> tuple[Entry, ...]:
    """The newest clippings that go into feeds, of one subject or of all, the newest first."""
    rows = archive.connection.execute(
        """SELECT m.id, m.subject, m.time, m.closeness, m.hits, a.headline, a.text, a.number,
                  i.name, i.date, i.path, i.hash, p.number, p.width, p.height, p.dpi
           FROM matches m JOIN deliveries d ON d.match = m.id AND d.channel = 'feed'
           JOIN articles a ON a.id = m.article JOIN pages p ON p.id = a.page JOIN issues i ON i.id = p.issue
           WHERE ?1 IS NULL OR m.subject = ?1 ORDER BY m.rowid DESC LIMIT ?2""",
        (subject, limit),
    )
    return tuple(
        Entry(number, name, time, closeness, _read_hits(hits), headline, text, article, Source(*source))
        for number, name, time, closeness, hits, headline, text, article, *source in rows
    )


def _read_hits(stored: str) -> tuple[Hit, ...]:
    return from_json(_Hits, {"hits": json.loads(stored)}).hits
