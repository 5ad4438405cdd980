"""Keyset pages of lists by a text that sorts: a page token is the sealed text of the last row sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, Select

from services.kit.auth import caller
from services.kit.errors import InvalidArgument
from services.kit.pages import DEFAULT_SIZE
from services.kit.seal import seal, unseal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page, greatest text first. Each row has a text of its own."""

    seal_key: str
    list_name: str
    size: int
    last: str | None

    @classmethod
    def asked(cls, seal_key: str, request: Any, list_name: str) -> Self:
        """The page that a request of the caller asks for. Raises InvalidArgument for a token that is not from this list."""
        list_name = f"page/{list_name}/{caller().account_id}"
        size = request.page_size or DEFAULT_SIZE
        if not request.page_token:
            return cls(seal_key, list_name, size, None)
        last = unseal(seal_key, list_name, request.page_token)
        if not isinstance(last, str):
            raise InvalidArgument("page_token", "is not from this list; begin without one", reason="PAGE_TOKEN_INVALID")
        return cls(seal_key, list_name, size, last)

    def of(self, statement: Select[Any], text: ColumnElement[str]) -> Select[Any]:
        """The rows of this page and one more, each with its text."""
        key = text.collate("C")
        rest = statement if self.last is None else statement.where(key < self.last)
        return rest.add_columns(text.label("key")).order_by(key.desc()).limit(self.size + 1)

    def cut(self, rows: Sequence[tuple[T, str]]) -> tuple[list[T], str]:
        """The rows to send, and the token for more, empty at the end."""
        shown = [row for row, _ in rows[: self.size]]
        more = len(rows) > self.size
        return shown, seal(self.seal_key, self.list_name, rows[self.size - 1][1]) if more else ""
