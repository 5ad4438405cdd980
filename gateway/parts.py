"""The few shapes that every part of an Envoy configuration is made of."""

from pathlib import Path
from typing import Any

Config = dict[str, Any]


def typed(type_name: str, **fields: Any) -> Config:
    """A `typed_config` value; `type_name` is without the `envoy.` prefix every type has."""
    return {"@type": f"type.googleapis.com/envoy.{type_name}", **fields}


def extension(name: str, type_name: str, **fields: Any) -> Config:
    """A named extension with its configuration."""
    return {"name": f"envoy.{name}", "typed_config": typed(type_name, **fields)}


def seconds(value: float) -> str:
    """A duration in protobuf's JSON form."""
    return f"{value:g}s"


def file_source(path: Path | str) -> Config:
    """A data source that Envoy reads from its own file system."""
    return {"filename": str(path)}


def set_header(name: str, value: object) -> Config:
    """Puts a header in place of what was there."""
    return {"header": {"key": name, "value": str(value)}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
