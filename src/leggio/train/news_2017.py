"""The network of 2017: its targets and its loss. In: a page with known articles, the net's answer. Out: arrays, a loss.

All sizes are those of the paper (Meier et al., ICDAR 2017).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from leggio.news.layout import NewsTruth
from leggio.news.views import Frame
from leggio.train.news import Labels, Plane, label_articles

SHRUNK = 2  # net pixels that an article loses all around, so that neighbours do not touch
KNOWN = 3.0  # net pixels around a label of a partly labelled page that are left; all further is painted white
BACKGROUND_WEIGHT = (
    1.8  # what a pixel of background counts, as articles that grow together are worse than holes
)


class Batch(NamedTuple):
    """`image` (batch, 2, 256, 256) with 1 = ink, and `background` (batch, 1, 256, 256): 0 in articles, else 1."""

    image: Tensor
    background: Tensor


def draw_background(truth: NewsTruth, frame: Frame) -> Plane:
    """(1, height, width): 1 on paper and along the borders of articles, 0 in articles."""
    return (~shrink_articles(label_articles(truth, frame)))[None].astype(np.float32)


def shrink_articles(labels: Labels) -> NDArray[np.bool_]:
    """The cells of articles that are more than `SHRUNK` cells from anything that is not the same article."""
    around = np.ones((2 * SHRUNK + 1, 2 * SHRUNK + 1), np.uint8)
    values = labels.astype(np.float32)
    alike = cv2.erode(values, around) == cv2.dilate(values, around)
    return np.asarray((labels > 0) & alike, np.bool_)


def whiten_unknown(views: Plane, truth: NewsTruth, frame: Frame) -> Plane:
    """The views of a partly labelled page without what is far from a label: it may be an article or not."""
    away = cv2.distanceTransform((label_articles(truth, frame) == 0).astype(np.uint8), cv2.DIST_L2, 5)
    return np.where(away > KNOWN, np.float32(0), views).astype(np.float32)


def losses(logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Binary cross-entropy; a pixel of background weighs more than one of an article."""
    weight = 1 + batch.background * (BACKGROUND_WEIGHT - 1)
    return {"background": F.binary_cross_entropy_with_logits(logits.float(), batch.background, weight)}
