"""Enums of the contracts as tables keep them: by name, without the prefix that protobuf asks for."""

from typing import Any

UNSPECIFIED = "UNSPECIFIED"


def plain(kind: Any, value: int) -> str:
    """`WORK_MODE_REMOTE` → `REMOTE`."""
    return str(kind.Name(value)).removeprefix(_prefix(kind))


def chosen(kind: Any, value: int) -> str | None:
    """The plain name; None where none was chosen."""
    return plain(kind, value) if value else None


def number(kind: Any, name: str) -> Any:
    """`REMOTE`, `remote` → `WORK_MODE_REMOTE`; an empty name means unspecified. Raises ValueError for an unknown one."""
    return kind.Value(_prefix(kind) + (name.upper() or UNSPECIFIED))


def _prefix(kind: Any) -> str:
    """Every enum has a value 0 that is called like this."""
    return str(kind.Name(0)).removesuffix(UNSPECIFIED)
