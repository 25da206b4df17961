"""Which files of a folder are its pages."""

from __future__ import annotations

from pathlib import Path

from leggio.synth.manifest import MANIFEST, list_pages


def test_pages_come_in_order_and_the_manifest_is_none(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", MANIFEST, "a.png", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in list_pages(tmp_path)] == ["a.json", "b.json"]


def test_a_page_that_lacks_what_belongs_to_it_is_passed_over(tmp_path: Path) -> None:
    for name in ("a.json", "a.mask.png", "b.json", "b.png"):
        (tmp_path / name).touch()
    assert [path.stem for path in list_pages(tmp_path, ".mask.png")] == ["a"]
    assert [path.stem for path in list_pages(tmp_path, ".png")] == ["b"]
