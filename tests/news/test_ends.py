"""How the articles of a page begin and end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.news.printing import mark, set_block, set_page

from leggio.news.ends import Ends, Stand, Start, Tail, describe_ends
from leggio.news.layout import ArticleKind, BlockKind

LONG = "The Batavia left the harbour of Rotterdam with two hundred people"


def describe(*texts: str) -> list[Ends]:
    """Blocks one below the other, in one column, each an article; one line of words a block."""
    blocks = [set_block(n, (0, n * 50, 400, n * 50 + 12), text) for n, text in enumerate(texts)]
    return list(describe_ends(1, mark(set_page(*blocks), *([block.id] for block in blocks))))


def test_what_is_read_first_and_last_stands_at_the_head_and_at_the_foot() -> None:
    ends = describe(*(f"{LONG} {n}" for n in range(8)))
    assert [end.head for end in ends] == [Stand.JUST] + 2 * [Stand.NEARLY] + 5 * [Stand.NOT]
    assert [end.foot for end in ends] == 5 * [Stand.NOT] + 2 * [Stand.NEARLY] + [Stand.JUST]


def test_the_number_of_a_page_is_neither_its_head_nor_its_foot() -> None:
    ends = describe("- 3 -", LONG, LONG, "Druck von Meyer")
    assert [end.head for end in ends][1] is Stand.JUST
    assert [end.foot for end in ends][2] is Stand.JUST


@pytest.mark.parametrize(
    ("last", "tail"),
    [
        ("munici-", Tail.HYPHEN),
        ("munici»", Tail.HYPHEN),
        ("municipal,", Tail.OPEN),
        ("municipale", Tail.OPEN),
        ("municipale.", Tail.STOP),
        ("municipale. »", Tail.STOP),
        ("1350", Tail.OTHER),
    ],
)
def test_a_text_ends_as_its_last_letter_says(last: str, tail: Tail) -> None:
    assert describe(f"{LONG} {last}")[0].tail is tail


@pytest.mark.parametrize(
    ("first", "start"),
    [("„Das", Start.CAPITAL), ("und", Start.SMALL), ("«et", Start.SMALL), ("3", Start.OTHER)],
)
def test_a_text_begins_as_its_first_letter_says(first: str, start: Start) -> None:
    assert describe(f"{first} {LONG}")[0].start is start


def test_notices_are_no_part_of_the_text() -> None:
    (end,) = describe(f"(Suite de la page 1.) {LONG} (Suite page 3.)")
    assert end.text == LONG
    assert end.origin is not None
    assert end.onward is not None
    assert (end.origin.page, end.onward.page) == (1, 3)


def test_headings_are_the_headline_and_not_the_beginning() -> None:
    title = set_block(0, (0, 0, 400, 12), "STORM AT SEA", BlockKind.HEADING)
    text = set_block(1, (0, 20, 400, 32), f"und {LONG}")
    (end,) = describe_ends(1, mark(set_page(title, text), [0, 1]))
    assert (end.headline, end.start) == ("STORM AT SEA", Start.SMALL)


def test_a_headline_that_no_block_is_named_for_is_found_in_the_text() -> None:
    truth = mark(set_page(set_block(0, (0, 0, 90, 9), "STORM"), set_block(1, (0, 20, 90, 29), LONG)), [0, 1])
    told = replace(truth, articles=(replace(truth.articles[0], headline="STORM"),))
    (end,) = describe_ends(1, told)
    assert (end.headline, end.text) == ("STORM", LONG)


def test_advertisements_and_mastheads_have_no_ends() -> None:
    page = set_page(set_block(0, (0, 0, 400, 12), LONG))
    for kind in (ArticleKind.ADVERTISEMENT, ArticleKind.MASTHEAD):
        assert not list(describe_ends(1, mark(page, [0], kind=kind)))
