"""Draw docs/detector-lilypond.png and docs/detector-photo.png: what the net finds on pages of an engraver that it has
not learned from.

The bundled music is engraved by LilyPond, once looked at as it is and once as a photo. Green is right, red is wrong,
blue was missed; the truth comes out of LilyPond's drawing. Needs LilyPond and the extra `synth`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from leggio.evaluate.detect import draw_things, look
from leggio.evaluate.match import PageThings, name_strokes, name_symbols
from leggio.music.read import load_nets
from leggio.page import Page
from leggio.synth.lilypond import engrave_lilypond, random_lily_layout
from leggio.synth.photo import shoot
from leggio.synth.sample import Sample

HERE = Path(__file__).parent
MUSIC = HERE.parent / "examples" / "forelle.musicxml"
SEED = 8
WIDTH = 1400  # pixels of a picture


def main() -> None:
    layout = random_lily_layout(np.random.default_rng(SEED), 20.0)
    page = next(engrave_lilypond(MUSIC.read_bytes(), layout, pages=1))
    save("detector-lilypond", page)
    save("detector-photo", shoot(page, np.random.default_rng(SEED)))


def save(name: str, sample: Sample) -> None:
    answer = look(Page(sample.image, name), load_nets())
    truth = name_symbols(sample.truth.symbols) + name_strokes(sample.truth.strokes)
    things = PageThings(
        truth, name_symbols(answer.symbols) + name_strokes(answer.strokes), sample.truth.space
    )
    picture = draw_things(sample.image, things)
    scale = WIDTH / picture.shape[1]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(HERE / f"{name}.png"), small[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
