"""Pages come to training as a scanner and an OCR would give them, without end and always the same for the same seed."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from tests.news.drawn import HEIGHT, WIDTH, draw_page

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.news.layout import BlockKind
from leggio.news.views import VIEWS, fit_page
from leggio.record import to_json
from leggio.train.news import Batch
from leggio.train.news_grey import imitate_grey
from leggio.train.news_pages import Sheet, find_sheets, load_sheet, make_lesson, prepare_sheet
from leggio.train.news_spoil import draw_frame, forget_articles, spoil_layout
from leggio.train.recipe import Kind, Recipe, Schedule, Sheets

TODAY = Recipe("today", Kind.NEWS, sheets=Sheets(size=(128, 96)), schedule=Schedule(steps=100, batch=2))
OLD = replace(TODAY, net=Kind.NEWS_2017, sheets=Sheets(size=(256, 256), partial=1.0, partial_until=0.5))
GREY, LINES = VIEWS.index("grey"), VIEWS.index("lines")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- what is done to a page


def test_type_is_darker_than_paper_and_paper_darker_than_nothing() -> None:
    frame = fit_page(WIDTH, HEIGHT, (256, 256))
    grey = imitate_grey(draw_page().layout, frame, rng(3))
    assert grey.shape == (256, 256)
    assert grey.min() >= 0
    assert grey.max() <= 1
    column, gutter, outside = grey[40:100, 50:110].mean(), grey[40:100, 126:129].mean(), grey[:, :28].mean()
    assert column > gutter + 0.05
    assert outside < 0.06


def test_a_frame_shows_nearly_the_whole_page() -> None:
    sheets = Sheets(size=(256, 192))
    seen = [
        draw_frame(draw_page().layout, sheets, rng(seed)).place(Box(0, 0, WIDTH, HEIGHT))
        for seed in range(40)
    ]
    shown = Box(0, 0, 192, 256)
    assert min(box.intersection(shown) / box.area for box in seen) > 0.75
    assert len({box.x0 for box in seen}) == 40


def test_about_half_of_all_pages_are_mirrored() -> None:
    frames = [draw_frame(draw_page().layout, Sheets(), rng(seed)) for seed in range(60)]
    assert 15 < sum(frame.x_scale < 0 for frame in frames) < 45


def test_spoiling_loses_and_invents_but_moves_nothing() -> None:
    layout = draw_page().layout
    spoiled = [spoil_layout(layout, rng(seed)) for seed in range(60)]
    counts = [sum(len(block.lines) for block in page.blocks) for page in spoiled]
    whole = sum(len(block.lines) for block in layout.blocks)
    assert min(counts) < whole
    assert np.mean(counts) > 0.9 * whole
    lines = {line for block in layout.blocks for line in block.lines}
    assert all(line in lines for page in spoiled for block in page.blocks for line in block.lines)
    assert any(not page.rules for page in spoiled)
    assert any(len(page.rules) > len(layout.rules) for page in spoiled)
    assert any(all(block.kind is not BlockKind.PICTURE for block in page.blocks) for page in spoiled)


def test_a_partly_labelled_page_keeps_some_of_its_articles() -> None:
    page = draw_page()
    kept = [forget_articles(page, rng(seed)) for seed in range(30)]
    assert all(truth.partial for truth in kept)
    assert {len(truth.articles) for truth in kept} == {1, 2}
    assert all(set(truth.articles) <= set(page.articles) for truth in kept)
    assert forget_articles(replace(page, articles=()), rng()).articles == ()


# --- what the net is shown


def show(
    recipe: Recipe, seed: int, step: int = 0, image: bool = False
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    picture = np.full((int(HEIGHT), int(WIDTH)), 100, np.uint8) if image else None
    return np.asarray(prepare_sheet(Sheet(draw_page(), picture), recipe, step, rng(seed))[0], np.float32)


def test_some_pages_come_without_picture_and_some_with_nothing_else() -> None:
    views = [show(TODAY, seed) for seed in range(60)]
    blind = sum(view[GREY].max() == 0 for view in views)
    bare = sum(view[LINES].max() == 0 for view in views)
    assert 5 < blind < 30
    assert 0 < bare < 20
    assert all(view[GREY].max() > 0 or view[LINES].max() > 0 for view in views)


def test_the_scan_beside_a_page_is_what_is_shown() -> None:
    recipe = replace(TODAY, sheets=replace(TODAY.sheets, blind=0.0))
    grey = show(recipe, 1, image=True)[GREY]
    assert float(np.median(grey[grey > 0])) == pytest.approx(1 - 100 / 255, abs=0.01)


def test_after_the_first_stage_all_pages_are_fully_labelled() -> None:
    early, late = (np.mean([show(OLD, seed, step)[1] > 0.5 for seed in range(12)]) for step in (49, 50))
    assert early < 0.85 * late


# --- the stream


def test_the_same_step_gives_the_same_batch_and_the_next_another() -> None:
    first, second = itertools.islice(make_lesson(TODAY, None, 0).batches(7), 2)
    (again,) = itertools.islice(make_lesson(TODAY, None, 0).batches(7), 1)
    assert isinstance(first, Batch)
    assert first.image.shape == (2, len(VIEWS), 128, 96)
    for one, other in zip(first, again, strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(first.image, second.image)


def test_pages_of_a_folder_come_with_their_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(to_json(draw_page())))
    cv2.imwrite(str(tmp_path / "a.png"), np.full((int(HEIGHT), int(WIDTH)), 77, np.uint8))
    (tmp_path / "b.json").write_text(json.dumps(to_json(draw_page())))
    with_picture, without = (load_sheet(path) for path in find_sheets(tmp_path))
    assert with_picture.truth == without.truth == draw_page()
    assert with_picture.image is not None
    assert (with_picture.image == 77).all()
    assert without.image is None
    recipe = replace(TODAY, sheets=replace(TODAY.sheets, typeset=1.0))
    batch = next(make_lesson(recipe, tmp_path, 0).batches(0))
    assert set(torch.unique(batch.labels).tolist()) == {0, 1, 2}


def test_a_folder_without_pages_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leave --samples out"):
        make_lesson(TODAY, tmp_path, 0)
