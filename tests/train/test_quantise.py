"""A net in bytes says nearly what it said before, in less room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from leggio.errors import InputError
from leggio.net import load_net
from leggio.synth.sample import Sample
from leggio.train.export import export, make_card
from leggio.train.nets import WatershedDetector
from leggio.train.quantise import cut_crops, quantise
from leggio.train.recipe import Recipe

pytestmark = pytest.mark.train


def test_a_net_in_bytes_says_nearly_what_it_said(
    net: WatershedDetector, recipe: Recipe, sample: Sample, tmp_path: Path
) -> None:
    whole, in_bytes = tmp_path / "net.onnx", tmp_path / "bytes.onnx"
    export(net, make_card(recipe, {}), whole)
    quantise(whole, [sample] * 4, in_bytes)
    before, after = load_net(whole), load_net(in_bytes)
    assert after.card == before.card
    assert in_bytes.stat().st_size < whole.stat().st_size
    (crop,) = cut_crops([sample], before.card.space, before.card.stride)
    wanted, found = before(crop), after(crop)
    assert [(a.shape, a.dtype) for a in found] == [(a.shape, a.dtype) for a in wanted]
    for a, b, near in zip(
        wanted[:2], found[:2], (0.02, 4), strict=True
    ):  # of energy in [0, 1] and of ink in bytes
        difference = np.abs(np.subtract(a, b, dtype=np.float64))
        assert 0 < difference.max() < near


def test_what_is_no_net_of_ours_is_named(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no net at all")
    with pytest.raises(InputError, match=r"broken\.onnx"):
        quantise(tmp_path / "broken.onnx", [sample], tmp_path / "bytes.onnx")
