"""Pages of any shape for property tests: records as they could come from a reading, hard ones among them."""

from __future__ import annotations

from hypothesis import strategies as st

from leggio.geometry import Box, Point
from leggio.news.export.issue import ReadPage
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Layout, Line, Rule
from leggio.ocr import Word
from leggio.page import PageLabel

WIDTH, HEIGHT = 1000, 1400
_LETTERS = "aZſßﬁﬀé⸗-–&<>\"'.“𝔉Ж"


@st.composite
def boxes(draw: st.DrawFn, inside: bool = True) -> Box:
    """A box of whole pixels, at least one wide; `inside` the page or anywhere around it."""
    low = 0 if inside else -200
    x, y = draw(st.integers(low, WIDTH - 1)), draw(st.integers(low, HEIGHT - 1))
    high = 0 if inside else 300
    x1 = draw(st.integers(x + 1, WIDTH + high))
    y1 = draw(st.integers(y + 1, HEIGHT + high))
    return Box(float(x), float(y), float(x1), float(y1))


@st.composite
def lines(draw: st.DrawFn, id: int, inside: bool) -> Line:
    """A line without text, with text alone, or with words."""
    texts = draw(st.lists(st.text(_LETTERS, min_size=1, max_size=6), max_size=4))
    sure = draw(st.floats(0, 1).map(lambda value: round(value, 3)))
    words = tuple(Word(draw(boxes(inside)), text, sure) for text in texts) if draw(st.booleans()) else ()
    return Line(id, draw(boxes(inside)), " ".join(texts), words, sure)


@st.composite
def _articles(draw: st.DrawFn, id: int, blocks: list[Block]) -> Article:
    """An article of given blocks whose outline may lie anywhere."""
    places = st.floats(-99, 2000)
    outline = tuple(Point(draw(places), draw(places)) for _ in range(4))
    kind, headline = draw(st.sampled_from(ArticleKind)), draw(st.text(_LETTERS + " ", max_size=9))
    return Article(id, kind, tuple(block.id for block in blocks), outline, headline, draw(st.floats(0, 1)))


@st.composite
def pages(draw: st.DrawFn, inside: bool = True) -> ReadPage:
    """A page whose blocks are dealt to articles; some stay loose, some articles have nothing."""
    blocks, count = [], 0
    for id in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(BlockKind))
        size = 0 if kind is BlockKind.PICTURE else draw(st.integers(0, 3))
        own = tuple(draw(lines(count + i, inside)) for i in range(size))
        count += size
        blocks.append(Block(id, kind, draw(boxes(inside)), own))
    owners = [draw(st.integers(0, 3)) for _ in blocks]
    dealt = [[block for block, owner in zip(blocks, owners, strict=True) if owner == id] for id in range(3)]
    articles = tuple(draw(_articles(id, own)) for id, own in enumerate(dealt))
    rules = tuple(Rule(draw(boxes(inside))) for _ in range(draw(st.integers(0, 2))))
    label = PageLabel("seite 1 & 2.png", 1, WIDTH, HEIGHT, None)
    return ReadPage(label, Layout(WIDTH, HEIGHT, tuple(blocks), rules), articles)
