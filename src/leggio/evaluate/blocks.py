"""What measuring the articles of newspapers starts from; the command line shows it without loading anything else."""

from __future__ import annotations

from enum import StrEnum


class Blocks(StrEnum):
    """What the reader starts from: the true blocks, the same without their kinds, the true lines, or the picture."""

    TRUTH = "truth"
    BARE = "bare"
    LINES = "lines"
    IMAGE = "image"
