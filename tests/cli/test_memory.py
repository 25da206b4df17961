"""Memory that the command does not need any more."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from leggio.cli.memory import give_back_memory

# Arrays like those of pages: the last one that is kept lies over all that were freed.
_WORK = """
import numpy as np
from leggio.cli.memory import give_back_memory
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
give_back_memory()
np.ones(4_000_000, np.uint8)
before = held()
arrays = [np.ones(4_000_000, np.uint8) for _ in range(50)]
del arrays[:-1]
print(held() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_freed_arrays_leave_the_process() -> None:
    assert give_back_memory()
    done = subprocess.run([sys.executable, "-c", _WORK], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20_000_000


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not give_back_memory()
