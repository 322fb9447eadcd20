"""Contract types to and from JSON, strictly: an unknown field or a wrong type is an error by name."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ContractError(ValueError):
    """What arrived is not what the contract says; the message names the field."""


def dump(value: Any) -> Any:
    """A contract value as plain JSON types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): dump(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    return value


def load(kind: type[T], value: Any, *, at: str = "$") -> T:
    """`value` (plain JSON types) as `kind`; raises ContractError naming the place that is wrong."""
    return cast(T, _load(kind, value, at))


def _load(kind: Any, value: Any, at: str) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return _load_dataclass(kind, value, at)
    origin = get_origin(kind)
    if origin is tuple:
        _expect(isinstance(value, list), at, "a list", value)
        item = get_args(kind)[0]
        return tuple(_load(item, each, f"{at}[{n}]") for n, each in enumerate(value))
    if origin is dict:
        _expect(isinstance(value, dict), at, "an object", value)
        item = get_args(kind)[1]
        return {str(key): _load(item, each, f"{at}.{key}") for key, each in value.items()}
    if origin in (Union, types.UnionType):
        choices = [choice for choice in get_args(kind) if choice is not types.NoneType]
        return None if value is None else _load(choices[0], value, at)
    return _load_scalar(getattr(kind, "__supertype__", kind), value, at)


def _load_dataclass(kind: Any, value: Any, at: str) -> Any:
    _expect(isinstance(value, dict), at, "an object", value)
    hints = get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    for name in value:
        _expect(name in known, f"{at}.{name}", "a known field", name)
    for name, f in known.items():
        optional = f.default is not MISSING or f.default_factory is not MISSING
        _expect(name in value or optional, f"{at}.{name}", "present", None)
    try:
        return kind(**{name: _load(hints[name], each, f"{at}.{name}") for name, each in value.items()})
    except ContractError:
        raise
    except ValueError as error:
        raise ContractError(f"{at}: {error}") from error


def _load_scalar(kind: Any, value: Any, at: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError as error:
            raise ContractError(f"{at}: {value!r} is not one of {[each.value for each in kind]}") from error
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    is_kind = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    _expect(is_kind, at, f"of type {kind.__name__}", value)
    _expect(not isinstance(value, str) or _is_storable(value), at, "text without NUL or half a surrogate pair", "…")
    return value


def _is_storable(text: str) -> bool:
    # JSON can carry both, a database neither.
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _expect(condition: bool, at: str, what: str, value: Any) -> None:
    if not condition:
        raise ContractError(f"{at}: expected to be {what}, got {str(value)[:60]!r}")
