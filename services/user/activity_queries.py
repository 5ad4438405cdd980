"""Every SELECT of the activity log, by name. `find_…` may return None."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.kit.db import ReadSession, WriteSession
from services.kit.pages import Numbers

# Hashes cover times to the microsecond; what no calendar has must not end the query. Names a row's columns as Line's fields, in order.
LINE = """coalesce(a.sequence, 0), trim_scale(extract(epoch from a.time) * 1000000)::text,
    case when a.time between '0001-01-02' and '9999-12-30' then a.time end,
    a.version, a.owner_id, a.actor_id, a.service, a.action, a.target, a.session_id, a.result, a.address_hash, a.hash,
    b.owner_id, b.salt, b.address, c.hash
    from activity.activities a left join activity.addresses b using (sequence) left join activity.checkpoints c using (sequence)"""


def lines(session: ReadSession, first: int, end: int) -> AsyncIterator[Any]:
    """Of the activity log, oldest first, from `first` to `end`; 0 means all there are."""
    where = "sequence >= :first" if first else "cast(:first as bigint) = 0"
    statement = f"select {LINE} where {where} and (:end = 0 or sequence <= :end) order by sequence"
    return _streamed(session, statement, {"first": first, "end": end})


async def list_activities(
    session: ReadSession, account_id: UUID, since: datetime | None, until: datetime | None, page: Numbers
) -> Sequence[Any]:
    """What an account did, and what was tried on it; newest first."""
    statement = f"""
        select {LINE} where (a.actor_id = :account or a.target = :target) and sequence > 0
          and (cast(:since as timestamptz) is null or a.time >= :since)
          and (cast(:until as timestamptz) is null or a.time < :until)
          and (cast(:last as bigint) is null or sequence < :last)
        order by sequence desc limit :most"""
    whose = {"account": account_id, "target": f"account/{account_id}"}
    values = whose | {"since": since, "until": until, "last": page.last, "most": page.limit}
    return (await session.execute(text(statement), values)).all()


async def find_line_hash(session: ReadSession, sequence: int) -> bytes | None:
    statement = text("select hash from activity.activities where sequence = :sequence")
    return (await session.execute(statement, {"sequence": sequence})).scalars().first()


async def find_head(session: ReadSession) -> tuple[int, bytes] | None:
    """None unless there is one."""
    rows = (await session.execute(text("select coalesce(sequence, -1), hash from activity.head"))).all()
    return (rows[0][0], rows[0][1]) if len(rows) == 1 else None


async def list_forgotten(session: ReadSession, first: int) -> Sequence[Any]:
    """Who was erased, as target, and the last line that says so, from the line `first` on."""
    statement = """
        select target, max(sequence) from activity.activities where action = 'forget' and sequence >= :first group by target"""
    return (await session.execute(text(statement), {"first": first})).all()


async def lock_checkpoints(session: WriteSession) -> None:
    """One replica at a time signs."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext('activity.checkpoints'))"))


def checkpoints(session: ReadSession, first: int | None) -> AsyncIterator[Any]:
    """In order, from the number `first`, if one is given. Hashes as hexadecimal, times as microseconds."""
    statement = f"""
        select number, coalesce(sequence, 0), encode(hash, 'hex'), trim_scale(extract(epoch from create_time) * 1000000)::text,
          encode(mac, 'hex')
        from activity.checkpoints {"" if first is None else "where number >= :first"} order by number"""  # noqa: S608
    return _streamed(session, statement, {} if first is None else {"first": first})


async def _streamed(session: ReadSession, statement: str, values: dict[str, Any]) -> AsyncIterator[Any]:
    """Of any number of rows, so many at a time are in memory."""
    result = await session.stream(text(statement), values)
    async for rows in result.partitions(5_000):
        for row in rows:
            yield row


async def insert_checkpoint(
    session: WriteSession, number: int, sequence: int, line_hash: str, mac: str, now: datetime
) -> None:
    statement = """
        insert into activity.checkpoints (number, sequence, hash, mac, create_time)
        values (:number, :sequence, decode(:hash, 'hex'), decode(:mac, 'hex'), :now)"""
    values = {"number": number, "sequence": sequence, "hash": line_hash, "mac": mac, "now": now}
    await session.execute(text(statement), values)


async def forget_addresses(session: ReadSession, account_id: UUID) -> None:
    await session.execute(text("select activity.forget(:account)"), {"account": account_id})
