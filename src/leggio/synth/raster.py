"""Drawings to pixels. In: SVG as XML. Out: grey pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import resvg_py
from lxml import etree
from numpy.typing import NDArray


def draw_svg(
    root: etree._Element, *, serif: str | None = None, font_folders: Sequence[str] = ()
) -> NDArray[np.uint8]:
    """The drawing as (height, width) uint8, 0 ink and 255 paper, as large as its root says.

    `serif` is the face of serif text, `font_folders` are where fonts lie besides those of the machine.
    """
    picture = resvg_py.svg_to_bytes(
        svg_string=etree.tostring(root, encoding="unicode"), background="white",
        serif_family=serif, font_dirs=list(font_folders),
    )  # fmt: skip
    image: NDArray[np.uint8] | None = cv2.imdecode(
        np.frombuffer(bytes(picture), np.uint8), cv2.IMREAD_GRAYSCALE
    )
    assert image is not None, "resvg wrote no picture"
    return image
