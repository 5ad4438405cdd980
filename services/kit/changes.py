"""The change log, the one primitive behind every watch.

A row per change, in the transaction that makes it. Reading by sequence alone loses rows when transactions commit out of order; so rows
carry their transaction's id, and a reader takes only those older than every transaction that still runs. Streams are level-triggered:
they carry the resource as it is when sent, so repeats collapse.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import text

from services.kit.background import woken
from services.kit.db import Database, ReadSession, WriteSession
from services.kit.errors import InvalidArgument, StaleResumeToken
from services.kit.seal import seal, unseal

POLL_SECONDS = 0.025
CHECKPOINT_SECONDS = 15.0
# The kind of the one row that marks how far the log was pruned.
PRUNED = "pruned"
# Rows read at once; a watcher that is far behind gets them in several steps.
BATCH = 500

T = TypeVar("T")


class Xid8(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def change_table(metadata: sa.MetaData) -> sa.Table:
    """`changes` of a schema. `scope` narrows a watch, e.g. to one position."""
    table = sa.Table(
        "changes",
        metadata,
        sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("tx", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Uuid, nullable=False),
        sa.Column("scope", sa.Uuid),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    sa.Index("ix_changes_tx_seq", table.c.tx, table.c.seq)
    sa.Index("ix_changes_pruned", table.c.kind, postgresql_where=table.c.kind == PRUNED)
    return table


async def record(
    session: WriteSession, changes: sa.Table, kind: str, resource_id: UUID, scope: UUID | None = None
) -> None:
    """Tells watchers, once this transaction commits, that the resource is new, changed or gone."""
    await session.execute(changes.insert().values(kind=kind, resource_id=resource_id, scope=scope))


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a watcher has come.

    `snapshot` is what the first rows were read from, as PostgreSQL writes it; changes that it saw already are left out. `after` is the key
    of the last snapshot row sent, None once all are. `tx`, `seq`: the last change sent.
    """

    snapshot: str
    after: str | None
    tx: int = 0
    seq: int = 0

    def seal(self, key: str, watch: str) -> str:
        """`watch` names stream and subject, so that a token works nowhere else."""
        return seal(key, f"watch/{watch}", [self.snapshot, self.after, self.tx, self.seq])

    @classmethod
    def unseal(cls, key: str, watch: str, token: str) -> "Cursor | None":
        """None for an empty token. Raises InvalidArgument for one that is not of this stream."""
        if not token:
            return None
        match unseal(key, f"watch/{watch}", token):
            case [str(snapshot), str() | None as after, int(tx), int(seq)]:
                return cls(snapshot, after, tx, seq)
        raise InvalidArgument(
            "resume_token", "is not from this stream; begin without one", reason="RESUME_TOKEN_INVALID"
        )


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """`item` None and `resource_id` set: gone. `resource_id` None: the snapshot is complete, or (`checkpoint`) nothing happened.

    `rows`: how many the snapshot brought, once it is complete.
    """

    cursor: Cursor
    resource_id: UUID | None = None
    kind: str = ""
    item: T | None = None
    in_snapshot: bool = False
    checkpoint: bool = False
    rows: int = 0


Key = str
Snapshot = Callable[[ReadSession, Key | None], Awaitable[Sequence[tuple[Key, str, UUID, T]]]]
Load = Callable[[ReadSession, str, Collection[UUID]], Awaitable[dict[UUID, T]]]


class Relay:
    """Wakes the watchers of one schema in this process. Polls while there are any; nothing notifies per row."""

    def __init__(self, db: Database, changes: sa.Table) -> None:
        self.db = db
        self.changes = changes
        self._wakes: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, db: Database, changes: sa.Table) -> AsyncIterator["Relay"]:
        """For as long as the block."""
        relay = cls(db, changes)
        try:
            yield relay
        finally:
            if relay._task:
                relay._task.cancel()
                await asyncio.gather(relay._task, return_exceptions=True)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something may have changed. Clear it before reading."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll())
        try:
            yield wake
        finally:
            self._wakes.discard(wake)

    async def _poll(self) -> None:
        while self._wakes:
            # Whatever is wrong, watchers are woken to see for themselves, and report it.
            with suppress(Exception):
                await self._follow()
            self._wake()
            await asyncio.sleep(POLL_SECONDS)

    async def _follow(self) -> None:
        """As long as there are watchers and the database answers: one index look-up each time."""
        async with self.db.prepared(self._newest) as head:
            seen: object = None
            while self._wakes:
                newest = await head()
                if newest != seen:
                    seen = newest
                    self._wake()
                await asyncio.sleep(POLL_SECONDS)

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()

    @property
    def _newest(self) -> str:
        """The newest change that may be read."""
        return (
            f"select tx::text as head, seq from {_name(self.changes)}"  # noqa: S608
            # Without another name for the text, `order by tx` would sort by it: 998 after 1002.
            " where tx < pg_snapshot_xmin(pg_current_snapshot()) order by tx desc, seq desc limit 1"
        )


async def watch(
    relay: Relay,
    cursor: Cursor | None,
    kinds: Collection[str],
    snapshot: Snapshot[T],
    load: Load[T],
    scopes: Collection[UUID] | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> AsyncIterator[Event[T]]:
    """A snapshot, best first as `snapshot` orders it, then changes for ever. Resumes where `cursor` was.

    `snapshot(session, after)` returns the rows after a key, each as (key, kind, id, item). `load(session, kind, ids)` returns those that
    still exist. `scopes` narrows the changes. Raises StaleResumeToken when changes since the cursor are no longer kept.
    """
    resumed = cursor is not None and cursor.after is None
    async with relay.subscribe() as wake:
        if cursor is not None:
            await _check_fresh(relay, cursor)
        if not resumed:
            async for event in _snapshot_events(relay.db, cursor, snapshot):
                cursor = event.cursor
                yield event
        assert cursor is not None
        if resumed:
            # Says that it goes on from here: without any message, a client behind a proxy cannot tell a quiet stream from none.
            yield Event(cursor, checkpoint=True)
        async for event in _changes(relay, cursor, kinds, scopes, load, wake, checkpoint_seconds):
            yield event


async def _snapshot_events(db: Database, cursor: Cursor | None, snapshot: Snapshot[T]) -> AsyncIterator[Event[T]]:
    async with db.snapshot() as session:
        seen = (await session.execute(text("select pg_current_snapshot()::text"))).scalar_one()
        # Resumed in the middle: the first reading's moment stays the one that changes count from.
        cursor = cursor or Cursor(seen, "")
        rows = await snapshot(session, cursor.after or None)
    for key, kind, resource_id, item in rows:
        cursor = replace(cursor, after=key)
        yield Event(cursor, resource_id, kind, item, in_snapshot=True)
    yield Event(replace(cursor, after=None), rows=len(rows))


async def _changes(
    relay: Relay,
    cursor: Cursor,
    kinds: Collection[str],
    scopes: Collection[UUID] | None,
    load: Load[T],
    wake: asyncio.Event,
    checkpoint_seconds: float,
) -> AsyncIterator[Event[T]]:
    while True:
        wake.clear()
        rows = await _read(relay, cursor, kinds, scopes)
        if not rows:
            if not await woken(wake, checkpoint_seconds):
                yield Event(cursor, checkpoint=True)
            continue
        async for event in _load_events(relay.db, cursor, rows, load):
            cursor = event.cursor
            yield event


async def _load_events(db: Database, cursor: Cursor, rows: Sequence[Any], load: Load[T]) -> AsyncIterator[Event[T]]:
    """Several changes of one resource collapse into its last."""
    last = {(row.kind, row.resource_id): row for row in rows}
    items: dict[tuple[str, UUID], T] = {}
    async with db.read() as session:
        for kind in {kind for kind, _ in last}:
            found = await load(session, kind, [resource_id for k, resource_id in last if k == kind])
            items |= {(kind, resource_id): item for resource_id, item in found.items()}
    for (kind, resource_id), row in sorted(last.items(), key=lambda entry: (entry[1].tx, entry[1].seq)):
        cursor = replace(cursor, tx=row.tx, seq=row.seq)
        yield Event(cursor, resource_id, kind, items.get((kind, resource_id)))


async def _read(relay: Relay, cursor: Cursor, kinds: Collection[str], scopes: Collection[UUID] | None) -> Sequence[Any]:
    statement = f"""
        select tx::text::bigint as tx, seq, kind, resource_id from {_name(relay.changes)}
        where (tx, seq) > (cast(cast(:tx as text) as xid8), :seq) and tx < pg_snapshot_xmin(pg_current_snapshot())
          and not pg_visible_in_snapshot(tx, cast(cast(:snapshot as text) as pg_snapshot))
          and kind = any(:kinds) and (cast(:scopes as uuid[]) is null or scope = any(:scopes))
        order by tx, seq limit {BATCH}"""  # noqa: S608
    # Changes before the snapshot's oldest transaction were seen by it: start there, not at the beginning of the log.
    floor = int(cursor.snapshot.split(":")[0])
    position = {"tx": str(cursor.tx), "seq": cursor.seq} if cursor.tx >= floor else {"tx": str(floor), "seq": 0}
    values = position | {
        "snapshot": cursor.snapshot,
        "kinds": list(kinds),
        "scopes": None if scopes is None else list(scopes),
    }
    async with relay.db.read() as session:
        return (await session.execute(text(statement), values)).all()


async def prune(session: WriteSession, changes: sa.Table, keep_seconds: float) -> int:
    """Forgets old changes and marks how far back a resume token may reach from now on. Returns how many are gone."""
    name = _name(changes)
    statement = f"""
        with gone as (
          delete from {name} where create_time < now() - make_interval(secs => :keep) or kind = :mark returning tx, kind)
        insert into {name} (kind, resource_id, tx)
        select :mark, :nobody, tx from gone order by tx desc limit 1
        returning (select count(*) from gone where kind <> :mark)"""  # noqa: S608
    values = {"keep": keep_seconds, "mark": PRUNED, "nobody": UUID(int=0)}
    return (await session.execute(text(statement), values)).scalar_one_or_none() or 0


async def _check_fresh(relay: Relay, cursor: Cursor) -> None:
    """A cursor from before the last pruned change may have missed it."""
    statement = f"select max(tx::text::bigint) from {_name(relay.changes)} where kind = :mark"  # noqa: S608
    async with relay.db.read() as session:
        pruned = (await session.execute(text(statement), {"mark": PRUNED})).scalar_one()
    if pruned is not None and max(cursor.tx, int(cursor.snapshot.split(":")[0])) <= pruned:
        raise StaleResumeToken


def _name(table: sa.Table) -> str:
    return f'"{table.schema}".{table.name}'
