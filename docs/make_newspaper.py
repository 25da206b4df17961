"""Draw docs/newspaper.png: the bundled newspaper page with its articles, and the clip sheet of one of them; and
docs/newspaper-seen.png: what the net for print saw on that page.

Needs the extra `news`, for words and for the clip sheet.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from leggio.draw_news import draw_articles
from leggio.draw_print import draw_print
from leggio.news.export.clip_pdf import write_clip_pdf
from leggio.news.export.clips import make_clip
from leggio.news.export.issue import Issue, ReadPage, follow_stories
from leggio.news.layout import Article, ArticleKind, Layout
from leggio.news.read import load_nets, read_file
from leggio.ocr import choose_engine

HERE = Path(__file__).parent
PAGE = HERE.parent / "examples" / "newspaper.png"
SUBJECT = ("Gärtner", "Großmutter")
HEIGHT = 1300  # pixels of the picture


def main() -> None:
    (reading,) = read_file(PAGE, load_nets(), choose_engine(None)).readings
    image, layout, articles = reading.page.image, reading.layout, reading.articles
    issue = Issue("Der Stadtbote", "", (ReadPage(reading.page.label, layout, articles),), ())
    stories = follow_stories(issue)
    story = max(stories, key=lambda story: count_words(layout, story.parts[0].article))
    sheet = pypdfium2.PdfDocument(write_clip_pdf(make_clip(issue, story, {1: image}, SUBJECT), "de"))
    clip = sheet[0].render(scale=3).to_numpy()[..., :3]
    sides = [fit(draw_articles(image, layout, articles)[..., ::-1]), fit(clip)]
    gap = np.full((HEIGHT, 30, 3), 255, np.uint8)
    cv2.imwrite(
        str(HERE / "newspaper.png"), np.hstack([sides[0], gap, sides[1]]), [cv2.IMWRITE_PNG_COMPRESSION, 9]
    )
    assert reading.seen is not None, "the net for print is not installed"
    seen = fit(draw_print(image, reading.seen)[..., ::-1])
    cv2.imwrite(str(HERE / "newspaper-seen.png"), seen, [cv2.IMWRITE_PNG_COMPRESSION, 9])


def count_words(layout: Layout, article: Article) -> int:
    """How often an article has a word of the subject."""
    if article.kind is not ArticleKind.ARTICLE:
        return 0
    text = " ".join(block.text for block in layout.blocks if block.id in article.blocks)
    return sum(text.count(word) for word in SUBJECT)


def fit(picture: np.ndarray) -> np.ndarray:
    """As high as the picture that is made, with a thin frame."""
    scale = HEIGHT / picture.shape[0]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.rectangle(small, (0, 0), (small.shape[1] - 1, HEIGHT - 1), (150, 150, 150), 1)


if __name__ == "__main__":
    main()
