"""Jobs: a lease each, results only of who holds it, nothing lost with the broker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import redis.asyncio

from services.careerforge.tables import changes
from services.careerforge.tables import jobs as table
from services.kit import jobs
from services.kit.db import Database, utc_now
from services.kit.errors import Unavailable
from services.kit.housekeeping import tidy
from services.kit.jobs import GiveUp, Job, LostLease, Queue
from services.kit.settings import Settings
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")

# Jobs of a kind that no worker of the system takes up are left alone: they are due only in years.
FAR = "update careerforge.jobs set run_after = now() - interval '1 second', dispatch_time = now() + interval '1 day'"


@pytest.fixture
async def queue(system: System) -> AsyncIterator[Queue]:
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        yield Queue(db, table)


async def a_job(system: System, queue: Queue) -> UUID:
    """Kept from the workers that run beside the test: for them it was sent already."""
    async with queue.db.write() as session:
        job_id = await jobs.enqueue(session, table, "test", {"n": 1}, run_after=utc_now() + timedelta(days=1))
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
    async with queue.finish(quick):
        pass
    assert (await state(system, job_id))[0] == "done"


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
    async with asyncio.timeout(10):
        while (await state(system, job_id))[0] != "dead":
            await asyncio.sleep(0.1)


async def test_a_wiped_broker_loses_nothing(system: System, queue: Queue) -> None:
    """The row is the job; the sweeper of a server sends its id again."""
    async with queue.db.write() as session:
        payload = {"operation_id": "00000000-0000-0000-0000-000000000000", "spent": False}
        job_id = await jobs.enqueue(session, table, "settle_credits", payload)
        await session.flush()
    broker = redis.asyncio.Redis.from_url(system.environment["SKILLSYNC_REDIS_URL"])
    await broker.flushall()
    await broker.aclose()
    await system.database.execute(
        "update careerforge.jobs set state = 'queued', dispatch_time = now() - interval '1 hour' where id = $1 and state <> 'done'",
        job_id,
    )
    async with asyncio.timeout(20):
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
