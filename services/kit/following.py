"""Following the watch streams of other services.

What a message changes and how far the stream was followed are written in one transaction, so a cut anywhere neither loses nor repeats.
One process follows at a time; the others stand by.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

import grpc
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.kit.background import for_ever
from services.kit.db import EVERYONE, Database, WriteSession

RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)

Apply = Callable[[WriteSession], Awaitable[None]]
"""Writes what a message says."""
Events = Callable[[str], AsyncIterator[tuple[str, Apply | None]]]
"""A stream from a resume token on: after each message the token to go on from, and what to write, if anything."""


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
                async for resume_token, apply in events(await self._token(stream)):
                    async with self.db.write(EVERYONE) as session:
                        if apply:
                            await apply(session)
                        await self._went(session, stream, resume_token)
            except grpc.aio.AioRpcError as failure:
                log.info("the %s stream ended (%s); going on", stream, failure.code().name)
                if failure.code() is grpc.StatusCode.OUT_OF_RANGE:
                    await self._begin_again(stream)
            await asyncio.sleep(RETRY_SECONDS)

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
