"""The archive keeps all that was read, once, whatever happens on the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.news.watch.press import print_file, read_printed

from leggio.errors import InputError, LeggioError
from leggio.news.watch.archive import (
    Archive,
    ArchiveBusy,
    SeenFile,
    add_issue,
    find_date,
    hold_archive,
    open_archive,
    read_archive,
)
from leggio.news.watch.schema import MIGRATIONS, migrate, read_version

NOW = "2026-11-25T08:00:00Z"


def take_in(archive: Archive, path: Path, file_hash: str = "h") -> tuple[int, ...]:
    with archive.transaction() as connection:
        return add_issue(archive, connection, SeenFile(str(path), 1, 1, file_hash), read_printed(path), NOW)


def test_an_article_comes_back_as_it_was_read(tmp_path: Path) -> None:
    path = print_file(
        tmp_path / "morgenblatt-2026-11-24.png", [("Neues Haus", "Es steht\nin Bern."), ("B", "b")]
    )
    with open_archive(tmp_path / "a.db") as archive:
        first, _ = take_in(archive, path)
        printed = archive.load_article(first)
    page = read_printed(path).readings[0]
    assert printed.article == page.articles[0]
    assert printed.blocks == page.layout.blocks[:2]
    assert printed.text == "Neues Haus\n\nEs steht\nin Bern."
    assert (printed.source.issue, printed.source.date) == ("morgenblatt-2026-11-24", "2026-11-24")
    assert (printed.source.page, printed.source.width, printed.source.height) == (1, 400, 600)


def test_the_same_content_is_written_once(tmp_path: Path) -> None:
    path = print_file(tmp_path / "a.png", [("A", "a")])
    with open_archive(tmp_path / "a.db") as archive:
        assert len(take_in(archive, path)) == 1
        assert take_in(archive, path) == ()
        assert archive.count("articles") == 1


def stop_half_way(archive: Archive, path: Path) -> None:
    with archive.transaction() as connection:
        add_issue(archive, connection, SeenFile(str(path), 1, 1, "h"), read_printed(path), NOW)
        raise KeyboardInterrupt


def test_what_is_stopped_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = print_file(tmp_path / "a.png", [("A", "a")])
    with open_archive(tmp_path / "a.db") as archive:
        with pytest.raises(KeyboardInterrupt):
            stop_half_way(archive, path)
        assert archive.count("articles") == archive.count("issues") == 0
        assert len(take_in(archive, path)) == 1


def test_an_archive_gets_the_tables_that_it_lacks_and_keeps_its_rows(tmp_path: Path) -> None:
    newer = (*MIGRATIONS, ("ALTER TABLE issues ADD COLUMN price TEXT NOT NULL DEFAULT 'free'",))
    path = print_file(tmp_path / "a.png", [("A", "a")])
    with open_archive(tmp_path / "a.db") as archive:
        take_in(archive, path)
        migrate(archive.connection, "a.db", newer)
        assert archive.connection.execute("SELECT name, price FROM issues").fetchall() == [("a", "free")]
        assert read_version(archive.connection) == len(MIGRATIONS) + 1
    with pytest.raises(LeggioError, match="newer leggio"):
        open_archive(tmp_path / "a.db")


def test_a_step_to_a_new_version_is_whole_or_absent(tmp_path: Path) -> None:
    broken = (*MIGRATIONS, ("CREATE TABLE more (id INTEGER)", "CREATE TABLE issues (id INTEGER)"))
    with open_archive(tmp_path / "a.db") as archive:
        with pytest.raises(sqlite3.OperationalError, match="issues"):
            migrate(archive.connection, "a.db", broken)
        assert read_version(archive.connection) == len(MIGRATIONS)
        tables = archive.connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'more'"
        ).fetchone()
        assert tables == (0,)


def test_other_files_are_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("this is a letter and no database, and long enough to be looked into" * 20)
    with pytest.raises(InputError, match="cannot be used as an archive"):
        open_archive(tmp_path / "a.db")
    with pytest.raises(InputError, match="no archive"):
        read_archive(tmp_path / "b.db")


def test_an_archive_is_read_while_it_is_written(tmp_path: Path) -> None:
    path = print_file(tmp_path / "a.png", [("A", "a")])
    with open_archive(tmp_path / "a.db") as archive, read_archive(tmp_path / "a.db") as reader:
        with archive.transaction() as connection:
            add_issue(archive, connection, SeenFile(str(path), 1, 1, "h"), read_printed(path), NOW)
            assert reader.count("articles") == 0
        assert reader.count("articles") == 1


def test_a_second_process_waits_and_then_says_who_is_there(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from leggio.news.watch.archive import hold_archive\n"
        "with hold_archive(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "a.db"], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with (
            pytest.raises(ArchiveBusy, match="Another leggio watch"),
            hold_archive(tmp_path / "a.db", wait_s=0.2),
        ):
            pass
        other.kill()
        other.wait()
        with hold_archive(tmp_path / "a.db", wait_s=5):  # the lock ends with its process
            pass


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("in/NZZ_20261125_003.pdf", "2026-11-25"), ("in/2026-11-25/003.png", "2026-11-25"),
        ("in/1848.03.07.tif", "1848-03-07"), ("in/page-12345678.png", None), ("in/20261325.png", None),
    ],
)  # fmt: skip
def test_a_name_tells_the_day(path: str, date: str | None) -> None:
    assert find_date(Path(path)) == date
