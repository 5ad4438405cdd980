"""Stripe's nested forms: `items[0][price]=x` → {"items": [{"price": "x"}]}."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"\[([^\]]*)\]")


def nested(body: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        first, *rest = [name.partition("[")[0], *_PART.findall(name)]
        _put(found, [first, *rest], value)
    return {name: _lists(value) for name, value in found.items()}


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    *outer, last = path
    for part in outer:
        into = into.setdefault(part, {})
    into[last or str(len(into))] = value


def _lists(value: Any) -> Any:
    """What has numbers for names is a list."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(one) for name, one in value.items()}
