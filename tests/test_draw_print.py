"""What the net for print saw is drawn over the page."""

from __future__ import annotations

import numpy as np

from leggio.draw_print import COLOURS, draw_print
from leggio.news.print_maps import PRINT, PrintMaps


def draw(name: str, chance: int) -> np.ndarray:
    maps = np.zeros((len(PRINT), 20, 30), np.uint8)
    maps[PRINT.index(name), 5:15, 10:20] = chance
    return draw_print(np.full((80, 120), 255, np.uint8), PrintMaps(PRINT, maps, 0.25))


def test_the_picture_is_twice_as_large_as_the_maps() -> None:
    assert draw("line", 255).shape == (40, 60, 3)


def test_each_kind_has_its_colour_where_it_was_seen_and_white_paper_stays() -> None:
    for name, colour in COLOURS.items():
        picture = draw(name, 255)
        assert abs(picture[20, 30].astype(int) - (np.array(colour) * 0.75 + 255 * 0.25)).max() <= 1
        assert (picture[2, 2] == 255).all()


def test_the_surer_the_net_the_stronger_the_colour() -> None:
    greens = [int(draw("border", chance)[20, 30, 1]) for chance in (0, 80, 160, 255)]
    assert greens == sorted(greens, reverse=True)
    assert len(set(greens)) == 4


def test_ink_is_pale() -> None:
    black = draw_print(np.zeros((80, 120), np.uint8), PrintMaps(PRINT, np.zeros((7, 20, 30), np.uint8), 0.25))
    assert 100 < black.mean() < 155
