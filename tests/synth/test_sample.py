"""A sample in files is the sample that was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leggio.errors import LeggioError
from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.sample import (
    STAFF_BIT,
    STROKE_BITS,
    SYMBOL_BIT,
    Contours,
    Sample,
    Truth,
    draw_mask,
    load_sample,
    save_sample,
)


def square(x0: float, y0: float, x1: float, y1: float) -> Contours:
    return (np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32),)


def test_a_sample_comes_back_as_it_was_saved(little_page: Sample, tmp_path: Path) -> None:
    save_sample(little_page, tmp_path / "000007")
    again = load_sample(tmp_path / "000007.json")
    assert np.array_equal(again.image, little_page.image)
    assert np.array_equal(again.mask, little_page.mask)
    assert again.truth == little_page.truth


def test_a_sample_is_four_files(little_page: Sample, tmp_path: Path) -> None:
    save_sample(little_page, tmp_path / "000007")
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {f"000007{suffix}" for suffix in (".png", ".mask.png", ".npz", ".json")}


def test_outlines_come_back_where_they_are_asked_for(little_page: Sample, tmp_path: Path) -> None:
    save_sample(little_page, tmp_path / "000007")
    assert load_sample(tmp_path / "000007.json").outlines == ()
    loaded = load_sample(tmp_path / "000007.json", with_outlines=True).outlines
    assert len(loaded) == len(little_page.outlines) > 0
    for before, after in zip(little_page.outlines, loaded, strict=True):
        assert len(before) == len(after)
        for drawn, kept in zip(before, after, strict=True):
            np.testing.assert_allclose(kept, drawn, atol=1 / 32 + 1e-4)


def test_a_sample_without_its_picture_says_so(little_page: Sample, tmp_path: Path) -> None:
    save_sample(little_page, tmp_path / "000007")
    (tmp_path / "000007.mask.png").unlink()
    with pytest.raises(LeggioError, match=r"000007\.json lacks its picture or its mask"):
        load_sample(tmp_path / "000007.json")


def test_where_ink_crosses_ink_the_mask_holds_both() -> None:
    staff = Staff(0, 0, 0, (0.0, 60.0), tuple((10.0 * i + 5,) * 2 for i in range(5)), 10.0)
    stem = Stroke(0, StrokeKind.STEM, Point(30, 0), Point(30, 50), 4, Box(28, 0, 32, 50), 1.0)
    dot = Symbol(1, SymbolKind.DOT, Box(10, 28, 14, 32), 1.0)
    truth = Truth((dot,), (stem,), (System(0, (staff,), staff.box),), 10.0, 2.0)
    mask = draw_mask(truth, (square(28, 0, 32, 50), square(10, 28, 14, 32)), (60, 60))
    assert mask[20, 30] == STROKE_BITS[StrokeKind.STEM]
    assert mask[15, 50] == STAFF_BIT
    assert mask[15, 30] == STROKE_BITS[StrokeKind.STEM] | STAFF_BIT
    assert mask[30, 12] == SYMBOL_BIT
    assert mask[55, 55] == 0


def test_ink_beyond_the_edge_of_the_page_is_cut_off() -> None:
    dot = Symbol(0, SymbolKind.DOT, Box(-5, -5, 5, 5), 1.0)
    far = Symbol(1, SymbolKind.DOT, Box(100, 100, 110, 110), 1.0)
    truth = Truth((dot, far), (), (), 10.0, 2.0)
    mask = draw_mask(truth, (square(-5, -5, 5, 5), square(100, 100, 110, 110)), (20, 30))
    assert mask.shape == (20, 30)
    assert mask[:4, :4].all()
    assert not mask[8:, 8:].any()
