"""Corrected pages become truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.news.printing import mark, set_block, set_page

from leggio.errors import InputError
from leggio.news.corrections import load_corrections
from leggio.news.layout import NewsTruth
from leggio.record import to_json

PAGE = set_page(*(set_block(n, (0, n * 50, 190, n * 50 + 40), "some words") for n in range(4)))


def told(*articles: tuple[list[int], bool], **marks: bool) -> dict[str, Any]:
    """A page as the reader tells it, some of its articles marked."""
    page = to_json(mark(PAGE, *(ids for ids, _ in articles)))
    assert isinstance(page, dict)
    del page["partial"]
    for entry, (_, correct) in zip(page["articles"], articles, strict=True):  # type: ignore[arg-type]
        if correct:
            entry["correct"] = True  # type: ignore[index, call-overload]
    return page | {"label": {"name": "p1"}} | marks


def load(folder: Path, data: object) -> tuple[NewsTruth, ...]:
    path = folder / "corrected.json"
    path.write_text(json.dumps(data))
    return load_corrections(path)


def test_marked_articles_are_known_and_the_rest_of_the_page_is_not(tmp_path: Path) -> None:
    (truth,) = load(tmp_path, told(([0, 1], True), ([2], False), ([3], True)))
    assert [article.blocks for article in truth.articles] == [(0, 1), (3,)]
    assert [article.id for article in truth.articles] == [0, 1]
    assert truth.partial
    assert truth.layout == PAGE
    assert all(article.polygon for article in truth.articles)


def test_a_complete_page_is_known_as_a_whole(tmp_path: Path) -> None:
    (truth,) = load(tmp_path, told(([0, 1], False), ([2, 3], False), complete=True))
    assert len(truth.articles) == 2
    assert not truth.partial


def test_pages_of_an_issue_without_a_mark_are_left_out(tmp_path: Path) -> None:
    pages = [told(([0], False)), told(([0], True))]
    assert len(load(tmp_path, {"title": "x", "date": "1840", "pages": pages})) == 1


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (told(([0], False)), "no article marked"),
        (told(([0, 1], True), ([1], True)), "Block 1 is in 2 articles"),
        (told(([9], True)), "no block 9"),
        ({"blocks": []}, "leggio news --json"),
        ([], "leggio news --json"),
    ],
)
def test_a_slip_of_the_hand_is_named(data: object, named: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=named) as stopped:
        load(tmp_path, data)
    assert "corrected.json" in str(stopped.value)
