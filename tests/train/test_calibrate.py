"""A net learns how sure it may be, and its card keeps it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from leggio.evaluate.detect import look
from leggio.music.read import Nets
from leggio.net import WEIGHTS, load_net
from leggio.page import Page
from leggio.synth.sample import Sample
from leggio.train.calibrate import age, calibrate

pytestmark = pytest.mark.train


def test_the_card_gets_a_scale_that_the_reader_uses(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    shutil.copy(WEIGHTS / "symbols.onnx", path)
    card = calibrate(path, [sample], aged=False)
    net = load_net(path)
    assert net.card == card
    assert len(card.confidence) >= 2
    sure = look(Page(sample.image, "page"), Nets(net)).symbols
    bare = look(Page(sample.image, "page"), Nets(replace(net, card=replace(card, confidence=())))).symbols
    xs, ys = zip(*card.confidence, strict=True)
    assert [s.confidence for s in sure] == pytest.approx([np.interp(s.confidence, xs, ys) for s in bare])


def test_a_second_scale_is_not_fitted_on_top_of_the_first(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    shutil.copy(WEIGHTS / "symbols.onnx", path)
    first = calibrate(path, [sample], aged=False)
    assert calibrate(path, [sample], aged=False).confidence == first.confidence


def test_a_page_ages_alike_every_time(sample: Sample) -> None:
    assert np.array_equal(age(sample, 3).image, age(sample, 3).image)
    assert not np.array_equal(age(sample, 3).image, age(sample, 4).image)
