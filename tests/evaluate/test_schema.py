"""The official schema is at hand without a network, and says what is wrong and where."""

from __future__ import annotations

from importlib.machinery import ModuleSpec

import pytest

from leggio.errors import MissingExtra
from leggio.evaluate import schema
from leggio.evaluate.schema import schema_errors

SCORE = b"""<score-partwise version="4.0">
<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>
<part id="P1"><measure number="1"><note><rest/><duration>4</duration></note></measure></part>
</score-partwise>"""


def test_a_valid_score_has_no_errors() -> None:
    assert schema_errors(SCORE) == []


def test_an_error_says_its_line() -> None:
    (error,) = schema_errors(SCORE.replace(b"<duration>4<", b"<duration>0<"))
    assert error.startswith("line 3: ")
    assert "duration" in error


def test_elements_in_the_wrong_order_are_errors() -> None:
    assert schema_errors(SCORE.replace(b"<rest/><duration>4</duration>", b"<duration>4</duration><rest/>"))


@pytest.mark.parametrize("data", [b"", b"no score", b"<html/>", SCORE[:100]])
def test_what_is_no_musicxml_has_errors(data: bytes) -> None:
    assert schema_errors(data)


def test_without_its_package_the_schema_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(name: str) -> ModuleSpec | None:
        return None

    schema._load_schema.cache_clear()
    monkeypatch.setattr(schema, "find_spec", find_nothing)
    with pytest.raises(MissingExtra, match="pip install"):
        schema_errors(SCORE)
