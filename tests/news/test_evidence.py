"""The table that the linking net sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.news.printing import set_block, set_page

from leggio.geometry import Box
from leggio.news.evidence import (
    BLOCK_FEATURES,
    HEAD,
    PAIR_FEATURES,
    WIDTH,
    Evidence,
    choose_features,
    gather_evidence,
    hide,
)
from leggio.news.layout import Block, BlockKind, Layout, Line, Rule
from leggio.news.print_maps import PRINT, PrintMaps

# A headline over two columns, the second of which begins a second article in large type.
PAGE = replace(
    set_page(
        set_block(0, (0, 0, 400, 40), "WAR DECLARED", BlockKind.HEADING, lines=1),
        set_block(1, (0, 50, 190, 590), "Paris, 3 avril. " + "on dit que " * 90),
        set_block(2, (210, 50, 400, 290), "la guerre est " * 40),
        set_block(3, (210, 320, 400, 350), "Wheat", BlockKind.HEADING, lines=1),
        set_block(4, (210, 360, 400, 590), "prices of wheat " * 30),
    ),
    rules=(Rule(Box(210, 304, 400, 306)),),
)


def block_value(evidence: Evidence, block: int, name: str) -> float:
    row = evidence.table[evidence.ids.index(block), :HEAD].reshape(-1)
    return float(row[BLOCK_FEATURES.index(name)])


def pair_value(evidence: Evidence, one: int, other: int, name: str) -> float:
    i, j = evidence.ids.index(one), evidence.ids.index(other)
    return float(evidence.table[i, HEAD + j, PAIR_FEATURES.index(name)])


def scale(layout: Layout, factor: float) -> Layout:
    def grow(block: Block) -> Block:
        lines = tuple(Line(line.id, line.box.scale(factor), line.text) for line in block.lines)
        return replace(block, box=block.box.scale(factor), lines=lines)

    rules = tuple(Rule(rule.box.scale(factor)) for rule in layout.rules)
    blocks = tuple(grow(block) for block in layout.blocks)
    return Layout(layout.width * factor, layout.height * factor, blocks, rules)


def test_a_row_for_each_block_in_reading_order() -> None:
    evidence = gather_evidence(PAGE)
    assert evidence.ids == (0, 1, 2, 3, 4)
    assert evidence.table.shape == (5, HEAD + 5, WIDTH)
    assert np.isfinite(evidence.table).all()


def test_a_heading_is_louder_than_the_text() -> None:
    evidence = gather_evidence(PAGE)
    assert block_value(evidence, 0, "size") > 0.5
    assert abs(block_value(evidence, 1, "size")) < 0.1
    assert block_value(evidence, 0, "width to below") > 0.5


def test_neighbours_are_those_that_can_be_seen() -> None:
    evidence = gather_evidence(PAGE)
    assert pair_value(evidence, 2, 3, "straight below") == 1
    assert pair_value(evidence, 2, 4, "straight below") == 0
    assert pair_value(evidence, 3, 2, "straight above") == 1
    assert pair_value(evidence, 1, 2, "carries on") == 0  # the headline stands above both


def test_a_loud_block_and_a_rule_between_two_blocks_are_seen() -> None:
    evidence = gather_evidence(PAGE)
    assert pair_value(evidence, 2, 4, "loudest between") > 0.5 > pair_value(evidence, 1, 2, "loudest between")
    assert pair_value(evidence, 2, 4, "rules between") > 0 == pair_value(evidence, 1, 2, "rules between")
    assert pair_value(evidence, 2, 4, "headings between") > 0
    assert block_value(evidence, 3, "rule above") == 1


def test_neither_resolution_nor_size_matters() -> None:
    assert np.allclose(gather_evidence(PAGE).table, gather_evidence(scale(PAGE, 3.1)).table, atol=1e-4)


def test_what_is_hidden_is_as_if_it_had_never_been_known() -> None:
    bare = set_page(*(replace(b, kind=BlockKind.TEXT) for b in PAGE.blocks))
    mute = set_page(
        *(replace(b, lines=tuple(replace(line, text="") for line in b.lines)) for b in bare.blocks)
    )
    table = gather_evidence(PAGE).table
    assert np.allclose(hide(table, rules=True, kinds=True), gather_evidence(bare).table)
    assert np.allclose(hide(table, rules=True, kinds=True, text=True), gather_evidence(mute).table)
    assert not np.allclose(table, hide(table, text=True))


def test_words_that_ocr_does_not_believe_itself_say_nothing() -> None:
    def trust(confidence: float) -> Layout:
        blocks = (
            replace(block, lines=tuple(replace(line, confidence=confidence) for line in block.lines))
            for block in PAGE.blocks
        )
        return replace(PAGE, blocks=tuple(blocks))

    table = gather_evidence(PAGE).table
    assert np.array_equal(gather_evidence(trust(0.6)).table, table)
    assert np.array_equal(gather_evidence(trust(0.2)).table, hide(table, text=True))


def see_border(*boxes: Box) -> PrintMaps:
    """What a net sees that finds borders of articles in these boxes of the page, a cell a pixel."""
    maps = np.zeros((len(PRINT), 600, 400), np.uint8)
    for box in boxes:
        maps[PRINT.index("border"), int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 255
    return PrintMaps(PRINT, maps, 1.0)


def test_what_a_net_saw_is_evidence_of_blocks_and_of_pairs() -> None:
    evidence = gather_evidence(PAGE, see_border(Box(210, 303, 400, 307)))
    assert [block_value(evidence, block, "seen") for block in evidence.ids] == [1] * 5
    assert [block_value(evidence, block, "border above") for block in evidence.ids] == [0, 0, 0, 0, 0]
    near = gather_evidence(PAGE, see_border(Box(210, 314, 400, 318)))
    assert [block_value(near, block, "border above") for block in near.ids] == [0, 0, 0, 1, 0]
    assert pair_value(near, 2, 3, "border on the way") == pair_value(near, 3, 2, "border on the way") == 1
    assert pair_value(near, 1, 2, "border on the way") == 0
    assert pair_value(near, 1, 2, "faces") == 1
    assert pair_value(near, 2, 4, "greatest border between") == 1
    assert pair_value(near, 0, 2, "greatest border between") == 0
    assert pair_value(near, 2, 4, "borders between") > 0 == pair_value(near, 0, 2, "borders between")


def test_what_was_seen_is_hidden_as_if_no_net_had_looked() -> None:
    seen = gather_evidence(PAGE, see_border(Box(210, 314, 400, 318))).table
    bare = gather_evidence(PAGE).table
    assert not np.array_equal(seen, bare)
    assert np.array_equal(hide(seen, seen=True), bare)
    assert np.array_equal(hide(bare, seen=True), bare)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(*[st.integers(0, 300)] * 2, *[st.integers(0, 80)] * 2, st.integers(0, 3)), max_size=9)
)
def test_any_page_has_numbers_for_evidence(places: list[tuple[int, int, int, int, int]]) -> None:
    blocks = [set_block(n, (x, y, x + w, y + h), "a b", lines=k) for n, (x, y, w, h, k) in enumerate(places)]
    evidence = gather_evidence(set_page(*blocks))
    assert evidence.table.shape == (len(blocks), HEAD + len(blocks), WIDTH)
    assert np.isfinite(evidence.table).all()


def test_a_net_that_learned_from_fewer_features_gets_these() -> None:
    table = gather_evidence(PAGE).table
    assert np.array_equal(choose_features(table, BLOCK_FEATURES, PAIR_FEATURES), table)
    fewer = choose_features(table, ("size", "here", "lines"), ("after", "size"))
    assert fewer.shape == (5, 2 + 5, 2)
    flat = table[:, :HEAD].reshape(5, -1)
    assert np.array_equal(fewer[:, 0, 0], flat[:, BLOCK_FEATURES.index("size")])
    assert np.array_equal(fewer[:, 1, 0], flat[:, BLOCK_FEATURES.index("lines")])
    assert np.array_equal(fewer[:, 2:, 0], table[:, HEAD:, PAIR_FEATURES.index("after")])
