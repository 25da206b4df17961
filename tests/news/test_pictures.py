"""Pictures are those that ink and net agree on, and those that only the net saw."""

from __future__ import annotations

import numpy as np

from leggio.geometry import Box
from leggio.news.pictures import check_pictures
from leggio.news.print_maps import PRINT, PrintMaps

PHOTO, STAIN = Box(40, 40, 120, 140), Box(200, 40, 300, 140)


def see(*pictures: Box, chance: int = 250) -> PrintMaps:
    """What a net sees on a page of 400 x 400 pixels with these pictures, a cell two pixels."""
    maps = np.zeros((len(PRINT), 200, 200), np.uint8)
    for box in pictures:
        maps[PRINT.index("picture"), int(box.y0 / 2) : int(box.y1 / 2), int(box.x0 / 2) : int(box.x1 / 2)] = (
            chance
        )
    return PrintMaps(PRINT, maps, 0.5)


def test_a_picture_that_ink_and_net_agree_on_stays_as_the_ink_has_it() -> None:
    larger = PHOTO.grow(6, 6)
    assert check_pictures([larger], see(PHOTO)) == (larger,)


def test_a_dark_patch_that_is_no_picture_to_the_net_is_none() -> None:
    assert check_pictures([PHOTO, STAIN], see(PHOTO)) == (PHOTO,)
    assert check_pictures([STAIN], see()) == ()


def test_a_picture_that_the_ink_did_not_show_is_added() -> None:
    assert check_pictures([], see(PHOTO)) == (PHOTO,)
    assert check_pictures([PHOTO], see(PHOTO, STAIN)) == (PHOTO, STAIN)


def test_what_is_small_or_unsure_or_no_rectangle_is_not_added() -> None:
    assert check_pictures([], see(Box(40, 40, 56, 140))) == ()
    assert check_pictures([], see(PHOTO, chance=110)) == ()
    frame = (Box(40, 40, 200, 46), Box(40, 194, 200, 200), Box(40, 40, 46, 200), Box(194, 40, 200, 200))
    assert check_pictures([], see(*frame)) == ()
