"""A folder of newspaper pages repeats to the byte, and a broken run goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from leggio.cli.news_synth import synth_news
from leggio.errors import InputError
from leggio.news.layout import ArticleKind, BlockKind
from leggio.synth.folder import find_missing
from leggio.synth.manifest import list_pages
from leggio.synth.news_folder import NewsFactory, load_news, sketch, write_news, write_news_manifest


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("factory", [NewsFactory(4), NewsFactory(4, typeset=True, aged=True)])
def test_the_same_seed_gives_the_same_files(tmp_path: Path, factory: NewsFactory) -> None:
    for name in ("one", "two"):
        list(write_news(tmp_path / name, [0], factory))
    assert read_all(tmp_path / "one").keys() == {"000000.png", "000000.json"}
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_pages_come_back_as_they_were_written(tmp_path: Path) -> None:
    list(write_news(tmp_path, [2], NewsFactory(1)))
    image, truth = load_news(tmp_path / "000002.json")
    assert truth == NewsFactory(1)(2)[1]
    assert np.array_equal(image, sketch(truth))


def test_only_missing_pages_are_made(tmp_path: Path) -> None:
    pages = write_news(tmp_path, range(5), NewsFactory())
    next(pages)
    next(pages)
    before = read_all(tmp_path)
    assert find_missing(tmp_path, 4) == [2, 3]
    list(write_news(tmp_path, [2, 3], NewsFactory()))
    assert before.items() <= read_all(tmp_path).items()
    assert len(list_pages(tmp_path, ".png")) == 4


def test_the_manifest_counts_kinds_and_is_no_page(tmp_path: Path) -> None:
    list(write_news(tmp_path, [0, 1], NewsFactory(3)))
    told = json.loads(write_news_manifest(tmp_path, {"seed": 3}).read_text())
    truths = [load_news(path)[1] for path in list_pages(tmp_path, ".png")]
    assert told["pages"] == 2
    assert told["settings"] == {"seed": 3}
    assert sum(told["articles"].values()) == sum(len(truth.articles) for truth in truths)
    assert sum(told["blocks"].values()) == sum(len(truth.layout.blocks) for truth in truths)


def test_boxes_cannot_be_aged() -> None:
    with pytest.raises(InputError, match="--typeset"):
        NewsFactory(aged=True)


def test_the_command_writes_pages_and_says_where(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(synth_news)
    done = CliRunner().invoke(app, ["--pages", "2", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert [Path(line).name for line in done.stdout.split()] == [
        "000000.json",
        "000001.json",
        "manifest.json",
    ]
    again = CliRunner().invoke(app, ["--pages", "2", "--out", str(tmp_path)])
    assert again.stdout.split() == [str(tmp_path / "manifest.json")]


def test_the_bundled_page_has_the_articles_that_its_truth_tells() -> None:
    image, truth = load_news(Path(__file__).parents[2] / "examples" / "newspaper.json")
    assert image.shape == (truth.layout.height, truth.layout.width)
    kinds = [article.kind for article in truth.articles]
    assert len(kinds) > 8
    assert {ArticleKind.MASTHEAD, ArticleKind.ARTICLE, ArticleKind.NOTICE, ArticleKind.ADVERTISEMENT} == set(
        kinds
    )
    assert any(block.kind is BlockKind.PICTURE for block in truth.layout.blocks)
    assert any(len(article.polygon) > 4 for article in truth.articles)
