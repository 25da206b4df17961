"""A small press: sets words into columns, draws them, keeps the records. `|` in a word is where it may be parted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from leggio.geometry import Box, Point
from leggio.news.export.issue import Issue, ReadPage
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, Rule
from leggio.news.outline import draw_outline
from leggio.ocr import Word
from leggio.page import PageLabel

LEADING = 1.35


class Press:
    """A page on the press: blocks are set from top to bottom wherever one says."""

    def __init__(self, width: int, height: int, font: str | None = None, bold: str | None = None) -> None:
        self._image = Image.new("L", (width, height), 240)
        self._pen = ImageDraw.Draw(self._image)
        self._fonts = font, bold or font
        self._blocks: list[Block] = []
        self._rules: list[Rule] = []
        self._articles: list[Article] = []
        self._lines = 0

    def set_text(
        self, text: str, x: float, y: float, width: float, size: float = 20, kind: BlockKind = BlockKind.TEXT
    ) -> Block:
        """A block of text in one column; the first line is set in by one size."""
        name = self._fonts[kind is BlockKind.HEADING]
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
        lines: list[Line] = []
        waiting = text.split()
        while waiting:
            x0 = x + (size if kind is BlockKind.TEXT and not lines else 0)
            top = y + len(lines) * size * LEADING
            words: list[Word] = []
            at = x0
            while waiting:
                whole = waiting[0].replace("|", "")
                parts = waiting[0].split("|")
                if at + font.getlength(whole) <= x + width or (not words and len(parts) == 1):
                    word, rest = whole, ""
                else:
                    fitting = [n for n in range(1, len(parts)) if self._fits(font, parts, n, x + width - at)]
                    if not fitting:
                        break
                    word, rest = "".join(parts[: fitting[-1]]) + "-", "|".join(parts[fitting[-1] :])
                right = at + font.getlength(word)
                self._pen.text((at, top), word, fill=20, font=font)
                words.append(
                    Word(Box(round(at), round(top), round(right), round(top + size * 1.2)), word, 0.9)
                )
                at = right + size * 0.28
                waiting[0:1] = [rest] if rest else []
                if rest:
                    break
            box = Box(words[0].box.x0, words[0].box.y0, words[-1].box.x1, words[0].box.y1)
            lines.append(Line(self._lines, box, " ".join(word.text for word in words), tuple(words), 0.9))
            self._lines += 1
        box = Box(round(x), lines[0].box.y0, round(x + width), lines[-1].box.y1)
        return self._keep(kind, box, tuple(lines))

    def set_picture(self, box: Box) -> Block:
        """A grey picture with a disk in it."""
        self._pen.rectangle((box.x0, box.y0, box.x1, box.y1), fill=150)
        r = min(box.width, box.height) / 3
        c = box.center
        self._pen.ellipse((c.x - r, c.y - r, c.x + r, c.y + r), fill=60)
        return self._keep(BlockKind.PICTURE, box, ())

    def set_rule(self, box: Box) -> None:
        self._pen.rectangle((box.x0, box.y0, box.x1, box.y1), fill=20)
        self._rules.append(Rule(box))

    def make_article(
        self,
        *blocks: Block,
        headline: str = "",
        kind: ArticleKind = ArticleKind.ARTICLE,
        confidence: float = 0.9,
    ) -> Article:
        own = [block.box for block in blocks]
        others = [block.box for block in self._blocks if block not in blocks]
        article = Article(
            len(self._articles),
            kind,
            tuple(b.id for b in blocks),
            draw_outline(own, others),
            headline,
            confidence,
        )
        self._articles.append(article)
        return article

    def print_page(self, number: int = 1, dpi: float | None = None) -> tuple[ReadPage, NDArray[np.uint8]]:
        width, height = self._image.size
        label = PageLabel(f"page-{number}.png", number, width, height, dpi)
        layout = Layout(width, height, tuple(self._blocks), tuple(self._rules))
        return ReadPage(label, layout, tuple(self._articles)), np.array(self._image, dtype=np.uint8)

    def _keep(self, kind: BlockKind, box: Box, lines: tuple[Line, ...]) -> Block:
        block = Block(len(self._blocks), kind, box, lines)
        self._blocks.append(block)
        return block

    @staticmethod
    def _fits(
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont, parts: list[str], n: int, room: float
    ) -> bool:
        return font.getlength("".join(parts[:n]) + "-") <= room


def print_small() -> tuple[ReadPage, NDArray[np.uint8]]:
    """A page with an article over two columns with a picture, a notice, and a running head in no article."""
    press = Press(800, 1000)
    press.set_text("Der Bote 28. Dezember", 40, 20, 720, kind=BlockKind.TEXT)
    head = press.set_text("Die Großmächte", 40, 80, 460, 40, BlockKind.HEADING)
    one = press.set_text(
        "Wa|ſſer ﬁndet ſich „über|all“, ſo ſagt der Land|bote im Jän|ner. " * 3, 40, 150, 220
    )
    two = press.set_text("Die Eiſen|bahn nach Chur wird ge|baut. " * 3, 280, 150, 220)
    picture = press.set_picture(Box(280, 500, 500, 700))
    caption = press.set_text("Der Bahn|hof", 280, 710, 220, 16, BlockKind.CAPTION)
    notice = press.set_text("Zu ver|kaufen: ein Pferd & ein <Wagen>.", 540, 150, 220)
    press.set_rule(Box(520, 80, 522, 960))
    press.make_article(head, one, two, picture, caption, headline="Die Großmächte")
    press.make_article(notice, kind=ArticleKind.ADVERTISEMENT, confidence=0.3)
    return press.print_page()


def print_issue() -> tuple[Issue, NDArray[np.uint8]]:
    page, image = print_small()
    return Issue("Der Bote", "1845-12-28", (page,)), image


def outside(page: ReadPage) -> ReadPage:
    """The same page with its first article's outline partly beside the paper."""
    first = page.articles[0]
    far = (Point(-50, -50), Point(2000, -50), Point(2000, 400), Point(-50, 400))
    article = Article(first.id, first.kind, first.blocks, far, first.headline, first.confidence)
    return ReadPage(page.label, page.layout, (article, *page.articles[1:]))
