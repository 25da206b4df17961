"""Pages with known articles, read from JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.news.printing import mark, set_block, set_page

from leggio.errors import InputError
from leggio.evaluate.news_truth import load_truth
from leggio.news.layout import ArticleKind, BlockKind
from leggio.record import to_json


def entry(article: str | None, y: int, **other: Any) -> dict[str, Any]:
    block = {"id": f"b{y}", "bbox": [0, y, 100, y + 40], "type": "text", "role": "text", "article": article}
    return block | {"unit_type": "article", "text": "", "lines": [[0, y, 100, y + 40]]} | other


def write(folder: Path, *blocks: dict[str, Any]) -> Path:
    path = folder / "page.json"
    path.write_text(json.dumps({"image": None, "width": 200, "height": 300, "blocks": blocks}))
    return path


def test_blocks_of_one_name_are_one_article(tmp_path: Path) -> None:
    path = write(tmp_path, entry("a", 0), entry("b", 50), entry(None, 100), entry("a", 150))
    truth = load_truth(path)
    assert [article.blocks for article in truth.articles] == [(0, 3), (1,)]
    assert len(truth.layout.blocks) == 4
    assert not truth.partial


def test_roles_become_kinds_and_the_title_the_headline(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        entry("a", 0, role="title", text="Fire at sea"),
        entry("a", 50),
        entry("m", 100, unit_type="title_section", role="headline"),
        entry("p", 150, type="image", role="illustration", lines=[], unit_type="advertisement"),
    )
    truth = load_truth(path)
    assert [block.kind for block in truth.layout.blocks] == [
        BlockKind.HEADING, BlockKind.TEXT, BlockKind.HEADING, BlockKind.PICTURE,
    ]  # fmt: skip
    assert [a.kind for a in truth.articles] == [
        ArticleKind.ARTICLE, ArticleKind.MASTHEAD, ArticleKind.ADVERTISEMENT,
    ]  # fmt: skip
    assert truth.articles[0].headline == "Fire at sea"


def test_the_words_of_a_block_are_dealt_out_to_its_lines_by_width(tmp_path: Path) -> None:
    lines = [[0, 0, 100, 10], [0, 12, 50, 22]]
    block = load_truth(write(tmp_path, entry("a", 0, text="aaaa bbbb cccc", lines=lines))).layout.blocks[0]
    assert [line.text for line in block.lines] == ["aaaa bbbb", "cccc"]


def test_a_text_of_as_many_lines_keeps_them(tmp_path: Path) -> None:
    lines = [[0, 0, 100, 10], [0, 12, 50, 22]]
    block = load_truth(write(tmp_path, entry("a", 0, text="aaaa\nbbbb cccc", lines=lines))).layout.blocks[0]
    assert [line.text for line in block.lines] == ["aaaa", "bbbb cccc"]


def test_leggios_own_form_comes_back_as_it_was(tmp_path: Path) -> None:
    truth = mark(set_page(set_block(0, (0, 0, 100, 50), "some words")), [0])
    path = tmp_path / "own.json"
    path.write_text(json.dumps(to_json(truth)))
    assert load_truth(path) == truth


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"layout": 3}', '{"width": 1, "height": 1, "blocks": [{}]}']
)
def test_any_other_file_is_named_with_what_to_do(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.json"):
        load_truth(path)


def test_the_pages_of_the_development_set_can_be_read() -> None:
    folder = Path(__file__).parents[3] / "shared" / "data" / "news-dev"
    if not folder.is_dir():
        pytest.skip("the development pages are not here")
    truths = [load_truth(path) for path in sorted(folder.glob("*/BNL*.json"))]
    assert truths
    for truth in truths:
        ids = {block.id for block in truth.layout.blocks}
        assert all(ids >= set(article.blocks) and article.polygon for article in truth.articles)
