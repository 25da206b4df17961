"""Articles that go on over pages."""

from __future__ import annotations

from dataclasses import replace

from tests.news.printing import set_block, set_page

from leggio.news.issue import link_pages
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, NewsTruth


def print_page(*columns: tuple[str, ...], headings: bool = False) -> NewsTruth:
    """A page of columns of blocks; every block is an article of its own, first a masthead."""
    blocks: list[Block] = [set_block(0, (0, 0, 400, 30), "THE DAILY", BlockKind.HEADING)]
    for x, column in enumerate(columns):
        for y, text in enumerate(column):
            blocks.append(set_block(len(blocks), (x * 210, 50 + y * 100, x * 210 + 190, 140 + y * 100), text))
    articles = [
        Article(b.id, ArticleKind.ARTICLE if b.id else ArticleKind.MASTHEAD, (b.id,), ()) for b in blocks
    ]
    return NewsTruth(set_page(*blocks), tuple(articles))


def places(*pages: NewsTruth) -> list[tuple[int, int, int, int]]:
    return [(c.from_page, c.from_article, c.to_page, c.to_article) for c in link_pages(pages)]


FIRST = print_page(("All quiet.", "Corn is dear."), ("Rain fell.", "The Batavia left the harbour of"))
NEXT = print_page(("of Rotterdam with the Batavia crew.", "Wheat is cheap."), ("Snow fell.", "Ice melts."))


def test_a_sentence_that_breaks_off_goes_on_at_the_head_of_the_next_page() -> None:
    assert places(FIRST, NEXT) == [(1, 4, 2, 1)]


def test_a_whole_article_at_the_foot_goes_on_nowhere() -> None:
    closed = print_page(("All quiet.", "Corn is dear."), ("Rain fell.", "The Batavia left."))
    fresh = print_page(("Peas are dear.", "Wheat is cheap."), ("Snow fell.", "Ice melts."))
    assert places(closed, fresh) == []


def test_an_article_under_a_headline_goes_on_from_nowhere() -> None:
    head, text, *others = NEXT.layout.blocks
    title = set_block(90, (0, 32, 190, 48), "FIRE AT SEA", BlockKind.HEADING)
    article = replace(NEXT.articles[1], blocks=(90, text.id), headline="FIRE AT SEA")
    titled = NewsTruth(set_page(head, title, text, *others), (NEXT.articles[0], article, *NEXT.articles[2:]))
    assert (1, 4, 2, 1) in places(FIRST, NEXT)
    assert places(FIRST, titled) == []


def test_a_line_that_names_a_page_leads_there() -> None:
    first = print_page(("The Batavia left. Continued on page 3.", "Corn."), ("Rain fell.", "Hail fell."))
    third = print_page(
        ("Wheat is cheap.", "Ice melts."), ("Snow.", "(Continued from page 1.) The Batavia sank.")
    )
    assert places(first, print_page(("Peas.",), ("Beans.",)), third) == [(1, 1, 3, 4)]


def test_a_headline_said_again_finds_what_a_notice_leads_to() -> None:
    first = print_page(("Storm at sea. The Batavia sank, and\nSee STORM, page 2",), ("Rain fell.",))
    second = print_page(("Wheat is cheap.", "Peas are dear."), ("Snow fell.", "the crew was saved."))
    title = set_block(90, (210, 136, 400, 148), "STORM AT SEA", BlockKind.HEADING)
    *others, last = second.articles
    told = (*others, replace(last, blocks=(90, *last.blocks), headline="STORM AT SEA"))
    assert places(first, NewsTruth(set_page(*second.layout.blocks, title), told)) == [(1, 1, 2, 4)]
    assert places(first, print_page(("Wheat is cheap.",), ("Snow fell.",))) == []


def test_what_is_promised_for_another_issue_leads_nowhere() -> None:
    first = print_page(("Corn.", "Peas."), ("Rain fell.", "The Batavia sank. (To be continued.)"))
    second = print_page(("(Continued.) The Batavia left.", "Wheat is cheap."), ("Snow fell.",))
    assert places(first, second) == []


def test_two_that_fit_alike_are_not_told() -> None:
    first = print_page(("Storm came, and the crew of the Continued on page 3",), ("Rain fell.",))
    twins = print_page(("Ice.", "wheat was cheap then."), ("Snow.", "wheat was cheap then.", "Hail."))
    alone = print_page(("Ice.", "wheat was cheap then."), ("Snow.", "Peas are dear.", "Hail."))
    assert places(first, print_page(("Peas.",)), twins) == []
    assert places(first, print_page(("Peas.",)), alone) == [(1, 1, 3, 2)]


def test_an_article_goes_on_with_one_other_only() -> None:
    links = link_pages([FIRST, NEXT, NEXT])
    starts = [(c.from_page, c.from_article) for c in links]
    assert len(starts) == len(set(starts))
    assert all(c.to_page == c.from_page + 1 for c in links)
