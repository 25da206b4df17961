"""Make docs/forelle.png: the bundled page with what leggio saw on it, beside its MusicXML engraved anew.

Run it with the extra `synth` installed: `python docs/make_forelle.py`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import resvg_py
import verovio
from numpy.typing import NDArray

from leggio.draw import draw_reading
from leggio.music.musicxml import write_musicxml
from leggio.music.read import load_nets, read_file

HERE = Path(__file__).parent
PAGE = HERE.parent / "examples" / "forelle.png"
HEIGHT = 1500  # px of the picture
GAP = 40


def engrave(music: bytes, width: int, height: int) -> NDArray[np.uint8]:
    """The first page of MusicXML engraved by Verovio, (height, width, 3) RGB."""
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "pageWidth": 2500,
            "pageHeight": round(2500 * height / width),
            "scale": 50,
            "footer": "none",
            "breaks": "encoded",
        }
    )
    toolkit.loadData(music.decode())
    svg = toolkit.renderToSVG(1)
    picture = resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, background="white")
    decoded = cv2.imdecode(np.frombuffer(bytes(picture), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.resize(decoded, (width, height)), np.uint8)


def main() -> None:
    reading = read_file(PAGE, load_nets())
    assert reading.score is not None
    seen = draw_reading(reading.readings[0])
    width = round(HEIGHT * seen.shape[1] / seen.shape[0])
    left = cv2.resize(seen, (width, HEIGHT), interpolation=cv2.INTER_AREA)[..., ::-1]
    right = engrave(write_musicxml(reading.score), width, HEIGHT)
    picture = np.hstack([left, np.full((HEIGHT, GAP, 3), 255, np.uint8), right])
    cv2.imwrite(str(HERE / "forelle.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
