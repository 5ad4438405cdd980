"""What a service holds about a person, declared once: everything of it can be handed over, and everything removed.

Each service lists its tables; a test walks the schemas, so a new table that nobody declared fails the build.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from skillsync.type.v1.privacy_pb2 import (
    EraseUserDataRequest,
    EraseUserDataResponse,
    ExportUserDataRequest,
    ExportUserDataResponse,
)
from sqlalchemy import text

from services.kit.blobs import Blobs
from services.kit.db import Database, ReadSession, WriteSession
from services.kit.errors import NotFound

PART_BYTES = 1 << 20
MOST_NAME = 120

# Tables of the kit that hold nothing about anybody, and why.
NOBODYS = {
    "changes": "ids of what changed, forgotten after three days; watchers must hear who left",
    "follows": "how far a stream was followed",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A table (`schema.name`) and which of its rows are about a person: a condition with `:account` (uuid) or `:name` (the same as text).

    `secret` columns are not handed over: hashes and keys tell a person nothing. `erased` where fewer rows are removed; empty where none.
    """

    table: str
    rows: str
    secret: tuple[str, ...] = ()
    exported: bool = True
    erased: str | None = None

    @property
    def path(self) -> str:
        return f"{self.table.rpartition('.')[2]}.json"


@dataclass(frozen=True, slots=True)
class Files:
    """Where a person's files lie: keys begin with one of `prefixes`, with `{account}` in them. `listed` selects name and key of those to
    hand over.
    """

    prefixes: tuple[str, ...]
    listed: str


@dataclass(frozen=True, slots=True)
class Removed:
    rows: int = 0
    files: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(self.rows + other.rows, self.files + other.files)


@dataclass(frozen=True)
class UserData:
    """`holdings` in the order in which rows can be removed. `before` tells others, and does what a plain removal does not; `after` does
    what everybody waits for, just before the transaction ends.
    """

    db: Database
    holdings: Sequence[Holding]
    before: Callable[[WriteSession, UUID], Awaitable[None]] | None = None
    blobs: Blobs | None = None
    files: Files | None = None
    after: Callable[[WriteSession, UUID], Awaitable[None]] | None = None

    async def export(self, account_id: UUID) -> AsyncIterator[tuple[str, bytes]]:
        """Path and next bytes; the parts of a file follow each other. A table without a row has no file."""
        for holding in self.holdings:
            if holding.exported:
                async with self.db.snapshot() as session:
                    async for part in _parts(_rows(session, holding, account_id)):
                        yield holding.path, part
        if self.blobs and self.files:
            async with self.db.read() as session:
                listed = (await session.execute(text(self.files.listed), _values(account_id))).all()
            for name, key in listed:
                async for path, part in _file(self.blobs, key, name):
                    yield path, part

    async def erase(self, account_id: UUID) -> Removed:
        """Again: nothing is left to remove."""
        async with self.db.write() as session:
            rows = await self.erase_rows(session, account_id)
        return Removed(rows, await self._erase_files(account_id))

    async def erase_rows(self, session: WriteSession, account_id: UUID) -> int:
        """In the transaction of the caller."""
        if self.before:
            await self.before(session, account_id)
        removed = 0
        for holding in self.holdings:
            where = holding.rows if holding.erased is None else holding.erased
            if where:
                statement = text(f"delete from {holding.table} where {where}")  # noqa: S608
                result = await session.execute(statement, _values(account_id))
                removed += getattr(result, "rowcount", 0)
        if self.after:
            await self.after(session, account_id)
        return removed

    async def _erase_files(self, account_id: UUID) -> int:
        removed = 0
        for prefix in self.files.prefixes if self.blobs and self.files else ():
            assert self.blobs
            removed += await self.blobs.delete_all(prefix.format(account=account_id))
        return removed


class UserDataMethods:
    """What every service answers alike. The contract lets in the user service alone, after it asked the person."""

    user_data: UserData

    async def ExportUserData(
        self, request: ExportUserDataRequest, context: Any
    ) -> AsyncIterator[ExportUserDataResponse]:
        async for path, content in self.user_data.export(UUID(request.account_id)):
            yield ExportUserDataResponse(path=path, content=content)

    async def EraseUserData(self, request: EraseUserDataRequest, context: Any) -> EraseUserDataResponse:
        removed = await self.user_data.erase(UUID(request.account_id))
        return EraseUserDataResponse(removed_row_count=removed.rows, removed_file_count=removed.files)


def safe_name(name: str) -> str:
    """A file name that stays in its folder wherever it is unpacked."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(". ")
    return kept[-MOST_NAME:] or "file"


async def _file(blobs: Blobs, key: str, name: str) -> AsyncIterator[tuple[str, bytes]]:
    """One that is missing is said to be, and keeps nobody from the rest."""
    path = f"files/{key.rpartition('/')[2]}/{safe_name(name)}"
    try:
        async for part in blobs.stream(key, PART_BYTES):
            yield path, part
    except NotFound:
        yield f"{path}.missing.txt", b"This file is not in our storage any more.\n"


async def _rows(session: ReadSession, holding: Holding, account_id: UUID) -> AsyncIterator[str]:
    """As JSON, few at a time: a person may have very many."""
    held = f"select * from {holding.table} where {holding.rows}"  # noqa: S608
    statement = f"select (to_jsonb(held) - cast(:secret as text[]))::text from ({held}) as held"  # noqa: S608
    values = _values(account_id) | {"secret": list(holding.secret)}
    async for row in await session.stream_scalars(text(statement), values):
        yield row


def _values(account_id: UUID) -> dict[str, Any]:
    return {"account": account_id, "name": str(account_id)}


async def _parts(rows: AsyncIterator[str]) -> AsyncIterator[bytes]:
    """A JSON list, cut; none without rows."""
    begin, content = "[\n", bytearray()
    async for row in rows:
        content += f"{begin}{row}".encode()
        begin = ",\n"
        while len(content) >= PART_BYTES:
            yield bytes(content[:PART_BYTES])
            del content[:PART_BYTES]
    if begin != "[\n":
        yield bytes(content) + b"\n]\n"
