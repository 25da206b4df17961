"""Two legs that open to one side are a hairpin."""

from __future__ import annotations

import pytest

from leggio.music.hairpins import read_hairpins
from leggio.music.notation import StrokeKind, TextMark, TextRole

from .drawing import SPACE, Sheet


def draw_hairpin(left: float, right: float, y: float = 15.0) -> tuple[TextMark, ...]:
    """What is read of two legs that are `left` and `right` staff spaces apart at their ends."""
    sheet = Sheet(60, 26)
    sheet.staff(6)
    for way in (-1, 1):
        start, end = (10.0, y + way * left / 2), (18.0, y + way * right / 2)
        sheet.sweep(StrokeKind.HAIRPIN, start, end, 0.15)
    return read_hairpins(sheet.systems, sheet.strokes, sheet.maps())


@pytest.mark.parametrize(
    ("left", "right", "word"), [(0.1, 1.4, "crescendo"), (1.4, 0.1, "diminuendo"), (0.5, 1.3, "crescendo")]
)
def test_the_open_end_tells_louder_from_softer(left: float, right: float, word: str) -> None:
    start, stop = draw_hairpin(left, right)
    assert (start.role, start.text.text, stop.text.text) == (TextRole.WEDGE, word, "stop")
    assert start.text.box.x0 == pytest.approx(10 * SPACE, abs=0.5 * SPACE)
    assert stop.text.box.x0 == pytest.approx(18 * SPACE, abs=0.5 * SPACE)
    assert (start.staff, start.above) == (0, False)


def test_legs_side_by_side_are_no_hairpin() -> None:
    assert draw_hairpin(1.0, 1.0) == ()


def test_far_from_every_staff_there_is_none() -> None:
    assert draw_hairpin(0.1, 1.4, y=24.0) == ()


def test_above_the_only_staff_it_is_above() -> None:
    start, _ = draw_hairpin(0.1, 1.4, y=3.0)
    assert start.above
