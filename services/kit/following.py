"""Following the watch streams of other services.

What a message changes and how far the stream was followed are written in one transaction, so a cut anywhere neither loses nor repeats.
What comes while one is written is written together in the next. One process follows at a time; the others stand by.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import grpc
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.kit.background import beside, for_ever
from services.kit.db import EVERYONE, Database, WriteSession

RETRY_SECONDS = 1.0
# Messages in a transaction, at most. More hold their rows longer, and gain little.
BATCH = 100

log = logging.getLogger(__name__)

Apply = Callable[[WriteSession], Awaitable[None]]
"""Writes what a message says."""
Message = tuple[str, Apply | None]
Events = Callable[[str], AsyncIterator[Message]]
"""A stream from a resume token on: after each message the token to go on from, and what to write, if anything."""


@dataclass(frozen=True)
class End:
    """Of a stream. No `failure`: the server had no more to say."""

    failure: Exception | None = None


def follow_table(metadata: sa.MetaData) -> sa.Table:
    """`follows` of a schema: how far each stream was followed."""
    return sa.Table(
        "follows",
        metadata,
        sa.Column("stream", sa.String(64), primary_key=True),
        sa.Column("resume_token", sa.Text, nullable=False),
    )


@dataclass(frozen=True)
class Following:
    """`streams` by name. Start with `run` in a task; cancel it to end."""

    db: Database
    follows: sa.Table
    streams: Mapping[str, Events]

    async def run(self) -> None:
        """Follows all streams for as long as this process leads."""
        await for_ever(self._lead, RETRY_SECONDS, f"follow {', '.join(self.streams)}")

    async def _lead(self) -> None:
        async with self.db.engine.connect() as plain:
            # The lock lasts as long as we lead; an open transaction must not.
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            key = {"key": f"skillsync.{self.follows.schema}.follows"}
            locked = await connection.execute(text("select pg_try_advisory_lock(hashtextextended(:key, 0))"), key)
            if not locked.scalar_one():
                return
            try:
                async with asyncio.TaskGroup() as group:
                    for stream, events in self.streams.items():
                        group.create_task(self._follow(stream, events))
            finally:
                await connection.execute(text("select pg_advisory_unlock(hashtextextended(:key, 0))"), key)

    async def _follow(self, stream: str, events: Events) -> None:
        while True:
            try:
                await self._write_all(stream, events(await self._token(stream)))
            except grpc.aio.AioRpcError as failure:
                log.info("the %s stream ended (%s); going on", stream, failure.code().name)
                if failure.code() is grpc.StatusCode.OUT_OF_RANGE:
                    await self._begin_again(stream)
            await asyncio.sleep(RETRY_SECONDS)

    async def _write_all(self, stream: str, messages: AsyncIterator[Message]) -> None:
        """Until they end. Raises what they ended with, once all that came before is written."""
        arrived: asyncio.Queue[Message | End] = asyncio.Queue(BATCH)
        async with beside(_read(messages, arrived)):
            end = None
            while end is None:
                taken, end = await _take(arrived)
                if taken:
                    await self._write(stream, taken)
            if end.failure:
                raise end.failure

    async def _write(self, stream: str, messages: Sequence[Message]) -> None:
        async with self.db.write(EVERYONE) as session:
            for _, apply in messages:
                if apply:
                    await apply(session)
                    # The next one finds what stands in the database, as if it came alone, and not what the session remembers.
                    await session.flush()
                    session.expunge_all()
            await self._went(session, stream, messages[-1][0])

    async def _token(self, stream: str) -> str:
        """Empty for not at all."""
        statement = sa.select(self.follows.c.resume_token).where(self.follows.c.stream == stream)
        async with self.db.read(EVERYONE) as session:
            return (await session.execute(statement)).scalar_one_or_none() or ""

    async def _begin_again(self, stream: str) -> None:
        """The token is too old: begin with a snapshot."""
        async with self.db.write(EVERYONE) as session:
            await self._went(session, stream, "")

    async def _went(self, session: WriteSession, stream: str, resume_token: str) -> None:
        known = insert(self.follows).values(stream=stream, resume_token=resume_token)
        await session.execute(
            known.on_conflict_do_update(index_elements=["stream"], set_={"resume_token": resume_token})
        )


async def _read(messages: AsyncIterator[Message], arrived: asyncio.Queue[Message | End]) -> None:
    try:
        async for message in messages:
            await arrived.put(message)
        await arrived.put(End())
    # Whatever it is: who writes raises it, and would wait for ever otherwise.
    except Exception as failure:
        await arrived.put(End(failure))


async def _take(arrived: asyncio.Queue[Message | End]) -> tuple[list[Message], End | None]:
    """What is there, in its order, and the end if that has come. Waits while there is nothing."""
    messages: list[Message] = []
    while not messages or not arrived.empty():
        one = await arrived.get()
        if isinstance(one, End):
            return messages, one
        messages.append(one)
    return messages, None
