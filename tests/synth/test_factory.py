"""The factory makes the same page for the same number, and passes over what is no music."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from leggio.errors import InputError
from leggio.synth.factory import Factory
from leggio.synth.sample import Sample, Truth

SMALL = 8.0  # pixels a staff space: quick


def make(factory: Factory, number: int) -> tuple[bytes, bytes, Truth]:
    sample = factory(number)
    return sample.image.tobytes(), sample.mask.tobytes(), sample.truth


def spoil(folder: Path) -> None:
    """Files that look like music and are none, most before the good one in order, some behind it."""
    (folder / "a.musicxml").write_bytes(b"")
    (folder / "b.xml").write_text("<html><body>no music</body></html>")
    (folder / "c.musicxml").write_text("<score-partwise><part-list>")
    (folder / "d.mxl").write_bytes(b"PK\x03\x04 and no archive")
    with zipfile.ZipFile(folder / "e.mxl", "w") as archive:
        archive.writestr("readme.txt", "no container")
    (folder / "f.xml").write_text("<score-timewise/>")
    (folder / "g.xml").write_text("<score-partwise/>")
    (folder / "h.musicxml").write_bytes(b"\xff\xfe\x00 \x80")
    (folder / "z.txt").write_text("not looked at")


def test_broken_files_are_passed_over(music_folder: Path) -> None:
    spoil(music_folder)
    factory = Factory((music_folder,), space=SMALL)
    for number in range(4):
        assert len(factory(number).truth.symbols) > 20


def test_a_folder_of_broken_files_only_is_said_to_be_one(music_folder: Path) -> None:
    spoil(music_folder)
    (music_folder / "little.musicxml").unlink()
    with pytest.raises(InputError, match="fills a page"):
        Factory((music_folder,))(0)


def test_a_folder_without_music_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no MusicXML"):
        Factory((tmp_path,))


@pytest.mark.parametrize("aged", [False, True])
def test_a_page_depends_on_seed_and_number_alone(music_folder: Path, aged: bool) -> None:
    factory = Factory((music_folder,), seed=3, aged=aged, space=SMALL)
    first, second = make(factory, 0), make(factory, 1)
    assert make(factory, 0) == first
    assert make(Factory((music_folder,), seed=3, aged=aged, space=SMALL), 1) == second
    assert first != second
    assert make(Factory((music_folder,), seed=4, aged=aged, space=SMALL), 0) != first


def test_an_aged_page_holds_the_same_as_the_clean_one(music_folder: Path) -> None:
    clean, aged = (Factory((music_folder,), aged=aged, space=SMALL)(0) for aged in (False, True))
    assert [symbol.kind for symbol in aged.truth.symbols] == [symbol.kind for symbol in clean.truth.symbols]
    assert len(aged.truth.strokes) == len(clean.truth.strokes)
    assert aged.image.shape == aged.mask.shape
    assert not np.array_equal(aged.mask, clean.mask)
    assert contrast(aged) > 20


def contrast(page: Sample) -> float:
    """How much darker the page is where its mask says that there is ink."""
    return float(page.image[page.mask == 0].mean() - page.image[page.mask > 0].mean())


def test_compressed_music_is_read_too(little_score: bytes, tmp_path: Path) -> None:
    container = '<container><rootfiles><rootfile full-path="in/score.xml"/></rootfiles></container>'
    with zipfile.ZipFile(tmp_path / "little.mxl", "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("in/score.xml", little_score)
    assert len(Factory((tmp_path,), space=SMALL)(0).truth.symbols) > 20


def test_a_composed_page_holds_music_of_no_file(music_folder: Path) -> None:
    plain = Factory((music_folder,), seed=3, space=SMALL)
    composed = Factory((music_folder,), seed=3, space=SMALL, composed=1.0)
    kinds = {symbol.kind for symbol in composed(0).truth.symbols}
    assert kinds - {symbol.kind for symbol in plain(0).truth.symbols}
    assert make(composed, 0) == make(composed, 0)
