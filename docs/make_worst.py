"""Draw docs/music-worst.png: one bar of each of the development pages that are read worst, and what stands there truly.

`python docs/make_worst.py ../shared/data/scans-dev` reads the pages. They belong to others: their pictures are not
shown; what was found stands on white paper, at the left, and the true bar is engraved anew beside it. Needs the extra
`synth`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from lxml import etree
from PIL import Image, ImageDraw, ImageFont

from leggio.draw import Picture, draw_reading
from leggio.music.read import Nets, Reading, load_nets, read
from leggio.music.spans import find_spans
from leggio.page import PageFailure, open_pages
from leggio.synth.engrave import Layout, engrave
from leggio.synth.music import cut_music, load_music

TARGET = Path(__file__).parent / "music-worst.png"
FOUND, TRUE = 760, 640  # pixels: the widths of the two columns
SPACE = 18.0  # pixels: the staff space of what was found
ABOVE, BELOW = 4.5, 4.5  # staff spaces that are shown over and under a system
CAPTION = 26  # pixels


@dataclass(frozen=True, slots=True)
class Place:
    """One bar of an answer, counted from 1 on its page, what went wrong in it, and how many true bars it holds."""

    page: str
    bar: int
    cause: str
    bars: int = 1


PLACES = (
    Place(
        "joplin-favorite-p2",
        23,
        "the threes in the staff are not seen as numbers; a beam too few at the first note",
    ),
    Place(
        "scarlatti-L351K225-p2",
        8,
        "the beam of the upper staff is given to the last quarter of the lower one",
    ),
    Place(
        "mozart-sonata03-3-p3", 1, "the bar line behind the clef is lost: two bars are read as one", bars=2
    ),
    Place("mozart-sonata11-1f-p2", 2, "three and four beams flow together; pieces of them are heads"),
    Place("scarlatti-L015K160-p1", 15, "two notes lack their second beam, and the whole bar shifts"),
    Place("mozart-sonata08-2-p3", 3, "pieces of slanted beams taken for heads; six triplets lose their sum"),
    Place(
        "mozart-sonata10-1-p1",
        8,
        "the left hand on the upper staff: read as printed, told otherwise by the truth",
    ),
    Place("scarlatti-L306K345-p1", 20, "where the slur ends at the beam, a second beam is counted"),
    Place("mozart-sonata11-2-p1", 31, "the beams of two grace notes are taken for a head"),
    Place("scarlatti-L027K238-p1", 3, "a quarter and a half of two voices are read as one chord"),
)


def main() -> None:
    folder, nets = Path(sys.argv[1]), load_nets()
    rows = [row for place in PLACES for row in (write(place), draw_place(folder / place.page, place, nets))]
    sheet = np.vstack(rows)
    cv2.imwrite(str(TARGET), sheet[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


def draw_place(case: Path, place: Place, nets: Nets) -> Picture:
    """What was found of a bar, and the true bar."""
    page = next(iter(open_pages(case / "page.png")))
    if isinstance(page, PageFailure):
        raise page.error
    found = draw_bar(read(page, nets), place.bar - 1)
    true = engrave_bars(case / "truth.musicxml", place.bar - 1, place.bars)
    height = max(len(found), len(true))
    return np.hstack([fill(found, FOUND, height), fill(true, TRUE, height)])


def draw_bar(reading: Reading, bar: int) -> Picture:
    """The bar as it was seen and read, on white paper."""
    blank = replace(reading.page, image=np.full_like(reading.page.image, 255))
    picture = draw_reading(replace(reading, page=blank))
    spans = [span for system in reading.notation.systems for span in find_spans(system, reading.notation)]
    box, space = spans[bar].system.box, spans[bar].system.staves[0].space
    left, right = spans[bar].left - space, spans[bar].right + space
    top, bottom = box.y0 - ABOVE * space, box.y1 + BELOW * space
    cut = picture[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)]
    return shrink(cut, min(SPACE / space, (FOUND - 20) / cut.shape[1]))


def engrave_bars(truth: Path, first: int, bars: int) -> Picture:
    """Bars of the true music, engraved by Verovio; `first` counts from 0."""
    root = load_music(truth)
    cut_music(root, bars, first)
    sample = next(
        engrave(etree.tostring(root), Layout(space=2 * SPACE, options=(("header", "none"),)), pages=1)
    )
    rows, columns = np.nonzero(sample.image < 128)
    cut = sample.image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return shrink(np.dstack([cut] * 3), min(0.45, (TRUE - 20) / cut.shape[1]))


def shrink(picture: Picture, scale: float) -> Picture:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def fill(picture: Picture, width: int, height: int) -> Picture:
    """The picture on white paper of this size, at its left and in its middle."""
    paper = np.full((height + 8, width, 3), 255, np.uint8)
    top = (height - len(picture)) // 2
    paper[top : top + len(picture), 10 : 10 + picture.shape[1]] = picture
    return paper


def write(place: Place) -> Picture:
    """The line over a bar."""
    line = Image.new("RGB", (FOUND + TRUE, CAPTION), (235, 235, 235))
    text = f"{place.page}, bar {place.bar}: {place.cause}"
    ImageDraw.Draw(line).text((10, 4), text, fill=(0, 0, 0), font=ImageFont.load_default(15))
    return np.array(line, dtype=np.uint8)


if __name__ == "__main__":
    main()
