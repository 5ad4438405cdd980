"""Keyset pages of lists by name: a page token is the sealed name and id of the last row sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from services.kit.auth import caller
from services.kit.errors import InvalidArgument
from services.kit.pages import DEFAULT_SIZE
from services.kit.seal import seal, unseal


class Named(Protocol):
    @property
    def id(self) -> Any: ...
    @property
    def display_name(self) -> Any: ...


T = TypeVar("T", bound=Named)
S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class NamePage:
    """One page. Ask the database for what `by_name` makes of a statement; `cut` then says which rows to send."""

    seal_key: str
    list_name: str
    size: int
    last: tuple[str, UUID] | None

    @classmethod
    def asked(cls, seal_key: str, request: Any, list_name: str) -> Self:
        """The page that a request of the caller asks for. Raises InvalidArgument for a token that is not from this list."""
        list_name = f"page/{list_name}/{caller().account_id}"
        size = request.page_size or DEFAULT_SIZE
        if not request.page_token:
            return cls(seal_key, list_name, size, None)
        match unseal(seal_key, list_name, request.page_token):
            case [str(name), str(id)]:
                return cls(seal_key, list_name, size, (name, UUID(id)))
        raise InvalidArgument("page_token", "is not from this list; begin without one", reason="PAGE_TOKEN_INVALID")

    def by_name(self, statement: S, name: InstrumentedAttribute[str], id: InstrumentedAttribute[UUID]) -> S:
        """The rows of this page and one more."""
        rest = statement if self.last is None else statement.where(tuple_(name, id) > tuple_(*self.last))
        return rest.order_by(name, id).limit(self.size + 1)

    def cut(self, rows: Sequence[T]) -> tuple[Sequence[T], str]:
        """The rows to send, and the token for more, empty at the end."""
        if len(rows) <= self.size:
            return rows, ""
        last = rows[self.size - 1]
        return rows[: self.size], seal(self.seal_key, self.list_name, [last.display_name, str(last.id)])
