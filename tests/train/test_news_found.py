"""Known pages with the blocks that the reader finds in their pictures."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.news.pressed import Press
from tests.news.printing import mark, set_block, set_page

from leggio.errors import NothingToRead
from leggio.evaluate.news import find_pages
from leggio.evaluate.news_truth import load_truth
from leggio.news.print_maps import load_maps
from leggio.news.read import Nets, load_nets
from leggio.record import to_json
from leggio.train.news_found import find_again, find_pages_again, hand_over, misread


def test_a_block_is_of_the_article_that_it_lies_in() -> None:
    truth = mark(set_page(set_block(0, (0, 0, 190, 100)), set_block(1, (200, 0, 390, 100))), [0], [1])
    pieces = set_page(
        set_block(0, (0, 0, 190, 50)), set_block(1, (0, 50, 190, 100)), set_block(2, (205, 0, 390, 100))
    )
    found = hand_over(truth, pieces, pieces)
    assert [article.blocks for article in found.articles] == [(0, 1), (2,)]


def test_a_block_over_two_articles_alike_is_of_none() -> None:
    truth = mark(set_page(set_block(0, (0, 0, 190, 100)), set_block(1, (200, 0, 390, 100))), [0], [1])
    both = set_page(set_block(0, (0, 0, 390, 100)), set_block(1, (0, 20, 190, 40)))
    assert [article.blocks for article in hand_over(truth, both, both).articles] == [(1,)]


def test_a_block_in_the_margin_is_of_no_article() -> None:
    truth = mark(set_page(set_block(0, (0, 0, 190, 100))), [0])
    outside = set_page(set_block(0, (0, 90, 190, 300)))
    assert hand_over(truth, outside, outside).articles == ()


def test_words_stay_apart_when_letters_are_misread() -> None:
    rng = np.random.default_rng(0)
    text = "Der Rat der Stadt beschloss"
    assert misread(text, 0.0, rng) == text
    wrong = misread(text, 1.0, rng)
    assert [len(word) for word in wrong.split(" ")] == [len(word) for word in text.split()]
    assert wrong != text


def print_two_columns(folder: Path) -> Path:
    """A page of two articles, one a column, its picture beside it."""
    press = Press()
    columns = [press.print_column(x, 200, 500, 24) for x in (60, 620)]
    cv2.imwrite(str(folder / "paper_p1.png"), press.image)
    blocks = [
        set_block(n, (min(b.x0 for b in lines), 200, max(b.x1 for b in lines), lines[-1].y1), lines=24)
        for n, lines in enumerate(columns)
    ]
    page = mark(set_page(*blocks, width=press.width, height=press.height), [0], [1])
    path = folder / "paper_p1.json"
    path.write_text(json.dumps(to_json(page)))
    return path


def test_a_printed_page_is_found_again(tmp_path: Path) -> None:
    print_two_columns(tmp_path)
    (case,) = find_pages(tmp_path, pictures=True)
    found, seen = find_again(case, Nets(), np.random.default_rng(0))
    assert seen is None
    known = {block.id: block for block in found.layout.blocks}
    left, right = ([known[block].box for block in article.blocks] for article in found.articles)
    assert max(box.x1 for box in left) < 600 < min(box.x0 for box in right)


def test_a_page_is_found_again_with_what_a_net_saw_of_it(tmp_path: Path) -> None:
    print_two_columns(tmp_path)
    (case,) = find_pages(tmp_path, pictures=True)
    found, seen = find_again(case, load_nets(threads=1), np.random.default_rng(0))
    assert seen is not None
    assert seen.maps.shape[1] == pytest.approx(found.layout.height * seen.scale, abs=1)
    assert seen.maps.shape[2] == pytest.approx(found.layout.width * seen.scale, abs=1)
    lines = [line.box for block in found.layout.blocks for line in block.lines]
    assert np.mean([seen.chance("text", line) for line in lines]) > 0.5


def test_a_broken_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    samples, out = tmp_path / "samples", tmp_path / "found"
    samples.mkdir()
    print_two_columns(samples)
    (path,) = find_pages_again(samples, out)
    assert path is not None
    assert len(load_truth(path).articles) == 2
    seen = load_maps(path.with_suffix(".npz"))
    assert seen.chance("text", load_truth(path).layout.blocks[0].lines[0].box) > 0.5
    path.write_text("whole")
    assert list(find_pages_again(samples, out)) == [path]
    assert path.read_text() == "whole"


def test_a_blank_page_is_left_out(tmp_path: Path) -> None:
    path = print_two_columns(tmp_path)
    cv2.imwrite(str(path.with_suffix(".png")), np.full((1200, 1200), 245, np.uint8))
    assert list(find_pages_again(tmp_path, tmp_path / "found")) == [None]
    assert list((tmp_path / "found").iterdir()) == []


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match="with their scans"):
        next(find_pages_again(tmp_path, tmp_path / "found"))
