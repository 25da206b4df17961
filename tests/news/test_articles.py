"""Blocks become articles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.news.printing import set_block, set_page

from leggio.net import WEIGHTS, Card, Net, load_net
from leggio.news.articles import find_headline, group, measure_sureness
from leggio.news.evidence import BLOCK_FEATURES, HEAD, PAIR_FEATURES
from leggio.news.layout import ArticleKind, BlockKind, Layout
from leggio.news.links import ARTICLE_KINDS
from leggio.news.sights import SEEN, SEEN_PAIRS

# Two articles side by side, a headline on each; ids against the reading order.
PAGE = set_page(
    set_block(5, (0, 0, 190, 30), "War declared", BlockKind.HEADING, lines=1),
    set_block(4, (0, 40, 190, 300), "La guerre commence, notre armée marche vers la bataille. " * 8),
    set_block(3, (0, 310, 190, 590), "Le général de cette armée perd une bataille après une autre. " * 8),
    set_block(2, (210, 0, 400, 30), "Wheat", BlockKind.HEADING, lines=1),
    # At another height than in the left column: white through both would part the page into bands.
    set_block(1, (210, 40, 400, 330), "Le marché du blé monte, les prix de la farine aussi. " * 8),
    set_block(0, (210, 340, 400, 590), "La farine et le blé sont chers, disent les gens du marché. " * 8),
)


@dataclass
class Session:
    """A net that finds articles in runs of so many blocks in reading order, and knows their kind."""

    runs: list[int]
    kind: ArticleKind = ArticleKind.ARTICLE

    def run(self, _: object, feed: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float64]]:
        count = feed["page"].shape[1]
        assert feed["page"].shape[2] == HEAD + count
        parts = np.array(self.runs)
        same = parts[:, None] == parts
        starts = np.concatenate([[True], np.diff(parts) > 0])
        kinds = np.zeros((count, len(ARTICLE_KINDS)))
        kinds[:, ARTICLE_KINDS.index(self.kind)] = 5
        follows = np.where(same, 4.0, -4.0)
        begins = np.where(starts, 4.0, -4.0)
        return [begins[None], follows[None], kinds[None], begins[None]]


def make_net(session: Session, confidence: tuple[tuple[float, float], ...] = ()) -> Net:
    card = Card("fake", (), (), 0, 1, "", confidence=confidence)
    return Net(card, session)


def test_what_the_net_links_is_an_article_in_reading_order() -> None:
    one, two = group(PAGE, None, make_net(Session([0, 0, 0, 1, 1, 1])))
    assert (one.blocks, two.blocks) == ((5, 4, 3), (2, 1, 0))
    assert (one.headline, two.headline) == ("War declared", "Wheat")
    assert [(p.x, p.y) for p in one.polygon] == [(0, 0), (190, 0), (190, 590), (0, 590)]
    assert one.kind is ArticleKind.ARTICLE


OF_PRINT = {*SEEN, *SEEN_PAIRS, "greatest border between", "borders between"}
NEWER = {"words around", "words beside", "words near", "words far", "shared twice"}


@pytest.mark.parametrize(
    ("name", "unknown"), [("news-links", NEWER | OF_PRINT), ("news-links-found", OF_PRINT)]
)
def test_the_nets_that_ship_tell_two_stories_apart(name: str, unknown: set[str]) -> None:
    net = load_net(WEIGHTS / f"{name}.onnx", threads=1)
    for known, today in ((net.card.classes, BLOCK_FEATURES), (net.card.views, PAIR_FEATURES)):
        assert set(known) <= set(today)
        assert set(today) - set(known) <= unknown
    articles = group(PAGE, None, net)
    assert [article.blocks for article in articles] == [(5, 4, 3), (2, 1, 0)]
    assert all(0 < article.confidence <= 1 for article in articles)


def test_the_net_names_the_kind() -> None:
    net = make_net(Session([0, 0, 0, 0, 0, 0], ArticleKind.ADVERTISEMENT))
    assert [article.kind for article in group(PAGE, None, net)] == [ArticleKind.ADVERTISEMENT]


def test_without_a_net_an_article_begins_at_every_heading() -> None:
    assert [article.blocks for article in group(PAGE)] == [(5, 4, 3), (2, 1, 0)]


def test_without_kinds_large_type_is_a_heading() -> None:
    bare = replace(PAGE, blocks=tuple(replace(block, kind=BlockKind.TEXT) for block in PAGE.blocks))
    articles = group(bare)
    assert [article.blocks for article in articles] == [(5, 4, 3), (2, 1, 0)]
    assert [article.headline for article in articles] == ["War declared", "Wheat"]


def test_every_block_is_in_one_article() -> None:
    articles = group(PAGE, None, make_net(Session([0, 0, 1, 2, 2, 3])))
    assert sorted(id for article in articles for id in article.blocks) == list(range(6))


def test_a_page_without_blocks_has_no_articles() -> None:
    assert group(Layout(400, 600, ())) == ()


def test_confidence_is_read_off_the_scale_of_the_card() -> None:
    session = Session([0, 0, 0, 1, 1, 1])
    raw = group(PAGE, None, make_net(session))
    told = group(PAGE, None, make_net(session, ((0.0, 0.0), (0.9, 0.1), (1.0, 0.6))))
    assert all(article.confidence > 0.9 for article in raw)
    assert all(0.1 < article.confidence <= 0.6 for article in told)


def test_a_block_that_hardly_belongs_makes_its_article_unsure() -> None:
    weights = np.array([[0, 3, 3], [3, 0, -2], [3, -2, 0]], float)
    both, apart = (
        measure_sureness(np.array([0, 0, 0]), weights)[0],
        measure_sureness(np.array([0, 0, 1]), weights),
    )
    assert both == pytest.approx(1 / (1 + np.exp(-0.5)))  # blocks 1 and 2 are at (3 - 2) / 2
    assert apart[0] == pytest.approx(1 / (1 + np.exp(0.5)))  # block 2 should have been inside


def test_a_headline_is_only_what_stands_at_the_beginning() -> None:
    blocks = [
        set_block(0, (0, 0, 190, 30), "First", BlockKind.HEADING, lines=1),
        set_block(1, (0, 30, 190, 60), "and second", BlockKind.HEADING, lines=1),
        set_block(2, (0, 70, 190, 300), "text"),
        set_block(3, (0, 310, 190, 330), "Crosshead", BlockKind.HEADING, lines=1),
    ]
    assert find_headline(blocks, 10) == "First and second"
    assert find_headline(blocks[2:], 10) == ""


def test_a_headline_that_stays_alone_joins_what_stands_under_it() -> None:
    one, two = group(PAGE, None, make_net(Session([0, 1, 1, 2, 3, 3])))
    assert (one.blocks, two.blocks) == ((5, 4, 3), (2, 1, 0))
    assert (one.headline, two.headline) == ("War declared", "Wheat")


def test_a_masthead_stays_by_itself() -> None:
    articles = group(PAGE, None, make_net(Session([0, 1, 1, 2, 3, 3], ArticleKind.MASTHEAD)))
    assert [article.blocks for article in articles] == [(5,), (4, 3), (2,), (1, 0)]
