"""Memory that is not needed any more goes back to the system. In: nothing. Out: whether it will."""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD = -3  # the parameter's number in glibc's malloc.h
_LARGE = 1 << 20  # bytes from which on memory is asked of the system, and given back, by itself


def give_back_memory() -> bool:
    """Have large arrays leave the process when they are freed; whether the C library can be told so.

    That of Linux (glibc) raises the size from which it does so each time that such an array is freed, and then holds on
    to pieces: 14 scans in one go held 1.1 GB at most, so 0.74 GB.
    """
    if not sys.platform.startswith("linux"):
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    return set_option is not None and bool(set_option(_MMAP_THRESHOLD, _LARGE))
