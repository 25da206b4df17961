"""Evidence between blocks is read off the maps of a net, whoever drew them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.news.drawn import HEADLINE, HEIGHT, LEFT, OFFER, PICTURE, RIGHT, WIDTH, draw_page

from leggio.geometry import Box
from leggio.net import Card, Net
from leggio.news.layout import Block, BlockKind, Layout
from leggio.news.regions import MARK_STEP, OFFSETS, Regions, segment
from leggio.news.views import MAPS, VIEWS, VIEWS_2017, Frame, Plane, cells_of, fit_page

SIZE = (256, 192)
TRUTH = draw_page()
BLOCKS = TRUTH.layout.blocks


def paint_cells(plane: Plane, box: Box, frame: Frame, step: int, value: float) -> None:
    plane[cells_of(frame.place(box).scale(1 / step), plane.shape)] = value


@pytest.fixture
def regions() -> Regions:
    """What a perfect net would say about the drawn page."""
    frame = fit_page(WIDTH, HEIGHT, SIZE)
    maps = np.zeros((len(MAPS), SIZE[0] // 2, SIZE[1] // 2), np.float32)
    owners = np.zeros((SIZE[0] // MARK_STEP, SIZE[1] // MARK_STEP), np.float32)
    for number, article in enumerate(TRUTH.articles, start=1):
        for place in article.blocks:
            paint_cells(maps[0], BLOCKS[place].box, frame, 2, 1.0)
            paint_cells(owners, BLOCKS[place].box, frame, MARK_STEP, number)
    paint_cells(maps[MAPS.index("border")], Box(148, 163, 152, 400), frame, 2, 1.0)
    paint_cells(maps[MAPS.index("border")], Box(148, 163, 300, 177), frame, 2, 1.0)
    paint_cells(maps[MAPS.index("heading")], BLOCKS[HEADLINE].box, frame, 2, 1.0)
    near = np.zeros((len(OFFSETS), *owners.shape), np.float32)
    for number, (down, right) in enumerate(OFFSETS):
        rolled = np.roll(owners, (-down, -right), axis=(0, 1))
        near[number] = owners == rolled
    marks = np.stack([owners == 1, owners == 2]).astype(np.float32) * 1.5
    return Regions(MAPS, maps, marks, near, frame)


PAIRS = [
    (HEADLINE, LEFT, True),
    (HEADLINE, RIGHT, True),
    (LEFT, RIGHT, True),
    (PICTURE, OFFER, True),
    (RIGHT, PICTURE, False),
    (LEFT, PICTURE, False),
    (LEFT, OFFER, False),
    (HEADLINE, OFFER, False),
]


@pytest.mark.parametrize(("one", "two", "same"), PAIRS)
def test_all_evidence_tells_articles_apart(one: int, two: int, same: bool, regions: Regions) -> None:
    first, second = BLOCKS[one], BLOCKS[two]
    chance = regions.same_article(first, second)
    assert (chance > 0.5) is same or chance == 0.5
    boxes = (first.box, second.box)
    assert bool(regions.linked(boxes)[0, 1] > 0.5) is same
    joined = float(regions.joined(boxes)[0, 1])
    assert math.isnan(joined) or (joined > 0.5) is same


@pytest.mark.parametrize(("one", "two", "same"), PAIRS)
def test_evidence_is_the_same_both_ways(one: int, two: int, same: bool, regions: Regions) -> None:
    first, second = BLOCKS[one], BLOCKS[two]
    assert regions.same_article(first, second) == pytest.approx(regions.same_article(second, first))
    for evidence in (regions.linked, regions.joined, regions.border):
        chances = evidence((first.box, second.box))
        assert chances[0, 1] == pytest.approx(chances[1, 0], nan_ok=True)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (HEADLINE, LEFT, True),
        (LEFT, RIGHT, True),
        (PICTURE, OFFER, True),
        (RIGHT, PICTURE, False),
        (LEFT, OFFER, False),
    ],
)
def test_neighbours_are_told_apart(one: int, two: int, same: bool, regions: Regions) -> None:
    chance = regions.same_article(BLOCKS[one], BLOCKS[two])
    assert chance > 0.9 if same else chance < 0.1


def test_there_is_no_opinion_on_blocks_that_do_not_face_each_other(regions: Regions) -> None:
    one, two = (
        Block(0, BlockKind.TEXT, Box(10, 50, 100, 90)),
        Block(1, BlockKind.TEXT, Box(155, 120, 290, 150)),
    )
    assert regions.same_article(one, two) == 0.5


def test_all_pairs_at_once_are_each_pair_by_itself(regions: Regions) -> None:
    chances = regions.same_articles(BLOCKS)
    assert chances.shape == (len(BLOCKS), len(BLOCKS))
    assert (np.diag(chances) == 1).all()
    for one, two, _ in PAIRS:
        assert chances[one, two] == pytest.approx(regions.same_article(BLOCKS[one], BLOCKS[two]))


def test_a_border_is_crossed_between_two_articles_and_not_inside_one(regions: Regions) -> None:
    border = regions.border([block.box for block in BLOCKS])
    assert border[RIGHT, PICTURE] == border[LEFT, OFFER] == border[LEFT, PICTURE] == 1
    assert border[PICTURE, OFFER] == border[HEADLINE, RIGHT] == border[LEFT, RIGHT] == 0


def test_blocks_that_do_not_face_each_other_have_no_way_between(regions: Regions) -> None:
    border = regions.border([Box(10, 50, 100, 90), Box(155, 120, 290, 150)])
    assert math.isnan(border[0, 1])


def test_boxes_far_apart_have_no_near_cells() -> None:
    frame = Frame(*SIZE, 1.0, 1.0, 0.0, 0.0)
    shape = (SIZE[0] // MARK_STEP, SIZE[1] // MARK_STEP)
    bare = Regions(MAPS, np.zeros((5, 128, 96), np.float32), np.zeros((2, *shape), np.float32),
                   np.ones((len(OFFSETS), *shape), np.float32), frame)  # fmt: skip
    joined = bare.joined([Box(0, 0, 20, 8), Box(160, 240, 190, 250), Box(0, 12, 20, 30)])
    assert math.isnan(joined[0, 1])
    assert joined[0, 2] == pytest.approx(1)


def test_a_map_is_read_inside_a_box(regions: Regions) -> None:
    assert regions.chance("heading", BLOCKS[HEADLINE].box) > 0.9
    assert regions.chance("heading", BLOCKS[OFFER].box) == 0
    assert 0.3 < regions.chance("article", Box(0, 0, WIDTH, HEIGHT)) < 0.99


class Session:
    """A net that answers with its input, as seen at half its size."""

    def __init__(self, heads: int) -> None:
        self.heads = heads
        self.pages: list[NDArray[np.float32]] = []

    def run(self, names: None, inputs: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        page = inputs["page"]
        self.pages.append(page)
        quarter = np.zeros((1, 2, page.shape[2] // 4, page.shape[3] // 4), np.float32)
        return [page[:, :, ::2, ::2], quarter, quarter][: self.heads]


def fake(views: tuple[str, ...], heads: int) -> tuple[Net, Session]:
    session = Session(heads)
    card = Card("echo", views, (), 0.0, 1, "none", views=views, size=SIZE)
    return Net(card, session), session


@pytest.mark.parametrize(("views", "heads"), [(VIEWS, 3), (VIEWS_2017, 1)])
def test_a_net_sees_the_views_that_its_card_asks_for(views: tuple[str, ...], heads: int) -> None:
    net, session = fake(views, heads)
    image = np.full((int(HEIGHT), int(WIDTH)), 255, np.uint8)
    image[:200] = 0
    found = segment(image, TRUTH.layout, net)
    assert session.pages[0].shape == (1, len(views), *SIZE)
    assert session.pages[0].dtype == np.float32
    assert found.names == views
    assert found.chance("grey", Box(0, 0, WIDTH, HEIGHT)) == pytest.approx(0.5, abs=0.02)
    assert found.marks.shape[0] == (2 if heads == 3 else 0)


def test_a_page_without_picture_or_without_blocks_is_segmented_too() -> None:
    net, session = fake(VIEWS, 3)
    segment(None, TRUTH.layout, net)
    assert session.pages[-1][0, 0].max() == 0
    assert session.pages[-1][0, 1].max() == 1
    segment(np.zeros((400, 300), np.uint8), Layout(WIDTH, HEIGHT, ()), net)
    assert session.pages[-1][0, 0].max() == 1
    assert session.pages[-1][0, 1:].max() == 0


def test_evidence_does_not_care_about_the_size_of_the_page(regions: Regions) -> None:
    twice = replace(
        regions,
        frame=replace(regions.frame, x_scale=regions.frame.x_scale / 2, y_scale=regions.frame.y_scale / 2),
    )

    def grown(block: Block) -> Block:
        return replace(block, box=block.box.scale(2))

    for one, two, _ in PAIRS:
        assert twice.same_article(grown(BLOCKS[one]), grown(BLOCKS[two])) == pytest.approx(
            regions.same_article(BLOCKS[one], BLOCKS[two])
        )
