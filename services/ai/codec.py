"""Frozen dataclasses to JSON-able values and back, checked against their type hints."""

import types
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: object) -> Any:
    """`value` as dicts, lists, strings, numbers, booleans and None. Raises TypeError for anything else."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(kind: type[T], value: Any) -> T:
    """Builds `kind` from what `to_json` made. Raises ValueError when the value does not fit."""
    try:
        built = _build(kind, value)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error
    return built  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _hints(kind: Any) -> Mapping[str, Any]:
    origin = get_origin(kind) or kind
    hints = get_type_hints(origin)
    bound = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=False))
    return {name: bound.get(hint, hint) for name, hint in hints.items()}


def _build(kind: Any, value: Any) -> Any:
    origin = get_origin(kind) or kind
    if origin in (Union, types.UnionType):
        return _build_union(kind, value)
    if origin is tuple:
        return _build_tuple(get_args(kind), value)
    if is_dataclass(origin):
        hints = _hints(kind)
        return origin(**{f.name: _build(hints[f.name], value[f.name]) for f in fields(origin) if f.name in value})  # type: ignore[operator]
    if isinstance(origin, type) and issubclass(origin, Enum):
        return origin(value)
    if origin is date:
        return date.fromisoformat(value)
    if origin is bytes:
        return b64decode(value, validate=True)
    return _scalar(origin, value)


def _build_union(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    present = next(option for option in get_args(kind) if option is not type(None))
    return _build(present, value)


def _build_tuple(items: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is not a list")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_build(items[0], item) for item in value)
    return tuple(_build(item, part) for item, part in zip(items, value, strict=True))


def _scalar(kind: Any, value: Any) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value
