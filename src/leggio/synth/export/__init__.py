"""Samples in the formats of other people's programs: COCO and DeepScoresV2, MuNG, pictures of classes."""

from __future__ import annotations

from enum import Enum


class ExportFormat(Enum):
    """What a folder of samples can be turned into; the value is the word on the command line."""

    COCO = "coco"
    MUNG = "mung"
    MASKS = "masks"
