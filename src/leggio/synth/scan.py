"""A page as it comes from a scanner. In: a clean sample. Out: the page askew and aged, its truth moved along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leggio.synth.degrade import degrade
from leggio.synth.sample import Sample
from leggio.synth.warp import draw_warp, warp_sample


def scan_sample(sample: Sample, rng: np.random.Generator) -> Sample:
    """Lay the page askew, then scan it; the same generator state gives the same scan."""
    shape = (sample.image.shape[0], sample.image.shape[1])
    space = sample.truth.space
    crooked = warp_sample(sample, draw_warp(shape, space, rng))
    return replace(crooked, image=degrade(crooked.image, rng, space))
