"""Sends the ids of jobs to Dramatiq, and again whatever was lost on the way.

Runs in every server and worker of a schema. `for update skip locked` keeps them out of each other's way; a job sent twice is taken once.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import dramatiq
import redis
import sqlalchemy as sa
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware, ShutdownNotifications
from sqlalchemy import text

from services.kit.db import Database
from services.kit.errors import Unavailable
from services.kit.jobs import MAX_ATTEMPTS, on_enqueue
from services.kit.settings import Settings

SWEEP_SECONDS = 1.0
# A job that was sent but not taken by then was lost with the broker, or waits in a long queue: sending it again does no harm.
RESEND_SECONDS = 10.0

log = logging.getLogger(__name__)


class Outbox:
    """Start it with `start`, end it with `close`."""

    def __init__(self, db: Database, jobs: sa.Table, broker: dramatiq.Broker) -> None:
        self._db = db
        self._jobs = jobs
        self._broker = broker
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._forget = on_enqueue(self._jobs, self._due.set)
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self._forget()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._due.clear()
            try:
                await self.sweep()
            except Exception:
                log.warning("jobs cannot be sent; trying again", exc_info=True)
            try:
                await asyncio.wait_for(self._due.wait(), SWEEP_SECONDS)
            except TimeoutError:
                continue

    async def sweep(self) -> int:
        """Returns expired leases to the queue and sends what is due. Returns how many were sent."""
        name = f'"{self._jobs.schema}".jobs'
        expired = f"update {name} set state = 'queued', lease_until = null, dispatch_time = null where state = 'running' and lease_until < now() and attempts < {MAX_ATTEMPTS}"  # noqa: S608, E501
        due = f"""
            update {name} set dispatch_time = now() where id in (
              select id from {name} where state = 'queued' and run_after <= now()
                and (dispatch_time is null or dispatch_time < now() - make_interval(secs => :resend))
              order by run_after limit 500 for update skip locked)
            returning id"""  # noqa: S608
        async with self._db.write() as session:
            await session.execute(text(expired))
            ids = (await session.execute(text(due), {"resend": RESEND_SECONDS})).scalars().all()
        await asyncio.to_thread(self._send, list(ids))
        return len(ids)

    def _send(self, ids: list[UUID]) -> None:
        try:
            for job_id in ids:
                self._broker.enqueue(message(str(self._jobs.schema), job_id))
        except dramatiq.errors.ConnectionError as error:
            raise Unavailable("redis") from error


@asynccontextmanager
async def open_outbox(settings: Settings, db: Database, jobs: sa.Table) -> AsyncIterator[Outbox]:
    """An outbox that runs as long as the block."""
    outbox = Outbox(db, jobs, open_broker(settings.redis_url.get_secret_value()))
    outbox.start()
    try:
        yield outbox
    finally:
        await outbox.close()


def open_broker(url: str) -> RedisBroker:
    """The broker. redis-py's default socket timeout of 5 s is shorter than Dramatiq's blocking reads, so there is none."""
    client = redis.Redis.from_url(url, socket_timeout=None)
    middleware: list[Middleware] = [ShutdownNotifications()]
    # Dead workers' messages return by a random chance on each command; our leases do it in seconds, so always is cheap.
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client, middleware=middleware, heartbeat_timeout=15_000, maintenance_chance=1_000_000
    )


def message(schema: str, job_id: UUID) -> dramatiq.Message[None]:
    return dramatiq.Message(queue_name=schema, actor_name=f"{schema}.run", args=(str(job_id),), kwargs={}, options={})
