"""Articles that go on on another page are one story; titles and bodies are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leggio.geometry import Box
from leggio.news.export.issue import Issue, ReadPage, find_body, find_title, follow_stories
from leggio.news.layout import Article, ArticleKind, Block, BlockKind, Continuation, Layout, Line
from leggio.page import PageLabel


def article(id: int, *blocks: int, headline: str = "") -> Article:
    return Article(id, ArticleKind.ARTICLE, blocks, (), headline)


def page(*articles: Article, blocks: tuple[Block, ...] = ()) -> ReadPage:
    return ReadPage(PageLabel("p.png", 1, 100, 100, None), Layout(100, 100, blocks), articles)


def block(id: int, text: str, kind: BlockKind = BlockKind.TEXT) -> Block:
    return Block(id, kind, Box(0, 0, 9, 9), (Line(id, Box(0, 0, 9, 9), text),) if text else ())


def places(issue: Issue) -> list[list[tuple[int, int]]]:
    return [[(part.page, part.article.id) for part in story.parts] for story in follow_stories(issue)]


def issue(*continuations: Continuation) -> Issue:
    return Issue(
        "Bote", "", (page(article(0), article(1)), page(article(0)), page(article(5))), continuations
    )


def test_without_continuations_each_article_is_a_story() -> None:
    assert places(issue()) == [[(1, 0)], [(1, 1)], [(2, 0)], [(3, 5)]]


def test_a_story_follows_its_continuations_over_pages() -> None:
    chain = issue(Continuation(2, 0, 3, 5), Continuation(1, 1, 2, 0))
    assert places(chain) == [[(1, 0)], [(1, 1), (2, 0), (3, 5)]]


def test_of_two_continuations_the_surer_one_counts() -> None:
    rivals = issue(Continuation(1, 0, 3, 5, 0.4), Continuation(1, 1, 3, 5, 0.8))
    assert [(1, 1), (3, 5)] in places(rivals)
    assert [(1, 0)] in places(rivals)


@pytest.mark.parametrize(
    "continuation", [Continuation(1, 0, 1, 0), Continuation(9, 0, 1, 1), Continuation(1, 0, 2, 7)]
)
def test_a_continuation_to_itself_or_to_nowhere_is_left_out(continuation: Continuation) -> None:
    assert places(issue(continuation)) == places(issue())


_ends = st.sampled_from([(1, 0), (1, 1), (2, 0), (3, 5)])


@given(st.lists(st.tuples(_ends, _ends, st.floats(0, 1)), max_size=8))
def test_every_article_is_in_exactly_one_story(
    pairs: list[tuple[tuple[int, int], tuple[int, int], float]],
) -> None:
    found = places(issue(*(Continuation(*start, *end, sure) for start, end, sure in pairs)))
    assert sorted(place for story in found for place in story) == [(1, 0), (1, 1), (2, 0), (3, 5)]


def test_an_article_without_a_headline_is_called_by_its_first_words() -> None:
    assert find_title(article(0, 0), (block(0, "eins zwei drei vier fünf sechs sieben acht neun"),)) == (
        "eins zwei drei vier fünf sechs sieben acht …"
    )
    assert find_title(article(0, headline=" Die\nGroßmächte "), ()) == "Die Großmächte"
    assert find_title(article(0), ()) == ""


def test_headings_that_the_headline_repeats_are_no_body() -> None:
    heading, under = block(0, "Die Großmächte.", BlockKind.HEADING), block(1, "Aus Wien", BlockKind.HEADING)
    text, picture = block(2, "Text"), block(3, "", BlockKind.PICTURE)
    blocks = (picture, heading, under, text)
    assert find_body(article(0, headline="DIE GROSSMÄCHTE"), blocks) == (picture, under, text)
    assert find_body(article(0), blocks) == blocks
    assert find_body(article(0, headline="Die Großmächte"), (picture, heading)) == (picture,)


def test_blocks_in_no_article_are_loose_and_unknown_ids_are_left_out() -> None:
    blocks = (block(0, "a"), block(1, "b"))
    read = page(article(0, 1, 77), blocks=blocks)
    assert read.loose_blocks() == (blocks[0],)
    assert read.blocks_of(read.articles[0]) == (blocks[1],)
