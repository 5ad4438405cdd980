"""Work for later: a row written in the same transaction as its cause. The broker carries only its id, and may be wiped at any moment.

A worker takes a lease with a fencing number and renews it while it works. Who lost the lease cannot write its result: `finish` checks the
number in the transaction that stores it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import JSONB

from services.kit import telemetry
from services.kit.db import Database, WriteSession, uuid7
from services.kit.errors import Conflict, Unavailable

LEASE_SECONDS = 15.0
HEARTBEAT_SECONDS = 5.0
# A job that ended its process this often is dead: it would end the next one too.
MAX_ATTEMPTS = 3
# Until a job that found a dependency down tries again: half of its age, within these bounds.
POSTPONE_SECONDS, POSTPONE_MOST_SECONDS = 2.0, 30.0

log = logging.getLogger(__name__)


def job_table(metadata: sa.MetaData) -> sa.Table:
    """`jobs` of a schema. States: queued → running → done; back to queued on failure; dead after too many."""
    table = sa.Table(
        "jobs",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False, server_default=func.now()),
        sa.Column("dispatch_time", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False, server_default=func.now()),
        sa.Column("end_time", sa.DateTime(timezone=True)),
    )
    sa.Index("ix_jobs_due", table.c.run_after, postgresql_where=table.c.state.in_(["queued", "running"]))
    return table


class LostLease(Exception):
    """Another worker has the job now; this one's result is not stored."""


class GiveUp(Exception):
    """The handler says that trying again cannot help: the job is dead at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that this worker holds. `attempt` counts from 1."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempt: int
    fence: int


async def enqueue(
    session: WriteSession, jobs: sa.Table, kind: str, payload: dict[str, Any], run_after: datetime | None = None
) -> UUID:
    """Leaves work for later, if and when this transaction commits. An `Outbox` of the process sends it on its way at once."""
    values: dict[str, Any] = {"id": uuid7(), "kind": kind, "payload": payload}
    if run_after:
        values["run_after"] = run_after
    await session.execute(jobs.insert().values(values))
    if not run_after:
        session.after_commit.append(lambda: _wake(jobs))
    return UUID(str(values["id"]))


async def enqueue_all(session: WriteSession, jobs: sa.Table, work: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """As `enqueue`, for many: each has a kind and a payload."""
    if work:
        rows = [{"id": uuid7(), "kind": kind, "payload": payload} for kind, payload in work]
        await session.execute(jobs.insert(), rows)
        session.after_commit.append(lambda: _wake(jobs))


async def withdraw(session: WriteSession, jobs: sa.Table, job_id: UUID) -> None:
    """Takes back work that nobody has begun. Raises Conflict when somebody has: of the two, only one happens."""
    statement = jobs.delete().where(jobs.c.id == job_id, jobs.c.state == "queued").returning(jobs.c.id)
    if (await session.execute(statement)).one_or_none() is None:
        raise Conflict("request", "it took too long and was given up; send it again")


async def hasten(session: WriteSession, jobs: sa.Table, job_id: UUID) -> None:
    """Makes work that waits for a time due at once."""
    await session.execute(jobs.update().where(jobs.c.id == job_id).values(run_after=func.now()))
    session.after_commit.append(lambda: _wake(jobs))


_wakers: dict[str | None, list[Callable[[], None]]] = {}


def on_enqueue(jobs: sa.Table, wake: Callable[[], None]) -> Callable[[], None]:
    """Calls `wake` after each commit that left work. Returns what ends that."""
    _wakers.setdefault(jobs.schema, []).append(wake)
    return lambda: _wakers[jobs.schema].remove(wake)


def _wake(jobs: sa.Table) -> None:
    for wake in _wakers.get(jobs.schema, []):
        wake()


class Queue:
    """One schema's jobs, as a worker sees them."""

    def __init__(self, db: Database, jobs: sa.Table) -> None:
        self.db = db
        self._jobs = jobs
        self._name = f'"{jobs.schema}".jobs'

    async def take(self, job_id: UUID) -> Job | None:
        """The lease, unless somebody has it, or the job is over, or not due."""
        statement = f"""
            update {self._name} set state = 'running', attempts = attempts + 1, fence = fence + 1,
                   lease_until = now() + make_interval(secs => :lease)
            where id = :id and state = 'queued' and run_after <= now()
            returning id, kind, payload, attempts, fence"""  # noqa: S608
        rows = await self.db.run(text(statement), {"id": job_id, "lease": LEASE_SECONDS})
        return Job(*rows[0]) if rows else None

    @asynccontextmanager
    async def finish(self, job: Job) -> AsyncIterator[WriteSession]:
        """The transaction that stores the result and ends the job. Raises LostLease, storing nothing, if the lease is another's."""
        async with self.db.write() as session:
            await self._hold(session, job)
            yield session
            await self._end(session, job, "done", "")

    @asynccontextmanager
    async def step(self, job: Job) -> AsyncIterator[WriteSession]:
        """A transaction in between, e.g. to show progress. Raises LostLease likewise."""
        async with self.db.write() as session:
            await self._hold(session, job)
            yield session

    async def end(self, job: Job) -> None:
        """Ends a job that has no result to store. Raises LostLease."""
        statement = f"""
            update {self._name} set state = 'done', error = '', end_time = now(), lease_until = null
            where id = :id and fence = :fence and state = 'running' returning id"""  # noqa: S608
        if not await self.db.run(text(statement), {"id": job.id, "fence": job.fence}):
            raise LostLease
        telemetry.JOBS.labels(job.kind, "done").inc()

    async def retry(self, job: Job, error: str) -> None:
        """Back into the queue, later each time."""
        await self._requeue(job, error, job.attempt, ":least", 0.5 * 4 ** (job.attempt - 1))

    async def postpone(self, job: Job, error: str) -> None:
        """Back into the queue without counting the attempt: it failed for something else's sake. The longer it waits, the rarer it asks."""
        age = f"least({POSTPONE_MOST_SECONDS}, greatest(:least, cast(extract(epoch from now() - create_time) as float8) / 2))"
        await self._requeue(job, error, job.attempt - 1, age, POSTPONE_SECONDS)

    async def _requeue(self, job: Job, error: str, attempts: int, delay: str, least: float) -> None:
        """`delay` in seconds is SQL that may use `:least`."""
        statement = f"""
            update {self._name} set state = 'queued', error = :error, lease_until = null, dispatch_time = null,
                   attempts = :attempts, run_after = now() + make_interval(secs => {delay})
            where id = :id and fence = :fence and state = 'running'"""  # noqa: S608
        values = {"id": job.id, "fence": job.fence, "error": error[:2000], "attempts": attempts, "least": least}
        async with self.db.write() as session:
            await session.execute(text(statement), values)
            session.after_commit.append(lambda: _wake(self._jobs))

    @asynccontextmanager
    async def bury(self, job: Job, error: str) -> AsyncIterator[WriteSession]:
        """The transaction that ends a job for good without result."""
        async with self.db.write() as session:
            await self._hold(session, job)
            yield session
            await self._end(session, job, "dead", error)

    async def heartbeat(self, job: Job) -> None:
        """Renews the lease until cancelled. Raises LostLease when it is gone."""
        statement = f"update {self._name} set lease_until = now() + make_interval(secs => :lease) where id = :id and fence = :fence and state = 'running'"  # noqa: S608, E501
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            async with self.db.write() as session:
                values = {"id": job.id, "fence": job.fence, "lease": LEASE_SECONDS}
                result = await session.execute(text(statement), values)
            if getattr(result, "rowcount", 0) == 0:
                raise LostLease

    async def exhausted(self) -> list[Job]:
        """Jobs that ended their process too often; each is leased to the caller, who buries it."""
        statement = f"""
            update {self._name} set fence = fence + 1, lease_until = now() + make_interval(secs => :lease)
            where state = 'running' and lease_until < now() and attempts >= :most
            returning id, kind, payload, attempts, fence"""  # noqa: S608
        rows = await self.db.run(text(statement), {"lease": LEASE_SECONDS, "most": MAX_ATTEMPTS})
        return [Job(*row) for row in rows]

    async def _hold(self, session: WriteSession, job: Job) -> None:
        statement = f"select 1 from {self._name} where id = :id and fence = :fence and state = 'running' for update"  # noqa: S608
        if (await session.execute(text(statement), {"id": job.id, "fence": job.fence})).one_or_none() is None:
            raise LostLease

    async def _end(self, session: WriteSession, job: Job, state: str, error: str) -> None:
        statement = f"update {self._name} set state = :state, error = :error, end_time = now(), lease_until = null where id = :id"  # noqa: S608
        await session.execute(text(statement), {"id": job.id, "state": state, "error": error[:2000]})
        session.after_commit.append(telemetry.JOBS.labels(job.kind, state).inc)


Handler = Callable[[Queue, Job], Awaitable[None]]
"""Does one kind of job. It ends the job itself, in `queue.finish(job)`, together with its result."""


async def run(queue: Queue, job: Job, handlers: Mapping[str, Handler], on_dead: Mapping[str, Handler]) -> None:
    """Does a job that is held; renews the lease meanwhile."""
    work = asyncio.ensure_future(handlers[job.kind](queue, job))
    beat = asyncio.create_task(queue.heartbeat(job))
    try:
        done, _ = await asyncio.wait({work, beat}, return_when=asyncio.FIRST_COMPLETED)
        await (work if work in done else beat)
    except LostLease:
        log.warning("lost the lease of job %s", job.id)
    except Unavailable as error:
        log.warning("job %s (%s) waits: %s", job.id, job.kind, error)
        await queue.postpone(job, repr(error))
    # Whatever a handler raises is a failed attempt of its job, not the worker's end.
    except Exception as error:
        log.exception("job %s (%s) failed in attempt %d", job.id, job.kind, job.attempt)
        if job.attempt >= MAX_ATTEMPTS or isinstance(error, GiveUp):
            await give_up(queue, job, on_dead, repr(error))
        else:
            await queue.retry(job, repr(error))
    finally:
        for task in (work, beat):
            task.cancel()
        await asyncio.gather(work, beat, return_exceptions=True)


async def give_up(queue: Queue, job: Job, on_dead: Mapping[str, Handler], error: str) -> None:
    """Tells who waits, then buries the job. What `on_dead` does must bear repeating."""
    if job.kind in on_dead:
        await on_dead[job.kind](queue, job)
    async with queue.bury(job, error):
        pass
