"""Pages with words but without type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leggio.news.layout import BlockKind, NewsTruth
from leggio.synth.news_style import Era, draw_style
from leggio.synth.news_worded import sample_worded


def draw(seed: int) -> NewsTruth:
    rng = np.random.default_rng(seed)
    style = replace(draw_style(rng, Era.DENSE), columns=3, skew=0.0)
    return sample_worded(rng, replace(style, habits=replace(style.habits, indent=1.5, paragraph=9.0)))


def test_the_same_seed_gives_the_same_page() -> None:
    assert draw(4) == draw(4)


def test_headings_have_words_and_nearly_all_lines() -> None:
    blocks = draw(4).layout.blocks
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    assert headings
    assert all(block.text.strip() for block in headings)
    lines = [line for block in blocks for line in block.lines]
    assert sum(bool(line.text) for line in lines) > 0.9 * len(lines)


def test_paragraphs_that_no_column_ends_begin_large_and_end_with_a_stop() -> None:
    blocks = [block for block in draw(4).layout.blocks if len(block.lines) > 4]
    running = [block for block in blocks if np.ptp([line.box.width for line in block.lines[1:-1]]) < 1]
    whole = [
        block for block in running
        if block.lines[0].box.x0 > block.box.x0 + 1 and block.lines[-1].box.x1 < block.box.x1 - 1
    ]  # fmt: skip
    assert whole
    assert all(block.text[0].isupper() and block.text.endswith(".") for block in whole)


def test_longer_lines_take_more_letters() -> None:
    lines = [line for block in draw(7).layout.blocks if len(block.lines) > 4 for line in block.lines[:-1]]
    long = [len(line.text) for line in lines if line.box.width > 0.9 * max(line.box.width for line in lines)]
    short = [len(line.text) for line in lines if line.box.width < 0.6 * max(line.box.width for line in lines)]
    assert np.median(long) > (np.median(short) if short else 0) + 5
