"""A folder of newspaper pages, measured."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.news.pressed import Press
from tests.news.printing import mark, set_block, set_page

from leggio.errors import LeggioError, NothingToRead
from leggio.evaluate.blocks import Blocks
from leggio.evaluate.news import (
    Case,
    evaluate_news,
    find_level,
    find_pages,
    group_true_blocks,
    group_true_lines,
    read_pictures,
)
from leggio.geometry import Box
from leggio.news.layout import Article, ArticleKind, BlockKind, Layout, strip_kinds
from leggio.news.read import Nets, load_nets
from leggio.record import to_json

PAGE = set_page(
    set_block(0, (0, 0, 190, 30), "HEAD", BlockKind.HEADING),
    set_block(1, (0, 40, 190, 300), "some words of an article"),
    set_block(2, (210, 0, 400, 300), "other words of another one"),
)
TRUTH = mark(PAGE, [0, 1], [2])


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / f"{name}.json").write_text(json.dumps(to_json(TRUTH)))
    return folder


def all_right(layout: Layout) -> tuple[Article, ...]:
    assert layout == PAGE
    return TRUTH.articles


def test_a_newspaper_is_its_files_name_up_to_the_date() -> None:
    names = {
        "BL_0002088_18321123_p01": "BL_0002088",
        "BNFEN_Le-Matin_18930402_02_1_p01": "BNFEN_Le-Matin",
        "BNL_1497608_newspaper_armeteufel_1904-01-17_p01": "BNL_1497608",
        "EZR_18400221_01_p02": "EZR",
        "port_gibson_reveille_p01": "port_gibson_reveille",
    }
    assert {name: Case(name, TRUTH, None).newspaper for name in names} == names


def test_each_newspaper_counts_once_in_the_mean(tmp_path: Path) -> None:
    def only_a(case: Case) -> tuple[Layout, tuple[Article, ...]]:
        return case.truth.layout, TRUTH.articles if case.newspaper == "A" else ()

    report = evaluate_news(write(tmp_path, "A_18400101_p1", "A_18400101_p2", "B_18400101_p1"), only_a)
    assert {name: scores.der for name, scores in report.newspapers.items()} == {"A": 0, "B": 1}
    assert report.mean.der == 0.5
    told = json.loads(report.to_json())
    assert told["mean"].keys() >= {"der", "completeness", "as_f1", "miou", "b3", "ari"}
    assert told["newspapers"]["A"]["as_f1"] == 1
    assert told["seconds"] >= 0
    assert len(told["pages"]) == 3


def test_a_page_that_cannot_be_read_counts_as_nothing_found(tmp_path: Path) -> None:
    def fail(case: Case) -> tuple[Layout, tuple[Article, ...]]:
        raise LeggioError("too dark: scan it again.")

    report = evaluate_news(write(tmp_path, "A_18400101_p1"), fail)
    assert report.mean.der == 1
    assert report.pages[0].error == "too dark: scan it again."


def test_true_blocks_are_told_with_or_without_their_kinds(tmp_path: Path) -> None:
    folder = write(tmp_path, "A_18400101_p1")
    assert evaluate_news(folder, group_true_blocks(all_right)).mean.der == 0

    def without_kinds(layout: Layout) -> tuple[Article, ...]:
        assert layout == strip_kinds(PAGE)
        assert {block.kind for block in layout.blocks} == {BlockKind.TEXT}
        return TRUTH.articles

    assert evaluate_news(folder, group_true_blocks(without_kinds, Blocks.BARE), Blocks.BARE).mean.der == 0


def test_of_true_lines_the_reader_makes_its_own_blocks(tmp_path: Path) -> None:
    seen: list[Layout] = []

    def one_a_block(layout: Layout) -> tuple[Article, ...]:
        seen.append(layout)
        return tuple(Article(block.id, ArticleKind.ARTICLE, (block.id,), ()) for block in layout.blocks)

    report = evaluate_news(write(tmp_path, "A_18400101_p1"), group_true_lines(one_a_block), Blocks.LINES)
    assert report.blocks is Blocks.LINES
    assert report.pages[0].error is None
    lines = sorted((line.box.y0, line.text) for block in PAGE.blocks for line in block.lines)
    found = sorted((line.box.y0, line.text) for block in seen[0].blocks for line in block.lines)
    assert found == lines


def test_pictures_lie_beside_their_pages(tmp_path: Path) -> None:
    write(tmp_path, "A_18400101_p1", "A_18400101_p2")
    (tmp_path / "A_18400101_p2.jpg").write_bytes(b"")
    assert [case.name for case in find_pages(tmp_path, pictures=True)] == ["A_18400101_p2"]
    assert len(find_pages(tmp_path)) == 2


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match="no pages"):
        find_pages(tmp_path)


def print_leaning(folder: Path) -> tuple[Case, list[Box], NDArray[np.float64]]:
    """A page of one column that leans, where its lines stood before, and how it was turned."""
    press = Press()
    lines = press.print_column(60, 200, 800, 30)
    turn = cv2.getRotationMatrix2D((press.width / 2, press.height / 2), -2.0, 1.0)
    leaning = cv2.warpAffine(press.image, turn, (press.width, press.height), borderValue=245)
    cv2.imwrite(str(folder / "paper_p1.png"), leaning)
    page = mark(
        set_page(set_block(0, (60, 200, 860, 1200), lines=30), width=press.width, height=press.height), [0]
    )
    (folder / "paper_p1.json").write_text(json.dumps(to_json(page)))
    (case,) = find_pages(folder, pictures=True)
    return case, lines, np.asarray(turn, np.float64)


def test_what_a_net_saw_lies_on_the_page_that_was_made_level(tmp_path: Path) -> None:
    case, lines, _ = print_leaning(tmp_path)
    level = find_level(case, load_nets(threads=1))
    found = [line.box for block in level.layout.blocks for line in block.lines]
    assert len(found) == len(lines)
    assert max(box.height for box in found) < 1.5 * max(box.height for box in lines)
    assert level.seen is not None
    assert min(level.seen.chance("text", box) for box in found) > 0.4
    assert find_level(case, Nets()).seen is None


def test_a_leaning_page_is_measured_where_it_lies(tmp_path: Path) -> None:
    case, lines, turn = print_leaning(tmp_path)
    layout, _ = read_pictures(threads=1)(case)
    left, right = lines[0].x0, max(line.x1 for line in lines)
    corners = cv2.transform(_corners(left, 200, right, lines[-1].y1), turn)[:, 0]
    found = [line.box for block in layout.blocks for line in block.lines]
    assert min(box.x0 for box in found) == pytest.approx(corners[:, 0].min(), abs=12)
    assert max(box.y1 for box in found) == pytest.approx(corners[:, 1].max(), abs=12)


def _corners(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float32]:
    return np.array([[[x, y]] for x in (x0, x1) for y in (y0, y1)], np.float32)
