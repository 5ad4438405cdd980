"""Keyset pages: a page token is the sealed id of the last row sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from services.kit.auth import caller
from services.kit.errors import InvalidArgument
from services.kit.seal import seal, unseal

DEFAULT_SIZE = 50

T = TypeVar("T")
S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. Ask the database for what `newest` or `oldest` makes of a statement; `cut` then says which rows to send."""

    seal_key: str
    list_name: str
    size: int
    last: UUID | None

    @classmethod
    def of(cls, seal_key: str, list_name: str, size: int, token: str) -> Self:
        """`list_name` holds who asks and every filter, so that a token only continues the list it came from."""
        last = _opened(seal_key, list_name, token)
        return cls(seal_key, list_name, size or DEFAULT_SIZE, UUID(last) if last else None)

    @classmethod
    def asked(cls, seal_key: str, request: Any, list_name: str) -> Self:
        """The page that a request of the caller asks for."""
        return cls.of(seal_key, f"{list_name}/{caller().account_id}", request.page_size, request.page_token)

    @property
    def limit(self) -> int:
        """One more than is sent: it tells whether there is another page."""
        return self.size + 1

    def newest(self, statement: S, key: InstrumentedAttribute[UUID]) -> S:
        """The rows of this page and one more, greatest key first."""
        rest = statement if self.last is None else statement.where(key < self.last)
        return rest.order_by(key.desc()).limit(self.limit)

    def oldest(self, statement: S, key: InstrumentedAttribute[UUID]) -> S:
        """The rows of this page and one more, least key first."""
        rest = statement if self.last is None else statement.where(key > self.last)
        return rest.order_by(key).limit(self.limit)

    def cut(self, rows: Sequence[T], key: Callable[[T], UUID] | None = None) -> tuple[Sequence[T], str]:
        """The rows to send, and the token for more, empty at the end."""
        if len(rows) <= self.size:
            return rows, ""
        last: Any = rows[self.size - 1]
        return rows[: self.size], seal(self.seal_key, f"page/{self.list_name}", str(key(last) if key else last.id))


@dataclass(frozen=True, slots=True)
class Offsets:
    """A page of a ranking, whose rows have places and change them: ask for `limit` rows after the first `skip`."""

    seal_key: str
    list_name: str
    size: int
    skip: int

    @classmethod
    def of(cls, seal_key: str, list_name: str, size: int, token: str) -> Self:
        return cls(seal_key, list_name, size or DEFAULT_SIZE, int(_opened(seal_key, list_name, token) or 0))

    @property
    def limit(self) -> int:
        return self.size + 1

    def cut(self, rows: Sequence[T]) -> tuple[Sequence[T], str]:
        if len(rows) <= self.size:
            return rows, ""
        return rows[: self.size], seal(self.seal_key, f"page/{self.list_name}", str(self.skip + self.size))


@dataclass(frozen=True, slots=True)
class Numbers:
    """A page of a list that goes down by number: ask for `limit` rows below `last`, if there is one."""

    seal_key: str
    list_name: str
    size: int
    last: int | None

    @classmethod
    def of(cls, seal_key: str, list_name: str, size: int, token: str) -> Self:
        last = _opened(seal_key, list_name, token)
        return cls(seal_key, list_name, size or DEFAULT_SIZE, int(last) if last else None)

    @property
    def limit(self) -> int:
        return self.size + 1

    def cut(self, rows: Sequence[T], key: Callable[[T], int]) -> tuple[Sequence[T], str]:
        if len(rows) <= self.size:
            return rows, ""
        return rows[: self.size], seal(self.seal_key, f"page/{self.list_name}", str(key(rows[self.size - 1])))


def _opened(seal_key: str, list_name: str, token: str) -> str | None:
    if not token:
        return None
    value = unseal(seal_key, f"page/{list_name}", token)
    if not isinstance(value, str):
        raise InvalidArgument("page_token", "is not from this list; begin without one", reason="PAGE_TOKEN_INVALID")
    return value
