"""Records of a newspaper page: what is printed on it, in page pixels, and the articles that it makes.

Ids of lines, blocks and articles each count through one page; records of meaning point back to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from leggio.geometry import Box, Point
from leggio.ocr import Word


class BlockKind(Enum):
    """What a block of a page is."""

    TEXT = "text"
    HEADING = "heading"
    CAPTION = "caption"
    TABLE = "table"
    PICTURE = "picture"


class ArticleKind(Enum):
    """What an article is to a reader of newspapers."""

    ARTICLE = "article"
    ADVERTISEMENT = "advertisement"
    NOTICE = "notice"
    MASTHEAD = "masthead"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text inside one column. `text` is empty where nothing was read; `words` where places are."""

    id: int
    box: Box
    text: str = ""
    words: tuple[Word, ...] = ()
    confidence: float = 1.0

    def join(self, other: Line) -> Line:
        """This line and one that goes on behind it as one."""
        return Line(
            self.id,
            self.box.union(other.box),
            f"{self.text} {other.text}".strip(),
            self.words + other.words,
            min(self.confidence, other.confidence),
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A printed line that parts columns or articles; upright where its box is higher than wide."""

    box: Box

    @property
    def upright(self) -> bool:
        return self.box.height > self.box.width


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together in one column, such as a paragraph or a heading; or a picture without lines."""

    id: int
    kind: BlockKind
    box: Box
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Its lines, one below the other."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is printed on a page of `width` x `height` pixels before anybody says what belongs together."""

    width: float
    height: float
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article: the blocks that it consists of, in reading order, by their ids.

    `polygon` is its outline in page pixels, without holes, first point not repeated. `headline` is empty where it has
    none. `confidence` in [0, 1] is the chance that exactly these blocks belong together.
    """

    id: int
    kind: ArticleKind
    blocks: tuple[int, ...]
    polygon: tuple[Point, ...]
    headline: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Continuation:
    """An article goes on with another one: on page `to_page` of the same issue, article `to_article`."""

    from_page: int
    from_article: int
    to_page: int
    to_article: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class NewsTruth:
    """A page whose articles are known: made by synthesis, corrected by a person, or given with a data set.

    `partial` says that only some of its articles are marked: what lies in none is unknown, not paper.
    """

    layout: Layout
    articles: tuple[Article, ...]
    partial: bool = False


def strip_kinds(layout: Layout) -> Layout:
    """The same blocks, none of them called a heading, a caption or a table: only what has no line is a picture."""
    return replace(layout, blocks=tuple(_strip_kind(block) for block in layout.blocks))


def _strip_kind(block: Block) -> Block:
    return replace(block, kind=BlockKind.TEXT if block.lines else BlockKind.PICTURE)
