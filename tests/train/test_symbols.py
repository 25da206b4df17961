"""The targets mark each symbol where it stands, and the losses say how far the answers are from them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leggio.music.notation import StrokeKind, SymbolKind
from leggio.train.nets import Maps
from leggio.train.recipe import Crops, Heads, Sizes
from leggio.train.symbols import CLASSES, INKS, Batch, draw_markers, losses, quantise

CROPS = Crops(size=96)
OURS = Heads()
PAPERS = Heads(energy_levels=20, boxes=Sizes.LINEAR, smoothing=0.0)
RADIUS = CROPS.marker * CROPS.space  # 6 px
Places = list[tuple[float, float]]


def draw(
    places: Places, kinds: list[int] | None = None, sizes: Places | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    centres = np.array(places, np.float64).reshape(-1, 2)
    large = np.array(sizes or [(1.0, 1.0)] * len(places), np.float32).reshape(-1, 2)
    return draw_markers(centres, large, np.array(kinds or [7] * len(places), np.int64), CROPS)


def test_nothing_stands_on_an_empty_crop() -> None:
    energy, classes, boxes = draw([])
    assert energy.shape == (48, 48)
    assert classes.shape == (24, 24)
    assert boxes.shape == (2, 24, 24)
    assert not energy.any()
    assert (classes == -1).all()


def test_energy_is_highest_at_the_centre_and_gone_at_the_radius() -> None:
    energy, _, _ = draw([(41.0, 61.0)])  # the middle of the cell in column 20, row 30
    assert energy[30, 20] == 1.0
    assert energy.max() == 1.0
    assert energy[30, 21] == pytest.approx(1 - 2 / RADIUS, abs=1e-4)
    assert energy[30, 24] == 0.0
    rows, columns = np.nonzero(energy)
    assert np.hypot(rows * 2 + 1 - 61, columns * 2 + 1 - 41).max() < RADIUS


def test_class_and_size_are_said_around_the_centre_only() -> None:
    _, classes, boxes = draw([(42.0, 62.0)], kinds=[5], sizes=[(1.5, 3.0)])
    assert classes[15, 10] == 5
    assert boxes[:, 15, 10] == pytest.approx([math.log(1.5), math.log(3.0)])
    rows, columns = np.nonzero(classes >= 0)
    assert np.hypot(rows * 4 + 2 - 62, columns * 4 + 2 - 42).max() < RADIUS


def test_the_marker_of_class_and_size_may_be_larger_than_that_of_energy() -> None:
    crops = Crops(size=96, class_marker=0.8)
    one = np.array([[42.0, 62.0]])
    energy, classes, boxes = draw_markers(one, np.ones((1, 2), np.float32), np.array([5]), crops)
    assert np.array_equal(energy, draw([(42.0, 62.0)])[0])
    assert classes[15, 12] == 5  # 8 px from the centre, beyond the 6 px of the energy
    assert classes[15, 13] == -1
    assert boxes[:, 15, 12] == pytest.approx([0.0, 0.0])


def test_twenty_levels_run_from_the_edge_of_a_marker_to_its_centre() -> None:
    # A marker of 10 px, cut along the row of its centre, which lies on the middle of a cell of 2 px.
    crops = Crops(size=96, space=10.0, marker=1.0)
    energy, _, _ = draw_markers(np.array([[41.0, 61.0]]), np.ones((1, 2), np.float32), np.array([7]), crops)
    levels = quantise(torch.from_numpy(energy[None, None]), 20)
    assert levels.shape == (1, 48, 48)
    # energies 0, 0.2, 0.4, 0.6, 0.8, 1 and back, times the highest level, 19
    assert levels[0, 30, 15:26].tolist() == [0, 4, 8, 11, 15, 19, 15, 11, 8, 4, 0]
    assert int(levels[0, 40:].max()) == 0


def test_where_markers_overlap_energy_is_the_larger_and_the_class_the_nearer_one() -> None:
    both, classes, _ = draw([(41.0, 41.0), (47.0, 41.0)], kinds=[1, 2])
    left, right = draw([(41.0, 41.0)])[0], draw([(47.0, 41.0)])[0]
    assert np.array_equal(both, np.maximum(left, right))
    assert classes[10, 9] == 1
    assert classes[10, 12] == 2


def test_the_order_of_symbols_does_not_matter() -> None:
    places, kinds = [(41.0, 41.0), (45.5, 43.0), (48.0, 40.0)], [1, 2, 3]
    for first, second in zip(draw(places, kinds), draw(places[::-1], kinds[::-1]), strict=True):
        assert np.array_equal(first, second)


@given(st.lists(st.tuples(st.floats(-20, 116), st.floats(-20, 116)), max_size=6))
@settings(deadline=None)
def test_markers_may_lie_on_the_edge_or_outside(places: Places) -> None:
    energy, classes, boxes = draw(places)
    assert energy.min() >= 0
    assert energy.max() <= 1
    assert set(np.unique(classes)) <= {-1.0, 7.0}
    assert np.isfinite(boxes).all()


def test_the_classes_and_inks_are_those_of_the_reader() -> None:
    assert tuple(SymbolKind) == CLASSES
    assert set(INKS) == {"staffLine", *(kind.value for kind in StrokeKind if kind is not StrokeKind.TIE)}


# --- losses


def answer(batch: Batch, certainty: float) -> Maps:
    """The maps of a net that knows the targets; `certainty` is the logit of what is sure."""
    energy = torch.logit(batch.energy.clamp(1e-4, 1 - 1e-4))
    classes = torch.zeros(len(batch.classes), len(CLASSES), *batch.classes.shape[1:])
    classes.scatter_(1, batch.classes.clamp(min=0)[:, None], certainty)
    return Maps(energy, (batch.ink * 2 - 1) * certainty, classes, batch.boxes.clone())


def test_right_answers_cost_less_than_wrong_ones(batch: Batch) -> None:
    good = losses(answer(batch, 8.0), batch, OURS)
    bad = losses(answer(batch, -8.0), batch, OURS)
    assert good["energy"] < 1e-4
    assert good["box"] < 1e-6
    assert good["class"] < bad["class"] / 10
    assert good["ink"] < bad["ink"] / 3
    shifted = answer(batch, 8.0)._replace(boxes=batch.boxes + 1)
    assert losses(shifted, batch, OURS)["box"] == pytest.approx(0.95, abs=1e-4)  # |1| less half of beta


def answer_in_levels(batch: Batch, certainty: float) -> Maps:
    levels = quantise(batch.energy, 20)
    energy = torch.zeros(len(levels), 20, *levels.shape[1:]).scatter_(1, levels[:, None], certainty)
    return answer(batch, certainty)._replace(energy=energy, boxes=batch.boxes.exp())


def test_the_papers_losses_are_cross_entropy_of_levels_and_squared_error_of_sizes(batch: Batch) -> None:
    good = losses(answer_in_levels(batch, 12.0), batch, PAPERS)
    assert good["energy"] < 1e-3
    assert good["class"] < 1e-2
    assert good["box"] < 1e-9
    undecided = losses(answer_in_levels(batch, 0.0), batch, PAPERS)
    assert undecided["energy"] == pytest.approx(math.log(20))
    too_wide = answer_in_levels(batch, 12.0)._replace(
        boxes=batch.boxes.exp() + torch.tensor([2.0, 0.0])[:, None, None]
    )
    assert losses(too_wide, batch, PAPERS)["box"] == pytest.approx(2.0, rel=1e-4)  # (2 squared + 0) / 2


def test_only_what_stands_inside_markers_counts_for_class_and_box(batch: Batch) -> None:
    maps = answer(batch, 8.0)
    outside = (batch.classes < 0)[:, None]
    spoiled = maps._replace(
        classes=torch.where(outside, torch.randn_like(maps.classes), maps.classes),
        boxes=torch.where(outside, torch.randn_like(maps.boxes), maps.boxes),
    )
    wanted, found = losses(maps, batch, OURS), losses(spoiled, batch, OURS)
    assert found["class"] == wanted["class"]
    assert found["box"] == wanted["box"]


def test_a_batch_without_symbols_has_losses_too(batch: Batch) -> None:
    empty = batch._replace(energy=batch.energy * 0, classes=torch.full_like(batch.classes, -1))
    for maps, heads in ((answer(batch, 8.0), OURS), (answer_in_levels(batch, 8.0), PAPERS)):
        values = losses(maps, empty, heads)
        assert all(math.isfinite(value) for value in values.values())
        assert values["class"] == values["box"] == 0
