"""Lay out, typeset and age a newspaper page: writes `newspaper.png` and its truth, `newspaper.json`, beside this file.

The news is made up. The typefaces come with typst, so that the page is the same everywhere.

    python examples/make_newspaper.py
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from leggio.record import to_json
from leggio.synth import news_fill as fill
from leggio.synth.degrade import Ageing, Kind
from leggio.synth.news_copy import Face
from leggio.synth.news_draft import Draft, Slot
from leggio.synth.news_head import set_masthead
from leggio.synth.news_plan import draw_columns
from leggio.synth.news_pour import Setter
from leggio.synth.news_prose import Writer
from leggio.synth.news_region import rule_columns
from leggio.synth.news_scan import scan_page
from leggio.synth.news_style import Blocks, Era, Habits, NewsStyle, Segmenter
from leggio.synth.news_typeset import set_draft
from leggio.synth.news_words import Language

HERE = Path(__file__).parent
SEED = 17
WIDTH, HEIGHT = 3000, 4260  # pixels: a tabloid page at about 280 dots per inch
MARGIN = 130.0
COLUMNS, GUTTER, PITCH = 5, 36.0, 36.0
GREY_STEP = 24  # grey levels kept: a scanner's noise in all 256 would triple the size of the file
AGEING = Ageing(
    clean=Kind(0), photo=Kind(0), bilevel=Kind(0), defocus=Kind(0), screen=Kind(0), noise=Kind(0.0), jpeg=Kind(0),
    pencil=Kind(0), stamp=Kind(0), bleed=Kind(0), grain=Kind(0), spine=Kind(0), twice=Kind(0), border=Kind(0),
    specks=Kind(1, 0.4), worn=Kind(1, 0.3), texture=Kind(0), contrast=Kind(0),
)  # fmt: skip
STYLE = NewsStyle(
    Era.POPULAR, WIDTH, HEIGHT, COLUMNS, PITCH, line=0.9, gutter=GUTTER, margins=(MARGIN,) * 4, front=True, skew=0.0,
    habits=Habits(
        feuilleton=False, column_rules=1.0, cross_rules=1.0, loud=2.2, titled=1.0, spread=1.0, shorts=0.0, notices=0.0,
        pictures=0.0, portraits=0.0, parted=0.0, ads=0.0, paragraph=9.0, indent=1.0, gap=0.0,
    ),
    segmenter=Segmenter(known=1.0, blocks=Blocks.PARAGRAPH, wide=0.0, split=0.0, merged=0.0, shaky=0.0),
)  # fmt: skip


def main() -> None:
    rng = np.random.default_rng(SEED)
    face = Face("Libertinus Serif", "Libertinus Serif", "Libertinus Serif", bold=True, lead=1.12)
    page = set_draft(lay_out(rng), STYLE, face, Writer(Language.GERMAN, rng), rng)
    page = scan_page(page, rng, AGEING)
    image = (page.image // GREY_STEP * GREY_STEP).astype(np.uint8)
    cv2.imwrite(str(HERE / "newspaper.png"), image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    truth = json.dumps(to_json(page.truth), ensure_ascii=False)
    (HERE / "newspaper.json").write_text(truth + "\n", "utf-8")


def lay_out(rng: np.random.Generator) -> Draft:
    """The page: a lead story in the shape of an L, a picture, a boxed notice, an advertisement, and more."""
    draft = Draft(WIDTH, HEIGHT)
    setter = Setter(draft, STYLE, rng)
    page = Slot(MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN)
    top = set_masthead(setter, page)
    columns = draw_columns(page.x0, page.x1, COLUMNS, GUTTER)

    def slot(first: int, last: int, above: float, below: float) -> Slot:
        """Columns `first` to `last` from one share of the height to another, white left below."""
        high = page.y1 - top
        return Slot(columns[first][0], top + above * high, columns[last][1], top + below * high - 0.9 * PITCH)

    def slots(first: int, last: int, above: float, below: float) -> list[Slot]:
        return [slot(c, c, above, below) for c in range(first, last + 1)]

    def rule_above(first: int, last: int, share: float) -> None:
        here = slot(first, last, share, 1.0)
        draft.rules.append((here.x0, here.y0 - 0.55 * PITCH, here.x1, here.y0 - 0.45 * PITCH))

    def rule_left(column: int, above: float, below: float) -> None:
        here = slot(column, column, above, below)
        draft.rules.append((here.x0 - GUTTER / 2 - 1, here.y0, here.x0 - GUTTER / 2 + 2, here.y1))

    lead = fill.fill_story(setter, [*slots(0, 0, 0.0, 0.52), *slots(1, 2, 0.0, 0.31)])
    rule_columns(setter, lead.slots)
    rule_above(1, 2, 0.31)
    with_picture = draft.begin()
    fill.fill_picture(setter, slot(1, 2, 0.31, 0.435), with_picture, caption=1)
    y = setter.head(with_picture, slot(1, 2, 0.435, 0.52), slot(1, 2, 0.435, 0.52).y0, size=1.9, lines=1)
    setter.enter([piece._replace(y0=y + 0.5 * PITCH) for piece in slots(1, 2, 0.435, 0.52)])
    fill.fill_body(setter, with_picture, 100)
    rule_left(1, 0.31, 0.52)
    rule_left(3, 0.0, 0.52)
    rule_columns(setter, fill.fill_story(setter, slots(3, 4, 0.0, 0.27)).slots)
    rule_above(3, 4, 0.27)
    fill.fill_story(setter, slots(3, 3, 0.27, 0.52))
    fill.fill_notice(setter, slot(4, 4, 0.27, 0.52), framed=True)
    rule_above(0, 4, 0.52)
    rule_columns(setter, fill.fill_flow(setter, slots(0, 1, 0.52, 0.77)).slots)
    rule_left(2, 0.52, 0.77)
    rule_columns(setter, fill.fill_story(setter, slots(2, 3, 0.52, 0.77)).slots)
    rule_left(4, 0.52, 0.77)
    fill.fill_shorts(setter, slots(4, 4, 0.52, 0.77))
    rule_above(0, 4, 0.77)
    rule_columns(setter, fill.fill_story(setter, slots(0, 2, 0.77, 1.0)).slots)
    fill.set_advertisement(setter, slot(3, 4, 0.77, 1.0), framed=True)
    return draft


if __name__ == "__main__":
    main()
