"""Jobs: a lease each, results only of who holds it, nothing lost with the broker."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import redis.asyncio
from prometheus_client import REGISTRY

from gateway.contract import SERVICES
from services.careerforge.tables import changes
from services.careerforge.tables import jobs as table
from services.kit import jobs
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.errors import Conflict, Unavailable
from services.kit.housekeeping import tidy
from services.kit.jobs import GiveUp, Job, LostLease, Queue
from services.kit.settings import Settings
from services.user import queries as user_queries
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")

# Jobs of a kind that no worker of the system takes up are left alone: they are due only in years.
FAR = "update careerforge.jobs set run_after = now() - interval '1 second', dispatch_time = now() + interval '1 day'"


@pytest.fixture
async def queue(system: System) -> AsyncIterator[Queue]:
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        yield Queue(db, table)


async def a_job(system: System, queue: Queue, kind: str = "test", payload: Any = None) -> UUID:
    """Kept from the workers that run beside the test: for them it was sent already."""
    async with queue.db.write() as session:
        job_id = await jobs.enqueue(session, table, kind, payload or {}, run_after=utc_now() + timedelta(days=1))
    await system.database.execute(FAR + " where id = $1", job_id)
    return job_id


async def state(system: System, job_id: UUID) -> tuple[str, int]:
    row = await system.database.fetchrow("select state, attempts from careerforge.jobs where id = $1", job_id)
    return row["state"], row["attempts"]


async def expire(system: System, job_id: UUID) -> None:
    await system.database.execute(
        "update careerforge.jobs set lease_until = now() - interval '1s' where id = $1", job_id
    )


async def test_of_many_takers_one_gets_the_job(system: System, queue: Queue) -> None:
    job_id = await a_job(system, queue)
    taken = await asyncio.gather(*(queue.take(job_id) for _ in range(8)))
    assert sum(job is not None for job in taken) == 1


async def test_a_job_that_rolls_back_was_never_there(system: System, queue: Queue) -> None:
    with pytest.raises(RuntimeError):
        async with queue.db.write() as session:
            await jobs.enqueue(session, table, "test", {})
            raise RuntimeError
    assert await system.count("careerforge.jobs") == 0


@pytest.mark.parametrize("begun", [False, True])
async def test_a_job_is_withdrawn_or_done_but_not_both(system: System, queue: Queue, begun: bool) -> None:
    job_id = await a_job(system, queue)
    if begun:
        await queue.take(job_id)
        with pytest.raises(Conflict):
            async with queue.db.write() as session:
                await jobs.withdraw(session, table, job_id)
        return
    async with queue.db.write() as session:
        await jobs.withdraw(session, table, job_id)
    assert await queue.take(job_id) is None


async def test_who_lost_the_lease_stores_nothing(system: System, queue: Queue) -> None:
    job_id = await a_job(system, queue)
    slow = await queue.take(job_id)
    assert slow
    await expire(system, job_id)
    await system.database.execute("update careerforge.jobs set state = 'queued' where id = $1", job_id)
    quick = await queue.take(job_id)
    assert quick
    assert quick.fence > slow.fence
    with pytest.raises(LostLease):
        async with queue.finish(slow):
            pass
    with pytest.raises(LostLease):
        await queue.end(slow)
    labels = {"kind": "test", "state": "done"}
    before = REGISTRY.get_sample_value("skillsync_jobs_total", labels) or 0
    async with queue.finish(quick):
        pass
    assert (await state(system, job_id))[0] == "done"
    assert REGISTRY.get_sample_value("skillsync_jobs_total", labels) == before + 1


async def test_who_works_longer_than_a_lease_keeps_it(
    system: System, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.1)
    job_id = await a_job(system, queue)
    lease = "select lease_until from careerforge.jobs where id = $1"

    async def work(queue: Queue, job: Job) -> None:
        first = await system.database.fetchval(lease, job_id)
        async with asyncio.timeout(60):
            while await system.database.fetchval(lease, job_id) <= first:
                await asyncio.sleep(0.05)
        async with queue.finish(job):
            pass

    await run(queue, job_id, work)
    assert await state(system, job_id) == ("done", 1)


async def test_who_loses_the_lease_is_stopped_at_once(
    system: System, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.1)
    job_id, ended = await a_job(system, queue), []

    async def work(queue: Queue, job: Job) -> None:
        await system.database.execute("update careerforge.jobs set fence = fence + 1 where id = $1", job_id)
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(True)

    await asyncio.wait_for(run(queue, job_id, work), 60)
    assert ended


async def test_a_lease_that_runs_out_returns_to_the_queue(system: System, queue: Queue) -> None:
    """Its worker died: a server's sweeper sends the job again and another worker does it."""
    payload = {"operation_id": "00000000-0000-0000-0000-000000000000", "spent": False}
    job_id = await a_job(system, queue, "settle_credits", payload)
    assert await queue.take(job_id)
    await expire(system, job_id)
    async with asyncio.timeout(60):
        while await state(system, job_id) != ("done", 2):
            await asyncio.sleep(0.1)


async def run(queue: Queue, job_id: UUID, handler: Any, on_dead: Any = None) -> None:
    job = await queue.take(job_id)
    assert job
    await jobs.run(queue, job, {"test": handler}, {"test": on_dead} if on_dead else {})


async def test_a_failed_job_waits_and_is_buried_after_three_attempts(system: System, queue: Queue) -> None:
    job_id, told = await a_job(system, queue), []

    async def fail(queue: Queue, job: Job) -> None:
        raise RuntimeError("no")

    async def hear(queue: Queue, job: Job) -> None:
        told.append(job.attempt)

    for attempt in (1, 2, 3):
        await system.database.execute(FAR + " where id = $1", job_id)
        await run(queue, job_id, fail, hear)
        assert await state(system, job_id) == ("dead" if attempt == 3 else "queued", attempt)
    assert told == [3]


async def test_a_dependency_that_is_down_costs_no_attempt(system: System, queue: Queue) -> None:
    job_id = await a_job(system, queue)

    async def wait(queue: Queue, job: Job) -> None:
        raise Unavailable("s3")

    for _ in range(5):
        await system.database.execute(FAR + " where id = $1", job_id)
        await run(queue, job_id, wait)
    assert await state(system, job_id) == ("queued", 0)


async def test_a_job_that_cannot_succeed_is_buried_at_once(system: System, queue: Queue) -> None:
    job_id = await a_job(system, queue)

    async def give_up(queue: Queue, job: Job) -> None:
        raise GiveUp("nothing helps")

    await run(queue, job_id, give_up)
    assert await state(system, job_id) == ("dead", 1)


async def test_a_job_that_ends_its_process_three_times_is_found(system: System, queue: Queue) -> None:
    job_id = await a_job(system, queue)
    await queue.take(job_id)
    await expire(system, job_id)
    await system.database.execute(
        "update careerforge.jobs set attempts = 3, kind = 'settle_credits' where id = $1", job_id
    )
    async with asyncio.timeout(60):
        while (await state(system, job_id))[0] != "dead":
            await asyncio.sleep(0.1)


async def test_a_wiped_broker_loses_nothing(system: System, queue: Queue) -> None:
    """The row is the job: its id was sent and is gone, so the sweeper of a server sends it again."""
    payload = {"operation_id": "00000000-0000-0000-0000-000000000000", "spent": False}
    job_id = await a_job(system, queue, "settle_credits", payload)
    async with redis.asyncio.Redis.from_url(system.environment["SKILLSYNC_REDIS_URL"]) as broker:
        await broker.flushall()
    await system.database.execute(
        "update careerforge.jobs set dispatch_time = now() - interval '11 seconds' where id = $1", job_id
    )
    async with asyncio.timeout(60):
        while (await state(system, job_id))[0] != "done":
            await asyncio.sleep(0.1)


async def test_ended_jobs_go_and_dead_ones_stay(system: System, queue: Queue) -> None:
    jobs_made = {state: await a_job(system, queue) for state in ("done", "dead", "queued")}
    for name, job_id in jobs_made.items():
        await system.database.execute(
            "update careerforge.jobs set state = $1, end_time = now() - interval '8 days' where id = $2", name, job_id
        )
    await tidy(queue.db, changes, table)
    left = await system.database.fetch("select state from careerforge.jobs order by state")
    assert [row["state"] for row in left] == ["dead", "queued"]


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_can_tidy_up(system: System, service: str) -> None:
    tables = importlib.import_module(f"services.{service}.tables")
    also = [user_queries.delete_what_is_over] if service == "user" else []
    url = Settings.of(service, system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db:
        await tidy(db, tables.changes, getattr(tables, "jobs", None), also)
