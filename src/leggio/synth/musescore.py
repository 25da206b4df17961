"""Engrave MusicXML with MuseScore 3 and read back where every symbol is. In: MusicXML. Out: clean `Sample`s."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.errors import MissingExtra
from leggio.synth.musescore_glyphs import SPACE_UNITS, SPATIUM, Chart, learn_chart, write_chart
from leggio.synth.musescore_ink import MuseScoreInk, read_ink
from leggio.synth.music import load_music
from leggio.synth.outlines import read_numbers
from leggio.synth.raster import draw_svg
from leggio.synth.sample import Sample, Truth, draw_mask
from leggio.synth.systems import join_staves

MUSIC_FONTS = {
    "Emmentaler": "MScore Text", "Bravura": "Bravura Text", "Gonville": "Gootville Text", "MuseJazz": "MuseJazz Text",
}  # fmt: skip  # the music font, and the one for music within texts that goes with it
TEXT_FONTS = (
    "FreeSerif",
    "FreeSans",
    "TeX Gyre Termes",
    "TeX Gyre Schola",
    "TeX Gyre Bonum",
    "Latin Modern Roman",
)
_PROGRAMS = ("mscore3", "musescore3", "mscore")
_LONGEST = 120  # seconds: a score that takes longer has sent MuseScore astray
_INCH = 360 / SPACE_UNITS  # staff spaces
_STRIPPED = ("defaults", "print", "credit", "staff-size")  # of the layout that the music came with


@dataclass(frozen=True, slots=True)
class MuseScoreLayout:
    """How a page is engraved. Sizes are in staff spaces but `space`, the staff space in pixels.

    `font` is a music font of `MUSIC_FONTS`, `text_font` any face. `options` are MuseScore's style settings by name.
    """

    font: str = "Emmentaler"
    text_font: str = "FreeSerif"
    space: float = 24.0
    width: float = 100.0
    height: float = 140.0
    margin: float = 6.0
    options: tuple[tuple[str, float | int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class EngravedPage:
    """A page and, by class and outline, how many of its signs we have no name for: those are not in its truth."""

    sample: Sample
    unknown: Counter[str]


def find_musescore() -> Path | None:
    """MuseScore 3 on the search path; None where it is not installed."""
    return next((Path(found) for found in map(shutil.which, _PROGRAMS) if found), None)


def random_layout(rng: np.random.Generator, space: float) -> MuseScoreLayout:
    """A house style drawn at random: fonts, page, line widths, spacing, beams, slurs; `space` in pixels."""
    options: dict[str, float | int | str] = {
        "staffLineWidth": rng.uniform(0.06, 0.13), "stemWidth": rng.uniform(0.08, 0.16),
        "barWidth": rng.uniform(0.10, 0.22), "doubleBarWidth": rng.uniform(0.10, 0.22),
        "endBarWidth": rng.uniform(0.4, 0.7), "doubleBarDistance": rng.uniform(0.4, 0.65),
        "endBarDistance": rng.uniform(0.4, 0.7), "ledgerLineWidth": rng.uniform(0.1, 0.2),
        "ledgerLineLength": rng.uniform(0.3, 0.5), "beamWidth": rng.uniform(0.42, 0.56),
        "beamDistance": rng.uniform(0.4, 0.6), "beamNoSlope": int(rng.random() < 0.1),
        "slurMidWidth": rng.uniform(0.10, 0.28), "slurEndWidth": rng.uniform(0.05, 0.1),
        "hairpinLineWidth": rng.uniform(0.09, 0.17), "hairpinHeight": rng.uniform(0.9, 1.4),
        "tupletBracketWidth": rng.uniform(0.07, 0.15), "measureSpacing": rng.uniform(1.05, 1.5),
        "minNoteDistance": rng.uniform(0.15, 0.6), "minMeasureWidth": rng.uniform(4.0, 9.0),
        "staffDistance": rng.uniform(5.0, 9.0), "akkoladeDistance": rng.uniform(5.5, 9.0),
        "minSystemDistance": rng.uniform(7.0, 11.0), "maxSystemDistance": rng.uniform(12.0, 20.0),
        "graceNoteMag": rng.uniform(0.6, 0.78), "smallClefMag": rng.uniform(0.7, 0.85),
        "lyricsOddFontSize": rng.uniform(9.0, 13.0), "showMeasureNumber": int(rng.random() < 0.6),
        "fingeringFontStyle": int(rng.integers(0, 3)), "tupletFontStyle": int(rng.integers(0, 3)),
        "tupletBracketType": int(rng.choice([0, 0, 1])),
    }  # fmt: skip
    rounded = tuple((name, round(float(value), 3)) for name, value in options.items())
    width, height = rng.uniform(55, 115, 2)
    font, text_font = str(rng.choice(list(MUSIC_FONTS))), str(rng.choice(TEXT_FONTS))
    return MuseScoreLayout(
        font, text_font, space, float(width), float(height), float(rng.uniform(2, 7)), rounded
    )


def engrave_musescore(
    music: bytes, layout: MuseScoreLayout, pages: int | None = None, skip: int = 0
) -> Iterator[Sample]:
    """Engrave MusicXML (.musicxml or .mxl bytes) and give its pages one by one.

    `pages` is the most pages to give, `skip` how many to pass over if there are more. A page with a sign that we have
    no name for is left out, because its truth would lack it. Raises ValueError when MuseScore cannot read the music,
    MissingExtra when there is no MuseScore.
    """
    whole = (page.sample for page in engrave_pages(music, layout, skip) if not page.unknown)
    for count, sample in enumerate(whole, 1):
        yield sample
        if count == pages:
            return


def engrave_pages(music: bytes, layout: MuseScoreLayout, skip: int = 0) -> Iterator[EngravedPage]:
    """As `engrave_musescore`, but with the pages that hold unknown signs, and which."""
    program = require_musescore()
    chart = _draw_chart(program, layout.font, layout.text_font)
    drawn = _draw(program, _strip_layout(music), ".musicxml", layout)
    if not drawn:
        raise ValueError("MuseScore could not read this music")
    for root in drawn[min(skip, len(drawn) - 1) :]:
        read = read_ink(root, chart, layout.space)
        yield EngravedPage(_make_sample(root, read, layout.space), read.unknown)


def _make_sample(root: etree._Element, read: MuseScoreInk, space: float) -> Sample:
    ink = read.ink
    line_width = float(np.median([piece.width for piece in ink.staves])) if ink.staves else 0.0
    truth = Truth(ink.symbols, ink.strokes, join_staves(ink.staves, ink.braces), space, line_width)
    image = _draw_page(root, space)
    return Sample(
        image, draw_mask(truth, ink.outlines, (image.shape[0], image.shape[1])), truth, ink.outlines
    )


def _draw_page(root: etree._Element, space: float) -> NDArray[np.uint8]:
    """The drawing as (height, width) uint8, 0 ink and 255 paper; its sides become whole pixels."""
    scale = space / SPACE_UNITS
    wide, high = (round(side * scale) for side in read_numbers(root.get("viewBox") or "")[2:])
    root.set("width", f"{wide}px")
    root.set("height", f"{high}px")
    root.set("viewBox", f"0 0 {wide / scale} {high / scale}")
    return draw_svg(root)


def _strip_layout(music: bytes) -> bytes:
    """The music as plain MusicXML without the page that it was made for."""
    with tempfile.TemporaryDirectory(prefix="leggio-") as name:
        path = Path(name) / "music.mxl"
        path.write_bytes(music)
        root = load_music(path)
    etree.strip_elements(root, *_STRIPPED, with_tail=False)
    etree.indent(root)  # after a mordent with no white space behind it, MuseScore 3.2 reads no further
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


# --- the program


def require_musescore() -> Path:
    program = find_musescore()
    if program is None:
        raise MissingExtra(
            "MuseScore 3 is not installed: install it (Debian and Ubuntu: `apt install musescore3`), or engrave with "
            "Verovio."
        )
    return program


def _draw(program: Path, score: bytes, suffix: str, layout: MuseScoreLayout) -> list[etree._Element]:
    """MuseScore's drawings of a score, page by page; empty if it cannot read it."""
    with tempfile.TemporaryDirectory(prefix="leggio-") as name:
        folder = Path(name)
        (folder / f"score{suffix}").write_bytes(score)
        found = engrave_files(program, folder / f"score{suffix}", layout, ("page.svg",))
        parser = etree.XMLParser(huge_tree=True)
        return [etree.fromstring(path.read_bytes(), parser) for path in found]


def engrave_files(
    program: Path, score: Path, layout: MuseScoreLayout, targets: Sequence[str], *options: str
) -> list[Path]:
    """Let MuseScore write files beside a score in a folder of its own; gives the pages of the first target, in order.

    `targets` are names such as page.svg, whose ending says what is written; `options` go before all others. Empty where
    MuseScore wrote nothing, or took too long.

    A style reaches the layout only of a score that is opened with it, so MusicXML is first made MuseScore's own.
    """
    folder = score.parent
    (folder / "style.mss").write_bytes(write_style(layout))
    steps = [(score.name, ("styled.mscx",)), ("styled.mscx", targets)]
    job = [{"in": str(folder / name), "out": [str(folder / out) for out in outs]} for name, outs in steps]
    (folder / "job.json").write_text(json.dumps(job))
    command = [str(program), *options, "-S", str(folder / "style.mss"), "-j", str(folder / "job.json")]
    try:
        subprocess.run(command, env=set_offscreen(folder), capture_output=True, timeout=_LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return []
    first = Path(targets[0])
    pages = folder.glob(f"{first.stem}*{first.suffix}")
    return sorted(pages, key=lambda path: (len(path.name), path.name))


def set_offscreen(folder: Path) -> dict[str, str]:
    """The environment in which MuseScore needs no screen, and keeps what it keeps for itself in a folder."""
    own = dict.fromkeys(("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    return os.environ | {"QT_QPA_PLATFORM": "offscreen"} | own


def write_style(layout: MuseScoreLayout) -> bytes:
    """The layout as one of MuseScore's style files."""
    width, margin = layout.width / _INCH, layout.margin / _INCH
    settings: dict[str, object] = {
        "musicalSymbolFont": layout.font, "musicalTextFont": MUSIC_FONTS[layout.font],
        "pageWidth": width, "pageHeight": layout.height / _INCH, "pagePrintableWidth": width - 2 * margin,
        **{f"page{side}{edge}Margin": margin for side in ("Even", "Odd") for edge in ("Left", "Top", "Bottom")},
        "pageTwosided": 0, "tupletFontFace": layout.text_font, "fingeringFontFace": layout.text_font,
        "lyricsOddFontFace": layout.text_font, "lyricsEvenFontFace": layout.text_font,
        "measureNumberFontFace": layout.text_font, "titleFontFace": layout.text_font,
        **dict(layout.options), "Spatium": SPATIUM,
    }  # fmt: skip
    root = etree.Element("museScore", version="3.01")
    style = etree.SubElement(root, "Style")
    for name, value in settings.items():
        etree.SubElement(style, name).text = str(value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@functools.lru_cache
def _draw_chart(program: Path, font: str, text_font: str) -> Chart:
    """The chart of a font. It takes a second, once for each pair of fonts."""
    layout = MuseScoreLayout(font, text_font)
    return learn_chart(_draw(program, write_chart(text_font), ".mscx", layout), text_font)
