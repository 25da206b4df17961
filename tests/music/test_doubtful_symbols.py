"""Symbols that the net doubts make a bar doubtful: heads, flags and accidentals, not rests."""

from __future__ import annotations

import math

import pytest
from tests.music.quarters import height, melody, scene, x_of

from leggio.geometry import Box
from leggio.music.doubtful_symbols import find_doubtful_symbols
from leggio.music.notation import HEADS, Symbol, SymbolKind
from leggio.music.trouble import Evidence, Sign

SCENE = scene(melody(0, 1, 2, 3, 4, 5, 6, 7))


def symbol(number: int, chance: float, kind: SymbolKind = SymbolKind.HEAD_BLACK) -> Symbol:
    """A symbol at a note; a head is that note's own, others have ids that end in 5."""
    x, y = x_of(number), height(number)
    return Symbol(
        10 * number + (0 if kind in HEADS else 5), kind, Box(x - 12, y - 10, x + 12, y + 10), chance
    )


def told(*symbols: Symbol) -> dict[Sign, Evidence]:
    return {evidence.sign: evidence for evidence in find_doubtful_symbols(SCENE, symbols)}


def test_a_page_that_the_net_is_sure_of_is_no_doubt() -> None:
    assert told(*(symbol(number, 1.0) for number in range(8))) == {}


def test_the_least_sure_head_of_a_bar_may_be_no_note() -> None:
    found = told(symbol(4, 0.8), symbol(5, 0.3), symbol(6, 0.99))[Sign.HEAD]
    assert (found.place, found.ink) == (1, (50,))
    assert found.amount > told(symbol(5, 0.5))[Sign.HEAD].amount


def test_all_heads_that_are_doubted_are_told_together() -> None:
    found = told(symbol(4, 0.8), symbol(5, 0.3))[Sign.UNSURE]
    assert found.reason == "hard to see: 2 note head"
    assert found.amount == pytest.approx(math.log1p(-math.log(0.8) - math.log(0.3)))


def test_an_accidental_that_is_doubted_is_told() -> None:
    found = told(symbol(2, 0.4, SymbolKind.SHARP))[Sign.ACCIDENTAL]
    assert (found.place, found.reason) == (0, "hard to see: accidental")


def test_how_sure_a_rest_is_tells_nothing() -> None:
    assert set(told(symbol(2, 0.4, SymbolKind.REST_QUARTER))) <= {Sign.LOOSE}
