"""Sends the ids of jobs to Dramatiq, and again whatever was lost on the way.

Runs in every server and worker of a schema. `for update skip locked` keeps them out of each other's way; a job sent twice is taken once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import dramatiq
import redis.asyncio
import sqlalchemy as sa
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware, ShutdownNotifications
from sqlalchemy import text

from services.kit.background import beside, for_ever
from services.kit.db import Database
from services.kit.errors import Unavailable
from services.kit.jobs import MAX_ATTEMPTS, on_enqueue
from services.kit.settings import Settings

Check = Callable[[], Awaitable[object]]

SWEEP_SECONDS = 1.0
# A job that was sent but not taken by then was lost with the broker, or waits in a long queue: sending it again does no harm.
RESEND_SECONDS = 10.0


class Outbox:
    def __init__(self, db: Database, jobs: sa.Table, broker: RedisBroker) -> None:
        self._db = db
        self._jobs = jobs
        self._broker = broker

    async def sweep(self) -> int:
        """Returns expired leases to the queue and sends what is due. Returns how many were sent."""
        name = f'"{self._jobs.schema}".jobs'
        # Of both parts each sees what was before: an expired lease is sent by the next sweep.
        statement = f"""
            with expired as (
              update {name} set state = 'queued', lease_until = null, dispatch_time = null
              where state = 'running' and lease_until < now() and attempts < {MAX_ATTEMPTS})
            update {name} set dispatch_time = now() where id in (
              select id from {name} where state = 'queued' and run_after <= now()
                and (dispatch_time is null or dispatch_time < now() - make_interval(secs => :resend))
              order by run_after limit 500 for update skip locked)
            returning id"""  # noqa: S608
        ids = [row[0] for row in await self._db.run(text(statement), {"resend": RESEND_SECONDS})]
        if ids:
            await asyncio.to_thread(self._send, ids)
        return len(ids)

    def _send(self, ids: list[UUID]) -> None:
        try:
            for job_id in ids:
                self._broker.enqueue(message(str(self._jobs.schema), job_id))
        except dramatiq.errors.ConnectionError as error:
            raise Unavailable("redis") from error


@asynccontextmanager
async def open_outbox(settings: Settings, db: Database, jobs: sa.Table) -> AsyncIterator[Check]:
    """Sends jobs as long as the block runs: at once after a commit of this process that left some, else every second.

    Yields what raises while the broker does not answer; jobs wait then.
    """
    url = settings.redis_url.get_secret_value()
    outbox, due = Outbox(db, jobs, open_broker(url)), asyncio.Event()
    forget = on_enqueue(jobs, due.set)
    try:
        async with (
            redis.asyncio.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client,
            beside(for_ever(outbox.sweep, SWEEP_SECONDS, f"send jobs of {jobs.schema}", wake=due)),
        ):
            yield client.ping
    finally:
        forget()


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
