"""Teach a net how sure it may be. In: an ONNX file and pages that it never learned from. Out: the same net, its card
with a scale of confidence.

The pages are laid askew and aged first, for that is how pages come; what is found on them is held against the truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from leggio.evaluate.calibrate import fit_scale
from leggio.evaluate.detect import look
from leggio.evaluate.match import PageThings, match_things, name_symbols
from leggio.music.read import Nets
from leggio.net import Card, load_net
from leggio.page import Page
from leggio.synth.sample import Sample
from leggio.synth.scan import scan_sample
from leggio.train.export import write_card

_SEED = 40_412


def calibrate(path: Path, samples: Iterable[Sample], *, aged: bool = True) -> Card:
    """Write a new scale of confidence into the card of the net at `path`, and give the card.

    `samples` are pages that the net has not learned from; they are used as they are where `aged` is not wanted. Raises
    ValueError when nothing was found on them, InputError when the file is no net of ours.
    """
    net = load_net(path)
    bare = replace(net, card=replace(net.card, confidence=()))
    outcomes: list[tuple[float, bool]] = []
    for number, sample in enumerate(samples):
        page = age(sample, number) if aged else sample
        answer = look(Page(page.image, f"page {number}"), Nets(bare))
        things = PageThings(name_symbols(page.truth.symbols), name_symbols(answer.symbols), page.truth.space)
        hits = match_things(things.truth, things.found, things.space)
        outcomes += [
            (found.confidence, hit is not None) for found, hit in zip(things.found, hits, strict=True)
        ]
    card = replace(net.card, confidence=fit_scale(outcomes))
    write_card(path, card, path)
    return card


def age(sample: Sample, number: int) -> Sample:
    """A page as it comes from a scanner, always the same for the same number."""
    return scan_sample(sample, np.random.default_rng([_SEED, number]))
