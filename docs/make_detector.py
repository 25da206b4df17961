"""Draw docs/detector-lilypond.png and docs/detector-photo.png: what the net finds on pages of an engraver that it has
not learned from.

The bundled music is engraved by LilyPond, once looked at as it is and once as a photo. Green is right, red is wrong,
blue was missed; the truth comes out of LilyPond's drawing. Needs LilyPond and the extra `synth`.

With a folder of data (`python docs/make_detector.py ../shared/data`) it also draws docs/detector-scan.png and
docs/detector-hand.png: what was found on a real scan and on a handwritten page. Those pages belong to others: their
pictures are not shown, the answers stand on white paper.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from leggio.draw import Picture, draw_reading
from leggio.evaluate.detect import draw_things, look
from leggio.evaluate.match import PageThings, name_strokes, name_symbols
from leggio.music.read import load_nets, read
from leggio.page import Page, PageFailure, open_pages
from leggio.synth.handwriting import Handwriting, Split
from leggio.synth.lilypond import engrave_lilypond, random_lily_layout
from leggio.synth.photo import shoot
from leggio.synth.sample import Sample

HERE = Path(__file__).parent
SCAN = "scans-dev/mozart-sonata08-1-p1/page.png"
HAND = "muscima-pp/muscima-pp-v2.0.tar.xz"
MUSIC = HERE.parent / "examples" / "forelle.musicxml"
SEED = 8
WIDTH = 1400  # pixels of a picture


def main() -> None:
    layout = random_lily_layout(np.random.default_rng(SEED), 20.0)
    page = next(engrave_lilypond(MUSIC.read_bytes(), layout, pages=1))
    save("detector-lilypond", page)
    save("detector-photo", shoot(page, np.random.default_rng(SEED)))
    if len(sys.argv) > 1:
        data = Path(sys.argv[1])
        scan = next(open_pages(data / SCAN))
        if not isinstance(scan, PageFailure):
            save_answer("detector-scan", scan)
        save_answer("detector-hand", Page(Handwriting(data / HAND, Split.TEST)(0).image, HAND))


def save_answer(name: str, page: Page) -> None:
    """Draw what was read of a page that may not be shown."""
    reading = read(page, load_nets())
    save_picture(
        name, draw_reading(replace(reading, page=replace(page, image=np.full_like(page.image, 255))))
    )


def save(name: str, sample: Sample) -> None:
    answer = look(Page(sample.image, name), load_nets())
    truth = name_symbols(sample.truth.symbols) + name_strokes(sample.truth.strokes)
    things = PageThings(
        truth, name_symbols(answer.symbols) + name_strokes(answer.strokes), sample.truth.space
    )
    save_picture(name, draw_things(sample.image, things))


def save_picture(name: str, picture: Picture) -> None:
    scale = WIDTH / picture.shape[1]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(HERE / f"{name}.png"), small[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
