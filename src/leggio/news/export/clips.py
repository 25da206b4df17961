"""Make a clip sheet: what a client gets of an article. In: an `Issue`, a `Story`, page images, words. Out: a `Clip`.

A clip has the source, the headline, the article cut from its pages with the words that it was found by marked, its
text, and small pictures of the pages that show where it stood. `clip_html` and `clip_pdf` write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from leggio.geometry import Box
from leggio.news.export.cutting import Picture, cut_article, find_outline
from leggio.news.export.issue import Issue, Part, Story, find_body, find_title
from leggio.news.export.prose import Paragraph, Token, gather_prose
from leggio.news.export.sheets import FIRST_HEIGHT, SHEET_HEIGHT, Sheet, lay_out
from leggio.news.layout import BlockKind
from leggio.page import Grey

# What the head of a clip takes from its first sheet, in mm, beyond a headline of one line: measured in the PDF.
TITLE_LINE, TITLE_LETTERS = 7.5, 50
WORDS_LINE, WORDS_LETTERS = 4.5, 75
PAGE_LINE = 9.0

DOUBTFUL = 0.5  # below this confidence the clip says that its extent is a guess
THUMBNAIL_HEIGHT = 320  # pixels: 25 mm in print at PRINT_DPI and a little more
_PLACE = np.array((176, 32, 32), np.float32)  # where the article stood, on the small page

_NOT_LETTERS = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[-‐‑⸗/]")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of the text; `marked` where the article was found by them."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ClipParagraph:
    """A paragraph of a clip's text, in runs that are joined by a space."""

    kind: BlockKind
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """What a clip has from one page: the pieces on their sheets, and the small page, RGB."""

    page: int
    sheets: tuple[Sheet, ...]
    thumbnail: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A clip sheet before it is written. `words` are those that were found, as they are printed."""

    newspaper: str
    date: str
    title: str
    kind: str
    words: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    paragraphs: tuple[ClipParagraph, ...]
    doubtful: bool

    @property
    def source(self) -> str:
        """The line that says where the article stood."""
        pages = ", ".join(str(excerpt.page) for excerpt in self.excerpts)
        place = f"page {pages}" if len(self.excerpts) == 1 else f"pages {pages}"
        return " · ".join(part for part in (self.newspaper, self.date, place if pages else "") if part)


def make_clip(issue: Issue, story: Story, images: Mapping[int, Grey], words: Iterable[str] = ()) -> Clip:
    """The clip of a story. `images` has the grey page for each page of the story, by its place in the issue from 1.

    `words` are to be marked: whole words as they are printed, upper or lower case, with or without their hyphen.
    """
    wanted = frozenset(_spell(word) for word in words) - {""}
    first = story.parts[0]
    prose = [paragraph for part in story.parts for paragraph in _read(issue, part)]
    found = {_spell(t.text): _strip(t.text) for p in prose for t in p.tokens if _is_wanted(t, wanted)}
    body = [paragraph for part in story.parts for paragraph in _read(issue, part, body=True)]
    title = find_title(first.article, issue.pages[first.page - 1].blocks_of(first.article))
    room = FIRST_HEIGHT - _measure_head(title, " ".join(found.values()), len(story.parts))
    return Clip(
        issue.title,
        issue.date,
        title,
        story.kind.value,
        tuple(found.values()),
        tuple(
            _take(issue, part, images[part.page], wanted, room if part is first else SHEET_HEIGHT - PAGE_LINE)
            for part in story.parts
        ),
        tuple(_set_runs(paragraph, wanted) for paragraph in body),
        min(part.article.confidence for part in story.parts) < DOUBTFUL,
    )


def mark_runs(text: str, words: Iterable[str]) -> tuple[Run, ...]:
    """A headline in runs, `words` marked."""
    wanted = frozenset(_spell(word) for word in words) - {""}
    return _join_runs([(word, _is_wanted(Token(word), wanted)) for word in text.split()])


def _measure_head(title: str, words: str, parts: int) -> float:
    """How many mm a long headline, many words and the number of the page take."""
    lines = TITLE_LINE * (len(title) // TITLE_LETTERS) + WORDS_LINE * (len(words) // WORDS_LETTERS)
    return min(lines + (PAGE_LINE if parts > 1 else 0.0), FIRST_HEIGHT / 2)


def _read(issue: Issue, part: Part, body: bool = False) -> tuple[Paragraph, ...]:
    blocks = issue.pages[part.page - 1].blocks_of(part.article)
    return gather_prose(find_body(part.article, blocks) if body else blocks)


def _take(issue: Issue, part: Part, image: Grey, wanted: frozenset[str], height: float) -> Excerpt:
    page = issue.pages[part.page - 1]
    marks = _find_marks(_read(issue, part), wanted)
    cut = cut_article(image, page, part.article, marks)
    sheets = lay_out(cut, page, part.article, height) if cut else ()
    return Excerpt(part.page, sheets, _draw_thumbnail(image, find_outline(page, part.article)))


def _find_marks(prose: Iterable[Paragraph], wanted: frozenset[str]) -> list[Box]:
    tokens = (token for paragraph in prose for token in paragraph.tokens)
    return [word.box for token in tokens if _is_wanted(token, wanted) for word in token.words]


def _is_wanted(token: Token, wanted: frozenset[str]) -> bool:
    """Whether a word, or one part of a compound with a hyphen, is among those to mark."""
    return bool(wanted) and any(_spell(part) in wanted for part in (token.text, *_PARTS.split(token.text)))


def _spell(word: str) -> str:
    """A word as words are compared: the long s is an s, the rest is letters in lower case."""
    return _NOT_LETTERS.sub("", word.replace("ſ", "s").casefold())


def _strip(word: str) -> str:
    return word.strip(".,;:!?()[]„“”‚‘’»«\"'")


def _set_runs(paragraph: Paragraph, wanted: frozenset[str]) -> ClipParagraph:
    words = [(token.text, _is_wanted(token, wanted)) for token in paragraph.tokens]
    return ClipParagraph(paragraph.kind, _join_runs(words))


def _join_runs(words: Iterable[tuple[str, bool]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for text, marked in words:
        if runs and not marked and not runs[-1].marked:
            runs[-1] = Run(f"{runs[-1].text} {text}", marked=False)
        else:
            runs.append(Run(text, marked))
    return tuple(runs)


def _draw_thumbnail(image: Grey, outline: list[np.ndarray[tuple[int, ...], np.dtype[np.int32]]]) -> Picture:
    """The page in little, the place of the article red."""
    height, width = image.shape
    scale = THUMBNAIL_HEIGHT / height
    size = (max(round(width * scale), 1), THUMBNAIL_HEIGHT)
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)
    picture = np.repeat(128 + small[:, :, None] / 2, 3, axis=2)  # pale, so that the place stands out
    mask = np.zeros(small.shape, np.uint8)
    polygons = [np.round(polygon * scale).astype(np.int32) for polygon in outline]
    cv2.fillPoly(mask, polygons, 255)
    picture[mask > 0] = picture[mask > 0] * 0.55 + _PLACE * 0.45
    cv2.polylines(picture, polygons, True, _PLACE.tolist(), 2)
    return np.asarray(picture, np.uint8)
