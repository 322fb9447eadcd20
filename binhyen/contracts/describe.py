"""JSON Schema of contract types, so that an API's description and its reader say the same."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

_SCALARS: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def json_schema(kind: Any) -> dict[str, Any]:
    """What `wire.load(kind, …)` takes, as JSON Schema. Raises TypeError for a type that no contract uses."""
    kind = getattr(kind, "__supertype__", kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [each.value for each in kind]}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": json_schema(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": json_schema(arguments[1])}
    if origin in (Union, types.UnionType):
        return {"anyOf": [json_schema(each) for each in arguments]}
    if kind is types.NoneType:
        return {"type": "null"}
    if kind in _SCALARS:
        return {"type": _SCALARS[kind]}
    raise TypeError(f"no contract holds {kind!r}")


def _object(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        "type": "object",
        "properties": {each.name: json_schema(hints[each.name]) for each in fields(kind)},
        "required": [each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING],
        "additionalProperties": False,
    }
