"""The nets for newspapers: of the right size, able to learn, and the same in ONNX."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.news.drawn import draw_page

from leggio.net import load_net
from leggio.news.regions import OFFSETS
from leggio.news.views import MAPS, VIEWS, VIEWS_2017
from leggio.train import news, news_2017
from leggio.train.export import export_news, make_news_card
from leggio.train.loop import Training
from leggio.train.news_nets import MARKS, News2017, NewsNet, ShippedNews, count_values
from leggio.train.news_pages import Sheet, prepare_sheet
from leggio.train.recipe import Architecture, Kind, Optimizer, Recipe, Schedule, Sheets

SMALL = Architecture((8, 12, 16, 24), deep_blocks=2, class_width=16)
TODAY = Recipe(
    "today", Kind.NEWS, architecture=SMALL, sheets=Sheets(size=(128, 96), spoil=0.0, blind=0.0, bare=0.0)
)
OLD = Recipe("old", Kind.NEWS_2017, sheets=Sheets(size=(256, 256), stretch=0.0, spoil=0.0))


def batch_of(recipe: Recipe, pages: int) -> news.Batch | news_2017.Batch:
    rng = np.random.default_rng(1)
    rows = [prepare_sheet(Sheet(draw_page()), recipe, 0, rng) for _ in range(pages)]
    kind = news.Batch if recipe.net is Kind.NEWS else news_2017.Batch
    return kind(*(torch.from_numpy(np.stack(arrays)) for arrays in zip(*rows, strict=True)))


@pytest.fixture(autouse=True)
def _steady() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def test_the_net_of_2017_has_the_papers_number_of_parameters() -> None:
    assert count_values(News2017()) == 1_435_065


def test_the_net_of_2017_answers_at_the_size_of_its_input() -> None:
    assert News2017()(torch.zeros(2, 2, 256, 256)).shape == (2, 1, 256, 256)


def test_todays_net_answers_at_half_and_at_a_quarter() -> None:
    maps = NewsNet(SMALL, len(OFFSETS))(torch.zeros(2, len(VIEWS), 128, 96))
    assert maps.areas.shape == (2, len(MAPS), 64, 48)
    assert maps.marks.shape == (2, MARKS, 32, 24)
    assert maps.near.shape == (2, len(OFFSETS), 32, 24)


def test_todays_net_overfits_one_batch_in_seconds() -> None:
    net, batch = NewsNet(SMALL, len(OFFSETS)), batch_of(TODAY, 2)
    schedule = Schedule(steps=120, warmup=5, cooldown=40, rate=1e-2, weight_decay=0.0, average=0.0)
    training = Training(net, schedule, news.losses)
    first = training.learn(batch)
    for _ in range(119):
        last = training.learn(batch)
    for name in ("areas", "border", "pairs", "near"):
        assert last[name] < first[name] / 3, (name, first[name], last[name])


def test_the_net_of_2017_overfits_one_batch_in_seconds() -> None:
    net, batch = News2017(), batch_of(OLD, 2)
    for part in net.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0  # what is dropped cannot be learned by heart
    schedule = Schedule(
        steps=30,
        warmup=1,
        cooldown=0,
        rate=0.05,
        weight_decay=0.0,
        average=0.0,
        optimizer=Optimizer.SGD,
        balance=False,
    )
    training = Training(net, schedule, news_2017.losses)
    first = training.learn(batch)["background"]
    for _ in range(29):
        last = training.learn(batch)["background"]
    assert last < first / 3


@pytest.mark.parametrize("recipe", [TODAY, OLD], ids=["today", "2017"])
def test_onnx_equals_torch(recipe: Recipe, tmp_path: Path) -> None:
    net = NewsNet(SMALL, len(OFFSETS)) if recipe.net is Kind.NEWS else News2017()
    net.train()
    with torch.no_grad():
        for _ in range(2):  # so that the batch norms have seen something
            net(batch_of(recipe, 2).image)
    export_news(net, make_news_card(recipe, {"step": 2.0}), tmp_path / "net.onnx")
    shipped = load_net(tmp_path / "net.onnx", threads=1)
    page = batch_of(recipe, 1).image
    with torch.inference_mode():
        wanted = [answer.numpy() for answer in ShippedNews(net).eval()(page)]
    found = shipped(page.numpy())
    assert len(found) == len(wanted) == (3 if recipe.net is Kind.NEWS else 1)
    for one, other in zip(wanted, found, strict=True):
        np.testing.assert_allclose(np.asarray(other, np.float32), one, atol=2e-4)
    assert shipped.card.size == recipe.sheets.size
    assert shipped.card.views == (VIEWS if recipe.net is Kind.NEWS else VIEWS_2017)
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]


def test_without_balance_a_loss_is_followed_as_it_is() -> None:
    """SGD's step is the gradient times the rate, so dividing the loss would change it."""
    steps = {}
    for balance in (True, False):
        torch.manual_seed(0)
        net, batch = NewsNet(SMALL, len(OFFSETS)), batch_of(TODAY, 1)
        before = net.areas.weight.detach().clone()
        schedule = Schedule(
            steps=9, warmup=1, cooldown=0, rate=1e-3, optimizer=Optimizer.SGD, balance=balance
        )
        Training(
            net, replace(schedule, weight_decay=0.0), lambda maps, batch: {"a": maps.areas.mean() ** 2}
        ).learn(batch)
        steps[balance] = float((net.areas.weight.detach() - before).abs().max())
    assert steps[True] > 10 * steps[False] > 0
