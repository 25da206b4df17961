"""The net that links blocks of newspaper pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.news.printing import mark, set_block, set_page

from leggio.errors import InputError
from leggio.evaluate.news import Case
from leggio.net import load_net
from leggio.news.articles import group
from leggio.news.evidence import (
    BLOCK_FEATURES,
    HEAD,
    PAIR_FEATURES,
    WIDTH,
    choose_features,
    gather_evidence,
)
from leggio.news.layout import BlockKind, NewsTruth
from leggio.news.links import ask_links
from leggio.news.print_maps import PRINT, PrintMaps, save_maps
from leggio.news.sights import SEEN, SEEN_PAIRS
from leggio.record import to_json
from leggio.train import news_links, news_links_run
from leggio.train.loop import Run
from leggio.train.news_links import Linker, losses
from leggio.train.news_links_pages import Shown, describe, draw_batches, lay_together, load_known, make_lesson
from leggio.train.news_links_run import (
    LAST,
    SHIPPED,
    average_runs,
    calibrate_links,
    export_links,
    fit_features,
    learn_links,
    load_learned,
    make_links_card,
    read_features,
    read_step,
)
from leggio.train.news_vary import vary_page
from leggio.train.recipe import Linking, Recipe, Schedule, Sheets

TINY = Linking(width=12, pair_width=8, heads=2, layers=1, dropout=0.0, glance=8)
RECIPE = Recipe(
    "tiny", schedule=Schedule(steps=3, warmup=1, cooldown=1, checkpoint=3, watch=5, balance=False)
)


def print_page(heads: tuple[int, ...], blocks: int = 9) -> NewsTruth:
    """One column of blocks; an article begins at each of `heads`, which are in large type."""
    placed = [
        set_block(
            n, (0, n * 60, 190, n * 60 + 50), "so many words",
            BlockKind.HEADING if n in heads else BlockKind.TEXT, lines=1 if n in heads else None,
        )
        for n in range(blocks)
    ]  # fmt: skip
    ends = (*heads[1:], blocks)
    articles = [list(range(a, b)) for a, b in zip(heads, ends, strict=True)]
    return mark(set_page(*placed), *articles)


def test_the_net_learns_one_batch_by_heart() -> None:
    torch.manual_seed(0)
    batch = lay_together([describe(print_page((0, 3, 5)))])
    net = Linker(replace(TINY, width=24, pair_width=16, glance=24))
    optimizer = torch.optim.Adam(net.parameters(), 0.03)
    for _ in range(60):
        parts = losses(net(batch.image), batch)
        optimizer.zero_grad()
        torch.stack(list(parts.values())).sum().backward()
        optimizer.step()
    assert all(float(part.detach()) < 0.1 for part in parts.values()), parts


def test_blocks_beyond_a_page_change_nothing() -> None:
    torch.manual_seed(1)
    small, large = describe(print_page((0, 2), blocks=5)), describe(print_page((0, 3, 5)))
    net = Linker(TINY).eval()
    alone, beside = net(lay_together([small]).image), net(lay_together([small, large]).image)
    for one, other in zip(alone, beside, strict=True):
        cut = other[:1, :5, :5] if one.shape[1:] == (5, 5) else other[:1, :5]
        assert torch.allclose(one, cut, atol=1e-4)


def test_unknown_blocks_ask_nothing() -> None:
    page = describe(print_page((0, 3, 5)))
    hidden = replace(page, articles=np.full_like(page.articles, -1), kinds=np.full_like(page.kinds, -1))
    net = Linker(TINY).eval()
    batch = lay_together([hidden])
    assert all(float(part.detach()) == 0 for part in losses(net(batch.image), batch).values())


def test_the_file_answers_as_the_net_does_for_any_number_of_blocks(tmp_path: Path) -> None:
    torch.manual_seed(2)
    net = Linker(TINY).eval()
    export_links(net, make_links_card(RECIPE, {}), tmp_path / "links.onnx")
    shipped = load_net(tmp_path / "links.onnx", threads=1)
    for blocks in (1, 4, 13):
        table = (
            np.random.default_rng(blocks).normal(size=(1, blocks, HEAD + blocks, WIDTH)).astype(np.float32)
        )
        table[:, :, 0, 0] = 1
        with torch.no_grad():
            answers = net(torch.from_numpy(table))
        for name, got in zip(SHIPPED, shipped(table), strict=True):
            assert np.allclose(getattr(answers, name).numpy(), got, atol=1e-4)


def test_the_reader_asks_the_file(tmp_path: Path) -> None:
    truth = print_page((0, 3, 5))
    export_links(Linker(TINY).eval(), make_links_card(RECIPE, {}), tmp_path / "links.onnx")
    net = load_net(tmp_path / "links.onnx", threads=1)
    links = ask_links(gather_evidence(truth.layout), net)
    assert links.follows.shape == (9, 9)
    assert np.allclose(links.kinds.sum(1), 1)
    articles = group(truth.layout, None, net)
    assert sorted(id for article in articles for id in article.blocks) == list(range(9))
    card = calibrate_links(net, [truth])
    assert len(card.confidence) >= 2


def test_pages_of_several_sizes_share_a_batch() -> None:
    pages = (print_page((0, 3, 5)), print_page((0, 2), blocks=6))
    known = tuple(Case(name, page, None) for name, page in zip(("Post_p1", "Bote_p1"), pages, strict=True))
    recipe = replace(RECIPE, sheets=replace(RECIPE.sheets, typeset=1.0))
    batch = next(draw_batches(known, recipe, np.random.default_rng(0), []))
    count, blocks = batch.articles.shape
    assert batch.image.shape == (count, blocks, HEAD + blocks, WIDTH)
    assert ((batch.image[:, :, 0, 0] > 0) | (batch.articles == -1)).all()


def test_runs_share_pages_but_not_those_of_a_newspaper_that_is_left_out() -> None:
    pages = (print_page((0, 3, 5)), print_page((0, 2), blocks=6))
    post, bote = (Case(name, page, None) for name, page in zip(("Post_p1", "Bote_p1"), pages, strict=True))
    recipe = replace(RECIPE, sheets=replace(RECIPE.sheets, typeset=1.0))
    pool: list[Shown] = []
    next(draw_batches((post, bote), recipe, np.random.default_rng(0), pool))
    assert set().union(*(shown.newspapers for shown in pool)) == {"Post", "Bote"}
    shared = len(pool)
    next(draw_batches((bote,), recipe, np.random.default_rng(1), pool, ("Post",)))
    assert len(pool) > shared
    assert all(shown.newspapers == {"Bote"} for shown in pool[shared:])


def test_a_varied_page_keeps_every_line_in_its_article() -> None:
    truth = print_page((0, 3, 5))
    lines = {
        line.id: number
        for number, article in enumerate(truth.articles)
        for block in article.blocks
        for line in truth.layout.blocks[block].lines
    }
    for seed in range(30):
        varied = vary_page(truth, np.random.default_rng(seed))
        assert [block.id for block in varied.layout.blocks] == list(range(len(varied.layout.blocks)))
        owners = [
            {lines[line.id] for block in article.blocks for line in varied.layout.blocks[block].lines}
            for article in varied.articles
        ]
        assert all(len(owner) == 1 for owner in owners)
        assert len(set.union(*owners)) == len(owners)


def test_a_run_trains_and_ships(tmp_path: Path) -> None:
    path = learn_links(RECIPE, None, Run(tmp_path / "run", tmp_path, threads=1))
    assert path.name == "tiny.onnx"
    assert path.stat().st_size < 4_000_000
    assert load_net(path, threads=1).card.licence == RECIPE.licence


def test_a_run_begins_from_what_another_has_learned(tmp_path: Path) -> None:
    learn_links(RECIPE, None, Run(tmp_path / "first", tmp_path, threads=1))
    still = replace(RECIPE, schedule=replace(RECIPE.schedule, steps=1, rate=0.0, weight_decay=0.0))
    learn_links(still, None, Run(tmp_path / "second", tmp_path, threads=1), start=tmp_path / "first")
    first, second = (load_learned(tmp_path / name) for name in ("first", "second"))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (read_step(tmp_path / "first"), read_step(tmp_path / "second")) == (3, 1)


def test_the_mean_of_runs_is_a_net_that_another_run_begins_from(tmp_path: Path) -> None:
    for place, name in enumerate(("one", "two")):
        plan = replace(RECIPE, seed=place)
        learn_links(plan, None, Run(tmp_path / name, tmp_path, threads=1))
    one, two = (load_learned(tmp_path / name) for name in ("one", "two"))
    path = average_runs(RECIPE, [tmp_path / "one", tmp_path / "two"], tmp_path / "mean")
    assert load_net(path).card.name == RECIPE.name
    mean = load_learned(tmp_path / "mean")
    assert all(torch.allclose(mean[name], (one[name] + two[name]) / 2) for name in one)


# What a net of an earlier day learned from: fewer features, of which blocks take one row, in another order.
BEFORE = (
    ("here", *reversed([name for name in BLOCK_FEATURES[1:24] if name not in SEEN])),
    tuple(reversed([name for name in PAIR_FEATURES if name not in SEEN_PAIRS][:-8])),
)


@pytest.fixture
def earlier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Linker, Path]:
    """A net of that day, and the folder of its run."""
    blocks, pairs = BEFORE
    torch.manual_seed(5)
    with monkeypatch.context() as day:
        for module in (news_links, news_links_run):
            day.setattr(module, "HEAD", -(-len(blocks) // len(pairs)))
            day.setattr(module, "WIDTH", len(pairs))
        net = Linker(replace(TINY, layers=2)).eval()
        card = replace(make_links_card(RECIPE, {}), classes=blocks, views=pairs)
        folder = tmp_path / "earlier"
        export_links(net, card, folder / "tiny.onnx")
    weights = {f"module.{name}": value for name, value in net.state_dict().items()}
    torch.save({"averaged": weights, "step": 3}, folder / LAST)
    return net, folder


def draw_table(blocks: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    table = np.random.default_rng(seed).normal(size=(blocks, HEAD + blocks, WIDTH)).astype(np.float32)
    table[:, :HEAD].reshape(blocks, -1)[:, len(BLOCK_FEATURES) :] = 0
    table[:, 0, 0] = 1
    return table


def test_a_net_that_is_given_more_features_answers_as_before(earlier: tuple[Linker, Path]) -> None:
    _, folder = earlier
    assert read_features(folder) == BEFORE
    net = Linker(replace(TINY, layers=2)).eval()
    net.load_state_dict(fit_features(load_learned(folder), *read_features(folder)))
    shipped = load_net(folder / "tiny.onnx", threads=1)
    for seed, blocks in enumerate((1, 4, 9)):
        table = draw_table(blocks, seed)
        with torch.no_grad():
            answers = net(torch.from_numpy(table)[None])
        for name, wanted in zip(SHIPPED, shipped(choose_features(table, *BEFORE)[None]), strict=True):
            assert np.allclose(getattr(answers, name).numpy(), wanted, atol=1e-4)


def test_new_features_weigh_nothing_at_first(earlier: tuple[Linker, Path]) -> None:
    net = Linker(replace(TINY, layers=2)).eval()
    net.load_state_dict(fit_features(load_learned(earlier[1]), *BEFORE))
    table = draw_table(6)
    other = table.copy()
    flat = other[:, :HEAD].reshape(6, -1)
    flat[:, [n for n, name in enumerate(BLOCK_FEATURES) if name not in BEFORE[0]]] = 7
    other[:, :HEAD] = flat.reshape(6, HEAD, WIDTH)
    other[:, HEAD:, [n for n, name in enumerate(PAIR_FEATURES) if name not in BEFORE[1]]] = -7
    with torch.no_grad():
        one, two = (net(torch.from_numpy(image)[None]) for image in (table, other))
    assert not np.array_equal(table, other)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(one, two, strict=True))


def test_a_run_begins_from_a_net_that_knew_fewer_features(
    earlier: tuple[Linker, Path], tmp_path: Path
) -> None:
    old, folder = earlier
    still = replace(
        RECIPE,
        links=replace(TINY, layers=2),
        schedule=replace(RECIPE.schedule, steps=1, rate=0.0, weight_decay=0.0),
    )
    path = learn_links(still, None, Run(tmp_path / "new", tmp_path, threads=1), start=folder)
    assert set(load_net(path, threads=1).card.classes) == set(BLOCK_FEATURES)
    learned, weights = load_learned(tmp_path / "new"), old.state_dict()
    same = [name for name in weights if torch.equal(learned[name].cpu(), weights[name])]
    assert set(weights) - set(same) <= {"enter.0.weight", "relate.0.weight", "glance.0.weight"}


def test_weights_for_the_features_of_today_stay_as_they_are() -> None:
    weights = Linker(TINY).state_dict()
    assert fit_features(weights, BLOCK_FEATURES, PAIR_FEATURES) is weights


def test_a_run_that_never_exported_learned_from_the_features_of_today(tmp_path: Path) -> None:
    assert read_features(tmp_path) == (BLOCK_FEATURES, PAIR_FEATURES)


def test_runs_of_other_sizes_have_no_mean(tmp_path: Path) -> None:
    learn_links(RECIPE, None, Run(tmp_path / "run", tmp_path, threads=1))
    wider = replace(RECIPE, links=replace(RECIPE.links, glance=RECIPE.links.glance + 1))
    with pytest.raises(InputError, match="other sizes"):
        average_runs(wider, [tmp_path / "run"], tmp_path / "mean")


def test_a_start_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkpoint"):
        learn_links(RECIPE, None, Run(tmp_path / "run", tmp_path, threads=1), start=tmp_path / "nowhere")


def test_a_newspaper_that_is_left_out_teaches_nothing(tmp_path: Path) -> None:
    one, other = print_page((0, 3, 5)), print_page((0, 2), blocks=6)
    (tmp_path / "Post_18991231_p01.json").write_text(json.dumps(to_json(one)))
    (tmp_path / "Bote_18991231_p01.json").write_text(json.dumps(to_json(other)))
    assert [len(case.truth.layout.blocks) for case in load_known(tmp_path, ("Post",))] == [6]
    with pytest.raises(InputError, match="Bote, Post"):
        load_known(tmp_path, ("Times",))


def test_a_manifest_beside_the_pages_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "Post_18991231_p01.json").write_text(json.dumps(to_json(print_page((0, 3, 5)))))
    (tmp_path / "manifest.json").write_text('{"pages": 1}')
    assert len(load_known(tmp_path)) == 1


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no newspaper pages"):
        load_known(tmp_path)


def test_pages_come_as_the_reader_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps(to_json(print_page((0, 3, 5)))))
    recipe = replace(RECIPE, sheets=Sheets(found=1.0))
    lesson = make_lesson(recipe, None, found=tmp_path)
    batch = next(iter(lesson.batches(0)))
    known = evidence_of(batch.image[0, :9], "kinds known")
    assert not known.any()  # the reader's own word for a heading is no evidence
    assert {len(set(row.tolist()) - {-1}) for row in batch.articles} <= {2, 3}


def test_found_pages_come_with_what_a_net_saw_of_them(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    page = print_page((0, 3, 5))
    path.write_text(json.dumps(to_json(page)))
    maps = np.zeros((len(PRINT), 300, 200), np.uint8)
    maps[PRINT.index("border"), 27:30] = 255  # above the third block
    seen = PrintMaps(PRINT, maps, 0.5)
    described, bare = describe(page, seen).table, describe(page).table
    assert evidence_of(torch.from_numpy(described), "border above").tolist() == [0, 1] + 7 * [0]
    assert not evidence_of(torch.from_numpy(bare), "seen").any()
    recipe = replace(RECIPE, sheets=Sheets(found=1.0))
    assert not count_seen(next(iter(make_lesson(recipe, None, found=tmp_path).batches(0))).image)
    save_maps(seen, path.with_suffix(".npz"))
    batches = make_lesson(recipe, None, found=tmp_path).batches(0)
    images = [next(batches).image for _ in range(3)]
    pages, shown = sum(len(image) for image in images), sum(count_seen(image) for image in images)
    assert 0.3 * pages < shown < pages  # some are varied, and so not the page that was seen


def count_seen(image: torch.Tensor) -> int:
    """How many pages of a batch have been looked at by a net."""
    return sum(bool(evidence_of(page, "seen").any()) for page in image)


def evidence_of(image: torch.Tensor, name: str) -> torch.Tensor:
    return image[:, :HEAD].reshape(len(image), -1)[:, BLOCK_FEATURES.index(name)]


def test_a_folder_without_found_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="news-found"):
        make_lesson(RECIPE, None, found=tmp_path)
