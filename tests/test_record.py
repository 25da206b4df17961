"""Records survive the way through JSON, and wrong JSON is refused by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leggio.errors import LeggioError
from leggio.geometry import Box
from leggio.music.events import Event, NoteType, Pitch
from leggio.music.notation import Staff, Symbol, SymbolKind, System
from leggio.music.score import Bar, Clef, Part, Score, Time
from leggio.record import from_json, to_json


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    size: tuple[int, float]
    colour: Colour = Colour.RED
    scale: float | None = None


CARD = Card("net", (3, 0.5), Colour.BLUE)


def through_text(record: object) -> object:
    return from_json(type(record), json.loads(json.dumps(to_json(record), allow_nan=False)))


# Hypothesis draws scores of any shape straight from the type hints; only the fractions are kept small.
st.register_type_strategy(Fraction, st.fractions(min_value=0, max_value=4, max_denominator=64))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(st.from_type(Event))
def test_an_event_survives_json(event: Event) -> None:
    assert through_text(event) == event


@SOME
@given(st.from_type(Bar))
def test_a_bar_survives_json(bar: Bar) -> None:
    assert through_text(bar) == bar


# Left to the type hints alone, a score outgrows what Hypothesis will draw: few parts of few bars do.
FEW_BARS = st.lists(st.from_type(Bar), max_size=2).map(tuple)
FEW_PARTS = st.lists(st.builds(Part, st.text(), st.text(), st.integers(), FEW_BARS), max_size=2).map(tuple)
TITLES = st.none() | st.text()


@SOME
@given(st.builds(Score, FEW_PARTS, TITLES, TITLES))
def test_a_score_survives_json(score: Score) -> None:
    assert through_text(score) == score


@SOME
@given(st.from_type(System))
def test_a_system_with_its_nested_tuples_survives_json(system: System) -> None:
    assert through_text(system) == system


@SOME
@given(st.from_type(Symbol))
def test_a_symbol_survives_json(symbol: Symbol) -> None:
    assert through_text(symbol) == symbol


def test_a_fraction_is_written_as_a_string() -> None:
    assert to_json(Fraction(3, 8)) == "3/8"
    assert to_json(Fraction(2)) == "2/1"


def test_an_enum_is_written_by_its_value() -> None:
    assert to_json(Symbol(1, SymbolKind.CLEF_G, Box(0, 0, 1, 2), 0.5)) == {
        "id": 1,
        "kind": "clefG",
        "box": {"x0": 0, "y0": 0, "x1": 1, "y1": 2},
        "confidence": 0.5,
    }


def test_a_tuple_of_records_is_written_as_an_array() -> None:
    assert to_json((Pitch("C", 1, 4), None)) == [{"step": "C", "alter": 1, "octave": 4}, None]


def test_a_whole_number_is_read_as_a_float_where_one_is_wanted() -> None:
    card = from_json(Card, {"name": "net", "size": [3, 1], "scale": 2})
    assert card == Card("net", (3, 1.0), scale=2.0)
    assert isinstance(card.size[1], float)


def test_a_key_left_out_takes_its_default() -> None:
    assert from_json(Card, {"name": "net", "size": [3, 1.5]}).colour is Colour.RED


def test_an_unknown_key_is_named_with_the_keys_there_are() -> None:
    with pytest.raises(LeggioError, match=r"Time has no beat_typ: .* one of beats, beat_type, symbol"):
        from_json(Time, {"beats": 3, "beat_typ": 4})


def test_a_missing_key_is_named() -> None:
    with pytest.raises(LeggioError, match=r"Card lacks name, size"):
        from_json(Card, {})


def test_a_fault_far_inside_is_named_with_its_place() -> None:
    data = to_json(Score(parts=()))
    assert isinstance(data, dict)
    data["parts"] = [{"id": "P1", "name": "", "staves": "two", "bars": []}]
    with pytest.raises(LeggioError, match=r"Score\.parts\[0\]\.staves should be a whole number, not 'two'"):
        from_json(Score, data)


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("name", 3, "a string"),
        ("name", None, "a string"),
        ("size", [True, 1.0], "a whole number"),
        ("size", [1], "an array of 2"),
        ("size", 4, "an array"),
        ("colour", 7, "one of 1, 2"),
        ("scale", "wide", "a number"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(key: str, value: object, wanted: str) -> None:
    data = to_json(CARD)
    assert isinstance(data, dict)
    with pytest.raises(LeggioError, match=f"Card.{key}.* should be {wanted}"):
        from_json(Card, {**data, key: value})


@pytest.mark.parametrize("value", ["three", "1/0", None, [1]])
def test_a_broken_fraction_is_refused(value: object) -> None:
    with pytest.raises(LeggioError, match=r"onset should be a fraction such as 3/8"):
        from_json(
            Event, {"onset": value, "duration": "1/4", "kind": NoteType.QUARTER.value, "voice": 1, "staff": 1}
        )


def test_something_else_than_an_object_is_refused() -> None:
    with pytest.raises(LeggioError, match=r"Clef should be an object, not \['G', 2\]"):
        from_json(Clef, ["G", 2])


def test_what_no_record_can_hold_is_a_slip_of_the_programmer() -> None:
    with pytest.raises(TypeError, match="a record cannot hold a set"):
        to_json((1, {2}))


def test_a_property_is_not_written() -> None:
    staff = Staff(0, 0, 0, (0.0, 9.0), ((1.0, 1.0),) * 5, 10.0)
    written = to_json(staff)
    assert isinstance(written, dict)
    assert "box" not in written
