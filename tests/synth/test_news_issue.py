"""Issues with articles that are known to go on over pages."""

from __future__ import annotations

import numpy as np
from tests.news.printing import mark, set_block, set_page

from leggio.news.layout import ArticleKind, BlockKind, Continuation, NewsTruth
from leggio.synth.news_issue import KnownIssue, find_gutters, part_issue
from leggio.synth.news_jump import add_decoy, break_silently, jump_with_notice
from leggio.synth.news_notices import WORDINGS
from leggio.synth.news_words import Language

STORY = "The Batavia left the harbour and was seen no more by anybody on the coast of Holland for a year"


def print_page() -> NewsTruth:
    """Two columns; article 1 goes on from the foot of the first to the head of the second."""
    return mark(
        set_page(
            set_block(0, (10, 10, 190, 130), STORY),
            set_block(1, (10, 140, 190, 580), STORY * 3),
            set_block(2, (210, 10, 390, 250), STORY * 2),
            set_block(3, (210, 260, 390, 280), "CORN IS DEAR", BlockKind.HEADING),
            set_block(4, (210, 290, 390, 580), STORY * 2),
        ),
        (0,),
        (1, 2),
        (3, 4),
    )


def part() -> KnownIssue:
    page = print_page()
    return part_issue(KnownIssue((page,), frozenset()), [find_gutters(page)])


def count_words(issue: KnownIssue) -> int:
    return sum(len(b.text.split()) for page in issue.pages for b in page.layout.blocks)


def test_a_page_parted_at_its_gutter_is_two_over_which_an_article_goes_on() -> None:
    issue = part()
    assert len(issue.pages) == 2
    assert issue.links == {Continuation(1, 1, 2, 1)}


def test_a_link_from_page_to_page_stays_with_the_nearest_parts() -> None:
    page = print_page()
    issue = KnownIssue((page, page), frozenset({Continuation(1, 2, 2, 0)}))
    parted = part_issue(issue, [find_gutters(page), find_gutters(page)])
    assert Continuation(2, 2, 3, 0) in parted.links
    assert len(parted.links) == 3


def test_no_gutter_is_where_two_articles_go_on() -> None:
    page = print_page()
    assert find_gutters(page)
    assert not find_gutters(mark(page.layout, (0, 3, 4), (1, 2)))


def test_an_article_across_a_gutter_is_left_out() -> None:
    page = print_page()
    wide = set_block(9, (10, 585, 390, 597), "A short line")
    across = mark(set_page(*page.layout.blocks, wide), (0,), (1, 2), (3, 4), (9,))
    parted = part_issue(KnownIssue((across,), frozenset()), [find_gutters(across)])
    assert len(parted.pages) == 2
    assert all(article.id != 3 for truth in parted.pages for article in truth.articles)


def test_an_article_broken_silently_goes_on_at_the_head_of_the_next_page() -> None:
    page = print_page()
    issue = KnownIssue((page, page), frozenset())
    broken = break_silently(issue, 1, np.random.default_rng(0))
    assert broken is not None
    (link,) = broken.links
    assert (link.from_page, link.from_article, link.to_page) == (1, 2, 2)
    second = broken.pages[1]
    moved = next(a for a in second.articles if a.id == link.to_article)
    tops = {b.id: b.box.y0 for b in second.layout.blocks if b.box.x0 < 200}
    assert min(tops, key=lambda id: tops[id]) == moved.blocks[0]
    assert count_words(broken) == count_words(issue)


def test_blocks_that_make_room_overlap_nobody() -> None:
    page = print_page()
    broken = break_silently(KnownIssue((page, page), frozenset()), 1, np.random.default_rng(0))
    assert broken is not None
    boxes = [block.box for block in broken.pages[1].layout.blocks]
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            wide = min(one.x1, other.x1) - max(one.x0, other.x0)
            high = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert wide <= 0 or high <= 0


def test_a_jump_is_linked_and_its_notice_is_printed() -> None:
    page = print_page()
    issue = KnownIssue((page, page, page), frozenset())
    tries = (
        jump_with_notice(issue, WORDINGS[Language.ENGLISH], np.random.default_rng(seed)) for seed in range(9)
    )
    jumped = next(found for found in tries if found is not None)
    (link,) = jumped.links
    assert link.to_page > link.from_page
    assert count_words(jumped) > count_words(issue)
    for truth in jumped.pages:
        ids = [block.id for block in truth.layout.blocks]
        assert len(ids) == len(set(ids))
        assert {id for a in truth.articles for id in a.blocks} <= set(ids)


def test_a_decoy_adds_words_and_no_link() -> None:
    issue = part()
    rng = np.random.default_rng(1)
    said = add_decoy(issue, WORDINGS[Language.FRENCH], rng)
    assert said.links == issue.links
    assert all(a.kind is ArticleKind.ARTICLE for truth in said.pages for a in truth.articles)
    assert count_words(said) > count_words(issue)
