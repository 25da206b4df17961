"""The shipped net: its card says what its caller must know, and it answers as the card says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from leggio.errors import InputError
from leggio.music.notation import StrokeKind, SymbolKind
from leggio.net import WEIGHTS, Card, Net, load_net
from leggio.record import from_json


@pytest.fixture(scope="module")
def net() -> Net:
    return load_net(WEIGHTS / "symbols.onnx", threads=1)


def test_the_shipped_net_knows_the_symbols_and_the_ink_of_the_reader(net: Net) -> None:
    assert set(net.card.classes) <= {kind.value for kind in SymbolKind}
    known = {kind.value for kind in StrokeKind if kind is not StrokeKind.TIE}  # a tie is slur ink
    assert known | {"staffLine"} == set(net.card.inks)


def test_the_shipped_net_tells_chances(net: Net) -> None:
    raw, chances = zip(*net.card.confidence, strict=True)
    assert list(raw) == sorted(raw)
    assert list(chances) == sorted(chances)
    assert (raw[0], raw[-1]) == (0.0, 1.0)


def test_the_shipped_net_says_how_it_was_trained_and_under_which_licence(net: Net) -> None:
    assert "CC0" in net.card.licence
    assert json.loads(net.card.recipe)["name"] == net.card.name
    assert net.card.space > 0


@pytest.mark.parametrize(("high", "wide"), [(4, 6), (10, 3), (1, 1)])
def test_the_shipped_net_answers_pages_of_every_size(net: Net, high: int, wide: int) -> None:
    stride = net.card.stride
    page = np.zeros((1, 1, high * stride, wide * stride), np.float32)
    half, quarter = (high * stride // 2, wide * stride // 2), (high * stride // 4, wide * stride // 4)
    answers = net(page)
    assert [answer.shape for answer in answers] == [
        (1, 1, *half), (1, len(net.card.inks), *half), (1, len(net.card.classes), *quarter), (1, 2, *quarter),
    ]  # fmt: skip
    assert [answer.dtype.name for answer in answers] == ["float32", "uint8", "uint8", "float32"]


def test_strips_that_are_looked_at_together_are_seen_as_each_alone() -> None:
    net = load_net(WEIGHTS / "symbols.onnx", threads=2, at_once=2)
    rng = np.random.default_rng(5)
    strips = [rng.random((1, 1, 64, 16 * wide)).astype(np.float32) for wide in (3, 7, 2)]
    for strip, together in zip(strips, net.run_each(strips), strict=True):
        for alone, answer in zip(net(strip), together, strict=True):
            np.testing.assert_array_equal(answer, alone)


def test_an_empty_page_has_no_symbols(net: Net) -> None:
    energy, *_ = net(np.zeros((1, 1, 128, 128), np.float32))
    assert float(energy.astype(np.float32).max()) < 0.3


def test_a_card_comes_back_from_its_text() -> None:
    card = Card("n", ("clefG",), ("stem",), 14.0, 16, "CC0", measured='{"step": 3.0}')
    assert from_json(Card, json.loads(card.to_text())) == card


@pytest.mark.parametrize("data", [b"", b"no net at all"])
def test_a_file_that_is_no_net_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(data)
    with pytest.raises(InputError, match=r"broken\.onnx"):
        load_net(tmp_path / "broken.onnx")


def test_a_net_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.onnx"):
        load_net(tmp_path / "nowhere.onnx")


def test_the_net_for_handwriting_says_what_it_learned_from_and_under_which_licence() -> None:
    card = load_net(WEIGHTS / "hand.onnx", threads=1).card
    assert "MUSCIMA++" in card.licence
    assert "CC BY-NC-SA" in card.licence
    assert set(card.classes) <= {kind.value for kind in SymbolKind}
