"""What all tests share. Everything below tests/train needs torch and is marked so."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(TESTS / "train"):
            item.add_marker("train")


@pytest.fixture(scope="session")
def example() -> Path:
    """A page that can be read."""
    return TESTS.parent / "examples" / "forelle.png"
