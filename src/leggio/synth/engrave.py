"""Engrave MusicXML with Verovio and read back where every symbol is. In: MusicXML. Out: clean `Sample`s."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import verovio
from lxml import etree
from numpy.typing import NDArray

from leggio.synth.raster import draw_svg
from leggio.synth.sample import Sample, Truth, draw_mask
from leggio.synth.svg import SVG, find_drawing, fit_page, read_ink
from leggio.synth.systems import join_staves, join_strokes

FONTS = ("Leipzig", "Bravura", "Gootville", "Leland", "Petaluma")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # where SMuFL fonts keep their glyphs


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is engraved. `options` go to Verovio as they are; `space` is the staff space in pixels."""

    font: str = "Leipzig"
    text_font: str = "serif"
    space: float = 24.0
    options: tuple[tuple[str, float | int | str | bool], ...] = ()


def engrave(music: bytes, layout: Layout, pages: int | None = None, skip: int = 0) -> Iterator[Sample]:
    """Engrave MusicXML (.musicxml or .mxl bytes) and give its pages one by one.

    `pages` is the most pages to give, `skip` how many to pass over if there are more. Raises ValueError when Verovio
    cannot read the music.
    """
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({
        "font": layout.font, "pageWidth": 2100, "pageHeight": 2970, "scale": 100, "footer": "none",
        "xmlIdSeed": 1, **dict(layout.options),
    })  # fmt: skip
    if music[:2] == b"PK":
        loaded = toolkit.loadZipDataBase64(base64.b64encode(music).decode())
    else:
        loaded = toolkit.loadData(music.decode("utf-8"))
    if not loaded:
        raise ValueError("Verovio could not read this music")
    last = toolkit.getPageCount()
    chosen = range(1 + min(skip, last - 1), last + 1)
    for number in chosen[:pages]:
        yield read_svg(toolkit.renderToSVG(number), layout)


def read_svg(svg: str, layout: Layout) -> Sample:
    """One page of Verovio's SVG, drawn and with its truth."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(huge_tree=True))
    ink = read_ink(root, layout.space)
    strokes, outlines = join_strokes(ink.strokes, ink.outlines)
    line_width = float(np.median([piece.width for piece in ink.staves])) if ink.staves else 0.0
    truth = Truth(ink.symbols, strokes, join_staves(ink.staves, ink.braces), layout.space, line_width)
    image = _draw_page(root, layout)
    return Sample(image, draw_mask(truth, outlines, (image.shape[0], image.shape[1])), truth, outlines)


def _draw_page(root: etree._Element, layout: Layout) -> NDArray[np.uint8]:
    """The drawing as (height, width) uint8, 0 ink and 255 paper; it is changed to what resvg can draw."""
    fit_page(root, layout.space)
    # Verovio writes size 0 here and the real one inside: resvg would draw no text.
    for text in root.iter(SVG + "text"):
        if "font-size" in text.attrib:
            del text.attrib["font-size"]
    for span in root.iter(SVG + "tspan"):  # dynamics within text are in a music font, which is not there
        if span.text and _PRIVATE.search(span.text):
            span.text = _PRIVATE.sub("", span.text)
    find_drawing(root).set("font-family", layout.text_font)
    return draw_svg(root)
