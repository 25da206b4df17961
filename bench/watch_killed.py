"""Kill `leggio watch` with SIGKILL again and again, and count its clippings: each has to be there exactly once.

    python bench/watch_killed.py --pages 200 --kills 25

The process is a real one with a real archive; pages are made up and their reader is a stand-in that takes some
milliseconds. The receiver of webhooks is a real server that refuses some posts and leaves some without an answer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
from lxml import etree

from leggio.errors import UnreadableFile
from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line
from leggio.news.watch.archive import ArchiveBusy, hold_archive, open_archive, read_archive
from leggio.news.watch.deliver import Deliverer, plan_targets
from leggio.news.watch.feed import ATOM
from leggio.news.watch.outbox import count_waiting
from leggio.news.watch.printed import Clipping
from leggio.news.watch.subjects import Matcher, read_subjects
from leggio.news.watch.watch import Watcher, watch
from leggio.page import Page, PageFailure

SUBJECTS: dict[str, dict[str, object]] = {
    "ACME AG": {"query": '"acme ag"', "deliver": ["folder", "feed", "webhook"]},
    "Gemeinderat": {"query": "gemeinderat NEAR/5 beschluss", "deliver": ["folder", "feed", "webhook"]},
    "Journaux": {
        "query": "headline:journal AND NOT (radio OR télé)",
        "deliver": ["folder", "feed", "webhook"],
    },
}
# What makes an article answer a subject, as print has it, and what only looks like it.
PLANTED = {
    "ACME AG": "Die ACME-\nAG meldet Verluste.",
    "Gemeinderat": "Der Gemein-\nderat fasste gestern mehrere Beschlüſſe.",
    "Journaux": "",
}
DECOYS = (
    "Der ACME Chor singt.",
    "Beschlüsse des Vereins, lange vor der Sitzung im Gemeinderat",
    "Un journal à lire.",
)
FILLER = (
    "Haus Baum Stadt Fluss Brücke Markt Strasse Schule Wetter Sonntag gestern neue kleine alte rote".split()
)
COPY_SHARE, BROKEN_SHARE = 0.05, 0.03
READING_S = 0.02
REFUSED, UNANSWERED = 0.1, 0.05  # of all posts


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as the stand-in reads it."""

    page: Page
    layout: Layout
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file as the stand-in reads it."""

    readings: tuple[Reading, ...]
    failures: tuple[PageFailure, ...] = ()


def make_pages(count: int, seed: int) -> tuple[dict[str, str], set[tuple[str, str, int]]]:
    """Files by name, and the clippings that they have to give: subject, page name, article."""
    random_ = random.Random(seed)
    files, expected = {}, set()
    for number in range(count):
        name = f"blatt-2026-11-{number % 28 + 1:02}-{number:04}.png"
        articles = []
        for article in range(random_.randint(2, 6)):
            headline = f"Meldung {number}.{article}"
            text = [" ".join(random_.choices(FILLER, k=30)), random_.choice(DECOYS)]
            for subject, words in PLANTED.items():
                if random_.random() < 0.15:
                    expected.add((subject, name, article))
                    text.insert(random_.randrange(2), words)
                    headline += ": les journaux" if subject == "Journaux" else ""
            articles.append([headline, "\n".join(text)])
        files[name] = json.dumps([number, *articles])
    return files, expected


def read_made(path: Path) -> FileReading:
    """The stand-in for a reader of newspapers. Raises UnreadableFile."""
    with (path.parent.parent / "reads.log").open("a") as log:
        log.write(f"{path.name}\n")
    time.sleep(READING_S)
    try:
        _, *articles = json.loads(path.read_text())
    except ValueError as error:
        raise UnreadableFile(f"{path} is damaged: scan it again.") from error
    blocks: list[Block] = []
    found = []
    for number, (headline, text) in enumerate(articles):
        for kind, words in ((BlockKind.HEADING, headline), (BlockKind.TEXT, text)):
            lines = tuple(
                Line(row, Box(0, row, 9, row + 1), line) for row, line in enumerate(words.split("\n"))
            )
            blocks.append(Block(len(blocks), kind, Box(0, 0, 9, 9), lines))
        found.append(Article(number, ArticleKind.ARTICLE, (2 * number, 2 * number + 1), (), headline))
    page = Page(np.zeros((9, 9), np.uint8), str(path))
    return FileReading((Reading(page, Layout(9, 9, tuple(blocks)), tuple(found)),))


def write_clip(clipping: Clipping, boxes: tuple[Box, ...], folder: Path) -> None:
    """The stand-in for a clip sheet."""
    (folder / "clip.txt").write_text(f"{clipping.subject} {len(boxes)}")


def run_child(base: Path, webhook: str) -> None:
    """What is killed: `leggio watch` but for its reader."""
    subjects = {subject.name: subject for subject in read_subjects({"subject": SUBJECTS}, "bench")}
    with hold_archive(base / "a.db", 5.0), open_archive(base / "a.db") as archive:
        deliverer = Deliverer(archive, base / "out", write_clip, time.time)
        watcher = Watcher(
            archive, base / "in", read_made, Matcher(tuple(subjects.values())),
            lambda name: plan_targets(subjects[name], True, webhook), deliverer, settle_s=0.05,
        )  # fmt: skip
        for event in watch(watcher, 0.05):
            print(event.kind.value, flush=True)


class Receiver(BaseHTTPRequestHandler):
    """A webhook that keeps what it accepts; not every post gets an answer."""

    kept: ClassVar[Counter[str]] = Counter()  # one receiver, one memory
    clippings: ClassVar[dict[str, tuple[str, str, int]]] = {}
    answers: ClassVar[Counter[str]] = Counter()
    random = random.Random(1)

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        except json.JSONDecodeError:
            self.answers["broken off by a kill"] += 1
            self.close_connection = True
            return
        chance = self.random.random()
        if chance < REFUSED:
            self.answers["refused with 503"] += 1
            self.send_response(503)
            self.end_headers()
            return
        key, clipping = self.headers["Idempotency-Key"], body["clipping"]
        self.kept[key] += 1
        self.clippings[key] = (clipping["subject"], clipping["file"], clipping["article"])
        if chance < REFUSED + UNANSWERED:
            self.answers["kept, but not answered"] += 1
            self.connection.close()
            return
        self.answers["kept and answered"] += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def start_child(base: Path, webhook: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--child", str(base), "--webhook", webhook]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_again_and_again(
    base: Path, webhook: str, files: dict[str, str], kills: int, seed: int
) -> Counter[str]:
    """Let pages arrive, and kill the process that takes them in, `kills` times, while it works. Where it was hit."""
    random_ = random.Random(seed)
    waiting = list(files)
    struck: Counter[str] = Counter()
    begun: set[tuple[str, int]] = set()
    for kill in range(kills):
        arrive = len(waiting) // (kills - kill)
        for name in waiting[:arrive]:
            (base / "in" / name).write_text(files[name])
        del waiting[:arrive]
        child = start_child(base, webhook)
        assert child.stdout is not None
        for _ in range(random_.randint(0, max(2, 2 * arrive))):
            child.stdout.readline()
        time.sleep(random_.uniform(0, 0.06))
        child.send_signal(signal.SIGKILL)
        child.wait()
        before, begun = begun, list_begun(base)
        if begun - before:
            struck["while a page was read"] += 1
        struck.update(describe_wreck(base))
    return struck


def list_begun(base: Path) -> set[tuple[str, int]]:
    """Files whose reading was begun and has not ended, and how often."""
    with open_archive(base / "a.db") as archive:
        return set(archive.connection.execute("SELECT hash, count FROM crashes WHERE count > 0"))


def describe_wreck(base: Path) -> Iterator[str]:
    """What a kill left half done."""
    if any((base / "out").glob("*/.*.part")):
        yield "while a folder was written"
    with open_archive(base / "a.db") as archive:
        if count_waiting(archive):
            yield "with deliveries in the outbox"


def count_folders(base: Path) -> Counter[tuple[str, str, int]]:
    found: Counter[tuple[str, str, int]] = Counter()
    for path in (base / "out").glob("*/*/article.json"):
        article = json.loads(path.read_text())
        complete = {"article.json", "article.txt", "clip.txt"} == {
            each.name for each in path.parent.iterdir()
        }
        found[article["subject"], article["file"], article["article"]] += 1 if complete else 1000
    return found


def name_contents(
    found: Counter[tuple[str, str, int]], files: dict[str, str]
) -> Counter[tuple[str, str, int]]:
    """Clippings with the content of their file in place of its name."""
    return Counter({(subject, files[name], article): n for (subject, name, article), n in found.items()})


def count_feed(path: Path) -> tuple[int, int]:
    """Entries, and different ids among them."""
    ids = [
        entry.findtext(f"{{{ATOM}}}id") for entry in etree.parse(path).getroot().findall(f"{{{ATOM}}}entry")
    ]
    return len(ids), len(set(ids))


def run(base: Path, pages: int, kills: int, seed: int) -> bool:
    """The whole experiment below the folder `base`, with its table. Whether each clipping is there exactly once."""
    (base / "in").mkdir(parents=True)
    files, expected = make_pages(pages, seed)
    random_ = random.Random(seed)
    arriving = dict(files)
    for name in random_.sample(sorted(files), max(1, int(pages * COPY_SHARE))):
        arriving[f"copy-of-{name}"] = files[name]
    for number in range(max(1, int(pages * BROKEN_SHARE))):
        arriving[f"broken-{number}.png"] = f"broken {number}"
    arriving = dict(random_.sample(sorted(arriving.items()), len(arriving)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    webhook = f"http://127.0.0.1:{server.server_port}/clippings"
    started = time.monotonic()
    struck = kill_again_and_again(base, webhook, arriving, kills, seed)
    alone = finish(base, webhook, len(arriving))
    seconds = time.monotonic() - started
    server.shutdown()

    # A copy may arrive before its original, and is then the one that is read.
    by_content = {(subject, files[name], article) for subject, name, article in expected}
    folders = name_contents(count_folders(base), arriving)
    posted = name_contents(Counter(Receiver.clippings.values()), arriving)
    entries, ids = count_feed(base / "out" / "feed.xml")
    subject_entries = sum(count_feed(path)[0] for path in (base / "out").glob("*/feed.xml"))
    reads = Counter((base / "reads.log").read_text().split())
    with read_archive(base / "a.db") as archive:
        rows = {table: archive.count(table) for table in ("pages", "articles", "matches", "failures")}
    leftovers = list((base / "out").rglob(".*"))
    repeats = sum(Receiver.kept.values()) - len(Receiver.kept)

    print(
        f"{len(arriving)} files, {pages} different pages, killed {kills} times in {seconds:.0f} s (seed {seed})"
    )
    for where, count in sorted(struck.items()):
        print(f"  killed {where}: {count}")
    print(
        f"  readings begun {sum(reads.values())}, of them again after a kill {sum(reads.values()) - len(reads)}"
    )
    print(f"  archive: {rows}")
    for answer, count in sorted(Receiver.answers.items()):
        print(f"  posts {answer}: {count}")
    print(f"  posts that came again under the same key: {repeats}")
    table = [
        ("folders", len(folders), sum(folders.values()), set(folders) == by_content),
        ("feed of all", ids, entries, ids == len(expected)),
        ("feeds of subjects", subject_entries, subject_entries, subject_entries == len(expected)),
        ("webhook, by key", len(Receiver.kept), len(Receiver.kept), set(posted) == by_content),
    ]
    print(f"\n{'place':20}{'expected':>10}{'different':>10}{'in all':>8}   the right ones, once")
    good = not leftovers and rows["pages"] == pages
    for place, different, total, right in table:
        once = right and different == total == len(expected)
        good &= once
        print(f"{place:20}{len(expected):10}{different:10}{total:8}   {'yes' if once else 'NO'}")
    print(f"hidden files left over: {len(leftovers)}")
    print(f"a second process beside the first one: {'kept out' if alone else 'NOT KEPT OUT'}")
    return good and alone


def finish(base: Path, webhook: str, files: int) -> bool:
    """Let the process run undisturbed until all is read and the outbox empty. Whether a second one was kept out."""
    child = start_child(base, webhook)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        with hold_archive(base / "a.db", 0.0):
            alone = False
    except ArchiveBusy:
        alone = True
    with open_archive(base / "a.db") as archive:
        ask = archive.connection.execute
        while ask("SELECT count(*) FROM files").fetchone()[0] < files or count_waiting(archive):
            assert child.poll() is None, "the process that nobody killed has ended"
            ask("UPDATE deliveries SET due = 0 WHERE due > 0")  # a bench does not wait for minutes
            time.sleep(0.2)
    child.kill()
    child.communicate()
    return alone


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--webhook", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child is not None:
        run_child(chosen.child, chosen.webhook)
        return
    with tempfile.TemporaryDirectory() as folder:
        good = run(Path(folder) / "watch", chosen.pages, chosen.kills, chosen.seed)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
