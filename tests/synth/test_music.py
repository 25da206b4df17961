"""Where the music comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from leggio.synth.music import SUFFIXES, find_corpus, find_music, is_held_out, load_music


def test_music_is_found_in_all_folders_below_in_a_fixed_order(tmp_path: Path) -> None:
    names = ("a/one.mxl", "a/deep/er/two.musicxml", "b/Three.XML", "b/four.txt", "b/five.mid")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = find_music([tmp_path / "b", tmp_path / "a"])
    assert [path.name for path in found] == ["two.musicxml", "one.mxl", "Three.XML"]
    assert found == find_music([tmp_path / "a", tmp_path / "b"])


def test_the_corpus_of_music21_holds_music() -> None:
    pieces = find_music([find_corpus()])
    assert len(pieces) > 500
    assert {path.suffix for path in pieces} <= set(SUFFIXES)
    assert load_music(pieces[0]).findall("part")


@pytest.mark.parametrize("data", [b"", b"words", b"<a/>", b"PK\x03\x04", b"<score-timewise/>"])
def test_what_is_no_music_is_refused_by_name(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "piece.xml").write_bytes(data)
    with pytest.raises(ValueError, match=r"piece\.xml"):
        load_music(tmp_path / "piece.xml")


def test_one_piece_in_ten_is_held_out_wherever_it_lies() -> None:
    held_out = [name for name in map(str, range(2000)) if is_held_out(Path(f"{name}.mxl"))]
    assert 150 < len(held_out) < 250
    assert all(is_held_out(Path("/deep", "er", f"{name}.musicxml")) for name in held_out)
