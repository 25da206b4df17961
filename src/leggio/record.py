"""Frozen dataclass <-> JSON, once. In goes a record, out come the dicts, lists and scalars of `json`.

| in the record              | in JSON                                                             |
|----------------------------|---------------------------------------------------------------------|
| dataclass                  | object, a key for each field                                        |
| tuple[X, ...], tuple[X, Y] | array                                                               |
| Enum                       | its value                                                           |
| Fraction                   | string, "3/8"                                                       |
| X or None                  | X or null                                                           |
| float, int, str, bool      | the same                                                            |

`from_json(type(record), to_json(record)) == record`. What comes from outside may be wrong, so reading
raises a `LeggioError` that names the place; a record that holds any other type is a slip of the programmer,
a `TypeError`.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias, TypeVar

from leggio.errors import LeggioError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
T = TypeVar("T")

_SCALARS: dict[type, tuple[str, tuple[type, ...]]] = {
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (float, int)),  # JSON does not tell 1.0 from 1
    str: ("a string", (str,)),
}


def to_json(record: object) -> Json:
    """The JSON form of a record, a tuple of records or one value. Raises TypeError for any other type."""
    if isinstance(record, Enum):
        return to_json(record.value)
    if record is None or isinstance(record, bool | int | float | str):
        return record
    if isinstance(record, Fraction):
        return f"{record.numerator}/{record.denominator}"
    if isinstance(record, tuple):
        return [to_json(value) for value in record]
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {name: to_json(getattr(record, name)) for name in _field_types(type(record))}
    raise TypeError(f"a record cannot hold a {type(record).__name__}")


def from_json(cls: type[T], data: object) -> T:
    """The record of type `cls` that `data`, the output of `json.load` or `tomllib.load`, describes.

    Raises LeggioError for an unknown key, a missing one that has no default, and a value of the wrong type.
    """
    return typing.cast("T", _read(cls, data, cls.__name__))


@cache
def _field_types(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.init}


@cache
def _required(cls: type) -> frozenset[str]:
    missing = dataclasses.MISSING
    fields = (field for field in dataclasses.fields(cls) if field.init)
    return frozenset(f.name for f in fields if f.default is missing and f.default_factory is missing)


def _read(kind: Any, data: object, place: str) -> object:
    if kind in _SCALARS:
        return _read_scalar(kind, data, place)
    if dataclasses.is_dataclass(kind):
        return _read_record(typing.cast("type", kind), data, place)
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _read_tuple(typing.get_args(kind), data, place)
    if origin in (typing.Union, types.UnionType):
        return _read_optional(typing.get_args(kind), data, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _read_enum(kind, data, place)
    if kind is Fraction:
        return _read_fraction(data, place)
    raise TypeError(f"{place}: a record cannot hold {kind}")


def _read_scalar(kind: type, data: object, place: str) -> object:
    name, accepted = _SCALARS[kind]
    if not isinstance(data, accepted) or (isinstance(data, bool) and kind is not bool):
        raise _wrong(place, name, data)
    return kind(data)


def _read_record(cls: type, data: object, place: str) -> object:
    if not isinstance(data, Mapping):
        raise _wrong(place, "an object", data)
    kinds = _field_types(cls)
    if unknown := [str(key) for key in data if key not in kinds]:
        raise LeggioError(
            f"{place} has no {_listed(unknown)}: take it out, or use one of {_listed(list(kinds))}."
        )
    if missing := sorted(_required(cls) - data.keys()):
        raise LeggioError(f"{place} lacks {_listed(missing)}: put it in.")
    return cls(**{name: _read(kinds[name], value, f"{place}.{name}") for name, value in data.items()})


def _read_tuple(kinds: tuple[Any, ...], data: object, place: str) -> object:
    if not isinstance(data, list | tuple):
        raise _wrong(place, "an array", data)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise _wrong(place, f"an array of {len(kinds)}", data)
    return tuple(
        _read(kind, value, f"{place}[{i}]") for i, (kind, value) in enumerate(zip(kinds, data, strict=True))
    )


def _read_optional(kinds: tuple[Any, ...], data: object, place: str) -> object:
    others = [kind for kind in kinds if kind is not types.NoneType]
    if len(others) != 1:
        raise TypeError(f"{place}: of unions a record can hold only X | None")
    return None if data is None else _read(others[0], data, place)


def _read_enum(kind: type[Enum], data: object, place: str) -> Enum:
    for member in kind:
        if to_json(member.value) == data:
            return member
    raise _wrong(place, f"one of {_listed([str(member.value) for member in kind])}", data)


def _read_fraction(data: object, place: str) -> Fraction:
    try:
        if isinstance(data, str):
            return Fraction(data)
    except (ValueError, ZeroDivisionError):
        pass
    raise _wrong(place, "a fraction such as 3/8", data)


def _wrong(place: str, wanted: str, data: object) -> LeggioError:
    shown = repr(data) if len(repr(data)) <= 40 else f"{repr(data)[:37]}..."
    return LeggioError(f"{place} should be {wanted}, not {shown}: change it.")


def _listed(names: list[str]) -> str:
    return ", ".join(names)
