"""Engrave `forelle.musicxml` with LilyPond and age the page like a scan: writes `forelle.png` beside it.

LilyPond (2.24, with its `musicxml2ly`) is an engraver, and Emmentaler a music font, that training never sees.

    python examples/make_forelle.py
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

from leggio.synth.degrade import Ageing, Kind, degrade
from leggio.synth.scanner import Gray

HERE = Path(__file__).parent
DPI = 300
STAFF_SIZE = 18  # points from the bottom line to the top line: the usual size of a printed song
PAPER = f"""#(set-global-staff-size {STAFF_SIZE})
\\paper {{
  #(set-paper-size "a4")
  indent = 20\\mm
  top-margin = 14\\mm
  bottom-margin = 12\\mm
  print-page-number = ##f
}}
"""
AGEING = Ageing(
    clean=Kind(0), photo=Kind(0), bilevel=Kind(0), specks=Kind(1), worn=Kind(1), border=Kind(1), bleed=Kind(0)
)
SEED = 552  # of the first dozen seeds the one that looks most like the scans of public libraries
SKEW = 0.6  # degrees clockwise
GREY_STEP = 12  # grey levels kept: a scanner's noise in all 256 would triple the size of the file


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = engrave(HERE / "forelle.musicxml", Path(folder))
    cv2.imwrite(str(HERE / "forelle.png"), age(page), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def engrave(score: Path, folder: Path) -> Gray:
    """One A4 page of `score` as clean print, 0 for ink and 255 for paper."""
    source = folder / "page.ly"
    subprocess.run(["musicxml2ly", "-o", source, score], check=True, capture_output=True)
    source.write_text(mend(source.read_text("utf-8")), "utf-8")
    subprocess.run(
        ["lilypond", "--png", f"-dresolution={DPI}", "-danti-alias-factor=2", "-o", folder / "page", source],
        check=True,
        capture_output=True,
    )
    page = cv2.imread(str(folder / "page.png"), cv2.IMREAD_GRAYSCALE)
    if page is None:
        raise SystemExit("LilyPond wrote more than one page, or none: change STAFF_SIZE.")
    return page.astype(np.uint8)


def mend(source: str) -> str:
    """What musicxml2ly gets wrong: paper, footer, a tempo after its rests, doubled arpeggios, lone verse numbers."""
    source = re.sub(r"(R\S+ \\break) \^(\\markup\{ \\bold \{.*?\} \})", r"\\tempo \2 \1", source)
    source = re.sub(r'copyright =\s*"[^"]*"', "tagline = ##f", source)
    source = re.sub(r"\\arpeggio(\s+\\arpeggio)+", r"\\arpeggio", source)
    source = source.replace('\\set stanza = "1."', "")
    return source.replace("\\layout {", PAPER + "\\layout {", 1)


def age(page: Gray) -> Gray:
    """`page` as an old print on a flatbed scanner, a little crooked."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -SKEW, 1.0)
    crooked = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    scan = degrade(crooked.astype(np.uint8), np.random.default_rng(SEED), STAFF_SIZE / 4 / 72 * DPI, AGEING)
    return (scan // GREY_STEP * GREY_STEP).astype(np.uint8)


if __name__ == "__main__":
    main()
