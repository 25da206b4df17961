"""Write a file whole or not at all."""

from __future__ import annotations

import glob
import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` into `path`: under its final name a file is complete, even if the machine stops on the way.

    The bytes go into a hidden file of the same folder first, which then takes the place of `path` in one step. The
    folder must exist. Raises OSError.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sweep_parts(path: Path) -> None:
    """Remove what processes that were killed while they wrote `path` have left; nobody else may be writing it now."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        part.unlink(missing_ok=True)
