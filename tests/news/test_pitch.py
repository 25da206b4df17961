"""The pitch of lines is seen where letters are worn, and neither dots nor specks have one."""

from __future__ import annotations

import numpy as np
import pytest

from leggio.news.ink import Mask
from leggio.news.pitch import TILE, compare_rows, find_pitch, find_text, measure_rows, measure_share

from .pressed import Press


def press_text() -> tuple[Mask, float]:
    press = Press()
    lines = press.print_column(60, 60, 800, 38)
    pitch = (lines[-1].y0 - lines[0].y0) / (len(lines) - 1)
    return (press.image < 128).astype(np.uint8), pitch


def strew(shape: tuple[int, ...], share: float) -> Mask:
    return (np.random.default_rng(3).random(shape) < share).astype(np.uint8)


def test_the_pitch_of_text_is_from_line_to_line() -> None:
    mask, pitch = press_text()
    found = find_pitch(mask)
    assert found is not None
    assert found.size == pytest.approx(pitch, abs=1)


def test_text_that_has_lost_most_of_its_ink_keeps_its_pitch() -> None:
    mask, pitch = press_text()
    worn = mask & strew(mask.shape, 0.3)
    found = find_pitch(worn)
    assert found is not None
    assert found.size == pytest.approx(pitch, abs=1)
    assert measure_rows(worn, pitch) > 0.3


def test_text_is_found_where_it_stands() -> None:
    mask, _ = press_text()
    mask[:, 500:] = 0
    text = find_text(mask)
    assert text.shape == (mask.shape[0] // TILE[0], mask.shape[1] // TILE[1])
    assert text[1:-1, 1:5].mean() > 0.8
    assert not text[:, 6:].any()


def test_dots_of_a_halftone_have_no_pitch() -> None:
    mask = np.zeros((900, 900), np.uint8)
    for y in range(3):
        for x in range(3):
            mask[y::8, x::8] = 1
    assert find_pitch(mask) is None


def test_specks_have_no_pitch_and_are_much_of_the_ink_among_text() -> None:
    text, pitch = press_text()
    specks = strew(text.shape, 0.04) & (1 - text)
    found = find_pitch(specks)
    assert found is None or found.tiles < 3  # of 70: fewer than are believed
    assert measure_rows(specks, pitch) < 0.2
    assert measure_share(specks, text | specks) > 0.1
    assert measure_share(specks * 0, text | specks) == 0


@pytest.mark.parametrize("shape", [(10, 10), (400, 20), (300, 300)])
def test_small_or_white_paper_has_no_pitch(shape: tuple[int, int]) -> None:
    assert find_pitch(np.zeros(shape, np.uint8)) is None


def test_crumbs_stand_in_the_rows_of_letters_and_specks_show_between_them() -> None:
    text, _ = press_text()
    part = strew(text.shape, 0.5)
    assert compare_rows(text & part, text & (1 - part)) > 0.3
    assert compare_rows(strew(text.shape, 0.1) & (1 - text), text) < -0.2
