"""A small net, a small recipe and a few small pages: training in seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from leggio.net import Cut
from leggio.synth.engrave import Layout, engrave
from leggio.synth.sample import Sample, save_sample
from leggio.train.crops import class_weights, cut_crop, prepare
from leggio.train.nets import WatershedDetector
from leggio.train.recipe import Architecture, Crops, Heads, Optimizer, Recipe, Schedule, Sizes
from leggio.train.symbols import CLASSES, INKS, Batch

SMALL = Recipe(
    name="small",
    architecture=Architecture((8, 12, 16, 24), deep_blocks=1, class_width=16),
    crops=Crops(size=96),
    schedule=Schedule(steps=40, warmup=2, cooldown=4, batch=2, checkpoint=3, watch=5),
)
PAPER = replace(
    SMALL,
    name="paper",
    heads=Heads(energy_levels=20, boxes=Sizes.LINEAR, smoothing=0.0, cut=Cut.COMPONENTS),
    schedule=replace(SMALL.schedule, optimizer=Optimizer.RMSPROP, weight_decay=0.0),
)

# Two bars with quarters, an eighth and a half: heads, stems, a flag, a dot, an accidental, a rest.
MUSIC = """<score-partwise version="4.0">
  <part-list><score-part id="P1"><part-name/></score-part></part-list>
  <part id="P1"><measure number="1">
    <attributes><divisions>2</divisions><key><fifths>1</fifths></key>
      <time><beats>4</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>
    <note><pitch><step>G</step><octave>4</octave></pitch><duration>3</duration><type>quarter</type><dot/></note>
    <note><pitch><step>A</step><octave>4</octave></pitch><duration>1</duration><type>eighth</type></note>
    <note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>2</duration>
      <type>quarter</type><accidental>flat</accidental></note>
    <note><rest/><duration>2</duration><type>quarter</type></note>
  </measure><measure number="2">
    <note><pitch><step>D</step><octave>5</octave></pitch><duration>4</duration><type>half</type></note>
    <note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><type>half</type></note>
  </measure></part></score-partwise>"""


@pytest.fixture
def recipe() -> Recipe:
    return SMALL


@pytest.fixture
def paper() -> Recipe:
    """The paper's own form, small."""
    return PAPER


@pytest.fixture
def paper_net() -> WatershedDetector:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return WatershedDetector(PAPER.architecture, len(CLASSES), len(INKS), PAPER.heads)


@pytest.fixture
def net() -> WatershedDetector:
    torch.manual_seed(0)
    torch.set_num_threads(1)  # for so small a net, threads wait for one another longer than they work
    return WatershedDetector(SMALL.architecture, len(CLASSES), len(INKS))


@pytest.fixture(scope="session")
def sample() -> Sample:
    options = (("breaks", "none"), ("adjustPageWidth", True), ("adjustPageHeight", True), ("header", "none"))
    return next(engrave(MUSIC.encode(), Layout(options=options)))


@pytest.fixture
def samples(sample: Sample, tmp_path: Path) -> Path:
    """A folder of two pages."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for number in range(2):
        save_sample(sample, folder / f"{number:06d}")
    return folder


@pytest.fixture(scope="session")
def batch(sample: Sample) -> Batch:
    """Two crops with their targets."""
    page = prepare(sample)
    weights = class_weights([page])
    rng = np.random.default_rng(2)
    crops = zip(*(cut_crop(page, SMALL.crops, weights, rng) for _ in range(2)), strict=True)
    image, energy, ink, classes, boxes = (torch.from_numpy(np.stack(arrays)) for arrays in crops)
    return Batch(image, energy, ink, classes.long(), boxes)
