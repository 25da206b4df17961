"""Engrave MusicXML with LilyPond and read back where every symbol is. In: MusicXML. Out: clean `Sample`s.

These pages are for measuring only: a net that never saw LilyPond's hand shows on them what it learned about music
rather than about one engraver. `musicxml2ly` translates the music; a preamble makes the SVG back end put each grob
(graphical object) into a group whose class is its name (property `output-attributes` in LilyPond's internals manual).
"""

from __future__ import annotations

import functools
import importlib.util
import shutil
import string
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.errors import MissingExtra
from leggio.synth.lilypond_glyphs import read_glyph_names
from leggio.synth.lilypond_ink import read_lilypond_ink
from leggio.synth.music import cut_music, load_music
from leggio.synth.outlines import read_numbers
from leggio.synth.raster import draw_svg
from leggio.synth.sample import Sample, Truth, draw_mask
from leggio.synth.systems import join_staves, join_strokes

# A longer piece is cut: LilyPond breaks all its pages before it draws the first one.
_BARS = 40
_NOTES = 300  # a page; few pages hold more
_POINT = 25.4 / 72.27  # millimetres
_CUTS = (
    11,
    13,
    14,
    16,
    18,
    20,
    23,
    26,
)  # points: the sizes that Emmentaler is drawn for, each heavier than the next
_HINT = "install LilyPond 2.24 or later (apt install lilypond, or pip install lilypond)"


@dataclass(frozen=True, slots=True)
class LilyLayout:
    """How LilyPond engraves a page.

    `space` is the staff space in pixels; all else is in staff spaces, but for `staff_size`, the height of a staff in
    points, which picks the cut of the music font: the smaller, the heavier.
    """

    space: float = 24.0
    staff_size: float = 20.0
    font: str = "emmentaler"
    text_font: str = "C059"
    page_width: float = 100.0
    page_height: float = 120.0
    margin: float = 5.0
    line_thickness: float = 0.1
    stem_thickness: float = 0.13
    beam_thickness: float = 0.48
    bar_thickness: float = 0.19
    curve_thickness: float = 0.12
    staff_distance: float = 9.0
    system_distance: float = 12.0
    title: bool = True


def random_lily_layout(rng: np.random.Generator, space: float = 24.0) -> LilyLayout:
    """A house style drawn at random; `space` is the staff space in pixels."""
    return LilyLayout(
        space=space,
        staff_size=float(rng.choice(_CUTS)),
        text_font=str(rng.choice(["C059", "DejaVu Serif", "TeX Gyre Termes", "TeX Gyre Pagella"])),
        page_width=float(rng.uniform(70, 125)),
        page_height=float(rng.uniform(80, 150)),
        margin=float(rng.uniform(3, 9)),
        line_thickness=float(rng.uniform(0.08, 0.16)),
        stem_thickness=float(rng.uniform(0.10, 0.20)),
        beam_thickness=float(rng.uniform(0.42, 0.56)),
        bar_thickness=float(rng.uniform(0.15, 0.28)),
        curve_thickness=float(rng.uniform(0.10, 0.18)),
        staff_distance=float(rng.uniform(7.5, 12)),
        system_distance=float(rng.uniform(10, 16)),
        title=bool(rng.random() < 0.6),
    )


def find_lilypond() -> Path | None:
    """LilyPond's program: that of the Python package `lilypond` if it is installed, else the one on the path."""
    found = importlib.util.find_spec("lilypond")
    if found is not None and found.origin is not None:
        program = Path(found.origin).parent / "lilypond-binaries" / "bin" / "lilypond"
        if program.exists():
            return program
    on_path = shutil.which("lilypond")
    return Path(on_path).resolve() if on_path else None


def engrave_lilypond(
    music: bytes, layout: LilyLayout, pages: int | None = None, skip: int = 0, patience: float = 90.0
) -> Iterator[Sample]:
    """Engrave the first bars of MusicXML (.musicxml or .mxl bytes) and give the pages one by one.

    `pages` is the most pages to give, `skip` how many to pass over if there are more; each program may take
    `patience` seconds. Raises ValueError when LilyPond cannot read the music or takes too long, MissingExtra when it
    is not installed.
    """
    program = find_lilypond()
    if program is None:
        raise MissingExtra(f"LilyPond is not installed: {_HINT}.")
    notes = _NOTES * (pages + skip) if pages is not None else None
    drawings = _run_lilypond(program, music, layout, notes, patience)
    fonts = program.resolve().parent.parent / "share" / "lilypond"
    for drawing in drawings[min(skip, len(drawings) - 1) :][:pages]:
        yield read_lilypond_svg(drawing, layout, fonts)


def read_lilypond_svg(svg: bytes, layout: LilyLayout, fonts: Path) -> Sample:
    """One page of LilyPond's SVG, drawn and with its truth; `fonts` is the folder that its fonts are in."""
    root = etree.fromstring(svg, etree.XMLParser(huge_tree=True))
    names = read_glyph_names(fonts)
    ink, _ = read_lilypond_ink(
        root, layout.space, names, functools.partial(_draw_svg, layout=layout, fonts=fonts)
    )
    strokes, outlines = join_strokes(ink.strokes, ink.outlines)
    line_width = float(np.median([piece.width for piece in ink.staves])) if ink.staves else 0.0
    truth = Truth(ink.symbols, strokes, join_staves(ink.staves, ink.braces), layout.space, line_width)
    wide, high = (round(side * layout.space) for side in read_numbers(root.get("viewBox") or "")[2:])
    root.set("viewBox", f"0 0 {wide / layout.space} {high / layout.space}")
    root.set("width", f"{wide}px")
    root.set("height", f"{high}px")
    image = _draw_svg(root, layout=layout, fonts=fonts)
    return Sample(image, draw_mask(truth, outlines, (high, wide)), truth, outlines)


def _draw_svg(root: etree._Element, layout: LilyLayout, fonts: Path) -> NDArray[np.uint8]:
    """A drawing as (height, width) uint8, 0 ink and 255 paper."""
    folders = [str(folder) for folder in fonts.glob("*/fonts/otf")]
    return draw_svg(root, serif=layout.text_font, font_folders=folders)


def count_bars(root: etree._Element, notes: int) -> int:
    """How many bars from the beginning on hold `notes` notes and rests, all parts together; at least 1."""
    bars = total = 0
    for column in zip(*(part.findall("measure") for part in root.findall("part")), strict=False):
        total += sum(len(measure.findall("note")) for measure in column)
        if total > notes:
            break
        bars += 1
    return max(bars, 1)


_PREAMBLE = string.Template(r"""
#(define leggio-systems '())
#(define (leggio-count system)
   (or (assq-ref leggio-systems system)
       (let ((number (length leggio-systems)))
         (set! leggio-systems (acons system number leggio-systems))
         number)))
#(define (leggio-tag grob)
   (let ((system (ly:grob-system grob)))
     `((class . ,(symbol->string (grob::name grob)))
       (data-system . ,(if (ly:grob? system) (number->string (leggio-count system)) "-1")))))
#(set-global-staff-size $staff_size)
\paper {
  #(set-paper-size '(cons (* $width mm) (* $height mm)))
  left-margin = $margin\mm  right-margin = $margin\mm  top-margin = $margin\mm  bottom-margin = $margin\mm
  tagline = ##f  page-breaking = #ly:minimal-breaking  $title
  system-system-spacing.basic-distance = #$system_distance
}
\layout {
  \context { \Global
    \grobdescriptions #(map (lambda (entry) (cons (car entry) (acons 'output-attributes leggio-tag (cdr entry))))
                            all-grob-descriptions) }
  \context { \Score
    skipBars = ##f
    \override Stem.thickness = #$stem
    \override Beam.beam-thickness = #$beam
    \override BarLine.hair-thickness = #$bar
    \override SpanBar.hair-thickness = #$bar
    \override Slur.thickness = #$curve
    \override Tie.thickness = #$curve
    \override StaffGrouper.staff-staff-spacing.basic-distance = #$staff_distance }
  \context { \Staff
    \override StaffSymbol.thickness = #$line }
}
""")


def _write_preamble(layout: LilyLayout) -> str:
    space = layout.staff_size * _POINT / 4  # millimetres
    unit = 0.1  # LilyPond measures thicknesses in its own line thickness, near a tenth of a staff space
    line = layout.line_thickness / unit
    return _PREAMBLE.substitute(
        staff_size=layout.staff_size, width=layout.page_width * space, height=layout.page_height * space,
        margin=layout.margin * space, title="" if layout.title else "bookTitleMarkup = ##f scoreTitleMarkup = ##f",
        system_distance=layout.system_distance, staff_distance=layout.staff_distance, line=line,
        stem=layout.stem_thickness / unit / line, beam=layout.beam_thickness, bar=layout.bar_thickness / unit / line,
        curve=layout.curve_thickness / unit / line,
    )  # fmt: skip


def _run_lilypond(
    program: Path, music: bytes, layout: LilyLayout, notes: int | None, patience: float
) -> list[bytes]:
    """The pages as SVG, first to last, of about so many `notes`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "score").write_bytes(music)
        root = load_music(folder / "score")
        # The source's own page and line breaks would leave nothing for the layout to decide.
        # Dynamics in words of their own become names that LilyPond cannot read.
        for tag in ("print", "credit", "defaults", "other-dynamics"):
            etree.strip_elements(root, tag, with_tail=False)
        cut_music(root, _BARS if notes is None else min(_BARS, count_bars(root, notes)))
        (folder / "score.musicxml").write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
        _run(
            program.parent / "musicxml2ly",
            folder,
            patience,
            "--loglevel=NONE",
            "-o",
            "score.ly",
            "score.musicxml",
        )
        written = (folder / "score.ly").read_text(encoding="utf-8")
        before, mark, after = written.partition("\n\\score")
        (folder / "page.ly").write_text(before + _write_preamble(layout) + mark + after, encoding="utf-8")
        _run(program, folder, patience, "--svg", "-s", "-dno-point-and-click", "page.ly")
        drawn = sorted(folder.glob("page*.svg"), key=lambda path: (len(path.name), path.name))
        if not drawn:
            raise ValueError("LilyPond drew no page of this music")
        return [path.read_bytes() for path in drawn]


def _run(program: Path, folder: Path, patience: float, *arguments: str) -> None:
    """Run one program; that it fails is only known from what it did not write."""
    try:
        subprocess.run([program, *arguments], cwd=folder, timeout=patience, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"{program.name} took longer than {patience:.0f} s for this music") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise ValueError(f"{program.name} could not read this music: {error}") from error
