"""Dramatiq over the outbox: takes job ids from Redis, leases the jobs and runs their handlers on one event loop."""

import asyncio
import concurrent.futures
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from services.kit import jobs
from services.kit.background import beside, for_ever
from services.kit.jobs import Handler, Queue

BURY_SECONDS = 1.0


@dataclass(frozen=True)
class Work:
    """What one service gives its workers to do, `threads` of them at a time beside what the other services have; 0: among theirs."""

    queue: Queue
    schema: str
    handlers: Mapping[str, Handler]
    on_dead: Mapping[str, Handler] = field(default_factory=dict)
    threads: int = 0


@asynccontextmanager
async def open_worker(broker: RedisBroker, works: Sequence[Work], threads: int = 2) -> AsyncIterator[None]:
    """Runs the jobs of one or several services in this process, `threads` at a time, as long as the block runs. Services that bring their
    own threads wait for no others.

    At its end it waits up to 10 s for what runs; what does not end by then is taken up elsewhere when its lease is over.
    """
    for work in works:
        _register(broker, work, asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        for queues, count in _lanes(works, threads):
            worker = dramatiq.Worker(broker, queues=queues, worker_threads=count, worker_timeout=200)
            worker.start()
            stack.push_async_callback(_stop, worker)
        for work in works:
            bury = for_ever(partial(_bury_exhausted, work), BURY_SECONDS, f"bury dead jobs of {work.schema}")
            await stack.enter_async_context(beside(bury))
        yield


def _lanes(works: Sequence[Work], threads: int) -> list[tuple[set[str], int]]:
    """Queues and threads of each of Dramatiq's workers."""
    own = [({work.schema}, work.threads) for work in works if work.threads]
    rest = {work.schema for work in works if not work.threads}
    return [*own, (rest, threads)] if rest else own


def _register(broker: RedisBroker, work: Work, loop: asyncio.AbstractEventLoop) -> None:
    def run(job_id: str) -> None:
        """In a thread of Dramatiq's: runs on our loop, returns when done."""
        future = asyncio.run_coroutine_threadsafe(_run(work, UUID(job_id)), loop)
        concurrent.futures.wait([future])
        future.result()

    dramatiq.actor(actor_name=f"{work.schema}.run", queue_name=work.schema, broker=broker)(run)


async def _run(work: Work, job_id: UUID) -> None:
    job = await work.queue.take(job_id)
    if job is not None:
        await jobs.run(work.queue, job, work.handlers, work.on_dead)


async def _bury_exhausted(work: Work) -> None:
    for job in await work.queue.exhausted():
        await jobs.give_up(work.queue, job, work.on_dead, "its process ended each time")


async def _stop(worker: dramatiq.Worker) -> None:
    stopper = threading.Thread(target=worker.stop, kwargs={"timeout": 10_000}, daemon=True)
    stopper.start()
    while stopper.is_alive():  # noqa: ASYNC110 - a thread cannot set an event of ours and end
        await asyncio.sleep(0.05)
