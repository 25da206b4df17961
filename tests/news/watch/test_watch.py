"""Each page is read once, each match becomes one clipping, and broken files never stop the others."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree
from tests.news.watch.press import PrintedFile, make_watcher, print_file, read_printed, sentences

from leggio.errors import InputError, LeggioError, MissingExtra
from leggio.geometry import Box
from leggio.news.watch import webhook
from leggio.news.watch.archive import Archive, open_archive
from leggio.news.watch.deliver import Deliverer, EventKind, plan_targets
from leggio.news.watch.feed import ATOM
from leggio.news.watch.outbox import Channel, Target, count_waiting
from leggio.news.watch.printed import Clipping
from leggio.news.watch.subjects import Matcher, read_subjects
from leggio.news.watch.watch import MAX_CRASHES, match_again
from leggio.page import PageFailure

ACME = {"ACME AG": {"query": "acme"}}
POSTED = {"ACME AG": {"query": "acme", "deliver": ["http://localhost:9/"]}}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def clippings(out: Path) -> list[Path]:
    return sorted(path.parent for path in out.rglob("article.json"))


def test_a_match_becomes_a_folder(archive: Archive, folder: Path, out: Path) -> None:
    print_file(
        folder / "blatt-2026-11-25.png", [("ACME wächst", "Die Acme\nbaut."), ("Wetter", "Es regnet.")]
    )
    events = list(make_watcher(archive, folder, out, ACME).step())
    (clipping,) = clippings(out)
    assert clipping.parent == out / "acme-ag"
    assert clipping.name.startswith("2026-11-25-blatt-p1-a0-")
    assert [event.kind for event in events] == [EventKind.READ, EventKind.CLIPPED]
    article = json.loads((clipping / "article.json").read_text())
    assert article["subject"] == "ACME AG"
    assert article["headline"] == "ACME wächst"
    assert [hit["word"] for hit in article["hits"]] == ["ACME", "ACME", "Acme"]
    assert article["hit_boxes"][1] == {"x0": 40.0, "y0": 30.0, "x1": 80.0, "y1": 60.0}
    assert (clipping / "article.txt").read_text() == "ACME wächst\n\nDie Acme\nbaut.\n"


def test_a_page_is_read_once(archive: Archive, folder: Path, out: Path) -> None:
    read = []

    def count(path: Path) -> PrintedFile:
        read.append(path.name)
        return read_printed(path)

    path = print_file(folder / "a.png", [("Acme", "a")])
    watcher = make_watcher(archive, folder, out, ACME, read=count)
    list(watcher.step())
    os.utime(path, (1, 1))
    (folder / "sub").mkdir()
    (folder / "sub" / "copy.png").write_bytes(path.read_bytes())
    events = list(watcher.step())
    assert read == ["a.png"]
    assert [event.kind for event in events] == [EventKind.COPY]
    assert "copy.png is a copy of" in events[0].sentence
    assert len(clippings(out)) == 1


def test_a_renamed_file_is_found_under_its_new_name(archive: Archive, folder: Path, out: Path) -> None:
    path = print_file(folder / "a.png", [("Acme", "a")])
    watcher = make_watcher(archive, folder, out, ACME)
    list(watcher.step())
    path.rename(folder / "b.png")
    list(watcher.step())
    assert archive.load_article(1).source.path == str(folder / "b.png")


def test_a_growing_file_is_left_alone(archive: Archive, folder: Path, out: Path) -> None:
    path = print_file(folder / "a.png", [("Acme", "a")])
    watcher = make_watcher(archive, folder, out, ACME)
    watcher.settle_s = 0.05
    list(watcher.step())
    assert archive.count("issues") == 0
    path.write_text(path.read_text() + " ")
    time.sleep(0.06)
    list(watcher.step())  # it looks different from before: its time begins anew
    assert archive.count("issues") == 0
    time.sleep(0.06)
    list(watcher.step())
    assert archive.count("issues") == 1


def test_a_file_that_changes_while_it_is_read_is_read_again(
    archive: Archive, folder: Path, out: Path
) -> None:
    path = print_file(folder / "a.png", [("Acme", "a")])

    def read_and_grow(path: Path) -> PrintedFile:
        reading = read_printed(path)
        print_file(path, [("Acme", "a")], [("Acme", "b")])
        return reading

    list(make_watcher(archive, folder, out, ACME, read=read_and_grow).step())
    assert archive.count("issues") == 0
    list(make_watcher(archive, folder, out, ACME).step())
    assert archive.count("pages") == 2
    assert len(clippings(out)) == 2
    assert path.exists()


def test_a_broken_file_is_said_once_and_tried_again_when_it_changes(
    archive: Archive, folder: Path, out: Path
) -> None:
    (folder / "a.png").write_text("broken")
    print_file(folder / "b.png", [("Acme", "a")], [])
    watcher = make_watcher(archive, folder, out, ACME)
    events = [event for event in watcher.step() if event.kind is EventKind.FAILED]
    assert sentences(events).count("damaged") == 2
    assert len(clippings(out)) == 1
    assert list(watcher.step()) == []
    os.utime(folder / "a.png", (1, 1))
    assert list(watcher.step()) == []
    assert [(Path(failure.path).name, failure.page) for failure in archive.list_failures()] == [
        ("a.png", 0),
        ("b.png", 2),
    ]
    print_file(folder / "a.png", [("Acme", "now")])
    list(watcher.step())
    assert len(clippings(out)) == 2


def test_a_file_that_ends_the_process_is_put_aside_and_comes_last(
    archive: Archive, folder: Path, out: Path
) -> None:
    bomb = print_file(folder / "a.png", [("Acme", "a")])
    print_file(folder / "b.png", [("Acme", "b")])

    def crash(path: Path) -> PrintedFile:
        if path == bomb:
            raise ZeroDivisionError
        return read_printed(path)

    for _ in range(MAX_CRASHES):
        with pytest.raises(ZeroDivisionError):
            list(make_watcher(archive, folder, out, ACME, read=crash).step())
    assert len(clippings(out)) == 1  # b did not wait for a
    events = list(make_watcher(archive, folder, out, ACME, read=crash).step())
    assert [event.kind for event in events] == [EventKind.FAILED]
    assert f"{MAX_CRASHES} times" in events[0].sentence


def test_a_missing_package_is_no_fault_of_a_file(archive: Archive, folder: Path, out: Path) -> None:
    path = print_file(folder / "a.png", [("Acme", "a")])
    missing = PageFailure(str(path), 1, MissingExtra("No OCR engine is installed: install one."))

    def fail(path: Path) -> PrintedFile:
        return PrintedFile((), (missing,))

    with pytest.raises(MissingExtra):
        list(make_watcher(archive, folder, out, ACME, read=fail).step())
    list(make_watcher(archive, folder, out, ACME).step())
    assert len(clippings(out)) == 1


def test_stopping_on_purpose_is_no_crash(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("Acme", "a")])

    def stop(path: Path) -> PrintedFile:
        raise KeyboardInterrupt

    for _ in range(MAX_CRASHES + 1):
        with pytest.raises(KeyboardInterrupt):
            list(make_watcher(archive, folder, out, ACME, read=stop).step())
    list(make_watcher(archive, folder, out, ACME).step())
    assert len(clippings(out)) == 1


def test_a_clipping_made_before_a_crash_is_not_made_again(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("Acme", "a")])
    list(make_watcher(archive, folder, out, ACME).step())
    (clipping,) = clippings(out)
    (clipping / "note.txt").write_text("by hand")
    (out / "acme-ag" / f".{clipping.name}.part").mkdir()
    archive.connection.execute("UPDATE deliveries SET done = NULL")  # as if killed before it was written down
    list(make_watcher(archive, folder, out, ACME).step())
    assert clippings(out) == [clipping]
    assert (clipping / "note.txt").exists()
    assert count_waiting(archive) == {}


def test_a_half_made_clipping_is_made_anew(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("Acme", "a")])

    def die(clipping: Clipping, boxes: tuple[Box, ...], folder: Path) -> None:
        raise ZeroDivisionError

    def draw(clipping: Clipping, boxes: tuple[Box, ...], folder: Path) -> None:
        (folder / "clip.txt").write_text(f"{clipping.subject} {len(boxes)}")

    with pytest.raises(ZeroDivisionError):
        list(make_watcher(archive, folder, out, ACME, write_clip=die).step())
    assert not [path for path in clippings(out) if not path.name.startswith(".")]
    list(make_watcher(archive, folder, out, ACME, write_clip=draw).step())
    (clipping,) = clippings(out)
    assert (clipping / "clip.txt").read_text() == "ACME AG 1"


def test_a_clipping_without_its_page_says_so(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("Acme", "a")])

    def miss(clipping: Clipping, boxes: tuple[Box, ...], folder: Path) -> None:
        raise InputError("The page is gone: put it back.")

    events = list(make_watcher(archive, folder, out, ACME, write_clip=miss).step())
    (clipping,) = clippings(out)
    assert (clipping / "no-cut-out.txt").read_text() == "The page is gone: put it back.\n"
    assert "no cut-out: The page is gone" in sentences(events)


def test_a_subject_added_later_is_asked_of_the_archive_once(
    archive: Archive, folder: Path, out: Path
) -> None:
    print_file(folder / "a.png", [("Acme", "a"), ("Regen", "viel")])
    list(make_watcher(archive, folder, out, ACME).step())
    subjects = read_subjects({"subject": {"Wetter": {"query": "regen"}}}, "s.toml")

    def plan(name: str) -> tuple[Target, ...]:
        return plan_targets(subjects[0], feed=True, webhook=None)

    assert match_again(archive, Matcher(subjects), plan) == 1
    assert match_again(archive, Matcher(subjects), plan) == 0
    list(Deliverer(archive, out, None, lambda: 1_800_000_000.0).deliver())
    assert [path.parent.name for path in clippings(out)] == ["acme-ag", "wetter"]
    assert len(entries(out / "wetter" / "feed.xml")) == 1


class Receiver:
    """A webhook that keeps what it gets, by key; `status` is what it answers, 0 for not at all."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[str] = []
        self.kept: dict[str, str] = {}

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.asked.append(headers["Idempotency-Key"])
        if self.status == 0:
            raise ConnectionRefusedError("connection refused")
        if self.status == 200:
            self.kept[headers["Idempotency-Key"]] = json.loads(body)["clipping"]["headline"]
        return self.status


def test_a_dead_webhook_loses_nothing_and_is_not_flooded(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("Acme", "a"), ("Acme 2", "b"), ("Acme 3", "c")])
    receiver, now = Receiver(), [1_800_000_000.0]
    watcher = make_watcher(archive, folder, out, POSTED, post=receiver.post, clock=lambda: now[0])
    receiver.status = 0
    events = list(watcher.step())
    assert len(receiver.asked) == 1
    assert "http://localhost:9/ cannot be reached (connection refused)." in sentences(events)
    receiver.status = 503
    for _ in range(5):
        now[0] += webhook.LONGEST_WAIT_S
        list(watcher.step())
        list(watcher.step())  # too early for a second one
    assert len(receiver.asked) == 6
    assert count_waiting(archive) == {Channel.WEBHOOK: 3}
    receiver.status = 200
    now[0] += webhook.LONGEST_WAIT_S
    list(watcher.step())
    assert sorted(receiver.kept.values()) == ["Acme", "Acme 2", "Acme 3"]
    assert count_waiting(archive) == {}
    list(watcher.step())
    assert len(receiver.asked) == 9


def test_a_clipping_that_a_receiver_does_not_want_keeps_no_other_waiting(
    archive: Archive, folder: Path, out: Path
) -> None:
    print_file(folder / "a.png", [("Acme", "a"), ("Acme 2", "b")])
    receiver = Receiver()
    watcher = make_watcher(archive, folder, out, POSTED, post=receiver.post)
    receiver.status = 422
    list(watcher.step())
    assert len(set(receiver.asked)) == 2


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [webhook.choose_wait(attempts) for attempts in range(2000)]
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == max(waits) == 3600


def entries(feed: Path) -> list[etree._Element]:
    return etree.fromstring(feed.read_bytes()).findall(f"{{{ATOM}}}entry")


def test_each_subject_has_a_feed_and_all_have_one(archive: Archive, folder: Path, out: Path) -> None:
    subjects: dict[str, dict[str, object]] = {
        "ACME AG": {"query": "acme"},
        "Regen": {"query": "regen"},
        "Silent": {"query": "acme", "deliver": ["folder"]},
    }
    print_file(folder / "a.png", [("Acme & \x07<Söhne>", "Viel Regen\nheute")])
    watcher = make_watcher(archive, folder, out, subjects, feed=True)
    list(watcher.step())
    everything = entries(out / "feed.xml")
    assert len(everything) == 2
    (entry,) = entries(out / "regen" / "feed.xml")
    assert entry.findtext(f"{{{ATOM}}}title") == "Acme & <Söhne>"
    assert entry.findtext(f"{{{ATOM}}}content") == "Acme & <Söhne>\n\nViel Regen\nheute"
    link = entry.find(f"{{{ATOM}}}link")
    assert link is not None
    assert (out / "regen" / str(link.attrib["href"])).is_file()
    links = etree.fromstring((out / "feed.xml").read_bytes()).iter(f"{{{ATOM}}}link")
    linked = [(out / str(element.attrib["href"])).is_file() for element in links]
    assert linked == [True, True]
    assert not (out / "silent" / "feed.xml").exists()
    before = (out / "feed.xml").read_bytes()
    archive.connection.execute("UPDATE deliveries SET done = NULL")
    list(watcher.step())
    assert (out / "feed.xml").read_bytes() == before


def test_a_feed_has_what_atom_asks_for(archive: Archive, folder: Path, out: Path) -> None:
    print_file(folder / "a.png", [("", "acme"), ("Acme", "b")])
    list(make_watcher(archive, folder, out, ACME, feed=True).step())
    feed = etree.fromstring((out / "feed.xml").read_bytes())
    assert feed.tag == f"{{{ATOM}}}feed"
    assert feed.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    for element in (feed, *feed.findall(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"{{{ATOM}}}{name}")
            assert only.text
    ids = [element.text for element in feed.iter(f"{{{ATOM}}}id")]
    assert len(set(ids)) == 3
    assert all(str(name).startswith("urn:uuid:") for name in ids)


def test_a_webhook_that_nobody_named_is_an_error() -> None:
    (subject,) = read_subjects({"subject": {"A": {"query": "a", "deliver": ["webhook"]}}}, "s.toml")
    with pytest.raises(LeggioError, match="add --webhook URL"):
        plan_targets(subject, feed=False, webhook=None)
    assert plan_targets(subject, feed=True, webhook="http://x/") == (Target(Channel.WEBHOOK, "http://x/"),)


def test_a_folder_that_is_not_there_is_said_so(archive: Archive, tmp_path: Path, out: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        make_watcher(archive, tmp_path / "none", out, ACME)
