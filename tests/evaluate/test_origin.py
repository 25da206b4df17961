"""Where a figure comes from."""

from __future__ import annotations

import re

from leggio.evaluate.origin import commit, machine


def test_the_machine_is_a_processor_with_a_number_of_cores() -> None:
    assert re.fullmatch(r".+, \d+ cores", machine())


def test_the_commit_is_a_hash_or_unknown() -> None:
    found = commit()
    assert found is None or re.fullmatch(r"[0-9a-f]{40}(-changed)?", found)
