"""Keyset pages: a page token is the sealed key of the last row sent."""

from collections.abc import Sequence
from typing import TypeVar

from services.kit.errors import InvalidArgument
from services.kit.seal import seal, unseal

DEFAULT_SIZE = 50

T = TypeVar("T")


def page_size(requested: int) -> int:
    return requested or DEFAULT_SIZE


def open_page(key: str, list_name: str, token: str) -> str | None:
    """The key of the last row of the page before; None for the first page. `list_name` holds every filter, so that a token only
    continues the list it came from."""
    if not token:
        return None
    value = unseal(key, f"page/{list_name}", token)
    if not isinstance(value, str):
        raise InvalidArgument("page_token", "is not from this list; begin without one", reason="PAGE_TOKEN_INVALID")
    return value


def cut_page(key: str, list_name: str, rows: Sequence[T], size: int, keys: Sequence[str]) -> tuple[Sequence[T], str]:
    """At most `size` rows and the token for more. Ask the database for `size + 1` rows; `keys` are theirs."""
    if len(rows) <= size:
        return rows, ""
    return rows[:size], seal(key, f"page/{list_name}", keys[size - 1])
